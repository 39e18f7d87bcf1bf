/**
 * Operations as canonical JSON texts, the payload of entity and edit items in batches and inbox entries.
 *
 *     entity       {"k":"e","t":type,"i":id,"f":field,"v":value}
 *     set          {"k":"s","t":type,"i":id,"f":field,"m":element,"v":present}
 *     observation  {"k":"o","s":[metric,device,app,deviceClass,unit],"n":identity,"f":field,"v":value}
 *
 * `identity` is `identityText` of the records room: it keeps every bit of a number, JSON would lose the sign of
 * zero. Parsing trusts nothing; an operation of a kind this version does not know is `undefined`, and whoever
 * reads it keeps its bytes (T26).
 */
import { Failure } from '../../foundation/index.ts'
import {
  deviceClasses,
  type EntityType,
  identityText,
  type JsonValue,
  type ObservationOperation,
  type ObservationRef,
  type Operation,
  type SeriesKey,
} from '../../records/index.ts'

export function operationToText(operation: Operation): string {
  switch (operation.kind) {
    case 'entity': {
      const { type, id, field, value } = operation
      return JSON.stringify({ k: 'e', t: type, i: id, f: field, v: value })
    }
    case 'set': {
      const { type, id, field, element, present } = operation
      return JSON.stringify({ k: 's', t: type, i: id, f: field, m: element, v: present })
    }
    case 'observation': {
      const { ref, field, value } = operation
      return JSON.stringify({ k: 'o', s: seriesToList(ref.series), n: identityText(ref), f: field, v: value })
    }
  }
}

/** Undefined for a kind or field of a newer version. Fails with DAMAGED on anything malformed. */
export function textToOperation(text: string): Operation | undefined {
  const parsed = parseObject(text)
  const kind = parsed.get('k')
  if (kind === 'e' || kind === 's') return entityOperationOf(parsed, kind)
  if (kind === 'o') return observationOperationOf(parsed)
  if (typeof kind !== 'string') throw malformed('it has no kind')
  return undefined
}

function entityOperationOf(parsed: ReadonlyMap<string, unknown>, kind: 'e' | 's'): Operation {
  const type = textOf(parsed.get('t'), 'type') as EntityType
  const id = textOf(parsed.get('i'), 'id')
  const field = textOf(parsed.get('f'), 'field')
  if (field === '__proto__' || field.includes('\u0000')) throw malformed('its field name is not valid')
  const value = parsed.get('v')
  if (kind === 'e') {
    if (value === undefined) throw malformed('it has no value')
    return { kind: 'entity', type, id, field, value: value as JsonValue }
  }
  if (typeof value !== 'boolean') throw malformed('its presence is no truth value')
  return { kind: 'set', type, id, field, element: textOf(parsed.get('m'), 'element'), present: value }
}

const observationFields: Readonly<Record<ObservationOperation['field'], (value: unknown) => boolean>> = {
  removed: (value) => typeof value === 'boolean',
  accepted: (value) => typeof value === 'boolean',
  superseded: (value) => typeof value === 'boolean',
  values: (value) => value === null || isNumbers(value),
  time: (value) => value === null || (isNumbers(value) && value.length === 3),
  note: (value) => value === null || typeof value === 'string',
  context: (value) => value === null || typeof value === 'string',
  tags: (value) => Array.isArray(value) && value.every((tag) => typeof tag === 'string'),
}

function observationOperationOf(parsed: ReadonlyMap<string, unknown>): Operation | undefined {
  const field = textOf(parsed.get('f'), 'field')
  if (!Object.hasOwn(observationFields, field)) return undefined
  const known = field as ObservationOperation['field']
  const value = parsed.get('v')
  if (!observationFields[known](value)) throw malformed(`its ${known} is not valid`)
  const series = listToSeries(parsed.get('s'))
  const ref = { series, ...textToIdentity(textOf(parsed.get('n'), 'identity')) }
  return { kind: 'observation', ref, field: known, value } as ObservationOperation
}

export type SeriesList = readonly [
  metric: string,
  device: string,
  app: string,
  deviceClass: string,
  unit: string,
]

export function seriesToList(series: SeriesKey): SeriesList {
  const { metric, source, unit } = series
  return [metric, source.device, source.app, source.deviceClass, unit]
}

/** Fails with DAMAGED. An unknown device class of a newer version counts as `unknown`. */
export function listToSeries(list: unknown): SeriesKey {
  if (!Array.isArray(list) || list.length !== 5 || !list.every((part) => typeof part === 'string')) {
    throw malformed('its series is not valid')
  }
  const [metric, device, app, deviceClassText, unit] = list as unknown as SeriesList
  const deviceClass = deviceClasses.find((known) => known === deviceClassText) ?? 'unknown'
  return { metric, source: { device, app, deviceClass }, unit }
}

/** The natural key behind an identity text. Fails with DAMAGED. */
export function textToIdentity(text: string): Omit<ObservationRef, 'series'> {
  const match = /^(-?\d+):(\d+):([kv])([\s\S]*)$/.exec(text)
  if (match === null) throw malformed('its identity is not valid')
  const [, start, duration, kind, rest] = match as unknown as [string, string, string, string, string]
  const discriminator = kind === 'k' ? rest : rest.split(',').map(Number)
  return { startMs: Number(start), durationMs: Number(duration), discriminator }
}

function parseObject(text: string): Map<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw malformed('it is no JSON')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw malformed('it is no object')
  return new Map(Object.entries(parsed))
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((part) => typeof part === 'number')
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw malformed(`its ${what} is no text`)
  return value
}

function malformed(reason: string): Failure {
  return new Failure('DAMAGED', `an operation is malformed: ${reason}`, { hint: 'healthmate vault scrub' })
}
