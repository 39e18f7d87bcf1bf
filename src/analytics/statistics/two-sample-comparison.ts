/**
 * Two independent samples, second over first: Welch's t, Mann-Whitney, the Hodges-Lehmann shift and Cliff's delta.
 *
 * Welch: see welch.ts. Mann & Whitney 1947, Ann Math Stat 18:50–60 (exact below 50 values in both without ties, else
 * normal with continuity correction and tie-corrected variance, as R's `wilcox.test`); Hodges & Lehmann 1963, Ann Math
 * Stat 34:598–611 (median of all differences); Cliff 1993, Psychol Bull 114:494–509 (delta = 2U/(mn) - 1).
 */
import {
  assertProbability,
  type Insufficient,
  insufficient,
  type NumericColumn,
  presentValues,
} from '../insufficient.ts'
import { moments } from './descriptive.ts'
import { rankSumCumulative, twoSidedExactP } from './exact-rank-distributions.ts'
import { continuityCorrectedP, exactBelow, isNegligible, type RankMethod } from './paired-comparison.ts'
import { medianOfSums } from './pairwise-sums.ts'
import { averageRanks, tieSizes } from './quantile.ts'
import { welch } from './welch.ts'

export interface TwoSampleComparison {
  readonly nFirst: number
  readonly nSecond: number
  /** second - first. */
  readonly meanDifference: number
  /** Null where neither sample varies. */
  readonly welch: {
    readonly t: number
    readonly df: number
    readonly p: number
    readonly ci: readonly [number, number]
  } | null
  /** U of the second over the first: pairs in which the second's value is larger, ties half. */
  readonly mannWhitney: { readonly u: number; readonly p: number | null; readonly method: RankMethod }
  readonly hodgesLehmann: number
  /** -1 to 1: how much oftener the second's value is larger than smaller. */
  readonly cliffsDelta: number
}

/**
 * Compares second with first; missing values are left out. `insufficient_data` where a sample has fewer than two.
 * Fails with VALUE on infinite numbers or a level outside (0, 1).
 */
export function compareTwoSamples(
  first: NumericColumn,
  second: NumericColumn,
  level = 0.95,
): TwoSampleComparison | Insufficient {
  assertProbability(level, 'a confidence level')
  const before = presentValues(first)
  const after = presentValues(second)
  if (before.length < 2 || after.length < 2)
    return insufficient('insufficient_data', before.length + after.length)
  const mannWhitney = rankSumTest(before, after)
  return {
    nFirst: before.length,
    nSecond: after.length,
    meanDifference: moments(after).mean - moments(before).mean,
    welch: welchTest(before, after, level),
    mannWhitney,
    hodgesLehmann: medianOfSums(
      after,
      before.map((value) => -value),
    ),
    cliffsDelta: (2 * mannWhitney.u) / (before.length * after.length) - 1,
  }
}

function welchTest(before: Float64Array, after: Float64Array, level: number) {
  const sample = (values: Float64Array) => {
    const { mean, variance } = moments(values)
    return { mean, variance: variance ?? 0, n: values.length }
  }
  const a = sample(after)
  const b = sample(before)
  const se = Math.sqrt(a.variance / a.n + b.variance / b.n)
  if (isNegligible(se, Math.max(Math.abs(a.mean), Math.abs(b.mean)))) return null
  const { t, df, p, ci } = welch(a, b, level)
  return t === null || df === null ? null : { t, df, p, ci }
}

function rankSumTest(before: Float64Array, after: Float64Array): TwoSampleComparison['mannWhitney'] {
  const m = after.length
  const n = before.length
  const pooled = new Float64Array(m + n)
  pooled.set(after)
  pooled.set(before, m)
  let rankSum = 0
  for (const rank of averageRanks(pooled).subarray(0, m)) rankSum += rank
  const u = rankSum - (m * (m + 1)) / 2
  const ties = tieSizes(pooled)
  if (m < exactBelow && n < exactBelow && ties.length === 0)
    return { u, p: twoSidedExactP(rankSumCumulative(m, n), u), method: 'exact' }
  const all = m + n
  const tieTerm = ties.reduce((sum, size) => sum + size ** 3 - size, 0)
  const variance = ((m * n) / 12) * (all + 1 - tieTerm / (all * (all - 1)))
  return {
    u,
    p: continuityCorrectedP(u - (m * n) / 2, variance),
    method: 'normal approximation, continuity correction, tie-corrected variance',
  }
}
