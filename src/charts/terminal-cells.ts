/** From points to character cells: lines by asciichart, bars by block characters. */
import asciichart from 'asciichart'
import { type ChartFan, type DayValue, gapLimit, spansOf } from './chart-series.ts'
import type { ValueScale } from './scale.ts'

export interface Cell {
  readonly character: string
  /** Which line of the panel it belongs to: its colour. */
  readonly line: number
}

export interface CellFrame {
  readonly from: number
  readonly to: number
  readonly columns: number
  readonly rows: number
  readonly scale: ValueScale
  readonly unicode: boolean
  readonly line: number
}

type PlacedCell = readonly [row: number, column: number, cell: Cell]

// In the order that asciichart takes them; the first two are its axis, which is cut off.
const strokes = {
  solid: [' ', ' ', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│'],
  dashed: [' ', ' ', '╶', '╴', '┄', '╰', '╭', '╮', '╯', '┆'],
  asciiSolid: [' ', ' ', '-', '-', '-', '`', '.', '.', "'", '|'],
  asciiDashed: [' ', ' ', '=', '=', '=', '`', '.', '.', "'", ':'],
} as const
const eighths = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const axisColumns = 3

/** Cells of a line; columns in a gap stay empty. */
export function lineCells(points: readonly DayValue[], frame: CellFrame): PlacedCell[] {
  const levels = columnValues(points, frame).map((value) => shareOf(value, frame.scale) * (frame.rows - 1))
  const cells: PlacedCell[] = []
  for (let start = 0; start < levels.length; ) {
    if (Number.isNaN(levels[start])) {
      start++
      continue
    }
    let end = start
    while (end < levels.length && !Number.isNaN(levels[end])) end++
    cells.push(...runCells(levels.slice(start, end), start, frame))
    start = end
  }
  return cells
}

/** One unbroken run. A lone column is a dot. */
function runCells(levels: readonly number[], start: number, frame: CellFrame): PlacedCell[] {
  const top = frame.rows - 1
  const dashed = frame.line % 2 === 1
  if (levels.length === 1) {
    const character = frame.unicode ? (dashed ? '◦' : '•') : dashed ? 'o' : '*'
    return [[top - Math.round(levels[0] as number), start, { character, line: frame.line }]]
  }
  const symbols = frame.unicode
    ? strokes[dashed ? 'dashed' : 'solid']
    : strokes[dashed ? 'asciiDashed' : 'asciiSolid']
  // The first value twice: asciichart draws the steps between values, one column less than there are values.
  const text = asciichart.plot([levels[0] as number, ...levels], {
    min: 0,
    max: top,
    height: top,
    offset: axisColumns,
    symbols,
    format: () => '',
  })
  return text
    .split('\n')
    .flatMap((line, row) =>
      [...line]
        .slice(axisColumns - 1)
        .flatMap((character, column) =>
          character === ' ' ? [] : [[row, start + column, { character, line: frame.line }] as const],
        ),
    )
}

/** Cells of bars that rise from zero, in eighths of a row where the terminal has them. */
export function barCells(points: readonly DayValue[], frame: CellFrame): PlacedCell[] {
  const zero = shareOf(Math.min(Math.max(0, frame.scale.low), frame.scale.high), frame.scale)
  const cells: PlacedCell[] = []
  barValues(points, frame).forEach((value, column) => {
    if (Number.isNaN(value)) return
    const share = shareOf(value, frame.scale)
    const low = Math.min(share, zero) * frame.rows
    const high = Math.max(share, zero) * frame.rows
    for (let row = 0; row < frame.rows; row++) {
      const filled = Math.min(high - row, 1) - Math.max(low - row, 0)
      const character = frame.unicode
        ? eighths[Math.round(Math.max(filled, 0) * 8)]
        : filled >= 0.5
          ? '#'
          : ' '
      // A day with nothing done is a fact too: a sliver, where a day without data has none.
      const shown = row === 0 && value === 0 && zero === 0 ? (frame.unicode ? '▁' : '_') : character
      if (shown !== undefined && shown !== ' ') {
        cells.push([frame.rows - 1 - row, column, { character: shown, line: frame.line }])
      }
    }
  })
  return cells
}

/** The mark of a line of ranges: the first is the upper end, the second the lower, the third between. */
export function rangeMark(line: number, unicode: boolean): string {
  const marks = unicode ? ['▾', '▴', '•'] : ['v', '^', 'o']
  return marks[line % marks.length] as string
}

/** Cells of bars between the lines' values of a day; days that share a column share the widest bar. */
export function rangeCells(lines: readonly (readonly DayValue[])[], frame: CellFrame): PlacedCell[] {
  const cells: PlacedCell[] = []
  const span = Math.max(frame.to - frame.from, 1)
  const columnOf = (day: number): number => Math.round(((day - frame.from) / span) * (frame.columns - 1))
  const rowOf = (value: number): number =>
    frame.rows - 1 - Math.round(shareOf(value, frame.scale) * (frame.rows - 1))
  for (const { day, low, high } of spansOf(lines)) {
    for (let row = rowOf(high); row <= rowOf(low); row++) {
      cells.push([row, columnOf(day), { character: frame.unicode ? '│' : '|', line: 0 }])
    }
  }
  lines.forEach((points, line) => {
    const character = rangeMark(line, frame.unicode)
    for (const { day, value } of points) cells.push([rowOf(value), columnOf(day), { character, line }])
  })
  return cells
}

/** Shades between the ends of each band, the inner one denser, and the middle as a dashed line over them. */
export function fanCells({ day, middle, bands }: ChartFan, frame: CellFrame): PlacedCell[] {
  const shades = frame.unicode ? ['░', '▒'] : ['.', ':']
  const columnsOf = (values: readonly number[]): number[] =>
    columnValues(
      values.map((value, i) => ({ day: day[i] as number, value })),
      frame,
    )
  const rowOf = (value: number): number =>
    frame.rows - 1 - Math.round(shareOf(value, frame.scale) * (frame.rows - 1))
  const cells: PlacedCell[] = []
  bands.forEach(({ low, high }, band) => {
    const character = shades[Math.min(band, shades.length - 1)] as string
    const lows = columnsOf(low)
    columnsOf(high).forEach((top, column) => {
      const bottom = lows[column] as number
      if (Number.isNaN(top) || Number.isNaN(bottom)) return
      for (let row = rowOf(top); row <= rowOf(bottom); row++)
        cells.push([row, column, { character, line: frame.line }])
    })
  })
  const points = middle.map((value, i) => ({ day: day[i] as number, value }))
  return [...cells, ...lineCells(points, frame)]
}

/** Mean of the points that fall into a column; between neighbours interpolated; NaN in gaps and outside. */
function columnValues(points: readonly DayValue[], frame: CellFrame): number[] {
  const values = bucketMeans(points, frame, frame.columns)
  const limit = gapLimit(points)
  const perColumn = Math.max(frame.to - frame.from, 1) / Math.max(frame.columns - 1, 1)
  let previous = -1
  for (let column = 0; column < values.length; column++) {
    const value = values[column] as number
    if (Number.isNaN(value)) continue
    const columns = column - previous
    if (previous >= 0 && columns > 1 && columns * perColumn <= limit) {
      const before = values[previous] as number
      for (let i = 1; i < columns; i++) values[previous + i] = before + (value - before) * (i / columns)
    }
    previous = column
  }
  return values
}

function bucketMeans(points: readonly DayValue[], frame: CellFrame, columns: number): number[] {
  const sums = new Float64Array(columns)
  const counts = new Float64Array(columns)
  const span = Math.max(frame.to - frame.from, 1)
  for (const { day, value } of points) {
    const column = Math.round(((day - frame.from) / span) * (columns - 1))
    counts[column] = (counts[column] as number) + 1
    // Running mean: a sum of huge values would overflow.
    sums[column] = (sums[column] as number) + (value - (sums[column] as number)) / (counts[column] as number)
  }
  return Array.from(sums, (mean, i) => (counts[i] === 0 ? Number.NaN : mean))
}

/** With room for it a day is several columns wide, the last of them empty so that bars stand apart. */
function barValues(points: readonly DayValue[], frame: CellFrame): number[] {
  const days = frame.to - frame.from + 1
  const wide = Math.floor(frame.columns / days)
  if (wide < 2) return bucketMeans(points, frame, frame.columns)
  const values = new Array<number>(frame.columns).fill(Number.NaN)
  for (const { day, value } of points) {
    const centre = Math.round(((day - frame.from) / Math.max(days - 1, 1)) * (frame.columns - 1))
    const half = Math.floor((Math.min(wide, 7) - 1) / 2)
    for (let column = centre - half; column <= centre + half; column++) {
      if (column >= 0 && column < frame.columns) values[column] = value
    }
  }
  return values
}

function shareOf(value: number, scale: ValueScale): number {
  if (Number.isNaN(value)) return value
  const share = (value / 2 - scale.low / 2) / (scale.high / 2 - scale.low / 2)
  return Math.min(Math.max(share, 0), 1)
}
