/** Importing an export of each format into a vault, against a reader of the same bytes that does nothing with them. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openInput } from '../../src/importers/index.ts'
import type { Bench, RowGroup } from '../bench.ts'
import { type ExportFormat, exportFormats } from '../exports/index.ts'
import { compareImport, type ImportComparison } from '../import-runs.ts'
import type { Measurement } from '../result.ts'
import { tokenizerTitles } from '../tokenizers.ts'

const rounds = 3

/** A group for each format, so that `--only` generates no other. */
export const importFormatRows: readonly RowGroup[] = exportFormats.map((format) => ({
  names: [rowName(format)],
  run: async (bench) => [await measured(bench, format)],
}))

function rowName({ name }: ExportFormat): string {
  return `import-${name}`
}

async function measured(bench: Bench, format: ExportFormat): Promise<Measurement> {
  const { name, importer = name, tokenizer, options = {} } = format
  const folder = join(bench.scratch, rowName(format))
  mkdirSync(folder)
  const path = await format.write(folder)
  const bytes = await unpackedBytes(path)
  bench.note(`importing ${(bytes / 1e6).toFixed(0)} MB, ${rounds} times each way`)
  const compared = await compareImport(bench, { path, importer, options, tokenizer }, rounds)
  rmSync(folder, { recursive: true })
  verify(format, compared)
  const speed = (elapsedMs: number): number => bytes / elapsedMs / 1000
  return {
    name: rowName(format),
    value: speed(compared.value),
    unit: 'MB/s',
    baseline: speed(compared.baseline),
    ratio: 1 / compared.ratio,
    target: null,
    about: `import of ${format.observations} observations into a vault, against ${tokenizerTitles[tokenizer.kind]} alone`,
  }
}

/** Bytes of the members, zip and workbook unpacked. */
async function unpackedBytes(path: string): Promise<number> {
  const input = await openInput([path])
  await input.close()
  return input.totalBytes ?? 0
}

function verify({ observations, units }: ExportFormat, { imports, tokenized }: ImportComparison): void {
  for (const report of imports) {
    if (report.observations === observations) continue
    throw new Error(`the import took ${report.observations} of ${observations} observations`)
  }
  for (const { count } of tokenized)
    if (count !== units) throw new Error(`the tokenizer saw ${count} of ${units}`)
}
