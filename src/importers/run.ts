/** Runs one import from opened input to a report. */
import { Failure } from '../foundation/index.ts'
import type { ImportSink, JsonValue } from '../records/index.ts'
import { type Assignment, assignMembers, type Share, workbookLook } from './assign.ts'
import { csv, csvWithMapping } from './csv/index.ts'
import { countsBetween } from './format-counts.ts'
import { withTightHeap } from './heap.ts'
import type { FormatCounts, Importer, ImportOptions, ImportReport, OpenedInput } from './importer.ts'
import { Intake } from './intake.ts'
import { importerByName, importers } from './registry.ts'

/** Files that a message names. */
const maxNamedFiles = 5

export interface ImportRun {
  readonly input: OpenedInput
  /** `auto`, or the name of an adapter. */
  readonly importer: string
  readonly sink: ImportSink
  readonly options: ImportOptions
}

/**
 * Reads everything into the sink, chunk by chunk. The caller closes the input. Fails as the adapter and the sink do;
 * what was written by then stays, and `alreadyConsumed` continues from there. Of several adapters one that refuses its
 * input does not stop the others.
 */
export function runImport(run: ImportRun): Promise<ImportReport> {
  return withTightHeap(() => readShares(run))
}

async function readShares({ input, importer, sink, options }: ImportRun): Promise<ImportReport> {
  const now = options.now ?? (() => performance.now())
  const startedMs = now()
  const { shares, unrecognised } = await assignmentOf(input, importer, options.mapping)
  const intake = new Intake(sink, options)
  for (const refusal of input.refusals) intake.complain(refusal)
  for (const member of unrecognised) intake.unrecognised(member)
  const formats: Record<string, FormatCounts> = {}
  for (const share of shares) {
    const before = intake.counts()
    await readShare(share, intake, shares.length > 1)
    formats[share.importer.name] = countsBetween(before, intake.counts())
    if (intake.interrupted) break
  }
  return intake.report(formats, input.files, (now() - startedMs) / 1000)
}

async function assignmentOf(
  input: OpenedInput,
  importer: string,
  mapping: JsonValue | undefined,
): Promise<Assignment> {
  if (importer !== 'auto')
    return { shares: [{ importer: importerByName(importer), input }], unrecognised: [] }
  const assignment = await assignMembers(input, candidatesWith(mapping))
  if (assignment.shares.length > 0) return assignment
  throw nothingKnown(assignment.unrecognised, input)
}

/** All adapters; with a mapping of columns that the person named, tables of these columns are recognised too. */
function candidatesWith(mapping: JsonValue | undefined): readonly Importer[] {
  return mapping === undefined
    ? importers
    : importers.map((one) => (one === csv ? csvWithMapping(mapping) : one))
}

/** Names what was looked at and what was refused, for the person to tell which file it is. */
function nothingKnown(unrecognised: Assignment['unrecognised'], { members, refusals }: OpenedInput): Failure {
  if (members.length === 0 && refusals.length === 0) {
    return new Failure('REFUSED_INPUT', 'there is no file in the input', {
      hint: 'Name the export, or the folder or zip that holds it.',
    })
  }
  const files = [
    ...unrecognised.map(({ where, looksLike }) => `${where} (${looksLike})`),
    ...refusals.map(({ where, reason }) => `${where} (refused: ${reason})`),
  ]
  const more = files.length > maxNamedFiles ? ' and others' : ''
  const named = `${files.slice(0, maxNamedFiles).join('; ')}${more}`
  return new Failure('REFUSED_INPUT', `nothing in the input is of a known format: ${named}`, {
    hint: hintFor(unrecognised.slice(0, maxNamedFiles).map(({ looksLike }) => looksLike)),
  })
}

function hintFor(looks: readonly string[]): string {
  if (looks.some((look) => look.startsWith('a table with') || look === workbookLook)) {
    return 'healthmate import csv FILE --interactive asks what the columns of a table are; healthmate import formats'
  }
  if (looks.includes('a tar archive')) return 'Unpack it first: tar -xf FILE'
  return looks.includes('gzip') ? 'Unpack it first: gunzip FILE' : 'healthmate import formats'
}

async function readShare({ importer, input }: Share, intake: Intake, isOneOfSeveral: boolean): Promise<void> {
  try {
    await importer.read(input, intake)
  } catch (cause) {
    if (!isOneOfSeveral || !(cause instanceof Failure) || cause.code !== 'REFUSED_INPUT') throw cause
    intake.abandon()
    intake.complain({ where: importer.name, reason: cause.message, raw: '', code: cause.code })
  }
}
