/** The vault's tables as kysely sees them (migrations/vault). Plaintext is sizes, random ids and format numbers. */
import type { Generated } from 'kysely'

export interface VaultSchema {
  /** Format numbers and sealed values by name. */
  meta: { key: string; value: Uint8Array }
  /** At most 16 rows of 512 bytes. */
  keyslot: { slot: number; bytes: Uint8Array }
  /** `sealed`: the collection's name. */
  collection: { id: Uint8Array; sealed: Uint8Array }
  collection_key: { collection_id: Uint8Array; epoch: number; wrapped: Uint8Array }
  /** `sealed`: this device's secret keys; NULL for other devices and retired ones. */
  device: { id: Uint8Array; sealed: Uint8Array | null; certificate: Uint8Array }
  batch: { collection_id: Uint8Array; device_id: Uint8Array; seq: number; bytes: Uint8Array }
  segment: { id: Generated<number>; collection_id: Uint8Array; bytes: Uint8Array }
  rollup: { id: Generated<number>; collection_id: Uint8Array; bytes: Uint8Array }
  resolved: { id: Generated<number>; collection_id: Uint8Array; bytes: Uint8Array }
  directory: { collection_id: Uint8Array; bytes: Uint8Array }
  /** `key`: 16-byte keyed hash of what the row is about. */
  entity: { key: Uint8Array; collection_id: Uint8Array; bytes: Uint8Array }
  overlay: { key: Uint8Array; collection_id: Uint8Array; bytes: Uint8Array }
  raw: { id: Generated<number>; collection_id: Uint8Array; bytes: Uint8Array }
  blob_chunk: { blob_id: Uint8Array; chunk: number; bytes: Uint8Array }
  outbox: { collection_id: Uint8Array; device_id: Uint8Array; seq: number }
  inbox: { id: Generated<number>; bytes: Uint8Array }
  state: { key: string; bytes: Uint8Array }
}
