/**
 * What is kept of forecasting, as entities: per series a `forecast_model` (registry and trials), and in a ring of
 * `mostKept` slots the `forecast`s that were made. Numbers are in the canonical unit.
 */
import {
  type ForecastModel,
  type ForecastScores,
  forecastLevels,
  forecastModels,
} from '../../analytics/index.ts'
import {
  type DatedFold,
  firstRegistry,
  type KeptForecast,
  type ModelRegistry,
  type ModelVersion,
} from '../../insight/index.ts'
import { type Entity, emptyChange, type JsonValue, type Operation } from '../../records/index.ts'
import type { AppContext } from '../context.ts'

/** Forecasts kept per series, at most one for a first day: a year of weekly ones. */
export const mostKept = 52

export interface StoredModel {
  readonly registry: ModelRegistry
  readonly trials: StoredTrials | null
}

/** The folds of the last backtest, and what they were computed from. */
export interface StoredTrials {
  readonly key: string
  readonly folds: readonly DatedFold[]
}

/** The registry of a series; a first one where none is kept yet. */
export function readModel(context: AppContext, seriesId: string, today: number): StoredModel {
  const fields = context.vault().entity('forecast_model', seriesId)?.fields
  return fields === undefined ? { registry: firstRegistry(today), trials: null } : modelOf(fields, today)
}

/** Every registry by id of its series. */
export function readModels(context: AppContext, today: number): ReadonlyMap<string, StoredModel> {
  const entities = context.vault().entities('forecast_model')
  return new Map(entities.map(({ id, fields }) => [id, modelOf(fields, today)]))
}

/** The forecasts of a series, oldest first. */
export function readKept(context: AppContext, seriesId: string): readonly KeptForecast[] {
  return keptEntities(context, seriesId)
    .map(({ kept }) => kept)
    .sort((a, b) => a.firstDay - b.firstDay)
}

export function modelOperations(
  series: { readonly id: string; readonly metric: string; readonly component: string },
  { registry, trials }: StoredModel,
): readonly Operation[] {
  return operations('forecast_model', series.id, {
    metric: series.metric,
    component: series.component,
    registry: registry as unknown as JsonValue,
    trials: trials as unknown as JsonValue,
  })
}

/**
 * Operations that keep a forecast: in the slot of the same first day, a free one, or that of the oldest. None where
 * the same forecast is kept already, or one that reaches further from the same day.
 */
export function keepOperations(
  context: AppContext,
  series: { readonly id: string; readonly metric: string; readonly component: string; readonly unit: string },
  forecast: KeptForecast,
): readonly Operation[] {
  const present = keptEntities(context, series.id)
  const same = present.find(({ kept }) => kept.firstDay === forecast.firstDay)
  const rounded = roundedForecast(forecast)
  if (same !== undefined) {
    const isShorter = forecast.mean.length < same.kept.mean.length
    if (isShorter || sameNumbers(same.kept, rounded)) return []
  }
  const oldest = present.reduce<StoredForecast | undefined>(
    (first, one) => (first === undefined || one.kept.firstDay < first.kept.firstDay ? one : first),
    undefined,
  )
  const replaced = same ?? (present.length < mostKept ? undefined : oldest)
  const slot = replaced?.id ?? freeSlot(series.id, present)
  return operations('forecast', slot, {
    series: series.id,
    metric: series.metric,
    component: series.component,
    unit: series.unit,
    levels: forecastLevels,
    ...rounded,
  } as unknown as Record<string, JsonValue>)
}

/** Writes what changed, beyond the reach of `undo`. */
export function writeKept(context: AppContext, label: string, changed: readonly Operation[]): void {
  if (changed.length > 0) context.vault().keep({ ...emptyChange, label, operations: changed })
}

interface StoredForecast {
  readonly id: string
  readonly kept: KeptForecast
}

function keptEntities(context: AppContext, seriesId: string): StoredForecast[] {
  return context
    .vault()
    .entities('forecast')
    .flatMap((entity) => {
      const kept = entity.fields['series'] === seriesId ? keptOf(entity) : null
      return kept === null ? [] : [{ id: entity.id, kept }]
    })
}

function freeSlot(seriesId: string, present: readonly StoredForecast[]): string {
  const taken = new Set(present.map(({ id }) => id))
  for (let slot = 0; ; slot++) {
    const id = `${seriesId}/${String(slot).padStart(2, '0')}`
    if (!taken.has(id)) return id
  }
}

function operations(
  type: 'forecast' | 'forecast_model',
  id: string,
  fields: Readonly<Record<string, JsonValue>>,
): Operation[] {
  return Object.entries(fields).map(([field, value]) => ({ kind: 'entity', type, id, field, value }))
}

/** Seven digits: beyond what any device measures. */
function roundedForecast(forecast: KeptForecast): KeptForecast {
  const round = (value: number): number => Number(value.toPrecision(7))
  return {
    ...forecast,
    scale: forecast.scale === null ? null : round(forecast.scale),
    mean: forecast.mean.map(round),
    quantiles: forecast.quantiles.map((row) => row.map(round)),
  }
}

function sameNumbers(a: KeptForecast, b: KeptForecast): boolean {
  return (
    a.model === b.model && JSON.stringify([a.mean, a.quantiles]) === JSON.stringify([b.mean, b.quantiles])
  )
}

/** Null for what a newer program wrote in a way that this one does not know. */
function keptOf({ fields }: Entity): KeptForecast | null {
  const { model, version, madeDay, firstDay, scale, mean, quantiles, levels } = fields
  const isKnown =
    isModel(model) &&
    Array.isArray(mean) &&
    Array.isArray(quantiles) &&
    JSON.stringify(levels) === JSON.stringify(forecastLevels)
  if (!isKnown) return null
  return {
    model,
    version: Number(version),
    madeDay: Number(madeDay),
    firstDay: Number(firstDay),
    scale: typeof scale === 'number' ? scale : null,
    mean: mean as number[],
    quantiles: quantiles as number[][],
  }
}

function modelOf(fields: Entity['fields'], today: number): StoredModel {
  const registry = fields['registry'] as unknown as ModelRegistry | null | undefined
  const versions = (registry?.versions ?? []).filter(({ model }: ModelVersion) => isModel(model))
  const trials = fields['trials'] as unknown as StoredTrials | null | undefined
  return {
    registry:
      registry === null || registry === undefined || versions.length === 0
        ? firstRegistry(today)
        : { ...registry, versions },
    trials:
      trials === null || trials === undefined ? null : { ...trials, folds: trials.folds.map(knownFold) },
  }
}

function knownFold({ firstDay, scores }: DatedFold): DatedFold {
  const known = Object.entries(scores).filter(([model]) => isModel(model))
  return { firstDay, scores: Object.fromEntries(known) as Record<ForecastModel, ForecastScores | null> }
}

function isModel(value: unknown): value is ForecastModel {
  return (forecastModels as readonly unknown[]).includes(value)
}
