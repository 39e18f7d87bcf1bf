/** `chart`: what the charts are drawn from. Drawing itself is the client's. */
import type { ChartLine, ChartSeries, Figure } from '../../charts/index.ts'
import { Failure } from '../../foundation/index.ts'
import { trendOf } from '../../insight/index.ts'
import { decimalsFor, displayUnit, findMetric, fromCanonical, type Metric } from '../../metrics/index.ts'
import { calendarOf, dayProfileOf, histogramOf } from '../charting/figures.ts'
import type { AppContext } from '../context.ts'
import { type DailyValues, type DayRange, dailyValues, newestDay, numberFormat } from '../daily.ts'
import type { UseCase } from '../use-case.ts'

/** `auto`: pairs for a metric whose components rank (blood pressure), bars for what adds up, else a line. */
export type ChartKind = 'auto' | 'line' | 'range' | 'pairs' | 'histogram' | 'calendar' | 'day-profile'

export interface ChartArgs extends DayRange {
  readonly metrics: readonly string[]
  readonly kind?: ChartKind
}

export interface ChartView {
  /** Charts without a time axis; `series` is empty then. */
  readonly figures: readonly Figure[]
  readonly series: readonly ChartSeries[]
  /** The whole period has nothing to draw. */
  readonly isEmpty: boolean
  /** Where it is empty: day of the newest record of the first metric. */
  readonly newest: string | null
}

export const chartUseCase: UseCase<ChartArgs, ChartView> = {
  name: 'chart',
  scope: 'read',
  async run(context, args) {
    const metrics = args.metrics.map(findMetric)
    const figures = figuresOf(context, metrics, args)
    const series = figures === null ? metrics.map((metric) => chartSeries(context, metric, args)) : []
    const isEmpty = series.every(isWithoutData) && (figures ?? []).every(isEmptyFigure)
    const [first] = metrics
    return {
      series,
      figures: figures ?? [],
      isEmpty,
      newest: isEmpty && first ? newestDay(context, first) : null,
    }
  },
}

function figuresOf(
  context: AppContext,
  metrics: readonly Metric[],
  args: ChartArgs,
): readonly Figure[] | null {
  const make = { histogram: histogramOf, calendar: calendarOf, 'day-profile': dayProfileOf }
  if (args.kind === 'histogram' || args.kind === 'calendar' || args.kind === 'day-profile') {
    const draw = make[args.kind]
    return metrics.map((metric) => draw(context, metric, args))
  }
  return null
}

function isWithoutData(series: ChartSeries): boolean {
  return series.lines.every((line) => line.day.length === 0)
}

function isEmptyFigure(figure: Figure): boolean {
  if (figure.kind === 'histogram') return figure.n === 0
  return figure.kind === 'calendar' ? figure.day.length === 0 : figure.readings === 0
}

function chartSeries(context: AppContext, metric: Metric, args: ChartArgs): ChartSeries {
  const values = dailyValues(context, metric, args)
  const [first] = values
  const unit = first?.unit
  const kind = kindOf(metric, args.kind ?? 'auto')
  const lines = args.kind === 'range' ? rangeLines(context, metric, args, first) : values.map(lineOf)
  return {
    title: metric.name,
    unit: unit?.label ?? '',
    kind,
    decimals: unit ? decimalsFor(metric, unit) : metric.decimals,
    lines,
    ...targetOf(context, metric, values),
    ...(first && values.length === 1 && kind !== 'ranges' ? trendLine(first) : {}),
  }
}

function kindOf(metric: Metric, kind: ChartKind): ChartSeries['kind'] {
  const adds = metric.combine === 'sum' || metric.combine === 'duration'
  if (kind === 'range') {
    if (adds || metric.components.length > 0)
      throw new Failure('USAGE', `${metric.name} has one value a day and no range`, {
        hint: `healthmate chart ${metric.id}`,
      })
    return 'ranges'
  }
  if (kind === 'pairs' && metric.descending === undefined)
    throw new Failure('USAGE', `${metric.name} is no pair of values`, {
      hint: 'healthmate chart bp --kind pairs',
    })
  if (kind === 'pairs' || (kind === 'auto' && metric.descending !== undefined)) return 'ranges'
  return adds ? 'bars' : 'line'
}

function lineOf(one: DailyValues): ChartLine {
  return { label: one.component, day: Array.from(one.day), value: Array.from(one.value) }
}

/** Highest, lowest and middle of each day. */
function rangeLines(
  context: AppContext,
  metric: Metric,
  range: DayRange,
  middle: DailyValues | undefined,
): readonly ChartLine[] {
  const unit = displayUnit(metric, context.config.unitPreferences())
  const rollup = context.vault().resolvedDays(metric.id, range.fromDay, range.toDay).components[0]
  const line = (label: string, values: Float64Array): ChartLine => ({
    label,
    day: Array.from(rollup?.day.subarray(0, rollup.length) ?? []),
    value: Array.from(values.subarray(0, rollup?.length ?? 0), (value) => fromCanonical(metric, unit, value)),
  })
  const none = new Float64Array(0)
  return [
    line('highest', rollup?.max ?? none),
    line('lowest', rollup?.min ?? none),
    ...(middle === undefined ? [] : [{ ...lineOf(middle), label: 'mean' }]),
  ]
}

/** The person's goal, as a band that is open on one side. */
function targetOf(
  context: AppContext,
  metric: Metric,
  values: readonly DailyValues[],
): Pick<ChartSeries, 'target'> {
  const goal = context.vault().entity('goal', metric.id)
  const unit = values[0]?.unit
  const target = goal?.fields['target']
  if (!goal || !unit || !Array.isArray(target) || metric.components.length > 0) return {}
  const bound = fromCanonical(metric, unit, Number(target[0]))
  const direction = goal.fields['direction']
  if (direction === 'below') return { target: { low: null, high: bound, label: 'goal' } }
  if (direction === 'above') return { target: { low: bound, high: null, label: 'goal' } }
  return { target: { low: bound, high: bound, label: 'goal' } }
}

/** A line is drawn only where a direction is claimed. */
function trendLine(series: DailyValues): Pick<ChartSeries, 'trend'> {
  const { metric, unit } = series
  const format = numberFormat(metric, unit)
  const result = trendOf(series, { metric: metric.id, name: metric.name, unit: unit.ucum, format })
  if (result.line === null || result.slope === null || result.direction === 'unclear') return {}
  const { day, value, halfWidth } = result.line
  const { perDay, ci95 } = result.slope
  return { trend: { day, value, halfWidth, slopePerDay: perDay, ci95, text: result.text } }
}
