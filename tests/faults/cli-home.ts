/** A home with a vault whose passphrase costs as little as the floor allows, for runs of the built program. */
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PassphraseParameters, passphraseFloor } from '../../src/crypto/index.ts'
import { createVault, openLocked, type Vault, type VaultPlaces } from '../../src/vault/index.ts'
import { freshHome, type Home } from '../acceptance/program.ts'
import { redacted } from './fault-home.ts'

export const canary = 'canary-passphrase 7f3a9c51'

export interface VaultHome extends Home {
  readonly vaultPath: string
  readonly places: VaultPlaces
  readonly passphraseFile: string
  /** Opens the vault in this process. */
  open(): Promise<Vault>
}

export async function vaultHome(argon2: PassphraseParameters = passphraseFloor): Promise<VaultHome> {
  const home = freshHome()
  const vaultPath = join(home.folder, 'data/healthmate/vault.hmv')
  const places = {
    statePath: join(home.folder, 'state/healthmate'),
    configPath: join(home.folder, 'config/healthmate'),
  }
  const passphrase = redacted(canary)
  const made = await createVault({ path: vaultPath, ...places, passphrase, withRecovery: true, argon2 })
  made.vault.close()
  // Outside the home, which tests search for it.
  const passphraseFile = join(mkdtempSync(join(tmpdir(), 'hm-secret-')), 'passphrase')
  writeFileSync(passphraseFile, canary, { mode: 0o600 })
  const environment = { ...home.environment, HEALTHMATE_PASSPHRASE_FILE: passphraseFile }
  return {
    ...home,
    environment,
    vaultPath,
    places,
    passphraseFile,
    run: (words, options = {}) =>
      home.run(words, { ...options, environment: { ...environment, ...options.environment } }),
    async open() {
      const secret = { kind: 'passphrase', passphrase: redacted(canary) } as const
      return (await openLocked(vaultPath, places).unlock(secret)).vault
    },
  }
}

/** Everything under a folder, links not followed. */
export function everythingUnder(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? [path, ...everythingUnder(path)] : [path]
  })
}

export function modeOf(path: string): string {
  return (lstatSync(path).mode & 0o777).toString(8)
}

export function folderIn(home: Home, name: string): string {
  const path = join(home.folder, name)
  mkdirSync(path, { recursive: true, mode: 0o700 })
  return path
}
