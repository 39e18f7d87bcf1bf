/**
 * Autocorrelation, partial autocorrelation and the Ljung-Box test.
 *
 * Definitions: Box, Jenkins & Reinsel 1994, Time Series Analysis, 2.1.5 and 3.2.6; with gaps as R's
 * `acf(na.action = na.pass)`: c_k = Σ over observed pairs / (pairs + k). Ljung & Box 1978, Biometrika 65:297–303.
 */
import { Failure } from '../../foundation/index.ts'
import { type Insufficient, insufficient, type NumericColumn, presentValues } from '../insufficient.ts'
import { moments } from './descriptive.ts'
import { chiSquareUpperP } from './gamma.ts'
import { laggedProducts } from './lagged-products.ts'
import { normalQuantile } from './normal.ts'

export interface Autocorrelation {
  /** Observed values. */
  readonly n: number
  /** Lags 0…maxLag. All null where the values have no variance. */
  readonly acf: readonly (number | null)[]
  /** Lags 1…maxLag, by Durbin-Levinson; null where the acf is, and with gaps that make it indefinite. */
  readonly pacf: readonly (number | null)[]
  /** Half-width of the 95 % band of white noise: z(0.975)/√n. */
  readonly bound95: number
}

/**
 * Autocorrelation of equally spaced values; NaN is a gap that keeps its place. `insufficient_data` for no value.
 * Fails with VALUE on infinite numbers or a maxLag that is no whole number from 0 to length - 1.
 */
export function autocorrelation(values: NumericColumn, maxLag: number): Autocorrelation | Insufficient {
  const present = presentValues(values)
  if (present.length === 0) return insufficient('insufficient_data', 0)
  if (!Number.isInteger(maxLag) || maxLag < 0 || maxLag >= values.length) {
    throw new Failure('VALUE', `the largest lag must be a whole number from 0 to ${values.length - 1}`)
  }
  const { mean } = moments(present)
  const covariance = gappedCovariances(values, mean, maxLag)
  const variance = covariance[0] as number
  const acf = Array.from(covariance, (value) => (variance > 0 ? value / variance : null))
  return {
    n: present.length,
    acf,
    pacf: partialAutocorrelation(acf),
    bound95: normalQuantile(0.975) / Math.sqrt(present.length),
  }
}

export interface LjungBox {
  readonly lag: number
  readonly q: number
  readonly df: number
  readonly p: number
}

/** Ljung-Box test up to `lag` on a series without gaps; `zero_variance` for constant values. */
export function ljungBox(values: NumericColumn, lag: number): LjungBox | Insufficient {
  const result = autocorrelation(values, lag)
  if ('insufficient' in result) return result
  if (result.n !== values.length) return insufficient('not_computable', result.n)
  let sum = 0
  for (let k = 1; k <= lag; k++) {
    const r = result.acf[k]
    if (r === null || r === undefined) return insufficient('zero_variance', result.n)
    sum += (r * r) / (result.n - k)
  }
  const q = result.n * (result.n + 2) * sum
  return { lag, q, df: lag, p: chiSquareUpperP(q, lag) }
}

/** Observed pairs over (pairs + lag); a missing value stands as 0 in the products and is not counted as a pair. */
function gappedCovariances(values: NumericColumn, mean: number, maxLag: number): Float64Array {
  const centred = Float64Array.from(values, (value) => (Number.isNaN(value) ? 0 : value - mean))
  const observed = Float64Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1))
  const isGapless = observed.every(Boolean)
  const sums = laggedProducts(centred, maxLag)
  const pairs = isGapless ? null : laggedProducts(observed, maxLag)
  return sums.map((sum, lag) => {
    const count = pairs === null ? values.length - lag : Math.round(pairs[lag] as number)
    return sum / (count + lag)
  })
}

/** Durbin 1960, Rev Int Stat Inst 28:233. */
function partialAutocorrelation(acf: readonly (number | null)[]): (number | null)[] {
  const r = Float64Array.from(acf, (value) => value ?? Number.NaN)
  const out: (number | null)[] = []
  let previous = new Float64Array(r.length)
  let current = new Float64Array(r.length)
  for (let k = 1; k < r.length; k++) {
    let top = r[k] as number
    let bottom = 1
    for (let j = 1; j < k; j++) {
      top -= (previous[j] as number) * (r[k - j] as number)
      bottom -= (previous[j] as number) * (r[j] as number)
    }
    const phi = top / bottom
    for (let j = 1; j < k; j++) current[j] = (previous[j] as number) - phi * (previous[k - j] as number)
    current[k] = phi
    ;[previous, current] = [current, previous]
    out.push(Number.isFinite(phi) ? phi : null)
  }
  return out
}
