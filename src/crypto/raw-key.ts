/** Raw 32-byte Curve25519 keys as Node key objects and back (RFC 8410: fixed DER prefixes, no ASN.1 parser). */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { assert, concatBytes, hexToBytes } from '../foundation/index.ts'

export type Curve25519Use = 'ed25519' | 'x25519'

export const rawKeyLength = 32

const privatePrefix: Readonly<Record<Curve25519Use, Uint8Array>> = {
  ed25519: hexToBytes('302e020100300506032b657004220420'),
  x25519: hexToBytes('302e020100300506032b656e04220420'),
}
const publicPrefix: Readonly<Record<Curve25519Use, Uint8Array>> = {
  ed25519: hexToBytes('302a300506032b6570032100'),
  x25519: hexToBytes('302a300506032b656e032100'),
}

/** Key object of a raw secret: the RFC 8032 seed, or the X25519 scalar. */
export function importSecretKey(use: Curve25519Use, secret: Uint8Array): KeyObject {
  assert(secret.length === rawKeyLength, 'a Curve25519 secret has 32 bytes')
  const der = Buffer.from(concatBytes(privatePrefix[use], secret))
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  } finally {
    der.fill(0)
  }
}

export function importPublicKey(use: Curve25519Use, publicKey: Uint8Array): KeyObject {
  assert(publicKey.length === rawKeyLength, 'a Curve25519 public key has 32 bytes')
  const der = Buffer.from(concatBytes(publicPrefix[use], publicKey))
  return createPublicKey({ key: der, format: 'der', type: 'spki' })
}

/** The raw 32 bytes of a public key, or of the public half of a secret key. */
export function exportPublicKey(key: KeyObject): Uint8Array {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-rawKeyLength))
}
