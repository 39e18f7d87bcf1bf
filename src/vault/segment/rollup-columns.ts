/** Daily rollups column by column: taking days out, joining disjoint parts, from stored columns. */
import type { SeriesRollup } from './day-table.ts'

/** The days [from, to] of a rollup, sharing memory. */
export function daysWithin(rollup: SeriesRollup, from: number, to: number): SeriesRollup {
  const { day } = rollup
  let start = 0
  let end = rollup.length
  while (start < end && (day[start] as number) < from) start++
  while (end > start && (day[end - 1] as number) > to) end--
  if (start === 0 && end === rollup.length) return rollup
  return mapColumns(end - start, day.subarray(start, end), (name) => rollup[name].subarray(start, end))
}

/** Rollups of disjoint days, given in order, as one. */
export function concatRollups(parts: readonly SeriesRollup[]): SeriesRollup {
  const filled = parts.filter((part) => part.length > 0)
  const [only] = filled
  if (filled.length === 1 && only !== undefined) return only
  let length = 0
  for (const part of filled) length += part.length
  const day = new Int32Array(length)
  joinInto(day, filled, (part) => part.day)
  return mapColumns(length, day, (name) => {
    const column = new Float64Array(length)
    joinInto(column, filled, (part) => part[name])
    return column
  })
}

type ValueColumn = Exclude<keyof SeriesRollup, 'length' | 'day'>

function mapColumns(
  length: number,
  day: Int32Array,
  column: (name: ValueColumn) => Float64Array,
): SeriesRollup {
  return {
    length,
    day,
    count: column('count'),
    sum: column('sum'),
    min: column('min'),
    max: column('max'),
    first: column('first'),
    last: column('last'),
    timeWeightedMean: column('timeWeightedMean'),
    sumOfSquares: column('sumOfSquares'),
    firstMs: column('firstMs'),
    lastMs: column('lastMs'),
    weightMs: column('weightMs'),
    weightedSum: column('weightedSum'),
    lastHoldMs: column('lastHoldMs'),
  }
}

function joinInto<A extends Int32Array | Float64Array>(
  into: A,
  parts: readonly SeriesRollup[],
  columnOf: (part: SeriesRollup) => A,
): void {
  let at = 0
  for (const part of parts) {
    into.set(columnOf(part), at)
    at += part.length
  }
}
