/**
 * The vault: one person's health record in one encrypted file. Custody of keys below, the record engine above;
 * nothing else writes facts. The engine is loaded when a vault is unlocked: adding to a locked one must not wait
 * for it.
 */
import { randomBytes } from 'node:crypto'
import type { PassphraseParameters } from '../crypto/index.ts'
import type { Clock, Random, Redacted } from '../foundation/index.ts'
import type { Change } from '../records/index.ts'
import {
  createVaultFile,
  type InboxWriter,
  inboxEntryLimit,
  inboxTotals,
  mintDevice,
  openInboxWriter,
  openVaultFile,
  type PlacedVaultFile,
  type Unlocked,
  type UnlockNotice,
  type UnlockOptions,
  unlockVault,
  type VaultPlaces,
} from './custody/index.ts'
import { encodeChange } from './engine/change-codec.ts'
import type { EngineDeps } from './engine/store.ts'
import type { RecordVault } from './engine/vault.ts'
import type { UnlockSecret } from './ports.ts'

export * from './custody/index.ts'
export type { CompactReport } from './engine/compact.ts'
export type { DrainedEntry, DrainReport, InboxItem } from './engine/inbox.ts'
export type { LocatedObservation } from './engine/reader.ts'
export type { RebuildReport } from './engine/rebuild.ts'
export type { RollupSettings } from './engine/rollup-store.ts'
export type { CheckReport, Damage, VaultInfo } from './engine/scrub.ts'
export type { EngineDeps } from './engine/store.ts'
export type { Undone } from './engine/undo.ts'
export type { RecordVault as Vault } from './engine/vault.ts'
export type { WriteResult } from './engine/writer.ts'
export type { HeadAnchor, Keyring, UnlockSecret, VaultFile } from './ports.ts'
export type { ExplainedInterval, ResolvedDay } from './segment/resolve.ts'

/** The system's clock and randomness; tests give their own. */
export const systemDeps: EngineDeps = {
  clock: { nowMs: () => Date.now() } satisfies Clock,
  random: { bytes: (count) => new Uint8Array(randomBytes(count)) } satisfies Random,
}

export interface NewVault extends VaultPlaces {
  readonly path: string
  readonly passphrase: Redacted
  /** Whether a recovery code is made; it is returned once. */
  readonly withRecovery: boolean
  /** Argon2id cost; calibrated to this machine when absent. */
  readonly argon2?: PassphraseParameters
}

/** Makes a vault and opens it. Fails with EXISTS, USAGE (short passphrase) or IO; then nothing is left behind. */
export async function createVault(
  options: NewVault,
  deps: EngineDeps = systemDeps,
): Promise<{ readonly vault: RecordVault; readonly recoveryCode: string | undefined }> {
  const { file, keyring, anchor, recoveryCode } = await createVaultFile({ ...options, random: deps.random })
  const { openRecords } = await import('./engine/vault.ts')
  return { vault: openRecords(file, keyring, anchor, deps), recoveryCode }
}

/** A vault that can be added to and, with a secret, unlocked. */
export interface LockedVault {
  readonly file: PlacedVaultFile
  readonly vaultId: Uint8Array
  /** Seals changes into the inbox; needs no secret. Fails with VAULT_LOCKED when too large or full. */
  appendToInbox(change: Change): void
  /** Whether a change is small enough to be sealed as one entry. */
  fitsInbox(change: Change): boolean
  /** What can be said without a key: entries in the inbox and their bytes. */
  info(): { readonly inboxEntries: number; readonly inboxBytes: number }
  /**
   * Fails with WRONG_PASSPHRASE, DAMAGED, UNSUPPORTED_FORMAT, ROLLED_BACK. A file that was copied, restored or
   * rolled back gets a new device id, and a notice says so.
   */
  unlock(
    secret: UnlockSecret,
    options?: UnlockOptions,
  ): Promise<{ readonly vault: RecordVault; readonly notices: readonly UnlockNotice[] }>
  close(): void
}

/** Opens a vault file without unlocking it. Fails with VAULT_MISSING, IO, DAMAGED or UNSUPPORTED_FORMAT. */
export function openLocked(path: string, places: VaultPlaces, deps: EngineDeps = systemDeps): LockedVault {
  const file = openVaultFile(path, places)
  let inbox: InboxWriter | undefined
  return {
    file,
    vaultId: file.vaultId,
    appendToInbox(change) {
      inbox ??= openInboxWriter(file)
      inbox.append([encodeChange(change)])
    },
    fitsInbox: (change) => encodeChange(change).length <= inboxEntryLimit,
    info() {
      const { count, bytes } = inboxTotals(file)
      return { inboxEntries: count, inboxBytes: bytes }
    },
    async unlock(secret, options) {
      const unlocked = await unlockVault(file, secret, options)
      const { keyring, anchor, notices } = await withOwnDevice(file, unlocked, deps)
      const { openRecords } = await import('./engine/vault.ts')
      return { vault: openRecords(file, keyring, anchor, deps), notices }
    },
    close: () => file.close(),
  }
}

const deviceNotices: ReadonlySet<UnlockNotice['kind']> = new Set([
  'restored',
  'rolled-back',
  'anchor-damaged',
])

/** Mints a new device where writing with the old one could give a sequence number twice (security.md 5.6). */
async function withOwnDevice(file: PlacedVaultFile, unlocked: Unlocked, deps: EngineDeps): Promise<Unlocked> {
  const notices = [...unlocked.notices]
  const isNoticed = notices.some(({ kind }) => deviceNotices.has(kind))
  if (!isNoticed) {
    const { anchorState } = await import('./engine/vault.ts')
    const state = anchorState(file, unlocked.keyring, unlocked.anchor)
    if (state === 'sound') return unlocked
    notices.push({
      kind: state,
      message: 'the last changes of this vault are not those this machine remembers; it gets a new device id',
    })
  }
  return { ...mintDevice(file, unlocked.keyring, deps.random), notices }
}
