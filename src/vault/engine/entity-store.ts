/**
 * Entity states in the file. A collection's entities are read once per process and kept; `change` entities, one
 * per write and thus many, are read one by one by id instead. The first bit of the row key tells the two apart
 * (the number of changes is no secret: the batches are counted in clear).
 *
 * A transaction writes each state once, before it commits, however many fields of it were set.
 */
import { padPadme, unpadPadme } from '../../crypto/index.ts'
import { utf8ToBytes } from '../../foundation/index.ts'
import type { CollectionName } from '../../metrics/index.ts'
import { collectionByEntityType, type EntityType } from '../../records/index.ts'
import { pack, unpack } from '../segment/pack.ts'
import type { EntityState } from './fold.ts'
import { jsonOfBytes } from './payload.ts'
import { damaged, type Store } from './store.ts'

const unpackLimit = 64 * 1024 * 1024

/** The collection of an entity; types of a newer version go to documents. */
export function collectionOfEntity(type: EntityType): CollectionName {
  return Object.hasOwn(collectionByEntityType, type) ? collectionByEntityType[type] : 'documents'
}

export class EntityStore {
  readonly #store: Store
  readonly #loaded = new Map<CollectionName, Map<string, EntityState>>()
  /** States that the transaction under way has still to write. */
  readonly #unwritten = new Map<string, EntityState>()

  constructor(store: Store) {
    this.#store = store
    store.onStale(() => {
      this.#loaded.clear()
      this.#unwritten.clear()
    })
    store.beforeCommit(() => {
      for (const state of this.#unwritten.values()) this.#write(state)
      this.#unwritten.clear()
    })
  }

  /** The state of an entity, deleted ones included. Fails with DAMAGED. */
  get(type: EntityType, id: string): EntityState | undefined {
    if (type !== 'change') return this.#all(collectionOfEntity(type)).get(nameOf(type, id))
    const key = this.#key(type, id)
    const row = this.#store.sql('SELECT bytes FROM entity WHERE key = ?').pluck().get(key)
    return row instanceof Uint8Array ? this.#open('settings', key, row) : undefined
  }

  /** All states of a type, deleted ones included. `change` entities are read from the file each time. */
  ofType(type: EntityType): EntityState[] {
    if (type === 'change') return [...this.#rows('settings', 'change')]
    return [...this.#all(collectionOfEntity(type)).values()].filter((state) => state.type === type)
  }

  /** Inside a transaction of the store. */
  put(state: EntityState): void {
    if (state.type === 'change') {
      this.#write(state)
      return
    }
    const name = nameOf(state.type, state.id)
    this.#all(collectionOfEntity(state.type)).set(name, state)
    this.#unwritten.set(name, state)
  }

  #write(state: EntityState): void {
    const collection = collectionOfEntity(state.type)
    const key = this.#key(state.type, state.id)
    const plaintext = padPadme(pack(utf8ToBytes(JSON.stringify(state))))
    this.#store
      .sql(
        `INSERT INTO entity (key, collection_id, bytes) VALUES (?, ?, ?)
         ON CONFLICT (key) DO UPDATE SET bytes = excluded.bytes`,
      )
      .run(
        key,
        this.#store.keyring.collection(collection).id,
        this.#store.seal('entity', collection, key, plaintext),
      )
  }

  remove(type: EntityType, id: string): void {
    this.#store.sql('DELETE FROM entity WHERE key = ?').run(this.#key(type, id))
    this.#loaded.get(collectionOfEntity(type))?.delete(nameOf(type, id))
    this.#unwritten.delete(nameOf(type, id))
  }

  clear(): void {
    this.#store.sql('DELETE FROM entity').run()
    this.#loaded.clear()
    this.#unwritten.clear()
  }

  #all(collection: CollectionName): Map<string, EntityState> {
    let states = this.#loaded.get(collection)
    if (states === undefined) {
      states = new Map()
      for (const state of this.#rows(collection, 'ordinary')) states.set(nameOf(state.type, state.id), state)
      this.#loaded.set(collection, states)
    }
    return states
  }

  *#rows(collection: CollectionName, kind: 'ordinary' | 'change'): Generator<EntityState> {
    const { id } = this.#store.keyring.collection(collection)
    const rows = this.#store
      .sql(
        `SELECT key, bytes FROM entity WHERE collection_id = ? AND key ${kind === 'change' ? '>=' : '<'} x'80'`,
      )
      .all(id) as { key: Uint8Array; bytes: Uint8Array }[]
    for (const row of rows) yield this.#open(collection, row.key, row.bytes)
  }

  #open(collection: CollectionName, key: Uint8Array, row: Uint8Array): EntityState {
    const plaintext = this.#store.open('entity', collection, key, row, `an entity of ${collection}`)
    const state = jsonOfBytes(unpack(unpadPadme(plaintext), unpackLimit)) as EntityState
    const expected = this.#key(state.type, state.id)
    if (Buffer.compare(expected, key) !== 0)
      throw damaged(`an entity of ${collection} is not the one it should be`)
    return state
  }

  #key(type: EntityType, id: string): Uint8Array {
    const key = this.#store.keyedId('entity', type, id)
    const first = key[0] as number
    key[0] = type === 'change' ? first | 0x80 : first & 0x7f
    return key
  }
}

function nameOf(type: EntityType, id: string): string {
  return `${type}/${id}`
}
