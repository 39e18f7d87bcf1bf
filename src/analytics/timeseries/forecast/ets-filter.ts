/**
 * The recursion of an exponential smoothing model over a series, and its likelihood.
 *
 * Hyndman et al. 2008 (see `ets-form.ts`), table 2.2 and equation 5.3; constants of the likelihood dropped, as in R.
 */
import type { EtsForm, EtsParameters, EtsState } from './ets-form.ts'

export interface EtsRun {
  readonly fitted: Float64Array
  /** One-step errors; relative ones where the error is multiplicative. */
  readonly residuals: Float64Array
  readonly state: EtsState
  readonly squaredErrors: number
  /** -½ (n log Σe² + 2 Σ log|fitted|), the second sum only for multiplicative errors. */
  readonly logLikelihood: number
}

/** Runs a model over at least one value without gaps. */
export function runEts(
  data: Float64Array,
  form: EtsForm,
  parameters: EtsParameters,
  start: EtsState,
): EtsRun {
  const n = data.length
  const { alpha, beta, gamma, phi } = parameters
  const { period } = form
  const seasonal = form.season !== 'N'
  const multiplicativeSeason = form.season === 'M'
  const relative = form.error === 'M'
  const fitted = new Float64Array(n)
  const residuals = new Float64Array(n)
  const season = seasonal ? start.season.slice() : new Float64Array(1).fill(multiplicativeSeason ? 1 : 0)
  let { level, slope } = start
  let squares = 0
  let logs = 0
  for (let t = 0, phase = 0; t < n; t++) {
    const trend = level + phi * slope
    const share = season[phase] as number
    const expected = multiplicativeSeason ? trend * share : trend + share
    const error = (data[t] as number) - expected
    level = trend + (alpha * error) / (multiplicativeSeason ? share : 1)
    slope = phi * slope + (beta * error) / (multiplicativeSeason ? share : 1)
    if (seasonal) season[phase] = share + (gamma * error) / (multiplicativeSeason ? trend : 1)
    if (++phase === period) phase = 0
    const residual = relative ? error / expected : error
    fitted[t] = expected
    residuals[t] = residual
    squares += residual * residual
    if (relative) logs += Math.log(Math.abs(expected))
  }
  const next = seasonal ? Float64Array.from(season, (_, i) => season[(n + i) % period] as number) : season
  return {
    fitted,
    residuals,
    state: { level, slope, season: seasonal ? next : new Float64Array(0) },
    squaredErrors: squares,
    logLikelihood: -0.5 * (n * Math.log(squares) + 2 * logs),
  }
}

/**
 * -2 log-likelihood without keeping anything: the inner loop of estimation, hence apart from `runEts`. `season` is
 * scratch of one period.
 */
export function deviance(
  data: Float64Array,
  form: EtsForm,
  { alpha, beta, gamma, phi }: EtsParameters,
  start: EtsState,
  season: Float64Array,
): number {
  const n = data.length
  const { period } = form
  const multiplicativeSeason = form.season === 'M'
  const relative = form.error === 'M'
  if (form.season === 'N') season[0] = 0
  else season.set(start.season)
  let { level, slope } = start
  let squares = 0
  let logs = 0
  let product = 1
  for (let t = 0, phase = 0; t < n; t++) {
    const trend = level + phi * slope
    const share = season[phase] as number
    const expected = multiplicativeSeason ? trend * share : trend + share
    const error = (data[t] as number) - expected
    const forLevel = multiplicativeSeason ? error / share : error
    level = trend + alpha * forLevel
    slope = phi * slope + beta * forLevel
    season[phase] = share + gamma * (multiplicativeSeason ? error / trend : error)
    if (++phase === period) phase = 0
    if (relative) {
      const residual = error / expected
      squares += residual * residual
      product *= Math.abs(expected)
      // A logarithm of a product of a few is cheaper than a few logarithms.
      if (t % 8 === 7 || product > 1e100 || product < 1e-100) {
        logs += Math.log(product)
        product = 1
      }
    } else squares += error * error
  }
  return n * Math.log(squares) + 2 * (logs + Math.log(product))
}
