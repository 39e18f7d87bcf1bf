/**
 * Edits of a series in the file, with the *shelf*: the rows that edits and removals concern, as they were before
 * any of them.
 *
 * Segments hold what is seen: unedited rows, and edited ones with the edits applied. The shelf keeps the unedited
 * form of the latter, and the removed rows. So an edit is undone without the log, a row imported again joins its
 * unedited form, and segments + shelf are the same whatever came first.
 */
import { padPadme, unpadPadme } from '../../crypto/index.ts'
import { ByteReader, ByteWriter } from '../../foundation/index.ts'
import type { CollectionName } from '../../metrics/index.ts'
import {
  concatColumns,
  emptyColumns,
  identityText,
  type JsonValue,
  type ObservationColumns,
  refOf,
  type SeriesKey,
  sliceColumns,
  takeRows,
} from '../../records/index.ts'
import { decodeColumns, encodeColumns } from '../segment/codec.ts'
import { mergeColumns } from '../segment/merge.ts'
import { emptyOverlay, type ObservationEdit, type SeriesOverlay } from '../segment/overlay.ts'
import { pack, unpack } from '../segment/pack.ts'
import { lowerBound } from './columns.ts'
import { type Registers, seriesText } from './fold.ts'
import { parseJson } from './payload.ts'
import { type Register, winner } from './register.ts'
import type { Store } from './store.ts'

export interface OverlayState {
  /** Identity text → registers by field. */
  readonly registers: Map<string, Registers>
  /** Unedited rows of these identities, sorted. */
  shelf: ObservationColumns
  /** `editsOf` all registers, while they do not change. */
  edits: SeriesOverlay | undefined
}

export function emptyOverlayState(components: number): OverlayState {
  return { registers: new Map(), shelf: emptyColumns(components), edits: undefined }
}

const shelfBlockLength = 16_384
const unpackLimit = 256 * 1024 * 1024

export class OverlayStore {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  load(collection: CollectionName, series: SeriesKey, components: number): OverlayState {
    const key = this.#key(series)
    const row = this.#store.sql('SELECT bytes FROM overlay WHERE key = ?').pluck().get(key)
    if (!(row instanceof Uint8Array)) return emptyOverlayState(components)
    const what = `the edits of a series of ${collection}`
    return decodeOverlay(this.#store.open('overlay', collection, key, row, what), components)
  }

  save(collection: CollectionName, series: SeriesKey, state: OverlayState): void {
    const key = this.#key(series)
    const { id } = this.#store.keyring.collection(collection)
    this.#store
      .sql(
        `INSERT INTO overlay (key, collection_id, bytes) VALUES (?, ?, ?)
         ON CONFLICT (key) DO UPDATE SET bytes = excluded.bytes`,
      )
      .run(key, id, this.#store.seal('overlay', collection, key, encodeOverlay(state)))
  }

  clear(): void {
    this.#store.sql('DELETE FROM overlay').run()
  }

  #key(series: SeriesKey): Uint8Array {
    return this.#store.keyedId('overlay', seriesText(series))
  }
}

/** registers as JSON ‖ number of shelf blocks ‖ blocks; packed and padded. */
function encodeOverlay(state: OverlayState): Uint8Array {
  const blocks: Uint8Array[] = []
  for (let from = 0; from < state.shelf.length; from += shelfBlockLength) {
    blocks.push(encodeColumns(sliceColumns(state.shelf, from, from + shelfBlockLength)))
  }
  const writer = new ByteWriter(1024).text(JSON.stringify([...state.registers])).varint(blocks.length)
  for (const block of blocks) writer.lengthPrefixed(block)
  return padPadme(pack(writer.finish()))
}

function decodeOverlay(plaintext: Uint8Array, components: number): OverlayState {
  const reader = new ByteReader(unpack(unpadPadme(plaintext), unpackLimit), 'the edits of a series')
  const registers = new Map(parseJson(reader.text()) as [string, Registers][])
  const blocks: ObservationColumns[] = []
  for (let count = reader.varint(); count > 0; count--) blocks.push(decodeColumns(reader.lengthPrefixed()))
  reader.end()
  return { registers, shelf: concatColumns(blocks, components), edits: undefined }
}

/** The edits of registers in the form that merging applies; only of `identities` where given. */
export function editsOf(state: OverlayState, identities?: ReadonlySet<string>): SeriesOverlay {
  if (identities === undefined && state.edits !== undefined) return state.edits
  const edits = new Map<string, ObservationEdit>()
  for (const identity of identities ?? state.registers.keys()) {
    const registers = state.registers.get(identity)
    if (registers !== undefined) edits.set(identity, editsOfRegisters(registers))
  }
  if (identities === undefined) state.edits = edits
  return edits
}

function editsOfRegisters(registers: Registers): ObservationEdit {
  const edits = new Map<string, JsonValue>()
  for (const [field, register] of Object.entries(registers) as [string, Register][]) {
    const value = winner(register)
    if (value === undefined) continue
    edits.set(field, value)
  }
  return Object.fromEntries(edits) as ObservationEdit
}

/** Rows of the shelf as they are seen, of `identities` where given: edits applied, removed ones left out. */
export function seenRows(state: OverlayState, identities?: ReadonlySet<string>): ObservationColumns {
  const rows = identities === undefined ? state.shelf : rowsOf(state, identities)
  const components = state.shelf.values.length
  return mergeColumns(emptyColumns(components), rows, editsOf(state, identities)).columns
}

/** Rows that are kept and not seen, because a later version replaced them; those that `isWanted` takes. */
export function supersededRows(
  state: OverlayState,
  isWanted: (startMs: number, durationMs: number, offsetMin: number) => boolean,
): {
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
  readonly values: readonly number[]
}[] {
  const edits = editsOf(state)
  const { shelf } = state
  return Array.from({ length: shelf.length }, (_, row) => row).flatMap((row) => {
    const startMs = shelf.startMs[row] as number
    const durationMs = shelf.durationMs[row] as number
    const offsetMin = shelf.offsetMin[row] as number
    if (!isWanted(startMs, durationMs, offsetMin)) return []
    const edit = edits.get(rowIdentity(shelf, row))
    if (edit?.superseded !== true || edit.removed === true) return []
    const values = shelf.values.map((column) => column[row] as number)
    return [{ startMs, durationMs, offsetMin, values }]
  })
}

/** Unedited rows of these identities. */
export function rowsOf(state: OverlayState, identities: ReadonlySet<string>): ObservationColumns {
  const { shelf } = state
  const order: number[] = []
  for (let row = 0; row < shelf.length; row++) if (identities.has(rowIdentity(shelf, row))) order.push(row)
  return order.length === shelf.length ? shelf : takeRows(shelf, order)
}

/** Joins unedited rows into the shelf. */
export function putOnShelf(state: OverlayState, rows: ObservationColumns): void {
  state.shelf = mergeColumns(state.shelf, rows, emptyOverlay).columns
}

const anySeries: SeriesKey = { metric: '', source: { device: '', app: '', deviceClass: 'unknown' }, unit: '' }

/** Identity text of a row, edited or not. */
export function rowIdentity(columns: ObservationColumns, row: number): string {
  return identityText(refOf({ series: anySeries, columns }, row))
}

/** Rows that edits concern, and the others. */
export function splitByEdits(
  rows: ObservationColumns,
  overlay: OverlayState,
): [ObservationColumns | undefined, ObservationColumns] {
  const concerned = new Set<number>()
  const starts = new Set([...overlay.registers.keys()].map(startOf))
  for (const startMs of starts) {
    for (let row = lowerBound(rows.startMs, startMs, 0); rows.startMs[row] === startMs; row++) {
      if (overlay.registers.has(rowIdentity(rows, row))) concerned.add(row)
    }
  }
  if (concerned.size === 0) return [undefined, rows]
  const rest: number[] = []
  for (let row = 0; row < rows.length; row++) if (!concerned.has(row)) rest.push(row)
  return [
    takeRows(
      rows,
      [...concerned].sort((a, b) => a - b),
    ),
    takeRows(rows, rest),
  ]
}

/** The start (ms) that an identity text begins with. */
export function startOf(identity: string): number {
  return Number(identity.slice(0, identity.indexOf(':')))
}
