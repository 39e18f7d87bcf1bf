/**
 * Welch's t test for the difference of two means with unequal variances, from summary figures.
 *
 * Welch 1947, Biometrika 34:28–35 (doi:10.1093/biomet/34.1-2.28); degrees of freedom by Satterthwaite 1946, Biometrics
 * Bull 2:110–114. The counts need not be whole: autocorrelated values count for less than their number.
 */
import { Failure } from '../../foundation/index.ts'
import { studentTQuantile, studentTTwoSidedP } from './student-t.ts'

export interface MeanOfSample {
  readonly mean: number
  /** n-1 variance of the values. */
  readonly variance: number
  /** Above 1. */
  readonly n: number
}

export interface WelchResult {
  /** a.mean - b.mean. */
  readonly difference: number
  /** Null where neither sample varies: the difference is then exact. */
  readonly t: number | null
  readonly df: number | null
  readonly p: number
  readonly ci: readonly [number, number]
}

/** Compares a with b. Without any variance the interval has no width and p is 0, or 1 when the means are equal. */
export function welch(a: MeanOfSample, b: MeanOfSample, level = 0.95): WelchResult {
  if (!(a.n > 1 && b.n > 1))
    throw new Failure('VALUE', 'a comparison of means needs more than one value on each side')
  const difference = a.mean - b.mean
  const shareA = a.variance / a.n
  const shareB = b.variance / b.n
  const squaredSe = shareA + shareB
  if (squaredSe === 0) {
    return { difference, t: null, df: null, p: difference === 0 ? 1 : 0, ci: [difference, difference] }
  }
  const se = Math.sqrt(squaredSe)
  const df = squaredSe ** 2 / (shareA ** 2 / (a.n - 1) + shareB ** 2 / (b.n - 1))
  const t = difference / se
  const reach = -studentTQuantile((1 - level) / 2, df) * se
  return { difference, t, df, p: studentTTwoSidedP(t, df), ci: [difference - reach, difference + reach] }
}
