/** Real C-CDA documents against counts by template made by an independent script. Visible skips without the folder. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cCda } from '../../../../src/importers/c-cda/index.ts'
import { openInput } from '../../../../src/importers/open.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { ClinicalSink, runWith } from '../clinical-harness.ts'
import { settled } from '../harness.ts'

interface Counts {
  readonly entries?: Readonly<Record<string, number>>
}

const counts = sharedDataPath('COUNTS.json')
const all = counts ? (JSON.parse(readFileSync(counts, 'utf8')) as Record<string, Counts>) : {}
const files = Object.keys(all).filter((name) => name.startsWith('c-cda/'))

async function importPath(path: string, sink = new ClinicalSink()) {
  const input = await openInput([sharedDataPath(...path.split('/')) as string])
  const result = await runWith(cCda, input, {}, sink)
  await input.close()
  return result
}

/** Statements with a label of the type, whatever became of them. */
function labelled(unmapped: Readonly<Record<string, number>>, type: string): number {
  return Object.entries(unmapped)
    .filter(([label]) => label === type || label.startsWith(`${type} (`))
    .reduce((sum, [, count]) => sum + count, 0)
}

describe('real C-CDA documents', () => {
  it.skipIf(!counts)('are there', () => expect(files.length).toBeGreaterThan(25))

  it.each(files)('%s is accounted for entry by entry', async (path) => {
    const expected = all[path]?.entries ?? {}
    const { report, sink } = await importPath(path)
    expect(settled(report)).toBe(report.read)
    const { entities, unmapped, duplicates } = report
    const of = (name: string) => expected[name] ?? 0
    const procedures = Object.keys(expected)
      .filter((name) => name.startsWith('procedure_activity'))
      .reduce((sum, name) => sum + of(name), 0)
    const facts: readonly (readonly [string, number, number])[] = [
      ['condition', of('problem_observations'), labelled(unmapped, 'Condition')],
      ['allergy', of('allergy_observations'), labelled(unmapped, 'AllergyIntolerance')],
      ['immunization', of('immunization_activities'), labelled(unmapped, 'Immunization')],
      ['medication', of('medication_activities'), labelled(unmapped, 'Medication')],
    ]
    let stated = 0
    let wanted = 0
    for (const [entity, count, noFacts] of facts) {
      const found = (entities[entity] ?? 0) + noFacts
      expect(found, entity).toBeLessThanOrEqual(count)
      stated += found
      wanted += count
    }
    // The same fact stated twice in a document is one entity: its second statement is a duplicate.
    expect(wanted - stated).toBeLessThanOrEqual(duplicates)
    const foundProcedures = (entities['procedure'] ?? 0) + labelled(unmapped, 'Procedure')
    expect(foundProcedures).toBeGreaterThanOrEqual(procedures - duplicates)
    expect((entities['encounter'] ?? 0) + labelled(unmapped, 'Encounter')).toBe(of('encounter_activities'))
    expect((entities['family_history'] ?? 0) + labelled(unmapped, 'FamilyMemberHistory')).toBe(
      of('family_history_observations'),
    )
    const measured = Object.values(report.byMetric).reduce((sum, count) => sum + count, 0)
    const keptRaw = Object.entries(unmapped)
      .filter(([label]) => label.startsWith('Observation'))
      .reduce((sum, [, count]) => sum + count, 0)
    // Tobacco use (template 85, LOINC 11367-0) is not among the counts.
    const habits = sink
      .ofType('social_history')
      .filter((one) => (one['code'] as { code?: string } | undefined)?.code !== '11367-0').length
    const observations = [
      'result_observations',
      'vital_sign_observations',
      'smoking_status',
      'social_history_observations',
    ].reduce((sum, name) => sum + of(name), 0)
    expect(measured + habits + report.merged + keptRaw + report.refused + duplicates).toBeGreaterThanOrEqual(
      observations,
    )
    expect(measured + habits + report.merged + keptRaw + report.refused).toBeLessThanOrEqual(observations)
  })

  it.skipIf(!counts)('make no fact of what they negate', async () => {
    const folder = 'c-cda/hl7-examples'
    const unmapped = async (name: string) => (await importPath(`${folder}/${name}(C-CDA2.1).xml`)).report
    expect(await unmapped('No Known Allergies with Author Timestamp')).toMatchObject({
      imported: 0,
      unmapped: { 'AllergyIntolerance (no known allergy)': 1 },
    })
    expect(await unmapped('Patient Does Not Have Diabetes')).toMatchObject({
      imported: 0,
      unmapped: { 'Condition (refuted)': 1 },
    })
    expect(await unmapped('Immunization not given Patient refused')).toMatchObject({
      imported: 0,
      unmapped: { 'Immunization (not-done)': 1 },
    })
    expect((await importPath(`${folder}/Medication Refused(C-CDAR2.1).xml`)).report).toMatchObject({
      imported: 0,
      unmapped: { 'Medication (not-taken)': 1 },
    })
  })

  it.skipIf(!counts)('give their problems, drugs and numbers', async () => {
    const resolved = await importPath('c-cda/hl7-examples/Resolved Problem(C-CDA2.1).xml')
    expect(resolved.sink.ofType('condition')).toMatchObject([{ clinicalStatus: 'resolved' }])
    const penicillin = await importPath(
      'c-cda/hl7-examples/Allergy to specific drug Penicillin(C-CDA2.1).xml',
    )
    expect(penicillin.sink.ofType('allergy')).toMatchObject([
      { category: 'medication', clinicalStatus: 'active' },
    ])
    const vitals = await importPath('c-cda/hl7-examples/Panel of Vital Signs in Metric Units(C-CDA2.1).xml')
    expect(vitals.report.byMetric).toMatchObject({ blood_pressure: 1, body_temperature: 1, heart_rate: 1 })
  })

  it.skipIf(!counts)('change nothing when they are imported again', async () => {
    const path = 'c-cda/fhir-converter/C-CDA_R2-1_CCD.xml.ccda'
    const { sink } = await importPath(path)
    const { report } = await importPath(path, sink)
    expect(report.imported).toBe(0)
  })
})
