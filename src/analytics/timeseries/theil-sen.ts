/**
 * Theil-Sen slope: the median of all pairwise slopes, with Sen's confidence interval.
 *
 * Theil 1950, Proc KNAW 53:386–392; Sen 1968, J Am Stat Assoc 63:1379–1389 (doi:10.1080/01621459.1968.10480934); the
 * interval's ranks as scipy's `theilslopes`. Breakdown point 29 %: three outliers in ten do not move it.
 * Slope: units of y per unit of x. Pairs with equal x have no slope and are skipped; ties enter the variance.
 */
import {
  assertProbability,
  type Insufficient,
  insufficient,
  type NumericColumn,
  presentPairs,
} from '../insufficient.ts'
import { normalQuantile } from '../statistics/normal.ts'
import { median, roundHalfToEven, tieSizes } from '../statistics/quantile.ts'
import { countSlopes, slopesAtRanks } from './pairwise-slopes.ts'

export interface SenSlope {
  /** Complete pairs. */
  readonly n: number
  readonly slope: number
  /** median(y) - slope · median(x). */
  readonly intercept: number
  /** median(y - slope · x): the better line to draw. */
  readonly jointIntercept: number
  readonly ci: readonly [number, number]
}

export interface SenSlopeOptions {
  /** Confidence level; 0.95. */
  readonly level?: number
  /** Factor on the variance of Kendall's S: above 1 widens the interval for autocorrelated errors. 1. */
  readonly varianceRatio?: number
  /** Quantile used in place of the normal one for `level` (a positive number). */
  readonly quantile?: number
}

/**
 * Slope with interval. Pairs with a missing (NaN) part are dropped. `insufficient_data` below two pairs,
 * `degenerate_x` when x is constant. Fails with VALUE on infinite numbers or unequal lengths.
 */
export function theilSen(
  x: NumericColumn,
  y: NumericColumn,
  options: SenSlopeOptions = {},
): SenSlope | Insufficient {
  const level = options.level ?? 0.95
  assertProbability(level, 'a confidence level')
  const pairs = presentPairs(x, y)
  const n = pairs.x.length
  if (n < 2) return insufficient('insufficient_data', n)
  const count = countSlopes(pairs.x)
  if (count === 0) return insufficient('degenerate_x', n)
  const variance = kendallVariance(n, tieSizes(pairs.x), tieSizes(pairs.y)) * (options.varianceRatio ?? 1)
  const reach = (options.quantile ?? -normalQuantile((1 - level) / 2)) * Math.sqrt(variance)
  // scipy's ranks: the upper one from the lower tail and the reverse, rounding half to even.
  const upper = Math.max(0, Math.min(roundHalfToEven((count + reach) / 2), count - 1))
  const lower = Math.max(roundHalfToEven((count - reach) / 2) - 1, 0)
  const middle = [Math.floor((count - 1) / 2), Math.ceil((count - 1) / 2)]
  const found = slopesAtRanks([pairs], [lower, ...middle, upper])
  const [low, left, right, high] = found as [number, number, number, number]
  const slope = (left + right) / 2
  return {
    n,
    slope,
    intercept: median(pairs.y) - slope * median(pairs.x),
    jointIntercept: median(pairs.y.map((value, i) => value - slope * (pairs.x[i] as number))),
    ci: [low, high],
  }
}

/** Variance of Kendall's S for independent values, corrected for ties (Kendall 1975, Rank Correlation Methods). */
export function kendallVariance(n: number, ...tieGroups: readonly (readonly number[])[]): number {
  const term = (size: number) => size * (size - 1) * (2 * size + 5)
  let sum = term(n)
  for (const sizes of tieGroups) for (const size of sizes) sum -= term(size)
  return sum / 18
}
