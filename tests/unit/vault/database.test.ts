import { chmodSync, mkdirSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../../src/foundation/index.ts'
import {
  applyPragmas,
  assertSqliteVersion,
  migrateVault,
  openVaultDatabase,
  toDatabaseFailure,
  transaction,
  withDatabaseFailures,
} from '../../../src/vault/database.ts'
import { ensurePrivateFile, ensureVaultFolder, writeFileAtomically } from '../../../src/vault/file-modes.ts'

const newFolder = () => mkdtempSync(join(tmpdir(), 'healthmate-database-'))

async function newDatabaseFile(): Promise<string> {
  const path = join(newFolder(), 'vault.db')
  writeFileSync(path, '', { mode: 0o600 })
  await migrateVault(path)
  return path
}

describe('openVaultDatabase', () => {
  it('sets every pragma of the security design', async () => {
    const sqlite = openVaultDatabase(await newDatabaseFile())
    const read = (name: string) => sqlite.pragma(name, { simple: true })
    expect(read('journal_mode')).toBe('wal')
    expect(read('synchronous')).toBe(2)
    expect(read('temp_store')).toBe(2)
    expect(read('busy_timeout')).toBe(5000)
    for (const name of [
      'fullfsync',
      'checkpoint_fullfsync',
      'secure_delete',
      'foreign_keys',
      'cell_size_check',
    ]) {
      expect([name, read(name)]).toEqual([name, 1])
    }
    for (const name of ['trusted_schema', 'mmap_size']) expect([name, read(name)]).toEqual([name, 0])
    expect(read('application_id')).toBe(0x484d5654)
    expect(read('user_version')).toBe(1)
    sqlite.close()
  })

  it('keeps no time of the migration', async () => {
    const sqlite = openVaultDatabase(await newDatabaseFile())
    const rows = sqlite.prepare('SELECT name, timestamp FROM kysely_migration').all()
    expect(rows).toEqual([{ name: '0001-initial', timestamp: '' }])
    sqlite.close()
  })

  it('migrates an up-to-date vault to itself', async () => {
    const path = await newDatabaseFile()
    await migrateVault(path)
    openVaultDatabase(path).close()
  })

  it('refuses a pragma that does not take', () => {
    const memory = new SqliteDatabase(':memory:')
    expect(() => applyPragmas(memory)).toThrow('SQLite refused')
    memory.close()
  })

  it('reports a missing vault, a file that is no database and a database that is no vault', async () => {
    const folder = newFolder()
    expect(() => openVaultDatabase(join(folder, 'none.db'))).toThrow(
      expect.objectContaining({ code: 'VAULT_MISSING' }),
    )
    writeFileSync(join(folder, 'text.db'), 'x'.repeat(5000))
    expect(() => openVaultDatabase(join(folder, 'text.db'))).toThrow(
      expect.objectContaining({ code: 'DAMAGED' }),
    )
    new SqliteDatabase(join(folder, 'other.db')).exec('CREATE TABLE t (a)').close()
    expect(() => openVaultDatabase(join(folder, 'other.db'))).toThrow('a database, but no vault')
  })

  it('refuses a schema of a newer program, and one that was not finished (T14)', async () => {
    const path = await newDatabaseFile()
    const sqlite = new SqliteDatabase(path)
    sqlite.pragma('user_version = 2')
    expect(() => openVaultDatabase(path)).toThrow('a newer version of HealthMate')
    await expect(migrateVault(path)).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' })
    sqlite.pragma('user_version = 0')
    expect(() => openVaultDatabase(path)).toThrow('an older schema')
    sqlite.close()
  })

  it('knows which SQLite versions can corrupt a vault', () => {
    for (const version of ['3.51.3', '3.51.10', '3.52.0', '4.0.0']) assertSqliteVersion(version)
    for (const version of ['3.51.2', '3.50.9', '2.99.9', '3']) {
      expect(() => assertSqliteVersion(version)).toThrow('can corrupt a vault')
    }
  })
})

describe('modes (T42)', () => {
  it('repairs a wide mode of the vault file and its companions', async () => {
    const path = await newDatabaseFile()
    const first = openVaultDatabase(path)
    first.exec("INSERT INTO state VALUES ('a', x'00')")
    for (const suffix of ['', '-wal', '-shm']) chmodSync(path + suffix, 0o644)
    const second = openVaultDatabase(path)
    for (const suffix of ['', '-wal', '-shm']) expect(statSync(path + suffix).mode & 0o777).toBe(0o600)
    second.close()
    first.close()
  })

  it('refuses a symbolic link in place of the vault or its log', async () => {
    const path = await newDatabaseFile()
    const link = join(newFolder(), 'link.db')
    symlinkSync(path, link)
    expect(() => openVaultDatabase(link)).toThrow('is a symbolic link')
    symlinkSync(join(newFolder(), 'elsewhere'), `${path}-wal`)
    expect(() => openVaultDatabase(path)).toThrow('is a symbolic link')
  })

  it('refuses a folder in place of the vault', () => {
    const path = join(newFolder(), 'folder.db')
    mkdirSync(path)
    expect(() => openVaultDatabase(path)).toThrow('is not a file')
    expect(ensurePrivateFile(join(path, 'none'))).toBe(false)
  })

  it('refuses a folder that others may write to, unless it is sticky', async () => {
    const path = await newDatabaseFile()
    const folder = join(path, '..')
    for (const mode of [0o777, 0o770, 0o702]) {
      chmodSync(folder, mode)
      expect(() => openVaultDatabase(path)).toThrow('writable by other users')
      expect(() => ensureVaultFolder(folder)).toThrow('writable by other users')
    }
    for (const mode of [0o1777, 0o755, 0o700]) {
      chmodSync(folder, mode)
      openVaultDatabase(path).close()
    }
  })

  it('writes small files whole and private, and says why when it cannot', () => {
    const path = join(newFolder(), 'file')
    writeFileAtomically(path, Uint8Array.of(1))
    writeFileAtomically(path, Uint8Array.of(1, 2))
    expect(statSync(path)).toMatchObject({ size: 2 })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const missing = join(newFolder(), 'none', 'file')
    expect(() => writeFileAtomically(missing, Uint8Array.of(1))).toThrow('cannot be written (ENOENT)')
  })
})

describe('transaction', () => {
  it('commits a result, rolls back on a failure, and joins an open one', async () => {
    const sqlite = openVaultDatabase(await newDatabaseFile())
    const insert = sqlite.prepare("INSERT INTO state VALUES (?, x'00')")
    const count = () => sqlite.prepare('SELECT count(*) FROM state').pluck().get()
    expect(transaction(sqlite, () => transaction(sqlite, () => insert.run('a').changes))).toBe(1)
    const failing = () =>
      transaction(sqlite, () => {
        insert.run('b')
        throw new Failure('VALUE', 'no')
      })
    expect(failing).toThrow('no')
    expect(count()).toBe(1)
    expect(sqlite.inTransaction).toBe(false)
    sqlite.close()
  })

  it('says that the disk is full and keeps what was there', async () => {
    const sqlite = openVaultDatabase(await newDatabaseFile())
    sqlite.pragma(`max_page_count = ${sqlite.pragma('page_count', { simple: true })}`)
    const write = () =>
      transaction(sqlite, () => sqlite.prepare('INSERT INTO state VALUES (?, ?)').run('a', Buffer.alloc(1e5)))
    expect(write).toThrow(
      expect.objectContaining({ code: 'IO', message: expect.stringContaining('the disk is full') }),
    )
    expect(sqlite.inTransaction).toBe(false)
    expect(sqlite.prepare('SELECT count(*) FROM state').pluck().get()).toBe(0)
    sqlite.close()
  })

  it('says that another process keeps the vault busy', async () => {
    const path = await newDatabaseFile()
    const [first, second] = [openVaultDatabase(path), openVaultDatabase(path)]
    second.pragma('busy_timeout = 1')
    first.exec('BEGIN IMMEDIATE')
    expect(() => transaction(second, () => 1)).toThrow('keeps the vault busy')
    first.exec('ROLLBACK')
    expect(transaction(second, () => 1)).toBe(1)
    first.close()
    second.close()
  })

  it('maps results by their code, and leaves other errors alone', () => {
    const failureOf = (code: string) => toDatabaseFailure(new SqliteDatabase.SqliteError('x', code))
    expect(failureOf('SQLITE_IOERR_WRITE')).toMatchObject({ code: 'IO' })
    expect(failureOf('SQLITE_CORRUPT_VTAB')).toMatchObject({
      code: 'DAMAGED',
      hint: 'healthmate vault scrub',
    })
    expect(failureOf('SQLITE_NOTADB')).toMatchObject({ code: 'DAMAGED' })
    expect(failureOf('SQLITE_CONSTRAINT')).toBeInstanceOf(SqliteDatabase.SqliteError)
    const bug = new TypeError('bug')
    expect(() =>
      withDatabaseFailures(() => {
        throw bug
      }),
    ).toThrow(bug)
  })
})
