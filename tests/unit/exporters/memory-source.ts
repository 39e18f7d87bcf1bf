/** A `RecordSource` over arrays, as small and as literal as its contract allows. */

import type { ExportFile, ExportSink } from '../../../src/exporters/index.ts'
import { conversion, metricById } from '../../../src/metrics/index.ts'
import {
  type Attachment,
  ColumnsBuilder,
  type Entity,
  type EntityType,
  type Extra,
  type Observation,
  observationAt,
  type RawRecord,
  type RecordSource,
  type SeriesColumns,
  type SeriesKey,
  type Source,
} from '../../../src/records/index.ts'

export interface TestRow {
  readonly startMs: number
  readonly values: readonly number[]
  readonly durationMs?: number
  readonly offsetMin?: number
  readonly flags?: number
  readonly extra?: Extra
  readonly imports?: readonly string[]
}

export const typedByHand: Source = { device: '', app: 'manual', deviceClass: 'manual' }

export function seriesOf(series: SeriesKey, rows: readonly TestRow[]): SeriesColumns {
  const builder = new ColumnsBuilder(rows[0]?.values.length ?? 1)
  for (const row of rows) builder.append({ durationMs: 0, offsetMin: 0, flags: 0, imports: [], ...row })
  return { series, columns: builder.finish() }
}

export interface TestRecord {
  readonly parts: readonly SeriesColumns[]
  readonly entities?: readonly Entity[]
  readonly raw?: readonly RawRecord[]
  readonly attachments?: readonly Attachment[]
}

export interface CountingSource extends RecordSource {
  /** How often `scan` ran. */
  readonly scans: () => number
}

export function memorySource(record: TestRecord): CountingSource {
  const { parts, entities = [], raw = [], attachments = [] } = record
  let scans = 0
  const observations = (): Observation[] =>
    parts.flatMap((part) =>
      Array.from({ length: part.columns.length }, (_, row) => testObservation(part, row)),
    )
  return {
    scans: () => scans,
    series: (metric) =>
      parts
        .filter(({ series }) => metric === undefined || series.metric === metric)
        .map(({ series, columns }) => ({
          series,
          count: columns.length,
          firstMs: columns.startMs[0] ?? 0,
          lastMs: columns.startMs[columns.length - 1] ?? 0,
        })),
    read: () => parts,
    // Whole parts that touch the period: the caller clips.
    scan(query, visit) {
      scans++
      for (const part of parts)
        if (query.metric === undefined || part.series.metric === query.metric) visit(part)
    },
    latest: (_, limit) => observations().slice(0, limit),
    find: (id) => observations().find((observation) => observation.id === id),
    resolvedDays: (metric) => ({ metric, unit: '1', components: [] }),
    entities: (type) => entities.filter((entity) => entity.type === type),
    entity: (type, id) => entities.find((entity) => entity.type === type && entity.id === id),
    rawRecords: (visit) => raw.forEach(visit),
    attachment: (id) => attachments.find((attachment) => attachment.id === id),
  }
}

export function testObservation(part: SeriesColumns, row: number): Observation {
  const metric = metricById(part.series.metric)
  const unit = metric?.unit ?? part.series.unit
  const affine = metric === undefined ? { factor: 1, offset: 0 } : conversion(metric.id, part.series.unit)
  return observationAt(part, row, { unit, conversion: affine })
}

export function entityOf(type: EntityType, id: string, fields: Entity['fields']): Entity {
  return { type, id, fields, createdMs: 1_767_323_045_000, updatedMs: 1_767_323_046_000 }
}

export interface MemorySink extends ExportSink {
  readonly files: ReadonlyMap<string, Buffer>
  text(name: string): string
  lines(name: string): Record<string, unknown>[]
  readonly aborted: readonly string[]
}

/** Keeps closed files; two open at once break the contract. */
export function memorySink(): MemorySink {
  const files = new Map<string, Buffer>()
  const aborted: string[] = []
  let openFile: string | undefined
  const bytesOf = (name: string): Buffer => {
    const bytes = files.get(name)
    if (bytes === undefined) throw new Error(`no file ${name}; there are ${[...files.keys()].join(', ')}`)
    return bytes
  }
  return {
    files,
    aborted,
    text: (name) => bytesOf(name).toString('utf8'),
    lines: (name) =>
      bytesOf(name)
        .toString('utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    open(name): ExportFile {
      if (openFile !== undefined) throw new Error(`${openFile} is still open`)
      if (files.has(name)) throw new Error(`${name} is written twice`)
      openFile = name
      const pieces: Uint8Array[] = []
      return {
        async write(bytes) {
          await Promise.resolve()
          pieces.push(bytes.slice())
        },
        close() {
          openFile = undefined
          files.set(name, Buffer.concat(pieces))
        },
        abort() {
          openFile = undefined
          aborted.push(name)
        },
      }
    },
  }
}
