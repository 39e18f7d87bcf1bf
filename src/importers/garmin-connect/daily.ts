/** Days, nights and daily values of the account archive (UDSFile, sleepData, healthStatusData, fitnessAgeData…). */
import { growingTotalFacts } from '../../records/index.ts'
import { isObject, type JsonObject, listAt, numberAt, own, textAt } from '../json/member-values.ts'
import { type DaySpan, localDaySpan } from '../local-days.ts'
import type { Place } from '../measurements.ts'
import { type ConnectContext, connectTime, offsetBetween } from './context.ts'

type Field = readonly [field: string, metric: string, unit: string]

const dayFields: readonly Field[] = [
  ['totalSteps', 'steps', '{steps}'],
  ['totalDistanceMeters', 'distance_walking_running', 'm'],
  ['totalKilocalories', 'total_energy', 'kcal'],
  ['activeKilocalories', 'active_energy', 'kcal'],
  ['bmrKilocalories', 'basal_energy', 'kcal'],
  ['moderateIntensityMinutes', 'moderate_activity_time', 'min'],
  ['vigorousIntensityMinutes', 'vigorous_activity_time', 'min'],
  ['sedentarySeconds', 'sedentary_time', 's'],
  ['floorsAscended', 'flights_climbed', '{floors}'],
  ['floorsAscendedInMeters', 'elevation_gain', 'm'],
  ['totalPushes', 'wheelchair_pushes', '{pushes}'],
]

const nightFields: readonly Field[] = [
  ['deepSleepSeconds', 'sleep_deep', 's'],
  ['lightSleepSeconds', 'sleep_core', 's'],
  ['remSleepSeconds', 'sleep_rem', 's'],
  ['awakeSleepSeconds', 'sleep_awake', 's'],
  ['averageRespiration', 'respiratory_rate', '/min'],
  ['averageRespirationValue', 'respiratory_rate', '/min'],
]

/** Metrics that days and nights can become. */
export const dailyMetrics: readonly string[] = [
  ...dayFields.map(([, metric]) => metric),
  ...nightFields.map(([, metric]) => metric),
  'high_heart_rate_event',
  'hrv_rmssd',
  'oxygen_saturation',
  'resting_heart_rate',
  'sleep_awakenings',
  'sleep_score',
  'stress_score',
  'vo2_max',
]

/** Kinds of elements by the keys that only they have, in order. */
export function takeDaily(context: ConnectContext, value: JsonObject): boolean {
  if (own(value, 'sleepStartTimestampGMT') !== undefined) takeNight(context, value)
  else if (own(value, 'abnormalHrEventGMT') !== undefined) takeEvent(context, value)
  else if (own(value, 'biometricVo2Max') !== undefined) {
    takeFitness(context, value, numberAt(value, 'biometricVo2Max'), connectTime(own(value, 'asOfDateGmt')))
  } else if (own(value, 'vo2MaxValue') !== undefined) {
    const span = daySpan(context, value)
    const stamp = connectTime(own(value, 'updateTimestamp'))
    takeFitness(
      context,
      value,
      numberAt(value, 'vo2MaxValue'),
      Number.isNaN(stamp) ? (span?.startMs ?? Number.NaN) : stamp,
    )
  } else if (Array.isArray(own(value, 'metrics')) && textAt(value, 'calendarDate') !== '')
    takeStatus(context, value)
  else if (isDay(value)) takeDay(context, value)
  else return false
  return true
}

function isDay(value: JsonObject): boolean {
  const hasDate = own(value, 'calendarDate') !== undefined
  return (
    hasDate &&
    [...dayFields.map(([field]) => field), 'restingHeartRate'].some(
      (field) => own(value, field) !== undefined,
    )
  )
}

function daySpan(context: ConnectContext, value: JsonObject): DaySpan | undefined {
  // First exports wrote `{"calendarDate":{"date":"…"}}`.
  const date = textAt(value, 'calendarDate') || textAt(own(value, 'calendarDate'), 'date')
  return localDaySpan(date, context.intake.zone())
}

function takeDay(context: ConnectContext, value: JsonObject): void {
  const place = context.place('day', value)
  const named = daySpan(context, value)
  if (!named) {
    context.measurements.refuse('its date cannot be read', place, 'DATE')
    return
  }
  const span = statedSpan(context, value) ?? named
  const source = context.sources.counters
  let taken = 0
  // What is no total is told by the day's energy how late it was stated.
  const progress = numberAt(value, 'totalKilocalories')
  const take = (metric: string, unit: string, amount: number, total = progress) => {
    taken++
    const extra = total >= 0 ? { meta: growingTotalFacts('Garmin Connect', total) } : {}
    context.measurements.take({ metric, unit, source, value: amount, extra, ...span }, place)
  }
  for (const [field, metric, unit] of dayFields) {
    const amount = numberAt(value, field)
    if (amount >= 0) take(metric, unit, amount, amount)
  }
  const current = numberAt(value, 'currentDayRestingHeartRate')
  const resting = current > 0 ? current : numberAt(value, 'restingHeartRate')
  if (resting > 0) take('resting_heart_rate', '/min', resting)
  const stress = listAt(own(value, 'allDayStress'), 'aggregatorList').find(
    (one) => textAt(one, 'type') === 'TOTAL',
  )
  const level = numberAt(stress, 'averageStressLevel')
  // −1 and −2 say that there was nothing to measure.
  if (level >= 0) take('stress_score', '{score}', level)
  finish(context, 'day', taken, span.startMs, place)
}

/** The day as the file bounds it: its start in UTC and in local time. */
function statedSpan(context: ConnectContext, value: JsonObject): DaySpan | undefined {
  const startMs = connectTime(own(value, 'wellnessStartTimeGmt'))
  const endMs = connectTime(own(value, 'wellnessEndTimeGmt'))
  if (!(endMs > startMs) || context.intake.options.zone !== undefined) return undefined
  const offset = offsetBetween(own(value, 'wellnessStartTimeLocal'), own(value, 'wellnessStartTimeGmt'))
  if (Number.isNaN(offset)) return undefined
  return { startMs, durationMs: endMs - startMs, offsetMin: offset }
}

function takeNight(context: ConnectContext, value: JsonObject): void {
  const place = context.place('night', value)
  const startMs = connectTime(own(value, 'sleepStartTimestampGMT'))
  const endMs = connectTime(own(value, 'sleepEndTimestampGMT'))
  if (!(endMs > startMs)) {
    context.measurements.unmapped('garmin night without times', null, place)
    return
  }
  const offset = offsetBetween(own(value, 'sleepStartTimestampLocal'), own(value, 'sleepStartTimestampGMT'))
  const source = context.sources.counters
  const night = { startMs, durationMs: endMs - startMs, offsetMin: context.offsetAt(startMs, offset) }
  const wake = { startMs: endMs, offsetMin: context.offsetAt(endMs, offset) }
  let taken = 0
  for (const [field, metric, unit] of nightFields) {
    const amount = numberAt(value, field)
    if (!(amount > 0)) continue
    taken++
    context.measurements.take({ metric, unit, source, ...night, value: amount }, place)
  }
  const atWake: readonly (readonly [string, string, number])[] = [
    ['sleep_score', '{score}', sleepScore(value)],
    ['sleep_awakenings', '{count}', numberAt(value, 'awakeCount')],
  ]
  for (const [metric, unit, amount] of atWake) {
    if (!(amount >= 0)) continue
    taken++
    context.measurements.take({ metric, unit, source, ...wake, value: amount }, place)
  }
  const saturation = own(value, 'spo2SleepSummary')
  const average = [numberAt(saturation, 'averageSPO2'), numberAt(saturation, 'averageSpO2')].find(
    (one) => one > 0,
  )
  if (average !== undefined) {
    taken++
    context.measurements.take(
      { metric: 'oxygen_saturation', unit: '%', source, ...night, value: average },
      place,
    )
  }
  finish(context, 'night', taken, startMs, place)
}

function sleepScore(value: JsonObject): number {
  const scores = own(value, 'sleepScores')
  const overall = own(scores, 'overall')
  return (
    [numberAt(scores, 'overallScore'), numberAt(scores, 'overall'), numberAt(overall, 'value')].find(
      (one) => one >= 0,
    ) ?? Number.NaN
  )
}

/** The variability of the night; the other values of the status repeat readings. */
function takeStatus(context: ConnectContext, value: JsonObject): void {
  const place = context.place('status', value)
  const span = daySpan(context, value)
  const metric = listAt(value, 'metrics').find((one) => isObject(one) && textAt(one, 'type') === 'HRV')
  const rmssd = numberAt(metric, 'value')
  if (!span || !(rmssd > 0)) {
    context.measurements.unmapped('garmin status', span?.startMs ?? null, place)
    return
  }
  const source = context.sources.counters
  context.measurements.take({ metric: 'hrv_rmssd', unit: 'ms', source, ...span, value: rmssd }, place)
  finish(context, 'status', 1, span.startMs, place)
}

function takeFitness(context: ConnectContext, value: JsonObject, vo2Max: number, startMs: number): void {
  const place = context.place('fitness', value)
  if (!(vo2Max > 0)) {
    context.measurements.unmapped('garmin fitness', startMs, place)
    return
  }
  const offsetMin = context.offsetAt(startMs, Number.NaN)
  const source = context.sources.counters
  context.measurements.take(
    { metric: 'vo2_max', unit: 'mL/kg/min', source, startMs, offsetMin, value: vo2Max },
    place,
  )
}

function takeEvent(context: ConnectContext, value: JsonObject): void {
  const place = context.place('event', value)
  const startMs = connectTime(own(value, 'abnormalHrEventGMT'))
  const rate = numberAt(value, 'abnormalHrValue')
  const source = context.sources.readings
  const extra = rate > 0 ? { meta: { heartRate: `${rate} /min` } } : {}
  const offsetMin = context.offsetAt(startMs, Number.NaN)
  const base = {
    metric: 'high_heart_rate_event',
    unit: '{count}',
    source,
    startMs,
    offsetMin,
    value: 1,
    extra,
  }
  context.measurements.take(base, place)
}

/** An element with values is kept whole beside them; one without counts by itself. */
function finish(context: ConnectContext, kind: string, taken: number, startMs: number, place: Place): void {
  if (taken === 0) context.measurements.unmapped(`garmin ${kind}`, startMs, place)
  else if (context.intake.begin(0)) context.intake.keep(`garmin ${kind}`, place.where(), startMs, place.raw)
}
