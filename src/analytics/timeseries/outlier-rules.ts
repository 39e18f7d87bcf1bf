/**
 * Which values stand out: rules on the values themselves.
 *
 * Robust z and modified z: Iglewicz & Hoaglin 1993, How to Detect and Handle Outliers, ASQC; fences: Tukey 1977,
 * Exploratory Data Analysis, 2C; moving window: Hampel 1974, J Am Stat Assoc 69:383–393, with the ends left alone as in
 * pracma. Missing values (NaN) keep their place and are never flagged. Where the median absolute deviation is 0 no z
 * exists and nothing is flagged.
 */
import { Failure } from '../../foundation/index.ts'
import { type NumericColumn, presentValues } from '../insufficient.ts'
import { median, normalMadFactor, quantileOfSorted, rawMad, sorted } from '../statistics/quantile.ts'

export interface OutlierScores {
  /** null without a value. */
  readonly center: number | null
  readonly scale: number | null
  /** null for missing values, and everywhere where the scale is 0. */
  readonly z: readonly (number | null)[]
  /** 1-based positions. */
  readonly indices: readonly number[]
}

/** (x - median) / (factor · MAD), flagged above the threshold in size. */
export function robustZ(
  values: NumericColumn,
  threshold: number,
  factor: number = normalMadFactor,
): OutlierScores {
  return scores(values, threshold, (mad) => factor * mad)
}

/** 0.6745 (x - median) / MAD. */
export function modifiedZ(values: NumericColumn, threshold: number, constant = 0.6745): OutlierScores {
  return scores(values, threshold, (mad) => mad / constant)
}

function scores(values: NumericColumn, threshold: number, scaleOf: (mad: number) => number): OutlierScores {
  assertThreshold(threshold)
  const present = presentValues(values)
  if (present.length === 0) {
    return { center: null, scale: null, z: Array.from(values, () => null), indices: [] }
  }
  const center = median(present)
  const scale = scaleOf(rawMad(present))
  const z = Array.from(values, (value) =>
    Number.isNaN(value) || !(scale > 0) ? null : (value - center) / scale,
  )
  return { center, scale, z, indices: positions(z, (value) => value !== null && Math.abs(value) > threshold) }
}

export interface Fences {
  /** null without a value. */
  readonly lower: number | null
  readonly upper: number | null
  readonly indices: readonly number[]
}

/** Beyond k interquartile ranges outside the quartiles (type 7). */
export function tukeyFences(values: NumericColumn, k = 1.5): Fences {
  assertThreshold(k)
  const ascending = sorted(presentValues(values))
  if (ascending.length === 0) return { lower: null, upper: null, indices: [] }
  const first = quantileOfSorted(ascending, 0.25)
  const third = quantileOfSorted(ascending, 0.75)
  const lower = first - k * (third - first)
  const upper = third + k * (third - first)
  const indices = positions(Array.from(values), (value) => value < lower || value > upper)
  return { lower, upper, indices }
}

export interface HampelResult {
  /** 1-based positions. */
  readonly indices: readonly number[]
  /** The series with flagged values replaced by their window's median. */
  readonly filtered: Float64Array
}

/**
 * Values further than `threshold` scaled MADs from the median of the `2 halfWindow + 1` values around them. A window
 * whose MAD is 0 flags any other value. Missing values are left out of the windows.
 */
export function hampel(
  values: NumericColumn,
  halfWindow: number,
  threshold: number,
  factor: number = normalMadFactor,
): HampelResult {
  assertThreshold(threshold)
  if (!Number.isInteger(halfWindow) || halfWindow < 1) {
    throw new Failure('VALUE', 'the half window must be a whole number of at least 1')
  }
  const series = Float64Array.from(values)
  presentValues(series)
  const filtered = series.slice()
  const indices: number[] = []
  for (let i = halfWindow; i < series.length - halfWindow; i++) {
    const value = series[i] as number
    if (Number.isNaN(value)) continue
    const window = presentValues(series.subarray(i - halfWindow, i + halfWindow + 1))
    const centre = median(window)
    if (!(Math.abs(value - centre) > threshold * factor * rawMad(window))) continue
    filtered[i] = centre
    indices.push(i + 1)
  }
  return { indices, filtered }
}

function positions<T>(items: readonly T[], stands: (item: T) => boolean): number[] {
  return items.flatMap((item, i) => (stands(item) ? [i + 1] : []))
}

function assertThreshold(threshold: number): void {
  if (!(threshold >= 0)) throw new Failure('VALUE', 'a threshold must not be below 0')
}
