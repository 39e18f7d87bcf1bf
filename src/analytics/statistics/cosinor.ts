/**
 * Cosinor: a rhythm of known periods as a level and cosines, fitted by least squares.
 *
 *   y = mesor + Σ amplitude · cos(2πt/period - acrophase)
 *
 * Halberg et al. 1967; Nelson, Tong, Lee & Halberg 1979, Chronobiologia 6:305–323; Cornelissen 2014, Theor Biol Med
 * Model 11:16 (doi:10.1186/1742-4682-11-16). Standard errors of amplitude and acrophase by the delta method, intervals
 * by Student's t; the overall F test compares with a constant.
 */
import { Failure } from '../../foundation/index.ts'
import {
  assertProbability,
  type Insufficient,
  insufficient,
  type NumericColumn,
  presentPairs,
} from '../insufficient.ts'
import { isConstant } from './correlation.ts'
import { moments } from './descriptive.ts'
import { fitLinearModel, type LinearModel } from './linear-model.ts'
import { fisherFUpperP, studentTQuantile } from './student-t.ts'

export interface Rhythm {
  readonly period: number
  /** Coefficients of cos and sin. */
  readonly beta: number
  readonly gamma: number
  readonly amplitude: number
  readonly amplitudeSe: number
  readonly amplitudeCi: readonly [number, number]
  /** Radians from 0 to 2π. */
  readonly acrophase: number
  readonly acrophaseSe: number
  /** Time of the peak within the period, in the unit of t. */
  readonly peakTime: number
}

export interface Cosinor {
  readonly n: number
  readonly mesor: number
  readonly mesorSe: number
  readonly mesorCi: readonly [number, number]
  readonly rhythms: readonly Rhythm[]
  readonly r2: number
  readonly sigma: number
  readonly f: number
  readonly fDf: readonly [number, number]
  readonly p: number
  /** At the complete pairs, in their order. */
  readonly fitted: Float64Array
}

/** Constant values: there is a level and no rhythm. */
export interface ConstantRhythm extends Insufficient {
  readonly insufficient: 'zero_variance'
  readonly mesor: number
}

/**
 * Fits one harmonic a period over complete pairs. `insufficient_data` where the pairs are no more than the coefficients,
 * `degenerate_x` where the times cannot tell the harmonics apart, `zero_variance` (with the level) for constant values.
 * Fails with VALUE on infinite numbers, unequal lengths, a level outside (0, 1), no period or one not above 0.
 */
export function cosinor(
  t: NumericColumn,
  y: NumericColumn,
  periods: readonly number[],
  level = 0.95,
): Cosinor | ConstantRhythm | Insufficient {
  assertProbability(level, 'a confidence level')
  if (periods.length === 0 || !periods.every((period) => period > 0))
    throw new Failure('VALUE', 'a rhythm needs at least one period, and each must be above 0')
  const pairs = presentPairs(t, y)
  const n = pairs.x.length
  const df = n - 1 - 2 * periods.length
  if (df < 1) return insufficient('insufficient_data', n)
  if (isConstant(pairs.y)) return { insufficient: 'zero_variance', n, mesor: pairs.y[0] as number }
  const fit = fitLinearModel(design(pairs.x, periods), pairs.y)
  if (fit === null) return insufficient('degenerate_x', n)
  const sigma = Math.sqrt(fit.residualSquares / df)
  const quantile = -studentTQuantile((1 - level) / 2, df)
  const around = (centre: number, se: number) => [centre - quantile * se, centre + quantile * se] as const
  const mesor = fit.coefficients[0] as number
  const mesorSe = sigma * Math.sqrt((fit.unscaledCovariance[0] as Float64Array)[0] as number)
  const total = (moments(pairs.y).variance ?? 0) * (n - 1)
  const fDf = [2 * periods.length, df] as const
  const f = (total - fit.residualSquares) / fDf[0] / sigma ** 2
  return {
    n,
    mesor,
    mesorSe,
    mesorCi: around(mesor, mesorSe),
    rhythms: periods.map((period, k) => rhythmOf(fit, k, period, sigma, around)),
    r2: 1 - fit.residualSquares / total,
    sigma,
    f,
    fDf,
    p: f === Number.POSITIVE_INFINITY ? 0 : fisherFUpperP(f, ...fDf),
    fitted: fit.fitted,
  }
}

function design(t: Float64Array, periods: readonly number[]): Float64Array[] {
  const columns = [new Float64Array(t.length).fill(1)]
  for (const period of periods) {
    const angle = t.map((time) => (2 * Math.PI * time) / period)
    columns.push(angle.map(Math.cos), angle.map(Math.sin))
  }
  return columns
}

function rhythmOf(
  fit: LinearModel,
  k: number,
  period: number,
  sigma: number,
  around: (centre: number, se: number) => readonly [number, number],
): Rhythm {
  const [cos, sin] = [1 + 2 * k, 2 + 2 * k] as const
  const beta = fit.coefficients[cos] as number
  const gamma = fit.coefficients[sin] as number
  const covariance = (a: number, b: number) =>
    sigma ** 2 * ((fit.unscaledCovariance[a] as Float64Array)[b] as number)
  const square = beta ** 2 + gamma ** 2
  const amplitude = Math.sqrt(square)
  const cross = 2 * beta * gamma * covariance(cos, sin)
  const along = beta ** 2 * covariance(cos, cos) + gamma ** 2 * covariance(sin, sin) + cross
  const across = gamma ** 2 * covariance(cos, cos) + beta ** 2 * covariance(sin, sin) - cross
  const amplitudeSe = Math.sqrt(along / square)
  const direction = Math.atan2(gamma, beta)
  const acrophase = direction < 0 ? direction + 2 * Math.PI : direction
  return {
    period,
    beta,
    gamma,
    amplitude,
    amplitudeSe,
    amplitudeCi: around(amplitude, amplitudeSe),
    acrophase,
    acrophaseSe: Math.sqrt(across) / square,
    peakTime: (acrophase * period) / (2 * Math.PI),
  }
}
