/** Importing an Apple Health export into a vault, against an XML tokenizer that does nothing with it. */
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, largest, type RowGroup, type SizeName, sized } from '../bench.ts'
import { compareImport } from '../import-runs.ts'
import { outputOfNode } from '../process.ts'
import { type Measurement, ratioTarget, valueTarget } from '../result.ts'

/** Days of export: about 25, 130 and 370 MB. */
const exportDays: Readonly<Record<SizeName, number>> = { '100k': 120, '1m': 630, '10m': 1800 }
const rounds = 3

/** Elements that are source records. */
const elements = ['Record', 'Workout', 'ActivitySummary']

export const importRows: RowGroup = {
  names: ['import-apple', 'import-apple-speed', 'import-apple-memory', 'import-apple-python'],
  async run(bench) {
    const { root, scratch, note } = bench
    const size = largest(bench)
    const file = join(scratch, 'export.xml')
    note(`generating an export of ${exportDays[size]} days`)
    const generator = join(root, 'scripts', 'generate-apple-health.mjs')
    outputOfNode([generator, '--days', String(exportDays[size]), '--out', file])
    const bytes = statSync(file).size
    note(`importing ${(bytes / 1e6).toFixed(0)} MB, ${rounds} times each way`)
    const { value, baseline, ratio, imports, tokenized } = await compareImport(
      bench,
      { path: file, importer: 'apple-health', options: {}, tokenizer: { kind: 'xml', elements } },
      rounds,
    )
    const [imported, seen] = [imports[0]?.count, tokenized[0]?.count]
    if (imported !== seen) throw new Error(`the import read ${imported} records, the tokenizer ${seen}`)
    const speed = (elapsedMs: number): number => bytes / elapsedMs / 1000
    const unit = 'MB/s'
    const memory = Math.max(...imports.map(({ maxRssKiB }) => (maxRssKiB * 1024) / 1e6))
    const about =
      'healthmate import of an Apple Health export into a vault, against the tokenizer saxes alone'
    return [
      {
        name: sized('import-apple', size),
        value: speed(value),
        unit,
        baseline: speed(baseline),
        ratio: 1 / ratio,
        target: ratioTarget('>=', 0.6),
        about,
      },
      {
        name: sized('import-apple-speed', size),
        value: speed(value),
        unit,
        baseline: null,
        ratio: null,
        target: valueTarget('>=', 60),
        about: 'the same import; export file bytes by time',
      },
      {
        name: sized('import-apple-memory', size),
        value: memory,
        unit: 'MB',
        baseline: null,
        ratio: null,
        target: valueTarget('<=', 300),
        about: `greatest resident memory of the importing process, ${(bytes / 1e6).toFixed(0)} MB of export`,
      },
      ...againstPython(bench, file, { speed, elapsedMs: value, name: sized('import-apple-python', size) }),
    ]
  },
}

/** The same export by healthkit-to-sqlite, into a plain database; no row where python3 does not have it. */
function againstPython(
  { scratch, note }: Bench,
  file: string,
  imported: {
    readonly speed: (elapsedMs: number) => number
    readonly elapsedMs: number
    readonly name: string
  },
): Measurement[] {
  if (spawnSync('python3', ['-c', 'import healthkit_to_sqlite']).status !== 0) {
    note('healthkit-to-sqlite is not installed: no comparison with it')
    return []
  }
  const startedMs = performance.now()
  const run = spawnSync('healthkit-to-sqlite', [file, join(scratch, 'healthkit.db'), '--xml'])
  if (run.status !== 0) throw new Error(`healthkit-to-sqlite ended with ${run.status ?? run.signal}`)
  const elapsedMs = performance.now() - startedMs
  return [
    {
      name: imported.name,
      value: imported.speed(imported.elapsedMs),
      unit: 'MB/s',
      baseline: imported.speed(elapsedMs),
      ratio: elapsedMs / imported.elapsedMs,
      target: null,
      about: 'the same import, against healthkit-to-sqlite',
    },
  ]
}
