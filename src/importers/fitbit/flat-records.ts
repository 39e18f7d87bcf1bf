/**
 * Records of one shape, read from their bytes: `{"dateTime":"04/02/17 23:32:24","value":"12"}`, or with
 * `{"bpm":70,"confidence":2}` as the value. An export holds tens of millions of them. At the first record of another
 * shape the rest of the file goes the way of all JSON, which also tells what is wrong with it.
 */
import { JsonSplitter } from '../json/splitter.ts'
import { StampReader, stampLength } from './stamp.ts'

export interface FlatHandler {
  /** `stampMs` is the time read as if it were UTC, NaN for none; `confidence` is NaN where the record states none. */
  record(stampMs: number, value: number, confidence: number, line: number, raw: () => string): void
  /** A value of another shape. */
  other(text: string, line: number): void
  refused(line: number, reason: string, raw: string): void
}

const dateTimeKey = Buffer.from('"dateTime"')
const valueKey = Buffer.from('"value"')
const bpmKey = Buffer.from('"bpm"')
const confidenceKey = Buffer.from('"confidence"')
const newline = 0x0a
const blank = 0x20
const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d
const zero = 0x30
const point = 0x2e
const maxDigits = 15
/** No record of the shape is longer, however it is indented. */
const maxRecordBytes = 4096

export class FlatRecords {
  readonly #handler: FlatHandler
  readonly #stamps = new StampReader()
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0
  #line = 1
  #hasBegun = false
  #isEnded = false
  #splitter: JsonSplitter | undefined

  constructor(handler: FlatHandler) {
    this.#handler = handler
  }

  push(chunk: Uint8Array): void {
    if (this.#isEnded) return
    if (this.#splitter) {
      this.#splitter.push(chunk)
      return
    }
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
    this.#at = 0
    let start = 0
    let line = this.#line
    while (this.#next()) {
      start = this.#at
      line = this.#line
    }
    this.#line = line
    if (this.#isEnded) this.#bytes = new Uint8Array(0)
    else {
      // What the bytes end in is read again with the next ones.
      const rest = this.#bytes.subarray(start)
      if (this.#at >= this.#bytes.length && rest.length < maxRecordBytes) this.#bytes = Buffer.from(rest)
      else this.#giveUp(rest)
    }
  }

  finish(): void {
    if (!this.#isEnded && !this.#splitter) this.#giveUp(this.#bytes)
    this.#splitter?.finish()
  }

  /** Reads a record or the start of the array; false where the bytes end or are of another shape. */
  #next(): boolean {
    this.#blanks()
    if (!this.#hasBegun) {
      this.#hasBegun = this.#is(openBracket)
      return this.#hasBegun
    }
    if (this.#bytes[this.#at] === closeBracket) {
      this.#isEnded = true
      return false
    }
    if (this.#bytes[this.#at] === comma) {
      this.#at++
      this.#blanks()
    }
    const [start, line] = [this.#at, this.#line]
    if (!(this.#is(openBrace) && this.#key(dateTimeKey) && this.#is(quote))) return false
    const stampAt = this.#at
    this.#at += stampLength
    if (!(this.#is(quote) && this.#is(comma) && this.#key(valueKey))) return false
    const isRate = this.#bytes[this.#at] === openBrace
    const value = isRate ? this.#rate() : this.#quotedNumber()
    if (Number.isNaN(value)) return false
    const confidence = isRate ? this.#confidence() : Number.NaN
    if (isRate && (Number.isNaN(confidence) || !this.#is(closeBrace))) return false
    if (!this.#is(closeBrace)) return false
    const end = this.#at
    const bytes = this.#bytes
    const raw = () => Buffer.from(bytes.subarray(start, end)).toString()
    this.#handler.record(this.#stamps.readBytes(bytes, stampAt), value, confidence, line, raw)
    return true
  }

  #rate(): number {
    this.#at++
    return this.#key(bpmKey) ? this.#number() : Number.NaN
  }

  #confidence(): number {
    return this.#is(comma) && this.#key(confidenceKey) ? this.#number() : Number.NaN
  }

  #quotedNumber(): number {
    if (!this.#is(quote)) return Number.NaN
    const value = this.#number()
    return this.#is(quote) ? value : Number.NaN
  }

  /** Digits with at most one point; NaN for all else, and where the bytes end inside. */
  #number(): number {
    this.#blanks()
    const start = this.#at
    let whole = 0
    let isDecimal = false
    for (; this.#at < this.#bytes.length; this.#at++) {
      const byte = this.#bytes[this.#at] as number
      if (byte >= zero && byte <= zero + 9) whole = whole * 10 + byte - zero
      else if (byte === point && !isDecimal) isDecimal = true
      else break
    }
    const length = this.#at - start
    if (length === 0 || this.#at === this.#bytes.length) return Number.NaN
    if (!isDecimal && length <= maxDigits) return whole
    return Number(Buffer.from(this.#bytes.subarray(start, this.#at)).toString('latin1'))
  }

  /** Takes a key and its colon. */
  #key(key: Uint8Array): boolean {
    this.#blanks()
    for (let i = 0; i < key.length; i++, this.#at++) if (this.#bytes[this.#at] !== key[i]) return false
    const isKey = this.#is(colon)
    this.#blanks()
    return isKey
  }

  /** Takes a character behind blanks. */
  #is(character: number): boolean {
    this.#blanks()
    if (this.#bytes[this.#at] !== character) return false
    this.#at++
    return true
  }

  #blanks(): void {
    for (; this.#at < this.#bytes.length; this.#at++) {
      const byte = this.#bytes[this.#at] as number
      if (byte === newline) this.#line++
      else if (byte > blank) return
    }
  }

  #giveUp(rest: Uint8Array): void {
    const before = this.#line - 1
    this.#splitter = new JsonSplitter({
      value: (text, line) => this.#handler.other(text, before + line),
      refused: (line, reason, raw) => this.#handler.refused(before + line, reason, raw),
    })
    if (this.#hasBegun) this.#splitter.push(Uint8Array.of(openBracket))
    this.#splitter.push(rest)
    this.#bytes = new Uint8Array(0)
  }
}
