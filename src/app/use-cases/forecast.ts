/**
 * `forecast`: where a metric is likely to be in the next days. Each run tries the models on the past, lets the better
 * one forecast, and keeps what was said, so that it can be held against what happens.
 */
import { type ForecastModel, forecastLevels, levelIndex } from '../../analytics/index.ts'
import type { ChartSeries } from '../../charts/index.ts'
import { Failure, formatDay } from '../../foundation/index.ts'
import { firstRegistry, forecastText, type ModelTrial, type VersionReason } from '../../insight/index.ts'
import {
  type AcceptedUnit,
  decimalsFor,
  displayUnit,
  findMetric,
  fromCanonical,
  shownNumber,
} from '../../metrics/index.ts'
import type { AppContext } from '../context.ts'
import { dayOf, newestDay, numberFormat } from '../daily.ts'
import { type ForecastRun, runForecast } from '../forecasting/forecast-run.ts'
import { type ForecastSeries, forecastSeries } from '../forecasting/series.ts'
import { keepOperations, modelOperations, readModel, writeKept } from '../forecasting/stored.ts'
import type { UseCase } from '../use-case.ts'

export interface ForecastArgs {
  readonly metric: string
  /** Days ahead; 30. */
  readonly days?: number
  /** The local day as of which is asked; of later days nothing is looked at, and nothing is kept. Today. */
  readonly toDay?: number
}

export interface ForecastView {
  readonly metric: string
  /** UCUM of all numbers. */
  readonly unit: string
  readonly asOf: string
  readonly days: number
  /** One per component. */
  readonly forecasts: readonly SeriesForecastView[]
  /** Whether this forecast was kept for `models scores`. */
  readonly kept: boolean
  /** Day of the newest record, where nothing is forecast. */
  readonly newest: string | null
  readonly charts: readonly ChartSeries[]
}

export interface SeriesForecastView {
  /** `weight`, `blood_pressure.systolic`. */
  readonly series: string
  readonly model: ForecastModel
  readonly version: number
  readonly since: string
  readonly reason: VersionReason
  readonly pinned: boolean
  readonly form: string | null
  /** Days with a value in the two years that are looked at. */
  readonly n: number
  readonly from: string | null
  readonly to: string | null
  readonly dates: readonly string[]
  readonly mean: readonly number[]
  readonly lower80: readonly number[]
  readonly upper80: readonly number[]
  readonly lower95: readonly number[]
  readonly upper95: readonly number[]
  readonly quantiles: { readonly levels: readonly number[]; readonly values: readonly (readonly number[])[] }
  readonly trials: ModelTrial | null
  /** What is missing where nothing is forecast; the columns are empty then. */
  readonly missing: string | null
  readonly text: string
}

const defaultDays = 30
/** Beyond, the intervals of daily values say little but "anything". */
const mostDays = 365
/** Days of the past shown before the forecast. */
const leastHistory = 60

export const forecastUseCase: UseCase<ForecastArgs, ForecastView> = {
  name: 'forecast',
  scope: 'read',
  async run(context, args) {
    const metric = findMetric(args.metric)
    const days = checkedDays(args.days ?? defaultDays)
    const today = dayOf(context, context.clock.nowMs())
    const asOf = Math.min(args.toDay ?? today, today)
    const keeps = asOf === today
    const unit = displayUnit(metric, context.config.unitPreferences())
    const all = forecastSeries(context, metric, asOf)
    const runs = all.map((series) => {
      const stored = keeps ? readModel(context, series.id, today) : fromScratch(asOf)
      const run = runForecast(series, stored, { horizon: days, asOf })
      return { series, run, isNew: run.stored !== stored }
    })
    if (keeps) keep(context, metric.id, runs, today)
    const done = runs.filter(({ run }) => run.forecast !== null)
    return {
      metric: metric.id,
      unit: unit.ucum,
      asOf: formatDay(asOf),
      days,
      forecasts: runs.map(({ series, run }) => seriesView(series, run, unit)),
      kept: keeps && done.length > 0,
      newest: done.length === 0 ? newestDay(context, metric) : null,
      charts: done.map(({ series, run }) => chartOf(series, run, unit)),
    }
  },
}

/** As of an earlier day, the model is chosen by what was known then. */
function fromScratch(asOf: number) {
  return { registry: firstRegistry(asOf), trials: null }
}

function checkedDays(days: number): number {
  if (Number.isInteger(days) && days >= 1 && days <= mostDays) return days
  throw new Failure('USAGE', `a forecast reaches 1 to ${mostDays} days ahead`, { hint: '--days 30' })
}

/** Registry, trials and forecasts in one change; what did not change is not written. */
function keep(
  context: AppContext,
  metric: string,
  runs: readonly { readonly series: ForecastSeries; readonly run: ForecastRun }[],
  today: number,
): void {
  const changed = runs.flatMap(({ series, run }) => {
    if (run.forecast === null) return []
    const { id, component } = series
    const key = { id, metric, component, unit: series.metric.unit }
    const { model, version } = run.champion
    const { mean, quantiles } = run.forecast
    const kept = { model, version, madeDay: today, firstDay: run.firstDay, scale: run.scale, mean, quantiles }
    const before = readModel(context, id, today)
    const isChanged = JSON.stringify(before) !== JSON.stringify(run.stored)
    return [...(isChanged ? modelOperations(key, run.stored) : []), ...keepOperations(context, key, kept)]
  })
  writeKept(context, `forecast ${metric}`, changed)
}

function seriesView(series: ForecastSeries, run: ForecastRun, unit: AcceptedUnit): SeriesForecastView {
  const { metric, n, firstValueDay, lastValueDay } = series
  const { champion, forecast, firstDay, missing } = run
  const show = (value: number): number => shownNumber(metric, unit, value)
  const column = (level: number) =>
    (forecast?.quantiles ?? []).map((row) => show(row[levelIndex(level)] as number))
  const columns = {
    mean: (forecast?.mean ?? []).map(show),
    lower80: column(0.1),
    upper80: column(0.9),
    lower95: column(0.025),
    upper95: column(0.975),
  }
  const text =
    missing === null
      ? forecastText({
          ...columns,
          name: series.name,
          format: numberFormat(metric, unit),
          firstDay,
          model: champion.model,
          n,
          fromDay: firstValueDay as number,
          toDay: lastValueDay as number,
          trial: champion.trial,
          replaced: run.replaced?.model ?? null,
        })
      : `${series.name}: ${missing}.`
  return {
    series: series.id,
    model: champion.model,
    version: champion.version,
    since: formatDay(champion.sinceDay),
    reason: champion.reason,
    pinned: run.stored.registry.pinned,
    form: forecast?.form ?? null,
    n,
    from: firstValueDay === null ? null : formatDay(firstValueDay),
    to: lastValueDay === null ? null : formatDay(lastValueDay),
    dates: columns.mean.map((_, step) => formatDay(firstDay + step)),
    ...columns,
    quantiles: { levels: forecastLevels, values: (forecast?.quantiles ?? []).map((row) => row.map(show)) },
    trials: champion.trial,
    missing,
    text,
  }
}

/** The last weeks, and the forecast as a fan. */
function chartOf(series: ForecastSeries, run: ForecastRun, unit: AcceptedUnit): ChartSeries {
  const { metric, values, toDay } = series
  const steps = run.forecast?.mean.length ?? 0
  const past = values.slice(-Math.max(leastHistory, 2 * steps))
  const show = (value: number): number => fromCanonical(metric, unit, value)
  const ahead = Array.from({ length: steps }, (_, step) => run.firstDay + step)
  const column = (level: number) =>
    (run.forecast?.quantiles ?? []).map((row) => show(row[levelIndex(level)] as number))
  return {
    title: series.name,
    unit: unit.label,
    kind: 'line',
    decimals: decimalsFor(metric, unit),
    lines: [
      {
        label: '',
        day: Array.from(past, (_, i) => toDay - past.length + 1 + i),
        value: Array.from(past, show),
      },
    ],
    fan: {
      day: ahead,
      middle: (run.forecast?.mean ?? []).map(show),
      bands: [
        { level: 95, low: column(0.025), high: column(0.975) },
        { level: 80, low: column(0.1), high: column(0.9) },
      ],
    },
  }
}
