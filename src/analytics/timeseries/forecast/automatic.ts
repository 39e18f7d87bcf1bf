/**
 * The product's own forecast of a daily series: a combination that has been wrong before, with intervals that say by
 * how much.
 *
 * 1. Gaps are filled with the season in mind (`seasonal-interpolation.ts`); filled days are never counted as errors.
 * 2. Three candidates (`candidates.ts`) forecast from every origin in the last 70 % of the series.
 * 3. Their weights are inverse to the square of their mean squared error over all horizons.
 * 4. Quantiles are the combination's own errors, scaled per horizon: empirical where there are many independent ones,
 *    normal where few, widened by Student's t for few and by the parameters that the errors did not pay for.
 *
 * Combinations beat their best part: Bates & Granger 1969; Makridakis et al. 2020, Int J Forecast 36:54–74 (M4).
 * Values that were never negative stay so.
 */
import { type Insufficient, insufficient, type NumericColumn, presentValues } from '../../insufficient.ts'
import { normalQuantile } from '../../statistics/normal.ts'
import { quantileOfSorted } from '../../statistics/quantile.ts'
import { studentTQuantile } from '../../statistics/student-t.ts'
import { interpolateSeasonally } from '../seasonal-interpolation.ts'
import { checkedHorizon, checkedPeriod } from './baselines.ts'
import { forecastCandidates } from './candidates.ts'
import type { Forecast, Interval } from './interval.ts'
import {
  combinationWeights,
  combinedErrors,
  effectiveErrors,
  errorVariances,
  originErrors,
} from './rolling-origin.ts'
import { shrunkenSeason } from './shrunken-season.ts'

export interface AutomaticForecastOptions {
  /** Days ahead, counted from the end of the series. */
  readonly horizon: number
  /** Days in one season, default a week; 1 for none. */
  readonly period?: number
}

export interface AutomaticForecast extends Forecast {
  /** The candidates by falling weight, such as `AR(2) 52 % + ETS ANA 31 % + theta 17 %`. */
  readonly model: string
  readonly parts: readonly { readonly name: string; readonly weight: number }[]
  /** 0.05, 0.10 … 0.95, and per step the quantile of each. */
  readonly quantiles: { readonly levels: readonly number[]; readonly values: readonly (readonly number[])[] }
}

/** Two years: enough for errors a season ahead, and no habits of long ago. */
export const forecastWindow = 730
const quantileLevels = Array.from({ length: 19 }, (_, i) => (5 * (i + 1)) / 100)
const intervalLevels = [80, 95]
/** Origins start after this share of the series, and after two seasons. */
const burnIn = 0.3

/** Observed days with a later one, after the burn-in, from which errors are taken. */
const fewestOrigins = 5

/** Observed days that a forecast needs: two seasons to learn from and one to be wrong in, three weeks at least. */
export function fewestObservations(period: number): number {
  return Math.max(21, 3 * period)
}

/**
 * Forecasts a daily series; NaN is a day without a value, also at the end. Only the last `forecastWindow` days are
 * looked at. `insufficient_data` below `fewestObservations(period)` observed days there, where nearly all of them are
 * long ago, or where the horizon is longer than the history: errors that far ahead have never been seen. Fails with VALUE on infinite numbers or options out of
 * range.
 */
export function automaticForecast(
  values: NumericColumn,
  options: AutomaticForecastOptions,
): AutomaticForecast | Insufficient {
  const horizon = checkedHorizon(options.horizon)
  const period = checkedPeriod(options.period ?? 7)
  const { series, silent } = observedPart(values)
  const n = series.length
  const count = presentValues(series).length
  // Days without a value at the end are ahead of the last one that is known.
  const steps = horizon + silent
  if (count < fewestObservations(period) || steps > n) return insufficient('insufficient_data', count)
  const data = interpolateSeasonally(series, period)
  const observed = Array.from(series, (value) => !Number.isNaN(value))
  const candidates = forecastCandidates(data, shrunkenSeason(data, period), period)
  const first = Math.max(2 * period, Math.floor(burnIn * n))
  const errors = originErrors(data, observed, candidates, first, steps)
  if (errors.origins < fewestOrigins) return insufficient('insufficient_data', count)
  const weights = combinationWeights(errors, candidates.length)
  const ahead = candidates.map((candidate) => candidate.from(n, steps))
  const mean = Array.from({ length: steps }, (_, h) =>
    ahead.reduce((sum, steps, c) => sum + (weights[c] as number) * (steps[h] as number), 0),
  )
  const deviation = errorDistribution(combinedErrors(errors, weights), n / Math.max(n / 2, n - period))
  const floor = series.some((value) => value < 0) ? Number.NEGATIVE_INFINITY : 0
  const bounded = (value: number) => Math.max(floor, value)
  const at = (p: number) => mean.map((centre, h) => bounded(centre + deviation(h, p))).slice(silent)
  const parts = candidates.map(({ name }, c) => ({ name, weight: weights[c] as number }))
  return {
    model: modelText(parts),
    parts,
    mean: mean.map(bounded).slice(silent),
    intervals: intervalLevels.map((level) => intervalOf(level, at)),
    quantiles: { levels: quantileLevels, values: quantilesByStep(at) },
  }
}

/** The last `forecastWindow` days from the first to the last observed one; `silent` counts the days after it. */
function observedPart(values: NumericColumn): { series: Float64Array; silent: number } {
  const all = Float64Array.from(values)
  presentValues(all)
  let end = all.length
  while (end > 0 && Number.isNaN(all[end - 1] as number)) end--
  let start = Math.max(0, end - forecastWindow)
  while (start < end && Number.isNaN(all[start] as number)) start++
  return { series: all.slice(start, end), silent: all.length - end }
}

function intervalOf(level: number, at: (p: number) => number[]): Interval {
  const tail = (1 - level / 100) / 2
  return { level, lower: at(tail), upper: at(1 - tail) }
}

/** Sorted per step: different tails widen differently, and quantiles may not cross. */
function quantilesByStep(at: (p: number) => number[]): number[][] {
  const columns = quantileLevels.map(at)
  return (columns[0] as number[]).map((_, h) =>
    columns.map((column) => column[h] as number).sort((a, b) => a - b),
  )
}

/** Independent errors at which the empirical distribution counts as much as the normal one. */
const trustedErrors = 20
/** Student's t has no variance below 3 degrees of freedom. */
const fewestDegrees = 3

/** Quantiles of the error at a horizon, from past errors per horizon; `widening` multiplies their variance. */
function errorDistribution(
  errors: readonly Float64Array[],
  widening: number,
): (horizon: number, p: number) => number {
  const scale = errorVariances(errors).map(Math.sqrt)
  const standardised = Float64Array.from(
    errors.flatMap((list, h) =>
      (scale[h] as number) > 0 ? Array.from(list, (e) => e / (scale[h] as number)) : [],
    ),
  ).sort()
  const effective = errors.map(effectiveErrors)
  return (h, p) => {
    const spread = (scale[h] as number) * Math.sqrt(widening)
    if (standardised.length === 0 || spread === 0) return 0
    const independent = effective[h] as number
    const trust = independent / (independent + trustedErrors)
    const shape = trust * quantileOfSorted(standardised, p) + (1 - trust) * normalQuantile(p)
    return spread * shape * tailFactor(p, Math.max(fewestDegrees, independent - 1))
  }
}

/** How much further out Student's t lies than the normal distribution. */
function tailFactor(p: number, degrees: number): number {
  // At the median both are 0; the factor there is that of the next decile.
  const tail = Math.abs(p - 0.5) < 0.05 ? 0.6 : p
  return studentTQuantile(tail, degrees) / normalQuantile(tail)
}

function modelText(parts: readonly { readonly name: string; readonly weight: number }[]): string {
  return [...parts]
    .sort((a, b) => b.weight - a.weight)
    .map(({ name, weight }) => `${name} ${Math.round(100 * weight)} %`)
    .join(' + ')
}
