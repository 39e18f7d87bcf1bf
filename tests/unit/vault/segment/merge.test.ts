import { describe, expect, it } from 'vitest'
import { emptyColumns, identityText, observationFlag, rowExtra } from '../../../../src/records/index.ts'
import { mergeColumns, refreshOverlay, withdrawImports } from '../../../../src/vault/segment/merge.ts'
import {
  emptyOverlay,
  type ObservationEdit,
  type SeriesOverlay,
} from '../../../../src/vault/segment/overlay.ts'
import { buildColumns } from '../../../reference/arbitrary-columns.ts'

const row = { startMs: 0, durationMs: 0, offsetMin: 60, values: [60], flags: 0, imports: ['import-a'] }
const nothing = emptyColumns(1)

function overlayOf(
  edits: readonly (readonly [startMs: number, value: number, edit: ObservationEdit])[],
): SeriesOverlay {
  return new Map(
    edits.map(([startMs, value, edit]) => [
      identityText({ startMs, durationMs: 0, discriminator: [value] }),
      edit,
    ]),
  )
}

describe('merging blocks of a series', () => {
  it('appends a block that follows', () => {
    const first = mergeColumns(nothing, buildColumns(1, [row]), emptyOverlay).columns
    const merged = mergeColumns(first, buildColumns(1, [{ ...row, startMs: 1 }]), emptyOverlay)
    expect(merged.outcome).toStrictEqual({ added: 1, duplicates: 0, suppressed: 0, conflicting: 0 })
    expect([...merged.columns.startMs]).toStrictEqual([0, 1])
  })

  it('unites the imports that assert one observation', () => {
    const first = mergeColumns(nothing, buildColumns(1, [row]), emptyOverlay).columns
    const again = mergeColumns(first, buildColumns(1, [{ ...row, imports: ['import-b'] }]), emptyOverlay)
    expect(again.outcome).toStrictEqual({ added: 0, duplicates: 1, suppressed: 0, conflicting: 0 })
    expect(again.columns.assertionTable).toStrictEqual([['import-a', 'import-b']])
  })

  it('keeps and flags both of two values at one time', () => {
    const first = mergeColumns(nothing, buildColumns(1, [row]), emptyOverlay).columns
    const merged = mergeColumns(first, buildColumns(1, [{ ...row, values: [61] }]), emptyOverlay)
    expect(merged.outcome).toStrictEqual({ added: 1, duplicates: 0, suppressed: 0, conflicting: 1 })
    expect([...merged.columns.flags]).toStrictEqual([
      observationFlag.conflicting,
      observationFlag.conflicting,
    ])
  })

  it('takes the conflict away with the row that made it', () => {
    const both = mergeColumns(
      nothing,
      buildColumns(1, [row, { ...row, values: [61], imports: ['import-b'] }]),
      emptyOverlay,
    )
    const removed = refreshOverlay(both.columns, overlayOf([[0, 61, { removed: true }]]))
    expect([...removed.flags]).toStrictEqual([0])
    const withdrawn = withdrawImports(both.columns, new Set(['import-b']))
    expect([...withdrawn.flags]).toStrictEqual([0])
  })

  it('keeps removed what the person removed', () => {
    const overlay = overlayOf([[0, 60, { removed: true }]])
    const merged = mergeColumns(nothing, buildColumns(1, [row, { ...row, startMs: 9 }]), overlay)
    expect(merged.outcome).toStrictEqual({ added: 1, duplicates: 0, suppressed: 1, conflicting: 0 })
    expect([...merged.columns.startMs]).toStrictEqual([9])
  })

  it('recognises an edited and moved observation when it comes again', () => {
    const overlay = overlayOf([[0, 60, { values: [65], time: [50, 5, 120], note: 'corrected' }]])
    const edited = mergeColumns(nothing, buildColumns(1, [row, { ...row, startMs: 20 }]), overlay).columns
    expect([...edited.startMs]).toStrictEqual([20, 50])
    expect(edited.values[0]?.[1]).toBe(65)
    expect(edited.offsetMin[1]).toBe(120)
    expect(edited.flags[1]).toBe(observationFlag.edited)
    expect(rowExtra(edited, 1)).toStrictEqual({
      note: 'corrected',
      original: [60],
      originalTime: [0, 0],
      originalOffsetMin: 60,
    })
    const again = mergeColumns(edited, buildColumns(1, [row]), overlay)
    expect(again.outcome.duplicates).toBe(1)
    expect(again.columns).toStrictEqual(edited)
  })

  it('restores an original when the edit is taken back', () => {
    const plain = mergeColumns(nothing, buildColumns(1, [row]), emptyOverlay).columns
    const edited = refreshOverlay(plain, overlayOf([[0, 60, { values: [65], time: [50, 5, 120] }]]))
    expect(refreshOverlay(edited, overlayOf([[0, 60, { values: null, time: null }]]))).toStrictEqual(plain)
  })

  it('clears notes, tags and contexts, and accepts what was unconfirmed', () => {
    const extra = { note: 'n', tags: ['t'], context: 'fasting' }
    const columns = buildColumns(1, [{ ...row, flags: observationFlag.unconfirmed, extra }])
    const edit = { note: null, tags: [], context: null, accepted: true }
    const merged = mergeColumns(nothing, columns, overlayOf([[0, 60, edit]])).columns
    expect(merged.flags[0]).toBe(0)
    expect(merged.extraTable).toStrictEqual([])
  })

  it('finds edited rows whether edits or rows are many', () => {
    const many = overlayOf(Array.from({ length: 100 }, (_, at) => [at, 60, { note: `n${at}` }] as const))
    const merged = mergeColumns(nothing, buildColumns(1, [{ ...row, startMs: 7 }]), many).columns
    expect(rowExtra(merged, 0).note).toBe('n7')
  })

  it('takes an offset with a known zone before any other', () => {
    const zoned = { ...row, offsetMin: 120, extra: { zone: 'Europe/Berlin' } }
    const merged = mergeColumns(
      nothing,
      buildColumns(1, [row, zoned, { ...row, offsetMin: -300 }]),
      emptyOverlay,
    )
    expect(merged.columns.offsetMin[0]).toBe(120)
    expect(merged.outcome.duplicates).toBe(2)
  })
})

describe('withdrawing imports', () => {
  it('drops what only they assert and keeps the rest and the person’s own', () => {
    const columns = buildColumns(1, [
      row,
      { ...row, startMs: 1, imports: ['import-a', 'import-b'] },
      { ...row, startMs: 2, imports: [] },
      { ...row, startMs: 3, flags: observationFlag.manual, extra: { key: 'k' } },
    ])
    const left = withdrawImports(columns, new Set(['import-a']))
    expect([...left.startMs]).toStrictEqual([1, 2, 3])
    expect(left.assertionTable).toStrictEqual([['import-b'], []])
  })

  it('changes nothing when nobody asserts by them', () => {
    const columns = buildColumns(1, [row])
    expect(withdrawImports(columns, new Set(['import-z']))).toBe(columns)
  })

  it('leaves conflicts of rows that remain', () => {
    const rows = [row, { ...row, values: [61] }, { ...row, values: [62], imports: ['import-b'] }]
    const merged = mergeColumns(nothing, buildColumns(1, rows), emptyOverlay).columns
    const left = withdrawImports(merged, new Set(['import-b']))
    expect([...left.flags]).toStrictEqual([observationFlag.conflicting, observationFlag.conflicting])
  })
})
