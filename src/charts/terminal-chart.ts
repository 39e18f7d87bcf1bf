/**
 * A chart of characters: one panel per series, with value labels, a time axis and a line that says the extremes.
 *
 * Lines are drawn by asciichart, run by run, so that a gap in the data stays a gap; bars by block characters. Several
 * lines of a panel differ by stroke as well as by colour. With `unicode` off only ASCII is used. Text from outside is
 * escaped; no line is wider than `width`.
 */
import { formatDay } from '../foundation/index.ts'
import {
  type ChartSeries,
  type DayValue,
  dayRange,
  fanLabel,
  fanValues,
  numberText,
  pointsOf,
} from './chart-series.ts'
import { plainText } from './escape.ts'
import { dayTicks, type ValueScale, valueScale } from './scale.ts'
import {
  barCells,
  type Cell,
  type CellFrame,
  fanCells,
  lineCells,
  rangeCells,
  rangeMark,
} from './terminal-cells.ts'

export interface TerminalOptions {
  /** Columns of the terminal; at least 30 are used. */
  readonly width: number
  /** Rows of the plotting area of one panel; at least 3. */
  readonly height: number
  readonly color: boolean
  readonly unicode: boolean
  /** First and last day shown; the data's when left out. */
  readonly fromDay?: number
  readonly toDay?: number
}

const colors = ['36', '33', '35'] as const
const dim = '2'
const bold = '1'
/** Terminals narrower than this get lines that wrap rather than a chart that says nothing. */
const leastWidth = 30

/** The chart as lines of text without a final line break. Never fails on finite data. */
export function terminalChart(series: readonly ChartSeries[], options: TerminalOptions): string {
  const range = dayRange(series)
  if (range === null) return 'No data in this period.'
  const from = options.fromDay ?? range.from
  const to = Math.max(options.toDay ?? range.to, from)
  const width = Math.max(Math.floor(options.width), leastWidth)
  const height = Math.max(Math.floor(options.height), 3)
  const panels = series.map((one) => panelLines(one, { ...options, width, height }, from, to).join('\n'))
  return panels.join('\n\n')
}

function panelLines(series: ChartSeries, options: TerminalOptions, from: number, to: number): string[] {
  const shown = series.lines.map((line) => pointsOf(line).filter(({ day }) => day >= from && day <= to))
  const values = [...shown.flatMap((points) => points.map(({ value }) => value)), ...fanValues(series)]
  const scale = valueScale(values, Math.min(Math.ceil(options.height / 3), 6), series.kind === 'bars')
  const labels = rowLabels(scale, options.height)
  const gutter = labels.reduce((most, label) => Math.max(most, label.length), 0)
  const columns = Math.max(options.width - gutter - 2, 4)
  const axis = options.unicode ? { side: '┤', corner: '└', floor: '─', tick: '┬' } : asciiAxis
  const grid = Array.from({ length: options.height }, () => new Array<Cell | undefined>(columns))
  const frame = { from, to, columns, rows: options.height, scale, unicode: options.unicode, line: 0 }
  for (const [row, column, cell] of cellsOf(series, shown, frame)) {
    const target = grid[row]
    if (target !== undefined && column >= 0 && column < columns) target[column] = cell
  }
  const paint = painter(options.color)
  const rows = grid.map((cells, row) => {
    const label = (labels[row] ?? '').padStart(gutter)
    return `${paint(`${label} ${axis.side}`, dim)}${paintCells(cells, paint)}`.trimEnd()
  })
  const ticks = dayTicks(from, to, columns / 12).map(({ day, label }) => ({
    column: Math.round(((day - from) / Math.max(to - from, 1)) * (columns - 1)),
    label,
  }))
  const floor = Array.from({ length: columns }, (_, column) =>
    ticks.some((tick) => tick.column === column) ? axis.tick : axis.floor,
  )
  const pad = ' '.repeat(gutter + 1)
  return [
    ...heading(series, options, paint),
    ...rows,
    paint(`${pad}${axis.corner}${floor.join('')}`, dim),
    paint(`${pad} ${tickLabels(ticks, columns)}`.trimEnd(), dim),
  ]
}

function cellsOf(series: ChartSeries, shown: readonly DayValue[][], frame: CellFrame) {
  if (series.kind === 'ranges') return rangeCells(shown, frame)
  const draw = series.kind === 'bars' ? barCells : lineCells
  const past = shown.flatMap((points, line) => draw(points, { ...frame, line }))
  return series.fan === undefined ? past : [...fanCells(series.fan, { ...frame, line: 1 }), ...past]
}

const asciiAxis = { side: '|', corner: '+', floor: '-', tick: '+' }

function heading(series: ChartSeries, options: TerminalOptions, paint: Paint): string[] {
  const unit = series.unit === '' ? '' : ` ${plainText(series.unit)}`
  const title = cut(`${plainText(series.title)}${unit === '' ? '' : ` (${unit.trim()})`}`, options)
  const facts = series.lines.map((line, i) => {
    const points = pointsOf(line)
    const last = points.at(-1)
    const label = line.label === '' ? '' : `${plainText(line.label)}: `
    if (last === undefined) return cut(`  ${label}no data`, options)
    const sorted = points.map(({ value }) => value).sort((a, b) => a - b)
    const text = (value: number) => numberText(value, series.decimals)
    const sample = series.kind === 'ranges' ? rangeMark(i, options.unicode) : strokeSample(i, options.unicode)
    const stroke = series.lines.length < 2 ? '' : `${sample} `
    const extremes = `min ${text(sorted[0] as number)}, max ${text(sorted.at(-1) as number)}`
    return paint(
      cut(
        `  ${stroke}${label}${extremes}, latest ${text(last.value)}${unit} on ${formatDay(last.day)}`,
        options,
      ),
      series.lines.length < 2 ? dim : colorOf(i),
    )
  })
  const shades = options.unicode ? '▒┄' : ':='
  const fan =
    series.fan === undefined ? [] : [paint(cut(`  ${shades} ${fanLabel(series.fan)}`, options), colorOf(1))]
  return [paint(title, bold), ...facts, ...fan]
}

function strokeSample(line: number, unicode: boolean): string {
  return line % 2 === 0 ? (unicode ? '──' : '--') : unicode ? '┄┄' : '=='
}

function rowLabels(scale: ValueScale, rows: number): string[] {
  const labels = new Array<string>(rows).fill('')
  for (const tick of scale.ticks) {
    const share = (tick / 2 - scale.low / 2) / (scale.high / 2 - scale.low / 2)
    labels[rows - 1 - Math.round(share * (rows - 1))] = numberText(tick, scale.decimals)
  }
  return labels
}

/** Labels centred under their ticks, none over another or past the edge. */
function tickLabels(ticks: readonly { column: number; label: string }[], columns: number): string {
  let text = ''
  for (const { column, label } of ticks) {
    const start = Math.min(Math.max(column - Math.floor(label.length / 2), 0), columns - label.length)
    if (start < 0 || (text !== '' && start < text.length + 1)) continue
    text = text.padEnd(start) + label
  }
  return text
}

function cut(text: string, options: TerminalOptions): string {
  const characters = [...text]
  if (characters.length <= options.width) return text
  const end = options.unicode ? '…' : '...'
  return characters.slice(0, options.width - end.length).join('') + end
}

type Paint = (text: string, code: string) => string

function painter(color: boolean): Paint {
  return color ? (text, code) => (text === '' ? '' : `\u001b[${code}m${text}\u001b[0m`) : (text) => text
}

function colorOf(line: number): string {
  return colors[line % colors.length] as string
}

/** Neighbours of one colour share one escape sequence. */
function paintCells(cells: readonly (Cell | undefined)[], paint: Paint): string {
  let out = ''
  let run = ''
  let line = -1
  const flush = () => {
    out += line < 0 ? run : paint(run, colorOf(line))
    run = ''
  }
  for (let column = 0; column < cells.length; column++) {
    const cell = cells[column]
    const next = cell?.line ?? -1
    if (next !== line) flush()
    line = next
    run += cell?.character ?? ' '
  }
  // Blanks at the end of a row are not worth printing.
  if (line >= 0) flush()
  return out
}
