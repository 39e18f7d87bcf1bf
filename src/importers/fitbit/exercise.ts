/** Exercise logs (`exercise-*.json`): workouts and what was covered in them. */
import { type Extra, withRecordVersion } from '../../records/index.ts'
import { snakeCase, sportMetricIds, sportMetrics } from '../activity-sports.ts'
import { isObject, type JsonObject, numberAt, own, textAt } from '../json/member-values.ts'
import type { Place } from '../measurements.ts'
import { instantWithOffset, readWallTime } from '../wall-time.ts'
import type { FitbitContext } from './context.ts'
import { StampReader } from './stamp.ts'

const distanceUnits: Readonly<Record<string, string>> = {
  kilometer: 'km',
  mile: '[mi_i]',
  meter: 'm',
  yard: '[yd_i]',
}
const metaFields = ['calories', 'steps', 'averageHeartRate', 'logType'] as const

/** Metrics that an exercise log can become. */
export const exerciseMetrics: readonly string[] = [
  ...sportMetricIds.filter((metric) => metric.startsWith('distance')),
  'workout',
]

/** Takes a log. `startTime` is UTC in the export; the Web API writes its offset. */
export function takeExercise(context: FitbitContext, value: JsonObject, place: Place): void {
  const ms = instantOf(textAt(value, 'startTime'))
  const { offsetMin } = context.ofUtc(ms)
  const durationMs = numberAt(value, 'duration')
  if (!Number.isFinite(ms)) {
    context.measurements.refuse('its date cannot be read', place, 'DATE')
    return
  }
  if (!(durationMs > 0)) {
    context.measurements.unmapped('fitbit exercise without a duration', ms, place)
    return
  }
  const sport = snakeCase(textAt(value, 'activityName'))
  const active = numberAt(value, 'activeDuration')
  const base = { source: context.workouts, startMs: ms, durationMs, offsetMin }
  const seconds = (active > 0 ? active : durationMs) / 1000
  const id = idOf(value)
  const changedMs = instantOf(textAt(value, 'lastModified'))
  const extra = withRecordVersion(extraOf(sport, value), id, changedMs)
  context.measurements.take({ metric: 'workout', unit: 's', value: seconds, extra, ...base }, place)
  const metric = sportMetrics(sport).distance
  const distance = numberAt(value, 'distance')
  const name = textAt(value, 'distanceUnit').toLowerCase()
  const unit = Object.hasOwn(distanceUnits, name) ? distanceUnits[name] : undefined
  if (metric !== undefined && unit !== undefined && distance > 0) {
    const covered = withRecordVersion({ context: sport }, id, changedMs)
    context.measurements.take({ metric, unit, value: distance, extra: covered, ...base }, place)
  }
  context.finish('fitbit exercise', 1, ms, place)
}

/**
 * Takes a log as the summary of a day has it: its time is local, its distance in the unit of the request, which the
 * answer does not tell.
 */
export function takeActivityLog(context: FitbitContext, value: unknown, place: Place): void {
  const wallMs = readWallTime(`${textAt(value, 'startDate')} ${textAt(value, 'startTime')}`)?.wallMs
  if (!isObject(value) || wallMs === undefined) {
    context.measurements.refuse('its date cannot be read', place, 'DATE')
    return
  }
  const { ms: startMs, offsetMin } = context.ofWall(wallMs)
  const durationMs = numberAt(value, 'duration')
  const lacking = own(value, 'hasStartTime') === false ? 'start time' : durationMs > 0 ? '' : 'duration'
  if (lacking !== '') {
    context.measurements.unmapped(`fitbit exercise without a ${lacking}`, startMs, place)
    return
  }
  const logged = extraOf(snakeCase(textAt(value, 'name') || textAt(value, 'activityParentName')), value)
  const extra = withRecordVersion(logged, idOf(value), instantOf(textAt(value, 'lastModified')))
  const base = { source: context.workouts, startMs, durationMs, offsetMin }
  context.measurements.take({ metric: 'workout', unit: 's', value: durationMs / 1000, extra, ...base }, place)
  context.finish('fitbit exercise', 1, startMs, place)
}

/** The same log in an export and in an answer of the Web API. */
function idOf(value: JsonObject): string {
  const logId = own(value, 'logId')
  return typeof logId === 'number' ? `Fitbit ${logId}` : ''
}

/** UTC; NaN when it is no time. */
function instantOf(text: string): number {
  const read = readWallTime(text)
  return read ? instantWithOffset(read.wallMs, read.offsetMin ?? 0) : new StampReader().read(text)
}

function extraOf(sport: string, value: JsonObject): Extra {
  const meta: Record<string, string> = {}
  for (const field of metaFields) {
    const found = own(value, field)
    if (typeof found === 'number' || (typeof found === 'string' && found !== '')) {
      meta[field] = String(found).slice(0, 100)
    }
  }
  return {
    ...(sport === '' ? {} : { context: sport }),
    ...(Object.keys(meta).length === 0 ? {} : { meta }),
  }
}
