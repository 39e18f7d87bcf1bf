/** Making a vault and changing what opens it. Always needs the secret itself; the agent is never asked. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Failure, type Redacted } from '../foundation/index.ts'
import {
  changePassphrase,
  createVault,
  enrolKeychain,
  hasUsableSlot,
  openVaultFile,
  type PlacedVaultFile,
  type PurgeOutcome,
  removeSlots,
  rotateRecoveryCode,
  rotateRootKey,
  slotsOfKind,
  unlockVault,
  useRecoveryCode,
  type VaultKeyring,
} from '../vault/index.ts'
import { findAgent } from './agent/client.ts'
import { type KeychainFinding, keychainOf, keyFromKeychain } from './keychain.ts'
import { choosePassphraseSource, readPassphrase } from './passphrase.ts'
import { canonicalPath, ensurePrivateFolder, type Paths } from './paths.ts'
import { placesOf, type SessionParts, systemRandom, withoutSecret, wrongPassphrase } from './session.ts'

export interface NewVaultParts {
  readonly paths: Paths
  readonly vaultPath: string
  readonly passphrase: Redacted
  readonly withRecovery: boolean
}

/** Makes a vault. Fails with EXISTS, USAGE (short passphrase) or IO; then nothing is left behind. */
export async function createNewVault(
  parts: NewVaultParts,
): Promise<{ readonly vaultPath: string; readonly recoveryCode: string | undefined }> {
  const path = canonicalPath(parts.vaultPath)
  for (const folder of [parts.paths.config, parts.paths.state]) ensurePrivateFolder(folder)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const { passphrase, withRecovery } = parts
  const { vault, recoveryCode } = await createVault({
    path,
    passphrase,
    withRecovery,
    ...placesOf(parts.paths),
  })
  vault.close()
  return { vaultPath: path, recoveryCode }
}

/** Replaces the passphrase; the new one is asked for only after the present one was right. */
export function changeVaultPassphrase(
  parts: SessionParts,
  newPassphrase: () => Promise<Redacted>,
): Promise<{ readonly purge: PurgeOutcome }> {
  return withKeys(parts, async ({ file, keyring }) => {
    const passphrase = await newPassphrase()
    const purge = await changePassphrase(file, keyring, passphrase, { random: systemRandom })
    passphrase.wipe()
    return { purge }
  })
}

/** Opens with the recovery code and sets a new passphrase. */
export async function recoverVault(
  parts: SessionParts,
  code: Redacted,
  newPassphrase: () => Promise<Redacted>,
): Promise<void> {
  const file = openVaultFile(parts.vaultPath, placesOf(parts.paths))
  try {
    const passphrase = await newPassphrase()
    const { keyring } = await useRecoveryCode(file, code, passphrase, { random: systemRandom })
    keyring.wipe()
    passphrase.wipe()
    code.wipe()
  } finally {
    file.close()
  }
}

export function rotateVaultRecovery(parts: SessionParts): Promise<{ readonly recoveryCode: string }> {
  return withKeys(parts, ({ file, keyring }) => rotateRecoveryCode(file, keyring, systemRandom))
}

/** A new root key. A running agent holds keys of the old one and is locked first. */
export function rotateVaultKeys(parts: SessionParts): Promise<RotatedKeys> {
  return withKeys(parts, async ({ file, keyring, passphrase }) => {
    await (await findAgent(parts.paths, parts.vaultPath))?.lock()
    const rotated = await rotateRootKey(file, keyring, passphrase, { random: systemRandom })
    try {
      const { keychainKey, recoveryCode } = rotated
      if (keychainKey === undefined) return { recoveryCode, keychainFault: undefined }
      const fault = await storeOrRemove({ file, keyring: rotated.keyring }, keychainKey, parts)
      return { recoveryCode, keychainFault: fault?.message }
    } finally {
      rotated.keyring.wipe()
    }
  })
}

export interface RotatedKeys {
  readonly recoveryCode: string | undefined
  /** Why the vault is no longer enrolled in the system's keychain, where it was and could not stay. */
  readonly keychainFault: string | undefined
}

/** Lets the system's keychain open the vault. Fails with IO where the keychain cannot be used; nothing is changed then. */
export function enrolVaultKeychain(parts: SessionParts): Promise<void> {
  return withKeys(parts, async ({ file, keyring }) => {
    // A keychain that does not answer must not cost an earlier enrolment.
    await keychainOf(file, parts.passphrase.environment)
      .read()
      .then((key) => key?.wipe())
    const { key } = await enrolKeychain(file, keyring, systemRandom)
    const fault = await storeOrRemove({ file, keyring }, key, parts)
    if (fault) throw fault
  })
}

/** A slot whose key is nowhere would only promise what it cannot keep, so it goes where storing the key fails. */
async function storeOrRemove(
  { file, keyring }: Pick<OpenKeys, 'file' | 'keyring'>,
  key: Redacted,
  parts: SessionParts,
): Promise<Failure | undefined> {
  try {
    await keychainOf(file, parts.passphrase.environment).store(key)
    return undefined
  } catch (error) {
    removeSlots(file, keyring, 'keychain', systemRandom)
    if (error instanceof Failure) return error
    throw error
  } finally {
    key.wipe()
  }
}

/**
 * Takes the vault's keychain slot away and the key out of the keychain. Fails with NOT_FOUND where there is no slot.
 * `keychainFault` says why a key that opens nothing any more stayed in the keychain.
 */
export function removeVaultKeychain(
  parts: SessionParts,
): Promise<{ readonly purge: PurgeOutcome; readonly keychainFault: string | undefined }> {
  return withKeys(parts, async ({ file, keyring }) => {
    const purge = removeSlots(file, keyring, 'keychain', systemRandom)
    try {
      await keychainOf(file, parts.passphrase.environment).remove()
      return { purge, keychainFault: undefined }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return { purge, keychainFault: error.message }
    }
  })
}

/** Whether the vault has a keychain slot. */
export function isEnrolledInKeychain(paths: Paths, vaultPath: string): boolean {
  const file = openVaultFile(vaultPath, placesOf(paths))
  try {
    return hasUsableSlot(file, 'keychain')
  } finally {
    file.close()
  }
}

/** Whether the vault is enrolled in the system's keychain, and whether that opens it. Needs no passphrase. */
export async function keychainFinding(
  parts: Pick<SessionParts, 'paths' | 'vaultPath'> & {
    readonly passphrase: Pick<SessionParts['passphrase'], 'environment'>
  },
): Promise<Pick<KeychainFinding, 'why'> & { readonly state: KeychainFinding['state'] | 'not-enrolled' }> {
  const file = openVaultFile(parts.vaultPath, placesOf(parts.paths))
  try {
    if (!hasUsableSlot(file, 'keychain')) {
      return { state: 'not-enrolled', why: 'the vault is not enrolled in the keychain' }
    }
    const { state, why, key } = await keyFromKeychain(file, parts.passphrase.environment)
    key?.wipe()
    return { state, why }
  } finally {
    file.close()
  }
}

interface OpenKeys {
  readonly file: PlacedVaultFile
  readonly keyring: VaultKeyring
  readonly passphrase: Redacted
}

async function withKeys<Result>(
  parts: SessionParts,
  work: (keys: OpenKeys) => Promise<Result> | Result,
): Promise<Result> {
  const file = openVaultFile(parts.vaultPath, placesOf(parts.paths))
  try {
    // A slot below the compiled floor is refused before a passphrase is asked for.
    if (slotsOfKind(file, 'passphrase').length === 0) {
      throw new Failure('VAULT_LOCKED', 'no passphrase opens this vault', { hint: 'healthmate recovery use' })
    }
    const sources = { ...parts.passphrase, agentAnswers: false }
    const choice = choosePassphraseSource(sources)
    if (choice.source === 'none') throw await withoutSecret(parts, choice.why)
    const passphrase = await readPassphrase(choice, sources)
    const { keyring, notices } = await unlockVault(file, { kind: 'passphrase', passphrase }).catch(
      (error: unknown) => {
        throw wrongPassphrase(error)
      },
    )
    for (const { message } of notices) parts.notice(message)
    try {
      return await work({ file, keyring, passphrase })
    } finally {
      keyring.wipe()
      passphrase.wipe()
    }
  } finally {
    file.close()
  }
}
