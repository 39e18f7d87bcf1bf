/**
 * What changed lately: the last four weeks against the twelve before, by the comparison of `summary --compare`
 * (Welch's test with counts reduced for autocorrelation). Said only when the difference is also at least half of the
 * usual day-to-day variation (Norman, Sloan & Wyrwich 2003, Med Care 41:582–592): significance alone is no news.
 */
import { firstOrderAutocorrelation, moments } from '../../analytics/index.ts'
import { formatDay } from '../../foundation/index.ts'
import { verbFor } from '../grammar.ts'
import { compare } from '../summary.ts'
import { countOf, type Finding, type InsightSeries, rowsWithin } from './finding.ts'
import type { Candidate } from './select.ts'

const recentDays = 28
const baselineDays = 84
/** From a year the autocorrelation is known better than from four weeks, which understate it. */
const historyDays = 365
/** Fewest days with a value on each side. */
const minRecent = 10
const minBaseline = 28
const leastEffect = 0.5

/** One candidate per series that can be compared, whether it changed or not: all of them are looks that count. */
export function recentChange(series: InsightSeries, today: number): Candidate | null {
  const firstRecent = today - recentDays + 1
  const recent = slice(series, firstRecent, today)
  const before = slice(series, firstRecent - baselineDays, firstRecent - 1)
  if (recent.length < minRecent || before.length < minBaseline) return null
  const history = slice(series, today - historyDays + 1, today)
  const result = compare(recent, before, firstOrderAutocorrelation(history, 1))
  if (result.verdict === 'not-enough-data') return null
  const sd = Math.sqrt(moments(before).variance ?? 0)
  const worthSaying = sd > 0 && Math.abs(result.difference) >= leastEffect * sd
  return {
    p: result.p,
    worthSaying,
    finding: (q) => describeChange(series, { recent, before, firstRecent, today, result, sd }, q),
  }
}

interface Change {
  readonly recent: Float64Array
  readonly before: Float64Array
  readonly firstRecent: number
  readonly today: number
  readonly result: { previous: number; difference: number; ci95: readonly [number, number]; p: number }
  readonly sd: number
}

function describeChange(series: InsightSeries, change: Change, q: number): Finding {
  const { result, recent, before } = change
  const { value, change: size } = series.format
  const [low, high] = result.ci95
  const sign = (d: number): string => `${d < 0 ? '−' : '+'}${size(d)}`
  const adds = series.combine === 'sum' || series.combine === 'duration'
  const direction = result.difference < 0 ? 'lower' : 'higher'
  return {
    kind: 'change',
    metrics: [series.metric],
    text:
      `${series.name} ${verbFor(series.name, 'was')} ${size(result.difference)}${adds ? ' a day' : ''} ${direction} in the last ${recentDays} days: ` +
      `${value(result.previous + result.difference)} on average over ${countOf(recent.length, 'day')}, ` +
      `after ${value(result.previous)} over ${countOf(before.length, 'day')} in the ${baselineDays / 7} weeks before ` +
      `(95 % interval of the difference ${sign(low)} to ${sign(high)}).`,
    evidence: {
      from: formatDay(change.firstRecent),
      to: formatDay(change.today),
      mean: result.previous + result.difference,
      meanBefore: result.previous,
      difference: result.difference,
      ci95: result.ci95,
      effectSize: result.difference / change.sd,
      n: recent.length,
      nBefore: before.length,
      p: result.p,
      unit: series.unit,
    },
    q,
    look: `healthmate trend ${series.metric} --last ${(recentDays + baselineDays) / 7}w`,
  }
}

function slice(series: InsightSeries, fromDay: number, toDay: number): Float64Array {
  const [from, to] = rowsWithin(series.daily, fromDay, toDay)
  return series.daily.value.subarray(from, to).filter((v) => Number.isFinite(v))
}
