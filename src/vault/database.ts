/**
 * Opening a vault's SQLite file: modes, pragmas set and read back, schema version, transactions and their failures;
 * security.md 4.8.
 *
 * better-sqlite3 ships secure_delete off, cell_size_check off, trusted_schema on and synchronous NORMAL in WAL
 * mode, so nothing here is left to defaults. SQLite 3.7.0 to 3.51.2 can corrupt a WAL database that two
 * connections write and checkpoint at once, hence the version assertion. kysely is loaded only to migrate: its
 * import alone costs more than a whole `log`.
 */
import { dirname } from 'node:path'
import SqliteDatabase, { type Database } from 'better-sqlite3'
import { Failure } from '../foundation/index.ts'
import { assertSafeFolder, ensurePrivateFile, withPrivateUmask } from './file-modes.ts'

/** 'HMVT' */
export const vaultApplicationId = 0x484d5654
/** `user_version`: number of migrations applied. */
export const vaultSchemaVersion = 1
const minimumSqlite = [3, 51, 3] as const

/** Pragma → value as set, and as it reads back. */
const pragmas: readonly (readonly [name: string, set: string, readBack: string | number])[] = [
  ['busy_timeout', '5000', 5000],
  ['cell_size_check', 'ON', 1],
  ['trusted_schema', 'OFF', 0],
  ['mmap_size', '0', 0],
  ['temp_store', 'MEMORY', 2],
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['fullfsync', 'ON', 1],
  ['checkpoint_fullfsync', 'ON', 1],
  ['secure_delete', 'ON', 1],
  ['foreign_keys', 'ON', 1],
]

/**
 * Opens an existing vault file of the current schema. Fails with VAULT_MISSING, IO (mode, link, disk), DAMAGED
 * (no database), UNSUPPORTED_FORMAT (newer schema, or one that `migrateVault` must bring forward).
 */
export function openVaultDatabase(path: string): Database {
  if (!ensurePrivateFile(path)) {
    throw new Failure('VAULT_MISSING', `there is no vault at ${path}`, { hint: 'healthmate init' })
  }
  for (const companion of ['-wal', '-shm', '-journal']) ensurePrivateFile(path + companion)
  assertSafeFolder(dirname(path))
  const sqlite = openSqlite(path)
  try {
    withDatabaseFailures(() => {
      assertApplicationId(sqlite)
      applyPragmas(sqlite)
      assertSchemaVersion(sqlite)
    })
  } catch (failure) {
    sqlite.close()
    throw failure
  }
  return sqlite
}

/**
 * Brings a vault file (or an empty one) to the current schema. Fails with UNSUPPORTED_FORMAT when a newer program
 * wrote it.
 */
export async function migrateVault(path: string): Promise<void> {
  const sqlite = openSqlite(path)
  try {
    withDatabaseFailures(() => {
      applyPragmas(sqlite)
      if (schemaVersion(sqlite) > vaultSchemaVersion) throw newerSchema()
    })
    await migrateSchema(sqlite)
    withDatabaseFailures(() => {
      // The migrator notes when each migration ran; a vault tells no times.
      sqlite.exec("UPDATE kysely_migration SET timestamp = ''")
      sqlite.pragma(`application_id = ${vaultApplicationId}`)
      sqlite.pragma(`user_version = ${vaultSchemaVersion}`)
      sqlite.pragma('wal_checkpoint(TRUNCATE)')
    })
  } finally {
    sqlite.close()
  }
}

async function migrateSchema(sqlite: Database): Promise<void> {
  const [{ Kysely, Migrator, SqliteDialect }, { vaultMigrations }] = await Promise.all([
    import('kysely'),
    import('../../migrations/vault/index.ts'),
  ])
  // Not destroyed: that would close the connection, which the caller owns.
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: sqlite }) })
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...vaultMigrations }) } })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw toDatabaseFailure(error)
}

/**
 * Runs `work` in BEGIN IMMEDIATE … COMMIT; inside an open transaction it joins that one. SQLite's errors become
 * failures, and nothing of a failed transaction stays.
 */
export function transaction<T>(sqlite: Database, work: () => T): T {
  if (sqlite.inTransaction) return work()
  return withDatabaseFailures(() => {
    sqlite.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      sqlite.exec('COMMIT')
      return result
    } catch (thrown) {
      // A full disk or an I/O error may have rolled back already.
      if (sqlite.inTransaction) sqlite.exec('ROLLBACK')
      throw thrown
    }
  })
}

/** Runs `work` with SQLite's errors turned into failures. */
export function withDatabaseFailures<T>(work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    throw toDatabaseFailure(thrown)
  }
}

/** The failure of an SQLite error by its result code; anything else comes back as it is. */
export function toDatabaseFailure(thrown: unknown): unknown {
  if (!(thrown instanceof SqliteDatabase.SqliteError)) return thrown
  const row = databaseFaults.find(([prefix]) => thrown.code.startsWith(prefix))
  if (row === undefined) return thrown
  const [, code, message, hint] = row
  return new Failure(code, `${message} (${thrown.code})`, { hint, cause: thrown })
}

const databaseFaults: readonly (readonly [
  prefix: string,
  code: 'IO' | 'DAMAGED',
  message: string,
  hint: string,
])[] = [
  ['SQLITE_FULL', 'IO', 'the disk is full; nothing of this was saved', 'Free some space, then run it again.'],
  // The index of the write-ahead log, 32 KiB that even a reader needs, does not fit.
  [
    'SQLITE_IOERR_SHMSIZE',
    'IO',
    'the disk is too full to open the vault',
    'Free some space, then run it again.',
  ],
  ['SQLITE_IOERR', 'IO', 'the disk failed to read or write; nothing of this was saved', 'healthmate doctor'],
  ['SQLITE_CORRUPT', 'DAMAGED', 'the vault file is damaged', 'healthmate vault scrub'],
  [
    'SQLITE_NOTADB',
    'DAMAGED',
    'the file is no vault, or its first page is damaged',
    'healthmate backup restore',
  ],
  ['SQLITE_BUSY', 'IO', 'another process keeps the vault busy', 'Wait for it to end, then run it again.'],
  ['SQLITE_LOCKED', 'IO', 'another process keeps the vault busy', 'Wait for it to end, then run it again.'],
  ['SQLITE_READONLY', 'IO', 'the vault file or its folder cannot be written', 'healthmate doctor'],
  ['SQLITE_PERM', 'IO', 'the vault file or its folder cannot be written', 'healthmate doctor'],
  ['SQLITE_CANTOPEN', 'IO', 'the vault file cannot be opened', 'healthmate doctor'],
]

function openSqlite(path: string): Database {
  return withDatabaseFailures(() => {
    const sqlite = withPrivateUmask(() => new SqliteDatabase(path, { fileMustExist: true }))
    assertSqliteVersion(String(sqlite.prepare('SELECT sqlite_version()').pluck().get()))
    return sqlite
  })
}

/** Fails with INTERNAL when the SQLite library has the WAL-reset bug. */
export function assertSqliteVersion(version: string): void {
  const parts = version.split('.').map(Number)
  for (const [index, minimum] of minimumSqlite.entries()) {
    const part = parts[index] ?? 0
    if (part > minimum) return
    if (part < minimum) {
      throw new Failure('INTERNAL', `SQLite ${version} can corrupt a vault; 3.51.3 or newer is needed`, {
        hint: 'npm ci',
      })
    }
  }
}

/** Sets every pragma and asserts that it holds. */
export function applyPragmas(sqlite: Database): void {
  for (const [name, value, expected] of pragmas) {
    sqlite.pragma(`${name} = ${value}`)
    const actual = sqlite.pragma(name, { simple: true })
    if (actual !== expected) {
      throw new Failure('IO', `SQLite refused ${name} = ${value} on this file system`, {
        hint: 'Keep the vault on a local disk.',
      })
    }
  }
}

function assertApplicationId(sqlite: Database): void {
  if (sqlite.pragma('application_id', { simple: true }) !== vaultApplicationId) {
    throw new Failure('DAMAGED', 'the file is a database, but no vault', { hint: 'healthmate vault list' })
  }
}

function schemaVersion(sqlite: Database): number {
  return Number(sqlite.pragma('user_version', { simple: true }))
}

function assertSchemaVersion(sqlite: Database): void {
  const version = schemaVersion(sqlite)
  if (version > vaultSchemaVersion) throw newerSchema()
  if (version < vaultSchemaVersion) {
    throw new Failure('UNSUPPORTED_FORMAT', 'the vault has an older schema', {
      hint: 'healthmate vault info',
    })
  }
}

function newerSchema(): Failure {
  return new Failure('UNSUPPORTED_FORMAT', 'a newer version of HealthMate wrote this vault', {
    hint: 'Update HealthMate: npm install -g healthmate',
  })
}
