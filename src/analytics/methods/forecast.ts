/** The shelf `timeseries` by name: forecasting. */

import { Failure } from '../../foundation/index.ts'
import { isInsufficient } from '../insufficient.ts'
import { automaticForecast } from '../timeseries/forecast/automatic.ts'
import { type BaselineKind, baselineForecast } from '../timeseries/forecast/baselines.ts'
import {
  automaticEts,
  type EtsModel,
  fixedEts,
  type InformationCriterion,
} from '../timeseries/forecast/ets.ts'
import { etsForm } from '../timeseries/forecast/ets-form.ts'
import { type HoltWinters, holtWinters } from '../timeseries/forecast/holt-winters.ts'
import { type Forecast, usualLevels } from '../timeseries/forecast/interval.ts'
import { theta } from '../timeseries/forecast/theta.ts'
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
  text,
} from './arguments.ts'
import { dailyValues } from './daily-series.ts'

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
  ets_fixed: (input, options) => {
    const form = etsForm(text(options, 'model'), optionalNumber(options, 'period') ?? 1)
    const season = optionalNumbers(options, 's0') ?? []
    if (form.season !== 'N' && season.length !== form.period) {
      throw new Failure('VALUE', '"s0" must have one value per phase')
    }
    const result = fixedEts(
      numbers(input, 'values'),
      {
        form,
        parameters: {
          alpha: requiredNumber(options, 'alpha'),
          beta: form.trend === 'N' ? 0 : requiredNumber(options, 'beta'),
          gamma: form.season === 'N' ? 0 : requiredNumber(options, 'gamma'),
          phi: form.trend === 'Ad' ? requiredNumber(options, 'phi') : 1,
        },
        start: {
          level: requiredNumber(options, 'l0'),
          slope: form.trend === 'N' ? 0 : requiredNumber(options, 'b0'),
          // s[0], s[-1], … : the last one is used first.
          season: form.season === 'N' ? new Float64Array(0) : Float64Array.from(season).reverse(),
        },
        ...present({ parameterCount: optionalNumber(options, 'n_par') }),
      },
      { horizon: optionalNumber(options, 'h') ?? 14 },
    )
    return isInsufficient(result) ? status(result) : etsResult(result)
  },
  ets_auto: (input, options) => {
    if (options['allow_multiplicative_trend'] === true) {
      throw new Failure('VALUE', 'multiplicative trends are not offered')
    }
    const result = automaticEts(numbers(input, 'values'), {
      horizon: optionalNumber(options, 'h') ?? 14,
      period: optionalNumber(options, 'period') ?? 1,
      criterion: oneOf<InformationCriterion>(options, 'ic', ['aicc', 'aic', 'bic'], 'aicc'),
      additiveOnly: options['additive_only'] === true,
      restrict: options['restrict'] !== false,
    })
    return isInsufficient(result) ? status(result) : etsResult(result)
  },
  theta: (input, options) => {
    const result = theta(numbers(input, 'values'), {
      horizon: optionalNumber(options, 'h') ?? 14,
      period: optionalNumber(options, 'period') ?? 1,
    })
    if (isInsufficient(result)) return status(result)
    const { alpha, drift, mean } = result
    return {
      forecast_mean: mean,
      forecast: forecastResult(result),
      alpha,
      drift,
      seasonal: result.season !== null,
    }
  },
  forecast: (input, options) => {
    const result = automaticForecast(dailyValues(input), {
      horizon: optionalNumber(options, 'h') ?? 30,
      period: optionalNumber(options, 'period') ?? 7,
    })
    if (isInsufficient(result)) return status(result)
    return { model: result.model, ...forecastResult(result), quantiles: result.quantiles }
  },
}

function etsResult(model: EtsModel): MethodResult {
  const { form, state } = model
  const { alpha, beta, gamma, phi } = model.parameters
  return {
    model: `ETS(${form.error},${form.trend},${form.season})`,
    parameters: {
      alpha,
      ...(form.trend === 'N' ? {} : { beta }),
      ...(form.season === 'N' ? {} : { gamma }),
      ...(form.trend === 'Ad' ? { phi } : {}),
    },
    fitted: [...model.fitted],
    residuals: [...model.residuals],
    sse: model.squaredErrors,
    loglik: Number.isFinite(model.logLikelihood) ? model.logLikelihood : null,
    aic: Number.isFinite(model.aic) ? model.aic : null,
    aicc: Number.isFinite(model.aicc ?? Number.NaN) ? model.aicc : null,
    bic: Number.isFinite(model.bic) ? model.bic : null,
    sigma2: model.sigma2,
    // The newest of the season first, as R.
    final_state: [
      state.level,
      ...(form.trend === 'N' ? [] : [state.slope]),
      ...Array.from(state.season).reverse(),
    ],
    forecast_mean: model.mean,
    forecast: forecastResult(model),
  }
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
