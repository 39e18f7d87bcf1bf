/**
 * Raw records: what an import read but no metric fits. Packed many to a row (at most 128 kB before deflate) and
 * sealed; the log names each row with its hash, the rows themselves are the only copy of the text.
 */
import { sha256 } from '../../crypto/index.ts'
import { ByteReader, ByteWriter, bytesEqual, bytesToHex } from '../../foundation/index.ts'
import type { CollectionName } from '../../metrics/index.ts'
import type { RawRecord } from '../../records/index.ts'
import { pack, unpack } from '../segment/pack.ts'
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

export class RawStore {
  readonly #store: Store
  /** Hashes of all records here: read when the first raw record of a process is written. */
  #known: Set<string> | undefined

  constructor(store: Store) {
    this.#store = store
    store.onStale(() => {
      this.#known = undefined
    })
  }

  /** Adds the records that are not there yet (by type, time and text), packed. */
  add(records: readonly RawRecord[], importId: string): RawPack[] {
    const packs: RawPack[] = []
    let fresh: RawRecord[] = []
    let bytes = 0
    const known = this.#knownHashes()
    for (const record of records) {
      const hash = recordHash(record)
      if (known.has(hash)) continue
      known.add(hash)
      fresh.push(record)
      bytes += record.text.length + record.where.length + 64
      if (bytes < maxPackBytes) continue
      packs.push(this.#insert(fresh, importId))
      fresh = []
      bytes = 0
    }
    if (fresh.length > 0) packs.push(this.#insert(fresh, importId))
    return packs
  }

  /** All records of imports that are not withdrawn, row by row. Fails with DAMAGED. */
  visit(withdrawn: ReadonlySet<string>, visit: (record: RawRecord) => void): void {
    for (const id of this.ids()) {
      const { importId, records } = this.read(id)
      if (importId !== '' && withdrawn.has(importId)) continue
      for (const record of records) visit(record)
    }
  }

  ids(): number[] {
    return this.#store.sql('SELECT id FROM raw ORDER BY id').pluck().all() as number[]
  }

  /** Fails with DAMAGED naming the row. */
  read(id: number): { importId: string; records: RawRecord[]; hash: Uint8Array } {
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
    reader.end()
    return { importId, records, hash: sha256(plaintext) }
  }

  /** Whether a row holds what the log says. */
  matches(pack: RawPack): boolean {
    return bytesEqual(this.read(pack.rowId).hash, pack.hash)
  }

  #insert(records: readonly RawRecord[], importId: string): RawPack {
    const writer = new ByteWriter(maxPackBytes).text(importId).varint(records.length)
    for (const { type, where, startMs, text } of records) {
      writer
        .text(type)
        .text(where)
        .u8(startMs === null ? 0 : 1)
      if (startMs !== null) writer.f64(startMs)
      writer.text(text)
    }
    const plaintext = writer.finish()
    const rowId = this.#store.newRowId()
    const sealed = this.#store.seal('raw', rawCollection, rowPlace(rowId), pack(plaintext))
    this.#store
      .sql('INSERT INTO raw (id, collection_id, bytes) VALUES (?, ?, ?)')
      .run(rowId, this.#store.keyring.collection(rawCollection).id, sealed)
    return { rowId, count: records.length, hash: sha256(plaintext) }
  }

  #knownHashes(): Set<string> {
    if (this.#known === undefined) {
      this.#known = new Set()
      for (const id of this.ids()) {
        for (const record of this.read(id).records) this.#known.add(recordHash(record))
      }
    }
    return this.#known
  }
}

/** 128 bits of what makes a raw record one; its place in the file is not part of it. */
function recordHash(record: RawRecord): string {
  const writer = new ByteWriter(record.text.length + 64).text(record.type).f64(record.startMs ?? Number.NaN)
  return bytesToHex(sha256(writer.text(record.text).finish()).subarray(0, 16))
}
