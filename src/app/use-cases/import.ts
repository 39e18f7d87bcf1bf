/**
 * `import`: reads an export into the vault.
 *
 * The import itself is an entity: what was read, when, and how far it came. Every chunk is one transaction that also
 * moves the `consumed` mark, so that an interrupted import goes on where it stopped when the same input is given
 * again. Into a locked vault the chunks go to the sealed inbox and the counts follow when it is drained.
 */
import { basename } from 'node:path'
import { bytesToHex } from '../../foundation/index.ts'
import { type ImportReport, openInput, runImport } from '../../importers/index.ts'
import type { Entity, ImportChunk, ImportSink, JsonValue, Operation, Refusal } from '../../records/index.ts'
import type { AppContext } from '../context.ts'
import { inputFingerprint } from '../importing/fingerprint.ts'
import { contentFingerprints, doubledNotes } from '../importing/same-file.ts'
import { type LeftOut, sealedSink } from '../importing/sealed-sink.ts'
import { type DateOrder, type Stated, statedBy } from '../importing/stated.ts'
import { addReports, storedReport } from '../importing/stored-report.ts'
import type { Paths } from '../paths.ts'
import type { UseCase } from '../use-case.ts'

export interface ImportArgs {
  readonly format: string
  /** `-` is standard input. */
  readonly paths: readonly string[]
  readonly dryRun?: boolean
  readonly sinceMs?: number
  readonly zone?: string
  readonly skipUnmapped?: boolean
  /** `weight=kg`: the unit of a metric's numbers that come without one. */
  readonly units?: readonly string[]
  /** Name of a saved mapping of columns. */
  readonly map?: string
  /** Which number of `05-12-2019` is the day, where a file does not show it. */
  readonly dateOrder?: DateOrder
  /** Whose records to take where a file holds several people. */
  readonly whose?: string
  /** Input that was imported before, in the same way, is passed over (`--watch`). */
  readonly once?: boolean
}

export interface ImportView extends ImportReport {
  /** `null` for a dry run. */
  readonly importId: string | null
  readonly dryRun: boolean
  /** Went on with an interrupted import of the same input. */
  readonly resumed: boolean
  /** Passed over, because it was imported before: the report is that of then. */
  readonly known: boolean
}

export const importUseCase: UseCase<ImportArgs, ImportView> = {
  name: 'import',
  scope: 'append',
  async run(context, args) {
    const stated = await statedBy(context.paths, args)
    const fingerprint = await fingerprintOf(args, stated)
    const dryRun = args.dryRun === true
    const same = context.unlocked && !dryRun ? importsOf(context, fingerprint) : []
    const done = args.once ? same.find(isFinished) : undefined
    if (done) return knownView(done)
    const earlier = same.find((one) => !isFinished(one))
    const importId = earlier?.id ?? bytesToHex(context.random.bytes(6))
    const view = { importId: dryRun ? null : importId, dryRun, resumed: earlier !== undefined, known: false }
    const contents = await contentFingerprints(args.paths)
    const told = (report: ImportReport): ImportReport => withDoubled(context, importId, contents, report)
    if (dryRun) return { ...told(await rehearse(context, args, stated, importId)), ...view }

    const sealed = context.unlocked ? undefined : sealedSink(context, importId)
    const alreadyConsumed = Number(earlier?.fields['consumed'] ?? 0)
    const opening = earlier ? {} : { ...openingFields(context, args, fingerprint), contents }
    const sink = openedBy(sealed ?? vaultSink(context, importId), () =>
      recordImport(context, importId, opening),
    )
    const taken = told(await read(context, args, stated, sink, importId, alreadyConsumed))
    const report = { ...taken, refusals: [...taken.refusals, ...(sealed?.leftOut ?? []).map(tooLarge)] }
    sink.open()
    const whole = earlier === undefined ? report : addReports(earlier.fields['report'], report)
    // Without the end mark the same input goes on here.
    const end = report.interrupted ? {} : { finishedMs: context.clock.nowMs() }
    recordImport(context, importId, { ...end, report: storedReport(whole) })
    // Daily values are worked out now, so that the first question about them need not wait.
    if (context.unlocked) context.vault().settle()
    return { ...report, profile: newFacts(context, report.profile), ...view }
  },
}

/** A finished import of input with this fingerprint. */
export const importFindUseCase: UseCase<
  { readonly fingerprint: string },
  { readonly view: ImportView | null }
> = {
  name: 'import.find',
  scope: 'read',
  async run(context, { fingerprint }) {
    const found = importsOf(context, fingerprint).find(isFinished)
    return { view: found ? knownView(found) : null }
  },
}

/** What `import.find` is asked for. Fails as the import would: NOT_FOUND, USAGE, UNIT. */
export async function importFingerprint(paths: Paths, args: ImportArgs): Promise<string> {
  return fingerprintOf(args, await statedBy(paths, args))
}

function isFinished({ fields }: Entity): boolean {
  return fields['finishedMs'] !== undefined
}

function knownView({ id, fields }: Entity): ImportView {
  const report = fields['report'] as unknown as ImportReport
  return { ...report, importId: id, dryRun: false, resumed: false, known: true }
}

/** A locked vault does not tell what was imported before. */
function withDoubled(
  context: AppContext,
  importId: string,
  contents: readonly string[],
  report: ImportReport,
): ImportReport {
  if (!context.unlocked) return report
  const others = context
    .vault()
    .entities('import')
    .filter(({ id }) => id !== importId)
  return { ...report, notes: [...report.notes, ...doubledNotes(others, contents, report)] }
}

function tooLarge({ name }: LeftOut): Refusal {
  const reason = 'it is too large to be sealed while the vault is locked; unlock it and import again'
  return { where: name, reason, raw: '', code: 'VAULT_LOCKED' }
}

const profileFieldByOffer = {
  dateOfBirth: 'birth-date',
  sex: 'sex',
  bloodType: 'blood-type',
  skinType: 'skin-type',
  smoking: 'smoking',
} as const

/** What the profile holds already need not be offered again at every import. */
function newFacts(context: AppContext, offers: ImportReport['profile']): ImportReport['profile'] {
  if (!context.unlocked) return offers
  const facts = context.vault().entity('profile', 'self')?.fields ?? {}
  return offers.filter(({ field, value }) => facts[profileFieldByOffer[field]] !== value)
}

async function read(
  context: AppContext,
  args: ImportArgs,
  stated: Stated,
  sink: ImportSink,
  importId: string,
  alreadyConsumed: number,
): Promise<ImportReport> {
  const input = await openInput(args.paths, { stdin: process.stdin })
  try {
    return await runImport({
      input,
      importer: args.format,
      sink,
      options: {
        importId,
        alreadyConsumed,
        signal: context.signal,
        onProgress: ({ bytes, totalBytes, read }) =>
          context.progress.update(bytes, totalBytes ?? undefined, `${read.toLocaleString('en-US')} records`),
        ...(args.sinceMs === undefined ? {} : { sinceMs: args.sinceMs }),
        ...(args.zone === undefined ? {} : { zone: args.zone }),
        defaultZone: context.zone,
        defaultZoneIsSet: context.config.timeZone() !== undefined,
        ...stated,
        ...(args.skipUnmapped === undefined ? {} : { skipUnmapped: args.skipUnmapped }),
      },
    })
  } finally {
    context.progress.end()
    await input.close()
  }
}

/** Exact counts without a trace: everything is written inside one transaction that is rolled back. */
async function rehearse(
  context: AppContext,
  args: ImportArgs,
  stated: Stated,
  importId: string,
): Promise<ImportReport> {
  if (!context.unlocked) return read(context, args, stated, { write: () => null }, importId, 0)
  const vault = context.vault()
  return vault.rehearse(() => read(context, args, stated, vault.importSink(importId), importId, 0))
}

/** A sink that records the import before its first chunk: of input that nothing is read from there is no trace. */
function openedBy(inner: ImportSink, record: () => void): ImportSink & { open(): void } {
  let isOpen = false
  const open = (): void => {
    if (!isOpen) record()
    isOpen = true
  }
  return {
    open,
    write(chunk) {
      open()
      return inner.write(chunk)
    },
  }
}

function vaultSink(context: AppContext, importId: string): ImportSink {
  const inner = context.vault().importSink(importId)
  return {
    write(chunk) {
      const mark = entityOperations(importId, { consumed: chunk.consumed })
      return inner.write({ ...chunk, operations: [...chunk.operations, ...mark] })
    },
  }
}

const emptyChunk: ImportChunk = { blocks: [], raw: [], attachments: [], operations: [], consumed: 0 }

/** Fields of the import's entity, beside its chunks: the `consumed` mark stays where the last chunk put it. */
function recordImport(
  context: AppContext,
  importId: string,
  fields: Readonly<Record<string, JsonValue>>,
): void {
  const chunk = { ...emptyChunk, operations: entityOperations(importId, fields) }
  const sink = context.unlocked ? context.vault().importSink(importId) : sealedSink(context, importId)
  sink.write(chunk)
}

function entityOperations(id: string, fields: Readonly<Record<string, JsonValue>>): Operation[] {
  return Object.entries(fields).map(([field, value]) => ({
    kind: 'entity',
    type: 'import',
    id,
    field,
    value,
  }))
}

function openingFields(
  context: AppContext,
  args: ImportArgs,
  fingerprint: string,
): Readonly<Record<string, JsonValue>> {
  return {
    format: args.format,
    files: args.paths.map((path) => (path === '-' ? 'standard input' : basename(path))),
    fingerprint,
    startedMs: context.clock.nowMs(),
  }
}

/** The files and what changes the reading of them. */
function fingerprintOf(args: ImportArgs, stated: Stated): Promise<string> {
  const { format, paths, sinceMs, zone, skipUnmapped } = args
  return inputFingerprint(paths, [format, sinceMs ?? null, zone ?? null, skipUnmapped === true, stated])
}

/** Imports of the same input with the same options that are not undone. */
function importsOf(context: AppContext, fingerprint: string): readonly Entity[] {
  const imports = context.vault().entities('import')
  return imports.filter(({ fields }) => fields['fingerprint'] === fingerprint && fields['withdrawn'] !== true)
}
