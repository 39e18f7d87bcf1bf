/** Real exports, against counts made by an independent script. Visible skips where the folder does not exist. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readCategory } from '../../../src/importers/apple-health/categories.ts'
import { quantityMetric } from '../../../src/importers/apple-health/quantities.ts'
import { openInput, runImport } from '../../../src/importers/index.ts'
import { sharedDataPath } from '../../shared-data.ts'
import { RememberingSink, settled } from './harness.ts'

interface Counts {
  readonly record_elements: number
  readonly records_by_type?: Readonly<Record<string, number>>
  readonly exact_duplicate_records: number
  readonly Workout?: number
  readonly ActivitySummary?: number
  readonly sleep_values?: Readonly<Record<string, number>>
}

const files = [
  'k0rventen/test-export.zip',
  'dogsheep/export.xml',
  'dogsheep/apple_health_export/export.xml',
  'alxdrcirilo/export.xml',
  'alxdrcirilo/export.zip',
  'nreyrolle-fragments/record_body_mass.xml',
  'nreyrolle-fragments/record_heart_rate.xml',
  'nreyrolle-fragments/record_vo2_max.xml',
  'nreyrolle-fragments/workout_running.xml',
  'nreyrolle-fragments/workout_cycling.xml',
  'nreyrolle-fragments/workout_swimming.xml',
  'nreyrolle-fragments/workout_strength.xml',
  'nreyrolle-fragments/workout_walking.xml',
]

function countsOf(file: string): Counts {
  const all = JSON.parse(readFileSync(sharedDataPath('COUNTS.json') as string, 'utf8')) as Record<
    string,
    unknown
  >
  const entry = all[`apple-health/${file}`] as { readonly export?: Counts } & Counts
  return entry.export ?? entry
}

async function importFile(file: string, sink: RememberingSink) {
  const input = await openInput([sharedDataPath('apple-health', ...file.split('/')) as string])
  const report = await runImport({ input, importer: 'auto', sink, options: { importId: 'i' } })
  await input.close()
  return report
}

describe.each(files)('the real export %s', (file) => {
  it.skipIf(!sharedDataPath('apple-health', ...file.split('/')))(
    'is accounted for record by record',
    async () => {
      const counts = countsOf(file)
      const sink = new RememberingSink()
      const report = await importFile(file, sink)
      expect(report.read).toBe(counts.record_elements + (counts.Workout ?? 0) + (counts.ActivitySummary ?? 0))
      expect(settled(report)).toBe(report.read)
      expect(report.refused).toBe(0)
      expect(report.duplicates).toBe(counts.exact_duplicate_records)

      const rows = new Map<string, number>()
      for (const chunk of sink.chunks) {
        for (const { series, columns } of chunk.blocks) {
          rows.set(series.metric, (rows.get(series.metric) ?? 0) + columns.length)
        }
      }
      for (const [type, count] of Object.entries(counts.records_by_type ?? {})) {
        const metric = quantityMetric(type) ?? readCategory(type, 'HKCategoryValueNotApplicable')?.metric
        if (metric) expect([type, rows.get(metric)]).toEqual([type, count])
      }
      for (const [value, count] of Object.entries(counts.sleep_values ?? {})) {
        const reading = readCategory('HKCategoryTypeIdentifierSleepAnalysis', value)
        expect([value, rows.get(reading?.metric ?? '')]).toEqual([value, count])
      }
      expect(rows.get('workout') ?? 0).toBe(counts.Workout ?? 0)
    },
  )
})

describe('a real export', () => {
  const zip = sharedDataPath('apple-health', 'k0rventen', 'test-export.zip')
  it.skipIf(!zip)('imported a second time adds nothing, and its routes are kept', async () => {
    const sink = new RememberingSink()
    const first = await importFile('k0rventen/test-export.zip', sink)
    expect(first.kept).toEqual({ 'workout-route': 2 })
    const second = await importFile('k0rventen/test-export.zip', sink)
    expect(second.imported).toBe(0)
    const [a, b] = sink.chunks.map((chunk) => chunk.attachments.map((attachment) => attachment.id))
    expect(a).toEqual(b)
  })

  const walking = sharedDataPath('apple-health', 'nreyrolle-fragments', 'workout_walking.xml')
  it.skipIf(!walking)('gives a summer workout its summer offset', async () => {
    const sink = new RememberingSink()
    await importFile('nreyrolle-fragments/workout_walking.xml', sink)
    expect(sink.chunks[0]?.blocks[0]?.columns.offsetMin[0]).toBe(120)
  })
})
