/**
 * First-order autocorrelation of residuals, corrected for the bias that fitting has put into it.
 *
 * Consecutive values make a pair, whatever the gap between their days: the same convention as the Hamed-Rao test, so
 * that estimate and use agree. Residuals of a fit with p coefficients understate phi by about (p + (p + 2)·phi)/n
 * (Marriott & Pope 1954, Biometrika 41:390; Kendall 1954, Biometrika 41:403, for a mean: (1 + 3·phi)/n).
 */
import { moments } from '../statistics/descriptive.ts'

/** Above this a short series cannot tell autocorrelation from a random walk. */
export const maxPhi = 0.95

/**
 * Estimate of phi, 0 ≤ phi ≤ 0.95, from residuals in time order. Negative estimates are taken as 0: they would make
 * every later claim bolder. `fittedCoefficients`: how many the fit had (mean 1, line or one step 2). 0 for fewer than
 * four values or constant ones.
 */
export function firstOrderAutocorrelation(residual: ArrayLike<number>, fittedCoefficients: number): number {
  const n = residual.length
  if (n < 4) return 0
  const { mean } = moments(residual)
  let product = 0
  let square = 0
  for (let i = 0; i < n; i++) {
    const value = (residual[i] as number) - mean
    square += value * value
    if (i > 0) product += value * ((residual[i - 1] as number) - mean)
  }
  if (!(square > 0)) return 0
  // raw ≈ phi - (p + (p + 2)·phi)/n, solved for phi.
  const p = fittedCoefficients
  const unbiased = ((n * product) / square + p) / Math.max(n - p - 2, 1)
  return Math.min(Math.max(unbiased, 0), maxPhi)
}

/** How many independent values tell a mean as well as n autocorrelated ones: n(1 - phi)/(1 + phi). */
export function effectiveCount(n: number, phi: number): number {
  return (n * (1 - phi)) / (1 + phi)
}
