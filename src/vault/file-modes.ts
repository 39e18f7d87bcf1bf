/**
 * File modes of everything the vault keeps: files 0600, own folders 0700, no symbolic links (T42); and the two
 * durable ways to write a file: whole and at once, each with fsync of file and folder.
 *
 * A wider mode of our own file or folder is repaired. A folder that is not ours alone is left as it is, unless
 * others may write there: they could replace the vault, so it is refused. Windows has no such modes.
 */
import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { Failure } from '../foundation/index.ts'

const hasModes = process.platform !== 'win32'
const privateFileMode = 0o600
const privateFolderMode = 0o700

/** Runs `work` under umask 077, so that what it creates is the owner's alone. */
export function withPrivateUmask<T>(work: () => T): T {
  // Worker threads may not set the process's umask; everything they create passes an explicit mode.
  if (!hasModes || !isMainThread) return work()
  const before = process.umask(0o077)
  try {
    return work()
  } finally {
    process.umask(before)
  }
}

/** Makes one of the program's own folders (and its parents), or repairs its mode to 0700. */
export function ensurePrivateFolder(path: string): void {
  try {
    withPrivateUmask(() => mkdirSync(path, { recursive: true, mode: privateFolderMode }))
    if (hasModes && (statSync(path).mode & 0o077) !== 0) chmodSync(path, privateFolderMode)
  } catch (cause) {
    throw ioFailure(`the folder ${path} cannot be made private`, cause)
  }
}

/** Makes the folder that a vault goes into, or refuses one that others may write to. */
export function ensureVaultFolder(path: string): void {
  const stats = statOrUndefined(path, statSync)
  if (stats === undefined) ensurePrivateFolder(path)
  else assertSafeFolder(path, stats)
}

/** Refuses a folder where others could replace files. `/tmp` and its like pass: sticky, so they cannot. */
export function assertSafeFolder(
  path: string,
  stats: Stats | undefined = statOrUndefined(path, statSync),
): void {
  if (!hasModes || stats === undefined) return
  const writableByOthers = (stats.mode & 0o022) !== 0 && (stats.mode & 0o1000) === 0
  if (writableByOthers) {
    throw new Failure('IO', `the folder ${path} is writable by other users, who could replace the vault`, {
      hint: `chmod go-w ${path}`,
    })
  }
}

/** Refuses a symbolic link or anything but a file, repairs a wider mode; false when there is nothing. */
export function ensurePrivateFile(path: string): boolean {
  const stats = statOrUndefined(path, lstatSync)
  if (stats === undefined) return false
  if (stats.isSymbolicLink()) {
    throw new Failure('IO', `${path} is a symbolic link, which could lead a write elsewhere`, {
      hint: 'Name the file itself with --vault.',
    })
  }
  if (!stats.isFile()) throw new Failure('IO', `${path} is not a file`, { hint: 'healthmate vault list' })
  if (hasModes && (stats.mode & 0o077) !== 0) {
    try {
      chmodSync(path, privateFileMode)
    } catch (cause) {
      throw ioFailure(`${path} is readable by other users and its mode cannot be changed`, cause)
    }
  }
  return true
}

/** Writes a small file whole, durably, or not at all: temporary file, fsync, rename, fsync of the folder. */
export function writeFileAtomically(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    rmSync(temporary, { force: true })
    const descriptor = openSync(temporary, 'wx', privateFileMode)
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, path)
    syncFolder(dirname(path))
  } catch (cause) {
    rmSync(temporary, { force: true })
    throw ioFailure(`${path} cannot be written`, cause)
  }
}

/** Makes a rename in a folder durable. */
export function syncFolder(path: string): void {
  if (!hasModes) return
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function statOrUndefined(path: string, stat: (path: string) => Stats): Stats | undefined {
  try {
    return stat(path)
  } catch (cause) {
    if (isErrorCode(cause, 'ENOENT') || isErrorCode(cause, 'ENOTDIR')) return undefined
    throw ioFailure(`${path} cannot be looked at`, cause)
  }
}

/** Whether a thrown value is a system error with this code (`ENOENT`). */
export function isErrorCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code
}

/** An IO failure that names what could not be done and the system's reason. */
export function ioFailure(what: string, cause: unknown): Failure {
  const reason = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
  const full = isErrorCode(cause, 'ENOSPC') || isErrorCode(cause, 'EDQUOT')
  return new Failure('IO', `${what}${reason}`, {
    hint: full ? 'Free some space on the disk, then run the command again.' : 'healthmate doctor',
    cause,
  })
}
