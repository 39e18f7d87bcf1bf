import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aeadOverhead, openAead, sealAead, sealAeadWithNonce } from '../../../src/crypto/aead.ts'
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../../src/foundation/index.ts'

const key = hexToBytes('808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f')
const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

describe('sealAead', () => {
  it('gives the bytes of draft-irtf-cfrg-xchacha-03, A.3.1', () => {
    const nonce = hexToBytes('404142434445464748494a4b4c4d4e4f5051525354555657')
    const aad = hexToBytes('50515253c0c1c2c3c4c5c6c7')
    const plaintext = utf8ToBytes(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    )
    const sealed = sealAeadWithNonce(key, nonce, aad, plaintext)
    expect(bytesToHex(sealed.subarray(24))).toBe(
      'bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39' +
        'ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9' +
        '21f9664c97637da9768812f615c68b13b52e' +
        'c0875924c1c7987947deafd8780acf49',
    )
    expect(openAead(key, aad, sealed)).toEqual(Buffer.from(plaintext))
  })

  it("gives the same bytes as noble's own XChaCha20-Poly1305, whatever the views", () => {
    fc.assert(
      fc.property(
        bytesOf(33),
        bytesOf(24),
        fc.uint8Array({ maxLength: 80 }),
        fc.uint8Array({ maxLength: 3000 }),
        (longKey, nonce, aad, plaintext) => {
          const oddKey = longKey.subarray(1)
          const sealed = sealAeadWithNonce(oddKey, nonce, aad, plaintext)
          const expected = xchacha20poly1305(Uint8Array.from(oddKey), nonce, aad).encrypt(plaintext)
          expect(bytesToHex(sealed.subarray(24))).toBe(bytesToHex(expected))
          expect(bytesToHex(openAead(oddKey, aad, sealed))).toBe(bytesToHex(plaintext))
        },
      ),
    )
  })

  it('never repeats a nonce, nor seals alike twice (T12)', () => {
    const nonces = new Set<string>()
    const count = 100_000
    const message = utf8ToBytes('x')
    for (let index = 0; index < count; index++) {
      nonces.add(Buffer.from(sealAead(key, message, message).subarray(0, 24)).toString('latin1'))
    }
    expect(nonces.size).toBe(count)
    expect(bytesToHex(sealAead(key, message, message))).not.toBe(bytesToHex(sealAead(key, message, message)))
  })

  it('refuses a key of another length', () => {
    expect(() => sealAead(key.subarray(1), key, key)).toThrow('invariant broken')
    expect(() => sealAeadWithNonce(key, key.subarray(0, 12), key, key)).toThrow('invariant broken')
  })
})

describe('openAead', () => {
  it('refuses every single changed bit, another key and other associated data', () => {
    const aad = utf8ToBytes('place')
    const sealed = sealAead(key, aad, utf8ToBytes('message'))
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Uint8Array.from(sealed)
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(() => openAead(key, aad, changed, 'segment 3')).toThrow('segment 3 does not authenticate')
    }
    expect(() => openAead(sealed.subarray(0, 32), aad, sealed)).toThrow('does not authenticate')
    expect(() => openAead(key, utf8ToBytes('other'), sealed)).toThrow('does not authenticate')
  })

  it('refuses what is cut short', () => {
    const sealed = sealAead(key, key, new Uint8Array(0))
    expect(sealed.length).toBe(aeadOverhead)
    for (let length = 0; length < sealed.length; length++) {
      expect(() => openAead(key, key, sealed.subarray(0, length))).toThrow('does not authenticate')
    }
  })
})
