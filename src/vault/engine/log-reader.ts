/** Reading the log: items of all batches, verified or not, batch by batch. */
import { bytesToHex } from '../../foundation/index.ts'
import { type CollectionName, collectionNames } from '../../metrics/index.ts'
import { parseBatch } from '../../protocol/index.ts'
import type { ObservationColumns, SeriesKey } from '../../records/index.ts'
import { decodeColumns } from '../segment/codec.ts'
import { chainBatches, openBatch, storedChains } from './chain.ts'
import type { Engine } from './engine.ts'
import type { Item } from './payload.ts'
import type { Store } from './store.ts'

/** Name of a batch in failures and reports. */
export function batchName(collection: CollectionName, deviceId: Uint8Array, seq: number): string {
  return `batch ${seq} of ${collection} (device ${bytesToHex(deviceId).slice(0, 8)})`
}

/** Items of every batch that still has its body. Fails with DAMAGED at the first that does not open. */
export function* logItems(
  store: Store,
  collection?: CollectionName,
): Generator<{ readonly collection: CollectionName; readonly items: readonly Item[] }> {
  for (const chain of storedChains(store, collection)) {
    for (const { seq, bytes } of chainBatches(store, chain.collection, chain.deviceId)) {
      const what = batchName(chain.collection, chain.deviceId, seq)
      const items = openBatch(store, chain.collection, parseBatch(bytes), what)
      if (items !== null) yield { collection: chain.collection, items }
    }
  }
}

export interface LoggedBlock {
  readonly collection: CollectionName
  readonly series: SeriesKey
  readonly columns: ObservationColumns
}

/** Blocks of the log that one of these imports asserts, collection by collection. */
export function* importedBlocks(engine: Engine, importIds: ReadonlySet<string>): Generator<LoggedBlock> {
  for (const name of collectionNames) {
    const { series } = engine.directories.of(name)
    const isConcerned = [...series.values()].some((entry) => entry.imports.some((id) => importIds.has(id)))
    if (!isConcerned) continue
    for (const { collection, items } of logItems(engine.store, name)) {
      for (const item of items) {
        if (item.kind !== 'block') continue
        const columns = decodeColumns(item.encoded)
        const isConcernedBlock = columns.assertionTable.some((set) => set.some((id) => importIds.has(id)))
        if (isConcernedBlock) yield { collection, series: item.series, columns }
      }
    }
  }
}
