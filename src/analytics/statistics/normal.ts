/**
 * The standard normal distribution. Relative error about 1e-15 in the body and 1e-13 in the tails.
 *
 * Sources: NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov, 7.6.2 (series of erf) and 7.9.2
 * (continued fraction of erfc); Abramowitz & Stegun 26.2.23 (start of the quantile).
 */
import { assertProbability } from '../insufficient.ts'

const sqrtPi = Math.sqrt(Math.PI)
const sqrtTwoPi = Math.sqrt(2 * Math.PI)

/** P(Z ≤ z). NaN is no argument: an infinite z gives 0 or 1. */
export function normalCdf(z: number): number {
  return 0.5 * erfc(-z / Math.SQRT2)
}

/** Two-sided p value of a standard normal statistic: P(|Z| ≥ |z|), without cancellation in the tail. */
export function normalTwoSidedP(z: number): number {
  return erfc(Math.abs(z) / Math.SQRT2)
}

/** The z with P(Z ≤ z) = p. Fails with VALUE unless 0 < p < 1. */
export function normalQuantile(p: number): number {
  assertProbability(p, 'a probability')
  if (p > 0.5) return -normalQuantile(1 - p)
  const t = Math.sqrt(-2 * Math.log(p))
  const start =
    t -
    (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3)
  let z = -start
  // The start is good to 4.5e-4; Halley's step cubes the error, so two reach the last digit.
  for (let step = 0; step < 3; step++) {
    const error = (normalCdf(z) - p) * sqrtTwoPi * Math.exp((z * z) / 2)
    z -= error / (1 + (z * error) / 2)
  }
  return z
}

/** Complementary error function. */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x)
  if (x > 27.3) return 0
  return x < 2 ? 1 - erfSeries(x) : erfcFraction(x)
}

/** DLMF 7.6.2: all terms are positive, so nothing cancels. */
function erfSeries(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / sqrtPi) * Math.exp(-x * x) * sum
}

/** DLMF 7.9.2, evaluated backwards from a depth at which x ≥ 2 has converged. */
function erfcFraction(x: number): number {
  let fraction = x
  for (let k = 120; k >= 1; k--) fraction = x + k / 2 / fraction
  return Math.exp(-x * x) / (sqrtPi * fraction)
}
