/** Files of ours: read without following links, written whole or not at all, mode 0600. */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { Failure } from '../foundation/index.ts'
import { ensurePrivateFolder } from './paths.ts'

/** Writes beside the target, syncs, renames over it and syncs the folder: a crash leaves the old or the new file. */
export function writePrivateFile(path: string, text: string): void {
  ensurePrivateFolder(dirname(path))
  const temporary = join(dirname(path), `.${process.pid}-${process.hrtime.bigint()}.tmp`)
  try {
    const descriptor = openSync(temporary, 'wx', 0o600)
    try {
      // Unlike writeSync, goes on where a write stopped short.
      writeFileSync(descriptor, text)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw new Failure('IO', `${path} cannot be written${codeOf(error)}`, {
      hint: 'Check the free space and who owns the folder.',
      cause: error,
    })
  }
  syncFolder(dirname(path))
}

/** Windows cannot open folders; there the rename is as durable as the file system makes it. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(path, constants.O_RDONLY)
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * At most `limit` bytes of a regular file that is no link; `check` may refuse what was opened (not what a path said
 * a moment before). The caller overwrites the bytes when they are secret.
 */
export function readWithoutLinks(path: string, limit: number, check: (stats: Stats) => void): Uint8Array {
  const descriptor = openSync(
    path,
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  )
  try {
    const stats = fstatSync(descriptor)
    if (!stats.isFile()) throw new Failure('USAGE', `${path} is not a regular file`)
    check(stats)
    return readDescriptor(descriptor, limit, path)
  } finally {
    closeSync(descriptor)
  }
}

/** Reads a descriptor to its end. Fails with USAGE when it holds more than `limit` bytes. */
export function readDescriptor(descriptor: number, limit: number, what: string): Uint8Array {
  const buffer = new Uint8Array(limit + 1)
  let length = 0
  while (length <= limit) {
    const count = readSync(descriptor, buffer, length, limit + 1 - length, null)
    if (count === 0) break
    length += count
  }
  const bytes = buffer.slice(0, length)
  buffer.fill(0)
  if (length <= limit) return bytes
  bytes.fill(0)
  throw new Failure('USAGE', `${what} holds more than ${limit} bytes`)
}

/** ` (EACCES)` of a system error, for messages. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : ''
}
