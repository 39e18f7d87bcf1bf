/** Reads the files of a Withings archive, each by its name and header. */
import { growingTotalFacts, normaliseSource } from '../../records/index.ts'
import { rowText } from '../delimited/csv-rows.ts'
import { firstRows, readRows } from '../delimited/member-rows.ts'
import { cellNumber } from '../delimited/number.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { localDaySpan } from '../local-days.ts'
import { Measurements, type Place } from '../measurements.ts'
import { memberLabel } from '../member-chunks.ts'
import { instantWithOffset, readWallTime } from '../wall-time.ts'
import { attachmentOf, wholeMember } from '../whole-member.ts'
import { takeActivity, takePressure, takeSleep } from './rows.ts'
import { type RawSeries, rawSeries, stateSeries, type Table, tables, titleOf } from './tables.ts'

/** An electrocardiogram of 30 s has 100 kB. */
const maxSignalBytes = 64 * 1024 * 1024

/** `folder/Raw HR hr (1).csv` → `raw_hr_hr`. */
export function fileName(name: string): string {
  return memberLabel(name)
    .replace(/\.csv$/i, '')
    .replace(/ ?\(\d+\)$/, '')
    .replaceAll(' ', '_')
    .toLowerCase()
}

/** The first line of each kind of file, so that a `weight.csv` of another program is none. */
const headers: readonly (readonly [RegExp, RegExp])[] = [
  [/^weight$/, /^date,weight \(.*\),fat mass/i],
  [/^height$/, /^date,height/i],
  [/^bp$/, /^date,heart rate,systolic,diastolic/i],
  [/^sleep$/, /^from,to,light \(s\),deep \(s\)/i],
  [/^activities$/, /^from,to,from \(manual\)/i],
  [/^user$/, /^firstname,lastname,birthdate,gender/i],
  [/^signal$/, /^date,.*signal/i],
  [/^raw_/, /^start,duration,value$/i],
  [/^(aggregates_|(manual_)?spo2$|(body_)?temperature$|pwv$)/, /^date,/i],
]

export function isWithings(name: string, head: Uint8Array): boolean {
  const file = fileName(name)
  const first = firstRows(head, 1)[0]?.join(',') ?? ''
  return /\.csv$/i.test(name) && headers.some(([files, header]) => files.test(file) && header.test(first))
}

export const withings = 'Withings'

/** What the rows of a file need to become measurements. */
export class WithingsContext {
  readonly intake: Intake
  readonly measurements: Measurements
  readonly source = normaliseSource({ name: withings })
  /** Sums of a device; the sums of days, `Withings`, rank before them. */
  readonly rawSource = normaliseSource({ name: 'Withings/raw' })
  readonly label: string

  constructor(intake: Intake, label: string) {
    this.intake = intake
    this.measurements = new Measurements(intake)
    this.label = label
  }

  /** A time with or without a zone of its own; NaN when it is none. */
  time(text: string): { readonly ms: number; readonly offsetMin: number } {
    const read = readWallTime(text)
    if (!read) return { ms: Number.NaN, offsetMin: 0 }
    if (read.offsetMin === null) {
      const zone = this.intake.zone()
      const ms = zone.instantOf(read.wallMs)
      return { ms, offsetMin: zone.at(ms) }
    }
    const ms = instantWithOffset(read.wallMs, read.offsetMin)
    // The person's zone wins over an offset that is written.
    const { zone } = this.intake.options
    return { ms, offsetMin: zone === undefined ? read.offsetMin : this.intake.zone().at(ms) }
  }
}

type TakeRow = (
  context: WithingsContext,
  cells: readonly string[],
  header: readonly string[],
  place: Place,
) => void

export async function readWithings(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const file = fileName(member.name)
  if (file === 'signal') {
    const bytes = await wholeMember(member, maxSignalBytes, intake, totalBytes)
    if (bytes && intake.begin(0))
      intake.attach('electrocardiogram', attachmentOf(member.name, 'text/csv', bytes))
    return
  }
  const take = rowTaker(file)
  const context = new WithingsContext(intake, memberLabel(member.name))
  let header: readonly string[] | undefined
  await readRows(member, intake, totalBytes, (cells, line, delimiter) => {
    if (cells.length === 1 && cells[0]?.trim() === '') return
    if (!header) {
      header = cells.map((cell) => cell.trim())
      return
    }
    const place = { where: () => `${context.label}:${line}`, raw: () => rowText(cells, delimiter) }
    take(
      context,
      cells.map((cell) => cell.trim()),
      header,
      place,
    )
  })
}

function rowTaker(file: string): TakeRow {
  if (file === 'bp') return takePressure
  if (file === 'sleep') return takeSleep
  if (file === 'activities') return takeActivity
  if (file === 'user') return takeUser
  const series = rawSeries.find((one) => one.file.test(file))
  if (series) return (context, cells, _header, place) => takeSeries(context, series, cells, place)
  const states = stateSeries.find((one) => one.file.test(file))
  if (states) return (context, cells, _header, place) => takeStates(context, states.states, cells, place)
  const table = tables.find((one) => one.file.test(file))
  if (table) return (context, cells, header, place) => takeTable(context, table, cells, header, place)
  return (context, cells, _header, place) =>
    context.measurements.unmapped(`withings ${file}`, context.time(cells[0] ?? '').ms, place)
}

function takeTable(
  context: WithingsContext,
  table: Table,
  cells: readonly string[],
  header: readonly string[],
  place: Place,
): void {
  const { measurements, intake } = context
  const day = table.isDaily ? localDaySpan(cells[0] ?? '', intake.zone()) : undefined
  const at = context.time(cells[0] ?? '')
  const span = table.isDaily
    ? (day ?? { startMs: Number.NaN, offsetMin: 0 })
    : { startMs: at.ms, offsetMin: at.offsetMin }
  const note = cells[header.findIndex((title) => /^comments$/i.test(title))] ?? ''
  let taken = 0
  for (const [index, cell] of cells.entries()) {
    const { title, unit: stated } = titleOf(header[index] ?? '')
    const column = table.columns.find((one) => one.title.test(title))
    if (!column || cell === '') continue
    taken++
    const unit = stated ?? (column.unit || intake.unit(column.metric))
    if (unit === undefined) {
      measurements.refuse(`its unit is not stated: say --unit ${column.metric}=UNIT`, place, 'UNIT')
      continue
    }
    const value = cellNumber(cell)
    const beside = note === '' ? {} : { note: note.slice(0, 1000) }
    const extra =
      table.isDaily && value >= 0 ? { meta: growingTotalFacts(withings, value), ...beside } : beside
    measurements.take({ metric: column.metric, unit, source: context.source, extra, value, ...span }, place)
  }
  if (taken === 0) measurements.unmapped('withings row without values', at.ms, place)
}

/** `[120,1620]` → numbers; a number by itself is a list of one. Null when it is neither. */
function numbersOf(cell: string): readonly number[] | null {
  const inner = /^\[(.*)\]$/.exec(cell)?.[1] ?? cell
  if (inner.trim() === '') return []
  const numbers = inner.split(',').map((part) => cellNumber(part))
  return numbers.some(Number.isNaN) ? null : numbers
}

/** Walks the elements of a row: each lasts its seconds and follows the one before. */
function eachElement(
  context: WithingsContext,
  cells: readonly string[],
  place: Place,
  take: (value: number, startMs: number, seconds: number, offsetMin: number) => void,
): void {
  const { ms, offsetMin } = context.time(cells[0] ?? '')
  const seconds = numbersOf(cells[1] ?? '')
  const values = numbersOf(cells[2] ?? '')
  if (!seconds || !values || seconds.length !== values.length || values.length === 0) {
    context.measurements.refuse('its durations and values do not belong together', place)
    return
  }
  let startMs = ms
  for (const [index, value] of values.entries()) {
    const length = seconds[index] as number
    take(value, startMs, length, offsetMin)
    startMs += length * 1000
  }
}

function takeSeries(
  context: WithingsContext,
  series: RawSeries,
  cells: readonly string[],
  place: Place,
): void {
  const { metric, unit, from, isSum } = series
  const source = isSum ? context.rawSource : context.source
  eachElement(context, cells, place, (value, startMs, seconds, offsetMin) => {
    if (value < from) {
      context.measurements.unmapped(`withings ${metric} without a measurement`, startMs, place)
      return
    }
    const base = { metric, unit, source, startMs, offsetMin }
    context.measurements.take({ durationMs: seconds * 1000, value, ...base }, place)
  })
}

function takeStates(
  context: WithingsContext,
  states: Readonly<Record<number, string>>,
  cells: readonly string[],
  place: Place,
): void {
  const source = context.rawSource
  eachElement(context, cells, place, (state, startMs, seconds, offsetMin) => {
    const metric = Object.hasOwn(states, state) ? states[state] : undefined
    if (metric === undefined || seconds <= 0) {
      context.measurements.unmapped('withings state without a metric', startMs, place)
      return
    }
    const base = { metric, unit: 's', source, startMs, offsetMin }
    context.measurements.take({ durationMs: seconds * 1000, value: seconds, ...base }, place)
  })
}

/** The account's own facts are offered to the profile. `birthdate` is in seconds since 1970. */
function takeUser(
  context: WithingsContext,
  cells: readonly string[],
  header: readonly string[],
  place: Place,
): void {
  const at = (title: string) => cells[header.indexOf(title)] ?? ''
  const where = place.where()
  const birth = cellNumber(at('birthdate'))
  if (Math.abs(birth) < 8e9) {
    const value = new Date(birth * 1000).toISOString().slice(0, 10)
    context.intake.offer({ field: 'dateOfBirth', value, where })
  }
  const sex = at('gender').toLowerCase()
  if (sex === 'male' || sex === 'female') context.intake.offer({ field: 'sex', value: sex, where })
}
