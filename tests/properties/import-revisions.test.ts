/**
 * Two exports that say different things about one day or record, on a real vault: the later counts alone whichever is
 * imported first, `explain` tells the earlier, and undoing either leaves what the other says.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { dayMs } from '../../src/foundation/index.ts'
import { importers, runImport } from '../../src/importers/index.ts'
import { emptyChange } from '../../src/records/index.ts'
import { inputOf, memberOf, settled } from '../unit/importers/harness.ts'
import type { RevisionFixture } from '../unit/importers/revision-fixture.ts'
import { newTestVault, removeTestVaults, type TestVault } from '../unit/vault/engine/test-vault.ts'

afterEach(removeTestVaults)

async function revisionsOf(name: string): Promise<readonly RevisionFixture[]> {
  const path = join(import.meta.dirname, '../unit/importers', name, 'fixture.ts')
  if (!existsSync(path)) return []
  return ((await import(path)) as { revisions?: readonly RevisionFixture[] }).revisions ?? []
}

const fixtures = (await Promise.all(importers.map(({ name }) => revisionsOf(name)))).flat()

type Which = 'earlier' | 'later'

async function bring({ vault }: TestVault, fixture: RevisionFixture, which: Which): Promise<void> {
  const members = Object.entries(fixture[which]).map(([name, content]) =>
    memberOf(name, [Buffer.from(content)]),
  )
  const options = { importId: which, zone: 'Europe/Berlin', ...fixture.options }
  const sink = vault.importSink(which)
  const format = {
    kind: 'entity',
    type: 'import',
    id: which,
    field: 'format',
    value: fixture.importer,
  } as const
  sink.write({ ...emptyChange, operations: [format], consumed: 0 })
  const report = await runImport({ input: inputOf(...members), importer: fixture.importer, sink, options })
  expect(settled(report)).toBe(report.read)
  expect(report.refusals).toEqual([])
}

function expectSeen({ vault }: TestVault, { seen }: RevisionFixture, which: Which): void {
  for (const [metric, values] of Object.entries(seen)) {
    const rows = [...vault.latest({ metric }, 100)].sort((a, b) => a.startMs - b.startMs)
    expect({
      metric,
      values: rows.map(({ values: [value = 0] }) => Math.round(value * 1000) / 1000),
    }).toEqual({
      metric,
      values: values[which],
    })
  }
}

/** Days that hold rows of a metric which are not seen because a later version is there. */
function supersededDays({ vault }: TestVault, metric: string, around: readonly number[]): number[] {
  return around.filter((day) =>
    vault.explainDay(metric, day).explained.some(({ reason }) => reason === 'superseded'),
  )
}

describe.each(fixtures)('$importer: $title', (fixture) => {
  const orders: readonly (readonly [Which, Which])[] = [
    ['earlier', 'later'],
    ['later', 'earlier'],
  ]

  it.each(orders)('%s, then %s: what the later says is seen alone, and undo restores', async (...order) => {
    const vault = await newTestVault()
    for (const which of order) {
      await bring(vault, fixture, which)
      if (which === order[0]) expectSeen(vault, fixture, which)
    }
    expectSeen(vault, fixture, 'later')
    const both = vault.vault.digest()
    for (const metric of Object.keys(fixture.seen)) {
      const [first] = vault.vault.latest({ metric }, 1)
      const day = Math.floor(((first?.startMs ?? 0) + (first?.offsetMin ?? 0) * 60_000) / dayMs)
      expect(supersededDays(vault, metric, [day - 1, day, day + 1]).length).toBeGreaterThan(0)
    }
    for (const [undone, left] of [order, [order[1], order[0]] as const]) {
      vault.vault.withdrawImport(undone)
      expectSeen(vault, fixture, left)
      vault.vault.reassertImport(undone)
      expect(vault.vault.digest()).toBe(both)
    }
  })
})
