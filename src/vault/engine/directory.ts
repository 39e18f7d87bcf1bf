/**
 * The sealed directory of a collection: its series, where their segments and rollups lie, and which days of them
 * are out of date. Read once per process; other processes' writes are noticed by `Store.refresh`.
 *
 * Plaintext: `padPadme(pack(JSON))`. Days whose rollups a write made stale are noted here in the same transaction
 * (`dirty`) and recomputed by the first reader that needs them: a crash loses neither, and a bulk import touches a
 * day once.
 */
import { padPadme, unpadPadme } from '../../crypto/index.ts'
import { utf8ToBytes } from '../../foundation/index.ts'
import { type CollectionName, collectionNames } from '../../metrics/index.ts'
import type { SeriesKey } from '../../records/index.ts'
import { pack, unpack } from '../segment/pack.ts'
import { seriesText } from './fold.ts'
import { listToSeries, type SeriesList, seriesToList } from './operation-codec.ts'
import { jsonOfBytes } from './payload.ts'
import type { Store } from './store.ts'

/** A segment as the directory knows it; times in ms. */
export interface SegmentEntry {
  readonly id: number
  readonly firstMs: number
  /** Start of the last row. Segments of a series do not overlap in starts, and equal starts share a segment. */
  readonly lastMs: number
  readonly count: number
  readonly maxDurationMs: number
}

/** Inclusive range of local days (days since 1970-01-01). */
export type DayRange = readonly [from: number, to: number]
/** Row of a chunk of rollups, by chunk number (`chunkOfDay`). */
export type ChunkRows = Map<number, number>

export interface SeriesEntry {
  readonly series: SeriesKey
  components: number
  segments: SegmentEntry[]
  /** Ids of imports that ever asserted a row. */
  imports: string[]
  /** Whether the series has edits or removals (an overlay row). */
  hasOverlay: boolean
  /** Rollups: rows, stale days, and the day start they were made with. */
  rollups: ChunkRows
  dirty: DayRange[]
  dayStartMin: number
}

export interface MetricEntry {
  /** What the resolved rollups were made with; a different one makes all of them stale. */
  stamp: string
  resolved: ChunkRows
  dirty: DayRange[]
}

export interface Directory {
  readonly collection: CollectionName
  readonly series: Map<string, SeriesEntry>
  readonly metrics: Map<string, MetricEntry>
}

/** A directory of 100 million rows in 6,100 segments takes 250 kB. */
const unpackLimit = 64 * 1024 * 1024
/** More stale ranges than this are joined: recomputing a few days too many costs less than a long list. */
const maxRanges = 64

export class Directories {
  readonly #store: Store
  readonly #loaded = new Map<CollectionName, Directory>()

  constructor(store: Store) {
    this.#store = store
    store.onStale(() => this.#loaded.clear())
  }

  /** The directory of a collection; changes to it are kept by `save`. Fails with DAMAGED. */
  of(collection: CollectionName): Directory {
    let directory = this.#loaded.get(collection)
    if (directory === undefined) {
      directory = this.#load(collection)
      this.#loaded.set(collection, directory)
    }
    return directory
  }

  all(): Directory[] {
    return collectionNames.map((name) => this.of(name))
  }

  save(directory: Directory): void {
    const { collection } = directory
    const { id } = this.#store.keyring.collection(collection)
    const plaintext = padPadme(pack(utf8ToBytes(directoryToText(directory))))
    this.#store
      .sql(
        `INSERT INTO directory (collection_id, bytes) VALUES (?, ?)
         ON CONFLICT (collection_id) DO UPDATE SET bytes = excluded.bytes`,
      )
      .run(id, this.#store.seal('directory', collection, id, plaintext))
  }

  /** Forgets every directory, in memory and in the file. */
  clear(): void {
    this.#store.sql('DELETE FROM directory').run()
    this.#loaded.clear()
  }

  #load(collection: CollectionName): Directory {
    const { id } = this.#store.keyring.collection(collection)
    const row = this.#store.sql('SELECT bytes FROM directory WHERE collection_id = ?').pluck().get(id)
    if (!(row instanceof Uint8Array)) return { collection, series: new Map(), metrics: new Map() }
    const what = `the directory of ${collection}`
    const plaintext = this.#store.open('directory', collection, id, row, what)
    return textToDirectory(collection, unpack(unpadPadme(plaintext), unpackLimit))
  }
}

/** The entry of a series, made when there is none. */
export function seriesEntry(directory: Directory, series: SeriesKey, components: number): SeriesEntry {
  const text = seriesText(series)
  let entry = directory.series.get(text)
  if (entry === undefined) {
    entry = {
      series,
      components,
      segments: [],
      imports: [],
      hasOverlay: false,
      rollups: new Map(),
      dirty: [],
      dayStartMin: 0,
    }
    directory.series.set(text, entry)
  }
  return entry
}

/** The entry of a metric, made when there is none. */
export function metricEntry(directory: Directory, metric: string): MetricEntry {
  let entry = directory.metrics.get(metric)
  if (entry === undefined) {
    entry = { stamp: '', resolved: new Map(), dirty: [] }
    directory.metrics.set(metric, entry)
  }
  return entry
}

/** The ranges with one more, sorted, touching ones joined. */
export function addRange(ranges: readonly DayRange[], added: DayRange): DayRange[] {
  let [from, to] = added
  const joined: DayRange[] = []
  for (const range of ranges) {
    if (range[1] < from - 1 || range[0] > to + 1) joined.push(range)
    else {
      from = Math.min(from, range[0])
      to = Math.max(to, range[1])
    }
  }
  joined.push([from, to])
  joined.sort((a, b) => a[0] - b[0])
  return joined.length <= maxRanges ? joined : [[(joined[0] as DayRange)[0], (joined.at(-1) as DayRange)[1]]]
}

/** Number of rows of a series. */
export function countOf(entry: SeriesEntry): number {
  let count = 0
  for (const segment of entry.segments) count += segment.count
  return count
}

type SegmentList = readonly [
  id: number,
  firstMs: number,
  lastMs: number,
  count: number,
  maxDurationMs: number,
]

interface DirectoryJson {
  readonly series: readonly {
    readonly s: SeriesList
    readonly c: number
    readonly g: readonly SegmentList[]
    readonly i: readonly string[]
    readonly o: boolean
    readonly r: readonly (readonly [number, number])[]
    readonly d: readonly DayRange[]
    readonly t: number
  }[]
  readonly metrics: readonly {
    readonly m: string
    readonly s: string
    readonly r: readonly (readonly [number, number])[]
    readonly d: readonly DayRange[]
  }[]
}

function directoryToText(directory: Directory): string {
  const json: DirectoryJson = {
    series: [...directory.series.values()].map((entry) => ({
      s: seriesToList(entry.series),
      c: entry.components,
      g: entry.segments.map((segment) => [
        segment.id,
        segment.firstMs,
        segment.lastMs,
        segment.count,
        segment.maxDurationMs,
      ]),
      i: entry.imports,
      o: entry.hasOverlay,
      r: [...entry.rollups],
      d: entry.dirty,
      t: entry.dayStartMin,
    })),
    metrics: [...directory.metrics].map(([metric, entry]) => ({
      m: metric,
      s: entry.stamp,
      r: [...entry.resolved],
      d: entry.dirty,
    })),
  }
  return JSON.stringify(json)
}

function textToDirectory(collection: CollectionName, text: Uint8Array): Directory {
  // Authenticated and written by this program: its shape is trusted.
  const json = jsonOfBytes(text) as DirectoryJson
  const series = new Map<string, SeriesEntry>()
  for (const row of json.series) {
    const key = listToSeries(row.s)
    series.set(seriesText(key), {
      series: key,
      components: row.c,
      segments: row.g.map(([id, firstMs, lastMs, count, maxDurationMs]) => ({
        id,
        firstMs,
        lastMs,
        count,
        maxDurationMs,
      })),
      imports: [...row.i],
      hasOverlay: row.o,
      rollups: new Map(row.r),
      dirty: [...row.d],
      dayStartMin: row.t,
    })
  }
  const metrics = new Map<string, MetricEntry>()
  for (const row of json.metrics) {
    metrics.set(row.m, { stamp: row.s, resolved: new Map(row.r), dirty: [...row.d] })
  }
  return { collection, series, metrics }
}
