/**
 * `check` (quick: chains, directory against segments, anchor) and `scrub` (reads and authenticates every row of
 * every table). Both name exactly what is damaged and go on.
 */
import { bytesToHex, Failure } from '../../foundation/index.ts'
import { type CollectionName, collectionNames } from '../../metrics/index.ts'
import { toDatabaseFailure } from '../database.ts'
import { decodeColumns } from '../segment/codec.ts'
import { chainEnd } from './chain.ts'
import { countOf, type Directory } from './directory.ts'
import type { Engine } from './engine.ts'
import { entityView } from './fold.ts'
import { foldLog } from './folded-log.ts'
import { rowPlace, type SealedTable } from './store.ts'

/** One damaged object. */
export interface Damage {
  /** `segment 17 of vitals (heart_rate)`, `batch 3 of labs (device 0a1b2c3d)`. */
  readonly object: string
  readonly reason: string
}

export interface CheckReport {
  readonly damages: readonly Damage[]
  /** Rows that were read. */
  readonly rows: number
}

/** Quick: no row is decrypted but directories and heads. */
export function checkVault(engine: Engine): CheckReport {
  const found = new Findings()
  // What is checked is the file, not what this process remembers of it.
  engine.store.dropCaches()
  engine.store.read(() => {
    found.try('the database', () => {
      const [first] = engine.store.sqlite.pragma('quick_check(1)', { simple: false }) as {
        quick_check: string
      }[]
      if (first?.quick_check !== 'ok') found.add('the database', first?.quick_check ?? 'it cannot be checked')
    })
    checkChains(engine, found)
    for (const collection of collectionNames) {
      found.try(`the directory of ${collection}`, () => checkDirectory(engine, collection, found))
    }
    found.try('the head anchor', () => checkAnchor(engine, found))
  })
  return found.report()
}

function checkChains(engine: Engine, found: Findings): void {
  const rows = engine.store
    .sql('SELECT collection_id, device_id, count(*) AS n, max(seq) AS last FROM batch GROUP BY 1, 2')
    .all() as { collection_id: Uint8Array; device_id: Uint8Array; n: number; last: number }[]
  for (const { collection_id, device_id, n, last } of rows) {
    found.rows += n
    const name = engine.store.keyring.collectionName(collection_id) ?? bytesToHex(collection_id)
    if (n !== last) {
      const object = `the chain of ${name} (device ${bytesToHex(device_id).slice(0, 8)})`
      found.add(object, `${last - n} of ${last} batches are missing`)
    }
  }
}

function checkDirectory(engine: Engine, collection: CollectionName, found: Findings): void {
  const directory = engine.directories.of(collection)
  const { id } = engine.store.keyring.collection(collection)
  const present = new Set(engine.store.sql('SELECT id FROM segment WHERE collection_id = ?').pluck().all(id))
  found.rows += present.size
  for (const { series, segments } of directory.series.values()) {
    for (const segment of segments) {
      if (present.delete(segment.id)) continue
      found.add(`segment ${segment.id} of ${collection} (${series.metric})`, 'it is missing')
    }
  }
  for (const extra of present)
    found.add(`segment ${extra} of ${collection}`, 'the directory does not know it')
}

function checkAnchor(engine: Engine, found: Findings): void {
  const { store } = engine
  for (const { collection, seq } of store.anchor.read() ?? []) {
    const end = chainEnd(store, collection, store.keyring.deviceId)
    if (end.seq < seq) {
      found.add(`the chain of ${collection}`, `it ends at ${end.seq}, this machine has seen ${seq}`)
    }
  }
}

/** Everything is read and authenticated. */
export function scrubVault(engine: Engine): CheckReport {
  const found = new Findings()
  // What is checked is the file, not what this process remembers of it.
  engine.store.dropCaches()
  engine.store.read(() => {
    found.try('the database', () => {
      const rows = engine.store.sqlite.pragma('integrity_check(100)') as { integrity_check: string }[]
      for (const { integrity_check: text } of rows) if (text !== 'ok') found.add('the database', text)
    })
    found.try('the log', () => scrubLog(engine, found))
    const directories = collectionNames.flatMap((name) => {
      const directory = found.try(`the directory of ${name}`, () => engine.directories.of(name))
      return directory === undefined ? [] : [directory]
    })
    found.try('the segments', () => scrubSegments(engine, directories, found))
    for (const table of ['rollup', 'resolved'] as const) scrubTable(engine, table, found)
    scrubKeyed(engine, 'entity', found)
    scrubKeyed(engine, 'overlay', found)
    found.try('the states', () => scrubStates(engine, found))
    found.try('the attachments', () => scrubAttachments(engine, found))
  })
  return found.report()
}

function scrubLog(engine: Engine, found: Findings): void {
  found.rows += Number(engine.store.sql('SELECT count(*) FROM batch').pluck().get())
  const folded = foldLog(engine.store, (what, failure) => found.fail(what, failure))
  const known = new Set(engine.raw.ids())
  for (const item of folded.raw.values()) {
    const what = `raw records ${item.rowId}`
    found.rows++
    found.try(what, () => {
      if (!engine.raw.matches(item)) found.add(what, 'they are not those of the log')
    })
    known.delete(item.rowId)
  }
  for (const id of known) found.add(`raw records ${id}`, 'the log does not know them')
}

function scrubSegments(engine: Engine, directories: readonly Directory[], found: Findings): void {
  const named = new Map(
    directories.flatMap((directory) =>
      [...directory.series.values()].flatMap((entry) =>
        entry.segments.map((segment) => [segment.id, { directory, entry, segment }] as const),
      ),
    ),
  )
  for (const { id, collection } of rowsOf(engine, 'segment', found)) {
    const place = named.get(id)
    named.delete(id)
    const metric = place === undefined ? '' : ` (${place.entry.series.metric})`
    const what = `segment ${id} of ${collection}${metric}`
    found.try(what, () => {
      const row = readRow(engine, 'segment', id)
      const columns = decodeColumns(engine.store.open('segment', collection, rowPlace(id), row, what))
      const { segment } = place ?? {}
      const isAsListed =
        segment !== undefined &&
        segment.count === columns.length &&
        segment.firstMs === columns.startMs[0] &&
        segment.lastMs === columns.startMs[columns.length - 1]
      if (!isAsListed) found.add(what, 'it is not as the directory says')
    })
  }
  for (const [id, { directory, entry }] of named) {
    found.add(`segment ${id} of ${directory.collection} (${entry.series.metric})`, 'it is missing')
  }
}

function scrubTable(engine: Engine, table: 'rollup' | 'resolved', found: Findings): void {
  found.try(`the table of ${table}s`, () => {
    for (const { id, collection } of rowsOf(engine, table, found)) {
      const what = `${table === 'rollup' ? 'daily rollups' : 'resolved rollups'} ${id} of ${collection}`
      found.try(what, () =>
        engine.store.open(table, collection, rowPlace(id), readRow(engine, table, id), what),
      )
    }
  })
}

function scrubKeyed(engine: Engine, table: 'entity' | 'overlay', found: Findings): void {
  found.try(`the table of ${table}s`, () => {
    const rows = engine.store.sql(`SELECT key, collection_id, bytes FROM ${table}`).all() as {
      key: Uint8Array
      collection_id: Uint8Array
      bytes: Uint8Array
    }[]
    for (const { key, collection_id, bytes } of rows) {
      found.rows++
      const name = engine.store.keyring.collectionName(collection_id)
      const kind = table === 'entity' ? 'entity' : 'edits'
      const what = `${kind} ${bytesToHex(key).slice(0, 8)} of ${name ?? 'no known collection'}`
      found.try(what, () => {
        if (name === undefined) found.add(what, 'its collection is not known')
        else engine.store.open(table, name, key, bytes, what)
      })
    }
  })
}

function scrubStates(engine: Engine, found: Findings): void {
  // `inbox` holds the totals that a locked vault must be able to write, in clear.
  const keys = engine.store.sql("SELECT key FROM state WHERE key <> 'inbox'").pluck().all() as string[]
  for (const key of keys) {
    found.rows++
    found.try(`the state "${key.slice(0, 40)}"`, () => engine.store.readState(key))
  }
}

function scrubAttachments(engine: Engine, found: Findings): void {
  for (const state of engine.entities.ofType('attachment')) {
    const entity = entityView(state)
    if (entity?.fields['content'] === undefined) continue
    found.rows++
    found.try(`the attachment ${entity.id}`, () => engine.blobs.read(entity))
  }
}

/** Ids of a table's rows with their collection; rows of none are reported. */
function rowsOf(
  engine: Engine,
  table: SealedTable & ('segment' | 'rollup' | 'resolved'),
  found: Findings,
): { readonly id: number; readonly collection: CollectionName }[] {
  const rows = engine.store.sql(`SELECT id, collection_id FROM ${table} ORDER BY id`).all() as {
    id: number
    collection_id: Uint8Array
  }[]
  found.rows += rows.length
  return rows.flatMap(({ id, collection_id }) => {
    const collection = engine.store.keyring.collectionName(collection_id)
    if (collection !== undefined) return [{ id, collection }]
    found.add(`${table} ${id}`, 'its collection is not known')
    return []
  })
}

function readRow(engine: Engine, table: string, id: number): Uint8Array {
  const row = engine.store.sql(`SELECT bytes FROM ${table} WHERE id = ?`).pluck().get(id)
  return row instanceof Uint8Array ? row : new Uint8Array(0)
}

class Findings {
  rows = 0
  readonly #damages: Damage[] = []

  add(object: string, reason: string): void {
    const isKnown = this.#damages.some((known) => known.object === object && known.reason === reason)
    if (!isKnown) this.#damages.push({ object, reason })
  }

  fail(object: string, failure: unknown): void {
    const known = toDatabaseFailure(failure)
    if (known instanceof Failure && known.code === 'IO') throw known
    this.add(object, known instanceof Error ? known.message : 'it cannot be read')
  }

  /** Runs `work`; what it throws is a finding about `object`. */
  try<T>(object: string, work: () => T): T | undefined {
    try {
      return work()
    } catch (failure) {
      this.fail(object, failure)
      return undefined
    }
  }

  report(): CheckReport {
    return { damages: this.#damages, rows: this.rows }
  }
}

/** Counts and sizes for `vault info`. */
export interface VaultInfo {
  readonly observations: number
  readonly series: number
  readonly entities: number
  readonly batches: number
  readonly collections: readonly { readonly name: CollectionName; readonly observations: number }[]
  /** Bytes in rows, by table. */
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly bytes: number }[]
  readonly fileBytes: number
}

const sizedTables = [
  'batch',
  'segment',
  'rollup',
  'resolved',
  'directory',
  'entity',
  'overlay',
  'raw',
  'blob_chunk',
  'inbox',
]

export function vaultInfo(engine: Engine): VaultInfo {
  return engine.store.read(() => {
    const { store } = engine
    const tables = sizedTables.map((name) => {
      const row = store
        .sql(`SELECT count(*) AS n, coalesce(sum(length(bytes)), 0) AS bytes FROM ${name}`)
        .get()
      const { n, bytes } = row as { n: number; bytes: number }
      return { name, rows: n, bytes }
    })
    const directories = engine.directories.all()
    const collections = directories.map(({ collection, series }) => ({
      name: collection,
      observations: [...series.values()].reduce((sum, entry) => sum + countOf(entry), 0),
    }))
    const pages = Number(store.sqlite.pragma('page_count', { simple: true }))
    const fileBytes = pages * Number(store.sqlite.pragma('page_size', { simple: true }))
    return {
      observations: collections.reduce((sum, { observations }) => sum + observations, 0),
      series: directories.reduce((sum, { series }) => sum + series.size, 0),
      entities: tables.find(({ name }) => name === 'entity')?.rows ?? 0,
      batches: tables.find(({ name }) => name === 'batch')?.rows ?? 0,
      collections,
      tables,
      fileBytes,
    }
  })
}
