/** `summary`: what there is in a period, metric by metric, and how it compares with the period before. */
import { formatDay } from '../../foundation/index.ts'
import { type Comparison, type MetricSummary, type SummaryMetric, summarise } from '../../insight/index.ts'
import {
  type AcceptedUnit,
  displayUnit,
  formatValue,
  type Metric,
  metricById,
  shownNumber,
} from '../../metrics/index.ts'
import type { AppContext } from '../context.ts'
import { dayOf, numberFormat } from '../daily.ts'
import type { UseCase } from '../use-case.ts'

export interface SummaryArgs {
  /** Local days, inclusive; the last 30 days when left out. */
  readonly fromDay?: number
  readonly toDay?: number
  readonly compare?: boolean
}

export interface SummaryRow {
  readonly metric: string
  readonly component: string | null
  readonly name: string
  /** UCUM, of all numbers of the row. */
  readonly unit: string
  readonly n: number
  readonly daysWithData: number
  readonly days: number
  readonly perDay: number | null
  readonly total: number | null
  readonly min: number | null
  readonly max: number | null
  readonly latest: { readonly on: string; readonly value: number } | null
  readonly comparison: Comparison | null
  /** The same for people. */
  readonly text: {
    readonly perDay: string
    readonly range: string
    readonly latest: string
    readonly comparison: string
  }
}

export interface SummaryView {
  readonly from: string
  readonly to: string
  readonly groups: readonly { readonly category: string; readonly metrics: readonly SummaryRow[] }[]
  readonly count: number
  /** The last 30 days that have records, where the period has none; `null` in an empty vault. */
  readonly newest: { readonly from: string; readonly to: string } | null
}

const defaultDays = 30

export const summaryUseCase: UseCase<SummaryArgs, SummaryView> = {
  name: 'summary',
  scope: 'read',
  async run(context, args) {
    const today = dayOf(context, context.clock.nowMs())
    const toDay = Math.min(args.toDay ?? today, today)
    const fromDay = args.fromDay ?? firstDay(context, args, toDay)
    const metrics = presentMetrics(context)
    const inputs = metrics.flatMap((metric) => inputsOf(context, metric, { fromDay, toDay, today, args }))
    const groups = summarise(inputs, { fromDay, toDay }).map(({ category, metrics: rows }) => ({
      category,
      metrics: rows.map((row) => displayRow(context, row)),
    }))
    const count = groups.reduce((sum, group) => sum + group.metrics.length, 0)
    const newest = count === 0 ? newestDays(context, today) : null
    return { from: formatDay(fromDay), to: formatDay(toDay), groups, count, newest }
  },
}

function newestDays(context: AppContext, today: number): SummaryView['newest'] {
  const last = context
    .vault()
    .series()
    .reduce((latest, one) => Math.max(latest, one.lastMs), Number.NEGATIVE_INFINITY)
  if (!Number.isFinite(last)) return null
  const to = Math.min(dayOf(context, last), today)
  return { from: formatDay(to - defaultDays + 1), to: formatDay(to) }
}

/** `--to` alone means everything until then; nothing means the last 30 days. */
function firstDay(context: AppContext, args: SummaryArgs, toDay: number): number {
  if (args.toDay === undefined) return toDay - defaultDays + 1
  const first = Math.min(
    ...context
      .vault()
      .series()
      .map((one) => one.firstMs),
  )
  return Number.isFinite(first) ? dayOf(context, first) : toDay
}

function presentMetrics(context: AppContext): readonly Metric[] {
  const ids = new Set(
    context
      .vault()
      .series()
      .map((one) => one.series.metric),
  )
  return [...ids].flatMap((id) => metricById(id) ?? []).sort((a, b) => compareText(a, b))
}

function compareText(a: Metric, b: Metric): number {
  const key = (metric: Metric): string => `${metric.category} ${metric.name}`
  return key(a) < key(b) ? -1 : 1
}

interface Period {
  readonly fromDay: number
  readonly toDay: number
  readonly today: number
  readonly args: SummaryArgs
}

/** The running day of what adds up is left out: it is not over. */
function inputsOf(context: AppContext, metric: Metric, period: Period): SummaryMetric[] {
  const adds = metric.combine === 'sum' || metric.combine === 'duration'
  const lastDay = adds && period.toDay >= period.today ? period.today - 1 : period.toDay
  const length = period.toDay - period.fromDay + 1
  const current = context.vault().resolvedDays(metric.id, period.fromDay, lastDay)
  const previous = period.args.compare
    ? context.vault().resolvedDays(metric.id, period.fromDay - length, period.fromDay - 1)
    : null
  return current.components.map((rollup, index) => {
    const component = metric.components[index]
    return {
      metric: metric.id,
      component: component?.id ?? null,
      name: component ? `${metric.name}, ${component.name.toLowerCase()}` : metric.name,
      category: metric.category,
      unit: metric.unit,
      combine: metric.combine,
      current: rollup,
      previous: previous?.components[index] ?? null,
    }
  })
}

function displayRow(context: AppContext, row: MetricSummary): SummaryRow {
  const metric = metricById(row.metric) as Metric
  const unit = displayUnit(metric, context.config.unitPreferences())
  const show = (value: number | null): number | null =>
    value === null ? null : shownNumber(metric, unit, value)
  const { latest } = row
  const comparison = row.comparison && displayComparison(row.comparison, metric, unit)
  return {
    metric: row.metric,
    component: row.component,
    name: row.name,
    unit: unit.ucum,
    n: row.n,
    daysWithData: row.daysWithData,
    days: row.days,
    perDay: show(row.perDay),
    total: show(row.total),
    min: show(row.min),
    max: show(row.max),
    latest: latest && { on: formatDay(latest.day), value: show(latest.value) as number },
    comparison,
    text: rowText(row, metric, unit, comparison),
  }
}

/** Differences take the factor of the unit alone: an offset (°F) belongs to levels. */
function displayComparison(comparison: Comparison, metric: Metric, unit: AcceptedUnit): Comparison {
  if (comparison.verdict === 'not-enough-data') return comparison
  const difference = (value: number): number => value / unit.factor
  return {
    ...comparison,
    previous: shownNumber(metric, unit, comparison.previous),
    difference: difference(comparison.difference),
    ci95: [difference(comparison.ci95[0]), difference(comparison.ci95[1])],
  }
}

function rowText(
  row: MetricSummary,
  metric: Metric,
  unit: AcceptedUnit,
  comparison: Comparison | null,
): SummaryRow['text'] {
  const single: Metric = { ...metric, components: [] }
  const show = (value: number | null): string => (value === null ? '' : formatValue(single, [value], unit))
  const adds = row.combine === 'sum' || row.combine === 'duration'
  const range = row.min === null || row.max === null ? '' : rangeText(show(row.min), show(row.max), unit)
  return {
    perDay: row.perDay === null ? '' : `${show(row.perDay)}${adds ? '/d' : ''}`,
    range,
    latest: row.latest === null ? '' : show(row.latest.value),
    comparison: comparisonText(comparison, metric, unit),
  }
}

/** `52–65 kg`; what is written in two units (`41 min` to `8 h 41 min`, `12 st 8.4 lb`) keeps both. */
function rangeText(low: string, high: string, unit: AcceptedUnit): string {
  const isMixed = /\d \D+ \d/.test(low) || /\d \D+ \d/.test(high)
  return isMixed ? `${low}–${high}` : `${withoutUnit(low, unit)}–${high}`
}

function withoutUnit(text: string, unit: AcceptedUnit): string {
  return unit.label !== '' && text.endsWith(unit.label) ? text.slice(0, -unit.label.length).trimEnd() : text
}

function comparisonText(comparison: Comparison | null, metric: Metric, unit: AcceptedUnit): string {
  if (comparison === null) return ''
  if (comparison.verdict === 'not-enough-data') return `too little to compare: ${comparison.missing}`
  const { change } = numberFormat(metric, unit)
  const sign = comparison.difference < 0 ? '−' : '+'
  const amount = `${sign}${change(comparison.difference)}`
  return comparison.verdict === 'no-clear-difference'
    ? `no clear difference (${amount})`
    : `${comparison.verdict} by ${amount.slice(1)}`
}
