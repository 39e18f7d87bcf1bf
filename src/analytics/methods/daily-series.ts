/** Reading a daily series: `values`, one a day, or `values` with `times`, put on days here. */
import { Failure } from '../../foundation/index.ts'
import { type MethodArguments, numbers } from './arguments.ts'

const dayMs = 86_400_000
/** A hundred years: more days than that between two times is a mistake in them. */
const mostDays = 36_525

/**
 * One value per day, NaN where there is none. With `times` (ISO 8601 or epoch ms, in any order) several values of one
 * day become their mean. A written day counts as it is written, whatever its offset; epoch ms count in UTC. Fails with
 * VALUE on times that are none, lengths that differ, or more than a hundred years.
 */
export function dailyValues(input: MethodArguments): Float64Array {
  return daysOfSeries(input).values
}

/** The same with the first day (since 1970-01-01); null without times or values. */
export function daysOfSeries(input: MethodArguments): {
  readonly firstDay: number | null
  readonly values: Float64Array
} {
  const values = numbers(input, 'values')
  const times = input['times']
  if (times === undefined) return { firstDay: null, values }
  if (!Array.isArray(times) || times.length !== values.length) {
    throw new Failure('VALUE', '"times" must be an array as long as "values"')
  }
  const days = times.map(dayNumber)
  if (days.length === 0) return { firstDay: null, values }
  const first = days.reduce((least, day) => Math.min(least, day), Number.POSITIVE_INFINITY)
  const last = days.reduce((most, day) => Math.max(most, day), Number.NEGATIVE_INFINITY)
  if (last - first > mostDays) throw new Failure('VALUE', '"times" span more than a hundred years')
  const sums = new Float64Array(last - first + 1)
  const counts = new Uint32Array(sums.length)
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return
    const at = (days[i] as number) - first
    sums[at] = (sums[at] as number) + value
    counts[at] = (counts[at] as number) + 1
  })
  const means = sums.map((sum, at) => (counts[at] === 0 ? Number.NaN : sum / (counts[at] as number)))
  return { firstDay: first, values: means }
}

function dayNumber(time: unknown, i: number): number {
  const written = typeof time === 'string' ? /^\d{4}-\d{2}-\d{2}(?=$|[T ])/.exec(time)?.[0] : undefined
  const ms = typeof time === 'number' ? time : written === undefined ? Number.NaN : Date.parse(written)
  if (!Number.isFinite(ms)) throw new Failure('VALUE', `"times" holds no time at position ${i + 1}`)
  return Math.floor(ms / dayMs)
}
