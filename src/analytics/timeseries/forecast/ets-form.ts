/**
 * The forms of exponential smoothing state-space models: error, trend, season.
 *
 * Hyndman, Koehler, Ord & Snyder 2008, Forecasting with Exponential Smoothing: The State Space Approach, Springer
 * (doi:10.1007/978-3-540-71918-2), chapter 2; R's spelling: `AAdM` is additive error, damped additive trend,
 * multiplicative season. Multiplicative trends are not offered: their forecasts explode.
 */
import { Failure } from '../../../foundation/index.ts'

export interface EtsForm {
  readonly error: 'A' | 'M'
  readonly trend: 'N' | 'A' | 'Ad'
  readonly season: 'N' | 'A' | 'M'
  /** Values in one season; 1 without a season. */
  readonly period: number
}

/** Hyndman's parameterisation: `beta` and `gamma` are those of the state space. What a form lacks is 0, `phi` 1. */
export interface EtsParameters {
  readonly alpha: number
  readonly beta: number
  readonly gamma: number
  readonly phi: number
}

export interface EtsState {
  readonly level: number
  readonly slope: number
  /** The season of the next value first; empty without a season. */
  readonly season: Float64Array
}

/** `AAdM`. */
export function etsName({ error, trend, season }: EtsForm): string {
  return `${error}${trend}${season}`
}

/** Reads `AAdM`; fails with VALUE on what is no form, or a season without a period. */
export function etsForm(name: string, period: number): EtsForm {
  const match = /^([AM])(N|Ad?)([NAM])$/.exec(name)
  if (match === null) {
    throw new Failure(
      'VALUE',
      'a model is written as error A or M, trend N, A or Ad, season N, A or M, such as "AAdN"',
    )
  }
  const season = match[3] as EtsForm['season']
  if (season !== 'N' && !(Number.isInteger(period) && period >= 2)) {
    throw new Failure('VALUE', 'a season needs a period of at least 2')
  }
  return {
    error: match[1] as EtsForm['error'],
    trend: match[2] as EtsForm['trend'],
    season,
    period: season === 'N' ? 1 : period,
  }
}

/** Smoothing parameters and free start values: the states of a season are tied by their sum. */
export function parameterCount({ trend, season, period }: EtsForm): number {
  const trendParameters = trend === 'N' ? 0 : trend === 'A' ? 2 : 3
  return 2 + trendParameters + (season === 'N' ? 0 : period)
}

export interface FormLimits {
  readonly period: number
  /** No multiplicative error or season. */
  readonly additiveOnly: boolean
  /** Leaves out additive errors with a multiplicative season, whose variance is infinite. */
  readonly restrict: boolean
  readonly positive: boolean
}

/** Seasons longer than this are not modelled, as in R's `ets`: a state for each value is too many. */
export const longestSeason = 24

/** The forms to choose from, simple ones first. */
export function etsForms({ period, additiveOnly, restrict, positive }: FormLimits): EtsForm[] {
  const seasons: EtsForm['season'][] = period > 1 && period <= longestSeason ? ['N', 'A', 'M'] : ['N']
  const forms: EtsForm[] = []
  for (const error of ['A', 'M'] as const) {
    for (const season of seasons) {
      for (const trend of ['N', 'A', 'Ad'] as const) {
        const multiplicative = error === 'M' || season === 'M'
        if (multiplicative && (additiveOnly || !positive)) continue
        if (restrict && error === 'A' && season === 'M') continue
        forms.push({ error, trend, season, period: season === 'N' ? 1 : period })
      }
    }
  }
  return forms
}
