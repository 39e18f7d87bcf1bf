/** A new device id for a vault file that was copied, restored or rolled back; security.md 5.6. */
import { idLength } from '../../crypto/index.ts'
import { type Random, Redacted } from '../../foundation/index.ts'
import { transaction } from '../database.ts'
import { insertDevice } from './create.ts'
import { FileHeadAnchor } from './head-anchor.ts'
import { openSecret } from './key-derivation.ts'
import { loadKeyring, type VaultKeyring } from './keyring.ts'
import { type PlacedVaultFile, readMeta } from './vault-file.ts'

/**
 * Retires this file's device (its secret keys are deleted, its certificate stays, so that its batches still verify),
 * certifies a new one, and starts a fresh anchor. Use the returned keyring and anchor from here on; the one given is
 * wiped.
 */
export function mintDevice(
  file: PlacedVaultFile,
  keyring: VaultKeyring,
  random: Random,
): { readonly keyring: VaultKeyring; readonly anchor: FileHeadAnchor } {
  const { sqlite, vaultId } = file
  const { wrap } = keyring.rootKeys
  transaction(sqlite, () => {
    const identity = openSecret(wrap, vaultId, 'identity', readMeta(sqlite, 'identity'))
    sqlite.prepare('UPDATE device SET sealed = NULL').run()
    insertDevice(sqlite, { wrap, vaultId, identity, deviceId: random.bytes(idLength) })
    identity.fill(0)
  })
  const rootKey = new Redacted(Uint8Array.from(keyring.rootKey.dangerouslyExpose()))
  keyring.wipe()
  const minted = loadKeyring(sqlite, vaultId, rootKey)
  const anchor = new FileHeadAnchor(file, minted)
  anchor.reset()
  return { keyring: minted, anchor }
}
