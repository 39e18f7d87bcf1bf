/** Which values of a series with a trend and a season stand out. */
import {
  type Insufficient,
  insufficient,
  isInsufficient,
  type NumericColumn,
  presentValues,
} from '../insufficient.ts'
import { moments } from '../statistics/descriptive.ts'
import { quantileOfSorted, sorted } from '../statistics/quantile.ts'
import { checkedPeriod } from './forecast/baselines.ts'
import { type OutlierScores, robustZ } from './outlier-rules.ts'
import { decompositionWindow, interpolateSeasonally } from './seasonal-interpolation.ts'
import { type StlOptions, stl } from './stl.ts'
import { superSmooth } from './supersmoother.ts'

/** Robust z of the remainder of an STL decomposition (see `stl.ts` for what it refuses). */
export function remainderOutliers(
  values: NumericColumn,
  options: StlOptions,
  threshold: number,
): OutlierScores | Insufficient {
  const fit = stl(values, options)
  return isInsufficient(fit) ? fit : robustZ(fit.remainder, threshold)
}

export interface SmoothOutliers {
  /** 1-based positions, ascending. */
  readonly indices: readonly number[]
  /** What stands there after filling these places as if they were gaps. */
  readonly replacements: readonly number[]
}

/** A season this strong is taken off before smoothing. */
const strongSeason = 0.6
/** Interquartile ranges beyond the quartiles of the residuals. */
const fence = 3

/**
 * R's `forecast::tsoutliers`: gaps filled, a strong season taken off by robust STL, residuals of the super smoother
 * outside Tukey's outer fences; a second round on the series without what the first one found. Hyndman 2021,
 * https://robjhyndman.com/hyndsight/tsoutliers. `insufficient_data` without a value.
 */
export function smoothOutliers(
  values: NumericColumn,
  period: number,
  rounds: number,
): SmoothOutliers | Insufficient {
  checkedPeriod(period)
  const series: Float64Array = Float64Array.from(values)
  if (presentValues(series).length === 0) return insufficient('insufficient_data', 0)
  const found = new Set<number>()
  let cleaned: Float64Array = series
  for (let round = 0; round < Math.min(2, Math.max(1, rounds)); round++) {
    for (const i of outliersOf(cleaned, period)) found.add(i)
    const gapped = cleaned.map((value, i) => (found.has(i) ? Number.NaN : value))
    if (gapped.every(Number.isNaN)) break
    cleaned = interpolateSeasonally(gapped, period)
  }
  const indices = [...found].sort((a, b) => a - b)
  return { indices: indices.map((i) => i + 1), replacements: indices.map((i) => cleaned[i] as number) }
}

/** 0-based. */
function outliersOf(series: Float64Array, period: number): number[] {
  const filled = interpolateSeasonally(series, period)
  if (filled.every((value) => value === filled[0])) return []
  const adjusted = withoutStrongSeason(filled, period)
  const smooth = superSmooth(adjusted)
  const residuals = adjusted.map((value, i) => value - (smooth[i] as number))
  const observed = residuals.filter((_, i) => !Number.isNaN(series[i] as number))
  const ascending = sorted(observed)
  const first = quantileOfSorted(ascending, 0.25)
  const third = quantileOfSorted(ascending, 0.75)
  const lower = first - fence * (third - first)
  const upper = third + fence * (third - first)
  if (!(upper - lower > 1e-14)) return []
  const outside: number[] = []
  residuals.forEach((value, i) => {
    if (!Number.isNaN(series[i] as number) && (value < lower || value > upper)) outside.push(i)
  })
  return outside
}

function withoutStrongSeason(series: Float64Array, period: number): Float64Array {
  if (period < 2 || series.length <= 2 * period) return series
  const fit = stl(series, { period, seasonalWindow: decompositionWindow, robust: true })
  if (isInsufficient(fit)) return series
  const detrended = series.map((value, i) => value - (fit.trend[i] as number))
  const whole = moments(detrended).variance ?? 0
  if (!(whole > 0)) return series
  const strength = 1 - (moments(fit.remainder).variance ?? 0) / whole
  return strength >= strongSeason ? series.map((value, i) => value - (fit.seasonal[i] as number)) : series
}
