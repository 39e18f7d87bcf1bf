/** An import and its tokenizer, each in processes of their own, in turn. */
import { join } from 'node:path'
import type { ImportOptions } from '../src/importers/index.ts'
import type { Bench } from './bench.ts'
import { type Interleaved, interleaved } from './measure.ts'
import { outputOfNode } from './process.ts'
import type { Tokenizer } from './tokenizers.ts'

export interface ImportTask {
  readonly path: string
  /** Where the vault is made. */
  readonly scratch: string
  readonly importer: string
  readonly options: Partial<ImportOptions>
}

export interface TokenizeTask {
  readonly path: string
  readonly tokenizer: Tokenizer
}

export interface ChildReport {
  readonly ms: number
  /** What the tokenizer counted; source records of an import. */
  readonly count: number
  readonly maxRssKiB: number
}

export interface ImportReport extends ChildReport {
  readonly observations: number
}

export interface ImportComparison extends Interleaved {
  readonly imports: readonly ImportReport[]
  readonly tokenized: readonly ChildReport[]
}

/** Imports a file `rounds` times into new vaults, and tokenizes it as often. */
export async function compareImport(
  { children, scratch }: Bench,
  task: Omit<ImportTask, 'scratch'> & TokenizeTask,
  rounds: number,
): Promise<ImportComparison> {
  const { path, importer, options, tokenizer } = task
  const imports: ImportReport[] = []
  const tokenized: ChildReport[] = []
  const times = await interleaved(
    rounds,
    async () => {
      const report = childReport<ImportReport>(children, 'import-file.js', {
        path,
        scratch,
        importer,
        options,
      })
      imports.push(report)
      return report.ms
    },
    async () => {
      const report = childReport<ChildReport>(children, 'tokenize.js', { path, tokenizer })
      tokenized.push(report)
      return report.ms
    },
  )
  return { ...times, imports, tokenized }
}

function childReport<Report>(children: string, name: string, task: ImportTask | TokenizeTask): Report {
  return JSON.parse(outputOfNode([join(children, name), JSON.stringify(task)]))
}
