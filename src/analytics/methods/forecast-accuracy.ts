/** The shelf `timeseries` by name: scores of forecasts. */
import { Failure } from '../../foundation/index.ts'
import {
  intervalAccuracy,
  naiveScale,
  normalCrps,
  pinballLosses,
  pointAccuracy,
  sampleCrps,
} from '../timeseries/forecast/accuracy.ts'
import {
  type MethodArguments,
  type MethodResult,
  type MethodShelf,
  numberRows,
  numbers,
  oneOf,
  optionalNumber,
  optionalNumbers,
} from './arguments.ts'

export const forecastAccuracyMethods: MethodShelf = {
  forecast_accuracy: (input, options) => {
    const kind = oneOf(options, 'kind', ['accuracy', 'crps_sample'], 'accuracy')
    if (kind === 'crps_sample') {
      const crps = sampleCrps(numbers(input, 'actual'), numberRows(input, 'samples'))
      return { crps, mean_crps: meanOf(crps) }
    }
    return {
      ...pointScores(input, options),
      ...normalScore(input),
      ...quantileScores(input),
      ...intervalScores(input),
    }
  },
}

function pointScores(input: MethodArguments, options: MethodArguments): MethodResult {
  const accuracy = pointAccuracy(numbers(input, 'actual'), numbers(input, 'forecast'))
  const train = input['train'] === undefined ? new Float64Array() : numbers(input, 'train')
  const seasonal = naiveScale(train, optionalNumber(options, 'period') ?? 1)
  const naive = naiveScale(train, 1)
  const { meanAbsoluteError: mae, rootMeanSquareError: rmse } = accuracy
  return {
    n_used: accuracy.n,
    me: accuracy.meanError,
    mae,
    rmse,
    mape: accuracy.meanAbsolutePercentageError,
    mpe: accuracy.meanPercentageError,
    smape: accuracy.symmetricPercentageError,
    mase_m: ratio(mae, seasonal.absolute),
    mase_1: ratio(mae, naive.absolute),
    rmsse_m: ratio(rmse, seasonal.square === null ? null : Math.sqrt(seasonal.square)),
    scale_m: seasonal.absolute,
    scale_1: naive.absolute,
  }
}

function normalScore(input: MethodArguments): MethodResult {
  if (input['sd'] === undefined) return {}
  return {
    crps_normal: normalCrps(numbers(input, 'actual'), numbers(input, 'forecast'), numbers(input, 'sd')),
  }
}

function quantileScores(input: MethodArguments): MethodResult {
  const levels = optionalNumbers(input, 'quantile_levels')
  if (levels === undefined) return {}
  const pinball = pinballLosses(numbers(input, 'actual'), levels, numberRows(input, 'quantiles'))
  return { pinball, mean_pinball: meanOf(pinball) }
}

/** Every pair of `lower80` and `upper80`, whatever the level. */
function intervalScores(input: MethodArguments): MethodResult {
  const actual = numbers(input, 'actual')
  const scores = Object.keys(input).flatMap((key) => {
    const level = /^lower(\d{1,2}(?:\.\d{1,6})?)$/.exec(key)?.[1]
    if (level === undefined) return []
    if (input[`upper${level}`] === undefined)
      throw new Failure('VALUE', `"lower${level}" needs "upper${level}" beside it`)
    const bounds = [numbers(input, key), numbers(input, `upper${level}`)] as const
    const { coverage, score } = intervalAccuracy(actual, ...bounds, Number(level) / 100)
    return [
      [`coverage_${level}`, coverage],
      [`interval_score_${level}`, score],
    ]
  })
  return Object.fromEntries(scores)
}

function ratio(value: number | null, scale: number | null): number | null {
  return value === null || scale === null ? null : value / scale
}

/** Of the values that are there; null without any. */
function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}
