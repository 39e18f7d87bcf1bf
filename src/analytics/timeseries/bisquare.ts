/**
 * Bisquare robustness weights of LOWESS, LOESS and STL: 1 near the fit, 0 beyond six median absolute residuals.
 *
 * Cleveland 1979, J Am Stat Assoc 74:829–836 (doi:10.1080/01621459.1979.10481038), with the cut-offs of its
 * FORTRAN: at most 0.001 of the limit counts as 0, above 0.999 of it as beyond. The median is exact, also for an
 * even number of residuals (the partial sort of R's `stl` is not).
 */
import { selectInPlace } from '../statistics/quantile.ts'

/**
 * Writes the weights of `residuals` into `weights`. Returns false, and writes nothing, where the median absolute
 * residual is below `relativeFloor` of the mean absolute residual: the fit is exact and needs no second pass.
 */
export function bisquareWeights(residuals: Float64Array, weights: Float64Array, relativeFloor = 0): boolean {
  const n = residuals.length
  const absolute = residuals.map(Math.abs)
  const limit = 6 * medianInPlace(absolute)
  const mean = absolute.reduce((sum, r) => sum + r, 0) / n
  if (relativeFloor > 0 && limit < relativeFloor * mean) return false
  const near = 0.001 * limit
  const far = 0.999 * limit
  for (let i = 0; i < n; i++) {
    const r = Math.abs(residuals[i] as number)
    const u = r / limit
    weights[i] = r <= near ? 1 : r <= far ? (1 - u * u) ** 2 : 0
  }
  return true
}

/** Median of at least one value; reorders them. */
function medianInPlace(values: Float64Array): number {
  const n = values.length
  const upper = selectInPlace(values, n >> 1)
  return n % 2 === 1 ? upper : (upper + selectInPlace(values, n / 2 - 1)) / 2
}
