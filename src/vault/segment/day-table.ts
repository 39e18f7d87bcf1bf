/**
 * Daily rollups of one series and component, growing day by day.
 *
 * Weights of the time-weighted mean: a row with a duration weighs its duration; an instant holds until the next
 * row of the same local day, at most `maxHoldMs` and at most to the end of the day. The weight of a day's last
 * instant is kept apart (`lastHoldMs`), because a later row shortens it: so rollups of consecutive blocks merge
 * into the rollup of the whole. Where values of a day arrive out of order of time (parts of long intervals of a `sum`
 * metric recorded at several offsets), holds are not shortened by what comes late; nothing reads a time-weighted mean
 * of sums.
 */
import type { DailyRollup } from '../../records/index.ts'

/** An instant stands for at most an hour: a watch that was taken off says nothing about the night. */
export const maxHoldMs = 3_600_000

/** A `DailyRollup` with what merging needs. Ascending by day, no day twice. */
export interface SeriesRollup extends DailyRollup {
  /** Start of the first and of the last row, ms. */
  readonly firstMs: Float64Array
  readonly lastMs: Float64Array
  /** Sum of weights (ms) and of weight · value, without the last instant's hold. */
  readonly weightMs: Float64Array
  readonly weightedSum: Float64Array
  /** Weight of the last row if it is an instant, else 0. */
  readonly lastHoldMs: Float64Array
}

/** One day's statistics; field names as in `SeriesRollup`. */
export interface DayStatistics {
  day: number
  count: number
  sum: number
  min: number
  max: number
  first: number
  last: number
  sumOfSquares: number
  firstMs: number
  lastMs: number
  weightMs: number
  weightedSum: number
  lastHoldMs: number
}

/** One row, or the part of a row that falls on a day. */
export interface DayValue {
  readonly startMs: number
  readonly value: number
  /** 1, or 0 for a part that is counted on another day. */
  readonly count: number
  /** Duration of an interval on that day; 0 for an instant. */
  readonly weightMs: number
  /** For an instant: how long it may hold if nothing follows. */
  readonly holdMs: number
}

/** The stored columns in the order of the encoded form. */
export const dayColumnNames = [
  'day',
  'count',
  'sum',
  'min',
  'max',
  'first',
  'last',
  'sumOfSquares',
  'firstMs',
  'lastMs',
  'weightMs',
  'weightedSum',
  'lastHoldMs',
] as const satisfies readonly (keyof DayStatistics)[]

export type StoredColumns = Readonly<Record<(typeof dayColumnNames)[number], Float64Array>>

/** Collects days in any order. */
export class DayTable {
  readonly #days: DayStatistics[] = []
  readonly #positions = new Map<number, number>()
  #isAscending = true

  /** The day's statistics so far, to be changed by the caller; undefined when there are none. */
  get(day: number): DayStatistics | undefined {
    const position = this.#positions.get(day)
    return position === undefined ? undefined : this.#days[position]
  }

  /** Adds a day that is not there yet. */
  add(statistics: DayStatistics): void {
    const previous = this.#days.at(-1)
    if (previous !== undefined && previous.day >= statistics.day) this.#isAscending = false
    this.#positions.set(statistics.day, this.#days.length)
    this.#days.push(statistics)
  }

  /** Joins a row (or the part of a row that falls on the day) to its day. */
  addValue(day: number, row: DayValue): void {
    const known = this.get(day)
    if (known === undefined) this.add(singleValue(day, row))
    else joinDay(known, singleValue(day, row))
  }

  finish(): SeriesRollup {
    if (!this.#isAscending) this.#days.sort((a, b) => a.day - b.day)
    return daysToRollup(this.#days)
  }
}

/** Joins the statistics of other rows of the same day into `into`. */
export function joinDay(into: DayStatistics, other: DayStatistics): void {
  into.count += other.count
  into.sum += other.sum
  into.sumOfSquares += other.sumOfSquares
  if (other.min < into.min) into.min = other.min
  if (other.max > into.max) into.max = other.max
  const later = other.lastMs >= into.lastMs ? other : into
  const earlier = later === other ? into : other
  const gapMs = later.firstMs - earlier.lastMs
  // Interleaved rows hold as long as they do within their own part; consecutive parts give the exact hold.
  const holdMs = gapMs >= 0 ? Math.min(earlier.lastHoldMs, gapMs) : earlier.lastHoldMs
  into.weightedSum += other.weightedSum + earlier.last * holdMs
  into.weightMs += other.weightMs + holdMs
  if (other.firstMs < into.firstMs) {
    into.first = other.first
    into.firstMs = other.firstMs
  }
  if (later === other) {
    into.last = other.last
    into.lastMs = other.lastMs
    into.lastHoldMs = other.lastHoldMs
  }
}

/** Rollups of the given days, which ascend. */
export function daysToRollup(days: readonly DayStatistics[]): SeriesRollup {
  const { length } = days
  const columns = Object.fromEntries(
    dayColumnNames.map((name) => {
      const column = new Float64Array(length)
      for (let row = 0; row < length; row++) column[row] = (days[row] as DayStatistics)[name]
      return [name, column]
    }),
  ) as StoredColumns
  return rollupOfColumns(columns)
}

/** The rollup that its stored columns make; the time-weighted mean follows from them. */
export function rollupOfColumns(columns: StoredColumns): SeriesRollup {
  const { day, weightMs, weightedSum, last, lastHoldMs } = columns
  const { length } = day
  const timeWeightedMean = new Float64Array(length)
  for (let row = 0; row < length; row++) {
    timeWeightedMean[row] = meanOverTime(
      weightMs[row] as number,
      weightedSum[row] as number,
      last[row] as number,
      lastHoldMs[row] as number,
    )
  }
  const { count, sum, min, max, first, sumOfSquares, firstMs, lastMs } = columns
  return {
    length,
    day: Int32Array.from(day),
    count,
    sum,
    min,
    max,
    first,
    last,
    timeWeightedMean,
    sumOfSquares,
    firstMs,
    lastMs,
    weightMs,
    weightedSum,
    lastHoldMs,
  }
}

/** The mean weighted by time, the last instant's hold included. */
function meanOverTime(weightMs: number, weightedSum: number, last: number, lastHoldMs: number): number {
  const wholeMs = weightMs + lastHoldMs
  // Without weight, every row ends where the next begins or at the day's end: only the last one's value stands.
  return wholeMs > 0 ? (weightedSum + last * lastHoldMs) / wholeMs : last
}

/** The statistics in a row of a rollup. */
export function rollupDay(rollup: SeriesRollup, row: number): DayStatistics {
  return {
    day: rollup.day[row] as number,
    count: rollup.count[row] as number,
    sum: rollup.sum[row] as number,
    min: rollup.min[row] as number,
    max: rollup.max[row] as number,
    first: rollup.first[row] as number,
    last: rollup.last[row] as number,
    sumOfSquares: rollup.sumOfSquares[row] as number,
    firstMs: rollup.firstMs[row] as number,
    lastMs: rollup.lastMs[row] as number,
    weightMs: rollup.weightMs[row] as number,
    weightedSum: rollup.weightedSum[row] as number,
    lastHoldMs: rollup.lastHoldMs[row] as number,
  }
}

/** Position of a day in an ascending rollup, or −1. */
export function findDay(rollup: DailyRollup, day: number): number {
  let from = 0
  let to = rollup.length
  while (from < to) {
    const middle = (from + to) >> 1
    if ((rollup.day[middle] as number) < day) from = middle + 1
    else to = middle
  }
  return from < rollup.length && rollup.day[from] === day ? from : -1
}

function singleValue(day: number, row: DayValue): DayStatistics {
  const { value, startMs, count, weightMs, holdMs } = row
  return {
    day,
    count,
    sum: value,
    min: value,
    max: value,
    first: value,
    last: value,
    sumOfSquares: value * value,
    firstMs: startMs,
    lastMs: startMs,
    weightMs,
    weightedSum: weightMs * value,
    lastHoldMs: holdMs,
  }
}
