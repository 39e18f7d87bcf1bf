/**
 * One key slot: the root key wrapped under a secret's key, in 512 bytes; security.md 4.5.
 *
 * An envelope of context `keyslot` with the fields slot (u8), kind (u8), salt (16), memory in KiB (u32), passes (u32)
 * and lanes (u32), all authenticated, then zeros. A void slot is one being deleted: two zero bytes, then random
 * ones, until its row goes.
 */
import {
  assertPassphraseParameters,
  constantTimeEqual,
  derivePassphraseKey,
  deriveRecoveryKey,
  hkdfSha256,
  keyCommitment,
  noCollection,
  openParsedEnvelope,
  type ParsedEnvelope,
  type PassphraseParameters,
  parseEnvelope,
  parseRecoveryCode,
  passphraseSaltLength,
  sealEnvelope,
} from '../../crypto/index.ts'
import { ByteReader, ByteWriter, bytesEqual, Failure, type Random } from '../../foundation/index.ts'
import type { UnlockSecret } from '../ports.ts'

/** Kind → its byte. Slots of kind `device` (HPKE) are reserved and skipped. */
export const slotKinds = { passphrase: 1, recovery: 2, keychain: 3, device: 4 } as const
export type SlotKind = keyof typeof slotKinds

export const slotLength = 512
export const maxSlots = 16
const headerLength = 106
const envelopeLength = headerLength + 24 + 32 + 16

export interface KeySlot {
  readonly slot: number
  readonly kind: SlotKind
  readonly salt: Uint8Array
  /** Zeros for kinds without Argon2id. */
  readonly parameters: PassphraseParameters
  readonly envelope: ParsedEnvelope
  /** All 512 bytes. */
  readonly bytes: Uint8Array
}

/** A key encryption key ready to wrap with: what a new slot needs besides its place. */
export interface SlotKey {
  readonly kind: SlotKind
  readonly salt: Uint8Array
  readonly parameters: PassphraseParameters
  readonly key: Uint8Array
}

const noParameters: PassphraseParameters = { memoryKiB: 0, passes: 0, lanes: 0 }

/** Derives the key of a new slot from its secret, with a fresh salt. */
export async function deriveSlotKey(
  secret: UnlockSecret,
  random: Random,
  parameters: PassphraseParameters,
): Promise<SlotKey> {
  const salt = random.bytes(passphraseSaltLength)
  const used = secret.kind === 'passphrase' ? parameters : noParameters
  return { kind: secret.kind, salt, parameters: used, key: await secretKey(secret, salt, used) }
}

/** The 512 bytes of a slot. */
export function sealKeySlot(
  slot: number,
  slotKey: SlotKey,
  vaultId: Uint8Array,
  rootKey: Uint8Array,
): Uint8Array {
  const { memoryKiB, passes, lanes } = slotKey.parameters
  const fields = new ByteWriter(30)
    .u8(slot)
    .u8(slotKinds[slotKey.kind])
    .bytes(slotKey.salt)
    .u32(memoryKiB)
    .u32(passes)
    .u32(lanes)
    .finish()
  const header = { context: 'keyslot', vaultId, collectionId: noCollection, epoch: 0, fields } as const
  const bytes = new Uint8Array(slotLength)
  bytes.set(sealEnvelope(slotKey.key, header, rootKey))
  return bytes
}

/** Bytes that overwrite a slot before its row is deleted. */
export function voidSlot(random: Random): Uint8Array {
  const bytes = random.bytes(slotLength)
  bytes.fill(0, 0, 2)
  return bytes
}

export function isVoidSlot(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0
}

/** The whole envelope of a slot's bytes, without the zeros behind it. */
export function sealedSlotPart(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, envelopeLength)
}

/**
 * Parses the row of a slot. Fails with UNSUPPORTED_FORMAT on an unknown version, suite or flag, with DAMAGED on a
 * swapped row or one of another vault.
 */
export function parseKeySlot(slot: number, bytes: Uint8Array, vaultId: Uint8Array): KeySlot {
  const what = `key slot ${slot}`
  if (bytes.length !== slotLength) throw damagedSlot(what, 'its length is wrong')
  const envelope = parseEnvelope(bytes.subarray(0, envelopeLength), what)
  const { header, headerBytes } = envelope
  if (header.context !== 'keyslot' || headerBytes.length !== headerLength) {
    throw damagedSlot(what, 'its salt or header has another length')
  }
  if (bytes.subarray(envelopeLength).some((byte) => byte !== 0))
    throw damagedSlot(what, 'its end is not empty')
  if (!bytesEqual(header.vaultId, vaultId)) throw damagedSlot(what, 'it belongs to another vault')
  const reader = new ByteReader(header.fields, what)
  if (reader.u8() !== slot) throw damagedSlot(what, 'it belongs to another place')
  const kindByte = reader.u8()
  const kind = (Object.keys(slotKinds) as SlotKind[]).find((name) => slotKinds[name] === kindByte)
  if (kind === undefined) throw damagedSlot(what, 'its kind is unknown')
  const salt = reader.bytes(passphraseSaltLength)
  const parameters = { memoryKiB: reader.u32(), passes: reader.u32(), lanes: reader.u32() }
  return { slot, kind, salt, parameters, envelope, bytes }
}

/** Refuses a passphrase slot outside floor and ceiling, without computing. */
export function assertSlotParameters(slot: KeySlot): void {
  if (slot.kind === 'passphrase') assertPassphraseParameters(slot.parameters)
}

/** The root key, or undefined when the secret is not this slot's. Fails with DAMAGED when its wrapping is broken. */
export async function openKeySlot(slot: KeySlot, secret: UnlockSecret): Promise<Uint8Array | undefined> {
  const key = await secretKey(secret, slot.salt, slot.parameters)
  try {
    const commitment = slot.envelope.commitment ?? new Uint8Array(0)
    if (!constantTimeEqual(commitment, keyCommitment(key, 'keyslot'))) return undefined
    return openParsedEnvelope(key, slot.envelope, `key slot ${slot.slot}`)
  } finally {
    key.fill(0)
  }
}

async function secretKey(
  secret: UnlockSecret,
  salt: Uint8Array,
  parameters: PassphraseParameters,
): Promise<Uint8Array> {
  switch (secret.kind) {
    case 'passphrase':
      return derivePassphraseKey(secret.passphrase, salt, parameters)
    case 'recovery': {
      const code = parseRecoveryCode(secret.code)
      const key = deriveRecoveryKey(code, salt)
      code.wipe()
      return key
    }
    case 'keychain':
      return hkdfSha256(secret.key.dangerouslyExpose(), salt, 'healthmate/v1/keychain')
  }
}

function damagedSlot(what: string, reason: string): Failure {
  return new Failure('DAMAGED', `${what} is refused: ${reason}`, { hint: 'healthmate backup restore' })
}
