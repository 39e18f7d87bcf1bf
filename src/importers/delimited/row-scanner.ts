/**
 * Rows of delimited text as RFC 4180 has them, cut out of a string. What departs from it (text behind a closing quote)
 * is left to `csv-parse`, which is some eight times slower (docs/decisions/own-csv-scanner.md).
 */

export interface ScannedRows {
  /** Index behind the last row that was taken. */
  readonly end: number
  /** Line of what follows. */
  readonly line: number
  /** False where the text behind `end` is no row of the standard, or a very long one. */
  readonly isRegular: boolean
}

/** Characters of a row at most. */
const maxRowLength = 64 * 1024
const quote = 0x22
const lineFeed = 0x0a
const carriageReturn = 0x0d

/**
 * Takes the rows of a text that ends with a line end, each with its line; the first is in line `line`. A row whose
 * quoted cell goes on behind the text is not taken. A quote inside a cell that begins without one is a character.
 */
export function scanRows(
  text: string,
  delimiter: string,
  line: number,
  take: (cells: readonly string[], line: number) => void,
): ScannedRows {
  const separator = delimiter.charCodeAt(0)
  let nextLine = line
  let start = 0
  let cells: string[] = []
  let innerLines = 0
  for (let at = 0; at < text.length; ) {
    let end: number
    if (text.charCodeAt(at) === quote) {
      const close = closingQuote(text, at + 1)
      if (close < 0) return { end: start, line: nextLine, isRegular: true }
      const cell = text.slice(at + 1, close)
      cells.push(cell.includes('"') ? cell.replaceAll('""', '"') : cell)
      innerLines += lineEnds(cell)
      end = close + 1
    } else {
      end = cellEnd(text, at, separator)
      cells.push(text.slice(at, end))
    }
    const behind = text.charCodeAt(end)
    if (behind === separator) {
      at = end + 1
      continue
    }
    const isRow = behind === lineFeed || behind === carriageReturn
    if (!isRow || end - start > maxRowLength) return { end: start, line: nextLine, isRegular: false }
    at = end + (behind === carriageReturn && text.charCodeAt(end + 1) === lineFeed ? 2 : 1)
    take(cells, nextLine)
    nextLine += 1 + innerLines
    innerLines = 0
    cells = []
    start = at
  }
  return { end: start, line: nextLine, isRegular: true }
}

/** Index of the quote that closes a cell; -1 when there is none. Two together are a quote of the cell. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at >= 0 && text.charCodeAt(at + 1) === quote) at = text.indexOf('"', at + 2)
  return at
}

function cellEnd(text: string, from: number, separator: number): number {
  let at = from
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at)
    if (c === separator || c === lineFeed || c === carriageReturn) break
  }
  return at
}

function lineEnds(cell: string): number {
  return cell.includes('\n') || cell.includes('\r') ? cell.split(/\r\n|\n|\r/).length - 1 : 0
}
