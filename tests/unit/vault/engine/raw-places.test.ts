import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashBytes, RawPlaces } from '../../../../src/vault/engine/raw-places.ts'

function hashOf(text: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(text).digest().subarray(0, hashBytes))
}

describe('the places of raw records', () => {
  it('are those of a map, however many there are', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(3000), { maxLength: 300 }), { maxLength: 20 }), (rows) => {
        const places = new RawPlaces()
        const expected = new Map<number, { rowId: number; importId: string; index: number }>()
        for (const [row, numbers] of rows.entries()) {
          const [rowId, importId] = [row * 7 + 1, `import${row % 3}`]
          places.add(
            rowId,
            importId,
            numbers.map((number) => hashOf(String(number))),
          )
          for (const [index, number] of numbers.entries()) expected.set(number, { rowId, importId, index })
        }
        for (let number = 0; number <= 3001; number++) {
          expect(places.find(hashOf(String(number)))).toEqual(expected.get(number))
        }
      }),
      { numRuns: 20 },
    )
  })

  it('are found among hashes that begin alike', () => {
    const places = new RawPlaces()
    const alike = Array.from({ length: 500 }, (_, index) => {
      const hash = new Uint8Array(hashBytes)
      hash[15] = index & 0xff
      hash[14] = index >> 8
      return hash
    })
    places.add(1, 'one', alike)
    for (const [index, hash] of alike.entries()) expect(places.find(hash)?.index).toBe(index)
    expect(places.find(hashOf('other'))).toBeUndefined()
  })
})
