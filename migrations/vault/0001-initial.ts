/**
 * The vault's first schema: key slots and sealed keys, the batch log, what is derived from it, and the inbox.
 *
 * Reason for each choice: tables hold opaque bytes, so that the file tells sizes, random ids and format numbers
 * only. Small rows with a composite key are WITHOUT ROWID (one b-tree); rows of many kilobytes keep a rowid,
 * because large rows fill a WITHOUT ROWID tree's inner pages. AUTOINCREMENT keeps an inbox id from being given
 * twice, so that a removal never hits an entry that came later.
 */
import { type Kysely, sql } from 'kysely'

const tables: readonly string[] = [
  'CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID',
  `CREATE TABLE keyslot (
     slot INTEGER NOT NULL PRIMARY KEY CHECK (slot BETWEEN 0 AND 15),
     bytes BLOB NOT NULL CHECK (length(bytes) = 512))`,
  'CREATE TABLE collection (id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16), sealed BLOB NOT NULL) WITHOUT ROWID',
  `CREATE TABLE collection_key (
     collection_id BLOB NOT NULL REFERENCES collection (id), epoch INTEGER NOT NULL, wrapped BLOB NOT NULL,
     PRIMARY KEY (collection_id, epoch)) WITHOUT ROWID`,
  `CREATE TABLE device (
     id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16), sealed BLOB, certificate BLOB NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE batch (
     collection_id BLOB NOT NULL, device_id BLOB NOT NULL, seq INTEGER NOT NULL, bytes BLOB NOT NULL,
     PRIMARY KEY (collection_id, device_id, seq))`,
  'CREATE TABLE segment (id INTEGER PRIMARY KEY, collection_id BLOB NOT NULL, bytes BLOB NOT NULL)',
  'CREATE TABLE rollup (id INTEGER PRIMARY KEY, collection_id BLOB NOT NULL, bytes BLOB NOT NULL)',
  'CREATE TABLE resolved (id INTEGER PRIMARY KEY, collection_id BLOB NOT NULL, bytes BLOB NOT NULL)',
  'CREATE TABLE directory (collection_id BLOB NOT NULL PRIMARY KEY, bytes BLOB NOT NULL)',
  'CREATE TABLE entity (key BLOB NOT NULL PRIMARY KEY, collection_id BLOB NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID',
  'CREATE TABLE overlay (key BLOB NOT NULL PRIMARY KEY, collection_id BLOB NOT NULL, bytes BLOB NOT NULL)',
  'CREATE TABLE raw (id INTEGER PRIMARY KEY, collection_id BLOB NOT NULL, bytes BLOB NOT NULL)',
  `CREATE TABLE blob_chunk (
     blob_id BLOB NOT NULL, chunk INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (blob_id, chunk))`,
  `CREATE TABLE outbox (
     collection_id BLOB NOT NULL, device_id BLOB NOT NULL, seq INTEGER NOT NULL,
     PRIMARY KEY (collection_id, device_id, seq)) WITHOUT ROWID`,
  'CREATE TABLE inbox (id INTEGER PRIMARY KEY AUTOINCREMENT, bytes BLOB NOT NULL)',
  'CREATE TABLE state (key TEXT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID',
]

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of tables) await sql.raw(statement).execute(database)
}
