/** Versions of one result: whatever the order of imports and undos, the highest live one is seen. */
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import {
  assertionOperations,
  emptyChange,
  type Operation,
  retractionEntity,
  versionText,
} from '../../../../src/records/index.ts'
import {
  blockOf,
  newTestVault,
  removeTestVaults,
  rowOf,
  rowsOf,
  seriesOf,
  type TestVault,
} from './test-vault.ts'

afterEach(removeTestVaults)

const at = Date.UTC(2026, 2, 1, 8)
const runs = process.env['HEALTHMATE_TEST_LONG'] === '1' ? 300 : 20

/** One version of one result: a value in a unit, or `null` where the source withdrew the result. */
interface Version {
  readonly result: string
  readonly number: number
  readonly value: number | null
  readonly unit?: string
}

function textOf({ number, value }: Version): string {
  return (
    versionText(at + number * 1000, String(number), value === null ? 'entered-in-error' : 'corrected') ?? ''
  )
}

function bring({ vault }: TestVault, importId: string, versions: readonly Version[]): void {
  const named = { kind: 'entity', type: 'import', id: importId, field: 'format', value: 'fhir' } as const
  const operations: Operation[] = [named]
  for (const version of versions) {
    if (version.value !== null) continue
    const retraction = { metric: 'glucose', startMs: at, status: 'entered-in-error' }
    const entity = retractionEntity({ ...retraction, result: version.result, version: textOf(version) })
    operations.push(...assertionOperations({ type: 'retraction', importId, isRecord: false, ...entity }))
  }
  const blocks = versions.flatMap((version) => {
    if (version.value === null) return []
    const meta = { order: version.result, orderVersion: textOf(version) }
    const row = rowOf(at, version.value, { extra: { meta } })
    return [blockOf(seriesOf('glucose', 'Clinical records', version.unit), [row])]
  })
  vault.importSink(importId).write({ ...emptyChange, operations, blocks, consumed: 1 })
}

/** Values in mmol/L. */
function seen({ vault }: TestVault): number[] {
  return rowsOf(vault, 'glucose')
    .map(({ values }) => Math.round((values[0] as number) * 10) / 10)
    .sort((a, b) => a - b)
}

const first: Version = { result: 'order 1', number: 1, value: 5 }
const second: Version = { result: 'order 1', number: 2, value: 6 }

describe('a corrected result', () => {
  it('replaces the earlier one, which explain still tells, and undo restores it', async () => {
    const vault = await newTestVault()
    bring(vault, 'a', [first])
    bring(vault, 'b', [second])
    expect(seen(vault)).toEqual([6])
    const day = Math.floor(at / 86_400_000)
    expect(vault.vault.explainDay('glucose', day).explained).toMatchObject([
      { values: [6], reason: 'kept' },
      { values: [5], reason: 'superseded', share: 0 },
    ])
    expect([...(vault.vault.resolvedDays('glucose').components[0]?.count ?? [])]).toEqual([1])
    vault.vault.withdrawImport('b')
    expect(seen(vault)).toEqual([5])
    vault.vault.reassertImport('b')
    expect(seen(vault)).toEqual([6])
  })

  it('stays when an older version arrives later, and the older one comes back when it is undone', async () => {
    const vault = await newTestVault()
    bring(vault, 'b', [second])
    bring(vault, 'a', [first])
    expect(seen(vault)).toEqual([6])
    vault.vault.withdrawImport('b')
    expect(seen(vault)).toEqual([5])
  })

  it('replaces one that was given in another unit', async () => {
    const vault = await newTestVault()
    bring(vault, 'a', [{ ...first, value: 180, unit: 'mg/dL' }])
    expect(seen(vault)).toEqual([10])
    bring(vault, 'b', [second])
    expect(seen(vault)).toEqual([6])
  })

  it('leaves other results of the same time alone, and results that name no order', async () => {
    const vault = await newTestVault()
    bring(vault, 'a', [first, { ...first, result: 'order 2', value: 7 }])
    bring(vault, 'b', [second])
    const plain = blockOf(seriesOf('glucose', 'Clinical records'), [rowOf(at, 8)])
    vault.vault.write({ ...emptyChange, label: 'log glucose', blocks: [plain] })
    expect(seen(vault)).toEqual([6, 7, 8])
  })

  it('leaves two values of one version side by side: neither is the later', async () => {
    const vault = await newTestVault()
    bring(vault, 'a', [first, { ...first, value: 9 }])
    expect(seen(vault)).toEqual([5, 9])
  })
})

describe('a withdrawn result', () => {
  const withdrawn: Version = { result: 'order 1', number: 3, value: null }

  it('goes, whichever comes first, and undo brings it back', async () => {
    for (const order of [
      ['a', 'c'],
      ['c', 'a'],
    ]) {
      const vault = await newTestVault()
      for (const id of order) bring(vault, id, [id === 'a' ? first : withdrawn])
      expect(seen(vault)).toEqual([])
      vault.vault.withdrawImport('c')
      expect(seen(vault)).toEqual([5])
    }
  })

  it('is there again with a later version', async () => {
    const vault = await newTestVault()
    bring(vault, 'a', [first, withdrawn])
    bring(vault, 'd', [{ ...second, number: 4 }])
    expect(seen(vault)).toEqual([6])
  })
})

describe('any history of imports and undos of versions', () => {
  const version = fc.record({
    result: fc.constantFrom('order 1', 'order 2'),
    number: fc.integer({ min: 1, max: 5 }),
  })
  /** The same number always says the same: versions do not change. */
  const contentOf = ({ result, number }: { result: string; number: number }): Version => ({
    result,
    number,
    value: number === 4 ? null : number + (result === 'order 1' ? 0 : 10),
  })
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('import' as const),
      versions: fc.array(version, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('toggle' as const), which: fc.nat() }),
  )

  it('shows the highest live version of each, as if only the live imports had ever been', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const vault = await newTestVault()
        const imports: { id: string; versions: Version[]; isLive: boolean }[] = []
        for (const one of steps) {
          if (one.kind === 'import') {
            const made = { id: `i${imports.length}`, versions: one.versions.map(contentOf), isLive: true }
            imports.push(made)
            bring(vault, made.id, made.versions)
            continue
          }
          const chosen = imports[one.which % Math.max(1, imports.length)]
          if (chosen === undefined) continue
          if (chosen.isLive) vault.vault.withdrawImport(chosen.id)
          else vault.vault.reassertImport(chosen.id)
          chosen.isLive = !chosen.isLive
        }
        const live = imports.filter(({ isLive }) => isLive)
        const expected = ['order 1', 'order 2'].flatMap((result) => {
          const versions = live.flatMap((one) => one.versions).filter((one) => one.result === result)
          const highest = versions.reduce<Version | undefined>(
            (high, one) => (high === undefined || one.number > high.number ? one : high),
            undefined,
          )
          return highest?.value == null ? [] : [highest.value]
        })
        expect(seen(vault)).toEqual(expected)
        const fresh = await newTestVault()
        for (const { id, versions } of live) bring(fresh, id, versions)
        const digest = vault.vault.digest()
        expect(digest).toBe(fresh.vault.digest())
        vault.vault.rebuild()
        expect(vault.vault.digest()).toBe(digest)
      }),
      { numRuns: runs },
    )
  })
})
