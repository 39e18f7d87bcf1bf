/**
 * Weighted means of the past: exponentially weighted (mean and deviation) and simple moving averages.
 *
 * Exponential weights as pandas' `ewm` (Finch 2009, Incremental calculation of weighted mean and variance, for the
 * recursions; Hunter 1986, J Qual Technol 18:203–210); moving averages as R's TTR.
 */
import { Failure } from '../../foundation/index.ts'
import { assertFinite, type NumericColumn } from '../insufficient.ts'

export interface ExponentialWeights {
  /** Weight of the newest value, above 0 to 1. */
  readonly alpha: number
  /** True: weights (1 - alpha)^age over their sum; false: the recursion (1 - alpha)·last + alpha·value. */
  readonly adjust: boolean
  /** Whether a missing value leaves ages as they are; else it ages what came before. */
  readonly ignoreMissing: boolean
  /** Values needed before a result is given; 1. */
  readonly minCount?: number
  /** Times in the unit in which a weight shrinks to 1 - alpha; else one a value. Not descending. */
  readonly times?: NumericColumn
}

/** alpha of the names in use: span, half-life, centre of mass. Fails with VALUE unless exactly one is given, in range. */
export function smoothingFactor(given: {
  readonly alpha?: number
  readonly span?: number
  readonly halfLife?: number
  readonly centreOfMass?: number
}): number {
  const { alpha, span, halfLife, centreOfMass } = given
  const candidates = [
    alpha,
    span === undefined ? undefined : span < 1 ? Number.NaN : 2 / (span + 1),
    halfLife === undefined ? undefined : halfLife <= 0 ? Number.NaN : 1 - 0.5 ** (1 / halfLife),
    centreOfMass === undefined ? undefined : centreOfMass < 0 ? Number.NaN : 1 / (1 + centreOfMass),
  ].filter((value) => value !== undefined)
  const [found] = candidates
  if (candidates.length !== 1 || found === undefined)
    throw new Failure('VALUE', 'give exactly one of alpha, span, halflife and com')
  assertFactor(found)
  return found
}

/** Exponentially weighted mean at each position; a missing value repeats the last mean, NaN before the first. */
export function exponentialMean(values: NumericColumn, weights: ExponentialWeights): Float64Array {
  return smoothed(values, weights).mean
}

/**
 * Exponentially weighted variance. Without `biased` it is corrected by (Σw)²/((Σw)² - Σw²): NaN for one value. `biased`
 * gives 0 there.
 */
export function exponentialVariance(
  values: NumericColumn,
  weights: ExponentialWeights,
  biased = false,
): Float64Array {
  const { variance, correction } = smoothed(values, weights)
  return biased ? variance : variance.map((value, i) => value * (correction[i] as number))
}

function smoothed(values: NumericColumn, weights: ExponentialWeights) {
  const { alpha, adjust, ignoreMissing, minCount = 1 } = weights
  assertFactor(alpha)
  const ageing = ageingOf(values, weights)
  const mean = new Float64Array(values.length).fill(Number.NaN)
  const variance = mean.slice()
  const correction = mean.slice()
  const newWeight = adjust ? 1 : alpha
  const state = { mean: Number.NaN, variance: 0, past: 1, sum: 1, squares: 1 }
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    const isMissing = Number.isNaN(value)
    if (!isMissing) assertFinite(value)
    if (count > 0 && !(isMissing && ignoreMissing)) age(state, ageing(i))
    if (!isMissing) {
      if (count++ === 0) state.mean = value
      else take(state, value, newWeight, adjust)
    }
    if (count < Math.max(minCount, 1)) continue
    mean[i] = state.mean
    variance[i] = state.variance
    const spread = state.sum ** 2 - state.squares
    correction[i] = spread > 0 ? state.sum ** 2 / spread : Number.NaN
  }
  return { mean, variance, correction }
}

/** Weight of all that came before, and the sums of weights and of their squares. */
interface SmoothingState {
  mean: number
  variance: number
  past: number
  sum: number
  squares: number
}

function age(state: SmoothingState, factor: number): void {
  state.past *= factor
  state.sum *= factor
  state.squares *= factor * factor
}

function take(state: SmoothingState, value: number, weight: number, adjust: boolean): void {
  const before = state.mean
  const total = state.past + weight
  // Equal values must stay exactly equal.
  if (value !== before) state.mean = (state.past * before + weight * value) / total
  state.variance =
    (state.past * (state.variance + (before - state.mean) ** 2) + weight * (value - state.mean) ** 2) / total
  state.sum += weight
  state.squares += weight * weight
  state.past = total
  if (adjust) return
  state.sum /= total
  state.squares /= total * total
  state.past = 1
}

function ageingOf(values: NumericColumn, { alpha, times }: ExponentialWeights): (position: number) => number {
  if (times === undefined) return () => 1 - alpha
  if (times.length !== values.length)
    throw new Failure('VALUE', `there are ${times.length} times for ${values.length} values`)
  return (position) => {
    const step = (times[position] as number) - (times[position - 1] as number)
    if (!(step >= 0)) throw new Failure('VALUE', 'the times must not descend')
    return (1 - alpha) ** step
  }
}

/** Mean of the last `length` values; NaN where fewer were there or one of them is missing. */
export function simpleMovingAverage(values: NumericColumn, length: number): Float64Array {
  assertWindow(length)
  const out = new Float64Array(values.length).fill(Number.NaN)
  for (let end = length; end <= values.length; end++) {
    let sum = 0
    for (let i = end - length; i < end; i++) sum += values[i] as number
    out[end - 1] = sum / length
  }
  return out
}

/**
 * The recursion (1 - alpha)·last + alpha·value, started at position `length` with the simple mean of the first `length`
 * values (leading missing values skipped). A later missing value has no mean of its own and does not count.
 */
export function seededExponentialMean(
  values: NumericColumn,
  length: number,
  alpha = 2 / (length + 1),
): Float64Array {
  assertWindow(length)
  assertFactor(alpha)
  const out = new Float64Array(values.length).fill(Number.NaN)
  let seedSum = 0
  let count = 0
  let last = Number.NaN
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (Number.isNaN(value)) continue
    assertFinite(value)
    count++
    if (count <= length) seedSum += value
    if (count < length) continue
    last = count === length ? seedSum / length : alpha * value + (1 - alpha) * last
    out[i] = last
  }
  return out
}

function assertFactor(alpha: number): void {
  if (!(alpha > 0 && alpha <= 1))
    throw new Failure('VALUE', 'the weight of the newest value must lie above 0 and not above 1')
}

function assertWindow(length: number): void {
  if (!Number.isInteger(length) || length < 1)
    throw new Failure('VALUE', 'a window must be a whole number from 1 up')
}
