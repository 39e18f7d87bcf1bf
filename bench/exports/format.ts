/** Generated exports of each format, to measure imports on. All values are made up and the same every run. */
import { closeSync, openSync, writeSync } from 'node:fs'
import type { ImportOptions } from '../../src/importers/index.ts'
import type { Tokenizer } from '../tokenizers.ts'

export interface ExportFormat {
  /** The row is `import-<name>`; the adapter's name unless `importer` says another. */
  readonly name: string
  readonly importer?: string
  readonly options?: Partial<ImportOptions>
  /** What reads the same bytes and does nothing else, and what of it is counted there. */
  readonly tokenizer: Tokenizer
  /** What the tokenizer counts: rows, values, elements. */
  readonly units: number
  /** Observations that the import takes. */
  readonly observations: number
  /** Writes the export into a folder of its own. Returns its path. */
  write(folder: string): string | Promise<string>
}

/** First instant of all exports, ms. */
export const firstMs = Date.UTC(2016, 0, 1)
export const minuteMs = 60_000
export const fiveMinutesMs = 5 * minuteMs

/** A value that goes up and down between two numbers, with as many decimals. */
export function wave(index: number, least: number, greatest: number, decimals = 0): string {
  const share = (1 + Math.sin(index / 40) * Math.cos(index / 7)) / 2
  return (least + share * (greatest - least)).toFixed(decimals)
}

/** `2016-01-01T00:05:00` of an instant. */
export function secondText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19)
}

/** Writes `count` pieces with what stands before, between and after them, without holding the whole. */
export function writePieces(
  path: string,
  count: number,
  piece: (index: number) => string,
  { head = '', between = '\n', tail = '\n' } = {},
): string {
  const file = openSync(path, 'w')
  try {
    let text = head
    for (let index = 0; index < count; index++) {
      text += index === 0 ? piece(index) : between + piece(index)
      if (text.length < flushLength) continue
      writeSync(file, text)
      text = ''
    }
    writeSync(file, text + tail)
  } finally {
    closeSync(file)
  }
  return path
}

const flushLength = 1 << 20
