/**
 * A vault whose files can be put back to how they were: processes are killed, starved or cut off while they work on
 * it, and then a fresh connection looks at what is left.
 *
 * Files are put back in place, so that the vault keeps its identity and its head anchor.
 */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { passphraseFloor } from '../../src/crypto/index.ts'
import { bytesToHex, hexToBytes, Redacted, utf8ToBytes } from '../../src/foundation/index.ts'
import {
  createVault,
  enrolKeychain,
  openLocked,
  openVaultFile,
  systemDeps,
  type UnlockNotice,
  type UnlockSecret,
  unlockVault,
  type Vault,
} from '../../src/vault/index.ts'
import { faultLibrary, workloadProgram } from './fault-library.ts'
import { entry, type Work } from './workload.ts'

export const passphrase = 'correct horse battery'
export const newPassphrase = 'wrong horse, other battery'

export interface Fault {
  readonly op: 'read' | 'write' | 'sync' | 'truncate' | 'name' | 'any'
  readonly kind: 'eio' | 'enospc' | 'short' | 'crash'
  /** Counted from 1; 0 only counts. */
  readonly at: number
  readonly sticky?: boolean
  /** `all` or every second of the unsynchronised writes. */
  readonly lose?: 'all' | 'some'
  /** Synchronising makes nothing safe. */
  readonly deaf?: boolean
  /** The power is cut when the process ends by itself. */
  readonly atEnd?: boolean
}

export interface Outcome {
  readonly status: number | null
  readonly killed: boolean
  readonly acknowledged: readonly string[]
  readonly stdout: string
  readonly stderr: string
  /** Operations of the fault's kind, of a process that ended by itself. */
  readonly count: number
}

export interface Opened {
  readonly vault: Vault
  readonly notices: readonly UnlockNotice['kind'][]
  close(): void
}

export class FaultHome {
  readonly root = mkdtempSync(join(tmpdir(), 'hm-fault-'))
  /** What the faults watch. */
  readonly watched = join(this.root, 'watched')
  readonly path = join(this.watched, 'data', 'vault.hmv')
  readonly statePath = join(this.watched, 'state')
  readonly configPath = join(this.watched, 'config')
  readonly exportPath = join(this.root, 'export.xml')
  readonly #outside = join(this.root, 'outside')
  #keychainKey: string | null = null
  #kept = new Map<string, Buffer>()

  constructor() {
    for (const folder of ['watched', 'outside', 'outside/stash']) mkdirSync(join(this.root, folder))
    // The program knows its own folders only as private ones.
    for (const folder of ['data', 'state', 'config']) mkdirSync(join(this.watched, folder), { mode: 0o700 })
  }

  /** A vault with entries 0 to 19 and a keychain slot, kept as the state that `reset` goes back to. */
  static async withVault(prepare: (vault: Vault) => void | Promise<void> = () => {}): Promise<FaultHome> {
    const home = new FaultHome()
    const options = { ...home.places(), passphrase: redacted(passphrase), withRecovery: true }
    const { vault } = await createVault({ ...options, argon2: passphraseFloor })
    for (let index = 0; index < 20; index++) vault.write(entry(index))
    await prepare(vault)
    vault.close()
    await home.#enrolKeychain()
    home.keep()
    return home
  }

  async #enrolKeychain(): Promise<void> {
    const file = openVaultFile(this.path, this)
    const { keyring } = await unlockVault(file, this.secret())
    const { key } = await enrolKeychain(file, keyring, systemDeps.random)
    this.#keychainKey = bytesToHex(key.dangerouslyExpose())
    keyring.wipe()
    file.close()
  }

  places(): { path: string; statePath: string; configPath: string } {
    return { path: this.path, statePath: this.statePath, configPath: this.configPath }
  }

  /** The keychain's key, or the passphrase where asked for or nothing else is there. */
  secret(kind: 'cheap' | 'passphrase' = 'cheap', text = passphrase): UnlockSecret {
    if (kind === 'passphrase' || this.#keychainKey === null) {
      return { kind: 'passphrase', passphrase: redacted(text) }
    }
    return { kind: 'keychain', key: new Redacted(hexToBytes(this.#keychainKey)) }
  }

  keep(): void {
    this.#kept = new Map(filesUnder(this.watched).map((path) => [path, readFileSync(path)]))
  }

  reset(): void {
    for (const path of filesUnder(this.watched)) if (!this.#kept.has(path)) rmSync(path)
    for (const [path, bytes] of this.#kept) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      writeFileSync(path, bytes, { mode: 0o600 })
    }
    rmSync(join(this.#outside, 'acknowledged'), { force: true })
  }

  /** Files under the watched folder, relative to it. */
  files(): readonly string[] {
    return filesUnder(this.watched).map((path) => relative(this.watched, path))
  }

  removeFile(name: string): void {
    rmSync(join(this.watched, name))
  }

  /** Runs an operation in a process of its own, with a fault or without. */
  run(
    operation: Work['operation'],
    options: Partial<Pick<Work, 'killAt' | 'times' | 'nowMs'>> & {
      readonly fault?: Fault
      readonly withPassphrase?: boolean
    } = {},
  ): Outcome {
    const { fault, withPassphrase, ...rest } = options
    const acknowledgements = join(this.#outside, 'acknowledged')
    rmSync(acknowledgements, { force: true })
    const work: Work = {
      operation,
      ...this.places(),
      acknowledgements,
      keychainKey: withPassphrase ? null : this.#keychainKey,
      passphrase,
      newPassphrase,
      exportPath: this.exportPath,
      times: 3,
      ...rest,
    }
    const workPath = join(this.#outside, 'work.json')
    writeFileSync(workPath, JSON.stringify(work))
    const done = spawnSync(process.execPath, [workloadProgram(), workPath], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], FAULT_WORKLOAD: '1', ...this.faultEnvironment(fault) },
    })
    return this.#outcome(done, acknowledgements)
  }

  /** What makes any process suffer the fault in the watched folder. */
  faultEnvironment(fault: Fault | undefined): Record<string, string> {
    if (fault === undefined) return {}
    return {
      LD_PRELOAD: faultLibrary(),
      FAULT_MATCH: `${this.watched}`,
      FAULT_OP: fault.op,
      FAULT_KIND: fault.kind,
      FAULT_AT: String(fault.at),
      FAULT_STICKY: fault.sticky ? '1' : '0',
      FAULT_LOSE: { all: '1', some: '2', none: '0' }[fault.lose ?? 'none'],
      FAULT_STASH: join(this.#outside, 'stash'),
      FAULT_DEAF: fault.deaf ? '1' : '0',
      FAULT_AT_END: fault.atEnd ? '1' : '0',
      FAULT_COUNT: join(this.#outside, 'count'),
    }
  }

  /** Operations that the last process saw, when it ended by itself. */
  operationCount(): number {
    const path = join(this.#outside, 'count')
    return existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0
  }

  #outcome(done: SpawnSyncReturns<string>, acknowledgements: string): Outcome {
    const acknowledged = existsSync(acknowledgements)
      ? readFileSync(acknowledgements, 'utf8').split('\n').filter(Boolean)
      : []
    const { status, stdout, stderr } = done
    const killed = done.signal === 'SIGKILL'
    return { status, killed, acknowledged, stdout, stderr, count: this.operationCount() }
  }

  /** Opens the vault on a fresh connection. */
  async open(secret: UnlockSecret = this.secret()): Promise<Opened> {
    const locked = openLocked(this.path, this)
    try {
      const { vault, notices } = await locked.unlock(secret, { sleep: async () => {} })
      return { vault, notices: notices.map(({ kind }) => kind), close: () => vault.close() }
    } catch (failure) {
      locked.close()
      throw failure
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}

export function redacted(text: string): Redacted {
  return new Redacted(utf8ToBytes(text))
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
}
