/** Runs one import from opened input to a report. */
import type { ImportSink } from '../records/index.ts'
import type { ImportOptions, ImportReport, OpenedInput } from './importer.ts'
import { Intake } from './intake.ts'
import { detectImporter, importerByName } from './registry.ts'

export interface ImportRun {
  readonly input: OpenedInput
  /** `auto`, or the name of an adapter. */
  readonly importer: string
  readonly sink: ImportSink
  readonly options: ImportOptions
}

/**
 * Reads everything into the sink, chunk by chunk. The caller closes the input. Fails as the adapter and the sink do;
 * what was written by then stays, and `alreadyConsumed` continues from there.
 */
export async function runImport({ input, importer, sink, options }: ImportRun): Promise<ImportReport> {
  const now = options.now ?? (() => performance.now())
  const startedMs = now()
  const adapter = importer === 'auto' ? await detectImporter(input) : importerByName(importer)
  const intake = new Intake(sink, options)
  for (const refusal of input.refusals) intake.complain(refusal)
  await adapter.read(input, intake)
  return intake.report(adapter.name, input.files, (now() - startedMs) / 1000)
}
