/**
 * Text from outside, made harmless for a terminal (security.md T36), and measured in columns.
 *
 * Names, notes, file names and error messages may hold anything. A control byte could move the cursor, set the
 * clipboard (OSC 52) or rewrite what was printed; a bidirectional override could show `gpj.exe` as `exe.jpg`; a
 * zero-width character could make two names look alike. So nothing of that kind is printed as it is: control
 * characters, invisible characters and bidirectional controls become visible escapes, and text with right-to-left
 * letters is put into an isolate of our own so that it cannot reorder what stands around it.
 */

/**
 * Control (C0, C1), format (bidirectional controls, tags), line and paragraph separators, lone surrogates, and all
 * that Unicode says may be left invisible (zero-width, fillers, variation selectors).
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu

/** Right-to-left scripts: Hebrew to Arabic Extended, presentation forms, and the right-to-left planes. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

const firstStrongIsolate = '\u2068'
const popIsolate = '\u2069'
const zeroWidthJoiner = '\u200d'
const colourSelector = '\ufe0f'

/** One line of outside text: every control character shown as an escape, newlines included. */
export function oneLine(text: string): string {
  return isolated(text.replace(unsafe, (character, offset: number) => visible(character, text, offset)))
}

/** Outside text that may have several lines: newlines and tabs stay, everything else as in `oneLine`. */
export function manyLines(text: string): string {
  return text.replaceAll('\r\n', '\n').split('\n').map(lineWithTabs).join('\n')
}

function lineWithTabs(line: string): string {
  return line.split('\t').map(oneLine).join('\t')
}

/** A joiner between two pictographs, or the selector that draws one in colour, is how the writer meant it. */
function visible(character: string, text: string, offset: number): string {
  if (
    (character === zeroWidthJoiner || character === colourSelector) &&
    partOfEmoji(character, text, offset)
  ) {
    return character
  }
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  if (character === '\t') return '\\t'
  const code = character.codePointAt(0) ?? 0
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  return `\\u{${code.toString(16)}}`
}

function partOfEmoji(character: string, text: string, offset: number): boolean {
  const before = /[\p{Extended_Pictographic}#*0-9][\ufe0f\u{1f3fb}-\u{1f3ff}]?$/u.test(
    text.slice(Math.max(0, offset - 4), offset),
  )
  return (
    before &&
    (character === colourSelector || /^\p{Extended_Pictographic}/u.test(text.slice(offset + 1, offset + 3)))
  )
}

function isolated(text: string): string {
  return rightToLeft.test(text) ? firstStrongIsolate + text + popIsolate : text
}

/** Our own colour sequences, which take no column. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence starts with ESC
const colour = /\u001b\[[\d;]*m/g
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{1fa70}-\u{1faff}\u{20000}-\u{3fffd}]/u
const noWidth = /^[\p{Mn}\p{Me}\p{Cf}\p{Default_Ignorable_Code_Point}]+$/u

/** Columns that a text takes: graphemes, East Asian wide characters and emoji as two. */
export function textWidth(text: string): number {
  const plain = text.replace(colour, '')
  if (/^[\x20-\x7e]*$/.test(plain)) return plain.length
  let width = 0
  for (const { segment } of segmenter().segment(plain)) {
    if (noWidth.test(segment)) continue
    width += wide.test(segment) ? 2 : 1
  }
  return width
}

let graphemes: Intl.Segmenter | undefined
function segmenter(): Intl.Segmenter {
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return graphemes
}

/** Pads to `width` columns; never cuts. */
export function padText(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  const gap = ' '.repeat(Math.max(0, width - textWidth(text)))
  return side === 'left' ? text + gap : gap + text
}

/** Cuts plain text (no colours) to `width` columns, with an ellipsis where something was lost. */
export function clipText(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  let out = ''
  let used = 0
  for (const { segment } of segmenter().segment(text)) {
    const size = textWidth(segment)
    if (used + size > width - 1) break
    out += segment
    used += size
  }
  const open = out.includes(firstStrongIsolate) && !out.includes(popIsolate)
  return `${out}…${open ? popIsolate : ''}`
}
