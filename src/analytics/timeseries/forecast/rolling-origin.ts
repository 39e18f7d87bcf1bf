/**
 * How wrong forecasts were: errors from every origin of a series, and what they say about the next ones.
 *
 * Tashman 2000, Int J Forecast 16:437–450 (rolling origins); Bates & Granger 1969, Oper Res Q 20:451–468 (weights by
 * inverse squared errors).
 */
import type { Candidate } from './candidates.ts'

export interface OriginErrors {
  readonly origins: number
  /** Per horizon (0 is one step) and candidate, the errors in the order of origins. */
  readonly byHorizon: readonly (readonly Float64Array[])[]
}

/**
 * Errors at every origin from `first` on. Only an observed last day makes an origin: a filled one was drawn towards the
 * value after it, which is the one to be forecast. Only observed days are counted.
 */
export function originErrors(
  data: Float64Array,
  observed: readonly boolean[],
  candidates: readonly Candidate[],
  first: number,
  horizon: number,
): OriginErrors {
  const n = data.length
  const collected = Array.from({ length: horizon }, () => candidates.map((): number[] => []))
  let origins = 0
  for (let origin = first; origin < n; origin++) {
    if (observed[origin - 1] !== true) continue
    const steps = Math.min(horizon, n - origin)
    origins++
    candidates.forEach((candidate, c) => {
      const ahead = candidate.from(origin, steps)
      for (let h = 0; h < steps; h++) {
        if (observed[origin + h] !== true) continue
        collected[h]?.[c]?.push((data[origin + h] as number) - (ahead[h] as number))
      }
    })
  }
  return { origins, byHorizon: collected.map((lists) => lists.map((list) => Float64Array.from(list))) }
}

/** Fewer errors than this at a horizon say nothing about which candidate is better. */
const fewest = 3

/**
 * Weights that sum to 1: inverse to the square of the mean squared error over all horizons, so that twice the error
 * variance means a quarter of the weight. Candidates without any error take all.
 */
export function combinationWeights({ byHorizon }: OriginErrors, count: number): number[] {
  const errors = Array.from({ length: count }, (_, c) => {
    const means = byHorizon.flatMap((lists) => {
      const list = lists[c] as Float64Array
      return list.length < fewest ? [] : [meanSquare(list)]
    })
    return means.length === 0 ? 1 : means.reduce((sum, value) => sum + value, 0) / means.length
  })
  const least = Math.min(...errors)
  const shares = errors.map((error) => (error > 0 ? (least / error) ** 2 : 1))
  const total = shares.reduce((sum, share) => sum + share, 0)
  return shares.map((share) => share / total)
}

/** The errors of the weighted combination, per horizon. */
export function combinedErrors({ byHorizon }: OriginErrors, weights: readonly number[]): Float64Array[] {
  return byHorizon.map((lists) =>
    (lists[0] as Float64Array).map((_, i) =>
      lists.reduce((sum, list, c) => sum + (weights[c] as number) * (list[i] as number), 0),
    ),
  )
}

/**
 * Error variance per horizon: halfway between a curve that never falls (isotonic, follows the shape) and a straight
 * line (steady where few errors are left, and goes on beyond them). Both weighted by the number of errors.
 */
export function errorVariances(errors: readonly Float64Array[]): number[] {
  const raw = errors.map(meanSquare)
  const counts = errors.map((list) => list.length)
  const line = fallingNever(weightedLine(raw, counts))
  const curve = isotonic(raw, counts)
  return curve.map((value, h) => (value + (line[h] as number)) / 2)
}

function meanSquare(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value * value, 0) / values.length
}

function weightedLine(values: readonly number[], counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const at = values.reduce((sum, _, h) => sum + (counts[h] as number) * h, 0) / total
  const mean = values.reduce((sum, value, h) => sum + (counts[h] as number) * value, 0) / total
  let spread = 0
  let product = 0
  values.forEach((value, h) => {
    spread += (counts[h] as number) * (h - at) ** 2
    product += (counts[h] as number) * (h - at) * (value - mean)
  })
  // Not below a line through the origin, so that no variance is negative.
  const slope = spread > 0 ? Math.min(Math.max(0, product / spread), mean / Math.max(at, 1)) : 0
  return values.map((_, h) => mean + slope * (h - at))
}

function fallingNever(values: readonly number[]): number[] {
  return values.map((value) => Math.max(0, value))
}

/** Pool adjacent violators (Barlow et al. 1972); horizons without errors continue the last level. */
function isotonic(values: readonly number[], counts: readonly number[]): number[] {
  const blocks: { weight: number; value: number; length: number }[] = []
  values.forEach((value, h) => {
    let block = { weight: counts[h] as number, value, length: 1 }
    for (let last = blocks.at(-1); last !== undefined && last.value >= block.value; last = blocks.at(-1)) {
      blocks.pop()
      const weight = last.weight + block.weight
      const mean = weight > 0 ? (last.weight * last.value + block.weight * block.value) / weight : last.value
      block = { weight, value: mean, length: last.length + block.length }
    }
    blocks.push(block)
  })
  return blocks.flatMap(({ value, length }) => Array.from({ length }, () => value))
}

/** Correlations of errors below this are noise. */
const leastCorrelation = 0.05

/**
 * How many independent errors a row of overlapping ones is worth for a variance: n over 1 + 2 Σ ρₖ², up to the first
 * lag without correlation (Bayley & Hammersley 1946, J R Stat Soc Suppl 8:184–197, for squares of normal values).
 */
export function effectiveErrors(errors: Float64Array): number {
  const n = errors.length
  if (n < 4) return 1
  const variance = meanSquare(errors)
  if (!(variance > 0)) return n
  let factor = 1
  for (let lag = 1; lag < n / 2; lag++) {
    let product = 0
    for (let t = lag; t < n; t++) product += (errors[t] as number) * (errors[t - lag] as number)
    const correlation = product / n / variance
    if (correlation <= leastCorrelation) break
    factor += 2 * correlation * correlation
  }
  return n / factor
}
