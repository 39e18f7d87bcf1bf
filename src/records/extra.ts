/**
 * Extras as text and back: JSON with sorted keys, so that equal extras are equal texts.
 *
 * Numbers keep every bit: `-0` is written so, and what JSON has no number for (NaN, infinities) as a text. The
 * parser builds a new object from the fields it knows and trusts nothing: a key such as `__proto__` inside
 * `meta` stays a plain own property.
 */
import { Failure } from '../foundation/index.ts'
import type { Extra, ObservationColumns } from './observation.ts'

export const emptyExtra: Extra = {}

export function isEmptyExtra(extra: Extra): boolean {
  for (const name in extra) if (extra[name as keyof Extra] !== undefined) return false
  return true
}

/** Canonical JSON of an extra; equal extras give equal texts. */
export function extraToText(extra: Extra): string {
  const fields: string[] = []
  const names = (Object.keys(extra) as (keyof Extra)[]).sort()
  for (const name of names) {
    const value = extra[name]
    if (value !== undefined) fields.push(`${JSON.stringify(name)}:${jsonOf(value)}`)
  }
  return `{${fields.join(',')}}`
}

/** The extra that a text stands for. Unknown fields are left out. Fails with DAMAGED on anything malformed. */
export function textToExtra(text: string): Extra {
  const fields = objectOf(text)
  const extra: { -readonly [Name in keyof Extra]: Extra[Name] } = {}
  for (const name of ['key', 'note', 'context', 'zone'] as const) {
    const value = fields.get(name)
    if (value !== undefined) extra[name] = textOf(value)
  }
  const { tags, original, originalTime, originalOffsetMin, meta } = Object.fromEntries(fields)
  if (tags !== undefined) extra.tags = listOf(tags).map(textOf)
  if (original !== undefined) extra.original = listOf(original).map(numberOf)
  if (originalTime !== undefined) {
    const [startMs, durationMs] = listOf(originalTime).map(numberOf)
    if (startMs === undefined || durationMs === undefined) throw malformed()
    extra.originalTime = [startMs, durationMs]
  }
  if (originalOffsetMin !== undefined) extra.originalOffsetMin = numberOf(originalOffsetMin)
  if (meta !== undefined) {
    if (typeof meta !== 'object' || meta === null || Array.isArray(meta)) throw malformed()
    // `fromEntries` defines own properties and never runs a setter.
    extra.meta = Object.fromEntries(Object.entries(meta).map(([name, value]) => [name, textOf(value)]))
  }
  return extra
}

/** The extra of a row; an empty one where there is none. */
export function rowExtra(columns: ObservationColumns, row: number): Extra {
  const index = columns.extraIndex[row] ?? 0
  if (index === 0) return emptyExtra
  const text = columns.extraTable[index - 1]
  if (text === undefined) throw malformed()
  return textToExtra(text)
}

function jsonOf(value: NonNullable<Extra[keyof Extra]>): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return jsonOfNumber(value)
  if (isList(value)) {
    return `[${value.map((item) => (typeof item === 'number' ? jsonOfNumber(item) : JSON.stringify(item))).join(',')}]`
  }
  const names = Object.keys(value).sort()
  return `{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(value[name])}`).join(',')}}`
}

function isList(value: object): value is readonly (string | number)[] {
  return Array.isArray(value)
}

function jsonOfNumber(value: number): string {
  if (Object.is(value, -0)) return '-0'
  return Number.isFinite(value) ? String(value) : JSON.stringify(String(value))
}

function objectOf(text: string): Map<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw malformed(cause)
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw malformed()
  return new Map(Object.entries(parsed))
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw malformed()
  return value
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed()
  return value
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value)
  throw malformed()
}

function malformed(cause?: unknown): Failure {
  return new Failure('DAMAGED', 'the extra of an observation is malformed', {
    hint: 'healthmate vault scrub',
    cause,
  })
}
