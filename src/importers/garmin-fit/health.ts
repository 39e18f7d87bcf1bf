/** Health messages other than activities and counters: scales, cuffs, sleep, stress, saturation, variability. */
import { minuteMs } from '../../foundation/index.ts'
import type { Place } from '../measurements.ts'
import { isWhose } from '../whose.ts'
import type { FitContext } from './context.ts'
import type { FitMessage, FitMessages } from './decode.ts'
import { fitTime, numberOf, wordOf } from './facts.ts'

/** A field that is a reading at the message's time. */
type Reading = readonly [field: string, metric: string, unit: string]

interface Kind {
  readonly list: string
  readonly name: string
  /** Field of the time; `timestamp` where absent. */
  readonly time?: string
  readonly readings: readonly Reading[]
  /** Smallest value that is a measurement: below it the number is a code (off the wrist, too much movement). */
  readonly from: number
}

const kinds: readonly Kind[] = [
  {
    list: 'monitoringHrDataMesgs',
    name: 'monitoring_hr_data',
    // The other field is the mean of seven such days.
    readings: [['currentDayRestingHeartRate', 'resting_heart_rate', '/min']],
    from: 1,
  },
  {
    list: 'stressLevelMesgs',
    name: 'stress_level',
    time: 'stressLevelTime',
    readings: [['stressLevelValue', 'stress_score', '{score}']],
    from: 0,
  },
  {
    list: 'spo2DataMesgs',
    name: 'spo2_data',
    readings: [['readingSpo2', 'oxygen_saturation', '%']],
    from: 1,
  },
  {
    list: 'respirationRateMesgs',
    name: 'respiration_rate',
    readings: [['respirationRate', 'respiratory_rate', '/min']],
    from: 0.01,
  },
  // The mean of five minutes; RMSSD as in the device's status (FIT profile, hrv_value).
  { list: 'hrvValueMesgs', name: 'hrv_value', readings: [['value', 'hrv_rmssd', 'ms']], from: 0.01 },
  {
    list: 'maxMetDataMesgs',
    name: 'max_met_data',
    time: 'updateTime',
    readings: [['vo2Max', 'vo2_max', 'mL/kg/min']],
    from: 0.1,
  },
  {
    list: 'skinTempOvernightMesgs',
    name: 'skin_temp_overnight',
    readings: [
      ['nightlyValue', 'wrist_temperature', 'Cel'],
      ['averageDeviation', 'temperature_deviation', 'Cel'],
    ],
    from: -20,
  },
]

/** A field that holds one reading each step of `processingInterval` seconds / number of readings. */
const series: readonly Kind[] = [
  {
    list: 'hsaHeartRateDataMesgs',
    name: 'hsa_heart_rate_data',
    readings: [['heartRate', 'heart_rate', '/min']],
    from: 1,
  },
  {
    list: 'hsaSpo2DataMesgs',
    name: 'hsa_spo2_data',
    readings: [['readingSpo2', 'oxygen_saturation', '%']],
    from: 1,
  },
  {
    list: 'hsaRespirationDataMesgs',
    name: 'hsa_respiration_data',
    readings: [['respirationRate', 'respiratory_rate', '/min']],
    from: 0.01,
  },
  {
    list: 'hsaStressDataMesgs',
    name: 'hsa_stress_data',
    readings: [['stressLevel', 'stress_score', '{score}']],
    from: 0,
  },
  {
    list: 'hsaBodyBatteryDataMesgs',
    name: 'hsa_body_battery_data',
    readings: [['level', 'body_battery', '{score}']],
    from: 0,
  },
]

/** Health messages for which the catalogue has no metric. */
const withoutMetric: Readonly<Record<string, string>> = {
  hrvMesgs: 'hrv',
  beatIntervalsMesgs: 'beat_intervals',
  rawBbiMesgs: 'raw_bbi',
  hrvStatusSummaryMesgs: 'hrv_status_summary',
  setMesgs: 'set',
  diveSummaryMesgs: 'dive_summary',
  hsaStepDataMesgs: 'hsa_step_data',
  hsaWristTemperatureDataMesgs: 'hsa_wrist_temperature_data',
  sleepDisruptionSeverityPeriodMesgs: 'sleep_disruption_severity_period',
  sleepDisruptionOvernightSeverityMesgs: 'sleep_disruption_overnight_severity',
}

const scaleReadings: readonly Reading[] = [
  ['weight', 'weight', 'kg'],
  ['percentFat', 'body_fat', '%'],
  ['percentHydration', 'body_water', '%'],
  ['boneMass', 'bone_mass', 'kg'],
  ['muscleMass', 'muscle_mass', 'kg'],
  ['basalMet', 'basal_metabolic_rate', 'kcal/d'],
  ['metabolicAge', 'metabolic_age', 'a'],
  ['visceralFatRating', 'visceral_fat_rating', '{score}'],
  ['bmi', 'bmi', 'kg/m2'],
]

/** 0xFFFE: the scale was still calculating (FIT profile, weight). */
const stillWeighing = 655.34

const stages: Readonly<Record<string, string>> = {
  awake: 'sleep_awake',
  light: 'sleep_core',
  deep: 'sleep_deep',
  rem: 'sleep_rem',
}
/** Longer than this there is no level for, the watch was not worn: a night is told in minutes. */
const longestLevelMs = 6 * 60 * minuteMs

/** Metrics that health messages can become. */
export const healthMetrics: readonly string[] = [
  ...[...kinds, ...series].flatMap(({ readings }) => readings.map(([, metric]) => metric)),
  ...scaleReadings.map(([, metric]) => metric),
  ...Object.values(stages),
  'blood_pressure',
  'mean_arterial_pressure',
  'sleep_asleep',
  'sleep_score',
  'sleep_awakenings',
]

export function takeHealth(context: FitContext, messages: FitMessages): void {
  for (const kind of kinds) {
    for (const message of messages[kind.list] ?? []) takeKind(context, kind, message)
  }
  for (const kind of series) {
    for (const message of messages[kind.list] ?? []) takeSeries(context, kind, message)
  }
  for (const [list, name] of Object.entries(withoutMetric)) {
    for (const message of messages[list] ?? []) {
      context.measurements.unmappedInFile(name, fitTime(message['timestamp']))
    }
  }
  for (const message of messages['weightScaleMesgs'] ?? []) takeWeight(context, message)
  for (const message of messages['bloodPressureMesgs'] ?? []) takePressure(context, message)
  for (const message of messages['napEventMesgs'] ?? []) takeNap(context, message)
  takeSleep(context, messages)
}

function takeKind(context: FitContext, kind: Kind, message: FitMessage): void {
  const own = kind.time === undefined ? Number.NaN : fitTime(message[kind.time])
  const startMs = Number.isNaN(own) ? fitTime(message['timestamp']) : own
  const place = context.place(kind.name, message)
  takeReadings(context, kind, message, startMs, place)
}

function takeReadings(
  context: FitContext,
  kind: Pick<Kind, 'name' | 'readings' | 'from'>,
  message: FitMessage,
  startMs: number,
  place: Place,
): void {
  let taken = 0
  for (const [field, metric, unit] of kind.readings) {
    const value = numberOf(message[field])
    if (!(value >= kind.from)) continue
    context.take(metric, unit, value, startMs, place)
    taken++
  }
  if (taken === 0) context.measurements.unmappedInFile(kind.name, startMs)
}

function takeSeries(context: FitContext, kind: Kind, message: FitMessage): void {
  const startMs = fitTime(message['timestamp'])
  const place = context.place(kind.name, message)
  const interval = numberOf(message['processingInterval'])
  for (const [field, metric, unit] of kind.readings) {
    const found = message[field]
    const values: readonly unknown[] = Array.isArray(found) ? found : [found]
    const stepMs = interval > 0 ? (interval * 1000) / values.length : 0
    let taken = 0
    for (const [index, value] of values.entries()) {
      const number = numberOf(value)
      if (!(number >= kind.from)) continue
      context.take(metric, unit, number, startMs + Math.round(index * stepMs), place)
      taken++
    }
    if (taken === 0) context.measurements.unmappedInFile(kind.name, startMs)
  }
}

/** Turns a measurement away that is somebody else's, or may be: whose it is must not be guessed. */
function turnsAway(context: FitContext, message: FitMessage, place: Place): boolean {
  const { people } = context.facts
  const { whose } = context.intake.options
  const list = [...people].map(([key, name]) => `${key ?? 'none'}${name === '' ? '' : ` ${name}`}`).sort()
  if (whose === undefined) {
    if (people.size <= 1) return false
    const question = `the file holds several people (user profiles ${list.join(', ')}): say --whose NUMBER`
    context.measurements.refuse(question, place, 'REFUSED_INPUT')
    return true
  }
  const index = message['userProfileIndex']
  // A file of nobody in particular is the person's.
  if (people.size === 1 && index === undefined) return false
  const namesOf = (key: unknown) => [String(key), people.get(key)]
  if ([...people.keys()].some((key) => isWhose(whose, namesOf(key)))) context.intake.others.meet()
  if (index !== undefined && isWhose(whose, namesOf(index))) return false
  const isUnknown = !/^\d+$/.test(whose) && (people.get(index) ?? '') === ''
  if (isUnknown) {
    const reason = `the file does not name its people (user profiles ${list.join(', ')}): say --whose NUMBER`
    context.measurements.refuse(reason, place, 'REFUSED_INPUT')
  } else
    context.measurements.turnAway(`it belongs to another person (user profiles ${list.join(', ')})`, place)
  return true
}

function takeWeight(context: FitContext, message: FitMessage): void {
  const place = context.place('weight_scale', message)
  if (turnsAway(context, message, place)) return
  const isWeighing = numberOf(message['weight']) >= stillWeighing
  const settled = isWeighing ? { ...message, weight: undefined } : message
  takeReadings(context, scale, settled, fitTime(message['timestamp']), place)
}

const scale = { name: 'weight_scale', readings: scaleReadings, from: 0.01 } as const

function takePressure(context: FitContext, message: FitMessage): void {
  const place = context.place('blood_pressure', message)
  if (turnsAway(context, message, place)) return
  const startMs = fitTime(message['timestamp'])
  const status = message['status']
  if (status !== undefined && status !== 'noError') {
    context.intake.note('a blood pressure whose cuff reports an error was not taken as a measurement')
    context.measurements.unmappedInFile('blood_pressure', startMs)
    return
  }
  const systolic = numberOf(message['systolicPressure'])
  const diastolic = numberOf(message['diastolicPressure'])
  let taken = 0
  if (systolic > 0 && diastolic > 0) {
    context.take('blood_pressure', 'mm[Hg]', systolic, startMs, place, { second: diastolic })
    taken++
  }
  const mean = numberOf(message['meanArterialPressure'])
  if (mean > 0) {
    context.take('mean_arterial_pressure', 'mm[Hg]', mean, startMs, place)
    taken++
  }
  const pulse = numberOf(message['heartRate'])
  if (pulse > 0) {
    context.take('heart_rate', '/min', pulse, startMs, place)
    taken++
  }
  if (taken === 0) context.measurements.unmappedInFile('blood_pressure', startMs)
}

function takeNap(context: FitContext, message: FitMessage): void {
  const place = context.place('nap_event', message)
  const startMs = fitTime(message['startTime'])
  const endMs = fitTime(message['endTime'])
  const deleted = message['isDeleted']
  if (!(endMs > startMs) || deleted === true || deleted === 1) {
    context.measurements.unmappedInFile('nap_event', startMs)
    return
  }
  const durationMs = endMs - startMs
  context.take('sleep_asleep', 's', durationMs / 1000, startMs, place, { durationMs })
}

/** A level holds until the next one; the last until the sleep's end, where the file tells it. */
function takeSleep(context: FitContext, messages: FitMessages): void {
  const levels = messages['sleepLevelMesgs'] ?? []
  const endMs = sleepEnd(messages)
  let lastMs = Number.NaN
  for (const [index, message] of levels.entries()) {
    const place = context.place('sleep_level', message)
    const startMs = fitTime(message['timestamp'])
    const next = levels[index + 1]
    const untilMs = next ? fitTime(next['timestamp']) : endMs
    const metric = stages[wordOf(message['sleepLevel'])]
    const durationMs = untilMs - startMs
    if (!Number.isNaN(startMs)) lastMs = startMs
    if (metric === undefined || !(durationMs > 0 && durationMs <= longestLevelMs)) {
      context.measurements.unmappedInFile('sleep_level', startMs)
      continue
    }
    context.take(metric, 's', durationMs / 1000, startMs, place, { durationMs })
  }
  for (const message of messages['sleepAssessmentMesgs'] ?? []) {
    const place = context.place('sleep_assessment', message)
    const atMs = Number.isNaN(endMs) ? lastMs : endMs
    takeReadings(context, assessment, message, atMs, place)
  }
}

const assessment: Pick<Kind, 'name' | 'readings' | 'from'> = {
  name: 'sleep_assessment',
  readings: [
    ['overallSleepScore', 'sleep_score', '{score}'],
    ['awakeningsCount', 'sleep_awakenings', '{count}'],
  ],
  from: 0,
}

/** Event 74 of the device: sleep; it stops when the person wakes. The profile does not name it. */
function sleepEnd(messages: FitMessages): number {
  const stop = (messages['eventMesgs'] ?? []).findLast(
    (message) => message['event'] === 74 && /stop/.test(wordOf(message['eventType'])),
  )
  return stop ? fitTime(stop['timestamp']) : Number.NaN
}
