/**
 * A new root key; security.md 4.5. Every collection key and secret is wrapped anew and all key slots are made again, in
 * one transaction. Records, their keys and tokens stay as they are.
 */
import { aeadKeyLength, assertAcceptablePassphrase } from '../../crypto/index.ts'
import { Redacted } from '../../foundation/index.ts'
import { transaction } from '../database.ts'
import type { UnlockSecret } from '../ports.ts'
import { generateRecoverySecret, passphraseCost } from './create.ts'
import { FileHeadAnchor } from './head-anchor.ts'
import {
  deriveRootKeys,
  openSecret,
  type RootKeys,
  sealSecret,
  unwrapCollectionKey,
  wrapCollectionKey,
} from './key-derivation.ts'
import { deriveSlotKey } from './key-slot.ts'
import { collectionSecretName, deviceSecretName, loadKeyring, type VaultKeyring } from './keyring.ts'
import { type PurgeOutcome, purge, withReserve } from './secure-deletion.ts'
import { addSlot, deleteVoidSlots, hasSlot, readSlots, voidSlots, writeHeader } from './slot-table.ts'
import type { SlotOptions } from './slots.ts'
import { type PlacedVaultFile, readMeta, readVaultHeader, writeMeta } from './vault-file.ts'
import { verifyVaultHeader } from './vault-header.ts'

export interface RotatedRoot {
  readonly keyring: VaultKeyring
  readonly anchor: FileHeadAnchor
  /** A new recovery code, when the vault had one: the old code opens nothing any more. */
  readonly recoveryCode: string | undefined
  /** A new keychain key, when the vault had one. */
  readonly keychainKey: Redacted | undefined
  readonly purge: PurgeOutcome
}

/**
 * Rotates the root key. `passphrase` opens the vault afterwards (the present one or a new one). The keyring given is
 * wiped. Fails with USAGE on a short passphrase, DAMAGED when something does not unwrap: nothing is changed then.
 */
export async function rotateRootKey(
  file: PlacedVaultFile,
  keyring: VaultKeyring,
  passphrase: Redacted,
  options: SlotOptions,
): Promise<RotatedRoot> {
  assertAcceptablePassphrase(passphrase)
  const { random } = options
  const recovery = hasSlot(file, 'recovery') ? generateRecoverySecret(random) : undefined
  const keychainKey = hasSlot(file, 'keychain') ? new Redacted(random.bytes(aeadKeyLength)) : undefined
  const secrets: UnlockSecret[] = [{ kind: 'passphrase', passphrase }]
  if (recovery !== undefined) secrets.push(recovery.secret)
  if (keychainKey !== undefined) secrets.push({ kind: 'keychain', key: keychainKey })
  const parameters = await passphraseCost(options.argon2)
  const slotKeys = await Promise.all(secrets.map((secret) => deriveSlotKey(secret, random, parameters)))
  const heads = new FileHeadAnchor(file, keyring).read()
  const rootKey = new Redacted(random.bytes(aeadKeyLength))
  const replaced = withReserve(file, () =>
    transaction(file.sqlite, () => {
      verifyVaultHeader(readVaultHeader(file.sqlite), keyring.rootKeys.head)
      const old = [...rewrapSecrets(file, keyring, rootKey), ...rewrapCollections(file, keyring, rootKey)]
      const slots = voidSlots(file.sqlite, readSlots(file.sqlite), random)
      for (const slotKey of slotKeys) addSlot(file, slotKey, rootKey.dangerouslyExpose())
      writeHeader(file, rootKeysOf(file, rootKey).head, 'change')
      return [...old, ...slots]
    }),
  )
  for (const { key } of slotKeys) key.fill(0)
  keyring.wipe()
  const rotated = loadKeyring(file.sqlite, file.vaultId, rootKey)
  const anchor = new FileHeadAnchor(file, rotated)
  if (heads !== null) anchor.carryOver(heads)
  withReserve(file, () => deleteVoidSlots(file, rotated.rootKeys.head))
  const outcome = purge(file, replaced, random)
  return { keyring: rotated, anchor, recoveryCode: recovery?.code, keychainKey, purge: outcome }
}

/** Seals custody's secrets and this device's keys under the new wrap key; returns the old sealed bytes. */
function rewrapSecrets(file: PlacedVaultFile, keyring: VaultKeyring, rootKey: Redacted): Uint8Array[] {
  const { sqlite } = file
  const old: Uint8Array[] = []
  const rewrap = rewrapper(file, keyring, rootKey)
  for (const name of ['identity', 'token-root', 'inbox-secret', 'device'] as const) {
    const sealed = readMeta(sqlite, name)
    writeMeta(sqlite, name, rewrap(name, sealed))
    old.push(sealed)
  }
  const devices = sqlite
    .prepare<[], { id: Uint8Array; sealed: Uint8Array }>(
      'SELECT id, sealed FROM device WHERE sealed IS NOT NULL',
    )
    .all()
  const update = sqlite.prepare('UPDATE device SET sealed = ? WHERE id = ?')
  for (const { id, sealed } of devices) {
    update.run(rewrap(deviceSecretName(id), sealed), id)
    old.push(sealed)
  }
  const collections = sqlite
    .prepare<[], { id: Uint8Array; sealed: Uint8Array }>('SELECT id, sealed FROM collection')
    .all()
  const rename = sqlite.prepare('UPDATE collection SET sealed = ? WHERE id = ?')
  for (const { id, sealed } of collections) rename.run(rewrap(collectionSecretName(id), sealed), id)
  return old
}

/** Wraps every collection key of every epoch under the new wrap key; returns the old wrapped bytes. */
function rewrapCollections(file: PlacedVaultFile, keyring: VaultKeyring, rootKey: Redacted): Uint8Array[] {
  const { wrap } = rootKeysOf(file, rootKey)
  const rows = file.sqlite
    .prepare<[], { collection_id: Uint8Array; epoch: number; wrapped: Uint8Array }>(
      'SELECT * FROM collection_key',
    )
    .all()
  const update = file.sqlite.prepare(
    'UPDATE collection_key SET wrapped = ? WHERE collection_id = ? AND epoch = ?',
  )
  return rows.map(({ collection_id: collectionId, epoch, wrapped }) => {
    const place = { vaultId: file.vaultId, collectionId, epoch }
    const collectionKey = unwrapCollectionKey(keyring.rootKeys.wrap, place, wrapped)
    update.run(wrapCollectionKey(wrap, place, collectionKey), collectionId, epoch)
    collectionKey.fill(0)
    return wrapped
  })
}

function rewrapper(
  file: PlacedVaultFile,
  keyring: VaultKeyring,
  rootKey: Redacted,
): (name: string, sealed: Uint8Array) => Uint8Array {
  const { wrap } = rootKeysOf(file, rootKey)
  return (name, sealed) => {
    const secret = openSecret(keyring.rootKeys.wrap, file.vaultId, name, sealed)
    const rewrapped = sealSecret(wrap, file.vaultId, name, secret)
    secret.fill(0)
    return rewrapped
  }
}

function rootKeysOf(file: PlacedVaultFile, rootKey: Redacted): RootKeys {
  return deriveRootKeys(rootKey.dangerouslyExpose(), file.vaultId)
}
