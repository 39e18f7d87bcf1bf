/**
 * Padmé padding (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs",
 * PoPETs 2019): a length keeps only its leading bits, so a size tells O(log log n) bits at a cost below 12 %.
 *
 * Layout inside the AEAD: u32 length ‖ bytes ‖ zeros.
 */
import { ByteReader, ByteWriter, Failure } from '../foundation/index.ts'

const lengthBytes = 4

/** The padded length of `length` bytes. */
export function padmeLength(length: number): number {
  if (length < 2) return length
  const exponent = Math.floor(Math.log2(length))
  const keptBits = Math.floor(Math.log2(exponent)) + 1
  const step = 2 ** Math.max(0, exponent - keptBits)
  return Math.ceil(length / step) * step
}

/** Length-prefixed and zero-filled up to the next Padmé length. */
export function padPadme(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(padmeLength(bytes.length + lengthBytes))
  padded.set(new ByteWriter(lengthBytes).u32(bytes.length).finish())
  padded.set(bytes, lengthBytes)
  return padded
}

/** The bytes that `padPadme` was given. Fails with DAMAGED on any other padding. */
export function unpadPadme(padded: Uint8Array): Uint8Array {
  const reader = new ByteReader(padded, 'a padded message')
  const bytes = reader.bytes(reader.u32())
  const rest = reader.bytes(reader.remaining)
  if (padded.length !== padmeLength(bytes.length + lengthBytes) || rest.some((byte) => byte !== 0)) {
    throw new Failure('DAMAGED', 'a padded message is malformed: its padding is not canonical', {
      hint: 'healthmate vault scrub',
    })
  }
  return bytes
}
