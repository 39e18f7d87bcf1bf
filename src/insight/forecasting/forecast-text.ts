/** A forecast in words: what is expected when, how far off it may be, and what that rests on. */
import { type ForecastModel, fewestObservations } from '../../analytics/index.ts'
import { formatDay } from '../../foundation/index.ts'
import type { TrendFormat } from '../trend-text.ts'
import type { ModelTrial } from './champion.ts'

/** How a model is called in a sentence. */
export const modelWords: Readonly<Record<ForecastModel, string>> = {
  automatic: 'a combination of exponential smoothing, theta and autoregression',
  ets: 'exponential smoothing',
  theta: 'the theta method',
  seasonal_naive: 'repeating the last week',
  naive: 'repeating the last value',
  mean: 'the mean of your values',
}

export interface ForecastWords {
  /** `Blood pressure, systolic`. */
  readonly name: string
  readonly format: Pick<TrendFormat, 'value'>
  readonly firstDay: number
  /** Per day ahead. */
  readonly mean: readonly number[]
  readonly lower80: readonly number[]
  readonly upper80: readonly number[]
  readonly lower95: readonly number[]
  readonly upper95: readonly number[]
  readonly model: ForecastModel
  readonly n: number
  readonly fromDay: number
  readonly toDay: number
  readonly trial: ModelTrial | null
  /** The model that this one replaced in this run. */
  readonly replaced: ForecastModel | null
}

/** Sentences for people; the numbers are in their unit. */
export function forecastText(words: ForecastWords): string {
  const { name, mean, n, fromDay, toDay, model } = words
  const last = mean.length - 1
  const steps = last > 6 ? [6, last] : [last]
  const expected = steps.map((step) => expectedAt(words, step)).join(', and ')
  const basis = `It rests on ${n} days with a value from ${formatDay(fromDay)} to ${formatDay(toDay)} and on ${modelWords[model]}.`
  return `${name}, if things go on as they did: ${expected}. ${basis}${takeover(words)}${trialText(words.trial)}`
}

function expectedAt({ format, firstDay, ...words }: ForecastWords, step: number): string {
  const at = (column: readonly number[]): string => format.value(column[step] as number)
  const inner = `${at(words.lower80)} to ${at(words.upper80)}`
  const outer = `${at(words.lower95)} to ${at(words.upper95)}`
  return `about ${at(words.mean)} on ${formatDay(firstDay + step)} (80 % interval ${inner}, 95 % interval ${outer})`
}

function takeover({ model, replaced }: ForecastWords): string {
  return replaced === null
    ? ''
    : ` From now on it forecasts by ${modelWords[model]} instead of ${modelWords[replaced]}, which did worse on the same days of your past.`
}

function trialText(trial: ModelTrial | null): string {
  if (trial === null) return ' There is too little past to try it on, so take the intervals with care.'
  const { folds, mase, coverage80 } = trial
  const times = folds === 1 ? 'Tried once on your own past' : `Tried ${folds} times on your own past`
  return ` ${times}, two weeks each, its errors were ${mase.toFixed(2)} times those of repeating the week before, and ${Math.round(100 * coverage80)} % of the days lay within its 80 % intervals.${mase > 1 ? ' That is no better than repeating the week before: take it with care.' : ''}`
}

/** A forecast from older values would be a guess. */
export const mostSilentDays = 28

/** Why a series is not forecast: what is missing, without the name of the series. */
export function forecastMissing(facts: {
  /** Days with a value in the two years that are looked at; first and last of them, null without. */
  readonly n: number
  readonly fromDay: number | null
  readonly toDay: number | null
  /** Days that are over since the last of them. */
  readonly silent: number
  readonly horizon: number
}): string {
  const { n, fromDay, toDay, silent, horizon } = facts
  const needed = fewestObservations(7)
  if (fromDay === null || toDay === null) return 'there are no values in the last two years'
  if (silent > mostSilentDays) {
    return `the newest value is of ${formatDay(toDay)}, ${silent} days before; a forecast needs one of the last ${mostSilentDays}`
  }
  if (n < needed) {
    return `${n} ${n === 1 ? 'day has' : 'days have'} a value; a forecast needs ${needed}, three weeks, to tell a weekly pattern from chance: ${needed - n} more`
  }
  const reach = toDay - fromDay + 1 - silent
  if (horizon > reach) {
    return `the values span ${toDay - fromDay + 1} days, and a forecast reaches no further ahead than that; ask for ${reach} days (--days ${reach}) or fewer`
  }
  return `nearly all of its ${n} values are long ago; a forecast needs more of the last weeks`
}
