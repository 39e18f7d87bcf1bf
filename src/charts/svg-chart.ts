/**
 * A self-contained SVG picture: one panel per series under a common time axis.
 *
 * Accessible (role, title, description with the numbers in words), readable in black and white (lines differ by dash
 * and marker, not by colour alone), no script, no style from outside, no font but the reader's sans-serif. Text from
 * outside is escaped.
 */
import { formatDay } from '../foundation/index.ts'
import { type ChartSeries, dayRange, numberText, pointsOf } from './chart-series.ts'
import { xmlText } from './escape.ts'
import { dayTicks } from './scale.ts'
import { coordinate, type Frame, panel, panelHead } from './svg-panel.ts'

export interface SvgOptions {
  /** Heading of the picture, outside text. */
  readonly title: string
  /** Pixels; 900. The height follows from the number of panels. */
  readonly width?: number
  /** Of the plotting area of one panel; 240. */
  readonly panelHeight?: number
  /** First and last day shown; the data's when left out. */
  readonly fromDay?: number
  readonly toDay?: number
}

const margin = { left: 72, right: 28, top: 56, bottom: 44 }
const gapBetweenPanels = 22

/** The picture as SVG text. Never fails on finite data: no data, one point and constant values have their picture. */
export function svgChart(series: readonly ChartSeries[], options: SvgOptions): string {
  const width = Math.max(options.width ?? 900, 320)
  const panelHeight = Math.max(options.panelHeight ?? 240, 80)
  const range = dayRange(series)
  const from = options.fromDay ?? range?.from ?? 0
  const to = Math.max(options.toDay ?? range?.to ?? from, from)
  const heads = series.map(panelHead)
  const panels = Math.max(series.length, 1)
  const step = panelHeight + gapBetweenPanels
  const headHeight = heads.reduce((sum, head) => sum + head.height, 0)
  const height = margin.top + headHeight + panels * step - gapBetweenPanels + margin.bottom
  const body: string[] = []
  let top = margin.top
  let frame: Frame = {
    left: margin.left,
    right: width - margin.right,
    top,
    bottom: top + panelHeight,
    from,
    to,
  }
  series.forEach((one, i) => {
    top += heads[i]?.height ?? 0
    frame = { ...frame, top, bottom: top + panelHeight }
    body.push(timeGrid(frame), panel(one, frame, i))
    top += step
  })
  if (range === null) body.push(emptyNote(frame))
  body.push(timeLabels(frame))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="chart-title chart-description" font-family="'DejaVu Sans', Verdana, Arial, sans-serif" font-size="12" fill="#1f2328">`,
    `<title id="chart-title">${xmlText(options.title)}</title>`,
    `<desc id="chart-description">${description(series)}</desc>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="20" y="32" font-size="18" font-weight="bold">${xmlText(options.title)}</text>`,
    range === null
      ? ''
      : `<text x="${width - margin.right}" y="32" text-anchor="end" fill="#57606a">${formatDay(from)} to ${formatDay(to)}</text>`,
    ...body,
    '</svg>',
    '',
  ]
    .filter((line, i, all) => line !== '' || i === all.length - 1)
    .join('\n')
}

function ticksOf(frame: Frame) {
  return dayTicks(frame.from, frame.to, (frame.right - frame.left) / 95)
}

function timeGrid(frame: Frame): string {
  const lines = ticksOf(frame).map(({ day }) => {
    const x = coordinate.x(day, frame)
    return `<line x1="${x}" y1="${frame.top}" x2="${x}" y2="${frame.bottom}"/>`
  })
  return `<g stroke="#eaeef2">${lines.join('')}</g>`
}

function timeLabels(frame: Frame): string {
  const texts = ticksOf(frame).map(
    ({ day, label }) => `<text x="${coordinate.x(day, frame)}" y="${frame.bottom + 20}">${label}</text>`,
  )
  return `<g text-anchor="middle" fill="#57606a">${texts.join('')}</g>`
}

function emptyNote(frame: Frame): string {
  const x = (frame.left + frame.right) / 2
  return `<text x="${x}" y="${(frame.top + frame.bottom) / 2}" text-anchor="middle" font-size="15" fill="#57606a">No data in this period</text>`
}

/** What a reader without the picture needs: range, first, last and trend of every line. */
function description(series: readonly ChartSeries[]): string {
  const parts = series.flatMap((one) =>
    one.lines.map((line) => {
      const points = pointsOf(line)
      const first = points[0]
      const last = points.at(-1)
      const name = [one.title, line.label].filter((text) => text !== '').join(', ')
      if (first === undefined || last === undefined) return `${name}: no data.`
      const values = points.map(({ value }) => value).sort((a, b) => a - b)
      const text = (value: number) =>
        `${numberText(value, one.decimals)}${one.unit === '' ? '' : ` ${one.unit}`}`
      return `${name}: ${points.length} days with a value from ${formatDay(first.day)} to ${formatDay(last.day)}, lowest ${text(values[0] as number)}, highest ${text(values.at(-1) as number)}, latest ${text(last.value)}.`
    }),
  )
  const trends = series.flatMap(({ trend }) => (trend === undefined ? [] : [trend.text]))
  return (
    [...parts, ...trends, ...series.flatMap(fanDescription)].map(xmlText).join(' ') ||
    'No data in this period.'
  )
}

/** Where the fan ends. */
function fanDescription({ title, unit, decimals, fan }: ChartSeries): readonly string[] {
  const last = fan?.day.at(-1)
  if (fan === undefined || last === undefined) return []
  const text = (value: number | undefined) => `${numberText(value ?? Number.NaN, decimals)} ${unit}`.trimEnd()
  const bands = fan.bands.map(
    ({ level, low, high }) => `${level} % interval ${text(low.at(-1))} to ${text(high.at(-1))}`,
  )
  return [`${title}: forecast ${text(fan.middle.at(-1))} on ${formatDay(last)} (${bands.join(', ')}).`]
}
