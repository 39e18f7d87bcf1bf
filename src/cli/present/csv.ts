/**
 * Comma-separated values (RFC 4180) for `--csv`, with `\n` line ends.
 *
 * A cell of text that a spreadsheet would run as a formula gets a leading apostrophe (OWASP, "CSV injection": full-width
 * signs and signs behind blanks too); numbers keep their minus sign. Control characters other than line breaks,
 * bidirectional marks and line separators become spaces: this goes to terminals, the file of `export csv` keeps them.
 */
import type { CsvCell } from './output.ts'

const formulaStart = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]/
const active = /(?!\n)\p{Cc}|[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/gu

export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\n`
}

function csvCell(cell: CsvCell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const clean = cell.replaceAll('\r\n', '\n').replace(active, ' ')
  const harmless = formulaStart.test(cell) || formulaStart.test(clean) ? `'${clean}` : clean
  return /[",\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
