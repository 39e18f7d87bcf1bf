import { afterEach, describe, expect, it } from 'vitest'
import { emptyChange } from '../../../../src/records/index.ts'
import { blockOf, newTestVault, openTestVault, removeTestVaults, rowOf, seriesOf } from './test-vault.ts'

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
