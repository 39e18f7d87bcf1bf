/**
 * Rows of delimited text as RFC 4180 has them, read by `papaparse`, which is several times faster than `csv-parse`. What
 * departs from the standard (line ends that change, text behind a closing quote) is left to the latter, which says in
 * which line a row begins and goes on behind damage (docs/decisions/two-csv-readers.md).
 */
import Papa from 'papaparse'

export interface RegularRows {
  /** Index behind the last row that was taken. */
  readonly end: number
  /** Line of what follows. */
  readonly line: number
  /** False where the text behind `end` is not as the standard has it. */
  readonly isRegular: boolean
}

type LineEnd = '\n' | '\r\n' | '\r'

/**
 * Takes the rows of a text that ends with a line end, each with its line; the first is in line `line`. A row whose
 * quoted cell goes on behind the text is not taken. A quote inside a cell that begins without one is a character.
 */
export function regularRows(
  text: string,
  delimiter: string,
  line: number,
  take: (cells: readonly string[], line: number) => void,
): RegularRows {
  const newline = lineEndOf(text)
  const irregular = { end: 0, line, isRegular: false }
  if (newline === null || blanksBehindQuote.test(text)) return irregular
  const parsed: Papa.ParseResult<string[]> = new Papa.Parser({ delimiter, newline }).parse(text, 0, true)
  if (parsed.errors.length > 0) return irregular
  const isQuoted = text.includes('"')
  let nextLine = line
  for (const cells of parsed.data) {
    take(cells, nextLine)
    nextLine += 1 + (isQuoted ? lineEndsWithin(cells) : 0)
  }
  return { end: parsed.meta.cursor, line: nextLine, isRegular: true }
}

/** Papaparse drops them; the standard knows none. */
const blanksBehindQuote = /" +["\t,;|\r\n]/

/** The line end of the whole text, null where there are several kinds (also where a cell holds another kind). */
function lineEndOf(text: string): LineEnd | null {
  if (!text.includes('\r')) return '\n'
  if (!text.includes('\n')) return '\r'
  return /\r(?!\n)|(?<!\r)\n/.test(text) ? null : '\r\n'
}

/** Line ends of any kind in quoted cells. */
export function lineEndsWithin(cells: readonly string[]): number {
  let count = 0
  for (const cell of cells) {
    if (cell.includes('\n') || cell.includes('\r')) count += cell.split(/\r\n|\n|\r/).length - 1
  }
  return count
}
