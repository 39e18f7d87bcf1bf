/**
 * Upper tail of the chi-squared distribution by the regularised incomplete gamma function.
 *
 * Source: NIST DLMF 8.11.4 (series), 8.9.2 (continued fraction). Relative error about 1e-14.
 */
import { logGamma } from './beta.ts'

/** P(X ≥ x) of a chi-squared variable with `df` > 0 degrees of freedom. */
export function chiSquareUpperP(x: number, df: number): number {
  if (x <= 0) return 1
  const a = df / 2
  const half = x / 2
  const front = Math.exp(a * Math.log(half) - half - logGamma(a))
  return half < a + 1 ? 1 - front * lowerSeries(a, half) : front * upperFraction(a, half)
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= x / (a + n)
    sum += term
  }
  return sum
}

function upperFraction(a: number, x: number): number {
  // Modified Lentz; all partial denominators are positive here because x ≥ a + 1.
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let result = d
  for (let i = 1; i <= 10_000; i++) {
    const numerator = -i * (i - a)
    b += 2
    d = 1 / (numerator * d + b)
    c = b + numerator / c
    const change = c * d
    result *= change
    if (Math.abs(change - 1) < 1e-16) break
  }
  return result
}
