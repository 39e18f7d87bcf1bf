/** What is said of an experiment: numbers, interval, what was expected, and what the design cannot tell. */
import { formatDay } from '../../foundation/index.ts'
import { type DailySeries, type TrendResult, trendOf } from '../trend.ts'
import type { TrendFormat } from '../trend-text.ts'
import { analyseExperiment, type ExperimentAnalysis } from './analysis.ts'
import { blocksOf, type ExpectedDirection, type ExperimentPlan, endDayOf } from './plan.ts'

export type ExperimentState = 'planned' | 'running' | 'finished' | 'stopped'
export type ExperimentVerdict = 'too-early' | 'interim' | 'difference' | 'no-clear-difference'

export interface ExperimentSubject {
  /** `Resting heart rate`. */
  readonly outcome: string
  readonly metric: string
  readonly unit: string
  readonly format: TrendFormat
  readonly expected: ExpectedDirection
  /** Local day on which the plan was written. */
  readonly plannedDay: number
  readonly stoppedDay: number | null
}

export interface ExperimentReport extends ExperimentAnalysis {
  readonly state: ExperimentState
  readonly verdict: ExperimentVerdict
  /** Whether the difference found has the expected direction; null without a difference or an expectation. */
  readonly expectedMet: boolean | null
  /** Where the outcome was going before the change (`before-after`). */
  readonly baselineTrend: TrendResult['direction'] | null
  readonly text: string
}

const significance = 0.05

/** The report as of `today` (local day; itself not over, so not counted). */
export function reportExperiment(
  plan: ExperimentPlan,
  series: DailySeries,
  subject: ExperimentSubject,
  today: number,
): ExperimentReport {
  const end = Math.min(endDayOf(plan), subject.stoppedDay ?? Number.POSITIVE_INFINITY)
  const lastDay = Math.min(today - 1, end)
  const state = stateOf(plan, subject, today)
  const analysis = analyseExperiment(plan, series, lastDay)
  const { effect } = analysis
  const isOver = state === 'finished' || state === 'stopped'
  const isClear = effect !== null && effect.p < significance
  const verdict: ExperimentVerdict =
    effect === null ? 'too-early' : !isOver ? 'interim' : isClear ? 'difference' : 'no-clear-difference'
  const expectedMet =
    verdict !== 'difference' || effect === null || subject.expected === 'either'
      ? null
      : (subject.expected === 'lower') === effect.difference < 0
  const baselineTrend = plan.design === 'before-after' ? baselineDirection(plan, series, subject) : null
  const facts = { ...analysis, state, verdict, expectedMet, baselineTrend }
  return { ...facts, text: reportText(plan, subject, facts) }
}

function stateOf(plan: ExperimentPlan, { stoppedDay }: ExperimentSubject, today: number): ExperimentState {
  if (stoppedDay !== null && stoppedDay < endDayOf(plan)) return 'stopped'
  if (today > endDayOf(plan)) return 'finished'
  return today < plan.startDay ? 'planned' : 'running'
}

function baselineDirection(plan: ExperimentPlan, series: DailySeries, subject: ExperimentSubject) {
  const [before] = blocksOf(plan)
  if (before === undefined) return null
  const rows = Array.from(series.day.keys()).filter((i) => {
    const day = series.day[i] as number
    return day >= before.fromDay && day <= before.toDay
  })
  const day = Int32Array.from(rows, (i) => series.day[i] as number)
  const value = Float64Array.from(rows, (i) => series.value[i] as number)
  const { metric, outcome: name, unit, format } = subject
  return trendOf({ day, value }, { metric, name, unit, format }).direction
}

function reportText(
  plan: ExperimentPlan,
  subject: ExperimentSubject,
  report: Omit<ExperimentReport, 'text'>,
): string {
  const { effect, arms, missing } = report
  const until = formatDay(endDayOf(plan))
  const planned = `Planned on ${formatDay(subject.plannedDay)}: ${subject.outcome}, ${designText(plan)}.`
  const sides = arms
    .map(({ arm, mean, daysWithValue, days }) => {
      const side = arm === 'A' ? 'without' : 'with'
      return mean === null
        ? `no value ${side} yet`
        : `${subject.format.value(mean)} ${side} (${daysWithValue} of ${days} days)`
    })
    .join(', ')
  if (effect === null) return `${planned} Too early to say: it needs ${missing}. So far ${sides}.`
  const { change } = subject.format
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${change(value)}`
  const figures =
    `${signed(effect.difference)} with the change (95 % interval ${signed(effect.ci95[0])} to ${signed(effect.ci95[1])}, ` +
    `p ${effect.p < 0.001 ? '< 0.001' : `= ${effect.p.toFixed(3)}`}, ${effect.pairs} ${plan.design === 'alternating' ? 'cycles' : 'pairs of days'}; ${sides})`
  return `${planned} ${verdictText(report, figures, until)}${caution(plan, report)}${hindsight(plan, subject)}`
}

/** What is planned when its values are there is chosen among them, knowingly or not. */
function hindsight({ startDay }: ExperimentPlan, { plannedDay }: ExperimentSubject): string {
  if (plannedDay <= startDay) return ''
  return ' It was planned when values with the change were there already, so it looks back and proves less.'
}

function designText({ design, blockDays, order, startDay, washoutDays }: ExperimentPlan): string {
  const washout = washoutDays === 0 ? '' : `, the first ${washoutDays} of each left out`
  const from = formatDay(startDay)
  return design === 'alternating'
    ? `${order.length} blocks of ${blockDays} days in an order drawn by lot, from ${from}${washout}`
    : `${blockDays} days before ${from} against ${blockDays} days from then on${washout.replace('of each', 'after the change')}`
}

function verdictText(report: Omit<ExperimentReport, 'text'>, figures: string, until: string): string {
  if (report.verdict === 'interim')
    return `Interim, before the planned end on ${until}, so no verdict yet: ${figures}. Whoever looks often and stops at a good moment finds differences that are not there.`
  const early = report.state === 'stopped' ? ' It was stopped early, which favours chance findings.' : ''
  if (report.verdict === 'no-clear-difference')
    return `No clear difference: ${figures}. Differences within the interval are all possible.${early}`
  const expected =
    report.expectedMet === null ? '' : report.expectedMet ? ', as expected' : ', against what was expected'
  return `A difference${expected}: ${figures}.${early}`
}

function caution(plan: ExperimentPlan, { baselineTrend, verdict }: Omit<ExperimentReport, 'text'>): string {
  if (plan.design !== 'before-after' || verdict === 'too-early') return ''
  if (baselineTrend === 'rising' || baselineTrend === 'falling')
    return ` It was ${baselineTrend} before the change already, and this design cannot tell the two apart.`
  return ' Whatever else changed at the same time counts as the change here; an alternating experiment would tell.'
}
