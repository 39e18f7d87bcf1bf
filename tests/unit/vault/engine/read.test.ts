import { afterEach, describe, expect, it } from 'vitest'
import { dayMs } from '../../../../src/foundation/index.ts'
import { emptyChange, type ImportChunk, type Operation } from '../../../../src/records/index.ts'
import { ChainWriter } from '../../../../src/vault/engine/chain.ts'
import { encodeChange } from '../../../../src/vault/engine/change-codec.ts'
import { logItems } from '../../../../src/vault/engine/log-reader.ts'
import { Store } from '../../../../src/vault/engine/store.ts'
import {
  blockOf,
  entryOf,
  newTestVault,
  openTestVault,
  putIntoInbox,
  removeTestVaults,
  rowOf,
  seriesOf,
  TestClock,
  testKeyring,
  testRandom,
} from './test-vault.ts'

afterEach(removeTestVaults)

const t0 = Date.UTC(2026, 2, 1)
const emptyChunk: ImportChunk = { blocks: [], raw: [], attachments: [], operations: [], consumed: 0 }

describe('overlapping sources', () => {
  const hour = 3_600_000
  const steps = (app: string, value: number) =>
    blockOf(
      {
        ...seriesOf('steps', app),
        source: { device: '', app, deviceClass: app === 'Phone' ? 'phone' : 'watch' },
      },
      [
        rowOf(t0 + 10 * hour, value, { durationMs: hour }),
        ...(app === 'Phone' ? [rowOf(t0 + 12 * hour, 50, { durationMs: hour })] : []),
      ],
    )

  it('are combined by priority, lazily anew when the person sets another, and explained', async () => {
    const { vault, path } = await newTestVault()
    vault.write({ ...emptyChange, label: 'x', blocks: [steps('Watch', 1000), steps('Phone', 900)] })
    const sum = () => vault.resolvedDays('steps').components[0]?.sum[0]
    expect(sum()).toBe(1050)
    vault.setSettings({ priority: ['Phone'] })
    expect(vault.settings()).toEqual({ dayStartMin: 0, priority: ['Phone'] })
    expect(sum()).toBe(950)
    const { explained } = vault.explainDay('steps', t0 / dayMs)
    expect(explained.map(({ reason }) => reason).sort()).toEqual(['covered', 'kept', 'kept'])
    vault.close()
    const again = openTestVault(path).vault
    expect(again.resolvedDays('steps', t0 / dayMs, t0 / dayMs).components[0]?.sum[0]).toBe(950)
    expect(again.resolvedDays('steps', t0 / dayMs + 1).components[0]?.length).toBe(0)
    again.close()
  })
})

describe('queries', () => {
  it('clip to the period, by source, across segments', async () => {
    const { vault } = await newTestVault()
    const rows = Array.from({ length: 40_000 }, (_, i) => rowOf(t0 + i * 1000, i % 100))
    for (const from of [20_000, 0, 10_000, 30_000]) {
      vault.write({
        ...emptyChange,
        label: 'x',
        blocks: [blockOf(seriesOf('heart_rate', 'Watch'), rows.slice(from, from + 10_000))],
      })
    }
    vault.write({
      ...emptyChange,
      label: 'x',
      blocks: [blockOf(seriesOf('heart_rate', 'Ring'), rows.slice(5, 6))],
    })
    const period = { fromMs: t0 + 9_999_000, toMs: t0 + 30_001_000 }
    const sources = ({ app }: { app: string }) => app === 'Watch'
    const [part] = vault.read({ metric: 'heart_rate', period, sources })
    expect(part?.columns.length).toBe(20_002)
    expect(Array.from(part?.columns.values[0]?.slice(0, 3) ?? [])).toEqual([99, 0, 1])
    let scanned = 0
    vault.scan({ period }, ({ columns }) => {
      scanned += columns.length
    })
    expect(scanned).toBe(20_002)
    expect(vault.latest({ period }, 2).map(({ startMs }) => startMs)).toEqual([
      t0 + 30_000_000,
      t0 + 29_999_000,
    ])
    expect(vault.latest({ period: { fromMs: 0, toMs: t0 + 1 } }, 2)).toHaveLength(1)
    expect(vault.series('heart_rate').map(({ count }) => count)).toEqual([40_000, 1])
    expect(vault.find('heart_rate.0.0000000000')).toBeUndefined()
    expect(vault.find('nonsense')).toBeUndefined()
    expect(vault.resolvedDays('body_fat').components.map(({ length }) => length)).toEqual([0])
    vault.close()
  })

  it('show what people wrote to records', async () => {
    const { vault } = await newTestVault()
    vault.write(entryOf('blood_pressure', t0, [128, 82], { extra: { tags: ['clinic'] } }))
    vault.write(entryOf('weight', t0, 80))
    expect([...vault.annotated()].map(({ extra }) => extra.tags)).toEqual([['clinic']])
    expect(vault.resolvedDays('blood_pressure').components.map(({ last }) => last[0])).toEqual([128, 82])
    vault.close()
  })

  it('refuse a unit that does not belong to the metric, and other components than the series has', async () => {
    const { vault } = await newTestVault()
    const bad = blockOf(seriesOf('weight', 'manual', 'm'), [rowOf(t0, 1)])
    expect(() => vault.write({ ...emptyChange, label: 'x', blocks: [bad] })).toThrow()
    vault.write(entryOf('blood_pressure', t0, [128, 82]))
    expect(() => vault.write(entryOf('blood_pressure', t0 + 1, 128))).toThrow(/components/)
    expect(vault.info().observations).toBe(1)
    vault.close()
  })

  it('keep a metric that this catalogue does not know', async () => {
    const { vault } = await newTestVault()
    vault.write({
      ...emptyChange,
      label: 'x',
      blocks: [blockOf(seriesOf('aura_index', 'X', '{aura}'), [rowOf(t0, 4)])],
    })
    expect(vault.latest({ metric: 'aura_index' }, 1)).toMatchObject([{ values: [4], unit: '{aura}' }])
    expect(vault.resolvedDays('aura_index')).toMatchObject({ unit: '{aura}' })
    vault.close()
  })
})

describe('unusual series', () => {
  it('keep equal starts in one segment, however many, and cut large ones', async () => {
    const { vault } = await newTestVault()
    const series = seriesOf('heart_rate', 'Watch')
    const equal = Array.from({ length: 18_000 }, (_, i) => rowOf(t0, i))
    const wide = Array.from({ length: 16_000 }, (_, i) => rowOf(t0 + 1 + i * i, Math.sin(i) * 1e-9 + i))
    for (const rows of [equal, wide, [...wide, ...equal]]) {
      vault.write({ ...emptyChange, label: 'x', blocks: [blockOf(series, rows)] })
    }
    expect(vault.series()[0]?.count).toBe(34_000)
    const digest = vault.digest()
    expect(vault.compact().prunedBatches).toBeGreaterThan(0)
    vault.rebuild()
    expect(vault.digest()).toBe(digest)
    expect(vault.scrub().damages).toEqual([])
    vault.close()
  })

  it('keep what a newer version logged through a compaction (T26)', async () => {
    const { vault, sqlite, path, anchor, clock } = await newTestVault()
    vault.write(entryOf('weight', t0, 80))
    const file = { path, sqlite, vaultId: testKeyring().vaultId, close() {} }
    const store = new Store(file, testKeyring(), anchor, { clock, random: testRandom })
    const item = { kind: 'unknown', tag: 77, body: new Uint8Array([1, 2, 3]), device: store.device } as const
    store.write(() => {
      const chain = new ChainWriter(store)
      chain.add('vitals', item)
      store.noteHeads(chain.finish())
    })
    vault.compact()
    const kept = [...logItems(store, 'vitals')]
      .flatMap(({ items }) => items)
      .filter(({ kind }) => kind === 'unknown')
    expect(kept.map((one) => (one.kind === 'unknown' ? [one.tag, [...one.body]] : []))).toEqual([
      [77, [1, 2, 3]],
    ])
    expect(vault.scrub().damages).toEqual([])
    vault.close()
  })
})

describe('raw records and attachments', () => {
  it('are kept once, and live while any import asserts them', async () => {
    const { vault, path } = await newTestVault()
    const raw = Array.from({ length: 3000 }, (_, i) => ({
      type: 'T',
      where: `f:${i}`,
      startMs: i,
      text: `text ${i} ${'x'.repeat(90)}`,
    }))
    vault.importSink('a').write({
      ...emptyChunk,
      raw,
      operations: [{ kind: 'entity', type: 'import', id: 'a', field: 'format', value: 'x' }],
    })
    vault.importSink('b').write({
      ...emptyChunk,
      raw: raw.map((record) => ({ ...record, where: 'other' })),
      operations: [{ kind: 'entity', type: 'import', id: 'b', field: 'format', value: 'x' }],
    })
    const bytes = new Uint8Array(2_200_000).map((_, i) => i % 251)
    vault.write({
      ...emptyChange,
      label: 'attach',
      attachments: [{ id: 'att', name: 'scan.pdf', mediaType: 'application/pdf', bytes }],
    })
    vault.close()
    const again = openTestVault(path).vault
    const count = () => {
      let seen = 0
      again.rawRecords(() => {
        seen++
      })
      return seen
    }
    expect(count()).toBe(3000)
    expect(again.info().tables.find(({ name }) => name === 'raw')?.rows).toBeGreaterThan(2)
    const attachment = again.attachment('att')
    expect(attachment).toMatchObject({ name: 'scan.pdf', mediaType: 'application/pdf' })
    expect(Buffer.compare(attachment?.bytes ?? bytes.subarray(1), bytes)).toBe(0)
    expect(again.attachment('none')).toBeUndefined()
    again.compact()
    expect(again.attachment('att')?.bytes.length).toBe(bytes.length)
    again.undoLast()
    expect(again.attachment('att')).toBeUndefined()
    again.withdrawImport('a')
    expect(count()).toBe(3000)
    again.withdrawImport('b')
    expect(count()).toBe(0)
    expect(again.scrub().damages).toEqual([])
    again.close()
  })

  it('refuses an operation that no batch can hold', async () => {
    const { vault } = await newTestVault()
    const operations: Operation[] = [
      { kind: 'entity', type: 'note', id: 'n', field: 'text', value: 'x'.repeat(300_000) },
    ]
    expect(() => vault.write({ ...emptyChange, label: 'note', operations })).toThrow(/too large/)
    expect(vault.entities('note')).toEqual([])
    vault.close()
  })
})

describe('the clock of the machine (T15)', () => {
  it('may jump ten years either way: writes are kept, later edits win, times of records stay', async () => {
    const clock = new TestClock()
    const { vault } = await newTestVault({ clock })
    const set = (value: number): void => {
      vault.write({
        ...emptyChange,
        label: 'goal',
        operations: [{ kind: 'entity', type: 'goal', id: 'g', field: 'target', value }],
      })
    }
    for (const [year, value] of [
      [2026, 1],
      [2036, 2],
      [2016, 3],
      [2026, 4],
    ] as const) {
      clock.ms = Date.UTC(year, 0, 1)
      set(value)
      expect(vault.entity('goal', 'g')?.fields['target']).toBe(value)
    }
    vault.write(entryOf('weight', t0, 80))
    expect(vault.latest({}, 1)[0]?.startMs).toBe(t0)
    const digest = vault.digest()
    vault.rebuild()
    expect(vault.digest()).toBe(digest)
    vault.close()
  })
})

describe('the inbox', () => {
  it('does not let an unauthenticated entry consent, accept itself or change settings', async () => {
    const { vault, sqlite } = await newTestVault()
    const attempts: Operation[] = [
      { kind: 'entity', type: 'consent', id: 'c', field: 'granted', value: true },
      { kind: 'entity', type: 'setting', id: 's', field: 'x', value: 1 },
      { kind: 'entity', type: 'import', id: 'i', field: 'accepted', value: true },
    ]
    for (const operation of attempts)
      putIntoInbox(sqlite, encodeChange({ ...emptyChange, label: 'x', operations: [operation] }))
    expect(await vault.drainInbox()).toMatchObject({ entries: 0, damaged: 3 })
    expect(vault.inboxItems().map(({ reason }) => reason)).toEqual(
      Array(3).fill('it asks for what the inbox may not change'),
    )
    expect(vault.rejectInbox()).toBe(3)
    expect(vault.inboxItems()).toEqual([])
    vault.close()
  })
})
