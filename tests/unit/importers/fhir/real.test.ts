/** Real FHIR files against counts made by an independent script. Visible skips where the folder does not exist. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fhir } from '../../../../src/importers/fhir/index.ts'
import { openInput } from '../../../../src/importers/open.ts'
import { findByLoinc } from '../../../../src/metrics/index.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { ClinicalSink, runWith } from '../clinical-harness.ts'
import { settled } from '../harness.ts'

interface Counts {
  readonly entries?: number
  readonly lines?: number
  readonly resources: Readonly<Record<string, number>>
  readonly observations_by_code?: Readonly<Record<string, number>>
}

const counts = sharedDataPath('COUNTS.json')
const all = counts ? (JSON.parse(readFileSync(counts, 'utf8')) as Record<string, Counts>) : {}
const files = Object.keys(all).filter((name) => name.startsWith('fhir-r4/'))

async function importPath(path: string, sink = new ClinicalSink()) {
  const input = await openInput([sharedDataPath(...path.split('/')) as string])
  const result = await runWith(fhir, input, {}, sink)
  await input.close()
  return result
}

/** Observations of the codes that the catalogue names, by metric. */
function expectedMetrics(byCode: Readonly<Record<string, number>>): Record<string, number> {
  const expected: Record<string, number> = {}
  for (const [code, count] of Object.entries(byCode)) {
    const metric = findByLoinc(code)?.metric.id
    if (metric !== undefined) expected[metric] = (expected[metric] ?? 0) + count
  }
  return expected
}

const entityByResource: Readonly<Record<string, string>> = {
  Condition: 'condition',
  AllergyIntolerance: 'allergy',
  Immunization: 'immunization',
  Procedure: 'procedure',
  DiagnosticReport: 'lab_report',
}

describe('real FHIR files', () => {
  it.skipIf(!counts)('are there', () => expect(files.length).toBeGreaterThan(40))

  it.each(files)('%s is accounted for resource by resource', async (path) => {
    const expected = all[path] as Counts
    const { report } = await importPath(path)
    const resources = Object.values(expected.resources).reduce((sum, count) => sum + count, 0)
    expect(report.read).toBe(resources)
    expect(settled(report)).toBe(resources)
    expect(report.refusals).toEqual([])
    if (expected.observations_by_code) {
      const ofCatalogue = expectedMetrics(expected.observations_by_code)
      expect(report.byMetric).toEqual(ofCatalogue)
    }
    for (const [type, entity] of Object.entries(entityByResource)) {
      const noFacts = Object.entries(report.unmapped)
        .filter(([label]) => label.startsWith(`${type} (`))
        .reduce((sum, [, count]) => sum + count, 0)
      const stated = report.entities[entity] ?? 0
      expect(stated + noFacts, type).toBe(expected.resources[type] ?? 0)
    }
  })

  it.skipIf(!counts)('change nothing when they are imported again', async () => {
    const path = files.find((name) => name.includes('Adolfo')) as string
    const { sink, report: first } = await importPath(path)
    const { report: second } = await importPath(path, sink)
    expect(second.imported).toBe(0)
    expect(second.duplicates).toBe(first.imported + first.duplicates)
  })

  it.skipIf(!counts)('of a bulk export are read a line at a time, and other people left out', async () => {
    const lines = Object.entries(all)
      .filter(([name]) => name.startsWith('fhir-ndjson/') && !name.endsWith('log.ndjson'))
      .reduce((sum, [, entry]) => sum + (entry.lines ?? 0), 0)
    const { report, sink } = await importPath('fhir-ndjson/cumulus-simple')
    expect(report.read).toBe(lines)
    expect(settled(report)).toBe(lines)
    expect(report.refusals).toMatchObject([{ where: expect.stringMatching(/Patient\.ndjson:2$/) }])
    expect(report.unmapped).toMatchObject({ 'Immunization (not-done)': 1 })
    expect(report.entities).toMatchObject({ allergy: 2, condition: 2, immunization: 1, procedure: 2 })
    expect(sink.attachments.map(({ bytes }) => Buffer.from(bytes).toString())).toContain('Notes for fever')
  })

  it.skipIf(!counts)('say "none known" without making a fact of it', async () => {
    const { report } = await importPath('fhir-r4/ips-au/Bundle-aups-referral-endoconsult-curated.xml')
    expect(report.unmapped).toMatchObject({ 'AllergyIntolerance (no known allergy)': 1 })
    expect(report.entities).not.toHaveProperty('allergy')
  })
})
