/**
 * What moves together from day to day: the lagged rank correlation of two daily series.
 *
 * Trend, weekly pattern and persistence make unrelated series look related, so each is removed first: a least squares
 * line, the weekday effects, and first-order autocorrelation (prewhitening of both series, Haugh 1976, J Am Stat Assoc
 * 71:378–385). What is left of unrelated series is uncorrelated at every lag, and Spearman's rho with Student's t on
 * n - 2 degrees of freedom keeps its level. The interval is Fisher's z with the variance 1.06/(n - 3) for ranks
 * (Fieller, Hartley & Pearson 1957, Biometrika 44:470–481).
 */
import {
  correlationP,
  firstOrderAutocorrelation,
  fitLine,
  isInsufficient,
  moments,
  normalQuantile,
  pearsonR,
  weekdayEffect,
  withoutWeekday,
} from '../analytics/index.ts'
import type { DailySeries } from './trend.ts'

/** Day-to-day movement of one metric, one row per day that has it. */
export interface Movement {
  /** Days since 1970-01-01, ascending. */
  readonly day: Int32Array
  /** What trend, weekday and the day before do not explain, in the unit of the series. */
  readonly value: Float64Array
  /** Rows by ascending value: sorted once, ranks of any choice of days are then found in one pass. */
  readonly order: Int32Array
}

export interface Association {
  /** Days by which the first leads the second; negative where the second leads. */
  readonly lag: number
  /** Pairs of days. */
  readonly n: number
  /** Spearman's rank correlation of the movements, -1 to 1. */
  readonly rho: number
  readonly ci95: readonly [number, number]
  /** Two-sided, of this lag alone. */
  readonly p: number
}

/** Fewer pairs say nothing about a correlation: at 20 the interval around 0 still reaches ±0.45. */
export const minPairs = 20
/** Fewest days from which trend, weekday and persistence can be told apart. */
export const minMovementDays = 28

/** The movement of a series, or null where it is too short or does not vary. NaN or an absent day is no value. */
export function movementOf(series: DailySeries): Movement | null {
  const { day, value } = presentOnly(series)
  if (day.length < minMovementDays) return null
  const line = fitLine(day, value)
  if (isInsufficient(line)) return null
  const { slope, centre } = line
  const residual = value.map((v, i) => v - centre.y - slope * ((day[i] as number) - centre.x))
  const season = weekdayEffect(day, residual)
  const rest = season === null ? residual : withoutWeekday(day, residual, season.effects)
  if ((moments(rest).variance ?? 0) <= 0) return null
  return prewhitened(day, rest)
}

/** The association at each lag from -maxLag to maxLag that has at least 20 pairs of days. */
export function associations(first: Movement, second: Movement, maxLag: number): readonly Association[] {
  const found: Association[] = []
  for (let lag = -maxLag; lag <= maxLag; lag++) {
    const one = associationAt(first, second, lag)
    if (one !== null) found.push(one)
  }
  return found
}

/** Pairs the first series' day d with the second's day d + lag. Null below 20 pairs, or where one side is constant. */
export function associationAt(first: Movement, second: Movement, lag: number): Association | null {
  const [x, y] = pairedRows(first, second, lag)
  const n = x.length
  if (n < minPairs) return null
  // Pearson's correlation of ranks is Spearman's of the values.
  const rho = pearsonR(ranksOf(first, x), ranksOf(second, y))
  if (rho === null) return null
  const reach = normalQuantile(0.975) * Math.sqrt(1.06 / (n - 3))
  const z = Math.atanh(Math.min(Math.max(rho, -1 + 1e-12), 1 - 1e-12))
  return { lag, n, rho, ci95: [Math.tanh(z - reach), Math.tanh(z + reach)], p: correlationP(rho, n) }
}

function presentOnly({ day, value }: DailySeries): DailySeries {
  const kept: number[] = []
  value.forEach((v, i) => {
    if (Number.isFinite(v)) kept.push(i)
  })
  return {
    day: Int32Array.from(kept, (i) => day[i] as number),
    value: Float64Array.from(kept, (i) => value[i] as number),
  }
}

/** A day whose day before is missing has no movement. */
function prewhitened(day: Int32Array, residual: Float64Array): Movement {
  const phi = firstOrderAutocorrelation(residual, 2)
  const kept: number[] = []
  for (let i = 1; i < day.length; i++) if (day[i] === (day[i - 1] as number) + 1) kept.push(i)
  const value = Float64Array.from(kept, (i) => (residual[i] as number) - phi * (residual[i - 1] as number))
  const order = Int32Array.from(value.keys()).sort((a, b) => (value[a] as number) - (value[b] as number))
  return { day: Int32Array.from(kept, (i) => day[i] as number), value, order }
}

/** Rows of both whose days are `lag` apart. */
function pairedRows(first: Movement, second: Movement, lag: number): readonly [Int32Array, Int32Array] {
  const x = new Int32Array(first.day.length)
  const y = new Int32Array(first.day.length)
  let n = 0
  let j = 0
  for (let i = 0; i < first.day.length; i++) {
    const wanted = (first.day[i] as number) + lag
    while (j < second.day.length && (second.day[j] as number) < wanted) j++
    if (second.day[j] !== wanted) continue
    x[n] = i
    y[n++] = j
  }
  return [x.subarray(0, n), y.subarray(0, n)]
}

/** Average ranks (1 is the smallest) of the values at the given rows, in their order. */
function ranksOf({ value, order }: Movement, rows: Int32Array): Float64Array {
  const place = new Int32Array(value.length).fill(-1)
  rows.forEach((row, i) => {
    place[row] = i
  })
  const chosen = order.filter((row) => (place[row] as number) >= 0)
  const ranks = new Float64Array(rows.length)
  for (let from = 0; from < chosen.length; ) {
    let to = from + 1
    while (to < chosen.length && value[chosen[to] as number] === value[chosen[from] as number]) to++
    for (let i = from; i < to; i++) ranks[place[chosen[i] as number] as number] = (from + 1 + to) / 2
    from = to
  }
  return ranks
}
