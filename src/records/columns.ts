/**
 * Building, cutting and joining `ObservationColumns`.
 *
 * Columns are values: nothing here changes its arguments. Slices share memory with what they were cut from, so
 * nobody may write into columns that were handed over.
 */
import { assert } from '../foundation/index.ts'
import { extraToText, isEmptyExtra } from './extra.ts'
import type { Extra, ObservationColumns } from './observation.ts'

/** One observation to append: times in ms, offset in minutes, one value per component. */
export interface ObservationRow {
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
  readonly values: readonly number[]
  readonly flags: number
  readonly extra?: Extra | undefined
  /** Ids of the imports that assert it, in any order; `[]` is the person's own entry. */
  readonly imports: readonly string[]
}

const firstCapacity = 64

/** Columns without rows. */
export function emptyColumns(components: number): ObservationColumns {
  return {
    length: 0,
    startMs: new Float64Array(0),
    durationMs: new Float64Array(0),
    offsetMin: new Int16Array(0),
    values: Array.from({ length: components }, () => new Float64Array(0)),
    flags: new Uint8Array(0),
    extraIndex: new Uint32Array(0),
    extraTable: [],
    assertionIndex: new Uint32Array(0),
    assertionTable: [],
  }
}

/** Appends rows into typed arrays that grow; equal extras and equal import sets are stored once. */
export class ColumnsBuilder {
  readonly #components: number
  #length = 0
  #capacity = 0
  #startMs = new Float64Array(0)
  #durationMs = new Float64Array(0)
  #offsetMin = new Int16Array(0)
  #values: Float64Array[]
  #flags = new Uint8Array(0)
  #extraIndex = new Uint32Array(0)
  #assertionIndex = new Uint32Array(0)
  #extras = new TextTable()
  #assertions = new AssertionTable()

  constructor(components: number) {
    this.#components = components
    this.#values = Array.from({ length: components }, () => new Float64Array(0))
  }

  get length(): number {
    return this.#length
  }

  /** Adds one row. Nothing is validated here (see `observationFault`). */
  append(row: ObservationRow): void {
    const { values, extra } = row
    assert(values.length === this.#components, 'a row has one value per component')
    const at = this.#length
    if (at === this.#capacity) this.#grow()
    this.#startMs[at] = row.startMs
    this.#durationMs[at] = row.durationMs
    this.#offsetMin[at] = row.offsetMin
    for (let component = 0; component < values.length; component++) {
      const column = this.#values[component] as Float64Array
      column[at] = values[component] as number
    }
    this.#flags[at] = row.flags
    this.#extraIndex[at] =
      extra === undefined || isEmptyExtra(extra) ? 0 : 1 + this.#extras.indexOf(extraToText(extra))
    this.#assertionIndex[at] = this.#assertions.indexOf(row.imports)
    this.#length = at + 1
  }

  /** The rows appended so far, in that order; the builder starts anew. */
  finish(): ObservationColumns {
    const length = this.#length
    const columns = {
      length,
      startMs: this.#startMs.slice(0, length),
      durationMs: this.#durationMs.slice(0, length),
      offsetMin: this.#offsetMin.slice(0, length),
      values: this.#values.map((column) => column.slice(0, length)),
      flags: this.#flags.slice(0, length),
      extraIndex: this.#extraIndex.slice(0, length),
      extraTable: this.#extras.texts,
      assertionIndex: this.#assertionIndex.slice(0, length),
      assertionTable: this.#assertions.sets,
    }
    this.#length = 0
    this.#extras = new TextTable()
    this.#assertions = new AssertionTable()
    return columns
  }

  #grow(): void {
    const capacity = Math.max(firstCapacity, this.#capacity * 2)
    this.#startMs = grown(this.#startMs, new Float64Array(capacity))
    this.#durationMs = grown(this.#durationMs, new Float64Array(capacity))
    this.#offsetMin = grown(this.#offsetMin, new Int16Array(capacity))
    this.#values = this.#values.map((column) => grown(column, new Float64Array(capacity)))
    this.#flags = grown(this.#flags, new Uint8Array(capacity))
    this.#extraIndex = grown(this.#extraIndex, new Uint32Array(capacity))
    this.#assertionIndex = grown(this.#assertionIndex, new Uint32Array(capacity))
    this.#capacity = capacity
  }
}

/** Rows [from, to), sharing memory and tables with `columns`. */
export function sliceColumns(columns: ObservationColumns, from: number, to: number): ObservationColumns {
  const start = Math.max(0, Math.min(from, columns.length))
  const end = Math.max(start, Math.min(to, columns.length))
  if (start === 0 && end === columns.length) return columns
  return {
    length: end - start,
    startMs: columns.startMs.subarray(start, end),
    durationMs: columns.durationMs.subarray(start, end),
    offsetMin: columns.offsetMin.subarray(start, end),
    values: columns.values.map((column) => column.subarray(start, end)),
    flags: columns.flags.subarray(start, end),
    extraIndex: columns.extraIndex.subarray(start, end),
    extraTable: columns.extraTable,
    assertionIndex: columns.assertionIndex.subarray(start, end),
    assertionTable: columns.assertionTable,
  }
}

/** All rows of `parts` (equal component counts), in that order. Equal table entries are joined. */
export function concatColumns(parts: readonly ObservationColumns[], components = 1): ObservationColumns {
  const filled = parts.filter((part) => part.length > 0)
  const first = filled[0] ?? parts[0] ?? emptyColumns(components)
  if (filled.length <= 1) return first
  let length = 0
  for (const part of filled) length += part.length
  const extras = new TextTable()
  const assertions = new AssertionTable()
  const joined = {
    length,
    startMs: new Float64Array(length),
    durationMs: new Float64Array(length),
    offsetMin: new Int16Array(length),
    values: first.values.map(() => new Float64Array(length)),
    flags: new Uint8Array(length),
    extraIndex: new Uint32Array(length),
    extraTable: extras.texts,
    assertionIndex: new Uint32Array(length),
    assertionTable: assertions.sets,
  }
  let at = 0
  for (const part of filled) {
    assert(part.values.length === first.values.length, 'joined columns have equal components')
    joined.startMs.set(part.startMs, at)
    joined.durationMs.set(part.durationMs, at)
    joined.offsetMin.set(part.offsetMin, at)
    part.values.forEach((column, component) => {
      joined.values[component]?.set(column, at)
    })
    joined.flags.set(part.flags, at)
    const extraMap = [0, ...part.extraTable.map((text) => 1 + extras.indexOf(text))]
    copyMapped(part.extraIndex, extraMap, joined.extraIndex, at)
    const assertionMap = part.assertionTable.map((set) => assertions.indexOf(set))
    copyMapped(part.assertionIndex, assertionMap, joined.assertionIndex, at)
    at += part.length
  }
  return joined
}

/** The rows named by `order`, in that order; tables are shared. */
export function takeRows(columns: ObservationColumns, order: ArrayLike<number>): ObservationColumns {
  const length = order.length
  return {
    length,
    startMs: gather(columns.startMs, order, new Float64Array(length)),
    durationMs: gather(columns.durationMs, order, new Float64Array(length)),
    offsetMin: gather(columns.offsetMin, order, new Int16Array(length)),
    values: columns.values.map((column) => gather(column, order, new Float64Array(length))),
    flags: gather(columns.flags, order, new Uint8Array(length)),
    extraIndex: gather(columns.extraIndex, order, new Uint32Array(length)),
    extraTable: columns.extraTable,
    assertionIndex: gather(columns.assertionIndex, order, new Uint32Array(length)),
    assertionTable: columns.assertionTable,
  }
}

/**
 * The same rows with tables in their canonical form: entries in order of first use, none twice, none unused.
 * Two columns of the same rows are then equal array by array.
 */
export function canonicaliseTables(columns: ObservationColumns): ObservationColumns {
  const extras = new TextTable()
  const assertions = new AssertionTable()
  const extraIndex = remapByFirstUse(columns.extraIndex, (index) =>
    index === 0 ? 0 : 1 + extras.indexOf(columns.extraTable[index - 1] as string),
  )
  const assertionIndex = remapByFirstUse(columns.assertionIndex, (index) =>
    assertions.indexOf(columns.assertionTable[index] ?? []),
  )
  const { length, startMs, durationMs, offsetMin, values, flags } = columns
  return {
    length,
    startMs,
    durationMs,
    offsetMin,
    values,
    flags,
    extraIndex,
    extraTable: extras.texts,
    assertionIndex,
    assertionTable: assertions.sets,
  }
}

/** Distinct texts with their positions. */
export class TextTable {
  readonly texts: string[] = []
  readonly #positions = new Map<string, number>()

  indexOf(text: string): number {
    const known = this.#positions.get(text)
    if (known !== undefined) return known
    this.#positions.set(text, this.texts.length)
    return this.texts.push(text) - 1
  }
}

/** Distinct sets of import ids, each sorted and without repeats. */
export class AssertionTable {
  readonly sets: (readonly string[])[] = []
  readonly #positions = new Map<string, number>()
  #lastSet: readonly string[] | undefined
  #lastPosition = 0

  indexOf(imports: readonly string[]): number {
    // Rows of one import usually hand over the very same array.
    if (imports === this.#lastSet) return this.#lastPosition
    const set = [...new Set(imports)].sort()
    const text = JSON.stringify(set)
    let position = this.#positions.get(text)
    if (position === undefined) {
      position = this.sets.push(set) - 1
      this.#positions.set(text, position)
    }
    this.#lastSet = imports
    this.#lastPosition = position
    return position
  }
}

type NumberArray = Float64Array | Int16Array | Uint8Array | Uint32Array

function grown<A extends NumberArray>(from: A, to: A): A {
  to.set(from)
  return to
}

function gather<A extends NumberArray>(from: A, order: ArrayLike<number>, to: A): A {
  for (let i = 0; i < order.length; i++) to[i] = from[order[i] as number] as number
  return to
}

function copyMapped(from: Uint32Array, map: readonly number[], to: Uint32Array, at: number): void {
  for (let i = 0; i < from.length; i++) to[at + i] = map[from[i] as number] as number
}

function remapByFirstUse(from: Uint32Array, map: (index: number) => number): Uint32Array {
  const to = new Uint32Array(from.length)
  const known = new Map<number, number>()
  let lastFrom = -1
  let lastTo = 0
  for (let i = 0; i < from.length; i++) {
    const index = from[i] as number
    if (index !== lastFrom) {
      lastFrom = index
      lastTo = known.get(index) ?? map(index)
      known.set(index, lastTo)
    }
    to[i] = lastTo
  }
  return to
}
