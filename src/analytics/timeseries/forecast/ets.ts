/**
 * Exponential smoothing as state-space models: given parameters, or estimated and chosen by information criterion.
 *
 * Hyndman, Koehler, Snyder & Grose 2002, Int J Forecast 18:439–454 (doi:10.1016/S0169-2070(01)00110-8); definitions of
 * R's `forecast::ets`.
 */
import { type Insufficient, insufficient, type NumericColumn, presentValues } from '../../insufficient.ts'
import { checkedHorizon, checkedPeriod } from './baselines.ts'
import { type EtsFit, estimateEts } from './ets-estimate.ts'
import { runEts } from './ets-filter.ts'
import { forecastEts } from './ets-forecast.ts'
import { type EtsForm, type EtsParameters, type EtsState, etsForms, parameterCount } from './ets-form.ts'
import { type Forecast, intervalsAround, usualLevels } from './interval.ts'

export interface EtsAccuracy {
  readonly logLikelihood: number
  readonly aic: number
  readonly aicc: number | null
  readonly bic: number
}

export interface EtsModel extends Forecast, EtsAccuracy {
  readonly form: EtsForm
  readonly parameters: EtsParameters
  readonly start: EtsState
  readonly state: EtsState
  readonly fitted: Float64Array
  readonly residuals: Float64Array
  readonly squaredErrors: number
  readonly sigma2: number
  /** Forecast variance of each step. */
  readonly variance: readonly number[]
}

export interface FixedEts {
  readonly form: EtsForm
  readonly parameters: EtsParameters
  readonly start: EtsState
  /** What was estimated, for the criteria; default all that the form has. */
  readonly parameterCount?: number
}

export interface EtsForecastOptions {
  readonly horizon: number
  readonly levels?: readonly number[]
}

/** Runs a model with given parameters. `insufficient_data` without a value, `not_computable` with gaps. */
export function fixedEts(
  values: NumericColumn,
  model: FixedEts,
  options: EtsForecastOptions,
): EtsModel | Insufficient {
  checkedHorizon(options.horizon)
  const data = presentValues(values)
  if (values.length === 0) return insufficient('insufficient_data', 0)
  if (data.length < values.length) return insufficient('not_computable', data.length)
  const run = runEts(data, model.form, model.parameters, model.start)
  const count = model.parameterCount ?? parameterCount(model.form)
  const sigma2 = run.squaredErrors / Math.max(1, data.length - count)
  return described({ ...run, ...model, parameterCount: count, sigma2 }, options)
}

export type InformationCriterion = 'aicc' | 'aic' | 'bic'

export interface AutomaticEtsOptions extends EtsForecastOptions {
  readonly period: number
  readonly criterion?: InformationCriterion
  readonly additiveOnly?: boolean
  readonly restrict?: boolean
}

/**
 * The form with the least criterion, estimated. A constant series is its own level, without variance. Missing values
 * at the ends are dropped; inner gaps are `not_computable` (fill them first). `insufficient_data` for no values.
 */
export function automaticEts(values: NumericColumn, options: AutomaticEtsOptions): EtsModel | Insufficient {
  checkedHorizon(options.horizon)
  const period = checkedPeriod(options.period)
  const data = trimmed(values)
  const n = data.length
  if (n === 0) return insufficient('insufficient_data', 0)
  if (data.some(Number.isNaN)) return insufficient('not_computable', n)
  if (data.every((value) => value === data[0])) return described(levelOnly(data, 1 - 1e-5), options)
  const fit = selectEts(data, { ...options, period })
  return described(fit ?? levelOnly(data, 0.5), options)
}

type EtsSelection = Pick<AutomaticEtsOptions, 'period' | 'criterion' | 'additiveOnly' | 'restrict'>

/** The last selection: the combination and ETS beside it ask for the same series in a row, and it is what costs. */
let selected: { readonly data: Float64Array; readonly key: string; readonly fit: EtsFit | null } | undefined

/** The best fit of all forms that the series allows; null where it is too short for any. */
export function selectEts(data: Float64Array, options: EtsSelection): EtsFit | null {
  const { period, criterion = 'aicc', additiveOnly = false, restrict = true } = options
  const key = [period, criterion, additiveOnly, restrict].join()
  const isSame = selected?.key === key && selected.data.length === data.length
  if (isSame && selected?.data.every((value, i) => value === data[i])) return selected.fit
  const fit = leastCriterion(data, { period, criterion, additiveOnly, restrict })
  selected = { data: data.slice(), key, fit }
  return fit
}

function leastCriterion(data: Float64Array, options: Required<EtsSelection>): EtsFit | null {
  const { period, criterion, additiveOnly, restrict } = options
  const positive = data.every((value) => value > 0)
  let best: EtsFit | null = null
  let least = Number.POSITIVE_INFINITY
  for (const form of etsForms({ period, additiveOnly, restrict, positive })) {
    const fit = estimateEts(data, form)
    if (fit === null) continue
    const value = criteria(fit, data.length)[criterion] ?? Number.POSITIVE_INFINITY
    if (value >= least) continue
    best = fit
    least = value
  }
  return best
}

/** -2 log L + 2k and its relatives, k with the variance; AICc is null where it has no degrees of freedom left. */
export function criteria(fit: { logLikelihood: number; parameterCount: number }, n: number): EtsAccuracy {
  const k = fit.parameterCount + 1
  const aic = -2 * fit.logLikelihood + 2 * k
  return {
    logLikelihood: fit.logLikelihood,
    aic,
    aicc: n - k - 1 > 0 ? aic + (2 * k * (k + 1)) / (n - k - 1) : null,
    bic: -2 * fit.logLikelihood + k * Math.log(n),
  }
}

/** Simple smoothing without estimation, for what is constant or too short. */
function levelOnly(data: Float64Array, alpha: number): EtsFit {
  const form: EtsForm = { error: 'A', trend: 'N', season: 'N', period: 1 }
  const parameters = { alpha, beta: 0, gamma: 0, phi: 1 }
  const start = { level: data[0] as number, slope: 0, season: new Float64Array(0) }
  const run = runEts(data, form, parameters, start)
  const sigma2 = run.squaredErrors / Math.max(1, data.length - 2)
  return { ...run, form, parameters, start, parameterCount: 2, sigma2 }
}

function trimmed(values: NumericColumn): Float64Array {
  const all = Float64Array.from(values)
  let from = 0
  let to = all.length
  while (from < to && Number.isNaN(all[from] as number)) from++
  while (to > from && Number.isNaN(all[to - 1] as number)) to--
  presentValues(all)
  return all.subarray(from, to)
}

function described(fit: EtsFit, options: EtsForecastOptions): EtsModel {
  const { mean, variance } = forecastEts(fit.form, fit.parameters, fit.state, fit.sigma2, options.horizon)
  const deviation = variance.map((v) => (v >= 0 ? Math.sqrt(v) : null))
  return {
    ...fit,
    ...criteria(fit, fit.fitted.length),
    mean,
    variance,
    intervals: intervalsAround(mean, deviation, options.levels ?? usualLevels),
  }
}
