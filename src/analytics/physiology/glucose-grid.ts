/**
 * Sensor glucose on the grid of days by clock times: linear between readings, nothing across a gap.
 *
 * The grid of Broll et al. 2021, PLoS ONE 16:e0248560 (doi:10.1371/journal.pone.0248560): whole days from the first
 * reading's, each from one step after midnight to the next midnight.
 */

import { median, roundHalfToEven } from '../statistics/quantile.ts'

/** Readings in time order, without missing values or two at one time. */
export interface GlucoseTrace {
  /** Minutes from the midnight before the first reading, by the local clock. */
  readonly minutes: Float64Array
  /** mg/dL. */
  readonly glucose: Float64Array
}

export interface GlucoseGrid {
  /** Day after day; NaN where no reading is near. */
  readonly glucose: Float64Array
  readonly stepMin: number
  readonly perDay: number
}

const dayMinutes = 1440

/**
 * The grid of a trace of at least two readings; no value lies between two readings more than `maxGapMin` apart.
 * `stepMin` divides a day.
 */
export function glucoseGrid(trace: GlucoseTrace, stepMin: number, maxGapMin: number): GlucoseGrid {
  const { minutes, glucose } = trace
  const first = minutes[0] as number
  const last = minutes[minutes.length - 1] as number
  const perDay = dayMinutes / stepMin
  const days = Math.ceil((last - first) / dayMinutes + 1)
  const out = new Float64Array(days * perDay).fill(Number.NaN)
  let right = 1
  for (let i = 0; i < out.length; i++) {
    const at = (i + 1) * stepMin
    if (at < first || at > last) continue
    while ((minutes[right] as number) < at) right++
    out[i] = between(minutes, glucose, right, at, maxGapMin)
  }
  return { glucose: out, stepMin, perDay }
}

/** The value at a time in (minutes[right - 1], minutes[right]], or at the first reading. */
function between(
  minutes: Float64Array,
  glucose: Float64Array,
  right: number,
  at: number,
  maxGapMin: number,
): number {
  const [x0, x1] = [minutes[right - 1] as number, minutes[right] as number]
  const [y0, y1] = [glucose[right - 1] as number, glucose[right] as number]
  if (at === x0) return y0
  if (at === x1) return y1
  return x1 - x0 > maxGapMin ? Number.NaN : y0 + ((y1 - y0) * (at - x0)) / (x1 - x0)
}

/** The usual distance of readings in minutes (median, rounded half to even), or null where it is below half a minute. */
export function readingInterval(trace: GlucoseTrace): number | null {
  const steps = trace.minutes.subarray(1).map((minute, i) => minute - (trace.minutes[i] as number))
  const usual = roundHalfToEven(median(steps))
  return usual > 0 ? usual : null
}

/** A step that divides a day: as it is, else the multiple of 5 nearest to it, 20 at most. */
export function gridStep(intervalMin: number): number {
  if (dayMinutes % intervalMin === 0) return intervalMin
  if (intervalMin > 20) return 20
  const rest = intervalMin % 5
  return rest > 2 ? intervalMin + 5 - rest : intervalMin - rest
}

/** From and to (excluded) of each run of values that are there. */
export function segmentsOf(values: Float64Array): readonly (readonly [number, number])[] {
  const segments: [number, number][] = []
  for (let start = 0; start < values.length; ) {
    let end = start
    while (end < values.length && !Number.isNaN(values[end] as number)) end++
    if (end > start) segments.push([start, end])
    start = end + 1
  }
  return segments
}
