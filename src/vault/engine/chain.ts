/**
 * The log: this device's chains, one per collection; security.md 5.1, 5.6.
 *
 * Heads are read from the table inside the transaction, because two processes may write the same vault. A
 * sequence number is never given twice: what is lost with a rollback is found by the head anchor at the next open,
 * which retires the device.
 */
import { keyCommitment, openParsedEnvelope, parseEnvelope, sealAead } from '../../crypto/index.ts'
import { bytesToHex, concatBytes, Failure } from '../../foundation/index.ts'
import type { CollectionName } from '../../metrics/index.ts'
import {
  batchHash,
  batchSignatureDomain,
  encodeBatch,
  encodeBatchHeader,
  genesisHash,
  maxBatchOperations,
  type ParsedBatch,
  parseBatch,
} from '../../protocol/index.ts'
import type { ChainHead } from '../ports.ts'
import { decodePayload, encodeItem, encodePayload, type Item, maxPayloadBytes } from './payload.ts'
import { damaged, type Store } from './store.ts'

/** Leaves room for what a snapshot puts around the value of an operation. */
const maxItemBytes = maxPayloadBytes - 24 * 1024

export interface ChainEnd {
  readonly seq: number
  readonly hash: Uint8Array
}

/** The last batch of a device in a collection, as the table holds it. */
export function chainEnd(store: Store, collection: CollectionName, deviceId: Uint8Array): ChainEnd {
  const row = store
    .sql('SELECT seq, bytes FROM batch WHERE collection_id = ? AND device_id = ? ORDER BY seq DESC LIMIT 1')
    .get(store.keyring.collection(collection).id, deviceId) as { seq: number; bytes: Uint8Array } | undefined
  return row === undefined
    ? { seq: 0, hash: genesisHash }
    : { seq: row.seq, hash: batchHash(parseBatch(row.bytes)) }
}

/** Collects items by collection and appends them as batches at the end of a write. */
export class ChainWriter {
  readonly #store: Store
  readonly #pending = new Map<CollectionName, { items: Uint8Array[]; bytes: number }>()
  readonly #ends = new Map<CollectionName, ChainEnd>()
  readonly #commitments = new Map<CollectionName, Uint8Array>()

  constructor(store: Store) {
    this.#store = store
  }

  /** Adds an item; full batches are written at once, so memory stays bounded. Fails with VALUE when too large. */
  add(collection: CollectionName, item: Item): void {
    const encoded = encodeItem(item, this.#store.device)
    if (encoded.length > maxItemBytes) {
      throw new Failure('VALUE', 'this is too large for one operation (224 KiB)', {
        hint: 'Attach it as a file: healthmate attach ID FILE',
      })
    }
    const pending = this.#pending.get(collection) ?? { items: [], bytes: 1 }
    this.#pending.set(collection, pending)
    const isFull = pending.items.length >= maxBatchOperations
    if (isFull || pending.bytes + encoded.length > maxPayloadBytes) this.#cut(collection, pending)
    pending.items.push(encoded)
    pending.bytes += encoded.length
  }

  /** Writes what is pending; returns the heads that changed, for the anchor. */
  finish(): readonly ChainHead[] {
    for (const [collection, pending] of this.#pending) {
      if (pending.items.length > 0) this.#cut(collection, pending)
    }
    return [...this.#ends].map(([collection, end]) => ({ collection, ...end }))
  }

  #cut(collection: CollectionName, pending: { items: Uint8Array[]; bytes: number }): void {
    const store = this.#store
    const { keyring } = store
    const { id, epoch } = keyring.collection(collection)
    const end = this.#ends.get(collection) ?? chainEnd(store, collection, keyring.deviceId)
    const key = keyring.key(collection, epoch, 'batch')
    const fields = { deviceId: keyring.deviceId, seq: end.seq + 1, prev: end.hash }
    const headerBytes = encodeBatchHeader({
      vaultId: keyring.vaultId,
      collectionId: id,
      epoch,
      commitment: this.#commitment(collection, key),
      ...fields,
    })
    const body = sealAead(key, headerBytes, encodePayload(pending.items))
    const { bytes, hash } = encodeBatch(headerBytes, body, (message) =>
      keyring.sign(batchSignatureDomain, message),
    )
    store
      .sql('INSERT INTO batch (collection_id, device_id, seq, bytes) VALUES (?, ?, ?, ?)')
      .run(id, keyring.deviceId, fields.seq, bytes)
    store
      .sql('INSERT INTO outbox (collection_id, device_id, seq) VALUES (?, ?, ?)')
      .run(id, keyring.deviceId, fields.seq)
    this.#ends.set(collection, { seq: fields.seq, hash })
    pending.items = []
    pending.bytes = 1
  }

  /** A commitment costs a key derivation; one key serves many batches. */
  #commitment(collection: CollectionName, key: Uint8Array): Uint8Array {
    let commitment = this.#commitments.get(collection)
    if (commitment === undefined) {
      commitment = keyCommitment(key, 'batch')
      this.#commitments.set(collection, commitment)
    }
    return commitment
  }
}

/** Items of a batch (rule F5: commitment and AEAD). Fails with DAMAGED naming `what`; null for a pruned batch. */
export function openBatch(
  store: Store,
  collection: CollectionName,
  batch: ParsedBatch,
  what: string,
): Item[] | null {
  if (batch.body === null) return null
  const parsed = parseEnvelope(concatBytes(batch.headerBytes, batch.body), what)
  if (parsed.header.context !== 'batch') throw damaged(`${what} is something else`)
  const key = store.keyring.key(collection, batch.header.epoch, 'batch')
  const payload = openParsedEnvelope(key, parsed, what)
  return decodePayload(payload, bytesToHex(batch.header.deviceId))
}

export interface StoredBatch {
  readonly collection: CollectionName
  readonly deviceId: Uint8Array
  readonly seq: number
  readonly bytes: Uint8Array
}

/** Chains in the table: one per device and collection. Collections of a newer version are left out. */
export function storedChains(
  store: Store,
  collection?: CollectionName,
): readonly { readonly collection: CollectionName; readonly deviceId: Uint8Array }[] {
  const rows = store
    .sql('SELECT DISTINCT collection_id, device_id FROM batch ORDER BY collection_id, device_id')
    .all() as { collection_id: Uint8Array; device_id: Uint8Array }[]
  return rows.flatMap((row) => {
    const name = store.keyring.collectionName(row.collection_id)
    if (name === undefined || (collection !== undefined && name !== collection)) return []
    return [{ collection: name, deviceId: row.device_id }]
  })
}

/** Batches of a chain in order, one at a time. */
export function* chainBatches(
  store: Store,
  collection: CollectionName,
  deviceId: Uint8Array,
): Generator<StoredBatch> {
  // One row per query: better-sqlite3 forbids writing while an iterator is open.
  const next = store.sql(
    'SELECT seq, bytes FROM batch WHERE collection_id = ? AND device_id = ? AND seq > ? ORDER BY seq LIMIT 1',
  )
  const { id } = store.keyring.collection(collection)
  let seq = 0
  for (;;) {
    const row = next.get(id, deviceId, seq) as { seq: number; bytes: Uint8Array } | undefined
    if (row === undefined) return
    seq = row.seq
    yield { collection, deviceId, ...row }
  }
}
