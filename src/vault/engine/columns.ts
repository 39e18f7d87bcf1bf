/** Small functions over columns that the engine needs beside those of the records room. */
import { dayMs, minuteMs } from '../../foundation/index.ts'
import {
  AssertionTable,
  canonicaliseTables,
  type ObservationColumns,
  observationFlag,
} from '../../records/index.ts'
import type { DayRange } from './directory.ts'

/** First index from `from` on whose value is at least `value`, in an ascending array. */
export function lowerBound(ascending: Float64Array, value: number, from: number): number {
  let low = from
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}

export function maxDuration(columns: ObservationColumns): number {
  let longest = 0
  const { durationMs, length } = columns
  for (let row = 0; row < length; row++) {
    const duration = durationMs[row] as number
    if (duration > longest) longest = duration
  }
  return longest
}

/**
 * Sets `conflicting` on rows that share start and duration with another, and on no others. Rows are sorted and
 * distinct. Judged by what is seen: removing or moving one of two resolves the conflict.
 */
export function flagConflicts(columns: ObservationColumns): ObservationColumns {
  const { length, startMs, durationMs, flags } = columns
  const { conflicting } = observationFlag
  let fresh: Uint8Array | undefined
  for (let row = 0; row < length; row++) {
    const start = startMs[row] as number
    const isTwin =
      (startMs[row + 1] === start && durationMs[row + 1] === durationMs[row]) ||
      (row > 0 && startMs[row - 1] === start && durationMs[row - 1] === durationMs[row])
    const flag = flags[row] as number
    const wanted = isTwin ? flag | conflicting : flag & ~conflicting
    if (wanted === flag) continue
    fresh ??= flags.slice()
    fresh[row] = wanted
  }
  return fresh === undefined ? columns : { ...columns, flags: fresh }
}

/** The same columns when their tables are canonical already, so that a known encoding stays known. */
export function withCanonicalTables(columns: ObservationColumns): ObservationColumns {
  const { extraTable, assertionTable } = columns
  if (extraTable.length === 0 && assertionTable.length <= 1) return columns
  const canonical = canonicaliseTables(columns)
  const isSame =
    canonical.extraTable.length === extraTable.length &&
    canonical.assertionTable.length === assertionTable.length &&
    areEqual(canonical.extraIndex, columns.extraIndex) &&
    areEqual(canonical.assertionIndex, columns.assertionIndex)
  return isSame ? columns : canonical
}

/** Whether two columns hold the same rows with the same facts in the same order, from the same imports. */
export function sameColumns(a: ObservationColumns, b: ObservationColumns): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  const left = canonicaliseTables(a)
  const right = canonicaliseTables(b)
  return (
    sameCanonical(left, right) &&
    areEqual(left.assertionIndex, right.assertionIndex) &&
    JSON.stringify(left.assertionTable) === JSON.stringify(right.assertionTable)
  )
}

/** The same, whichever imports assert them. */
export function sameFacts(a: ObservationColumns, b: ObservationColumns): boolean {
  return a.length === b.length && sameCanonical(canonicaliseTables(a), canonicaliseTables(b))
}

function sameCanonical(left: ObservationColumns, right: ObservationColumns): boolean {
  return (
    areEqual(left.startMs, right.startMs) &&
    areEqual(left.durationMs, right.durationMs) &&
    areEqual(left.offsetMin, right.offsetMin) &&
    areEqual(left.flags, right.flags) &&
    areEqual(left.extraIndex, right.extraIndex) &&
    left.values.every((column, index) => areEqual(column, right.values[index] ?? new Float64Array(0))) &&
    JSON.stringify(left.extraTable) === JSON.stringify(right.extraTable)
  )
}

/** The columns with the imports that assert `rows` added to those of as many rows from position `from` on. */
export function assertedAlso(
  columns: ObservationColumns,
  from: number,
  rows: ObservationColumns,
): ObservationColumns {
  const assertions = new AssertionTable()
  const own = columns.assertionTable.map((set) => assertions.indexOf(set))
  const assertionIndex = columns.assertionIndex.map((index) => own[index] ?? 0)
  const unions = new Map<number, number>()
  for (let row = 0; row < rows.length; row++) {
    const before = columns.assertionIndex[from + row] as number
    const added = rows.assertionIndex[row] as number
    const pair = before * rows.assertionTable.length + added
    let union = unions.get(pair)
    if (union === undefined) {
      const sets = [columns.assertionTable[before] ?? [], rows.assertionTable[added] ?? []]
      union = assertions.indexOf(sets.flat())
      unions.set(pair, union)
    }
    assertionIndex[from + row] = union
  }
  return canonicaliseTables({ ...columns, assertionIndex, assertionTable: assertions.sets })
}

type NumberArray = Float64Array | Int16Array | Uint8Array | Uint32Array

/** Equality of the bytes, so that −0 and 0 differ. */
function areEqual(a: NumberArray, b: NumberArray): boolean {
  const left = Buffer.from(a.buffer, a.byteOffset, a.byteLength)
  return left.equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength))
}

/** Local days that rows may belong to, whatever the person's day start; undefined when there are no rows. */
export function dayRange(columns: ObservationColumns): DayRange | undefined {
  const { length, startMs, durationMs, offsetMin } = columns
  if (length === 0) return undefined
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (let row = 0; row < length; row++) {
    const local = (startMs[row] as number) + (offsetMin[row] as number) * minuteMs
    if (local < first) first = local
    const end = local + (durationMs[row] as number)
    if (end > last) last = end
  }
  // A day that starts later than midnight may be the calendar's day before.
  return [Math.floor(first / dayMs) - 1, Math.floor(last / dayMs)]
}

/** With the flag `unconfirmed` cleared on rows that one of these imports asserts. */
export function confirmedByImports(
  columns: ObservationColumns,
  accepted: ReadonlySet<string>,
): ObservationColumns {
  const { assertionTable, assertionIndex, flags } = columns
  const isAccepted = assertionTable.map((set) => set.some((id) => accepted.has(id)))
  if (!isAccepted.includes(true)) return columns
  const fresh = flags.slice()
  let changed = false
  for (let row = 0; row < fresh.length; row++) {
    const flag = fresh[row] as number
    if ((flag & observationFlag.unconfirmed) === 0 || isAccepted[assertionIndex[row] as number] !== true)
      continue
    fresh[row] = flag & ~observationFlag.unconfirmed
    changed = true
  }
  return changed ? { ...columns, flags: fresh } : columns
}
