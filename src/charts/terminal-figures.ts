/** Histograms, calendars and profiles of the day as text, no line wider than asked for. */
import { formatDay } from '../foundation/index.ts'
import { numberText } from './chart-series.ts'
import { plainText } from './escape.ts'
import {
  type CalendarFigure,
  type DayProfileFigure,
  type Figure,
  type HistogramFigure,
  shadeBounds,
  shadeDigits,
  shadeOf,
  weekdayNames,
  weekOf,
} from './figures.ts'
import { valueScale } from './scale.ts'

export interface FigureOptions {
  /** Columns of the terminal; at least 30 are used. */
  readonly width: number
  /** Rows of the plotting area of a profile; at least 3. */
  readonly height: number
  readonly color: boolean
  readonly unicode: boolean
}

const leastWidth = 30
const bold = '1'
const dim = '2'
/** 256-colour blues from light to dark (ColorBrewer's sequential Blues); on a dark screen the order still holds. */
const shadeColors = ['38;5;153', '38;5;111', '38;5;69', '38;5;26', '38;5;18'] as const
const blocks = { unicode: ['·', '░', '▒', '▓', '█'], ascii: ['.', ':', '+', 'x', '#'] } as const

type Paint = (text: string, code: string) => string

/** The figure as lines of text without a final line break. */
export function terminalFigure(figure: Figure, options: FigureOptions): string {
  const size = { ...options, width: Math.max(Math.floor(options.width), leastWidth) }
  const paint: Paint = options.color
    ? (text, code) => (text === '' ? '' : `\u001b[${code}m${text}\u001b[0m`)
    : (text) => text
  const body = {
    histogram: () => histogram(figure as HistogramFigure, size, paint),
    calendar: () => calendar(figure as CalendarFigure, size, paint),
    'day-profile': () => dayProfile(figure as DayProfileFigure, size, paint),
  }[figure.kind]()
  const unit = figure.unit === '' ? '' : ` (${plainText(figure.unit)})`
  return [paint(fitted(`${plainText(figure.title)}${unit}`, size), bold), ...body]
    .map((line) => line.trimEnd())
    .join('\n')
}

/** Cut to the width of the terminal. */
function fitted(text: string, { width, unicode }: FigureOptions): string {
  const characters = [...text]
  if (characters.length <= width) return text
  return unicode ? `${characters.slice(0, width - 1).join('')}…` : characters.slice(0, width).join('')
}

function histogram(figure: HistogramFigure, options: FigureOptions, paint: Paint): string[] {
  const { width, unicode } = options
  const { edges, counts, n, decimals } = figure
  if (n === 0) return ['No data in this period.']
  const digits = edgeDigits(edges)
  const text = (value: number) => numberText(value, digits)
  const labels = counts.map((_, i) => `${text(edges[i] as number)} to ${text(edges[i + 1] as number)}`)
  const gutter = Math.max(...labels.map((label) => label.length))
  const most = Math.max(...counts)
  const share = (count: number) => ` ${count} (${((100 * count) / n).toFixed(count * 100 < n ? 1 : 0)} %)`
  const room = Math.max(width - gutter - 2 - share(most).length, 4)
  const rows = counts.map((count, i) => {
    const bar = barOf((count / most) * room, unicode)
    return `${paint(`${(labels[i] ?? '').padStart(gutter)} ${unicode ? '┤' : '|'}`, dim)}${paint(bar, '36')}${count === 0 ? '' : share(count)}`
  })
  const mean = figure.mean === null ? '' : `, mean ${numberText(figure.mean, decimals)}`
  return [paint(fitted(`  ${n} ${figure.of}${mean}`, options), dim), ...rows]
}

function barOf(length: number, unicode: boolean): string {
  if (!unicode) return '#'.repeat(Math.max(Math.round(length), length > 0 ? 1 : 0))
  const eighths = Math.max(Math.round(length * 8), length > 0 ? 1 : 0)
  return '█'.repeat(Math.floor(eighths / 8)) + ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8]
}

/** Digits that tell neighbouring edges apart. */
export function edgeDigits(edges: readonly number[]): number {
  const step = (edges[1] ?? 1) - (edges[0] ?? 0)
  return Math.max(0, Math.min(6, -Math.floor(Math.log10(step > 0 ? step : 1) + 1e-9)))
}

function calendar(figure: CalendarFigure, { width, unicode }: FigureOptions, paint: Paint): string[] {
  const { day, value, decimals } = figure
  const first = day[0]
  const last = day.at(-1)
  if (first === undefined || last === undefined) return ['No data in this period.']
  const bounds = shadeBounds(value)
  const glyphs = unicode ? blocks.unicode : blocks.ascii
  const glyph = (shade: number, times = 1) =>
    paint((glyphs[shade] ?? '').repeat(times), shadeColors[shade] ?? bold)
  const shadeByDay = new Map(day.map((one, i) => [one, shadeOf(value[i] as number, bounds)]))
  const gutter = 4
  const room = Math.max(width - gutter, 4)
  const weekCount = weekOf(last) - weekOf(first) + 1
  // A cell of two columns is about square, and every month has room for its label.
  const cellWidth = 2 * weekCount <= room ? 2 : 1
  const perRow = Math.floor(room / cellWidth)
  const rows: string[] = []
  for (let from = weekOf(first); from <= weekOf(last); from += perRow) {
    const weeks = Array.from({ length: Math.min(perRow, weekOf(last) - from + 1) }, (_, i) => from + i)
    if (rows.length > 0) rows.push('')
    rows.push(paint(`${' '.repeat(gutter)}${monthLabels(weeks, cellWidth)}`, dim))
    weekdayNames.forEach((name, weekday) => {
      const cells = weeks.map((week) => {
        const shade = shadeByDay.get(week * 7 - 3 + weekday)
        return shade === undefined ? ' '.repeat(cellWidth) : glyph(shade, cellWidth)
      })
      rows.push(`${paint(name, dim)} ${cells.join('')}`)
    })
  }
  const digits = shadeDigits(bounds, decimals)
  const text = (one: number) => numberText(one, digits)
  const legend = [
    ...bounds.map((bound, i) => `${glyph(i)} to ${text(bound)}`),
    `${glyph(bounds.length)} above`,
  ]
  return [
    paint(`  ${day.length} days with a value, ${formatDay(first)} to ${formatDay(last)}`, dim),
    ...rows,
    legend.join('   '),
  ]
}

const monthNames = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
] as const

/** `2026-01` over the first week of a month, `Jan` where that is too wide, nothing where not even that has room. */
function monthLabels(weeks: readonly number[], cellWidth: number): string {
  const months = weeks.map((week) => formatDay(week * 7 + 3).slice(0, 7))
  const starts = months.flatMap((month, i) => (month === months[i - 1] ? [] : [i]))
  return starts
    .map((start, i) => {
      const month = months[start] as string
      const room = ((starts[i + 1] ?? weeks.length) - start) * cellWidth
      const name = monthNames[Number(month.slice(5)) - 1] ?? ''
      const isLast = i === starts.length - 1
      const label = [month, name].find((one) => one.length < room || (isLast && one.length === room)) ?? ''
      return (i === 0 && isLast ? month : label).padEnd(room)
    })
    .join('')
}

function dayProfile(figure: DayProfileFigure, options: FigureOptions, paint: Paint): string[] {
  const { percentiles, readings, days, decimals, binMin, target } = figure
  const present = percentiles.flat().filter((value) => Number.isFinite(value))
  if (present.length === 0) return ['No data in this period.']
  const height = Math.max(Math.floor(options.height), 3)
  const edges = target === null ? [] : [target.low, target.high]
  const scale = valueScale([...present, ...edges], Math.min(Math.ceil(height / 3), 6), false)
  const rowOf = (value: number) => Math.round(((value - scale.low) / (scale.high - scale.low)) * (height - 1))
  const labels = new Map(scale.ticks.map((tick) => [rowOf(tick), numberText(tick, scale.decimals)]))
  const gutter = Math.max(...[...labels.values()].map((label) => label.length))
  const columns = Math.max(options.width - gutter - 2, 12)
  const marks = options.unicode
    ? { median: '━', inner: '▒', outer: '░', target: '┄' }
    : { median: '=', inner: '#', outer: '.', target: '-' }
  const cell = (row: number, column: number): string => {
    const bin = Math.floor((column / columns) * ((24 * 60) / binMin))
    const at = percentiles.map((values) => rowOf(values[bin] ?? Number.NaN))
    const within = (low: number, high: number) => row >= (at[low] as number) && row <= (at[high] as number)
    if (row === at[2]) return marks.median
    if (within(1, 3)) return marks.inner
    if (within(0, 4)) return marks.outer
    return edges.some((edge) => rowOf(edge) === row) ? marks.target : ' '
  }
  const rows = Array.from({ length: height }, (_, i) => {
    const row = height - 1 - i
    const line = Array.from({ length: columns }, (_unused, column) => cell(row, column)).join('')
    return `${paint(`${(labels.get(row) ?? '').padStart(gutter)} ${options.unicode ? '┤' : '|'}`, dim)}${paint(line, '36')}`
  })
  const hours = Array.from({ length: 8 }, (_, i) =>
    String(i * 3)
      .padStart(2, '0')
      .padEnd(Math.floor(columns / 8)),
  )
  const aim =
    target === null
      ? ''
      : `; ${marks.target} target ${numberText(target.low, decimals)} to ${numberText(target.high, decimals)}`
  return [
    paint(fitted(`  ${readings} readings on ${days} days${aim}`, options), dim),
    paint(fitted(`  ${marks.median} median, ${marks.inner} half, ${marks.outer} 90 % of them`, options), dim),
    ...rows,
    paint(`${' '.repeat(gutter + 2)}${hours.join('')}`.slice(0, options.width), dim),
  ]
}
