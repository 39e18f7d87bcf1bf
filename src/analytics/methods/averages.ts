/** The shelf `timeseries` by name: moving averages and filled gaps. */

import { carryForward, interpolateGaps } from '../timeseries/gap-filling.ts'
import {
  exponentialMean,
  exponentialVariance,
  seededExponentialMean,
  simpleMovingAverage,
  smoothingFactor,
} from '../timeseries/moving-average.ts'
import { type GapRule, trendWeight } from '../timeseries/trend-weight.ts'
import {
  flag,
  type MethodArguments,
  type MethodShelf,
  nullable,
  numbers,
  oneOf,
  optionalNumber,
  present,
  requiredNumber,
} from './arguments.ts'

export const averageMethods: MethodShelf = {
  ewma: (input, options) => ({ values: nullable(movingAverage(input, options)) }),
  hackers_diet: (input, options) => {
    const carried = oneOf(options, 'init', ['first_value', 'carried'], 'first_value') === 'carried'
    const trend = trendWeight(numbers(input, 'values'), {
      gap: oneOf<GapRule>(options, 'gap', ['observation', 'interpolate', 'time_decay', 'none'], 'time_decay'),
      roundSteps: options['round'] !== undefined && options['round'] !== false,
      ...present({ alpha: optionalNumber(options, 'alpha') }),
      ...(carried ? { carried: requiredNumber(options, 'carried_trend') } : {}),
    })
    return { trend: nullable(trend) }
  },
  gap_filling: (input, options) => {
    const values = numbers(input, 'values')
    const gap = options['max_gap'] === null ? {} : present({ maxGap: optionalNumber(options, 'max_gap') })
    if (oneOf(options, 'kind', ['linear', 'locf'], 'linear') === 'locf')
      return { values: nullable(carryForward(values, { ...gap, backward: flag(options, 'from_last') })) }
    const x = input['x'] === undefined ? {} : { x: numbers(input, 'x') }
    return {
      values: nullable(interpolateGaps(values, { ...gap, ...x, extrapolate: flag(options, 'extrapolate') })),
    }
  },
}

function movingAverage(input: MethodArguments, options: MethodArguments): Float64Array {
  const values = numbers(input, 'values')
  const kinds = ['pandas_ewm_mean', 'pandas_ewm_std', 'pandas_ewm_var'] as const
  const timed = ['pandas_ewm_mean_times', 'pandas_ewm_std_times'] as const
  const kind = oneOf(
    options,
    'kind',
    [...kinds, ...timed, 'ema_sma_seeded', 'sma_trailing'],
    'pandas_ewm_mean',
  )
  if (kind === 'sma_trailing') return simpleMovingAverage(values, requiredNumber(options, 'n'))
  if (kind === 'ema_sma_seeded')
    return seededExponentialMean(values, requiredNumber(options, 'n'), optionalNumber(options, 'alpha'))
  const decay = kind.endsWith('_times') ? decayInTime(input, options) : { alpha: factor(options) }
  const weights = {
    ...decay,
    adjust: flag(options, 'adjust', true),
    ignoreMissing: flag(options, 'ignore_na'),
    ...present({ minCount: optionalNumber(options, 'min_periods') }),
  }
  if (kind.startsWith('pandas_ewm_mean')) return exponentialMean(values, weights)
  const variance = exponentialVariance(values, weights, flag(options, 'bias'))
  return kind === 'pandas_ewm_var' ? variance : variance.map(Math.sqrt)
}

/** A weight halves in every half-life, which is the unit of time then. */
function decayInTime(input: MethodArguments, options: MethodArguments) {
  const halfLife = requiredNumber(options, 'halflife_days')
  smoothingFactor({ halfLife })
  return { alpha: 0.5, times: numbers(input, 't_days').map((day) => day / halfLife) }
}

function factor(options: MethodArguments): number {
  return smoothingFactor(
    present({
      alpha: optionalNumber(options, 'alpha'),
      span: optionalNumber(options, 'span'),
      halfLife: optionalNumber(options, 'halflife'),
      centreOfMass: optionalNumber(options, 'com'),
    }),
  )
}
