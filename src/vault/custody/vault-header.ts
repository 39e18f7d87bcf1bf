/**
 * The vault header: security state {vault id, version, counter} and the digests of all key slots, under one MAC of the
 * root key; security.md 4.2, 4.4 and 4.5.
 *
 * The counter rises with every change of a slot or the root key, and the head anchor remembers it, so that an older
 * header is noticed. Slots are listed by digest, so that one damaged slot does not take the others with it, while
 * a slot that was swapped, put back or weakened is refused when it is used.
 */
import { constantTimeEqual, hmacSha256, idLength, sha256 } from '../../crypto/index.ts'
import { ByteReader, ByteWriter, bytesEqual, Failure, utf8ToBytes } from '../../foundation/index.ts'

/** Version of everything in the vault file that is no SQLite schema. */
export const vaultFormatVersion = 1

export interface SecurityState {
  readonly vaultId: Uint8Array
  /** Lowest format version that may be accepted. */
  readonly version: number
  /** Rises by one with every change of slots or root key. */
  readonly counter: number
}

export interface VaultHeader extends SecurityState {
  /** Slot → SHA-256 of its 512 bytes. */
  readonly slotDigests: ReadonlyMap<number, Uint8Array>
  readonly mac: Uint8Array
}

const macLabel = utf8ToBytes('healthmate/v1/vault-header\0')
const macLength = 32

/** Header bytes of a state and the slots' bytes. */
export function buildVaultHeader(
  state: SecurityState,
  slots: ReadonlyMap<number, Uint8Array>,
  headKey: Uint8Array,
): Uint8Array {
  const digests = new Map([...slots].map(([slot, bytes]) => [slot, sha256(bytes)]))
  const body = encodeBody(state, digests)
  return new ByteWriter()
    .bytes(body)
    .bytes(hmacSha256(headKey, macLabel, body))
    .finish()
}

/** Parses without authenticating. Fails with UNSUPPORTED_FORMAT on a newer version, DAMAGED when malformed. */
export function parseVaultHeader(bytes: Uint8Array): VaultHeader {
  const reader = new ByteReader(bytes, 'the vault header')
  const version = reader.u16()
  if (version !== vaultFormatVersion) {
    throw new Failure(
      'UNSUPPORTED_FORMAT',
      `the vault has format version ${version}, unknown to this program`,
      {
        hint: 'Update HealthMate; a newer version may have written this vault.',
      },
    )
  }
  const vaultId = Uint8Array.from(reader.bytes(idLength))
  const counter = reader.u64()
  const slotDigests = new Map<number, Uint8Array>()
  const count = reader.u8()
  for (let index = 0; index < count; index++) {
    const slot = reader.u8()
    slotDigests.set(slot, reader.bytes(32))
  }
  const mac = reader.bytes(macLength)
  reader.end()
  return { vaultId, version, counter, slotDigests, mac }
}

/** Fails with DAMAGED unless the header was made with this root key's head key. */
export function verifyVaultHeader(header: VaultHeader, headKey: Uint8Array): void {
  if (!isHeaderOf(header, headKey)) {
    throw new Failure(
      'DAMAGED',
      'the vault header does not authenticate: key slots were changed from outside',
      {
        hint: 'healthmate backup restore',
      },
    )
  }
}

export function isHeaderOf(header: VaultHeader, headKey: Uint8Array): boolean {
  return constantTimeEqual(header.mac, hmacSha256(headKey, macLabel, encodeBody(header, header.slotDigests)))
}

/** Whether the header vouches for these bytes of a slot. */
export function vouchesFor(header: VaultHeader, slot: number, bytes: Uint8Array): boolean {
  const digest = header.slotDigests.get(slot)
  return digest !== undefined && bytesEqual(digest, sha256(bytes))
}

function encodeBody(state: SecurityState, digests: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const writer = new ByteWriter().u16(state.version).bytes(state.vaultId).u64(state.counter).u8(digests.size)
  for (const [slot, digest] of [...digests].sort(([a], [b]) => a - b)) writer.u8(slot).bytes(digest)
  return writer.finish()
}
