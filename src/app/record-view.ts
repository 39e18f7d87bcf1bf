/** Observations as people and scripts see them (`list --json` of the command-line contract), in the display unit. */
import { formatInstant } from '../foundation/index.ts'
import {
  type AcceptedUnit,
  displayUnit,
  formatValue,
  type Metric,
  metricById,
  shownNumber,
  type UnitPreferences,
} from '../metrics/index.ts'
import { type Observation, observationFlag, sourceLabel } from '../records/index.ts'

/** A number for single-valued metrics, otherwise numbers by component id. */
export type ValueView = number | Readonly<Record<string, number>>

export interface RecordView {
  readonly id: string
  readonly metric: string
  /** ISO 8601 with offset. */
  readonly at: string
  /** `null` for an instant. */
  readonly end: string | null
  readonly value: ValueView
  /** UCUM. */
  readonly unit: string
  readonly source: string
  readonly note: string | null
  readonly tags: readonly string[]
  readonly context: string | null
  /** As typed or imported where it is shown otherwise (edited, another unit): value and UCUM unit. */
  readonly original: { readonly value: ValueView; readonly unit: string } | null
  /** `manual`, `unconfirmed`, `edited`, `conflicting`, `confirmed`. */
  readonly flags: readonly string[]
  /** For people: `128/82 mmHg`. */
  readonly text: string
  /** Metric name for people. */
  readonly name: string
}

export function recordView(observation: Observation, preferences: UnitPreferences): RecordView {
  const metric = metricById(observation.metric)
  const unit = metric ? displayUnit(metric, preferences) : undefined
  const values = displayValues(observation, metric, unit)
  const original = originalOf(observation, unit)
  return {
    id: observation.id,
    metric: observation.metric,
    at: formatInstant(observation.startMs, observation.offsetMin),
    end:
      observation.endMs === observation.startMs
        ? null
        : formatInstant(observation.endMs, observation.offsetMin),
    value: valueView(metric, values),
    unit: unit?.ucum ?? observation.unit,
    source: sourceLabel(observation.source),
    note: observation.extra.note ?? null,
    tags: observation.extra.tags ?? [],
    context: observation.extra.context ?? null,
    original: original ? { value: valueView(metric, original.values), unit: original.unit } : null,
    flags: flagNames(observation.flags),
    text:
      metric && unit
        ? formatValue(metric, observation.values, unit)
        : `${observation.values.join('/')} ${observation.unit}`,
    name: metric ? shownName(metric, observation.extra.context) : observation.metric,
  }
}

/** A symptom that the catalogue does not have is called what the person called it: its context. */
export function shownName(metric: Metric, context: string | undefined): string {
  return metric.id === 'symptom' && context !== undefined ? `Symptom: ${context}` : metric.name
}

/** What was typed comes back exactly, not through two conversions. */
function displayValues(
  observation: Observation,
  metric: Metric | undefined,
  unit: AcceptedUnit | undefined,
): readonly number[] {
  const isAsStored = observation.original === null && (unit === undefined || unit.ucum === observation.unit)
  if (!metric || !unit || isAsStored) return observation.values
  const edited = (observation.flags & observationFlag.edited) !== 0
  if (!edited && observation.original?.unit === unit.ucum) return observation.original.values
  return observation.values.map((value) => shownNumber(metric, unit, value))
}

/** Without one of its own the observation is as its source gave it; the person may see it in another unit. */
function originalOf(observation: Observation, unit: AcceptedUnit | undefined): Observation['original'] {
  if (observation.original !== null || unit === undefined || unit.ucum === observation.unit)
    return observation.original
  return { values: observation.values, unit: observation.unit }
}

export function valueView(metric: Metric | undefined, values: readonly number[]): ValueView {
  if (!metric || metric.components.length === 0) return values[0] ?? Number.NaN
  return Object.fromEntries(
    metric.components.map((component, index) => [component.id, values[index] ?? Number.NaN]),
  )
}

export function flagNames(flags: number): readonly string[] {
  return Object.entries(observationFlag)
    .filter(([, bit]) => (flags & bit) !== 0)
    .map(([name]) => name)
}
