/**
 * Merging the observations of one series: a pure function of the set of rows and edits, whatever their order.
 *
 * Rows with one identity (start, duration, discriminator) are one observation. Their facts join field by field, each
 * join commutative, associative and idempotent: imports are united, flags combine, texts take the greater one. The
 * person's edits (the overlay) are applied to the joined rows and win over what imports say. So merging blocks in any
 * order, split anyhow, any number of times, gives the same columns.
 *
 * The overlay is not stored in the columns beyond its effect: a removed row is gone from them. Whoever un-removes a
 * row merges it anew from the log.
 */
import {
  canonicaliseTables,
  compareRows,
  concatColumns,
  emptyColumns,
  type ObservationColumns,
  observationFlag,
  rowExtra,
  sortColumns,
  takeRows,
} from '../../records/index.ts'
import { RowJoiner } from './join-rows.ts'
import { applyEdits, editedRows, type SeriesOverlay, withoutEdits } from './overlay.ts'

export interface MergeOutcome {
  /** New observations. */
  readonly added: number
  /** Rows that were there already, or twice in what came in. */
  readonly duplicates: number
  /** Rows that the person removed, or a later version replaced: they stay away. */
  readonly suppressed: number
  /** Incoming rows that share start and duration with another value. */
  readonly conflicting: number
}

export interface Merged {
  readonly columns: ObservationColumns
  readonly outcome: MergeOutcome
}

/**
 * Joins `incoming` (any order) into `existing` (a result of this function under the same or an earlier overlay, or
 * empty). The result is sorted, its tables are canonical.
 */
export function mergeColumns(
  existing: ObservationColumns,
  incoming: ObservationColumns,
  overlay: SeriesOverlay,
): Merged {
  if (overlay.size === 0) {
    const appended = appendColumns(existing, incoming)
    if (appended !== undefined) return appended
  }
  const base = sortColumns(withoutEdits(existing))
  const fresh = sortColumns(withoutEdits(incoming))
  const kept = withoutRemoved(fresh, overlay)
  const joined = joinSorted(withoutRemoved(base, overlay), kept)
  const conflicting = markConflicts(joined.columns, joined.addedRows)
  const edited = applyEdits(joined.columns, editedRows(joined.columns, overlay))
  return {
    columns: canonicaliseTables(sortColumns(edited)),
    outcome: {
      added: joined.addedRows.length,
      duplicates: kept.length - joined.addedRows.length,
      suppressed: fresh.length - kept.length,
      conflicting,
    },
  }
}

/** The columns under a newer overlay. */
export function refreshOverlay(columns: ObservationColumns, overlay: SeriesOverlay): ObservationColumns {
  return mergeColumns(columns, emptyColumns(columns.values.length), overlay).columns
}

/**
 * Drops the rows of which every asserting import is withdrawn, and the withdrawn ids from the others. The person's own
 * entries stay.
 */
export function withdrawImports(
  columns: ObservationColumns,
  withdrawn: ReadonlySet<string>,
): ObservationColumns {
  const { assertionTable, assertionIndex, flags } = columns
  if (!assertionTable.some((set) => set.some((id) => withdrawn.has(id)))) return columns
  const remaining = assertionTable.map((set) => set.filter((id) => !withdrawn.has(id)))
  const order: number[] = []
  for (let row = 0; row < columns.length; row++) {
    const index = assertionIndex[row] as number
    const isOwn =
      (assertionTable[index] ?? []).length === 0 || ((flags[row] as number) & observationFlag.manual) !== 0
    if (isOwn || (remaining[index] ?? []).length > 0) order.push(row)
  }
  const kept = takeRows({ ...columns, assertionTable: remaining }, order)
  return canonicaliseTables({ ...kept, flags: withoutLoneConflicts(kept) })
}

/** Blocks that follow what is there, the shape of nearly every import, need no merge. */
function appendColumns(existing: ObservationColumns, incoming: ObservationColumns): Merged | undefined {
  if (!isPlainAscending(incoming)) return undefined
  const last =
    existing.length === 0 ? Number.NEGATIVE_INFINITY : (existing.startMs[existing.length - 1] as number)
  if (incoming.length > 0 && !((incoming.startMs[0] as number) > last)) return undefined
  if (existing.length > 0 && hasEdits(existing)) return undefined
  const joined = existing.length === 0 ? incoming : concatColumns([existing, incoming])
  const outcome = { added: incoming.length, duplicates: 0, suppressed: 0, conflicting: 0 }
  return { columns: canonicaliseTables(joined), outcome }
}

/** Starts strictly ascend, so that no two rows can be one, or in conflict; and nothing is edited. */
function isPlainAscending(columns: ObservationColumns): boolean {
  const { startMs, flags } = columns
  const marks = observationFlag.edited | observationFlag.conflicting
  let previous = Number.NEGATIVE_INFINITY
  for (let row = 0; row < columns.length; row++) {
    const start = startMs[row] as number
    if (!(start > previous) || ((flags[row] as number) & marks) !== 0) return false
    previous = start
  }
  return true
}

/** An edited time may have moved a row to another place than its identity's. */
function hasEdits(columns: ObservationColumns): boolean {
  return columns.flags.some((flags) => (flags & observationFlag.edited) !== 0)
}

function withoutRemoved(columns: ObservationColumns, overlay: SeriesOverlay): ObservationColumns {
  const removed = new Set<number>()
  for (const [row, edit] of editedRows(columns, overlay)) {
    if (edit.removed === true || edit.superseded === true) removed.add(row)
  }
  if (removed.size === 0) return columns
  const order: number[] = []
  for (let row = 0; row < columns.length; row++) if (!removed.has(row)) order.push(row)
  return takeRows(columns, order)
}

interface Joined {
  readonly columns: ObservationColumns
  /** Positions of rows that only the second argument had. */
  readonly addedRows: readonly number[]
}

/** One pass over two sorted sets of unedited rows; copies, also within one set, become one row. */
function joinSorted(base: ObservationColumns, fresh: ObservationColumns): Joined {
  const all = concatColumns([base, fresh])
  const joiner = new RowJoiner(all)
  const order: number[] = []
  const addedRows: number[] = []
  let left = 0
  let right = base.length
  while (left < base.length || right < all.length) {
    const takesLeft = right >= all.length || (left < base.length && compareRows(all, left, all, right) <= 0)
    const row = takesLeft ? left++ : right++
    const previous = order.at(-1)
    if (previous !== undefined && compareRows(all, previous, all, row) === 0) joiner.join(previous, row)
    else {
      if (!takesLeft) addedRows.push(order.length)
      order.push(row)
    }
  }
  return { columns: takeRows(joiner.columns, order), addedRows }
}

/** Flags rows of equal start and duration, in place on fresh sorted columns; how many of `counted` are among them. */
function markConflicts(columns: ObservationColumns, counted: readonly number[]): number {
  const { startMs, durationMs, flags } = columns
  for (let row = 1; row < columns.length; row++) {
    if (startMs[row] !== startMs[row - 1] || durationMs[row] !== durationMs[row - 1]) continue
    flags[row] = (flags[row] as number) | observationFlag.conflicting
    flags[row - 1] = (flags[row - 1] as number) | observationFlag.conflicting
  }
  return counted.filter((row) => ((flags[row] as number) & observationFlag.conflicting) !== 0).length
}

/** Flags without the conflict marks of rows that stand alone now; taking rows away never makes a conflict. */
function withoutLoneConflicts(columns: ObservationColumns): Uint8Array {
  const flags = columns.flags.slice()
  const rowsByTime = new Map<string, number[]>()
  for (let row = 0; row < columns.length; row++) {
    if (((flags[row] as number) & observationFlag.conflicting) === 0) continue
    const [startMs, durationMs] = rowExtra(columns, row).originalTime ?? [
      columns.startMs[row],
      columns.durationMs[row],
    ]
    const rows = rowsByTime.get(`${startMs}:${durationMs}`) ?? []
    rowsByTime.set(`${startMs}:${durationMs}`, [...rows, row])
  }
  for (const [only, ...others] of rowsByTime.values()) {
    if (only !== undefined && others.length === 0)
      flags[only] = (flags[only] as number) & ~observationFlag.conflicting
  }
  return flags
}
