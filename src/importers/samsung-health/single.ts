/** Rows of Samsung Health that are one thing with several sides: a night, an exercise, a pressure, a glucose reading. */
import type { Extra } from '../../records/index.ts'
import { sportMetrics } from '../activity-sports.ts'
import type { Place } from '../measurements.ts'
import { exerciseTypes, mealTypes, sleepStages } from './codes.ts'
import type { SamsungContext } from './context.ts'
import type { SamsungRow } from './row.ts'

const sleepType = 'com.samsung.shealth.sleep'
const exerciseType = 'com.samsung.shealth.exercise'

/** Metrics of these rows. */
export const singleMetrics: readonly string[] = [
  ...Object.values(sleepStages),
  'sleep_asleep',
  'sleep_efficiency',
  'sleep_latency',
  'sleep_score',
  'workout',
  'vo2_max',
  'blood_pressure',
  'heart_rate',
  'glucose',
  'mindful_minutes',
  'snoring',
  'ecg_count',
]

export function takeStage(context: SamsungContext, row: SamsungRow, place: Place): void {
  const span = context.span(row)
  const code = row.number('stage')
  const metric = Object.hasOwn(sleepStages, code) ? sleepStages[code] : undefined
  const sleep = row.text('sleep_id')
  if (metric === undefined) {
    context.measurements.unmapped('samsung-health sleep_stage', span.startMs, place)
    return
  }
  if (sleep !== '') context.stagedSleeps.add(sleep)
  const value = span.durationMs / 1000
  const source = context.reading(row)
  const extra = row.versioned({})
  context.measurements.take({ metric, unit: 's', source, value, extra, ...span }, place)
}

/** A sleep: its stages are rows of their own; one without them is sleep of unknown stage. */
export function takeSleep(context: SamsungContext, row: SamsungRow, place: Place): void {
  const span = context.span(row)
  const { startMs, durationMs } = span
  const wakeMs = startMs + durationMs
  const wake = { startMs: wakeMs, offsetMin: context.offsetAt(wakeMs, row.statedOffsetMin) }
  const source = context.reading(row)
  const extra = row.versioned({})
  let taken = 0
  if (!context.stagedSleeps.has(row.text('datauuid')) && durationMs > 0) {
    taken++
    const asleep = { metric: 'sleep_asleep', unit: 's', value: durationMs / 1000 }
    context.measurements.take({ source, extra, ...span, ...asleep }, place)
  }
  const atWake = [
    ['sleep_score', 'sleep_score', '{score}', 1],
    ['efficiency', 'sleep_efficiency', '%', 1],
    ['sleep_latency', 'sleep_latency', 'ms', 0],
  ] as const
  for (const [column, metric, unit, from] of atWake) {
    const value = row.number(column)
    if (!(value >= from)) continue
    taken++
    context.measurements.take({ metric, unit, source, value, extra, ...wake }, place)
  }
  if (taken === 0) context.measurements.unmapped('samsung-health sleep', startMs, place)
  else context.keepRow(sleepType, startMs, row, place)
}

/** An exercise, what was covered in it, and the fitness that it tells. */
export function takeExercise(context: SamsungContext, row: SamsungRow, place: Place): void {
  const whole = context.span(row)
  const active = row.number('duration')
  const durationMs = [whole.durationMs, active].find((ms) => ms > 0)
  if (durationMs === undefined) {
    context.measurements.refuse('it has no duration', place)
    return
  }
  const span = { ...whole, durationMs }
  const sport = sportOf(row)
  const dataType = exerciseType
  const details = { dataType, source: context.reading(row), offsetMin: row.statedOffsetMin, sport }
  for (const column of ['live_data', 'location_data']) context.hasDetail(row, column, details)
  const source = context.activities
  const seconds = (active > 0 && active <= span.durationMs ? active : span.durationMs) / 1000
  const named: Extra = sport === '' ? {} : { context: sport }
  const extra = row.versioned({ ...named, ...totalsOf(row) })
  context.measurements.take({ metric: 'workout', unit: 's', source, value: seconds, extra, ...span }, place)
  const metric = sportMetrics(sport).distance
  const meters = row.number('distance')
  if (metric !== undefined && meters > 0) {
    const covered = row.versioned(named)
    context.measurements.take({ metric, unit: 'm', source, value: meters, extra: covered, ...span }, place)
  }
  const fitness = row.number('vo2_max')
  if (fitness > 0) {
    const { startMs, offsetMin } = span
    const reading = { metric: 'vo2_max', unit: 'mL/kg/min', source: context.reading(row), value: fitness }
    context.measurements.take({ startMs, offsetMin, extra: row.versioned({}), ...reading }, place)
  }
  context.keepRow(exerciseType, span.startMs, row, place)
}

/** A code that is not known keeps its number; a type of the person's own its name. */
function sportOf(row: SamsungRow): string {
  const code = row.number('exercise_type')
  if (Object.hasOwn(exerciseTypes, code)) return exerciseTypes[code] as string
  const own = row.text('exercise_custom_type') || row.text('title')
  if (own !== '') return own.slice(0, 100)
  return code > 0 ? `exercise_${code}` : ''
}

const totalColumns = [
  'calorie',
  'total_calorie',
  'distance',
  'mean_heart_rate',
  'max_heart_rate',
  'min_heart_rate',
  'altitude_gain',
  'altitude_loss',
  'count',
] as const

function totalsOf(row: SamsungRow): { readonly meta?: Readonly<Record<string, string>> } {
  const said = totalColumns.filter((column) => row.number(column) > 0)
  if (said.length === 0) return {}
  return { meta: Object.fromEntries(said.map((column) => [column, row.text(column).slice(0, 40)])) }
}

/** Pressure with the pulse that was counted. A mean of zero was not measured. */
export function takePressure(context: SamsungContext, row: SamsungRow, place: Place): void {
  const { startMs, offsetMin } = context.span(row, false)
  const note = row.text('comment')
  const extra = row.versioned(note === '' ? {} : { note: note.slice(0, 1000) })
  const source = context.reading(row)
  const [value, second, pulse] = [row.number('systolic'), row.number('diastolic'), row.number('pulse')]
  const hasPressure = value > 0 && second > 0
  if (hasPressure) {
    context.measurements.take(
      { metric: 'blood_pressure', unit: 'mm[Hg]', source, startMs, offsetMin, value, second, extra },
      place,
    )
  }
  if (pulse > 0) {
    context.measurements.take(
      { metric: 'heart_rate', unit: '/min', source, startMs, offsetMin, value: pulse, extra },
      place,
    )
  }
  if (!hasPressure && !(pulse > 0))
    context.measurements.unmapped('samsung-health blood_pressure', startMs, place)
}

export function takeGlucose(context: SamsungContext, row: SamsungRow, place: Place): void {
  const { startMs, offsetMin } = context.span(row, false)
  const value = row.number('glucose')
  if (!(value > 0)) {
    context.measurements.unmapped('samsung-health blood_glucose', startMs, place)
    return
  }
  const meal = mealTypes[row.number('meal_type')]
  const note = row.text('comment')
  const extra = row.versioned({
    ...(meal === undefined ? {} : { context: meal }),
    ...(note === '' ? {} : { note: note.slice(0, 1000) }),
  })
  const source = context.reading(row)
  context.measurements.take(
    { metric: 'glucose', unit: 'mmol/L', source, startMs, offsetMin, value, extra },
    place,
  )
}

/** Breathing exercises. */
export function takeMindful(context: SamsungContext, row: SamsungRow, place: Place): void {
  takeLength(context, row, 'mindful_minutes', { context: 'breathing' }, place)
}

export function takeSnoring(context: SamsungContext, row: SamsungRow, place: Place): void {
  takeLength(context, row, 'snoring', {}, place)
}

/** From start to end as the value. */
function takeLength(
  context: SamsungContext,
  row: SamsungRow,
  metric: string,
  extra: Extra,
  place: Place,
): void {
  const span = context.span(row)
  const value = span.durationMs / 1000
  const source = context.reading(row)
  context.measurements.take({ metric, unit: 's', source, value, extra: row.versioned(extra), ...span }, place)
}

/** An electrocardiogram counts as one; its row, with the classification, is kept. */
export function takeEcg(context: SamsungContext, row: SamsungRow, place: Place): void {
  const { startMs, offsetMin } = context.span(row, false)
  const source = context.reading(row)
  context.measurements.take(
    { metric: 'ecg_count', unit: '{count}', source, startMs, offsetMin, value: 1 },
    place,
  )
  context.keepRow('com.samsung.health.ecg', startMs, row, place)
}
