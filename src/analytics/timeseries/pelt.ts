/**
 * PELT: exact change points by penalised likelihood, in close to linear time where change points keep coming (100,000
 * values with one in 500: 0.2 s for the mean, 1 s for mean and variance); quadratic where there are none, because only a
 * change lets earlier starts be left out (20,000 values: 0.4 s).
 *
 * Killick, Fearnhead & Eckley 2012, J Am Stat Assoc 107:1590–1598 (doi:10.1080/01621459.2012.737745); costs and
 * penalties as the R package changepoint; MBIC by Zhang & Siegmund 2007, Biometrics 63:22–32. Costs are twice the
 * negative log-likelihood. The mean model takes the variance as 1: scale the values first.
 */
import { Failure } from '../../foundation/index.ts'
import { type Insufficient, insufficient, type NumericColumn, presentValues } from '../insufficient.ts'
import { moments } from '../statistics/descriptive.ts'

export type PeltModel = 'mean' | 'var' | 'meanvar'
export type PeltPenalty = 'MBIC' | 'BIC' | 'SIC' | 'AIC' | 'Hannan-Quinn' | 'Manual'

export interface PeltOptions {
  readonly model: PeltModel
  readonly penalty: PeltPenalty
  /** Penalty per change point; needed with `Manual`, else computed. */
  readonly penaltyValue?: number
  /** Fewest values in a segment, at least 1. */
  readonly minSegmentLength: number
}

export interface PeltResult {
  /** 1-based position of the last value of each segment but the final one. */
  readonly changePoints: readonly number[]
  readonly segmentMeans: readonly number[]
  /** Divisor: length of the segment. */
  readonly segmentVariances: readonly number[]
  readonly penaltyValue: number
  /** Sum of the segments' costs, without penalties. */
  readonly cost: number
  readonly penalisedCost: number
}

/** Variance at or below 0 of a constant segment, floored as changepoint does. */
const varianceFloor = 1e-11

/**
 * Change points of values without gaps (missing values are dropped first). `insufficient_data` below two values or
 * below one segment. Fails with VALUE on infinite numbers or options out of range.
 */
export function pelt(values: NumericColumn, options: PeltOptions): PeltResult | Insufficient {
  const minLength = options.minSegmentLength
  if (!Number.isInteger(minLength) || minLength < 1) {
    throw new Failure('VALUE', 'the shortest segment must be a whole number of at least 1')
  }
  const data = presentValues(values)
  const n = data.length
  if (n < 2 || n < minLength) return insufficient('insufficient_data', n)
  const penalty = penaltyValue(options, n)
  const cost = segmentCost(data, options.model)
  const lengthTerm = options.penalty === 'MBIC' ? Math.log : () => 0
  // MBIC's ln(length) is not additive: splitting a segment can cost up to ln(n) more than the whole.
  const slack = lengthTerm(n) + 1e-9
  const starts = optimalStarts(
    n,
    minLength,
    penalty,
    slack,
    options.penalty === 'MBIC' ? (from, to) => cost(from, to) + Math.log(to - from) : cost,
  )
  const bounds = backtrack(starts, n)
  return described(data, bounds, penalty, cost, lengthTerm)
}

type SegmentCost = (from: number, to: number) => number

/** Cost of values [from, to) in constant time, from running sums of values centred on their mean. */
function segmentCost(data: Float64Array, model: PeltModel): SegmentCost {
  const { mean } = moments(data)
  const sum = new Float64Array(data.length + 1)
  const square = new Float64Array(data.length + 1)
  for (let i = 0; i < data.length; i++) {
    const d = (data[i] as number) - mean
    sum[i + 1] = (sum[i] as number) + d
    square[i + 1] = (square[i] as number) + d * d
  }
  const scatter = (from: number, to: number) => {
    const s = (sum[to] as number) - (sum[from] as number)
    return (square[to] as number) - (square[from] as number) - (s * s) / (to - from)
  }
  if (model === 'mean') return (from, to) => Math.max(scatter(from, to), 0)
  const spread =
    model === 'var'
      ? (from: number, to: number) => (square[to] as number) - (square[from] as number)
      : scatter
  return (from, to) => {
    const length = to - from
    const variance = spread(from, to) / length
    return length * (Math.log(2 * Math.PI) + Math.log(variance > 0 ? variance : varianceFloor) + 1)
  }
}

/** For each end, the start of the last segment of the best segmentation up to it. */
function optimalStarts(
  n: number,
  minLength: number,
  penalty: number,
  slack: number,
  cost: SegmentCost,
): Int32Array {
  const best = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY)
  const start = new Int32Array(n + 1)
  // End from which a start is out of the race; a worse start may still win until a later segment is long enough.
  const expires = new Int32Array(n + 1).fill(n + 1)
  const candidates = new Int32Array(n + 1)
  const totals = new Float64Array(n + 1)
  best[0] = -penalty
  let count = 1
  for (let end = minLength; end <= n; end++) {
    const fresh = end - minLength
    if (fresh >= minLength) candidates[count++] = fresh
    let lowest = Number.POSITIVE_INFINITY
    for (let k = 0; k < count; k++) {
      const from = candidates[k] as number
      const total = (best[from] as number) + cost(from, end)
      totals[k] = total
      if (total >= lowest) continue
      lowest = total
      start[end] = from
    }
    lowest += penalty
    best[end] = lowest
    let kept = 0
    for (let k = 0; k < count; k++) {
      const from = candidates[k] as number
      // Theorem 3.1 of the paper, with K = slack.
      const beaten = (totals[k] as number) > lowest + slack
      if (beaten && (expires[from] as number) > n) expires[from] = end + minLength
      if ((expires[from] as number) > end + 1) candidates[kept++] = from
    }
    count = kept
  }
  return start
}

function backtrack(start: Int32Array, n: number): number[] {
  const bounds = [n]
  for (let end = start[n] as number; end > 0; end = start[end] as number) bounds.push(end)
  return bounds.reverse()
}

function described(
  data: Float64Array,
  ends: readonly number[],
  penalty: number,
  cost: SegmentCost,
  lengthTerm: (length: number) => number,
): PeltResult {
  const segmentMeans: number[] = []
  const segmentVariances: number[] = []
  let total = 0
  let lengths = 0
  let from = 0
  for (const end of ends) {
    const { mean, variance } = moments(data.subarray(from, end))
    segmentMeans.push(mean)
    segmentVariances.push(((variance ?? 0) * (end - from - 1)) / (end - from))
    total += cost(from, end)
    lengths += lengthTerm(end - from)
    from = end
  }
  const changePoints = ends.slice(0, -1)
  return {
    changePoints,
    segmentMeans,
    segmentVariances,
    penaltyValue: penalty,
    cost: total,
    penalisedCost: total + lengths + penalty * changePoints.length,
  }
}

function penaltyValue(options: PeltOptions, n: number): number {
  const parameters = options.model === 'meanvar' ? 2 : 1
  switch (options.penalty) {
    case 'MBIC':
      return (parameters + 2) * Math.log(n)
    case 'BIC':
    case 'SIC':
      return (parameters + 1) * Math.log(n)
    case 'AIC':
      return 2 * (parameters + 1)
    case 'Hannan-Quinn':
      return 2 * (parameters + 1) * Math.log(Math.log(n))
    case 'Manual': {
      const value = options.penaltyValue
      if (value === undefined || !(value >= 0)) {
        throw new Failure('VALUE', 'a manual penalty must be given and not below 0')
      }
      return value
    }
  }
}
