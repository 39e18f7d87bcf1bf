// Makes a realistic Apple Health export: seeded, streamed, of any size. Used by the demo, the bench and the tests.
//
// Usage: node scripts/generate-apple-health.mjs --out FILE [--days N] [--records N] [--seed N] [--end YYYY-MM-DD]
//        [--zip] [--defects name,name|all]
//
// One person (born 1978) with a watch, a phone, a scale, a blood pressure cuff and a continuous glucose monitor.
// Weight falls from 88 kg and the resting heart rate with it, so that a trend has something to find. With --records
// the heart rate is sampled as densely as needed to reach about that many <Record> elements.
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { documentType } from './apple-health/document-type.mjs'
import { randomOf } from './apple-health/random.mjs'
import { closingSections, recordSections } from './apple-health/sections.mjs'
import { date, dayMs, record, sources } from './apple-health/writing.mjs'

/** Faults of real exports, and of files that went through other hands. */
export const defectNames = [
  'broken-dtd',
  'duplicates',
  'control-characters',
  'malformed-tag',
  'bad-date',
  'impossible-value',
  'unknown-unit',
  'unknown-type',
  'percent-as-number',
  'lone-pressure',
  'repeated-pressure',
]

/**
 * The export as pieces of text. Options: `seed` (1), `days` (365), `records` (none: what the days give),
 * `end` (ms, midnight UTC; 2026-03-01), `defects` (names).
 */
export function* generateAppleHealth(options = {}) {
  const settings = {
    seed: options.seed ?? 1,
    days: options.days ?? 365,
    end: options.end ?? Date.UTC(2026, 2, 1),
    defects: new Set(options.defects ?? []),
    records: options.records ?? 0,
  }
  const context = { ...settings, random: randomOf(settings.seed) }
  yield documentType(context.defects.has('broken-dtd'))
  yield '<HealthData locale="en_FR">\n'
  yield ` <ExportDate value="${date(context.end + 10 * 3_600_000)}"/>\n`
  yield ' <Me HKCharacteristicTypeIdentifierDateOfBirth="1978-04-12" HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexMale" HKCharacteristicTypeIdentifierBloodType="HKBloodTypeAPositive" HKCharacteristicTypeIdentifierFitzpatrickSkinType="HKFitzpatrickSkinTypeII" HKCharacteristicTypeIdentifierCardioFitnessMedicationsUse="None"/>\n'
  // As the Health app does, type after type, each in order of time.
  for (const section of recordSections) yield* eachDay(context, section)
  if (context.defects.size > 0) yield* defects(context)
  for (const section of closingSections) yield* eachDay(context, section)
  yield '</HealthData>\n'
}

/** Calls a section for each day with its own random numbers, so that sections do not depend on each other. */
function* eachDay(context, section) {
  const random = randomOf(context.seed * 7919 + section.name.length * 104_729 + section.name.charCodeAt(0))
  const first = context.end - context.days * dayMs
  for (let day = 0; day < context.days; day++) {
    const text = section({ ...context, random, day, at: first + day * dayMs })
    if (text !== '') yield text
  }
}

/** One place of each fault asked for, spread over the days. */
function* defects({ defects: faults, days, end, random }) {
  const first = end - days * dayMs
  for (let day = 0; day < days; day += 3) {
    const at = first + day * dayMs + Math.floor(random() * 80_000) * 1000
    const weight = (value, unit = 'kg') => record('', 'BodyMass', sources.scale, unit, at, 0, value)
    if (faults.has('duplicates'))
      yield record('', 'StepCount', sources.phone, 'count', at, 60_000, '11').repeat(2)
    if (faults.has('control-characters')) yield weight('80.5').replace('Body Scale', 'Body\u0003 Scale')
    if (faults.has('malformed-tag')) yield weight('81').replace(' unit="kg"', ' unit="kg')
    if (faults.has('bad-date')) yield weight('82').replaceAll(/startDate="\d{4}-\d\d/g, 'startDate="2025-13')
    if (faults.has('impossible-value')) yield weight('-4')
    if (faults.has('unknown-unit')) yield weight('80', 'slug')
    if (faults.has('unknown-type')) yield record('', 'TelepathicField', sources.phone, 'count', at, 0, '3')
    if (faults.has('percent-as-number')) yield record('', 'OxygenSaturation', sources.cuff, '%', at, 0, '97')
    if (faults.has('lone-pressure'))
      yield record('', 'BloodPressureSystolic', sources.phone, 'mmHg', at, 0, '131')
  }
}

/** Writes an export to a file: `zip: true` makes an `export.zip` as the phone does. */
export async function writeAppleHealthExport(path, options = {}) {
  const text = Readable.from(joined(generateAppleHealth(options)), { objectMode: false })
  if (!options.zip) {
    await pipeline(text, createWriteStream(path))
    return
  }
  const { ZipFile } = await import('yazl')
  const zip = new ZipFile()
  zip.addReadStream(text, 'apple_health_export/export.xml', {
    mtime: new Date(options.end ?? Date.UTC(2026, 2, 1)),
  })
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(path))
}

/** Pieces joined to buffers of some size: thousands of tiny writes are slow. */
function* joined(pieces) {
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (text.length < 256 * 1024) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(text)
}

async function main() {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      days: { type: 'string' },
      records: { type: 'string' },
      seed: { type: 'string' },
      end: { type: 'string' },
      zip: { type: 'boolean', default: false },
      defects: { type: 'string', default: '' },
    },
  })
  if (!values.out) {
    process.stderr.write(
      'Usage: generate-apple-health.mjs --out FILE [--days N] [--records N] [--seed N] [--zip]\n',
    )
    process.exit(2)
  }
  const number = (text) => (text === undefined ? undefined : Number(text))
  const defects =
    values.defects === 'all' ? defectNames : values.defects.split(',').filter((name) => name !== '')
  await writeAppleHealthExport(values.out, {
    days: number(values.days),
    records: number(values.records),
    seed: number(values.seed),
    end: values.end === undefined ? undefined : Date.parse(`${values.end}T00:00:00Z`),
    zip: values.zip,
    defects,
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
