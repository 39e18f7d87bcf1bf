/** The shelf `timeseries` by name: trend and change. */
import { isInsufficient } from '../insufficient.ts'
import { hamedRao, mannKendall } from '../timeseries/mann-kendall.ts'
import { type PeltModel, type PeltPenalty, pelt } from '../timeseries/pelt.ts'
import { seasonalMannKendall } from '../timeseries/seasonal-mann-kendall.ts'
import { theilSen } from '../timeseries/theil-sen.ts'
import { type MethodResult, type MethodShelf, numbers, oneOf, optionalNumber, status } from './arguments.ts'

export const timeseriesMethods: MethodShelf = {
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
  mann_kendall_seasonal: (input, options) => {
    const alpha = optionalNumber(options, 'alpha')
    const period = optionalNumber(options, 'period') ?? 7
    const result = seasonalMannKendall(numbers(input, 'values'), period, alpha)
    if (isInsufficient(result)) return status(result)
    const { correlated } = result
    return {
      n: result.n,
      s: result.s,
      var_s: result.varS,
      z: result.z,
      p: result.p,
      tau: result.tau,
      trend: result.trend,
      h: result.significant,
      slope_per_period: result.slopePerPeriod,
      slope_per_step: result.slopePerStep,
      intercept: result.intercept,
      correlated: correlated === null ? null : { var_s: correlated.varS, z: correlated.z, p: correlated.p },
    }
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
