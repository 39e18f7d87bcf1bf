/**
 * The record engine of one opened vault: `RecordSource` and `RecordWriter`, imports, undo, inbox, upkeep.
 *
 * The log is the truth; everything read here is derived from it and kept beside it (architecture.md, sections 1 and
 * 3). The class only hands on to the parts that do the work.
 */
import { bytesEqual } from '../../foundation/index.ts'
import { batchHash, parseBatch } from '../../protocol/index.ts'
import type {
  Attachment,
  Change,
  DailyRollup,
  Entity,
  EntityType,
  ImportSink,
  Observation,
  ObservationQuery,
  RawRecord,
  RecordSource,
  RecordWriter,
  ResolvedDays,
  SeriesColumns,
  SeriesInfo,
} from '../../records/index.ts'
import type { HeadAnchor, Keyring, VaultFile } from '../ports.ts'
import type { ResolvedDay } from '../segment/resolve.ts'
import { type CompactReport, compact } from './compact.ts'
import { stateDigest } from './digest.ts'
import { createEngine, type Engine } from './engine.ts'
import {
  acceptInbox,
  type DrainReport,
  drainInbox,
  type InboxItem,
  inboxItems,
  rejectInbox,
} from './inbox.ts'
import { type LocatedObservation, RecordReader } from './reader.ts'
import { type RebuildReport, rebuild } from './rebuild.ts'
import type { RollupSettings } from './rollup-store.ts'
import { type CheckReport, checkVault, scrubVault, type VaultInfo, vaultInfo } from './scrub.ts'
import { rollupSettings, setRollupSettings } from './settings.ts'
import { type EngineDeps, Store } from './store.ts'
import { reassertImport, type Undone, undoLast, withdrawImport } from './undo.ts'
import { type WriteResult, writeChange } from './writer.ts'

export class RecordVault implements RecordSource, RecordWriter {
  readonly #engine: Engine
  readonly #reader: RecordReader

  constructor(engine: Engine) {
    this.#engine = engine
    this.#reader = new RecordReader(engine)
  }

  /** 16 random bytes. */
  get vaultId(): Uint8Array {
    return this.#engine.store.keyring.vaultId
  }

  series(metric?: string): readonly SeriesInfo[] {
    return this.#reader.series(metric)
  }

  read(query: ObservationQuery): readonly SeriesColumns[] {
    return this.#reader.read(query)
  }

  scan(query: ObservationQuery, visit: (part: SeriesColumns) => void): void {
    this.#reader.scan(query, visit)
  }

  latest(query: ObservationQuery, limit: number): readonly Observation[] {
    return this.#reader.latest(query, limit)
  }

  find(id: string): Observation | undefined {
    return this.#reader.find(id)
  }

  /** As `find`, with the reference that edits name. */
  locate(id: string): LocatedObservation | undefined {
    return this.#reader.locate(id)
  }

  /** Observations with a note, tags or a context. */
  annotated(): readonly Observation[] {
    return this.#reader.annotated()
  }

  resolvedDays(metric: string, fromDay?: number, toDay?: number): ResolvedDays {
    return this.#reader.resolvedDays(metric, fromDay, toDay)
  }

  /** Daily rollups by series and component computed from the rows: for checks and measurements. */
  dailyFromRows(metric: string): ReadonlyMap<string, readonly DailyRollup[]> {
    return this.#reader.dailyFromRows(metric)
  }

  /** What counted on a local day (days since 1970-01-01), what did not, and why. */
  explainDay(metric: string, day: number): ResolvedDay {
    return this.#reader.explainDay(metric, day)
  }

  entities(type: EntityType): readonly Entity[] {
    return this.#reader.entities(type)
  }

  entity(type: EntityType, id: string): Entity | undefined {
    return this.#reader.entity(type, id)
  }

  rawRecords(visit: (record: RawRecord) => void): void {
    this.#reader.rawRecords(visit)
  }

  attachment(id: string): Attachment | undefined {
    return this.#reader.attachment(id)
  }

  /** Applies a change in one durable transaction. Fails with VALUE, UNIT or IO; then nothing is written. */
  write(change: Change): WriteResult {
    return writeChange(this.#engine, change, { origin: 'person', undoable: true })
  }

  /** As `write`, for what the program keeps of its own accord: `undoLast` goes past it to what the person did. */
  keep(change: Change): WriteResult {
    return writeChange(this.#engine, change, { origin: 'person', undoable: false })
  }

  /** Where an import writes to: each chunk is one transaction, all chunks are one change to undo. */
  importSink(importId: string): ImportSink {
    return {
      write: (chunk) => {
        const { blocks, raw, attachments, operations } = chunk
        const change: Change = { label: 'import', blocks, raw, attachments, operations }
        return writeChange(this.#engine, change, { origin: 'import', importId, undoable: true }).outcomes
      },
    }
  }

  /** Runs `work` on this vault and undoes all it wrote: what it returns is what would have happened. */
  rehearse<T>(work: () => Promise<T> | T): Promise<T> {
    return this.#engine.store.rehearse(work)
  }

  /** Undoes the last change; again, the one before. Fails with NOT_FOUND when nothing is left. */
  undoLast(): Undone {
    return undoLast(this.#engine)
  }

  /** Takes an import back. Fails with NOT_FOUND or, when it is withdrawn already, USAGE. */
  withdrawImport(importId: string): Undone {
    return withdrawImport(this.#engine, importId)
  }

  /** Brings a withdrawn import back from the log. Fails with NOT_FOUND. */
  reassertImport(importId: string): Undone {
    return reassertImport(this.#engine, importId)
  }

  /** Merges what was sealed while the vault was locked. */
  drainInbox(): Promise<DrainReport> {
    return drainInbox(this.#engine)
  }

  /** Merged entries that wait for a decision, and damaged ones. */
  inboxItems(): readonly InboxItem[] {
    return this.#engine.store.read(() => inboxItems(this.#engine))
  }

  /** Confirms entries; all when no ids are given. Returns how many. */
  acceptInbox(ids?: readonly string[]): number {
    return acceptInbox(this.#engine, ids)
  }

  /** Takes entries back and deletes damaged ones; all when no ids are given. Returns how many. */
  rejectInbox(ids?: readonly string[]): number {
    return rejectInbox(this.#engine, ids)
  }

  /** Day start and source priorities that daily values follow. */
  settings(): RollupSettings {
    return rollupSettings(this.#engine)
  }

  /** Changes them; daily values are recomputed when next asked for. */
  setSettings(settings: Partial<RollupSettings>): void {
    setRollupSettings(this.#engine, settings)
  }

  /** Digest of live state, 64 hexadecimal digits: equal for equal records whatever their history. */
  digest(): string {
    return stateDigest(this.#engine)
  }

  /** Computes stale daily values now rather than at the next question. */
  settle(): void {
    this.#reader.rollups.settleAll(rollupSettings(this.#engine))
  }

  /** Folds the log anew. Fails with DAMAGED at a batch that does not verify; then nothing is changed. */
  rebuild(): RebuildReport {
    return rebuild(this.#engine, this.#reader.rollups)
  }

  check(): CheckReport {
    return checkVault(this.#engine)
  }

  scrub(): CheckReport {
    return scrubVault(this.#engine)
  }

  compact(): CompactReport {
    return compact(this.#engine)
  }

  info(): VaultInfo {
    return vaultInfo(this.#engine)
  }

  /** Closes the file and wipes the keys. */
  close(): void {
    this.#engine.store.keyring.wipe()
    this.#engine.store.file.close()
  }
}

/** The engine over an opened file. The caller has dealt with what `anchorState` says. */
export function openRecords(
  file: VaultFile,
  keyring: Keyring,
  anchor: HeadAnchor,
  deps: EngineDeps,
): RecordVault {
  return new RecordVault(createEngine(new Store(file, keyring, anchor, deps)))
}

/**
 * Whether the file continues what the head anchor remembers. `restored`: there is no anchor for this file and device
 * though the device has written; `rolled-back`: batches that the anchor knows are gone or others. In both cases a
 * new device has to be minted before anything is written, or a sequence number would be given twice.
 */
export function anchorState(
  file: VaultFile,
  keyring: Keyring,
  anchor: HeadAnchor,
): 'sound' | 'restored' | 'rolled-back' {
  const heads = anchor.read()
  if (heads === null) {
    const written = file.sqlite
      .prepare('SELECT 1 FROM batch WHERE device_id = ? LIMIT 1')
      .pluck()
      .get(keyring.deviceId)
    return written === undefined ? 'sound' : 'restored'
  }
  const select = file.sqlite
    .prepare('SELECT bytes FROM batch WHERE collection_id = ? AND device_id = ? AND seq = ?')
    .pluck()
  const isSound = heads.every(({ collection, seq, hash }) => {
    const row = select.get(keyring.collection(collection).id, keyring.deviceId, seq)
    return seq === 0 || (row instanceof Uint8Array && bytesEqual(batchHash(parseBatch(row)), hash))
  })
  return isSound ? 'sound' : 'rolled-back'
}
