/**
 * The second half of the pipeline: takes candidates from an adapter, validates them, applies `--since`, combines
 * them into sorted blocks of one series, and writes chunks of bounded size to the sink.
 *
 * Accounting: an adapter announces source records with `begin` and gives each exactly one outcome (`add`, `merge`,
 * `refuse`, `unmapped`, or skipped by `add` and `unmapped` themselves). `report` holds the equation
 * read = imported + pending + merged + duplicates + skipped + refused + Σ unmapped.
 */

import { assert, Failure, formatInstant, type ZoneOffsets } from '../foundation/index.ts'
import type { Metric } from '../metrics/index.ts'
import {
  type Attachment,
  type BlockOutcome,
  type EntityFields,
  type EntityType,
  type ImportSink,
  type ObservationBlock,
  type RawRecord,
  type Refusal,
  rawRecordId,
  type SeriesKey,
} from '../records/index.ts'
import { type EntityOrigin, EntityQueue } from './entity-queue.ts'
import { increment, settledCount, sortedRecord } from './format-counts.ts'
import type { FormatCounts, ImportOptions, ImportReport, ProfileOffer, Unrecognised } from './importer.ts'
import { Remarks } from './remarks.ts'
import { boundsInUnit } from './series-bounds.ts'
import { SeriesBuffer } from './series-buffer.ts'
import { OthersRecords } from './whose.ts'
import { ZoneChoice } from './zone-choice.ts'

/** Observations over all series that wait in memory at most (about 40 bytes each). */
const defaultChunkRows = 500_000
/** What waits in memory at most beside the columns: raw records, entities, extras, attachments. */
const maxWaitingBytes = 8 * 1024 * 1024
/** What one of these weighs beside its text, in bytes. */
const weightOfRaw = 500
const weightOfEntity = 1000
const weightOfExtra = 100

/** Instants that a measurement can have: 1900-01-01 to 2200-01-01 UTC, ms. */
const earliestMs = Date.UTC(1900, 0, 1)
const latestMs = Date.UTC(2200, 0, 1)

/** A series that an adapter adds to. */
export interface SeriesHandle {
  readonly series: SeriesKey
  readonly buffer: SeriesBuffer
  /** Bounds by component, in the series' unit. */
  readonly hard: readonly (readonly [number, number])[]
  readonly plausible: readonly (readonly [number, number])[]
}

export class Intake {
  /** A chunk should be written at the next place where the adapter holds nothing half done. */
  full = false
  interrupted = false

  readonly options: ImportOptions
  readonly others = new OthersRecords(this)
  readonly remarks = new Remarks()
  readonly #sink: ImportSink
  readonly #chunkRows: number
  readonly #since: number
  readonly #alreadyConsumed: number
  readonly #series = new Map<string, SeriesHandle>()
  readonly #entities = new EntityQueue()
  #raw: RawRecord[] = []
  #attachments: Attachment[] = []
  #rows = 0
  #waitingBytes = 0

  #sequence = 0
  #consumedAtFlush = 0
  #read = 0
  #imported = 0
  #pending = 0
  #merged = 0
  #duplicates = 0
  #skipped = 0
  #refused = 0
  readonly #byMetric = new Map<string, number>()
  readonly #byEntity = new Map<string, number>()
  readonly #unmapped = new Map<string, number>()
  readonly #kept = new Map<string, number>()
  readonly #zones: ZoneChoice
  #firstMs = Number.POSITIVE_INFINITY
  #firstOffset = 0
  #lastMs = Number.NEGATIVE_INFINITY
  #lastOffset = 0
  #bytes = 0

  constructor(sink: ImportSink, options: ImportOptions) {
    this.options = options
    this.#sink = sink
    this.#zones = new ZoneChoice(options, this.remarks)
    this.#chunkRows = options.chunkRows ?? defaultChunkRows
    this.#since = options.sinceMs ?? Number.NEGATIVE_INFINITY
    this.#alreadyConsumed = options.alreadyConsumed ?? 0
  }

  /**
   * Announces an item of the source that holds `records` source records (0 for what is kept beside the records).
   * False when an earlier run has consumed it already: it is then passed over.
   */
  begin(records: number): boolean {
    this.#sequence += Math.max(1, records)
    if (this.#sequence <= this.#alreadyConsumed) return false
    this.#read += records
    return true
  }

  /** Counts a record whose outcome was put off when it was read (see `postpone`). */
  resume(records: number): void {
    this.#read += records
  }

  /** Takes records back whose outcome depends on what comes later in the source. */
  postpone(records: number): void {
    this.#read -= records
  }

  /** The series of a metric, source and unit of the metric. `convert` is that unit's conversion to the canonical one. */
  series(metric: Metric, key: SeriesKey, factor: number, offset: number): SeriesHandle {
    const id = `${key.metric}\0${key.unit}\0${key.source.device}\0${key.source.app}\0${key.source.deviceClass}`
    const known = this.#series.get(id)
    if (known) return known
    const bounds = boundsInUnit(metric, factor, offset)
    const handle: SeriesHandle = { series: key, buffer: new SeriesBuffer(key, bounds.hard.length), ...bounds }
    this.#series.set(id, handle)
    return handle
  }

  /**
   * Takes one observation. Returns '' when it was taken or skipped, otherwise the reason why it cannot be: the caller
   * then refuses it with its place.
   */
  add(
    handle: SeriesHandle,
    startMs: number,
    durationMs: number,
    offsetMin: number,
    value: number,
    second: number,
    extra: string,
  ): string {
    if (!(startMs >= earliestMs && startMs + durationMs < latestMs))
      return 'its time is not between 1900 and 2200'
    if (durationMs < 0) return 'it ends before it starts'
    const reason =
      this.#outOfBounds(handle, 0, value) ||
      (handle.hard.length > 1 ? this.#outOfBounds(handle, 1, second) : '')
    if (reason !== '') return reason
    if (startMs < this.#since) {
      this.#skipped++
      return ''
    }
    const isNewExtra = handle.buffer.add(startMs, durationMs, offsetMin, value, second, extra)
    if (isNewExtra) this.#wait(2 * extra.length + weightOfExtra)
    if (++this.#rows >= this.#chunkRows) this.full = true
    if (startMs < this.#firstMs) {
      this.#firstMs = startMs
      this.#firstOffset = offsetMin
    }
    const endMs = startMs + durationMs
    if (endMs > this.#lastMs) {
      this.#lastMs = endMs
      this.#lastOffset = offsetMin
    }
    return ''
  }

  /**
   * Takes an entity that `records` source records state (0: it is derived from records counted elsewhere). `id` follows
   * from the source's own identifiers (`stableEntityId`), so that importing again changes nothing. It counts as
   * imported, or as a duplicate when an import has said the same before; further records count as merged into it.
   * Returns '' or why it cannot be taken; the caller then refuses its records.
   */
  entity(type: EntityType, id: string, fields: EntityFields, records = 1, origin: EntityOrigin = {}): string {
    const { source, versionMs } = origin
    const length = this.#entities.add({
      type,
      id,
      fields,
      importId: this.options.importId,
      isRecord: records > 0,
      ...(versionMs === undefined ? {} : { versionMs }),
      ...(source && !this.options.skipUnmapped ? { sourceRecord: rawRecordId(source) } : {}),
    })
    if (length < 0) return 'it is too large to be kept as one entry'
    this.#wait(length + weightOfEntity)
    this.#merged += Math.max(0, records - 1)
    if (source) this.#keepRaw(source.type, source.where, source.startMs, () => source.text)
    return ''
  }

  /**
   * Offsets for local times: the zone that the person gave for this import, else the export's own, else the
   * one that the person set (`time-zone`) or this computer's, with a note.
   * Fails with USAGE for a name that is no zone.
   */
  zone(ofExport?: string): ZoneOffsets {
    return this.#zones.choose(ofExport)
  }

  /** The unit (UCUM) that the person stated for a metric's numbers (`--unit weight=kg`). */
  unit(metric: string): string | undefined {
    const { units } = this.options
    return units && Object.hasOwn(units, metric) ? units[metric] : undefined
  }

  /** Whether `--since` leaves out what starts here. */
  isSkipped(startMs: number | null): boolean {
    return startMs !== null && startMs < this.#since
  }

  skip(records: number): void {
    this.#skipped += records
  }

  /** A component or a copy that is part of another record's observation. */
  merge(records: number): void {
    this.#merged += records
  }

  refuse(where: string, reason: string, raw: string, code: Refusal['code'] = 'VALUE'): void {
    this.#refused++
    this.complain({ where, reason, raw, code })
  }

  /** Lists a refusal that is no source record: a member, a damaged place. */
  complain(refusal: Refusal): void {
    this.remarks.refuse(refusal)
  }

  /** Lists a member that no adapter recognises. */
  unrecognised(member: Unrecognised): void {
    this.remarks.unknown(member)
  }

  /** Refuses the records that were announced and have no outcome, because their adapter gave up. */
  abandon(): void {
    this.#refused += this.#read - settledCount(this.counts())
  }

  /** A source record without a metric. `text` is called only when it is kept; null: part of an attached file. */
  unmapped(type: string, where: string, startMs: number | null, text: (() => string) | null): void {
    if (this.isSkipped(startMs)) {
      this.#skipped++
      return
    }
    increment(this.#unmapped, type, 1)
    if (text) this.#keepRaw(type, where, startMs, text)
  }

  /** A part of the source that is no record, kept as text. */
  keep(kind: string, where: string, startMs: number | null, text: () => string): void {
    increment(this.#kept, kind, 1)
    this.#keepRaw(kind, where, startMs, text)
  }

  /** A file of the source, kept whole. */
  attach(kind: string, attachment: Attachment): void {
    increment(this.#kept, kind, 1)
    if (this.options.skipUnmapped) return
    this.#attachments.push(attachment)
    this.#wait(attachment.bytes.length)
  }

  offer(offer: ProfileOffer): void {
    this.remarks.offer(offer)
  }

  /** Counts something worth telling once: "3 values …". */
  note(text: string, count = 1): void {
    this.remarks.note(text, count)
  }

  /** Reports bytes that were taken from the input. */
  progress(bytes: number, totalBytes: number | null): void {
    this.#bytes += bytes
    this.options.onProgress?.({ bytes: this.#bytes, totalBytes, read: this.#read })
  }

  /** Writes what waits as one chunk. Call only where every record announced so far has its outcome. */
  flush(): void {
    this.full = false
    const nothing = this.#rows + this.#raw.length + this.#attachments.length + this.#entities.length === 0
    if (nothing && this.#sequence === this.#consumedAtFlush) return
    const blocks: ObservationBlock[] = []
    for (const handle of this.#series.values()) {
      if (handle.buffer.length > 0) blocks.push(...handle.buffer.drain(this.options.importId))
    }
    const consumed = Math.max(this.#sequence, this.#alreadyConsumed)
    const outcomes = this.#sink.write({
      blocks,
      raw: this.#raw,
      attachments: this.#attachments,
      operations: this.#entities.operations,
      consumed,
    })
    this.#consumedAtFlush = this.#sequence
    this.#settle(blocks, outcomes)
    this.#raw = []
    this.#attachments = []
    this.#rows = 0
    this.#waitingBytes = 0
  }

  /** What became of the records so far. Writes what waits; call where nothing more of a format comes. */
  counts(): FormatCounts {
    this.others.settle()
    this.flush()
    return {
      read: this.#read,
      imported: this.#imported,
      pending: this.#pending,
      merged: this.#merged,
      duplicates: this.#duplicates,
      skipped: this.#skipped,
      refused: this.#refused,
      byMetric: sortedRecord(this.#byMetric),
      entities: sortedRecord(this.#byEntity),
      unmapped: sortedRecord(this.#unmapped),
    }
  }

  /** Writes the rest and closes the account. */
  report(formats: Readonly<Record<string, FormatCounts>>, files: number, seconds: number): ImportReport {
    const counts = this.counts()
    const settled = settledCount(counts)
    assert(settled === this.#read, `every source record has one outcome (${settled} of ${this.#read})`)
    return {
      format: Object.keys(formats).join('+'),
      formats,
      files,
      ...counts,
      refusals: this.remarks.refusals,
      unrecognised: this.remarks.unrecognised,
      from: Number.isFinite(this.#firstMs) ? formatInstant(this.#firstMs, this.#firstOffset) : null,
      to: Number.isFinite(this.#lastMs) ? formatInstant(this.#lastMs, this.#lastOffset) : null,
      zones: this.#zones.chosen,
      seconds,
      bytes: this.#bytes,
      kept: sortedRecord(this.#kept),
      profile: this.remarks.profile,
      notes: this.remarks.notes,
      interrupted: this.interrupted,
      consumed: Math.max(this.#sequence, this.#alreadyConsumed),
    }
  }

  #outOfBounds(handle: SeriesHandle, component: number, value: number): string {
    const hard = handle.hard[component] as readonly [number, number]
    // Negated, so that NaN is refused too.
    if (!(value >= hard[0] && value <= hard[1]))
      return Number.isFinite(value) ? 'the value is impossible' : 'the value is no number'
    const plausible = handle.plausible[component] as readonly [number, number]
    if (value < plausible[0] || value > plausible[1]) {
      this.note(`${handle.series.metric}: a value outside the plausible range was kept`)
    }
    return ''
  }

  #settle(blocks: readonly ObservationBlock[], outcomes: readonly BlockOutcome[] | null): void {
    if (outcomes !== null && outcomes.length < blocks.length + this.#entities.length) {
      throw new Failure('INTERNAL', 'the sink did not tell every outcome')
    }
    for (const [index, block] of blocks.entries()) {
      const rows = block.columns.length
      const outcome = outcomes?.[index]
      if (!outcome) {
        this.#pending += rows
        continue
      }
      this.#imported += outcome.added
      this.#duplicates += rows - outcome.added
      if (outcome.added > 0) increment(this.#byMetric, block.series.metric, outcome.added)
    }
    const entities = this.#entities.settle(outcomes?.slice(blocks.length) ?? null)
    this.#imported += entities.imported
    this.#duplicates += entities.duplicates
    this.#pending += entities.pending
    for (const [type, count] of entities.byType) increment(this.#byEntity, type, count)
  }

  #keepRaw(type: string, where: string, startMs: number | null, text: () => string): void {
    if (this.options.skipUnmapped) return
    const record = { type, where, startMs, text: text() }
    this.#raw.push(record)
    this.#wait(record.text.length + weightOfRaw)
  }

  #wait(bytes: number): void {
    this.#waitingBytes += bytes
    if (this.#waitingBytes >= maxWaitingBytes) this.full = true
  }
}
