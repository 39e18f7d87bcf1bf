/** What a sink was given, as lines that tests compare. */

import { expect } from 'vitest'
import { type ImportOptions, type InputMember, runImport } from '../../../src/importers/index.ts'
import { inputOf, memberOf, RememberingSink, settled } from './harness.ts'

/** `metric value unit @ local start +duration source`, sorted. */
export function rowsOf(sink: RememberingSink): string[] {
  const rows = sink.chunks.flatMap((chunk) =>
    chunk.blocks.flatMap(({ series, columns }) =>
      Array.from({ length: columns.length }, (_, i) => {
        const values = columns.values.map((column) => Math.round((column[i] as number) * 1000) / 1000)
        const offset = columns.offsetMin[i] as number
        const local = new Date((columns.startMs[i] as number) + offset * 60_000).toISOString().slice(0, 19)
        const seconds = (columns.durationMs[i] as number) / 1000
        return `${series.metric} ${values.join('/')} ${series.unit} @ ${local} +${seconds} ${series.source.app}`
      }),
    ),
  )
  return rows.sort()
}

/** Undefined takes an option back. */
export type TestOptions = { readonly [Name in keyof ImportOptions]?: ImportOptions[Name] | undefined }

/** Imports one file of text; the account must be even. */
export async function importFile(
  importer: string,
  name: string,
  content: string | Uint8Array,
  options: TestOptions = {},
) {
  return importMembers(importer, [memberOf(name, [Buffer.from(content)])], options)
}

export async function importMembers(
  importer: string,
  members: readonly InputMember[],
  options: TestOptions = {},
  sink = new RememberingSink(),
) {
  const report = await runImport({
    input: inputOf(...members),
    importer,
    sink,
    options: { importId: 'i', zone: 'Europe/Berlin', ...options } as ImportOptions,
  })
  expect(settled(report)).toBe(report.read)
  return { report, sink, rows: rowsOf(sink) }
}
