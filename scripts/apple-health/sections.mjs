// What the person of a generated export measures: one function for each kind of data, called once a day.

import { isWorkoutDay, pressureCorrelations, pressures, summaries, workouts } from './events.mjs'
import { bump, normal } from './random.mjs'
import { clock, dayMs, entry, minuteMs, record, sources, zone } from './writing.mjs'

/** 88 kg, half a kilogram a month less, levelling off at 79 kg, with a weekly rhythm. */
function weightOf(day) {
  return 79 + 9 * Math.exp(-day / 300) + 0.35 * Math.sin((2 * Math.PI * day) / 7)
}

/** Falls from 66 to about 58 per minute as training shows. */
function restingRateOf(day) {
  return 58 + 8 * Math.exp(-day / 250) + 1.2 * Math.sin((2 * Math.PI * day) / 28)
}

function isWeekend(day) {
  return day % 7 > 4
}

/** Minutes after local midnight of falling asleep (of the evening before) and of getting up. */
function nightOf(day, random) {
  return {
    from: -50 + (isWeekend(day) ? 40 : 0) + random() * 40,
    to: 390 + (isWeekend(day) ? 60 : 0) + random() * 30,
  }
}

function heights({ day, at }) {
  return day === 0 ? record('', 'Height', sources.phone, 'cm', at + 9 * 3_600_000, 0, '178') : ''
}

function weights({ day, at, random }) {
  const at7 = at + (395 + random() * 20) * minuteMs
  const kilograms = weightOf(day) + normal(random) * 0.35
  const noted = random() < 0.9
  if (!noted) return ''
  return (
    record('', 'BodyMass', sources.scale, 'kg', at7, 0, kilograms.toFixed(2)) +
    record('', 'BodyMassIndex', sources.scale, 'count', at7, 0, (kilograms / 1.78 ** 2).toFixed(4)) +
    record(
      '',
      'BodyFatPercentage',
      sources.scale,
      '%',
      at7,
      0,
      (0.14 + kilograms / 800 + normal(random) * 0.004).toFixed(4),
    )
  )
}

/** Every five minutes on average, denser in workouts; as dense as `records` asks for. */
function heartRates({ day, at, random, records, days }) {
  const perDay = records > 0 ? Math.max(20, Math.round(records / days - recordsPerDayWithout)) : 288
  const gap = dayMs / perDay
  let text = ''
  for (let i = 0; i < perDay; i++) {
    const ms = at + Math.floor((i + random() * 0.9) * gap)
    const hour = ((ms - at) / 3_600_000) % 24
    const asleep = hour < 6.5
    const active = isWorkoutDay(day) && hour > 17.5 && hour < 18.4
    const rate = active
      ? 128 + normal(random) * 12
      : restingRateOf(day) + (asleep ? -4 : 14 + 8 * Math.sin(hour / 3)) + normal(random) * 5
    const motion = asleep ? 1 : active ? 2 : 0
    const value = random() < 0.85 ? String(Math.max(38, Math.round(rate))) : Math.max(38, rate).toFixed(4)
    text += record('', 'HeartRate', sources.watch, 'count/min', ms, 0, value, motionEntries[motion])
  }
  return text
}

const motionEntries = [0, 1, 2].map((motion) => entry('HKMetadataKeyHeartRateMotionContext', String(motion)))
/** About how many records a day has beside heart rates. */
const recordsPerDayWithout = 720

function restingHeartRates({ day, at, random }) {
  const rate = Math.round(restingRateOf(day) + normal(random) * 1.5)
  return (
    record('', 'RestingHeartRate', sources.watch, 'count/min', at + 60_000, dayMs - 120_000, String(rate)) +
    record(
      '',
      'WalkingHeartRateAverage',
      sources.watch,
      'count/min',
      at + 8 * 3_600_000,
      10 * 3_600_000,
      String(rate + 38),
    )
  )
}

/** Phone and watch count the same steps: the intervals overlap. */
function steps({ day, at, random }) {
  let text = ''
  for (let minute = 410; minute < 1350; minute += 15 + Math.floor(random() * 20)) {
    const count = Math.round((isWeekend(day) ? 160 : 210) * random() * random() * 3)
    if (count < 5) continue
    const from = at + minute * minuteMs
    const length = (6 + Math.floor(random() * 8)) * minuteMs
    text += record('', 'StepCount', sources.watch, 'count', from, length, String(count))
    if (random() < 0.7) {
      text += record(
        '',
        'StepCount',
        sources.phone,
        'count',
        from + 20_000,
        length,
        String(Math.round(count * 0.93)),
      )
    }
  }
  return text
}

function distances({ at, random }) {
  let text = ''
  for (let minute = 410; minute < 1350; minute += 15 + Math.floor(random() * 20)) {
    const kilometres = random() * random() * 0.6
    text += record(
      '',
      'DistanceWalkingRunning',
      sources.watch,
      'km',
      at + minute * minuteMs,
      600_000,
      String(kilometres),
    )
  }
  return text
}

function energies({ day, at, random }) {
  let text = ''
  for (let minute = 0; minute < 1440; minute += 15) {
    const from = at + minute * minuteMs
    const awake = minute > 400 && minute < 1370
    const active = awake ? random() * random() * 60 : 0.4 * random()
    // The display unit was changed after a year: both units are in one export.
    const unit = day < 365 ? 'kcal' : 'kJ'
    const factor = unit === 'kcal' ? 1 : 4.184
    text += record(
      '',
      'ActiveEnergyBurned',
      sources.watch,
      unit,
      from,
      15 * minuteMs,
      (active * factor).toFixed(3),
    )
    text += record(
      '',
      'BasalEnergyBurned',
      sources.watch,
      unit,
      from,
      15 * minuteMs,
      (18.4 * factor).toFixed(3),
    )
  }
  return text
}

function flights({ at, random }) {
  const count = Math.floor(random() * 9)
  let text = ''
  for (let i = 0; i < count; i++) {
    text += record('', 'FlightsClimbed', sources.phone, 'count', at + (480 + i * 90) * minuteMs, 40_000, '1')
  }
  return text
}

function oxygen({ at, random }) {
  let text = ''
  for (let i = 0; i < 8; i++) {
    const ratio = 0.955 + random() * 0.04
    text += record(
      '',
      'OxygenSaturation',
      sources.watch,
      '%',
      at + (30 + i * 45) * minuteMs,
      0,
      ratio.toFixed(2),
      barometer,
    )
  }
  return text
}

const barometer = entry('HKMetadataKeyBarometricPressure', '100.1 kPa')

function respiration({ at, random }) {
  let text = ''
  for (let i = 0; i < 24; i++) {
    text += record(
      '',
      'RespiratoryRate',
      sources.watch,
      'count/min',
      at + i * 16 * minuteMs,
      60_000,
      (13 + random() * 3).toFixed(1),
    )
  }
  return text
}

function variability({ day, at, random }) {
  let text = ''
  for (let i = 0; i < 4; i++) {
    const from = at + (120 + i * 300) * minuteMs
    const sdnn = 38 + 14 * (1 - Math.exp(-day / 300)) + normal(random) * 9
    text += record(
      '',
      'HeartRateVariabilitySDNN',
      sources.watch,
      'ms',
      from,
      60_000,
      Math.max(8, sdnn).toFixed(4),
      beats(from, random),
    )
  }
  return text
}

function beats(from, random) {
  let list = ''
  let ms = from
  for (let i = 0; i < 30; i++) {
    const bpm = Math.round(60 + normal(random) * 4)
    list += `   <InstantaneousBeatsPerMinute bpm="${bpm}" time="${clock(ms)}"/>\n`
    ms += Math.round(6000 / bpm) * 10
  }
  return `  <HeartRateVariabilityMetadataList>\n${list}  </HeartRateVariabilityMetadataList>\n`
}

function fitness({ day, at, random }) {
  if (day % 9 !== 0) return ''
  const value = 36 + 6 * (1 - Math.exp(-day / 300)) + normal(random) * 0.4
  return record(
    '',
    'VO2Max',
    sources.watch,
    'mL/min·kg',
    at + 19 * 3_600_000,
    0,
    value.toFixed(2),
    entry('HKVO2MaxTestType', '2'),
  )
}

/** A sensor worn two weeks in eight. */
function glucose({ day, at, random }) {
  if (day % 56 > 13) return ''
  let text = ''
  for (let minute = 0; minute < 1440; minute += 5) {
    const meal = [480, 780, 1170].reduce((sum, eaten) => sum + bump(minute - eaten - 45, 40), 0)
    const value = Math.round(96 + 42 * meal + normal(random) * 3)
    text += record(
      '',
      'BloodGlucose',
      sources.sensor,
      'mg/dL',
      at + minute * minuteMs + 17_000,
      0,
      String(value),
    )
  }
  return text
}

function sleep({ day, at, random }) {
  const night = nightOf(day, random)
  const inBed = record(
    '',
    'InBed',
    sources.phone,
    null,
    at + (night.from - 12) * minuteMs,
    (night.to - night.from + 20) * minuteMs,
    '',
    timeZone,
  )
  let text = inBed
  let minute = night.from
  while (night.to - minute > 1) {
    for (const [stage, share] of [
      ['Core', 45],
      ['Deep', 25],
      ['Core', 20],
      ['REM', 22],
      ['Awake', 3],
    ]) {
      const length = Math.min(share * (0.7 + 0.6 * random()), night.to - minute)
      text += record('', stage, sources.watch, null, at + minute * minuteMs, length * minuteMs, '', timeZone)
      minute += length
    }
  }
  return text
}

const timeZone = entry('HKTimeZone', zone)

function standHours({ at, random }) {
  let text = ''
  for (let hour = 7; hour < 23; hour++) {
    const stood = random() < 0.75
    text += record('', stood ? 'Stood' : 'Idle', sources.watch, null, at + hour * 3_600_000, 3_600_000, '')
  }
  return text
}

function exercise({ day, at }) {
  let text = ''
  const minutes = isWorkoutDay(day) ? 48 : 12
  for (let i = 0; i < minutes; i++) {
    text += record('', 'AppleExerciseTime', sources.watch, 'min', at + (1060 + i) * minuteMs, 60_000, '1')
  }
  return text
}

function mobility({ at, random }) {
  let text = ''
  for (let i = 0; i < 6; i++) {
    const from = at + (520 + i * 120) * minuteMs
    text += record(
      '',
      'WalkingSpeed',
      sources.phone,
      'km/hr',
      from,
      50_000,
      (4.6 + random() * 0.8).toFixed(3),
    )
    text += record(
      '',
      'WalkingStepLength',
      sources.phone,
      'cm',
      from,
      50_000,
      String(68 + Math.floor(random() * 8)),
    )
    text += record(
      '',
      'WalkingDoubleSupportPercentage',
      sources.phone,
      '%',
      from,
      50_000,
      (0.26 + random() * 0.03).toFixed(3),
    )
    text += record(
      '',
      'WalkingAsymmetryPercentage',
      sources.phone,
      '%',
      from,
      50_000,
      (random() * 0.05).toFixed(2),
    )
  }
  return text
}

/** In the order of the Health app: type after type. */
export const recordSections = [
  heights,
  weights,
  heartRates,
  restingHeartRates,
  steps,
  distances,
  energies,
  flights,
  oxygen,
  respiration,
  variability,
  fitness,
  glucose,
  sleep,
  standHours,
  exercise,
  mobility,
  pressures,
]

/** What follows the records. */
export const closingSections = [pressureCorrelations, workouts, summaries]
