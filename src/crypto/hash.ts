/** SHA-256, HMAC-SHA256 (FIPS 180-4, RFC 2104) and HKDF-SHA256 (RFC 5869) on Node's OpenSSL. */
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { emptyBytes, utf8ToBytes } from '../foundation/index.ts'

/** SHA-256 of the parts in order, 32 bytes. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}

/** HMAC-SHA256 of the parts in order, 32 bytes. */
export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const mac = createHmac('sha256', key)
  for (const part of parts) mac.update(part)
  return new Uint8Array(mac.digest())
}

/** HKDF-SHA256 (extract and expand) with a text as info; `length` bytes, at most 8160. */
export function hkdfSha256(key: Uint8Array, salt: Uint8Array, info: string, length = 32): Uint8Array {
  return new Uint8Array(
    hkdfSync('sha256', key, salt.length === 0 ? emptyBytes : salt, utf8ToBytes(info), length),
  )
}

/** Equality of secrets in time that depends on the length only. */
export function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
