/** The shelf `timeseries` by name: smoothing and decomposition. */
import { isInsufficient } from '../insufficient.ts'
import { loess } from '../timeseries/loess.ts'
import { lowess } from '../timeseries/lowess.ts'
import { type StlOptions, stl } from '../timeseries/stl.ts'
import {
  type MethodArguments,
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
