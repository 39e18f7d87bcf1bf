/** Rows of the export's tables into measurements. */
import { dayMs, minuteMs } from '../../foundation/index.ts'
import { extraToText } from '../../records/index.ts'
import { rowText } from '../delimited/csv-rows.ts'
import { readRows } from '../delimited/member-rows.ts'
import { cellNumber } from '../delimited/number.ts'
import type { InputMember } from '../importer.ts'
import type { SeriesHandle } from '../intake.ts'
import type { Place } from '../measurements.ts'
import { memberLabel } from '../member-chunks.ts'
import { readWallTime, type WallTime } from '../wall-time.ts'
import type { FitbitContext, Moment } from './context.ts'
import { IsoReader, isMidnight } from './stamp.ts'
import type { Clock, FoundTable, Table } from './tables.ts'

export interface When {
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
}

export type TakeRow = (cells: readonly string[], place: Place) => void

/** Reads the rows behind the header. A file without any says `no data`, or has its header alone. */
export async function readTable(
  context: FitbitContext,
  member: InputMember,
  totalBytes: number | null,
  take: TakeRow,
): Promise<void> {
  const label = memberLabel(member.name)
  let isHeader = true
  await readRows(member, context.intake, totalBytes, (cells, line, delimiter) => {
    const isBlank = cells.length === 1 && cells[0]?.trim() === ''
    if (isHeader) isHeader = isBlank
    else if (!isBlank) take(cells, { where: () => `${label}:${line}`, raw: () => rowText(cells, delimiter) })
  })
}

/** Takes the rows of a table that has its metrics in columns. */
export function rowsOf(context: FitbitContext, found: FoundTable): TakeRow {
  const { table, columns } = found
  const isTold = table.averages !== undefined && context.readings.has(table.averages)
  const toExtra = extras(found)
  const iso = new IsoReader()
  return (cells, place) => {
    const when = whenOf(context, table, cells[found.time]?.trim() ?? '', iso)
    if (isTold) {
      context.measurements.unmapped(`${table.kind} beside its readings`, when.startMs, place)
      return
    }
    const device = found.device < 0 ? '' : (cells[found.device]?.trim() ?? '')
    const source = table.isCount ? context.countSource(device) : context.readingSource(device)
    let taken = 0
    for (const { column, at } of columns) {
      const text = cells[at]?.trim() ?? ''
      const stated = cellNumber(text)
      const value = column.times === undefined ? stated : stated / column.times
      // `NaN` stands for what could not be computed yet.
      if (/^(nan)?$/i.test(text) || value < column.from || table.none?.includes(value)) continue
      taken++
      take(
        context,
        context.series(column.metric, column.unit, source),
        when,
        value,
        toExtra(cells, device),
        place,
      )
    }
    if (taken === 0) context.measurements.unmapped(table.kind, when.startMs, place)
  }
}

/** Takes a value without an object for it: the tables have tens of millions. */
function take(
  { intake }: FitbitContext,
  series: SeriesHandle,
  { startMs, durationMs, offsetMin }: When,
  value: number,
  extra: string,
  place: Place,
): void {
  if (!intake.begin(1)) return
  if (Number.isNaN(startMs)) {
    intake.refuse(place.where(), 'its date cannot be read', place.raw(), 'DATE')
    return
  }
  const reason = intake.add(series, startMs, durationMs, offsetMin, value, 0, extra)
  if (reason !== '') intake.refuse(place.where(), reason, place.raw())
}

/** Minutes of the day that a tracker counts begin at a whole minute; what a phone counted came at any moment. */
function whenOf(context: FitbitContext, table: Table, text: string, iso: IsoReader): When {
  const { clock, isCount } = table
  const plain = clock === 'day' ? undefined : iso.read(text)
  const read = plain === undefined ? readWallTime(text) : { wallMs: plain, offsetMin: 0 }
  if (!read) return noTime
  const isDay = clock === 'day' || (clock === 'day-or-utc' && isMidnight(read.wallMs))
  if (isDay) return dayOf(context, read.wallMs, read.offsetMin) ?? noTime
  const { ms: startMs, offsetMin } = momentOf(context, clock, read)
  const isWhole = !isCount || startMs % minuteMs === 0
  return { startMs, offsetMin, durationMs: isWhole ? table.durationMs : 0 }
}

const noTime: When = { startMs: Number.NaN, durationMs: 0, offsetMin: 0 }

function dayOf(context: FitbitContext, wallMs: number, offsetMin: number | null): When | undefined {
  if (offsetMin === null || isMidnight(wallMs)) return context.dayOf(wallMs)
  const ms = wallMs - offsetMin * minuteMs
  return context.dayOf(Math.floor((ms + context.ofUtc(ms).offsetMin * minuteMs) / dayMs) * dayMs)
}

/** The moment of a time as written. */
function momentOf(context: FitbitContext, clock: Clock, { wallMs, offsetMin }: WallTime): Moment {
  return clock === 'local' ? context.ofWall(wallMs) : context.ofUtc(wallMs - (offsetMin ?? 0) * minuteMs)
}

/** The moment that a cell writes; NaN for none. */
export function cellMoment(context: FitbitContext, clock: Clock, text: string): Moment {
  const read = readWallTime(text)
  return read ? momentOf(context, clock, read) : { ms: Number.NaN, offsetMin: 0 }
}

const maxExtras = 10_000

/** What stands beside the values of a row as text, remembered, because devices and zones repeat. */
function extras({ beside }: FoundTable): (cells: readonly string[], device: string) => string {
  const known = new Map<string, string>()
  return (cells, device) => {
    const besides = beside.map(([title, at]) => [title, (cells[at]?.trim() ?? '').slice(0, 100)] as const)
    const key = besides.length === 0 ? device : `${device}\0${besides.map(([, text]) => text).join('\0')}`
    const found = known.get(key)
    if (found !== undefined) return found
    const pairs = [['data source', device] as const, ...besides].filter(([, text]) => !/^(nan)?$/i.test(text))
    const extra = pairs.length === 0 ? '' : extraToText({ meta: Object.fromEntries(pairs) })
    if (known.size < maxExtras) known.set(key, extra)
    return extra
  }
}
