/**
 * Writing the segments of one series within a transaction.
 *
 * Segments are sorted, of at most 16,384 rows, and never overlap: segment i owns all starts from its first row's to
 * the next segment's first, so equal starts never straddle a cut and a duplicate can be in one segment only. Rows
 * that fall into no segment's span become a new segment (an import in order of time costs one encoding, shared
 * with the log), or join a small neighbour; rows that fall inside are merged into that segment alone.
 */
import { assert } from '../../foundation/index.ts'
import {
  concatColumns,
  maxBlockBytes,
  maxBlockLength,
  type ObservationColumns,
  sliceColumns,
  sortColumns,
  takeRows,
} from '../../records/index.ts'
import { decodeColumns, encodeColumns } from '../segment/codec.ts'
import { mergeColumns } from '../segment/merge.ts'
import type { SeriesOverlay } from '../segment/overlay.ts'
import {
  assertedAlso,
  flagConflicts,
  lowerBound,
  maxDuration,
  sameColumns,
  sameFacts,
  withCanonicalTables,
} from './columns.ts'
import type { SegmentEntry } from './directory.ts'
import { rowIdentity } from './overlay-store.ts'

/** Where segments are read from and written to. */
export interface SegmentRows {
  /** The encoded columns of a segment. Fails with DAMAGED. */
  read(id: number): Uint8Array
  /** Stores encoded columns; returns their id. */
  insert(encoded: Uint8Array): number
  remove(id: number): void
}

export interface InsertOutcome {
  readonly added: number
  readonly duplicates: number
  readonly conflicting: number
  /** Whether any row or any fact of one is new: else there is nothing to log. */
  readonly changed: boolean
  /** Whether more than the imports that assert them is new: else daily values stay. */
  readonly isSeen: boolean
}

/** A segment in work: in the file (`id`), in memory (`columns`), or both. */
interface Work {
  id: number | undefined
  firstMs: number
  lastMs: number
  count: number
  maxDurationMs: number
  columns: ObservationColumns | undefined
  isDirty: boolean
}

/** One encoding serves the log and the segment. */
const encodedByColumns = new WeakMap<ObservationColumns, Uint8Array>()

export function encodeOnce(columns: ObservationColumns): Uint8Array {
  let encoded = encodedByColumns.get(columns)
  if (encoded === undefined) {
    encoded = encodeColumns(columns)
    encodedByColumns.set(columns, encoded)
  }
  return encoded
}

export class SeriesWriter {
  readonly #rows: SegmentRows
  readonly #works: Work[]
  readonly #obsolete: number[] = []

  constructor(rows: SegmentRows, segments: readonly SegmentEntry[]) {
    this.#rows = rows
    this.#works = segments.map((segment) => ({ ...segment, columns: undefined, isDirty: false }))
  }

  /** Joins sorted rows; `edits` are the series' edits, which merging has to know. */
  insert(columns: ObservationColumns, edits: SeriesOverlay): InsertOutcome {
    let added = 0
    let duplicates = 0
    let conflicting = 0
    let changed = false
    let isSeen = false
    let from = 0
    while (from < columns.length) {
      const start = columns.startMs[from] as number
      const owner = this.#ownerOf(start)
      const limit = this.#works[owner + 1]?.firstMs ?? Number.POSITIVE_INFINITY
      const to =
        limit === Number.POSITIVE_INFINITY ? columns.length : lowerBound(columns.startMs, limit, from)
      const part = sliceColumns(columns, from, to)
      const outcome =
        owner >= 0 && start <= (this.#works[owner] as Work).lastMs
          ? this.#mergeInto(owner, part, edits)
          : this.#insertBetween(owner + 1, part, edits)
      added += outcome.added
      duplicates += outcome.duplicates
      conflicting += outcome.conflicting
      changed ||= outcome.changed
      isSeen ||= outcome.isSeen
      from = to
    }
    return { added, duplicates, conflicting, changed, isSeen }
  }

  /** Takes rows out, each by its current start and its identity; returns those that were there. */
  take(wanted: ReadonlyMap<string, number>): ObservationColumns | undefined {
    return this.#each(wanted, (work, rows) => {
      const columns = this.#load(work)
      const rest: number[] = []
      for (let row = 0; row < columns.length; row++) if (!rows.has(row)) rest.push(row)
      this.#replace(work, flagConflicts(takeRows(columns, rest)))
      return takeRows(columns, [...rows])
    })
  }

  /** As `take`, leaving them where they are. */
  peek(wanted: ReadonlyMap<string, number>): ObservationColumns | undefined {
    return this.#each(wanted, (work, rows) => takeRows(this.#load(work), [...rows]))
  }

  /** Rows that start at these times, as they are. */
  at(starts: ReadonlySet<number>): ObservationColumns | undefined {
    const byOwner = new Map<Work, number[]>()
    for (const startMs of starts) {
      const work = this.#works[this.#ownerOf(startMs)]
      if (work === undefined || startMs > work.lastMs) continue
      const own = byOwner.get(work)
      if (own === undefined) byOwner.set(work, [startMs])
      else own.push(startMs)
    }
    const parts = [...byOwner].map(([work, own]) => {
      const columns = this.#load(work)
      return takeRows(
        columns,
        own.flatMap((startMs) => rowsFrom(columns, startMs)),
      )
    })
    return parts.length === 0 ? undefined : concatColumns(parts)
  }

  #each(
    wanted: ReadonlyMap<string, number>,
    visit: (work: Work, rows: ReadonlySet<number>) => ObservationColumns,
  ): ObservationColumns | undefined {
    const byOwner = new Map<Work, string[]>()
    for (const [identity, startMs] of wanted) {
      const work = this.#works[this.#ownerOf(startMs)]
      if (work === undefined || startMs > work.lastMs) continue
      const identities = byOwner.get(work)
      if (identities === undefined) byOwner.set(work, [identity])
      else identities.push(identity)
    }
    const parts: ObservationColumns[] = []
    for (const [work, identities] of byOwner) {
      const rows = findRows(this.#load(work), identities, wanted)
      if (rows.size > 0) parts.push(visit(work, rows))
    }
    return parts.length === 0 ? undefined : concatColumns(parts)
  }

  /** Rewrites every segment that `change` gives other columns for; `change` returns the same object for none. */
  rewrite(change: (columns: ObservationColumns) => ObservationColumns): void {
    for (const work of [...this.#works]) {
      const before = this.#load(work)
      const after = change(before)
      if (after !== before) this.#replace(work, flagConflicts(after))
      else if (!work.isDirty) work.columns = undefined
    }
  }

  /** Writes what changed and returns the series' segments. May be called again after more inserts. */
  flush(): SegmentEntry[] {
    for (const id of this.#obsolete.splice(0)) this.#rows.remove(id)
    for (let at = 0; at < this.#works.length; at++) {
      const work = this.#works[at] as Work
      if (!work.isDirty || work.columns === undefined) continue
      const pieces = cutSegment(work.columns)
      if (work.id !== undefined) this.#rows.remove(work.id)
      const written = pieces.map((piece) => {
        const id = this.#rows.insert(encodeOnce(piece))
        return { ...workOf(piece), id, columns: undefined, isDirty: false }
      })
      this.#works.splice(at, 1, ...written)
      at += written.length - 1
    }
    return this.#works.map(({ id, firstMs, lastMs, count, maxDurationMs }) => {
      assert(id !== undefined, 'a flushed segment has a row')
      return { id, firstMs, lastMs, count, maxDurationMs }
    })
  }

  /** Index of the last segment that begins at or before `startMs`; −1 when none does. */
  #ownerOf(startMs: number): number {
    let low = 0
    let high = this.#works.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#works[middle] as Work).firstMs <= startMs) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  #mergeInto(at: number, part: ObservationColumns, edits: SeriesOverlay): InsertOutcome {
    const work = this.#works[at] as Work
    const before = this.#load(work)
    const duplicates = { added: 0, duplicates: part.length, conflicting: 0, isSeen: false }
    const held = heldAt(before, part)
    if (held !== undefined) {
      if (sameColumns(sliceColumns(before, held, held + part.length), part))
        return { ...duplicates, changed: false }
      const asserted = assertedAlso(before, held, part)
      const changed = !sameColumns(before, asserted)
      if (changed) this.#replace(work, asserted)
      return { ...duplicates, changed }
    }
    const { columns, outcome } = mergeColumns(before, part, edits)
    const flagged = flagConflicts(columns)
    const changed = outcome.added > 0 || !sameColumns(before, flagged)
    if (changed) this.#replace(work, flagged)
    return { ...outcome, changed, isSeen: changed }
  }

  #insertBetween(at: number, part: ObservationColumns, edits: SeriesOverlay): InsertOutcome {
    // Rows that came in with their like need the merge; strictly ascending starts cannot.
    const { columns, outcome } = isStrictlyAscending(part)
      ? { columns: part, outcome: { added: part.length, duplicates: 0, conflicting: 0 } }
      : mergeColumns(sliceColumns(part, 0, 0), part, edits)
    const flagged = flagConflicts(columns)
    const before = this.#works[at - 1]
    const after = this.#works[at]
    if (before !== undefined && before.count + flagged.length <= maxBlockLength) {
      this.#replace(before, concatColumns([this.#load(before), flagged]))
    } else if (after !== undefined && after.count + flagged.length <= maxBlockLength) {
      this.#replace(after, concatColumns([flagged, this.#load(after)]))
    } else {
      this.#works.splice(at, 0, { ...workOf(flagged), id: undefined, isDirty: true })
    }
    return { ...outcome, changed: outcome.added > 0, isSeen: outcome.added > 0 }
  }

  #load(work: Work): ObservationColumns {
    if (work.columns === undefined) {
      assert(work.id !== undefined, 'a segment is in the file or in memory')
      work.columns = decodeColumns(this.#rows.read(work.id))
    }
    return work.columns
  }

  #replace(work: Work, columns: ObservationColumns): void {
    if (columns.length > 0) {
      Object.assign(work, workOf(columns), { isDirty: true })
      return
    }
    if (work.id !== undefined) this.#obsolete.push(work.id)
    this.#works.splice(this.#works.indexOf(work), 1)
  }
}

/**
 * Where the rows lie in `columns` one after another with the very same facts, whoever asserts them: an export imported
 * again. Undefined where they do not.
 */
function heldAt(columns: ObservationColumns, rows: ObservationColumns): number | undefined {
  const from = lowerBound(columns.startMs, rows.startMs[0] as number, 0)
  const last = from + rows.length - 1
  if (columns.startMs[last] !== rows.startMs[rows.length - 1]) return undefined
  return sameFacts(sliceColumns(columns, from, last + 1), rows) ? from : undefined
}

function findRows(
  columns: ObservationColumns,
  identities: readonly string[],
  wanted: ReadonlyMap<string, number>,
): Set<number> {
  const rows = new Set<number>()
  // Many may share a start: each start's rows are looked at once.
  const starts = new Set(identities.map((identity) => wanted.get(identity) as number))
  for (const startMs of starts) {
    for (const row of rowsFrom(columns, startMs)) if (wanted.has(rowIdentity(columns, row))) rows.add(row)
  }
  return rows
}

/** Positions of the rows that start at a time. */
function rowsFrom(columns: ObservationColumns, startMs: number): number[] {
  const rows: number[] = []
  for (let row = lowerBound(columns.startMs, startMs, 0); columns.startMs[row] === startMs; row++) {
    rows.push(row)
  }
  return rows
}

function workOf(columns: ObservationColumns): Omit<Work, 'id' | 'isDirty'> {
  return {
    firstMs: columns.startMs[0] as number,
    lastMs: columns.startMs[columns.length - 1] as number,
    count: columns.length,
    maxDurationMs: maxDuration(columns),
    columns,
  }
}

/** Pieces of about equal size within the limits of a block, cut between different starts only. */
function cutSegment(columns: ObservationColumns): ObservationColumns[] {
  const sorted = sortColumns(columns)
  const pieces = Math.ceil(sorted.length / maxBlockLength)
  if (pieces > 1) return cutNear(sorted, Math.ceil(sorted.length / pieces))
  const piece = withCanonicalTables(sorted)
  if (encodeOnce(piece).length <= maxBlockBytes) return [piece]
  const halves = cutNear(piece, Math.ceil(piece.length / 2))
  return halves
}

function cutNear(columns: ObservationColumns, length: number): ObservationColumns[] {
  const { startMs } = columns
  let cut = Math.min(length, columns.length)
  while (cut > 0 && cut < columns.length && startMs[cut] === startMs[cut - 1]) cut--
  if (cut === 0) {
    // More equal starts than fit: they stay together, whatever the size.
    cut = length
    while (cut < columns.length && startMs[cut] === startMs[cut - 1]) cut++
  }
  if (cut >= columns.length) return [withCanonicalTables(columns)]
  return [
    ...cutSegment(sliceColumns(columns, 0, cut)),
    ...cutSegment(sliceColumns(columns, cut, columns.length)),
  ]
}

function isStrictlyAscending(columns: ObservationColumns): boolean {
  const { startMs, length } = columns
  let previous = Number.NEGATIVE_INFINITY
  for (let row = 0; row < length; row++) {
    const start = startMs[row] as number
    if (!(start > previous)) return false
    previous = start
  }
  return true
}
