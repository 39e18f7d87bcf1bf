/** One panel of the SVG chart: head, axis, target band, trend band, lines or bars. */
import {
  type ChartSeries,
  type DayValue,
  fanLabel,
  fanValues,
  numberText,
  pointsOf,
  spansOf,
  unbrokenRuns,
} from './chart-series.ts'
import { xmlText } from './escape.ts'
import { type ValueScale, valueScale } from './scale.ts'

/** Where a panel is drawn (pixels) and which days it spans. */
export interface Frame {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly from: number
  readonly to: number
}

interface Pen {
  readonly color: string
  readonly dash: string
  readonly marker: 'circle' | 'square' | 'triangle'
}

// Dark, told apart by most colour-blind readers (Okabe & Ito 2008), and by dash and marker without any colour.
const pens: readonly Pen[] = [
  { color: '#0b57a4', dash: '', marker: 'circle' },
  { color: '#b3400a', dash: '6 3', marker: 'square' },
  { color: '#00694b', dash: '2 3', marker: 'triangle' },
]
const headLine = 22
const fanColor = '#b3400a'
const fanOpacity = 0.18
/** With more points than this, markers run into each other. */
const mostMarkers = 120
const halfDay = 0.5

export const coordinate = {
  x: (day: number, frame: Frame) =>
    rounded(
      frame.left + ((day - frame.from + halfDay) / (frame.to - frame.from + 1)) * (frame.right - frame.left),
    ),
  y: (value: number, scale: ValueScale, frame: Frame) => {
    // Halves keep the span of huge values finite.
    const share = (value / 2 - scale.low / 2) / (scale.high / 2 - scale.low / 2)
    return rounded(frame.bottom - Math.min(Math.max(share, 0), 1) * (frame.bottom - frame.top))
  },
}

/** Title and legend above a panel, with the height that they take. */
export function panelHead(series: ChartSeries): {
  readonly height: number
  readonly entries: readonly string[]
} {
  const entries = series.lines.length > 1 ? series.lines.map(({ label }) => label) : []
  return { height: headLine, entries }
}

export function panel(series: ChartSeries, frame: Frame, index: number): string {
  const shown = series.lines.map((line) =>
    pointsOf(line).filter(({ day }) => day >= frame.from && day <= frame.to),
  )
  const scale = valueScale(valuesInView(series, shown, frame), 5, series.kind === 'bars')
  const draw = { bars, line: lines, ranges: markers }[series.kind]
  return [
    `<g id="panel-${index + 1}">`,
    head(series, frame),
    targetBand(series, scale, frame),
    valueAxis(scale, frame),
    targetEdges(series, scale, frame),
    trendBand(series, scale, frame),
    fan(series, scale, frame),
    series.kind === 'ranges' ? spans(shown, scale, frame) : '',
    ...shown.map((points, i) => draw(points, pens[i % pens.length] as Pen, scale, frame)),
    `<path d="M${frame.left} ${frame.top}V${frame.bottom}H${frame.right}" fill="none" stroke="#57606a"/>`,
    '</g>',
  ]
    .filter((part) => part !== '')
    .join('\n')
}

/** Values, and those sides of the target that are near enough not to flatten the values. */
function valuesInView(series: ChartSeries, shown: readonly DayValue[][], frame: Frame): number[] {
  const values = [...shown.flatMap((points) => points.map(({ value }) => value)), ...fanValues(series)]
  if (values.length === 0) return values
  const low = values.reduce((a, b) => Math.min(a, b))
  const high = values.reduce((a, b) => Math.max(a, b))
  const near = (edge: number | null): edge is number =>
    edge !== null &&
    edge >= low - 2 * (high - low) - Math.abs(low) * 0.1 &&
    edge <= high + 2 * (high - low) + Math.abs(high) * 0.1
  const { trend, target } = series
  const ends = trend === undefined ? [] : [frame.from, frame.to].map((day) => trendAt(trend, day).value)
  return [...values, ...[target?.low ?? null, target?.high ?? null, ...ends].filter(near)]
}

function head(series: ChartSeries, frame: Frame): string {
  const unit =
    series.unit === ''
      ? ''
      : `<tspan dx="6" font-weight="normal" fill="#57606a">(${xmlText(series.unit)})</tspan>`
  const title = `<text x="${frame.left}" y="${frame.top - 10}" font-weight="bold">${xmlText(series.title)}${unit}</text>`
  return `${title}${legend(series, frame)}`
}

function legend(series: ChartSeries, frame: Frame): string {
  const entries = panelHead(series).entries.map((label, i) => ({ label, pen: pens[i % pens.length] as Pen }))
  let right = frame.right
  const parts: string[] = []
  if (series.target !== undefined) {
    right -= textWidth(series.target.label)
    parts.push(
      `<text x="${right}" y="${frame.top - 10}">${xmlText(series.target.label)}</text>`,
      `<rect x="${right - 22}" y="${frame.top - 19}" width="16" height="10" fill="#dff0e3" stroke="#5f9a6c"/>`,
    )
    right -= 40
  }
  if (series.trend !== undefined) {
    const label = 'trend, 95 % interval'
    right -= textWidth(label)
    parts.push(
      `<text x="${right}" y="${frame.top - 10}">${label}</text>`,
      `<rect x="${right - 32}" y="${frame.top - 19}" width="26" height="10" fill="#57606a" fill-opacity="0.16"/>`,
      `<line x1="${right - 32}" y1="${frame.top - 14}" x2="${right - 6}" y2="${frame.top - 14}" stroke="#1f2328" stroke-width="1.5" stroke-dasharray="10 5"/>`,
    )
    right -= 50
  }
  if (series.fan !== undefined) {
    const label = fanLabel(series.fan)
    right -= textWidth(label)
    parts.push(
      `<text x="${right}" y="${frame.top - 10}">${label}</text>`,
      `<rect x="${right - 32}" y="${frame.top - 19}" width="26" height="10" fill="${fanColor}" fill-opacity="${fanOpacity}"/>`,
      `<line x1="${right - 32}" y1="${frame.top - 14}" x2="${right - 6}" y2="${frame.top - 14}" stroke="${fanColor}" stroke-width="2" stroke-dasharray="6 3"/>`,
    )
    right -= 50
  }
  for (const { label, pen } of [...entries].reverse()) {
    right -= textWidth(label)
    parts.push(
      `<text x="${right}" y="${frame.top - 10}">${xmlText(label)}</text>`,
      `<line x1="${right - 34}" y1="${frame.top - 14}" x2="${right - 8}" y2="${frame.top - 14}" stroke="${pen.color}" stroke-width="2"${dashOf(pen)}/>`,
      marker({ x: right - 21, y: frame.top - 14 }, pen),
    )
    right -= 52
  }
  return parts.join('')
}

/** Good enough to place a legend: DejaVu Sans at 12 px is about 7.2 px a character. */
function textWidth(text: string): number {
  return rounded([...text].length * 7.2)
}

function valueAxis(scale: ValueScale, frame: Frame): string {
  const rows = scale.ticks.map((tick) => {
    const y = coordinate.y(tick, scale, frame)
    return `<line x1="${frame.left}" y1="${y}" x2="${frame.right}" y2="${y}" stroke="#d8dee4"/><text x="${frame.left - 8}" y="${rounded(y + 4)}" text-anchor="end" fill="#57606a">${numberText(tick, scale.decimals)}</text>`
  })
  return rows.join('')
}

function targetSpan({ target }: ChartSeries, scale: ValueScale, frame: Frame) {
  const top = target?.high == null ? frame.top : coordinate.y(target.high, scale, frame)
  const bottom = target?.low == null ? frame.bottom : coordinate.y(target.low, scale, frame)
  return { top, bottom }
}

function targetBand(series: ChartSeries, scale: ValueScale, frame: Frame): string {
  if (series.target === undefined) return ''
  const { top, bottom } = targetSpan(series, scale, frame)
  const height = Math.max(rounded(bottom - top), 0)
  return `<rect x="${frame.left}" y="${top}" width="${frame.right - frame.left}" height="${height}" fill="#dff0e3"/>`
}

/** Over the grid, so that a limit on a round number stays visible. */
function targetEdges(series: ChartSeries, scale: ValueScale, frame: Frame): string {
  if (series.target === undefined) return ''
  const { top, bottom } = targetSpan(series, scale, frame)
  return [top, bottom]
    .filter((y) => y > frame.top && y < frame.bottom)
    .map(
      (y) =>
        `<line x1="${frame.left}" y1="${y}" x2="${frame.right}" y2="${y}" stroke="#3d7a4b" stroke-dasharray="8 4"/>`,
    )
    .join('')
}

function trendAt(trend: NonNullable<ChartSeries['trend']>, day: number) {
  const away = day - trend.day
  const value = trend.value + trend.slopePerDay * away
  // Level and slope are close to independent at the middle day, so their half-widths add in squares.
  const side = (edge: number) => Math.hypot(trend.halfWidth, (edge - trend.slopePerDay) * away)
  const [low, high] = trend.ci95
  const [down, up] = away >= 0 ? [side(low), side(high)] : [side(high), side(low)]
  return { value, low: value - down, high: value + up }
}

function trendBand(series: ChartSeries, scale: ValueScale, frame: Frame): string {
  const { trend } = series
  const points = pointsOf(series.lines[0] ?? { label: '', day: [], value: [] })
  const first = points[0]
  const last = points.at(-1)
  if (trend === undefined || first === undefined || last === undefined || first.day === last.day) return ''
  const start = Math.max(first.day, frame.from)
  const end = Math.min(last.day, frame.to)
  const days = Array.from({ length: 25 }, (_, i) => start + ((end - start) * i) / 24)
  const at = (day: number, value: number) =>
    `${coordinate.x(day, frame)} ${coordinate.y(value, scale, frame)}`
  const upper = days.map((day) => at(day, trendAt(trend, day).high))
  const lower = days.map((day) => at(day, trendAt(trend, day).low)).reverse()
  const line = [start, end].map((day) => at(day, trendAt(trend, day).value))
  return `<path d="M${[...upper, ...lower].join('L')}Z" fill="#57606a" fill-opacity="0.16"/><path d="M${line.join('L')}" fill="none" stroke="#1f2328" stroke-width="1.5" stroke-dasharray="10 5"/>`
}

/** Bands lie over each other, so that the likeliest days are the darkest. */
function fan(series: ChartSeries, scale: ValueScale, frame: Frame): string {
  if (series.fan === undefined) return ''
  const { day, middle, bands } = series.fan
  const path = (values: readonly number[]) =>
    values.map((value, i) => `${coordinate.x(day[i] as number, frame)} ${coordinate.y(value, scale, frame)}`)
  const areas = bands.map(
    ({ low, high }) =>
      `<path d="M${[...path(high), ...path(low).reverse()].join('L')}Z" fill="${fanColor}" fill-opacity="${fanOpacity}"/>`,
  )
  return `${areas.join('')}<path d="M${path(middle).join('L')}" fill="none" stroke="${fanColor}" stroke-width="2" stroke-dasharray="6 3"/>`
}

function lines(points: readonly DayValue[], pen: Pen, scale: ValueScale, frame: Frame): string {
  const spot = ({ day, value }: DayValue) => ({
    x: coordinate.x(day, frame),
    y: coordinate.y(value, scale, frame),
  })
  const runs = unbrokenRuns(points)
  const paths = runs
    .filter((run) => run.length > 1)
    .map((run) => `M${run.map((point) => `${spot(point).x} ${spot(point).y}`).join('L')}`)
  const path =
    paths.length === 0
      ? ''
      : `<path d="${paths.join('')}" fill="none" stroke="${pen.color}" stroke-width="2" stroke-linejoin="round"${dashOf(pen)}/>`
  // A lone point between gaps would otherwise be invisible.
  const marked = points.length <= mostMarkers ? points : runs.filter((run) => run.length === 1).flat()
  return `${path}${marked.map((point) => marker(spot(point), pen)).join('')}`
}

function bars(points: readonly DayValue[], pen: Pen, scale: ValueScale, frame: Frame): string {
  const dayWidth = (frame.right - frame.left) / (frame.to - frame.from + 1)
  const width = rounded(Math.min(Math.max(dayWidth * 0.7, 1), 60))
  const zero = coordinate.y(0, scale, frame)
  const rects = points.map(({ day, value }) => {
    const y = coordinate.y(value, scale, frame)
    const top = Math.min(y, zero)
    return `<rect x="${rounded(coordinate.x(day, frame) - width / 2)}" y="${top}" width="${width}" height="${Math.max(rounded(Math.abs(zero - y)), 0.5)}"/>`
  })
  return rects.length === 0 ? '' : `<g fill="${pen.color}">${rects.join('')}</g>`
}

/** Bars that join a day's lowest and highest value. */
function spans(shown: readonly DayValue[][], scale: ValueScale, frame: Frame): string {
  const dayWidth = (frame.right - frame.left) / (frame.to - frame.from + 1)
  const width = rounded(Math.min(Math.max(dayWidth * 0.5, 1), 8))
  const rects = spansOf(shown).map(({ day, low, high }) => {
    const top = coordinate.y(high, scale, frame)
    const height = Math.max(rounded(coordinate.y(low, scale, frame) - top), 1)
    return `<rect x="${rounded(coordinate.x(day, frame) - width / 2)}" y="${top}" width="${width}" height="${height}" rx="${rounded(width / 2)}"/>`
  })
  return rects.length === 0 ? '' : `<g fill="#6e9bc5" fill-opacity="0.7">${rects.join('')}</g>`
}

function markers(points: readonly DayValue[], pen: Pen, scale: ValueScale, frame: Frame): string {
  if (points.length > mostMarkers) return ''
  return points
    .map(({ day, value }) =>
      marker({ x: coordinate.x(day, frame), y: coordinate.y(value, scale, frame) }, pen),
    )
    .join('')
}

function marker({ x, y }: { x: number; y: number }, pen: Pen): string {
  const paint = `fill="#ffffff" stroke="${pen.color}" stroke-width="1.5"`
  if (pen.marker === 'circle') return `<circle cx="${x}" cy="${y}" r="3" ${paint}/>`
  if (pen.marker === 'square')
    return `<rect x="${rounded(x - 3)}" y="${rounded(y - 3)}" width="6" height="6" ${paint}/>`
  return `<path d="M${x} ${rounded(y - 4)}l4 7h-8z" ${paint}/>`
}

function dashOf(pen: Pen): string {
  return pen.dash === '' ? '' : ` stroke-dasharray="${pen.dash}"`
}

/** Two digits are a hundredth of a pixel; more only makes files long. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
