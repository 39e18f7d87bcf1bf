/** Making a vault file: all keys, the first device, the key slots; whole at its path or not at all. */
import { closeSync, existsSync, fsyncSync, linkSync, lstatSync, openSync, renameSync, rmSync } from 'node:fs'
import { freemem } from 'node:os'
import { dirname } from 'node:path'
import type { Database } from 'better-sqlite3'
import {
  aeadKeyLength,
  assertAcceptablePassphrase,
  calibratePassphrase,
  formatRecoveryCode,
  idLength,
  type PassphraseParameters,
} from '../../crypto/index.ts'
import {
  assert,
  bytesToHex,
  type Clock,
  Failure,
  type Random,
  Redacted,
  utf8ToBytes,
} from '../../foundation/index.ts'
import { collectionNames } from '../../metrics/index.ts'
import { migrateVault, openVaultDatabase, transaction } from '../database.ts'
import { ensureVaultFolder, ioFailure, isErrorCode, syncFolder } from '../file-modes.ts'
import type { UnlockSecret } from '../ports.ts'
import { FileHeadAnchor } from './head-anchor.ts'
import { buildInboxRecord, certifyDevice, generateSecrets, writePin } from './identity.ts'
import { deriveRootKeys, sealSecret, wrapCollectionKey } from './key-derivation.ts'
import { deriveSlotKey, type SlotKey, sealKeySlot } from './key-slot.ts'
import { collectionSecretName, deviceSecretName, loadKeyring } from './keyring.ts'
import { identityKeyOf, type Unlocked } from './unlock.ts'
import { openVaultFile, type PlacedVaultFile, type VaultPlaces, writeMeta } from './vault-file.ts'
import { buildVaultHeader, vaultFormatVersion } from './vault-header.ts'

export interface CreateVaultOptions extends VaultPlaces {
  readonly path: string
  readonly passphrase: Redacted
  readonly withRecovery: boolean
  readonly random: Random
  /** Argon2id cost; calibrated to this machine when absent. */
  readonly argon2?: PassphraseParameters
}

export interface CreatedVault extends Omit<Unlocked, 'notices'> {
  readonly file: PlacedVaultFile
  /** Shown once; undefined without recovery. */
  readonly recoveryCode: string | undefined
}

/**
 * Makes a vault. Fails with EXISTS when something is at the path, USAGE on a short passphrase, IO. Nothing is left
 * behind on failure.
 */
export async function createVaultFile(options: CreateVaultOptions): Promise<CreatedVault> {
  const { path, random } = options
  assertAcceptablePassphrase(options.passphrase)
  assertNothingAt(path)
  ensureVaultFolder(dirname(path))
  const recovery = options.withRecovery ? generateRecoverySecret(random) : undefined
  const slotKeys = await deriveSlotKeys(options, recovery)
  const temporary = `${path}.${bytesToHex(random.bytes(6))}.tmp`
  const rootKey = new Redacted(random.bytes(aeadKeyLength))
  const vaultId = random.bytes(idLength)
  try {
    await buildFile(temporary, (sqlite) =>
      fillVault(sqlite, { vaultId, rootKey, slotKeys, random, places: options }),
    )
    moveInto(temporary, path)
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(temporary + suffix, { force: true })
    for (const { key } of slotKeys) key.fill(0)
  }
  const places = { statePath: options.statePath, configPath: options.configPath }
  const file = openVaultFile(path, places)
  const keyring = loadKeyring(file.sqlite, file.vaultId, rootKey)
  const anchor = new FileHeadAnchor(file, keyring)
  anchor.reset()
  return { file, keyring, anchor, recoveryCode: recovery?.code }
}

/** A new recovery secret with its code as text. */
export function generateRecoverySecret(random: Random): { secret: UnlockSecret; code: string } {
  const bytes = random.bytes(20)
  const code = formatRecoveryCode(bytes)
  bytes.fill(0)
  return { secret: { kind: 'recovery', code: new Redacted(utf8ToBytes(code)) }, code }
}

/** Given parameters, or ones that cost this machine 0.5 to 1.0 s. */
export async function passphraseCost(
  argon2: PassphraseParameters | undefined,
): Promise<PassphraseParameters> {
  const clock: Clock = { nowMs: () => performance.now() }
  return argon2 ?? (await calibratePassphrase({ clock, memoryLimitBytes: freemem() / 4 }))
}

async function deriveSlotKeys(
  options: CreateVaultOptions,
  recovery: { secret: UnlockSecret } | undefined,
): Promise<SlotKey[]> {
  const parameters = await passphraseCost(options.argon2)
  const passphrase: UnlockSecret = { kind: 'passphrase', passphrase: options.passphrase }
  const secrets = recovery === undefined ? [passphrase] : [passphrase, recovery.secret]
  return Promise.all(secrets.map((secret) => deriveSlotKey(secret, options.random, parameters)))
}

interface VaultSeed {
  readonly vaultId: Uint8Array
  readonly rootKey: Redacted
  readonly slotKeys: readonly SlotKey[]
  readonly random: Random
  readonly places: VaultPlaces
}

function fillVault(sqlite: Database, { vaultId, rootKey, slotKeys, random, places }: VaultSeed): void {
  const root = rootKey.dangerouslyExpose()
  const { wrap, head } = deriveRootKeys(root, vaultId)
  const identity = generateSecrets()
  const inboxSecret = random.bytes(aeadKeyLength)
  const slots = new Map(slotKeys.map((slotKey, slot) => [slot, sealKeySlot(slot, slotKey, vaultId, root)]))
  const insertSlot = sqlite.prepare('INSERT INTO keyslot (slot, bytes) VALUES (?, ?)')
  for (const [slot, bytes] of slots) insertSlot.run(slot, bytes)
  writeMeta(
    sqlite,
    'header',
    buildVaultHeader({ vaultId, version: vaultFormatVersion, counter: 1 }, slots, head),
  )
  writeMeta(sqlite, 'identity', sealSecret(wrap, vaultId, 'identity', identity))
  writeMeta(sqlite, 'token-root', sealSecret(wrap, vaultId, 'token-root', random.bytes(aeadKeyLength)))
  writeMeta(sqlite, 'inbox-secret', sealSecret(wrap, vaultId, 'inbox-secret', inboxSecret))
  writeMeta(sqlite, 'inbox-key', buildInboxRecord(identity, vaultId, inboxSecret))
  insertDevice(sqlite, { wrap, vaultId, identity, deviceId: random.bytes(idLength) })
  insertCollections(sqlite, wrap, vaultId, random)
  writePin(places.configPath, vaultId, identityKeyOf(identity))
  identity.fill(0)
}

/** Adds a device with fresh keys and makes it this file's device. */
export function insertDevice(
  sqlite: Database,
  {
    wrap,
    vaultId,
    identity,
    deviceId,
  }: Readonly<Record<'wrap' | 'vaultId' | 'identity' | 'deviceId', Uint8Array>>,
): void {
  const secrets = generateSecrets()
  const certificate = certifyDevice(identity, vaultId, deviceId, secrets)
  const sealed = sealSecret(wrap, vaultId, deviceSecretName(deviceId), secrets)
  secrets.fill(0)
  sqlite
    .prepare('INSERT INTO device (id, sealed, certificate) VALUES (?, ?, ?)')
    .run(deviceId, sealed, certificate)
  writeMeta(sqlite, 'device', sealSecret(wrap, vaultId, 'device', deviceId))
}

function insertCollections(sqlite: Database, wrap: Uint8Array, vaultId: Uint8Array, random: Random): void {
  const insert = sqlite.prepare('INSERT INTO collection (id, sealed) VALUES (?, ?)')
  const insertKey = sqlite.prepare(
    'INSERT INTO collection_key (collection_id, epoch, wrapped) VALUES (?, ?, ?)',
  )
  for (const name of collectionNames) {
    const collectionId = random.bytes(idLength)
    // Padded to one length: the length of a sealed name would tell the name.
    const padded = new Uint8Array(collectionNameLength)
    padded.set(utf8ToBytes(name))
    insert.run(collectionId, sealSecret(wrap, vaultId, collectionSecretName(collectionId), padded))
    const place = { vaultId, collectionId, epoch: 1 }
    insertKey.run(collectionId, 1, wrapCollectionKey(wrap, place, random.bytes(aeadKeyLength)))
  }
}

const collectionNameLength = 32

async function buildFile(path: string, fill: (sqlite: Database) => void): Promise<void> {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (cause) {
    throw ioFailure(`the vault ${path} cannot be written`, cause)
  }
  await migrateVault(path)
  const sqlite = openVaultDatabase(path)
  try {
    transaction(sqlite, () => fill(sqlite))
    sqlite.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    sqlite.close()
  }
  assert(!existsSync(`${path}-wal`), 'closing the last connection removes the write-ahead log')
  const descriptor = openSync(path, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Moves without replacing: a hard link fails where something exists. Some file systems have none. */
function moveInto(temporary: string, path: string): void {
  try {
    linkSync(temporary, path)
  } catch (cause) {
    if (isErrorCode(cause, 'EEXIST')) throw exists(path)
    assertNothingAt(path)
    try {
      renameSync(temporary, path)
    } catch (error) {
      throw ioFailure(`the vault ${path} cannot be written`, error)
    }
  }
  rmSync(temporary, { force: true })
  syncFolder(dirname(path))
}

function assertNothingAt(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw exists(path)
}

function exists(path: string): Failure {
  return new Failure('EXISTS', `there is something at ${path} already`, { hint: 'healthmate vault info' })
}
