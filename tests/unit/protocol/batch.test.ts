import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSigner, createVerifier, sha256 } from '../../../src/crypto/index.ts'
import { bytesToHex, Failure } from '../../../src/foundation/index.ts'
import {
  type BatchHeader,
  batchHash,
  batchHeaderLength,
  batchSignatureDomain,
  encodeBatch,
  encodeBatchHeader,
  encodeHead,
  genesisHash,
  headsEqual,
  maxBatchBytes,
  parseBatch,
  parseHead,
  pruneBatch,
  verifyBatch,
} from '../../../src/protocol/index.ts'

const signer = createSigner(new Uint8Array(32).fill(9))
const verifier = createVerifier(signer.publicKey)
const verify = (_id: Uint8Array, domain: string, message: Uint8Array, signature: Uint8Array) =>
  verifier.verify(domain, message, signature)
const sign = (message: Uint8Array) => signer.sign(batchSignatureDomain, message)
const filled = (length: number, value: number) => new Uint8Array(length).fill(value)

const header: BatchHeader = {
  vaultId: filled(16, 1),
  collectionId: filled(16, 2),
  epoch: 3,
  commitment: filled(32, 4),
  deviceId: filled(16, 5),
  seq: 1,
  prev: genesisHash,
}
const expected = { ...header }
const body = filled(50, 6)

function batchOf(changes: Partial<BatchHeader> = {}, bytes = body) {
  return encodeBatch(encodeBatchHeader({ ...header, ...changes }), bytes, sign)
}

describe('batch', () => {
  it('has the frozen header bytes of the specification', () => {
    expect(bytesToHex(encodeBatchHeader({ ...header, seq: 258 }))).toBe(
      `484d010102000084${'01'.repeat(16)}${'02'.repeat(16)}00000003${'04'.repeat(32)}${'05'.repeat(16)}0000000000000102${'00'.repeat(32)}`,
    )
  })

  it('is header, body and signature, whose hash sees the body through its hash', () => {
    const { bytes, hash } = batchOf()
    expect(bytes.length).toBe(batchHeaderLength + body.length + 64)
    const parsed = parseBatch(bytes)
    expect(encodeBatchHeader(parsed.header)).toEqual(encodeBatchHeader(header))
    expect(bytesToHex(parsed.body ?? genesisHash)).toBe(bytesToHex(body))
    expect(batchHash(parsed)).toEqual(hash)
    expect(hash).toEqual(sha256(parsed.headerBytes, sha256(body), parsed.signature))
    expect(bytesToHex(hash)).toBe('299391246d97832aa17aa006d3a19a425a5195972137598d0f7839c0f30a70ef')
    verifyBatch(parsed, expected, verify)
  })

  it('still verifies, with the same hash, when its body is pruned', () => {
    const whole = parseBatch(batchOf().bytes)
    const pruned = parseBatch(pruneBatch(whole))
    expect(pruned.body).toBeNull()
    expect(batchHash(pruned)).toEqual(batchHash(whole))
    verifyBatch(pruned, expected, verify)
  })

  it.each([
    ['vault', { vaultId: filled(16, 9) }, /another vault/],
    ['collection', { collectionId: filled(16, 9) }, /another collection/],
    ['device', { deviceId: filled(16, 9) }, /another device/],
    ['number', { seq: 2 }, /number 2 instead of 1/],
    ['predecessor', { prev: filled(32, 9) }, /does not continue/],
  ])('is refused with another %s (T17: replay elsewhere)', (_what, change, message) => {
    expect(() => verifyBatch(parseBatch(batchOf(change).bytes), expected, verify)).toThrow(message)
  })

  it('is refused with any bit flipped', () => {
    const { bytes } = batchOf()
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const flipped = bytes.slice()
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
        expect(() => verifyBatch(parseBatch(flipped), expected, verify)).toThrow(Failure)
      }),
    )
  })

  it('parses arbitrary bytes into a batch or a failure, never anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          parseBatch(bytes)
        } catch (failure) {
          expect(failure).toBeInstanceOf(Failure)
        }
      }),
    )
    expect(() => parseBatch(new Uint8Array(maxBatchBytes + 1))).toThrow(/256 KiB/)
    expect(() => parseBatch(batchOf({ seq: 0 }).bytes)).toThrow(/below 1/)
  })
})

describe('head', () => {
  it('round-trips', () => {
    const head = { collectionId: filled(16, 2), deviceId: filled(16, 5), seq: 7, hash: filled(32, 8) }
    const bytes = encodeHead(head)
    expect(bytes.length).toBe(72)
    expect(headsEqual(parseHead(bytes), head)).toBe(true)
    expect(headsEqual(parseHead(bytes), { ...head, seq: 8 })).toBe(false)
    expect(() => parseHead(bytes.subarray(1))).toThrow(/cut short/)
  })
})
