/**
 * How two columns go together: Pearson's r with Fisher's interval, Spearman's rho and Kendall's tau-b.
 *
 * Fisher 1921, Metron 1:3–32 (z transformation, standard error 1/√(n - 3)); Spearman 1904, Am J Psychol 15:72–101,
 * with average ranks and p by Student's t on n - 2 degrees of freedom, as scipy's `spearmanr`; Kendall: see kendall.ts.
 */
import {
  assertProbability,
  type Insufficient,
  insufficient,
  type NumericColumn,
  presentPairs,
} from '../insufficient.ts'
import { moments } from './descriptive.ts'
import { kendallTauB } from './kendall.ts'
import { normalQuantile } from './normal.ts'
import { averageRanks } from './quantile.ts'
import { studentTTwoSidedP } from './student-t.ts'

export interface Correlation {
  /** Pairs of which neither part is missing. */
  readonly n: number
  readonly pearson: {
    readonly r: number
    /** Null for an exact line: t is then infinite and p 0. */
    readonly t: number | null
    readonly df: number
    readonly p: number
    /** Null below four pairs. */
    readonly ci: readonly [number, number] | null
  }
  readonly spearman: { readonly rho: number; readonly p: number }
  readonly kendallTauB: number
}

/**
 * Correlates x with y over complete pairs. `insufficient_data` below three pairs, `zero_variance` where a side is
 * constant. Fails with VALUE on infinite numbers, unequal lengths or a level outside (0, 1).
 */
export function correlate(x: NumericColumn, y: NumericColumn, level = 0.95): Correlation | Insufficient {
  assertProbability(level, 'a confidence level')
  const pairs = presentPairs(x, y)
  const n = pairs.x.length
  if (n < 3) return insufficient('insufficient_data', n)
  const r = pearsonR(pairs.x, pairs.y)
  const rho = pearsonR(averageRanks(pairs.x), averageRanks(pairs.y))
  const tau = kendallTauB(pairs.x, pairs.y)
  if (r === null || rho === null || tau === null) return insufficient('zero_variance', n)
  return {
    n,
    pearson: {
      r,
      t: Math.abs(r) === 1 ? null : correlationT(r, n),
      df: n - 2,
      p: correlationP(r, n),
      ci: fisherInterval(r, n, level),
    },
    spearman: { rho, p: correlationP(rho, n) },
    kendallTauB: tau,
  }
}

/** Pearson's r of two columns without missing values; null where one of them is constant. */
export function pearsonR(x: Float64Array, y: Float64Array): number | null {
  if (isConstant(x) || isConstant(y)) return null
  const meanX = moments(x).mean
  const meanY = moments(y).mean
  let xx = 0
  let yy = 0
  let xy = 0
  for (let i = 0; i < x.length; i++) {
    const dx = (x[i] as number) - meanX
    const dy = (y[i] as number) - meanY
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
  }
  const r = xy / (Math.sqrt(xx) * Math.sqrt(yy))
  return Math.min(1, Math.max(-1, r))
}

/** Two-sided p of a correlation of n ≥ 3 pairs, by Student's t with n - 2 degrees of freedom. */
export function correlationP(r: number, n: number): number {
  return Math.abs(r) === 1 ? 0 : studentTTwoSidedP(correlationT(r, n), n - 2)
}

/** Whether all values are equal, exactly; true for none. */
export function isConstant(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false
  return true
}

function correlationT(r: number, n: number): number {
  return (r * Math.sqrt(n - 2)) / Math.sqrt((1 - r) * (1 + r))
}

function fisherInterval(r: number, n: number, level: number): readonly [number, number] | null {
  if (n < 4) return null
  const reach = -normalQuantile((1 - level) / 2) / Math.sqrt(n - 3)
  const z = Math.atanh(r)
  return [Math.tanh(z - reach), Math.tanh(z + reach)]
}
