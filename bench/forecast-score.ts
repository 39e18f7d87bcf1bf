/**
 * How good a forecast was. MASE: Hyndman & Koehler 2006, Int J Forecast 22:679–688, scaled by the seasonal naive error of
 * the training days; CRPS as twice the mean pinball loss over the quantiles 0.05 to 0.95, in the same scale.
 */
import type { AutomaticForecast } from '../src/analytics/index.ts'

type Days = readonly (number | null)[]

export interface ForecastScore {
  readonly mase: number
  readonly scaledCrps: number
  /** Share of days inside the interval. */
  readonly coverage80: number
  readonly coverage95: number
}

/** Scores the first `horizon` test days; null where they or the scale are missing or 0. */
export function scoreForecast(
  train: Days,
  test: Days,
  forecast: AutomaticForecast,
  horizon: number,
): ForecastScore | null {
  const scale = seasonalNaiveError(train, 7)
  let error = 0
  let pinball = 0
  const inside = { 80: 0, 95: 0 }
  let days = 0
  test.slice(0, horizon).forEach((value, h) => {
    if (value === null) return
    days++
    error += Math.abs(value - (forecast.mean[h] as number))
    const quantiles = forecast.quantiles.values[h] as readonly number[]
    pinball += meanPinball(value, forecast.quantiles.levels, quantiles)
    for (const { level, lower, upper } of forecast.intervals) {
      if (value >= (lower[h] as number) && value <= (upper[h] as number)) inside[level as 80 | 95]++
    }
  })
  if (days === 0 || !(scale > 0)) return null
  return {
    mase: error / days / scale,
    scaledCrps: (2 * pinball) / days / scale,
    coverage80: inside[80] / days,
    coverage95: inside[95] / days,
  }
}

/** Means of each score. */
export function meanScore(scores: readonly ForecastScore[]): ForecastScore {
  const mean = (key: keyof ForecastScore) =>
    scores.reduce((sum, score) => sum + score[key], 0) / Math.max(1, scores.length)
  return {
    mase: mean('mase'),
    scaledCrps: mean('scaledCrps'),
    coverage80: mean('coverage80'),
    coverage95: mean('coverage95'),
  }
}

function seasonalNaiveError(train: Days, period: number): number {
  let sum = 0
  let count = 0
  train.forEach((value, t) => {
    const before = train[t - period]
    if (value === null || before === null || before === undefined) return
    sum += Math.abs(value - before)
    count++
  })
  return sum / count
}

function meanPinball(value: number, levels: readonly number[], quantiles: readonly number[]): number {
  const losses = levels.map((p, i) => {
    const difference = value - (quantiles[i] as number)
    return Math.max(p * difference, (p - 1) * difference)
  })
  return losses.reduce((sum, loss) => sum + loss, 0) / levels.length
}
