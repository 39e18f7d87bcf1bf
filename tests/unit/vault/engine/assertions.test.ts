import { afterEach, describe, expect, it } from 'vitest'
import {
  assertionOperations,
  type EntityFields,
  emptyChange,
  stableEntityId,
} from '../../../../src/records/index.ts'
import { encodeChange } from '../../../../src/vault/engine/change-codec.ts'
import { newTestVault, openTestVault, putIntoInbox, removeTestVaults, type TestVault } from './test-vault.ts'

afterEach(removeTestVaults)

const id = stableEntityId('https://clinic.example', 'condition-1')
const asthma: EntityFields = {
  code: { system: 'http://snomed.info/sct', code: '195967001' },
  status: 'active',
}

function chunk(importId: string, fields: EntityFields, version?: number) {
  const operations = assertionOperations({
    type: 'condition',
    id,
    fields,
    importId,
    ...(version === undefined ? {} : { versionMs: version }),
  })
  const named = { kind: 'entity', type: 'import', id: importId, field: 'format', value: 'fhir' } as const
  return { ...emptyChange, operations: [named, ...operations], consumed: 1 }
}

function assertFields(vault: TestVault, importId: string, fields: EntityFields, version?: number) {
  const outcomes = vault.vault.importSink(importId).write(chunk(importId, fields, version)) ?? []
  expect(outcomes).toHaveLength(1)
  const { added, duplicates, suppressed, entity } = outcomes[0] ?? {}
  expect(entity).toBe('condition')
  return { added, duplicates, suppressed }
}

const added = { added: 1, duplicates: 0, suppressed: 0 }
const duplicate = { added: 0, duplicates: 1, suppressed: 0 }
const fieldsOf = ({ vault }: TestVault) => vault.entity('condition', id)?.fields
const set = (field: string, value: string | boolean | null) => ({
  ...emptyChange,
  label: 'edit',
  operations: [{ kind: 'entity', type: 'condition', id, field, value } as const],
})

describe('an entity that imports assert', () => {
  it('is there once however often it is imported, and the digest does not tell', async () => {
    const vault = await newTestVault()
    expect(assertFields(vault, 'a', asthma)).toEqual(added)
    const digest = vault.vault.digest()
    expect(assertFields(vault, 'a', asthma)).toEqual(duplicate)
    expect(assertFields(vault, 'b', { ...asthma })).toEqual(duplicate)
    expect(vault.vault.digest()).toBe(digest)
    expect(vault.vault.entities('condition').map(({ fields }) => fields)).toEqual([asthma])
  })

  it('goes with the last import that asserts it, and comes back with it', async () => {
    const vault = await newTestVault()
    const empty = vault.vault.digest()
    assertFields(vault, 'a', asthma)
    assertFields(vault, 'b', asthma)
    vault.vault.withdrawImport('a')
    expect(fieldsOf(vault)).toEqual(asthma)
    vault.vault.withdrawImport('b')
    expect(fieldsOf(vault)).toBeUndefined()
    expect(vault.vault.entities('condition')).toEqual([])
    expect(vault.vault.digest()).toBe(empty)
    vault.vault.reassertImport('a')
    expect(fieldsOf(vault)).toEqual(asthma)
    expect(assertFields(vault, 'c', asthma)).toEqual(duplicate)
  })

  it('says what the later import says, and what the earlier said when that is undone', async () => {
    const vault = await newTestVault()
    assertFields(vault, 'a', asthma)
    expect(assertFields(vault, 'b', { ...asthma, status: 'resolved' })).toEqual(added)
    expect(fieldsOf(vault)?.['status']).toBe('resolved')
    expect(assertFields(vault, 'c', asthma)).toEqual(duplicate)
    expect(fieldsOf(vault)?.['status']).toBe('active')
    vault.vault.withdrawImport('c')
    expect(fieldsOf(vault)?.['status']).toBe('resolved')
    vault.vault.withdrawImport('b')
    expect(fieldsOf(vault)?.['status']).toBe('active')
  })

  it('keeps the newer version when an older export is imported later', async () => {
    const vault = await newTestVault()
    assertFields(vault, 'new', { ...asthma, status: 'resolved' }, 2000)
    expect(assertFields(vault, 'old', asthma, 1000)).toEqual(added)
    expect(fieldsOf(vault)?.['status']).toBe('resolved')
  })

  it('leaves what the person set or removed, whatever is imported', async () => {
    const vault = await newTestVault()
    assertFields(vault, 'a', asthma)
    vault.vault.write(set('status', 'inactive'))
    vault.vault.write(set('note', 'since school'))
    assertFields(vault, 'b', { ...asthma, status: 'resolved' })
    expect(fieldsOf(vault)).toEqual({ ...asthma, status: 'inactive', note: 'since school' })
    vault.vault.write(set('status', null))
    expect(fieldsOf(vault)).toEqual({ code: asthma['code'], note: 'since school' })
    vault.vault.write(set('deleted', true))
    expect(assertFields(vault, 'c', asthma)).toEqual({ added: 0, duplicates: 0, suppressed: 1 })
    expect(fieldsOf(vault)).toBeUndefined()
  })

  it('is what the log says after a rebuild, a compaction and a restart', async () => {
    const vault = await newTestVault()
    assertFields(vault, 'a', asthma)
    assertFields(vault, 'b', { ...asthma, status: 'resolved' })
    vault.vault.withdrawImport('b')
    const digest = vault.vault.digest()
    vault.vault.rebuild()
    expect(vault.vault.digest()).toBe(digest)
    vault.vault.compact()
    vault.vault.rebuild()
    expect(vault.vault.digest()).toBe(digest)
    vault.sqlite.close()
    const again = openTestVault(vault.path, { anchor: vault.anchor })
    expect(fieldsOf(again)).toEqual(asthma)
  })

  it('is merged from the inbox, and goes with the entry that is rejected', async () => {
    const vault = await newTestVault()
    const { operations } = chunk('a', asthma)
    putIntoInbox(vault.sqlite, encodeChange({ ...emptyChange, label: 'import', operations }))
    const { outcomes } = await vault.vault.drainInbox()
    expect(outcomes.flatMap((entry) => entry.outcomes)).toMatchObject([{ entity: 'condition', added: 1 }])
    expect(fieldsOf(vault)).toEqual(asthma)
    vault.vault.rejectInbox()
    expect(fieldsOf(vault)).toBeUndefined()
  })

  it('joins what several sources state of the profile', async () => {
    const { vault } = await newTestVault()
    const state = (importId: string, fields: EntityFields) =>
      vault.importSink(importId).write({
        ...emptyChange,
        operations: assertionOperations({ type: 'profile', id: 'self', fields, importId }),
        consumed: 1,
      })
    state('a', { sex: 'female' })
    state('b', { birthDate: '1980-02-03' })
    expect(vault.entity('profile', 'self')?.fields).toEqual({ birthDate: '1980-02-03', sex: 'female' })
    vault.withdrawImport('a')
    expect(vault.entity('profile', 'self')?.fields).toEqual({ birthDate: '1980-02-03' })
    vault.withdrawImport('b')
    expect(vault.entity('profile', 'self')?.fields).toBeUndefined()
  })
})

describe('what imports keep verbatim', () => {
  const raw = (text: string) => ({ type: 'Device', where: 'a.json:1', startMs: null, text })
  const file = (text: string) => ({
    id: stableEntityId(text),
    name: text,
    mediaType: 'text/plain',
    bytes: Buffer.from(text),
  })
  const textsOf = ({ vault }: TestVault) => {
    const texts: string[] = []
    vault.rawRecords(({ text }) => texts.push(text))
    return [...texts.sort(), ...vault.entities('attachment').map(({ fields }) => fields['name'])]
  }
  const bring = ({ vault }: TestVault, importId: string, names: readonly string[]) =>
    vault.importSink(importId).write({
      ...emptyChange,
      operations: [{ kind: 'entity', type: 'import', id: importId, field: 'format', value: 'x' }],
      raw: names.map(raw),
      attachments: names.map((name) => file(`${name}.txt`)),
      consumed: 1,
    })

  it('is there once, and while one of its imports is not withdrawn', async () => {
    const vault = await newTestVault()
    const empty = vault.vault.digest()
    bring(vault, 'a', ['1', '2', '2'])
    const first = vault.vault.digest()
    bring(vault, 'b', ['2', '3'])
    const both = vault.vault.digest()
    bring(vault, 'c', ['1', '2', '3'])
    expect(vault.vault.digest()).toBe(both)
    vault.vault.withdrawImport('c')
    expect(vault.vault.digest()).toBe(both)
    vault.vault.withdrawImport('a')
    expect(textsOf(vault)).toEqual(['2', '3', '2.txt', '3.txt'])
    vault.vault.rebuild()
    vault.vault.compact()
    expect(textsOf(vault)).toEqual(['2', '3', '2.txt', '3.txt'])
    vault.vault.withdrawImport('b')
    expect(vault.vault.digest()).toBe(empty)
    bring(vault, 'd', ['1', '2'])
    expect(vault.vault.digest()).toBe(first)
    expect(vault.vault.scrub().damages).toEqual([])
    expect(Buffer.from(vault.vault.attachment(stableEntityId('1.txt'))?.bytes ?? []).toString()).toBe('1.txt')
  })

  it('stays away where the person removed it', async () => {
    const vault = await newTestVault()
    bring(vault, 'a', ['1'])
    const operation = {
      kind: 'entity',
      type: 'attachment',
      id: stableEntityId('1.txt'),
      field: 'deleted',
      value: true,
    } as const
    vault.vault.write({ ...emptyChange, label: 'rm', operations: [operation] })
    bring(vault, 'b', ['1'])
    expect(textsOf(vault)).toEqual(['1'])
  })

  it('goes with the inbox entry that brought it, and no entry may claim an import of the open vault', async () => {
    const vault = await newTestVault()
    const operations = [{ kind: 'entity', type: 'import', id: 'sealed', field: 'packets', value: 1 } as const]
    putIntoInbox(vault.sqlite, encodeChange({ ...emptyChange, label: 'import', operations, raw: [raw('1')] }))
    await vault.vault.drainInbox()
    expect(textsOf(vault)).toEqual(['1'])
    vault.vault.rejectInbox()
    expect(textsOf(vault)).toEqual([])
    bring(vault, 'a', ['2'])
    const claim = assertionOperations({ type: 'condition', id, fields: asthma, importId: 'a' })
    putIntoInbox(vault.sqlite, encodeChange({ ...emptyChange, label: 'import', operations: claim }))
    expect(await vault.vault.drainInbox()).toMatchObject({ entries: 0, damaged: 1 })
    expect(fieldsOf(vault)).toBeUndefined()
  })
})
