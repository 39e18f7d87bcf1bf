import { afterEach, describe, expect, it } from 'vitest'
import type { AppContext } from '../../../../src/app/context.ts'
import { addReports, completeReports, storedReport } from '../../../../src/app/importing/stored-report.ts'
import type { ImportReport } from '../../../../src/importers/index.ts'
import { type BlockOutcome, emptyChange, type JsonValue } from '../../../../src/records/index.ts'
import { newTestVault, removeTestVaults } from '../../vault/engine/test-vault.ts'

afterEach(removeTestVaults)

const counts = {
  read: 0,
  imported: 0,
  pending: 0,
  merged: 0,
  duplicates: 0,
  skipped: 0,
  refused: 0,
  byMetric: {},
  entities: {},
  unmapped: {},
}

function reportOf(part: Partial<ImportReport>): ImportReport {
  const format = part.format ?? 'fhir'
  const { read, imported, pending, byMetric } = { ...counts, ...part }
  return {
    ...counts,
    format,
    formats: { [format]: { ...counts, read, imported, pending, byMetric } },
    files: 1,
    refusals: [],
    unrecognised: [],
    from: null,
    to: null,
    zones: [],
    seconds: 1,
    bytes: 1,
    kept: {},
    profile: [],
    notes: [],
    interrupted: false,
    consumed: 0,
    ...part,
  }
}

describe('reports of two runs', () => {
  it('add up, also by format and metric', () => {
    const refusal = { where: 'a:1', reason: 'r', raw: '', code: 'VALUE' } as const
    const first = reportOf({
      read: 3,
      imported: 2,
      refused: 1,
      refusals: [refusal],
      byMetric: { weight: 2 },
      from: '2026-01-02T00:00:00+01:00',
    })
    const second = reportOf({
      format: 'csv',
      read: 2,
      imported: 2,
      byMetric: { weight: 1, steps: 1 },
      from: '2026-01-01T00:00:00+01:00',
      to: '2026-01-03T00:00:00+01:00',
    })
    const both = addReports(storedReport(first), second)
    expect(both).toMatchObject({ format: 'fhir+csv', read: 5, imported: 4, refused: 1, seconds: 2 })
    expect(both).toMatchObject({ byMetric: { weight: 3, steps: 1 }, refusals: [refusal] })
    expect(both.from).toBe('2026-01-01T00:00:00+01:00')
    expect([both.formats['fhir']?.imported, both.formats['csv']?.imported]).toEqual([2, 2])
    expect(addReports(undefined, second)).toBe(second)
    expect(addReports(storedReport(second), second).formats).toMatchObject({ csv: { imported: 4 } })
  })

  it('keep the first hundred refusals and unknown files', () => {
    const refusals = Array.from(
      { length: 150 },
      () => ({ where: '', reason: '', raw: '', code: 'VALUE' }) as const,
    )
    const unrecognised = Array.from({ length: 150 }, () => ({ where: '', looksLike: '' }))
    const stored = storedReport(reportOf({ refusals, unrecognised })) as unknown as ImportReport
    expect([stored.refusals.length, stored.unrecognised.length]).toEqual([100, 100])
  })
})

describe('a report of what was sealed', () => {
  const outcome = (part: Partial<BlockOutcome>): BlockOutcome => ({
    metric: '',
    added: 0,
    duplicates: 0,
    suppressed: 0,
    conflicting: 0,
    ...part,
  })

  it('is completed by each drain, whether it came before or after', async () => {
    const { vault } = await newTestVault()
    const context = { vault: () => vault } as unknown as AppContext
    const write = (field: string, value: unknown) =>
      vault.write({
        ...emptyChange,
        label: 'import',
        operations: [{ kind: 'entity', type: 'import', id: 'a', field, value: value as JsonValue }],
      })
    const drain = (...outcomes: BlockOutcome[]) => completeReports(context, new Map([['a', outcomes]]))
    const told = () => vault.entity('import', 'a')?.fields['report'] as unknown as ImportReport

    drain(outcome({ metric: 'weight', added: 1 }))
    expect(vault.entity('import', 'a')).toBeUndefined()
    write('format', 'fhir')
    drain(outcome({ metric: 'weight', added: 5, duplicates: 1 }), outcome({ entity: 'condition', added: 1 }))
    write('report', storedReport(reportOf({ read: 12, pending: 12 })))
    drain(
      outcome({ metric: 'steps', added: 2, suppressed: 1 }),
      outcome({ entity: 'medication', isRecord: false, added: 1 }),
    )
    expect(told()).toMatchObject({ read: 12, imported: 8, duplicates: 2, pending: 2 })
    drain(outcome({ entity: 'condition', duplicates: 1 }), outcome({ metric: 'weight', added: 1 }))
    const whole = { imported: 9, duplicates: 3, pending: 0 }
    expect(told()).toMatchObject(whole)
    expect(told()).toMatchObject({
      byMetric: { weight: 6, steps: 2 },
      entities: { condition: 1, medication: 1 },
    })
    expect(told().formats['fhir']).toMatchObject(whole)
  })
})
