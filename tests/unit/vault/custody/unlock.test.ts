import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { passphraseFloor, passphraseSaltLength, sealEnvelope, sha256 } from '../../../../src/crypto/index.ts'
import { bytesToHex, Redacted } from '../../../../src/foundation/index.ts'
import { collectionNames } from '../../../../src/metrics/index.ts'
import {
  attemptDelayMs,
  changePassphrase,
  mintDevice,
  openVaultFile,
  type PlacedVaultFile,
  slotsOfKind,
  unlockVault,
} from '../../../../src/vault/custody/index.ts'
import { parseKeySlot, sealKeySlot } from '../../../../src/vault/custody/key-slot.ts'
import type { UnlockSecret } from '../../../../src/vault/ports.ts'
import {
  createTestVault,
  newVaultFolder,
  passphraseSecret,
  recoverySecret,
  redacted,
  testRandom,
} from './vault-fixture.ts'

const message = new Uint8Array([1, 2, 3])
const noSleep = async () => undefined
const readSlot = (file: PlacedVaultFile, slot: number) =>
  file.sqlite.prepare('SELECT bytes FROM keyslot WHERE slot = ?').pluck().get(slot) as Buffer
const writeSlot = (file: PlacedVaultFile, slot: number, bytes: Uint8Array) =>
  file.sqlite.prepare('UPDATE keyslot SET bytes = ? WHERE slot = ?').run(bytes, slot)

/** Offsets in a slot: fields begin behind header (44) and commitment (32). */
const offset = { kind: 77, salt: 78, memory: 94, passes: 98, lanes: 102, wrapped: 130 }

describe('a vault that was made, closed and opened again', () => {
  it('unlocks with passphrase and recovery code to the same keys', async () => {
    const folder = newVaultFolder()
    const created = await createTestVault(folder)
    const { keyring } = created
    const key = Uint8Array.from(keyring.key('vitals', 1, 'batch'))
    const mac = keyring.mac('index', message)
    const signature = keyring.sign('batch', message)
    created.file.close()

    for (const secret of [passphraseSecret(), recoverySecret(created.recoveryCode)]) {
      const file = openVaultFile(folder.path, folder)
      expect(file.vaultId).toEqual(keyring.vaultId)
      const again = await unlockVault(file, secret)
      expect(again.notices).toEqual([])
      expect(again.keyring.key('vitals', 1, 'batch')).toEqual(key)
      expect(again.keyring.mac('index', message)).toEqual(mac)
      expect(again.keyring.verify(keyring.deviceId, 'batch', message, signature)).toBe(true)
      expect(again.keyring.verify(keyring.deviceId, 'head', message, signature)).toBe(false)
      expect(again.keyring.verify(keyring.vaultId, 'batch', message, signature)).toBe(false)
      for (const name of collectionNames) {
        const { id, epoch } = again.keyring.collection(name)
        expect(epoch).toBe(1)
        expect(again.keyring.collectionName(id)).toBe(name)
      }
      file.close()
    }
  })

  it('gives every collection, epoch, context and purpose its own key', async () => {
    const { file, keyring } = await createTestVault()
    const keys = [
      keyring.key('vitals', 1, 'batch'),
      keyring.key('vitals', 1, 'segment'),
      keyring.key('labs', 1, 'batch'),
      keyring.mac('index', message),
      keyring.mac('audit', message),
    ]
    expect(new Set(keys.map(bytesToHex)).size).toBe(keys.length)
    expect(keyring.key('vitals', 1, 'batch')).toBe(keys[0])
    expect(() => keyring.key('vitals', 2, 'batch')).toThrow('no key for epoch 2 of the collection vitals')
    expect(keyring.collectionName(new Uint8Array(16))).toBeUndefined()
    file.close()
  })

  it('wipes its keys', async () => {
    const { file, keyring } = await createTestVault()
    const key = keyring.key('vitals', 1, 'batch')
    const root = keyring.rootKey.dangerouslyExpose()
    keyring.wipe()
    expect([key, root, keyring.rootKeys.wrap].map(bytesToHex)).toEqual(Array(3).fill('00'.repeat(32)))
    file.close()
  })
})

describe('a wrong secret (T8)', () => {
  it('ends in one message, whatever kind it is of and whether a slot of the kind exists', async () => {
    const { file } = await createTestVault()
    const other = await createTestVault(newVaultFolder())
    const withoutRecovery = await createTestVault(newVaultFolder(), false)
    const attempts: readonly [PlacedVaultFile, UnlockSecret][] = [
      [file, passphraseSecret('wrong horse battery')],
      [file, passphraseSecret('')],
      [file, recoverySecret(other.recoveryCode)],
      [file, { kind: 'keychain', key: new Redacted(new Uint8Array(32)) }],
      [withoutRecovery.file, recoverySecret(other.recoveryCode)],
    ]
    const failures = await Promise.all(
      attempts.map(([vault, secret]) =>
        unlockVault(vault, secret, { sleep: noSleep }).catch((failure) => failure),
      ),
    )
    expect(new Set(failures.map(({ code, message, hint }) => `${code} ${message} ${hint}`)).size).toBe(1)
    expect(failures[0]).toMatchObject({ code: 'WRONG_PASSPHRASE', exitCode: 4 })
    for (const vault of [file, other.file, withoutRecovery.file]) vault.close()
  })

  it('makes the next attempts wait longer, across processes, until one succeeds', async () => {
    const folder = newVaultFolder()
    const { file } = await createTestVault(folder)
    const waited: number[] = []
    const sleep = async (ms: number) => waited.push(ms)
    for (let attempt = 0; attempt < 6; attempt++) {
      // A new handle each time, as a new process has.
      const again = openVaultFile(folder.path, folder)
      await expect(unlockVault(again, passphraseSecret('wrong'), { sleep })).rejects.toThrow('nothing opens')
      again.close()
    }
    expect(waited).toEqual([1000, 2000, 4000])
    await unlockVault(file, passphraseSecret(), { sleep })
    expect(waited.at(-1)).toBe(8000)
    expect(attemptDelayMs(file)).toBe(0)
    file.close()
  })

  it('waits at most half a minute, and takes a meddled count for none', async () => {
    const folder = newVaultFolder()
    const { file } = await createTestVault(folder)
    await expect(unlockVault(file, passphraseSecret('wrong'))).rejects.toThrow('nothing opens')
    const count = join(folder.statePath, 'attempts', bytesToHex(file.vaultId))
    writeFileSync(count, '1000000\n')
    expect(attemptDelayMs(file)).toBe(30_000)
    writeFileSync(count, 'many')
    expect(attemptDelayMs(file)).toBe(0)
    file.close()
  })
})

describe('a key slot that was changed from outside', () => {
  it.each([
    ['memory below the floor', offset.memory, 65_535],
    ['2^31 KiB of memory', offset.memory, 2 ** 31],
    ['10^9 passes', offset.passes, 1e9],
    ['no passes', offset.passes, 0],
    ['255 lanes', offset.lanes, 255],
    ['no lanes', offset.lanes, 0],
  ])('with %s is refused before the passphrase is asked for (T9)', async (_, at, value) => {
    const { file } = await createTestVault()
    const bytes = Buffer.from(readSlot(file, 0))
    bytes.writeUInt32BE(value, at)
    writeSlot(file, 0, bytes)
    expect(() => slotsOfKind(file, 'passphrase')).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_FORMAT' }),
    )
    await expect(unlockVault(file, passphraseSecret())).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' })
    file.close()
  })

  it('with a salt of another length is refused (T9)', async () => {
    const { file, keyring } = await createTestVault()
    const header = {
      context: 'keyslot',
      vaultId: file.vaultId,
      collectionId: new Uint8Array(16),
      epoch: 0,
      fields: new Uint8Array(30 - passphraseSaltLength + 8),
    } as const
    const bytes = new Uint8Array(512)
    bytes.set(sealEnvelope(new Uint8Array(32), header, keyring.rootKey.dangerouslyExpose()))
    writeSlot(file, 0, bytes)
    await expect(unlockVault(file, passphraseSecret())).rejects.toThrow(
      'its salt or header has another length',
    )
    file.close()
  })

  it('opens nothing with any byte of it changed (T10)', async () => {
    const { file, recoveryCode } = await createTestVault()
    const original = readSlot(file, 1)
    for (let index = 0; index < original.length; index++) {
      const changed = Buffer.from(original)
      changed[index] = (changed[index] as number) ^ 1
      writeSlot(file, 1, changed)
      await expect(unlockVault(file, recoverySecret(recoveryCode), { sleep: noSleep })).rejects.toThrow()
    }
    writeSlot(file, 1, original)
    expect((await unlockVault(file, recoverySecret(recoveryCode), { sleep: noSleep })).notices).toEqual([])
    file.close()
  })

  it('of an unknown version or suite is refused (T14)', async () => {
    const { file } = await createTestVault()
    const original = readSlot(file, 0)
    for (const index of [2, 3]) {
      const changed = Buffer.from(original)
      changed[index] = 0
      writeSlot(file, 0, changed)
      await expect(unlockVault(file, passphraseSecret())).rejects.toMatchObject({
        code: 'UNSUPPORTED_FORMAT',
      })
    }
    file.close()
  })

  it('is refused in the place of another slot, and in another vault (T10)', async () => {
    const [a, b] = [await createTestVault(), await createTestVault(newVaultFolder())]
    const [first, second] = [readSlot(a.file, 0), readSlot(a.file, 1)]
    writeSlot(a.file, 0, second)
    writeSlot(a.file, 1, first)
    await expect(unlockVault(a.file, passphraseSecret())).rejects.toThrow('it belongs to another place')
    writeSlot(a.file, 0, readSlot(b.file, 0))
    await expect(unlockVault(a.file, passphraseSecret())).rejects.toThrow('belongs to another')
    a.file.close()
    b.file.close()
  })

  it('is refused when an old one was put back, although its passphrase opens it', async () => {
    const { file, keyring } = await createTestVault()
    const old = readSlot(file, 0)
    await changePassphrase(file, keyring, redacted('another long passphrase'), {
      random: testRandom,
      argon2: passphraseFloor,
    })
    file.sqlite.prepare('INSERT INTO keyslot (slot, bytes) VALUES (0, ?)').run(old)
    await expect(unlockVault(file, passphraseSecret())).rejects.toThrow(
      'an old or weaker one was put in its place',
    )
    const { notices } = await unlockVault(file, passphraseSecret('another long passphrase'), {
      sleep: noSleep,
    })
    expect(notices).toMatchObject([{ kind: 'slot-damaged' }])
    file.close()
  })

  it('does not lock out who uses another slot', async () => {
    const { file, recoveryCode } = await createTestVault()
    const damaged = Buffer.from(readSlot(file, 0))
    damaged[offset.wrapped] = (damaged[offset.wrapped] as number) ^ 1
    writeSlot(file, 0, damaged)
    await expect(unlockVault(file, passphraseSecret())).rejects.toMatchObject({ code: 'DAMAGED' })
    const { notices } = await unlockVault(file, recoverySecret(recoveryCode))
    expect(notices).toMatchObject([{ kind: 'slot-damaged' }])
    file.close()
  })

  it('has 512 bytes and a known kind', async () => {
    const { file, keyring } = await createTestVault()
    const slotKey = {
      kind: 'keychain',
      salt: new Uint8Array(16),
      parameters: passphraseFloor,
      key: new Uint8Array(32),
    } as const
    const bytes = sealKeySlot(3, slotKey, file.vaultId, keyring.rootKey.dangerouslyExpose())
    expect(parseKeySlot(3, bytes, file.vaultId)).toMatchObject({
      slot: 3,
      kind: 'keychain',
      parameters: passphraseFloor,
    })
    expect(() => parseKeySlot(3, bytes.subarray(1), file.vaultId)).toThrow('its length is wrong')
    bytes[offset.kind] = 9
    expect(() => parseKeySlot(3, bytes, file.vaultId)).toThrow('its kind is unknown')
    file.close()
  })
})

describe('damage to custody’s own rows', () => {
  const flip = (bytes: Buffer) =>
    Buffer.from(bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte)))

  it.each(['identity', 'token-root', 'inbox-secret', 'device', 'header'])(
    'in "%s" is reported',
    async (key) => {
      const { file, recoveryCode } = await createTestVault()
      const row = file.sqlite.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key) as Buffer
      file.sqlite.prepare('UPDATE meta SET value = ? WHERE key = ?').run(flip(row), key)
      await expect(unlockVault(file, recoverySecret(recoveryCode))).rejects.toMatchObject({ code: 'DAMAGED' })
      file.close()
    },
  )

  it('in one collection’s key leaves the others usable', async () => {
    const { file, keyring, recoveryCode } = await createTestVault()
    const { id } = keyring.collection('sleep')
    const row = file.sqlite
      .prepare('SELECT wrapped FROM collection_key WHERE collection_id = ?')
      .pluck()
      .get(id)
    file.sqlite
      .prepare('UPDATE collection_key SET wrapped = ? WHERE collection_id = ?')
      .run(flip(row as Buffer), id)
    const unlocked = await unlockVault(file, recoverySecret(recoveryCode))
    expect(unlocked.notices).toMatchObject([{ kind: 'keys-damaged' }])
    expect(() => unlocked.keyring.key('sleep', 1, 'batch')).toThrow(
      'no key for epoch 1 of the collection sleep',
    )
    expect(unlocked.keyring.key('vitals', 1, 'batch')).toHaveLength(32)
    file.close()
  })

  it('in a collection’s name or a retired device’s certificate leaves the rest usable', async () => {
    const { file, keyring, recoveryCode } = await createTestVault()
    const { id } = keyring.collection('sleep')
    file.sqlite.prepare('UPDATE collection SET sealed = ? WHERE id = ?').run(new Uint8Array(100), id)
    const retired = Uint8Array.from(keyring.deviceId)
    const signature = keyring.sign('batch', message)
    mintDevice(file, keyring, testRandom)
    file.sqlite.prepare('UPDATE device SET certificate = ? WHERE id = ?').run(new Uint8Array(161), retired)
    const unlocked = await unlockVault(file, recoverySecret(recoveryCode))
    expect(unlocked.notices).toMatchObject([{ kind: 'keys-damaged' }, { kind: 'keys-damaged' }])
    expect(() => unlocked.keyring.collection('sleep')).toThrow('the key of the collection sleep is missing')
    expect(unlocked.keyring.verify(retired, 'batch', message, signature)).toBe(false)
    file.close()
  })

  it('in the device’s keys is reported', async () => {
    const { file, recoveryCode } = await createTestVault()
    file.sqlite.exec('UPDATE device SET sealed = NULL')
    await expect(unlockVault(file, recoverySecret(recoveryCode))).rejects.toThrow(
      'the keys of this device is missing',
    )
    file.close()
  })
})

describe('a vault whose slots are older than the anchor knows', () => {
  it('is refused, and accepted only on request (T14)', async () => {
    const folder = newVaultFolder()
    const { file, keyring } = await createTestVault(folder)
    file.sqlite.pragma('wal_checkpoint(TRUNCATE)')
    const before = join(folder.root, 'before.db')
    copyFileSync(folder.path, before)
    const options = { random: testRandom, argon2: passphraseFloor }
    await changePassphrase(file, keyring, redacted('another long passphrase'), options)
    file.close()
    // In place: the same inode, so that the anchor is the file's own.
    writeFileSync(folder.path, readFileSync(before))
    const old = openVaultFile(folder.path, folder)
    await expect(unlockVault(old, passphraseSecret())).rejects.toMatchObject({
      code: 'ROLLED_BACK',
      exitCode: 6,
    })
    const unlocked = await unlockVault(old, passphraseSecret(), { acceptOlder: true })
    expect(unlocked.notices).toMatchObject([{ kind: 'rolled-back' }])
    mintDevice(old, unlocked.keyring, testRandom)
    expect((await unlockVault(old, passphraseSecret())).notices).toEqual([])
    old.close()
  })
})

describe('what locked writers trust', () => {
  it('is mended at unlock when the inbox key or the pin was replaced', async () => {
    const folder = newVaultFolder()
    const { file, recoveryCode } = await createTestVault(folder)
    const pins = join(folder.configPath, 'pins')
    const pin = join(pins, readdirSync(pins)[0] as string)
    const original = readFileSync(pin, 'utf8')

    file.sqlite.exec("UPDATE meta SET value = zeroblob(128) WHERE key = 'inbox-key'")
    expect((await unlockVault(file, recoverySecret(recoveryCode))).notices).toMatchObject([
      { kind: 'inbox-key-repaired' },
    ])

    for (const other of [bytesToHex(sha256(message)), 'no fingerprint']) {
      writeFileSync(pin, other)
      expect((await unlockVault(file, recoverySecret(recoveryCode))).notices).toMatchObject([
        { kind: 'identity-repinned' },
      ])
      expect(readFileSync(pin, 'utf8')).toBe(original)
    }
    // A machine that never saw the vault pins it silently.
    rmSync(pin)
    expect((await unlockVault(file, recoverySecret(recoveryCode))).notices).toEqual([])
    expect(readFileSync(pin, 'utf8')).toBe(original)
    file.close()
  })
})
