/**
 * Observations within one transaction: which series a row goes to, its edits, withdrawn imports, stale days.
 *
 * The state is a pure function of all blocks, edits and import fields ever written: rows whose every import is
 * withdrawn are left out, rows that edits concern rest on the shelf and are seen with the edits applied, all
 * others are in segments.
 */
import { Failure } from '../../foundation/index.ts'
import type { CollectionName } from '../../metrics/index.ts'
import {
  emptyColumns,
  identityText,
  type ObservationColumns,
  type ObservationOperation,
  observationFlag,
  type SeriesKey,
  sortColumns,
} from '../../records/index.ts'
import { mergeColumns, withdrawImports } from '../segment/merge.ts'
import { emptyOverlay, type SeriesOverlay } from '../segment/overlay.ts'
import { confirmedByImports, dayRange, sameColumns } from './columns.ts'
import {
  addRange,
  type DayRange,
  type Directories,
  type Directory,
  metricEntry,
  type SeriesEntry,
  seriesEntry,
} from './directory.ts'
import {
  joinObservationOperation,
  type Registers,
  registerOf,
  type StampedOperation,
  seriesText,
} from './fold.ts'
import type { ImportStates } from './import-states.ts'
import {
  editsOf,
  emptyOverlayState,
  type OverlayState,
  type OverlayStore,
  putOnShelf,
  rowIdentity,
  rowsOf,
  seenRows,
  splitByEdits,
  startOf,
} from './overlay-store.ts'
import type { Register } from './register.ts'
import type { SegmentStore } from './segment-store.ts'
import { SeriesWriter } from './series-writer.ts'

export interface WriteOutcome {
  readonly added: number
  readonly duplicates: number
  readonly suppressed: number
  readonly conflicting: number
  readonly changed: boolean
}

interface OpenSeries {
  readonly directory: Directory
  readonly entry: SeriesEntry
  readonly writer: SeriesWriter
  overlay: OverlayState | undefined
  isOverlayDirty: boolean
  isTouched: boolean
}

/** Flags that a block may bring; the others follow from the state. */
const baseFlags = observationFlag.manual | observationFlag.unconfirmed | observationFlag.confirmed

export class ObservationTransaction {
  readonly #directories: Directories
  readonly #segments: SegmentStore
  readonly #overlays: OverlayStore
  readonly #imports: ImportStates
  readonly #open = new Map<string, OpenSeries>()

  constructor(
    stores: { directories: Directories; segments: SegmentStore; overlays: OverlayStore },
    imports: ImportStates,
  ) {
    this.#directories = stores.directories
    this.#segments = stores.segments
    this.#overlays = stores.overlays
    this.#imports = imports
  }

  /** Joins rows (any order) into a series. */
  insert(collection: CollectionName, series: SeriesKey, columns: ObservationColumns): WriteOutcome {
    const open = this.#series(collection, series, columns.values.length)
    this.#noteImports(open.entry, columns)
    assertComponents(open, columns)
    const rows = this.#visible(sortColumns(withBaseFlags(columns)))
    const { entry } = open
    const edits = entry.hasOverlay ? editsOf(this.#overlay(open)) : emptyOverlay
    const [concerned, plain] = entry.hasOverlay ? splitByEdits(rows, this.#overlay(open)) : [undefined, rows]
    const outcome = open.writer.insert(plain, edits)
    if (outcome.changed) open.isTouched = true
    if (outcome.isSeen) this.#touch(open, plain)
    const shelved = concerned === undefined ? undefined : this.#insertConcerned(open, concerned)
    return {
      added: outcome.added + (shelved?.added ?? 0),
      duplicates: outcome.duplicates + (shelved?.duplicates ?? 0),
      suppressed: shelved?.suppressed ?? 0,
      conflicting: outcome.conflicting,
      changed: outcome.changed || (shelved?.changed ?? false),
    }
  }

  /** The register that an edit writes to; while it was never written, also the row before any edit. */
  lookUp(
    collection: CollectionName,
    operation: ObservationOperation,
  ): { readonly register: Register | undefined; readonly row: ObservationColumns | undefined } {
    const { ref } = operation
    const open = this.#series(collection, ref.series, componentsOf(operation))
    const identity = identityOf(operation)
    const overlay = this.#overlay(open)
    const registers = overlay.registers.get(identity)
    const register = registerOf(registers, operation.field)
    if (register !== undefined) return { register, row: undefined }
    const row =
      registers === undefined
        ? open.writer.peek(new Map([[identity, ref.startMs]]))
        : rowsOf(overlay, new Set([identity]))
    return { register, row: row !== undefined && row.length > 0 ? row : undefined }
  }

  /** Which of these rows (unedited, any order) the series knows already, removed ones included. */
  known(collection: CollectionName, series: SeriesKey, columns: ObservationColumns): Set<string> {
    const open = this.#series(collection, series, columns.values.length)
    const wanted = new Map<string, number>()
    for (let row = 0; row < columns.length; row++) {
      wanted.set(rowIdentity(columns, row), columns.startMs[row] as number)
    }
    const found = open.writer.peek(wanted)
    const known = found === undefined ? new Set<string>() : identitiesOf(found)
    if (!open.entry.hasOverlay) return known
    for (const identity of identitiesOf(rowsOf(this.#overlay(open), new Set(wanted.keys()))))
      known.add(identity)
    return known
  }

  /** Applies edits of one series. */
  edit(collection: CollectionName, operations: readonly StampedEdit[]): void {
    const first = operations[0]
    if (first === undefined) return
    const open = this.#series(collection, first.operation.ref.series, componentsOf(first.operation))
    const overlay = this.#overlay(open)
    const identities = new Set<string>()
    const unshelved = new Map<string, number>()
    for (const { operation } of operations) {
      const identity = identityOf(operation)
      identities.add(identity)
      if (!overlay.registers.has(identity)) unshelved.set(identity, operation.ref.startMs)
    }
    const before = seenRows(overlay, new Set([...identities].filter((identity) => !unshelved.has(identity))))
    this.#shelve(open, unshelved)
    for (const { operation, hlc, replaces } of operations) {
      const identity = identityOf(operation)
      const registers = joinObservationOperation(overlay.registers.get(identity), operation, {
        hlc,
        replaces,
      })
      overlay.registers.set(identity, registers)
    }
    overlay.edits = undefined
    this.#markOverlay(open)
    this.#replaceSeen(open, before, seenRows(overlay, identities))
  }

  /** Unedited rows of a metric that start at these times, seen or not, series by series, with their edits. */
  partsAt(collection: CollectionName, metric: string, starts: ReadonlySet<number>): readonly PartAt[] {
    const entries = [...this.#directories.of(collection).series.values()]
    return entries.flatMap((entry) => {
      if (entry.series.metric !== metric) return []
      const open = this.#series(collection, entry.series, entry.components)
      const overlay = entry.hasOverlay ? this.#overlay(open) : emptyOverlayState(entry.components)
      const edited = [...overlay.registers.keys()].filter((identity) => starts.has(startOf(identity)))
      const identities = new Set(edited)
      return [
        {
          series: entry.series,
          seen: open.writer.at(starts),
          shelf: rowsOf(overlay, identities),
          edits: editsOf(overlay, identities),
        },
      ]
    })
  }

  /** Times at which rows are superseded. */
  supersededTimes(visit: (metric: string, startMs: number) => void): void {
    for (const directory of this.#directories.all()) {
      for (const entry of [...directory.series.values()]) {
        if (!entry.hasOverlay) continue
        const overlay = this.#overlay(this.#series(directory.collection, entry.series, entry.components))
        for (const [identity, { superseded }] of editsOf(overlay))
          if (superseded === true) visit(entry.series.metric, startOf(identity))
      }
    }
  }

  /** Joins folded registers (rebuild, snapshots) before any row is inserted. */
  putRegisters(
    collection: CollectionName,
    series: SeriesKey,
    registers: ReadonlyMap<string, Registers>,
  ): void {
    const open = this.#series(collection, series, 1)
    const overlay = this.#overlay(open)
    for (const [identity, joined] of registers) overlay.registers.set(identity, joined)
    overlay.edits = undefined
    this.#markOverlay(open)
  }

  /** Applies changed import fields to what is there: withdrawals drop rows, acceptance clears `unconfirmed`. */
  applyImportStates(importIds: ReadonlySet<string>): void {
    for (const directory of this.#directories.all()) {
      for (const entry of [...directory.series.values()]) {
        if (!entry.imports.some((id) => importIds.has(id))) continue
        const open = this.#series(directory.collection, entry.series, entry.components)
        open.writer.rewrite((columns) => {
          const visible = this.#visible(columns)
          if (visible !== columns) this.#touch(open, columns)
          return visible
        })
        if (!entry.hasOverlay) continue
        const overlay = this.#overlay(open)
        const shelf = this.#visible(overlay.shelf)
        if (shelf === overlay.shelf) continue
        overlay.shelf = shelf
        this.#markOverlay(open)
      }
    }
  }

  /** Writes segments, edits and directories. The transaction may go on afterwards. */
  flush(): void {
    const directories = new Set<Directory>()
    for (const open of this.#open.values()) {
      if (open.isOverlayDirty && open.overlay !== undefined) {
        this.#overlays.save(open.directory.collection, open.entry.series, open.overlay)
        open.isOverlayDirty = false
        open.isTouched = true
      }
      if (!open.isTouched) continue
      open.entry.segments = open.writer.flush()
      directories.add(open.directory)
    }
    this.#open.clear()
    for (const directory of directories) this.#directories.save(directory)
  }

  #series(collection: CollectionName, series: SeriesKey, components: number): OpenSeries {
    const key = `${collection}/${seriesText(series)}`
    let open = this.#open.get(key)
    if (open === undefined) {
      const directory = this.#directories.of(collection)
      const entry = seriesEntry(directory, series, components)
      const writer = new SeriesWriter(this.#segments.of(collection, entry.series), entry.segments)
      open = { directory, entry, writer, overlay: undefined, isOverlayDirty: false, isTouched: false }
      this.#open.set(key, open)
    }
    return open
  }

  #overlay(open: OpenSeries): OverlayState {
    const { entry, directory } = open
    open.overlay ??= entry.hasOverlay
      ? this.#overlays.load(directory.collection, entry.series, entry.components)
      : emptyOverlayState(entry.components)
    return open.overlay
  }

  #markOverlay(open: OpenSeries): void {
    open.entry.hasOverlay = true
    open.isOverlayDirty = true
  }

  /** Moves unedited rows from the segments to the shelf. */
  #shelve(open: OpenSeries, wanted: ReadonlyMap<string, number>): void {
    const taken = wanted.size === 0 ? undefined : open.writer.take(wanted)
    if (taken === undefined) return
    putOnShelf(this.#overlay(open), withBaseFlags(taken))
    this.#touch(open, taken)
  }

  #insertConcerned(open: OpenSeries, rows: ObservationColumns): WriteOutcome {
    const overlay = this.#overlay(open)
    const identities = identitiesOf(rows)
    const before = seenRows(overlay, identities)
    const shelfBefore = rowsOf(overlay, identities)
    const { columns, outcome } = mergeColumns(overlay.shelf, rows, emptyOverlay)
    const { suppressed } = mergeColumns(emptyColumns(rows.values.length), rows, editsOf(overlay)).outcome
    overlay.shelf = columns
    const changed = !sameColumns(shelfBefore, rowsOf(overlay, identities))
    if (changed) {
      this.#markOverlay(open)
      this.#replaceSeen(open, before, seenRows(overlay, identities))
    }
    const added = Math.max(0, outcome.added - suppressed)
    return { added, duplicates: rows.length - added - suppressed, suppressed, conflicting: 0, changed }
  }

  #replaceSeen(open: OpenSeries, before: ObservationColumns, after: ObservationColumns): void {
    const wanted = new Map<string, number>()
    for (let row = 0; row < before.length; row++) {
      wanted.set(rowIdentity(before, row), before.startMs[row] as number)
    }
    open.writer.take(wanted)
    open.writer.insert(after, editsOf(this.#overlay(open)))
    this.#touch(open, before)
    this.#touch(open, after)
  }

  #visible(columns: ObservationColumns): ObservationColumns {
    const { withdrawn, accepted } = this.#imports
    const kept = withdrawn.size === 0 ? columns : withdrawImports(columns, withdrawn)
    return accepted.size === 0 ? kept : confirmedByImports(kept, accepted)
  }

  #noteImports(entry: SeriesEntry, columns: ObservationColumns): void {
    for (const set of columns.assertionTable) {
      for (const id of set) if (!entry.imports.includes(id)) entry.imports.push(id)
    }
  }

  #touch(open: OpenSeries, columns: ObservationColumns): void {
    open.isTouched = true
    const range: DayRange | undefined = dayRange(columns)
    if (range === undefined) return
    const metric = metricEntry(open.directory, open.entry.series.metric)
    open.entry.dirty = addRange(open.entry.dirty, range)
    metric.dirty = addRange(metric.dirty, range)
  }
}

/** Rows of one series at some times. */
export interface PartAt {
  readonly series: SeriesKey
  /** As they are seen. */
  readonly seen: ObservationColumns | undefined
  /** Those that have edits, without them. */
  readonly shelf: ObservationColumns
  readonly edits: SeriesOverlay
}

export interface StampedEdit extends StampedOperation {
  readonly operation: ObservationOperation
}

/** Identity text of what an operation edits. */
export function identityOf(operation: ObservationOperation): string {
  return identityText(operation.ref)
}

function componentsOf(operation: ObservationOperation): number {
  const { discriminator } = operation.ref
  if (Array.isArray(discriminator)) return discriminator.length
  return operation.field === 'values' && operation.value !== null ? operation.value.length : 1
}

/** All rows of a series have as many components as its first. */
function assertComponents({ entry, overlay }: OpenSeries, columns: ObservationColumns): void {
  const components = columns.values.length
  if (entry.components === components) return
  const isEmpty = entry.segments.length === 0 && (overlay?.shelf.length ?? 0) === 0
  if (!isEmpty && columns.length > 0) {
    throw new Failure('VALUE', `an observation of ${entry.series.metric} has ${components} components`, {
      hint: `healthmate metrics ${entry.series.metric}`,
    })
  }
  entry.components = components
}

function withBaseFlags(columns: ObservationColumns): ObservationColumns {
  if (columns.flags.every((flags) => (flags & ~baseFlags) === 0)) return columns
  return { ...columns, flags: columns.flags.map((flags) => flags & baseFlags) }
}

function identitiesOf(rows: ObservationColumns): Set<string> {
  const identities = new Set<string>()
  for (let row = 0; row < rows.length; row++) identities.add(rowIdentity(rows, row))
  return identities
}
