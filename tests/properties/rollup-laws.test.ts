import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Failure, ZoneOffsets } from '../../src/foundation/index.ts'
import type { Combine } from '../../src/metrics/index.ts'
import { type ObservationColumns, sliceColumns, sortColumns } from '../../src/records/index.ts'
import { encodeColumns } from '../../src/vault/segment/codec.ts'
import type { SeriesRollup } from '../../src/vault/segment/day-table.ts'
import {
  decodeRollup,
  encodeRollup,
  mergeRollups,
  rollupColumns,
  rollupEncoded,
} from '../../src/vault/segment/rollup.ts'
import { buildColumns } from '../reference/arbitrary-columns.ts'
import { type ReferenceDay, referenceRollup } from '../reference/rollup.ts'

const hourMs = 3_600_000
const combines: readonly Combine[] = ['mean', 'last', 'sum', 'duration', 'min', 'max']
const conversions = [
  { factor: 1, offset: 0 },
  { factor: 0.45359237, offset: 0 },
  { factor: 5 / 9, offset: -160 / 9 },
]

function rows(isInstant: boolean): fc.Arbitrary<ObservationColumns> {
  return fc
    .array(
      fc.record({
        startMs: fc.integer({ min: -60, max: 60 * 24 * 4 }).map((minute) => minute * 60_000),
        durationMs: isInstant ? fc.constant(0) : fc.constantFrom(0, hourMs / 4, 9 * hourMs, 30 * hourMs),
        offsetMin: isInstant ? fc.constant(60) : fc.constantFrom(60, 60, -300),
        values: fc.tuple(fc.integer({ min: -50, max: 500 })),
        flags: fc.constant(0),
        imports: fc.constant([]),
      }),
      { maxLength: 40 },
    )
    .map((list) => sortColumns(buildColumns(1, list)))
}

/** Totals of whole civil days at one offset, among other rows. */
const withDayTotals: fc.Arbitrary<ObservationColumns> = fc
  .array(
    fc.record({
      startMs: fc.integer({ min: 0, max: 3 }).map((day) => day * 24 * hourMs - hourMs),
      durationMs: fc.constantFrom(23, 24, 24, 25).map((hours) => hours * hourMs),
      offsetMin: fc.constant(60),
      values: fc.tuple(fc.integer({ min: 0, max: 20_000 })),
      flags: fc.constant(0),
      imports: fc.constant([]),
    }),
    { maxLength: 8 },
  )
  .map((list) => sortColumns(buildColumns(1, list)))

const scene = fc.record({
  columns: fc.oneof(rows(true), rows(false), withDayTotals),
  combine: fc.constantFrom(...combines),
  conversion: fc.constantFrom(...conversions),
  dayStartMin: fc.constantFrom(0, 240),
  cut: fc.nat({ max: 40 }),
})

const optionsOf = (one: {
  combine: Combine
  conversion: { factor: number; offset: number }
  dayStartMin: number
}) => ({
  component: 0,
  combine: one.combine,
  conversion: one.conversion,
  dayStartMin: one.dayStartMin,
})

function toDays(rollup: SeriesRollup): ReferenceDay[] {
  const names = [
    'day',
    'count',
    'sum',
    'min',
    'max',
    'first',
    'last',
    'timeWeightedMean',
    'sumOfSquares',
  ] as const
  return Array.from(
    { length: rollup.length },
    (_, row) => Object.fromEntries(names.map((name) => [name, rollup[name][row]])) as unknown as ReferenceDay,
  )
}

function expectClose(actual: readonly ReferenceDay[], expected: readonly ReferenceDay[]): void {
  expect(actual.map(({ day, count, min, max }) => [day, count, min, max])).toStrictEqual(
    expected.map(({ day, count, min, max }) => [day, count, min, max]),
  )
  actual.forEach((day, row) => {
    for (const name of ['sum', 'first', 'last', 'timeWeightedMean', 'sumOfSquares'] as const) {
      const other = expected[row]?.[name] as number
      expect(Math.abs(day[name] - other), `${name}: ${day[name]} against ${other}`).toBeLessThanOrEqual(
        1e-9 * Math.max(1, Math.abs(other), day.sumOfSquares),
      )
    }
  })
}

describe('daily rollups', () => {
  it('equal the slow reference', () => {
    fc.assert(
      fc.property(scene, (one) => {
        const expected = referenceRollup(one.columns, one.combine, one.conversion, one.dayStartMin)
        const actual = toDays(rollupColumns(one.columns, optionsOf(one)))
        // Parts of sums may arrive out of order of time, which their time-weighted mean alone would show.
        const comparable = (days: ReferenceDay[]): ReferenceDay[] =>
          one.combine === 'sum' ? days.map((day) => ({ ...day, timeWeightedMean: 0 })) : days
        expectClose(comparable(actual), comparable(expected))
      }),
      { numRuns: 1000 },
    )
  })

  it('of the totals that a maker gives for calendar days are these totals, whatever the day start', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
    )
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: 19_000, max: 20_500 }),
        fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 0, max: 720 }),
        fc.constantFrom(...combines),
        (zone, firstDay, totals, dayStartMin, combine) => {
          const offsets = new ZoneOffsets(zone)
          const days = totals.map((total, at) => {
            const startMs = offsets.instantOf((firstDay + at) * 24 * hourMs)
            const durationMs = offsets.instantOf((firstDay + at + 1) * 24 * hourMs) - startMs
            const offsetMin = offsets.at(startMs)
            return { startMs, durationMs, offsetMin, values: [total], flags: 0, imports: [] }
          })
          const options = { component: 0, combine, conversion: { factor: 1, offset: 0 }, dayStartMin }
          const rollup = rollupColumns(buildColumns(1, days), options)
          expect([...rollup.day]).toEqual(totals.map((_, at) => firstDay + at))
          expect([...rollup.sum]).toEqual(totals)
          expect([...rollup.count]).toEqual(totals.map(() => 1))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('are the same from encoded blocks, bit for bit', () => {
    fc.assert(
      fc.property(scene, (one) => {
        expect(rollupEncoded(encodeColumns(one.columns), optionsOf(one))).toStrictEqual(
          rollupColumns(one.columns, optionsOf(one)),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('of consecutive instants merge into the rollup of the whole', () => {
    fc.assert(
      fc.property(scene, rows(true), (one, columns) => {
        const parts = [sliceColumns(columns, 0, one.cut), sliceColumns(columns, one.cut, columns.length)]
        const merged = mergeRollups(parts.map((part) => rollupColumns(part, optionsOf(one))))
        expectClose(toDays(merged), toDays(rollupColumns(columns, optionsOf(one))))
      }),
      { numRuns: 500 },
    )
  })

  it('come back from their encoding bit for bit', () => {
    fc.assert(
      fc.property(scene, (one) => {
        const rollup = rollupColumns(one.columns, optionsOf(one))
        expect(decodeRollup(encodeRollup(rollup))).toStrictEqual(rollup)
      }),
      { numRuns: 300 },
    )
  })

  it('refuse hostile bytes with DAMAGED', () => {
    fc.assert(
      fc.property(scene, fc.nat(), fc.nat({ max: 7 }), (one, position, bit) => {
        const bytes = encodeRollup(rollupColumns(one.columns, optionsOf(one)))
        const at = position % bytes.length
        bytes[at] = (bytes[at] as number) ^ (1 << bit)
        try {
          decodeRollup(bytes)
        } catch (failure) {
          expect(failure).toBeInstanceOf(Failure)
          expect(['DAMAGED', 'UNSUPPORTED_FORMAT']).toContain((failure as Failure).code)
        }
      }),
      { numRuns: 1000 },
    )
  })
})
