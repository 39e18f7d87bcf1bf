/** Histograms, calendars and profiles of the day as self-contained SVG, with the same manners as the time charts. */
import { formatDay } from '../foundation/index.ts'
import { numberText } from './chart-series.ts'
import { xmlText } from './escape.ts'
import {
  type CalendarFigure,
  type DayProfileFigure,
  type Figure,
  type HistogramFigure,
  shadeBounds,
  shadeDigits,
  shadeOf,
  weekdayNames,
  weekdayOf,
  weekOf,
} from './figures.ts'
import { valueScale } from './scale.ts'
import { edgeDigits } from './terminal-figures.ts'

const ink = '#1f2328'
const grey = '#57606a'
const blue = '#0b57a4'
/** One hue from light to dark (ColorBrewer's Blues): order is lightness, so it survives colour blindness and print. */
const shades = ['#deebf7', '#9ecae1', '#6baed6', '#2171b5', '#08306b'] as const
const margin = { left: 72, right: 28, top: 62, bottom: 44 }

/** The picture as SVG text. Never fails on finite data. */
export function svgFigure(figure: Figure, width = 900): string {
  const drawn = {
    histogram: () => histogram(figure as HistogramFigure, width),
    calendar: () => calendar(figure as CalendarFigure, width),
    'day-profile': () => dayProfile(figure as DayProfileFigure, width),
  }[figure.kind]()
  const unit = figure.unit === '' ? '' : `(${figure.unit})`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${drawn.height}" viewBox="0 0 ${width} ${drawn.height}" role="img" aria-labelledby="chart-title chart-description" font-family="'DejaVu Sans', Verdana, Arial, sans-serif" font-size="12" fill="${ink}">`,
    `<title id="chart-title">${xmlText(figure.title)}</title>`,
    `<desc id="chart-description">${xmlText(drawn.words)}</desc>`,
    `<rect width="${width}" height="${drawn.height}" fill="#ffffff"/>`,
    `<text x="20" y="32" font-size="18" font-weight="bold">${xmlText(figure.title)}<tspan dx="8" font-size="12" font-weight="normal" fill="${grey}">${xmlText(unit)}</tspan></text>`,
    `<text x="${width - margin.right}" y="32" text-anchor="end" fill="${grey}">${xmlText(drawn.facts)}</text>`,
    ...drawn.body,
    '</svg>',
    '',
  ].join('\n')
}

interface Drawn {
  readonly height: number
  readonly body: readonly string[]
  /** Beside the title. */
  readonly facts: string
  /** For a reader without the picture. */
  readonly words: string
}

const empty: Drawn = {
  height: 120,
  body: [],
  facts: 'No data in this period',
  words: 'No data in this period.',
}

function histogram(figure: HistogramFigure, width: number): Drawn {
  const { edges, counts, n, decimals } = figure
  if (n === 0) return empty
  const frame = { left: margin.left, right: width - margin.right, top: margin.top, bottom: margin.top + 280 }
  const scale = valueScale(counts, 5, true)
  const y = (count: number) => round(frame.bottom - (count / scale.high) * (frame.bottom - frame.top))
  const step = (frame.right - frame.left) / counts.length
  const bars = counts.map(
    (count, i) =>
      `<rect x="${round(frame.left + i * step + 1)}" y="${y(count)}" width="${round(Math.max(step - 2, 1))}" height="${round(frame.bottom - y(count))}"/>`,
  )
  const digits = edgeDigits(edges)
  const every = Math.ceil(edges.length / 12)
  const labels = edges.flatMap((edge, i) =>
    i % every
      ? []
      : [
          `<text x="${round(frame.left + i * step)}" y="${frame.bottom + 20}">${numberText(edge, digits)}</text>`,
        ],
  )
  const mean = figure.mean === null ? '' : `, mean ${numberText(figure.mean, decimals)}`
  const most = counts.indexOf(Math.max(...counts))
  return {
    height: frame.bottom + margin.bottom,
    facts: `${n} ${figure.of}${mean}`,
    words: `Histogram of ${n} ${figure.of}${mean}; most of them, ${counts[most]}, lie from ${numberText(edges[most] as number, digits)} to ${numberText(edges[most + 1] as number, digits)}.`,
    body: [
      countAxis(scale.ticks, y, frame),
      `<g fill="${blue}">${bars.join('')}</g>`,
      `<path d="M${frame.left} ${frame.top}V${frame.bottom}H${frame.right}" fill="none" stroke="${grey}"/>`,
      `<g text-anchor="middle" fill="${grey}">${labels.join('')}</g>`,
    ],
  }
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

function countAxis(ticks: readonly number[], y: (value: number) => number, frame: Box, digits = 0): string {
  return ticks
    .map(
      (tick) =>
        `<line x1="${frame.left}" y1="${y(tick)}" x2="${frame.right}" y2="${y(tick)}" stroke="#d8dee4"/><text x="${frame.left - 8}" y="${round(y(tick) + 4)}" text-anchor="end" fill="${grey}">${numberText(tick, digits)}</text>`,
    )
    .join('')
}

function calendar(figure: CalendarFigure, width: number): Drawn {
  const { day, value, decimals } = figure
  const first = day[0]
  const last = day.at(-1)
  if (first === undefined || last === undefined) return empty
  const bounds = shadeBounds(value)
  const perRow = 54
  const cell = round((width - margin.left - margin.right) / perRow)
  const blockHeight = 7 * cell + 34
  const firstWeek = weekOf(first)
  const place = (one: number) => ({
    x: round(margin.left + ((weekOf(one) - firstWeek) % perRow) * cell),
    y: round(
      margin.top + 14 + Math.floor((weekOf(one) - firstWeek) / perRow) * blockHeight + weekdayOf(one) * cell,
    ),
  })
  const blocks = Math.ceil((weekOf(last) - firstWeek + 1) / perRow)
  const cells = day.map((one, i) => {
    const { x, y } = place(one)
    const text = `${formatDay(one)}: ${numberText(value[i] as number, decimals)}`
    return `<rect x="${x}" y="${y}" width="${round(cell - 2)}" height="${round(cell - 2)}" fill="${shades[shadeOf(value[i] as number, bounds)]}"><title>${text}</title></rect>`
  })
  const names = Array.from({ length: blocks }, (_, block) =>
    weekdayNames.flatMap((name, i) =>
      i % 2
        ? []
        : [
            `<text x="${margin.left - 8}" y="${round(margin.top + 14 + block * blockHeight + (i + 0.75) * cell)}" text-anchor="end">${name}</text>`,
          ],
    ),
  ).flat()
  const bottom = margin.top + blocks * blockHeight
  const digits = shadeDigits(bounds, decimals)
  const legend = [...bounds.map((bound) => `to ${numberText(bound, digits)}`), 'above'].map(
    (text, i) =>
      `<rect x="${margin.left + i * 130}" y="${bottom}" width="14" height="14" fill="${shades[i]}" stroke="${grey}" stroke-width="0.5"/><text x="${margin.left + i * 130 + 20}" y="${bottom + 11}">${text}</text>`,
  )
  const sorted = [...value].sort((a, b) => a - b)
  return {
    height: bottom + 34,
    facts: `${day.length} days with a value`,
    words: `Calendar of ${day.length} days with a value from ${formatDay(first)} to ${formatDay(last)}, lowest ${numberText(sorted[0] as number, decimals)}, highest ${numberText(sorted.at(-1) as number, decimals)}.`,
    body: [
      `<g fill="${grey}">${names.join('')}${monthLabels(first, last, place, cell)}</g>`,
      ...cells,
      ...legend,
    ],
  }
}

function monthLabels(
  first: number,
  last: number,
  place: (day: number) => { x: number; y: number },
  cell: number,
): string {
  const labels: string[] = []
  for (let week = weekOf(first); week <= weekOf(last); week++) {
    const monday = week * 7 - 3
    const month = formatDay(monday).slice(0, 7)
    if (week !== weekOf(first) && month === formatDay(monday - 7).slice(0, 7)) continue
    const { x, y } = place(monday)
    // Half of the months are named: all would touch each other.
    if (Number(month.slice(5)) % 2 === 1 && cell * 4.3 > 30)
      labels.push(`<text x="${x}" y="${round(y - 5)}" font-size="11">${month}</text>`)
  }
  return labels.join('')
}

function dayProfile(figure: DayProfileFigure, width: number): Drawn {
  const { percentiles, binMin, target, readings, days, decimals } = figure
  const present = percentiles.flat().filter((value) => Number.isFinite(value))
  if (present.length === 0) return empty
  const frame = { left: margin.left, right: width - margin.right, top: margin.top, bottom: margin.top + 300 }
  const scale = valueScale([...present, ...(target === null ? [] : [target.low, target.high])], 6, false)
  const y = (value: number) =>
    round(frame.bottom - ((value - scale.low) / (scale.high - scale.low)) * (frame.bottom - frame.top))
  const x = (minute: number) => round(frame.left + (minute / 1440) * (frame.right - frame.left))
  const spot = (percentile: number) => (bin: number) =>
    `${x((bin + 0.5) * binMin)} ${y(percentiles[percentile]?.[bin] as number)}`
  const runs = runsOf(percentiles[2] ?? [])
  const band = (low: number, high: number, opacity: number) =>
    runs
      .map(
        (bins) =>
          `<path d="M${[...bins.map(spot(high)), ...[...bins].reverse().map(spot(low))].join('L')}Z" fill="${blue}" fill-opacity="${opacity}"/>`,
      )
      .join('')
  const median = runs.map(
    (bins) => `<path d="M${bins.map(spot(2)).join('L')}" fill="none" stroke="${ink}" stroke-width="2.5"/>`,
  )
  const hours = Array.from(
    { length: 9 },
    (_, i) => `<text x="${x(i * 180)}" y="${frame.bottom + 20}">${String(i * 3).padStart(2, '0')}:00</text>`,
  )
  const aim =
    target === null
      ? ''
      : `; target ${numberText(target.low, decimals)} to ${numberText(target.high, decimals)}`
  const edges =
    target === null
      ? []
      : [target.low, target.high].map(
          (edge) =>
            `<line x1="${frame.left}" y1="${y(edge)}" x2="${frame.right}" y2="${y(edge)}" stroke="#3d7a4b" stroke-dasharray="8 4"/>`,
        )
  const medians = (percentiles[2] ?? []).filter((value) => Number.isFinite(value))
  return {
    height: frame.bottom + margin.bottom + 20,
    facts: `${readings} readings on ${days} days`,
    words: `Readings by time of day, ${readings} on ${days} days: the median runs from ${numberText(Math.min(...medians), decimals)} to ${numberText(Math.max(...medians), decimals)}${aim}.`,
    body: [
      countAxis(scale.ticks, y, frame, scale.decimals),
      band(0, 4, 0.18),
      band(1, 3, 0.32),
      ...edges,
      ...median,
      `<path d="M${frame.left} ${frame.top}V${frame.bottom}H${frame.right}" fill="none" stroke="${grey}"/>`,
      `<g text-anchor="middle" fill="${grey}">${hours.join('')}</g>`,
      `<text x="${frame.left}" y="${frame.bottom + 44}" fill="${grey}">line: median; darker band: 25th to 75th percentile; lighter band: 5th to 95th${xmlText(aim)}</text>`,
    ],
  }
}

/** Neighbouring bins that have readings. */
function runsOf(values: readonly number[]): number[][] {
  const runs: number[][] = []
  values.forEach((value, bin) => {
    if (!Number.isFinite(value)) return
    const run = runs.at(-1)
    if (run !== undefined && run.at(-1) === bin - 1) run.push(bin)
    else runs.push([bin])
  })
  return runs
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
