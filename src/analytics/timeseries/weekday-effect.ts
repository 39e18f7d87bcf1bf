/**
 * The weekly pattern of a daily series, and the series without it.
 *
 * Effects are medians per weekday of the residuals around a Sen line, centred to sum to zero. Present only when
 * significant: one-way analysis of variance on ranks (Conover & Iman 1981, Am Stat 35:124–129) at 1 %. Positive
 * autocorrelation makes that test stricter at the weekly frequencies, not looser.
 * Strength: 1 - var(remainder)/var(remainder + season), floored at 0 (Wang, Smith & Hyndman 2006, Data Min Knowl
 * Disc 13:335), 0 none to 1 all.
 */
import { describe } from '../statistics/descriptive.ts'
import { averageRanks, median } from '../statistics/quantile.ts'
import { fisherFUpperP } from '../statistics/student-t.ts'

export interface WeekdayEffect {
  /** Units of the values, Thursday (day 0 of the epoch) first. */
  readonly effects: Float64Array
  readonly strength: number
  readonly p: number
}

/** Fewest values per weekday, so about four weeks, before a weekly pattern is looked for. */
const minPerWeekday = 4
const significance = 0.01

/**
 * The weekly pattern in residuals (trend removed) at whole days, or null where there is none that is significant or
 * too few values to say.
 */
export function weekdayEffect(day: ArrayLike<number>, residual: ArrayLike<number>): WeekdayEffect | null {
  const groups = groupByWeekday(day, Float64Array.from(residual))
  if (groups.some((group) => group.length < minPerWeekday)) return null
  const p = rankAnovaP(day, residual)
  if (p >= significance) return null
  const medians = groups.map(median)
  const centre = medians.reduce((sum, value) => sum + value, 0) / 7
  const effects = Float64Array.from(medians, (value) => value - centre)
  const whole = describe(residual).variance ?? 0
  const remainder = describe(withoutWeekday(day, residual, effects)).variance ?? 0
  return { effects, strength: whole > 0 ? Math.max(0, 1 - remainder / whole) : 0, p }
}

/** Values minus the effect of their weekday. */
export function withoutWeekday(
  day: ArrayLike<number>,
  values: ArrayLike<number>,
  effects: ArrayLike<number>,
): Float64Array {
  return Float64Array.from(values, (value, i) => value - (effects[weekdayOf(day[i] as number)] as number))
}

function weekdayOf(day: number): number {
  return ((day % 7) + 7) % 7
}

function groupByWeekday(day: ArrayLike<number>, values: Float64Array): number[][] {
  const groups: number[][] = Array.from({ length: 7 }, () => [])
  values.forEach((value, i) => {
    groups[weekdayOf(day[i] as number)]?.push(value)
  })
  return groups
}

function rankAnovaP(day: ArrayLike<number>, residual: ArrayLike<number>): number {
  const ranks = averageRanks(residual)
  const n = ranks.length
  const mean = (n + 1) / 2
  let between = 0
  for (const group of groupByWeekday(day, ranks)) {
    const groupMean = group.reduce((sum, rank) => sum + rank, 0) / group.length
    between += group.length * (groupMean - mean) ** 2
  }
  let total = 0
  for (const rank of ranks) total += (rank - mean) ** 2
  const within = total - between
  if (total === 0) return 1
  if (within <= 0) return 0
  return fisherFUpperP(between / 6 / (within / (n - 7)), 6, n - 7)
}
