import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bytesToHex } from '../../../../src/foundation/index.ts'
import { collectionNames } from '../../../../src/metrics/index.ts'
import {
  mintDevice,
  openVaultFile,
  type PlacedVaultFile,
  unlockVault,
} from '../../../../src/vault/custody/index.ts'
import type { ChainHead } from '../../../../src/vault/ports.ts'
import {
  createTestVault,
  newVaultFolder,
  recoverySecret,
  testRandom,
  type VaultFolder,
} from './vault-fixture.ts'

const head = (collection: ChainHead['collection'], seq: number): ChainHead => ({
  collection,
  seq,
  hash: new Uint8Array(32).fill(seq),
})
const byName = (a: ChainHead, b: ChainHead) => a.collection.localeCompare(b.collection)

function anchorPath({ statePath }: VaultFolder): string {
  const [name, ...others] = readdirSync(join(statePath, 'anchors'))
  expect(others).toEqual([])
  return join(statePath, 'anchors', name as string)
}

function insertBatch(
  file: PlacedVaultFile,
  collectionId: Uint8Array,
  deviceId: Uint8Array,
  seq: number,
): void {
  file.sqlite.prepare("INSERT INTO batch VALUES (?, ?, ?, x'00')").run(collectionId, deviceId, seq)
}

describe('the head anchor', () => {
  it('reads back the heads that were written', async () => {
    const { file, anchor } = await createTestVault()
    expect(anchor.read()).toEqual([])
    const heads = collectionNames.map((name, index) => head(name, index + 1))
    anchor.write(heads)
    expect([...(anchor.read() ?? [])].sort(byName)).toEqual([...heads].sort(byName))
    file.close()
  })

  it('keeps the later head of two processes', async () => {
    const { file, anchor } = await createTestVault()
    anchor.write([head('vitals', 5), head('labs', 1)])
    anchor.write([head('vitals', 4), head('labs', 2), head('sleep', 1)])
    expect([...(anchor.read() ?? [])].sort(byName)).toEqual([
      head('labs', 2),
      head('sleep', 1),
      head('vitals', 5),
    ])
    file.close()
  })

  it('tells no collection names', async () => {
    const folder = newVaultFolder()
    const { file, anchor } = await createTestVault(folder)
    anchor.write([head('reproductive', 1)])
    expect(readFileSync(anchorPath(folder)).includes('reproductive')).toBe(false)
    file.close()
  })

  it('is refused with any bit changed, and unlocking says so', async () => {
    const folder = newVaultFolder()
    const { file, anchor, recoveryCode } = await createTestVault(folder)
    anchor.write([head('vitals', 1)])
    const path = anchorPath(folder)
    const original = readFileSync(path)
    for (let index = 0; index < original.length; index++) {
      const changed = Buffer.from(original)
      changed[index] = (changed[index] as number) ^ 0x10
      writeFileSync(path, changed)
      expect(() => anchor.read()).toThrow('does not authenticate')
    }
    writeFileSync(path, original.subarray(0, 10))
    expect(() => anchor.read()).toThrow('does not authenticate')
    const { notices } = await unlockVault(file, recoverySecret(recoveryCode))
    expect(notices).toMatchObject([{ kind: 'anchor-damaged' }])
    file.close()
  })

  it('of another vault is refused', async () => {
    const [a, b] = [newVaultFolder(), newVaultFolder()]
    const [first, second] = [await createTestVault(a), await createTestVault(b)]
    copyFileSync(anchorPath(b), anchorPath(a))
    expect(() => first.anchor.read()).toThrow('does not authenticate')
    first.file.close()
    second.file.close()
  })
})

describe('unlocking', () => {
  it('notices commits that are gone: rolled back', async () => {
    const { file, keyring, anchor, recoveryCode } = await createTestVault()
    const { id } = keyring.collection('vitals')
    insertBatch(file, id, keyring.deviceId, 1)
    insertBatch(file, id, keyring.deviceId, 2)
    anchor.write([head('vitals', 2)])
    expect((await unlockVault(file, recoverySecret(recoveryCode))).notices).toEqual([])
    file.sqlite.exec('DELETE FROM batch WHERE seq = 2')
    // Another device's batch of that number does not stand in.
    insertBatch(file, id, new Uint8Array(16), 2)
    const { notices } = await unlockVault(file, recoverySecret(recoveryCode))
    expect(notices).toMatchObject([{ kind: 'rolled-back' }])
    file.close()
  })

  it('takes an anchor that lags behind (a crash after a commit) for sound', async () => {
    const { file, keyring, anchor, recoveryCode } = await createTestVault()
    insertBatch(file, keyring.collection('vitals').id, keyring.deviceId, 1)
    expect(anchor.read()).toEqual([])
    expect((await unlockVault(file, recoverySecret(recoveryCode))).notices).toEqual([])
    file.close()
  })

  it('knows a file that was renamed, and notices a copy', async () => {
    const folder = newVaultFolder()
    const { file, recoveryCode } = await createTestVault(folder)
    file.close()
    const moved = join(folder.root, 'data', 'moved.db')
    renameSync(folder.path, moved)
    const renamed = openVaultFile(moved, folder)
    expect((await unlockVault(renamed, recoverySecret(recoveryCode))).notices).toEqual([])
    renamed.close()

    copyFileSync(moved, folder.path)
    const copy = openVaultFile(folder.path, folder)
    const { notices } = await unlockVault(copy, recoverySecret(recoveryCode))
    expect(notices).toMatchObject([{ kind: 'restored' }])
    copy.close()
  })
})

describe('mintDevice', () => {
  it('gives a copy a device of its own, whose batches and whose predecessor’s verify', async () => {
    const folder = newVaultFolder()
    const { file, keyring, recoveryCode } = await createTestVault(folder)
    const message = Uint8Array.of(1)
    const [oldId, oldSignature] = [keyring.deviceId, keyring.sign('batch', message)]
    rmSync(join(folder.statePath, 'anchors'), { recursive: true })

    const restored = await unlockVault(file, recoverySecret(recoveryCode))
    expect(restored.anchor.read()).toBeNull()
    const minted = mintDevice(file, restored.keyring, testRandom)
    expect(bytesToHex(minted.keyring.deviceId)).not.toBe(bytesToHex(oldId))
    expect(minted.anchor.read()).toEqual([])
    expect(file.sqlite.prepare('SELECT count(*) FROM device WHERE sealed IS NOT NULL').pluck().get()).toBe(1)

    const again = await unlockVault(file, recoverySecret(recoveryCode))
    expect(again.notices).toEqual([])
    expect(bytesToHex(again.keyring.deviceId)).toBe(bytesToHex(minted.keyring.deviceId))
    const newSignature = minted.keyring.sign('batch', message)
    for (const [device, signature] of [
      [oldId, oldSignature],
      [again.keyring.deviceId, newSignature],
    ] as const) {
      expect(again.keyring.verify(device, 'batch', message, signature)).toBe(true)
      expect(again.keyring.verify(device, 'batch', Uint8Array.of(2), signature)).toBe(false)
    }
    expect(again.keyring.verify(oldId, 'batch', message, newSignature)).toBe(false)
    file.close()
  })

  it('leaves the anchor of the old device to no one', async () => {
    const { file, keyring, anchor, recoveryCode } = await createTestVault()
    anchor.write([head('vitals', 7)])
    const minted = mintDevice(file, keyring, testRandom)
    expect(minted.anchor.read()).toEqual([])
    expect((await unlockVault(file, recoverySecret(recoveryCode))).notices).toEqual([])
    file.close()
  })
})
