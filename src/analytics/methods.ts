/**
 * The methods by name, as `analyze` and the reference vectors call them: `input` and `options` in, result out, keys
 * and statuses in their spelling. Adding a method is adding a row; the functions behind know nothing of this table.
 */
import { Failure } from '../foundation/index.ts'
import { isInsufficient } from './insufficient.ts'
import { autocorrelation, ljungBox } from './statistics/autocorrelation.ts'
import { describe } from './statistics/descriptive.ts'
import { fitLine } from './statistics/linear-regression.ts'
import { hamedRao, mannKendall } from './timeseries/mann-kendall.ts'
import { type PeltModel, type PeltPenalty, pelt } from './timeseries/pelt.ts'
import { theilSen } from './timeseries/theil-sen.ts'

/** A JSON object as given on stdin. */
export type MethodArguments = Readonly<Record<string, unknown>>
export type MethodResult = Readonly<Record<string, unknown>>
type Method = (input: MethodArguments, options: MethodArguments) => MethodResult

export const methods: Readonly<Record<string, Method>> = {
  descriptive: (input, options) => {
    const probabilities = optionalNumbers(options, 'probs') ?? [0, 0.25, 0.5, 0.75, 1]
    const d = describe(numbers(input, 'values'), probabilities)
    return {
      n: d.n,
      n_missing: d.missing,
      mean: d.mean,
      sd: d.sd,
      var: d.variance,
      min: d.min,
      max: d.max,
      sum: d.sum,
      median: d.median,
      mad: d.mad,
      mad_raw: d.rawMad,
      quantiles: d.quantiles,
      iqr: d.iqr,
      sem: d.sem,
      mean_ci95: d.meanCi95 ?? [null, null],
      cv: d.cv,
      trimmed_mean_10: d.trimmedMean10,
    }
  },
  ols: (input, options) => {
    const weights = input['weights'] === undefined ? {} : { weights: numbers(input, 'weights') }
    const predictAt = optionalNumbers(options, 'predict_at') ?? []
    const level = optionalNumber(options, 'level') ?? 0.95
    const fit = fitLine(numbers(input, 'x'), numbers(input, 'y'), { level, predictAt, ...weights })
    if (isInsufficient(fit)) return status(fit)
    const ends = (side: 0 | 1, of: 'confidence' | 'prediction') =>
      fit.predictions.map((p) => p[of]?.[side] ?? null)
    return {
      n: fit.n,
      intercept: fit.intercept,
      slope: fit.slope,
      se_intercept: fit.interceptSe,
      se_slope: fit.slopeSe,
      t_slope: fit.t,
      p_slope: fit.p,
      slope_ci: fit.slopeCi ?? [null, null],
      intercept_ci: fit.interceptCi ?? [null, null],
      r2: fit.r2,
      adj_r2: fit.adjustedR2,
      sigma: fit.sigma,
      df: fit.df,
      f: fit.f,
      pred: {
        x: fit.predictions.map((p) => p.x),
        fit: fit.predictions.map((p) => p.fit),
        ci_low: ends(0, 'confidence'),
        ci_high: ends(1, 'confidence'),
        pi_low: ends(0, 'prediction'),
        pi_high: ends(1, 'prediction'),
      },
    }
  },
  acf: (input, options) => {
    const values = numbers(input, 'values')
    const maxLag = optionalNumber(options, 'max_lag') ?? defaultMaxLag(values.length)
    const result = autocorrelation(values, maxLag)
    if (isInsufficient(result)) return status(result)
    const gapless = !values.some(Number.isNaN)
    const test = gapless ? ljungBox(values, Math.min(10, maxLag)) : null
    return {
      acf: result.acf,
      pacf: result.pacf,
      n_used: result.n,
      bound95: result.bound95,
      ljung_box:
        test === null || isInsufficient(test) ? null : { lag: test.lag, statistic: test.q, p: test.p },
    }
  },
  theil_sen: (input, options) => {
    const level = optionalNumber(options, 'level') ?? 0.95
    const result = theilSen(numbers(input, 'x'), numbers(input, 'y'), { level })
    if (isInsufficient(result)) return status(result)
    return {
      n: result.n,
      slope: result.slope,
      intercept: result.intercept,
      intercept_joint: result.jointIntercept,
      ci_low: result.ci[0],
      ci_high: result.ci[1],
    }
  },
  mann_kendall: (input, options) => {
    const result = mannKendall(numbers(input, 'values'), { alpha: optionalNumber(options, 'alpha') ?? 0.05 })
    if (isInsufficient(result)) return status(result)
    return { ...testResult(result), tau_b: result.tauB, sen_slope: result.senSlope }
  },
  mann_kendall_hamed_rao: (input, options) => {
    const maxLag = options['max_lag'] === 'n-1' ? undefined : optionalNumber(options, 'max_lag')
    const alpha = optionalNumber(options, 'alpha') ?? 0.05
    const result = hamedRao(numbers(input, 'values'), { alpha, ...(maxLag === undefined ? {} : { maxLag }) })
    if (!isInsufficient(result)) return { ...testResult(result), n_ratio: result.varianceRatio }
    if (!('varS' in result)) return status(result)
    return { ...status(result), s: result.s, var_s: result.varS, n_ratio: result.varianceRatio }
  },
  pelt: (input, options) => {
    const penaltyValue = optionalNumber(options, 'penalty_value')
    const result = pelt(numbers(input, 'values'), {
      model: oneOf<PeltModel>(options, 'model', ['mean', 'var', 'meanvar']),
      penalty: oneOf<PeltPenalty>(options, 'penalty', [
        'MBIC',
        'BIC',
        'SIC',
        'AIC',
        'Hannan-Quinn',
        'Manual',
      ]),
      minSegmentLength: optionalNumber(options, 'min_seg_len') ?? 2,
      ...(penaltyValue === undefined ? {} : { penaltyValue }),
    })
    if (isInsufficient(result)) return status(result)
    return {
      changepoints: result.changePoints,
      n_segments: result.segmentMeans.length,
      segment_means: result.segmentMeans,
      segment_variances_ml: result.segmentVariances,
      penalty_value: result.penaltyValue,
      cost: result.cost,
      penalised_cost: result.penalisedCost,
    }
  },
}

/** Runs a method by name. Fails with USAGE on an unknown name, with VALUE on input that is no series of numbers. */
export function runMethod(name: string, input: MethodArguments, options: MethodArguments): MethodResult {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  if (method === undefined) {
    throw new Failure('USAGE', `there is no analysis method "${name.slice(0, 40)}"`, {
      hint: 'healthmate analyze --list',
    })
  }
  return method(input, options)
}

function status(result: { readonly insufficient: string; readonly n: number }): MethodResult {
  return { status: result.insufficient, n: result.n }
}

function testResult(r: {
  n: number
  s: number
  varS: number
  z: number
  p: number
  tau: number
  trend: string
  significant: boolean
}): MethodResult {
  return { n: r.n, s: r.s, var_s: r.varS, z: r.z, p: r.p, tau: r.tau, trend: r.trend, h: r.significant }
}

/** R's default: 10 log10(n). */
function defaultMaxLag(n: number): number {
  return Math.max(0, Math.min(n - 1, Math.floor(10 * Math.log10(Math.max(n, 1)))))
}

/** An array of numbers; `null` is a missing value and becomes NaN. */
function numbers(source: MethodArguments, key: string): Float64Array {
  const list = source[key]
  if (!Array.isArray(list)) throw new Failure('VALUE', `"${key}" must be an array of numbers`)
  return Float64Array.from(list, (item, i) => {
    if (item === null) return Number.NaN
    if (typeof item === 'number' && Number.isFinite(item)) return item
    throw new Failure('VALUE', `"${key}" holds something that is no number at position ${i + 1}`)
  })
}

function optionalNumbers(source: MethodArguments, key: string): number[] | undefined {
  return source[key] === undefined ? undefined : [...numbers(source, key)]
}

function optionalNumber(source: MethodArguments, key: string): number | undefined {
  const value = source[key]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new Failure('VALUE', `"${key}" must be a number`)
  return value
}

function oneOf<T extends string>(source: MethodArguments, key: string, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === source[key])
  if (found === undefined) throw new Failure('VALUE', `"${key}" must be one of ${allowed.join(', ')}`)
  return found
}
