/**
 * Seasonal Mann-Kendall test: like is compared with like, Mondays with Mondays, Januaries with Januaries.
 *
 * Hirsch, Slack & Smith 1982, Water Resour Res 18:107–121 (doi:10.1029/WR018i001p00107): S and its tie-corrected variance
 * summed over the seasons, z with continuity correction, slope by Sen within the seasons. With the covariance between
 * seasons (Hirsch & Slack 1984, Water Resour Res 20:727–732; Dietz & Killeen 1981, J Am Stat Assoc 76:169–174), z is
 * without continuity correction. A season is the position modulo the period.
 */
import { Failure } from '../../foundation/index.ts'
import {
  assertProbability,
  type Insufficient,
  insufficient,
  type NumericColumn,
  presentValues,
} from '../insufficient.ts'
import { kendallScore, tiedPairs } from '../statistics/kendall.ts'
import { normalTwoSidedP } from '../statistics/normal.ts'
import { averageRanks, median, tieSizes } from '../statistics/quantile.ts'
import { kendallS, kendallZ, trendWord } from './mann-kendall.ts'
import { countSlopes, type SlopePoints, slopesAtRanks } from './pairwise-slopes.ts'
import { kendallVariance } from './theil-sen.ts'

export interface SeasonalMannKendall {
  readonly n: number
  readonly s: number
  readonly varS: number
  readonly z: number
  readonly p: number
  /** S over the pairs within seasons. */
  readonly tau: number
  readonly trend: 'increasing' | 'decreasing' | 'no trend'
  readonly significant: boolean
  /** Median over all seasons of the slopes within a season; a period is the unit. */
  readonly slopePerPeriod: number
  readonly slopePerStep: number
  /** Median of the values less the slope at the median position. */
  readonly intercept: number
  /** Null with missing values or an incomplete last period; z and p null where the variance is 0. */
  readonly correlated: {
    readonly varS: number
    readonly z: number | null
    readonly p: number | null
  } | null
}

/**
 * `insufficient_data` below two full periods, or where no season has two values. Fails with VALUE on infinite numbers, a
 * period that is no whole number from 1 up, or alpha outside (0, 1).
 */
export function seasonalMannKendall(
  values: NumericColumn,
  period: number,
  alpha = 0.05,
): SeasonalMannKendall | Insufficient {
  assertProbability(alpha, 'a significance level')
  if (!Number.isInteger(period) || period < 1)
    throw new Failure('VALUE', 'a period must be a whole number from 1 up')
  const present = presentValues(values)
  const n = present.length
  if (values.length < 2 * period) return insufficient('insufficient_data', n)
  const seasons = Array.from({ length: period }, (_, season) => seasonOf(values, season, period))
  const slopeCount = seasons.reduce((sum, { x }) => sum + countSlopes(x), 0)
  if (slopeCount === 0) return insufficient('insufficient_data', n)
  const s = seasons.reduce((sum, { y }) => sum + kendallS(y), 0)
  const varS = seasons.reduce((sum, { y }) => sum + kendallVariance(y.length, tieSizes(y)), 0)
  const z = kendallZ(s, varS)
  const p = normalTwoSidedP(z)
  const slope = medianSlope(seasons, slopeCount)
  return {
    n,
    s,
    varS,
    z,
    p,
    tau: s / slopeCount,
    trend: trendWord(z, p, alpha),
    significant: p < alpha,
    slopePerPeriod: slope,
    slopePerStep: slope / period,
    intercept: median(present) - (median(presentPositions(values)) / period) * slope,
    correlated: n === values.length && n % period === 0 ? correlated(seasons, s) : null,
  }
}

/** The observed values of one season; x counts periods. */
function seasonOf(values: NumericColumn, season: number, period: number): SlopePoints {
  const x: number[] = []
  const y: number[] = []
  for (let i = season; i < values.length; i += period) {
    if (Number.isNaN(values[i] as number)) continue
    x.push((i - season) / period)
    y.push(values[i] as number)
  }
  return { x: Float64Array.from(x), y: Float64Array.from(y) }
}

function medianSlope(seasons: readonly SlopePoints[], count: number): number {
  const middle = [Math.floor((count - 1) / 2), Math.ceil((count - 1) / 2)]
  const [left, right] = slopesAtRanks(seasons, middle) as [number, number]
  return (left + right) / 2
}

function presentPositions(values: NumericColumn): Float64Array {
  return Float64Array.from(values, (value, i) => (Number.isNaN(value) ? Number.NaN : i)).filter(
    (position) => !Number.isNaN(position),
  )
}

/** Hirsch & Slack 1984, eqs. 8–10: the variance of S is the sum of the covariances of all pairs of seasons. */
function correlated(seasons: readonly SlopePoints[], s: number): SeasonalMannKendall['correlated'] {
  const ranks = seasons.map(({ y }) => averageRanks(y))
  let varS = 0
  for (let g = 0; g < seasons.length; g++) {
    for (let h = g; h < seasons.length; h++) {
      const value = covariance(
        seasons[g] as SlopePoints,
        seasons[h] as SlopePoints,
        ranks[g] as Float64Array,
        ranks[h] as Float64Array,
      )
      varS += g === h ? value : 2 * value
    }
  }
  if (!(varS > 0)) return { varS, z: null, p: null }
  const z = s / Math.sqrt(varS)
  return { varS, z, p: normalTwoSidedP(z) }
}

function covariance(g: SlopePoints, h: SlopePoints, ranksG: Float64Array, ranksH: Float64Array): number {
  const n = g.y.length
  // Of a season with itself every pair that is not tied goes the same way.
  const concordance = g === h ? (n * (n - 1)) / 2 - tiedPairs(g.y) : kendallScore(g.y, h.y)
  let product = 0
  for (let i = 0; i < n; i++) product += (ranksG[i] as number) * (ranksH[i] as number)
  return (concordance + 4 * product - n * (n + 1) ** 2) / 3
}
