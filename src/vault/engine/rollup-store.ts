/**
 * Daily rollups in the file, per series and, resolved by the overlap rule, per metric: in chunks of 512 days, so
 * that a question about years reads a few rows and a write rewrites one.
 *
 * A row is pack(components u8, then each rollup length-prefixed): a day with one value repeats it in many columns.
 *
 * Stale days are noted in the directory by the writes that make them stale, and recomputed here by the first
 * reader. Resolved rollups carry a stamp of what they were made with (priority, day start, rule version); another
 * stamp makes all of them stale.
 */
import { ByteReader, ByteWriter } from '../../foundation/index.ts'
import type { Affine, Combine } from '../../metrics/index.ts'
import { type CollectionName, conversion, metricById } from '../../metrics/index.ts'
import { decodeColumns } from '../segment/codec.ts'
import type { SeriesRollup } from '../segment/day-table.ts'
import { pack, unpack } from '../segment/pack.ts'
import { overlapRuleVersion } from '../segment/resolve.ts'
import { isReachingOver, type RangePart, resolveRange } from '../segment/resolve-range.ts'
import { decodeRollup, encodeRollup, mergeRollups, rollupColumns, rollupEncoded } from '../segment/rollup.ts'
import { concatRollups, daysWithin } from '../segment/rollup-columns.ts'
import { type ChunkRows, type DayRange, type Directory, metricEntry, type SeriesEntry } from './directory.ts'
import type { Engine } from './engine.ts'
import { clip, overlap, SeriesWindows } from './series-reader.ts'
import { rowPlace, type SealedTable } from './store.ts'

/** What the person set that rollups depend on. */
export interface RollupSettings {
  readonly dayStartMin: number
  /** Sources, first wins; empty: by device class. */
  readonly priority: readonly string[]
}

/** How a metric's days are made; metrics that this catalogue does not know are means in their own unit. */
export interface MetricRule {
  readonly combine: Combine
  readonly components: number
  readonly unit: string
  readonly conversionFrom: (unit: string) => Affine
}

const chunkDays = 512
/** A chunk has 512 days of at most 16 components: 1.2 MB. */
const unpackLimit = 8 * 1024 * 1024
const identity: Affine = { factor: 1, offset: 0 }
const dayMs = 86_400_000
/** Local days begin at most so far from the UTC day, whatever offset and day start. */
const reachMs = 2 * dayMs

export function metricRule(directory: Directory, metric: string): MetricRule {
  const known = metricById(metric)
  if (known !== undefined) {
    return {
      combine: known.combine,
      components: Math.max(1, known.components.length),
      unit: known.unit,
      conversionFrom: (unit) => conversion(metric, unit),
    }
  }
  const entry = [...directory.series.values()].find(({ series }) => series.metric === metric)
  return {
    combine: 'mean',
    components: entry?.components ?? 1,
    unit: entry?.series.unit ?? '1',
    conversionFrom: () => identity,
  }
}

export class RollupStore {
  readonly #engine: Engine
  readonly #resolved = new Map<string, readonly SeriesRollup[]>()

  constructor(engine: Engine) {
    this.#engine = engine
    engine.store.onStale(() => this.#resolved.clear())
  }

  /** Rollups of a metric after the overlap rule, all days, one per component; made fresh where stale. */
  resolved(collection: CollectionName, metric: string, settings: RollupSettings): readonly SeriesRollup[] {
    const { store } = this.#engine
    const kept = store.read(() => this.#readResolved(collection, metric, settings))
    if (kept !== undefined) return kept
    // Read inside the transaction that settles: another process may make days stale right after it.
    return store.write(() => {
      this.#settle(collection, metric, settings)
      return this.#readResolved(collection, metric, settings) ?? []
    })
  }

  /** What the file holds; undefined while any of it is stale. */
  #readResolved(
    collection: CollectionName,
    metric: string,
    settings: RollupSettings,
  ): readonly SeriesRollup[] | undefined {
    const entry = this.#engine.directories.of(collection).metrics.get(metric)
    if (entry === undefined) return []
    const series = seriesOf(this.#engine.directories.of(collection), metric)
    if (entry.stamp !== stampOf(settings, series) || entry.dirty.length > 0) return undefined
    const key = `${collection}/${metric}`
    const [first, ...others] = series
    const isLone = first !== undefined && others.length === 0
    const rollups =
      this.#resolved.get(key) ??
      (isLone
        ? this.#readChunks('rollup', collection, first.rollups)
        : this.#readChunks('resolved', collection, entry.resolved))
    this.#resolved.set(key, rollups)
    return rollups
  }

  /** Brings all rollups up to date. */
  settleAll(settings: RollupSettings): void {
    for (const directory of this.#engine.directories.all()) {
      for (const [metric, entry] of directory.metrics) {
        if (entry.dirty.length > 0 || entry.stamp !== stampOf(settings, seriesOf(directory, metric))) {
          this.#settle(directory.collection, metric, settings)
        }
      }
    }
  }

  clear(): void {
    this.#engine.store.sql('DELETE FROM rollup').run()
    this.#engine.store.sql('DELETE FROM resolved').run()
    this.#resolved.clear()
  }

  /** Recomputes stale days of a metric's series, then of the metric, in one transaction. */
  #settle(collection: CollectionName, metric: string, settings: RollupSettings): void {
    this.#engine.store.write(() => {
      const directory = this.#engine.directories.of(collection)
      const entry = metricEntry(directory, metric)
      const rule = metricRule(directory, metric)
      const series = seriesOf(directory, metric)
      if (isOfOtherRule(entry.stamp)) {
        for (const one of series) one.dirty = wholeRange([one])
      }
      for (const one of series) this.#settleSeries(directory, one, rule, settings)
      const stamp = stampOf(settings, series)
      const isNew = entry.stamp !== stamp
      if (isNew) this.#removeChunks('resolved', entry.resolved)
      const dirty = isNew ? wholeRange(series) : entry.dirty
      if (series.length > 1) this.#settleResolved(directory, metric, dirty, settings)
      entry.stamp = stamp
      entry.dirty = []
      this.#engine.directories.save(directory)
      this.#resolved.delete(`${collection}/${metric}`)
    })
  }

  #settleSeries(directory: Directory, entry: SeriesEntry, rule: MetricRule, settings: RollupSettings): void {
    const { collection } = directory
    if (entry.dayStartMin !== settings.dayStartMin) {
      this.#removeChunks('rollup', entry.rollups)
      entry.dayStartMin = settings.dayStartMin
      entry.dirty = wholeRange([entry])
    }
    for (const range of entry.dirty) {
      const fresh = this.#rollUp(collection, entry, rule, range, settings)
      this.#replaceDays('rollup', collection, entry.rollups, range, fresh)
    }
    entry.dirty = []
  }

  /** Rollups of a metric's series from their rows, nothing read from or kept in the file: for checks. */
  fromRows(
    directory: Directory,
    metric: string,
    settings: RollupSettings,
  ): ReadonlyMap<string, SeriesRollup[]> {
    const rule = metricRule(directory, metric)
    const entries = [...directory.series].filter(([, entry]) => entry.series.metric === metric)
    return new Map(
      entries.map(([text, entry]) => {
        const parts = wholeRange([entry]).map((range) =>
          this.#rollUp(directory.collection, entry, rule, range, settings),
        )
        return [text, parts.flat()]
      }),
    )
  }

  /** Rollups of a range of days from the rows, bounded in memory by segments. */
  #rollUp(
    collection: CollectionName,
    entry: SeriesEntry,
    rule: MetricRule,
    range: DayRange,
    settings: RollupSettings,
  ): SeriesRollup[] {
    const { combine, components } = rule
    const { dayStartMin } = settings
    const conversionOf = rule.conversionFrom(entry.series.unit)
    const parts: SeriesRollup[][] = Array.from({ length: components }, () => [])
    const [fromMs, toMs] = readWindow(entry, range)
    for (const segment of entry.segments) {
      const covered = overlap(segment, { fromMs, toMs })
      if (covered === 'none') continue
      const encoded = this.#engine.segments.read(collection, segment.id, entry.series)
      const clipped = covered === 'part' ? clip(decodeColumns(encoded), { fromMs, toMs }) : undefined
      parts.forEach((list, component) => {
        const options = { component, combine, conversion: conversionOf, dayStartMin }
        list.push(clipped === undefined ? rollupEncoded(encoded, options) : rollupColumns(clipped, options))
      })
    }
    return parts.map((list) => daysWithin(mergeRollups(list), ...range))
  }

  #settleResolved(
    directory: Directory,
    metric: string,
    dirty: readonly DayRange[],
    settings: RollupSettings,
  ): void {
    const { collection } = directory
    const rule = metricRule(directory, metric)
    const entry = metricEntry(directory, metric)
    const parts = seriesOf(directory, metric).map((one): RangePart => {
      const components = this.#readChunks('rollup', collection, one.rollups)
      const windows = new SeriesWindows(this.#engine, collection, one)
      return {
        series: one.series,
        conversion: rule.conversionFrom(one.series.unit),
        rollups: components,
        read: (fromMs, toMs) => windows.read(fromMs, toMs),
      }
    })
    const { components, combine } = rule
    const overlap = { combine, components, ...settings }
    // What takes time of the days beside it makes these contested anew as well.
    const margin = isReachingOver(overlap) ? 1 : 0
    for (const [from, to] of dirty) {
      const range: DayRange = [from - margin, to + margin]
      const fresh = resolveRange(parts, range[0], range[1], overlap)
      this.#replaceDays('resolved', collection, entry.resolved, range, fresh)
    }
  }

  /** Puts the rollups of a range of days in the place of what the chunks hold of it. */
  #replaceDays(
    table: SealedTable & ('rollup' | 'resolved'),
    collection: CollectionName,
    chunks: ChunkRows,
    range: DayRange,
    fresh: readonly SeriesRollup[],
  ): void {
    const touched = new Set([...chunks.keys()].filter((chunk) => isTouching(chunk, range)))
    for (const day of fresh[0]?.day ?? []) touched.add(chunkOf(day))
    for (const chunk of touched) {
      const id = chunks.get(chunk)
      const before = id === undefined ? [] : this.#read(table, collection, id)
      const whole: DayRange = [chunk * chunkDays, (chunk + 1) * chunkDays - 1]
      const components = fresh.map((rollup, component) => {
        const kept = before[component]
        return spliceDays(kept, range, daysWithin(rollup, ...whole))
      })
      if (id !== undefined) this.#engine.store.sql(`DELETE FROM ${table} WHERE id = ?`).run(id)
      chunks.delete(chunk)
      if ((components[0]?.length ?? 0) > 0) chunks.set(chunk, this.#insert(table, collection, components))
    }
  }

  #readChunks(
    table: SealedTable & ('rollup' | 'resolved'),
    collection: CollectionName,
    chunks: ChunkRows,
  ): SeriesRollup[] {
    const ordered = [...chunks].sort(([a], [b]) => a - b)
    const parts = ordered.map(([, id]) => this.#read(table, collection, id))
    const components = parts[0]?.length ?? 0
    return Array.from({ length: components }, (_, component) => {
      const list = parts.flatMap((part) => part[component] ?? [])
      return concatRollups(list)
    })
  }

  #read(table: 'rollup' | 'resolved', collection: CollectionName, id: number): SeriesRollup[] {
    const { store } = this.#engine
    const what = `${table === 'rollup' ? 'daily rollups' : 'resolved rollups'} ${id} of ${collection}`
    const row = store.sql(`SELECT bytes FROM ${table} WHERE id = ?`).pluck().get(id)
    const bytes = row instanceof Uint8Array ? row : new Uint8Array(0)
    const plaintext = store.open(table, collection, rowPlace(id), bytes, what)
    const reader = new ByteReader(unpack(plaintext, unpackLimit), what)
    const rollups: SeriesRollup[] = []
    for (let count = reader.u8(); count > 0; count--) rollups.push(decodeRollup(reader.lengthPrefixed()))
    reader.end()
    return rollups
  }

  #insert(
    table: 'rollup' | 'resolved',
    collection: CollectionName,
    rollups: readonly SeriesRollup[],
  ): number {
    const { store } = this.#engine
    const writer = new ByteWriter(4096).u8(rollups.length)
    for (const rollup of rollups) writer.lengthPrefixed(encodeRollup(rollup))
    const id = store.newRowId()
    const sealed = store.seal(table, collection, rowPlace(id), pack(writer.finish()))
    store
      .sql(`INSERT INTO ${table} (id, collection_id, bytes) VALUES (?, ?, ?)`)
      .run(id, store.keyring.collection(collection).id, sealed)
    return id
  }

  #removeChunks(table: 'rollup' | 'resolved', chunks: ChunkRows): void {
    for (const id of chunks.values()) this.#engine.store.sql(`DELETE FROM ${table} WHERE id = ?`).run(id)
    chunks.clear()
  }
}

/**
 * What resolved rollups depend on besides the observations. A metric with one series has none of its own: its days
 * are that series', whatever the priority.
 */
function stampOf(settings: RollupSettings, series: readonly SeriesEntry[]): string {
  const order = series.length > 1 ? settings.priority : 'alone'
  return JSON.stringify([overlapRuleVersion, settings.dayStartMin, order])
}

/** Whether days were made by another version of the rule; none were made yet under an empty stamp. */
function isOfOtherRule(stamp: string): boolean {
  return stamp !== '' && (JSON.parse(stamp) as readonly [number])[0] !== overlapRuleVersion
}

function seriesOf(directory: Directory, metric: string): SeriesEntry[] {
  return [...directory.series.values()].filter(({ series }) => series.metric === metric)
}

function chunkOf(day: number): number {
  return Math.floor(day / chunkDays)
}

function isTouching(chunk: number, range: DayRange): boolean {
  return chunk >= chunkOf(range[0]) && chunk <= chunkOf(range[1])
}

/** All days that the rows of some series may belong to. */
function wholeRange(entries: readonly SeriesEntry[]): DayRange[] {
  const segments = entries.flatMap((entry) => entry.segments)
  if (segments.length === 0) return []
  const first = Math.min(...segments.map(({ firstMs }) => firstMs))
  const last = Math.max(...segments.map(({ lastMs, maxDurationMs }) => lastMs + maxDurationMs))
  return [[Math.floor((first - reachMs) / dayMs), Math.ceil((last + reachMs) / dayMs)]]
}

/** Instants that rows of a range of days may start at. */
function readWindow(entry: SeriesEntry, range: DayRange): readonly [number, number] {
  const longest = entry.segments.reduce((max, { maxDurationMs }) => Math.max(max, maxDurationMs), 0)
  return [range[0] * dayMs - reachMs - longest, (range[1] + 1) * dayMs + reachMs]
}

/** The days of a rollup outside a range, with fresh days in their place. */
function spliceDays(kept: SeriesRollup | undefined, [from, to]: DayRange, fresh: SeriesRollup): SeriesRollup {
  if (kept === undefined) return fresh
  const before = daysWithin(kept, Number.NEGATIVE_INFINITY, from - 1)
  const after = daysWithin(kept, to + 1, Number.POSITIVE_INFINITY)
  return concatRollups([before, fresh, after])
}
