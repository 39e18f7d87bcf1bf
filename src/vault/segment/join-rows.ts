/**
 * Joining rows of one identity into one observation, field by field.
 *
 * Every join is commutative, associative and idempotent, so that the order in which copies arrive leaves no trace:
 * imports are united; `manual` and `confirmed` hold if any copy says so, `unconfirmed` only if all do; of notes,
 * contexts and facts the greater text stays, tags are united; the offset comes with the known time zone, else the
 * lesser one (exports write all times in the zone of the day of export, so copies may differ in nothing else). Values
 * can differ only where two entries carry one key, which chance does not do: the greater stay.
 */
import {
  AssertionTable,
  compareDoubles,
  type Extra,
  extraToText,
  type ObservationColumns,
  observationFlag,
  rowExtra,
} from '../../records/index.ts'
import { type MutableColumns, mutableCopy, setRowExtra } from './overlay.ts'

/** Joins copies inside one set of columns. */
export class RowJoiner {
  readonly #columns: MutableColumns
  readonly #assertions = new AssertionTable()
  readonly #unions = new Map<number, number>()

  constructor(columns: ObservationColumns) {
    const copy = mutableCopy(columns)
    const positions = columns.assertionTable.map((set) => this.#assertions.indexOf(set))
    for (let row = 0; row < copy.length; row++) {
      copy.assertionIndex[row] = positions[copy.assertionIndex[row] as number] ?? 0
    }
    this.#columns = { ...copy, assertionTable: this.#assertions.sets }
  }

  get columns(): ObservationColumns {
    return this.#columns
  }

  /** Takes the facts of row `other` into row `into`. */
  join(into: number, other: number): void {
    const { flags, offsetMin, extraIndex, assertionIndex, values } = this.#columns
    assertionIndex[into] = this.#union(assertionIndex[into] as number, assertionIndex[other] as number)
    flags[into] = joinFlags(flags[into] as number, flags[other] as number)
    if (compareValues(values, into, other) < 0) {
      for (const column of values) column[into] = column[other] as number
    }
    if (extraIndex[into] === extraIndex[other] && offsetMin[into] === offsetMin[other]) return
    const extra = rowExtra(this.#columns, into)
    const otherExtra = rowExtra(this.#columns, other)
    const zone = extra.zone ?? ''
    const otherZone = otherExtra.zone ?? ''
    const offset = offsetMin[into] as number
    const otherOffset = offsetMin[other] as number
    if (otherZone > zone || (otherZone === zone && otherOffset < offset)) offsetMin[into] = otherOffset
    if (extraIndex[into] !== extraIndex[other])
      setRowExtra(this.#columns, into, joinExtras(extra, otherExtra))
  }

  #union(a: number, b: number): number {
    if (a === b) return a
    const sets = this.#assertions.sets
    const pair = Math.max(a, b) * 0x100_0000 + Math.min(a, b)
    const known = this.#unions.get(pair)
    if (known !== undefined) return known
    const union = this.#assertions.indexOf([...(sets[a] ?? []), ...(sets[b] ?? [])])
    this.#unions.set(pair, union)
    return union
  }
}

/** Order of two rows by their values, component by component. */
function compareValues(values: readonly Float64Array[], a: number, b: number): number {
  for (const column of values) {
    const order = compareDoubles(column[a] as number, column[b] as number)
    if (order !== 0) return order
  }
  return 0
}

function joinFlags(a: number, b: number): number {
  const anySays = observationFlag.manual | observationFlag.confirmed
  return ((a | b) & anySays) | (a & b & observationFlag.unconfirmed)
}

/** The join of two extras of unedited rows with one identity. */
export function joinExtras(a: Extra, b: Extra): Extra {
  const joined: { -readonly [Name in keyof Extra]: Extra[Name] } = {}
  for (const name of ['key', 'note', 'context', 'zone'] as const) {
    const text = greaterText(a[name], b[name])
    if (text !== undefined) joined[name] = text
  }
  const tags = joinTags(a.tags, b.tags)
  if (tags !== undefined) joined.tags = tags
  if (a.meta !== undefined || b.meta !== undefined) joined.meta = joinMeta(a.meta ?? {}, b.meta ?? {})
  return joined
}

function greaterText(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a > b ? a : b
}

function joinTags(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
): readonly string[] | undefined {
  if (a === undefined || b === undefined) return a ?? b
  // Equal lists keep the order they were written in.
  if (extraToText({ tags: a }) === extraToText({ tags: b })) return a
  return [...new Set([...a, ...b])].sort()
}

function joinMeta(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): Record<string, string> {
  const entries = new Map(Object.entries(a))
  for (const [name, text] of Object.entries(b))
    entries.set(name, greaterText(entries.get(name), text) ?? text)
  return Object.fromEntries(entries)
}
