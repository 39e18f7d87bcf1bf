/**
 * A mapping: what the columns of a person's own table mean, as JSON that a person can write and save under a name.
 *
 *     {
 *       "version": 1,
 *       "delimiter": ";",
 *       "time": { "columns": ["Date", "Time"], "format": "day-first", "zone": "Europe/Berlin" },
 *       "decimalComma": true,
 *       "values": [
 *         { "metric": "blood_pressure", "columns": ["SYS", "DIA"], "unit": "mm[Hg]" },
 *         { "metric": "heart_rate", "columns": ["Pulse"], "unit": "/min" }
 *       ],
 *       "note": ["Comment"]
 *     }
 */
import { Failure } from '../../foundation/index.ts'
import { findMetric, type Metric, resolveUnit } from '../../metrics/index.ts'
import type { JsonValue } from '../../records/index.ts'
import { type Delimiter, delimiters } from '../delimited/delimiter.ts'
import type { TimeFormat } from '../delimited/table-plan.ts'

export const timeFormats: readonly TimeFormat[] = ['text', 'day-first', 'month-first', 'epoch-s', 'epoch-ms']
export const durationUnits = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 } as const

export interface MappedValue {
  /** Id, alias or LOINC code; or `metricColumn` names it row by row. */
  readonly metric?: string
  readonly metricColumn?: string
  /** One column, or one for each component. Absent with `interval`. */
  readonly columns?: readonly string[]
  /** The value is the time from start to end, in minutes. */
  readonly interval?: boolean
  readonly unit?: string
  readonly unitColumn?: string
  /** 0 stands for what was not measured. */
  readonly zeroIsNone?: boolean
}

export interface TableMapping {
  readonly version: 1
  readonly delimiter?: Delimiter
  /** Name of the sheet of a workbook. */
  readonly sheet?: string
  /** Line (row) of the header, from 1; else the first that has all named columns. */
  readonly headerRow?: number
  readonly decimalComma?: boolean
  readonly time: {
    readonly columns: readonly string[]
    readonly format?: TimeFormat
    readonly end?: readonly string[]
    readonly duration?: { readonly column: string; readonly unit: keyof typeof durationUnits }
    readonly zone?: string
    readonly zoneColumn?: string
  }
  readonly values: readonly MappedValue[]
  readonly note?: readonly string[]
  readonly tags?: readonly string[]
  readonly context?: readonly string[]
  /** Columns kept beside every value. */
  readonly keep?: readonly string[]
  /** Name of the program or device that the table comes from. */
  readonly source?: string
  readonly deviceColumn?: string
  /** Cells that mean nothing, such as `-`. */
  readonly none?: readonly string[]
}

/** Checks what somebody wrote. Fails with USAGE naming the place. */
export function readTableMapping(value: JsonValue): TableMapping {
  const root = objectAt(value, 'the mapping')
  if (root['version'] !== 1) throw fault('"version" must be 1')
  const time = objectAt(root['time'] ?? null, '"time"')
  if (texts(time['columns'], 'time.columns').length === 0) throw fault('"time.columns" names no column')
  oneOf(time['format'], timeFormats, 'time.format')
  texts(time['end'], 'time.end')
  text(time['zone'], 'time.zone')
  text(time['zoneColumn'], 'time.zoneColumn')
  if (time['duration'] !== undefined) {
    const duration = objectAt(time['duration'], '"time.duration"')
    if (text(duration['column'], 'time.duration.column') === '')
      throw fault('"time.duration" names no column')
    if (!Object.hasOwn(durationUnits, String(duration['unit'])))
      throw fault('"time.duration.unit" is one of ms, s, min, h')
  }
  oneOf(root['delimiter'], delimiters, 'delimiter')
  for (const name of ['sheet', 'source', 'deviceColumn'] as const) text(root[name], name)
  for (const name of ['note', 'tags', 'context', 'keep', 'none'] as const) texts(root[name], name)
  const values = root['values']
  if (!Array.isArray(values) || values.length === 0) throw fault('"values" is a list of at least one value')
  for (const [index, one] of (values as readonly JsonValue[]).entries()) checkValue(one, `values[${index}]`)
  return root as unknown as TableMapping
}

function checkValue(value: JsonValue, place: string): void {
  const one = objectAt(value, `"${place}"`)
  const columns = texts(one['columns'], `${place}.columns`)
  const metricName = text(one['metric'], `${place}.metric`)
  const unit = text(one['unit'], `${place}.unit`)
  text(one['unitColumn'], `${place}.unitColumn`)
  const metricColumn = text(one['metricColumn'], `${place}.metricColumn`)
  if ((metricName === '') === (metricColumn === ''))
    throw fault(`"${place}" needs one of metric and metricColumn`)
  if ((columns.length === 0) !== (one['interval'] === true))
    throw fault(`"${place}" needs one of columns and interval`)
  if (metricName !== '') checkMetric(findMetric(metricName), columns, unit, one, place)
}

function checkMetric(
  metric: Metric,
  columns: readonly string[],
  unit: string,
  one: Readonly<Record<string, JsonValue>>,
  place: string,
): void {
  const expected = Math.max(1, metric.components.length)
  if (columns.length > 0 && columns.length !== expected) {
    const names = metric.components.map(({ id }) => id).join(' and ')
    throw fault(`"${place}.columns" needs ${expected === 1 ? 'one column' : `a column each for ${names}`}`)
  }
  if (unit !== '') resolveUnit(metric, unit)
  else if (metric.needsUnit && one['unitColumn'] === undefined && one['interval'] !== true) {
    throw new Failure('UNIT', `"${place}" has no unit, and ${metric.id} needs one`, {
      hint: `Write "unit": "${metric.units[0]?.ucum ?? ''}" (or another unit of ${metric.id}).`,
    })
  }
}

function objectAt(value: JsonValue, what: string): Readonly<Record<string, JsonValue>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fault(`${what} is no object`)
  return value as Readonly<Record<string, JsonValue>>
}

function text(value: JsonValue | undefined, what: string): string {
  if (value === undefined) return ''
  if (typeof value !== 'string' || value.trim() === '') throw fault(`"${what}" is no text`)
  return value
}

function texts(value: JsonValue | undefined, what: string): readonly string[] {
  if (value === undefined) return []
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) {
    throw fault(`"${what}" is no list of texts`)
  }
  return value as readonly string[]
}

function oneOf(value: JsonValue | undefined, allowed: readonly string[], what: string): void {
  if (value !== undefined && !allowed.includes(String(value))) {
    throw fault(`"${what}" is one of ${allowed.map((one) => JSON.stringify(one)).join(', ')}`)
  }
}

function fault(reason: string): Failure {
  return new Failure('USAGE', `the mapping cannot be used: ${reason}`, {
    hint: 'docs/formats/csv-import.md describes it; healthmate import csv FILE --interactive writes one.',
  })
}
