/**
 * The envelope: header in clear, then an AEAD whose associated data are exactly the header's bytes;
 * security.md 4.2.
 *
 *     off len
 *     0   2   "HM"
 *     2   1   format version
 *     3   1   suite (1: XChaCha20-Poly1305, HKDF-SHA256, SHA-256, Ed25519 strict, X25519-HPKE)
 *     4   1   context
 *     5   1   flags, 0
 *     6   2   header length
 *     8   16  vault or share id
 *     24  16  collection id (zeros where there is none)
 *     40  4   epoch
 *     44  32  key commitment (contexts of `committing` only)
 *     ..      fields of the context
 *     ..  24  nonce
 *     ..      ciphertext ‖ tag
 *
 * ChaCha20-Poly1305 does not commit to its key: one ciphertext can be made to open under two. The commitment,
 * compared in constant time before decrypting, closes that. There is no flag for "not encrypted".
 */
import { assert, ByteReader, ByteWriter, bytesEqual, emptyBytes, Failure } from '../foundation/index.ts'
import { openAead, sealAead } from './aead.ts'
import { constantTimeEqual, hkdfSha256 } from './hash.ts'

/** Context → its byte. 1 to 10 are security.md 4.2's; the others are what else a vault file seals. */
export const envelopeContexts = {
  record: 1,
  batch: 2,
  'snapshot-chunk': 3,
  keyslot: 4,
  invite: 5,
  'blob-chunk': 6,
  audit: 7,
  inbox: 8,
  backup: 9,
  grant: 10,
  segment: 11,
  rollup: 12,
  directory: 13,
  entity: 14,
  raw: 15,
  'collection-key': 16,
  custody: 17,
} as const
export type EnvelopeContext = keyof typeof envelopeContexts

export const envelopeVersion = 1
export const envelopeSuite = 1
export const idLength = 16
export const commitmentLength = 32

const committing: ReadonlySet<EnvelopeContext> = new Set([
  'batch',
  'snapshot-chunk',
  'keyslot',
  'grant',
  'collection-key',
])
const fixedLength = 44
const contextByByte: ReadonlyMap<number, EnvelopeContext> = new Map(
  Object.entries(envelopeContexts).map(([context, byte]) => [byte, context as EnvelopeContext]),
)

export interface EnvelopeHeader {
  readonly context: EnvelopeContext
  /** 16 bytes: vault or share. */
  readonly vaultId: Uint8Array
  /** 16 bytes; zeros where no collection is meant. */
  readonly collectionId: Uint8Array
  readonly epoch: number
  /** What the context adds (device, seq, record id…), in a fixed binary form. */
  readonly fields: Uint8Array
}

export interface ParsedEnvelope {
  readonly header: EnvelopeHeader
  /** Everything before the nonce: the associated data. */
  readonly headerBytes: Uint8Array
  /** Undefined where the context does not commit. */
  readonly commitment: Uint8Array | undefined
  /** nonce ‖ ciphertext ‖ tag. */
  readonly body: Uint8Array
}

/** The id of no collection. */
export const noCollection = new Uint8Array(idLength)

/** Header bytes, with the key commitment where the context has one. */
export function buildEnvelopeHeader(header: EnvelopeHeader, key: Uint8Array): Uint8Array {
  assert(header.vaultId.length === idLength && header.collectionId.length === idLength, 'ids have 16 bytes')
  const commits = committing.has(header.context)
  const length = fixedLength + (commits ? commitmentLength : 0) + header.fields.length
  const writer = new ByteWriter(length)
    .bytes(Uint8Array.of(0x48, 0x4d, envelopeVersion, envelopeSuite, envelopeContexts[header.context], 0))
    .u16(length)
    .bytes(header.vaultId)
    .bytes(header.collectionId)
    .u32(header.epoch)
    .bytes(commits ? keyCommitment(key, header.context) : emptyBytes)
  return writer.bytes(header.fields).finish()
}

/** Header ‖ nonce ‖ ciphertext ‖ tag. */
export function sealEnvelope(key: Uint8Array, header: EnvelopeHeader, plaintext: Uint8Array): Uint8Array {
  const headerBytes = buildEnvelopeHeader(header, key)
  const body = sealAead(key, headerBytes, plaintext)
  const envelope = new Uint8Array(headerBytes.length + body.length)
  envelope.set(headerBytes)
  envelope.set(body, headerBytes.length)
  return envelope
}

/**
 * Parses without a key. Fails with UNSUPPORTED_FORMAT on an unknown version, suite, context or flag, with DAMAGED on
 * anything else that is no envelope; no cryptography runs before that.
 */
export function parseEnvelope(bytes: Uint8Array, what = 'a sealed object'): ParsedEnvelope {
  const reader = new ByteReader(bytes, what)
  if (reader.u8() !== 0x48 || reader.u8() !== 0x4d) throw damaged(what, 'it does not begin with "HM"')
  if (reader.u8() !== envelopeVersion) throw unsupported(what, 'format version')
  if (reader.u8() !== envelopeSuite) throw unsupported(what, 'cipher suite')
  const context = contextByByte.get(reader.u8())
  if (context === undefined) throw unsupported(what, 'context')
  if (reader.u8() !== 0) throw unsupported(what, 'flag')
  const length = reader.u16()
  const vaultId = reader.bytes(idLength)
  const collectionId = reader.bytes(idLength)
  const epoch = reader.u32()
  const commitment = committing.has(context) ? reader.bytes(commitmentLength) : undefined
  if (length < reader.offset) throw damaged(what, 'its header length is too small')
  const fields = reader.bytes(length - reader.offset)
  const headerBytes = bytes.subarray(0, length)
  const body = reader.bytes(reader.remaining)
  return { header: { context, vaultId, collectionId, epoch, fields }, headerBytes, commitment, body }
}

/** Where an envelope must belong to be accepted; `fields` are compared where given. */
export type ExpectedHeader = Omit<EnvelopeHeader, 'fields'> & { readonly fields?: Uint8Array }

/**
 * Opens an envelope that must have this place. Fails with UNSUPPORTED_FORMAT or DAMAGED: malformed, from another
 * vault, collection, epoch or context, another key than the committed one, or not authentic.
 */
export function openEnvelope(
  key: Uint8Array,
  expected: ExpectedHeader,
  bytes: Uint8Array,
  what = 'a sealed object',
): Uint8Array {
  const parsed = parseEnvelope(bytes, what)
  if (!isAt(parsed.header, expected)) throw damaged(what, 'it belongs elsewhere')
  return openParsedEnvelope(key, parsed, what)
}

/** Opens a parsed envelope whose place the caller has checked. Fails with DAMAGED. */
export function openParsedEnvelope(
  key: Uint8Array,
  parsed: ParsedEnvelope,
  what = 'a sealed object',
): Uint8Array {
  const { commitment, header } = parsed
  if (commitment !== undefined && !constantTimeEqual(commitment, keyCommitment(key, header.context))) {
    throw damaged(what, 'it was sealed with another key')
  }
  return openAead(key, parsed.headerBytes, parsed.body, what)
}

/** What a header says about its key: HKDF of the key for the context. */
export function keyCommitment(key: Uint8Array, context: EnvelopeContext): Uint8Array {
  return hkdfSha256(key, emptyBytes, `healthmate/v1/keycommit${context}`, commitmentLength)
}

function isAt(header: EnvelopeHeader, expected: ExpectedHeader): boolean {
  return (
    header.context === expected.context &&
    header.epoch === expected.epoch &&
    bytesEqual(header.vaultId, expected.vaultId) &&
    bytesEqual(header.collectionId, expected.collectionId) &&
    (expected.fields === undefined || bytesEqual(header.fields, expected.fields))
  )
}

function damaged(what: string, reason: string): Failure {
  return new Failure('DAMAGED', `${what} is refused: ${reason}`, { hint: 'healthmate vault scrub' })
}

function unsupported(what: string, reason: string): Failure {
  return new Failure('UNSUPPORTED_FORMAT', `${what} has an unknown ${reason}`, {
    hint: 'Update HealthMate; a newer version may have written this.',
  })
}
