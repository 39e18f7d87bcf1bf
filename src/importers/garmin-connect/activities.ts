/** Activities: of the archive (ms, cm), of the web site (s, m), and their samples. */

import { ZoneOffsets } from '../../foundation/index.ts'
import type { Extra } from '../../records/index.ts'
import { snakeCase, sportMetrics } from '../activity-sports.ts'
import { isObject, type JsonObject, listAt, numberAt, own, textAt } from '../json/member-values.ts'
import type { Place } from '../measurements.ts'
import { shortestFloat } from '../track-file.ts'
import { type ConnectContext, connectTime, offsetBetween } from './context.ts'

const cmPerMeter = 100

interface Activity {
  readonly sport: string
  readonly startMs: number
  readonly offsetMin: number
  readonly seconds: number
  readonly meters: number
  readonly isParent: boolean
  readonly meta: Readonly<Record<string, string>>
}

/** Takes an element that is an activity; false for all else. */
export function takeActivity(context: ConnectContext, value: JsonObject): boolean {
  const activity = readActivity(context, value)
  if (!activity) return false
  const place = context.place('activity', value)
  if (activity.isParent) {
    // Its legs are activities of their own.
    context.intake.note('an activity of several sports was left to its parts')
    context.measurements.unmapped('garmin multisport activity', activity.startMs, place)
    return true
  }
  if (!(activity.seconds > 0)) {
    context.measurements.refuse('it has no duration', place)
    return true
  }
  takeWorkout(context, activity, place)
  if (context.intake.begin(0)) {
    context.intake.keep('garmin activity', place.where(), activity.startMs, place.raw)
  }
  return true
}

function takeWorkout(context: ConnectContext, activity: Activity, place: Place): void {
  const { sport, startMs, offsetMin, seconds, meters, meta } = activity
  const source = context.sources.activities
  const base = { source, startMs, offsetMin, durationMs: seconds * 1000 }
  const named: Extra = sport === '' ? {} : { context: sport }
  const extra = Object.keys(meta).length > 0 ? { ...named, meta } : named
  context.measurements.take({ metric: 'workout', unit: 's', value: seconds, extra, ...base }, place)
  const metric = sportMetrics(sport).distance
  if (metric === undefined || !(meters > 0)) return
  context.measurements.take({ metric, unit: 'm', value: meters, extra: named, ...base }, place)
}

function readActivity(context: ConnectContext, value: JsonObject): Activity | undefined {
  if (own(value, 'activityId') === undefined) return undefined
  const summary = own(value, 'summaryDTO')
  if (isObject(summary)) return ofWebSite(context, value, summary, 'activityTypeDTO')
  if (typeof own(value, 'startTimeGMT') === 'string') return ofWebSite(context, value, value, 'activityType')
  const startMs = [own(value, 'beginTimestamp'), own(value, 'startTimeGmt')]
    .map(connectTime)
    .find(Number.isFinite)
  if (startMs === undefined) return undefined
  const stated = offsetBetween(
    own(value, 'startTimeLocal'),
    own(value, 'startTimeGmt') ?? own(value, 'beginTimestamp'),
  )
  return {
    sport: snakeCase(
      textAt(value, 'activityType') ||
        textAt(own(value, 'activityType'), 'typeKey') ||
        textAt(value, 'sportType'),
    ),
    startMs,
    offsetMin: context.offsetAt(startMs, stated),
    seconds: rounded(numberAt(value, 'duration') / 1000),
    meters: rounded(numberAt(value, 'distance') / cmPerMeter),
    isParent: own(value, 'parent') === true || own(value, 'isMultiSportParent') === true,
    meta: totals(value, [
      'name',
      'avgHr',
      'maxHr',
      'steps',
      'aerobicTrainingEffect',
      'anaerobicTrainingEffect',
    ]),
  }
}

function ofWebSite(
  context: ConnectContext,
  value: JsonObject,
  summary: JsonObject,
  typeKey: string,
): Activity {
  const startMs = connectTime(own(summary, 'startTimeGMT'))
  const zone = textAt(own(value, 'timeZoneUnitDTO'), 'timeZone')
  const stated =
    zone === ''
      ? offsetBetween(own(summary, 'startTimeLocal'), own(summary, 'startTimeGMT'))
      : offsetOf(zone, startMs)
  return {
    sport: snakeCase(textAt(own(value, typeKey), 'typeKey')),
    startMs,
    offsetMin: context.offsetAt(startMs, stated),
    seconds: rounded(numberAt(summary, 'duration')),
    meters: rounded(numberAt(summary, 'distance')),
    isParent: own(value, 'isMultiSportParent') === true || own(value, 'parent') === true,
    meta: totals(summary, ['averageHR', 'maxHR', 'calories', 'steps', 'elevationGain']),
  }
}

function offsetOf(zone: string, ms: number): number {
  try {
    return new ZoneOffsets(zone).at(ms)
  } catch {
    // Not a name that this computer knows: the offset of the local time is not there either.
    return Number.NaN
  }
}

function totals(value: JsonObject, names: readonly string[]): Record<string, string> {
  const meta: Record<string, string> = {}
  for (const name of names) {
    const found = own(value, name)
    if (typeof found === 'number' || (typeof found === 'string' && found !== ''))
      meta[name] = String(found).slice(0, 200)
  }
  return meta
}

/** To the millisecond and the millimetre: the web site gives 32-bit floats, the archive decimals of them. */
function rounded(value: number): number {
  return Math.round(shortestFloat(value) * 1000) / 1000
}

const detailsKey = 'com.garmin.activity.details.json.ActivityDetails'

/** Samples of one activity: columns are found by their key. False for what holds none. */
export function takeSamples(context: ConnectContext, value: JsonObject): boolean {
  const details = own(value, detailsKey)
  if (!isObject(details)) return false
  const columns = new Map(
    listAt(details, 'measurements').map((one) => [textAt(one, 'key'), numberAt(one, 'metricsIndex')]),
  )
  const time = columns.get('directTimestamp') ?? -1
  const rate = columns.get('directHeartRate') ?? -1
  for (const sample of listAt(details, 'metrics')) {
    const metrics = listAt(sample, 'metrics')
    const startMs = connectTime(metrics[time])
    const bpm = metrics[rate]
    const place = context.place('sample', sample)
    if (typeof bpm !== 'number' || !(bpm > 0)) {
      context.measurements.unmapped('garmin sample', startMs, place)
      continue
    }
    const offsetMin = context.offsetAt(startMs, Number.NaN)
    context.measurements.take(
      {
        metric: 'heart_rate',
        unit: '/min',
        source: context.sources.readings,
        startMs,
        offsetMin,
        value: bpm,
      },
      place,
    )
  }
  return true
}
