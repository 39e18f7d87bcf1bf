/** The shelf `timeseries` by name: smoothing and decomposition. */
import { Failure } from '../../foundation/index.ts'
import { isInsufficient } from '../insufficient.ts'
import { loess } from '../timeseries/loess.ts'
import { lowess } from '../timeseries/lowess.ts'
import { hampel, modifiedZ, robustZ, tukeyFences } from '../timeseries/outlier-rules.ts'
import { remainderOutliers, smoothOutliers } from '../timeseries/seasonal-outliers.ts'
import { type StlOptions, stl } from '../timeseries/stl.ts'
import {
  type MethodArguments,
  type MethodResult,
  type MethodShelf,
  numbers,
  oneOf,
  optionalNumber,
  optionalNumbers,
  present,
  status,
} from './arguments.ts'

export const smoothingMethods: MethodShelf = {
  loess: (input, options) => {
    const family = oneOf(options, 'family', ['gaussian', 'symmetric'], 'gaussian')
    // R's loess: four fits in all for the symmetric family.
    const iterations = family === 'gaussian' ? 1 : (optionalNumber(options, 'robust_iterations') ?? 4)
    const result = loess(numbers(input, 'x'), numbers(input, 'y'), {
      iterations,
      predictAt: optionalNumbers(options, 'predict_at') ?? [],
      ...present({
        span: optionalNumber(options, 'span'),
        degree: optionalNumber(options, 'degree') as 0 | 1 | 2 | undefined,
      }),
    })
    if (isInsufficient(result)) return status(result)
    const { statistics } = result
    return {
      fitted: [...result.fitted],
      pred: result.predicted,
      pred_se: statistics === null ? null : result.predictionErrors,
      sigma: statistics?.sigma ?? null,
      trace_hat: statistics?.trace ?? null,
      df: statistics?.df ?? null,
      direct: result.direct,
    }
  },
  lowess: (input, options) => {
    const { x, fitted } = lowess(
      numbers(input, 'x'),
      numbers(input, 'y'),
      present({
        f: optionalNumber(options, 'f'),
        iterations: optionalNumber(options, 'iter'),
        delta: optionalNumber(options, 'delta'),
      }),
    )
    return { x: [...x], fitted: [...fitted] }
  },
  stl: (input, options) => {
    const result = stl(numbers(input, 'values'), stlOptions(options))
    if (isInsufficient(result)) return status(result)
    return {
      seasonal: [...result.seasonal],
      trend: [...result.trend],
      remainder: [...result.remainder],
      weights: [...result.weights],
      strength_trend: result.trendStrength,
      strength_seasonal: result.seasonalStrength,
    }
  },
  anomalies: (input, options) => {
    const values = numbers(input, 'values')
    const kind = oneOf<AnomalyKind>(options, 'kind', anomalyKinds)
    return anomalyRules[kind](values, options)
  },
}

const anomalyKinds = [
  'hampel',
  'robust_z',
  'modified_z',
  'iqr_fences',
  'stl_residual',
  'forecast_tsoutliers',
] as const
type AnomalyKind = (typeof anomalyKinds)[number]

const anomalyRules: Readonly<
  Record<AnomalyKind, (values: Float64Array, options: MethodArguments) => MethodResult>
> = {
  hampel: (values, options) => {
    const { indices, filtered } = hampel(
      values,
      optionalNumber(options, 'half_window') ?? 3,
      optionalNumber(options, 'threshold') ?? 3,
      optionalNumber(options, 'mad_constant'),
    )
    return { indices, filtered: Array.from(filtered, (value) => (Number.isNaN(value) ? null : value)) }
  },
  robust_z: (values, options) => ({
    ...robustZ(values, optionalNumber(options, 'threshold') ?? 3.5, optionalNumber(options, 'mad_constant')),
  }),
  modified_z: (values, options) => {
    const threshold = optionalNumber(options, 'threshold') ?? 3.5
    const { z, indices } = modifiedZ(values, threshold, optionalNumber(options, 'constant'))
    return { z, indices }
  },
  iqr_fences: (values, options) => {
    if ((optionalNumber(options, 'quantile_type') ?? 7) !== 7) {
      throw new Failure('VALUE', 'quartiles are of type 7 only')
    }
    return { ...tukeyFences(values, optionalNumber(options, 'k')) }
  },
  stl_residual: (values, options) => {
    const threshold = optionalNumber(options, 'threshold') ?? 3.5
    const result = remainderOutliers(
      values,
      { ...stlOptions(options), robust: options['robust'] !== false },
      threshold,
    )
    if (isInsufficient(result)) return status(result)
    return { residual_scale: result.scale, z: result.z, indices: result.indices }
  },
  forecast_tsoutliers: (values, options) => {
    const period = optionalNumber(options, 'period') ?? 1
    const result = smoothOutliers(values, period, optionalNumber(options, 'iterate') ?? 2)
    return isInsufficient(result) ? status(result) : { ...result }
  },
}

/** STL's options in the vectors' spelling; a week is the default period. */
export function stlOptions(options: MethodArguments): StlOptions {
  const degree = (key: string) => optionalNumber(options, key) as 0 | 1 | undefined
  const window = options['s_window']
  return {
    period: optionalNumber(options, 'period') ?? 7,
    seasonalWindow:
      window === undefined || window === 'periodic' ? 'periodic' : (optionalNumber(options, 's_window') ?? 7),
    robust: options['robust'] === true,
    ...present({
      trendWindow: optionalNumber(options, 't_window'),
      lowPassWindow: optionalNumber(options, 'l_window'),
      seasonalDegree: degree('s_degree'),
      trendDegree: degree('t_degree'),
      lowPassDegree: degree('l_degree'),
      seasonalJump: optionalNumber(options, 's_jump'),
      trendJump: optionalNumber(options, 't_jump'),
      lowPassJump: optionalNumber(options, 'l_jump'),
      inner: optionalNumber(options, 'inner'),
      outer: optionalNumber(options, 'outer'),
    }),
  }
}
