/**
 * Correlation of two equally spaced series at lags: r(k) pairs x[t] with y[t + k], so k > 0 means that x leads y. (R's
 * `ccf(x, y)` has the opposite sign.) NaN is a gap that keeps its place.
 */
import { Failure } from '../../foundation/index.ts'
import { type Insufficient, insufficient, type NumericColumn, presentValues } from '../insufficient.ts'
import { correlationP, isConstant, pearsonR } from './correlation.ts'
import { moments } from './descriptive.ts'
import { benjaminiHochberg } from './multiple-testing.ts'
import { averageRanks } from './quantile.ts'

/** Fewer pairs give no correlation: with three, r is ±1 half of the time. */
export const minLagPairs = 4

export interface LaggedCorrelations {
  /** -maxLag … maxLag. */
  readonly lags: readonly number[]
  /** Null below four pairs, or where a side is constant over the pairs of that lag. */
  readonly r: readonly (number | null)[]
  /** Complete pairs at each lag. */
  readonly n: readonly number[]
  readonly p: readonly (number | null)[]
  /** p adjusted for all lags looked at (Benjamini & Hochberg 1995). */
  readonly adjustedP: readonly (number | null)[]
  readonly spearman: readonly (number | null)[]
}

/**
 * Pearson's and Spearman's correlation at each lag, means recomputed from the pairs of that lag. `insufficient_data`
 * where a series has no value. Fails with VALUE on infinite numbers, unequal lengths or a negative lag.
 */
export function laggedCorrelations(
  x: NumericColumn,
  y: NumericColumn,
  maxLag: number,
): LaggedCorrelations | Insufficient {
  const n = checked(x, y, maxLag)
  if (n === 0) return insufficient('insufficient_data', 0)
  const lags = lagsUpTo(maxLag)
  const atLag = lags.map((lag) => correlationAt(x, y, lag))
  const p = atLag.map((one) => one.p)
  const adjusted = benjaminiHochberg(p.map((value) => value ?? Number.NaN))
  return {
    lags,
    r: atLag.map((one) => one.r),
    n: atLag.map((one) => one.n),
    p,
    adjustedP: [...adjusted].map((value) => (Number.isNaN(value) ? null : value)),
    spearman: atLag.map((one) => one.rho),
  }
}

export interface CrossCorrelation {
  readonly lags: readonly number[]
  /** All null where a series is constant. */
  readonly r: readonly (number | null)[]
}

/**
 * The cross-correlation function with one mean and deviation for all lags and the divisor n (Box, Jenkins & Reinsel
 * 1994, Time Series Analysis, 11.1); with gaps as R's `na.pass`: observed pairs over (pairs + |lag|). Lags beyond
 * n - 1 do not exist and are left out.
 */
export function crossCorrelation(
  x: NumericColumn,
  y: NumericColumn,
  maxLag: number,
): CrossCorrelation | Insufficient {
  const n = checked(x, y, maxLag)
  if (n === 0) return insufficient('insufficient_data', 0)
  const lags = lagsUpTo(Math.min(maxLag, n - 1))
  if (isConstant(presentValues(x)) || isConstant(presentValues(y))) return { lags, r: lags.map(() => null) }
  const centredX = centred(x)
  const centredY = centred(y)
  const scale = Math.sqrt(covariance(centredX, centredX, 0) * covariance(centredY, centredY, 0))
  const r = lags.map((lag) => {
    const value = covariance(centredX, centredY, lag) / scale
    return Number.isFinite(value) ? Math.min(1, Math.max(-1, value)) : null
  })
  return { lags, r }
}

function correlationAt(x: NumericColumn, y: NumericColumn, lag: number) {
  const [a, b] = pairsAt(x, y, lag)
  const n = a.length
  const r = n < minLagPairs ? null : pearsonR(a, b)
  if (r === null) return { n, r, p: null, rho: null }
  return { n, r, p: correlationP(r, n), rho: pearsonR(averageRanks(a), averageRanks(b)) }
}

function pairsAt(x: NumericColumn, y: NumericColumn, lag: number): readonly [Float64Array, Float64Array] {
  const a = new Float64Array(x.length)
  const b = new Float64Array(x.length)
  let n = 0
  for (let t = Math.max(0, -lag); t < x.length && t + lag < x.length; t++) {
    const xt = x[t] as number
    const yt = y[t + lag] as number
    if (Number.isNaN(xt) || Number.isNaN(yt)) continue
    a[n] = xt
    b[n++] = yt
  }
  return [a.subarray(0, n), b.subarray(0, n)]
}

/** Less the mean of the observed values. */
function centred(values: NumericColumn): Float64Array {
  const { mean } = moments(presentValues(values))
  return Float64Array.from(values, (value) => value - mean)
}

function covariance(x: Float64Array, y: Float64Array, lag: number): number {
  let sum = 0
  let pairs = 0
  for (let t = Math.max(0, -lag); t < x.length && t + lag < x.length; t++) {
    const product = (x[t] as number) * (y[t + lag] as number)
    if (Number.isNaN(product)) continue
    sum += product
    pairs++
  }
  return sum / (pairs + Math.abs(lag))
}

function lagsUpTo(maxLag: number): number[] {
  return Array.from({ length: 2 * maxLag + 1 }, (_, i) => i - maxLag)
}

/** Positions, or 0 where a series has no value. */
function checked(x: NumericColumn, y: NumericColumn, maxLag: number): number {
  if (x.length !== y.length) throw new Failure('VALUE', `x has ${x.length} values and y has ${y.length}`)
  if (!Number.isInteger(maxLag) || maxLag < 0)
    throw new Failure('VALUE', 'the largest lag must be a whole number from 0 up')
  return presentValues(x).length === 0 || presentValues(y).length === 0 ? 0 : x.length
}
