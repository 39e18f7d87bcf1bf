import { describe, expect, it } from 'vitest'
import { constantTimeEqual, hkdfSha256, hmacSha256, sha256 } from '../../../src/crypto/hash.ts'
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../../src/foundation/index.ts'

describe('hashes', () => {
  it('give the published values', () => {
    // FIPS 180-4 example "abc".
    expect(bytesToHex(sha256(utf8ToBytes('a'), utf8ToBytes('bc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
    // RFC 4231, test case 2.
    expect(
      bytesToHex(
        hmacSha256(utf8ToBytes('Jefe'), utf8ToBytes('what do ya want '), utf8ToBytes('for nothing?')),
      ),
    ).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843')
    // RFC 5869, A.3: no salt, no info.
    expect(bytesToHex(hkdfSha256(new Uint8Array(22).fill(0x0b), new Uint8Array(0), '', 42))).toBe(
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    )
  })

  it('derive apart by salt and info', () => {
    const key = hexToBytes('00'.repeat(32))
    const derived = ['a', 'b'].flatMap((info) =>
      [1, 2].map((salt) => bytesToHex(hkdfSha256(key, Uint8Array.of(salt), info))),
    )
    expect(new Set(derived).size).toBe(4)
  })

  it('compare secrets by content and length', () => {
    expect(constantTimeEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
    expect(constantTimeEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
    expect(constantTimeEqual(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false)
  })
})
