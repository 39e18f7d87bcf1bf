/**
 * The block format: the observations of one series as bytes, and back. Lossless for every double and every time.
 *
 * Layout, version 1 (varint: LEB128, unsigned, below 2^53):
 *
 *     u8      format version, 1
 *     varint  rows n, at most `maxEncodedRows`
 *     u8      components c, at most `maxComponents`
 *     columns in the order: start, duration, value × c, offset, flags, extra index, assertion index
 *             each: varint length, then that many bytes (number-column.ts); none of them when n is 0
 *     varint  entries of the extra table; each: varint length, UTF-8
 *     varint  entries of the assertion table; each: varint number of ids; each id: varint length, UTF-8
 *
 * Nothing may follow. A reader checks every length, index and range: hostile bytes end in DAMAGED. Blocks are not
 * compressed here: hot segments are read without inflating, the log packs its batches (pack.ts).
 */
import { assert, ByteReader, ByteWriter, Failure } from '../../foundation/index.ts'
import {
  canonicaliseTables,
  maxBlockBytes,
  maxBlockLength,
  type ObservationColumns,
  sliceColumns,
} from '../../records/index.ts'
import { encodeNumbers } from './number-column.ts'
import { constantOf, decodeNumbers, decodeNumbersInto, type IntegerArray } from './number-column-reader.ts'

export const blockFormat = 1
/** Bounds what few bytes can make a reader allocate: 2^18 rows of 16 components take 41 MB in memory. */
export const maxEncodedRows = 1 << 18
export const maxComponents = 16

/** Encodes columns in any order of rows. */
export function encodeColumns(columns: ObservationColumns): Uint8Array {
  const { length, values } = columns
  assert(length <= maxEncodedRows, 'a block has at most 2^18 rows')
  assert(values.length <= maxComponents, 'a block has at most 16 components')
  const writer = new ByteWriter(length * 6 + 512)
  writer.u8(blockFormat).varint(length).u8(values.length)
  if (length > 0) {
    writer.lengthPrefixed(encodeNumbers(columns.startMs))
    writer.lengthPrefixed(encodeNumbers(columns.durationMs))
    for (const column of values) writer.lengthPrefixed(encodeNumbers(column))
    writer.lengthPrefixed(encodeNumbers(columns.offsetMin))
    writer.lengthPrefixed(encodeNumbers(columns.flags))
    writer.lengthPrefixed(encodeNumbers(columns.extraIndex))
    writer.lengthPrefixed(encodeNumbers(columns.assertionIndex))
  }
  writer.varint(columns.extraTable.length)
  for (const text of columns.extraTable) writer.text(text)
  writer.varint(columns.assertionTable.length)
  for (const set of columns.assertionTable) {
    writer.varint(set.length)
    for (const id of set) writer.text(id)
  }
  return writer.finish()
}

/** Decodes a block whole. Fails with DAMAGED or UNSUPPORTED_FORMAT. */
export function decodeColumns(bytes: Uint8Array): ObservationColumns {
  return new EncodedBlock(bytes).columns()
}

/** A block whose columns are decoded one by one as they are asked for. */
export class EncodedBlock {
  readonly length: number
  readonly components: number
  readonly #columns: readonly Uint8Array[]
  readonly #extraTable: readonly string[]
  readonly #assertionTable: readonly (readonly string[])[]

  /** Reads frame and tables. Fails with DAMAGED or UNSUPPORTED_FORMAT. */
  constructor(bytes: Uint8Array) {
    const reader = new ByteReader(bytes, 'a block of observations')
    const format = reader.u8()
    if (format !== blockFormat) {
      throw new Failure('UNSUPPORTED_FORMAT', `a block of observations has the unknown format ${format}`, {
        hint: 'Use a newer version of this program.',
      })
    }
    this.length = reader.varint()
    this.components = reader.u8()
    if (this.length > maxEncodedRows || this.components > maxComponents) throw damaged('too large')
    const columns: Uint8Array[] = []
    if (this.length > 0) {
      for (let column = 0; column < 6 + this.components; column++) columns.push(reader.lengthPrefixed())
    }
    this.#columns = columns
    this.#extraTable = readList(reader, () => reader.text())
    this.#assertionTable = readList(reader, () => readList(reader, () => reader.text()))
    reader.end()
  }

  /** Starts, ms. */
  startMs(): Float64Array {
    return this.#numbers(0)
  }

  /** Durations, ms. */
  durationMs(): Float64Array {
    return this.#numbers(1)
  }

  /** Values of a component. */
  values(component: number): Float64Array {
    return this.#numbers(2 + component)
  }

  /** Local offsets, minutes. */
  offsetMin(): Int16Array {
    return this.#integers(2, new Int16Array(this.length), -32_768, 32_767)
  }

  /** Whether every duration is zero, from the column's head alone. */
  areInstants(): boolean {
    return this.length === 0 || constantOf(this.#columns[1] as Uint8Array) === 0
  }

  /** The local offset of every row if the column's head says that it is one, in minutes. */
  constantOffsetMin(): number | undefined {
    return this.length === 0 ? 0 : constantOf(this.#columns[2 + this.components] as Uint8Array)
  }

  /** Everything. */
  columns(): ObservationColumns {
    const { length } = this
    return {
      length,
      startMs: this.startMs(),
      durationMs: this.durationMs(),
      offsetMin: this.offsetMin(),
      values: Array.from({ length: this.components }, (_, component) => this.values(component)),
      flags: this.#integers(3, new Uint8Array(length), 0, 255),
      extraIndex: this.#integers(4, new Uint32Array(length), 0, this.#extraTable.length),
      extraTable: this.#extraTable,
      assertionIndex: this.#integers(5, new Uint32Array(length), 0, this.#assertionTable.length - 1),
      assertionTable: this.#assertionTable,
    }
  }

  #numbers(column: number): Float64Array {
    if (this.length === 0) return new Float64Array(0)
    return decodeNumbers(this.#columns[column] as Uint8Array, this.length)
  }

  #integers<A extends IntegerArray>(position: number, into: A, min: number, max: number): A {
    if (this.length > 0) {
      decodeNumbersInto(this.#columns[position + this.components] as Uint8Array, into, min, max)
    }
    return into
  }
}

/** Cuts columns at `maxBlockLength` rows and at `maxBlockBytes` encoded, whichever comes first. */
export function cutColumns(columns: ObservationColumns): ObservationColumns[] {
  const blocks: ObservationColumns[] = []
  for (let from = 0; from < columns.length; from += maxBlockLength) {
    cutBySize(sliceColumns(columns, from, Math.min(columns.length, from + maxBlockLength)), blocks)
  }
  return blocks
}

function cutBySize(columns: ObservationColumns, blocks: ObservationColumns[]): void {
  const block = canonicaliseTables(columns)
  if (block.length <= 1 || encodeColumns(block).length <= maxBlockBytes) {
    blocks.push(block)
    return
  }
  const middle = block.length >> 1
  cutBySize(sliceColumns(block, 0, middle), blocks)
  cutBySize(sliceColumns(block, middle, block.length), blocks)
}

function readList<T>(reader: ByteReader, read: () => T): T[] {
  const count = reader.varint()
  // An entry takes a byte at least, so a count above that is a lie; checked before anything is allocated.
  if (count > reader.remaining) throw damaged('cut short')
  const list: T[] = []
  for (let i = 0; i < count; i++) list.push(read())
  return list
}

function damaged(reason: string): Failure {
  return new Failure('DAMAGED', `a block of observations is malformed: ${reason}`, {
    hint: 'healthmate vault scrub',
  })
}
