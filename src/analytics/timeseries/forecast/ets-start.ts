/**
 * Where the search for an exponential smoothing model starts: smoothing parameters and states.
 *
 * Hyndman, Koehler, Snyder & Grose 2002, Int J Forecast 18:439–454, section 2.4, as R's `ets` has it: the season from a
 * classical decomposition (below three seasons from deviations around a line, its slope estimated beside a wave), level
 * and slope from a line through the first values without the season.
 */
import { leastSquares } from '../../statistics/least-squares.ts'
import { decompose, lineThrough } from './classical-decomposition.ts'
import type { EtsForm, EtsParameters, EtsState } from './ets-form.ts'
import { lowestShare, phiRange } from './ets-region.ts'

/** Parameters, then states, in the order of the search. */
export function searchStart(data: Float64Array, form: EtsForm): Float64Array {
  const { trend, season, period } = form
  const range = 1 - 2 * lowestShare
  const alpha = lowestShare + (0.2 * range) / period
  const beta = lowestShare + 0.1 * (alpha - lowestShare)
  const gamma = lowestShare + 0.05 * (Math.min(1 - lowestShare, 1 - alpha) - lowestShare)
  const phi = phiRange.low + 0.99 * (phiRange.high - phiRange.low)
  return Float64Array.from([
    alpha,
    ...(trend === 'N' ? [] : [beta]),
    ...(season === 'N' ? [] : [gamma]),
    ...(trend === 'Ad' ? [phi] : []),
    ...startStates(data, form),
  ])
}

/** Splits a place of the search into parameters and states; the first share of the season follows from the sum. */
export function fromSearch(
  at: Float64Array,
  { trend, season, period }: EtsForm,
  shares: Float64Array,
): { parameters: EtsParameters; start: EtsState } {
  let next = 0
  const alpha = at[next++] as number
  const beta = trend === 'N' ? 0 : (at[next++] as number)
  const gamma = season === 'N' ? 0 : (at[next++] as number)
  const phi = trend === 'Ad' ? (at[next++] as number) : 1
  const level = at[next++] as number
  const slope = trend === 'N' ? 0 : (at[next++] as number)
  if (season !== 'N') {
    let rest = season === 'M' ? period : 0
    for (let phase = period - 1; phase > 0; phase--) {
      const share = at[next++] as number
      shares[phase] = share
      rest -= share
    }
    shares[0] = rest
  }
  return { parameters: { alpha, beta, gamma, phi }, start: { level, slope, season: shares } }
}

function startStates(data: Float64Array, { error, trend, season, period }: EtsForm): number[] {
  const shares = season === 'N' ? null : startSeason(data, period, season)
  const count = Math.min(Math.max(10, 2 * period), data.length)
  const adjusted = data.subarray(0, count).map((value, i) => {
    if (shares === null) return value
    const share = shares[i % shares.length] as number
    return season === 'A' ? value - share : value / Math.max(share, 0.01)
  })
  const newestFirst = shares === null ? [] : Array.from(shares.subarray(1, period)).reverse()
  const seasonStates = season === 'M' ? positiveShares(newestFirst, period) : newestFirst
  if (trend === 'N') return [adjusted.reduce((sum, value) => sum + value, 0) / count, ...seasonStates]
  const { intercept, slope } = lineThrough(adjusted)
  // A relative error needs an expected value that is not 0.
  const nudge = error === 'M' && Math.abs(intercept + slope) < 1e-8 ? 1e-3 : 0
  return [intercept * (1 + nudge), slope * (1 - nudge), ...seasonStates]
}

function positiveShares(shares: readonly number[], period: number): number[] {
  const positive = shares.map((share) => Math.max(share, 0.01))
  const sum = positive.reduce((total, share) => total + share, 0)
  return sum > period ? positive.map((share) => share / (sum + 0.01 * positive.length)) : positive
}

/** Figure per phase; for a short series each value's own deviation from the line, one per value. */
function startSeason(data: Float64Array, period: number, season: 'A' | 'M'): Float64Array {
  if (data.length >= 3 * period) {
    return decompose(data, period, season === 'A' ? 'additive' : 'multiplicative').figure
  }
  const { intercept, slope } = lineBesideWave(data, period)
  return data.map((value, i) => {
    const level = intercept + slope * (i + 1)
    return season === 'A' ? value - level : value / level
  })
}

/** Least squares of a line and one sine wave of the given period; only the line is returned. */
function lineBesideWave(data: Float64Array, period: number): { intercept: number; slope: number } {
  const column = (at: (t: number) => number) => data.map((_, i) => at(i + 1))
  const angle = (2 * Math.PI) / period
  const [intercept = 0, slope = 0] = leastSquares(
    [
      column(() => 1),
      column((t) => t),
      column((t) => Math.sin(angle * t)),
      column((t) => Math.cos(angle * t)),
    ],
    data,
  )
  return { intercept, slope }
}
