/** Whether the data can be trusted: sources that fell silent, days that are missing, values that cannot be. */
import { formatDay } from '../../foundation/index.ts'
import { verbFor } from '../grammar.ts'
import { countOf, type Finding, type InsightSeries, rowsWithin, type SourceActivity } from './finding.ts'

/** A source that delivered on most days for this long is expected to go on. */
const minActiveDays = 30
const minSilenceDays = 7
/** Silent for longer, a device is out of use and not forgotten. */
const maxSilenceDays = 180
/** A regular source makes at least one record in two days. */
const leastRecordsPerDay = 0.5

/** A regular source that stopped, unless another still delivers all that it did. */
export function silentSources(sources: readonly SourceActivity[], today: number): readonly Finding[] {
  return sources.flatMap((source) => {
    const active = source.lastDay - source.firstDay + 1
    const silence = today - source.lastDay
    const isRegular = active >= minActiveDays && source.records >= active * leastRecordsPerDay
    if (!isRegular || silence < minSilenceDays || silence > maxSilenceDays) return []
    const missing = source.metrics.filter(
      (metric) =>
        !sources.some(
          (other) =>
            other !== source && other.metrics.includes(metric) && today - other.lastDay < minSilenceDays,
        ),
    )
    return missing.length === 0 ? [] : [silentSource(source, missing, silence)]
  })
}

function silentSource(source: SourceActivity, missing: readonly string[], silence: number): Finding {
  const last = formatDay(source.lastDay)
  return {
    kind: 'quality',
    metrics: missing,
    text: `Nothing from ${source.name} for ${countOf(silence, 'day')}: its last record is of ${last}. Until its next import, what is said of ${countOf(missing.length, 'metric')} is about the time before.`,
    evidence: { source: source.name, last, silentDays: silence, records: source.records },
    q: null,
    look: 'healthmate import history',
  }
}

const gapLookDays = 90
const minGapDays = 3
/** Share of days with a value, outside the gap, from which a metric counts as a daily one. */
const dailyShare = 0.9

/** The longest run of missing days within the last 90, of a metric that is there on nearly every other day. */
export function missingDays(series: InsightSeries, today: number): Finding | null {
  const { day } = series.daily
  const [from, to] = rowsWithin(series.daily, today - gapLookDays + 1, today)
  if (to - from < gapLookDays / 2) return null
  let longest = from + 1
  for (let i = from + 1; i < to; i++) if (gapBefore(day, i) > gapBefore(day, longest)) longest = i
  const gap = gapBefore(day, longest)
  const span = (day[to - 1] as number) - (day[from] as number) + 1
  if (gap < minGapDays || to - from < dailyShare * (span - gap)) return null
  const first = formatDay((day[longest] as number) - gap)
  const last = formatDay((day[longest] as number) - 1)
  return {
    kind: 'quality',
    metrics: [series.metric],
    text: `${series.name} ${verbFor(series.name, 'is')} missing for ${countOf(gap, 'day')}, ${first} to ${last}, though there on nearly every other day. Averages over that time leave those days out.`,
    evidence: { from: first, to: last, days: gap, daysWithData: to - from },
    q: null,
    look: `healthmate list ${series.metric} --from ${first} --to ${last}`,
  }
}

function gapBefore(day: Int32Array, i: number): number {
  return i < day.length ? (day[i] as number) - (day[i - 1] as number) - 1 : 0
}

const implausibleLookDays = 365

/** Records of the last year outside the catalogue's plausible bounds: a unit, a typing or a sensor error. */
export function implausibleValues(series: InsightSeries, today: number): Finding | null {
  const [low, high] = series.plausible
  const [from, to] = rowsWithin(series.daily, today - implausibleLookDays + 1, today)
  const days: number[] = []
  for (let i = from; i < to; i++) {
    if ((series.lowest[i] as number) < low || (series.highest[i] as number) > high) days.push(i)
  }
  const last = days.at(-1)
  if (last === undefined) return null
  const worst =
    (series.lowest[last] as number) < low ? (series.lowest[last] as number) : (series.highest[last] as number)
  const on = formatDay(series.daily.day[last] as number)
  return {
    kind: 'quality',
    metrics: [series.metric],
    text: `${series.name} ${verbFor(series.name, 'has')} a value that can hardly be on ${countOf(days.length, 'day')} of the last year, the latest ${series.format.value(worst)} on ${on}; plausible is ${series.format.value(low)} to ${series.format.value(high)}. Check the unit and the device.`,
    evidence: { days: days.length, on, value: worst, low, high, unit: series.unit },
    q: null,
    look: `healthmate list ${series.metric} --on ${on}`,
  }
}
