/**
 * A `Change` as bytes, for the sealed inbox: unstamped, since a locked vault knows neither device nor clock of the
 * fold.
 *
 *     pack(version u8 = 1 ‖ label text ‖ operations: count, text × count ‖ blocks: count, (series JSON text ‖
 *     length-prefixed columns) × count ‖ raw: count, (JSON [type, where, startMs, text]) × count ‖ attachments:
 *     count, (JSON [id, name, mediaType] ‖ length-prefixed bytes) × count)
 *
 * Whoever can write the file can put an entry into the inbox: decoding trusts nothing and validates every row.
 */
import { ByteReader, ByteWriter, Failure } from '../../foundation/index.ts'
import {
  type Attachment,
  type Change,
  entityTypes,
  type ObservationBlock,
  type ObservationColumns,
  type Operation,
  observationFault,
  type RawRecord,
} from '../../records/index.ts'
import { decodeColumns, encodeColumns } from '../segment/codec.ts'
import { pack, unpack } from '../segment/pack.ts'
import { listToSeries, operationToText, seriesToList, textToOperation } from './operation-codec.ts'
import { parseJson } from './payload.ts'

const changeVersion = 1
/** An entry is at most 256 KiB sealed; an honest one unfolds to no more than this. */
const unpackLimit = 8 * 1024 * 1024

export function encodeChange(change: Change): Uint8Array {
  const writer = new ByteWriter(1024).u8(changeVersion).text(change.label)
  writer.varint(change.operations.length)
  for (const operation of change.operations) writer.text(operationToText(operation))
  writer.varint(change.blocks.length)
  for (const { series, columns } of change.blocks) {
    writer.text(JSON.stringify(seriesToList(series))).lengthPrefixed(encodeColumns(columns))
  }
  writer.varint(change.raw.length)
  for (const { type, where, startMs, text } of change.raw) {
    writer.text(JSON.stringify([type, where, startMs, text]))
  }
  writer.varint(change.attachments.length)
  for (const { id, name, mediaType, bytes } of change.attachments) {
    writer.text(JSON.stringify([id, name, mediaType])).lengthPrefixed(bytes)
  }
  return pack(writer.finish())
}

/** Fails with DAMAGED or UNSUPPORTED_FORMAT on anything that `encodeChange` of this version would not write. */
export function decodeChange(bytes: Uint8Array): Change {
  const reader = new ByteReader(unpack(bytes, unpackLimit), 'an inbox entry')
  if (reader.u8() !== changeVersion) {
    throw new Failure('UNSUPPORTED_FORMAT', 'an inbox entry has an unknown format', {
      hint: 'Update HealthMate; a newer version may have written this.',
    })
  }
  const label = reader.text().slice(0, 200)
  const operations = readList(reader, () => readOperation(reader.text()))
  const blocks = readList(reader, () => readBlock(reader))
  const raw = readList(reader, () => readRaw(reader.text()))
  const attachments = readList(reader, () => readAttachment(reader))
  reader.end()
  return { label, operations, blocks, raw, attachments }
}

function readOperation(text: string): Operation {
  const operation = textToOperation(text)
  if (operation === undefined) throw malformed('it holds an operation of an unknown kind')
  const isKnown = operation.kind === 'observation' || entityTypes.includes(operation.type)
  if (!isKnown) throw malformed('it holds an entity of an unknown type')
  return operation
}

function readBlock(reader: ByteReader): ObservationBlock {
  const series = listToSeries(parseJson(reader.text()))
  const columns = decodeColumns(reader.lengthPrefixed())
  assertValidColumns(columns)
  return { series, columns }
}

/** Fails with DAMAGED when a row could not have been entered. */
export function assertValidColumns(columns: ObservationColumns): void {
  for (let row = 0; row < columns.length; row++) {
    const fault = observationFault({
      startMs: columns.startMs[row] as number,
      durationMs: columns.durationMs[row] as number,
      offsetMin: columns.offsetMin[row] as number,
      values: columns.values.map((column) => column[row] as number),
    })
    if (fault !== null) throw malformed(fault.reason)
  }
}

function readRaw(text: string): RawRecord {
  const parsed = parseJson(text)
  if (!Array.isArray(parsed)) throw malformed('a raw record is not valid')
  const [type, where, startMs, content] = parsed as unknown[]
  const timed = startMs === null || typeof startMs === 'number'
  if (typeof type !== 'string' || typeof where !== 'string' || typeof content !== 'string' || !timed) {
    throw malformed('a raw record is not valid')
  }
  return { type, where, startMs, text: content }
}

function readAttachment(reader: ByteReader): Attachment {
  const parsed = parseJson(reader.text())
  if (!Array.isArray(parsed) || parsed.length !== 3 || !parsed.every((part) => typeof part === 'string')) {
    throw malformed('an attachment is not valid')
  }
  const [id, name, mediaType] = parsed as [string, string, string]
  return { id, name, mediaType, bytes: Uint8Array.from(reader.lengthPrefixed()) }
}

function readList<T>(reader: ByteReader, read: () => T): T[] {
  const list: T[] = []
  for (let count = reader.varint(); count > 0; count--) list.push(read())
  return list
}

function malformed(reason: string): Failure {
  return new Failure('DAMAGED', `an inbox entry is refused: ${reason}`, { hint: 'healthmate inbox reject' })
}
