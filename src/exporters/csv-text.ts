/**
 * Text cells of CSV files: nothing in them runs as a formula, steers a terminal or reorders lines, and everything can
 * be undone (docs/formats/csv.md).
 *
 * Three reversible steps, in this order: a backslash is doubled; control, bidirectional and unpaired characters are
 * written `\uXXXX`; a cell that a spreadsheet could take for a formula, or that starts with an apostrophe, gets an
 * apostrophe in front. The list of dangerous starts is OWASP's (CSV injection): = + - @ tab CR LF and the full-width
 * forms, also behind blanks.
 */

/** Control characters but tab and line ends, bidirectional marks, line separators, unpaired surrogates. */
const hidden = /(?![\t\n\r])\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Cs}/gu
const dangerousStart = /^(\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|['\t\r\n])/

/** A cell of free text. */
export function csvText(text: string): string {
  return guarded(visible(text))
}

/** A cell of several texts: joined by `;`, which is written `\;` inside one. */
export function csvList(texts: readonly string[]): string {
  return guarded(texts.map((text) => visible(text).replaceAll(';', '\\;')).join(';'))
}

/** What `csvText` was given. */
export function textOfCsv(cell: string): string {
  return unescaped(unguarded(cell))
}

/** What `csvList` was given; an empty cell is no text at all. */
export function listOfCsv(cell: string): readonly string[] {
  const text = unguarded(cell)
  if (text === '') return []
  const pieces: string[] = ['']
  for (const [token] of text.matchAll(/\\.|[^\\]/gsu)) {
    if (token === ';') pieces.push('')
    else pieces.push(pieces.pop() + token)
  }
  return pieces.map(unescaped)
}

function visible(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replace(hidden, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function guarded(text: string): string {
  return dangerousStart.test(text) ? `'${text}` : text
}

function unguarded(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell
}

function unescaped(text: string): string {
  return text.replace(
    /\\(?:u([0-9a-f]{4})|(.))/gsu,
    (_, code: string | undefined, plain: string | undefined) =>
      code === undefined ? (plain ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  )
}
