/**
 * Failed attempts to unlock, counted in the state folder across processes, and the wait that grows with them. It slows
 * guessing through the program; against a stolen file only Argon2id does.
 */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bytesToHex, utf8ToBytes } from '../../foundation/index.ts'
import { ensurePrivateFolder, ioFailure, isErrorCode, writeFileAtomically } from '../file-modes.ts'
import type { PlacedVaultFile } from './vault-file.ts'

const freeAttempts = 3
const firstDelayMs = 1000
const longestDelayMs = 30_000

/** Wait before the next attempt, ms: none for the first three failures, then doubling from 1 s to 30 s. */
export function attemptDelayMs(file: PlacedVaultFile): number {
  const failures = readAttempts(file)
  if (failures < freeAttempts) return 0
  return Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - freeAttempts))
}

export function recordFailedAttempt(file: PlacedVaultFile): void {
  ensurePrivateFolder(file.places.statePath)
  ensurePrivateFolder(join(file.places.statePath, 'attempts'))
  writeFileAtomically(attemptsPath(file), utf8ToBytes(`${readAttempts(file) + 1}\n`))
}

export function clearAttempts(file: PlacedVaultFile): void {
  rmSync(attemptsPath(file), { force: true })
}

function readAttempts(file: PlacedVaultFile): number {
  try {
    // Anything but a count is a file that somebody else touched: it counts as none.
    const count = Number.parseInt(readFileSync(attemptsPath(file), 'utf8'), 10)
    return Number.isSafeInteger(count) && count > 0 ? count : 0
  } catch (cause) {
    if (isErrorCode(cause, 'ENOENT')) return 0
    throw ioFailure('the count of failed attempts cannot be read', cause)
  }
}

function attemptsPath(file: PlacedVaultFile): string {
  return join(file.places.statePath, 'attempts', bytesToHex(file.vaultId))
}
