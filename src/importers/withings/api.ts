/** Answers of the Withings API that a person has saved (Measure, Sleep; developer.withings.com). */
import { growingTotalFacts, withRecordVersion } from '../../records/index.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import {
  isObject,
  type JsonObject,
  jsonHead,
  listAt,
  numberAt,
  own,
  readValues,
  textAt,
} from '../json/member-values.ts'
import { jsonPlace } from '../json/place.ts'
import { localDaySpan } from '../local-days.ts'
import type { Place } from '../measurements.ts'
import { memberLabel } from '../member-chunks.ts'
import { WithingsContext, withings } from './read.ts'

/** Measure types (Measure, Getmeas) → metric and unit; the value is `value` × 10^`unit`. */
const measureTypes: Readonly<Record<number, readonly [metric: string, unit: string]>> = {
  1: ['weight', 'kg'],
  4: ['height', 'm'],
  5: ['lean_mass', 'kg'],
  6: ['body_fat', '%'],
  8: ['fat_mass', 'kg'],
  11: ['heart_rate', '/min'],
  12: ['body_temperature', 'Cel'],
  54: ['oxygen_saturation', '%'],
  71: ['body_temperature', 'Cel'],
  76: ['muscle_mass', 'kg'],
  77: ['body_water_mass', 'kg'],
  88: ['bone_mass', 'kg'],
  91: ['pulse_wave_velocity', 'm/s'],
}
const diastolicType = 9
const systolicType = 10
const realMeasures = 1

const dayFields: readonly (readonly [string, string, string])[] = [
  ['steps', 'steps', '{steps}'],
  ['distance', 'distance_walking_running', 'm'],
  ['calories', 'active_energy', 'kcal'],
  ['elevation', 'elevation_gain', 'm'],
  ['soft', 'light_activity_time', 's'],
  ['moderate', 'moderate_activity_time', 's'],
  ['intense', 'vigorous_activity_time', 's'],
]
const sleepStates: Readonly<Record<number, string>> = {
  0: 'sleep_awake',
  1: 'sleep_core',
  2: 'sleep_deep',
  3: 'sleep_rem',
}
const nightFields: readonly (readonly [string, string])[] = [
  ['lightsleepduration', 'sleep_core'],
  ['deepsleepduration', 'sleep_deep'],
  ['remsleepduration', 'sleep_rem'],
  ['wakeupduration', 'sleep_awake'],
]

/** Metrics of answers beside those of the archive. */
export const apiMetrics: readonly string[] = [
  ...Object.values(measureTypes).map(([metric]) => metric),
  ...dayFields.map(([, metric]) => metric),
]

export function isWithingsAnswer(head: Uint8Array): boolean {
  const text = jsonHead(head)
  return /"status"\s*:/.test(text) && /"(measuregrps|activities)"\s*:/.test(text)
    ? true
    : /"body"\s*:/.test(text) && /"series"\s*:[\s\S]*"(startdate|steps|duration)"\s*:/.test(text)
}

export async function readAnswer(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const label = memberLabel(member.name)
  const context = new WithingsContext(intake, label)
  let number = 0
  const place = (value: unknown) => jsonPlace(value, `${label}:record ${++number}`)
  await readValues(member, intake, totalBytes, (value) => {
    const body = own(value, 'body')
    const zone = textAt(body, 'timezone')
    for (const group of listAt(body, 'measuregrps')) takeGroup(context, group, zone, place(group))
    for (const day of listAt(body, 'activities')) takeDay(context, day, place(day))
    const series = own(body, 'series')
    for (const one of Array.isArray(series) ? series : []) takeSleep(context, one, place(one))
    if (!isObject(series)) return
    for (const [second, one] of Object.entries(series)) takeMinutes(context, Number(second), one, place(one))
  })
}

/** The offset in the zone that the answer names, unless the person gives another. */
function offsetAt({ intake }: WithingsContext, zone: string, ms: number): number {
  return intake.zone(zoneName(zone)).at(ms)
}

function takeGroup(context: WithingsContext, group: unknown, zone: string, place: Place): void {
  const startMs = numberAt(group, 'date') * 1000
  if (numberAt(group, 'category') !== realMeasures) {
    // Goals.
    context.measurements.unmapped('withings goal', startMs, place)
    return
  }
  const values = new Map(
    listAt(group, 'measures').map((one): [number, number] => [
      numberAt(one, 'type'),
      scaled(numberAt(one, 'value'), numberAt(one, 'unit')),
    ]),
  )
  const note = textAt(group, 'comment')
  const id = numberAt(group, 'grpid')
  const extra = withRecordVersion(
    note === '' ? {} : { note: note.slice(0, 1000) },
    id > 0 ? `${withings} ${id}` : '',
    numberAt(group, 'modified') * 1000,
  )
  const base = { source: context.source, startMs, offsetMin: offsetAt(context, zone, startMs), extra }
  const [systolic, diastolic] = [values.get(systolicType), values.get(diastolicType)]
  if (systolic !== undefined && diastolic !== undefined) {
    const pressure = { metric: 'blood_pressure', unit: 'mm[Hg]', value: systolic, second: diastolic }
    context.measurements.take({ ...pressure, ...base }, place)
    values.delete(systolicType)
    values.delete(diastolicType)
  }
  for (const [type, value] of values) {
    const known = measureTypes[type]
    if (known) context.measurements.take({ metric: known[0], unit: known[1], value, ...base }, place)
    else context.measurements.unmapped(`withings measure ${type}`, startMs, place)
  }
  if (values.size === 0 && systolic === undefined)
    context.measurements.unmapped('withings group', startMs, place)
}

/** 74126 × 10^−3 as the decimal that it is. */
function scaled(value: number, exponent: number): number {
  return Number(`${value}e${exponent}`)
}

function takeDay(context: WithingsContext, day: unknown, place: Place): void {
  const span = localDaySpan(textAt(day, 'date'), context.intake.zone(zoneName(textAt(day, 'timezone'))))
  if (!span) {
    context.measurements.refuse('its date cannot be read', place, 'DATE')
    return
  }
  let taken = 0
  for (const [field, metric, unit] of dayFields) {
    const value = numberAt(day, field)
    if (!(value >= 0)) continue
    taken++
    const extra = { meta: growingTotalFacts(withings, value) }
    context.measurements.take({ metric, unit, source: context.source, value, extra, ...span }, place)
  }
  if (taken === 0) context.measurements.unmapped('withings day', span.startMs, place)
}

const zoneNames = new Map<string, string | undefined>()

/** A name that is no zone counts as no name. */
function zoneName(text: string): string | undefined {
  if (zoneNames.has(text)) return zoneNames.get(text)
  let name: string | undefined
  try {
    if (text !== '') name = new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    // Not a zone that this computer knows.
    name = undefined
  }
  if (zoneNames.size < 500) zoneNames.set(text, name)
  return name
}

/** A state of a night, or the summary of one. */
function takeSleep(context: WithingsContext, one: unknown, place: Place): void {
  const startMs = numberAt(one, 'startdate') * 1000
  const endMs = numberAt(one, 'enddate') * 1000
  const offsetMin = offsetAt(context, textAt(one, 'timezone'), Number.isFinite(startMs) ? startMs : 0)
  const span = { startMs, offsetMin, durationMs: endMs - startMs }
  const data = own(one, 'data')
  if (isObject(data)) {
    takeNight(context, data, { ...span, endMs }, place)
    return
  }
  const metric = sleepStates[numberAt(one, 'state')]
  if (metric === undefined) {
    context.measurements.unmapped('withings state without a metric', startMs, place)
    return
  }
  const value = (endMs - startMs) / 1000
  context.measurements.take({ metric, unit: 's', source: context.rawSource, ...span, value }, place)
}

function takeNight(
  context: WithingsContext,
  data: JsonObject,
  night: { startMs: number; endMs: number; offsetMin: number; durationMs: number },
  place: Place,
): void {
  const { startMs, endMs, offsetMin, durationMs } = night
  const { measurements, source } = context
  let taken = 0
  for (const [field, metric] of nightFields) {
    const value = numberAt(data, field)
    if (!(value > 0)) continue
    taken++
    measurements.take({ metric, unit: 's', source, startMs, offsetMin, durationMs, value }, place)
  }
  const atWake: readonly (readonly [string, string, string])[] = [
    ['wakeupcount', 'sleep_awakenings', '{count}'],
    ['durationtosleep', 'sleep_latency', 's'],
    ['sleep_score', 'sleep_score', '{score}'],
  ]
  for (const [field, metric, unit] of atWake) {
    const value = numberAt(data, field)
    if (!(value >= 0)) continue
    taken++
    measurements.take({ metric, unit, source, startMs: endMs, offsetMin, value }, place)
  }
  if (taken === 0) measurements.unmapped('withings night', startMs, place)
}

/** Intraday activity: seconds of the epoch → what was done in the time that follows. */
function takeMinutes(context: WithingsContext, second: number, one: unknown, place: Place): void {
  const startMs = second * 1000
  const durationMs = numberAt(one, 'duration') * 1000
  const offsetMin = context.intake.zone().at(Number.isFinite(startMs) ? startMs : 0)
  let taken = 0
  for (const [field, metric, unit] of dayFields.slice(0, 4)) {
    const value = numberAt(one, field)
    if (!(value >= 0)) continue
    taken++
    const base = { metric, unit, source: context.rawSource, startMs, offsetMin }
    context.measurements.take({ durationMs: durationMs > 0 ? durationMs : Number.NaN, value, ...base }, place)
  }
  const pulse = numberAt(one, 'heart_rate')
  if (pulse > 0) {
    taken++
    context.measurements.take(
      { metric: 'heart_rate', unit: '/min', source: context.source, startMs, offsetMin, value: pulse },
      place,
    )
  }
  if (taken === 0) context.measurements.unmapped('withings time without activity', startMs, place)
}
