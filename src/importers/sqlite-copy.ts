/**
 * SQLite databases in exports. SQLite reads files, and a member of a zip or of standard input is none, so the member is
 * copied into a folder of its own with mode 0700, opened read-only, and removed when reading ends, fails or is stopped.
 * Views, triggers and functions of the database are not trusted; a damaged database ends with a complaint.
 */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import Database from 'better-sqlite3'
import { Failure } from '../foundation/index.ts'
import type { InputMember } from './importer.ts'
import type { Intake } from './intake.ts'
import { memberChunks, memberLabel } from './member-chunks.ts'

const magic = 'SQLite format 3\0'

/** Whether bytes begin a SQLite database. */
export function isDatabase(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, magic.length)).toString('latin1') === magic
}

export type Row = Readonly<Record<string, unknown>>

/** A database of an export: tables, their columns, their rows. Names are those of the file, quoted here. */
export class ExportDatabase {
  readonly #database: Database.Database

  constructor(database: Database.Database) {
    this.#database = database
  }

  /** Names of the plain tables (no views, no virtual tables), in order. */
  get tables(): readonly string[] {
    const rows = this.#database
      .prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE%' ORDER BY name",
      )
      .all() as { name: string }[]
    return rows.map(({ name }) => name)
  }

  columns(table: string): readonly string[] {
    const rows = this.#database.prepare(`PRAGMA table_info(${quoted(table)})`).all() as { name: string }[]
    return rows.map(({ name }) => name)
  }

  /** Rows one by one, in the order that the file has them. */
  rows(table: string): IterableIterator<Row> {
    return this.#database.prepare(`SELECT * FROM ${quoted(table)}`).iterate() as IterableIterator<Row>
  }
}

/** Copies the member, reads it, removes the copy. */
export async function readDatabase(
  member: InputMember,
  intake: Intake,
  totalBytes: number | null,
  read: (database: ExportDatabase) => void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'healthmate-import-'))
  const path = join(folder, 'export.db')
  try {
    await pipeline(
      memberChunks(member, intake, totalBytes),
      createWriteStream(path, { mode: 0o600, flags: 'wx' }),
    )
    if (intake.interrupted) return
    readCopy(path, read)
  } catch (cause) {
    if (!(cause instanceof Database.SqliteError)) throw cause
    const reason = `the database is damaged: ${cause.message.slice(0, 100)}`
    intake.complain({ where: memberLabel(member.name), reason, raw: '', code: 'REFUSED_INPUT' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readCopy(path: string, read: (database: ExportDatabase) => void): void {
  const database = new Database(path, { readonly: true, fileMustExist: true })
  try {
    database.pragma('trusted_schema = OFF')
    database.pragma('cell_size_check = ON')
    database.pragma('mmap_size = 0')
    read(new ExportDatabase(database))
  } finally {
    database.close()
  }
}

function quoted(name: string): string {
  if (name.includes('\0')) throw new Failure('REFUSED_INPUT', 'a table has an impossible name')
  return `"${name.replaceAll('"', '""')}"`
}
