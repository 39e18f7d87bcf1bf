/**
 * Pooling the rows of several series of one metric: all of them in order of time, without the copies.
 *
 * A copy has the start, the duration and the values of a row of a higher series. This is the overlap rule of metrics
 * that are no sums (resolve.ts) for many days at once; nothing is explained, so no object is made per row.
 */
import type { Affine } from '../../metrics/index.ts'
import type { ObservationColumns } from '../../records/index.ts'

export interface PooledPart {
  /** From the series' unit to the canonical one. */
  readonly conversion: Affine
  /** Sorted. */
  readonly columns: ObservationColumns
}

/** A copy in another unit may differ by rounding. */
const copyTolerance = 1e-9

export function isSameValue(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= copyTolerance * Math.max(Math.abs(a), Math.abs(b))
}

/** Canonical values of all parts, which come in order of rank; rows by start, then rank. Without extras and imports. */
export function poolColumns(ranked: readonly PooledPart[], components: number): ObservationColumns {
  let capacity = 0
  for (const { columns } of ranked) capacity += columns.length
  const pooled = emptyPool(capacity, components)
  const cursors = new Uint32Array(ranked.length)
  const ranks = new Uint16Array(capacity)
  let length = 0
  for (let taken = 0; taken < capacity; taken++) {
    const rank = earliest(ranked, cursors)
    const part = ranked[rank] as PooledPart
    const row = cursors[rank] as number
    cursors[rank] = row + 1
    copyRow(part, row, pooled, length)
    ranks[length] = rank
    if (!isCopy(pooled, ranks, length)) length++
  }
  return {
    ...pooled,
    length,
    startMs: pooled.startMs.subarray(0, length),
    durationMs: pooled.durationMs.subarray(0, length),
    offsetMin: pooled.offsetMin.subarray(0, length),
    values: pooled.values.map((column) => column.subarray(0, length)),
    flags: pooled.flags.subarray(0, length),
    extraIndex: pooled.extraIndex.subarray(0, length),
    assertionIndex: pooled.assertionIndex.subarray(0, length),
  }
}

/** The part whose next row starts first; of equal starts the highest rank. */
function earliest(ranked: readonly PooledPart[], cursors: Uint32Array): number {
  let best = -1
  let bestMs = 0
  for (let rank = 0; rank < ranked.length; rank++) {
    const { columns } = ranked[rank] as PooledPart
    const row = cursors[rank] as number
    if (row >= columns.length) continue
    const startMs = columns.startMs[row] as number
    if (best < 0 || startMs < bestMs) {
      best = rank
      bestMs = startMs
    }
  }
  return best
}

function copyRow(part: PooledPart, row: number, pooled: ObservationColumns, to: number): void {
  const { columns, conversion } = part
  pooled.startMs[to] = columns.startMs[row] as number
  pooled.durationMs[to] = columns.durationMs[row] as number
  pooled.offsetMin[to] = columns.offsetMin[row] as number
  for (let component = 0; component < pooled.values.length; component++) {
    const value = (columns.values[component] as Float64Array)[row] as number
    const column = pooled.values[component] as Float64Array
    column[to] = conversion.factor * value + conversion.offset
  }
}

/** Whether the last row copies one of a higher rank before it. */
function isCopy(pooled: ObservationColumns, ranks: Uint16Array, last: number): boolean {
  const startMs = pooled.startMs[last] as number
  const rank = ranks[last] as number
  for (let row = last - 1; row >= 0 && pooled.startMs[row] === startMs; row--) {
    if ((ranks[row] as number) < rank && isSameRow(pooled, row, last)) return true
  }
  return false
}

function isSameRow(pooled: ObservationColumns, a: number, b: number): boolean {
  if (pooled.durationMs[a] !== pooled.durationMs[b]) return false
  for (const column of pooled.values) if (!isSameValue(column[a] as number, column[b] as number)) return false
  return true
}

function emptyPool(capacity: number, components: number): ObservationColumns {
  return {
    length: capacity,
    startMs: new Float64Array(capacity),
    durationMs: new Float64Array(capacity),
    offsetMin: new Int16Array(capacity),
    values: Array.from({ length: components }, () => new Float64Array(capacity)),
    flags: new Uint8Array(capacity),
    extraIndex: new Uint32Array(capacity),
    extraTable: [],
    assertionIndex: new Uint32Array(capacity),
    assertionTable: [[]],
  }
}
