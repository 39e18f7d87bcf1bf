/** `models`: which model forecasts each series, why, and how its forecasts turned out. */
import { type ForecastModel, forecastModels } from '../../analytics/index.ts'
import { Failure, formatDay } from '../../foundation/index.ts'
import {
  championOf,
  compareModels,
  type ModelComparison,
  type ModelRegistry,
  type ModelScores,
  type ModelTrial,
  type ModelVersion,
  pinModel,
  rollBack,
  scoreKept,
  unpinModel,
  type VersionReason,
} from '../../insight/index.ts'
import { findMetric, type Metric } from '../../metrics/index.ts'
import { emptyChange } from '../../records/index.ts'
import type { AppContext } from '../context.ts'
import { dayOf } from '../daily.ts'
import { trialsOf } from '../forecasting/forecast-run.ts'
import { foldDays, forecastSeries } from '../forecasting/series.ts'
import { modelOperations, readKept, readModel, readModels } from '../forecasting/stored.ts'
import type { UseCase } from '../use-case.ts'

export interface ModelsArgs {
  readonly action: 'list' | 'show' | 'pin' | 'unpin' | 'rollback'
  /** Metric, or metric and component: `weight`, `bp.systolic`. All when left out. */
  readonly metric?: string
  /** To pin: the one that forecasts now when left out. */
  readonly model?: string
  /** To roll back to: the one before when left out. */
  readonly version?: number
}

export interface VersionView {
  readonly version: number
  readonly model: ForecastModel
  readonly since: string
  readonly reason: VersionReason
  readonly form: string | null
  /** The days that it was fitted on, and how many of them have a value. */
  readonly from: string | null
  readonly to: string | null
  readonly n: number
  /** Revision of the program's models that fitted it. */
  readonly revision: number | null
  readonly trials: ModelTrial | null
}

export interface ModelView extends VersionView {
  readonly series: string
  readonly pinned: boolean
  /** Forecasts that are kept, and the first day of the newest. */
  readonly forecasts: number
  readonly newestForecast: string | null
  /** Oldest first; the last is the one above. */
  readonly versions: readonly VersionView[]
}

export interface ModelsView {
  readonly models: readonly ModelView[]
  readonly count: number
}

export const modelsUseCase: UseCase<ModelsArgs, ModelsView> = {
  name: 'models',
  scope: 'read',
  async run(context, args) {
    const today = dayOf(context, context.clock.nowMs())
    const ids = kept(context, args.metric, today)
    if (args.action === 'pin') {
      change(context, ids, 'pin', today, (registry) =>
        pinModel(registry, modelNamed(args.model) ?? championOf(registry).model, today),
      )
    }
    if (args.action === 'unpin') change(context, ids, 'unpin', today, unpinModel)
    if (args.action === 'rollback') change(context, ids, 'roll back', today, (one) => back(one, args, today))
    const models = ids.map((id) => modelView(context, id, today))
    return { models, count: models.length }
  },
}

export interface ComparisonView {
  readonly series: string
  readonly model: ForecastModel
  readonly pinned: boolean
  /** Days of the trials; null without any. */
  readonly from: string | null
  readonly to: string | null
  /** The best first. */
  readonly models: readonly ModelComparison[]
}

/** All models on the same days of the past, as a `forecast` would compare them now. */
export const modelsCompareUseCase: UseCase<
  { readonly metric: string },
  { readonly comparisons: readonly ComparisonView[]; readonly count: number }
> = {
  name: 'models.compare',
  scope: 'read',
  async run(context, args) {
    const today = dayOf(context, context.clock.nowMs())
    const { metric, ids } = seriesNamed(args.metric)
    const comparisons = forecastSeries(context, metric, today)
      .filter(({ id }) => ids.includes(id))
      .map((series): ComparisonView => {
        const { registry, trials } = readModel(context, series.id, today)
        const { folds } = trialsOf(series, trials)
        const { model } = championOf(registry)
        const [first] = folds
        const last = folds.at(-1)
        return {
          series: series.id,
          model,
          pinned: registry.pinned,
          from: first === undefined ? null : formatDay(first.firstDay),
          to: last === undefined ? null : formatDay(last.firstDay + foldDays - 1),
          models: compareModels(folds, model),
        }
      })
    return { comparisons, count: comparisons.length }
  },
}

export interface ScoresView {
  readonly series: string
  /** Forecasts that are kept; those of which no day has happened and been measured yet. */
  readonly forecasts: number
  readonly waiting: number
  readonly models: readonly ModelScores[]
}

/** Forecasts that were made, held against what was measured since. */
export const modelsScoresUseCase: UseCase<
  { readonly metric?: string },
  { readonly scores: readonly ScoresView[]; readonly count: number }
> = {
  name: 'models.scores',
  scope: 'read',
  async run(context, args) {
    const today = dayOf(context, context.clock.nowMs())
    const scores = kept(context, args.metric, today).map((id): ScoresView => {
      const forecasts = readKept(context, id)
      const earliest = forecasts[0]?.firstDay ?? today
      const { metric } = seriesNamed(id)
      const series = forecastSeries(context, metric, today, earliest).find((one) => one.id === id)
      const happened = series ?? { fromDay: today, values: new Float64Array(0) }
      const models = scoreKept(forecasts, happened)
      const scored = models.reduce((sum, one) => sum + one.forecasts, 0)
      return { series: id, forecasts: forecasts.length, waiting: forecasts.length - scored, models }
    })
    return { scores, count: scores.length }
  },
}

/** Ids of the series that forecasting keeps something of. Fails with NOT_FOUND where a named one is not among them. */
function kept(context: AppContext, name: string | undefined, today: number): readonly string[] {
  const known = [...readModels(context, today).keys()].sort()
  if (name === undefined) return known
  const { metric, ids } = seriesNamed(name)
  const found = known.filter((id) => ids.includes(id))
  if (found.length > 0) return found
  throw new Failure('NOT_FOUND', `${metric.id} was never forecast`, {
    hint: `healthmate forecast ${metric.id}`,
  })
}

/** `bp` is both of its series, `bp.systolic` one. Fails with UNKNOWN_METRIC or USAGE. */
function seriesNamed(text: string): { readonly metric: Metric; readonly ids: readonly string[] } {
  const [name = '', component] = text.split('.', 2)
  const metric = findMetric(name)
  const all = metric.components.map(({ id }) => id)
  if (component === undefined) {
    return { metric, ids: all.length === 0 ? [metric.id] : all.map((id) => `${metric.id}.${id}`) }
  }
  if (all.includes(component)) return { metric, ids: [`${metric.id}.${component}`] }
  throw new Failure('USAGE', `${metric.name} has no "${component.slice(0, 40)}"`, {
    hint: all.length === 0 ? metric.id : all.map((id) => `${metric.id}.${id}`).join(' or '),
  })
}

function modelNamed(name: string | undefined): ForecastModel | undefined {
  if (name === undefined) return undefined
  const model = forecastModels.find((one) => one === name.replaceAll('-', '_'))
  if (model !== undefined) return model
  throw new Failure('USAGE', `there is no model "${name.slice(0, 40)}"`, {
    hint: `Models: ${forecastModels.join(', ')}.`,
  })
}

function back(registry: ModelRegistry, { version }: ModelsArgs, today: number): ModelRegistry {
  const found = rollBack(registry, today, version)
  if (found !== null) return found
  throw new Failure(
    'NOT_FOUND',
    version === undefined ? 'there was no other model before' : `there is no version ${version}`,
    { hint: 'healthmate models show METRIC' },
  )
}

/** What the person decides can be undone. */
function change(
  context: AppContext,
  ids: readonly string[],
  what: string,
  today: number,
  changed: (registry: ModelRegistry) => ModelRegistry,
): void {
  const operations = ids.flatMap((id) => {
    const stored = readModel(context, id, today)
    const [metric = '', component = ''] = id.split('.', 2)
    return modelOperations({ id, metric, component }, { ...stored, registry: changed(stored.registry) })
  })
  context.vault().write({ ...emptyChange, label: `models ${what} ${ids.join(', ')}`, operations })
}

function modelView(context: AppContext, id: string, today: number): ModelView {
  const { registry } = readModel(context, id, today)
  const forecasts = readKept(context, id)
  const newest = forecasts.at(-1)
  return {
    series: id,
    ...versionView(championOf(registry)),
    pinned: registry.pinned,
    forecasts: forecasts.length,
    newestForecast: newest === undefined ? null : formatDay(newest.firstDay),
    versions: registry.versions.map(versionView),
  }
}

function versionView({ version, model, sinceDay, reason, fit, trial }: ModelVersion): VersionView {
  return {
    version,
    model,
    since: formatDay(sinceDay),
    reason,
    form: fit?.form ?? null,
    from: fit === null ? null : formatDay(fit.fromDay),
    to: fit === null ? null : formatDay(fit.toDay),
    n: fit?.n ?? 0,
    revision: fit?.revision ?? null,
    trials: trial,
  }
}
