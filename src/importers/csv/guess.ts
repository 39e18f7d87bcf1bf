/**
 * A first mapping for a table, as questions to a person: each column with its samples and what it may be. Guesses are
 * offered, never used unseen.
 */
import { type Metric, metricById, metrics } from '../../metrics/index.ts'
import { type Delimiter, delimiterOf } from '../delimited/delimiter.ts'
import { firstRows } from '../delimited/member-rows.ts'
import { cellNumber } from '../delimited/number.ts'
import { acceptedUnit } from '../delimited/table-reader.ts'
import { headText } from '../delimited/text.ts'
import { orderShown, readWallTime } from '../wall-time.ts'

export type ColumnRole = 'time' | 'end' | 'value' | 'note' | 'tags' | 'keep' | 'ignore'

export interface ColumnGuess {
  readonly name: string
  readonly samples: readonly string[]
  readonly role: ColumnRole
  /** Of a value: catalogue id, place among the components, and the unit in the column's name (UCUM). */
  readonly metric?: string
  readonly component?: number
  readonly unit?: string
}

export interface TableGuess {
  readonly delimiter: Delimiter
  /** From 1. */
  readonly headerRow: number
  readonly decimalComma: boolean
  /** Undefined where dates can be read in two ways. */
  readonly timeFormat: 'text' | 'epoch-s' | 'epoch-ms' | undefined
  readonly columns: readonly ColumnGuess[]
}

const lookedAtRows = 60
const shownSamples = 3
const timeName = /\b(?:date|time|timestamp|datum|zeit|uhrzeit|when|fecha|hora|heure|measured|taken|start)\b/i
const endName = /\b(?:end|stop|until|bis|finish)\b/i
const noteName = /\b(?:note|notes|comment|comments|remark|remarks|kommentar|bemerkung|notiz)\b/i
const tagName = /\b(?:tag|tags|label|labels)\b/i
const components: readonly (readonly [RegExp, number])[] = [
  [/^(?:sys|systolic|systolisch|systole)\b/i, 0],
  [/^(?:dia|diastolic|diastolisch|diastole)\b/i, 1],
]

/** Looks at the beginning of a table; undefined where no row looks like a header. */
export function guessTable(head: Uint8Array): TableGuess | undefined {
  const rows = firstRows(head, lookedAtRows)
  return guessRows(rows, delimiterOf(headText(head)))
}

/** As `guessTable`, from rows that were read already (of a workbook). */
export function guessRows(
  rows: readonly (readonly string[])[],
  delimiter: Delimiter,
): TableGuess | undefined {
  const at = rows.findIndex((row, index) => isHeader(row) && looksLikeData(rows[index + 1] ?? []))
  const header = rows[at]
  if (!header) return undefined
  const body = rows.slice(at + 1, at + 1 + lookedAtRows)
  const samplesOf = (column: number) =>
    body.map((row) => (row[column] ?? '').trim()).filter((cell) => cell !== '')
  const columns = header.map((name, column) => guessColumn(name.trim(), samplesOf(column)))
  const times = columns.flatMap(({ role }, column) => (role === 'time' ? samplesOf(column) : []))
  return {
    delimiter,
    headerRow: at + 1,
    decimalComma: columns.some(
      ({ role }, column) =>
        (role === 'value' || role === 'keep') && samplesOf(column).some((cell) => /^\d+,\d{1,2}$/.test(cell)),
    ),
    timeFormat: timeFormatOf(times),
    columns,
  }
}

function isHeader(row: readonly string[]): boolean {
  const cells = row.map((cell) => cell.trim()).filter((cell) => cell !== '')
  return cells.length >= 2 && cells.every((cell) => Number.isNaN(cellNumber(cell)) && !isTime(cell))
}

function looksLikeData(row: readonly string[]): boolean {
  return row.some((cell) => isTime(cell.trim()) || !Number.isNaN(cellNumber(cell)))
}

function isTime(cell: string): boolean {
  return readWallTime(cell, 'day-first') !== undefined || readWallTime(cell, 'month-first') !== undefined
}

function guessColumn(name: string, samples: readonly string[]): ColumnGuess {
  const shown = { name, samples: samples.slice(0, shownSamples) }
  const isEpoch = samples.length > 0 && samples.every((cell) => /^\d{10}(?:\d{3})?$/.test(cell))
  const isClock =
    samples.length > 0 &&
    samples.every((cell) => isTime(cell) || /^\d{1,2}:\d{2}(?::\d{2})?( ?[AaPp][Mm])?$/.test(cell))
  if (isEpoch || isClock) return { ...shown, role: endName.test(name) ? 'end' : 'time' }
  if (noteName.test(name)) return { ...shown, role: 'note' }
  if (tagName.test(name)) return { ...shown, role: 'tags' }
  const value = guessValue(name)
  if (value) return { ...shown, role: 'value', ...value }
  if (timeName.test(name) && samples.length === 0) return { ...shown, role: 'time' }
  return { ...shown, role: samples.length === 0 ? 'ignore' : 'keep' }
}

/** The metric that a column's name says, without the unit in brackets. */
function guessValue(name: string): Pick<ColumnGuess, 'metric' | 'component' | 'unit'> | undefined {
  const unitText = /[([]([^)\]]+)[)\]]/.exec(name)?.[1] ?? ''
  const bare = name.replace(/[([][^)\]]*[)\]]/g, ' ').trim()
  const component = components.find(([pattern]) => pattern.test(bare))?.[1]
  const metric = component === undefined ? metricNamed(bare) : metricById('blood_pressure')
  if (!metric) return undefined
  const unit = acceptedUnit(metric, unitText)?.ucum
  return {
    metric: metric.id,
    ...(component === undefined ? {} : { component }),
    ...(unit === undefined ? {} : { unit }),
  }
}

function metricNamed(text: string): Metric | undefined {
  const key = keyOf(text)
  if (key === '') return undefined
  return metrics.find(({ id, name, aliases }) => [id, name, ...aliases].some((one) => keyOf(one) === key))
}

function keyOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}%]+/gu, '')
}

function timeFormatOf(samples: readonly string[]): TableGuess['timeFormat'] {
  if (samples.length > 0 && samples.every((cell) => /^\d{10}$/.test(cell))) return 'epoch-s'
  if (samples.length > 0 && samples.every((cell) => /^\d{13}$/.test(cell))) return 'epoch-ms'
  const shown = new Set(samples.map((cell) => orderShown(cell)))
  const isOpen = shown.has('open') && !shown.has('day-first') && !shown.has('month-first')
  return isOpen ? undefined : 'text'
}
