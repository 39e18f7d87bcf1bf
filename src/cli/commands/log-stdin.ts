/** NDJSON of `log --stdin`: every line stands for itself; a bad one is refused with its number, the others are kept. */
import { createInterface } from 'node:readline'
import type { LogRequest, LogView } from '../../app/index.ts'
import { Failure } from '../../foundation/index.ts'
import type { Invocation } from '../invocation.ts'
import { whenFrom } from '../when.ts'

export interface RequestLines {
  readonly requests: readonly LogRequest[]
  /** `line 3`, one per request. */
  readonly places: readonly string[]
  readonly refusals: LogView['refusals']
}

/** A line longer than this is no record. */
const maxLineLength = 100_000

export async function readRequests(invocation: Invocation): Promise<RequestLines> {
  const requests: LogRequest[] = []
  const places: string[] = []
  const refusals: LogView['refusals'][number][] = []
  let number = 0
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    if (line.trim() === '') continue
    const where = `line ${number}`
    try {
      requests.push(await requestFrom(line, invocation))
      places.push(where)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      refusals.push({ where, reason: error.message, hint: error.hint ?? null, raw: line.slice(0, 200) })
    }
  }
  return { requests, places, refusals }
}

const knownKeys = new Set([
  'metric',
  'value',
  'unit',
  'at',
  'end',
  'note',
  'tags',
  'context',
  'source',
  'pulse',
  'severity',
  'confirmed',
])

async function requestFrom(line: string, invocation: Invocation): Promise<LogRequest> {
  const record = parsed(line)
  const unknown = Object.keys(record).find((key) => !knownKeys.has(key))
  if (unknown !== undefined) {
    throw new Failure('USAGE', `"${unknown.slice(0, 40)}" is no field of a record`, {
      hint: `Fields: ${[...knownKeys].join(', ')}.`,
    })
  }
  const at = text(record, 'at')
  const end = text(record, 'end')
  const when = await whenFrom(invocation, at ?? 'now')
  return {
    metric: text(record, 'metric') ?? missing('metric'),
    value: value(record),
    atMs: when.ms,
    offsetMin: when.offsetMin,
    ...(end === undefined ? {} : { endMs: (await whenFrom(invocation, end)).ms }),
    ...optional('unit', text(record, 'unit')),
    ...optional('note', text(record, 'note')),
    ...optional('context', text(record, 'context')),
    ...optional('source', text(record, 'source')),
    ...optional('pulse', number(record, 'pulse')),
    ...optional('severity', number(record, 'severity')),
    ...optional('tags', tags(record)),
    ...(record['confirmed'] === true ? { confirmed: true } : {}),
  }
}

function parsed(line: string): Readonly<Record<string, unknown>> {
  if (line.length > maxLineLength) throw new Failure('VALUE', 'the line is too long for a record')
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new Failure('VALUE', 'the line is no JSON', {
      hint: 'One record a line: {"metric":"weight","value":81.4,"unit":"kg"}',
    })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Failure('VALUE', 'the line is no JSON object')
  }
  return value as Readonly<Record<string, unknown>>
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [N in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [N in Name]?: Value }
}

function missing(name: string): never {
  throw new Failure('VALUE', `the record has no "${name}"`)
}

function text(record: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = record[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw new Failure('VALUE', `"${name}" must be a text`)
  return value
}

function number(record: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = record[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new Failure('VALUE', `"${name}" must be a number`)
  return value
}

function tags(record: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  const value = record['tags']
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value) || value.some((tag) => typeof tag !== 'string')) {
    throw new Failure('VALUE', '"tags" must be a list of texts')
  }
  return value as readonly string[]
}

function value(record: Readonly<Record<string, unknown>>): LogRequest['value'] {
  const given = record['value']
  if (typeof given === 'string' || (typeof given === 'number' && Number.isFinite(given))) return given
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
    return given as Readonly<Record<string, number>>
  }
  throw new Failure('VALUE', 'the record has no usable "value"')
}
