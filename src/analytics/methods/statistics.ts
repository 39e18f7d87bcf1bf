/** The shelf `statistics` by name. */
import { isInsufficient } from '../insufficient.ts'
import { autocorrelation, ljungBox } from '../statistics/autocorrelation.ts'
import { describe } from '../statistics/descriptive.ts'
import { fitLine } from '../statistics/linear-regression.ts'
import { type MethodShelf, numbers, optionalNumber, optionalNumbers, status } from './arguments.ts'

export const statisticsMethods: MethodShelf = {
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
}

/** R's default: 10 log10(n). */
function defaultMaxLag(n: number): number {
  return Math.max(0, Math.min(n - 1, Math.floor(10 * Math.log10(Math.max(n, 1)))))
}
