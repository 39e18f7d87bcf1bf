/**
 * The forecasts that the automatic one combines, each ready to be asked at any origin of the series.
 *
 * Three ways in which a daily series can go on: exponential smoothing (the level stays, or its trend goes on, damped or
 * not), theta (the level drifts by half the long trend), autoregression (back to the mean). Parameters are estimated
 * once, on the whole series; states are those at the origin.
 */
import { continueAutoregression, fitAutoregression } from './autoregression.ts'
import { lineThrough } from './classical-decomposition.ts'
import { selectEts } from './ets.ts'
import { type EtsFit, estimateEts } from './ets-estimate.ts'
import { etsName } from './ets-form.ts'

export interface Candidate {
  readonly name: string
  /** Means of steps 1 to `horizon` after the first `known` values. */
  readonly from: (known: number, horizon: number) => Float64Array
}

/** The candidates for a series without gaps; `season` has an additive effect per phase of the first value. */
export function forecastCandidates(data: Float64Array, season: Float64Array, period: number): Candidate[] {
  const adjusted = data.map((value, i) => value - (season[i % season.length] as number))
  return [smoothing(data, period), theta(adjusted, season), autoregression(adjusted, season)].filter(
    (candidate) => candidate !== null,
  )
}

/** The additive form of exponential smoothing with the least AICc. */
function smoothing(data: Float64Array, period: number): Candidate | null {
  const fit = selectEts(data, { period, additiveOnly: true })
  if (fit === null) return null
  const path = statePath(data, fit)
  return { name: `ETS ${etsName(fit.form)}`, from: (known, horizon) => path(known, horizon) }
}

/** Simple smoothing with half the slope of all values so far as drift (see `theta.ts`). */
function theta(adjusted: Float64Array, season: Float64Array): Candidate | null {
  const fit = estimateEts(adjusted, { error: 'A', trend: 'N', season: 'N', period: 1 })
  if (fit === null) return null
  const path = statePath(adjusted, fit)
  const { alpha } = fit.parameters
  const slopes = Float64Array.from({ length: adjusted.length + 1 }, (_, known) =>
    known < 2 ? 0 : Number.NaN,
  )
  return {
    name: 'theta',
    from: (known, horizon) => {
      if (Number.isNaN(slopes[known] as number))
        slopes[known] = lineThrough(adjusted.subarray(0, known)).slope
      const drift = (slopes[known] as number) / 2
      const lag = (1 - (1 - alpha) ** known) / alpha
      const ahead = path(known, horizon).map((level, h) => level + drift * (h + lag))
      return withSeason(ahead, season, known)
    },
  }
}

/** The mean is that of the values so far: the mean of all would know where a series that wanders is going. */
function autoregression(adjusted: Float64Array, season: Float64Array): Candidate {
  const n = adjusted.length
  const coefficients = fitAutoregression(
    adjusted,
    Math.min(Math.max(7, 2 * season.length), Math.floor(n / 8)),
  )
  const sums = new Float64Array(n + 1)
  for (let t = 0; t < n; t++) sums[t + 1] = (sums[t] as number) + (adjusted[t] as number)
  return {
    name: `AR(${coefficients.length})`,
    from: (known, horizon) => {
      const mean = (sums[known] as number) / known
      return withSeason(continueAutoregression(coefficients, mean, adjusted, known, horizon), season, known)
    },
  }
}

function withSeason(ahead: Float64Array, season: Float64Array, known: number): Float64Array {
  return ahead.map((value, h) => value + (season[(known + h) % season.length] as number))
}

/** Level, slope and season of an additive model after each value, kept to forecast from any of them. */
function statePath(data: Float64Array, fit: EtsFit): (known: number, horizon: number) => Float64Array {
  const { alpha, beta, gamma, phi } = fit.parameters
  const { period } = fit.form
  const n = data.length
  const levels = new Float64Array(n + 1)
  const slopes = new Float64Array(n + 1)
  // The effect that value t replaces lies at t, its replacement one period later.
  const effects = new Float64Array(n + period)
  levels[0] = fit.start.level
  slopes[0] = fit.start.slope
  effects.set(fit.start.season)
  for (let t = 0; t < n; t++) {
    const trend = (levels[t] as number) + phi * (slopes[t] as number)
    const error = (data[t] as number) - trend - (effects[t] as number)
    levels[t + 1] = trend + alpha * error
    slopes[t + 1] = phi * (slopes[t] as number) + beta * error
    effects[t + period] = (effects[t] as number) + gamma * error
  }
  return (known, horizon) => {
    let damping = 0
    let power = 1
    const ahead = new Float64Array(horizon)
    for (let h = 0; h < horizon; h++) {
      power *= phi
      damping += power
      ahead[h] =
        (levels[known] as number) +
        damping * (slopes[known] as number) +
        (effects[known + (h % period)] as number)
    }
    return ahead
  }
}
