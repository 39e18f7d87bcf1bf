/** Streaks and records: what was reached, counted and not inferred. */
import { formatDay } from '../../foundation/index.ts'
import { verbFor } from '../grammar.ts'
import { countOf, type Finding, type Goal, type InsightSeries, rowsWithin } from './finding.ts'

const recordDays = 7
/** Among fewer days a record says little. */
const minHistory = 90
const leastStreak = 5
/** As `goal list` judges `near`. */
const nearShare = 0.02

/** A best day of the last week, of what adds up over a day: the highest of at least 90 days. */
export function newRecord(series: InsightSeries, today: number): Finding | null {
  if (series.combine !== 'sum') return null
  const { day, value } = series.daily
  const [from, to] = rowsWithin(series.daily, today - recordDays + 1, today)
  if (from < minHistory || to === from) return null
  const before = highest(value, 0, from)
  const best = highest(value, from, to)
  const previous = value[before] as number
  const reached = value[best] as number
  if (!(reached > previous) || series.format.value(reached) === series.format.value(previous)) return null
  return {
    kind: 'record',
    metrics: [series.metric],
    text:
      `${series.name}: ${series.format.value(reached)} on ${formatDay(day[best] as number)} is the most of ` +
      `${countOf(to, 'day')} on record; before it was ${series.format.value(previous)} on ${formatDay(day[before] as number)}.`,
    evidence: {
      on: formatDay(day[best] as number),
      value: reached,
      previous,
      previousOn: formatDay(day[before] as number),
      n: to,
      unit: series.unit,
    },
    q: null,
    look: `healthmate chart ${series.metric}`,
  }
}

/** Days in a row up to now on which the goal was met. A day without a value ends the streak. */
export function goalStreak(series: InsightSeries, today: number): Finding | null {
  const { goal } = series
  if (goal === null) return null
  const { day, value } = series.daily
  const [, end] = rowsWithin(series.daily, 0, today)
  let length = 0
  // The running day may not have its value yet.
  if (end === 0 || (day[end - 1] as number) < today - 1) return null
  for (let i = end - 1; i >= 0; i--) {
    if (i < end - 1 && (day[i] as number) !== (day[i + 1] as number) - 1) break
    if (!isMet(goal, value[i] as number)) break
    length++
  }
  if (length < leastStreak) return null
  const since = formatDay(day[end - length] as number)
  return {
    kind: 'streak',
    metrics: [series.metric],
    text: `${series.name} ${verbFor(series.name, 'has')} met the goal (${goal.direction} ${series.format.value(goal.target)}) on ${countOf(length, 'day')} in a row, since ${since}.`,
    evidence: { days: length, since, target: goal.target, direction: goal.direction, unit: series.unit },
    q: null,
    look: `healthmate chart ${series.metric} --from ${since}`,
  }
}

function isMet({ direction, target }: Goal, value: number): boolean {
  if (direction === 'below') return value <= target
  if (direction === 'above') return value >= target
  return Math.abs(value - target) <= Math.abs(target) * nearShare
}

function highest(values: Float64Array, from: number, to: number): number {
  let best = from
  for (let i = from; i < to; i++) if ((values[i] as number) > (values[best] as number)) best = i
  return best
}
