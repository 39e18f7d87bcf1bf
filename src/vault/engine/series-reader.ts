/** Reading the segments of one series. */
import type { CollectionName } from '../../metrics/index.ts'
import { concatColumns, type ObservationColumns, type Period, sliceColumns } from '../../records/index.ts'
import { decodeColumns } from '../segment/codec.ts'
import { lowerBound } from './columns.ts'
import type { SegmentEntry, SeriesEntry } from './directory.ts'
import type { Engine } from './engine.ts'

/** Whether a segment has rows with a start in the period, and whether all of its rows are. */
export function overlap(segment: SegmentEntry, period: Period | undefined): 'none' | 'part' | 'whole' {
  if (period === undefined) return 'whole'
  if (segment.lastMs < period.fromMs || segment.firstMs >= period.toMs) return 'none'
  return segment.firstMs >= period.fromMs && segment.lastMs < period.toMs ? 'whole' : 'part'
}

/** Rows with a start in the period (all when undefined), in order; part by part when `visit` is given. */
export function readSeries(
  engine: Engine,
  collection: CollectionName,
  entry: SeriesEntry,
  period: Period | undefined,
  visit?: (columns: ObservationColumns) => void,
): ObservationColumns {
  const parts: ObservationColumns[] = []
  for (const segment of entry.segments) {
    const covered = overlap(segment, period)
    if (covered === 'none') continue
    const columns = decodeColumns(engine.segments.read(collection, segment.id, entry.series))
    const part = period === undefined || covered === 'whole' ? columns : clip(columns, period)
    if (part.length === 0) continue
    if (visit === undefined) parts.push(part)
    else visit(part)
  }
  return concatColumns(parts, entry.components)
}

/** Rows of sorted columns with a start in the period. */
export function clip(columns: ObservationColumns, period: Period): ObservationColumns {
  const from = lowerBound(columns.startMs, period.fromMs, 0)
  const to = lowerBound(columns.startMs, period.toMs, from)
  return sliceColumns(columns, from, to)
}

/** Segments that stay decoded: a window of some weeks touches one or two. */
const keptSegments = 3

/** Reads one series window by window: neighbouring windows share segments, which are decoded once. */
export class SeriesWindows {
  readonly #engine: Engine
  readonly #collection: CollectionName
  readonly #entry: SeriesEntry
  /** By segment id, least recently used first. */
  readonly #decoded = new Map<number, ObservationColumns>()

  constructor(engine: Engine, collection: CollectionName, entry: SeriesEntry) {
    this.#engine = engine
    this.#collection = collection
    this.#entry = entry
  }

  /** Rows with a start in [fromMs, toMs), in order. */
  read(fromMs: number, toMs: number): ObservationColumns {
    const period = { fromMs, toMs }
    const parts: ObservationColumns[] = []
    for (const segment of this.#entry.segments) {
      if (overlap(segment, period) !== 'none') parts.push(clip(this.#segment(segment.id), period))
    }
    return concatColumns(parts, this.#entry.components)
  }

  #segment(id: number): ObservationColumns {
    const known = this.#decoded.get(id)
    const columns =
      known ?? decodeColumns(this.#engine.segments.read(this.#collection, id, this.#entry.series))
    this.#decoded.delete(id)
    this.#decoded.set(id, columns)
    for (const oldest of this.#decoded.keys()) {
      if (this.#decoded.size <= keptSegments) break
      this.#decoded.delete(oldest)
    }
    return columns
  }
}
