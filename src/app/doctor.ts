/** What `doctor` looks at: versions, folders, modes, the vault's outside. No key is needed and nothing is named. */
import { lstatSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { Failure } from '../foundation/index.ts'
import { findAgent } from './agent/client.ts'
import { keychainFinding } from './keys.ts'
import type { Paths } from './paths.ts'
import { placesOf } from './session.ts'
import { programVersion } from './version.ts'
import { systemZone } from './zone.ts'

export interface DoctorCheck {
  readonly what: string
  readonly state: 'ok' | 'note' | 'bad'
  readonly detail: string
  readonly hint: string | null
}

export async function doctorReport(paths: Paths, vaultPath: string): Promise<readonly DoctorCheck[]> {
  return [
    ok('healthmate', programVersion()),
    nodeCheck(),
    ok(
      'platform',
      `${process.platform} ${process.arch}, time zone offset data ${systemZone() === '' ? 'missing' : 'present'}`,
    ),
    ...folderChecks(paths),
    ...(await vaultChecks(paths, vaultPath)),
    await agentCheck(paths, vaultPath),
    environmentCheck(),
  ]
}

function ok(what: string, detail: string): DoctorCheck {
  return { what, state: 'ok', detail, hint: null }
}

function nodeCheck(): DoctorCheck {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isRecent = major > 20 || (major === 20 && minor >= 19)
  if (isRecent) return ok('node', process.versions.node)
  return {
    what: 'node',
    state: 'bad',
    detail: process.versions.node,
    hint: 'Install Node.js 20.19 or newer.',
  }
}

function folderChecks(paths: Paths): DoctorCheck[] {
  return (['data', 'config', 'state', 'runtime'] as const).map((name) => {
    const what = `${name} folder`
    const found = lstatSync(paths[name], { throwIfNoEntry: false })
    if (!found) return { what, state: 'note', detail: 'not made yet', hint: null }
    if (!found.isDirectory())
      return { what, state: 'bad', detail: 'is no folder', hint: 'healthmate config path' }
    const mode = (found.mode & 0o777).toString(8)
    if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
      return {
        what,
        state: 'bad',
        detail: `open to others (mode ${mode})`,
        hint: 'chmod 700 (healthmate config path)',
      }
    }
    return ok(what, `yours alone (mode ${mode})`)
  })
}

async function vaultChecks(paths: Paths, vaultPath: string): Promise<DoctorCheck[]> {
  const found = lstatSync(vaultPath, { throwIfNoEntry: false })
  if (!found) return [{ what: 'vault', state: 'note', detail: 'there is none', hint: 'healthmate init' }]
  const checks: DoctorCheck[] = []
  const mode = (found.mode & 0o777).toString(8)
  const isClosed = process.platform === 'win32' || (found.mode & 0o077) === 0
  checks.push(
    isClosed
      ? ok('vault file', `${(found.size / 1e6).toFixed(1)} MB, mode ${mode}`)
      : {
          what: 'vault file',
          state: 'bad',
          detail: `open to others (mode ${mode})`,
          hint: 'chmod 600 the vault',
        },
  )
  checks.push(freeSpace(vaultPath))
  checks.push(await openCheck(paths, vaultPath))
  if (checks.every(({ state }) => state !== 'bad')) checks.push(await keychainCheck(paths, vaultPath))
  return checks
}

/** Below this a checkpoint can fail, and with it erasing. */
const leastFreeBytes = 64 * 1024 * 1024

function freeSpace(vaultPath: string): DoctorCheck {
  const { bavail, bsize } = statfsSync(dirname(vaultPath))
  const free = bavail * bsize
  const detail = `${(free / 1e9).toFixed(1)} GB free beside the vault`
  if (free >= leastFreeBytes) return ok('disk', detail)
  return { what: 'disk', state: 'bad', detail, hint: 'Free some space before you log or import.' }
}

async function openCheck(paths: Paths, vaultPath: string): Promise<DoctorCheck> {
  const { openLocked } = await import('../vault/index.ts')
  try {
    const locked = openLocked(vaultPath, placesOf(paths))
    const { inboxEntries } = locked.info()
    const version = locked.file.sqlite.prepare('SELECT sqlite_version()').pluck().get()
    locked.close()
    return ok('vault', `opens, SQLite ${String(version)}, ${inboxEntries} sealed entries wait`)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { what: 'vault', state: 'bad', detail: `does not open (${error.code})`, hint: error.hint ?? null }
  }
}

/** The words of the keychain itself could name folders or accounts, so they are not shown. */
async function keychainCheck(paths: Paths, vaultPath: string): Promise<DoctorCheck> {
  const what = 'keychain'
  const { state } = await keychainFinding({ paths, vaultPath, passphrase: { environment: process.env } })
  if (state === 'not-enrolled') return ok(what, 'the vault is not enrolled')
  if (state === 'opens') return ok(what, 'the vault is enrolled, and it opens')
  const detail = {
    empty: 'the vault is enrolled, but not in the keychain of this computer',
    stale: 'the vault is enrolled, but with another key than the keychain has',
    unreachable: 'the vault is enrolled, but the keychain cannot be used now',
  }[state]
  const act = state === 'unreachable' ? 'status' : 'enrol'
  return { what, state: 'note', detail, hint: `healthmate key keychain ${act}` }
}

async function agentCheck(paths: Paths, vaultPath: string): Promise<DoctorCheck> {
  try {
    const agent = await findAgent(paths, vaultPath)
    return ok('unlock agent', agent ? 'runs' : 'does not run')
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return {
      what: 'unlock agent',
      state: 'bad',
      detail: `cannot be reached (${error.code})`,
      hint: 'healthmate lock',
    }
  }
}

function environmentCheck(): DoctorCheck {
  if (process.env['HEALTHMATE_PASSPHRASE'] === undefined) return ok('environment', 'holds no passphrase')
  return {
    what: 'environment',
    state: 'bad',
    detail: 'HEALTHMATE_PASSPHRASE is set; other programs can read it',
    hint: 'Use HEALTHMATE_PASSPHRASE_FILE.',
  }
}
