/**
 * Gaps filled with the season in mind: straight lines through the seasonally adjusted series, then the season again.
 *
 * R's `forecast::na.interp` (Hyndman): a first guess from a polynomial and waves, a robust STL with a seasonal window
 * of 11, and plain straight lines where the result leaves the range of the values by more than half of it.
 */
import { isInsufficient } from '../insufficient.ts'
import { leastSquares } from '../statistics/least-squares.ts'
import { stl } from './stl.ts'

/** Seasonal window of the decomposition, as R's `mstl` for one season. */
export const decompositionWindow = 11

/** Fills every gap (NaN); the ends by the nearest value. At least one value must be there. */
export function interpolateSeasonally(values: Float64Array, period: number): Float64Array {
  const missing = values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0)
  if (missing === 0) return values.slice()
  if (period <= 1 || values.length - missing <= 2 * period) return interpolateLinearly(values)
  const guess = waveGuess(values, period)
  const fit = stl(guess, { period, seasonalWindow: decompositionWindow, robust: true })
  if (isInsufficient(fit)) return interpolateLinearly(values)
  const adjusted = interpolateLinearly(values.map((value, i) => value - (fit.seasonal[i] as number)))
  const filled = values.map((value, i) =>
    Number.isNaN(value) ? (adjusted[i] as number) + (fit.seasonal[i] as number) : value,
  )
  const { low, high } = rangeOf(values)
  const margin = 0.5 * (high - low)
  const stable = filled.every((value) => value >= low - margin && value <= high + margin)
  return stable ? filled : interpolateLinearly(values)
}

/** Straight lines between neighbours, the nearest value at the ends. At least one value must be there. */
export function interpolateLinearly(values: Float64Array): Float64Array {
  const filled = values.slice()
  let before = -1
  for (let i = 0; i <= values.length; i++) {
    if (i < values.length && Number.isNaN(values[i] as number)) continue
    for (let j = before + 1; j < i; j++) {
      const left = before < 0 ? undefined : (values[before] as number)
      const right = i < values.length ? (values[i] as number) : undefined
      const share = (j - before) / (i - before)
      filled[j] =
        left === undefined ? (right as number) : right === undefined ? left : left + share * (right - left)
    }
    before = i
  }
  return filled
}

/** Gaps filled from a regression on waves of the season and a polynomial in time. */
function waveGuess(values: Float64Array, period: number): Float64Array {
  const n = values.length
  const at: number[] = []
  values.forEach((value, i) => {
    if (!Number.isNaN(value)) at.push(i)
  })
  const functions: ((t: number) => number)[] = [() => 1]
  for (let k = 1; k <= Math.min(Math.floor(period / 2), 5); k++) {
    const angle = (2 * Math.PI * k) / period
    functions.push((t) => Math.sin(angle * (t + 1)))
    if (2 * k !== period) functions.push((t) => Math.cos(angle * (t + 1)))
  }
  const degree = Math.min(Math.max(Math.floor(n / 10), 1), 6)
  for (let power = 1; power <= degree; power++) {
    functions.push((t) => legendre(power, (2 * t) / Math.max(1, n - 1) - 1))
  }
  const coefficients = leastSquares(
    functions.map((f) => Float64Array.from(at, f)),
    Float64Array.from(at, (i) => values[i] as number),
  )
  return values.map((value, i) =>
    Number.isNaN(value)
      ? functions.reduce((sum, f, k) => sum + (coefficients[k] as number) * f(i), 0)
      : value,
  )
}

/** Legendre polynomials span what powers span, without their near dependence. */
function legendre(degree: number, x: number): number {
  let before = 1
  let current = x
  for (let k = 1; k < degree; k++) {
    const next = ((2 * k + 1) * x * current - k * before) / (k + 1)
    before = current
    current = next
  }
  return current
}

function rangeOf(values: Float64Array): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return { low, high }
}
