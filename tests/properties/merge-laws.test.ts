import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  emptyColumns,
  type ObservationColumns,
  type ObservationRow,
  observationFlag,
  sliceColumns,
} from '../../src/records/index.ts'
import { mergeColumns, refreshOverlay, withdrawImports } from '../../src/vault/segment/merge.ts'
import { emptyOverlay, type ObservationEdit, type SeriesOverlay } from '../../src/vault/segment/overlay.ts'
import { buildColumns } from '../reference/arbitrary-columns.ts'
import { identityOf, referenceMerge } from '../reference/merge.ts'

/** Few times, few values, few keys: copies, conflicts and edits meet all the time. */
const row: fc.Arbitrary<ObservationRow> = fc
  .record({
    startMs: fc.integer({ min: 0, max: 4 }).map((minute) => minute * 60_000),
    durationMs: fc.constantFrom(0, 0, 60_000),
    offsetMin: fc.constantFrom(60, 60, -300),
    values: fc.tuple(fc.constantFrom(1, 2, 0, -0, Number.NaN)),
    key: fc.constantFrom(undefined, undefined, 'key-a', 'key-b'),
    isUnconfirmed: fc.boolean(),
    note: fc.constantFrom(undefined, 'first', 'second'),
    tags: fc.constantFrom(undefined, ['z', 'a'], ['b']),
    zone: fc.constantFrom(undefined, undefined, 'Europe/Berlin', 'America/New_York'),
    meta: fc.constantFrom(undefined, { a: '1' }, { a: '2', b: '3' }),
    imports: fc.subarray(['import-a', 'import-b', 'import-c'], { minLength: 1 }),
  })
  .map(({ key, isUnconfirmed, note, tags, zone, meta, imports, ...rest }) => {
    const flags =
      (key === undefined ? 0 : observationFlag.manual) | (isUnconfirmed ? observationFlag.unconfirmed : 0)
    const extra = Object.fromEntries(
      Object.entries({ key, note, tags, zone, meta }).filter(([, value]) => value !== undefined),
    )
    return { ...rest, flags, extra, imports: key === undefined ? imports : [] }
  })

const edit: fc.Arbitrary<ObservationEdit> = fc.record(
  {
    removed: fc.boolean(),
    values: fc.option(fc.tuple(fc.constantFrom(1, 7))),
    time: fc.option(
      fc.tuple(fc.constantFrom(0, 60_000, 600_000), fc.constantFrom(0, 60_000), fc.constant(120)),
    ),
    note: fc.option(fc.constant('edited')),
    tags: fc.constantFrom([], ['edited']),
    context: fc.option(fc.constant('fasting')),
    accepted: fc.boolean(),
  },
  { requiredKeys: [] },
)

const scene = fc.array(row, { maxLength: 25 }).chain((rows) =>
  fc.record({
    rows: fc.constant(rows),
    overlay: fc
      .array(fc.tuple(fc.nat(), edit), { maxLength: 4 })
      .map(
        (edits): SeriesOverlay =>
          new Map(
            rows.length === 0
              ? []
              : edits.map(([at, one]) => [identityOf(rows[at % rows.length] as ObservationRow), one]),
          ),
      ),
    shuffled: fc.shuffledSubarray(rows, { minLength: rows.length }),
    repeated: fc.subarray(rows),
    cuts: fc.array(fc.nat({ max: 30 }), { maxLength: 4 }),
  }),
)

function mergeAll(blocks: readonly ObservationColumns[], overlay: SeriesOverlay): ObservationColumns {
  return blocks.reduce((merged, block) => mergeColumns(merged, block, overlay).columns, emptyColumns(1))
}

function cutAt(columns: ObservationColumns, cuts: readonly number[]): ObservationColumns[] {
  const edges = [0, ...cuts.filter((cut) => cut < columns.length).sort((a, b) => a - b), columns.length]
  return edges.slice(1).map((to, position) => sliceColumns(columns, edges[position] as number, to))
}

describe('merging', () => {
  it('equals the slow reference', () => {
    fc.assert(
      fc.property(scene, ({ rows, overlay }) => {
        expect(mergeAll([buildColumns(1, rows)], overlay)).toStrictEqual(referenceMerge(1, rows, overlay))
      }),
      { numRuns: 500 },
    )
  })

  it('gives the same columns for any order, split and repetition', () => {
    fc.assert(
      fc.property(scene, ({ rows, overlay, shuffled, repeated, cuts }) => {
        const once = mergeAll([buildColumns(1, rows)], overlay)
        const anyhow = mergeAll(cutAt(buildColumns(1, [...shuffled, ...repeated]), cuts), overlay)
        expect(anyhow).toStrictEqual(once)
      }),
      { numRuns: 500 },
    )
  })

  it('gives the same columns whether edits come before, between or after the rows', () => {
    fc.assert(
      fc.property(scene, ({ rows, overlay, shuffled, cuts }) => {
        const first = mergeAll([buildColumns(1, rows)], overlay)
        const late = mergeAll(cutAt(buildColumns(1, shuffled), cuts), emptyOverlay)
        expect(refreshOverlay(late, overlay)).toStrictEqual(first)
      }),
      { numRuns: 300 },
    )
  })

  it('accounts for every incoming row', () => {
    fc.assert(
      fc.property(scene, ({ rows, overlay, repeated }) => {
        const merged = mergeColumns(emptyColumns(1), buildColumns(1, rows), overlay)
        const { added, duplicates, suppressed } = merged.outcome
        expect(added + duplicates + suppressed).toBe(rows.length)
        expect(added).toBe(merged.columns.length)
        const again = mergeColumns(merged.columns, buildColumns(1, repeated), overlay)
        expect(again.outcome.added).toBe(0)
        expect(again.columns).toStrictEqual(merged.columns)
      }),
      { numRuns: 300 },
    )
  })

  it('withdraws an import as if it had never been', () => {
    fc.assert(
      fc.property(scene, ({ rows }) => {
        // Copies of one observation agree in everything but who asserts them, as those of one export do.
        const plain = rows.map(({ extra, imports, ...rest }) => ({
          ...rest,
          offsetMin: 60,
          flags: rest.flags & observationFlag.manual,
          extra: extra?.key === undefined ? {} : { key: extra.key },
          imports,
        }))
        const withdrawn = new Set(['import-a'])
        const left = plain
          .map((one) => ({
            ...one,
            isOwn: one.imports.length === 0,
            imports: one.imports.filter((id) => id !== 'import-a'),
          }))
          .filter((one) => one.isOwn || one.imports.length > 0)
        const merged = mergeAll([buildColumns(1, plain)], emptyOverlay)
        expect(withdrawImports(merged, withdrawn)).toStrictEqual(referenceMerge(1, left, emptyOverlay))
      }),
      { numRuns: 300 },
    )
  })
})
