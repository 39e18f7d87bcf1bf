/**
 * MAGE, the mean amplitude of glycemic excursions: the mean height of the swings that exceed one standard deviation.
 *
 * Service et al. 1970, Diabetes 19:644–655 (doi:10.2337/diab.19.9.644), found by where a short and a long moving average
 * cross: Fernandes et al. 2022, J Diabetes Sci Technol 16:576–577 (doi:10.1177/19322968211061165). Each extremum between
 * two crossings is a turning point; each stretch without a long gap is looked at by itself and counts by its duration.
 */
import { moments } from '../statistics/descriptive.ts'

export interface MageOptions {
  /** Windows of the moving averages, in readings of the grid; 5 and 32. */
  readonly shortWindow: number
  readonly longWindow: number
  /** A longer gap, in readings of the grid, splits the trace. */
  readonly maxGap: number
}

/**
 * mg/dL by direction: `plus` from nadir to peak, `minus` from peak to nadir, `average` of both, `service` the direction
 * of each stretch's first excursion, `max` the larger of each stretch. Null without such excursions.
 */
export interface Mage {
  readonly plus: number | null
  readonly minus: number | null
  readonly average: number | null
  readonly service: number | null
  readonly max: number | null
}

/** Fewest readings of a stretch. */
const minReadings = 7
/** Below this deviation (mg/dL) there are no excursions, only the sensor's rounding. */
const minSd = 1

/** MAGE of an equally spaced trace (NaN is missing). */
export function meanExcursions(glucose: Float64Array, options: MageOptions): Mage {
  const found = stretches(glucose, options.maxGap)
    .map(([from, to]) => excursionsOf(glucose.subarray(from, to), options))
    .filter((one) => one !== null)
  const plus = found.map(({ plus, weight }) => ({ height: plus, weight }))
  const minus = found.map(({ minus, weight }) => ({ height: minus, weight }))
  const both = [...plus, ...minus].filter(({ height }) => height !== null)
  return {
    plus: weightedMean(plus),
    minus: weightedMean(minus),
    average: weightedMean(both),
    service: weightedMean(
      found.map(({ plus, minus, isPlusFirst, weight }) => ({ height: isPlusFirst ? plus : minus, weight })),
    ),
    max: weightedMean(
      found.flatMap(({ plus, minus, weight }) =>
        plus === null || minus === null ? [] : [{ height: Math.max(plus, minus), weight }],
      ),
    ),
  }
}

interface Excursions {
  readonly plus: number | null
  readonly minus: number | null
  readonly isPlusFirst: boolean
  /** Duration of the stretch in steps. */
  readonly weight: number
}

/** From and to (excluded) of the stretches between long gaps; shorter gaps stay within as NaN. */
function stretches(glucose: Float64Array, maxGap: number): readonly (readonly [number, number])[] {
  const out: [number, number][] = []
  for (let i = 0; i < glucose.length; i++) {
    if (Number.isNaN(glucose[i] as number)) continue
    const last = out[out.length - 1]
    if (last !== undefined && i - last[1] <= maxGap) last[1] = i + 1
    else out.push([i, i + 1])
  }
  return out
}

function excursionsOf(glucose: Float64Array, options: MageOptions): Excursions | null {
  if (glucose.length < Math.max(minReadings, options.longWindow)) return null
  const sd = Math.sqrt(moments(glucose.filter((value) => !Number.isNaN(value))).variance ?? 0)
  if (!(sd >= minSd)) return null
  const points = turningPoints(glucose, options)
  const plus = rises(points, sd, 'after')
  // A fall is a rise of the mirrored trace; where the next search starts differs, as published.
  const minus = rises(
    points.map((value) => -value),
    sd,
    'at',
  )
  const [firstRise] = plus
  const [firstFall] = minus
  if (firstRise === undefined && firstFall === undefined) return null
  return {
    plus: meanHeight(plus),
    minus: meanHeight(minus),
    isPlusFirst: firstRise !== undefined && (firstFall === undefined || firstRise.end <= firstFall.start),
    weight: glucose.length - 1,
  }
}

/** The extremes between neighbouring crossings of the moving averages. */
function turningPoints(glucose: Float64Array, { shortWindow, longWindow }: MageOptions): number[] {
  const short = movingMean(glucose, shortWindow)
  const long = movingMean(glucose, longWindow)
  const lead = short.map((value, i) => value - (long[i] as number))
  const crossings = crossingsOf(glucose, lead)
  const points: number[] = []
  let from = 0
  crossings.forEach(({ isPeak }, k) => {
    const to = crossings[k + 1]?.at ?? glucose.length - 1
    from = extremeWithin(glucose, from, to, isPeak)
    points.push(glucose[from] as number)
  })
  return points
}

/** Where the short average crosses the long one, the start included; behind it comes a peak or a nadir. */
function crossingsOf(glucose: Float64Array, lead: Float64Array): { at: number; isPeak: boolean }[] {
  const crossings = [{ at: 0, isPeak: (lead[0] as number) > 0 }]
  for (let i = 1; i < glucose.length; i++) {
    if (Number.isNaN((glucose[i] as number) + (glucose[i - 1] as number))) continue
    const now = lead[i] as number
    const before = lead[i - 1] as number
    // After a gap, or after averages that were equal, the side at the last crossing tells.
    const atLast = lead[crossings[crossings.length - 1]?.at ?? 0] as number
    if (now * before < 0) crossings.push({ at: i, isPeak: now >= before })
    else if (!Number.isNaN(before) && now * atLast < 0) crossings.push({ at: i, isPeak: now >= atLast })
  }
  return crossings
}

function extremeWithin(glucose: Float64Array, from: number, to: number, isPeak: boolean): number {
  let best = -1
  for (let i = from; i <= to; i++) {
    const value = glucose[i] as number
    if (Number.isNaN(value)) continue
    const current = best < 0 ? value : (glucose[best] as number)
    if (best < 0 || (isPeak ? value > current : value < current)) best = i
  }
  return best
}

/** Trailing mean of the readings that are there; the first full window's mean before it. */
function movingMean(glucose: Float64Array, window: number): Float64Array {
  const out = new Float64Array(glucose.length)
  for (let end = window; end <= glucose.length; end++) {
    let sum = 0
    let count = 0
    for (let i = end - window; i < end; i++) {
      const value = glucose[i] as number
      if (Number.isNaN(value)) continue
      sum += value
      count++
    }
    out[end - 1] = sum / count
  }
  return out.fill(out[window - 1] as number, 0, window - 1)
}

interface Rise {
  readonly start: number
  readonly end: number
  readonly height: number
}

/**
 * Rises of at least one sd that end when the trace falls by more than one sd from the peak, or ends. The next rise is
 * looked for from the turning point `after` that fall, or from the one `at` the peak.
 */
function rises(points: readonly number[], sd: number, next: 'after' | 'at'): Rise[] {
  const found: Rise[] = []
  const value = (i: number) => points[i] as number
  const last = points.length - 1
  let from = 0
  let end = 0
  while (end <= last) {
    let start = from
    for (let i = from; i <= end; i++) if (value(i) < value(start)) start = i
    if (value(end) - value(start) < sd) {
      end++
      continue
    }
    let peak = end
    let turn = end
    while (turn < last && value(turn) - value(peak) >= -sd) {
      turn++
      if (value(turn) > value(peak)) peak = turn
    }
    found.push({ start, end: peak, height: value(peak) - value(start) })
    from = next === 'after' ? turn : peak
    end = turn
  }
  return found
}

function meanHeight(found: readonly Rise[]): number | null {
  return found.length === 0 ? null : moments(found.map(({ height }) => height)).mean
}

/** Null without any, or where one of them has no height. */
function weightedMean(
  parts: readonly { readonly height: number | null; readonly weight: number }[],
): number | null {
  let sum = 0
  let total = 0
  for (const { height, weight } of parts) {
    if (height === null) return null
    sum += height * weight
    total += weight
  }
  return total > 0 ? sum / total : null
}
