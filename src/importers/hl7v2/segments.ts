/**
 * HL7 v2 in ER7 ("pipe") encoding: segments, fields, components, escapes. HL7 v2.5.1 chapter 2.
 *
 * Segments end with CR; files from disk have LF or CRLF. Messages come alone, one behind the other, in a batch (FHS,
 * BHS), or in MLLP frames.
 */

export interface Delimiters {
  readonly field: string
  readonly component: string
  readonly repetition: string
  readonly escape: string
  readonly subcomponent: string
}

export interface Segment {
  /** `OBX`. */
  readonly name: string
  /** As it stands in the file. */
  readonly text: string
  /** From 1. */
  readonly line: number
  readonly delimiters: Delimiters
}

export interface Message {
  readonly header: Segment
  readonly segments: readonly Segment[]
}

const start = /^(MSH|FHS|BHS)([^A-Za-z0-9\s])(.)(.)(.?)(.?)/
const segmentName = /^[A-Z][A-Z0-9]{2}$/
/** Envelopes of files and batches: they end a message and say nothing of their own. */
const envelopes: ReadonlySet<string> = new Set(['FHS', 'BHS', 'BTS', 'FTS'])
/** MLLP: a message begins with VT and ends with FS. */
const frameStart = '\u000b'
const frameEnd = '\u001c'
/** A message of a batch; an embedded document is some megabytes of base64. */
export const maxMessageLength = 32 * 1024 * 1024

/** Whether a text begins as HL7 v2 does. */
export function beginsMessage(text: string): boolean {
  // `\s` includes VT, with which a frame begins, and the byte order mark.
  return start.test(text.trimStart())
}

export interface MessageEvents {
  message(message: Message): void
  refused(reason: string, line: number, text: string): void
}

/** Cuts text, given in pieces, into messages. */
export class MessageReader {
  readonly #events: MessageEvents
  #rest = ''
  #line = 1
  #segments: Segment[] = []
  #length = 0
  #isTooLong = false

  constructor(events: MessageEvents) {
    this.#events = events
  }

  push(text: string): void {
    this.#rest += text
    // A CR at the very end may be the first half of CRLF.
    const end = this.#rest.endsWith('\r') ? this.#rest.length - 1 : this.#rest.length
    let from = 0
    for (const match of this.#rest.slice(0, end).matchAll(/\r\n|\r|\n/g)) {
      this.#take(this.#rest.slice(from, match.index))
      this.#line++
      from = match.index + match[0].length
    }
    this.#rest = this.#rest.slice(from)
    if (this.#rest.length > maxMessageLength) {
      this.#isTooLong = true
      this.#rest = this.#rest.slice(0, 1000)
    }
  }

  finish(): void {
    this.#take(this.#rest)
    this.#rest = ''
    this.#end()
  }

  #take(raw: string): void {
    const text = raw
      .replaceAll(frameStart, '')
      .replaceAll(frameEnd, '')
      .replace(/^\ufeff/, '')
    if (text.trim() === '') return
    const found = start.exec(text)
    const name = text.slice(0, 3)
    if (envelopes.has(name)) {
      this.#end()
      return
    }
    if (found) {
      this.#end()
      this.#segments = [{ name, text, line: this.#line, delimiters: delimitersOf(found) }]
      this.#length = text.length
      return
    }
    const header = this.#segments[0]
    if (!header) {
      this.#events.refused('it stands before any message header (MSH)', this.#line, text)
      return
    }
    this.#length += text.length
    if (this.#length > maxMessageLength) this.#isTooLong = true
    const isSegment = segmentName.test(name) && text.charAt(3) === header.delimiters.field
    if (isSegment || (segmentName.test(text) && text.length === 3)) {
      this.#segments.push({ name, text, line: this.#line, delimiters: header.delimiters })
      return
    }
    // A line end inside a field, which HL7 forbids and files have: the segment goes on.
    const last = this.#segments.pop() as Segment
    this.#segments.push({ ...last, text: `${last.text}\n${text}` })
  }

  #end(): void {
    const [header, ...segments] = this.#segments
    this.#segments = []
    this.#length = 0
    const isTooLong = this.#isTooLong
    this.#isTooLong = false
    if (!header) return
    if (isTooLong) this.#events.refused('the message is too large', header.line, header.text)
    else this.#events.message({ header, segments })
  }
}

function delimitersOf(found: RegExpExecArray): Delimiters {
  const [, , field = '|', component = '^', repetition = '~', escaping = '\\', subcomponent = '&'] = found
  return {
    field,
    component,
    repetition: repetition || '~',
    escape: escaping || '\\',
    subcomponent: subcomponent === '' || subcomponent === field ? '&' : subcomponent,
  }
}

/** Field `number` (from 1; in MSH the field delimiter itself is field 1), raw; '' when absent. */
export function fieldOf(segment: Segment | undefined, number: number): string {
  if (segment === undefined) return ''
  const isHeader = segment.name === 'MSH'
  return fieldsOf(segment)[isHeader ? number - 1 : number] ?? ''
}

/** The segment asked last with its fields: it is asked for a dozen of them in a row. */
let last: { readonly segment: Segment; readonly fields: readonly string[] } | undefined

function fieldsOf(segment: Segment): readonly string[] {
  if (last?.segment !== segment) last = { segment, fields: segment.text.split(segment.delimiters.field) }
  return last.fields
}

/** The repetitions of a field; of an empty field none. `""` says that the value was deleted. */
export function repetitionsOf(segment: Segment | undefined, number: number): readonly string[] {
  const field = fieldOf(segment, number)
  if (segment === undefined || field === '' || field === '""') return []
  return field.split(segment.delimiters.repetition)
}

/** Component `number` (from 1) of a field's first repetition, unescaped and trimmed; undefined when it is empty. */
export function componentOf(segment: Segment | undefined, field: number, number: number): string | undefined {
  const [first] = repetitionsOf(segment, field)
  return first === undefined || segment === undefined ? undefined : partOf(first, number, segment.delimiters)
}

/** Component `number` of a repetition; its first subcomponent. */
export function partOf(repetition: string, number: number, delimiters: Delimiters): string | undefined {
  const component = repetition.split(delimiters.component)[number - 1] ?? ''
  const text = unescaped(component.split(delimiters.subcomponent)[0] ?? '', delimiters).trim()
  return text === '' || text === '""' ? undefined : text
}

/** A field as words: all of its text, unescaped. */
export function wordsOf(segment: Segment, field: number): string | undefined {
  const text = repetitionsOf(segment, field)
    .map((repetition) => unescaped(repetition, segment.delimiters))
    .join('\n')
    .trim()
  return text === '' ? undefined : text
}

/** Escape sequences of chapter 2.7: delimiters, line breaks, hexadecimal bytes; highlighting is dropped. */
export function unescaped(text: string, delimiters: Delimiters): string {
  const { escape: escaping, field, component, subcomponent, repetition } = delimiters
  if (!text.includes(escaping)) return text
  const parts = text.split(escaping)
  let out = parts[0] ?? ''
  for (let i = 1; i < parts.length; i += 2) {
    const code = parts[i] ?? ''
    const behind = parts[i + 1]
    // An escape character without its partner is a character.
    if (behind === undefined) return `${out}${escaping}${code}`
    out += meaningOf(code, { F: field, S: component, T: subcomponent, R: repetition, E: escaping }) + behind
  }
  return out
}

function meaningOf(code: string, byCode: Readonly<Record<string, string>>): string {
  if (Object.hasOwn(byCode, code)) return byCode[code] as string
  if (/^X([0-9A-Fa-f]{2})+$/.test(code)) return Buffer.from(code.slice(1), 'hex').toString('latin1')
  return /^\.(br|sp)/.test(code) ? '\n' : ''
}
