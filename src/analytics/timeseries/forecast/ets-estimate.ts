/**
 * Maximum likelihood of one exponential smoothing form, by the search of R's `ets`.
 *
 * Hyndman, Koehler, Snyder & Grose 2002, Int J Forecast 18:439–454. One-step errors say little about the start of the
 * season where it is hardly smoothed; a search to the very maximum would move it on noise. Nelder-Mead from the
 * decomposition, stopped as R stops it, stays near what the whole series says, and gives R's numbers.
 */
import { deviance, type EtsRun, runEts } from './ets-filter.ts'
import { type EtsForm, type EtsParameters, type EtsState, parameterCount } from './ets-form.ts'
import { isAdmissible } from './ets-region.ts'
import { fromSearch, searchStart } from './ets-start.ts'
import { nelderMead } from './nelder-mead.ts'

export interface EtsFit extends EtsRun {
  readonly form: EtsForm
  readonly parameters: EtsParameters
  readonly start: EtsState
  readonly parameterCount: number
  /** Squared residuals over n minus parameters. */
  readonly sigma2: number
}

const tolerance = Math.sqrt(Number.EPSILON)
const maxEvaluations = 2000
/** Perfect fits stop here instead of at minus infinity. */
const leastDeviance = -1e10

/** Fits a form to values without gaps; null where they are too few for it, or nothing allowed was found. */
export function estimateEts(data: Float64Array, form: EtsForm): EtsFit | null {
  const count = parameterCount(form)
  // A count as R's, and a whole season for its start.
  if (count >= data.length - 1 || data.length < Math.max(4, form.period)) return null
  const scratch = new Float64Array(form.period)
  const shares = new Float64Array(form.period)
  const objective = (at: Float64Array) => {
    const { parameters, start } = fromSearch(at, form, shares)
    if (!isAdmissible(parameters, form)) return Number.POSITIVE_INFINITY
    if (form.season === 'M' && start.season.some((share) => share < 0)) return Number.POSITIVE_INFINITY
    return Math.max(leastDeviance, deviance(data, form, parameters, start, scratch))
  }
  const found = nelderMead(objective, searchStart(data, form), tolerance, maxEvaluations)
  const season = new Float64Array(form.season === 'N' ? 0 : form.period)
  const { parameters, start } = fromSearch(found.at, form, season)
  if (!isAdmissible(parameters, form)) return null
  const run = runEts(data, form, parameters, start)
  if (Number.isNaN(run.logLikelihood)) return null
  const sigma2 = run.squaredErrors / Math.max(1, data.length - count)
  return { ...run, form, parameters, start, parameterCount: count, sigma2 }
}
