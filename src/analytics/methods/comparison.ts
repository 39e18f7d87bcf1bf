/** The shelf `statistics` by name: comparing and relating two columns. */
import { isInsufficient } from '../insufficient.ts'
import { agreement } from '../statistics/bland-altman.ts'
import { bootstrap } from '../statistics/bootstrap.ts'
import { correlate } from '../statistics/correlation.ts'
import { crossCorrelation, laggedCorrelations } from '../statistics/cross-correlation.ts'
import {
  benjaminiHochberg,
  benjaminiYekutieli,
  bonferroni,
  hochberg,
  holm,
} from '../statistics/multiple-testing.ts'
import { comparePaired, type SignedRankTest } from '../statistics/paired-comparison.ts'
import { compareTwoSamples } from '../statistics/two-sample-comparison.ts'
import {
  type MethodArguments,
  type MethodResult,
  type MethodShelf,
  nullable,
  numberRows,
  numbers,
  oneOf,
  optionalNumber,
  present,
  status,
} from './arguments.ts'

export const comparisonMethods: MethodShelf = {
  correlation: (input, options) => {
    const result = correlate(numbers(input, 'x'), numbers(input, 'y'), optionalNumber(options, 'level'))
    if (isInsufficient(result)) {
      const nothing = { pearson: { r: null }, spearman: { rho: null }, kendall_tau_b: null }
      return { ...status(result), ...nothing }
    }
    const { r, t, df, p, ci } = result.pearson
    return {
      n: result.n,
      pearson: { r, t, df, p, ci: ci ?? [null, null] },
      spearman: result.spearman,
      kendall_tau_b: result.kendallTauB,
    }
  },
  cross_correlation: (input, options) => {
    const [x, y] = [numbers(input, 'x'), numbers(input, 'y')]
    const kind = oneOf(options, 'kind', ['lagged_pearson', 'ccf_global_means'], 'lagged_pearson')
    const maxLag = optionalNumber(options, 'max_lag') ?? 7
    if (kind === 'ccf_global_means') {
      const result = crossCorrelation(x, y, maxLag)
      return isInsufficient(result) ? status(result) : { lags: result.lags, r: result.r }
    }
    const result = laggedCorrelations(x, y, maxLag)
    if (isInsufficient(result)) return status(result)
    const { lags, r, n, p, adjustedP, spearman } = result
    return { lags, r, n, p, p_bh: adjustedP, spearman }
  },
  multiple_testing: (input, options) => {
    const p = numbers(input, 'p')
    const alpha = optionalNumber(options, 'alpha') ?? 0.05
    const bh = nullable(benjaminiHochberg(p))
    return {
      bh,
      by: nullable(benjaminiYekutieli(p)),
      holm: nullable(holm(p)),
      hochberg: nullable(hochberg(p)),
      bonferroni: nullable(bonferroni(p)),
      reject_bh: bh.map((value) => value !== null && value <= alpha),
    }
  },
  bland_altman: (input, options) => {
    const result = agreement(
      numbers(input, 'method1'),
      numbers(input, 'method2'),
      present({
        level: optionalNumber(options, 'level'),
        multiplier: optionalNumber(options, 'loa_multiplier'),
      }),
    )
    if (isInsufficient(result)) return status(result)
    const trend = result.proportionalBias
    return {
      n: result.n,
      bias: result.bias,
      sd: result.sd,
      bias_ci: result.biasCi,
      loa_lower: result.limits[0],
      loa_upper: result.limits[1],
      loa_lower_ci: result.lowerLimitCi,
      loa_upper_ci: result.upperLimitCi,
      proportional_bias:
        trend === null ? null : { slope: trend.slope, intercept: trend.intercept, p_slope: trend.p },
    }
  },
  paired: (input, options) =>
    oneOf(options, 'kind', ['pre_post', 'bootstrap_given_indices'], 'pre_post') === 'pre_post'
      ? pairedResult(input, options)
      : bootstrapResult(input, options),
  two_sample: (input, options) => {
    const level = optionalNumber(options, 'level')
    const result = compareTwoSamples(numbers(input, 'pre'), numbers(input, 'post'), level)
    if (isInsufficient(result)) return status(result)
    const { u, p, method } = result.mannWhitney
    return {
      n_pre: result.nFirst,
      n_post: result.nSecond,
      mean_diff: result.meanDifference,
      welch: result.welch ?? { t: null, df: null, p: null, ci: [null, null] },
      mann_whitney: { u_post: u, p, method },
      hodges_lehmann: result.hodgesLehmann,
      cliffs_delta: result.cliffsDelta,
    }
  },
}

function pairedResult(input: MethodArguments, options: MethodArguments): MethodResult {
  const level = optionalNumber(options, 'level')
  const result = comparePaired(numbers(input, 'pre'), numbers(input, 'post'), level)
  if (isInsufficient(result)) return status(result)
  const { positive, nonzero, p } = result.signTest
  return {
    n: result.n,
    mean_diff: result.meanDifference,
    median_diff: result.medianDifference,
    sd_diff: result.sd,
    t_test: result.t,
    cohen_dz: result.cohenDz,
    wilcoxon: wilcoxonResult(result.wilcoxon),
    hodges_lehmann: result.hodgesLehmann,
    sign_test: { positive, n_nonzero: nonzero, p },
  }
}

function wilcoxonResult({ v, p, method, nonzero, interval }: SignedRankTest): MethodResult {
  const exact = interval === null ? {} : { ci: interval.ci, ci_level_achieved: interval.level }
  return { v, p, method, n_nonzero: nonzero, zeros: 'dropped (Wilcoxon)', ...exact }
}

function bootstrapResult(input: MethodArguments, options: MethodArguments): MethodResult {
  const rows = numberRows(input, 'resample_indices_1based')
  const positions = rows.map((row) => row.map((position) => position - 1))
  const result = bootstrap(numbers(input, 'differences'), positions, optionalNumber(options, 'level'))
  if (isInsufficient(result)) return status(result)
  return {
    mean: result.mean,
    boot_se: result.standardError,
    bias: result.bias,
    percentile_ci: result.percentileCi,
    basic_ci: result.basicCi,
    median_percentile_ci: result.medianPercentileCi,
  }
}
