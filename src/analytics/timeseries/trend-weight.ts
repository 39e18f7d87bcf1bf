/**
 * The trend weight of The Hacker's Diet: each weigh-in moves the trend by a tenth of its distance from it.
 *
 * J. Walker 1991/2005, The Hacker's Diet, "Signal and Noise" and "Pencil and Paper"; it is simple exponential smoothing
 * (Brown 1956). What a skipped day does the book leaves open; three rules are in use, and each has its name here. The
 * product's own is `time_decay`: the trend after a gap depends on how long it was, and nothing is claimed for days
 * without a weigh-in.
 */
import { Failure } from '../../foundation/index.ts'
import { assertFinite, type NumericColumn } from '../insufficient.ts'
import { interpolateGaps } from './gap-filling.ts'

/**
 * - `observation`: one step a weigh-in, however long the gap; the trend is carried over missing days
 * - `interpolate`: missing weights are first interpolated, none is claimed after the last weigh-in
 * - `time_decay`: after dt days the step is 1 - (1 - alpha)^dt; no trend on missing days
 * - `none`: a missing day is a fault
 */
export type GapRule = 'observation' | 'interpolate' | 'time_decay' | 'none'

export interface TrendWeightOptions {
  /** Share of the distance, above 0 to 1; 0.1. */
  readonly alpha?: number
  readonly gap?: GapRule
  /** The trend on the day before the first; else the trend starts at the first weight. */
  readonly carried?: number
  /** As by pencil: each step rounded to one decimal, half away from zero. */
  readonly roundSteps?: boolean
}

/** One trend a day; NaN where there is none. `weights` has one entry a day, NaN missing. Fails with VALUE. */
export function trendWeight(weights: NumericColumn, options: TrendWeightOptions = {}): Float64Array {
  const { alpha = 0.1, gap = 'time_decay', carried, roundSteps = false } = options
  if (!(alpha > 0 && alpha <= 1)) throw new Failure('VALUE', 'alpha must lie above 0 and not above 1')
  const days = gap === 'interpolate' ? interpolateGaps(weights) : weights
  const out = new Float64Array(days.length).fill(Number.NaN)
  let trend = carried ?? Number.NaN
  let last = -1
  for (let day = 0; day < days.length; day++) {
    const weight = days[day] as number
    if (Number.isNaN(weight)) {
      if (gap === 'none') throw missingDay(day)
      if (gap === 'observation') out[day] = trend
      continue
    }
    assertFinite(weight)
    const isAfterGap = gap === 'time_decay' && day - last > 1
    const share = isAfterGap ? 1 - (1 - alpha) ** (day - last) : alpha
    trend = Number.isNaN(trend) ? weight : stepped(trend, share * (weight - trend), roundSteps)
    out[day] = trend
    last = day
  }
  return out
}

function stepped(trend: number, step: number, isRounded: boolean): number {
  if (!isRounded) return trend + step
  // 0.15 is 0.1499… in binary: the hand sees a half, so the half is found with a little tolerance.
  const tenths = Math.sign(step) * Math.floor(Math.abs(step) * 10 + 0.5 + 1e-9)
  return Math.round(trend * 10 + tenths) / 10
}

function missingDay(day: number): Failure {
  return new Failure('VALUE', `there is no weight on day ${day + 1}`, {
    hint: 'Say what a missing day means: "gap":"observation", "interpolate" or "time_decay".',
  })
}
