/** The opened vault file: SQLite with asserted pragmas, its id, and the folders of what lies outside it. */
import type { Database } from 'better-sqlite3'
import { Failure } from '../../foundation/index.ts'
import { openVaultDatabase, withDatabaseFailures } from '../database.ts'
import type { VaultFile } from '../ports.ts'
import { withReserve } from './secure-deletion.ts'
import { parseVaultHeader, type VaultHeader } from './vault-header.ts'

/** The platform's folders of this program. */
export interface VaultPlaces {
  /** State: head anchors and failed attempts. */
  readonly statePath: string
  /** Configuration: pinned identity keys. */
  readonly configPath: string
}

/** A vault file with the places beside it. */
export interface PlacedVaultFile extends VaultFile {
  readonly places: VaultPlaces
}

/**
 * Opens a vault file, locked. Fails with VAULT_MISSING, IO (modes, links, disk), DAMAGED or UNSUPPORTED_FORMAT.
 */
export function openVaultFile(path: string, places: VaultPlaces): PlacedVaultFile {
  // On a full disk not even reading works without a little room: the reserve is for that.
  const sqlite = withReserve({ path }, () => openVaultDatabase(path))
  try {
    const { vaultId } = readVaultHeader(sqlite)
    return { path, sqlite, vaultId, places, close: () => sqlite.close() }
  } catch (failure) {
    sqlite.close()
    throw failure
  }
}

/** The header row, not yet authenticated. */
export function readVaultHeader(sqlite: Database): VaultHeader {
  return parseVaultHeader(readMeta(sqlite, 'header'))
}

/** Rows of `meta`. `header` and `inbox-key` are in clear, the others sealed under the wrap key. */
export type MetaKey = 'header' | 'inbox-key' | 'inbox-secret' | 'identity' | 'token-root' | 'device'

/** Fails with DAMAGED when the row is missing. */
export function readMeta(sqlite: Database, key: MetaKey): Uint8Array {
  const value = withDatabaseFailures(() =>
    sqlite.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key),
  )
  if (value instanceof Uint8Array) return value
  throw new Failure('DAMAGED', `the vault's "${key}" entry is missing`, { hint: 'healthmate backup restore' })
}

export function writeMeta(sqlite: Database, key: MetaKey, value: Uint8Array): void {
  sqlite
    .prepare(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    )
    .run(key, value)
}
