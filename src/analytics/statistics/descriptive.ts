/**
 * Descriptive statistics as R defines them: variance with n-1, type-7 quantiles, MAD with 1.4826.
 *
 * Units are those of the values; `cv` is a fraction. What cannot be computed is null: everything but n and the sum
 * for no values, the spread for one.
 */
import { type NumericColumn, presentValues } from '../insufficient.ts'
import { normalMadFactor, quantileOfSorted, rawMad, sorted } from './quantile.ts'
import { studentTQuantile } from './student-t.ts'

export interface Description {
  readonly n: number
  readonly missing: number
  readonly sum: number
  readonly mean: number | null
  /** n-1. */
  readonly variance: number | null
  readonly sd: number | null
  /** Standard error of the mean: sd/√n; assumes independent values. */
  readonly sem: number | null
  /** Student's t with n-1 degrees of freedom. */
  readonly meanCi95: readonly [number, number] | null
  /** sd/mean; null when the mean is 0. */
  readonly cv: number | null
  readonly min: number | null
  readonly max: number | null
  readonly median: number | null
  readonly mad: number | null
  readonly rawMad: number | null
  readonly iqr: number | null
  /** Mean after cutting floor(n/10) values at each end. */
  readonly trimmedMean10: number | null
  /** Type 7, one per probability asked for; null for no values. */
  readonly quantiles: readonly (number | null)[]
}

/** Describes values; NaN is missing and counted. Fails with VALUE on an infinite number. */
export function describe(values: NumericColumn, probabilities: readonly number[] = []): Description {
  const ascending = sorted(presentValues(values))
  const n = ascending.length
  const missing = values.length - n
  if (n === 0) return { ...emptyDescription, missing, quantiles: probabilities.map(() => null) }
  const quantile = (p: number) => quantileOfSorted(ascending, p)
  const { sum, mean, variance } = moments(ascending)
  const sd = variance === null ? null : Math.sqrt(variance)
  const sem = sd === null ? null : sd / Math.sqrt(n)
  const half = sem === null ? null : -studentTQuantile(0.025, n - 1) * sem
  const raw = rawMad(ascending)
  const cut = Math.floor(n / 10)
  return {
    n,
    missing,
    sum,
    mean,
    variance,
    sd,
    sem,
    meanCi95: half === null ? null : [mean - half, mean + half],
    cv: sd === null || mean === 0 ? null : sd / mean,
    min: ascending[0] as number,
    max: ascending[n - 1] as number,
    median: quantile(0.5),
    mad: normalMadFactor * raw,
    rawMad: raw,
    iqr: quantile(0.75) - quantile(0.25),
    trimmedMean10: moments(ascending.subarray(cut, n - cut)).mean,
    quantiles: probabilities.map(quantile),
  }
}

/** Sum, mean and n-1 variance of at least one value, in two passes (Chan, Golub & LeVeque 1983, Am Stat 37:242). */
export function moments(values: ArrayLike<number>): { sum: number; mean: number; variance: number | null } {
  const n = values.length
  let sum = 0
  for (let i = 0; i < n; i++) sum += values[i] as number
  const rough = sum / n
  let deviation = 0
  let squares = 0
  for (let i = 0; i < n; i++) {
    const d = (values[i] as number) - rough
    deviation += d
    squares += d * d
  }
  // The second pass also repairs what rounding left in the mean.
  const mean = rough + deviation / n
  return { sum, mean, variance: n < 2 ? null : (squares - (deviation * deviation) / n) / (n - 1) }
}

const emptyDescription: Description = {
  n: 0,
  missing: 0,
  sum: 0,
  mean: null,
  variance: null,
  sd: null,
  sem: null,
  meanCi95: null,
  cv: null,
  min: null,
  max: null,
  median: null,
  mad: null,
  rawMad: null,
  iqr: null,
  trimmedMean10: null,
  quantiles: [],
}
