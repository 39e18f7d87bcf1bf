/** An `ExportSink` that streams a zip archive; where its bytes go is the caller's business. */
import { once } from 'node:events'
import { PassThrough, type Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { Failure } from '../foundation/index.ts'
import type { ExportFile, ExportSink } from './ports.ts'

export interface ZipSink extends ExportSink {
  /** Writes the directory of the archive and waits until `output` has everything. */
  finish(): Promise<void>
  /** Gives up: `output` is destroyed, what it holds is no archive. */
  abort(): void
}

/**
 * Zip into `output`, with ZIP64 where needed. `modifiedMs` (ms since the epoch) is the time of every member. A failure
 * of `output` rejects the write that meets it with an IO failure.
 */
export function zipSink(output: Writable, modifiedMs: number): ZipSink {
  const zip = new ZipFile()
  const failed = new Promise<never>((_, reject) => {
    const fail = (cause: unknown): void => {
      reject(
        new Failure('IO', 'the archive cannot be written', { hint: 'Is there room on the disk?', cause }),
      )
    }
    output.on('error', fail)
    zip.on('error', fail)
  })
  // The failure is met by the next write; without one in flight it must not end the process.
  failed.catch(() => undefined)
  zip.outputStream.pipe(output)
  const mtime = new Date(modifiedMs)
  return {
    open: (name) => zipMember(zip, name, { mtime, failed }),
    async finish() {
      zip.end()
      await Promise.race([finished(output), failed])
    },
    abort: () => output.destroy(),
  }
}

function zipMember(
  zip: ZipFile,
  name: string,
  options: { readonly mtime: Date; readonly failed: Promise<never> },
): ExportFile {
  const { mtime, failed } = options
  const stream = new PassThrough()
  zip.addReadStream(stream, name, { mtime, mode: 0o100600 })
  return {
    async write(bytes) {
      if (!stream.write(bytes)) await Promise.race([once(stream, 'drain'), failed])
    },
    async close() {
      stream.end()
      await Promise.race([finished(stream), failed])
    },
  }
}
