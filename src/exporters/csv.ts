/**
 * `export csv`: measurements as RFC 4180 tables (docs/formats/csv.md), one row per number.
 *
 * Numbers are written with the fewest digits that read back as the same double, times as ISO 8601 with offset.
 */
import { stringify } from 'csv-stringify/sync'
import { formatInstant } from '../foundation/index.ts'
import { type Metric, metricById } from '../metrics/index.ts'
import type { Observation } from '../records/index.ts'
import { csvList, csvText } from './csv-text.ts'
import { flagNames } from './flag-names.ts'
import { numberText } from './number-text.ts'
import { observationBatches } from './observation-batches.ts'
import type { ExportOptions, ExportRequest, ExportResult } from './ports.ts'
import { selectedEntityTypes, selectedMetrics, selectionOf } from './selection.ts'
import { ExportSession, type FileWriter } from './session.ts'

export interface CsvOptions extends ExportOptions {
  /** `one`: a single table; `per-metric`: a table for every metric. */
  readonly tables?: 'one' | 'per-metric'
  /** Name of the single table; `measurements.csv` when absent. */
  readonly fileName?: string
}

export const csvColumns = [
  'id',
  'metric',
  'loinc',
  'component',
  'start',
  'end',
  'offset',
  'value',
  'unit',
  'original_value',
  'original_unit',
  'source_app',
  'source_device',
  'note',
  'tags',
  'context',
  'zone',
  'flags',
  'imports',
] as const

export const csvMediaType = 'text/csv; charset=utf-8'

/** Writes the measurements; edited entries, files and raw records are no table and are counted in a note. */
export async function exportCsv(request: ExportRequest<CsvOptions>): Promise<ExportResult> {
  const session = new ExportSession(request)
  const selection = selectionOf(request.options)
  const chosen = selectedMetrics(request.source, selection)
  for (const { count } of chosen) session.expect(count)
  let observations = 0
  if (request.options.tables === 'per-metric') {
    for (const { id } of chosen) observations += await writeMetricCsv(session, `${id}.csv`, [id])
  } else {
    const name = request.options.fileName ?? 'measurements.csv'
    const ids = chosen.map(({ id }) => id)
    observations = await writeMetricCsv(session, name, ids)
  }
  noteWhatIsNoTable(session)
  return {
    files: session.files,
    records: { observations, entities: 0, raw: 0, attachments: 0 },
    notes: session.notes,
  }
}

/** One table of the metrics in that order; answers how many observations it holds. */
export async function writeMetricCsv(
  session: ExportSession,
  name: string,
  metricIds: readonly string[],
): Promise<number> {
  let observations = 0
  await session.file(name, csvMediaType, async (writer) => {
    let rows = 0
    writer.push(csvOf([csvColumns]))
    for (const metricId of metricIds) {
      for (const batch of observationBatches(session.source, metricId, session.period)) {
        rows += await writeRows(writer, batch, metricById(metricId))
        observations += batch.length
        session.advance(batch.length, name)
      }
    }
    return rows
  })
  return observations
}

/** Rows turned into text at once: large enough to be fast, small enough to be nothing. */
const rowsAtOnce = 1024

async function writeRows(
  writer: FileWriter,
  batch: readonly Observation[],
  metric: Metric | undefined,
): Promise<number> {
  let written = 0
  let rows: (readonly string[])[] = []
  for (const observation of batch) {
    for (const row of csvRows(observation, metric)) rows.push(row)
    if (rows.length < rowsAtOnce) continue
    await writer.write(csvOf(rows))
    written += rows.length
    rows = []
  }
  await writer.write(csvOf(rows))
  return written + rows.length
}

function csvOf(rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : stringify(rows as string[][], { record_delimiter: '\r\n' })
}

/** One row per component, in the order of `csvColumns`. */
function csvRows(observation: Observation, metric: Metric | undefined): readonly (readonly string[])[] {
  const { extra, original, offsetMin, source } = observation
  const single = observation.values.length === 1
  const start = formatInstant(observation.startMs, offsetMin)
  const end = observation.endMs === observation.startMs ? start : formatInstant(observation.endMs, offsetMin)
  const after = [
    csvText(source.app),
    csvText(source.device),
    csvText(extra.note ?? ''),
    csvList(extra.tags ?? []),
    csvText(extra.context ?? ''),
    csvText(extra.zone ?? ''),
    flagNames(observation.flags).join(';'),
    csvList(observation.imports),
  ]
  return observation.values.map((value, index) => {
    const component = metric?.components[index]
    const originalValue = original?.values[index]
    return [
      observation.id,
      observation.metric,
      (component === undefined ? metric?.loinc : component.loinc) ?? '',
      component?.id ?? (single ? '' : String(index + 1)),
      start,
      end,
      String(offsetMin),
      numberText(value),
      csvText(observation.unit),
      originalValue === undefined ? '' : numberText(originalValue),
      originalValue === undefined ? '' : csvText(original?.unit ?? ''),
      ...after,
    ]
  })
}

function noteWhatIsNoTable(session: ExportSession<CsvOptions>): void {
  const types = selectedEntityTypes(selectionOf(session.options))
  const entities = types.reduce((sum, type) => sum + session.source.entities(type).length, 0)
  if (entities > 0) {
    session.note(
      `A table holds measurements only: ${entities} other entries (profile, goals, notes, files, imports…) leave with "export ndjson" or "export gdpr".`,
    )
  }
}
