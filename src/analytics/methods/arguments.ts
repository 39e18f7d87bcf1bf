/** Reading a method's `input` and `options`, which are outside data: each reader names what is wrong. */
import { Failure } from '../../foundation/index.ts'
import type { InsufficientReason } from '../insufficient.ts'

/** A JSON object as given on stdin. */
export type MethodArguments = Readonly<Record<string, unknown>>
export type MethodResult = Readonly<Record<string, unknown>>
export type Method = (input: MethodArguments, options: MethodArguments) => MethodResult

/** Methods by name, one shelf's part of the table. */
export type MethodShelf = Readonly<Record<string, Method>>

/** "Cannot be computed" in the vectors' spelling. */
export function status(result: {
  readonly insufficient: InsufficientReason
  readonly n: number
}): MethodResult {
  return { status: result.insufficient, n: result.n }
}

/** An array of numbers; `null` is a missing value and becomes NaN. */
export function numbers(source: MethodArguments, key: string): Float64Array {
  const list = source[key]
  if (!Array.isArray(list)) throw new Failure('VALUE', `"${key}" must be an array of numbers`)
  return Float64Array.from(list, (item, i) => {
    if (item === null) return Number.NaN
    if (typeof item === 'number' && Number.isFinite(item)) return item
    throw new Failure('VALUE', `"${key}" holds something that is no number at position ${i + 1}`)
  })
}

export function optionalNumbers(source: MethodArguments, key: string): number[] | undefined {
  return source[key] === undefined ? undefined : [...numbers(source, key)]
}

export function optionalNumber(source: MethodArguments, key: string): number | undefined {
  const value = source[key]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new Failure('VALUE', `"${key}" must be a number`)
  return value
}

export function requiredNumber(source: MethodArguments, key: string): number {
  const value = optionalNumber(source, key)
  if (value === undefined) throw new Failure('VALUE', `"${key}" is missing`)
  return value
}

export function text(source: MethodArguments, key: string): string {
  const value = source[key]
  if (typeof value !== 'string') throw new Failure('VALUE', `"${key}" must be a text`)
  return value
}

const isoInstant = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/i

/** Times as ms since the epoch: ISO 8601 with an offset (a date is its midnight in UTC), or ms. */
export function instants(source: MethodArguments, key: string): Float64Array {
  const list = source[key]
  if (!Array.isArray(list)) throw new Failure('VALUE', `"${key}" must be an array of times`)
  return Float64Array.from(list, (item, i) => {
    const ms = typeof item === 'string' && isoInstant.test(item) ? Date.parse(item) : item
    if (typeof ms === 'number' && Number.isFinite(ms)) return ms
    throw new Failure('VALUE', `"${key}" holds no time at position ${i + 1}`, {
      hint: 'Times are ISO 8601 with an offset (2026-03-01T07:30:00Z) or milliseconds since 1970.',
    })
  })
}

/** Rows of numbers, which need not be equally long. */
export function numberRows(source: MethodArguments, key: string): Float64Array[] {
  const rows = source[key]
  if (!Array.isArray(rows)) throw new Failure('VALUE', `"${key}" must be an array of rows of numbers`)
  return rows.map((row) => numbers({ [key]: row }, key))
}

/** A switch; `fallback` where it is not given. */
export function flag(source: MethodArguments, key: string, fallback = false): boolean {
  const value = source[key] ?? fallback
  if (typeof value !== 'boolean') throw new Failure('VALUE', `"${key}" must be true or false`)
  return value
}

/** One of the allowed words; `fallback` where the option is not given. */
export function oneOf<T extends string>(
  source: MethodArguments,
  key: string,
  allowed: readonly T[],
  fallback?: T,
): T {
  if (source[key] === undefined && fallback !== undefined) return fallback
  const found = allowed.find((name) => name === source[key])
  if (found === undefined) throw new Failure('VALUE', `"${key}" must be one of ${allowed.join(', ')}`)
  return found
}

/** The entries that are there, for options that must be left out rather than undefined. */
export function present<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> }
}

/** Numbers as a result gives them: NaN, "no number here", becomes null. */
export function nullable(values: ArrayLike<number>): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value))
}
