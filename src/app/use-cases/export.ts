/** `export`: records leave the vault, into a file that is whole or not there. */

import { createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import {
  type ExportFile,
  type ExportRequest,
  type ExportResult,
  type ExportSink,
  exportCsv,
  exportFhir,
  exportGdpr,
  exportNdjson,
  zipSink,
} from '../../exporters/index.ts'
import { bytesToHex, Failure, formatInstant } from '../../foundation/index.ts'
import type { AppContext } from '../context.ts'
import type { UseCase } from '../use-case.ts'
import { programVersion } from '../version.ts'

export type ExportFormat = 'csv' | 'ndjson' | 'fhir' | 'gdpr'

export interface ExportArgs {
  readonly format: ExportFormat
  /** Absolute path, or `-` for standard output. */
  readonly out: string
  readonly fromMs?: number
  readonly toMs?: number
  readonly only?: readonly string[]
  /** Replace what is there. */
  readonly force?: boolean
  readonly dryRun?: boolean
}

export interface ExportView extends ExportResult {
  readonly format: ExportFormat
  readonly out: string
  readonly dryRun: boolean
}

export const exportUseCase: UseCase<ExportArgs, ExportView> = {
  name: 'export',
  scope: 'admin',
  async run(context, args) {
    const target = await targetOf(context, args).catch((error: unknown) => {
      throw outputFailure(args.out, error)
    })
    try {
      const result = await exported(context, args, target.sink)
      await target.commit()
      return { ...result, format: args.format, out: args.out, dryRun: args.dryRun === true }
    } catch (error) {
      await target.abandon()
      throw outputFailure(args.out, error)
    } finally {
      context.progress.end()
    }
  },
}

/** What the file system refused, as a failure; anything else as it is. */
function outputFailure(out: string, error: unknown): unknown {
  const isOfSystem = error instanceof Error && 'syscall' in error && 'code' in error
  if (error instanceof Failure || !isOfSystem) return error
  const isFull = error.code === 'ENOSPC' || error.code === 'EDQUOT'
  return new Failure('IO', `${out} cannot be written (${String(error.code)})`, {
    hint: isFull ? 'Free some space on the disk, then run the command again.' : 'Check the folder of --out.',
    cause: error,
  })
}

function exported(context: AppContext, args: ExportArgs, sink: ExportSink): Promise<ExportResult> {
  const request = requestOf(context, args, sink)
  // Stable ids of exported resources are derived under the vault's own random id.
  const namespace = bytesToHex(context.vault().vaultId)
  const withNamespace = { ...request, options: { ...request.options, namespace } }
  switch (args.format) {
    case 'csv':
      return exportCsv(request)
    case 'ndjson':
      return exportNdjson(request)
    case 'fhir':
      return exportFhir(withNamespace)
    case 'gdpr':
      return exportGdpr(withNamespace)
  }
}

function requestOf(context: AppContext, args: ExportArgs, sink: ExportSink): ExportRequest {
  const nowMs = context.clock.nowMs()
  const period =
    args.fromMs === undefined && args.toMs === undefined
      ? {}
      : { period: { fromMs: args.fromMs ?? -Infinity, toMs: args.toMs ?? Infinity } }
  return {
    source: context.vault(),
    sink,
    options: {
      nowIso: formatInstant(nowMs, context.offsetAt(nowMs)),
      version: programVersion(),
      ...period,
      ...(args.only === undefined || args.only.length === 0 ? {} : { only: args.only }),
    },
    signal: context.signal,
    onProgress: (done, total, what) => context.progress.update(done, total, what),
  }
}

interface Target {
  readonly sink: ExportSink
  /** Moves what was written to its place. */
  commit(): Promise<void>
  /** Leaves nothing behind. */
  abandon(): Promise<void>
}

async function targetOf(context: AppContext, args: ExportArgs): Promise<Target> {
  if (args.dryRun) return countingTarget()
  if (args.out === '-') return standardOutputTarget(context, args.format)
  await assertFree(args)
  const temporary = join(
    dirname(resolve(args.out)),
    `.${basename(args.out)}.${bytesToHex(context.random.bytes(4))}.part`,
  )
  await mkdir(dirname(temporary), { recursive: true })
  if (args.format !== 'gdpr') return fileTarget(temporary, args.out)
  return args.out.toLowerCase().endsWith('.zip')
    ? zipTarget(context, temporary, args.out)
    : folderTarget(temporary, args.out)
}

async function assertFree(args: ExportArgs): Promise<void> {
  const there = await stat(args.out).catch(() => undefined)
  if (there?.isDirectory() && args.format !== 'gdpr') {
    throw new Failure('EXISTS', `${args.out} is a folder`, {
      hint: `healthmate export ${args.format} --out FILE`,
    })
  }
  if (there && args.force !== true) {
    throw new Failure('EXISTS', `${args.out} is there already`, { hint: 'Add --force to replace it.' })
  }
}

function countingTarget(): Target {
  const nothing = async (): Promise<void> => {}
  return { sink: { open: () => ({ write: () => {}, close: () => {} }) }, commit: nothing, abandon: nothing }
}

function standardOutputTarget(context: AppContext, format: ExportFormat): Target {
  if (format === 'gdpr') {
    throw new Failure('USAGE', 'the archive has many files', {
      hint: 'healthmate export gdpr --out my-data.zip',
    })
  }
  const nothing = async (): Promise<void> => {}
  const file: ExportFile = { write: (bytes) => context.standardOutput(bytes), close: () => {} }
  return { sink: { open: () => file }, commit: nothing, abandon: nothing }
}

/** One file: every part an exporter opens goes into it, one after the other. */
function fileTarget(temporary: string, out: string): Target {
  return {
    sink: { open: () => durableFile(temporary) },
    commit: () => moveIntoPlace(temporary, out),
    abandon: () => rm(temporary, { force: true }),
  }
}

function folderTarget(temporary: string, out: string): Target {
  return {
    sink: {
      async open(name) {
        const path = join(temporary, ...name.split('/'))
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        return durableFile(path)
      },
    },
    async commit() {
      await rm(out, { recursive: true, force: true })
      await moveIntoPlace(temporary, out)
    },
    abandon: () => rm(temporary, { recursive: true, force: true }),
  }
}

function zipTarget(context: AppContext, temporary: string, out: string): Target {
  const output = createWriteStream(temporary, { mode: 0o600, flush: true })
  const zip = zipSink(output, context.clock.nowMs())
  return {
    sink: zip,
    async commit() {
      await zip.finish()
      await moveIntoPlace(temporary, out)
    },
    async abandon() {
      zip.abort()
      await rm(temporary, { force: true })
    },
  }
}

async function durableFile(path: string): Promise<ExportFile> {
  const file = await open(path, 'wx', 0o600)
  return {
    async write(bytes) {
      await file.appendFile(bytes)
    },
    async close() {
      await file.sync()
      await file.close()
    },
    async abort() {
      await file.close()
      await rm(path, { force: true })
    },
  }
}

async function moveIntoPlace(temporary: string, out: string): Promise<void> {
  await rename(temporary, out)
  const folder = await open(dirname(resolve(out)))
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
