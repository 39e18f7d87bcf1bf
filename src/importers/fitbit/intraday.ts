/**
 * Answers of the Web API about activities: totals of days (`day-totals.ts`), and beside them a day in detail: `{"activities-heart":[{"dateTime":"2026-01-05",…}],
 * "activities-heart-intraday":{"dataset":[{"time":"08:00:00","value":64}],"datasetInterval":1,"datasetType":"minute"}}`.
 * Times are local. Distances are in the unit of the request, which the answer does not tell: they are kept raw.
 *
 * Source: dev.fitbit.com, Web API reference, Get Heart Rate Intraday by Date, Get Activity Intraday by Date.
 */
import { minuteMs } from '../../foundation/index.ts'
import { type JsonObject, listAt, numberAt, own, textAt } from '../json/member-values.ts'
import type { Place } from '../measurements.ts'
import { readWallTime } from '../wall-time.ts'
import type { FitbitContext } from './context.ts'
import { takeSeries } from './day-totals.ts'

const counts: Readonly<Record<string, readonly [string, string]>> = {
  steps: ['steps', '{steps}'],
  calories: ['total_energy', 'kcal'],
  floors: ['flights_climbed', '{floors}'],
}
const kinds = ['heart', ...Object.keys(counts)] as const

export function takeIntraday(context: FitbitContext, value: JsonObject, place: Place): void {
  let taken = takeSeries(context, value, place.where())
  for (const kind of kinds) {
    const days = listAt(value, `activities-${kind}`)
    const detail = own(value, `activities-${kind}-intraday`)
    const date = textAt(days[0], 'dateTime')
    if (kind === 'heart') taken += takeRestingRates(context, days, place)
    // The times of a dataset belong to one day.
    if (days.length === 1) taken += takeDataset(context, kind, date, detail, place)
  }
  context.finish('fitbit activities', taken, Number.NaN, place)
}

function takeRestingRates(context: FitbitContext, days: readonly unknown[], place: Place): number {
  let taken = 0
  for (const day of days) {
    const value = numberAt(own(day, 'value'), 'restingHeartRate')
    const span = context.dayOf(readWallTime(textAt(day, 'dateTime'))?.wallMs ?? Number.NaN)
    if (!(value > 0) || !span) continue
    taken++
    const base = { metric: 'resting_heart_rate', unit: '/min', source: context.account, ...span }
    context.measurements.take({ value, ...base }, place)
  }
  return taken
}

function takeDataset(
  context: FitbitContext,
  kind: string,
  date: string,
  detail: unknown,
  place: Place,
): number {
  const count = counts[kind]
  const intervalMs =
    textAt(detail, 'datasetType') === 'minute' ? numberAt(detail, 'datasetInterval') * minuteMs : 0
  const source = count ? context.minutes : context.account
  const [metric, unit] = count ?? ['heart_rate', '/min']
  const base = { metric, unit, source, ...(count && intervalMs > 0 ? { durationMs: intervalMs } : {}) }
  const dataset = listAt(detail, 'dataset')
  for (const one of dataset) {
    const wallMs = readWallTime(`${date} ${textAt(one, 'time')}`)?.wallMs ?? Number.NaN
    const { ms: startMs, offsetMin } = context.ofWall(wallMs)
    const row = { where: place.where, raw: () => JSON.stringify(one) ?? 'undefined' }
    context.measurements.take({ startMs, offsetMin, value: numberAt(one, 'value'), ...base }, row)
  }
  return dataset.length
}
