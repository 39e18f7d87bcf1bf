/**
 * Versions of one laboratory result, each in an import of its own, as HL7 v2 messages, FHIR resources and C-CDA
 * documents: whatever the order of imports and undos, the latest version that is still there counts.
 */
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { runImport } from '../../src/importers/index.ts'
import { emptyChange } from '../../src/records/index.ts'
import { fileOf } from '../unit/importers/clinical-harness.ts'
import { settled } from '../unit/importers/harness.ts'
import { newTestVault, removeTestVaults, type TestVault } from '../unit/vault/engine/test-vault.ts'

const runs = process.env['HEALTHMATE_TEST_LONG'] === '1' ? 60 : 6

afterEach(removeTestVaults)

/** A version: its value, `null` where the source says that it was wrong. */
interface Version {
  readonly number: number
  readonly value: number | null
}

const versions: readonly Version[] = [
  { number: 1, value: 7.4 },
  { number: 2, value: 4.7 },
  { number: 3, value: 4.9 },
  { number: 4, value: null },
]

const formats: Readonly<Record<string, (version: Version) => string>> = {
  'lab.hl7': ({ number, value }) => {
    const status = value === null ? 'W' : ['P', 'F', 'C'][number - 1]
    return [
      `MSH|^~\\&|LAB|HOSPITAL|||2026030${number}130000+0100||ORU^R01|${number}|P|2.5.1`,
      'PID|1||4711^^^LAB||MUSTER^ERIKA||19640812|F',
      'OBR|1|P1|F1|24323-8^Panel^LN|||20260301080000+0100',
      `OBX|1|NM|2823-3^K^LN||${value ?? ''}|mmol/L|3.5-5.1||||${status}|||20260301080000+0100`,
    ].join('\r')
  },
  'result.json': ({ number, value }) =>
    JSON.stringify({
      resourceType: 'Observation',
      id: 'potassium-1',
      meta: { versionId: String(number), lastUpdated: `2026-03-0${number}T12:00:00Z` },
      status: value === null ? 'entered-in-error' : 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '2823-3' }] },
      effectiveDateTime: '2026-03-01T08:00:00+01:00',
      ...(value === null
        ? {}
        : { valueQuantity: { value, code: 'mmol/L', system: 'http://unitsofmeasure.org' } }),
    }),
  'status-only.json': ({ number, value }) =>
    JSON.stringify({
      resourceType: 'Observation',
      id: 'potassium-2',
      status: value === null ? 'entered-in-error' : ['preliminary', 'final', 'amended'][number - 1],
      code: { coding: [{ system: 'http://loinc.org', code: '2823-3' }] },
      effectiveDateTime: '2026-03-01T08:00:00+01:00',
      ...(value === null ? {} : { valueQuantity: { value, code: 'mmol/L' } }),
    }),
  'ccd.xml': ({ number, value }) => `<?xml version="1.0"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <effectiveTime value="2026030${number}130000+0100"/>
  <component><structuredBody><component><section><entry><observation classCode="OBS" moodCode="EVN">
    <templateId root="2.16.840.1.113883.10.20.22.4.2"/>
    <id root="1.2.3.4" extension="k-1"/>
    <code code="2823-3" codeSystem="2.16.840.1.113883.6.1"/>
    <statusCode code="${value === null ? 'nullified' : 'completed'}"/>
    <effectiveTime value="20260301080000+0100"/>
    <value xsi:type="PQ" ${value === null ? 'nullFlavor="NI"' : `value="${value}" unit="mmol/L"`}/>
  </observation></entry></section></component></structuredBody></component>
</ClinicalDocument>`,
}

async function bring({ vault }: TestVault, importId: string, name: string, text: string): Promise<void> {
  const sink = vault.importSink(importId)
  const named = { kind: 'entity', type: 'import', id: importId, field: 'format', value: name } as const
  sink.write({ ...emptyChange, operations: [named], consumed: 0 })
  const report = await runImport({
    input: fileOf(name, text),
    importer: 'auto',
    sink,
    options: { importId, zone: 'Europe/Berlin' },
  })
  expect(settled(report)).toBe(report.read)
}

const seen = ({ vault }: TestVault) =>
  vault.latest({ metric: 'potassium' }, 100).map(({ values }) => values[0])

function latestOf(live: Iterable<Version>): readonly number[] {
  const last = [...live].sort((a, b) => a.number - b.number).at(-1)
  return last?.value == null ? [] : [last.value]
}

describe.each(Object.entries(formats))('versions of a result in %s', (name, textOf) => {
  it('leave the latest one, in any order of imports and undos', async () => {
    const steps = fc.array(fc.nat({ max: versions.length - 1 }), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(steps, async (chosen) => {
        const vault = await newTestVault()
        const live = new Map<Version, string>()
        for (const [step, at] of chosen.entries()) {
          const version = versions[at] as Version
          const importId = live.get(version)
          if (importId === undefined) {
            await bring(vault, `import${step}`, name, textOf(version))
            live.set(version, `import${step}`)
          } else {
            vault.vault.withdrawImport(importId)
            live.delete(version)
          }
          expect(seen(vault)).toEqual(latestOf(live.keys()))
        }
      }),
      { numRuns: runs },
    )
  })
})

describe('a result that two formats state', () => {
  it('is one, and a correction in either replaces it', async () => {
    const [first, second] = versions as [Version, Version]
    const text = (name: string, version: Version) => (formats[name] as (one: Version) => string)(version)
    for (const corrected of ['lab.hl7', 'result.json', 'ccd.xml']) {
      const vault = await newTestVault()
      for (const name of ['lab.hl7', 'result.json', 'ccd.xml'])
        await bring(vault, name, name, text(name, first))
      expect(seen(vault)).toEqual([7.4])
      await bring(vault, 'correction', corrected, text(corrected, second))
      expect(seen(vault)).toEqual([4.7])
      vault.vault.withdrawImport('correction')
      expect(seen(vault)).toEqual([7.4])
    }
  })

  it('leaves a result of the same time alone that another order gave', async () => {
    const vault = await newTestVault()
    const [first, second] = versions as [Version, Version]
    const text = (formats['lab.hl7'] as (one: Version) => string)(first)
    await bring(vault, 'a', 'lab.hl7', text)
    await bring(vault, 'b', 'lab.hl7', text.replace('|P1|F1|', '|P2|F2|').replace('7.4', '5.5'))
    await bring(vault, 'c', 'lab.hl7', (formats['lab.hl7'] as (one: Version) => string)(second))
    expect(seen(vault).sort()).toEqual([4.7, 5.5])
  })
})
