/**
 * Exponential smoothing with given parameters: simple, Holt's with a trend, Holt-Winters' with a season.
 *
 * Holt 1957 (reprinted Int J Forecast 2004, 20:5–10), Winters 1960, Manag Sci 6:324–342; start values and intervals
 * as R's `HoltWinters` and its `predict` (Yar & Chatfield 1990, Int J Forecast 6:127–137, for the additive ones).
 * This is not the parameterisation of ETS.
 */
import { Failure } from '../../../foundation/index.ts'
import { type Insufficient, insufficient, type NumericColumn, presentValues } from '../../insufficient.ts'
import { moments } from '../../statistics/descriptive.ts'
import { checkedHorizon, checkedPeriod } from './baselines.ts'
import { decompose, lineThrough, type SeasonType } from './classical-decomposition.ts'
import { type Forecast, intervalsAround } from './interval.ts'

export interface SmoothingParameters {
  readonly alpha: number
  /** Left out: no trend. */
  readonly beta?: number
  /** Left out: no season. */
  readonly season?: { readonly gamma: number; readonly period: number; readonly type: SeasonType }
}

/** Where the recursion starts; what is left out is taken from the first values. */
export interface StartValues {
  readonly level?: number
  readonly slope?: number
  readonly season?: readonly number[]
}

export interface HoltWintersOptions {
  readonly horizon: number
  /** In percent. */
  readonly levels: readonly number[]
  readonly start?: StartValues
}

export interface HoltWinters extends Forecast {
  /** One-step forecasts from the value at `firstFitted` on. */
  readonly fitted: Float64Array
  /** 1-based. */
  readonly firstFitted: number
  readonly squaredErrors: number
  /** Level, slope (with a trend), season of the next `period` values. */
  readonly coefficients: readonly number[]
}

/**
 * Smooths a series without gaps and forecasts it. `insufficient_data` where nothing is left to fit after the start
 * values (1 value, 2 with a trend) or below two periods; `not_computable` with gaps or, multiplicatively, with a zero.
 * Fails with VALUE on infinite numbers or parameters outside 0 to 1.
 */
export function holtWinters(
  values: NumericColumn,
  parameters: SmoothingParameters,
  options: HoltWintersOptions,
): HoltWinters | Insufficient {
  assertParameters(parameters)
  const horizon = checkedHorizon(options.horizon)
  const data = presentValues(values)
  const n = data.length
  const { season } = parameters
  const skipped = season?.period ?? (parameters.beta === undefined ? 1 : 2)
  if (values.length <= skipped || (season !== undefined && values.length < 2 * season.period)) {
    return insufficient('insufficient_data', n)
  }
  if (n < values.length) return insufficient('not_computable', n)
  const multiplicative = season?.type === 'multiplicative'
  if (multiplicative && data.includes(0)) return insufficient('not_computable', n)
  const state = startState(data, parameters, options.start ?? {})
  const fitted = new Float64Array(n - skipped)
  const residuals = new Float64Array(n - skipped)
  for (let i = skipped; i < n; i++) {
    const value = data[i] as number
    const expected = advance(state, value, i - skipped, parameters)
    fitted[i - skipped] = expected
    residuals[i - skipped] = value - expected
  }
  const coefficients = finalCoefficients(state, n - skipped, parameters)
  const { mean, deviation } = ahead(coefficients, moments(residuals).variance, horizon, parameters)
  return {
    mean,
    intervals: intervalsAround(mean, deviation, options.levels),
    fitted,
    firstFitted: skipped + 1,
    squaredErrors: residuals.reduce((sum, r) => sum + r * r, 0),
    coefficients,
  }
}

interface State {
  level: number
  slope: number
  /** By phase of the first fitted value. */
  readonly season: Float64Array
}

function assertParameters({ alpha, beta, season }: SmoothingParameters): void {
  for (const value of [alpha, beta ?? 0, season?.gamma ?? 0]) {
    if (!(value >= 0 && value <= 1))
      throw new Failure('VALUE', 'smoothing parameters must lie between 0 and 1')
  }
  if (season !== undefined && checkedPeriod(season.period) < 2) {
    throw new Failure('VALUE', 'a season must have at least 2 values')
  }
}

/** R's start values; for a season, the line through the trend of the first two periods, and their figure. */
function startState(data: Float64Array, { beta, season }: SmoothingParameters, start: StartValues): State {
  if (season === undefined) {
    const first = data[0] as number
    const second = data[1] as number
    return {
      level: start.level ?? (beta === undefined ? first : second),
      slope: beta === undefined ? 0 : (start.slope ?? second - first),
      season: new Float64Array(1),
    }
  }
  const { trend, figure } = decompose(data.subarray(0, 2 * season.period), season.period, season.type)
  const line = lineThrough(trend.filter((value) => !Number.isNaN(value)))
  if (start.season !== undefined && start.season.length !== season.period) {
    throw new Failure('VALUE', 'the start of the season must have one value per phase')
  }
  return {
    level: start.level ?? line.intercept,
    slope: beta === undefined ? 0 : (start.slope ?? line.slope),
    season: Float64Array.from(start.season ?? figure),
  }
}

/** Takes in one value; returns what was expected of it. */
function advance(state: State, value: number, step: number, parameters: SmoothingParameters): number {
  const { alpha, beta, season } = parameters
  const multiplicative = season?.type === 'multiplicative'
  const phase = season === undefined ? 0 : step % season.period
  const seasonal = season === undefined ? 0 : (state.season[phase] as number)
  const trend = state.level + state.slope
  const adjusted = multiplicative ? value / seasonal : value - seasonal
  const level = alpha * adjusted + (1 - alpha) * trend
  if (beta !== undefined) state.slope = beta * (level - state.level) + (1 - beta) * state.slope
  state.level = level
  if (season !== undefined) {
    const deviation = multiplicative ? value / level : value - level
    state.season[phase] = season.gamma * deviation + (1 - season.gamma) * seasonal
  }
  return multiplicative ? trend * seasonal : trend + seasonal
}

function finalCoefficients(state: State, step: number, { beta, season }: SmoothingParameters): number[] {
  const seasonal =
    season === undefined
      ? []
      : Array.from({ length: season.period }, (_, i) => state.season[(step + i) % season.period] as number)
  return [state.level, ...(beta === undefined ? [] : [state.slope]), ...seasonal]
}

function ahead(
  coefficients: readonly number[],
  variance: number | null,
  horizon: number,
  { alpha, beta, season }: SmoothingParameters,
): { mean: number[]; deviation: (number | null)[] } {
  const level = coefficients[0] as number
  const slope = beta === undefined ? 0 : (coefficients[1] as number)
  const seasonal = season === undefined ? [] : coefficients.slice(beta === undefined ? 1 : 2)
  const multiplicative = season?.type === 'multiplicative'
  const psi = (j: number) =>
    alpha * (1 + j * (beta ?? 0)) +
    (season !== undefined && j % season.period === 0 ? season.gamma * (1 - alpha) : 0)
  const mean: number[] = []
  const deviation: (number | null)[] = []
  let additive = 1
  for (let h = 1; h <= horizon; h++) {
    const trend = level + h * slope
    const share = seasonal[(h - 1) % seasonal.length] ?? 0
    mean.push(multiplicative ? trend * share : trend + share)
    if (h > 1) additive += psi(h - 1) ** 2
    const factor = multiplicative ? multiplicativeFactor(h, psi, coefficients, season.period) : additive
    deviation.push(variance === null ? null : Math.sqrt(variance * factor))
  }
  return { mean, deviation }
}

/**
 * R's `predict.HoltWinters`: Σⱼ (ψⱼ s_h / s_(h-j))², its indices as they stand, so that the phase of a whole season
 * back meets the coefficient before the season.
 */
function multiplicativeFactor(
  h: number,
  psi: (j: number) => number,
  coefficients: readonly number[],
  period: number,
): number {
  const relative = 1 + ((h - 1) % period)
  let sum = 0
  for (let j = 0; j < h; j++) {
    const back = (((relative - j) % period) + period) % period
    sum += ((psi(j) * (coefficients[1 + relative] as number)) / (coefficients[1 + back] as number)) ** 2
  }
  return sum
}
