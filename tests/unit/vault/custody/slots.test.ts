import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { passphraseFloor } from '../../../../src/crypto/index.ts'
import { bytesToHex } from '../../../../src/foundation/index.ts'
import {
  changePassphrase,
  enrolKeychain,
  hasSlot,
  openVaultFile,
  type PlacedVaultFile,
  removeSlots,
  rotateRecoveryCode,
  rotateRootKey,
  unlockVault,
  useRecoveryCode,
} from '../../../../src/vault/custody/index.ts'
import { fileContains, reservePath, withReserve } from '../../../../src/vault/custody/secure-deletion.ts'
import { toDatabaseFailure, transaction } from '../../../../src/vault/database.ts'
import {
  createTestVault,
  newVaultFolder,
  passphraseSecret,
  recoverySecret,
  redacted,
  testPassphrase,
  testRandom,
} from './vault-fixture.ts'

const options = { random: testRandom, argon2: passphraseFloor, sleep: async () => undefined }
const newPassphrase = 'another long passphrase'
const slots = (file: PlacedVaultFile) =>
  file.sqlite.prepare('SELECT slot, bytes FROM keyslot ORDER BY slot').all() as {
    slot: number
    bytes: Buffer
  }[]
const wrong = expect.objectContaining({ code: 'WRONG_PASSPHRASE' })

describe('changePassphrase', () => {
  it('opens with the new passphrase only, keeps the recovery code, and leaves no trace of the old slot', async () => {
    const { file, keyring, recoveryCode } = await createTestVault()
    const old = slots(file)[0]?.bytes.subarray(0, 178) as Buffer
    expect(fileContains(file.path, [old]) || fileContains(`${file.path}-wal`, [old])).toBe(true)
    expect(await changePassphrase(file, keyring, redacted(newPassphrase), options)).toBe('gone')
    for (const suffix of ['', '-wal']) expect(fileContains(file.path + suffix, [old])).toBe(false)

    await expect(unlockVault(file, passphraseSecret(), options)).rejects.toEqual(wrong)
    expect((await unlockVault(file, passphraseSecret(newPassphrase), options)).notices).toEqual([])
    expect((await unlockVault(file, recoverySecret(recoveryCode), options)).notices).toEqual([])
    expect(slots(file)).toHaveLength(2)
    file.close()
  })

  it('refuses a short passphrase', async () => {
    const { file, keyring } = await createTestVault()
    await expect(changePassphrase(file, keyring, redacted('short'), options)).rejects.toMatchObject({
      code: 'USAGE',
    })
    file.close()
  })

  it('reports "pending" while another process reads, and clears at the next change', async () => {
    const { file, keyring } = await createTestVault()
    const old = slots(file)[0]?.bytes.subarray(0, 178) as Buffer
    file.sqlite.pragma('busy_timeout = 1')
    const reader = new SqliteDatabase(file.path)
    reader.exec('BEGIN')
    reader.prepare('SELECT * FROM keyslot').all()
    expect(await changePassphrase(file, keyring, redacted(newPassphrase), options)).toBe('pending')
    reader.exec('COMMIT')
    reader.close()
    expect((await rotateRecoveryCode(file, keyring, testRandom)).purge).toBe('gone')
    expect(fileContains(file.path, [old])).toBe(false)
    file.close()
  })

  it('takes no part of a header that does not authenticate', async () => {
    const [a, b] = [await createTestVault(), await createTestVault(newVaultFolder())]
    await expect(changePassphrase(a.file, b.keyring, redacted(newPassphrase), options)).rejects.toThrow(
      'the vault header does not authenticate',
    )
    a.file.close()
    b.file.close()
  })

  it('clears away a slot that was damaged or left void by a crash', async () => {
    const { file, keyring } = await createTestVault()
    const insert = file.sqlite.prepare('INSERT INTO keyslot (slot, bytes) VALUES (?, ?)')
    insert.run(7, Buffer.alloc(512))
    insert.run(8, Buffer.alloc(512, 0x48))
    await changePassphrase(file, keyring, redacted(newPassphrase), options)
    expect(slots(file).map(({ slot }) => slot)).toEqual([1, 2])
    expect((await unlockVault(file, passphraseSecret(newPassphrase))).notices).toEqual([])
    file.close()
  })

  it('opens with the new passphrase after a crash between its two transactions', async () => {
    const folder = newVaultFolder()
    const { file, keyring } = await createTestVault(folder)
    file.sqlite.exec(`CREATE TRIGGER crash BEFORE DELETE ON keyslot BEGIN SELECT RAISE(ABORT, 'crash'); END`)
    await expect(changePassphrase(file, keyring, redacted(newPassphrase), options)).rejects.toThrow('crash')
    file.close()
    const again = openVaultFile(folder.path, folder)
    expect(slots(again)).toHaveLength(3)
    await expect(unlockVault(again, passphraseSecret(), options)).rejects.toEqual(wrong)
    const unlocked = await unlockVault(again, passphraseSecret(newPassphrase), options)
    expect(unlocked.notices).toEqual([])
    again.sqlite.exec('DROP TRIGGER crash')
    await changePassphrase(again, unlocked.keyring, redacted(testPassphrase), options)
    expect(slots(again)).toHaveLength(2)
    again.close()
  })

  it('fails plainly when all sixteen slots are taken', async () => {
    const { file, keyring } = await createTestVault()
    const bytes = slots(file)[1]?.bytes as Buffer
    const insert = file.sqlite.prepare('INSERT INTO keyslot (slot, bytes) VALUES (?, ?)')
    const reserved = Buffer.from(bytes)
    reserved[77] = 4
    for (let slot = 2; slot < 16; slot++) {
      reserved[76] = slot
      insert.run(slot, reserved)
    }
    await expect(changePassphrase(file, keyring, redacted(newPassphrase), options)).rejects.toMatchObject({
      code: 'EXISTS',
    })
    file.close()
  })
})

describe('recovery', () => {
  it('sets a new passphrase with the code', async () => {
    const { file, recoveryCode } = await createTestVault()
    const used = await useRecoveryCode(file, redacted(recoveryCode ?? ''), redacted(newPassphrase), options)
    expect(used).toMatchObject({ notices: [], purge: 'gone' })
    await expect(unlockVault(file, passphraseSecret(), options)).rejects.toEqual(wrong)
    await unlockVault(file, passphraseSecret(newPassphrase), options)
    const short = useRecoveryCode(file, redacted(recoveryCode ?? ''), redacted('short'), options)
    await expect(short).rejects.toMatchObject({ code: 'USAGE' })
    file.close()
  })

  it('gets a new code, and the old one opens nothing', async () => {
    const { file, keyring, recoveryCode } = await createTestVault()
    const rotated = await rotateRecoveryCode(file, keyring, testRandom)
    expect(rotated.recoveryCode).not.toBe(recoveryCode)
    await expect(unlockVault(file, recoverySecret(recoveryCode), options)).rejects.toEqual(wrong)
    await unlockVault(file, recoverySecret(rotated.recoveryCode), options)
    file.close()
  })

  it('can be added later and taken away', async () => {
    const { file, keyring } = await createTestVault(newVaultFolder(), false)
    expect(hasSlot(file, 'recovery')).toBe(false)
    expect(() => removeSlots(file, keyring, 'recovery', testRandom)).toThrow('the vault has no recovery slot')
    const { recoveryCode } = await rotateRecoveryCode(file, keyring, testRandom)
    expect(hasSlot(file, 'recovery')).toBe(true)
    expect(removeSlots(file, keyring, 'recovery', testRandom)).toBe('gone')
    await expect(unlockVault(file, recoverySecret(recoveryCode), options)).rejects.toEqual(wrong)
    await unlockVault(file, passphraseSecret(), options)
    file.close()
  })
})

describe('a keychain slot', () => {
  it('opens with its random key', async () => {
    const { file, keyring } = await createTestVault()
    const { key } = await enrolKeychain(file, keyring, testRandom)
    expect((await unlockVault(file, { kind: 'keychain', key })).notices).toEqual([])
    removeSlots(file, keyring, 'keychain', testRandom)
    await expect(unlockVault(file, { kind: 'keychain', key }, options)).rejects.toEqual(wrong)
    file.close()
  })
})

describe('rotateRootKey', () => {
  it('keeps every key of the records, renews all slots and leaves nothing of the old wrapping', async () => {
    const { file, keyring, anchor, recoveryCode } = await createTestVault()
    const { key: oldKeychainKey } = await enrolKeychain(file, keyring, testRandom)
    const message = Uint8Array.of(1)
    const head = { collection: 'vitals', seq: 0, hash: new Uint8Array(32) } as const
    anchor.write([head])
    const before = {
      key: bytesToHex(keyring.key('vitals', 1, 'batch')),
      mac: bytesToHex(keyring.mac('index', message)),
      device: bytesToHex(keyring.deviceId),
    }
    const root = Uint8Array.from(keyring.rootKey.dangerouslyExpose())
    const wrapped = file.sqlite.prepare('SELECT wrapped FROM collection_key').pluck().all() as Buffer[]

    const rotated = await rotateRootKey(file, keyring, redacted(newPassphrase), options)
    expect(rotated.purge).toBe('gone')
    expect(fileContains(file.path, wrapped)).toBe(false)
    expect(bytesToHex(rotated.keyring.rootKey.dangerouslyExpose())).not.toBe(bytesToHex(root))
    expect(rotated.anchor.read()).toEqual([head])
    expect({
      key: bytesToHex(rotated.keyring.key('vitals', 1, 'batch')),
      mac: bytesToHex(rotated.keyring.mac('index', message)),
      device: bytesToHex(rotated.keyring.deviceId),
    }).toEqual(before)

    for (const secret of [
      passphraseSecret(),
      recoverySecret(recoveryCode),
      { kind: 'keychain', key: oldKeychainKey } as const,
    ]) {
      await expect(unlockVault(file, secret, options)).rejects.toEqual(wrong)
    }
    const keychainKey = rotated.keychainKey
    if (keychainKey === undefined) throw new Error('no keychain key')
    for (const secret of [
      passphraseSecret(newPassphrase),
      recoverySecret(rotated.recoveryCode),
      { kind: 'keychain', key: keychainKey } as const,
    ]) {
      expect((await unlockVault(file, secret, options)).notices).toEqual([])
    }
    file.close()
  })

  it('makes no recovery code where there was none, and no anchor for a copied file', async () => {
    const folder = newVaultFolder()
    const { file, keyring } = await createTestVault(folder, false)
    rmSync(join(folder.statePath, 'anchors'), { recursive: true })
    const rotated = await rotateRootKey(file, keyring, redacted(newPassphrase), options)
    expect(rotated).toMatchObject({ recoveryCode: undefined, keychainKey: undefined })
    const { notices } = await unlockVault(file, passphraseSecret(newPassphrase))
    expect(notices).toMatchObject([{ kind: 'restored' }])
    file.close()
  })

  it('makes another process that still holds the old key unlock again, without losing its write', async () => {
    const folder = newVaultFolder()
    const { file, keyring } = await createTestVault(folder)
    const other = openVaultFile(folder.path, folder)
    const held = await unlockVault(other, passphraseSecret())
    await rotateRootKey(file, keyring, redacted(testPassphrase), options)
    expect(() => held.anchor.write([])).toThrow(expect.objectContaining({ code: 'VAULT_LOCKED' }))
    await expect(changePassphrase(other, held.keyring, redacted(newPassphrase), options)).rejects.toThrow(
      'does not authenticate',
    )
    expect((await unlockVault(other, passphraseSecret())).notices).toEqual([])
    other.close()
    file.close()
  })
})

describe('the reserve for a full disk', () => {
  it('is given up when the disk is full, and made again', async () => {
    const { file, keyring } = await createTestVault()
    await rotateRecoveryCode(file, keyring, testRandom)
    expect(readFileSync(reservePath(file))).toHaveLength(256 * 1024)
    let calls = 0
    const work = () => {
      calls += 1
      if (existsSync(reservePath(file)))
        throw toDatabaseFailure(new SqliteDatabase.SqliteError('full', 'SQLITE_FULL'))
      return transaction(file.sqlite, () => 'done')
    }
    expect(withReserve(file, work)).toBe('done')
    expect(calls).toBe(2)
    await rotateRecoveryCode(file, keyring, testRandom)
    expect(existsSync(reservePath(file))).toBe(true)
    file.close()
  })

  it('is not given up for other failures', async () => {
    const { file, keyring } = await createTestVault()
    await rotateRecoveryCode(file, keyring, testRandom)
    const work = () => {
      throw new Error('other')
    }
    expect(() => withReserve(file, work)).toThrow('other')
    expect(existsSync(reservePath(file))).toBe(true)
    file.close()
  })
})

describe('fileContains', () => {
  it('finds bytes across the pieces that it reads', () => {
    const path = join(newVaultFolder().root, 'bytes')
    const needle = testRandom.bytes(178)
    for (const at of [0, 1024 * 1024 - 100, 2 * 1024 * 1024 - 177, 3 * 1024 * 1024 - 178]) {
      const bytes = Buffer.alloc(3 * 1024 * 1024)
      bytes.set(needle, at)
      writeFileSync(path, bytes)
      expect(fileContains(path, [needle])).toBe(true)
      expect(fileContains(path, [needle.map((byte) => byte ^ 1)])).toBe(false)
    }
    expect(fileContains(`${path}-none`, [needle])).toBe(false)
  })
})
