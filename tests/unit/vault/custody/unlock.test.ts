import { describe, expect, it } from 'vitest'
import { collectionNames } from '../../../../src/metrics/index.ts'
import { openVaultFile, unlockVault } from '../../../../src/vault/custody/index.ts'
import { createTestVault, newVaultFolder, passphraseSecret, recoverySecret } from './vault-fixture.ts'

const message = new Uint8Array([1, 2, 3])

describe('a vault that was made, closed and opened again', () => {
  it('unlocks with passphrase and recovery code to the same keys', async () => {
    const folder = newVaultFolder()
    const created = await createTestVault(folder)
    const { keyring } = created
    const key = Uint8Array.from(keyring.key('vitals', 1, 'batch'))
    const mac = keyring.mac('index', message)
    const signature = keyring.sign('batch', message)
    created.anchor.write([{ collection: 'vitals', seq: 0, hash: new Uint8Array(32) }])
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
      for (const name of collectionNames) {
        const { id, epoch } = again.keyring.collection(name)
        expect(epoch).toBe(1)
        expect(again.keyring.collectionName(id)).toBe(name)
      }
      file.close()
    }
  })
})
