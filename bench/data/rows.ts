/** Rows of one series as a block of columns. */
import type { ObservationBlock, ObservationColumns, SeriesKey } from '../../src/records/index.ts'

/** Local offset of all samples, minutes: one, so that SQL can group by local days too. */
export const offsetMin = 60

export interface Row {
  readonly startMs: number
  readonly durationMs: number
  readonly value: number
}

/** The import that asserts all samples of the bench. */
export const importId = 'bench-import'

export function toBlock(series: SeriesKey, rows: readonly Row[]): ObservationBlock {
  const { length } = rows
  const startMs = new Float64Array(length)
  const durationMs = new Float64Array(length)
  const values = new Float64Array(length)
  for (const [at, row] of rows.entries()) {
    startMs[at] = row.startMs
    durationMs[at] = row.durationMs
    values[at] = row.value
  }
  const columns: ObservationColumns = {
    length,
    startMs,
    durationMs,
    offsetMin: new Int16Array(length).fill(offsetMin),
    values: [values],
    flags: new Uint8Array(length),
    extraIndex: new Uint32Array(length),
    extraTable: [],
    assertionIndex: new Uint32Array(length),
    assertionTable: [[importId]],
  }
  return { series, columns }
}
