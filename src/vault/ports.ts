/**
 * What the parts of the vault room ask of each other: the opened file with its keys (custody) below, the record
 * engine (batches, fold, segments) above.
 */
import type { Database } from 'better-sqlite3'
import type { Redacted } from '../foundation/index.ts'
import type { CollectionName } from '../metrics/index.ts'

/** What a key is for; part of its derivation, so that no two uses share a key. */
export type KeyContext =
  | 'record'
  | 'batch'
  | 'snapshot'
  | 'segment'
  | 'rollup'
  | 'directory'
  | 'entity'
  | 'raw'
  | 'blob'
  | 'audit'

/** The unlocked keys of one vault on one device. Never leaves the process. */
export interface Keyring {
  /** 16 random bytes. */
  readonly vaultId: Uint8Array
  /** 16 random bytes; a copied or restored file mints a new one. */
  readonly deviceId: Uint8Array
  /** Random id and current epoch of a collection (created with the vault). */
  collection(name: CollectionName): { readonly id: Uint8Array; readonly epoch: number }
  /** The collection with this random id. */
  collectionName(id: Uint8Array): CollectionName | undefined
  /** 32-byte key for a context under a collection's epoch; cached. Fails with DAMAGED on an unknown epoch. */
  key(name: CollectionName, epoch: number, context: KeyContext): Uint8Array
  /** Ed25519 by this device's key over `healthmate/v1/<domain>\0` ‖ message. */
  sign(domain: string, message: Uint8Array): Uint8Array
  /** Verifies a signature of any certified device of this vault; false for unknown devices. */
  verify(deviceId: Uint8Array, domain: string, message: Uint8Array, signature: Uint8Array): boolean
  /** HMAC-SHA256 under a key derived from the root key for `purpose` (`head`, `index`, `audit`). */
  mac(purpose: string, message: Uint8Array): Uint8Array
  /** Opens what was sealed to the inbox key. Fails with DAMAGED. */
  openInbox(sealed: Uint8Array, aad: Uint8Array): Promise<Uint8Array>
  wipe(): void
}

/** The head of one chain: the last batch of this device in a collection. */
export interface ChainHead {
  readonly collection: CollectionName
  readonly seq: number
  /** SHA-256 as `prev` of the next batch (security.md, amended). */
  readonly hash: Uint8Array
}

/** The head anchor outside the file: written (atomically, fsynced) after each commit, read at unlock. */
export interface HeadAnchor {
  read(): readonly ChainHead[] | null
  write(heads: readonly ChainHead[]): void
}

/** Secrets that open a key slot. */
export type UnlockSecret =
  | { readonly kind: 'passphrase'; readonly passphrase: Redacted }
  | { readonly kind: 'recovery'; readonly code: Redacted }
  | { readonly kind: 'keychain'; readonly key: Redacted }

/** The opened file, locked or not: SQLite with asserted pragmas. */
export interface VaultFile {
  readonly path: string
  readonly sqlite: Database
  readonly vaultId: Uint8Array
  close(): void
}
