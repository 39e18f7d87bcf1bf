/**
 * Comma-separated values (RFC 4180) for `--csv`, with `\n` line ends.
 *
 * A cell of text that a spreadsheet would run as a formula gets a leading apostrophe (OWASP, "CSV injection");
 * numbers keep their minus sign. Control characters other than line breaks are dropped to spaces.
 */
import type { CsvCell } from './output.ts'

const formulaStart = /^[=+\-@\t\r]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose
const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g

export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\n`
}

function csvCell(cell: CsvCell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const clean = cell.replaceAll('\r\n', '\n').replace(control, ' ')
  const harmless = formulaStart.test(cell) ? `'${clean}` : clean
  return /[",\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
