/** Histogram, calendar and day profile of a metric, from the vault, in the display unit. */
import { quantileOfSorted } from '../../analytics/index.ts'
import {
  type CalendarFigure,
  type DayProfileFigure,
  type HistogramFigure,
  profilePercentiles,
  valueScale,
} from '../../charts/index.ts'
import { decimalsFor, displayUnit, type Metric } from '../../metrics/index.ts'
import type { AppContext } from '../context.ts'
import { type DayRange, dailyValues, dayOf } from '../daily.ts'
import { eachReading } from './readings.ts'

/** Bins aimed at, before the edges are made round numbers: Rice's rule, within what a reader can take in. */
function wantedBins(n: number): number {
  return Math.min(Math.max(Math.ceil(2 * Math.cbrt(n)), 4), 30)
}

/** Of single readings, or of days for what adds up over a day. */
export function histogramOf(context: AppContext, metric: Metric, range: DayRange): HistogramFigure {
  const adds = metric.combine === 'sum' || metric.combine === 'duration'
  const days = adds ? (dailyValues(context, metric, range)[0]?.value ?? new Float64Array(0)) : null
  const each = (visit: (value: number) => void): void => {
    if (days !== null) days.forEach(visit)
    else eachReading(context, metric, range, visit)
  }
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  let sum = 0
  let n = 0
  each((value) => {
    low = Math.min(low, value)
    high = Math.max(high, value)
    sum += value
    n++
  })
  const edges = n === 0 ? [0, 1] : valueScale([low, high], wantedBins(n), false).ticks
  const counts = new Array<number>(Math.max(edges.length - 1, 1)).fill(0)
  const [first = 0, second = 1] = edges
  const step = second - first
  each((value) => {
    const bin = Math.min(Math.max(Math.floor((value - first) / step + 1e-9), 0), counts.length - 1)
    counts[bin] = (counts[bin] as number) + 1
  })
  const of = adds ? ('days' as const) : ('readings' as const)
  return { kind: 'histogram', ...head(context, metric), of, edges, counts, n, mean: n === 0 ? null : sum / n }
}

export function calendarOf(context: AppContext, metric: Metric, range: DayRange): CalendarFigure {
  const [series] = dailyValues(context, metric, range)
  const rows = Array.from(series?.day ?? []).flatMap((day, i) => {
    const value = series?.value[i]
    return value === undefined || !Number.isFinite(value) ? [] : [{ day, value }]
  })
  return {
    kind: 'calendar',
    ...head(context, metric),
    day: rows.map(({ day }) => day),
    value: rows.map(({ value }) => value),
  }
}

/** Days of an ambulatory glucose profile (Battelino et al. 2019, Diabetes Care 42:1593–1603). */
const profileDays = 14
/** Range of the same consensus for glucose, in either unit as it is published there. */
const glucoseTargets: Readonly<Record<string, DayProfileFigure['target']>> = {
  'mg/dL': { low: 70, high: 180 },
  'mmol/L': { low: 3.9, high: 10 },
}
const glucoseMetrics: ReadonlySet<string> = new Set(['cgm_glucose', 'glucose'])
const binWidths = [15, 30, 60, 120, 180] as const
/** Readings in the usual bin from which extremes of a tenth mean something, and the fewest in a bin that is drawn. */
const wantedPerBin = 20
const leastPerBin = 3

/** Of the period, or of the two weeks up to the newest reading. */
export function dayProfileOf(context: AppContext, metric: Metric, range: DayRange): DayProfileFigure {
  const period = range.fromDay === undefined ? lastDays(context, metric, range) : range
  const readings: { value: number; minute: number }[] = []
  const days = new Set<number>()
  eachReading(context, metric, period, (value, day, minute) => {
    readings.push({ value, minute })
    days.add(day)
  })
  const binMin = binWidths.find((width) => (readings.length * width) / 1440 >= wantedPerBin) ?? 180
  const bins = Array.from({ length: 1440 / binMin }, (): number[] => [])
  for (const { value, minute } of readings) bins[Math.floor(minute / binMin)]?.push(value)
  const sorted = bins.map((bin) => Float64Array.from(bin).sort())
  const unit = displayUnit(metric, context.config.unitPreferences())
  return {
    kind: 'day-profile',
    ...head(context, metric),
    binMin,
    percentiles: profilePercentiles.map((p) =>
      sorted.map((bin) => (bin.length < leastPerBin ? Number.NaN : quantileOfSorted(bin, p / 100))),
    ),
    readings: readings.length,
    days: days.size,
    target: glucoseMetrics.has(metric.id) ? (glucoseTargets[unit.ucum] ?? null) : null,
  }
}

function lastDays(context: AppContext, metric: Metric, range: DayRange): DayRange {
  const [newest] = context.vault().latest({ metric: metric.id }, 1)
  if (newest === undefined) return range
  const last = Math.min(range.toDay ?? Number.POSITIVE_INFINITY, dayOf(context, newest.startMs))
  return { fromDay: last - profileDays + 1, toDay: last }
}

function head(context: AppContext, metric: Metric) {
  const unit = displayUnit(metric, context.config.unitPreferences())
  const [component] = metric.components
  return {
    title: component === undefined ? metric.name : `${metric.name}, ${component.name.toLowerCase()}`,
    unit: unit.label,
    decimals: decimalsFor(metric, unit),
  }
}
