/** Forecasts that were made, held against what happened since. */
import { type DailyForecast, type ForecastModel, scoreForecast } from '../../analytics/index.ts'

/** A forecast as it was made; nothing of it is changed later. In the metric's canonical unit. */
export interface KeptForecast extends Pick<DailyForecast, 'mean' | 'quantiles'> {
  readonly model: ForecastModel
  readonly version: number
  /** Local day on which it was made; all days it speaks of are this one or later. */
  readonly madeDay: number
  readonly firstDay: number
  /** `forecastScale` of the days before it; null where they were all alike. */
  readonly scale: number | null
}

/** One value a day from `fromDay` on, NaN for none. */
export interface DatedValues {
  readonly fromDay: number
  readonly values: Float64Array
}

export interface KeptScores {
  /** Forecasts of which at least one day has happened. */
  readonly forecasts: number
  /** Forecast days that have happened and have a value; a day counts once for each forecast of it. */
  readonly days: number
  readonly mase: number
  readonly scaledCrps: number
  readonly coverage80: number
  readonly coverage95: number
}

/** Days ahead, counted from 1. */
export interface LeadScores extends KeptScores {
  readonly fromLead: number
  readonly toLead: number
}

export interface ModelScores extends KeptScores {
  readonly model: ForecastModel
  readonly byLead: readonly LeadScores[]
}

const leads: readonly (readonly [number, number])[] = [
  [1, 7],
  [8, 14],
  [15, 30],
  [31, 10_000],
]

/** Per model, the one with the most days first; models without a day that has happened are left out. */
export function scoreKept(kept: readonly KeptForecast[], happened: DatedValues): ModelScores[] {
  const models = [...new Set(kept.map(({ model }) => model))]
  return models
    .flatMap((model) => {
      const own = kept.filter((one) => one.model === model)
      const whole = scoresOver(own, happened, 1, 10_000)
      if (whole === null) return []
      const byLead = leads.flatMap(([fromLead, toLead]) => {
        const scores = scoresOver(own, happened, fromLead, toLead)
        return scores === null ? [] : [{ fromLead, toLead, ...scores }]
      })
      return [{ model, ...whole, byLead }]
    })
    .sort((a, b) => b.days - a.days)
}

/** Every day of every forecast counts alike. */
function scoresOver(
  kept: readonly KeptForecast[],
  happened: DatedValues,
  fromLead: number,
  toLead: number,
): KeptScores | null {
  const scored = kept.flatMap((one) => {
    if (one.scale === null) return []
    const mean = one.mean.slice(fromLead - 1, toLead)
    const quantiles = one.quantiles.slice(fromLead - 1, toLead)
    const start = one.firstDay + fromLead - 1 - happened.fromDay
    const actual = Float64Array.from(mean, (_, i) => happened.values[start + i] ?? Number.NaN)
    return scoreForecast(actual, { mean, quantiles }, one.scale) ?? []
  })
  const days = scored.reduce((sum, { n }) => sum + n, 0)
  if (days === 0) return null
  const mean = (pick: (one: (typeof scored)[number]) => number) =>
    scored.reduce((sum, one) => sum + pick(one) * one.n, 0) / days
  return {
    forecasts: scored.length,
    days,
    mase: mean(({ mase }) => mase),
    scaledCrps: mean(({ scaledCrps }) => scaledCrps),
    coverage80: mean(({ coverage80 }) => coverage80),
    coverage95: mean(({ coverage95 }) => coverage95),
  }
}
