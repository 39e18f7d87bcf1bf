/** One run of forecasting a series: trials, the choice of the model, the forecast. Nothing is written here. */
import {
  backtest,
  type DailyForecast,
  forecastDaily,
  forecastModelRevision,
  forecastModels,
  forecastScale,
  forecastWindow,
  isInsufficient,
} from '../../analytics/index.ts'
import {
  championOf,
  type DatedFold,
  decideChampion,
  forecastMissing,
  type ModelVersion,
  mostSilentDays,
  withFit,
} from '../../insight/index.ts'
import { type ForecastSeries, foldCount, foldDays } from './series.ts'
import type { StoredModel, StoredTrials } from './stored.ts'

export interface ForecastRun {
  /** Null where the series is refused; then `missing` says what is missing. */
  readonly forecast: DailyForecast | null
  readonly missing: string | null
  readonly firstDay: number
  readonly scale: number | null
  /** As it is to be kept. */
  readonly stored: StoredModel
  readonly champion: ModelVersion
  /** The champion before, where a challenger took over in this run. */
  readonly replaced: ModelVersion | null
}

/** Forecasts `horizon` days from the day after the last that is over; `asOf` is the day as of which is asked. */
export function runForecast(
  series: ForecastSeries,
  stored: StoredModel,
  { horizon, asOf }: { readonly horizon: number; readonly asOf: number },
): ForecastRun {
  const firstDay = series.toDay + 1
  const before = championOf(stored.registry)
  const silent = series.toDay - (series.lastValueDay ?? Number.NEGATIVE_INFINITY)
  const refused = (): ForecastRun => ({
    forecast: null,
    missing: forecastMissing({
      n: series.n,
      fromDay: series.firstValueDay,
      toDay: series.lastValueDay,
      silent,
      horizon,
    }),
    firstDay,
    scale: null,
    stored,
    champion: before,
    replaced: null,
  })
  const { lastValueDay, firstValueDay } = series
  if (lastValueDay === null || firstValueDay === null || asOf - lastValueDay > mostSilentDays)
    return refused()
  const trials = trialsOf(series, stored.trials)
  const registry = decideChampion(stored.registry, trials.folds, asOf)
  const champion = championOf(registry)
  const forecast = forecastDaily(series.values, champion.model, { horizon, bounds: series.bounds })
  if (isInsufficient(forecast)) return refused()
  const fit = {
    form: forecast.form,
    fromDay: firstValueDay,
    toDay: lastValueDay,
    n: series.n,
    revision: forecastModelRevision,
  }
  const fitted = withFit(registry, fit, trials.folds)
  return {
    forecast,
    missing: null,
    firstDay,
    scale: forecastScale(series.values.slice(-forecastWindow)),
    stored: { registry: fitted, trials },
    champion: championOf(fitted),
    replaced: champion.version === before.version ? null : before,
  }
}

/**
 * The folds that end at the last whole fortnight (counted from the epoch): between two fortnights nothing new is to
 * be learnt, so they are computed once, and again where the days before changed.
 */
export function trialsOf(series: ForecastSeries, known: StoredTrials | null): StoredTrials {
  const endDay = Math.floor((series.toDay + 1) / foldDays) * foldDays - 1
  const values = series.values.subarray(0, Math.max(endDay - series.fromDay + 1, 0))
  const window = values.slice(-(forecastWindow + foldCount * foldDays))
  const key = `${forecastModelRevision}/${endDay}/${fingerprint(window)}`
  if (known?.key === key) return known
  const found = backtest(window, forecastModels, {
    horizon: foldDays,
    folds: foldCount,
    bounds: series.bounds,
  })
  const start = endDay - window.length + 1
  const folds = found.map(({ origin, scores }): DatedFold => ({ firstDay: start + origin, scores }))
  return { key, folds }
}

/** FNV-1a over the bytes (Fowler, Noll & Vo): tells changed values, keeps no secret. */
function fingerprint(values: Float64Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(16)
}
