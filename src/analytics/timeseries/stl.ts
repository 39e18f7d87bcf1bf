/**
 * STL: a series split into season, trend and remainder by loess.
 *
 * Cleveland, Cleveland, McRae & Terpenning 1990, J Off Stat 6:3–73. The same numbers as R's `stl` (defaults, jumps,
 * `periodic`) and, with `seasonalDegree` 1 and jumps of 1, as statsmodels' `STL`; where R's robustness median is
 * wrong (even n, see `bisquare.ts`) ours is exact. The series must have no gaps.
 */
import { Failure } from '../../foundation/index.ts'
import { type Insufficient, insufficient, type NumericColumn, presentValues } from '../insufficient.ts'
import { moments } from '../statistics/descriptive.ts'
import { bisquareWeights } from './bisquare.ts'
import { type EvenLoess, evenLoess, evenLoessAt } from './even-loess.ts'

export interface StlOptions {
  /** Values in one season, at least 2. */
  readonly period: number
  /** Values of one phase in a window; `periodic` makes every season alike. Even windows grow by one. */
  readonly seasonalWindow: number | 'periodic'
  readonly trendWindow?: number
  readonly lowPassWindow?: number
  readonly seasonalDegree?: 0 | 1
  readonly trendDegree?: 0 | 1
  readonly lowPassDegree?: 0 | 1
  /** Every which value is fitted, with straight lines between; default a tenth of the window. */
  readonly seasonalJump?: number
  readonly trendJump?: number
  readonly lowPassJump?: number
  readonly inner?: number
  /** Robustness passes. */
  readonly outer?: number
  /** Default `inner` 1 and `outer` 15 in place of 2 and 0. */
  readonly robust?: boolean
}

export interface Decomposition {
  readonly seasonal: Float64Array
  readonly trend: Float64Array
  readonly remainder: Float64Array
  /** Robustness weights of the last pass; all 1 without one. */
  readonly weights: Float64Array
  /** 1 - var(remainder)/var(trend + remainder), not below 0; null without variance. Wang, Smith & Hyndman 2006. */
  readonly trendStrength: number | null
  readonly seasonalStrength: number | null
}

/**
 * Decomposes a series. `insufficient_data` for at most two periods, `not_computable` where values are missing (fill
 * the gaps first). Fails with VALUE on infinite numbers or options out of range.
 */
export function stl(values: NumericColumn, options: StlOptions): Decomposition | Insufficient {
  const plan = planOf(options, values.length)
  const data = presentValues(values)
  const n = data.length
  if (values.length <= 2 * plan.period) return insufficient('insufficient_data', n)
  if (n < values.length) return insufficient('not_computable', n)
  const seasonal = new Float64Array(n)
  const trend = new Float64Array(n)
  const weights = new Float64Array(n).fill(1)
  const remainder = new Float64Array(n)
  for (let pass = 0; ; pass++) {
    for (let i = 0; i < plan.inner; i++) refine(data, plan, pass === 0 ? null : weights, seasonal, trend)
    subtract(data, seasonal, remainder)
    subtract(remainder, trend, remainder)
    if (pass === plan.outer) break
    bisquareWeights(remainder, weights)
  }
  if (options.seasonalWindow === 'periodic') {
    averagePhases(seasonal, plan.period)
    subtract(data, seasonal, remainder)
    subtract(remainder, trend, remainder)
  }
  const trendStrength = strength(trend, remainder)
  return {
    seasonal,
    trend,
    remainder,
    weights,
    trendStrength,
    seasonalStrength: strength(seasonal, remainder),
  }
}

interface Plan {
  readonly period: number
  readonly seasonal: EvenLoess
  readonly trend: EvenLoess
  readonly lowPass: EvenLoess
  readonly inner: number
  readonly outer: number
}

function planOf(options: StlOptions, n: number): Plan {
  const period = counted(options.period, 'the period', 2)
  const periodic = options.seasonalWindow === 'periodic'
  const seasonalWindow = periodic
    ? 10 * n + 1
    : odd(counted(options.seasonalWindow, 'the seasonal window', 1))
  const trendWindow = odd(
    counted(options.trendWindow ?? defaultTrendWindow(period, seasonalWindow), 'the trend window', 1),
  )
  const lowPassWindow = odd(counted(options.lowPassWindow ?? odd(period), 'the low-pass window', 1))
  const jump = (given: number | undefined, window: number) =>
    counted(given ?? Math.ceil(window / 10), 'a jump', 1)
  return {
    period,
    seasonal: {
      window: seasonalWindow,
      degree: periodic ? 0 : (options.seasonalDegree ?? 0),
      jump: jump(options.seasonalJump, seasonalWindow),
    },
    trend: {
      window: trendWindow,
      degree: options.trendDegree ?? 1,
      jump: jump(options.trendJump, trendWindow),
    },
    lowPass: {
      window: lowPassWindow,
      degree: options.lowPassDegree ?? options.trendDegree ?? 1,
      jump: jump(options.lowPassJump, lowPassWindow),
    },
    inner: counted(options.inner ?? (options.robust ? 1 : 2), 'inner passes', 1),
    outer: counted(options.outer ?? (options.robust ? 15 : 0), 'robustness passes', 0),
  }
}

/** nextodd(ceil(1.5 period / (1 - 1.5/window))), the paper's section 3.5. */
function defaultTrendWindow(period: number, seasonalWindow: number): number {
  return odd(Math.ceil((1.5 * period) / (1 - 1.5 / seasonalWindow)))
}

function odd(window: number): number {
  const least = Math.max(3, window)
  return least % 2 === 1 ? least : least + 1
}

function counted(value: number | 'periodic', what: string, least: number): number {
  if (!Number.isInteger(value) || (value as number) < least) {
    throw new Failure('VALUE', `${what} must be a whole number of at least ${least}`)
  }
  return value as number
}

/** One pass of the inner loop (section 2.2 of the paper): a better season, then a better trend. */
function refine(
  data: Float64Array,
  plan: Plan,
  weights: Float64Array | null,
  seasonal: Float64Array,
  trend: Float64Array,
): void {
  const n = data.length
  const work = new Float64Array(n)
  subtract(data, trend, work)
  const cycles = smoothedCycles(work, plan, weights)
  const means = movingMean(movingMean(movingMean(cycles, plan.period), plan.period), 3)
  const low = new Float64Array(n)
  evenLoess(means, plan.lowPass, null, low)
  for (let i = 0; i < n; i++) seasonal[i] = (cycles[plan.period + i] as number) - (low[i] as number)
  subtract(data, seasonal, work)
  evenLoess(work, plan.trend, weights, trend)
}

/** Each phase smoothed by itself and carried on by one season at both ends: n + 2 periods. */
function smoothedCycles(values: Float64Array, plan: Plan, weights: Float64Array | null): Float64Array {
  const { period, seasonal } = plan
  const n = values.length
  const cycles = new Float64Array(n + 2 * period)
  for (let phase = 0; phase < period; phase++) {
    const count = Math.floor((n - 1 - phase) / period) + 1
    const own = new Float64Array(count)
    const ownWeights = weights === null ? null : new Float64Array(count)
    for (let i = 0; i < count; i++) {
      own[i] = values[phase + i * period] as number
      if (ownWeights !== null) ownWeights[i] = weights?.[phase + i * period] as number
    }
    const smooth = new Float64Array(count)
    evenLoess(own, seasonal, ownWeights, smooth)
    const right = Math.min(seasonal.window, count) - 1
    const left = Math.max(0, count - seasonal.window)
    cycles[phase] = evenLoessAt(own, seasonal, ownWeights, -1, 0, right) ?? (smooth[0] as number)
    for (let i = 0; i < count; i++) cycles[phase + (i + 1) * period] = smooth[i] as number
    cycles[phase + (count + 1) * period] =
      evenLoessAt(own, seasonal, ownWeights, count, left, count - 1) ?? (smooth[count - 1] as number)
  }
  return cycles
}

/** Means of `length` neighbours: length - 1 values fewer. */
function movingMean(values: Float64Array, length: number): Float64Array {
  const means = new Float64Array(values.length - length + 1)
  let sum = 0
  for (let i = 0; i < length; i++) sum += values[i] as number
  means[0] = sum / length
  for (let i = 1; i < means.length; i++) {
    sum += (values[i + length - 1] as number) - (values[i - 1] as number)
    means[i] = sum / length
  }
  return means
}

function averagePhases(seasonal: Float64Array, period: number): void {
  for (let phase = 0; phase < period; phase++) {
    let sum = 0
    let count = 0
    for (let i = phase; i < seasonal.length; i += period, count++) sum += seasonal[i] as number
    for (let i = phase; i < seasonal.length; i += period) seasonal[i] = sum / count
  }
}

function subtract(from: Float64Array, what: Float64Array, into: Float64Array): void {
  for (let i = 0; i < from.length; i++) into[i] = (from[i] as number) - (what[i] as number)
}

function strength(component: Float64Array, remainder: Float64Array): number | null {
  const joint = component.map((value, i) => value + (remainder[i] as number))
  const whole = moments(joint).variance ?? 0
  // What rounding leaves of a constant is no variance.
  const rounding = joint.reduce((most, value) => Math.max(most, Math.abs(value)), 0) * 1e-12
  if (whole <= rounding * rounding) return null
  return Math.max(0, 1 - (moments(remainder).variance ?? 0) / whole)
}
