/** SQLite databases made of statements: exports of apps that keep their data so. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'

export function databaseOf(statements: readonly string[]): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'hm-database-'))
  const path = join(folder, 'export.db')
  const database = new Database(path)
  // As Android writes them: what points at a missing row is written all the same.
  database.pragma('foreign_keys = OFF')
  for (const statement of statements) database.exec(statement)
  database.close()
  const bytes = readFileSync(path)
  rmSync(folder, { recursive: true })
  return bytes
}
