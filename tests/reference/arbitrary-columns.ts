/** Arbitrary columns for property tests: anything at all, and what devices really write. */
import fc from 'fast-check'
import {
  ColumnsBuilder,
  type Extra,
  type ObservationColumns,
  type ObservationRow,
} from '../../src/records/index.ts'

export const anyDouble = fc.oneof(
  fc.double(),
  fc.integer({ min: 40, max: 200 }),
  fc.integer({ min: -1000, max: 1000 }).map((value) => value / 10),
  fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  fc.constantFrom(0.1 + 0.2, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 53, 2 ** 53 + 2, 1e-15, 1e15),
)

export const anyTime = fc.oneof(
  fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 }),
  fc.integer({ min: 1_700_000_000, max: 1_700_000_400 }).map((seconds) => seconds * 1000),
  fc.constantFrom(0, 8.64e15, -8.64e15),
)

export const anyExtra: fc.Arbitrary<Extra> = fc.record(
  {
    note: fc.string({ unit: 'grapheme', maxLength: 8 }),
    tags: fc.array(fc.string({ maxLength: 4 }), { maxLength: 3 }),
    context: fc.constantFrom('fasting', 'after_meal'),
    meta: fc.dictionary(fc.oneof(fc.string({ maxLength: 4 }), fc.constant('__proto__')), fc.string(), {
      maxKeys: 2,
    }),
  },
  { requiredKeys: [] },
)

const importSets = fc.subarray(['import-a', 'import-b', 'import-c'])

function rowArbitrary(components: number): fc.Arbitrary<ObservationRow> {
  return fc.record({
    startMs: anyTime,
    durationMs: fc.oneof(fc.constant(0), fc.nat({ max: 100_000_000 }), anyDouble),
    offsetMin: fc.oneof(fc.constant(60), fc.integer({ min: -1080, max: 1080 })),
    values: fc.array(anyDouble, { minLength: components, maxLength: components }),
    flags: fc.oneof(fc.constant(0), fc.nat({ max: 255 })),
    extra: fc.option(anyExtra, { nil: undefined, freq: 2 }),
    imports: importSets,
  })
}

export function buildColumns(components: number, rows: readonly ObservationRow[]): ObservationColumns {
  const builder = new ColumnsBuilder(components)
  for (const row of rows) builder.append(row)
  return builder.finish()
}

/** Any doubles, any times, any order. */
export const anyColumns: fc.Arbitrary<ObservationColumns> = fc
  .integer({ min: 0, max: 3 })
  .chain((components) =>
    fc.array(rowArbitrary(components), { maxLength: 40 }).map((rows) => buildColumns(components, rows)),
  )

/** Ascending times on a grid, decimal values, few offsets: each of the format's forms comes up. */
export const realisticColumns: fc.Arbitrary<ObservationColumns> = fc
  .record({
    first: fc.integer({ min: 0, max: 2_000_000_000 }),
    unitMs: fc.constantFrom(1, 1000, 60_000),
    gaps: fc.array(
      fc.oneof(
        fc.constant(5),
        fc.nat({ max: 12 }),
        fc.nat({ max: 300 }),
        fc.integer({ min: -20, max: 90_000 }),
        fc.nat({ max: 100_000_000 }),
      ),
      { minLength: 1, maxLength: 120 },
    ),
    isRegular: fc.boolean(),
    spread: fc.constantFrom(0, 3, 100, 5000, 1_000_000, 3_000_000_000),
    decimals: fc.constantFrom(1, 10, 100),
    seeds: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
    durations: fc.constantFrom(0, 60_000, 300_000),
    imports: importSets,
  })
  .map(({ first, unitMs, gaps, isRegular, spread, decimals, seeds, durations, imports }) => {
    const builder = new ColumnsBuilder(1)
    let seconds = first
    gaps.forEach((gap, row) => {
      seconds += isRegular ? (gaps[0] as number) : gap
      const noise = Math.round((seeds[row % seeds.length] as number) * spread)
      builder.append({
        startMs: seconds * unitMs,
        durationMs: row % 7 === 3 ? durations : 0,
        offsetMin: row < gaps.length / 2 ? 60 : 120,
        values: [(700 + noise) / decimals],
        flags: 0,
        imports,
      })
    })
    return builder.finish()
  })
