/**
 * Compaction: a snapshot of each collection at the end of this device's chain, then the bodies of what it covers
 * are dropped; security.md 5.8. Headers, body hashes and signatures stay, so the chain still verifies.
 *
 * Steps, each a transaction of its own and each safe to stop after: write the snapshot; read it back, verify it and
 * prune; vacuum. A snapshot is itself batches of the chain: folding it beside what it covers changes nothing, so
 * an interrupted compaction leaves a vault like any other, and the next one goes on from there. Pruning looks for
 * snapshots in the file as it is on disk and refuses without a complete one.
 *
 * A one-device vault attests its own snapshots. What goes for good: rows of withdrawn imports, and changes too old
 * to undo.
 */
import { createHash } from 'node:crypto'
import { bytesToHex } from '../../foundation/index.ts'
import { type CollectionName, collectionNames } from '../../metrics/index.ts'
import { parseBatch, pruneBatch } from '../../protocol/index.ts'
import {
  canonicaliseTables,
  type ObservationColumns,
  type SeriesKey,
  sliceColumns,
  takeRows,
} from '../../records/index.ts'
import { withDatabaseFailures } from '../database.ts'
import { ChainWriter, chainBatches, chainEnd, storedChains } from './chain.ts'
import { readClock, writeClock } from './clock-state.ts'
import type { Engine } from './engine.ts'
import { collectionOfEntity } from './entity-store.ts'
import { type EntityState, entityView } from './fold.ts'
import { type FoldedLog, foldLog, type Snapshot } from './folded-log.ts'
import { formatHlc, nextTime } from './hlc.ts'
import { seriesToList } from './operation-codec.ts'
import { type OverlayState, rowIdentity, seenRows } from './overlay-store.ts'
import { encodeItem, type Item, itemTag } from './payload.ts'
import type { Register } from './register.ts'
import { readSeries } from './series-reader.ts'
import { encodeOnce } from './series-writer.ts'
import { damaged } from './store.ts'
import { readUndoStack } from './undo-stack.ts'

export interface CompactReport {
  readonly collections: readonly CollectionName[]
  readonly prunedBatches: number
  readonly bytesBefore: number
  readonly bytesAfter: number
}

/** Fails with DAMAGED when the log does not verify; then nothing of that collection is pruned. */
export function compact(engine: Engine): CompactReport {
  const { store } = engine
  const bytesBefore = fileBytes(engine)
  const collections: CollectionName[] = []
  let prunedBatches = 0
  for (const collection of collectionNames) {
    const wrote = store.write(() => writeSnapshot(engine, collection))
    store.step('compact:snapshot')
    const pruned = store.write(() => pruneCovered(engine, collection))
    store.step('compact:pruned')
    prunedBatches += pruned
    if (wrote || pruned > 0) collections.push(collection)
  }
  store.write(() => dropForgotten(engine))
  store.step('compact:before-vacuum')
  withDatabaseFailures(() => {
    store.sqlite.exec('VACUUM')
    store.sqlite.pragma('wal_checkpoint(TRUNCATE)')
  })
  store.step('compact:done')
  return { collections, prunedBatches, bytesBefore, bytesAfter: fileBytes(engine) }
}

/** Appends a snapshot unless the chain ends with one; whether it did. */
function writeSnapshot(engine: Engine, collection: CollectionName): boolean {
  const { store } = engine
  const folded = verifiedLog(engine, collection)
  const ends = chainEnds(engine, collection)
  if (ends.size === 0 || newestSnapshot(folded, ends, store.device) !== undefined) return false
  const chain = new ChainWriter(store)
  const hash = createHash('sha256')
  const add = (item: Item): void => {
    hash.update(encodeItem(item, store.device))
    chain.add(collection, item)
  }
  const covers = JSON.stringify([...ends])
  add({ kind: 'json', tag: itemTag.snapshotBegin, text: covers })
  for (const state of entitiesOf(engine, folded, collection)) {
    for (const text of stateTexts(state)) add({ kind: 'json', tag: itemTag.entityState, text })
  }
  let time = readClock(engine)
  for (const item of observationItems(engine, collection)) {
    if (item.kind === 'block') time = nextTime(time, store.deps.clock.nowMs())
    add(item.kind === 'block' ? { ...item, hlc: formatHlc(time, store.device) } : item)
  }
  for (const item of folded.raw.values()) add(item)
  for (const { item } of folded.unknown) add(item)
  chain.add(collection, { kind: 'snapshot-end', hash: new Uint8Array(hash.digest()) })
  writeClock(engine, time)
  store.noteHeads(chain.finish())
  return true
}

/** Drops bodies that a complete snapshot on disk covers; returns how many. */
function pruneCovered(engine: Engine, collection: CollectionName): number {
  const { store } = engine
  const folded = verifiedLog(engine, collection)
  const covers = new Map<string, number>()
  for (const snapshot of folded.snapshots) {
    for (const [device, seq] of snapshot.covers) covers.set(device, Math.max(covers.get(device) ?? 0, seq))
  }
  const update = store.sql('UPDATE batch SET bytes = ? WHERE collection_id = ? AND device_id = ? AND seq = ?')
  const { id } = store.keyring.collection(collection)
  let pruned = 0
  for (const { deviceId } of storedChains(store, collection)) {
    const last = covers.get(bytesToHex(deviceId)) ?? 0
    for (const { seq, bytes } of chainBatches(store, collection, deviceId)) {
      if (seq > last) break
      const batch = parseBatch(bytes)
      if (batch.body === null) continue
      update.run(pruneBatch(batch), id, deviceId, seq)
      pruned++
    }
  }
  return pruned
}

function verifiedLog(engine: Engine, collection: CollectionName): FoldedLog {
  return foldLog(
    engine.store,
    (_what, failure) => {
      throw failure
    },
    collection,
  )
}

/** Device (hex) → seq of its last batch. */
function chainEnds(engine: Engine, collection: CollectionName): Map<string, number> {
  return new Map(
    storedChains(engine.store, collection).map(({ deviceId }) => [
      bytesToHex(deviceId),
      chainEnd(engine.store, collection, deviceId).seq,
    ]),
  )
}

/** A snapshot after which nothing was written. */
function newestSnapshot(
  folded: FoldedLog,
  ends: ReadonlyMap<string, number>,
  device: string,
): Snapshot | undefined {
  return folded.snapshots.find((snapshot) => {
    const own = bytesToHex(snapshot.deviceId)
    const isOwn = own === device && ends.get(own) === snapshot.endSeq
    return isOwn && [...ends].every(([other, seq]) => other === own || snapshot.covers.get(other) === seq)
  })
}

/** Entities of a collection; of changes, those that can still be undone or wait in the inbox. */
function entitiesOf(engine: Engine, folded: FoldedLog, collection: CollectionName): EntityState[] {
  const kept = keptChanges(engine)
  return [...folded.entities.values()].filter(({ type, id }) => {
    if (collectionOfEntity(type) !== collection) throw damaged(`an entity of ${collection} belongs elsewhere`)
    return type !== 'change' || kept.has(id)
  })
}

/** Snapshot items stay below this where they can be split. */
const splitLength = 64 * 1024

/** An entity's state as texts that fit a batch: each is a state of some registers, and joining them gives it all. */
function* stateTexts(state: EntityState): Generator<string> {
  let registers: Record<string, Register> = {}
  let length = 0
  for (const [field, register] of Object.entries(state.registers)) {
    for (const part of registerParts(register)) {
      const size = JSON.stringify(part).length
      if (length > 0 && (length + size > splitLength || Object.hasOwn(registers, field))) {
        yield JSON.stringify({ ...state, registers })
        registers = {}
        length = 0
      }
      registers[field] = part
      length += size
    }
  }
  yield JSON.stringify({ ...state, registers })
}

/** Concurrent large values one by one. */
function registerParts(register: Register): Register[] {
  if (register.heads.length < 2 || JSON.stringify(register).length <= splitLength) return [register]
  return register.heads.map((head) => ({ heads: [head], seen: register.seen }))
}

function keptChanges(engine: Engine): ReadonlySet<string> {
  const kept = new Set(readUndoStack(engine.store))
  for (const state of engine.entities.ofType('change')) {
    const entity = entityView(state)
    // An import's record is how the import is undone, and one that was undone how it comes back.
    if (entity?.fields['pending'] === true || state.id.startsWith('import-')) kept.add(state.id)
    if (state.id.startsWith('import-') && typeof entity?.fields['undone'] === 'string')
      kept.add(entity.fields['undone'])
  }
  return kept
}

function* observationItems(engine: Engine, collection: CollectionName): Generator<Item> {
  for (const entry of engine.directories.of(collection).series.values()) {
    const overlay = entry.hasOverlay
      ? engine.overlays.load(collection, entry.series, entry.components)
      : undefined
    for (const [identity, registers] of overlay?.registers ?? []) {
      const text = JSON.stringify([seriesToList(entry.series), identity, registers])
      yield { kind: 'json', tag: itemTag.overlayState, text }
    }
    for (const segment of entry.segments) {
      const period = { fromMs: segment.firstMs, toMs: segment.lastMs + 1 }
      const columns = readSeries(engine, collection, entry, period)
      yield* blockItems(entry.series, overlay === undefined ? columns : withoutEdited(columns, overlay))
    }
    if (overlay !== undefined) yield* blockItems(entry.series, overlay.shelf)
  }
}

/** Rows that no edit concerns; the shelf holds the others as they were. */
function withoutEdited(columns: ObservationColumns, overlay: OverlayState): ObservationColumns {
  const seen = seenRows(overlay)
  const starts = new Set(seen.startMs)
  const rows: number[] = []
  for (let row = 0; row < columns.length; row++) {
    const isEdited =
      starts.has(columns.startMs[row] as number) && overlay.registers.has(rowIdentity(columns, row))
    if (!isEdited) rows.push(row)
  }
  return rows.length === columns.length ? columns : takeRows(columns, rows)
}

const rowsPerBlock = 16_384

function* blockItems(series: SeriesKey, columns: ObservationColumns): Generator<Item> {
  for (let from = 0; from < columns.length; from += rowsPerBlock) {
    yield* fittingItems(series, canonicaliseTables(sliceColumns(columns, from, from + rowsPerBlock)))
  }
}

function* fittingItems(series: SeriesKey, columns: ObservationColumns): Generator<Item> {
  const encoded = encodeOnce(columns)
  if (encoded.length <= 128 * 1024 || columns.length <= 1) {
    yield { kind: 'block', hlc: '', series, encoded }
    return
  }
  // A slice shares its tables with the whole: without what it uses alone it would never become smaller.
  const middle = columns.length >> 1
  yield* fittingItems(series, canonicaliseTables(sliceColumns(columns, 0, middle)))
  yield* fittingItems(series, canonicaliseTables(sliceColumns(columns, middle, columns.length)))
}

/** Changes that the snapshots left out, and chunks that no attachment, deleted ones included, names. */
function dropForgotten(engine: Engine): void {
  const kept = keptChanges(engine)
  for (const { id } of engine.entities.ofType('change'))
    if (!kept.has(id)) engine.entities.remove('change', id)
  engine.blobs.removeOthers(engine.entities.ofType('attachment'))
}

function fileBytes(engine: Engine): number {
  const { sqlite } = engine.store
  const pages = Number(sqlite.pragma('page_count', { simple: true }))
  return pages * Number(sqlite.pragma('page_size', { simple: true }))
}
