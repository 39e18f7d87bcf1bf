import { describe, expect, it } from 'vitest'
import { bytesToHex, concatBytes, hexToBytes } from '../../../../src/foundation/index.ts'
import {
  ColumnsBuilder,
  emptyColumns,
  maxBlockBytes,
  maxBlockLength,
  type ObservationColumns,
} from '../../../../src/records/index.ts'
import {
  cutColumns,
  decodeColumns,
  EncodedBlock,
  encodeColumns,
} from '../../../../src/vault/segment/codec.ts'
import { pack, unpack } from '../../../../src/vault/segment/pack.ts'
import { buildColumns } from '../../../reference/arbitrary-columns.ts'
import { columnsToRows } from '../../../reference/merge.ts'

const minuteMs = 60_000
const start = 1_772_323_200_000

/** Heart rate as a watch writes it: whole seconds, a little irregular, one offset, one import. */
function heartRate(length: number): ObservationColumns {
  const builder = new ColumnsBuilder(1)
  let startMs = start
  for (let row = 0; row < length; row++) {
    startMs += row % 11 === 0 ? 37_000 : 5000
    builder.append({
      startMs,
      durationMs: 0,
      offsetMin: 60,
      values: [60 + ((row * 7) % 50)],
      flags: 0,
      imports: ['import-a'],
    })
  }
  return builder.finish()
}

const row = { startMs: start, durationMs: 0, offsetMin: 60, values: [72.5], flags: 0, imports: ['import-a'] }

/** Frozen: every version of the program must read these. */
const golden: readonly (readonly [name: string, columns: ObservationColumns, hex: string])[] = [
  ['nothing', emptyColumns(2), '0100020000'],
  [
    'one manual entry',
    buildColumns(1, [{ ...row, flags: 1, extra: { key: 'k' }, imports: [] }]),
    '01010108020080b8c7b5ca3303020000040201d5050302003c030200010302000103020000010b7b226b6579223a226b227d0100',
  ],
  [
    'a regular series',
    buildColumns(
      1,
      [70, 71, 69, 70, 71].map((value, at) => ({ ...row, startMs: start + at * minuteMs, values: [value] })),
    ),
    '0105010c040080b8c7b5ca33e0d40301030200000a0b4046010101020001020302003c03020000030200000302000000010108696d706f72742d61',
  ],
  [
    'awkward doubles in two components',
    buildColumns(2, [
      { ...row, values: [-0, 0.1 + 0.2] },
      { ...row, values: [Number.NaN, Number.NEGATIVE_INFINITY] },
    ]),
    '01020208020080b8c7b5ca33030200000601078006fff811003fd3333333333334fff00000000000000302003c03020000030200000302000000010108696d706f72742d61',
  ],
]

describe('encoded blocks', () => {
  it.each(golden)('of %s have frozen bytes', (_, columns, hex) => {
    expect(bytesToHex(encodeColumns(columns))).toBe(hex)
    expect(decodeColumns(hexToBytes(hex))).toStrictEqual(columns)
  })

  it('of device series take two bytes a row and a little', () => {
    expect(encodeColumns(heartRate(10_000)).length).toBeLessThan(10_000 * 2.1)
  })

  it('of a regular series take no bytes for times', () => {
    const regular = buildColumns(
      1,
      Array.from({ length: 1000 }, (_, at) => ({
        ...row,
        startMs: start + at * minuteMs,
        values: [at % 10],
      })),
    )
    expect(encodeColumns(regular).length).toBeLessThan(1000 + 100)
  })

  it('keep decimals short', () => {
    const decimals = buildColumns(
      1,
      Array.from({ length: 1000 }, (_, at) => ({
        ...row,
        startMs: start + at * minuteMs,
        values: [80 + (at % 20) / 10],
      })),
    )
    expect(encodeColumns(decimals).length).toBeLessThan(1000 + 100)
  })

  it('refuse more rows or components than a reader takes', () => {
    expect(() => encodeColumns(emptyColumns(17))).toThrow('16 components')
    const length = (1 << 18) + 1
    expect(() => encodeColumns({ ...emptyColumns(1), length })).toThrow('2^18 rows')
  })
})

describe('reading blocks', () => {
  const code = (expected: string) => expect.objectContaining({ code: expected })

  it('refuses another format with UNSUPPORTED_FORMAT', () => {
    expect(() => decodeColumns(hexToBytes('0200010000'))).toThrow(code('UNSUPPORTED_FORMAT'))
  })

  it.each([
    ['nothing at all', ''],
    ['a row count above the limit', '01818010010000'],
    ['too many components', '0100110000'],
    ['a table longer than the bytes', '010001ffff7f00'],
    ['an unknown transform', '0101000107'],
  ])('refuses %s with DAMAGED', (_, hex) => {
    expect(() => decodeColumns(hexToBytes(hex))).toThrow(code('DAMAGED'))
  })

  it('refuses indexes outside their tables', () => {
    const columns = buildColumns(1, [{ ...row, extra: { note: 'n' } }])
    expect(() => decodeColumns(encodeColumns({ ...columns, extraTable: [] }))).toThrow(code('DAMAGED'))
    expect(() => decodeColumns(encodeColumns({ ...columns, assertionTable: [] }))).toThrow(code('DAMAGED'))
    const varying = buildColumns(1, [row, { ...row, imports: ['import-b'] }])
    expect(() => decodeColumns(encodeColumns({ ...varying, assertionTable: [['x']] }))).toThrow(
      code('DAMAGED'),
    )
  })

  it('never makes more of few bytes than the limit of rows', () => {
    // 2^18 rows of 16 constant columns: 22 columns of a length and three bytes.
    const columns = Array.from({ length: 22 }, () => hexToBytes('03020000'))
    const block = new EncodedBlock(concatBytes(hexToBytes('0180801010'), ...columns, hexToBytes('000100')))
    expect(block.length).toBe(1 << 18)
    expect(block.values(15).byteLength).toBe(8 * (1 << 18))
    const above = concatBytes(hexToBytes('0181801010'), ...columns, hexToBytes('000100'))
    expect(() => decodeColumns(above)).toThrow(code('DAMAGED'))
  })

  it('tells constant columns without decoding them', () => {
    const block = new EncodedBlock(encodeColumns(heartRate(50)))
    expect(block.areInstants()).toBe(true)
    expect(block.constantOffsetMin()).toBe(60)
    const moved = buildColumns(1, [row, { ...row, offsetMin: 120, durationMs: 5 }])
    expect(new EncodedBlock(encodeColumns(moved)).areInstants()).toBe(false)
    expect(new EncodedBlock(encodeColumns(moved)).constantOffsetMin()).toBeUndefined()
    expect(new EncodedBlock(encodeColumns(emptyColumns(1))).constantOffsetMin()).toBe(0)
    expect(new EncodedBlock(encodeColumns(emptyColumns(1))).startMs()).toHaveLength(0)
  })
})

describe('cutting into blocks', () => {
  it('cuts at the greatest number of rows', () => {
    const blocks = cutColumns(heartRate(maxBlockLength * 2 + 5))
    expect(blocks.map((block) => block.length)).toStrictEqual([maxBlockLength, maxBlockLength, 5])
    expect(cutColumns(emptyColumns(1))).toStrictEqual([])
  })

  it('cuts earlier where rows are large, and drops table entries of other blocks', () => {
    const rows = Array.from({ length: 600 }, (_, at) => ({
      ...row,
      startMs: start + at,
      extra: { note: `${at} ${'long '.repeat(100)}` },
    }))
    const columns = buildColumns(1, rows)
    const blocks = cutColumns(columns)
    expect(blocks.length).toBeGreaterThan(1)
    for (const block of blocks) {
      expect(encodeColumns(block).length).toBeLessThanOrEqual(maxBlockBytes)
      expect(block.extraTable).toHaveLength(block.length)
    }
    expect(blocks.flatMap(columnsToRows)).toStrictEqual(columnsToRows(columns))
  })

  it('keeps a single row that is larger than a block', () => {
    const note = 'x'.repeat(maxBlockBytes)
    expect(cutColumns(buildColumns(1, [{ ...row, extra: { note } }]))).toHaveLength(1)
  })
})

describe('packing', () => {
  it('deflates what repeats and leaves the rest alone', () => {
    const repeating = new Uint8Array(1000).fill(7)
    expect(pack(repeating)[0]).toBe(1)
    expect(pack(repeating).length).toBeLessThan(50)
    expect(unpack(pack(repeating), 1000)).toStrictEqual(repeating)
    expect([...pack(Uint8Array.of(1, 2, 3))]).toStrictEqual([0, 1, 2, 3])
  })

  it.each([
    ['nothing', new Uint8Array(0)],
    ['an unknown flag', Uint8Array.of(2, 1)],
    ['more than the limit', Uint8Array.of(0, 1, 2, 3, 4, 5)],
    ['a bomb', pack(new Uint8Array(1_000_000))],
    ['no deflate', Uint8Array.of(1, 255, 255)],
  ])('refuses %s with DAMAGED', (_, bytes) => {
    expect(() => unpack(bytes, 4)).toThrow(expect.objectContaining({ code: 'DAMAGED' }))
  })
})
