import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ColumnsBuilder,
  canonicaliseTables,
  compareRows,
  concatColumns,
  emptyColumns,
  isSorted,
  type ObservationColumns,
  rowExtra,
  sliceColumns,
  sortColumns,
} from '../../../src/records/index.ts'
import { anyColumns, buildColumns, realisticColumns } from '../../reference/arbitrary-columns.ts'
import { columnsToRows } from '../../reference/merge.ts'

const row = { startMs: 0, durationMs: 0, offsetMin: 0, values: [1], flags: 0, imports: ['b', 'a', 'b'] }

describe('the builder of columns', () => {
  it('keeps rows in order and grows beyond its first capacity', () => {
    const builder = new ColumnsBuilder(1)
    for (let at = 0; at < 1000; at++) builder.append({ ...row, startMs: at, values: [at / 10] })
    expect(builder.length).toBe(1000)
    const columns = builder.finish()
    expect(columns.length).toBe(1000)
    expect(columns.startMs[999]).toBe(999)
    expect(columns.values[0]?.[999]).toBe(99.9)
  })

  it('stores equal extras and equal sets of imports once', () => {
    const builder = new ColumnsBuilder(1)
    builder.append({ ...row, extra: { note: 'n', context: 'fasting' } })
    builder.append({ ...row, extra: { context: 'fasting', note: 'n' }, imports: ['a', 'b'] })
    builder.append({ ...row, extra: {} })
    const columns = builder.finish()
    expect(columns.extraTable).toStrictEqual(['{"context":"fasting","note":"n"}'])
    expect([...columns.extraIndex]).toStrictEqual([1, 1, 0])
    expect(columns.assertionTable).toStrictEqual([['a', 'b']])
    expect(rowExtra(columns, 1)).toStrictEqual({ context: 'fasting', note: 'n' })
    expect(rowExtra(columns, 2)).toStrictEqual({})
  })

  it('starts anew after it finished, leaving what it gave untouched', () => {
    const builder = new ColumnsBuilder(1)
    builder.append({ ...row, extra: { note: 'first' } })
    const first = builder.finish()
    builder.append({ ...row, values: [2], extra: { note: 'second' } })
    expect(builder.finish().extraTable).toStrictEqual(['{"note":"second"}'])
    expect(first.values[0]?.[0]).toBe(1)
    expect(first.extraTable).toStrictEqual(['{"note":"first"}'])
  })

  it('refuses a row with the wrong number of components', () => {
    expect(() => new ColumnsBuilder(2).append(row)).toThrow('one value per component')
  })
})

describe('cutting and joining columns', () => {
  it('joins slices back to the whole', () => {
    fc.assert(
      fc.property(fc.oneof(anyColumns, realisticColumns), fc.nat({ max: 40 }), (columns, cut) => {
        const parts = [sliceColumns(columns, 0, cut), sliceColumns(columns, cut, columns.length)]
        expect(concatColumns(parts)).toStrictEqual(columns)
      }),
    )
  })

  it('joins parts whose tables differ', () => {
    const parts = ['x', 'y', 'x'].map((note) =>
      buildColumns(1, [{ ...row, extra: { note }, imports: [note] }]),
    )
    const joined = concatColumns(parts)
    expect(joined.extraTable).toStrictEqual(['{"note":"x"}', '{"note":"y"}'])
    expect([...joined.extraIndex]).toStrictEqual([1, 2, 1])
    expect(joined.assertionTable).toStrictEqual([['x'], ['y']])
  })

  it('gives empty columns for nothing', () => {
    expect(concatColumns([], 2)).toStrictEqual(emptyColumns(2))
    expect(sliceColumns(buildColumns(1, [row]), 5, 2).length).toBe(0)
  })

  it('drops unused and repeated table entries in the canonical form', () => {
    const messy: ObservationColumns = {
      ...buildColumns(1, [row, row, row]),
      extraIndex: Uint32Array.of(3, 0, 1),
      extraTable: ['{"note":"a"}', '{"note":"unused"}', '{"note":"a"}'],
      assertionIndex: Uint32Array.of(1, 0, 1),
      assertionTable: [['p'], ['q']],
    }
    const canonical = canonicaliseTables(messy)
    expect(canonical.extraTable).toStrictEqual(['{"note":"a"}'])
    expect([...canonical.extraIndex]).toStrictEqual([1, 0, 1])
    expect(canonical.assertionTable).toStrictEqual([['q'], ['p']])
    expect(columnsToRows(canonical)).toStrictEqual(columnsToRows(messy))
  })
})

describe('sorting columns', () => {
  it('returns the same columns when they are in order', () => {
    const columns = buildColumns(1, [row, { ...row, startMs: 5 }])
    expect(sortColumns(columns)).toBe(columns)
  })

  it('orders by start, duration and discriminator, losing no row', () => {
    fc.assert(
      fc.property(fc.oneof(anyColumns, realisticColumns), (columns) => {
        const finite = columnsToRows(columns).filter((one) => Number.isFinite(one.durationMs))
        const sorted = sortColumns(buildColumns(columns.values.length, finite))
        expect(isSorted(sorted)).toBe(true)
        const texts = (rows: readonly unknown[]): string[] => rows.map((one) => JSON.stringify(one)).sort()
        expect(texts(columnsToRows(sorted))).toStrictEqual(texts(finite))
      }),
    )
  })

  it('puts minus zero before zero, NaN last, and keys after numbers', () => {
    const list = [{ key: 'b' }, { key: 'a' }, {}, {}, {}, {}].map((extra, at) => ({
      ...row,
      values: [[9, 9, Number.NaN, 0, -0, Number.POSITIVE_INFINITY][at] as number],
      extra,
    }))
    const sorted = sortColumns(buildColumns(1, list))
    expect([...(sorted.values[0] as Float64Array)]).toStrictEqual([
      -0,
      0,
      Number.POSITIVE_INFINITY,
      Number.NaN,
      9,
      9,
    ])
    expect(rowExtra(sorted, 4).key).toBe('a')
    expect(compareRows(sorted, 4, sorted, 5)).toBe(-1)
    expect(compareRows(sorted, 5, sorted, 0)).toBe(1)
  })
})
