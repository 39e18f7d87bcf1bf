/**
 * Unusual for this person: a day of the last week that lies outside everything of the half year before.
 *
 * How far out is told in robust standard deviations (Iglewicz & Hoaglin 1993, How to Detect and Handle Outliers, ASQC:
 * median and 1.4826·MAD). Its p value is Student's, since that deviation is itself estimated: a MAD tells as much as
 * 37 % of the values would by their standard deviation (Rousseeuw & Croux 1993, J Am Stat Assoc 88:1273–1283), and
 * autocorrelated values count for fewer. It is multiplied by the seven days looked at; `selectFindings` then holds the
 * false discovery rate over all metrics. Real values have longer tails than the normal distribution, so
 * the day must also lie further out than each of the half year before, on either side: a chance of at most 1 in 60
 * whatever the distribution.
 */
import {
  effectiveCount,
  firstOrderAutocorrelation,
  median,
  normalMadFactor,
  rawMad,
  studentTTwoSidedP,
} from '../../analytics/index.ts'
import { formatDay } from '../../foundation/index.ts'
import { verbFor } from '../grammar.ts'
import { countOf, type Finding, type InsightSeries, rowsWithin } from './finding.ts'
import type { Candidate } from './select.ts'

const lookDays = 7
const baselineDays = 182
const minBaseline = 60
const madEfficiency = 0.37
/** A half year of a slow series is worth few independent days; with fewer degrees than this nothing is ever unusual. */
const leastDf = 5

/** The most unusual day of the last week, as one look; null where there are too few days to know what is usual. */
export function unusualDay(series: InsightSeries, today: number): Candidate | null {
  const { daily } = series
  const [from, to] = rowsWithin(daily, today - lookDays + 1, today)
  const [before] = rowsWithin(daily, today - lookDays + 1 - baselineDays, today - lookDays)
  const baseline = daily.value.subarray(before, from)
  if (to === from || baseline.length < minBaseline) return null
  const centre = median(baseline)
  const spread = normalMadFactor * rawMad(baseline)
  if (!(spread > 0)) return null
  let row = from
  for (let i = from; i < to; i++)
    if (distance(daily.value, i, centre) > distance(daily.value, row, centre)) row = i
  const furthest = baseline.reduce((most, v) => Math.max(most, Math.abs(v - centre)), 0)
  const z = ((daily.value[row] as number) - centre) / spread
  const df = Math.max(
    leastDf,
    madEfficiency * effectiveCount(baseline.length, firstOrderAutocorrelation(baseline, 1)),
  )
  return {
    p: Math.min(1, lookDays * studentTTwoSidedP(z, df)),
    worthSaying: distance(daily.value, row, centre) > furthest,
    finding: (q) => describeDay(series, { row, baseline, centre, z }, q),
  }
}

interface UnusualDay {
  readonly row: number
  readonly baseline: Float64Array
  readonly centre: number
  readonly z: number
}

function describeDay(series: InsightSeries, { row, baseline, centre, z }: UnusualDay, q: number): Finding {
  const value = series.daily.value[row] as number
  const on = formatDay(series.daily.day[row] as number)
  const min = baseline.reduce((least, v) => Math.min(least, v), Number.POSITIVE_INFINITY)
  const max = baseline.reduce((most, v) => Math.max(most, v), Number.NEGATIVE_INFINITY)
  const show = series.format.value
  return {
    kind: 'unusual',
    metrics: [series.metric],
    text:
      `${series.name} ${verbFor(series.name, 'was')} ${show(value)} on ${on}, unusually ${z > 0 ? 'high' : 'low'} for you: on the ` +
      `${countOf(baseline.length, 'day')} before it lay between ${show(min)} and ${show(max)}, in the middle ${show(centre)}.`,
    evidence: { on, value, median: centre, min, max, robustZ: z, n: baseline.length, unit: series.unit },
    q,
    look: `healthmate list ${series.metric} --on ${on}`,
  }
}

function distance(values: Float64Array, i: number, centre: number): number {
  return Math.abs((values[i] as number) - centre)
}
