import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Source, sliceColumns, sortColumns } from '../../../../src/records/index.ts'
import { coverDays } from '../../../../src/vault/segment/cover.ts'
import { rollupDay } from '../../../../src/vault/segment/day-table.ts'
import {
  type OverlapRule,
  type ResolvePart,
  rankParts,
  resolveDay,
} from '../../../../src/vault/segment/resolve.ts'
import { buildColumns } from '../../../reference/arbitrary-columns.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const day = 20_000
const midnight = day * 24 * hourMs
const wanted = [day - 1, day, day + 1, day + 2]

const sources: readonly Source[] = [
  { device: 'Apple Watch', app: 'Health', deviceClass: 'watch' },
  { device: 'Oura', app: 'Oura', deviceClass: 'ring' },
  { device: 'iPhone', app: 'Health', deviceClass: 'phone' },
]

interface Interval {
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
  readonly values: readonly number[]
}

/** On a grid of half hours, so that ends meet, midnights are hit and intervals cross them. */
const intervals = (shortest: number, longest: number) =>
  fc.array(
    fc.record({
      startMs: fc.integer({ min: -80, max: 180 }).map((cell) => midnight + (cell * hourMs) / 2),
      durationMs: fc.integer({ min: shortest, max: longest }).map((cells) => (cells * hourMs) / 2),
      offsetMin: fc.constantFrom(0, 0, 60, -480),
      values: fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 9 })),
    }),
    { maxLength: 30 },
  )

/** As makers give them: totals of calendar days. */
const dayTotals = fc.array(
  fc.record({
    startMs: fc.integer({ min: -1, max: 2 }).map((at) => midnight + (at * 24 - 1) * hourMs),
    durationMs: fc.constantFrom(23 * hourMs, 24 * hourMs),
    offsetMin: fc.constant(60),
    values: fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 9 })),
  }),
  { maxLength: 4 },
)

function partsOf(lists: readonly (readonly Interval[])[]): ResolvePart[] {
  const parts = lists.map((rows, index) => ({
    series: { metric: 'steps', source: sources[index] as Source, unit: '1' },
    conversion: { factor: index + 0.5, offset: 0 },
    columns: sortColumns(
      buildColumns(
        2,
        rows.map((row) => ({ ...row, flags: 0, imports: ['import-a'] })),
      ),
    ),
  }))
  return rankParts(parts, [])
}

function covered(parts: readonly ResolvePart[], rule: OverlapRule) {
  return coverDays(parts, (one) => wanted.includes(one), rule)
}

const ruleOf = (combine: 'sum' | 'duration', dayStartMin: number): OverlapRule => ({
  combine,
  components: 2,
  dayStartMin,
  priority: [],
})

describe('covering many days at once', () => {
  it('gives the days that resolving one by one gives, digit for digit', () => {
    const property = fc.property(
      fc.tuple(
        intervals(1, 20),
        fc.oneof(intervals(1, 20), dayTotals),
        fc.oneof(intervals(1, 20), dayTotals),
      ),
      fc.constantFrom('sum' as const, 'duration' as const),
      fc.constantFrom(0, 240),
      (lists, combine, dayStartMin) => {
        const parts = partsOf(lists)
        const rule = ruleOf(combine, dayStartMin)
        const { components, isLeft } = covered(parts, rule)
        expect(wanted.some(isLeft)).toBe(false)
        for (const [index, component] of components.entries()) {
          const rows = Array.from({ length: component.length }, (_, row) => rollupDay(component, row))
          const single = wanted.flatMap((one) => {
            const resolved = resolveDay(parts, one, rule).components[index]
            return resolved === undefined || resolved.length === 0 ? [] : [rollupDay(resolved, 0)]
          })
          expect(rows).toStrictEqual(single)
        }
      },
    )
    fc.assert(property, { numRuns: 500 })
  })

  it('leaves the days of instants', () => {
    const at = { startMs: midnight + 9 * hourMs, offsetMin: 0, values: [1, 1] }
    const parts = partsOf([
      [
        { ...at, durationMs: hourMs },
        { ...at, startMs: at.startMs + 24 * hourMs, durationMs: hourMs },
      ],
      [{ ...at, durationMs: 0 }],
    ])
    const { components, isLeft } = covered(parts, ruleOf('sum', 0))
    expect(wanted.filter(isLeft)).toStrictEqual([day])
    expect([...(components[0]?.day ?? [])]).toStrictEqual([day + 1])
  })

  it('leaves everything where an interval is longer than a day', () => {
    const long = { startMs: midnight, durationMs: 25 * hourMs, offsetMin: 0, values: [1, 1] }
    expect(wanted.every(covered(partsOf([[long], []]), ruleOf('duration', 0)).isLeft)).toBe(true)
  })

  it('is empty where nothing is', () => {
    const nothing = partsOf([[], []]).map((part) => ({ ...part, columns: sliceColumns(part.columns, 0, 0) }))
    expect(covered(nothing, ruleOf('sum', 0)).components.map(({ length }) => length)).toStrictEqual([0, 0])
  })
})
