/** Adding, replacing and removing key slots of an unlocked vault; security.md 4.5 and 4.6. */
import { assertAcceptablePassphrase, type PassphraseParameters } from '../../crypto/index.ts'
import { Failure, type Random, Redacted } from '../../foundation/index.ts'
import { transaction } from '../database.ts'
import type { UnlockSecret } from '../ports.ts'
import { generateRecoverySecret, passphraseCost } from './create.ts'
import { FileHeadAnchor } from './head-anchor.ts'
import { deriveSlotKey, type SlotKey, type SlotKind } from './key-slot.ts'
import type { VaultKeyring } from './keyring.ts'
import { type PurgeOutcome, purge, withReserve } from './secure-deletion.ts'
import {
  addSlot,
  deleteVoidSlots,
  hasSlot,
  readSlots,
  slotKind,
  voidSlots,
  writeHeader,
} from './slot-table.ts'
import { type Unlocked, type UnlockOptions, unlockVault } from './unlock.ts'
import { type PlacedVaultFile, readVaultHeader } from './vault-file.ts'
import { verifyVaultHeader } from './vault-header.ts'

export interface SlotOptions {
  readonly random: Random
  /** Argon2id cost of a new passphrase slot; calibrated to this machine when absent. */
  readonly argon2?: PassphraseParameters
}

/** Replaces the passphrase. Fails with USAGE on a short one. */
export async function changePassphrase(
  file: PlacedVaultFile,
  keyring: VaultKeyring,
  passphrase: Redacted,
  options: SlotOptions,
): Promise<PurgeOutcome> {
  assertAcceptablePassphrase(passphrase)
  const parameters = await passphraseCost(options.argon2)
  const slotKey = await deriveSlotKey({ kind: 'passphrase', passphrase }, options.random, parameters)
  return replaceSlots(file, keyring, 'passphrase', slotKey, options.random)
}

/**
 * Unlocks with the recovery code and sets a new passphrase. Fails with USAGE on a short one before the code is used,
 * and as `unlockVault` does.
 */
export async function useRecoveryCode(
  file: PlacedVaultFile,
  code: Redacted,
  passphrase: Redacted,
  options: SlotOptions & UnlockOptions,
): Promise<Unlocked & { readonly purge: PurgeOutcome }> {
  assertAcceptablePassphrase(passphrase)
  const unlocked = await unlockVault(file, { kind: 'recovery', code }, options)
  const outcome = await changePassphrase(file, unlocked.keyring, passphrase, options)
  return { ...unlocked, purge: outcome }
}

/** A new recovery code; the old one opens nothing any more. */
export async function rotateRecoveryCode(
  file: PlacedVaultFile,
  keyring: VaultKeyring,
  random: Random,
): Promise<{ readonly recoveryCode: string; readonly purge: PurgeOutcome }> {
  const { secret, code } = generateRecoverySecret(random)
  const slotKey = await deriveSlotKey(secret, random, noPassphrase)
  return { recoveryCode: code, purge: replaceSlots(file, keyring, 'recovery', slotKey, random) }
}

/** A random key for the system's keychain, with the slot that it opens. The caller stores and wipes it. */
export async function enrolKeychain(
  file: PlacedVaultFile,
  keyring: VaultKeyring,
  random: Random,
): Promise<{ readonly key: Redacted; readonly purge: PurgeOutcome }> {
  const key = new Redacted(random.bytes(32))
  const slotKey = await deriveSlotKey({ kind: 'keychain', key }, random, noPassphrase)
  return { key, purge: replaceSlots(file, keyring, 'keychain', slotKey, random) }
}

/** Removes the slots of a kind; the passphrase's can only be replaced. Fails with NOT_FOUND when there is none. */
export function removeSlots(
  file: PlacedVaultFile,
  keyring: VaultKeyring,
  kind: Exclude<UnlockSecret['kind'], 'passphrase'>,
  random: Random,
): PurgeOutcome {
  if (!hasSlot(file, kind)) {
    throw new Failure('NOT_FOUND', `the vault has no ${kind} slot`, { hint: 'healthmate vault info' })
  }
  return replaceSlots(file, keyring, kind, undefined, random)
}

/** Argon2id plays no part in slots of full-entropy secrets. */
const noPassphrase: PassphraseParameters = { memoryKiB: 0, passes: 0, lanes: 0 }

function replaceSlots(
  file: PlacedVaultFile,
  keyring: VaultKeyring,
  kind: SlotKind,
  slotKey: SlotKey | undefined,
  random: Random,
): PurgeOutcome {
  const { sqlite } = file
  const { head } = keyring.rootKeys
  const voidAndAdd = (): readonly Uint8Array[] => {
    verifyVaultHeader(readVaultHeader(sqlite), head)
    // A slot damaged beyond use opens nothing: a change of slots clears it away.
    const old = readSlots(sqlite).filter((row) => [kind, 'void', 'damaged'].includes(slotKind(file, row)))
    const replaced = voidSlots(sqlite, old, random)
    if (slotKey !== undefined) addSlot(file, slotKey, keyring.rootKey.dangerouslyExpose())
    writeHeader(file, head, 'change')
    return replaced
  }
  const replaced = withReserve(file, () => transaction(sqlite, voidAndAdd))
  slotKey?.key.fill(0)
  new FileHeadAnchor(file, keyring).refreshCounter()
  withReserve(file, () => deleteVoidSlots(file, head))
  return purge(file, replaced, random)
}
