/** `insights`: what is worth saying about all metrics, as of a day. */
import { formatDay } from '../../foundation/index.ts'
import {
  type Finding,
  findingsOf,
  type Goal,
  type InsightSeries,
  type SourceActivity,
} from '../../insight/index.ts'
import { displayUnit, fromCanonical, type Metric, metricById } from '../../metrics/index.ts'
import { type SeriesInfo, sourceLabel } from '../../records/index.ts'
import type { AppContext } from '../context.ts'
import { dailyValues, dayOf, numberFormat } from '../daily.ts'
import type { UseCase } from '../use-case.ts'

export interface InsightsArgs {
  /** First local day whose values count; all when left out. */
  readonly fromDay?: number
  /** The day as of which is asked, today when left out. */
  readonly toDay?: number
}

export interface InsightsView {
  /** The day as of which this was said. */
  readonly asOf: string
  readonly findings: readonly Finding[]
  /** Series looked at: metrics, or components of one. */
  readonly looked: number
  /** Day of the newest record, where nothing was measured in the four weeks up to `asOf`. */
  readonly newest: string | null
}

/** What `insights` calls lately. */
const recentDays = 28

export const insightsUseCase: UseCase<InsightsArgs, InsightsView> = {
  name: 'insights',
  scope: 'read',
  async run(context, args) {
    const today = dayOf(context, context.clock.nowMs())
    const asOf = Math.min(args.toDay ?? today, today)
    const directory = context.vault().series()
    const metrics = new Set(directory.map((one) => one.series.metric))
    const series = [...metrics].flatMap((id) => seriesOf(context, metricById(id), args.fromDay, asOf))
    const sources = activityOf(context, directory, asOf)
    const newest = series.reduce((last, { daily }) => Math.max(last, daily.day.at(-1) ?? 0), 0)
    const isStale = newest > 0 && newest <= asOf - recentDays
    return {
      asOf: formatDay(asOf),
      findings: findingsOf({ series, sources, today: asOf }),
      looked: series.length,
      newest: isStale ? formatDay(newest) : null,
    }
  },
}

function seriesOf(
  context: AppContext,
  metric: Metric | undefined,
  fromDay: number | undefined,
  toDay: number,
): readonly InsightSeries[] {
  if (metric === undefined) return []
  const lastDay = metric.combine === 'last' ? toDay : Math.min(toDay, lastWholeDay(context, metric))
  const range = { toDay: lastDay, ...(fromDay === undefined ? {} : { fromDay }) }
  const unit = displayUnit(metric, context.config.unitPreferences())
  const show = (value: number): number => fromCanonical(metric, unit, value)
  const resolved = context.vault().resolvedDays(metric.id, fromDay, lastDay)
  return dailyValues(context, metric, range).map((one, index) => {
    const component = metric.components[index]
    const plausible = component?.plausible ?? metric.plausible
    const rollup = resolved.components[index]
    const rows = one.day.length
    return {
      metric: metric.id,
      component: one.component,
      name: component === undefined ? metric.name : `${metric.name}, ${component.name.toLowerCase()}`,
      category: metric.category,
      unit: unit.ucum,
      combine: metric.combine,
      daily: { day: one.day, value: one.value },
      lowest: (rollup?.min.subarray(0, rows) ?? new Float64Array(0)).map(show),
      highest: (rollup?.max.subarray(0, rows) ?? new Float64Array(0)).map(show),
      plausible: [show(plausible[0]), show(plausible[1])],
      goal: goalOf(context, metric, show),
      format: numberFormat(metric, unit),
    }
  })
}

/** From so many readings a day on, a metric is measured all day. */
const allDayReadings = 12

/**
 * The last day that can be over: before today, and before the last day of what adds up or is measured all day, because
 * an export is taken in the middle of a day.
 */
function lastWholeDay(context: AppContext, metric: Metric): number {
  const today = dayOf(context, context.clock.nowMs())
  const [rollup] = context.vault().resolvedDays(metric.id).components
  const newest = rollup?.day[rollup.length - 1]
  if (rollup === undefined || newest === undefined) return today - 1
  const adds = metric.combine === 'sum' || metric.combine === 'duration'
  const isAllDay = adds || (rollup.count[rollup.length - 1] as number) >= allDayReadings
  return Math.min(today - 1, isAllDay ? newest - 1 : newest)
}

function goalOf(context: AppContext, metric: Metric, show: (value: number) => number): Goal | null {
  if (metric.components.length > 0) return null
  const fields = context.vault().entity('goal', metric.id)?.fields
  const target = Array.isArray(fields?.['target']) ? fields['target'][0] : undefined
  if (fields === undefined || typeof target !== 'number') return null
  return { direction: String(fields['direction']) as Goal['direction'], target: show(target) }
}

/** Devices and programs by name; what is typed in by hand comes when it comes. */
function activityOf(
  context: AppContext,
  directory: readonly SeriesInfo[],
  asOf: number,
): readonly SourceActivity[] {
  const byName = new Map<string, SeriesInfo[]>()
  for (const one of directory) {
    const name = sourceLabel(one.series.source)
    byName.set(name, [...(byName.get(name) ?? []), one])
  }
  return [...byName]
    .filter(([, all]) => all.some(({ series }) => series.source.deviceClass !== 'manual'))
    .map(([name, all]) => ({
      name,
      metrics: [...new Set(all.map(({ series }) => series.metric))],
      firstDay: Math.min(...all.map((one) => dayOf(context, one.firstMs))),
      lastDay: Math.min(asOf, Math.max(...all.map((one) => dayOf(context, one.lastMs)))),
      records: all.reduce((sum, one) => sum + one.count, 0),
    }))
}
