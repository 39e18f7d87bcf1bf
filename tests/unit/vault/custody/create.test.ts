import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { passphraseFloor } from '../../../../src/crypto/index.ts'
import { bytesToHex } from '../../../../src/foundation/index.ts'
import { collectionNames } from '../../../../src/metrics/index.ts'
import { createVaultFile, openVaultFile, unlockVault } from '../../../../src/vault/custody/index.ts'
import {
  createTestVault,
  newVaultFolder,
  passphraseSecret,
  redacted,
  testPassphrase,
  testRandom,
} from './vault-fixture.ts'

/** All files and folders below a folder, with their modes. */
function modes(root: string): { path: string; mode: number; isFolder: boolean }[] {
  return readdirSync(root, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name)
    return { path, mode: statSync(path).mode & 0o777, isFolder: entry.isDirectory() }
  })
}

describe('createVaultFile', () => {
  it.each([0o000, 0o022])('makes files 0600 and folders 0700 under umask %o (T42)', async (umask) => {
    const before = process.umask(umask)
    try {
      const { file } = await createTestVault(newVaultFolder())
      file.sqlite.exec("INSERT INTO state VALUES ('a', x'00')")
      const found = modes(join(file.path, '..', '..'))
      expect(found.filter(({ isFolder }) => !isFolder).length).toBeGreaterThanOrEqual(5)
      for (const { path, mode, isFolder } of found)
        expect([path, mode]).toEqual([path, isFolder ? 0o700 : 0o600])
      file.close()
    } finally {
      process.umask(before)
    }
  })

  it('repairs its own folders where they are wider', async () => {
    const folder = newVaultFolder()
    mkdirSync(folder.statePath, { mode: 0o755 })
    mkdirSync(folder.configPath, { mode: 0o755 })
    const { file } = await createTestVault(folder)
    file.close()
    expect(statSync(folder.statePath).mode & 0o777).toBe(0o700)
    expect(statSync(folder.configPath).mode & 0o777).toBe(0o700)
  })

  it('refuses a path where something is, and leaves that as it was', async () => {
    const folder = newVaultFolder()
    mkdirSync(dirname(folder.path), { recursive: true, mode: 0o700 })
    writeFileSync(folder.path, 'mine')
    await expect(createTestVault(folder)).rejects.toMatchObject({ code: 'EXISTS' })
    expect(readFileSync(folder.path, 'utf8')).toBe('mine')

    const dangling = newVaultFolder()
    mkdirSync(dirname(dangling.path), { recursive: true, mode: 0o700 })
    symlinkSync(join(dangling.root, 'nowhere'), dangling.path)
    await expect(createTestVault(dangling)).rejects.toMatchObject({ code: 'EXISTS' })
  })

  it('leaves nothing behind when it fails', async () => {
    const folder = newVaultFolder()
    mkdirSync(folder.root, { recursive: true })
    // The configuration "folder" is a file: the pin cannot be written.
    writeFileSync(folder.configPath, '')
    await expect(createTestVault(folder)).rejects.toMatchObject({ code: 'IO' })
    expect(readdirSync(dirname(folder.path))).toEqual([])
  })

  it('refuses a short passphrase before it makes anything', async () => {
    const folder = newVaultFolder()
    const options = { ...folder, passphrase: redacted('short'), withRecovery: false, random: testRandom }
    await expect(createVaultFile(options)).rejects.toMatchObject({ code: 'USAGE' })
    expect(existsSync(dirname(folder.path))).toBe(false)
  })

  it('calibrates the passphrase where no cost is given, never below the floor', async () => {
    const folder = newVaultFolder()
    const options = {
      ...folder,
      passphrase: redacted(testPassphrase),
      withRecovery: false,
      random: testRandom,
    }
    const { file, recoveryCode } = await createVaultFile(options)
    expect(recoveryCode).toBeUndefined()
    const [slot, ...others] = file.sqlite.prepare('SELECT bytes FROM keyslot').pluck().all() as Buffer[]
    expect(others).toEqual([])
    expect(slot?.readUInt32BE(76 + 18)).toBeGreaterThanOrEqual(passphraseFloor.memoryKiB)
    expect((await unlockVault(file, passphraseSecret())).notices).toEqual([])
    file.close()
  })

  it('writes no plaintext: no names, no secrets, no times', async () => {
    const { file, keyring, recoveryCode } = await createTestVault()
    file.sqlite.pragma('wal_checkpoint(TRUNCATE)')
    const bytes = readFileSync(file.path)
    const needles = [...collectionNames, 'passphrase', 'recovery', testPassphrase, recoveryCode] as string[]
    expect(needles.filter((needle) => bytes.includes(needle))).toEqual([])
    expect(bytes.toString('latin1')).not.toMatch(/20\d\d-\d\d-\d\d/)
    const secrets = [keyring.rootKey.dangerouslyExpose(), keyring.rootKeys.wrap, keyring.rootKeys.head]
    expect(secrets.filter((secret) => bytes.indexOf(secret) >= 0).map(bytesToHex)).toEqual([])
    file.close()
  })

  it('seals every collection name in the same length', async () => {
    const { file } = await createTestVault()
    const lengths = file.sqlite.prepare('SELECT DISTINCT length(sealed) FROM collection').pluck().all()
    expect(lengths).toHaveLength(1)
    file.close()
  })
})

describe('openVaultFile', () => {
  it('gives vaults their own ids', async () => {
    const [a, b] = [await createTestVault(), await createTestVault()]
    expect(bytesToHex(a.file.vaultId)).not.toBe(bytesToHex(b.file.vaultId))
    expect(bytesToHex(a.keyring.deviceId)).not.toBe(bytesToHex(b.keyring.deviceId))
    a.file.close()
    b.file.close()
  })

  it('refuses a header of another format version and one that is missing (T14)', async () => {
    const folder = newVaultFolder()
    const { file } = await createTestVault(folder)
    const header = file.sqlite.prepare("SELECT value FROM meta WHERE key = 'header'").pluck().get() as Buffer
    const update = file.sqlite.prepare("UPDATE meta SET value = ? WHERE key = 'header'")
    for (const version of [0, 2]) {
      const changed = Buffer.from(header)
      changed.writeUInt16BE(version)
      update.run(changed)
      expect(() => openVaultFile(folder.path, folder)).toThrow(`format version ${version}`)
    }
    file.sqlite.exec("DELETE FROM meta WHERE key = 'header'")
    expect(() => openVaultFile(folder.path, folder)).toThrow(expect.objectContaining({ code: 'DAMAGED' }))
    file.close()
  })
})
