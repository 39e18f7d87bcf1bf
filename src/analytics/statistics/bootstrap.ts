/**
 * Bootstrap intervals of a mean and a median from resamples that are given, so that the result can be checked.
 *
 * Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapters 6, 10 and 13; Davison & Hinkley 1997, Bootstrap
 * Methods and their Application, 5.2 (basic interval). Quantiles of the replicates are type 7.
 */
import { Failure } from '../../foundation/index.ts'
import {
  assertProbability,
  type Insufficient,
  insufficient,
  type NumericColumn,
  presentValues,
} from '../insufficient.ts'
import { moments } from './descriptive.ts'
import { median, quantileOfSorted, sorted } from './quantile.ts'

export interface BootstrapResult {
  readonly mean: number
  /** n-1 deviation of the replicate means. */
  readonly standardError: number
  /** Mean of the replicate means - mean. */
  readonly bias: number
  readonly percentileCi: readonly [number, number]
  /** 2·mean less the quantiles, crosswise. */
  readonly basicCi: readonly [number, number]
  readonly medianPercentileCi: readonly [number, number]
}

/**
 * `resamples` holds 0-based positions in `values`, one row a replicate. `insufficient_data` for no value or fewer than
 * two replicates. Fails with VALUE on missing values or a position that does not exist.
 */
export function bootstrap(
  values: NumericColumn,
  resamples: readonly ArrayLike<number>[],
  level = 0.95,
): BootstrapResult | Insufficient {
  assertProbability(level, 'a confidence level')
  const present = presentValues(values)
  if (present.length !== values.length)
    throw new Failure('VALUE', 'a bootstrap needs values without gaps: positions would shift')
  if (present.length === 0 || resamples.length < 2) return insufficient('insufficient_data', present.length)
  const drawn = resamples.map((positions) => Float64Array.from(positions, (at) => valueAt(present, at)))
  const means = Float64Array.from(drawn, (sample) => moments(sample).mean)
  const { mean } = moments(present)
  const spread = moments(means)
  const interval = percentileInterval(means, level)
  return {
    mean,
    standardError: Math.sqrt(spread.variance ?? 0),
    bias: spread.mean - mean,
    percentileCi: interval,
    basicCi: [2 * mean - interval[1], 2 * mean - interval[0]],
    medianPercentileCi: percentileInterval(Float64Array.from(drawn, median), level),
  }
}

function percentileInterval(replicates: Float64Array, level: number): readonly [number, number] {
  const ascending = sorted(replicates)
  const tail = (1 - level) / 2
  return [quantileOfSorted(ascending, tail), quantileOfSorted(ascending, 1 - tail)]
}

function valueAt(values: Float64Array, at: number): number {
  const value = values[at]
  if (value === undefined)
    throw new Failure('VALUE', `a resample names position ${at + 1} of ${values.length}`)
  return value
}
