/**
 * How good a forecast was: errors of points, quantiles and intervals. NaN is missing; only steps where both the actual
 * value and the forecast are there count.
 *
 * Hyndman & Koehler 2006, Int J Forecast 22:679–688 (MASE: the scale is the in-sample mean |y_t - y_{t-m}|); Gneiting &
 * Raftery 2007, J Am Stat Assoc 102:359–378 (CRPS, interval score, quantile score); sMAPE as 200|e|/(|y| + |f|).
 */
import { Failure } from '../../../foundation/index.ts'
import { assertProbability, type NumericColumn, presentValues } from '../../insufficient.ts'
import { moments } from '../../statistics/descriptive.ts'
import { normalCdf } from '../../statistics/normal.ts'

export interface PointAccuracy {
  /** Steps that count. */
  readonly n: number
  /** Mean of actual - forecast. All null without steps. */
  readonly meanError: number | null
  readonly meanAbsoluteError: number | null
  readonly rootMeanSquareError: number | null
  /** Percent; null where an actual value is 0. */
  readonly meanAbsolutePercentageError: number | null
  readonly meanPercentageError: number | null
  /** Percent; null where an actual value and its forecast are both 0. */
  readonly symmetricPercentageError: number | null
}

/** Fails with VALUE on infinite numbers or unequal lengths. */
export function pointAccuracy(actual: NumericColumn, forecast: NumericColumn): PointAccuracy {
  const steps = scoredSteps(actual, forecast)
  const mean = (score: (y: number, f: number) => number) =>
    meanOver(steps, (i) => score(actual[i] as number, forecast[i] as number))
  const square = mean((y, f) => (y - f) ** 2)
  return {
    n: steps.length,
    meanError: mean((y, f) => y - f),
    meanAbsoluteError: mean((y, f) => Math.abs(y - f)),
    rootMeanSquareError: square === null ? null : Math.sqrt(square),
    meanAbsolutePercentageError: mean((y, f) => 100 * Math.abs((y - f) / y)),
    meanPercentageError: mean((y, f) => (100 * (y - f)) / y),
    symmetricPercentageError: mean((y, f) => (200 * Math.abs(y - f)) / (Math.abs(y) + Math.abs(f))),
  }
}

/** In-sample errors of the forecast "as `lag` steps ago": what MASE and RMSSE divide by. Null where 0 or not there. */
export function naiveScale(
  train: NumericColumn,
  lag: number,
): { readonly absolute: number | null; readonly square: number | null } {
  if (!Number.isInteger(lag) || lag < 1)
    throw new Failure('VALUE', 'a period must be a whole number from 1 up')
  const differences: number[] = []
  for (let i = lag; i < train.length; i++) {
    const difference = (train[i] as number) - (train[i - lag] as number)
    if (!Number.isNaN(difference)) differences.push(difference)
  }
  const absolute = differences.length === 0 ? 0 : moments(differences.map(Math.abs)).mean
  const square = differences.length === 0 ? 0 : moments(differences.map((value) => value * value)).mean
  return { absolute: absolute > 0 ? absolute : null, square: square > 0 ? square : null }
}

/** Mean pinball loss max(τ(y - q), (τ - 1)(y - q)) of each quantile level; `quantiles` has one row a step. */
export function pinballLosses(
  actual: NumericColumn,
  levels: readonly number[],
  quantiles: readonly NumericColumn[],
): (number | null)[] {
  if (quantiles.length !== actual.length)
    throw new Failure('VALUE', `there are ${quantiles.length} rows of quantiles for ${actual.length} values`)
  return levels.map((level, k) => {
    assertProbability(level, 'a quantile level')
    const column = Float64Array.from(quantiles, (row) => row[k] ?? Number.NaN)
    return meanOver(scoredSteps(actual, column), (i) => {
      const error = (actual[i] as number) - (column[i] as number)
      return Math.max(level * error, (level - 1) * error)
    })
  })
}

export interface IntervalAccuracy {
  /** Share of actual values within the interval, its ends included. */
  readonly coverage: number | null
  /** (u - l) + 2/α(l - y)⁺ + 2/α(y - u)⁺, α = 1 - level. */
  readonly score: number | null
}

/** `level` from 0 to 1, both excluded. */
export function intervalAccuracy(
  actual: NumericColumn,
  lower: NumericColumn,
  upper: NumericColumn,
  level: number,
): IntervalAccuracy {
  assertProbability(level, 'an interval level')
  const complete = new Set(scoredSteps(actual, lower))
  const steps = scoredSteps(actual, upper).filter((i) => complete.has(i))
  const at = (i: number) => [actual[i], lower[i], upper[i]] as [number, number, number]
  return {
    coverage: meanOver(steps, (i) => {
      const [y, l, u] = at(i)
      return y >= l && y <= u ? 1 : 0
    }),
    score: meanOver(steps, (i) => {
      const [y, l, u] = at(i)
      return u - l + (2 / (1 - level)) * (Math.max(l - y, 0) + Math.max(y - u, 0))
    }),
  }
}

/** Mean CRPS of normal forecasts: σ(z(2Φ(z) - 1) + 2φ(z) - 1/√π). */
export function normalCrps(actual: NumericColumn, mean: NumericColumn, sd: NumericColumn): number | null {
  const known = new Set(scoredSteps(actual, sd))
  const steps = scoredSteps(actual, mean).filter((i) => known.has(i))
  return meanOver(steps, (i) => {
    const sigma = sd[i] as number
    const error = (actual[i] as number) - (mean[i] as number)
    if (sigma === 0) return Math.abs(error)
    if (sigma < 0) throw new Failure('VALUE', 'a standard deviation must not be negative')
    const z = error / sigma
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
    return sigma * (z * (2 * normalCdf(z) - 1) + 2 * density - 1 / Math.sqrt(Math.PI))
  })
}

/** CRPS of an ensemble at each step: mean|X - y| - ½ mean|X - X'| over all pairs; null without a value or members. */
export function sampleCrps(actual: NumericColumn, samples: readonly NumericColumn[]): (number | null)[] {
  if (samples.length !== actual.length)
    throw new Failure('VALUE', `there are ${samples.length} samples for ${actual.length} values`)
  return samples.map((sample, i) => {
    const y = actual[i] as number
    const members = presentValues(sample).slice().sort()
    const m = members.length
    if (m === 0 || Number.isNaN(y)) return null
    let distance = 0
    let spread = 0
    members.forEach((member, k) => {
      distance += Math.abs(member - y)
      // Σ|x_i - x_j| over all ordered pairs, from the sorted members.
      spread += 2 * (2 * k + 1 - m) * member
    })
    return distance / m - spread / (2 * m * m)
  })
}

function scoredSteps(actual: NumericColumn, forecast: NumericColumn): number[] {
  if (actual.length !== forecast.length)
    throw new Failure('VALUE', `there are ${forecast.length} forecasts for ${actual.length} values`)
  const steps: number[] = []
  for (let i = 0; i < actual.length; i++)
    if (!Number.isNaN(actual[i] as number) && !Number.isNaN(forecast[i] as number)) steps.push(i)
  return steps
}

/** Null without steps, or where a step has no finite score. */
function meanOver(steps: readonly number[], score: (step: number) => number): number | null {
  if (steps.length === 0) return null
  let sum = 0
  for (const step of steps) sum += score(step)
  return Number.isFinite(sum) ? sum / steps.length : null
}
