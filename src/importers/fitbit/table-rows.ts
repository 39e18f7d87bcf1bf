/** Rows of the export's tables into measurements. */
import { dayMs, minuteMs } from '../../foundation/index.ts'
import type { Extra } from '../../records/index.ts'
import { rowText } from '../delimited/csv-rows.ts'
import { readRows } from '../delimited/member-rows.ts'
import { cellNumber } from '../delimited/number.ts'
import type { InputMember } from '../importer.ts'
import type { Place } from '../measurements.ts'
import { memberLabel } from '../member-chunks.ts'
import { readWallTime } from '../wall-time.ts'
import type { FitbitContext } from './context.ts'
import { isMidnight } from './stamp.ts'
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
  return (cells, place) => {
    const when = whenOf(context, table, cells[found.time]?.trim() ?? '')
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
      const { metric, unit } = column
      context.measurements.take(
        { metric, unit, source, ...when, value, extra: toExtra(cells, device) },
        place,
      )
    }
    if (taken === 0) context.measurements.unmapped(table.kind, when.startMs, place)
  }
}

/** Minutes of the day that a tracker counts begin at a whole minute; what a phone counted came at any moment. */
function whenOf(context: FitbitContext, table: Table, text: string): When {
  const none = { startMs: Number.NaN, durationMs: 0, offsetMin: 0 }
  const read = readWallTime(text)
  if (!read) return none
  const isDay = table.clock === 'day' || (table.clock === 'day-or-utc' && isMidnight(read.wallMs))
  if (isDay) return dayOf(context, read.wallMs, read.offsetMin) ?? none
  const { ms: startMs, offsetMin } = momentOf(context, table.clock, text)
  const isWhole = !table.isCount || startMs % minuteMs === 0
  return { startMs, offsetMin, durationMs: isWhole ? table.durationMs : 0 }
}

function dayOf(context: FitbitContext, wallMs: number, offsetMin: number | null): When | undefined {
  if (offsetMin === null || isMidnight(wallMs)) return context.dayOf(wallMs)
  const ms = wallMs - offsetMin * minuteMs
  return context.dayOf(Math.floor((ms + context.ofUtc(ms).offsetMin * minuteMs) / dayMs) * dayMs)
}

/** The moment that a cell writes; NaN for none. */
export function momentOf(
  context: FitbitContext,
  clock: Clock,
  text: string,
): { ms: number; offsetMin: number } {
  const read = readWallTime(text)
  if (!read) return { ms: Number.NaN, offsetMin: 0 }
  if (clock === 'local') return context.ofWall(read.wallMs)
  return context.ofUtc(read.wallMs - (read.offsetMin ?? 0) * minuteMs)
}

const maxExtras = 10_000

/** What stands beside the values of a row, remembered, because devices and zones repeat. */
function extras({ beside }: FoundTable): (cells: readonly string[], device: string) => Extra {
  const known = new Map<string, Extra>()
  return (cells, device) => {
    const pairs: (readonly [string, string])[] = device === '' ? [] : [['data source', device]]
    for (const [title, at] of beside) {
      const text = cells[at]?.trim() ?? ''
      if (text !== '' && !/^nan$/i.test(text)) pairs.push([title, text.slice(0, 100)])
    }
    const key = JSON.stringify(pairs)
    const found = known.get(key)
    if (found) return found
    const extra: Extra = pairs.length === 0 ? {} : { meta: Object.fromEntries(pairs) }
    if (known.size < maxExtras) known.set(key, extra)
    return extra
  }
}
