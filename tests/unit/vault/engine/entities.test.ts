import { afterEach, describe, expect, it } from 'vitest'
import { type EntityOperation, emptyChange } from '../../../../src/records/index.ts'
import { newTestVault, openTestVault, removeTestVaults } from './test-vault.ts'

afterEach(removeTestVaults)

function named(type: 'lab_report' | 'retraction', id: string, name: string): EntityOperation {
  return { kind: 'entity', type, id, field: 'name', value: name }
}

describe('entities', () => {
  it('are all there whether read by id or by type, before and after thousands were written', async () => {
    const { vault, path } = await newTestVault()
    const count = 2500
    expect(vault.entities('retraction')).toEqual([])
    for (let from = 0; from < count; from += 500) {
      const operations = Array.from({ length: 500 }, (_, i) =>
        named('lab_report', `r${from + i}`, `report ${from + i}`),
      )
      vault.write({ ...emptyChange, label: 'log', operations })
      expect(vault.entity('lab_report', 'r3')?.fields['name']).toBe('report 3')
      expect(vault.entities('lab_report')).toHaveLength(from + 500)
    }
    vault.write({
      ...emptyChange,
      label: 'log',
      operations: [named('lab_report', 'r3', 'anew'), named('retraction', 'x', 'y')],
    })
    expect(vault.entity('lab_report', 'r3')?.fields['name']).toBe('anew')
    expect(vault.entities('retraction')).toHaveLength(1)
    const digest = vault.digest()
    vault.close()
    const again = openTestVault(path).vault
    expect(again.entity('lab_report', 'r2499')?.fields['name']).toBe('report 2499')
    expect(again.entities('retraction')).toHaveLength(1)
    expect(again.entities('lab_report')).toHaveLength(count)
    expect(again.digest()).toEqual(digest)
    again.close()
  })
})
