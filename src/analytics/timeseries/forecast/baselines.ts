/**
 * The forecasts that every other one must beat: the last value, the last value with drift, the mean, the last season.
 *
 * Hyndman & Athanasopoulos 2021, Forecasting: Principles and Practice, 3rd ed., sections 5.2 and 5.5
 * (https://otexts.com/fpp3); the numbers of R's `naive`, `rwf(drift = TRUE)`, `meanf` and `snaive`. Missing values
 * count as time that has passed: steps start at the last observed value, differences are taken between observed ones.
 */
import { Failure } from '../../../foundation/index.ts'
import { assertFinite, type Insufficient, insufficient, type NumericColumn } from '../../insufficient.ts'
import { moments } from '../../statistics/descriptive.ts'
import { studentTQuantile } from '../../statistics/student-t.ts'
import { type Forecast, intervalsAround, usualLevels } from './interval.ts'

export type BaselineKind = 'naive' | 'drift' | 'mean' | 'seasonal_naive'

export interface BaselineOptions {
  readonly kind: BaselineKind
  /** Steps ahead. */
  readonly horizon: number
  /** Values in one season; only for `seasonal_naive`. */
  readonly period?: number
  readonly levels?: readonly number[]
}

/**
 * Forecasts by a baseline; intervals are null where too few values were there for a variance. `insufficient_data`
 * without a value, for drift below two, for the last season below one whole season. Fails with VALUE on infinite
 * numbers or options out of range.
 */
export function baselineForecast(values: NumericColumn, options: BaselineOptions): Forecast | Insufficient {
  const horizon = checkedHorizon(options.horizon)
  const levels = options.levels ?? usualLevels
  const observed = observations(values)
  if (observed.length === 0) return insufficient('insufficient_data', 0)
  switch (options.kind) {
    case 'naive':
      return seasonalNaive(values, 1, horizon, levels)
    case 'seasonal_naive':
      return seasonalNaive(values, checkedPeriod(options.period ?? 1), horizon, levels)
    case 'mean':
      return meanForecast(observed, horizon, levels)
    case 'drift':
      return driftForecast(observed, values.length, horizon, levels)
  }
}

/** Steps ahead; fails with VALUE unless a whole number from 1 to 10,000. */
export function checkedHorizon(horizon: number): number {
  if (!Number.isInteger(horizon) || horizon < 1 || horizon > 10_000) {
    throw new Failure('VALUE', 'the horizon must be a whole number from 1 to 10000')
  }
  return horizon
}

/** Values in one season; fails with VALUE unless a whole number of at least 1. */
export function checkedPeriod(period: number): number {
  if (!Number.isInteger(period) || period < 1) {
    throw new Failure('VALUE', 'the period must be a whole number of at least 1')
  }
  return period
}

interface Observation {
  readonly at: number
  readonly value: number
}

function observations(values: NumericColumn): Observation[] {
  const observed: Observation[] = []
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number
    if (Number.isNaN(value)) continue
    assertFinite(value)
    observed.push({ at, value })
  }
  return observed
}

function steps(horizon: number): number[] {
  return Array.from({ length: horizon }, (_, i) => i + 1)
}

/** A phase never observed in the last season is taken from the one before, which makes its step longer by a season. */
function seasonalNaive(
  values: NumericColumn,
  period: number,
  horizon: number,
  levels: readonly number[],
): Forecast | Insufficient {
  const n = values.length
  const last: { value: number; seasonsAgo: number }[] = []
  for (let phase = 0; phase < period; phase++) {
    let at = n - period + phase
    let seasonsAgo = 0
    for (; at >= 0 && Number.isNaN(values[at] as number); at -= period) seasonsAgo++
    if (at < 0) return insufficient('insufficient_data', n)
    last.push({ value: values[at] as number, seasonsAgo })
  }
  let squares = 0
  let pairs = 0
  for (let i = period; i < n; i++) {
    const difference = (values[i] as number) - (values[i - period] as number)
    if (Number.isNaN(difference)) continue
    squares += difference * difference
    pairs++
  }
  const ahead = steps(horizon).map((h) => {
    const { value, seasonsAgo } = last[(h - 1) % period] as (typeof last)[number]
    return { value, seasons: seasonsAgo + Math.floor((h - 1) / period) + 1 }
  })
  const mean = ahead.map(({ value }) => value)
  const deviation = ahead.map(({ seasons }) => (pairs === 0 ? null : Math.sqrt((squares / pairs) * seasons)))
  return { mean, intervals: intervalsAround(mean, deviation, levels) }
}

function meanForecast(
  observed: readonly Observation[],
  horizon: number,
  levels: readonly number[],
): Forecast {
  const n = observed.length
  const { mean: centre, variance } = moments(observed.map(({ value }) => value))
  const mean = steps(horizon).map(() => centre)
  const spread = variance === null ? null : Math.sqrt(variance * (1 + 1 / n))
  return {
    mean,
    intervals: intervalsAround(
      mean,
      mean.map(() => spread),
      levels,
      (level) => (n < 2 ? 0 : studentTQuantile(0.5 + level / 200, n - 1)),
    ),
  }
}

function driftForecast(
  observed: readonly Observation[],
  length: number,
  horizon: number,
  levels: readonly number[],
): Forecast | Insufficient {
  if (observed.length < 2) return insufficient('insufficient_data', observed.length)
  const first = observed[0] as Observation
  const last = observed[observed.length - 1] as Observation
  const span = last.at - first.at
  const drift = (last.value - first.value) / span
  let squares = 0
  let pairs = 0
  observed.forEach(({ at, value }, i) => {
    const before = observed[i - 1]
    if (before === undefined || before.at !== at - 1) return
    squares += (value - before.value - drift) ** 2
    pairs++
  })
  const variance = pairs < 2 ? null : squares / (pairs - 1)
  const ahead = steps(horizon).map((h) => h + length - 1 - last.at)
  const mean = ahead.map((h) => last.value + drift * h)
  const deviation = ahead.map((h) => (variance === null ? null : Math.sqrt(variance * h * (1 + h / span))))
  return { mean, intervals: intervalsAround(mean, deviation, levels) }
}
