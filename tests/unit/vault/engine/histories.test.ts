/** Laws that hold after any history: rebuild, compaction, undo, order of imports. */
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import {
  emptyChange,
  type ObservationOperation,
  type Operation,
  observationFlag,
} from '../../../../src/records/index.ts'
import type { RecordVault } from '../../../../src/vault/engine/vault.ts'
import { blockOf, newTestVault, removeTestVaults, rowOf, rowsOf, seriesOf } from './test-vault.ts'

afterEach(removeTestVaults)

const t0 = Date.UTC(2026, 2, 1)

type Step =
  | { readonly kind: 'log'; readonly at: number; readonly value: number }
  | {
      readonly kind: 'import'
      readonly id: number
      readonly from: number
      readonly count: number
      readonly shift: number
    }
  | {
      readonly kind: 'edit'
      readonly pick: number
      readonly field: ObservationOperation['field']
      readonly value: number
    }
  | { readonly kind: 'entity'; readonly id: number; readonly field: string; readonly value: number }
  | { readonly kind: 'withdraw'; readonly id: number }
  | { readonly kind: 'reassert'; readonly id: number }
  | { readonly kind: 'undo' }

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('log' as const), at: fc.nat(20), value: fc.integer({ min: 50, max: 60 }) }),
    fc.record({
      kind: fc.constant('import' as const),
      id: fc.nat(2),
      from: fc.nat(15),
      count: fc.nat(12),
      shift: fc.nat(1),
    }),
    fc.record({
      kind: fc.constant('edit' as const),
      pick: fc.nat(30),
      field: fc.constantFrom(
        'removed' as const,
        'values' as const,
        'time' as const,
        'note' as const,
        'tags' as const,
        'context' as const,
      ),
      value: fc.nat(5),
    }),
    fc.record({
      kind: fc.constant('entity' as const),
      id: fc.nat(2),
      field: fc.constantFrom('name', 'deleted', 'tags'),
      value: fc.nat(3),
    }),
    fc.record({ kind: fc.constant('withdraw' as const), id: fc.nat(2) }),
    fc.record({ kind: fc.constant('reassert' as const), id: fc.nat(2) }),
    fc.constant({ kind: 'undo' as const }),
  ),
  { minLength: 1, maxLength: 14 },
)

function run(vault: RecordVault, step: Step): void {
  switch (step.kind) {
    case 'log': {
      const row = rowOf(t0 + step.at * 60_000, step.value, {
        flags: observationFlag.manual,
        extra: { key: `k${step.at}-${step.value}`, note: 'n' },
      })
      vault.write({ ...emptyChange, label: 'log', blocks: [blockOf(seriesOf('weight'), [row])] })
      return
    }
    case 'import':
      vault.importSink(`i${step.id}`).write(importChunk(step))
      return
    case 'edit': {
      const all = vault.latest({}, 100)
      const chosen = all[step.pick % Math.max(1, all.length)]
      if (chosen === undefined) return
      const ref = vault.locate(chosen.id)?.ref
      if (ref === undefined) throw new Error(`cannot locate ${chosen.id}`)
      const operation = {
        kind: 'observation',
        ref,
        field: step.field,
        value: editValue(step),
      } as ObservationOperation
      vault.write({ ...emptyChange, label: 'edit', operations: [operation] })
      return
    }
    case 'entity': {
      const base = { type: 'goal', id: `g${step.id}`, field: step.field } as const
      const operation: Operation =
        step.field === 'tags'
          ? { kind: 'set', ...base, element: String(step.value), present: step.value % 2 === 0 }
          : { kind: 'entity', ...base, value: step.field === 'deleted' ? step.value > 1 : step.value }
      vault.write({ ...emptyChange, label: 'entity', operations: [operation] })
      return
    }
    case 'withdraw':
      attempt(() => vault.withdrawImport(`i${step.id}`))
      return
    case 'reassert':
      attempt(() => vault.reassertImport(`i${step.id}`))
      return
    case 'undo':
      attempt(() => vault.undoLast())
  }
}

function importChunk(step: { id: number; from: number; count: number; shift: number }) {
  const rows = Array.from({ length: step.count }, (_, i) =>
    rowOf(t0 + (step.from + i) * 1000, 60 + ((step.from + i + step.shift) % 3)),
  )
  const operations = [
    { kind: 'entity', type: 'import', id: `i${step.id}`, field: 'consumed', value: step.count },
  ] as const
  return {
    blocks: [blockOf(seriesOf('heart_rate', 'Watch'), rows)],
    raw: [],
    attachments: [],
    operations,
    consumed: step.count,
  }
}

function editValue(step: { field: string; value: number }) {
  switch (step.field) {
    case 'removed':
      return step.value < 4
    case 'values':
      return step.value === 0 ? null : [70 + step.value]
    case 'time':
      return step.value === 0 ? null : [t0 + step.value * 7777, 0, 0]
    case 'tags':
      return step.value === 0 ? [] : [`t${step.value}`]
    default:
      return step.value === 0 ? null : `text ${step.value}`
  }
}

/** Some steps have nothing to do; only that is accepted. */
function attempt(work: () => unknown): void {
  try {
    work()
  } catch (failure) {
    if (!/nothing to undo|no import|undone already/.test(String(failure))) throw failure
  }
}

describe('after any history', () => {
  it('a rebuild, a compaction and a rebuild of it leave the same state, and nothing is damaged', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const { vault } = await newTestVault()
        for (const step of history) run(vault, step)
        const digest = vault.digest()
        const rows = rowsOf(vault)
        vault.rebuild()
        expect(rowsOf(vault)).toEqual(rows)
        expect(vault.digest()).toBe(digest)
        vault.compact()
        expect(vault.digest()).toBe(digest)
        vault.rebuild()
        expect(rowsOf(vault)).toEqual(rows)
        expect(vault.digest()).toBe(digest)
        expect(vault.compact().prunedBatches).toBe(0)
        expect(vault.scrub().damages).toEqual([])
        expect(vault.check().damages).toEqual([])
        vault.close()
        removeTestVaults()
      }),
      { numRuns: 60 },
    )
  })

  it('undoing the last change gives the state before it', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const { vault } = await newTestVault()
        for (const step of history.slice(0, -1)) run(vault, step)
        const last = history.at(-1) as Step
        const before = vault.digest()
        const isChange = last.kind === 'log' || last.kind === 'edit' || last.kind === 'entity'
        const changes = vault.entities('change').length
        run(vault, last)
        if (isChange && vault.entities('change').length > changes) {
          vault.undoLast()
          expect(vault.digest()).toBe(before)
        }
        vault.close()
        removeTestVaults()
      }),
      { numRuns: 60 },
    )
  })

  it('daily values kept are those computed from the rows', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const { vault } = await newTestVault()
        for (const step of history) {
          run(vault, step)
          vault.resolvedDays('weight')
        }
        const [fromRows] = [...vault.dailyFromRows('weight').values()]
        const kept = vault.resolvedDays('weight').components[0]
        expect(Array.from(kept?.day ?? [])).toEqual(Array.from(fromRows?.[0]?.day ?? []))
        expect(Array.from(kept?.sum ?? [])).toEqual(Array.from(fromRows?.[0]?.sum ?? []))
        vault.close()
        removeTestVaults()
      }),
      { numRuns: 30 },
    )
  })

  it('imports in any order and split give one state', async () => {
    const imports = fc.array(
      fc.record({ id: fc.nat(2), from: fc.nat(15), count: fc.nat(12), shift: fc.nat(1) }),
      { minLength: 2, maxLength: 6 },
    )
    await fc.assert(
      fc.asyncProperty(imports, async (chunks) => {
        const digests = []
        for (const order of [chunks, chunks.toReversed(), [...chunks, ...chunks]]) {
          const { vault } = await newTestVault()
          for (const chunk of order) vault.importSink(`i${chunk.id}`).write(importChunk(chunk))
          digests.push(vault.digest())
          vault.close()
          removeTestVaults()
        }
        expect(new Set(digests).size).toBe(1)
      }),
      { numRuns: 25 },
    )
  })
})
