/**
 * Ordinary and weighted least squares of a straight line.
 *
 * x is centred on its (weighted) mean before anything is squared: with epoch milliseconds as x, uncentred sums lose
 * every digit. Inference by Student's t with n-2 degrees of freedom, which assumes independent errors; for daily
 * series `insight` corrects for autocorrelation.
 * Definitions: Draper & Smith 1998, Applied Regression Analysis (3rd ed.), ch. 1 and 9.2; as R's `lm`.
 */
import { Failure } from '../../foundation/index.ts'
import { assertProbability, type Insufficient, insufficient, type NumericColumn } from '../insufficient.ts'
import { studentTQuantile, studentTTwoSidedP } from './student-t.ts'

export interface LineFit {
  readonly n: number
  /** n - 2. */
  readonly df: number
  /** Units of y per unit of x. */
  readonly slope: number
  /** y at x = 0. */
  readonly intercept: number
  /** The (weighted) mean of x, at which the line is known best, and the line there. */
  readonly centre: { readonly x: number; readonly y: number }
  /** Residual standard error; null for n = 2, where the line is exact. */
  readonly sigma: number | null
  readonly slopeSe: number | null
  readonly interceptSe: number | null
  readonly slopeCi: readonly [number, number] | null
  readonly interceptCi: readonly [number, number] | null
  /** Null when y is constant: there is nothing to explain. */
  readonly t: number | null
  readonly p: number | null
  readonly f: number | null
  readonly r2: number | null
  readonly adjustedR2: number | null
  readonly predictions: readonly LinePrediction[]
}

export interface LinePrediction {
  readonly x: number
  readonly fit: number
  /** Of the line; null for n = 2. */
  readonly confidence: readonly [number, number] | null
  /** Of one new observation of weight 1; null for n = 2. */
  readonly prediction: readonly [number, number] | null
}

export interface LineFitOptions {
  /** Of every interval; 0.95. */
  readonly level?: number
  /** Precision weights (proportional to 1/variance), one per pair, above 0; a missing one drops the pair. */
  readonly weights?: NumericColumn
  readonly predictAt?: readonly number[]
}

/**
 * Fits y = intercept + slope · x. A pair with a missing (NaN) part is dropped. `insufficient_data` below two pairs,
 * `degenerate_x` when x is constant. Fails with VALUE on infinite numbers, unequal lengths or weights not above 0.
 */
export function fitLine(
  x: NumericColumn,
  y: NumericColumn,
  options: LineFitOptions = {},
): LineFit | Insufficient {
  const level = options.level ?? 0.95
  assertProbability(level, 'a confidence level')
  const data = weightedPairs(x, y, options.weights)
  const n = data.x.length
  if (n < 2) return insufficient('insufficient_data', n)
  const sums = centredSums(data)
  if (sums.sxx === 0) return insufficient('degenerate_x', n)
  const slope = sums.sxy / sums.sxx
  const intercept = sums.meanY - slope * sums.meanX
  const base = { n, df: n - 2, slope, intercept, centre: { x: sums.meanX, y: sums.meanY } }
  const fitAt = (at: number) => sums.meanY + slope * (at - sums.meanX)
  if (n === 2) {
    const predictions = (options.predictAt ?? []).map((at) => exactPrediction(at, fitAt(at)))
    return { ...base, ...noInference, predictions }
  }
  return { ...base, ...inference(data, sums, slope, intercept, level, options.predictAt ?? []) }
}

interface WeightedPairs {
  readonly x: number[]
  readonly y: number[]
  readonly w: number[]
}

type CentredSums = ReturnType<typeof centredSums>

function weightedPairs(
  x: NumericColumn,
  y: NumericColumn,
  weights: NumericColumn | undefined,
): WeightedPairs {
  if (x.length !== y.length || (weights !== undefined && weights.length !== x.length)) {
    throw new Failure('VALUE', 'x, y and weights differ in length')
  }
  const kept: WeightedPairs = { x: [], y: [], w: [] }
  for (let i = 0; i < x.length; i++) {
    const row = [x[i] as number, y[i] as number, weights === undefined ? 1 : (weights[i] as number)] as const
    if (row.some(Number.isNaN)) continue
    if (!row.every(Number.isFinite)) throw new Failure('VALUE', 'a series holds an infinite number')
    if (row[2] <= 0) throw new Failure('VALUE', 'a weight must be above 0')
    kept.x.push(row[0])
    kept.y.push(row[1])
    kept.w.push(row[2])
  }
  return kept
}

function centredSums({ x, y, w }: WeightedPairs) {
  let weight = 0
  let offsetX = 0
  let offsetY = 0
  const firstX = x[0] as number
  const firstY = y[0] as number
  for (let i = 0; i < x.length; i++) {
    weight += w[i] as number
    offsetX += (w[i] as number) * ((x[i] as number) - firstX)
    offsetY += (w[i] as number) * ((y[i] as number) - firstY)
  }
  const meanX = firstX + offsetX / weight
  const meanY = firstY + offsetY / weight
  let sxx = 0
  let sxy = 0
  let syy = 0
  for (let i = 0; i < x.length; i++) {
    const dx = (x[i] as number) - meanX
    const dy = (y[i] as number) - meanY
    sxx += (w[i] as number) * dx * dx
    sxy += (w[i] as number) * dx * dy
    syy += (w[i] as number) * dy * dy
  }
  return { weight, meanX, meanY, sxx, sxy, syy }
}

function inference(
  { x, y, w }: WeightedPairs,
  sums: CentredSums,
  slope: number,
  intercept: number,
  level: number,
  predictAt: readonly number[],
) {
  const n = x.length
  const df = n - 2
  let residual = 0
  for (let i = 0; i < n; i++) {
    const r = (y[i] as number) - sums.meanY - slope * ((x[i] as number) - sums.meanX)
    residual += (w[i] as number) * r * r
  }
  const sigma = Math.sqrt(residual / df)
  const quantile = -studentTQuantile((1 - level) / 2, df)
  const around = (centre: number, se: number) => [centre - quantile * se, centre + quantile * se] as const
  const seAt = (at: number) => sigma * Math.sqrt(1 / sums.weight + (at - sums.meanX) ** 2 / sums.sxx)
  const slopeSe = sigma / Math.sqrt(sums.sxx)
  const constantY = sums.syy === 0
  // An exact line (residual 0) has an infinite t: null, with p = 0.
  const t = constantY || slopeSe === 0 ? null : slope / slopeSe
  const r2 = constantY ? null : 1 - residual / sums.syy
  return {
    sigma,
    slopeSe,
    interceptSe: seAt(0),
    slopeCi: around(slope, slopeSe),
    interceptCi: around(intercept, seAt(0)),
    t,
    p: constantY ? null : t === null ? 0 : studentTTwoSidedP(t, df),
    f: t === null ? null : t * t,
    r2,
    adjustedR2: r2 === null ? null : 1 - ((1 - r2) * (n - 1)) / df,
    predictions: predictAt.map((at) => {
      const fit = sums.meanY + slope * (at - sums.meanX)
      const se = seAt(at)
      return { x: at, fit, confidence: around(fit, se), prediction: around(fit, Math.hypot(se, sigma)) }
    }),
  }
}

const noInference = {
  sigma: null,
  slopeSe: null,
  interceptSe: null,
  slopeCi: null,
  interceptCi: null,
  t: null,
  p: null,
  f: null,
  r2: null,
  adjustedR2: null,
}

function exactPrediction(x: number, fit: number): LinePrediction {
  return { x, fit, confidence: null, prediction: null }
}
