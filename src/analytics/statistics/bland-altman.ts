/**
 * Agreement of two methods that measure the same thing: bias and limits of agreement.
 *
 * Bland & Altman 1986, Lancet 1:307–310 (doi:10.1016/S0140-6736(86)90837-8); intervals of the limits with the variance
 * s²(1/n + z²/(2(n - 1))) of Bland & Altman 1999, Stat Methods Med Res 8:135–160 (doi:10.1177/096228029900800204), not
 * the rougher 3s²/n of 1986. Proportional bias: least squares line of the difference on the mean of both.
 */
import {
  assertProbability,
  type Insufficient,
  insufficient,
  isInsufficient,
  type NumericColumn,
  presentPairs,
} from '../insufficient.ts'
import { moments } from './descriptive.ts'
import { fitLine } from './linear-regression.ts'
import { normalQuantile } from './normal.ts'
import { studentTQuantile } from './student-t.ts'

export interface Agreement {
  readonly n: number
  /** Mean of first - second, in the unit of both. */
  readonly bias: number
  /** Of the differences, n-1. */
  readonly sd: number
  readonly biasCi: readonly [number, number]
  /** bias ∓ multiplier · sd. */
  readonly limits: readonly [number, number]
  readonly lowerLimitCi: readonly [number, number]
  readonly upperLimitCi: readonly [number, number]
  /** Null below three pairs, or where the mean of both does not vary; p is null where the difference does not. */
  readonly proportionalBias: {
    readonly slope: number
    readonly intercept: number
    readonly p: number | null
  } | null
}

export interface AgreementOptions {
  /** Confidence level of the intervals; 0.95. */
  readonly level?: number
  /** Standard deviations from the bias to a limit; 1.96. */
  readonly multiplier?: number
}

/** 1.96 is the paper's rounding of this. */
const limitQuantile = normalQuantile(0.975)

/**
 * Agreement over complete pairs; `insufficient_data` below two. Fails with VALUE on infinite numbers, unequal lengths
 * or a level outside (0, 1).
 */
export function agreement(
  first: NumericColumn,
  second: NumericColumn,
  options: AgreementOptions = {},
): Agreement | Insufficient {
  const level = options.level ?? 0.95
  const multiplier = options.multiplier ?? 1.96
  assertProbability(level, 'a confidence level')
  const { x, y } = presentPairs(first, second)
  const n = x.length
  if (n < 2) return insufficient('insufficient_data', n)
  const difference = x.map((value, i) => value - (y[i] as number))
  const { mean: bias, variance } = moments(difference)
  const sd = Math.sqrt(variance ?? 0)
  const t = -studentTQuantile((1 - level) / 2, n - 1)
  const z = multiplier === 1.96 ? limitQuantile : multiplier
  const around = (centre: number, se: number) => [centre - t * se, centre + t * se] as const
  const limitSe = sd * Math.sqrt(1 / n + (z * z) / (2 * (n - 1)))
  const limits = [bias - multiplier * sd, bias + multiplier * sd] as const
  return {
    n,
    bias,
    sd,
    biasCi: around(bias, sd / Math.sqrt(n)),
    limits,
    lowerLimitCi: around(limits[0], limitSe),
    upperLimitCi: around(limits[1], limitSe),
    proportionalBias: proportionalBias(x, y, difference),
  }
}

function proportionalBias(x: Float64Array, y: Float64Array, difference: Float64Array) {
  if (x.length < 3) return null
  const line = fitLine(
    x.map((value, i) => (value + (y[i] as number)) / 2),
    difference,
  )
  return isInsufficient(line) ? null : { slope: line.slope, intercept: line.intercept, p: line.p }
}
