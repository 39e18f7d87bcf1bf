/**
 * Rows of delimited text, streamed, with the line that each begins in.
 *
 * `papaparse` reads as long as the rows are as the standard has them; from the first piece that is not, `csv-parse`. It
 * stops for good at a quote that is never closed and at a record without end; here such a line is refused alone and
 * reading goes on with a new parser behind it.
 */
import { CsvError, type Parser, parse } from 'csv-parse'
import type { Delimiter } from './delimiter.ts'
import { lineEndsWithin, regularRows } from './regular-rows.ts'

export interface RowHandler {
  /** `line`: where the row begins, from 1. A blank line is a row of one empty cell. */
  row(cells: readonly string[], line: number): void
  /** A line that is no row. */
  refused(line: number, reason: string, raw: string): void
}

/** Bytes of one row at most. */
const maxRowBytes = 256 * 1024
/** Every damaged line may cost a look at `maxRowBytes` behind it, so their number is bounded. */
const maxDamagedLines = 100
/** Bytes that are read at once. A cell that is kept keeps the text that it was cut from. */
const pieceBytes = 64 * 1024
const newline = 0x0a
const carriageReturn = 0x0d

export class CsvReader {
  readonly #delimiter: Delimiter
  readonly #handler: RowHandler
  #parser: Parser
  #isRegular = true
  /** Bytes of the row that the last piece ended in. */
  #begun: Buffer = Buffer.alloc(0)
  /** Bytes that the parser has seen since the end of its last row. */
  #unread: Buffer = Buffer.alloc(0)
  /** Bytes of the parser's own count at the end of its last row. */
  #rowEnd = 0
  #bytesBefore = 0
  #nextLine = 1
  #damaged = 0
  #isSkipping = false
  #isOver = false

  constructor(delimiter: Delimiter, handler: RowHandler) {
    this.#delimiter = delimiter
    this.#handler = handler
    this.#parser = this.#start()
  }

  /** Too many lines were damaged: the rest is not read. */
  get isOver(): boolean {
    return this.#isOver
  }

  async push(chunk: Uint8Array): Promise<void> {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    const rest = this.#isRegular ? this.#takeRegular(bytes) : bytes
    if (rest.length > 0) await this.#parse(rest)
  }

  /** Takes regular rows; returns what is left for the parser, if it is its turn. */
  #takeRegular(bytes: Buffer): Buffer {
    for (let from = 0; from < bytes.length; from += pieceBytes) {
      const left = this.#takePiece(bytes.subarray(from, from + pieceBytes))
      if (!this.#isRegular) return Buffer.concat([left, bytes.subarray(from + pieceBytes)])
      // A copy, so that the chunk does not stay for its sake.
      this.#begun = Buffer.from(left)
    }
    return Buffer.alloc(0)
  }

  /** Takes the rows of a piece; returns the bytes behind them. */
  #takePiece(piece: Buffer): Buffer {
    const bytes = this.#begun.length === 0 ? piece : Buffer.concat([this.#begun, piece])
    const whole = endOfLines(bytes)
    const text = bytes.toString('utf8', 0, whole)
    // Where a character stands for damaged bytes, the text does not tell how many they were.
    if (text.includes('\ufffd')) {
      this.#isRegular = false
      return bytes
    }
    const { end, line, isRegular } = regularRows(text, this.#delimiter, this.#nextLine, (cells, at) =>
      this.#handler.row(cells, at),
    )
    this.#nextLine = line
    const left = bytes.subarray(end === text.length ? whole : Buffer.byteLength(text.slice(0, end)))
    this.#isRegular = isRegular && left.length <= maxRowBytes
    return left
  }

  async #parse(bytes: Buffer): Promise<void> {
    let rest = bytes
    if (this.#isSkipping) {
      const end = rest.indexOf(newline)
      if (end < 0) return
      this.#isSkipping = false
      this.#nextLine++
      rest = rest.subarray(end + 1)
    }
    while (rest.length > 0 && !this.#isOver) {
      this.#unread = this.#unread.length === 0 ? rest : Buffer.concat([this.#unread, rest])
      const error = await written(this.#parser, rest)
      this.#unread = this.#unread.subarray(this.#rowEnd - this.#bytesBefore)
      this.#bytesBefore = this.#rowEnd
      if (error === null) return
      rest = this.#recover(error)
    }
  }

  async finish(): Promise<void> {
    if (this.#isRegular) {
      this.#isRegular = false
      if (this.#begun.length === 0) return
      await this.#parse(this.#begun)
    }
    while (!this.#isOver && !this.#isSkipping) {
      const error = await ended(this.#parser)
      this.#unread = this.#unread.subarray(this.#rowEnd - this.#bytesBefore)
      this.#bytesBefore = this.#rowEnd
      if (error === null) return
      const rest = this.#recover(error)
      if (rest.length > 0) await this.#parse(rest)
      if (this.#unread.length === 0) return
    }
  }

  #start(): Parser {
    const parser = parse({
      delimiter: this.#delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: false,
      max_record_size: maxRowBytes,
      on_record: (cells: string[], { bytes }) => {
        const line = this.#nextLine
        this.#nextLine = line + 1 + lineEndsWithin(cells)
        this.#rowEnd = bytes
        this.#handler.row(cells, line)
        return null
      },
    })
    // The error comes with the write that meets it.
    parser.on('error', () => {})
    return parser
  }

  /** Refuses the line at which the parser failed; what stands behind it is to be read anew. */
  #recover(error: Error): Buffer {
    if (!(error instanceof CsvError)) throw error
    const end = this.#unread.indexOf(newline)
    const lineBytes = end < 0 ? this.#unread : this.#unread.subarray(0, end)
    const reason =
      error.code === 'CSV_MAX_RECORD_SIZE' ? 'the row has no end' : 'a quote in it is never closed'
    this.#handler.refused(this.#nextLine, reason, lineBytes.toString('utf8', 0, 400))
    const rest = end < 0 ? Buffer.alloc(0) : Buffer.from(this.#unread.subarray(end + 1))
    this.#isSkipping = end < 0
    if (end >= 0) this.#nextLine++
    this.#unread = Buffer.alloc(0)
    this.#rowEnd = 0
    this.#bytesBefore = 0
    this.#parser = this.#start()
    if (++this.#damaged >= maxDamagedLines) {
      this.#isOver = true
      this.#handler.refused(this.#nextLine, 'too many lines are damaged: the rest is not read', '')
    }
    return rest
  }
}

/** Bytes up to the last line end. Only where there is no LF a CR is one: the LF of CRLF may come with the next bytes. */
function endOfLines(bytes: Buffer): number {
  const end = bytes.lastIndexOf(newline)
  return (end >= 0 ? end : bytes.lastIndexOf(carriageReturn, -2)) + 1
}

function written(parser: Parser, bytes: Buffer): Promise<Error | null> {
  return new Promise((settle) => parser.write(bytes, (error) => settle(error ?? null)))
}

function ended(parser: Parser): Promise<Error | null> {
  return new Promise((settle) => {
    parser.once('error', settle)
    parser.once('end', () => settle(null))
    parser.resume()
    parser.end()
  })
}

/** A row as text again, for what is kept or refused. */
export function rowText(cells: readonly string[], delimiter: string): string {
  return cells
    .map((cell) =>
      cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
    )
    .join(delimiter)
}

export const overflowReason = 'it has more cells than the header'

/** Whether a row says something behind the last column: an unquoted decimal comma has moved its cells. */
export function overflows(cells: readonly string[], width: number): boolean {
  for (let i = width; i < cells.length; i++) if (cells[i] !== '') return true
  return false
}
