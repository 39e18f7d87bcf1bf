/**
 * Raw records: what an import read but no metric fits. Packed many to a row (at most 128 kB before deflate) and
 * sealed; the log names each row with its hash, the rows themselves are the only copy of the text.
 *
 * A row belongs to one import. Records that another row has already are named by place instead of being written again
 * (`also`): they live while any import that has or names them is not withdrawn.
 *
 *     import id text ‖ records: count, (type, where, start, text) × count ‖ also: count, (row id varint ‖ indexes:
 *     count, varint × count) × count; nothing after the records where there is no `also`
 */
import { sha256 } from '../../crypto/index.ts'
import { ByteReader, ByteWriter, bytesEqual } from '../../foundation/index.ts'
import type { CollectionName } from '../../metrics/index.ts'
import type { RawRecord } from '../../records/index.ts'
import { pack, unpack } from '../segment/pack.ts'
import { hashBytes, maxRowRecords, type RawPlace, RawPlaces } from './raw-places.ts'
import { damaged, rowPlace, type Store } from './store.ts'

/** Where raw records are kept. */
export const rawCollection: CollectionName = 'documents'
const maxPackBytes = 128 * 1024
const unpackLimit = 64 * 1024 * 1024

export interface RawPack {
  readonly rowId: number
  readonly count: number
  /** SHA-256 of the pack before deflate. */
  readonly hash: Uint8Array
}

/** Row id → indexes of records in that row. */
type Also = Map<number, Set<number>>

interface RawRow {
  readonly importId: string
  readonly records: readonly RawRecord[]
  readonly also: Also
}

export class RawStore {
  readonly #store: Store
  /** Places of all records here by hash: read when the first raw record of a process is written. */
  #known: RawPlaces | undefined

  constructor(store: Store) {
    this.#store = store
    store.onStale(() => {
      this.#known = undefined
    })
  }

  /** Adds the records that are not there yet (by type, time and text), packed, and names those that are. */
  add(records: readonly RawRecord[], importId: string): RawPack[] {
    const packs: RawPack[] = []
    const also: Also = new Map()
    let fresh: RawRecord[] = []
    let hashes: Uint8Array[] = []
    let bytes = 0
    const known = this.#knownPlaces()
    const cut = (): void => {
      const pack = this.#insert({ importId, records: fresh, also })
      packs.push(pack)
      known.add(pack.rowId, importId, hashes)
      also.clear()
      fresh = []
      hashes = []
      bytes = 0
    }
    const waiting = new Set<string>()
    for (const record of records) {
      const hash = recordHash(record)
      const name = Buffer.from(hash).toString('latin1')
      const place = known.find(hash)
      if (place !== undefined) {
        if (place.importId !== importId) nameAlso(also, place)
        continue
      }
      if (waiting.has(name)) continue
      waiting.add(name)
      fresh.push(record)
      hashes.push(hash)
      bytes += record.text.length + record.where.length + 64
      if (bytes >= maxPackBytes || fresh.length === maxRowRecords) cut()
    }
    if (fresh.length > 0 || also.size > 0) cut()
    return packs
  }

  /** All records that an import which is not withdrawn has or names. Fails with DAMAGED. */
  visit(withdrawn: ReadonlySet<string>, visit: (record: RawRecord) => void): void {
    const named = new Map<number, Set<number>>()
    const hidden: number[] = []
    for (const id of this.ids()) {
      const { importId, records, also } = this.read(id)
      if (importId !== '' && withdrawn.has(importId)) {
        hidden.push(id)
        continue
      }
      for (const record of records) visit(record)
      for (const [rowId, indexes] of also) {
        const all = named.get(rowId) ?? new Set()
        for (const index of indexes) all.add(index)
        named.set(rowId, all)
      }
    }
    for (const id of hidden) {
      const indexes = named.get(id)
      if (indexes === undefined) continue
      for (const [index, record] of this.read(id).records.entries()) if (indexes.has(index)) visit(record)
    }
  }

  ids(): number[] {
    return this.#store.sql('SELECT id FROM raw ORDER BY id').pluck().all() as number[]
  }

  /** Fails with DAMAGED naming the row. */
  read(id: number): RawRow & { readonly hash: Uint8Array } {
    const what = `raw records ${id}`
    const row = this.#store.sql('SELECT bytes FROM raw WHERE id = ?').pluck().get(id)
    if (!(row instanceof Uint8Array)) throw damaged(`${what} are missing`)
    const plaintext = unpack(this.#store.open('raw', rawCollection, rowPlace(id), row, what), unpackLimit)
    const reader = new ByteReader(plaintext, what)
    const importId = reader.text()
    const records: RawRecord[] = []
    for (let count = reader.varint(); count > 0; count--) {
      const type = reader.text()
      const where = reader.text()
      const startMs = reader.u8() === 1 ? reader.f64() : null
      records.push({ type, where, startMs, text: reader.text() })
    }
    const also: Also = new Map()
    for (let count = reader.remaining > 0 ? reader.varint() : 0; count > 0; count--) {
      const indexes = new Set<number>()
      also.set(reader.varint(), indexes)
      for (let length = reader.varint(); length > 0; length--) indexes.add(reader.varint())
    }
    reader.end()
    return { importId, records, also, hash: sha256(plaintext) }
  }

  /** Whether a row holds what the log says. */
  matches(pack: RawPack): boolean {
    return bytesEqual(this.read(pack.rowId).hash, pack.hash)
  }

  #insert({ importId, records, also }: RawRow): RawPack {
    const writer = new ByteWriter(maxPackBytes).text(importId).varint(records.length)
    for (const { type, where, startMs, text } of records) {
      writer
        .text(type)
        .text(where)
        .u8(startMs === null ? 0 : 1)
      if (startMs !== null) writer.f64(startMs)
      writer.text(text)
    }
    if (also.size > 0) {
      writer.varint(also.size)
      for (const [rowId, indexes] of also) {
        writer.varint(rowId).varint(indexes.size)
        for (const index of indexes) writer.varint(index)
      }
    }
    const plaintext = writer.finish()
    const rowId = this.#store.newRowId()
    const sealed = this.#store.seal('raw', rawCollection, rowPlace(rowId), pack(plaintext))
    this.#store
      .sql('INSERT INTO raw (id, collection_id, bytes) VALUES (?, ?, ?)')
      .run(rowId, this.#store.keyring.collection(rawCollection).id, sealed)
    return { rowId, count: records.length, hash: sha256(plaintext) }
  }

  #knownPlaces(): RawPlaces {
    if (this.#known === undefined) {
      this.#known = new RawPlaces()
      for (const rowId of this.ids()) {
        const { importId, records } = this.read(rowId)
        this.#known.add(rowId, importId, records.map(recordHash))
      }
    }
    return this.#known
  }
}

function nameAlso(also: Also, { rowId, index }: RawPlace): void {
  const indexes = also.get(rowId)
  if (indexes === undefined) also.set(rowId, new Set([index]))
  else indexes.add(index)
}

/** 128 bits of what makes a raw record one; its place in the file is not part of it. */
function recordHash(record: RawRecord): Uint8Array {
  const writer = new ByteWriter(record.text.length + 64).text(record.type).f64(record.startMs ?? Number.NaN)
  return sha256(writer.text(record.text).finish()).slice(0, hashBytes)
}
