/** `chart`: what the charts are drawn from. Drawing itself is the client's. */
import type { ChartSeries } from '../../charts/index.ts'
import { trendOf } from '../../insight/index.ts'
import { decimalsFor, findMetric, fromCanonical, type Metric } from '../../metrics/index.ts'
import type { AppContext } from '../context.ts'
import { type DailyValues, type DayRange, dailyValues, newestDay, numberFormat } from '../daily.ts'
import type { UseCase } from '../use-case.ts'

export interface ChartArgs extends DayRange {
  readonly metrics: readonly string[]
}

export interface ChartView {
  readonly series: readonly ChartSeries[]
  /** Where the whole period is empty: day of the newest record of the first metric. */
  readonly newest: string | null
}

export const chartUseCase: UseCase<ChartArgs, ChartView> = {
  name: 'chart',
  scope: 'read',
  async run(context, args) {
    const metrics = args.metrics.map(findMetric)
    const series = metrics.map((metric) => chartSeries(context, metric, args))
    const isEmpty = series.every((one) => one.lines.every((line) => line.day.length === 0))
    const [first] = metrics
    return { series, newest: isEmpty && first ? newestDay(context, first) : null }
  },
}

function chartSeries(context: AppContext, metric: Metric, range: DayRange): ChartSeries {
  const values = dailyValues(context, metric, range)
  const [first] = values
  const unit = first?.unit
  const adds = metric.combine === 'sum' || metric.combine === 'duration'
  return {
    title: metric.name,
    unit: unit?.label ?? '',
    kind: adds ? 'bars' : 'line',
    decimals: unit ? decimalsFor(metric, unit) : metric.decimals,
    lines: values.map((one) => ({
      label: one.component,
      day: Array.from(one.day),
      value: Array.from(one.value),
    })),
    ...targetOf(context, metric, values),
    ...(first && values.length === 1 ? trendLine(first) : {}),
  }
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
