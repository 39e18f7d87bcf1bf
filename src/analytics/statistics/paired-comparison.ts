/**
 * Before and after on the same days or people: the difference second - first, tested three ways.
 *
 * Student 1908, Biometrika 6:1–25 (t); Wilcoxon 1945, Biometrics Bull 1:80–83 (signed ranks; zeros dropped, exact below
 * 50 differences without ties or zeros, else normal with continuity correction and tie-corrected variance, as R's
 * `wilcox.test`); Hodges & Lehmann 1963, Ann Math Stat 34:598–611 (median of the Walsh averages); Cohen 1988,
 * Statistical Power Analysis (dz = mean/sd); sign test: exact binomial.
 */
import {
  assertProbability,
  type Insufficient,
  insufficient,
  type NumericColumn,
  presentPairs,
} from '../insufficient.ts'
import { incompleteBeta } from './beta.ts'
import { moments } from './descriptive.ts'
import { signedRankCumulative, twoSidedExactP } from './exact-rank-distributions.ts'
import { normalTwoSidedP } from './normal.ts'
import { medianOfWalshAverages, walshAveragesAt } from './pairwise-sums.ts'
import { averageRanks, median, tieSizes } from './quantile.ts'
import { studentTQuantile, studentTTwoSidedP } from './student-t.ts'

/** Exact null distributions below this many values, as in R. */
export const exactBelow = 50

export interface PairedComparison {
  readonly n: number
  readonly meanDifference: number
  readonly medianDifference: number
  /** n-1. */
  readonly sd: number
  /** t and p null where the differences do not vary. */
  readonly t: TTest
  /** mean/sd; null where the differences do not vary. */
  readonly cohenDz: number | null
  readonly wilcoxon: SignedRankTest
  /** Zeros included. */
  readonly hodgesLehmann: number
  readonly signTest: { readonly positive: number; readonly nonzero: number; readonly p: number | null }
}

export interface TTest {
  readonly t: number | null
  readonly df: number
  readonly p: number | null
  readonly ci: readonly [number, number]
}

export type RankMethod = 'exact' | 'normal approximation, continuity correction, tie-corrected variance'

export interface SignedRankTest {
  /** Sum of the ranks of the positive differences; null where all are zero. */
  readonly v: number | null
  readonly p: number | null
  readonly method: RankMethod
  readonly nonzero: number
  /** Interval of the Hodges-Lehmann estimate with the level that it has; only for the exact method. */
  readonly interval: { readonly ci: readonly [number, number]; readonly level: number } | null
}

/**
 * Compares second with first over complete pairs; `insufficient_data` below two. Fails with VALUE on infinite numbers,
 * unequal lengths or a level outside (0, 1).
 */
export function comparePaired(
  first: NumericColumn,
  second: NumericColumn,
  level = 0.95,
): PairedComparison | Insufficient {
  assertProbability(level, 'a confidence level')
  const { x, y } = presentPairs(first, second)
  const n = x.length
  if (n < 2) return insufficient('insufficient_data', n)
  const difference = y.map((value, i) => value - (x[i] as number))
  const { mean, variance } = moments(difference)
  const sd = Math.sqrt(variance ?? 0)
  return {
    n,
    meanDifference: mean,
    medianDifference: median(difference),
    sd,
    t: oneSampleT(mean, sd, n, level),
    cohenDz: isNegligible(sd / Math.sqrt(n), mean) ? null : mean / sd,
    wilcoxon: signedRankTest(difference, level),
    hodgesLehmann: medianOfWalshAverages(difference),
    signTest: signTest(difference),
  }
}

/** A standard error that is nothing but rounding, by R's rule for "data are essentially constant". */
export function isNegligible(standardError: number, size: number): boolean {
  return standardError <= 10 * Number.EPSILON * Math.abs(size)
}

/** z of a rank statistic with a continuity correction of 0.5, as a two-sided p; null without variance. */
export function continuityCorrectedP(deviation: number, variance: number): number | null {
  if (!(variance > 0)) return null
  return normalTwoSidedP((deviation - Math.sign(deviation) * 0.5) / Math.sqrt(variance))
}

function oneSampleT(mean: number, sd: number, n: number, level: number): TTest {
  const se = sd / Math.sqrt(n)
  const df = n - 1
  if (isNegligible(se, mean)) return { t: null, df, p: null, ci: [mean, mean] }
  const reach = -studentTQuantile((1 - level) / 2, df) * se
  return { t: mean / se, df, p: studentTTwoSidedP(mean / se, df), ci: [mean - reach, mean + reach] }
}

function signedRankTest(difference: Float64Array, level: number): SignedRankTest {
  const kept = difference.filter((value) => value !== 0)
  const n = kept.length
  const sizes = kept.map(Math.abs)
  const ties = tieSizes(sizes)
  const isExact = n < exactBelow && ties.length === 0 && n === difference.length
  const method = isExact ? 'exact' : 'normal approximation, continuity correction, tie-corrected variance'
  if (n === 0) return { v: null, p: null, method, nonzero: 0, interval: null }
  const ranks = averageRanks(sizes)
  let v = 0
  kept.forEach((value, i) => {
    if (value > 0) v += ranks[i] as number
  })
  if (isExact) {
    const distribution = signedRankCumulative(n)
    const interval = exactInterval(difference, distribution, level)
    return { v, p: twoSidedExactP(distribution, v), method, nonzero: n, interval }
  }
  const tieTerm = ties.reduce((sum, size) => sum + size ** 3 - size, 0)
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tieTerm / 48
  const p = continuityCorrectedP(v - (n * (n + 1)) / 4, variance)
  return { v, p, method, nonzero: n, interval: null }
}

/** Bauer 1972, J Am Stat Assoc 67:687–690: Walsh averages at the quantiles of the null distribution. */
function exactInterval(difference: Float64Array, distribution: Float64Array, level: number) {
  const alpha = 1 - level
  const quantile = Math.max(
    1,
    distribution.findIndex((cumulative) => cumulative >= alpha / 2),
  )
  const largest = distribution.length - 1
  const [low, high] = walshAveragesAt(difference, [quantile - 1, largest - quantile]) as [number, number]
  const missed = 2 * (distribution[quantile - 1] as number)
  const fallsShort = missed - alpha > alpha / 2
  return { ci: [low, high] as const, level: fallsShort ? 1 - Number(missed.toPrecision(2)) : level }
}

function signTest(difference: Float64Array) {
  const positive = difference.filter((value) => value > 0).length
  const nonzero = difference.filter((value) => value !== 0).length
  if (nonzero === 0) return { positive, nonzero, p: null }
  const fewer = Math.min(positive, nonzero - positive)
  // P(X ≤ k) of a fair binomial is I(1/2; n - k, k + 1).
  return { positive, nonzero, p: Math.min(1, 2 * incompleteBeta(0.5, nonzero - fewer, fewer + 1)) }
}
