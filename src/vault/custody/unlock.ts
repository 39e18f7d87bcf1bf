/**
 * Unlocking: secret → root key → keyring, anchor and notices; security.md 4.4, 4.5, 5.6.
 *
 * Only slots of the secret's kind are tried, parameters are checked before anything is computed, every wrong secret
 * takes the same path to the same message, and failures make the next attempt of any process wait.
 */
import { setTimeout as sleepMs } from 'node:timers/promises'
import { createSigner } from '../../crypto/index.ts'
import { bytesEqual, Failure, Redacted } from '../../foundation/index.ts'
import { transaction, withDatabaseFailures } from '../database.ts'
import type { UnlockSecret } from '../ports.ts'
import { attemptDelayMs, clearAttempts, recordFailedAttempt } from './attempts.ts'
import { FileHeadAnchor } from './head-anchor.ts'
import { buildInboxRecord, fingerprint, readPin, signingSeed, writePin } from './identity.ts'
import { deriveRootKeys, openSecret } from './key-derivation.ts'
import { assertSlotParameters, isVoidSlot, type KeySlot, openKeySlot, parseKeySlot } from './key-slot.ts'
import { loadKeyring, type VaultKeyring } from './keyring.ts'
import { readSlots } from './slot-table.ts'
import { type PlacedVaultFile, readMeta, readVaultHeader, writeMeta } from './vault-file.ts'
import { verifyVaultHeader, vouchesFor } from './vault-header.ts'

/**
 * What unlocking noticed.
 * - `restored`: the file was copied or restored; mint a new device before writing.
 * - `rolled-back`: commits that the anchor remembers are gone; mint a new device before writing.
 * - `anchor-damaged`: the anchor does not authenticate; treat as restored.
 * - `slot-damaged`: another key slot than the one used was changed from outside.
 * - `keys-damaged`: a collection key or device certificate does not authenticate; the rest is usable.
 * - `identity-repinned`, `inbox-key-repaired`: what locked writers trust did not match the sealed identity.
 */
export interface UnlockNotice {
  readonly kind:
    | 'restored'
    | 'rolled-back'
    | 'anchor-damaged'
    | 'slot-damaged'
    | 'keys-damaged'
    | 'identity-repinned'
    | 'inbox-key-repaired'
  readonly message: string
}

export interface Unlocked {
  readonly keyring: VaultKeyring
  readonly anchor: FileHeadAnchor
  readonly notices: readonly UnlockNotice[]
}

export interface UnlockOptions {
  /** Accept a file whose key slots are older than the anchor remembers (the person put it there). */
  readonly acceptOlder?: boolean
  /** Waits before an attempt after failures, ms. */
  readonly sleep?: (ms: number) => Promise<unknown>
}

/**
 * Unlocks. Fails with WRONG_PASSPHRASE (any secret that opens nothing), UNSUPPORTED_FORMAT (slot below the floor or
 * above the ceiling, newer format), DAMAGED (authentication), ROLLED_BACK (older key slots than the anchor knows).
 */
export async function unlockVault(
  file: PlacedVaultFile,
  secret: UnlockSecret,
  options: UnlockOptions = {},
): Promise<Unlocked> {
  const slots = slotsOfKind(file, secret.kind)
  const delayMs = attemptDelayMs(file)
  if (delayMs > 0) await (options.sleep ?? sleepMs)(delayMs)
  const { rootKey, slot } = await openFirst(file, slots, secret)
  clearAttempts(file)
  const notices: UnlockNotice[] = []
  authenticateHeader(file, rootKey, slot, notices)
  const keyring = loadKeyring(file.sqlite, file.vaultId, rootKey)
  for (const { message } of keyring.damaged) notices.push({ kind: 'keys-damaged', message })
  const anchor = new FileHeadAnchor(file, keyring)
  checkAnchor(file, keyring, anchor, options.acceptOlder ?? false, notices)
  repairPublicKeys(file, keyring, notices)
  return { keyring, anchor, notices }
}

/**
 * The slots of a kind, parameters checked. To be called before asking for a passphrase, so that a downgraded slot
 * never gets to see one. Fails with UNSUPPORTED_FORMAT, DAMAGED.
 */
export function slotsOfKind(file: PlacedVaultFile, kind: UnlockSecret['kind']): readonly KeySlot[] {
  const slots: KeySlot[] = []
  let fault: unknown
  for (const { slot, bytes } of readSlots(file.sqlite)) {
    if (isVoidSlot(bytes)) continue
    try {
      const parsed = parseKeySlot(slot, bytes, file.vaultId)
      if (parsed.kind !== kind) continue
      assertSlotParameters(parsed)
      slots.push(parsed)
    } catch (failure) {
      fault = failure
    }
  }
  // A damaged slot matters when no sound one of the kind is left.
  if (slots.length === 0 && fault !== undefined) throw fault
  return slots
}

/** Whether a slot of the secret's kind can be tried. Never fails on a slot's content: what is damaged cannot. */
export function hasUsableSlot(file: PlacedVaultFile, kind: UnlockSecret['kind']): boolean {
  try {
    return slotsOfKind(file, kind).length > 0
  } catch (failure) {
    if (failure instanceof Failure && ['DAMAGED', 'UNSUPPORTED_FORMAT'].includes(failure.code)) return false
    throw failure
  }
}

/**
 * Whether a random key opens the vault's keychain slot. A wrong one is a stale one and no guess: it does not count as
 * a failed attempt.
 */
export async function opensKeychainSlot(file: PlacedVaultFile, key: Redacted): Promise<boolean> {
  for (const slot of slotsOfKind(file, 'keychain')) {
    const root = await openKeySlot(slot, { kind: 'keychain', key })
    root?.fill(0)
    if (root !== undefined) return true
  }
  return false
}

async function openFirst(
  file: PlacedVaultFile,
  slots: readonly KeySlot[],
  secret: UnlockSecret,
): Promise<{ rootKey: Redacted; slot: KeySlot }> {
  for (const slot of slots) {
    const root = await openKeySlot(slot, secret)
    if (root !== undefined) return { rootKey: new Redacted(root), slot }
  }
  recordFailedAttempt(file)
  throw new Failure('WRONG_PASSPHRASE', 'nothing opens with this secret', {
    hint: 'Try again, or use the recovery code: healthmate recovery use',
  })
}

function authenticateHeader(
  file: PlacedVaultFile,
  rootKey: Redacted,
  used: KeySlot,
  notices: UnlockNotice[],
): void {
  const header = readVaultHeader(file.sqlite)
  verifyVaultHeader(header, deriveRootKeys(rootKey.dangerouslyExpose(), file.vaultId).head)
  if (!vouchesFor(header, used.slot, used.bytes)) {
    throw new Failure(
      'DAMAGED',
      'the key slot was changed from outside: an old or weaker one was put in its place',
      {
        hint: 'healthmate backup restore',
      },
    )
  }
  const rows = readSlots(file.sqlite)
  const sound = rows.filter(({ slot, bytes }) => vouchesFor(header, slot, bytes)).length
  if (sound !== rows.length || sound !== header.slotDigests.size) {
    notices.push({
      kind: 'slot-damaged',
      message: 'another key slot was changed from outside; run: healthmate recovery rotate',
    })
  }
}

function checkAnchor(
  file: PlacedVaultFile,
  keyring: VaultKeyring,
  anchor: FileHeadAnchor,
  acceptOlder: boolean,
  notices: UnlockNotice[],
): void {
  const content = readAnchor(anchor, notices)
  if (content === 'damaged') return
  if (content === undefined || !bytesEqual(content.deviceId, keyring.deviceId)) {
    notices.push({
      kind: 'restored',
      message: 'this vault file was copied or restored; it gets a new device id',
    })
    return
  }
  const { counter } = readVaultHeader(file.sqlite)
  if (counter < content.counter && !acceptOlder) {
    throw new Failure(
      'ROLLED_BACK',
      'the key slots are older than this machine remembers: the file was put back',
      {
        hint: 'If you restored it yourself, accept it: healthmate vault check --accept-older',
      },
    )
  }
  const lost = content.heads.some(({ collection, seq }) => lastSeq(file, keyring, collection) < seq)
  if (lost || counter < content.counter) {
    notices.push({
      kind: 'rolled-back',
      message: 'the vault is older than this machine remembers: the last changes are missing',
    })
  }
}

function readAnchor(
  anchor: FileHeadAnchor,
  notices: UnlockNotice[],
): ReturnType<FileHeadAnchor['content']> | 'damaged' {
  try {
    return anchor.content()
  } catch (failure) {
    if (!(failure instanceof Failure) || failure.code !== 'DAMAGED') throw failure
    notices.push({ kind: 'anchor-damaged', message: failure.message })
    return 'damaged'
  }
}

function lastSeq(
  file: PlacedVaultFile,
  keyring: VaultKeyring,
  collection: Parameters<VaultKeyring['collection']>[0],
): number {
  const last = withDatabaseFailures(() =>
    file.sqlite
      .prepare('SELECT max(seq) FROM batch WHERE collection_id = ? AND device_id = ?')
      .pluck()
      .get(keyring.collection(collection).id, keyring.deviceId),
  )
  return Number(last ?? 0)
}

/** Brings what locked writers trust (pin and inbox record) in line with the sealed identity, which is the truth. */
function repairPublicKeys(file: PlacedVaultFile, keyring: VaultKeyring, notices: UnlockNotice[]): void {
  const { wrap } = keyring.rootKeys
  const secret = (name: 'identity' | 'inbox-secret') =>
    openSecret(wrap, file.vaultId, name, readMeta(file.sqlite, name))
  const identity = secret('identity')
  const record = buildInboxRecord(identity, file.vaultId, secret('inbox-secret'))
  if (!bytesEqual(record, readMeta(file.sqlite, 'inbox-key'))) {
    transaction(file.sqlite, () => writeMeta(file.sqlite, 'inbox-key', record))
    notices.push({
      kind: 'inbox-key-repaired',
      message: 'the inbox key had been replaced from outside; entries sealed to it meanwhile cannot be read',
    })
  }
  const pin = safePin(file)
  if (pin === undefined || !bytesEqual(pin, fingerprint(identityKeyOf(identity)))) {
    writePin(file.places.configPath, file.vaultId, identityKeyOf(identity))
    if (pin !== undefined) {
      notices.push({
        kind: 'identity-repinned',
        message: 'the pinned identity key was another one; it is set anew',
      })
    }
  }
}

/** A damaged pin counts as another one. */
function safePin(file: PlacedVaultFile): Uint8Array | undefined {
  try {
    return readPin(file.places.configPath, file.vaultId)
  } catch (failure) {
    if (failure instanceof Failure && failure.code === 'DAMAGED') return new Uint8Array(0)
    throw failure
  }
}

/** The public identity key of the identity's secrets. */
export function identityKeyOf(identitySecrets: Uint8Array): Uint8Array {
  return createSigner(signingSeed(identitySecrets)).publicKey
}
