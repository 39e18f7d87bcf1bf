/**
 * `import`: reads an export into the vault.
 *
 * The import itself is an entity: what was read, when, and how far it came. Every chunk is one transaction that also
 * moves the `consumed` mark, so that an interrupted import goes on where it stopped when the same input is given
 * again. Into a locked vault the chunks go to the sealed inbox and the counts follow when it is drained.
 */
import { createHash } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { bytesToHex, Failure } from '../../foundation/index.ts'
import { type ImportReport, openInput, runImport } from '../../importers/index.ts'
import {
  type BlockOutcome,
  type Entity,
  emptyChange,
  type ImportChunk,
  type ImportSink,
  type JsonValue,
  type Operation,
} from '../../records/index.ts'
import type { AppContext } from '../context.ts'
import type { UseCase } from '../use-case.ts'

export interface ImportArgs {
  readonly format: string
  /** `-` is standard input. */
  readonly paths: readonly string[]
  readonly dryRun?: boolean
  readonly sinceMs?: number
  readonly zone?: string
  readonly skipUnmapped?: boolean
}

export interface ImportView extends ImportReport {
  /** `null` for a dry run. */
  readonly importId: string | null
  readonly dryRun: boolean
  /** Went on with an interrupted import of the same input. */
  readonly resumed: boolean
}

export const importUseCase: UseCase<ImportArgs, ImportView> = {
  name: 'import',
  scope: 'append',
  async run(context, args) {
    const fingerprint = await inputFingerprint(args)
    const dryRun = args.dryRun === true
    const earlier = context.unlocked && !dryRun ? interrupted(context, fingerprint) : undefined
    const importId = earlier?.id ?? bytesToHex(context.random.bytes(6))
    const alreadyConsumed = Number(earlier?.fields['consumed'] ?? 0)
    if (dryRun)
      return { ...(await rehearse(context, args, importId)), importId: null, dryRun, resumed: false }

    const sink = context.unlocked ? vaultSink(context, importId) : inboxSink(context)
    if (!earlier) recordImport(context, importId, openingFields(context, args, fingerprint))
    const report = await read(context, args, sink, importId, alreadyConsumed)
    const whole = earlier === undefined ? report : addReports(earlier.fields['report'], report)
    // Without the end mark the same input goes on here.
    const end = report.interrupted ? {} : { finishedMs: context.clock.nowMs() }
    recordImport(context, importId, { ...end, report: storedReport(whole) })
    // Daily values are worked out now, so that the first question about them need not wait.
    if (context.unlocked) context.vault().settle()
    const profile = newFacts(context, report.profile)
    return { ...report, profile, importId, dryRun, resumed: earlier !== undefined }
  },
}

const profileFieldByOffer = {
  dateOfBirth: 'birth-date',
  sex: 'sex',
  bloodType: 'blood-type',
  skinType: 'skin-type',
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
        ...(args.skipUnmapped === undefined ? {} : { skipUnmapped: args.skipUnmapped }),
      },
    })
  } finally {
    context.progress.end()
    await input.close()
  }
}

/** Exact counts without a trace: everything is written inside one transaction that is rolled back. */
async function rehearse(context: AppContext, args: ImportArgs, importId: string): Promise<ImportReport> {
  if (!context.unlocked) return read(context, args, { write: () => null }, importId, 0)
  const vault = context.vault()
  return vault.rehearse(() => read(context, args, vault.importSink(importId), importId, 0))
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

/** The sealed inbox takes one block or one packet of the rest per entry; what becomes of them shows at the drain. */
function inboxSink(context: AppContext): ImportSink {
  const label = 'import'
  return {
    write(chunk) {
      const locked = context.locked()
      for (const block of chunk.blocks) locked.appendToInbox({ ...emptyChange, label, blocks: [block] })
      if (chunk.operations.length > 0) {
        locked.appendToInbox({ ...emptyChange, label, operations: chunk.operations })
      }
      for (const packet of packets(chunk)) locked.appendToInbox({ ...emptyChange, label, ...packet })
      return null
    },
  }
}

/** Raw records in packets that keep under the entry limit; an attachment travels alone. */
function* packets(chunk: ImportChunk): Iterable<Pick<ImportChunk, 'raw' | 'attachments'>> {
  let raw: (typeof chunk.raw)[number][] = []
  let size = 0
  for (const record of chunk.raw) {
    if (size + record.text.length > 100_000) {
      yield { raw, attachments: [] }
      raw = []
      size = 0
    }
    raw.push(record)
    size += record.text.length + 200
  }
  if (raw.length > 0) yield { raw, attachments: [] }
  for (const attachment of chunk.attachments) yield { raw: [], attachments: [attachment] }
}

const emptyChunk: ImportChunk = { blocks: [], raw: [], attachments: [], operations: [], consumed: 0 }

/** Fields of the import's entity, beside its chunks: the `consumed` mark stays where the last chunk put it. */
function recordImport(
  context: AppContext,
  importId: string,
  fields: Readonly<Record<string, JsonValue>>,
): void {
  const chunk = { ...emptyChunk, operations: entityOperations(importId, fields) }
  const sink = context.unlocked ? context.vault().importSink(importId) : inboxSink(context)
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

/** The report without the samples of refused input. */
function storedReport(report: ImportReport): JsonValue {
  const { refusals, ...rest } = report
  return JSON.parse(JSON.stringify({ ...rest, refusals: refusals.slice(0, 100) })) as JsonValue
}

const summedCounts = ['read', 'imported', 'merged', 'duplicates', 'skipped', 'refused', 'seconds'] as const
const summedTables = ['byMetric', 'unmapped', 'kept'] as const

/** Reports of an interrupted run and of the one that went on from it: each covers its own part. */
function addReports(earlier: JsonValue | undefined, later: ImportReport): ImportReport {
  if (typeof earlier !== 'object' || earlier === null) return later
  const before = earlier as unknown as ImportReport
  const counts = Object.fromEntries(summedCounts.map((name) => [name, before[name] + later[name]]))
  const tables = Object.fromEntries(summedTables.map((name) => [name, addTables(before[name], later[name])]))
  const refusals = [...before.refusals, ...later.refusals]
  return {
    ...later,
    ...counts,
    ...tables,
    refusals,
    from: earliest(before.from, later.from),
    to: later.to ?? before.to,
  }
}

function earliest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return Date.parse(a) <= Date.parse(b) ? a : b
}

function addTables(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return Object.fromEntries([...names].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]))
}

/** An unfinished import of the same input with the same options. */
function interrupted(context: AppContext, fingerprint: string): Entity | undefined {
  return context
    .vault()
    .entities('import')
    .find(
      ({ fields }) =>
        fields['fingerprint'] === fingerprint &&
        fields['finishedMs'] === undefined &&
        fields['withdrawn'] !== true,
    )
}

const fingerprintBytes = 64 * 1024

/** Names no content: a hash of sizes, beginnings and ends of the files and of what changes the reading. */
async function inputFingerprint(args: ImportArgs): Promise<string> {
  const hash = createHash('sha256')
  hash.update(
    JSON.stringify([args.format, args.sinceMs ?? null, args.zone ?? null, args.skipUnmapped === true]),
  )
  for (const path of args.paths) {
    if (path === '-')
      return bytesToHex(hash.update(`stdin ${process.pid} ${process.hrtime.bigint()}`).digest())
    const facts = await stat(path).catch((cause: unknown) => {
      throw new Failure('NOT_FOUND', `cannot read ${path}`, { hint: 'Check the path of the export.', cause })
    })
    hash.update(`${basename(path)} ${facts.size} ${facts.isDirectory() ? facts.mtimeMs : ''}`)
    if (facts.isFile()) hash.update(await ends(path, facts.size))
  }
  return bytesToHex(hash.digest())
}

async function ends(path: string, size: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const head = await file.read(Buffer.alloc(fingerprintBytes), 0, fingerprintBytes, 0)
    const tail = await file.read(
      Buffer.alloc(fingerprintBytes),
      0,
      fingerprintBytes,
      Math.max(0, size - fingerprintBytes),
    )
    return Buffer.concat([head.buffer.subarray(0, head.bytesRead), tail.buffer.subarray(0, tail.bytesRead)])
  } finally {
    await file.close()
  }
}

/** Adds the outcomes of drained inbox entries to the reports of the imports they belong to. */
export function completeReports(
  context: AppContext,
  outcomesByImport: ReadonlyMap<string, readonly BlockOutcome[]>,
): void {
  for (const [id, outcomes] of outcomesByImport) {
    const entity = context.vault().entity('import', id)
    const report = entity?.fields['report'] as Readonly<Record<string, JsonValue>> | undefined
    if (!report) continue
    const added = outcomes.reduce((sum, outcome) => sum + outcome.added, 0)
    const duplicates = outcomes.reduce((sum, outcome) => sum + outcome.duplicates + outcome.suppressed, 0)
    const complete = {
      ...report,
      byMetric: addedByMetric(outcomes),
      imported: added,
      duplicates: Number(report['duplicates']) + duplicates,
      pending: 0,
    }
    context
      .vault()
      .write({ ...emptyChange, label: 'import', operations: entityOperations(id, { report: complete }) })
  }
}

function addedByMetric(outcomes: readonly BlockOutcome[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { metric, added } of outcomes) if (added > 0) counts[metric] = (counts[metric] ?? 0) + added
  return counts
}
