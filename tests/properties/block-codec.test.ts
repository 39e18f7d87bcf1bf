import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToHex, Failure } from '../../src/foundation/index.ts'
import type { ObservationColumns } from '../../src/records/index.ts'
import { decodeColumns, EncodedBlock, encodeColumns } from '../../src/vault/segment/codec.ts'
import { pack, unpack } from '../../src/vault/segment/pack.ts'
import { anyColumns, buildColumns, realisticColumns } from '../reference/arbitrary-columns.ts'
import { referenceDecode } from '../reference/block-reader.ts'

/** The doubles as bytes, so that -0 and 0 cannot pass for one another. */
function bitsOf(columns: ObservationColumns): string[] {
  const doubles = [columns.startMs, columns.durationMs, ...columns.values]
  return doubles.map((column) =>
    bytesToHex(new Uint8Array(column.buffer, column.byteOffset, column.byteLength)),
  )
}

describe('the block format', () => {
  it('gives back every double and every time bit for bit', () => {
    fc.assert(
      fc.property(anyColumns, (columns) => {
        const decoded = decodeColumns(encodeColumns(columns))
        expect(decoded).toStrictEqual(columns)
        expect(bitsOf(decoded)).toStrictEqual(bitsOf(columns))
      }),
      { numRuns: 500 },
    )
  })

  it('gives back realistic series bit for bit', () => {
    fc.assert(
      fc.property(realisticColumns, (columns) => {
        expect(decodeColumns(encodeColumns(columns))).toStrictEqual(columns)
      }),
      { numRuns: 300 },
    )
  })

  it('gives back long runs of any sign and size', () => {
    const runs = fc.array(
      fc.tuple(fc.integer({ min: -2_000_000, max: 2_000_000 }), fc.integer({ min: 1, max: 60 })),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    fc.assert(
      fc.property(runs, (lengths) => {
        const values = lengths.flatMap(([value, length]) => new Array<number>(length).fill(value))
        const rows = values.map((value, at) => ({
          startMs: at,
          durationMs: value,
          offsetMin: value % 1000,
          values: [value / 10],
          flags: Math.abs(value) % 256,
          imports: [],
        }))
        const columns = buildColumns(1, rows)
        const bytes = encodeColumns(columns)
        expect(decodeColumns(bytes)).toStrictEqual(columns)
        expect(referenceDecode(bytes)).toStrictEqual(columns)
      }),
      { numRuns: 100 },
    )
  })

  it('is read the same by the slow reference reader', () => {
    fc.assert(
      fc.property(fc.oneof(anyColumns, realisticColumns), (columns) => {
        expect(referenceDecode(encodeColumns(columns))).toStrictEqual(columns)
      }),
      { numRuns: 300 },
    )
  })

  it('hands out single columns equal to the whole', () => {
    fc.assert(
      fc.property(realisticColumns, (columns) => {
        const block = new EncodedBlock(encodeColumns(columns))
        expect(block.startMs()).toStrictEqual(columns.startMs)
        expect(block.values(0)).toStrictEqual(columns.values[0])
        expect(block.offsetMin()).toStrictEqual(columns.offsetMin)
        expect(block.areInstants()).toBe(columns.durationMs.every((duration) => duration === 0))
      }),
    )
  })
})

describe('hostile bytes', () => {
  const decodesOrFails = (bytes: Uint8Array): void => {
    try {
      decodeColumns(bytes)
    } catch (failure) {
      expect(failure).toBeInstanceOf(Failure)
      expect(['DAMAGED', 'UNSUPPORTED_FORMAT']).toContain((failure as Failure).code)
    }
  }

  it('end in DAMAGED when they are random', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isVersioned) => {
        if (isVersioned && bytes.length > 0) bytes[0] = 1
        decodesOrFails(bytes)
      }),
      { numRuns: 3000 },
    )
  })

  it('end in DAMAGED, or decode to something, when bits of a block flip', () => {
    const flips = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 7 })), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.oneof(anyColumns, realisticColumns), flips, (columns, positions) => {
        const bytes = encodeColumns(columns)
        for (const [position, bit] of positions) {
          const at = position % bytes.length
          bytes[at] = (bytes[at] as number) ^ (1 << bit)
        }
        decodesOrFails(bytes)
      }),
      { numRuns: 2000 },
    )
  })

  it('end in DAMAGED wherever a block is cut short or continued', () => {
    fc.assert(
      fc.property(realisticColumns, fc.nat(), (columns, cut) => {
        const bytes = encodeColumns(columns)
        expect(() => decodeColumns(bytes.subarray(0, cut % bytes.length))).toThrow(Failure)
        expect(() => decodeColumns(new Uint8Array([...bytes, 0]))).toThrow(Failure)
      }),
    )
  })
})

describe('packing', () => {
  it('gives every byte back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.nat({ max: 50 }), (bytes, repeats) => {
        const repeated = new Uint8Array(Array.from({ length: repeats + 1 }, () => [...bytes]).flat())
        expect([...unpack(pack(repeated), repeated.length)]).toStrictEqual([...repeated])
      }),
    )
  })

  it('refuses random bytes or gives no more than the limit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 100 }), (bytes, limit) => {
        try {
          expect(unpack(bytes, limit).length).toBeLessThanOrEqual(Math.max(1, limit))
        } catch (failure) {
          expect((failure as Failure).code).toBe('DAMAGED')
        }
      }),
      { numRuns: 1000 },
    )
  })
})
