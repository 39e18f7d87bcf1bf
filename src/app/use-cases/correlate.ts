/** `correlate`: whether two metrics move together from day to day. A metric with components answers for each. */
import { Failure, formatDay } from '../../foundation/index.ts'
import { type Correlation, correlationOf } from '../../insight/index.ts'
import { findMetric } from '../../metrics/index.ts'
import { type DailyValues, type DayRange, dailyValues } from '../daily.ts'
import type { UseCase } from '../use-case.ts'

export interface CorrelateArgs extends DayRange {
  readonly first: string
  readonly second: string
  /** Days by which the first leads; all lags up to a week either way when left out. */
  readonly lag?: number
}

export interface CorrelationView extends Correlation {
  readonly first: string
  readonly second: string
  /** Days with a value of each, and the first and last day of either. */
  readonly n: readonly [number, number]
  readonly from: string | null
  readonly to: string | null
}

export interface CorrelateView {
  readonly results: readonly CorrelationView[]
  readonly count: number
}

export const correlateUseCase: UseCase<CorrelateArgs, CorrelateView> = {
  name: 'correlate',
  scope: 'read',
  async run(context, args) {
    const first = dailyValues(context, findMetric(args.first), args)
    const second = dailyValues(context, findMetric(args.second), args)
    const isOneMetric = first[0]?.metric === second[0]?.metric
    const results = first.flatMap((a, i) =>
      second.slice(isOneMetric ? i + 1 : 0).map((b) => correlationView(a, b, args.lag)),
    )
    if (results.length === 0) {
      throw new Failure('USAGE', `${args.first} always moves together with itself`, {
        hint: 'Name two metrics: healthmate correlate steps resting_heart_rate',
      })
    }
    return { results, count: results.length }
  },
}

function correlationView(a: DailyValues, b: DailyValues, lag: number | undefined): CorrelationView {
  const days = [
    ...a.day.subarray(0, 1),
    ...a.day.subarray(-1),
    ...b.day.subarray(0, 1),
    ...b.day.subarray(-1),
  ]
  return {
    first: idOf(a),
    second: idOf(b),
    n: [a.day.length, b.day.length],
    from: days.length === 0 ? null : formatDay(Math.min(...days)),
    to: days.length === 0 ? null : formatDay(Math.max(...days)),
    ...correlationOf({ name: nameOf(a), daily: a }, { name: nameOf(b), daily: b }, lag),
  }
}

function idOf({ metric, component }: DailyValues): string {
  return component === '' ? metric.id : `${metric.id}.${component}`
}

function nameOf({ metric, component, name }: DailyValues): string {
  return component === '' ? metric.name : `${metric.name}, ${name.toLowerCase()}`
}
