/** Making a vault and changing what opens it. Always needs the secret itself; the agent is never asked. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Failure, type Redacted } from '../foundation/index.ts'
import {
  changePassphrase,
  createVault,
  openVaultFile,
  type PlacedVaultFile,
  type PurgeOutcome,
  rotateRecoveryCode,
  rotateRootKey,
  slotsOfKind,
  unlockVault,
  useRecoveryCode,
  type VaultKeyring,
} from '../vault/index.ts'
import { findAgent } from './agent/client.ts'
import { choosePassphraseSource, lockedFailure, readPassphrase } from './passphrase.ts'
import { canonicalPath, ensurePrivateFolder, type Paths } from './paths.ts'
import { placesOf, type SessionParts, systemRandom } from './session.ts'

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
export function rotateVaultKeys(parts: SessionParts): Promise<{ readonly recoveryCode: string | undefined }> {
  return withKeys(parts, async ({ file, keyring, passphrase }) => {
    await (await findAgent(parts.paths, parts.vaultPath))?.lock()
    const rotated = await rotateRootKey(file, keyring, passphrase, { random: systemRandom })
    rotated.keyring.wipe()
    return { recoveryCode: rotated.recoveryCode }
  })
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
    if (choice.source === 'none') throw lockedFailure(choice.why)
    const passphrase = await readPassphrase(choice, sources)
    const { keyring, notices } = await unlockVault(file, { kind: 'passphrase', passphrase })
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
