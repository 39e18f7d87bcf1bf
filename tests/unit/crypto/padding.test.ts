import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { padmeLength, padPadme, unpadPadme } from '../../../src/crypto/padding.ts'
import { bytesToHex } from '../../../src/foundation/index.ts'

describe('Padmé', () => {
  it('rounds lengths as the paper defines it', () => {
    // E = floor(log2 L), S = floor(log2 E) + 1, the last E − S bits become zero (PoPETs 2019, section 4.3).
    const rounded = [0, 1, 2, 3, 8, 9, 10, 17, 100, 1000, 1025, 65_537, 1_000_000].map(padmeLength)
    expect(rounded).toEqual([0, 1, 2, 3, 8, 10, 10, 18, 104, 1024, 1088, 67_584, 1_015_808])
  })

  it('costs less than 12 % and never shortens', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (length) => {
        const padded = padmeLength(length)
        expect(padded).toBeGreaterThanOrEqual(length)
        expect(padded).toBeLessThanOrEqual(length * 1.12 + 1)
        expect(padmeLength(padded)).toBe(padded)
      }),
    )
  })

  it('gives back what it was given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        expect(bytesToHex(unpadPadme(padPadme(bytes)))).toBe(bytesToHex(bytes))
      }),
    )
  })

  it('refuses padding that is not its own', () => {
    const padded = padPadme(new Uint8Array(100))
    expect(() => unpadPadme(Uint8Array.from([...padded, 0]))).toThrow('not canonical')
    expect(() => unpadPadme(Uint8Array.from([...padPadme(new Uint8Array(13)).subarray(0, 17), 1]))).toThrow(
      'not canonical',
    )
    expect(() => unpadPadme(padded.subarray(0, 50))).toThrow('malformed')
    expect(() => unpadPadme(new Uint8Array(2))).toThrow('malformed')
  })
})
