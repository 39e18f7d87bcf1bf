/** `trend`: where a metric is going. A metric with components gets a verdict for each. */

import { type TrendMethod, type TrendResult, trendOf } from '../../insight/index.ts'
import { findMetric, shownNumber } from '../../metrics/index.ts'
import type { AppContext } from '../context.ts'
import {
  type DailyValues,
  type DayRange,
  dailyValues,
  instantText,
  latestOf,
  newestDay,
  numberFormat,
} from '../daily.ts'
import { type ValueView, valueView } from '../record-view.ts'
import type { UseCase } from '../use-case.ts'

export interface TrendArgs extends DayRange {
  readonly metric: string
  readonly method?: TrendMethod
}

type Verdict = Omit<TrendResult, 'latest' | 'metric' | 'line'>

/** `trend --json` of the contract; the top level is the first component. */
export interface TrendView extends Verdict {
  readonly metric: string
  readonly latest: { readonly at: string; readonly value: ValueView } | null
  /** Day of the newest record, where the period has none. */
  readonly newest?: string | null
  /** Verdicts by component id; absent for a single-valued metric. */
  readonly components?: Readonly<Record<string, Verdict>>
}

export const trendUseCase: UseCase<TrendArgs, TrendView> = {
  name: 'trend',
  scope: 'read',
  async run(context, args) {
    const metric = findMetric(args.metric)
    const series = dailyValues(context, metric, args)
    const results = series.map((one) => verdictOf(context, one, args))
    const [first] = results
    const latest = latestOf(context, metric, args)
    const head = first ?? verdictOf(context, emptySeries(context, args), args)
    const shown = latest
      ? {
          at: instantText(latest),
          value: valueView(
            metric,
            latest.values.map((value) => shownNumber(metric, series[0]?.unit ?? metricUnit(metric), value)),
          ),
        }
      : null
    const newest = head.n === 0 ? { newest: newestDay(context, metric) } : {}
    const view: TrendView = { metric: metric.id, ...head, latest: shown, ...newest }
    if (metric.components.length === 0) return view
    const components = Object.fromEntries(series.map((one, index) => [one.component, results[index] ?? head]))
    return { ...view, components, text: results.map((result) => result.text).join(' ') }
  },
}

function metricUnit(metric: ReturnType<typeof findMetric>) {
  const [unit] = metric.units
  if (!unit) throw new Error('a metric without a unit')
  return unit
}

function emptySeries(_context: AppContext, args: TrendArgs): DailyValues {
  const metric = findMetric(args.metric)
  const nothing = { day: new Int32Array(0), value: new Float64Array(0) }
  return { metric, unit: metricUnit(metric), component: '', name: metric.name, ...nothing }
}

function verdictOf(_context: AppContext, series: DailyValues, args: TrendArgs): Verdict {
  const { metric, unit } = series
  const {
    latest: _latest,
    metric: _metric,
    line: _line,
    ...verdict
  } = trendOf(series, {
    metric: metric.id,
    name: series.component === '' ? metric.name : `${metric.name}, ${series.name.toLowerCase()}`,
    unit: unit.ucum,
    format: numberFormat(metric, unit),
    ...(args.method === undefined ? {} : { method: args.method }),
  })
  return verdict
}
