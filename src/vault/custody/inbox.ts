/**
 * The sealed inbox: adding to a locked vault with nothing but its public inbox key; architecture section 4.
 *
 * An entry is an envelope header of context `inbox`, then HPKE (encapsulated key ‖ ciphertext ‖ tag) over the
 * Padmé-padded text, with the header as associated data. The key is trusted only as far as the pinned identity signed
 * it. Anyone who can write the file can add entries, so sizes and number are limited here and checked again when
 * read, and entries count as of unauthenticated origin.
 */
import { buildEnvelopeHeader, noCollection, padPadme, sealTo } from '../../crypto/index.ts'
import {
  ByteReader,
  ByteWriter,
  bytesEqual,
  concatBytes,
  emptyBytes,
  Failure,
} from '../../foundation/index.ts'
import { transaction, withDatabaseFailures } from '../database.ts'
import type { VaultFile } from '../ports.ts'
import { readPin, verifyInboxRecord } from './identity.ts'
import { inboxInfo } from './keyring.ts'
import { type PlacedVaultFile, readMeta } from './vault-file.ts'

export const inboxEntryLimit = 256 * 1024
export const inboxCountLimit = 100_000
export const inboxTotalLimit = 1024 ** 3
/** Header, encapsulated key, tag and at most 12 % of padding. */
const storedEntryLimit = Math.ceil(inboxEntryLimit * 1.12) + 256

export interface InboxEntry {
  readonly id: number
  /** For `Keyring.openInbox`; empty when the row is no entry of this vault, so that opening fails with DAMAGED. */
  readonly sealed: Uint8Array
  readonly aad: Uint8Array
}

/** Seals to the inbox of a file whose key was verified once. */
export interface InboxWriter {
  /**
   * Appends entries in one transaction and returns their ids. Fails with VAULT_LOCKED when one is too large or the
   * inbox is full: unlocking drains it.
   */
  append(plaintexts: readonly Uint8Array[]): readonly number[]
}

/** Verifies the inbox key against the pin. Fails with DAMAGED on a mismatch, VAULT_LOCKED when nothing is pinned. */
export function openInboxWriter(file: PlacedVaultFile): InboxWriter {
  const pin = readPin(file.places.configPath, file.vaultId)
  if (pin === undefined) {
    throw new Failure(
      'VAULT_LOCKED',
      'this machine has not seen the vault unlocked yet, so its inbox key is not trusted',
      {
        hint: 'healthmate unlock',
      },
    )
  }
  const inboxKey = verifyInboxRecord(readMeta(file.sqlite, 'inbox-key'), file.vaultId, pin)
  const aad = inboxHeader(file.vaultId)
  return {
    append(plaintexts) {
      const sealed = plaintexts.map((plaintext) => {
        if (plaintext.length > inboxEntryLimit)
          throw full('an entry is too large to be sealed into the inbox')
        return concatBytes(aad, sealTo(inboxKey, inboxInfo, aad, padPadme(plaintext)))
      })
      return transaction(file.sqlite, () => insertEntries(file, sealed))
    },
  }
}

/** Seals one entry to a locked vault; see `openInboxWriter`. */
export function sealToInbox(file: PlacedVaultFile, plaintext: Uint8Array): number {
  return openInboxWriter(file).append([plaintext])[0] as number
}

/** How many entries wait, and their bytes. */
export function inboxTotals(file: VaultFile): { readonly count: number; readonly bytes: number } {
  const value = withDatabaseFailures(() =>
    file.sqlite.prepare("SELECT bytes FROM state WHERE key = 'inbox'").pluck().get(),
  )
  if (!(value instanceof Uint8Array)) return { count: 0, bytes: 0 }
  const reader = new ByteReader(value, "the inbox's totals")
  return { count: reader.u32(), bytes: reader.u64() }
}

/** Entries in order of arrival after the id `after`, at most `limit`: page through with the last id. */
export function inboxEntries(file: VaultFile, after = 0, limit = 100): readonly InboxEntry[] {
  const aad = inboxHeader(file.vaultId)
  const rows = withDatabaseFailures(() =>
    file.sqlite
      .prepare<[number, number, number], { id: number; bytes: Uint8Array | null }>(
        `SELECT id, CASE WHEN length(bytes) <= ? THEN bytes END AS bytes FROM inbox
         WHERE id > ? ORDER BY id LIMIT ?`,
      )
      .all(storedEntryLimit, after, limit),
  )
  return rows.map(({ id, bytes }) => {
    const isOurs = bytes !== null && bytesEqual(bytes.subarray(0, aad.length), aad)
    return { id, aad, sealed: isOurs ? bytes.subarray(aad.length) : emptyBytes }
  })
}

/** Removes drained entries; joins an open transaction. */
export function removeInboxEntries(file: VaultFile, ids: readonly number[]): void {
  const remove = file.sqlite.prepare<[number], { size: number }>(
    'DELETE FROM inbox WHERE id = ? RETURNING length(bytes) AS size',
  )
  transaction(file.sqlite, () => {
    const totals = inboxTotals(file)
    let { count, bytes } = totals
    for (const id of ids) {
      const row = remove.get(id)
      if (row === undefined) continue
      count -= 1
      bytes -= row.size
    }
    // Rows that were put in from outside were never counted.
    writeTotals(file, Math.max(0, count), Math.max(0, bytes))
  })
}

function insertEntries(file: VaultFile, entries: readonly Uint8Array[]): readonly number[] {
  let { count, bytes } = inboxTotals(file)
  const insert = file.sqlite.prepare('INSERT INTO inbox (bytes) VALUES (?)')
  const ids = entries.map((entry) => {
    count += 1
    bytes += entry.length
    if (count > inboxCountLimit || bytes > inboxTotalLimit)
      throw full('the inbox of the locked vault is full')
    return Number(insert.run(entry).lastInsertRowid)
  })
  writeTotals(file, count, bytes)
  return ids
}

function writeTotals(file: VaultFile, count: number, bytes: number): void {
  file.sqlite
    .prepare(
      `INSERT INTO state (key, bytes) VALUES ('inbox', ?)
       ON CONFLICT (key) DO UPDATE SET bytes = excluded.bytes`,
    )
    .run(new ByteWriter(12).u32(count).u64(bytes).finish())
}

function inboxHeader(vaultId: Uint8Array): Uint8Array {
  const header = {
    context: 'inbox',
    vaultId,
    collectionId: noCollection,
    epoch: 0,
    fields: emptyBytes,
  } as const
  return buildEnvelopeHeader(header, emptyBytes)
}

function full(message: string): Failure {
  return new Failure('VAULT_LOCKED', message, { hint: 'healthmate unlock' })
}
