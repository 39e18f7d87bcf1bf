/**
 * "Cannot be computed" as a value. A method that lacks data answers `Insufficient`, never NaN and never a guess;
 * only input that is wrong (infinite numbers, lengths that differ, options out of range) is a `Failure`.
 *
 * The reasons are those of the reference vectors' `status`.
 */
import { Failure } from '../foundation/index.ts'

export type InsufficientReason = 'insufficient_data' | 'degenerate_x' | 'zero_variance' | 'not_computable'

export interface Insufficient {
  readonly insufficient: InsufficientReason
  /** Usable values that were there. */
  readonly n: number
}

export function insufficient(reason: InsufficientReason, n: number): Insufficient {
  return { insufficient: reason, n }
}

export function isInsufficient(result: object): result is Insufficient {
  return 'insufficient' in result
}

/** Numbers as the methods take them; NaN marks a missing value. */
export type NumericColumn = ArrayLike<number>

/** The values that are not missing (NaN), in order. Fails with VALUE on an infinite number. */
export function presentValues(values: NumericColumn): Float64Array {
  const out = new Float64Array(values.length)
  let n = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (Number.isNaN(value)) continue
    assertFinite(value)
    out[n++] = value
  }
  return out.subarray(0, n)
}

/** The pairs of which neither is missing. Fails with VALUE on infinite numbers or unequal lengths. */
export function presentPairs(
  x: NumericColumn,
  y: NumericColumn,
): { readonly x: Float64Array; readonly y: Float64Array } {
  if (x.length !== y.length) throw new Failure('VALUE', `x has ${x.length} values and y has ${y.length}`)
  const keptX = new Float64Array(x.length)
  const keptY = new Float64Array(x.length)
  let n = 0
  for (let i = 0; i < x.length; i++) {
    const xi = x[i] as number
    const yi = y[i] as number
    if (Number.isNaN(xi) || Number.isNaN(yi)) continue
    assertFinite(xi)
    assertFinite(yi)
    keptX[n] = xi
    keptY[n++] = yi
  }
  return { x: keptX.subarray(0, n), y: keptY.subarray(0, n) }
}

/** Fails with VALUE unless 0 < p < 1. */
export function assertProbability(p: number, what: string): void {
  if (!(p > 0 && p < 1)) throw new Failure('VALUE', `${what} must lie between 0 and 1`)
}

/** Fails with VALUE on an infinite number. */
export function assertFinite(value: number): void {
  if (!Number.isFinite(value)) throw new Failure('VALUE', 'a series holds an infinite number')
}
