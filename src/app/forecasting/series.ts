/** The days of a metric as forecasting takes them: one value per local day up to a day, in the canonical unit. */
import { forecastWindow } from '../../analytics/index.ts'
import { dailyValues } from '../../insight/index.ts'
import type { Metric } from '../../metrics/index.ts'
import type { AppContext } from '../context.ts'
import { dayOf } from '../daily.ts'

export interface ForecastSeries {
  /** `weight`, `blood_pressure.systolic`: what registry and forecasts are kept under. */
  readonly id: string
  readonly metric: Metric
  /** Component id, '' for a single-valued metric. */
  readonly component: string
  /** `Blood pressure, systolic`. */
  readonly name: string
  /** What can be at all. */
  readonly bounds: readonly [number, number]
  /** Local day of the first value of `values`. */
  readonly fromDay: number
  /** Every day up to `toDay`, NaN where there is no value. */
  readonly values: Float64Array
  readonly toDay: number
  /** Of the window that forecasting looks at: days with a value, the first and the last of them. */
  readonly n: number
  readonly firstValueDay: number | null
  readonly lastValueDay: number | null
}

/** Two weeks each, six of them: three months of trials. */
export const foldDays = 14
export const foldCount = 6

/**
 * One series per component, of the days that are over. Only a metric of which the last value of a day counts has a
 * value for a day that is not: a weight is a weight, half a day's steps are not a day's. The values reach back as far
 * as forecasting looks, or to `earliestDay`.
 */
export function forecastSeries(
  context: AppContext,
  metric: Metric,
  asOf: number,
  earliestDay = Number.POSITIVE_INFINITY,
): readonly ForecastSeries[] {
  const yesterday = dayOf(context, context.clock.nowMs()) - 1
  const lastDay = metric.combine === 'last' ? asOf : Math.min(asOf, yesterday)
  const fromDay = Math.min(earliestDay, lastDay - forecastWindow - (foldCount + 1) * foldDays)
  const resolved = context.vault().resolvedDays(metric.id, fromDay, lastDay)
  const rollups = metric.components.length === 0 ? resolved.components.slice(0, 1) : resolved.components
  return rollups.map((rollup, index) => {
    const component = metric.components[index]
    const { day, value } = dailyValues(rollup, metric.combine)
    const newest = day.at(-1) ?? Number.NEGATIVE_INFINITY
    const toDay = Math.max(newest, Math.min(lastDay, yesterday))
    const values = new Float64Array(Math.max(toDay - fromDay + 1, 0)).fill(Number.NaN)
    day.forEach((one, i) => {
      values[one - fromDay] = value[i] as number
    })
    const inWindow = Array.from(day).filter(
      (one, i) => one > newest - forecastWindow && !Number.isNaN(value[i] as number),
    )
    return {
      id: component === undefined ? metric.id : `${metric.id}.${component.id}`,
      metric,
      component: component?.id ?? '',
      name: component === undefined ? metric.name : `${metric.name}, ${component.name.toLowerCase()}`,
      bounds: component?.hard ?? metric.hard,
      fromDay,
      values,
      toDay,
      n: inWindow.length,
      firstValueDay: inWindow[0] ?? null,
      lastValueDay: inWindow.at(-1) ?? null,
    }
  })
}
