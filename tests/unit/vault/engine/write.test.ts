import { afterEach, describe, expect, it } from 'vitest'
import { emptyChange, observationFlag } from '../../../../src/records/index.ts'
import {
  blockOf,
  entryOf,
  newTestVault,
  openTestVault,
  removeTestVaults,
  rowOf,
  rowsOf,
  seriesOf,
} from './test-vault.ts'

afterEach(removeTestVaults)

const t0 = Date.UTC(2026, 2, 1, 7, 30)

describe('writing observations', () => {
  it('keeps an entry that another process then reads', async () => {
    const { vault, path } = await newTestVault()
    const { outcomes } = vault.write(entryOf('weight', t0, 81.4))
    expect(outcomes).toEqual([{ metric: 'weight', added: 1, duplicates: 0, suppressed: 0, conflicting: 0 }])
    vault.close()
    const again = openTestVault(path).vault
    expect(rowsOf(again)).toMatchObject([{ metric: 'weight', startMs: t0, values: [81.4] }])
    expect(again.series()).toMatchObject([{ count: 1, firstMs: t0, lastMs: t0 }])
    again.close()
  })

  it('finds by id, edits, removes and undoes each', async () => {
    const { vault } = await newTestVault()
    vault.write(entryOf('weight', t0, 81.4, { extra: { note: 'before breakfast' } }))
    const [first] = vault.latest({}, 1)
    const id = first?.id ?? ''
    const ref = vault.locate(id)?.ref
    if (ref === undefined) throw new Error('not located')
    const empty = vault.digest()
    vault.write({
      ...emptyChange,
      label: 'edit',
      operations: [{ kind: 'observation', ref, field: 'values', value: [82] }],
    })
    expect(vault.find(id)).toMatchObject({ values: [82], original: { values: [81.4] } })
    vault.write({
      ...emptyChange,
      label: 'move',
      operations: [{ kind: 'observation', ref, field: 'time', value: [t0 + 5000, 0, 60] }],
    })
    expect(vault.find(id)).toMatchObject({ id, startMs: t0 + 5000, offsetMin: 60 })
    vault.write({
      ...emptyChange,
      label: 'note',
      operations: [{ kind: 'observation', ref, field: 'note', value: null }],
    })
    expect(vault.find(id)?.extra.note).toBeUndefined()
    vault.write({
      ...emptyChange,
      label: 'rm',
      operations: [{ kind: 'observation', ref, field: 'removed', value: true }],
    })
    expect(vault.find(id)).toBeUndefined()
    expect(vault.series()).toEqual([])
    expect(vault.undoLast().label).toBe('rm')
    expect(vault.find(id)).toMatchObject({ startMs: t0 + 5000, values: [82] })
    expect(vault.undoLast().label).toBe('note')
    expect(vault.find(id)?.extra.note).toBe('before breakfast')
    expect(vault.undoLast().label).toBe('move')
    expect(vault.find(id)).toMatchObject({ startMs: t0, offsetMin: 0 })
    expect(vault.undoLast().label).toBe('edit')
    expect(vault.digest()).toBe(empty)
    expect(vault.undoLast().label).toBe('log weight')
    expect(vault.latest({}, 5)).toEqual([])
    expect(() => vault.undoLast()).toThrow(/nothing to undo/)
    expect(vault.scrub().damages).toEqual([])
    vault.close()
  })

  it('keeps removed what is imported again', async () => {
    const { vault } = await newTestVault()
    const block = blockOf(seriesOf('heart_rate', 'Watch'), [rowOf(t0, 60), rowOf(t0 + 1000, 61)])
    vault.importSink('a').write({ blocks: [block], raw: [], attachments: [], operations: [], consumed: 2 })
    const id = vault.latest({}, 1)[0]?.id ?? ''
    const ref = vault.locate(id)?.ref
    if (ref === undefined) throw new Error('not located')
    vault.write({
      ...emptyChange,
      label: 'rm',
      operations: [{ kind: 'observation', ref, field: 'removed', value: true }],
    })
    const outcomes = vault
      .importSink('b')
      .write({ blocks: [block], raw: [], attachments: [], operations: [], consumed: 2 })
    expect(outcomes).toEqual([
      { metric: 'heart_rate', added: 0, duplicates: 1, suppressed: 1, conflicting: 0 },
    ])
    expect(rowsOf(vault)).toMatchObject([{ startMs: t0, imports: ['a', 'b'] }])
    vault.undoLast()
    vault.undoLast()
    expect(rowsOf(vault)).toMatchObject([{ startMs: t0 + 1000, imports: ['a'] }, { startMs: t0 }])
    vault.close()
  })

  it('flags conflicting values and clears the flag when one is removed', async () => {
    const { vault } = await newTestVault()
    const series = seriesOf('heart_rate', 'Watch')
    vault.write({ ...emptyChange, label: 'x', blocks: [blockOf(series, [rowOf(t0, 60), rowOf(t0, 61)])] })
    expect(rowsOf(vault).map(({ flags }) => flags)).toEqual([
      observationFlag.conflicting,
      observationFlag.conflicting,
    ])
    const ref = vault.locate(vault.latest({}, 1)[0]?.id ?? '')?.ref
    if (ref === undefined) throw new Error('not located')
    vault.write({
      ...emptyChange,
      label: 'rm',
      operations: [{ kind: 'observation', ref, field: 'removed', value: true }],
    })
    expect(rowsOf(vault).map(({ flags }) => flags)).toEqual([0])
    vault.close()
  })
})

describe('imports', () => {
  const series = seriesOf('heart_rate', 'Watch')
  const chunk = (from: number, count: number) => ({
    blocks: [
      blockOf(
        series,
        Array.from({ length: count }, (_, i) => rowOf(t0 + (from + i) * 1000, 60 + ((from + i) % 7))),
      ),
    ],
    raw: [],
    attachments: [],
    operations: [],
    consumed: count,
  })

  it('counts a second import as duplicates, withdraws and asserts again', async () => {
    const { vault } = await newTestVault()
    vault.write(entryOf('weight', t0, 80))
    const before = vault.digest()
    const opening = {
      ...chunk(0, 0),
      blocks: [],
      operations: [{ kind: 'entity', type: 'import', id: 'one', field: 'format', value: 'csv' }],
    } as const
    const sink = vault.importSink('one')
    sink.write(opening)
    sink.write(chunk(0, 20_000))
    const imported = vault.digest()
    const batches = vault.info().batches
    expect(vault.importSink('one').write(chunk(0, 20_000))?.[0]).toMatchObject({
      added: 0,
      duplicates: 20_000,
    })
    expect(vault.info().batches).toBe(batches)
    expect(vault.digest()).toBe(imported)
    vault.withdrawImport('one')
    expect(vault.digest()).toBe(before)
    expect(vault.rebuild().observations).toBe(1)
    expect(vault.digest()).toBe(before)
    vault.reassertImport('one')
    expect(vault.digest()).toBe(imported)
    expect(vault.importSink('two').write(chunk(10_000, 20_000))?.[0]).toMatchObject({
      added: 10_000,
      duplicates: 10_000,
    })
    vault.withdrawImport('one')
    expect(vault.series('heart_rate')[0]?.count).toBe(20_000)
    vault.undoLast()
    expect(vault.series('heart_rate')[0]?.count).toBe(30_000)
    expect(vault.scrub().damages).toEqual([])
    expect(vault.check().damages).toEqual([])
    vault.close()
  })

  it('leaves no trace of a rehearsal', async () => {
    const { vault, anchor } = await newTestVault()
    const before = vault.digest()
    const outcomes = await vault.rehearse(async () => {
      const sink = vault.importSink('x')
      return [sink.write(chunk(0, 100)), sink.write(chunk(50, 100))]
    })
    expect(outcomes.map((list) => list?.[0]?.added)).toEqual([100, 50])
    expect(vault.digest()).toBe(before)
    expect(vault.info().batches).toBe(0)
    expect(anchor.heads).toEqual([])
    vault.close()
  })
})

describe('daily values', () => {
  it('follow writes, edits and settings', async () => {
    const { vault } = await newTestVault()
    vault.write(entryOf('weight', t0, 80))
    vault.write(entryOf('weight', t0 + 86_400_000, 82))
    expect(Array.from(vault.resolvedDays('weight').components[0]?.last ?? [])).toEqual([80, 82])
    const ref = vault.locate(vault.latest({}, 1)[0]?.id ?? '')?.ref
    if (ref === undefined) throw new Error('not located')
    vault.write({
      ...emptyChange,
      label: 'e',
      operations: [{ kind: 'observation', ref, field: 'values', value: [83] }],
    })
    expect(Array.from(vault.resolvedDays('weight').components[0]?.last ?? [])).toEqual([80, 83])
    vault.setSettings({ dayStartMin: 480 })
    expect(vault.resolvedDays('weight').components[0]?.day[0]).toBe(Math.floor(t0 / 86_400_000) - 1)
    vault.undoLast()
    expect(Array.from(vault.resolvedDays('weight').components[0]?.last ?? [])).toEqual([80, 82])
    vault.close()
  })
})
