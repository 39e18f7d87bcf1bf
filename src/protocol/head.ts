/**
 * A head: where the chain of one device in one collection ends. `{device → (seq, hash)}` is an exact summary of
 * what a replica holds (security.md 5.1).
 *
 * Layout: collection 16 ‖ device 16 ‖ seq u64 ‖ hash 32.
 */
import { ByteReader, ByteWriter, bytesEqual } from '../foundation/index.ts'

export interface Head {
  readonly collectionId: Uint8Array
  readonly deviceId: Uint8Array
  /** 0: the chain has no batch yet. */
  readonly seq: number
  /** `batchHash` of that batch; 32 zeros when there is none. */
  readonly hash: Uint8Array
}

/** `prev` of a chain's first batch. */
export const genesisHash: Uint8Array = new Uint8Array(32)

export function encodeHead(head: Head): Uint8Array {
  return new ByteWriter(72)
    .bytes(head.collectionId)
    .bytes(head.deviceId)
    .u64(head.seq)
    .bytes(head.hash)
    .finish()
}

/** Fails with DAMAGED on anything that is no head. */
export function parseHead(bytes: Uint8Array): Head {
  const reader = new ByteReader(bytes, 'a chain head')
  const head = {
    collectionId: reader.bytes(16),
    deviceId: reader.bytes(16),
    seq: reader.u64(),
    hash: reader.bytes(32),
  }
  reader.end()
  return head
}

export function headsEqual(a: Head, b: Head): boolean {
  return (
    a.seq === b.seq &&
    bytesEqual(a.hash, b.hash) &&
    bytesEqual(a.collectionId, b.collectionId) &&
    bytesEqual(a.deviceId, b.deviceId)
  )
}
