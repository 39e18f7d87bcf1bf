/**
 * The theta method: simple exponential smoothing with half the slope of the series as drift.
 *
 * Assimakopoulos & Nikolopoulos 2000, Int J Forecast 16:521–530 (doi:10.1016/S0169-2070(00)00066-2); in the form of
 * Hyndman & Billah 2003, Int J Forecast 19:287–290, with the season test and the intervals of R's `thetaf`.
 */
import {
  type Insufficient,
  insufficient,
  isInsufficient,
  type NumericColumn,
  presentValues,
} from '../../insufficient.ts'
import { autocorrelation } from '../../statistics/autocorrelation.ts'
import { normalQuantile } from '../../statistics/normal.ts'
import { checkedHorizon, checkedPeriod } from './baselines.ts'
import { decompose, lineThrough } from './classical-decomposition.ts'
import { type EtsFit, estimateEts } from './ets-estimate.ts'
import { type Forecast, intervalsAround, usualLevels } from './interval.ts'

export interface Theta extends Forecast {
  readonly alpha: number
  /** Per step: half the slope of the line through the (seasonally adjusted) series. */
  readonly drift: number
  /** Ratios per phase of the next values; null where no season was found. */
  readonly season: readonly number[] | null
  readonly variance: readonly number[]
}

export interface ThetaOptions {
  readonly horizon: number
  readonly period: number
  readonly levels?: readonly number[]
}

/**
 * Forecasts a series without gaps. `insufficient_data` below four values (a constant needs one), `not_computable`
 * with gaps.
 */
export function theta(values: NumericColumn, options: ThetaOptions): Theta | Insufficient {
  const horizon = checkedHorizon(options.horizon)
  const period = checkedPeriod(options.period)
  const data = presentValues(values)
  const n = data.length
  if (values.length === 0) return insufficient('insufficient_data', 0)
  if (n < values.length) return insufficient('not_computable', n)
  const season = seasonalRatios(data, period)
  const adjusted = season === null ? data : data.map((value, i) => value / (season[i % period] as number))
  const smoothed = simpleSmoothing(adjusted)
  if (smoothed === null) return insufficient('insufficient_data', n)
  const { alpha } = smoothed.parameters
  const drift = lineThrough(adjusted).slope / 2
  const next = season === null ? null : Array.from(season, (_, i) => season[(n + i) % period] as number)
  const mean: number[] = []
  const variance: number[] = []
  for (let h = 0; h < horizon; h++) {
    const lag = (1 - (1 - alpha) ** n) / alpha
    const ratio = next === null ? 1 : (next[h % period] as number)
    mean.push((smoothed.state.level + drift * (h + lag)) * ratio)
    variance.push(smoothed.sigma2 * (h * alpha * alpha + 1))
  }
  const intervals = intervalsAround(mean, variance.map(Math.sqrt), options.levels ?? usualLevels)
  return { mean, variance, intervals, alpha, drift, season: next }
}

/** Seasonal where the autocorrelation at one season exceeds its one-sided 95 % bound; null without a season. */
function seasonalRatios(data: Float64Array, period: number): Float64Array | null {
  const n = data.length
  if (period < 2 || n < 2 * period) return null
  const result = autocorrelation(data, period)
  if (isInsufficient(result)) return null
  let sum = 0
  for (let lag = 1; lag < period; lag++) sum += (result.acf[lag] as number) ** 2
  const bound = normalQuantile(0.95) * Math.sqrt((1 + 2 * sum) / n)
  if (Math.abs(result.acf[period] as number) <= bound) return null
  const { figure } = decompose(data, period, 'multiplicative')
  return figure.every((ratio) => Math.abs(ratio) >= 1e-10) ? figure : null
}

function simpleSmoothing(data: Float64Array): EtsFit | null {
  const form = { error: 'A', trend: 'N', season: 'N', period: 1 } as const
  if (!data.every((value) => value === data[0])) return estimateEts(data, form)
  const level = data[0] as number
  const state = { level, slope: 0, season: new Float64Array(0) }
  return {
    form,
    parameters: { alpha: 1 - 1e-5, beta: 0, gamma: 0, phi: 1 },
    start: state,
    state,
    fitted: data.slice(),
    residuals: new Float64Array(data.length),
    squaredErrors: 0,
    logLikelihood: Number.POSITIVE_INFINITY,
    parameterCount: 2,
    sigma2: 0,
  }
}
