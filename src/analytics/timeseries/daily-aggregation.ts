/**
 * Samples by local calendar day: count, mean, extremes, sum and last value of each day of a time zone, with the hours
 * that the day had (23 and 25 when the clocks change).
 *
 * Days by the IANA time zone database. A midnight that the clocks skip is read in the zone's standard time, as pytz and
 * pandas read it; where they skip it to begin summer time, the day starts when it really starts.
 */
import { dayMs, Failure, formatDay, localDay, minuteMs, ZoneOffsets } from '../../foundation/index.ts'
import { assertFinite, type NumericColumn } from '../insufficient.ts'

export interface DayOfSamples {
  /** `2026-03-01`. */
  readonly date: string
  /** Samples that are not missing; what follows is null without any, the sum 0. */
  readonly n: number
  readonly mean: number | null
  readonly min: number | null
  readonly max: number | null
  readonly sum: number
  /** By time. */
  readonly last: number | null
  /** From local midnight to the next. */
  readonly hours: number
}

/**
 * The days that have a time, ascending; `times` are ms since the epoch in any order, NaN in `values` is missing. Fails
 * with VALUE on infinite numbers or unequal lengths, with USAGE on an unknown zone.
 */
export function aggregateByDay(times: NumericColumn, values: NumericColumn, zone: string): DayOfSamples[] {
  if (times.length !== values.length)
    throw new Failure('VALUE', `there are ${times.length} times for ${values.length} values`)
  const offsets = new ZoneOffsets(zone)
  const days = new Map<number, DaySums>()
  for (let i = 0; i < times.length; i++) {
    const time = times[i] as number
    assertFinite(time)
    const number = localDay(time, offsets.at(time))
    const day = days.get(number) ?? emptyDay()
    days.set(number, day)
    addSample(day, time, values[i] as number)
  }
  return [...days]
    .sort(([a], [b]) => a - b)
    .map(([day, sums]) => ({ date: formatDay(day), ...described(sums), hours: hoursOf(day, offsets) }))
}

interface DaySums {
  n: number
  sum: number
  min: number
  max: number
  last: number
  lastTime: number
}

function emptyDay(): DaySums {
  return {
    n: 0,
    sum: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    last: Number.NaN,
    lastTime: Number.NEGATIVE_INFINITY,
  }
}

function addSample(day: DaySums, time: number, value: number): void {
  if (Number.isNaN(value)) return
  assertFinite(value)
  day.n++
  day.sum += value
  day.min = Math.min(day.min, value)
  day.max = Math.max(day.max, value)
  if (time < day.lastTime) return
  day.last = value
  day.lastTime = time
}

function described({ n, sum, min, max, last }: DaySums) {
  if (n === 0) return { n, mean: null, min: null, max: null, sum, last: null }
  return { n, mean: sum / n, min, max, sum, last }
}

function hoursOf(day: number, offsets: ZoneOffsets): number {
  return (midnight(day + 1, offsets) - midnight(day, offsets)) / (60 * minuteMs)
}

function midnight(day: number, offsets: ZoneOffsets): number {
  const wall = day * dayMs
  const instant = offsets.instantOf(wall)
  const exists = instant + offsets.at(instant) * minuteMs === wall
  return exists ? instant : wall - standardOffset(instant, offsets) * minuteMs
}

/** Minutes east of UTC without summer time: the lesser of the day before and of half a year before. */
function standardOffset(ms: number, offsets: ZoneOffsets): number {
  const halfYear = 183 * dayMs
  return Math.min(offsets.at(ms - dayMs), offsets.at(ms - halfYear))
}
