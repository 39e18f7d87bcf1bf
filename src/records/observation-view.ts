/** Rows of columns as `Observation`s: values in the canonical unit, originals beside them where they differ. */
import type { Affine } from '../metrics/index.ts'
import { rowExtra } from './extra.ts'
import { observationId, refOf } from './identity.ts'
import type { Observation, SeriesColumns } from './observation.ts'

/** How the numbers of a series become canonical. */
export interface CanonicalUnit {
  /** Canonical UCUM unit of the metric. */
  readonly unit: string
  /** From the series' unit to `unit`. */
  readonly conversion: Affine
}

/** One row as people and scripts see it. */
export function observationAt(part: SeriesColumns, row: number, canonical: CanonicalUnit): Observation {
  const { series, columns } = part
  const extra = rowExtra(columns, row)
  const { factor, offset } = canonical.conversion
  const values = columns.values.map((column) => column[row] as number)
  const startMs = columns.startMs[row] as number
  const differs = series.unit !== canonical.unit || extra.original !== undefined
  return {
    id: observationId(refOf(part, row)),
    metric: series.metric,
    startMs,
    endMs: startMs + (columns.durationMs[row] as number),
    offsetMin: columns.offsetMin[row] as number,
    values: factor === 1 && offset === 0 ? values : values.map((value) => factor * value + offset),
    unit: canonical.unit,
    original: differs ? { values: extra.original ?? values, unit: series.unit } : null,
    source: series.source,
    flags: columns.flags[row] as number,
    extra,
    imports: columns.assertionTable[columns.assertionIndex[row] as number] ?? [],
  }
}

/** All rows, in order. For lists that people read; analysis works on the columns. */
export function columnsToObservations(part: SeriesColumns, canonical: CanonicalUnit): Observation[] {
  return Array.from({ length: part.columns.length }, (_, row) => observationAt(part, row, canonical))
}
