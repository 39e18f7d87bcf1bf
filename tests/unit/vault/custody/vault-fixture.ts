/** Real vault files in a temporary folder, with the cheapest parameters that the floor allows. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { passphraseFloor } from '../../../../src/crypto/index.ts'
import { type Random, Redacted, utf8ToBytes } from '../../../../src/foundation/index.ts'
import { type CreatedVault, createVaultFile } from '../../../../src/vault/custody/index.ts'
import type { UnlockSecret } from '../../../../src/vault/ports.ts'

export const testRandom: Random = { bytes: (count) => new Uint8Array(randomBytes(count)) }
export const testPassphrase = 'correct horse battery'

export interface VaultFolder {
  readonly root: string
  readonly path: string
  readonly statePath: string
  readonly configPath: string
}

export function newVaultFolder(): VaultFolder {
  const root = mkdtempSync(join(tmpdir(), 'healthmate-custody-'))
  return {
    root,
    path: join(root, 'data', 'vault.db'),
    statePath: join(root, 'state'),
    configPath: join(root, 'config'),
  }
}

export function createTestVault(
  folder: VaultFolder = newVaultFolder(),
  withRecovery = true,
): Promise<CreatedVault> {
  return createVaultFile({
    ...folder,
    passphrase: redacted(testPassphrase),
    withRecovery,
    random: testRandom,
    argon2: passphraseFloor,
  })
}

export function redacted(text: string): Redacted {
  return new Redacted(utf8ToBytes(text))
}

export function passphraseSecret(text: string = testPassphrase): UnlockSecret {
  return { kind: 'passphrase', passphrase: redacted(text) }
}

export function recoverySecret(code: string | undefined): UnlockSecret {
  return { kind: 'recovery', code: redacted(code ?? '') }
}
