/**
 * How models would have done: forecasts from origins of the past, each from the days before it and nothing else.
 *
 * Tashman 2000, Int J Forecast 16:437–450: rolling origins, the model chosen and estimated anew at each. Folds do not
 * overlap, so that the errors of different folds are close to independent and models can be compared fold by fold.
 */
import { isInsufficient } from '../../insufficient.ts'
import { intervalAccuracy, naiveScale, pinballLosses, pointAccuracy } from './accuracy.ts'
import { type DailyForecast, type ForecastModel, forecastDaily, forecastLevels } from './daily-models.ts'

/** Errors of one forecast, in units of the in-sample error of "as a week ago" (`forecastScale`). */
export interface ForecastScores {
  /** Days with a value. */
  readonly n: number
  /** Mean absolute error. */
  readonly mase: number
  /** Twice the mean pinball loss over the levels 0.05 to 0.95. */
  readonly scaledCrps: number
  /** Share of the days within the interval. */
  readonly coverage80: number
  readonly coverage95: number
}

export interface BacktestFold {
  /** Index of the first day that was forecast. */
  readonly origin: number
  /** By model; null where one had too little to forecast from. */
  readonly scores: Readonly<Partial<Record<ForecastModel, ForecastScores | null>>>
}

export interface BacktestOptions {
  /** Days of a fold. */
  readonly horizon: number
  /** At most so many folds, the last of them ending at the end of the values. */
  readonly folds: number
  readonly period?: number
  readonly bounds?: readonly [number, number]
}

/** A fold with fewer days with a value than this share tells nothing. */
const leastShare = 0.4

/**
 * Scores the models on the last folds, oldest first; folds are left out where too few days have a value or the days
 * before are too few or all alike. Fails with VALUE on infinite numbers or options out of range.
 */
export function backtest(
  values: Float64Array,
  models: readonly ForecastModel[],
  { horizon, folds, period = 7, bounds }: BacktestOptions,
): BacktestFold[] {
  const found: BacktestFold[] = []
  for (let k = 1; k <= folds; k++) {
    const origin = values.length - k * horizon
    if (origin <= 0) break
    const before = values.subarray(0, origin)
    const actual = values.subarray(origin, origin + horizon)
    const scale = forecastScale(before, period)
    const observed = actual.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0)
    if (scale === null || observed < leastShare * horizon) continue
    const options = { horizon, period, ...(bounds === undefined ? {} : { bounds }) }
    const scores = Object.fromEntries(
      models.map((model) => {
        const forecast = forecastDaily(before, model, options)
        return [model, isInsufficient(forecast) ? null : scoreForecast(actual, forecast, scale)]
      }),
    )
    if (Object.values(scores).some((one) => one !== null)) found.push({ origin, scores })
  }
  return found.reverse()
}

/** Mean |y - y a season ago| of the days before a forecast; null where it is 0 or cannot be had. */
export function forecastScale(before: Float64Array, period = 7): number | null {
  return naiveScale(before, period).absolute
}

/** Scores a forecast against what happened, NaN where nothing was measured; null without a day to score. */
export function scoreForecast(
  actual: Float64Array,
  forecast: Pick<DailyForecast, 'mean' | 'quantiles'>,
  scale: number,
): ForecastScores | null {
  const { n, meanAbsoluteError } = pointAccuracy(actual, forecast.mean)
  if (n === 0 || meanAbsoluteError === null) return null
  const inner = forecastLevels.slice(1, -1)
  const losses = pinballLosses(
    actual,
    inner,
    forecast.quantiles.map((row) => row.slice(1, -1)),
  )
  const pinball = losses.reduce<number>((sum, loss) => sum + (loss ?? 0), 0) / inner.length
  const coverage = (low: number, high: number): number => {
    const column = (p: number) => forecast.quantiles.map((row) => row[levelIndex(p)] as number)
    return intervalAccuracy(actual, column(low), column(high), 1 - 2 * low).coverage ?? 0
  }
  return {
    n,
    mase: meanAbsoluteError / scale,
    scaledCrps: (2 * pinball) / scale,
    coverage80: coverage(0.1, 0.9),
    coverage95: coverage(0.025, 0.975),
  }
}

/** Place of a level in `forecastLevels`. */
export function levelIndex(level: number): number {
  return forecastLevels.findIndex((one) => Math.abs(one - level) < 1e-9)
}
