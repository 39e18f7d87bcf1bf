/**
 * The laws that hold for every import format, on a real vault: importing again adds nothing, two overlapping exports
 * are the whole one, undoing leaves no trace, undoing one of two keeps what the other asserts.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { type ImportReport, importers, runImport } from '../../src/importers/index.ts'
import { emptyChange } from '../../src/records/index.ts'
import { inputOf, memberOf, settled } from '../unit/importers/harness.ts'
import type { LawFixture } from '../unit/importers/law-fixture.ts'
import { newTestVault, removeTestVaults, type TestVault } from '../unit/vault/engine/test-vault.ts'

const runs = process.env['HEALTHMATE_TEST_LONG'] === '1' ? 25 : 2

afterEach(removeTestVaults)

async function fixtureOf(name: string): Promise<LawFixture | undefined> {
  const path = join(import.meta.dirname, '../unit/importers', name, 'fixture.ts')
  return existsSync(path) ? ((await import(path)) as { laws?: LawFixture }).laws : undefined
}

const fixtures = new Map<string, LawFixture | undefined>()
for (const { name } of importers) fixtures.set(name, await fixtureOf(name))

let imports = 0

/** Imports the units [from, to) by recognition; returns the import's id and report. */
async function bring({ vault }: TestVault, fixture: LawFixture, from: number, to: number) {
  const importId = `import${++imports}`
  const sink = vault.importSink(importId)
  const operation = {
    kind: 'entity',
    type: 'import',
    id: importId,
    field: 'format',
    value: fixture.importer,
  } as const
  sink.write({ ...emptyChange, operations: [operation], consumed: 0 })
  const members = Object.entries(fixture.files(from, to)).map(([name, content]) =>
    memberOf(name, [Buffer.from(content)]),
  )
  const options = { importId, zone: 'Europe/Berlin', ...fixture.options }
  const report = await runImport({ input: inputOf(...members), importer: 'auto', sink, options })
  expect(settled(report)).toBe(report.read)
  expect(report.format).toBe(fixture.importer)
  return { importId, report }
}

async function digestOf(fixture: LawFixture, from: number, to: number): Promise<string> {
  const vault = await newTestVault()
  await bring(vault, fixture, from, to)
  return vault.vault.digest()
}

/** What a report says became records: it must be more than nothing, or the laws say nothing. */
const taken = ({ imported, unmapped, kept }: ImportReport) =>
  imported + [...Object.values(unmapped), ...Object.values(kept)].reduce((sum, count) => sum + count, 0)

describe.each([...fixtures])('%s', (name, fixture) => {
  it('has a fixture (CONTRIBUTING.md, Add an import adapter)', () => {
    expect(fixture?.importer).toBe(name)
    expect(fixture?.size).toBeGreaterThanOrEqual(3)
  })
  if (fixture === undefined) return

  const { size } = fixture
  /** Two overlapping parts that together are the whole. */
  const cuts = fc
    .tuple(fc.integer({ min: 1, max: size - 1 }), fc.integer({ min: 1, max: size - 1 }))
    .map(([a, b]) => ({ start: Math.min(a, b), end: Math.min(size, Math.max(a, b) + 1) }))
  const holds = (law: (cut: { readonly start: number; readonly end: number }) => Promise<void>) =>
    fc.assert(fc.asyncProperty(cuts, law), { numRuns: runs })

  it('imported twice is as imported once', async () => {
    const vault = await newTestVault()
    const first = await bring(vault, fixture, 0, size)
    expect(taken(first.report)).toBeGreaterThan(0)
    const digest = vault.vault.digest()
    const second = await bring(vault, fixture, 0, size)
    expect(vault.vault.digest()).toBe(digest)
    expect(second.report).toMatchObject({ imported: 0, read: first.report.read, entities: {}, byMetric: {} })
    expect(second.report.duplicates).toBe(first.report.imported + first.report.duplicates)
  })

  it('in two overlapping parts is the whole, whichever comes first', async () => {
    const whole = await digestOf(fixture, 0, size)
    await holds(async ({ start, end }) => {
      const vault = await newTestVault()
      await bring(vault, fixture, 0, end)
      await bring(vault, fixture, start, size)
      expect(vault.vault.digest()).toBe(whole)
      const reversed = await newTestVault()
      await bring(reversed, fixture, start, size)
      await bring(reversed, fixture, 0, end)
      expect(reversed.vault.digest()).toBe(whole)
    })
  })

  it('undone leaves what was there before, and another of two keeps what it asserts', async () => {
    await holds(async ({ start, end }) => {
      const vault = await newTestVault()
      const empty = vault.vault.digest()
      const first = await bring(vault, fixture, 0, end)
      const alone = vault.vault.digest()
      const second = await bring(vault, fixture, start, size)
      const both = vault.vault.digest()
      vault.vault.withdrawImport(second.importId)
      expect(vault.vault.digest()).toBe(alone)
      vault.vault.reassertImport(second.importId)
      expect(vault.vault.digest()).toBe(both)
      vault.vault.withdrawImport(first.importId)
      expect(vault.vault.digest()).toBe(await digestOf(fixture, start, size))
      vault.vault.withdrawImport(second.importId)
      expect(vault.vault.digest()).toBe(empty)
      await bring(vault, fixture, 0, size)
      expect(vault.vault.digest()).toBe(both)
    })
  })
})
