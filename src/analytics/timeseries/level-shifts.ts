/**
 * Lasting shifts of level in an autocorrelated series.
 *
 * PELT (mean model) on values scaled by their long-run standard deviation sd·√((1 + phi)/(1 - phi)), so that the slow
 * wandering of autocorrelated noise does not pass for steps (Lavielle & Moulines 2000, J Time Ser Anal 21:33–59).
 * phi and sd are taken after removing the obvious steps, else real steps would inflate both. Single spikes are
 * clipped first: a spike is no level. Steps are kept only if they explain the series better than a straight line,
 * since a steady climb is no step.
 */
import { isInsufficient } from '../insufficient.ts'
import { fitLine } from '../statistics/linear-regression.ts'
import { median, normalMadFactor } from '../statistics/quantile.ts'
import { firstOrderAutocorrelation } from './first-order-autocorrelation.ts'
import { pelt } from './pelt.ts'

export interface LevelShift {
  /** Index of the first value on the new level. */
  readonly index: number
  /** Median of the segment before and of the segment after. */
  readonly before: number
  readonly after: number
}

/** Fewest values before a shift is looked for, and on a level. */
const minValues = 21
const minSegment = 7
const mostObviousSteps = 8

/**
 * Shifts of level of finite values in time order (a gap counts as one step). Empty where there is none to be sure of,
 * in particular below 21 values. On white and first-order autoregressive noise (phi ≤ 0.7) of any length at most
 * 5 % of series show one (measured, see the tests).
 */
export function levelShifts(values: ArrayLike<number>): readonly LevelShift[] {
  const n = values.length
  if (n < minValues) return []
  const clipped = clipSpikes(Float64Array.from(values))
  let variance = longRunVariance(clipped, obviousSteps(clipped))
  let found = shiftIndices(clipped, variance)
  if (found.length > 1) {
    // Several steps were mistaken for autocorrelation by the first estimate; look again without them.
    variance = Math.min(variance, longRunVariance(clipped, found))
    found = shiftIndices(clipped, variance)
  }
  if (!beatsLine(clipped, found, variance)) return []
  const bounds = [0, ...found, n]
  const levels = bounds.slice(1).map((end, i) => median(Array.prototype.slice.call(values, bounds[i], end)))
  return found.map((index, i) => ({ index, before: levels[i] as number, after: levels[i + 1] as number }))
}

/**
 * Penalty per shift in units of the long-run variance. Constants found by simulation: the 95 % point of the largest
 * one-step gain under noise is about 10 for n ≥ 100 whatever phi is, and about 280/n more where phi has to be
 * estimated from few values; ln n keeps long series from collecting shifts.
 */
function penalty(n: number): number {
  return Math.max(10.5, 1.75 * Math.log(n)) + 280 / n
}

function shiftIndices(values: Float64Array, variance: number): readonly number[] {
  if (!(variance > 0)) return exactSteps(values)
  const scale = 1 / Math.sqrt(variance)
  const result = pelt(
    values.map((value) => value * scale),
    { model: 'mean', penalty: 'Manual', penaltyValue: penalty(values.length), minSegmentLength: minSegment },
  )
  return isInsufficient(result) ? [] : result.changePoints
}

/** Where a step leaves no residual at all, the step itself is the only change there is. */
function exactSteps(values: Float64Array): readonly number[] {
  const step = bestStep(values)
  return values[step] === values[step - 1] ? [] : [step]
}

/** A line and one step have as many coefficients; the step must be better by a likelihood ratio of e^1.5. */
const lineAdvantage = 3

function beatsLine(values: Float64Array, steps: readonly number[], variance: number): boolean {
  if (steps.length === 0) return false
  const line = fitLine(
    Float64Array.from(values, (_, i) => i),
    values,
  )
  if (isInsufficient(line)) return false
  const lineSquares = (line.sigma ?? 0) ** 2 * line.df
  const stepSquares = sumOfSquares(residualsOfSteps(values, steps))
  const extraSteps = penalty(values.length) * (steps.length - 1)
  return stepSquares + variance * (lineAdvantage + extraSteps) < lineSquares
}

/** The best single step, and further ones as long as each halves what is left: only to measure the noise without. */
function obviousSteps(values: Float64Array): readonly number[] {
  let steps: readonly number[] = [bestStep(values)]
  let left = sumOfSquares(residualsOfSteps(values, steps))
  while (steps.length < mostObviousSteps && left > 0) {
    const bounds = [0, ...steps, values.length]
    const tries = bounds.slice(1).flatMap((to, i) => {
      const from = bounds[i] as number
      if (to - from < 2 * minSegment) return []
      const more = [...steps, from + bestStep(values.subarray(from, to))].sort((a, b) => a - b)
      return [{ more, squares: sumOfSquares(residualsOfSteps(values, more)) }]
    })
    tries.sort((a, b) => a.squares - b.squares)
    const best = tries[0]
    if (best === undefined || best.squares > left / 2) break
    steps = best.more
    left = best.squares
  }
  return steps
}

/** Index at which splitting the values in two explains most. */
function bestStep(values: Float64Array): number {
  const n = values.length
  const total = values.reduce((sum, value) => sum + value, 0)
  let left = 0
  let most = -1
  let at = minSegment
  for (let k = 1; k <= n - minSegment; k++) {
    left += values[k - 1] as number
    if (k < minSegment) continue
    const difference = left / k - (total - left) / (n - k)
    const gain = difference * difference * k * (n - k)
    if (gain > most) {
      most = gain
      at = k
    }
  }
  return at
}

function longRunVariance(values: Float64Array, steps: readonly number[]): number {
  const residual = residualsOfSteps(values, steps)
  // One coefficient per level, and one more because the places of the steps were chosen too.
  const phi = firstOrderAutocorrelation(residual, steps.length + 2)
  const variance = sumOfSquares(residual) / Math.max(values.length - steps.length - 1, 1)
  return (variance * (1 + phi)) / (1 - phi)
}

function residualsOfSteps(values: Float64Array, steps: readonly number[]): Float64Array {
  const out = new Float64Array(values.length)
  const bounds = [0, ...steps, values.length]
  for (let s = 0; s + 1 < bounds.length; s++) {
    const from = bounds[s] as number
    const to = bounds[s + 1] as number
    let sum = 0
    for (let i = from; i < to; i++) sum += values[i] as number
    const mean = sum / (to - from)
    for (let i = from; i < to; i++) out[i] = (values[i] as number) - mean
  }
  return out
}

function sumOfSquares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0)
}

/** Hampel-style: no value further than four robust standard deviations from the median of its 15 neighbours. */
function clipSpikes(values: Float64Array): Float64Array {
  const reach = 7
  const n = values.length
  const centre = values.map((_, i) =>
    median(values.subarray(Math.max(0, i - reach), Math.min(n, i + reach + 1))),
  )
  const deviation = median(values.map((value, i) => Math.abs(value - (centre[i] as number))))
  if (deviation === 0) return values
  const limit = 4 * normalMadFactor * deviation
  return values.map((value, i) => {
    const middle = centre[i] as number
    return Math.min(Math.max(value, middle - limit), middle + limit)
  })
}
