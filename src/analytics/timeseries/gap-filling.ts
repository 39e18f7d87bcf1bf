/**
 * Filling gaps: by the straight line between the neighbours, or by the last value. Nothing is claimed before the first
 * value, nor after the last unless asked for. As zoo's `na.approx` and `na.locf` in R.
 */
import { Failure } from '../../foundation/index.ts'
import { assertFinite, type NumericColumn } from '../insufficient.ts'

export interface InterpolationOptions {
  /** Where the values lie, strictly ascending; else equally spaced. */
  readonly x?: NumericColumn
  /** Longest run of missing values that is filled. */
  readonly maxGap?: number
  /** Before the first and after the last value that value is taken. */
  readonly extrapolate?: boolean
}

/** Linear between neighbours; NaN is missing and stays so where it cannot be filled. Fails with VALUE. */
export function interpolateGaps(values: NumericColumn, options: InterpolationOptions = {}): Float64Array {
  const at = positions(values, options.x)
  const known = knownPositions(values)
  const out = Float64Array.from(values)
  if (known.length < 2) return out
  const maxGap = options.maxGap ?? Number.POSITIVE_INFINITY
  for (let k = 1; k < known.length; k++) {
    const [left, right] = [known[k - 1] as number, known[k] as number]
    if (right - left - 1 > maxGap) continue
    const [x0, y0] = [at[left] as number, values[left] as number]
    const slope = ((values[right] as number) - y0) / ((at[right] as number) - x0)
    for (let i = left + 1; i < right; i++) out[i] = y0 + slope * ((at[i] as number) - x0)
  }
  if (options.extrapolate === true) extend(out, known, maxGap)
  return out
}

export interface CarryOptions {
  readonly maxGap?: number
  /** The next value is taken instead. */
  readonly backward?: boolean
}

/** The last observation carried forward, to the end. NaN is missing. Fails with VALUE on an infinite number. */
export function carryForward(values: NumericColumn, options: CarryOptions = {}): Float64Array {
  const { maxGap = Number.POSITIVE_INFINITY, backward = false } = options
  const out = Float64Array.from(values)
  if (backward) out.reverse()
  const known = knownPositions(out)
  known.forEach((from, k) => {
    const to = known[k + 1] ?? out.length
    if (to - from - 1 <= maxGap) out.fill(out[from] as number, from, to)
  })
  return backward ? out.reverse() : out
}

function extend(out: Float64Array, known: readonly number[], maxGap: number): void {
  const first = known[0] as number
  const last = known[known.length - 1] as number
  if (first <= maxGap) out.fill(out[first] as number, 0, first)
  if (out.length - 1 - last <= maxGap) out.fill(out[last] as number, last)
}

function knownPositions(values: NumericColumn): number[] {
  const known: number[] = []
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (Number.isNaN(value)) continue
    assertFinite(value)
    known.push(i)
  }
  return known
}

function positions(values: NumericColumn, x: NumericColumn | undefined): NumericColumn {
  if (x === undefined) return Float64Array.from(values, (_, i) => i)
  if (x.length !== values.length)
    throw new Failure('VALUE', `x has ${x.length} values and the series has ${values.length}`)
  for (let i = 0; i < x.length; i++) {
    if (!(i === 0 ? Number.isFinite(x[0]) : (x[i] as number) > (x[i - 1] as number)))
      throw new Failure('VALUE', 'x must ascend, each value above the one before')
  }
  return x
}
