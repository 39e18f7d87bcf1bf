/**
 * A series given by itself, `{"values":[…],"times":[…]?}`, as the input that a method reads.
 *
 * Times are ISO 8601 or epoch ms. Methods on x and y get days since the first time, the cosinor hours since its
 * midnight as written; methods on equally spaced values get days where each day has one value, else the steps of the
 * times, with gaps where times are missing.
 */
import { dayMs, Failure } from '../../foundation/index.ts'
import { median } from '../statistics/quantile.ts'
import { instants, type MethodArguments, nullable, numbers } from './arguments.ts'
import { daysOfSeries } from './daily-series.ts'

const onPairs: Readonly<Record<string, readonly [string, string]>> = {
  theil_sen: ['x', 'y'],
  ols: ['x', 'y'],
  loess: ['x', 'y'],
  lowess: ['x', 'y'],
  cosinor: ['t', 'y'],
}
/** They read `times` themselves. */
const onDays = new Set(['forecast', 'trend'])
/** The order of the values is nothing to them. */
const onBags = new Set(['descriptive', 'circular'])
const hourMs = 3_600_000

/** Whether `input` is a series although it came as the input of a method that reads x and y. */
export function isSeriesForPairs(method: string, input: MethodArguments): boolean {
  return Object.hasOwn(onPairs, method) && input['values'] !== undefined
}

/** The input of `method` for a series. Fails with VALUE on times that are none, repeat or are not equally spaced. */
export function bareSeriesInput(
  method: string,
  series: MethodArguments,
  options: MethodArguments,
): MethodArguments {
  const { times, ...rest } = series
  const pair = Object.hasOwn(onPairs, method) ? onPairs[method] : undefined
  if (pair !== undefined && series['values'] !== undefined) return pairsOf(pair, series, method === 'cosinor')
  if (times === undefined || onDays.has(method)) return series
  if (onBags.has(method)) return rest
  if (method === 'daily_aggregation') return { ...rest, timestamps: times }
  if (method === 'gap_filling') return { ...rest, x: daysOf(series) }
  if (method === 'ewma' && String(options['kind']).endsWith('_times'))
    return { ...rest, t_days: daysOf(series) }
  return { ...rest, values: evenlySpaced(series) }
}

function pairsOf(
  [x, y]: readonly [string, string],
  series: MethodArguments,
  inHours: boolean,
): MethodArguments {
  const values = numbers(series, 'values')
  const positions = () => Array.from(values, (_, i) => i)
  const at = series['times'] === undefined ? positions() : inHours ? hoursOf(series) : daysOf(series)
  return { [x]: at, [y]: series['values'] }
}

function daysOf(series: MethodArguments): number[] {
  const times = instantsOf(series)
  return Array.from(times, (ms) => (ms - (times[0] as number)) / dayMs)
}

/** Hours since the midnight before the first time, by the clock that the times are written in. */
function hoursOf(series: MethodArguments): number[] {
  const list = series['times'] as readonly unknown[]
  const wall = list.map((time) =>
    typeof time === 'string' ? time.replace(/(Z|[+-]\d{2}:?\d{2})$/i, 'Z') : time,
  )
  const times = instantsOf({ ...series, times: wall })
  const midnight = Math.floor((times[0] ?? 0) / dayMs) * dayMs
  return Array.from(times, (ms) => (ms - midnight) / hourMs)
}

/** How far a time may be from its step, as a share of the step: an hour of a day when the clocks change is within. */
const looseness = 0.1
/** A series with more steps than this for each value is not equally spaced in any useful sense. */
const mostStepsPerValue = 1000

function evenlySpaced(series: MethodArguments): (number | null)[] {
  const values = numbers(series, 'values')
  const times = instantsOf(series)
  const order = Array.from(times.keys()).sort((a, b) => (times[a] as number) - (times[b] as number))
  const ascending = Float64Array.from(order, (i) => times[i] as number)
  if (ascending.length < 2) return nullable(values)
  const step = usualStep(ascending.subarray(1).map((ms, i) => ms - (ascending[i] as number)))
  const byDay = step > dayMs / 2 && step < 1.5 * dayMs ? onePerDay(series) : null
  if (byDay !== null) return nullable(byDay)
  const start = ascending[0] as number
  const place = Array.from(ascending, (ms) => (ms - start) / step)
  const steps = place.map(Math.round)
  const length = (steps[steps.length - 1] as number) + 1
  const isEven =
    step > 0 &&
    length <= mostStepsPerValue * values.length &&
    place.every(
      (at, i) => i === 0 || Math.abs(at - (place[i - 1] as number) - stepsBetween(steps, i)) <= looseness,
    )
  if (!isEven || steps.some((at, i) => i > 0 && at === steps[i - 1])) throw notEven()
  const out: (number | null)[] = new Array(length).fill(null)
  order.forEach((i, k) => {
    const value = values[i] as number
    out[steps[k] as number] = Number.isNaN(value) ? null : value
  })
  return out
}

/** The days of a series with at most one value a day, at whatever hour; null where a day has several. */
function onePerDay(series: MethodArguments): Float64Array | null {
  const present = (values: Float64Array) => values.filter((value) => !Number.isNaN(value)).length
  const days = daysOfSeries(series).values
  return present(days) === present(numbers(series, 'values')) ? days : null
}

/** The median of the steps that are not gaps. */
function usualStep(distances: Float64Array): number {
  const least = distances.reduce(
    (smallest, distance) => Math.min(smallest, distance),
    Number.POSITIVE_INFINITY,
  )
  return median(distances.filter((distance) => distance < 1.5 * least || distance === least))
}

function stepsBetween(steps: readonly number[], i: number): number {
  return (steps[i] as number) - (steps[i - 1] as number)
}

function notEven(): Failure {
  return new Failure('VALUE', 'the times are not equally spaced, as this method needs them', {
    hint: 'Give one value a day (or hour), null where there is none; analyze daily_aggregation makes days of samples.',
  })
}

function instantsOf(series: MethodArguments): Float64Array {
  const times = instants(series, 'times')
  const values = numbers(series, 'values')
  if (times.length !== values.length)
    throw new Failure('VALUE', `there are ${times.length} times for ${values.length} values`)
  return times
}
