/** Rows of one series waiting to become blocks: growing typed arrays, reused from chunk to chunk. */
import { maxBlockLength, type ObservationBlock, type SeriesKey } from '../records/index.ts'

const initialCapacity = 64
/** Larger arrays are given back with each chunk: an export has dozens of series, and each is long once in its turn. */
const keptCapacity = 4096

export class SeriesBuffer {
  length = 0
  readonly series: SeriesKey
  #start = new Float64Array(initialCapacity)
  #duration = new Float64Array(initialCapacity)
  #offset = new Int16Array(initialCapacity)
  #extra = new Uint32Array(initialCapacity)
  readonly #values: Float64Array<ArrayBuffer>[]
  readonly #extraIndexes = new Map<string, number>()
  #sorted = true

  constructor(series: SeriesKey, components: number) {
    this.series = series
    this.#values = Array.from({ length: Math.max(1, components) }, () => new Float64Array(initialCapacity))
  }

  /**
   * Adds a row. `extra` is canonical JSON or ''. `second` is the second component where there is one. Returns whether
   * the extra is one that no row before had.
   */
  add(
    startMs: number,
    durationMs: number,
    offsetMin: number,
    value: number,
    second: number,
    extra: string,
  ): boolean {
    const row = this.length
    if (row === this.#start.length) this.#grow()
    if (row > 0 && startMs < (this.#start[row - 1] as number)) this.#sorted = false
    this.#start[row] = startMs
    this.#duration[row] = durationMs
    this.#offset[row] = offsetMin
    ;(this.#values[0] as Float64Array)[row] = value
    if (this.#values.length > 1) (this.#values[1] as Float64Array)[row] = second
    const extras = this.#extraIndexes.size
    this.#extra[row] = extra === '' ? 0 : this.#indexOf(extra)
    this.length = row + 1
    return this.#extraIndexes.size > extras
  }

  /** The rows as blocks in order of start, each at most `maxBlockLength` rows; the buffer is empty afterwards. */
  drain(importId: string): ObservationBlock[] {
    const order = this.#order()
    const blocks: ObservationBlock[] = []
    const table = [...this.#extraIndexes.keys()]
    for (let from = 0; from < this.length; from += maxBlockLength) {
      blocks.push(this.#block(order, from, Math.min(this.length, from + maxBlockLength), table, importId))
    }
    this.length = 0
    this.#sorted = true
    this.#extraIndexes.clear()
    if (this.#start.length > keptCapacity) this.#allocate(initialCapacity)
    return blocks
  }

  #block(
    order: Uint32Array | null,
    from: number,
    to: number,
    table: readonly string[],
    importId: string,
  ): ObservationBlock {
    const length = to - from
    const extraIndex = new Uint32Array(length)
    const extraTable: string[] = []
    const renumbered = new Map<number, number>()
    for (let i = 0; i < length; i++) {
      const index = this.#extra[order ? (order[from + i] as number) : from + i] as number
      if (index === 0) continue
      let own = renumbered.get(index)
      if (own === undefined) {
        extraTable.push(table[index - 1] as string)
        own = extraTable.length
        renumbered.set(index, own)
      }
      extraIndex[i] = own
    }
    return {
      series: this.series,
      columns: {
        length,
        startMs: picked(this.#start, order, from, to),
        durationMs: picked(this.#duration, order, from, to),
        offsetMin: picked(this.#offset, order, from, to),
        values: this.#values.map((column) => picked(column, order, from, to)),
        flags: new Uint8Array(length),
        extraIndex,
        extraTable,
        assertionIndex: new Uint32Array(length),
        assertionTable: [[importId]],
      },
    }
  }

  /** Row numbers in order of start (then of arrival); null when the rows are in order already. */
  #order(): Uint32Array | null {
    if (this.#sorted) return null
    const starts = this.#start
    const order = new Uint32Array(this.length)
    for (let i = 0; i < order.length; i++) order[i] = i
    return order.sort((a, b) => (starts[a] as number) - (starts[b] as number) || a - b)
  }

  #indexOf(extra: string): number {
    const known = this.#extraIndexes.get(extra)
    if (known !== undefined) return known
    const index = this.#extraIndexes.size + 1
    this.#extraIndexes.set(extra, index)
    return index
  }

  #grow(): void {
    const { length } = this.#start
    const [start, duration, offset, extra] = [this.#start, this.#duration, this.#offset, this.#extra]
    const values = [...this.#values]
    this.#allocate(length * 2)
    this.#start.set(start)
    this.#duration.set(duration)
    this.#offset.set(offset)
    this.#extra.set(extra)
    for (const [index, column] of values.entries()) this.#values[index]?.set(column)
  }

  #allocate(capacity: number): void {
    this.#start = new Float64Array(capacity)
    this.#duration = new Float64Array(capacity)
    this.#offset = new Int16Array(capacity)
    this.#extra = new Uint32Array(capacity)
    for (const index of this.#values.keys()) this.#values[index] = new Float64Array(capacity)
  }
}

type Column = Float64Array<ArrayBuffer> | Int16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>

function picked<T extends Column>(column: T, order: Uint32Array | null, from: number, to: number): T {
  const out = column.slice(from, to) as T
  if (order) for (let i = from; i < to; i++) out[i - from] = column[order[i] as number] as number
  return out
}
