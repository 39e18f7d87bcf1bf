/**
 * SQLite databases in exports. SQLite reads files, so the member is copied into a private one, opened read-only. Views,
 * triggers and functions of the database are not trusted; a damaged database ends with a complaint.
 */
import Database from 'better-sqlite3'
import { Failure } from '../foundation/index.ts'
import type { InputMember } from './importer.ts'
import type { Intake } from './intake.ts'
import { memberLabel } from './member-chunks.ts'
import { withPrivateCopy } from './private-copy.ts'

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

  /** Rows one by one, in the order that the file has them, or of the named columns. */
  rows(table: string, orderedBy: readonly string[] = []): IterableIterator<Row> {
    const known = this.columns(table)
    const order = orderedBy.filter((name) => known.includes(name)).map(quoted)
    const clause = order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`
    return this.#database
      .prepare(`SELECT * FROM ${quoted(table)}${clause}`)
      .iterate() as IterableIterator<Row>
  }

  /**
   * Rows of a child table in the order that the file has them, each with the named columns of the parent row whose
   * `parentKey` is the child's `childKey`. They are null where the parent is missing; a name that both tables have is
   * the child's.
   */
  childRows(
    child: string,
    parent: string,
    keys: { readonly childKey: string; readonly parentKey: string },
    parentColumns: readonly string[],
  ): IterableIterator<Row> {
    const own = this.columns(child)
    const known = this.columns(parent)
    const further = parentColumns.filter((name) => known.includes(name) && !own.includes(name))
    const selected = ['c.*', ...further.map((name) => `p.${quoted(name)}`)].join(', ')
    const link = `p.${quoted(keys.parentKey)} = c.${quoted(keys.childKey)}`
    return this.#database
      .prepare(`SELECT ${selected} FROM ${quoted(child)} c LEFT JOIN ${quoted(parent)} p ON ${link}`)
      .iterate() as IterableIterator<Row>
  }
}

/** A row as JSON, to be kept raw; blobs as base64. At most `maxLength` characters. */
export function rowJson(row: Row, maxLength = 4000): string {
  const text = JSON.stringify(row, (_, value: unknown) =>
    // better-sqlite3 gives blobs as buffers, which JSON has turned to lists of numbers by now.
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    value.type === 'Buffer' &&
    'data' in value
      ? Buffer.from(value.data as number[]).toString('base64')
      : value,
  )
  return text.slice(0, maxLength)
}

/** Copies the member, reads it, removes the copy. `read` may wait for others (a resource that another adapter takes). */
export async function readDatabase(
  member: InputMember,
  intake: Intake,
  totalBytes: number | null,
  read: (database: ExportDatabase) => void | Promise<void>,
): Promise<void> {
  try {
    await withPrivateCopy(member, intake, totalBytes, (path) => readCopy(path, read))
  } catch (cause) {
    if (!(cause instanceof Database.SqliteError)) throw cause
    const reason = `the database is damaged: ${cause.message.slice(0, 100)}`
    intake.complain({ where: memberLabel(member.name), reason, raw: '', code: 'REFUSED_INPUT' })
  }
}

async function readCopy(
  path: string,
  read: (database: ExportDatabase) => void | Promise<void>,
): Promise<void> {
  const database = new Database(path, { readonly: true, fileMustExist: true })
  try {
    database.pragma('trusted_schema = OFF')
    database.pragma('cell_size_check = ON')
    database.pragma('mmap_size = 0')
    await read(new ExportDatabase(database))
  } finally {
    database.close()
  }
}

function quoted(name: string): string {
  if (name.includes('\0')) throw new Failure('REFUSED_INPUT', 'a table has an impossible name')
  return `"${name.replaceAll('"', '""')}"`
}
