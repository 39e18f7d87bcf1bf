/**
 * Batches: the sealed, signed, hash-chained unit in which operations rest and travel; security.md 4.2 and 5.1.
 *
 *     off len
 *     0   2   "HM"
 *     2   1   version 1
 *     3   1   suite 1
 *     4   1   context 2 (batch)
 *     5   1   flags 0
 *     6   2   header length, 132
 *     8   16  vault id
 *     24  16  collection id
 *     40  4   epoch
 *     44  32  key commitment
 *     76  16  device id
 *     92  8   seq, from 1, without gaps per (device, collection)
 *     100 32  prev: hash of the batch before, zeros for the first
 *     132 ..  body: nonce 24 ‖ ciphertext ‖ tag 16; or, pruned, SHA-256 of that body
 *     ..  64  Ed25519 over header ‖ SHA-256(body)
 *
 * hash(batch) = SHA-256(header ‖ SHA-256(body) ‖ signature). Signature and hash see the body through its hash
 * only, so a chain whose bodies were pruned or erased still verifies. A pruned batch is told by its length:
 * 132 + 32 + 64, while the shortest whole one has 132 + 40 + 64.
 *
 * This room knows bytes and signatures, never a key that decrypts: a relay can check everything here.
 */
import { sha256 } from '../crypto/index.ts'
import { assert, ByteReader, ByteWriter, bytesEqual, concatBytes, Failure } from '../foundation/index.ts'
import { maxBatchBytes } from './limits.ts'
import { batchContext, protocolSuite, protocolVersion } from './version.ts'

export const batchHeaderLength = 132
/** Domain of the batch signature: `healthmate/v1/batch\0` stands before the message. */
export const batchSignatureDomain = 'batch'

const hashLength = 32
const signatureLength = 64
const shortestBody = 24 + 16

export interface BatchHeader {
  readonly vaultId: Uint8Array
  readonly collectionId: Uint8Array
  readonly epoch: number
  /** 32 bytes; see the envelope of the crypto room. */
  readonly commitment: Uint8Array
  readonly deviceId: Uint8Array
  readonly seq: number
  /** Hash of the batch before; zeros for the first. */
  readonly prev: Uint8Array
}

export interface ParsedBatch {
  readonly header: BatchHeader
  /** The header's bytes: associated data of the body. */
  readonly headerBytes: Uint8Array
  /** nonce ‖ ciphertext ‖ tag; null when pruned. */
  readonly body: Uint8Array | null
  readonly bodyHash: Uint8Array
  readonly signature: Uint8Array
}

export function encodeBatchHeader(header: BatchHeader): Uint8Array {
  assert(header.commitment.length === 32 && header.prev.length === 32, 'commitment and prev have 32 bytes')
  const ids = [header.vaultId, header.collectionId, header.deviceId]
  assert(
    ids.every((id) => id.length === 16),
    'ids have 16 bytes',
  )
  return new ByteWriter(batchHeaderLength)
    .bytes(Uint8Array.of(0x48, 0x4d, protocolVersion, protocolSuite, batchContext, 0))
    .u16(batchHeaderLength)
    .bytes(header.vaultId)
    .bytes(header.collectionId)
    .u32(header.epoch)
    .bytes(header.commitment)
    .bytes(header.deviceId)
    .u64(header.seq)
    .bytes(header.prev)
    .finish()
}

/** What the device signs. */
export function batchMessage(headerBytes: Uint8Array, bodyHash: Uint8Array): Uint8Array {
  return concatBytes(headerBytes, bodyHash)
}

/**
 * A whole batch from its header bytes and sealed body; `sign` signs `batchMessage` in `batchSignatureDomain`.
 * Returns the bytes and the hash that the next batch names as `prev`.
 */
export function encodeBatch(
  headerBytes: Uint8Array,
  body: Uint8Array,
  sign: (message: Uint8Array) => Uint8Array,
): { readonly bytes: Uint8Array; readonly hash: Uint8Array } {
  const bodyHash = sha256(body)
  const signature = sign(batchMessage(headerBytes, bodyHash))
  assert(signature.length === signatureLength, 'a signature has 64 bytes')
  const bytes = concatBytes(headerBytes, body, signature)
  assert(bytes.length <= maxBatchBytes, 'a batch has at most 256 KiB')
  return { bytes, hash: sha256(headerBytes, bodyHash, signature) }
}

/** Parses without any key. Fails with UNSUPPORTED_FORMAT or DAMAGED; checks no signature. */
export function parseBatch(bytes: Uint8Array): ParsedBatch {
  if (bytes.length > maxBatchBytes) throw damaged('it is larger than 256 KiB')
  const { header, headerBytes } = parseBatchHeader(bytes)
  const rest = bytes.subarray(batchHeaderLength)
  const signature = rest.subarray(Math.max(0, rest.length - signatureLength))
  if (rest.length === hashLength + signatureLength) {
    return { header, headerBytes, body: null, bodyHash: rest.subarray(0, hashLength), signature }
  }
  if (rest.length < shortestBody + signatureLength) throw damaged('it is cut short')
  const body = rest.subarray(0, rest.length - signatureLength)
  return { header, headerBytes, body, bodyHash: sha256(body), signature }
}

function parseBatchHeader(bytes: Uint8Array): { header: BatchHeader; headerBytes: Uint8Array } {
  const reader = new ByteReader(bytes, 'a batch')
  if (reader.u8() !== 0x48 || reader.u8() !== 0x4d) throw damaged('it does not begin with "HM"')
  if (reader.u8() !== protocolVersion) throw unsupported('version')
  if (reader.u8() !== protocolSuite) throw unsupported('cipher suite')
  if (reader.u8() !== batchContext) throw damaged('it is something else than a batch')
  if (reader.u8() !== 0) throw unsupported('flag')
  if (reader.u16() !== batchHeaderLength) throw unsupported('header length')
  const header = {
    vaultId: reader.bytes(16),
    collectionId: reader.bytes(16),
    epoch: reader.u32(),
    commitment: reader.bytes(32),
    deviceId: reader.bytes(16),
    seq: reader.u64(),
    prev: reader.bytes(32),
  }
  if (header.seq < 1) throw damaged('its number is below 1')
  return { header, headerBytes: bytes.subarray(0, batchHeaderLength) }
}

/** The hash by which the next batch names this one. */
export function batchHash(batch: ParsedBatch): Uint8Array {
  return sha256(batch.headerBytes, batch.bodyHash, batch.signature)
}

/** The same batch without its body: header ‖ body hash ‖ signature. Its hash and signature stay valid. */
export function pruneBatch(batch: ParsedBatch): Uint8Array {
  return concatBytes(batch.headerBytes, batch.bodyHash, batch.signature)
}

export type VerifySignature = (
  deviceId: Uint8Array,
  domain: string,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean

/** Where a batch must belong: the next place of one chain. */
export interface ExpectedBatch {
  readonly vaultId: Uint8Array
  readonly collectionId: Uint8Array
  readonly deviceId: Uint8Array
  readonly seq: number
  readonly prev: Uint8Array
}

/**
 * Rules F1 to F4 of security.md 5.4 for the next batch of a chain: place, continuity, signature. Fails with
 * DAMAGED and the reason. Opening the body (F5) is left to whoever holds the key.
 */
export function verifyBatch(batch: ParsedBatch, expected: ExpectedBatch, verify: VerifySignature): void {
  const { header } = batch
  if (!bytesEqual(header.vaultId, expected.vaultId)) throw damaged('it belongs to another vault')
  if (!bytesEqual(header.collectionId, expected.collectionId))
    throw damaged('it belongs to another collection')
  if (!bytesEqual(header.deviceId, expected.deviceId)) throw damaged('it belongs to another device')
  if (header.seq !== expected.seq) throw damaged(`it has number ${header.seq} instead of ${expected.seq}`)
  if (!bytesEqual(header.prev, expected.prev)) throw damaged('it does not continue the chain')
  const message = batchMessage(batch.headerBytes, batch.bodyHash)
  if (!verify(header.deviceId, batchSignatureDomain, message, batch.signature)) {
    throw damaged('its signature is not valid')
  }
}

function damaged(reason: string): Failure {
  return new Failure('DAMAGED', `a batch is refused: ${reason}`, { hint: 'healthmate vault scrub' })
}

function unsupported(what: string): Failure {
  return new Failure('UNSUPPORTED_FORMAT', `a batch has an unknown ${what}`, {
    hint: 'Update HealthMate; a newer version may have written this.',
  })
}
