/**
 * The log read and folded as a whole: every signature, link, commitment and AEAD verified. What rebuild, scrub and
 * compaction stand on.
 */
import { createHash, type Hash } from 'node:crypto'
import { bytesEqual, bytesToHex, Failure } from '../../foundation/index.ts'
import type { CollectionName } from '../../metrics/index.ts'
import { batchHash, genesisHash, parseBatch, verifyBatch } from '../../protocol/index.ts'
import type { EntityType, SeriesKey } from '../../records/index.ts'
import { chainBatches, openBatch, storedChains } from './chain.ts'
import { collectionOfSeries } from './engine.ts'
import {
  type EntityState,
  joinEntities,
  joinEntityOperation,
  joinObservationOperation,
  joinRegisterSets,
  type Registers,
  type StampedOperation,
  seriesText,
} from './fold.ts'
import { compareTimes, type Hlc, type HlcTime, hlcTime, zeroTime } from './hlc.ts'
import { batchName } from './log-reader.ts'
import { identityOf } from './observation-store.ts'
import { listToSeries, type SeriesList } from './operation-codec.ts'
import { encodeItem, type Item, itemTag, parseJson, type RawItem } from './payload.ts'
import type { Store } from './store.ts'

/** A complete snapshot in a chain. */
export interface Snapshot {
  readonly collection: CollectionName
  readonly deviceId: Uint8Array
  readonly beginSeq: number
  readonly endSeq: number
  /** Device (hex) → last seq whose effect the snapshot holds. */
  readonly covers: ReadonlyMap<string, number>
}

export interface SeriesEdits {
  readonly collection: CollectionName
  readonly series: SeriesKey
  readonly registers: Map<string, Registers>
}

/** Everything but blocks, which are read again when they are merged. */
export interface FoldedLog {
  readonly entities: Map<string, EntityState>
  readonly edits: Map<string, SeriesEdits>
  readonly raw: Map<number, RawItem>
  readonly snapshots: Snapshot[]
  /** Items of a newer version, by collection. */
  readonly unknown: { readonly collection: CollectionName; readonly item: Item }[]
  lastTime: HlcTime
}

/** Called with each fault; throwing in it stops at the first. */
export type OnFault = (what: string, failure: unknown) => void

/** Verifies and folds the log, of one collection where given. */
export function foldLog(store: Store, onFault: OnFault, collection?: CollectionName): FoldedLog {
  const folded: FoldedLog = {
    entities: new Map(),
    edits: new Map(),
    raw: new Map(),
    snapshots: [],
    unknown: [],
    lastTime: zeroTime,
  }
  const pruned: { what: string; collection: CollectionName; device: string; seq: number }[] = []
  for (const chain of storedChains(store, collection)) {
    const device = bytesToHex(chain.deviceId)
    const reader = new SnapshotReader(chain.collection, chain.deviceId, folded.snapshots)
    let end = { seq: 0, hash: genesisHash }
    for (const { seq, bytes } of chainBatches(store, chain.collection, chain.deviceId)) {
      const what = batchName(chain.collection, chain.deviceId, seq)
      try {
        const batch = parseBatch(bytes)
        const expected = {
          vaultId: store.keyring.vaultId,
          collectionId: store.keyring.collection(chain.collection).id,
          deviceId: chain.deviceId,
          seq: end.seq + 1,
          prev: end.hash,
        }
        end = { seq, hash: batchHash(batch) }
        verifyBatch(batch, expected, (...signed) => store.keyring.verify(...signed))
        const items = openBatch(store, chain.collection, batch, what)
        if (items === null) pruned.push({ what, collection: chain.collection, device, seq })
        else for (const item of items) foldItem(folded, chain.collection, item)
        reader.read(seq, items ?? [], device)
      } catch (failure) {
        end = { ...end, seq }
        onFault(what, failure)
      }
    }
  }
  for (const { what, ...place } of pruned) if (!isCovered(folded, place)) onFault(what, missingBody(what))
  return folded
}

function isCovered(
  folded: FoldedLog,
  place: { collection: CollectionName; device: string; seq: number },
): boolean {
  return folded.snapshots.some(
    ({ collection, covers }) =>
      collection === place.collection && (covers.get(place.device) ?? 0) >= place.seq,
  )
}

function foldItem(folded: FoldedLog, collection: CollectionName, item: Item): void {
  switch (item.kind) {
    case 'operation':
      foldOperation(folded, item)
      return
    case 'block':
      noteTime(folded, item.hlc)
      return
    case 'raw':
      noteTime(folded, item.hlc)
      folded.raw.set(item.rowId, item)
      return
    case 'unknown':
      folded.unknown.push({ collection, item })
      return
    case 'json':
      foldState(folded, item.tag, item.text)
      return
    case 'snapshot-end':
  }
}

function foldOperation(folded: FoldedLog, stamped: StampedOperation): void {
  const { operation } = stamped
  noteTime(folded, stamped.hlc)
  if (operation.kind === 'observation') {
    const edits = editsOfSeries(folded, operation.ref.series)
    const identity = identityOf(operation)
    edits.set(identity, joinObservationOperation(edits.get(identity), operation, stamped))
    return
  }
  const name = entityName(operation.type, operation.id)
  folded.entities.set(name, joinEntityOperation(folded.entities.get(name), operation, stamped))
}

/** States inside snapshots; see compact.ts. */
function foldState(folded: FoldedLog, tag: number, text: string): void {
  if (tag === itemTag.entityState) {
    const state = parseJson(text) as EntityState
    const name = entityName(state.type, state.id)
    noteTime(folded, state.updated)
    folded.entities.set(name, joinEntities(folded.entities.get(name), state))
  }
  if (tag === itemTag.overlayState) {
    const [series, identity, registers] = parseJson(text) as [SeriesList, string, Registers]
    const edits = editsOfSeries(folded, listToSeries(series))
    edits.set(identity, joinRegisterSets(edits.get(identity) ?? {}, registers))
  }
}

function editsOfSeries(folded: FoldedLog, series: SeriesKey): Map<string, Registers> {
  const text = seriesText(series)
  let edits = folded.edits.get(text)
  if (edits === undefined) {
    edits = { collection: collectionOfSeries(series), series, registers: new Map() }
    folded.edits.set(text, edits)
  }
  return edits.registers
}

export function entityName(type: EntityType, id: string): string {
  return `${type}/${id}`
}

function noteTime(folded: FoldedLog, hlc: Hlc): void {
  const time = hlcTime(hlc)
  if (compareTimes(time, folded.lastTime) > 0) folded.lastTime = time
}

/** Finds snapshots whose end repeats the hash of all their items. */
class SnapshotReader {
  readonly #collection: CollectionName
  readonly #deviceId: Uint8Array
  readonly #found: Snapshot[]
  #open: { beginSeq: number; covers: ReadonlyMap<string, number>; hash: Hash } | undefined

  constructor(collection: CollectionName, deviceId: Uint8Array, found: Snapshot[]) {
    this.#collection = collection
    this.#deviceId = deviceId
    this.#found = found
  }

  read(seq: number, items: readonly Item[], device: string): void {
    for (const item of items) {
      if (item.kind === 'json' && item.tag === itemTag.snapshotBegin) {
        const covers = new Map(parseJson(item.text) as [string, number][])
        this.#open = { beginSeq: seq, covers, hash: createHash('sha256') }
      }
      const open = this.#open
      if (open === undefined) continue
      if (item.kind !== 'snapshot-end') {
        open.hash.update(encodeItem(item, device))
        continue
      }
      if (bytesEqual(open.hash.digest(), item.hash)) {
        const { beginSeq, covers } = open
        const collection = this.#collection
        this.#found.push({ collection, deviceId: this.#deviceId, beginSeq, endSeq: seq, covers })
      }
      this.#open = undefined
    }
  }
}

function missingBody(what: string): Failure {
  return new Failure('DAMAGED', `${what} has lost its content, and no snapshot holds it`, {
    hint: 'healthmate backup restore',
  })
}
