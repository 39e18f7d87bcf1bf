/**
 * Making replaced key material unreadable in the file; security.md 4.6.
 *
 * Rows are overwritten and deleted with secure_delete on; what remains of them lies in the write-ahead log until a
 * TRUNCATE checkpoint, which an open reader of another process prevents. The bytes are then searched for, so that
 * "gone" is an observation. Neither this nor anything else defeats wear levelling, copy-on-write file systems or
 * old backups.
 *
 * A full disk lets SQLite neither delete nor checkpoint, so 256 KiB are kept in reserve beside the vault.
 */
import { closeSync, existsSync, openSync, readSync, rmSync } from 'node:fs'
import { Failure, type Random } from '../../foundation/index.ts'
import { withDatabaseFailures } from '../database.ts'
import { isErrorCode, writeFileAtomically } from '../file-modes.ts'
import type { VaultFile } from '../ports.ts'

const reserveBytes = 256 * 1024
const checkpointAttempts = 3
const readBytes = 1024 * 1024

/** `pending`: another process still reads the old pages; the next purge ends it. */
export type PurgeOutcome = 'gone' | 'pending'

/**
 * Truncates the write-ahead log and looks for the needles in every file of the vault. Fails with IO when the disk does.
 */
export function purge(file: VaultFile, needles: readonly Uint8Array[], random: Random): PurgeOutcome {
  const outcome = truncateLog(file) && !isFound(file, needles) ? 'gone' : 'pending'
  ensureReserve(file, random)
  return outcome
}

/** Runs `work`; on a full disk gives up the reserve and runs it once more. `work` must be a transaction of its own. */
export function withReserve<T>(file: Pick<VaultFile, 'path'>, work: () => T): T {
  try {
    return work()
  } catch (failure) {
    if (!isDiskFull(failure) || !existsSync(reservePath(file))) throw failure
    rmSync(reservePath(file), { force: true })
    return work()
  }
}

/** Writes the reserve where it is missing and there is room for it. Random bytes: no file system stores them sparse. */
export function ensureReserve(file: VaultFile, random: Random): void {
  if (existsSync(reservePath(file))) return
  try {
    writeFileAtomically(reservePath(file), random.bytes(reserveBytes))
  } catch (failure) {
    // Without room for a reserve the vault still works; erasing on a full disk then needs space from elsewhere.
    if (!(failure instanceof Failure)) throw failure
  }
}

export function reservePath(file: Pick<VaultFile, 'path'>): string {
  return `${file.path}.reserve`
}

function truncateLog(file: VaultFile): boolean {
  for (let attempt = 0; attempt < checkpointAttempts; attempt++) {
    const rows = withReserve(file, () =>
      withDatabaseFailures(() =>
        file.sqlite.prepare<[], { busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)').all(),
      ),
    )
    if (rows[0]?.busy === 0) return true
  }
  return false
}

function isFound(file: VaultFile, needles: readonly Uint8Array[]): boolean {
  return ['', '-wal', '-journal'].some((suffix) => fileContains(file.path + suffix, needles))
}

/** Searches a file piece by piece; pieces overlap by the longest needle. */
export function fileContains(path: string, needles: readonly Uint8Array[]): boolean {
  const overlap = Math.max(0, ...needles.map((needle) => needle.length - 1))
  const buffer = Buffer.alloc(readBytes + overlap)
  const descriptor = openOrUndefined(path)
  if (descriptor === undefined) return false
  try {
    let kept = 0
    for (;;) {
      const count = readSync(descriptor, buffer, kept, readBytes, null)
      if (count === 0) return false
      const filled = buffer.subarray(0, kept + count)
      if (needles.some((needle) => filled.indexOf(needle) >= 0)) return true
      const start = Math.max(0, filled.length - overlap)
      filled.copy(buffer, 0, start)
      kept = filled.length - start
    }
  } finally {
    closeSync(descriptor)
  }
}

function openOrUndefined(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (cause) {
    if (isErrorCode(cause, 'ENOENT')) return undefined
    throw cause
  }
}

function isDiskFull(failure: unknown): boolean {
  if (!(failure instanceof Failure)) return false
  return ['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC'].some((code) => isErrorCode(failure.cause, code))
}
