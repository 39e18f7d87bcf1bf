/**
 * Splits JSON text into its values without parsing them: the elements of a top-level array, or values one after the
 * other (NDJSON). Memory is that of one value. A value that is too deep or too large is refused; its neighbours are
 * read. Numbers keep their digits, because the caller sees the text.
 */

export interface JsonHandler {
  /** A value's text and the line that it begins in, from 1. */
  value(text: string, line: number): void
  refused(line: number, reason: string, raw: string): void
}

export const jsonLimits = {
  /** Bytes of one value: a whole document that is one object counts as one value. */
  valueBytes: 64 * 1024 * 1024,
  depth: 200,
} as const

/** Lines that are tried again one by one after a value that is never closed. */
const maxRetries = 100
const newline = 0x0a
const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

export class JsonSplitter {
  readonly #handler: JsonHandler
  readonly #retries: number
  #isArray: boolean | null = null
  #isEnded = false
  #line = 1
  /** Bytes of the value under way, from earlier chunks. */
  #parts: Uint8Array[] = []
  #length = 0
  #valueLine = 1
  #isInside = false
  #depth = 0
  #inString = false
  #isEscaped = false
  #fault = ''

  constructor(handler: JsonHandler, retries = maxRetries) {
    this.#handler = handler
    this.#retries = retries
  }

  push(chunk: Uint8Array): void {
    let start = 0
    for (let i = 0; i < chunk.length; i++) {
      if (this.#depth > 0) {
        i = this.#endOfNested(chunk, i)
        if (i < chunk.length) this.#close(chunk, start, i + 1)
        continue
      }
      const c = chunk[i] as number
      if (c === newline) this.#line++
      if (!this.#isInside) {
        if (!this.#begins(c)) continue
        start = i
      }
      if (this.#inString) {
        this.#insideString(c)
        if (this.#inString) continue
        // A text that is a value by itself ends here.
        this.#close(chunk, start, i + 1)
        continue
      }
      if (c === quote) this.#inString = true
      else if (c === openBrace || c === openBracket) this.#depth = 1
      else if (c === closeBrace || c === closeBracket) {
        // The end of the array behind a plain value.
        this.#close(chunk, start, i)
        this.#outside(c)
      } else if (c === comma || c <= 0x20) this.#close(chunk, start, i)
    }
    if (this.#isInside) this.#keep(chunk.subarray(start))
  }

  /**
   * Index of the bracket that closes the object or list under way; the chunk's length when it goes on behind it. Nearly
   * all bytes come by here, so the state is in variables.
   */
  #endOfNested(chunk: Uint8Array, from: number): number {
    let depth = this.#depth
    let line = this.#line
    let inString = this.#inString
    let isEscaped = this.#isEscaped
    let at = from
    for (; at < chunk.length; at++) {
      const c = chunk[at] as number
      if (c === newline) line++
      if (inString) {
        if (isEscaped) isEscaped = false
        else if (c === backslash) isEscaped = true
        else if (c === quote) inString = false
      } else if (c === quote) inString = true
      else if (c === openBrace || c === openBracket) {
        if (++depth === jsonLimits.depth) this.#fault = 'it is nested too deep'
      } else if ((c === closeBrace || c === closeBracket) && --depth === 0) break
    }
    this.#depth = depth
    this.#line = line
    this.#inString = inString
    this.#isEscaped = isEscaped
    return at
  }

  /** Ends the text. A value that is not closed is refused; of lines the others are tried again. */
  finish(): void {
    if (!this.#isInside) return
    const isPlain = this.#depth === 0 && !this.#inString && this.#fault === ''
    if (isPlain) {
      this.#close(new Uint8Array(0), 0, 0)
      return
    }
    const text = Buffer.concat(this.#parts)
    const end = text.indexOf(newline)
    const rest = end < 0 ? new Uint8Array(0) : text.subarray(end + 1)
    const line = this.#valueLine
    this.#handler.refused(
      line,
      this.#fault === '' ? 'the text ends inside it' : this.#fault,
      text.toString('utf8', 0, 400),
    )
    this.#reset()
    if (this.#isArray === true || this.#retries === 0 || rest.length === 0) return
    const again = new JsonSplitter(this.#handler, this.#retries - 1)
    again.#isArray = false
    again.#line = line + 1
    again.push(rest)
    again.finish()
  }

  /** Whether a value begins with this byte. */
  #begins(c: number): boolean {
    if (c <= 0x20 || this.#isEnded) return false
    if (this.#isArray === null) {
      this.#isArray = c === openBracket
      if (this.#isArray) return false
    }
    if (c === comma || c === closeBracket || c === closeBrace) {
      this.#outside(c)
      return false
    }
    this.#isInside = true
    this.#valueLine = this.#line
    return true
  }

  #outside(c: number): void {
    if (c === closeBracket && this.#isArray === true) this.#isEnded = true
  }

  #insideString(c: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (c === backslash) this.#isEscaped = true
    else if (c === quote) this.#inString = false
  }

  #keep(bytes: Uint8Array): void {
    this.#length += bytes.length
    if (this.#length > jsonLimits.valueBytes) {
      this.#fault = 'it is larger than 64 MB'
      this.#parts = this.#parts.slice(0, 1).map((part) => part.subarray(0, 400))
    } else this.#parts.push(Buffer.from(bytes))
  }

  /** The text of the value under way; most lie in one chunk. */
  #textTo(chunk: Uint8Array, start: number, end: number): string {
    if (this.#parts.length === 0 && end - start <= jsonLimits.valueBytes)
      return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('utf8', start, end)
    this.#keep(chunk.subarray(start, end))
    return Buffer.concat(this.#parts).toString('utf8')
  }

  #close(chunk: Uint8Array, start: number, end: number): void {
    const text = this.#textTo(chunk, start, end)
    const fault = this.#fault
    const line = this.#valueLine
    this.#reset()
    if (fault === '') this.#handler.value(text, line)
    else this.#handler.refused(line, fault, text.slice(0, 400))
  }

  #reset(): void {
    this.#parts = []
    this.#length = 0
    this.#isInside = false
    this.#depth = 0
    this.#inString = false
    this.#isEscaped = false
    this.#fault = ''
  }
}
