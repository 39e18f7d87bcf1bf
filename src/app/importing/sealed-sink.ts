/**
 * An import into a locked vault: chunks go to the sealed inbox, one block or one packet of the rest per entry. What
 * becomes of them shows at the drain.
 */
import {
  assertedIn,
  type Change,
  emptyChange,
  type ImportChunk,
  type ImportSink,
  type Operation,
} from '../../records/index.ts'
import type { AppContext } from '../context.ts'

/** Text of one packet; entries are limited to 256 KiB. */
const packetLength = 100_000
/** From here on it is tried first whether an item fits. */
const largeLength = 200_000
const label = 'import'

/** What was too large to be sealed: it has to be imported again while the vault is unlocked. */
export interface LeftOut {
  readonly name: string
}

export interface SealedSink extends ImportSink {
  readonly leftOut: readonly LeftOut[]
}

export function sealedSink(context: AppContext, importId: string): SealedSink {
  const leftOut: LeftOut[] = []
  return {
    leftOut,
    write(chunk) {
      const locked = context.locked()
      for (const { change, size, name } of entriesOf(chunk, importId)) {
        if (size > largeLength && !locked.fitsInbox(change)) leftOut.push({ name })
        else locked.appendToInbox(change)
      }
      return null
    },
  }
}

interface Entry {
  readonly change: Change
  readonly size: number
  readonly name: string
}

function* entriesOf(chunk: ImportChunk, importId: string): Iterable<Entry> {
  for (const block of chunk.blocks) {
    yield { change: { ...emptyChange, label, blocks: [block] }, size: 0, name: block.series.metric }
  }
  yield* operationPackets(chunk.operations)
  // Names the import that the packet goes with when that is undone.
  const operations: readonly Operation[] = [
    { kind: 'entity', type: 'import', id: importId, field: 'sealed', value: true },
  ]
  for (const raw of packets(
    chunk.raw,
    ({ text }) => text.length + 200,
    () => true,
  )) {
    const change = { ...emptyChange, label, operations, raw: raw.items }
    yield { change, size: raw.size, name: raw.items[0]?.where ?? '' }
  }
  for (const attachment of chunk.attachments) {
    const change = { ...emptyChange, label, operations, attachments: [attachment] }
    yield { change, size: attachment.bytes.length, name: attachment.name }
  }
}

function* operationPackets(operations: readonly Operation[]): Iterable<Entry> {
  const sizeOf = (operation: Operation) => JSON.stringify(operation).length
  // What an import asserts of an entity stays with the content before it.
  const mayBegin = (operation: Operation) =>
    operation.kind !== 'entity' || assertedIn(operation.field) === undefined
  for (const { items, size } of packets(operations, sizeOf, mayBegin)) {
    const first = items[0]
    const name = first?.kind === 'entity' ? first.type : label
    yield { change: { ...emptyChange, label, operations: items }, size, name }
  }
}

/** Items in groups below the packet length, cut only before an item that may begin one. */
function* packets<Item>(
  items: readonly Item[],
  sizeOf: (item: Item) => number,
  mayBegin: (item: Item) => boolean,
): Iterable<{ readonly items: readonly Item[]; readonly size: number }> {
  let packet: Item[] = []
  let size = 0
  for (const item of items) {
    const length = sizeOf(item)
    if (size + length > packetLength && packet.length > 0 && mayBegin(item)) {
      yield { items: packet, size }
      packet = []
      size = 0
    }
    packet.push(item)
    size += length
  }
  if (packet.length > 0) yield { items: packet, size }
}
