import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Combine } from '../../../../src/metrics/index.ts'
import {
  emptyColumns,
  type ObservationColumns,
  type Source,
  sliceColumns,
  sortColumns,
} from '../../../../src/records/index.ts'
import { lowerBound } from '../../../../src/vault/segment/overlay.ts'
import {
  type OverlapRule,
  type ResolvePart,
  rankParts,
  resolveDay,
} from '../../../../src/vault/segment/resolve.ts'
import { type RangePart, resolveRange } from '../../../../src/vault/segment/resolve-range.ts'
import { rollupColumns } from '../../../../src/vault/segment/rollup.ts'
import { buildColumns } from '../../../reference/arbitrary-columns.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const day = 20_000
const midnight = day * 24 * hourMs

const watch: Source = { device: 'Apple Watch', app: 'Health', deviceClass: 'watch' }
const phone: Source = { device: 'iPhone', app: 'Health', deviceClass: 'phone' }
const ring: Source = { device: 'Oura', app: 'Oura', deviceClass: 'ring' }

type Row = readonly [hours: number, durationHours: number, value: number]

function columnsOf(rows: readonly Row[]): ObservationColumns {
  const built = rows.map(([hours, durationHours, value]) => ({
    startMs: midnight + hours * hourMs,
    durationMs: durationHours * hourMs,
    offsetMin: 0,
    values: [value],
    flags: 0,
    imports: ['import-a'],
  }))
  return sortColumns(buildColumns(1, built))
}

function part(source: Source, rows: readonly Row[], factor = 1, unit = '1'): ResolvePart {
  return {
    series: { metric: 'steps', source, unit },
    conversion: { factor, offset: 0 },
    columns: columnsOf(rows),
  }
}

function rule(combine: Combine, priority: readonly string[] = []): OverlapRule {
  return { combine, components: 1, dayStartMin: 0, priority }
}

const sumOf = (parts: readonly ResolvePart[], one: OverlapRule, onDay = day): number | undefined =>
  resolveDay(parts, onDay, one).components[0]?.sum[0]

describe('ranking of sources', () => {
  it('follows device class, then label', () => {
    const parts = [phone, ring, watch].map((source) => part(source, []))
    expect(rankParts(parts, []).map(({ series }) => series.source)).toStrictEqual([watch, ring, phone])
  })

  it('follows the order of the person first, by label, device or app in any case', () => {
    const parts = [phone, ring, watch].map((source) => part(source, []))
    expect(rankParts(parts, ['iphone', 'OURA']).map(({ series }) => series.source)).toStrictEqual([
      phone,
      ring,
      watch,
    ])
  })
})

describe('sums of overlapping sources', () => {
  it('count a lower source only for the time that no higher one covers', () => {
    const parts = [part(phone, [[9, 2, 1000]]), part(watch, [[10, 1, 700]])]
    expect(sumOf(parts, rule('sum'))).toBe(700 + 500)
  })

  it('count all of the source that the person put first', () => {
    const parts = [part(phone, [[9, 2, 1000]]), part(watch, [[10, 1, 700]])]
    expect(sumOf(parts, rule('sum', ['iPhone']))).toBe(1000)
  })

  it('add intervals of one source even where they overlap', () => {
    expect(
      sumOf(
        [
          part(watch, [
            [9, 2, 100],
            [10, 2, 50],
          ]),
        ],
        rule('sum'),
      ),
    ).toBe(150)
  })

  it('leave out an instant inside a covered interval and keep one at its end', () => {
    const parts = [
      part(watch, [[10, 1, 700]]),
      part(phone, [
        [10.5, 0, 5],
        [11, 0, 3],
      ]),
    ]
    expect(sumOf(parts, rule('sum'))).toBe(703)
  })

  it('leave out an instant that a higher source has with the same value', () => {
    const parts = [
      part(watch, [[10, 0, 5]]),
      part(phone, [
        [10, 0, 5],
        [12, 0, 5],
      ]),
    ]
    expect(sumOf(parts, rule('sum'))).toBe(10)
  })

  it('split an interval over midnight between its days', () => {
    const parts = [part(phone, [[23, 4, 400]]), part(watch, [[22, 1.5, 90]])]
    expect(sumOf(parts, rule('sum'))).toBe(90 + 50)
    expect(sumOf(parts, rule('sum'), day + 1)).toBe(300)
  })

  it('convert each series to the canonical unit before they meet', () => {
    const parts = [part(watch, [[10, 1, 4.184]], 1 / 4.184, 'kJ'), part(watch, [[12, 1, 2]], 1, 'kcal')]
    expect(sumOf(parts, rule('sum'))).toBeCloseTo(3, 12)
  })
})

describe('durations of overlapping sources', () => {
  it('belong to the day they end on, and cover what ended the evening before', () => {
    const parts = [part(phone, [[22, 1.5, 1.5]]), part(watch, [[22, 8, 8]])]
    expect(sumOf(parts, rule('duration'), day + 1)).toBe(8)
    expect(resolveDay(parts, day, rule('duration')).components[0]?.length).toBe(0)
  })
})

describe('pooled metrics', () => {
  it('keep every source but leave out copies from a lower one', () => {
    const parts = [
      part(watch, [
        [10, 0, 60],
        [11, 0, 70],
      ]),
      part(phone, [
        [10, 0, 60],
        [11, 0, 71],
      ]),
    ]
    const resolved = resolveDay(parts, day, rule('mean'))
    expect(resolved.components[0]?.count[0]).toBe(3)
    expect(resolved.explained.map(({ reason }) => reason)).toStrictEqual(['kept', 'copy', 'kept', 'kept'])
  })

  it('see a copy through a conversion', () => {
    const kilograms = part(watch, [[10, 0, 80]])
    const pounds = part(phone, [[10, 0, 80 / 0.45359237]], 0.45359237, '[lb_av]')
    expect(resolveDay([kilograms, pounds], day, rule('last')).components[0]?.count[0]).toBe(1)
  })
})

describe('the explanation of a day', () => {
  it('says which part of an interval over the start of a day is of this day, and that a calendar day is whole', () => {
    const parts = [
      part(watch, [
        [0, 24, 2000],
        [27, 4, 400],
      ]),
    ]
    const four = { ...rule('sum'), dayStartMin: 240 }
    const explained = (onDay: number) =>
      resolveDay(parts, onDay, four).explained.map(({ values, onDay: part, share }) => [
        values[0],
        part,
        share,
      ])
    expect(explained(day - 1)).toEqual([])
    expect(explained(day)).toEqual([
      [2000, 1, 1],
      [400, 0.25, 1],
    ])
    expect(explained(day + 1)).toEqual([[400, 0.75, 1]])
  })

  it('says of each row what counted, and which source took the rest', () => {
    const parts = [
      part(phone, [
        [9, 2, 1000],
        [10, 1, 10],
      ]),
      part(watch, [[10, 1, 700]]),
    ]
    const rows = resolveDay(parts, day, rule('sum')).explained
    expect(
      rows.map(({ values, reason, share, by }) => [values[0], reason, share, by?.device ?? null]),
    ).toStrictEqual([
      [1000, 'partly_covered', 0.5, 'Apple Watch'],
      [700, 'kept', 1, null],
      [10, 'covered', 0, 'Apple Watch'],
    ])
  })
})

/** Intervals on a grid of 10 minutes, so that the reference can look at one cell at a time. */
const cells = fc.array(
  fc.tuple(
    fc.integer({ min: -20, max: 160 }),
    fc.integer({ min: 1, max: 30 }),
    fc.integer({ min: 0, max: 600 }),
  ),
  { maxLength: 8 },
)
const gridRows = cells.map((rows): Row[] =>
  rows.map(([cell, length, value]) => [cell / 6, length / 6, value]),
)

describe('the overlap rule', () => {
  it('equals a reference that gives each ten minutes to the highest source', () => {
    fc.assert(
      fc.property(gridRows, gridRows, gridRows, (first, second, third) => {
        const ranked = [first, second, third]
        const isCoveredAt = (rows: readonly Row[], cell: number): boolean =>
          rows.some(
            ([hours, length]) => Math.round(hours * 6) <= cell && cell < Math.round((hours + length) * 6),
          )
        let expected = 0
        for (let cell = 0; cell < 144; cell++) {
          const highest = ranked.find((rows) => isCoveredAt(rows, cell)) ?? []
          for (const row of highest) if (isCoveredAt([row], cell)) expected += row[2] / Math.round(row[1] * 6)
        }
        const parts = [part(watch, first), part(ring, second), part(phone, third)]
        expect(sumOf(parts, rule('sum')) ?? 0).toBeCloseTo(expected, 6)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a range of days', () => {
  const rangePart = (one: ResolvePart, combine: Combine, reads: number[], dayStartMin = 0): RangePart => ({
    series: one.series,
    conversion: one.conversion,
    rollups: [rollupColumns(one.columns, { component: 0, combine, conversion: one.conversion, dayStartMin })],
    read: (fromMs, toMs) => {
      reads.push(fromMs)
      const { startMs } = one.columns
      return sliceColumns(one.columns, lowerBound(startMs, fromMs), lowerBound(startMs, toMs))
    },
  })

  it('takes the days of a single source from its rollup without reading a row', () => {
    const reads: number[] = []
    const alone = part(watch, [
      [9, 1, 10],
      [33, 1, 20],
      [47.5, 1, 30],
    ])
    const [resolved] = resolveRange([rangePart(alone, 'sum', reads)], day - 5, day + 5, rule('sum'))
    expect(resolved).toStrictEqual(
      rollupColumns(alone.columns, {
        component: 0,
        combine: 'sum',
        conversion: alone.conversion,
        dayStartMin: 0,
      }),
    )
    expect(reads).toStrictEqual([])
  })

  it('reads rows only for contested days', () => {
    const reads: number[] = []
    const parts = [
      part(watch, [
        [9, 1, 10],
        [33, 1, 20],
      ]),
      part(phone, [
        [33, 2, 40],
        [57, 1, 7],
      ]),
    ]
    const ranges = parts.map((one) => rangePart(one, 'sum', reads))
    const [resolved] = resolveRange(ranges, day, day + 1, rule('sum'))
    expect([...(resolved?.day ?? [])]).toStrictEqual([day, day + 1])
    expect([...(resolved?.sum ?? [])]).toStrictEqual([10, 40])
    expect(reads).toHaveLength(2)
  })

  it('equals the rollup on a day of one source, whichever way it is taken', () => {
    fc.assert(
      fc.property(gridRows, fc.constantFrom<Combine>('sum', 'duration', 'mean'), (rows, combine) => {
        const alone = part(watch, rows)
        const range = rangePart(alone, combine, [])
        const [resolved] = resolveRange([range], day, day, rule(combine))
        expect(resolveDay([alone], day, rule(combine)).components[0]).toStrictEqual(resolved)
      }),
    )
  })

  it('equals its single days, pooled or not', () => {
    const instants = fc
      .array(
        fc.tuple(
          fc.integer({ min: -100, max: 500 }),
          fc.constantFrom(0, 0, 1),
          fc.integer({ min: 60, max: 62 }),
        ),
      )
      .map((rows): Row[] => rows.map(([cell, length, value]) => [cell / 6, length / 6, value]))
    const property = fc.property(
      instants,
      instants,
      instants,
      fc.constantFrom<Combine>('sum', 'mean', 'last'),
      (first, second, third, combine) => {
        const parts = [part(phone, third, 2), part(watch, first), part(ring, second)]
        const ranges = parts.map((one) => rangePart(one, combine, []))
        const [resolved] = resolveRange(ranges, day - 1, day + 3, rule(combine))
        const days = [-1, 0, 1, 2, 3].map(
          (at) => resolveDay(parts, day + at, rule(combine)).components[0]?.sum[0],
        )
        expect([...(resolved?.sum ?? [])]).toStrictEqual(days.filter((sum) => sum !== undefined))
      },
    )
    fc.assert(property, { numRuns: 300 })
  })

  it('equals its single days where makers give totals of calendar days and the day starts later', () => {
    const totals = fc
      .array(fc.tuple(fc.integer({ min: -2, max: 4 }), fc.integer({ min: 1, max: 900 })), { maxLength: 5 })
      .map((rows): Row[] => rows.map(([at, value]) => [at * 24, 24, value]))
    const hours = fc
      .array(fc.tuple(fc.integer({ min: -40, max: 110 }), fc.integer({ min: 1, max: 90 })), { maxLength: 12 })
      .map((rows): Row[] => rows.map(([hour, value]) => [hour, 1, value]))
    const property = fc.property(
      fc.oneof(totals, hours),
      fc.oneof(totals, hours),
      fc.oneof(totals, hours),
      fc.constantFrom<Combine>('sum', 'duration', 'mean', 'last'),
      fc.constantFrom(0, 240, 720),
      (first, second, third, combine, dayStartMin) => {
        const parts = [part(phone, third), part(watch, first), part(ring, second)]
        const one = { ...rule(combine), dayStartMin }
        const ranges = parts.map((each) => rangePart(each, combine, [], dayStartMin))
        const [resolved] = resolveRange(ranges, day - 3, day + 6, one)
        const days = Array.from({ length: 10 }, (_, at) => resolveDay(parts, day - 3 + at, one).components[0])
        const expected = days.flatMap((rollup) => [...(rollup?.sum ?? [])])
        expect([...(resolved?.sum ?? [])]).toEqual(expected.map((sum) => expect.closeTo(sum, 9)))
      },
    )
    fc.assert(property, { numRuns: 400 })
  })

  it('counts of a calendar day that a lower source totals only what no higher one covers, also before the day start', () => {
    const parts = [part(phone, [[0, 24, 2400]]), part(watch, [[2, 1, 50]])]
    const four = { ...rule('sum'), dayStartMin: 240 }
    const [resolved] = resolveRange(
      parts.map((one) => rangePart(one, 'sum', [], 240)),
      day - 1,
      day + 1,
      four,
    )
    expect([...(resolved?.day ?? [])]).toEqual([day - 1, day])
    expect([...(resolved?.sum ?? [])]).toEqual([50, 2300])
  })

  it('reads a stretch of contested days of a pooled metric at once', () => {
    const reads: number[] = []
    const days = Array.from({ length: 100 }, (_, at): Row => [at * 24 + 9, 0, at])
    const ranges = [part(watch, days), part(phone, days)].map((one) => rangePart(one, 'mean', reads))
    const [resolved] = resolveRange(ranges, day, day + 99, rule('mean'))
    expect([...(resolved?.count ?? [])]).toStrictEqual(new Array(100).fill(1))
    expect(reads).toHaveLength(2 * 4)
  })

  it('resolves a night that another source saw end on the next day', () => {
    const parts = [part(phone, [[22, 1.5, 1.5]]), part(watch, [[22, 8, 8]])]
    const [resolved] = resolveRange(
      parts.map((one) => rangePart(one, 'duration', [])),
      day,
      day + 1,
      rule('duration'),
    )
    expect([...(resolved?.day ?? [])]).toStrictEqual([day + 1])
    expect([...(resolved?.sum ?? [])]).toStrictEqual([8])
  })

  it('is empty where nothing is', () => {
    const nothing: ResolvePart = { ...part(watch, []), columns: emptyColumns(1) }
    expect(resolveRange([rangePart(nothing, 'sum', [])], day, day, rule('sum'))[0]?.length).toBe(0)
  })
})
