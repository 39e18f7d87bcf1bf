/** Files of `{"dateTime":…,"value":…}` with a record a day: active minutes, resting heart rate, VO2max. */
import { type Extra, growingTotalFacts } from '../../records/index.ts'
import { isObject, numberAt, own, textAt } from '../json/member-values.ts'
import { jsonPlace } from '../json/place.ts'
import type { Place } from '../measurements.ts'
import type { FitbitContext } from './context.ts'
import { numberOf } from './minutes.ts'
import { isMidnight, StampReader } from './stamp.ts'

/** Minutes of a day, by family. */
const minuteFamilies: Readonly<Record<string, string>> = {
  sedentary_minutes: 'sedentary_time',
  lightly_active_minutes: 'light_activity_time',
  moderately_active_minutes: 'moderate_activity_time',
  very_active_minutes: 'vigorous_activity_time',
}
const minutesOfDay = 1440

/** Metrics that these files can become. */
export const dayMetrics: readonly string[] = [
  ...Object.values(minuteFamilies),
  'resting_heart_rate',
  'vo2_max',
]

export type TakeElement = (value: unknown, where: string) => void

/** Takes the elements of a family that does not count minutes. Dates of days are local. */
export function daysOf(context: FitbitContext, family: string): TakeElement {
  const stamps = new StampReader()
  const metric = Object.hasOwn(minuteFamilies, family) ? minuteFamilies[family] : undefined
  const kind = `fitbit ${family || 'series'}`.slice(0, 60)
  return (value, where) => {
    const place = jsonPlace(value, where)
    const wallMs = stamps.read(textAt(value, 'dateTime'))
    const inner = own(value, 'value')
    if (!isObject(value)) context.measurements.refuse('it is no object', place, 'REFUSED_INPUT')
    else if (metric !== undefined) takeMinutes(context, family, metric, wallMs, numberOf(inner), place)
    else if (own(inner, 'date') !== undefined) {
      takeRestingRate(context, stamps.read(textAt(inner, 'date')), inner, place)
    } else if (isVo2Max(inner)) takeVo2Max(context, wallMs, inner, place)
    else context.measurements.unmapped(kind, context.ofUtc(wallMs).ms, place)
  }
}

/** Exports fill days on which nothing was worn with 1440 sedentary minutes, and zeros beside them. */
export function takeMinutes(
  context: FitbitContext,
  family: string,
  metric: string,
  wallMs: number,
  value: number,
  place: Place,
): void {
  const span = context.dayOf(wallMs)
  if (!span) {
    context.measurements.refuse('its date cannot be read', place, 'DATE')
    return
  }
  if (family === 'sedentary_minutes' && value === minutesOfDay) context.unwornDays.add(wallMs)
  if (context.unwornDays.has(wallMs)) {
    context.measurements.unmapped(`fitbit ${family} of a day without wear`, span.startMs, place)
    return
  }
  const extra = totalOfDay(value)
  context.measurements.take({ metric, unit: 'min', source: context.account, value, extra, ...span }, place)
}

/** What stands beside a day's total: an export of a day in progress states it smaller. */
export function totalOfDay(value: number): Extra {
  return value >= 0 ? { meta: growingTotalFacts('Fitbit', value) } : {}
}

function takeRestingRate(context: FitbitContext, wallMs: number, inner: unknown, place: Place): void {
  const value = numberAt(inner, 'value')
  const span = context.dayOf(wallMs)
  if (value === 0) {
    context.measurements.unmapped('fitbit day without resting heart rate', span?.startMs ?? null, place)
  } else if (!span) context.measurements.refuse('its date cannot be read', place, 'DATE')
  else {
    const error = numberAt(inner, 'error')
    const extra = error > 0 ? { extra: { meta: { error: `${error} /min` } } } : {}
    const base = { metric: 'resting_heart_rate', unit: '/min', source: context.account, ...span }
    context.measurements.take({ value, ...extra, ...base }, place)
  }
}

const vo2Fields = [
  'filteredDemographicVO2Max',
  'demographicVO2Max',
  'filteredRunVO2Max',
  'runVO2Max',
] as const

function isVo2Max(inner: unknown): boolean {
  return vo2Fields.some((field) => own(inner, field) !== undefined)
}

/** The smoothed value, which the app shows, else the one of the day or run; of runs with their time, in UTC. */
function takeVo2Max(context: FitbitContext, wallMs: number, inner: unknown, place: Place): void {
  const value = vo2Fields.map((field) => numberAt(inner, field)).find((one) => one > 0)
  const span = isMidnight(wallMs) ? context.dayOf(wallMs) : undefined
  const moment = context.ofUtc(wallMs)
  const when = span ?? { startMs: moment.ms, offsetMin: moment.offsetMin }
  if (value === undefined) context.measurements.unmapped('fitbit vo2_max', when.startMs, place)
  else {
    const base = { metric: 'vo2_max', unit: 'mL/kg/min', source: context.account, ...when }
    context.measurements.take({ value, ...base }, place)
  }
}
