/**
 * The models that forecast a daily series, under one interface, so that they can be held against each other.
 *
 * Each gets the days up to an origin and nothing later; gaps are filled from those days alone. Short or gappy series
 * are refused for all models alike, whatever one of them could make of them.
 */
import { type Insufficient, insufficient, isInsufficient, presentValues } from '../../insufficient.ts'
import { interpolateSeasonally } from '../seasonal-interpolation.ts'
import { automaticForecast, fewestObservations, forecastWindow } from './automatic.ts'
import { type BaselineKind, baselineForecast } from './baselines.ts'
import { automaticEts } from './ets.ts'
import { etsName } from './ets-form.ts'
import type { Forecast, Interval } from './interval.ts'
import { theta } from './theta.ts'

/** The first is the one that a series begins with. */
export const forecastModels = ['automatic', 'ets', 'theta', 'seasonal_naive', 'naive', 'mean'] as const
export type ForecastModel = (typeof forecastModels)[number]

/** Raised whenever a model's numbers change, so that a record tells which program made them. */
export const forecastModelRevision = 1

/** Quantiles that a forecast states: 0.05 to 0.95, and the ends of the 95 % interval. */
export const forecastLevels: readonly number[] = [
  0.025,
  ...Array.from({ length: 19 }, (_, i) => (i + 1) / 20),
  0.975,
]

export interface DailyForecast {
  readonly model: ForecastModel
  /** What the model became on this series: `ETS ANA`, `AR(2) 52 % + theta 48 %`. */
  readonly form: string
  /** One per day ahead. */
  readonly mean: readonly number[]
  /** Per day ahead, one value per level of `forecastLevels`, rising. */
  readonly quantiles: readonly (readonly number[])[]
}

export interface DailyForecastOptions {
  /** Days ahead, counted from the end of the values. */
  readonly horizon: number
  /** Days in one season; a week. */
  readonly period?: number
  /** Values that cannot be: the forecast stays within them. */
  readonly bounds?: readonly [number, number]
}

/** Two-sided levels in percent whose ends are the quantiles of `forecastLevels`. */
const intervalLevels = [...Array.from({ length: 9 }, (_, i) => 10 * (i + 1)), 95]

/**
 * Forecasts one value a day; NaN is a day without a value, also at the end. `insufficient_data` below
 * `fewestObservations(period)` observed days of the last `forecastWindow`, or where the model itself has too few.
 * Fails with VALUE on infinite numbers or options out of range.
 */
export function forecastDaily(
  values: Float64Array,
  model: ForecastModel,
  options: DailyForecastOptions,
): DailyForecast | Insufficient {
  const period = options.period ?? 7
  const { series, silent } = observedDays(values)
  const count = presentValues(series).length
  if (count < fewestObservations(period)) return insufficient('insufficient_data', count)
  const found =
    model === 'automatic'
      ? automatic(values, options.horizon, period)
      : simple(series, model, options.horizon + silent, period)
  if (isInsufficient(found)) return found
  const [low, high] = options.bounds ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  const within = (value: number): number => Math.min(Math.max(value, low), high)
  const steps = found.mean.length - options.horizon
  return {
    model,
    form: found.form,
    mean: found.mean.slice(steps).map(within),
    quantiles: found.quantiles.slice(steps).map((row) => row.map(within).sort((a, b) => a - b)),
  }
}

type Found = Omit<DailyForecast, 'model'>

function automatic(values: Float64Array, horizon: number, period: number): Found | Insufficient {
  const result = automaticForecast(values, { horizon, period })
  if (isInsufficient(result)) return result
  const outer = result.intervals.find(({ level }) => level === 95)
  const quantiles = result.quantiles.values.map((row, h) => [
    outer?.lower[h] as number,
    ...row,
    outer?.upper[h] as number,
  ])
  return { form: result.model, mean: result.mean, quantiles }
}

function simple(
  series: Float64Array,
  model: Exclude<ForecastModel, 'automatic'>,
  horizon: number,
  period: number,
): Found | Insufficient {
  const levels = intervalLevels
  if (model === 'ets' || model === 'theta') {
    const data = interpolateSeasonally(series, period)
    const result =
      model === 'ets'
        ? automaticEts(data, { horizon, period, levels, additiveOnly: true })
        : theta(data, { horizon, period, levels })
    if (isInsufficient(result)) return result
    return withQuantiles(result, 'form' in result ? `ETS ${etsName(result.form)}` : 'theta')
  }
  const result = baselineForecast(series, { kind: model satisfies BaselineKind, horizon, period, levels })
  return isInsufficient(result) ? result : withQuantiles(result, model)
}

/** `insufficient_data` where a model could not say how wrong it may be. */
function withQuantiles({ mean, intervals }: Forecast, form: string): Found | Insufficient {
  const outward: readonly Interval[] = [...intervals].sort((a, b) => b.level - a.level)
  const quantiles = mean.map((centre, h) => [
    ...outward.map(({ lower }) => lower[h] ?? null),
    centre,
    ...[...outward].reverse().map(({ upper }) => upper[h] ?? null),
  ])
  const isKnown = (row: (number | null)[]): row is number[] => row.every((value) => value !== null)
  const known = quantiles.filter(isKnown)
  if (known.length < mean.length) return insufficient('insufficient_data', 0)
  return { form, mean, quantiles: known }
}

/** From the first to the last observed day of the window; `silent` counts the days without a value after it. */
function observedDays(values: Float64Array): { series: Float64Array; silent: number } {
  let end = values.length
  while (end > 0 && Number.isNaN(values[end - 1] as number)) end--
  let start = Math.max(0, end - forecastWindow)
  while (start < end && Number.isNaN(values[start] as number)) start++
  return { series: values.slice(start, end), silent: values.length - end }
}
