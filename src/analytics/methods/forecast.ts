/** The shelf `timeseries` by name: forecasting. */
import { isInsufficient } from '../insufficient.ts'
import { type BaselineKind, baselineForecast } from '../timeseries/forecast/baselines.ts'
import { type HoltWinters, holtWinters } from '../timeseries/forecast/holt-winters.ts'
import { type Forecast, usualLevels } from '../timeseries/forecast/interval.ts'
import {
  type MethodArguments,
  type MethodResult,
  type MethodShelf,
  numbers,
  oneOf,
  optionalNumber,
  optionalNumbers,
  present,
  requiredNumber,
  status,
} from './arguments.ts'

export const forecastMethods: MethodShelf = {
  baselines: (input, options) => {
    const result = baselineForecast(numbers(input, 'values'), {
      kind: oneOf<BaselineKind>(options, 'kind', ['naive', 'drift', 'mean', 'seasonal_naive']),
      horizon: optionalNumber(options, 'h') ?? 14,
      period: optionalNumber(options, 'period') ?? 1,
      levels: optionalNumbers(options, 'levels') ?? usualLevels,
    })
    return isInsufficient(result) ? status(result) : { forecast: forecastResult(result) }
  },
  holt: (input, options) => {
    const parameters = {
      alpha: requiredNumber(options, 'alpha'),
      ...present({ beta: optionalNumber(options, 'beta') }),
    }
    const result = holtWinters(numbers(input, 'values'), parameters, smoothingOptions(options))
    return isInsufficient(result) ? status(result) : smoothingResult(result)
  },
  holt_winters: (input, options) => {
    const parameters = {
      alpha: requiredNumber(options, 'alpha'),
      ...present({ beta: optionalNumber(options, 'beta') }),
      season: {
        gamma: requiredNumber(options, 'gamma'),
        period: requiredNumber(options, 'period'),
        type: oneOf(options, 'seasonal', ['additive', 'multiplicative'], 'additive'),
      },
    }
    const result = holtWinters(numbers(input, 'values'), parameters, smoothingOptions(options))
    return isInsufficient(result) ? status(result) : smoothingResult(result)
  },
}

function smoothingOptions(options: MethodArguments) {
  return {
    horizon: optionalNumber(options, 'h') ?? 14,
    levels: [100 * (optionalNumber(options, 'level') ?? 0.95)],
    start: present({
      level: optionalNumber(options, 'l_start'),
      slope: optionalNumber(options, 'b_start'),
      season: optionalNumbers(options, 's_start'),
    }),
  }
}

function smoothingResult(result: HoltWinters): MethodResult {
  return {
    sse: result.squaredErrors,
    fitted: [...result.fitted],
    first_fitted_index: result.firstFitted,
    coefficients: result.coefficients,
    forecast: forecastResult(result),
  }
}

/** `lower80`, `upper80` … beside the mean. */
function forecastResult({ mean, intervals }: Forecast): MethodResult {
  const bounds = intervals.flatMap(({ level, lower, upper }) => {
    const name = Number(level.toFixed(6))
    return [
      [`lower${name}`, lower],
      [`upper${name}`, upper],
    ]
  })
  return { mean, ...Object.fromEntries(bounds) }
}
