/** The shelf `statistics` by name: what goes round. */
import { isInsufficient } from '../insufficient.ts'
import { circularSummary } from '../statistics/circular.ts'
import { cosinor } from '../statistics/cosinor.ts'
import { type MethodShelf, numbers, optionalNumber, optionalNumbers, status } from './arguments.ts'

export const rhythmMethods: MethodShelf = {
  circular: (input, options) => {
    const result = circularSummary(numbers(input, 'values'), optionalNumber(options, 'period'))
    return {
      n: result.n,
      mean: result.mean,
      resultant_length: result.resultantLength,
      circular_variance: result.variance,
      circular_sd: result.sd,
    }
  },
  cosinor: (input, options) => {
    const periods = optionalNumbers(options, 'periods') ?? [24]
    const level = optionalNumber(options, 'level')
    const result = cosinor(numbers(input, 't'), numbers(input, 'y'), periods, level)
    if (isInsufficient(result)) {
      const level = 'mesor' in result ? { mesor: result.mesor, amplitude: periods.map(() => 0) } : {}
      return { ...status(result), ...level }
    }
    const { rhythms } = result
    return {
      n: result.n,
      mesor: result.mesor,
      mesor_se: result.mesorSe,
      mesor_ci: result.mesorCi,
      beta_cos: rhythms.map((one) => one.beta),
      gamma_sin: rhythms.map((one) => one.gamma),
      amplitude: rhythms.map((one) => one.amplitude),
      amplitude_se: rhythms.map((one) => one.amplitudeSe),
      amplitude_ci_low: rhythms.map((one) => one.amplitudeCi[0]),
      amplitude_ci_high: rhythms.map((one) => one.amplitudeCi[1]),
      acrophase: rhythms.map((one) => one.acrophase),
      acrophase_se: rhythms.map((one) => one.acrophaseSe),
      peak_time: rhythms.map((one) => one.peakTime),
      r2: result.r2,
      sigma: result.sigma,
      f: Number.isFinite(result.f) ? result.f : null,
      f_df: result.fDf,
      p_rhythm: result.p,
      fitted: [...result.fitted],
    }
  },
}
