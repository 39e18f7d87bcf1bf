/** Activities: records along the way, sessions, lengths of a pool. */
import type { Extra } from '../../records/index.ts'
import type { SportMetrics } from '../activity-sports.ts'
import { snakeCase } from '../activity-sports.ts'
import type { Place } from '../measurements.ts'
import type { FitContext } from './context.ts'
import type { FitMessage, FitMessages } from './decode.ts'
import { type FitFacts, type FitSession, fitTime, numberOf, wordOf } from './facts.ts'

/** Native fields of record that developer fields may stand in for (FIT profile, field_description). */
const nativeFields: Readonly<Record<number, string>> = { 3: 'heartRate', 4: 'cadence', 7: 'power' }
const recordNumber = 20
const mmPerCm = 10

/** Totals of a session that are kept beside its duration, with their unit. */
const totals: readonly (readonly [string, string])[] = [
  ['totalDistance', 'm'],
  ['totalCalories', 'kcal'],
  ['avgHeartRate', '/min'],
  ['maxHeartRate', '/min'],
  ['enhancedAvgSpeed', 'm/s'],
  ['enhancedMaxSpeed', 'm/s'],
  ['avgCadence', '/min'],
  ['maxCadence', '/min'],
  ['avgPower', 'W'],
  ['maxPower', 'W'],
  ['normalizedPower', 'W'],
  ['totalAscent', 'm'],
  ['totalDescent', 'm'],
  ['totalCycles', ''],
  ['numLaps', ''],
  ['numActiveLengths', ''],
  ['poolLength', 'm'],
  ['totalTrainingEffect', ''],
  ['totalAnaerobicTrainingEffect', ''],
  ['trainingStressScore', ''],
]

/** Metrics that activities can become, beside those of sports. */
export const activityMetrics: readonly string[] = [
  'heart_rate',
  'respiratory_rate',
  'running_ground_contact_time',
  'running_stride_length',
  'running_vertical_oscillation',
  'swimming_strokes',
  'workout',
]

/** Gives the messages of an activity their outcomes. */
export function takeActivity(context: FitContext, messages: FitMessages): void {
  const substitutes = developerSubstitutes(messages)
  const sportAt = sportFinder(context.facts)
  for (const message of messages['recordMesgs'] ?? []) takeRecord(context, message, sportAt, substitutes)
  for (const message of messages['lengthMesgs'] ?? []) takeLength(context, message)
}

/** Gives sessions their outcomes: they are among the facts, read before everything else. */
export function takeSessions(context: FitContext, messages: readonly FitMessage[]): void {
  for (const [index, message] of messages.entries()) {
    takeSession(context, message, context.facts.sessions[index] as FitSession)
  }
}

function takeRecord(
  context: FitContext,
  message: FitMessage,
  sportAt: (ms: number) => SportMetrics,
  substitutes: ReadonlyMap<string, string>,
): void {
  const startMs = fitTime(message['timestamp'])
  const place = context.place('record', message)
  const sport = sportAt(startMs)
  let taken = 0
  const take = (metric: string | undefined, unit: string, value: number) => {
    if (metric === undefined || Number.isNaN(value)) return
    taken++
    context.take(metric, unit, value, startMs, place)
  }
  const field = (name: string): number => {
    const own = numberOf(message[name])
    const key = substitutes.get(name)
    const developer = message['developerFields'] as Readonly<Record<string, unknown>> | undefined
    return Number.isNaN(own) && key !== undefined ? numberOf(developer?.[key]) : own
  }
  take('heart_rate', '/min', positive(field('heartRate')))
  // The fraction is left out: TCX and GPX of the same recording do not have it, and would be other readings.
  take(sport.cadence, '/min', positive(field('cadence')) * (sport.cadenceFactor ?? 1))
  const speed = numberOf(message['enhancedSpeed'])
  take(sport.speed, 'm/s', positive(Number.isNaN(speed) ? numberOf(message['speed']) : speed))
  // No power while coasting is a measurement, and part of every mean.
  take(sport.power, 'W', sport.power === 'cycling_power' ? field('power') : positive(field('power')))
  const breaths = numberOf(message['enhancedRespirationRate'])
  const breathing = Number.isNaN(breaths) ? numberOf(message['respirationRate']) : breaths
  take('respiratory_rate', '/min', positive(breathing))
  if (sport.speed === 'running_speed') {
    take('running_vertical_oscillation', 'mm', positive(numberOf(message['verticalOscillation'])))
    take('running_ground_contact_time', 'ms', positive(numberOf(message['stanceTime'])))
    take('running_stride_length', 'cm', positive(numberOf(message['stepLength'])) / mmPerCm)
  }
  if (taken === 0) context.measurements.unmappedInFile('record', startMs)
}

/** Zero means that there was nothing to measure: no contact, no movement. */
function positive(value: number): number {
  return value > 0 ? value : Number.NaN
}

function takeLength(context: FitContext, message: FitMessage): void {
  const strokes = numberOf(message['totalStrokes'])
  const place = context.place('length', message)
  const startMs = fitTime(message['startTime'])
  if (!(strokes > 0)) return
  const durationMs = milliseconds(message['totalElapsedTime'])
  const source = context.facts.sources.activities
  const stroke = snakeCase(wordOf(message['swimStroke']))
  const extra: Extra = stroke === '' ? {} : { context: stroke }
  context.take('swimming_strokes', '{strokes}', strokes, startMs, place, { durationMs, source, extra })
}

function takeSession(context: FitContext, message: FitMessage, session: FitSession): void {
  const place = context.place('session', message)
  const { startMs } = session
  // The way from one sport to the next.
  if (session.sport === 'transition') {
    context.measurements.unmappedInFile('session transition', startMs)
    return
  }
  const source = context.facts.sources.activities
  const elapsed = numberOf(message['totalElapsedTime'])
  const timer = numberOf(message['totalTimerTime'])
  const seconds = Number.isNaN(timer) ? elapsed : timer
  if (Number.isNaN(seconds)) {
    context.measurements.refuse('it has no duration', place)
    return
  }
  const durationMs = milliseconds(Number.isNaN(elapsed) ? timer : elapsed)
  const extra = sessionExtra(message, session.sport)
  context.take('workout', 's', seconds, startMs, place, { durationMs, source, extra })
  takeDistance(context, message, session, durationMs, place)
}

/**
 * What was covered in a sport counts as distance. Steps and energy of an activity stay beside it: they are part of the
 * day's counters, and alone would pass for a day's sum.
 */
function takeDistance(
  context: FitContext,
  message: FitMessage,
  session: FitSession,
  durationMs: number,
  place: Place,
): void {
  const distance = numberOf(message['totalDistance'])
  const metric = session.metrics.distance
  if (metric === undefined || !(distance > 0)) return
  const source = context.facts.sources.activities
  const extra: Extra = { context: session.sport }
  context.take(metric, 'm', distance, session.startMs, place, { durationMs, source, extra })
}

function sessionExtra(message: FitMessage, sport: string): Extra {
  const meta: Record<string, string> = {}
  for (const [name, unit] of totals) {
    const value = message[name]
    if (typeof value === 'number') meta[name] = `${value} ${unit}`.trim()
  }
  const subSport = snakeCase(wordOf(message['subSport']))
  if (subSport !== '' && subSport !== 'generic' && subSport !== sport) meta['subSport'] = subSport
  return { ...(sport === '' ? {} : { context: sport }), ...(Object.keys(meta).length > 0 ? { meta } : {}) }
}

/** The sport at a moment: that of the session it falls into, else the file's. */
function sportFinder(facts: FitFacts): (ms: number) => SportMetrics {
  const { sessions } = facts
  const only = sessions[0]
  if (sessions.length <= 1) return () => only?.metrics ?? facts.sport
  return (ms) => sessions.find(({ startMs, endMs }) => ms >= startMs && ms <= endMs)?.metrics ?? facts.sport
}

/** Native field → key of the developer field that stands in for it. */
function developerSubstitutes(messages: FitMessages): ReadonlyMap<string, string> {
  const substitutes = new Map<string, string>()
  for (const field of messages['fieldDescriptionMesgs'] ?? []) {
    const native = nativeFields[numberOf(field['nativeFieldNum'])]
    const mesg = field['nativeMesgNum']
    const isOfRecord = mesg === recordNumber || mesg === 'record' || mesg === undefined || mesg === null
    if (native !== undefined && isOfRecord) substitutes.set(native, String(field['key']))
  }
  return substitutes
}

function milliseconds(seconds: unknown): number {
  const value = numberOf(seconds)
  return value > 0 ? Math.round(value * 1000) : 0
}
