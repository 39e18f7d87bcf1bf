/**
 * Ed25519 (RFC 8032) on Node's OpenSSL with raw 32-byte keys; security.md 4.3 rule 6.
 *
 * Every signature covers `healthmate/v1/<domain>\0` ‖ message, so that none can be shown for another purpose.
 * One verification rule: OpenSSL's, after `assertStrictPublicKey` refused small-order and non-canonical keys when
 * the key was enrolled. Without that step libraries disagree on crafted keys, and devices would fork.
 */
import { randomFillSync, sign, verify } from 'node:crypto'
import { bytesToHex, concatBytes, Failure, utf8ToBytes } from '../foundation/index.ts'
import { exportPublicKey, importPublicKey, importSecretKey, rawKeyLength } from './raw-key.ts'

export const signatureLength = 64

export interface Signer {
  readonly publicKey: Uint8Array
  /** Signature (64 bytes) over the domain and message. */
  sign(domain: string, message: Uint8Array): Uint8Array
}

export interface Verifier {
  verify(domain: string, message: Uint8Array, signature: Uint8Array): boolean
}

/** A fresh 32-byte Ed25519 seed. */
export function generateSigningSeed(): Uint8Array {
  return randomFillSync(new Uint8Array(rawKeyLength))
}

/** Signs with the key of a 32-byte seed. */
export function createSigner(seed: Uint8Array): Signer {
  const key = importSecretKey('ed25519', seed)
  return {
    publicKey: exportPublicKey(key),
    sign: (domain, message) => new Uint8Array(sign(null, withDomain(domain, message), key)),
  }
}

/** Verifies with a raw public key. Fails with DAMAGED when the key is not strict. */
export function createVerifier(publicKey: Uint8Array): Verifier {
  assertStrictPublicKey(publicKey)
  const key = importPublicKey('ed25519', publicKey)
  return {
    verify: (domain, message, signature) =>
      signature.length === signatureLength && verify(null, withDomain(domain, message), key, signature),
  }
}

function withDomain(domain: string, message: Uint8Array): Uint8Array {
  return concatBytes(utf8ToBytes(`healthmate/v1/${domain}\0`), message)
}

const fieldPrime = 2n ** 255n - 19n
const signBit = 1n << 255n

const orderEightY = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n

/** y of the points whose order divides 8: 0, 1, −1 and the two of order 8 (both signs of x). */
const smallOrderY: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  fieldPrime - 1n,
  orderEightY,
  fieldPrime - orderEightY,
])

/**
 * Refuses an Ed25519 public key that is non-canonical (y ≥ 2^255 − 19), of small order, or no point of the curve.
 * Fails with DAMAGED.
 */
export function assertStrictPublicKey(publicKey: Uint8Array): void {
  const refuse = (reason: string): Failure =>
    new Failure('DAMAGED', `a public key was refused: ${reason}`, { hint: 'healthmate vault check' })
  if (publicKey.length !== rawKeyLength) throw refuse('it has not 32 bytes')
  const encoded = BigInt(`0x${bytesToHex(Uint8Array.from(publicKey).reverse())}`)
  const y = encoded & (signBit - 1n)
  if (y >= fieldPrime) throw refuse('it is not in canonical form')
  if (smallOrderY.has(y)) throw refuse('its order is small')
  if (!isCurveY(y)) throw refuse('it is no point of the curve')
}

/** Whether x² = (y² − 1) / (d·y² + 1) has a root (Euler's criterion on numerator · denominator). */
function isCurveY(y: bigint): boolean {
  const d = 37095705934669439343138083508754565189542113879843219016388785533085940283555n
  const ySquared = (y * y) % fieldPrime
  const product = ((ySquared - 1n) * (d * ySquared + 1n)) % fieldPrime
  return powerModPrime(product, (fieldPrime - 1n) / 2n) === 1n
}

/** base^exponent mod 2^255 − 19; for public values only (not constant-time). */
function powerModPrime(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = ((base % fieldPrime) + fieldPrime) % fieldPrime
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % fieldPrime
    square = (square * square) % fieldPrime
  }
  return result
}
