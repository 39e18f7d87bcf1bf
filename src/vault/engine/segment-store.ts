/** Segments in the file: sealed one by one, bound to their collection, id and series. */
import type { CollectionName } from '../../metrics/index.ts'
import type { SeriesKey } from '../../records/index.ts'
import type { SegmentRows } from './series-writer.ts'
import { damaged, rowPlace, type Store } from './store.ts'

export class SegmentStore {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** The segments of a series; `series` names them in failures. */
  of(collection: CollectionName, series: SeriesKey): SegmentRows {
    return {
      read: (id) => this.read(collection, id, series),
      insert: (encoded) => this.#insert(collection, encoded),
      remove: (id) => {
        this.#store.sql('DELETE FROM segment WHERE id = ?').run(id)
      },
    }
  }

  /** Encoded columns of a segment. Fails with DAMAGED. */
  read(collection: CollectionName, id: number, series: SeriesKey): Uint8Array {
    const row = this.#store.sql('SELECT bytes FROM segment WHERE id = ?').pluck().get(id)
    const what = `segment ${id} of ${collection} (${series.metric})`
    if (!(row instanceof Uint8Array)) throw damaged(`${what} is missing`)
    return this.#store.open('segment', collection, rowPlace(id), row, what)
  }

  #insert(collection: CollectionName, encoded: Uint8Array): number {
    const id = this.#store.newRowId()
    this.#store
      .sql('INSERT INTO segment (id, collection_id, bytes) VALUES (?, ?, ?)')
      .run(
        id,
        this.#store.keyring.collection(collection).id,
        this.#store.seal('segment', collection, rowPlace(id), encoded),
      )
    return id
  }

  clear(): void {
    this.#store.sql('DELETE FROM segment').run()
  }
}
