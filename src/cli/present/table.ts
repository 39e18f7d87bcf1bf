/** Tables for people: aligned columns on a wide terminal, one block a row on a narrow one. */
import Table from 'cli-table3'
import type { Style } from './style.ts'
import { clipText, padText, textWidth } from './terminal.ts'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** May be cut when the terminal is narrow; other columns keep their width. */
  readonly flexible?: boolean
  /** Goes on in the next line instead of being cut. */
  readonly wraps?: boolean
}

export interface TableOptions {
  readonly width: number
  readonly style: Style
}

/** Columns that a cell needs beside its text. */
const gap = 2
/** A flexible column is not cut below this. */
const leastFlexible = 12

/**
 * Rows under titles. Cells must be single lines that are safe for a terminal (`oneLine`); a coloured cell is never
 * cut. A table that does not fit even with its flexible columns cut is printed as blocks of `title: value` lines.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: TableOptions,
): string {
  const widths = fittedWidths(columns, naturalWidths(columns, rows), options.width)
  return widths === undefined
    ? renderBlocks(columns, rows, options.style)
    : renderColumns(columns, rows, widths, options)
}

/** Whether the rows go under titles, side by side, on a terminal of this width. */
export function fitsInColumns(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): boolean {
  return fittedWidths(columns, naturalWidths(columns, rows), width) !== undefined
}

function naturalWidths(columns: readonly Column[], rows: readonly (readonly string[])[]): readonly number[] {
  return columns.map((column, index) =>
    Math.max(textWidth(column.title), ...rows.map((row) => textWidth(row[index] ?? ''))),
  )
}

/** Takes what is too much from the widest flexible columns; `undefined` when that is not enough. */
function fittedWidths(
  columns: readonly Column[],
  natural: readonly number[],
  width: number,
): readonly number[] | undefined {
  const widths = [...natural]
  let excess = widths.reduce((sum, one) => sum + one, 0) + gap * (columns.length - 1) - width
  while (excess > 0) {
    let widest = -1
    for (const [index, column] of columns.entries()) {
      const room = column.flexible === true && (widths[index] as number) > leastFlexible
      if (room && (widest < 0 || (widths[index] as number) > (widths[widest] as number))) widest = index
    }
    if (widest < 0) return undefined
    widths[widest] = (widths[widest] as number) - 1
    excess--
  }
  return widths
}

const noBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

function renderColumns(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  widths: readonly number[],
  options: TableOptions,
): string {
  const fitted = (text: string, index: number): string => {
    const width = widths[index] ?? 0
    const cut = textWidth(text) > width ? clipText(text, width) : text
    return padText(cut, width, columns[index]?.align ?? 'left')
  }
  const table = new Table({
    chars: noBorders,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    head: columns.map((column, index) => options.style.dim(fitted(column.title, index))),
  })
  for (const row of rows.flatMap((one) => physicalRows(columns, one, widths))) {
    table.push(columns.map((_, index) => fitted(row[index] ?? '', index)))
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** A row as the lines that it takes: one, unless a cell wraps. */
function physicalRows(
  columns: readonly Column[],
  row: readonly string[],
  widths: readonly number[],
): readonly (readonly string[])[] {
  const cells = columns.map((column, index) => {
    const text = row[index] ?? ''
    return column.wraps === true ? wrapText(text, widths[index] ?? 0) : [text]
  })
  const height = Math.max(...cells.map((lines) => lines.length))
  return Array.from({ length: height }, (_, line) => cells.map((lines) => lines[line] ?? ''))
}

/** Breaks plain text between words; a word that is too long stands alone and is cut. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && textWidth(last) + 1 + textWidth(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

function renderBlocks(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: Style,
): string {
  const titleWidth = Math.max(...columns.map((column) => textWidth(column.title)))
  return rows
    .map((row) =>
      columns
        .map((column, index) => ({ title: column.title, cell: row[index] ?? '' }))
        .filter(({ cell }) => cell !== '')
        .map(({ title, cell }) => `${style.dim(padText(title, titleWidth))}  ${cell}`)
        .join('\n'),
    )
    .join('\n\n')
}
