/**
 * A daily series without its weekly season by STL (Cleveland et al. 1990), for `trend --method stl`.
 *
 * STL takes no gaps, so missing days are filled for the decomposition only (`interpolateSeasonally`); what is judged
 * afterwards are the days that have a value. The season may change slowly: the window is 35 weeks of one weekday.
 */
import { interpolateSeasonally, isInsufficient, stl } from '../analytics/index.ts'
import type { DailySeries } from './trend.ts'

export interface Deseasonalised {
  readonly series: DailySeries
  /** 1 - var(remainder)/var(season + remainder), 0 to 1 (Wang, Smith & Hyndman 2006); null without variance. */
  readonly strength: number | null
  /** Mean season of each weekday, Monday first, in the unit of the values. */
  readonly weekdays: readonly number[]
}

const period = 7
/** Seasonal window of R's `stl` documentation for a slowly changing season: long against the noise of one weekday. */
const seasonalWindow = 35
/** STL needs more than two periods; with more than half of the days missing the season is made up. */
const minDays = 3 * period
const minShare = 0.5

/** Null where STL cannot be used: fewer than 21 days, or fewer than half of them with a value. */
export function withoutWeeklySeason({ day, value }: DailySeries): Deseasonalised | null {
  const first = day[0]
  const last = day.at(-1)
  if (first === undefined || last === undefined) return null
  const days = last - first + 1
  if (days < minDays || day.length < days * minShare) return null
  const grid = new Float64Array(days).fill(Number.NaN)
  day.forEach((one, i) => {
    grid[one - first] = value[i] as number
  })
  const parts = stl(interpolateSeasonally(grid, period), { period, seasonalWindow, robust: true })
  if (isInsufficient(parts)) return null
  return {
    series: { day, value: value.map((v, i) => v - (parts.seasonal[(day[i] as number) - first] as number)) },
    strength: parts.seasonalStrength,
    weekdays: meansByWeekday(first, parts.seasonal),
  }
}

function meansByWeekday(first: number, seasonal: Float64Array): readonly number[] {
  const sums = new Float64Array(period)
  const counts = new Float64Array(period)
  seasonal.forEach((value, i) => {
    // Day 0 of the epoch was a Thursday.
    const weekday = (first + i + 3) % period
    sums[weekday] = (sums[weekday] as number) + value
    counts[weekday] = (counts[weekday] as number) + 1
  })
  return Array.from(sums, (sum, i) => sum / (counts[i] as number))
}
