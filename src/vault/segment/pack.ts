/**
 * Deflate where it pays: one byte (0 as is, 1 raw deflate, RFC 1951), then the bytes.
 *
 * Used by what is written once and read whole (log batches, raw records), not by hot segments.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { Failure } from '../../foundation/index.ts'

/** Deflate has to save this share, or the bytes stay as they are: inflating costs more than a few bytes do. */
const worthwhileSaving = 0.12

/** Packs bytes; `unpack` gives them back. */
export function pack(bytes: Uint8Array): Uint8Array {
  const deflated = deflateRawSync(bytes, { level: 6 })
  const pays = deflated.length <= bytes.length * (1 - worthwhileSaving)
  const body = pays ? deflated : bytes
  const out = new Uint8Array(1 + body.length)
  out[0] = pays ? 1 : 0
  out.set(body, 1)
  return out
}

/** The packed bytes; never more than `limit`. Fails with DAMAGED. */
export function unpack(bytes: Uint8Array, limit: number): Uint8Array {
  const body = bytes.subarray(1)
  if (bytes[0] === 0 && body.length <= limit) return body
  if (bytes[0] !== 1) throw damaged()
  try {
    return new Uint8Array(inflateRawSync(body, { maxOutputLength: Math.max(1, limit) }))
  } catch (cause) {
    throw damaged(cause)
  }
}

function damaged(cause?: unknown): Failure {
  return new Failure('DAMAGED', 'packed bytes are malformed', { hint: 'healthmate vault scrub', cause })
}
