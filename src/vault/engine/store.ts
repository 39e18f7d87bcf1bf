/**
 * The engine's view of the file: sealed rows, prepared statements, transactions, and what else every part needs.
 *
 * Every row is an envelope whose header, the associated data, says where it belongs: vault, collection, epoch and
 * a place of its own (table tag ‖ row key). A row moved elsewhere does not authenticate.
 */
import type { Database, Statement } from 'better-sqlite3'
import { type EnvelopeContext, openParsedEnvelope, parseEnvelope, sealEnvelope } from '../../crypto/index.ts'
import {
  assert,
  ByteWriter,
  bytesEqual,
  bytesToHex,
  type Clock,
  concatBytes,
  Failure,
  type Random,
  utf8ToBytes,
} from '../../foundation/index.ts'
import type { CollectionName } from '../../metrics/index.ts'
import { transaction, withDatabaseFailures } from '../database.ts'
import type { ChainHead, HeadAnchor, KeyContext, Keyring, VaultFile } from '../ports.ts'

export interface EngineDeps {
  readonly clock: Clock
  readonly random: Random
  /** Called at named steps of writes; the program passes none, crash tests stop the process in it. */
  readonly step?: (name: string) => void
}

export type SealedTable =
  | 'segment'
  | 'rollup'
  | 'resolved'
  | 'directory'
  | 'entity'
  | 'overlay'
  | 'raw'
  | 'blob'
  | 'state'

const tableTags: Readonly<Record<SealedTable, readonly [tag: number, EnvelopeContext, KeyContext]>> = {
  segment: [1, 'segment', 'segment'],
  rollup: [2, 'rollup', 'rollup'],
  resolved: [3, 'rollup', 'rollup'],
  directory: [4, 'directory', 'directory'],
  entity: [5, 'entity', 'entity'],
  overlay: [6, 'entity', 'entity'],
  raw: [7, 'raw', 'raw'],
  blob: [8, 'blob-chunk', 'blob'],
  state: [9, 'record', 'record'],
}

/** The place of a row with an integer key. */
export function rowPlace(id: number): Uint8Array {
  return new ByteWriter(8).u64(id).finish()
}

export class Store {
  readonly file: VaultFile
  readonly sqlite: Database
  readonly keyring: Keyring
  readonly anchor: HeadAnchor
  readonly deps: EngineDeps
  /** Hexadecimal id of this device. */
  readonly device: string
  readonly #statements = new Map<string, Statement>()
  readonly #onStale: (() => void)[] = []
  readonly #beforeCommit: (() => void)[] = []
  #dataVersion: unknown
  #depth = 0
  #heads: ChainHead[] = []

  constructor(file: VaultFile, keyring: Keyring, anchor: HeadAnchor, deps: EngineDeps) {
    this.file = file
    this.sqlite = file.sqlite
    this.keyring = keyring
    this.anchor = anchor
    this.deps = deps
    this.device = bytesToHex(keyring.deviceId)
    this.#dataVersion = this.#readDataVersion()
  }

  /** A prepared statement, kept. */
  sql(text: string): Statement {
    let statement = this.#statements.get(text)
    if (statement === undefined) {
      statement = this.sqlite.prepare(text)
      this.#statements.set(text, statement)
    }
    return statement
  }

  /** `drop` forgets a cache; called when another process wrote or a transaction failed. */
  onStale(drop: () => void): void {
    this.#onStale.push(drop)
  }

  /** `flush` writes what a transaction has held back; called before it commits, and around savepoints in it. */
  beforeCommit(flush: () => void): void {
    this.#beforeCommit.push(flush)
  }

  #flush(): void {
    for (const flush of this.#beforeCommit) flush()
  }

  dropCaches(): void {
    for (const drop of this.#onStale) drop()
  }

  /** Drops what is cached when another connection has committed since the last look. */
  refresh(): void {
    const version = this.#readDataVersion()
    if (version === this.#dataVersion) return
    this.#dataVersion = version
    this.dropCaches()
  }

  /** BEGIN IMMEDIATE … COMMIT around `work`, on fresh caches; nested calls are savepoints. */
  write<T>(work: () => T): T {
    if (this.#depth > 0 || this.sqlite.inTransaction) return this.#savepoint(work)
    this.#depth++
    let result: T
    try {
      result = transaction(this.sqlite, () => {
        this.refresh()
        const done = work()
        this.#flush()
        this.step('write:before-commit')
        return done
      })
    } catch (failure) {
      this.#heads = []
      this.dropCaches()
      throw failure
    } finally {
      this.#depth--
    }
    this.step('write:after-commit')
    const heads = this.#heads.splice(0)
    if (heads.length > 0) this.#anchor(heads)
    this.step('write:after-anchor')
    return result
  }

  /** The transaction has committed: whatever fails now, the person must not think that nothing was saved. */
  #anchor(heads: readonly ChainHead[]): void {
    try {
      this.anchor.write(heads)
    } catch (cause) {
      if (cause instanceof Failure && cause.code !== 'IO') throw cause
      throw new Failure('IO', 'the change is saved, but the head anchor beside the vault cannot be written', {
        hint: 'Do not repeat it. healthmate doctor shows what is wrong with the state folder.',
        cause,
      })
    }
  }

  /** Heads that the transaction moves: anchored when it has committed. */
  noteHeads(heads: readonly ChainHead[]): void {
    this.#heads.push(...heads)
  }

  /** Runs `work` in a transaction that is rolled back: its results are true, and nothing of it stays. */
  async rehearse<T>(work: () => Promise<T> | T): Promise<T> {
    assert(!this.sqlite.inTransaction, 'a rehearsal is no part of a transaction')
    withDatabaseFailures(() => this.sqlite.exec('BEGIN IMMEDIATE'))
    this.refresh()
    try {
      return await work()
    } finally {
      if (this.sqlite.inTransaction) this.sqlite.exec('ROLLBACK')
      this.#heads = []
      this.dropCaches()
    }
  }

  /** One consistent state for several reads; other processes may write meanwhile. */
  read<T>(work: () => T): T {
    if (this.sqlite.inTransaction) return work()
    return withDatabaseFailures(() => {
      this.sqlite.exec('BEGIN')
      try {
        // The first read pins the state; only then does the version say which one is pinned.
        this.sql('SELECT count(*) FROM directory').pluck().get()
        this.refresh()
        return work()
      } finally {
        if (this.sqlite.inTransaction) this.sqlite.exec('COMMIT')
      }
    })
  }

  step(name: string): void {
    this.deps.step?.(name)
  }

  /** Envelope bytes of a row, under the current epoch. */
  seal(table: SealedTable, collection: CollectionName, place: Uint8Array, plaintext: Uint8Array): Uint8Array {
    const [tag, context, keyContext] = tableTags[table]
    const { id, epoch } = this.keyring.collection(collection)
    const fields = concatBytes(Uint8Array.of(tag), place)
    const header = { context, vaultId: this.keyring.vaultId, collectionId: id, epoch, fields }
    return sealEnvelope(this.keyring.key(collection, epoch, keyContext), header, plaintext)
  }

  /** The plaintext of a row. Fails with DAMAGED naming `what` when it was changed or belongs elsewhere. */
  open(
    table: SealedTable,
    collection: CollectionName,
    place: Uint8Array,
    bytes: Uint8Array,
    what: string,
  ): Uint8Array {
    const [tag, context, keyContext] = tableTags[table]
    const parsed = parseEnvelope(bytes, what)
    const { header } = parsed
    const isHere =
      header.context === context &&
      bytesEqual(header.vaultId, this.keyring.vaultId) &&
      bytesEqual(header.collectionId, this.keyring.collection(collection).id) &&
      header.fields.length === place.length + 1 &&
      header.fields[0] === tag &&
      bytesEqual(header.fields.subarray(1), place)
    if (!isHere) throw damaged(`${what} belongs elsewhere`)
    return openParsedEnvelope(this.keyring.key(collection, header.epoch, keyContext), parsed, what)
  }

  /** A positive random row id below 2^47: never given twice, so no old row fits a new place. */
  newRowId(): number {
    const bytes = this.deps.random.bytes(6)
    let id = 0
    for (const byte of bytes) id = id * 256 + byte
    return Math.floor(id / 2) + 1
  }

  /** 16-byte keyed hash: key of a row that is found by its name. */
  keyedId(purpose: string, ...parts: readonly string[]): Uint8Array {
    return this.keyring.mac('index', utf8ToBytes(JSON.stringify([purpose, ...parts]))).slice(0, 16)
  }

  /** A small sealed value of the engine's own, or undefined. */
  readState(key: string): Uint8Array | undefined {
    const row = this.sql('SELECT bytes FROM state WHERE key = ?').pluck().get(key)
    if (!(row instanceof Uint8Array)) return undefined
    return this.open('state', 'settings', utf8ToBytes(key), row, `the state "${key}"`)
  }

  writeState(key: string, value: Uint8Array): void {
    const bytes = this.seal('state', 'settings', utf8ToBytes(key), value)
    this.sql(
      'INSERT INTO state (key, bytes) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET bytes = excluded.bytes',
    ).run(key, bytes)
  }

  #savepoint<T>(work: () => T): T {
    const name = `nested_${++this.#depth}`
    // A savepoint that fails must not take away what came before it.
    this.#flush()
    this.sqlite.exec(`SAVEPOINT ${name}`)
    try {
      const result = work()
      this.#flush()
      this.sqlite.exec(`RELEASE ${name}`)
      return result
    } catch (failure) {
      if (this.sqlite.inTransaction) this.sqlite.exec(`ROLLBACK TO ${name}; RELEASE ${name}`)
      this.dropCaches()
      throw failure
    } finally {
      this.#depth--
    }
  }

  #readDataVersion(): unknown {
    return this.sqlite.pragma('data_version', { simple: true })
  }
}

export function damaged(message: string): Failure {
  return new Failure('DAMAGED', message, { hint: 'healthmate vault scrub' })
}
