/** `explain METRIC DAY`: what was counted on a day, what was left out, and by which rule. */
import { Failure, formatDay, formatInstant } from '../../foundation/index.ts'
import { dailyValues } from '../../insight/index.ts'
import { displayUnit, findMetric, formatValue, type Metric } from '../../metrics/index.ts'
import { sourceLabel } from '../../records/index.ts'
import type { AppContext } from '../context.ts'
import type { UseCase } from '../use-case.ts'

export interface ExplainArgs {
  readonly metric: string
  /** Local day since 1970-01-01. */
  readonly day: number
}

export interface ExplainedView {
  readonly from: string
  readonly to: string
  readonly source: string
  readonly text: string
  /** `kept`, `covered`, `partly_covered`, `copy`, `superseded`. */
  readonly verdict: string
  /** Part of the interval that counts on this day, 0 to 1. */
  readonly share: number
  readonly reason: string
  /** The source that covers it or that it copies. */
  readonly by: string | null
}

export interface ExplainView {
  readonly metric: string
  readonly name: string
  readonly day: string
  /** The day's value: `8,412 steps`. */
  readonly text: string
  readonly rule: string
  readonly intervals: readonly ExplainedView[]
}

export const explainUseCase: UseCase<ExplainArgs, ExplainView> = {
  name: 'explain',
  scope: 'read',
  async run(context, args) {
    const metric = findMetric(args.metric)
    const { components, explained } = context.vault().explainDay(metric.id, args.day)
    const day = formatDay(args.day)
    if (explained.length === 0) {
      throw new Failure('NOT_FOUND', `there is nothing of ${metric.name} on ${day}`, {
        hint: `healthmate list ${metric.id}`,
      })
    }
    const unit = displayUnit(metric, context.config.unitPreferences())
    const totals = components.map((rollup) => dailyValues(rollup, metric.combine).value[0] ?? Number.NaN)
    return {
      metric: metric.id,
      name: metric.name,
      day,
      text: totals.some(Number.isNaN) ? 'no value' : formatValue(metric, totals, unit),
      rule: ruleText(context, metric),
      intervals: explained.map((one) => ({
        from: formatInstant(one.startMs, one.offsetMin),
        to: formatInstant(one.startMs + one.durationMs, one.offsetMin),
        source: sourceLabel(one.series.source),
        text: formatValue(metric, one.values, unit),
        verdict: one.reason,
        share: one.share * one.onDay,
        by: one.by === null ? null : sourceLabel(one.by),
        reason: [
          reasonText(one.reason, one.share, one.by === null ? '' : sourceLabel(one.by)),
          ...(one.onDay < 1 ? [`${percent(one.onDay)} of its time is on this day`] : []),
        ].join('; '),
      })),
    }
  },
}

function ruleText(context: AppContext, metric: Metric): string {
  const order = context.config.sourcePriority()
  const ranks =
    order.length > 0 ? `your order of sources: ${order.join(', ')}` : 'sources ranked by kind of device'
  switch (metric.combine) {
    case 'sum':
      return `added up; what goes over the start of a day is shared by time; where sources overlap the higher one counts, ${ranks}`
    case 'duration':
      return `added up; where sources overlap in time the higher one counts, ${ranks}`
    case 'mean':
      return 'mean of all values, by time where there are many, copies left out'
    default:
      return `${metric.combine} of all values, copies left out`
  }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function reasonText(reason: string, share: number, by: string): string {
  switch (reason) {
    case 'covered':
      return `${by} covers this time`
    case 'partly_covered':
      return `${by} covers ${percent(1 - share)} of this time`
    case 'copy':
      return `the same reading as from ${by}`
    case 'superseded':
      return 'its source corrected or withdrew it later'
    default:
      return 'counts'
  }
}
