import { afterEach, describe, expect, it } from 'vitest'
import { type DailyRollup, emptyChange } from '../../../../src/records/index.ts'
import { Directories, metricEntry } from '../../../../src/vault/engine/directory.ts'
import { collectionOfSeries } from '../../../../src/vault/engine/engine.ts'
import { Store } from '../../../../src/vault/engine/store.ts'
import type { RecordVault } from '../../../../src/vault/engine/vault.ts'
import {
  blockOf,
  emptyVaultFile,
  newTestVault,
  openTestVault,
  removeTestVaults,
  rowOf,
  seriesOf,
  testKeyring,
  testRandom,
} from './test-vault.ts'

afterEach(removeTestVaults)

const dayMs = 86_400_000
const t0 = Date.UTC(2026, 2, 1)
const hour = 3_600_000

const steps = (app: string, day: number, count: number) =>
  blockOf(seriesOf('steps', app), [rowOf(t0 + day * dayMs + 9 * hour, count, { durationMs: hour })])

describe('daily values of a metric with one series', () => {
  it('are that series own, and are resolved from the first row of another on', async () => {
    const { vault, sqlite, path } = await newTestVault()
    const stored = () => sqlite.prepare('SELECT count(*) FROM resolved').pluck().get()
    const sums = (from = vault) => [...(from.resolvedDays('steps').components[0]?.sum ?? [])]
    vault.write({ ...emptyChange, label: 'x', blocks: [steps('Watch', 0, 100), steps('Watch', 1, 200)] })
    expect(sums()).toEqual([100, 200])
    expect(stored()).toBe(0)
    vault.write({ ...emptyChange, label: 'x', blocks: [steps('Watch', 2, 300)] })
    expect(sums()).toEqual([100, 200, 300])
    vault.write({ ...emptyChange, label: 'x', blocks: [steps('Phone', 1, 250), steps('Phone', 3, 40)] })
    vault.setSettings({ priority: ['Phone'] })
    expect(sums()).toEqual([100, 250, 300, 40])
    expect(stored()).toBe(1)
    vault.close()
    const again = openTestVault(path).vault
    expect(sums(again)).toEqual([100, 250, 300, 40])
    again.close()
  })
})

describe('totals that a maker gives for calendar days', () => {
  const total = (app: string, day: number, count: number) =>
    blockOf(seriesOf('steps', app), [rowOf(t0 + day * dayMs, count, { durationMs: dayMs })])
  const valuesOf = (vault: RecordVault) => {
    const { day, sum } = vault.resolvedDays('steps').components[0] as DailyRollup
    return [...day].map((one, row) => [one - t0 / dayMs, sum[row]])
  }

  it('stay whole whatever the day start, and a rebuild finds them so', async () => {
    const { vault } = await newTestVault()
    const blocks = [total('Ring', 0, 1000), total('Ring', 1, 2000), total('Ring', 2, 3000)]
    vault.write({ ...emptyChange, label: 'x', blocks })
    for (const dayStartMin of [0, 240, 720]) {
      vault.setSettings({ dayStartMin })
      vault.settle()
      expect(valuesOf(vault)).toEqual([
        [0, 1000],
        [1, 2000],
        [2, 3000],
      ])
    }
    const before = valuesOf(vault)
    vault.rebuild()
    expect(valuesOf(vault)).toEqual(before)
    vault.close()
  })

  it('are the same beside a source that counts by hours, whichever came first', async () => {
    const night = blockOf(seriesOf('steps', 'Watch'), [
      rowOf(t0 + dayMs + 2 * hour, 50, { durationMs: hour }),
    ])
    const orders = [
      [[total('Scale', 1, 2400)], [night]],
      [[night], [total('Scale', 1, 2400)]],
    ]
    const results = []
    for (const order of orders) {
      const { vault } = await newTestVault()
      vault.setSettings({ dayStartMin: 240, priority: ['Watch'] })
      for (const blocks of order) {
        vault.write({ ...emptyChange, label: 'x', blocks })
        vault.settle()
      }
      results.push(valuesOf(vault))
      vault.rebuild()
      expect(valuesOf(vault)).toEqual(results.at(-1))
      vault.close()
    }
    // 02:00 is still the night before; the total keeps what the other source did not count.
    expect(results[0]).toEqual([
      [0, 50],
      [1, 2300],
    ])
    expect(results[1]).toEqual(results[0])
  })

  it('are worked out anew where an earlier version of the rule made them', async () => {
    const path = await emptyVaultFile()
    const { vault, sqlite, anchor, clock } = openTestVault(path)
    vault.write({ ...emptyChange, label: 'x', blocks: [total('Ring', 0, 1000)] })
    vault.settle()
    const file = { path, sqlite, vaultId: testKeyring().vaultId, close: () => {} }
    const store = new Store(file, testKeyring(), anchor, { clock, random: testRandom })
    const directories = new Directories(store)
    const directory = directories.of(collectionOfSeries({ metric: 'steps' }))
    for (const series of directory.series.values()) series.rollups.clear()
    metricEntry(directory, 'steps').stamp = JSON.stringify([1, 0, 'alone'])
    store.write(() => directories.save(directory))
    vault.close()
    const again = openTestVault(path, { anchor }).vault
    expect(valuesOf(again)).toEqual([[0, 1000]])
    again.close()
  })
})
