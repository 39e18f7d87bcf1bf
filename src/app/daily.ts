/** Daily values of a metric, as analysis and charts take them: one number per local day, in the display unit. */
import { formatInstant, localDay, startDay } from '../foundation/index.ts'
import { dailyValues as dailySeries } from '../insight/index.ts'
import {
  type AcceptedUnit,
  differenceIn,
  displayUnit,
  formatValue,
  fromCanonical,
  type Metric,
  toCanonical,
} from '../metrics/index.ts'
import type { DailyRollup, Observation } from '../records/index.ts'
import type { AppContext } from './context.ts'

export interface DayRange {
  /** Local days since 1970-01-01, inclusive. */
  readonly fromDay?: number
  readonly toDay?: number
}

export interface DailyValues {
  readonly metric: Metric
  readonly unit: AcceptedUnit
  /** Component id, '' for a single-valued metric. */
  readonly component: string
  readonly name: string
  readonly day: Int32Array
  /** In `unit`. */
  readonly value: Float64Array
}

/**
 * One series of daily values per component. Of what adds up over a day (`sum`, `duration`) the running day is left
 * out: it is not over, and its part would look like a fall.
 */
export function dailyValues(context: AppContext, metric: Metric, range: DayRange): readonly DailyValues[] {
  const unit = displayUnit(metric, context.config.unitPreferences())
  const resolved = context.vault().resolvedDays(metric.id, range.fromDay, range.toDay)
  const today = dayOf(context, context.clock.nowMs())
  const adds = metric.combine === 'sum' || metric.combine === 'duration'
  return resolved.components.map((rollup, index) => {
    const component = metric.components[index]
    const rows = rowsBefore(rollup, adds ? today : Number.POSITIVE_INFINITY)
    const canonical = dailySeries(rollup, metric.combine)
    const value = canonical.value.subarray(0, rows).map((one) => fromCanonical(metric, unit, one))
    return {
      metric,
      unit,
      component: component?.id ?? '',
      name: component?.name ?? metric.name,
      day: canonical.day.subarray(0, rows),
      value,
    }
  })
}

export function dayOf(context: AppContext, ms: number): number {
  return localDay(ms, context.offsetAt(ms), context.config.dayStartMin())
}

/** Rows with a day before `day`. */
function rowsBefore(rollup: DailyRollup, day: number): number {
  let rows = rollup.length
  while (rows > 0 && (rollup.day[rows - 1] as number) >= day) rows--
  return rows
}

/** How numbers of a metric are written for this person: with the unit; the arguments are in the display unit. */
export function numberFormat(metric: Metric, unit: AcceptedUnit) {
  const single: Metric = { ...metric, components: [] }
  return {
    value: (value: number): string => formatValue(single, [toCanonical(single, unit, value)], unit),
    change: (change: number): string => {
      const { value, label } = differenceIn(single, unit, Math.abs(change))
      return `${significant(value)} ${label}`.trimEnd()
    },
  }
}

/** A difference with three significant digits at most, without an exponent. */
function significant(value: number): string {
  if (value === 0) return '0'
  const digits = Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(Math.abs(value)))))
  return String(Number(value.toFixed(digits)))
}

/** Newest observation within the range, as the contract's `latest` shows it. */
export function latestOf(context: AppContext, metric: Metric, range: DayRange): Observation | undefined {
  const query =
    range.fromDay === undefined && range.toDay === undefined
      ? { metric: metric.id }
      : {
          metric: metric.id,
          // Days are local: a day of slack on each side, then filtered by the observation's own day.
          period: {
            fromMs: ((range.fromDay ?? -1e5) - 1) * 86_400_000,
            toMs: ((range.toDay ?? 1e5) + 2) * 86_400_000,
          },
        }
  return context
    .vault()
    .latest(query, 200)
    .find((one) => {
      const day = startDay(one.startMs, one.endMs - one.startMs, one.offsetMin, context.config.dayStartMin())
      return day >= (range.fromDay ?? -Infinity) && day <= (range.toDay ?? Infinity)
    })
}

export function instantText(observation: Observation): string {
  return formatInstant(observation.startMs, observation.offsetMin)
}

/** Local day of the newest record of a metric, `null` without one: where to look when a period is empty. */
export function newestDay(context: AppContext, metric: Metric): string | null {
  const [newest] = context.vault().latest({ metric: metric.id }, 1)
  return newest === undefined ? null : formatInstant(newest.startMs, newest.offsetMin).slice(0, 10)
}
