import { randomBytes } from 'node:crypto'
import { chacha20, hchacha } from '@noble/ciphers/chacha.js'
import { describe, expect, it } from 'vitest'
import { openAead } from '../../../src/crypto/aead.ts'
import {
  buildEnvelopeHeader,
  type EnvelopeHeader,
  envelopeContexts,
  noCollection,
  openEnvelope,
  openParsedEnvelope,
  parseEnvelope,
  sealEnvelope,
} from '../../../src/crypto/envelope.ts'
import { bytesToHex, concatBytes, utf8ToBytes } from '../../../src/foundation/index.ts'

const key = new Uint8Array(32).fill(9)
const vaultId = new Uint8Array(16).fill(1)
const collectionId = new Uint8Array(16).fill(2)
const header: EnvelopeHeader = {
  context: 'batch',
  vaultId,
  collectionId,
  epoch: 7,
  fields: utf8ToBytes('fields'),
}
const message = utf8ToBytes('message')

describe('an envelope', () => {
  it('has the documented header bytes', () => {
    const bytes = buildEnvelopeHeader({ ...header, context: 'segment' }, key)
    expect(bytesToHex(bytes)).toBe(
      `484d01010b000032${'01'.repeat(16)}${'02'.repeat(16)}00000007${bytesToHex(utf8ToBytes('fields'))}`,
    )
    expect(buildEnvelopeHeader(header, key)).toHaveLength(bytes.length + 32)
  })

  it.each(Object.keys(envelopeContexts) as (keyof typeof envelopeContexts)[])(
    'opens again in context %s',
    (context) => {
      const place = { ...header, context }
      const sealed = sealEnvelope(key, place, message)
      expect(bytesToHex(openEnvelope(key, place, sealed))).toBe(bytesToHex(message))
      const { fields: _, ...anyFields } = place
      expect(bytesToHex(openEnvelope(key, anyFields, sealed))).toBe(bytesToHex(message))
      expect(parseEnvelope(sealed).header.epoch).toBe(7)
    },
  )

  it('is refused at another place', () => {
    const sealed = sealEnvelope(key, header, message)
    const places: EnvelopeHeader[] = [
      { ...header, context: 'snapshot-chunk' },
      { ...header, vaultId: collectionId },
      { ...header, collectionId: noCollection },
      { ...header, epoch: 8 },
      { ...header, fields: utf8ToBytes('other!') },
    ]
    for (const place of places) expect(() => openEnvelope(key, place, sealed)).toThrow('it belongs elsewhere')
  })

  it('is refused when any bit is changed (T10)', () => {
    for (const context of ['batch', 'segment'] as const) {
      const place = { ...header, context }
      const sealed = sealEnvelope(key, place, message)
      for (let bit = 0; bit < sealed.length * 8; bit++) {
        const changed = Uint8Array.from(sealed)
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
        expect(() => openEnvelope(key, place, changed)).toThrow()
        // Even by a reader that compares no place: the header is associated data.
        expect(() => openParsedEnvelope(key, parseEnvelope(changed))).toThrow()
      }
    }
  })

  it('of an unknown version, suite, context or flag is refused before any cryptography (T14)', () => {
    const sealed = sealEnvelope(key, header, message)
    for (const [offset, name] of [
      [2, 'format version'],
      [3, 'cipher suite'],
      [4, 'context'],
      [5, 'flag'],
    ] as const) {
      for (const value of [0, 2, 99, 255]) {
        if (sealed[offset] === value) continue
        const changed = Uint8Array.from(sealed)
        changed[offset] = value
        expect(() => parseEnvelope(changed, 'segment 4')).toThrow(`segment 4 has an unknown ${name}`)
        if (offset !== 4) break
      }
    }
  })

  it('that is no envelope is refused', () => {
    const sealed = sealEnvelope(key, header, message)
    expect(() => parseEnvelope(utf8ToBytes('no'))).toThrow('does not begin with "HM"')
    for (let length = 2; length < 82; length++)
      expect(() => parseEnvelope(sealed.subarray(0, length))).toThrow()
    const short = Uint8Array.from(sealed)
    short[7] = 40
    expect(() => parseEnvelope(short)).toThrow('its header length is too small')
  })

  it('seals the same message differently each time', () => {
    expect(bytesToHex(sealEnvelope(key, header, message))).not.toBe(
      bytesToHex(sealEnvelope(key, header, message)),
    )
  })
})

describe('a ciphertext made to open under two keys (T11)', () => {
  it('opens as bare AEAD, and is refused by the key commitment', () => {
    const [keyA, keyB] = [new Uint8Array(randomBytes(32)), new Uint8Array(randomBytes(32))]
    const aad = buildEnvelopeHeader(header, keyA)
    const body = craftTwoKeyCiphertext(keyA, keyB, aad)
    expect(openAead(keyA, aad, body)).toHaveLength(32)
    expect(openAead(keyB, aad, body)).toHaveLength(32)

    const envelope = concatBytes(aad, body)
    expect(openEnvelope(keyA, header, envelope)).toHaveLength(32)
    expect(() => openEnvelope(keyB, header, envelope)).toThrow('it was sealed with another key')
  })
})

const prime = 2n ** 130n - 5n
const block = 2n ** 128n

/**
 * Two ciphertext blocks for which Poly1305 gives one tag under both keys: a 2 × 2 linear system modulo 2^130 − 5, tried
 * with random tags until both blocks lie in [2^128, 2^129), where Poly1305 puts full blocks.
 */
function craftTwoKeyCiphertext(keyA: Uint8Array, keyB: Uint8Array, aad: Uint8Array): Uint8Array {
  const nonce = new Uint8Array(randomBytes(24))
  const oneTimeKeys = [keyA, keyB].map((key) => oneTimeKey(key, nonce))
  const lengths = block + (32n << 64n) + BigInt(aad.length)
  for (;;) {
    const tag = littleEndian(randomBytes(16))
    const [a, b] = oneTimeKeys.map(({ r, s }) => {
      // acc = (aad·r² + c1)·r³ + c2·r² + lengths·r, all modulo the prime.
      const start = aadBlocks(aad).reduce((acc, part) => ((acc + part) * r) % prime, 0n)
      const target = modulo(modulo(tag - s, block) - lengths * r - start * r ** 3n)
      return { c1: modulo(r ** 3n), c2: modulo(r ** 2n), target }
    }) as [Equation, Equation]
    const determinant = inverse(modulo(a.c1 * b.c2 - a.c2 * b.c1))
    const c1 = modulo((a.target * b.c2 - a.c2 * b.target) * determinant)
    const c2 = modulo((a.c1 * b.target - a.target * b.c1) * determinant)
    if ([c1, c2].every((c) => c >= block && c < 2n * block)) {
      return concatBytes(nonce, toLittleEndian(c1 - block), toLittleEndian(c2 - block), toLittleEndian(tag))
    }
  }
}

interface Equation {
  readonly c1: bigint
  readonly c2: bigint
  readonly target: bigint
}

/** r (clamped) and s of Poly1305 for an XChaCha20-Poly1305 message. */
function oneTimeKey(key: Uint8Array, nonce: Uint8Array): { r: bigint; s: bigint } {
  const words = (bytes: Uint8Array) => new Uint32Array(Uint8Array.from(bytes).buffer)
  const subkey = new Uint32Array(8)
  hchacha(words(utf8ToBytes('expand 32-byte k')), words(key), words(nonce.subarray(0, 16)), subkey)
  const inner = concatBytes(new Uint8Array(4), nonce.subarray(16))
  const stream = chacha20(new Uint8Array(subkey.buffer), inner, new Uint8Array(32))
  const clamp = 0x0ffffffc0ffffffc0ffffffc0fffffffn
  return { r: littleEndian(stream.subarray(0, 16)) & clamp, s: littleEndian(stream.subarray(16)) }
}

function aadBlocks(aad: Uint8Array): bigint[] {
  const blocks: bigint[] = []
  for (let offset = 0; offset < aad.length; offset += 16) {
    blocks.push(block + littleEndian(aad.subarray(offset, offset + 16)))
  }
  return blocks
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(Uint8Array.from(bytes).reverse())}`)
}

function toLittleEndian(value: bigint): Uint8Array {
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(32, '0'), 'hex')).reverse()
}

function modulo(value: bigint, modulus = prime): bigint {
  return ((value % modulus) + modulus) % modulus
}

/** By Fermat. */
function inverse(value: bigint): bigint {
  let [result, square] = [1n, value]
  for (let rest = prime - 2n; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = modulo(result * square)
    square = modulo(square * square)
  }
  return result
}
