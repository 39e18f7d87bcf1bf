/**
 * Resources inside JSON, one at a time and verbatim: the entries of a Bundle, the elements of a list, one resource
 * alone, or several behind each other. Walks bytes and parses nothing itself, so that a file of any size needs the
 * memory of one entry, and each entry keeps its text (numbers with all their digits) and its line.
 */

import { isDeep, tooDeep } from './depth.ts'

export interface JsonPart {
  /** `entry` of a Bundle, or a whole `value`. */
  readonly kind: 'entry' | 'value'
  readonly bytes: Buffer
  /** Line on which it begins, from 1. */
  readonly line: number
}

export interface EntryEvents {
  part(part: JsonPart): void
  /** Entries of a Bundle follow; `head` is the Bundle as far as it was read, closed. */
  bundle(head: string): void
  /** A part is too large or too deep, is no object, or the document ends inside it. */
  refused(reason: string, line: number): void
}

/** One entry at most; documents of a hospital stay have some megabytes. */
export const maxPartBytes = 32 * 1024 * 1024
/** Why what stands in the place of an object is refused. */
export const noObject = 'it is no JSON object'

const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const colon = 0x3a
const comma = 0x2c
const newline = 0x0a
const space = 0x20
const nothing = -1
const maxKey = 20
const bundleType = /"resourceType"\s*:\s*"(\w+)"/

export class EntryScanner {
  readonly #events: EntryEvents
  #depth = 0
  #line = 1
  #inString = false
  #escaped = false
  /** The last string at depth 1, and whether it was a key. */
  #word: number[] = []
  #key = ''
  /** Depth at which the parts of a split array stand; 0 while nothing is split. */
  #partDepth = 0
  #partKind: 'entry' | 'value' = 'value'
  /** Pieces of the part that is open, and its size. */
  #pieces: Buffer[] = []
  #size = 0
  #partLine = 0
  #isOpen = false
  #isTooDeep = false
  /** Inside an element of a split array that is a text or a number. */
  #isPlain = false
  /** Where the open part begins in the chunk. */
  #start = 0

  constructor(events: EntryEvents) {
    this.#events = events
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.isBuffer(chunk)
      ? chunk
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    this.#start = this.#isOpen ? 0 : -1
    for (let i = 0; i < bytes.length; i++) {
      const c = bytes[i] as number
      if (c === newline) this.#line++
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false
        else if (c === backslash) this.#escaped = true
        else if (c === quote) this.#inString = false
        else if (this.#depth === 1 && this.#word.length < maxKey) this.#word.push(c)
      } else if (c === quote) {
        this.#inString = true
        if (this.#depth === 1) this.#word = []
        this.#plain()
      } else if (c === colon) {
        if (this.#depth === 1) this.#key = Buffer.from(this.#word).toString('latin1')
      } else if (c === openBrace || c === openBracket) this.#opened(bytes, i, c)
      else if (c === closeBrace || c === closeBracket) this.#closed(bytes, i)
      else if (c === comma) this.#isPlain = false
      else if (c > space) this.#plain()
    }
    if (this.#isOpen) this.#take(bytes.subarray(Math.max(0, this.#start)))
  }

  finish(): void {
    if (this.#isOpen || this.#depth > 0) {
      const reason = this.#isTooDeep ? tooDeep : 'the file ends before it is closed'
      this.#events.refused(reason, this.#isOpen ? this.#partLine : this.#line)
    }
  }

  #opened(bytes: Buffer, at: number, c: number): void {
    this.#depth++
    this.#isPlain = false
    if (isDeep(this.#depth)) this.#isTooDeep = true
    if (this.#partDepth === 0) {
      if (this.#depth === 1 && c === openBracket) {
        this.#partDepth = 2
        this.#partKind = 'value'
        return
      }
      if (this.#depth === 1) this.#begin(at)
      else if (this.#depth === 2 && c === openBracket && this.#key === 'entry') this.#splitAt(bytes, at)
    } else if (this.#depth === this.#partDepth) this.#begin(at)
  }

  #closed(bytes: Buffer, at: number): void {
    if (this.#depth === 0) return
    this.#depth--
    this.#isPlain = false
    if (this.#isOpen && this.#depth === (this.#partDepth === 0 ? 0 : this.#partDepth - 1)) {
      this.#end(bytes, at + 1)
    }
    // What follows the array in the Bundle holds no entries, but another value may come behind the Bundle.
    if (this.#depth === 0) this.#partDepth = 0
    else if (this.#partDepth === 3 && this.#depth === 1) this.#partDepth = nothing
  }

  /** A text or number begins: as an element of a split array it is refused. */
  #plain(): void {
    if (this.#isPlain || this.#isOpen || this.#depth !== this.#partDepth - 1) return
    this.#isPlain = true
    this.#events.refused(noObject, this.#line)
  }

  #begin(at: number): void {
    this.#isOpen = true
    this.#isTooDeep = false
    this.#start = at
    this.#partLine = this.#line
    this.#pieces = []
    this.#size = 0
  }

  #take(piece: Buffer): void {
    this.#size += piece.length
    // Beyond the limit nothing is kept; the end is still looked for.
    if (this.#size > maxPartBytes) this.#pieces = []
    else this.#pieces.push(piece)
  }

  #end(bytes: Buffer, to: number): void {
    this.#take(bytes.subarray(Math.max(0, this.#start), to))
    this.#isOpen = false
    this.#start = -1
    if (this.#isTooDeep) this.#events.refused(tooDeep, this.#partLine)
    else if (this.#size > maxPartBytes) {
      this.#events.refused(`it is larger than ${maxPartBytes / 2 ** 20} MB`, this.#partLine)
    } else {
      // A copy, so that a small part does not keep the chunk that it came in.
      const whole = Buffer.concat(this.#pieces, this.#size)
      const kind = this.#partDepth === 0 ? 'value' : this.#partKind
      this.#events.part({ kind, bytes: whole, line: this.#partLine })
    }
    this.#pieces = []
  }

  /** Hands over entries alone, unless the object around them is none: a List has entries of another kind. */
  #splitAt(bytes: Buffer, at: number): void {
    const pieces = [...this.#pieces, bytes.subarray(Math.max(0, this.#start), at)]
    const head = Buffer.concat(pieces).toString('utf8')
    const type = bundleType.exec(head)?.[1]
    if (type !== undefined && type !== 'Bundle') return
    this.#partDepth = 3
    this.#partKind = 'entry'
    this.#isOpen = false
    this.#start = -1
    this.#pieces = []
    this.#events.bundle(`${head}[]}`)
  }
}
