/**
 * What a batch holds inside its AEAD: stamped items, packed, Padmé-padded.
 *
 *     payload  = padPadme(pack(version u8 = 1 ‖ item*))
 *     item     = tag u8 ‖ length varint ‖ body
 *     stamp    = ms varint ‖ counter varint ‖ hasDevice u8 ‖ device 16 if so (else the batch's device)
 *
 *     tag 1  operation: stamp ‖ count varint ‖ replaced stamp (24 bytes) × count ‖ operation as JSON
 *     tag 2  block: stamp ‖ series JSON, length-prefixed ‖ encoded columns
 *     tag 3  raw pack: stamp ‖ raw row id varint ‖ count varint ‖ SHA-256 of the packed plaintext ‖ import id text
 *     tag 4  entity state (snapshots): JSON
 *     tag 5  overlay state (snapshots): JSON
 *     tag 6  snapshot begin: JSON {covers, digest}; tag 7 snapshot end: SHA-256 of all its items' bytes
 *
 * An item of an unknown tag, or an operation of an unknown kind, is kept as its bytes and written again verbatim
 * by snapshots (T26).
 */
import { padPadme, unpadPadme } from '../../crypto/index.ts'
import {
  ByteReader,
  ByteWriter,
  bytesToHex,
  bytesToUtf8,
  Failure,
  hexToBytes,
} from '../../foundation/index.ts'
import { maxBatchBytes } from '../../protocol/index.ts'
import type { SeriesKey } from '../../records/index.ts'
import { pack, unpack } from '../segment/pack.ts'
import type { StampedOperation } from './fold.ts'
import { formatHlc, type Hlc, hlcDevice, hlcTime } from './hlc.ts'
import { listToSeries, operationToText, seriesToList, textToOperation } from './operation-codec.ts'

export const payloadVersion = 1
/**
 * Items of one batch, before packing: header, nonce, tag, signature (236 bytes), pack and length bytes and Padmé's
 * rounding (at most 4 KiB at this size) stay below 256 KiB with it.
 */
export const maxPayloadBytes = maxBatchBytes - 8 * 1024
/** A deflated payload may unfold to this at most; honest ones never exceed `maxPayloadBytes`. */
const unpackLimit = maxBatchBytes

export const itemTag = {
  operation: 1,
  block: 2,
  raw: 3,
  entityState: 4,
  overlayState: 5,
  snapshotBegin: 6,
  snapshotEnd: 7,
} as const

export interface BlockItem {
  readonly kind: 'block'
  readonly hlc: Hlc
  readonly series: SeriesKey
  /** `encodeColumns`. */
  readonly encoded: Uint8Array
}

/** Where a pack of raw records lies and what it must hash to. */
export interface RawItem {
  readonly kind: 'raw'
  readonly hlc: Hlc
  readonly rowId: number
  readonly count: number
  readonly hash: Uint8Array
  /** '' when no import brought it. */
  readonly importId: string
}

export type Item =
  | ({ readonly kind: 'operation' } & StampedOperation)
  | BlockItem
  | RawItem
  | { readonly kind: 'json'; readonly tag: number; readonly text: string }
  | { readonly kind: 'snapshot-end'; readonly hash: Uint8Array }
  | { readonly kind: 'unknown'; readonly tag: number; readonly body: Uint8Array; readonly device: string }

/** tag ‖ length ‖ body of an item, for a batch of the device (hex). */
export function encodeItem(item: Item, device: string): Uint8Array {
  const body = new ByteWriter(item.kind === 'block' ? item.encoded.length + 256 : 256)
  const tag = writeBody(body, item, device)
  const bytes = body.finish()
  return new ByteWriter(bytes.length + 8).u8(tag).lengthPrefixed(bytes).finish()
}

function writeBody(body: ByteWriter, item: Item, device: string): number {
  switch (item.kind) {
    case 'operation':
      writeStamp(body, item.hlc, device)
      body.varint(item.replaces.length)
      for (const replaced of item.replaces) body.bytes(hexToBytes(replaced))
      body.text(operationToText(item.operation))
      return itemTag.operation
    case 'block':
      writeStamp(body, item.hlc, device)
      body.text(JSON.stringify(seriesToList(item.series))).bytes(item.encoded)
      return itemTag.block
    case 'raw':
      writeStamp(body, item.hlc, device)
      body.varint(item.rowId).varint(item.count).bytes(item.hash).text(item.importId)
      return itemTag.raw
    case 'json':
      body.text(item.text)
      return item.tag
    case 'snapshot-end':
      body.bytes(item.hash)
      return itemTag.snapshotEnd
    case 'unknown':
      body.bytes(item.body)
      return item.tag
  }
}

/** Packed and padded payload of encoded items. */
export function encodePayload(items: readonly Uint8Array[]): Uint8Array {
  let length = 1
  for (const item of items) length += item.length
  const writer = new ByteWriter(length).u8(payloadVersion)
  for (const item of items) writer.bytes(item)
  return padPadme(pack(writer.finish()))
}

/** Items of a payload. Fails with DAMAGED or UNSUPPORTED_FORMAT. `device` (hex): the batch's. */
export function decodePayload(payload: Uint8Array, device: string): Item[] {
  const reader = new ByteReader(unpack(unpadPadme(payload), unpackLimit), 'the content of a batch')
  const version = reader.u8()
  if (version !== payloadVersion) {
    throw new Failure('UNSUPPORTED_FORMAT', `the content of a batch has the unknown format ${version}`, {
      hint: 'Update HealthMate; a newer version may have written this.',
    })
  }
  const items: Item[] = []
  while (reader.remaining > 0) items.push(decodeItem(reader.u8(), reader.lengthPrefixed(), device))
  return items
}

/** An item from its tag and body. */
export function decodeItem(tag: number, body: Uint8Array, device: string): Item {
  const reader = new ByteReader(body, 'an item of a batch')
  switch (tag) {
    case itemTag.operation: {
      const hlc = readStamp(reader, device)
      const replaces: Hlc[] = []
      for (let count = reader.varint(); count > 0; count--) replaces.push(bytesToHex(reader.bytes(24)))
      const operation = textToOperation(reader.text())
      return operation === undefined
        ? { kind: 'unknown', tag, body, device }
        : { kind: 'operation', hlc, replaces, operation }
    }
    case itemTag.block: {
      const hlc = readStamp(reader, device)
      const series = listToSeries(parseJson(reader.text()))
      return { kind: 'block', hlc, series, encoded: reader.bytes(reader.remaining) }
    }
    case itemTag.raw: {
      const hlc = readStamp(reader, device)
      const rowId = reader.varint()
      const count = reader.varint()
      const hash = reader.bytes(32)
      return { kind: 'raw', hlc, rowId, count, hash, importId: reader.text() }
    }
    case itemTag.entityState:
    case itemTag.overlayState:
    case itemTag.snapshotBegin:
      return { kind: 'json', tag, text: reader.text() }
    case itemTag.snapshotEnd:
      return { kind: 'snapshot-end', hash: reader.bytes(32) }
    default:
      return { kind: 'unknown', tag, body, device }
  }
}

function writeStamp(writer: ByteWriter, hlc: Hlc, device: string): void {
  const { ms, counter } = hlcTime(hlc)
  writer.varint(ms).varint(counter)
  const own = hlcDevice(hlc) === device
  writer.u8(own ? 0 : 1)
  if (!own) writer.bytes(hexToBytes(hlcDevice(hlc)))
}

function readStamp(reader: ByteReader, device: string): Hlc {
  const ms = reader.varint()
  const counter = reader.varint()
  const foreign = reader.u8()
  if (ms >= 2 ** 48 || counter > 0xffff || foreign > 1) {
    throw new Failure('DAMAGED', 'an operation has a malformed time stamp', {
      hint: 'healthmate vault scrub',
    })
  }
  return formatHlc({ ms, counter }, foreign === 1 ? bytesToHex(reader.bytes(16)) : device)
}

/** JSON of an authenticated item. Fails with DAMAGED. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Failure('DAMAGED', 'an item of a batch is no JSON', { hint: 'healthmate vault scrub' })
  }
}

/** Text of bytes, for items that hold JSON alone. */
export function jsonOfBytes(bytes: Uint8Array): unknown {
  return parseJson(bytesToUtf8(bytes))
}
