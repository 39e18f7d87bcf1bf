/** The keychain as a source of the secret, with a real Secret Service; security.md 4.7. */
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/app/config.ts'
import { doctorReport } from '../../../src/app/doctor.ts'
import { keychainOf } from '../../../src/app/keychain.ts'
import {
  enrolVaultKeychain,
  isEnrolledInKeychain,
  keychainFinding,
  removeVaultKeychain,
  rotateVaultKeys,
} from '../../../src/app/keys.ts'
import { ensurePrivateFolder, type Paths } from '../../../src/app/paths.ts'
import { placesOf, runUseCase, type SessionParts } from '../../../src/app/session.ts'
import { passphraseFloor } from '../../../src/crypto/index.ts'
import { Redacted, utf8ToBytes } from '../../../src/foundation/index.ts'
import { createVault } from '../../../src/vault/index.ts'
import { freshPlaces } from './places.ts'
import { hasSecretService, type SecretService, startSecretService } from './secret-service.ts'

const phrase = 'a passphrase that is long'
const noBus = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere/bus' }

interface World {
  readonly paths: Paths
  readonly vaultPath: string
  readonly notices: string[]
  /** The parts of a run that has the passphrase, or has only the keychain. */
  session(environment: SessionParts['passphrase']['environment'], passphrase?: string): SessionParts
}

async function world(): Promise<World> {
  const { folder, paths } = freshPlaces()
  for (const place of [paths.config, paths.state]) ensurePrivateFolder(place)
  const vaultPath = join(folder, 'v.hmv')
  const { vault } = await createVault({
    path: vaultPath,
    passphrase: secretOf(phrase),
    withRecovery: true,
    argon2: passphraseFloor,
    ...placesOf(paths),
  })
  vault.close()
  const notices: string[] = []
  return {
    paths,
    vaultPath,
    notices,
    session: (environment, passphrase) => ({
      paths,
      vaultPath,
      config: loadConfig(paths, {}),
      progress: { update: () => {}, end: () => {} },
      standardOutput: async () => {},
      signal: new AbortController().signal,
      notice: (text) => notices.push(text),
      passphrase: {
        insecureEnvironment: false,
        environment,
        ...(passphrase === undefined ? {} : { prompt: async () => secretOf(passphrase) }),
      },
    }),
  }
}

function secretOf(text: string): Redacted {
  return new Redacted(utf8ToBytes(text))
}

it('is tested with a real secret service, in continuous integration always', () => {
  expect(hasSecretService || process.env['CI'] !== 'true').toBe(true)
})

describe.skipIf(!hasSecretService)('the keychain', () => {
  let service: SecretService
  beforeAll(async () => {
    service = await startSecretService()
  })
  afterAll(() => service?.stop())

  it('gives back what was stored for a vault, until it is removed', async () => {
    const file = { vaultId: new Uint8Array(randomBytes(16)) }
    const keychain = keychainOf(file, service.environment)
    expect(await keychain.read()).toBeUndefined()
    for (const byte of [7, 10]) {
      await keychain.store(new Redacted(new Uint8Array(32).fill(byte)))
      expect((await keychain.read())?.dangerouslyExpose()).toEqual(new Uint8Array(32).fill(byte))
    }
    expect(await keychainOf({ vaultId: new Uint8Array(16) }, service.environment).read()).toBeUndefined()
    expect(await keychain.remove()).toBe(true)
    expect(await keychain.remove()).toBe(false)
    expect(await keychain.read()).toBeUndefined()
  })

  describe('of an enrolled vault', () => {
    let one: World
    beforeEach(async () => {
      one = await world()
      await enrolVaultKeychain(one.session(service.environment, phrase))
    })
    const list = (session: SessionParts) => runUseCase('vault.info', {}, session)
    const state = async (environment = service.environment) =>
      (await keychainFinding(one.session(environment))).state

    it('opens it without a passphrase', async () => {
      expect(isEnrolledInKeychain(one.paths, one.vaultPath)).toBe(true)
      expect(await state()).toBe('opens')
      await expect(list(one.session(service.environment))).resolves.toMatchObject({})
      expect(one.notices).toEqual([])
    })
    it('does not open it where data leave', async () => {
      const args = { format: 'csv', out: '-' } as never
      await expect(runUseCase('export', args, one.session(service.environment))).rejects.toMatchObject({
        code: 'VAULT_LOCKED',
      })
    })
    it('opens it after the root key was rotated', async () => {
      const rotated = await rotateVaultKeys(one.session(service.environment, phrase))
      expect(rotated.keychainFault).toBeUndefined()
      expect(await state()).toBe('opens')
    })
    it('opens it no more when the vault was taken out', async () => {
      const removed = await removeVaultKeychain(one.session(service.environment, phrase))
      expect(removed.keychainFault).toBeUndefined()
      expect(isEnrolledInKeychain(one.paths, one.vaultPath)).toBe(false)
      expect(await state()).toBe('not-enrolled')
      await expect(list(one.session(service.environment))).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
      await expect(removeVaultKeychain(one.session(service.environment, phrase))).rejects.toMatchObject({
        code: 'NOT_FOUND',
      })
    })
    it('gives way to the passphrase where it cannot be reached, and says so', async () => {
      await expect(list(one.session(noBus, phrase))).resolves.toMatchObject({})
      expect(one.notices).toEqual([expect.stringContaining('keychain cannot be used')])
      await expect(list(one.session(noBus))).rejects.toMatchObject({
        message: expect.stringContaining('keychain cannot be used'),
      })
      expect(await state(noBus as never)).toBe('unreachable')
    })
    it('gives way to the passphrase on a computer whose keychain has no key', async () => {
      const elsewhere = await startSecretService()
      try {
        await expect(list(one.session(elsewhere.environment, phrase))).resolves.toMatchObject({})
        expect(one.notices).toEqual([expect.stringContaining('no key of this vault')])
        expect(await state(elsewhere.environment)).toBe('empty')
      } finally {
        elsewhere.stop()
      }
    })
    it('gives way to the passphrase when its key is another one, which is no guess', async () => {
      const { openVaultFile } = await import('../../../src/vault/index.ts')
      const file = openVaultFile(one.vaultPath, placesOf(one.paths))
      await keychainOf(file, service.environment).store(new Redacted(new Uint8Array(32)))
      file.close()
      for (let again = 0; again < 5; again++) expect(await state()).toBe('stale')
      await expect(list(one.session(service.environment, phrase))).resolves.toMatchObject({})
    })
    it('keeps no slot whose key it did not get', async () => {
      await expect(enrolVaultKeychain(one.session(noBus, phrase))).rejects.toMatchObject({ code: 'IO' })
      expect(await state()).toBe('opens')
      const rotated = await rotateVaultKeys(one.session(noBus, phrase))
      expect(rotated.keychainFault).toContain('cannot be used')
      expect(rotated.recoveryCode).toBeDefined()
      expect(await state()).toBe('not-enrolled')
    })
    it('goes from the vault even where the key has to stay in the keychain', async () => {
      const removed = await removeVaultKeychain(one.session(noBus, phrase))
      expect(removed.keychainFault).toContain('cannot be used')
      expect(isEnrolledInKeychain(one.paths, one.vaultPath)).toBe(false)
    })
  })

  it('that is locked, with nobody to unlock it, gives way to the passphrase', async () => {
    const own = await startSecretService()
    try {
      const one = await world()
      await enrolVaultKeychain(one.session(own.environment, phrase))
      own.lock()
      expect((await keychainFinding(one.session(own.environment))).state).toBe('unreachable')
    } finally {
      own.stop()
    }
  })
})

describe.skipIf(process.platform !== 'linux')('a keychain that cannot be used', () => {
  const vaultId = new Uint8Array(16)

  it('is given up after a while when it does not answer', async () => {
    const path = join(freshPlaces().folder, 'bus')
    const silent = createServer(() => {}).listen(path)
    try {
      const keychain = keychainOf({ vaultId }, { DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}` })
      await expect(keychain.read()).rejects.toMatchObject({
        code: 'IO',
        message: expect.stringContaining('does not answer within 3 s'),
      })
    } finally {
      silent.close()
      rmSync(path, { force: true })
    }
  })
  it('never becomes the keyring of the kernel, which forgets', async () => {
    const keychain = keychainOf({ vaultId }, noBus)
    await expect(keychain.store(new Redacted(new Uint8Array(32)))).rejects.toMatchObject({ code: 'IO' })
    await expect(keychain.remove()).rejects.toMatchObject({ code: 'IO' })
  })
  it('is a note of doctor, which shows none of its words', async () => {
    const { paths, vaultPath } = await world()
    const before = await doctorReport(paths, vaultPath)
    expect(before.find(({ what }) => what === 'keychain')).toMatchObject({ state: 'ok' })
  })
})
