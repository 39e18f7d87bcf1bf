/** Reading the segments of one series. */
import type { CollectionName } from '../../metrics/index.ts'
import { concatColumns, type ObservationColumns, type Period, sliceColumns } from '../../records/index.ts'
import { decodeColumns } from '../segment/codec.ts'
import { lowerBound } from './columns.ts'
import type { SeriesEntry } from './directory.ts'
import type { Engine } from './engine.ts'

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
    if (period !== undefined && (segment.lastMs < period.fromMs || segment.firstMs >= period.toMs)) continue
    const columns = decodeColumns(engine.segments.read(collection, segment.id, entry.series))
    const part = period === undefined ? columns : clip(columns, period)
    if (part.length === 0) continue
    if (visit === undefined) parts.push(part)
    else visit(part)
  }
  return concatColumns(parts, entry.components)
}

function clip(columns: ObservationColumns, period: Period): ObservationColumns {
  const from = lowerBound(columns.startMs, period.fromMs, 0)
  const to = lowerBound(columns.startMs, period.toMs, from)
  return sliceColumns(columns, from, to)
}
