/**
 * Mann-Kendall test for a monotone trend, plain and with the Hamed-Rao correction for autocorrelation.
 *
 * Mann 1945, Econometrica 13:245–259; Kendall 1975, Rank Correlation Methods; Hamed & Rao 1998, J Hydrol
 * 204:182–196 (doi:10.1016/S0022-1694(97)00125-X), signed sum over the significant lags as in the paper.
 * p by the normal approximation with continuity correction at every n. Missing values are dropped and the rest taken
 * as consecutive; the Sen slope keeps the calendar distance. Ties lower the variance; for constant values S, z and tau
 * are 0 and p is 1.
 */
import {
  assertProbability,
  type Insufficient,
  insufficient,
  type NumericColumn,
  presentValues,
} from '../insufficient.ts'
import { moments } from '../statistics/descriptive.ts'
import { countInversions } from '../statistics/inversions.ts'
import { tiedPairs } from '../statistics/kendall.ts'
import { laggedProducts } from '../statistics/lagged-products.ts'
import { normalQuantile, normalTwoSidedP } from '../statistics/normal.ts'
import { averageRanks, tieSizes } from '../statistics/quantile.ts'
import { kendallVariance, theilSen } from './theil-sen.ts'

export interface MannKendall {
  readonly n: number
  /** Pairs that rise minus pairs that fall. */
  readonly s: number
  readonly varS: number
  readonly z: number
  readonly p: number
  /** tau-a: S / (n(n-1)/2). */
  readonly tau: number
  /** tau-b, corrected for ties in the values; null for constant values. */
  readonly tauB: number | null
  /** Per position, gaps counted. */
  readonly senSlope: number
  readonly significant: boolean
  readonly trend: 'increasing' | 'decreasing' | 'no trend'
}

export interface HamedRao extends Omit<MannKendall, 'tauB' | 'senSlope'> {
  /** Corrected variance over the variance of independent values. */
  readonly varianceRatio: number
}

/** Why no p can be given: the corrected variance is not positive. */
export interface NotPositiveVariance extends Insufficient {
  readonly insufficient: 'not_computable'
  readonly s: number
  readonly varS: number
  readonly varianceRatio: number
}

export interface MannKendallOptions {
  /** Significance level; 0.05. */
  readonly alpha?: number
  /** Hamed-Rao only: the largest lag looked at; n - 1. */
  readonly maxLag?: number
}

/** `insufficient_data` below two values. Fails with VALUE on infinite numbers, or alpha outside (0, 1). */
export function mannKendall(
  values: NumericColumn,
  options: MannKendallOptions = {},
): MannKendall | Insufficient {
  const alpha = checkedAlpha(options)
  const present = presentValues(values)
  const n = present.length
  const positions = Float64Array.from(values, (_, i) => i)
  const sen = theilSen(positions, values)
  if ('insufficient' in sen) return insufficient('insufficient_data', n)
  const s = kendallS(present)
  const ties = tieSizes(present)
  const varS = kendallVariance(n, ties)
  const pairs = (n * (n - 1)) / 2
  const tied = tiedPairs(present)
  return {
    ...verdict(n, s, varS, alpha),
    tauB: tied === pairs ? null : s / Math.sqrt(pairs * (pairs - tied)),
    senSlope: sen.slope,
  }
}

/**
 * With the variance of S corrected for the autocorrelation of the ranks of the Sen-detrended values.
 * `insufficient_data` below three values; `not_computable` where the signed sum makes the variance not positive
 * (strong negative autocorrelation or a cycle: remove the weekly pattern first).
 */
export function hamedRao(
  values: NumericColumn,
  options: MannKendallOptions = {},
): HamedRao | NotPositiveVariance | Insufficient {
  const alpha = checkedAlpha(options)
  const present = presentValues(values)
  const n = present.length
  if (n < 3) return insufficient('insufficient_data', n)
  const positions = Float64Array.from(present, (_, i) => i)
  const sen = theilSen(positions, present)
  const slope = 'insufficient' in sen ? 0 : sen.slope
  const detrended = present.map((value, i) => value - slope * (i + 1))
  const ratio = significantLagRatio(averageRanks(detrended), alpha, options.maxLag ?? n - 1)
  const s = kendallS(present)
  const varS = kendallVariance(n, tieSizes(present)) * ratio
  if (ratio <= 0) return { insufficient: 'not_computable', n, s, varS, varianceRatio: ratio }
  return { ...verdict(n, s, varS, alpha), varianceRatio: ratio }
}

/**
 * Hamed & Rao 1998, eq. 16: the factor on the variance of S that autocorrelations rho(1), rho(2)… of the ranks make.
 */
export function hamedRaoRatio(n: number, maxLag: number, rho: (lag: number) => number): number {
  let sum = 0
  for (let k = 1; k <= Math.min(maxLag, n - 1); k++) sum += (n - k) * (n - k - 1) * (n - k - 2) * rho(k)
  return 1 + (2 / (n * (n - 1) * (n - 2))) * sum
}

/** The factor from the significant autocorrelations of `ranks` (divisor n, mean removed). May be negative. */
export function significantLagRatio(ranks: Float64Array, alpha: number, maxLag: number): number {
  const n = ranks.length
  const { mean } = moments(ranks)
  const centred = ranks.map((rank) => rank - mean)
  const products = laggedProducts(centred, Math.min(maxLag, n - 1))
  const square = products[0] as number
  if (square === 0) return 1
  const bound = -normalQuantile(alpha / 2) / Math.sqrt(n)
  return hamedRaoRatio(n, maxLag, (lag) => {
    const r = (products[lag] as number) / square
    return Math.abs(r) > bound ? r : 0
  })
}

/** Kendall's S of values in their order: rising minus falling pairs, O(n log n). */
export function kendallS(values: Float64Array): number {
  const n = values.length
  return (n * (n - 1)) / 2 - tiedPairs(values) - 2 * countInversions(Float64Array.from(values))
}

/** z of S with continuity correction. */
export function kendallZ(s: number, varS: number): number {
  if (s === 0 || varS === 0) return 0
  return (s - Math.sign(s)) / Math.sqrt(varS)
}

function verdict(n: number, s: number, varS: number, alpha: number) {
  const z = kendallZ(s, varS)
  const p = normalTwoSidedP(z)
  const tau = s / ((n * (n - 1)) / 2)
  return { n, s, varS, z, p, tau, significant: p < alpha, trend: trendWord(z, p, alpha) }
}

/** What a test says at a significance level. */
export function trendWord(z: number, p: number, alpha: number): MannKendall['trend'] {
  if (!(p < alpha)) return 'no trend'
  return z > 0 ? 'increasing' : 'decreasing'
}

function checkedAlpha(options: MannKendallOptions): number {
  const alpha = options.alpha ?? 0.05
  assertProbability(alpha, 'a significance level')
  return alpha
}
