/**
 * How glucose varies over hours and days, on the grid of days by clock times.
 *
 * MAG: Hermanides et al. 2010, Crit Care Med 38:838–842. MODD: Molnar, Taylor & Ho 1972, Diabetologia 8:342–348. CONGA:
 * McDonnell et al. 2005, Diabetes Technol Ther 7:253–263, at 24 hours. Kinds of standard deviation: Rodbard 2009,
 * Diabetes Technol Ther 11:551–565 (doi:10.1089/dia.2009.0015).
 */
import { moments } from '../statistics/descriptive.ts'
import type { GlucoseGrid } from './glucose-grid.ts'

/** mg/dL per hour: absolute change from step to step over the time that these steps take. Null without two neighbours. */
export function meanAbsoluteGlucose({ glucose, stepMin }: GlucoseGrid): number | null {
  const changes = known(glucose.subarray(1).map((value, i) => Math.abs(value - (glucose[i] as number))))
  const mean = meanOf(changes)
  return mean === null ? null : (mean * 60) / stepMin
}

/** Differences between the same clock times of neighbouring days: their mean size and their deviation. */
export function dayToDay({ glucose, perDay }: GlucoseGrid): {
  readonly modd: number | null
  readonly conga24: number | null
} {
  const differences = known(glucose.subarray(perDay).map((value, i) => value - (glucose[i] as number)))
  return { modd: meanOf(differences.map(Math.abs)), conga24: sdOf(differences) }
}

/** Standard deviations by where they look; mg/dL, null where there is not enough to look at. */
export interface DeviationKinds {
  /** Mean of the days' own. */
  readonly withinDays: number | null
  /** Of the mean day's course. */
  readonly betweenClockTimes: number | null
  /** Mean over all one-hour windows. */
  readonly withinHours: number | null
  /** Of the daily means. */
  readonly betweenDailyMeans: number | null
  /** Mean over the clock times of the deviation from day to day. */
  readonly betweenDays: number | null
  /** The same after taking out the daily means. */
  readonly betweenDaysCorrected: number | null
}

export function deviationKinds(grid: GlucoseGrid): DeviationKinds {
  const { glucose, perDay, stepMin } = grid
  const rows = Array.from({ length: glucose.length / perDay }, (_, day) =>
    glucose.subarray(day * perDay, (day + 1) * perDay),
  )
  const dailyMeans = rows.map((row) => meanOf(known(row)))
  const corrected = rows.map((row, day) => row.map((value) => value - (dailyMeans[day] ?? Number.NaN)))
  const clockTimes = columnsOf(rows, perDay)
  return {
    withinDays: meanOf(present(rows.map((row) => sdOf(known(row))))),
    betweenClockTimes: sdOf(present(clockTimes.map(meanOf))),
    withinHours: meanOf(present(windows(glucose, Math.round(60 / stepMin)).map((part) => sdOf(known(part))))),
    betweenDailyMeans: sdOf(present(dailyMeans)),
    betweenDays: meanOf(present(clockTimes.map(sdOf))),
    betweenDaysCorrected: meanOf(present(columnsOf(corrected, perDay).map(sdOf))),
  }
}

function columnsOf(rows: readonly Float64Array[], perDay: number): Float64Array[] {
  return Array.from({ length: perDay }, (_, i) => known(Float64Array.from(rows, (row) => row[i] as number)))
}

function windows(values: Float64Array, length: number): Float64Array[] {
  const count = Math.max(0, values.length - length + 1)
  return Array.from({ length: count }, (_, from) => values.subarray(from, from + length))
}

function known(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value))
}

function present(values: readonly (number | null)[]): Float64Array {
  return Float64Array.from(values.filter((value) => value !== null))
}

function meanOf(values: Float64Array): number | null {
  return values.length === 0 ? null : moments(values).mean
}

/** n-1; null for fewer than two values. */
function sdOf(values: Float64Array): number | null {
  const variance = values.length < 2 ? null : moments(values).variance
  return variance === null ? null : Math.sqrt(variance)
}
