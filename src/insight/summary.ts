/**
 * The summary of a period: what there is per metric, and how it compares with the equally long period before.
 *
 * Works on resolved daily rollups (no sample is read). The day's value is what the metric's `combine` says: a sum per
 * day for steps, a mean for heart rate. The comparison is Welch's t test on daily values with the counts reduced for
 * autocorrelation, and abstains on thin data.
 */
import { describe, effectiveCount, firstOrderAutocorrelation, moments, welch } from '../analytics/index.ts'
import type { Combine } from '../metrics/index.ts'
import type { DailyRollup } from '../records/index.ts'
import type { DailySeries } from './trend.ts'

/** What the summary needs to know of a metric (or of one component of it). */
export interface SummaryMetric {
  /** Catalogue id: `blood_pressure`. */
  readonly metric: string
  /** Component id (`systolic`), null for a single-valued metric. */
  readonly component: string | null
  readonly name: string
  readonly category: string
  /** Canonical UCUM unit. */
  readonly unit: string
  readonly combine: Combine
  /** Rows of the period, and of the equally long period before; null when not asked for. */
  readonly current: DailyRollup
  readonly previous: DailyRollup | null
}

export interface SummaryPeriod {
  /** Days since 1970-01-01, both inclusive. */
  readonly fromDay: number
  readonly toDay: number
}

export interface MetricSummary {
  readonly metric: string
  readonly component: string | null
  readonly name: string
  readonly unit: string
  readonly combine: Combine
  /** Records in the period. */
  readonly n: number
  readonly daysWithData: number
  readonly days: number
  /** Mean of the daily values (of sums per day for `sum` and `duration`), null without data. */
  readonly perDay: number | null
  /** Sum over the period, for `sum` and `duration` only. */
  readonly total: number | null
  /** Smallest and largest record; for `sum` and `duration` the smallest and largest day. */
  readonly min: number | null
  readonly max: number | null
  /** The last value of the last day with data (for `sum` and `duration` that day's sum), with that day. */
  readonly latest: { readonly day: number; readonly value: number } | null
  readonly comparison: Comparison | null
}

export type Comparison =
  | {
      readonly verdict: 'higher' | 'lower' | 'no-clear-difference'
      /** Previous mean of daily values, and current minus previous. */
      readonly previous: number
      readonly difference: number
      readonly ci95: readonly [number, number]
      readonly p: number
      readonly daysBefore: number
    }
  | { readonly verdict: 'not-enough-data'; readonly missing: string; readonly daysBefore: number }

export interface SummaryGroup {
  readonly category: string
  readonly metrics: readonly MetricSummary[]
}

/** Fewest days with data in each period before they are compared. */
export const minComparisonDays = 7
/** Of independent values that the days are worth after autocorrelation: below, a variance means nothing. */
const minEffectiveDays = 3

/** One group per category, in the order in which the metrics came; metrics without data in either period left out. */
export function summarise(metrics: readonly SummaryMetric[], period: SummaryPeriod): readonly SummaryGroup[] {
  const byCategory = new Map<string, MetricSummary[]>()
  for (const metric of metrics) {
    if (metric.current.length === 0 && (metric.previous === null || metric.previous.length === 0)) continue
    const group = byCategory.get(metric.category) ?? []
    group.push(summariseMetric(metric, period))
    byCategory.set(metric.category, group)
  }
  return [...byCategory].map(([category, rows]) => ({ category, metrics: rows }))
}

/**
 * From so many values a day on, a mean is weighted by time. Below, they are spot readings, each as good as the other:
 * of two blood pressures a minute apart the second must not count for the rest of the day.
 */
const leastForWeighting = 12

/** The day's value by the metric's combining rule, as a daily series (also what `trendOf` and charts take). */
export function dailyValues(rollup: DailyRollup, combine: Combine): DailySeries {
  const columns = {
    mean: rollup.timeWeightedMean,
    last: rollup.last,
    sum: rollup.sum,
    duration: rollup.sum,
    min: rollup.min,
    max: rollup.max,
  }
  const column = columns[combine]
  const value = Float64Array.from({ length: rollup.length }, (_, i) => {
    const own = column[i] as number
    // A day of values that cover no time has no time-weighted mean; the plain mean is what there is.
    const isSpot = combine === 'mean' && (rollup.count[i] as number) < leastForWeighting
    return isSpot || Number.isNaN(own) ? (rollup.sum[i] as number) / (rollup.count[i] as number) : own
  })
  return { day: rollup.day.slice(0, rollup.length), value }
}

function summariseMetric(metric: SummaryMetric, period: SummaryPeriod): MetricSummary {
  const { current, combine } = metric
  const daily = dailyValues(current, combine)
  const adds = combine === 'sum' || combine === 'duration'
  const last = current.length - 1
  const extremes = adds
    ? [describe(daily.value), describe(daily.value)]
    : [recorded(current, 'min'), recorded(current, 'max')]
  return {
    metric: metric.metric,
    component: metric.component,
    name: metric.name,
    unit: metric.unit,
    combine,
    n: recorded(current, 'count').sum,
    daysWithData: current.length,
    days: period.toDay - period.fromDay + 1,
    perDay: describe(daily.value).mean,
    total: adds && current.length > 0 ? describe(daily.value).sum : null,
    min: extremes[0]?.min ?? null,
    max: extremes[1]?.max ?? null,
    latest:
      last < 0
        ? null
        : {
            day: current.day[last] as number,
            value: (adds ? daily.value[last] : current.last[last]) as number,
          },
    comparison:
      metric.previous === null ? null : compare(daily.value, dailyValues(metric.previous, combine).value),
  }
}

function recorded(rollup: DailyRollup, column: 'count' | 'min' | 'max') {
  return describe(rollup[column].subarray(0, rollup.length))
}

/**
 * Mean of the daily values now against before: Welch 1947, Biometrika 34:28–35, with n replaced by
 * n(1 - phi)/(1 + phi) (Bayley & Hammersley 1946, Suppl J R Stat Soc 8:184). phi is the largest of the two periods' and
 * `leastPhi`, for callers that know it from a longer history.
 */
export function compare(current: Float64Array, previous: Float64Array, leastPhi = 0): Comparison {
  const daysBefore = previous.length
  const short = Math.min(current.length, daysBefore)
  if (short < minComparisonDays) {
    const which = current.length < daysBefore ? 'this period' : 'the period before'
    return {
      verdict: 'not-enough-data',
      missing: `at least ${minComparisonDays} days with data in ${which}`,
      daysBefore,
    }
  }
  const phi = Math.max(
    leastPhi,
    firstOrderAutocorrelation(current, 1),
    firstOrderAutocorrelation(previous, 1),
  )
  const side = (values: Float64Array) => {
    const { mean, variance } = moments(values)
    return { mean, variance: variance ?? 0, n: effectiveCount(values.length, phi) }
  }
  const now = side(current)
  const before = side(previous)
  if (Math.min(now.n, before.n) < minEffectiveDays) {
    return {
      verdict: 'not-enough-data',
      missing: 'more days, because the values follow each other too closely',
      daysBefore,
    }
  }
  const { difference, ci, p } = welch(now, before)
  const verdict = p >= 0.05 ? 'no-clear-difference' : difference > 0 ? 'higher' : 'lower'
  return { verdict, previous: before.mean, difference, ci95: ci, p, daysBefore }
}
