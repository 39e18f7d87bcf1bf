/**
 * Daily rollups: one pass over a series' rows, by local day.
 *
 * A row belongs to the local day (its own offset, the person's day start) that it starts on, except
 * - `duration` metrics (sleep, exercise): the day that its last millisecond falls on, so a night belongs to the
 *   morning, and an interval that ends at midnight to the day before;
 * - `sum` metrics: an interval over midnight is split in proportion to time. Each part is a value of its own day;
 *   `count` counts the row once, on the day of its start.
 * An interval that is exactly one civil day, from local midnight to the next, belongs whole to that day whatever the
 * day start: it is what its source says of the day (a maker's daily total).
 * Values are canonical: factor · value + offset.
 */
import {
  ByteReader,
  ByteWriter,
  civilDay,
  dayMs,
  Failure,
  localDay,
  minuteMs,
} from '../../foundation/index.ts'
import type { Affine, Combine } from '../../metrics/index.ts'
import type { ObservationColumns } from '../../records/index.ts'
import { EncodedBlock, maxEncodedRows } from './codec.ts'
import {
  type DayStatistics,
  DayTable,
  type DayValue,
  dayColumnNames,
  daysToRollup,
  joinDay,
  maxHoldMs,
  rollupDay,
  rollupOfColumns,
  type SeriesRollup,
  type StoredColumns,
} from './day-table.ts'
import { encodeNumbers } from './number-column.ts'
import { decodeNumbers } from './number-column-reader.ts'

export interface RollupOptions {
  /** Index of the component. */
  readonly component: number
  readonly combine: Combine
  /** From the series' unit to the canonical one. */
  readonly conversion: Affine
  /** The day starts so many minutes after midnight. */
  readonly dayStartMin: number
}

export const rollupFormat = 1

/** A longer interval is no measurement of days any more; it counts whole on the day of its start. */
const maxSplitMs = 400 * dayMs

/** Rollup of rows in order of time. */
export function rollupColumns(columns: ObservationColumns, options: RollupOptions): SeriesRollup {
  const values = columns.values[options.component] ?? new Float64Array(0)
  const offset = constantOffset(columns.offsetMin)
  if (offset !== undefined && areZero(columns.durationMs)) {
    const rollup = rollupInstants(columns.startMs, values, offset, options)
    if (rollup !== undefined) return rollup
  }
  return rollupRows(columns, values, options)
}

/** As `rollupColumns(decodeColumns(bytes))`, decoding only what it needs. */
export function rollupEncoded(bytes: Uint8Array, options: RollupOptions): SeriesRollup {
  const block = new EncodedBlock(bytes)
  const offset = block.constantOffsetMin()
  if (offset !== undefined && options.component < block.components && block.areInstants()) {
    const rollup = rollupInstants(block.startMs(), block.values(options.component), offset, options)
    if (rollup !== undefined) return rollup
  }
  return rollupColumns(block.columns(), options)
}

/** Joins rollups of parts of one series, given in order of time. Parts may share days. */
export function mergeRollups(parts: readonly SeriesRollup[]): SeriesRollup {
  const only = parts.filter((part) => part.length > 0)
  if (only.length === 1) return only[0] as SeriesRollup
  const table = new DayTable()
  for (const part of only) {
    for (let row = 0; row < part.length; row++) {
      const statistics = rollupDay(part, row)
      const known = table.get(statistics.day)
      if (known === undefined) table.add(statistics)
      else joinDay(known, statistics)
    }
  }
  return table.finish()
}

/** u8 format, varint days, then each stored column length-prefixed (number-column-format.ts). Lossless. */
export function encodeRollup(rollup: SeriesRollup): Uint8Array {
  const writer = new ByteWriter(64 + rollup.length * 40)
  writer.u8(rollupFormat).varint(rollup.length)
  if (rollup.length === 0) return writer.finish()
  for (const name of dayColumnNames) writer.lengthPrefixed(encodeNumbers(rollup[name]))
  return writer.finish()
}

/** Fails with DAMAGED or UNSUPPORTED_FORMAT. */
export function decodeRollup(bytes: Uint8Array): SeriesRollup {
  const reader = new ByteReader(bytes, 'a daily rollup')
  const format = reader.u8()
  if (format !== rollupFormat) {
    throw new Failure('UNSUPPORTED_FORMAT', `a daily rollup has the unknown format ${format}`, {
      hint: 'Use a newer version of this program.',
    })
  }
  const length = reader.varint()
  if (length > maxEncodedRows) throw damaged('too large')
  const columns = Object.fromEntries(
    dayColumnNames.map((name) => [
      name,
      length === 0 ? new Float64Array(0) : decodeNumbers(reader.lengthPrefixed(), length),
    ]),
  ) as StoredColumns
  reader.end()
  let before = Number.NEGATIVE_INFINITY
  for (const day of columns.day) {
    if (!Number.isInteger(day) || Math.abs(day) > 2 ** 31 - 1 || day <= before) {
      throw damaged('its days do not ascend')
    }
    before = day
  }
  return rollupOfColumns(columns)
}

interface TimedValue {
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
  readonly value: number
}

/** The parts of a row by local day, as the header says; `holdMs` reaches at most to the end of the day. */
export function rowDays(
  row: TimedValue,
  combine: Combine,
  dayStartMin: number,
  visit: (day: number, value: DayValue) => void,
): void {
  const { startMs, durationMs, offsetMin, value } = row
  const startDay = localDay(startMs, offsetMin, dayStartMin)
  if (durationMs <= 0) {
    const endOfDayMs = (startDay + 1) * dayMs - (offsetMin - dayStartMin) * minuteMs
    visit(startDay, {
      startMs,
      value,
      count: 1,
      weightMs: 0,
      holdMs: Math.min(maxHoldMs, endOfDayMs - startMs),
    })
    return
  }
  const endDay = localDay(startMs + durationMs - 1, offsetMin, dayStartMin)
  // A civil day that does not cross the person's day start is this day too.
  const wholeDay = endDay === startDay ? startDay : civilDay(startMs, durationMs, offsetMin)
  if (wholeDay !== undefined || combine !== 'sum' || durationMs > maxSplitMs) {
    const day = wholeDay ?? (combine === 'duration' ? endDay : startDay)
    visit(day, { startMs, value, count: 1, weightMs: durationMs, holdMs: 0 })
    return
  }
  splitByTime(row, [startDay, endDay], dayStartMin, visit)
}

/** The parts of an interval on the days that it crosses, in proportion to time. */
function splitByTime(
  { startMs, durationMs, offsetMin, value }: TimedValue,
  [startDay, endDay]: readonly [number, number],
  dayStartMin: number,
  visit: (day: number, value: DayValue) => void,
): void {
  const endMs = startMs + durationMs
  for (let day = startDay, fromMs = startMs; day <= endDay; day++) {
    const toMs = Math.min(endMs, (day + 1) * dayMs - (offsetMin - dayStartMin) * minuteMs)
    const weightMs = toMs - fromMs
    const part = value * (weightMs / durationMs)
    visit(day, { startMs: fromMs, value: part, count: day === startDay ? 1 : 0, weightMs, holdMs: 0 })
    fromMs = toMs
  }
}

/** Any rows. */
function rollupRows(columns: ObservationColumns, values: Float64Array, options: RollupOptions): SeriesRollup {
  const { combine, dayStartMin } = options
  const { factor, offset } = options.conversion
  const table = new DayTable()
  const add = (day: number, value: DayValue): void => table.addValue(day, value)
  for (let i = 0; i < columns.length; i++) {
    const row = {
      startMs: columns.startMs[i] as number,
      durationMs: columns.durationMs[i] as number,
      offsetMin: columns.offsetMin[i] as number,
      value: factor * (values[i] as number) + offset,
    }
    rowDays(row, combine, dayStartMin, add)
  }
  return table.finish()
}

/**
 * Instants at one offset, ascending: the shape of nearly all device series, so the days follow each other and live in
 * local variables. Undefined when the rows do not ascend.
 */
function rollupInstants(
  startMs: Float64Array,
  values: Float64Array,
  offsetMin: number,
  options: RollupOptions,
): SeriesRollup | undefined {
  const shiftMs = (offsetMin - options.dayStartMin) * minuteMs
  const { factor, offset } = options.conversion
  const { length } = startMs
  const days: DayStatistics[] = []
  let row = 0
  while (row < length) {
    const firstMs = startMs[row] as number
    const day = Math.floor((firstMs + shiftMs) / dayMs)
    const endOfDayMs = (day + 1) * dayMs - shiftMs
    const firstRow = row
    const first = factor * (values[row] as number) + offset
    let lastMs = firstMs
    let last = first
    let sum = first
    let sumOfSquares = first * first
    let min = first
    let max = first
    let weightMs = 0
    let weightedSum = 0
    for (row++; row < length; row++) {
      const atMs = startMs[row] as number
      if (!(atMs < endOfDayMs)) break
      const gapMs = atMs - lastMs
      if (gapMs < 0) return undefined
      const value = factor * (values[row] as number) + offset
      const holdMs = Math.min(gapMs, maxHoldMs)
      weightMs += holdMs
      weightedSum += last * holdMs
      sum += value
      sumOfSquares += value * value
      if (value < min) min = value
      else if (value > max) max = value
      last = value
      lastMs = atMs
    }
    const count = row - firstRow
    const lastHoldMs = Math.min(maxHoldMs, endOfDayMs - lastMs)
    days.push({
      day,
      count,
      sum,
      min,
      max,
      first,
      last,
      sumOfSquares,
      firstMs,
      lastMs,
      weightMs,
      weightedSum,
      lastHoldMs,
    })
  }
  return daysToRollup(days)
}

function constantOffset(offsets: Int16Array): number | undefined {
  const first = offsets[0] ?? 0
  for (let i = 1; i < offsets.length; i++) if (offsets[i] !== first) return undefined
  return first
}

function areZero(durations: Float64Array): boolean {
  for (let i = 0; i < durations.length; i++) if (durations[i] !== 0) return false
  return true
}

function damaged(reason: string): Failure {
  return new Failure('DAMAGED', `a daily rollup is malformed: ${reason}`, {
    hint: 'healthmate vault rebuild',
  })
}
