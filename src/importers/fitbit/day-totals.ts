/**
 * Totals of days in answers of the Web API: time series (`{"activities-steps":[{"dateTime":"2026-01-05","value":"7012"}]}`)
 * and summaries of a day, which say their date only by the activities logged on it.
 *
 * Source: dev.fitbit.com, Web API reference, Get Activity Time Series by Date, Get Daily Activity Summary.
 */
import { type JsonObject, listAt, numberAt, own, textAt } from '../json/member-values.ts'
import { jsonPlace } from '../json/place.ts'
import type { Place } from '../measurements.ts'
import { readWallTime } from '../wall-time.ts'
import type { FitbitContext } from './context.ts'
import { takeMinutes, totalOfDay } from './days.ts'
import { takeActivityLog } from './exercise.ts'
import { numberOf } from './minutes.ts'

/** Time series, the same in a summary, and what each is a total of. Those of distance and height have no unit. */
const totals: readonly (readonly [series: string, field: string, metric: string, unit: string])[] = [
  ['steps', 'steps', 'steps', '{steps}'],
  ['floors', 'floors', 'flights_climbed', '{floors}'],
  ['calories', 'caloriesOut', 'total_energy', 'kcal'],
  ['caloriesBMR', 'caloriesBMR', 'basal_energy', 'kcal'],
]
/** Minutes by intensity, with the family of the export that they are told by. Sedentary ones show a day without wear. */
const minuteTotals: readonly (readonly [series: string, field: string, family: string, metric: string])[] = [
  ['minutesSedentary', 'sedentaryMinutes', 'sedentary_minutes', 'sedentary_time'],
  ['minutesLightlyActive', 'lightlyActiveMinutes', 'lightly_active_minutes', 'light_activity_time'],
  ['minutesFairlyActive', 'fairlyActiveMinutes', 'moderately_active_minutes', 'moderate_activity_time'],
  ['minutesVeryActive', 'veryActiveMinutes', 'very_active_minutes', 'vigorous_activity_time'],
]

/** Metrics that totals of days can become. */
export const totalMetrics: readonly string[] = [
  ...totals.map(([, , metric]) => metric),
  ...minuteTotals.map(([, , , metric]) => metric),
  'resting_heart_rate',
]

/** Takes the time series of an answer; how many days they have. */
export function takeSeries(context: FitbitContext, answer: JsonObject, where: string): number {
  let taken = 0
  const daysOf = (series: string, take: (wallMs: number, value: number, place: Place) => void) => {
    const key = `activities-${series}`
    for (const [index, day] of listAt(answer, key).entries()) {
      const place = jsonPlace(day, `${where}#/${key}/${index}`)
      taken++
      take(wallOf(textAt(day, 'dateTime')), numberOf(own(day, 'value')), place)
    }
  }
  for (const [series, , metric, unit] of totals) {
    daysOf(series, (wallMs, value, place) => takeTotal(context, { metric, unit, value }, wallMs, place))
  }
  for (const [series, , family, metric] of minuteTotals) {
    daysOf(series, (wallMs, value, place) => takeMinutes(context, family, metric, wallMs, value, place))
  }
  return taken
}

/** Takes the activities and the summary of a day. */
export function takeDay(context: FitbitContext, answer: JsonObject, place: Place): void {
  const where = place.where()
  const logs = listAt(answer, 'activities')
  for (const [index, log] of logs.entries()) {
    takeActivityLog(context, log, jsonPlace(log, `${where}#/activities/${index}`))
  }
  const summary = own(answer, 'summary')
  const summaryPlace = jsonPlace(summary, `${where}#/summary`)
  const dates = new Set(logs.map((log) => textAt(log, 'startDate')))
  const [date = ''] = dates
  if (dates.size !== 1 || Number.isNaN(wallOf(date))) {
    context.measurements.unmapped('fitbit day without its date', null, summaryPlace)
    return
  }
  takeSummary(context, summary, wallOf(date), summaryPlace)
}

function takeSummary(context: FitbitContext, summary: unknown, wallMs: number, place: Place): void {
  let taken = 0
  const each = (field: string, take: (value: number) => void) => {
    const value = numberAt(summary, field)
    if (Number.isNaN(value)) return
    taken++
    take(value)
  }
  for (const [, field, metric, unit] of totals)
    each(field, (value) => takeTotal(context, { metric, unit, value }, wallMs, place))
  for (const [, field, family, metric] of minuteTotals)
    each(field, (value) => takeMinutes(context, family, metric, wallMs, value, place))
  each('restingHeartRate', (value) =>
    takeTotal(context, { metric: 'resting_heart_rate', unit: '/min', value }, wallMs, place),
  )
  context.finish('fitbit day', taken, context.ofWall(wallMs).ms, place)
}

function takeTotal(
  context: FitbitContext,
  total: { readonly metric: string; readonly unit: string; readonly value: number },
  wallMs: number,
  place: Place,
): void {
  const span = context.dayOf(wallMs)
  if (!span) {
    context.measurements.refuse('its date cannot be read', place, 'DATE')
    return
  }
  const isSum = total.metric !== 'resting_heart_rate'
  const extra = isSum ? { extra: totalOfDay(total.value) } : {}
  context.measurements.take({ ...total, source: context.account, ...extra, ...span }, place)
}

/** Local midnight, read as if it were UTC; NaN for what is no date. */
function wallOf(date: string): number {
  return readWallTime(date)?.wallMs ?? Number.NaN
}
