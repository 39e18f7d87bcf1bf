/**
 * Entity states in the file. Entities of a type are kept once the type has been asked for as a whole, and those that lie in
 * the same collection with them while they are few; all others are read by id, so that an import that writes many holds
 * those of one transaction. `change` entities, one per write and thus many, are never kept. The first bit of the row key tells the two apart
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
/** Entities of a type that are kept without being asked for, at most. */
const maxBeside = 1000

/** The collection of an entity; types of a newer version go to documents. */
export function collectionOfEntity(type: EntityType): CollectionName {
  return Object.hasOwn(collectionByEntityType, type) ? collectionByEntityType[type] : 'documents'
}

function typesIn(collection: CollectionName): readonly EntityType[] {
  const types = Object.keys(collectionByEntityType) as EntityType[]
  return types.filter((type) => collectionOfEntity(type) === collection)
}

export class EntityStore {
  readonly #store: Store
  /** All states of types that were asked for, by id. */
  readonly #asked = new Map<EntityType, Map<string, EntityState>>()
  /** All states of types that were read with those, while they are few. */
  readonly #beside = new Map<EntityType, Map<string, EntityState>>()
  /** States that the transaction under way has still to write. */
  readonly #unwritten = new Map<string, EntityState>()

  constructor(store: Store) {
    this.#store = store
    store.onStale(() => {
      this.#forget()
    })
    store.beforeCommit(() => {
      for (const state of this.#unwritten.values()) this.#write(state)
      this.#unwritten.clear()
    })
  }

  /** The state of an entity, deleted ones included. Fails with DAMAGED. */
  get(type: EntityType, id: string): EntityState | undefined {
    const unwritten = this.#unwritten.get(nameOf(type, id))
    if (unwritten) return unwritten
    const kept = this.#asked.get(type) ?? this.#beside.get(type)
    if (kept) return kept.get(id)
    const key = this.#key(type, id)
    const row = this.#store.sql('SELECT bytes FROM entity WHERE key = ?').pluck().get(key)
    return row instanceof Uint8Array ? this.#open(collectionOfEntity(type), key, row) : undefined
  }

  /** All states of a type, deleted ones included. `change` entities are read from the file each time. */
  ofType(type: EntityType): EntityState[] {
    if (type === 'change') return [...this.#rows('settings', 'change')]
    return [...(this.#asked.get(type) ?? this.#beside.get(type) ?? this.#ask(type)).values()]
  }

  /** Inside a transaction of the store. */
  put(state: EntityState): void {
    if (state.type === 'change') {
      this.#write(state)
      return
    }
    this.#unwritten.set(nameOf(state.type, state.id), state)
    this.#asked.get(state.type)?.set(state.id, state)
    const beside = this.#beside.get(state.type)
    beside?.set(state.id, state)
    if (beside && beside.size > maxBeside) this.#beside.delete(state.type)
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
    this.#asked.get(type)?.delete(id)
    this.#beside.get(type)?.delete(id)
    this.#unwritten.delete(nameOf(type, id))
  }

  clear(): void {
    this.#store.sql('DELETE FROM entity').run()
    this.#forget()
  }

  #forget(): void {
    this.#asked.clear()
    this.#beside.clear()
    this.#unwritten.clear()
  }

  /** Reads the collection of a type, keeps the type, and the types beside it that are not kept yet and are few. */
  #ask(type: EntityType): ReadonlyMap<string, EntityState> {
    const byType = new Map<EntityType, Map<string, EntityState>>([[type, new Map()]])
    const collection = collectionOfEntity(type)
    const take = (state: EntityState) => {
      const states = byType.get(state.type) ?? new Map<string, EntityState>()
      byType.set(state.type, states)
      if (state.type === type || states.size <= maxBeside) states.set(state.id, state)
    }
    for (const other of typesIn(collection))
      if (other !== 'change') byType.set(other, byType.get(other) ?? new Map())
    for (const state of this.#rows(collection, 'ordinary')) take(state)
    for (const state of this.#unwritten.values())
      if (collectionOfEntity(state.type) === collection) take(state)
    for (const [other, states] of byType) {
      if (other !== type && states.size <= maxBeside && !this.#asked.has(other))
        this.#beside.set(other, states)
    }
    const asked = byType.get(type) as Map<string, EntityState>
    this.#asked.set(type, asked)
    this.#beside.delete(type)
    return asked
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
