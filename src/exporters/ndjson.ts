/** `export ndjson`: everything the vault holds, one JSON object a line, lossless (docs/formats/ndjson.md). */
import { metricById } from '../metrics/index.ts'
import type { EntityType } from '../records/index.ts'
import {
  attachmentLine,
  endLine,
  entityLine,
  headerLine,
  ndjsonMediaType,
  observationLine,
  rawLine,
} from './ndjson-lines.ts'
import { observationBatches } from './observation-batches.ts'
import type { ExportedRecords, ExportOptions, ExportRequest, ExportResult } from './ports.ts'
import { rawBatches } from './raw-batches.ts'
import { selectedEntityTypes, selectedMetrics, selectionOf } from './selection.ts'
import { ExportSession, type FileWriter } from './session.ts'

export interface NdjsonOptions extends ExportOptions {
  /** `healthmate.ndjson` when absent. */
  readonly fileName?: string
}

export async function exportNdjson(request: ExportRequest<NdjsonOptions>): Promise<ExportResult> {
  const session = new ExportSession(request)
  const selection = selectionOf(request.options)
  const chosen = selectedMetrics(request.source, selection)
  for (const { count } of chosen) session.expect(count)
  const records = { observations: 0, entities: 0, raw: 0, attachments: 0 }
  await session.file(request.options.fileName ?? 'healthmate.ndjson', ndjsonMediaType, async (writer) => {
    writer.push(headerLine(request.options))
    for (const { id } of chosen) records.observations += await writeObservationLines(session, writer, id)
    for (const type of selectedEntityTypes(selection)) {
      records.entities += await writeEntityLines(session, writer, type)
    }
    if (selection.hasRawRecords) records.raw = await writeRawLines(session, writer)
    if (selection.hasEntityType('attachment'))
      records.attachments = await writeAttachmentLines(session, writer)
    await writer.write(endLine(records))
    return totalOf(records)
  })
  return { files: session.files, records, notes: session.notes }
}

export function totalOf(records: ExportedRecords): number {
  return records.observations + records.entities + records.raw + records.attachments
}

export async function writeObservationLines(
  session: ExportSession,
  writer: FileWriter,
  metricId: string,
): Promise<number> {
  const metric = metricById(metricId)
  let count = 0
  for (const batch of observationBatches(session.source, metricId, session.period)) {
    for (const observation of batch) {
      writer.push(observationLine(observation, metric))
      if (writer.full) await writer.flush()
    }
    count += batch.length
    session.advance(batch.length, metricId)
  }
  return count
}

async function writeEntityLines(
  session: ExportSession,
  writer: FileWriter,
  type: EntityType,
): Promise<number> {
  const entities = session.source.entities(type)
  for (const entity of entities) await writer.write(entityLine(entity))
  session.advance(0, type)
  return entities.length
}

export async function writeRawLines(session: ExportSession, writer: FileWriter): Promise<number> {
  let count = 0
  for (const batch of rawBatches(session.source, session.period)) {
    for (const record of batch) await writer.write(rawLine(record))
    count += batch.length
    session.advance(0, 'raw records')
  }
  return count
}

async function writeAttachmentLines(session: ExportSession, writer: FileWriter): Promise<number> {
  let count = 0
  for (const entity of session.source.entities('attachment')) {
    const attachment = session.source.attachment(entity.id)
    if (attachment === undefined) {
      session.note(`The bytes of attachment ${entity.id} are not in the vault.`)
      continue
    }
    await writer.write(attachmentLine(attachment))
    count++
    session.advance(0, 'attachments')
  }
  return count
}
