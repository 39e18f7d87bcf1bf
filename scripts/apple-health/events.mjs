// Blood pressure, workouts and daily summaries of a generated export.

import { normal, randomOf } from './random.mjs'
import { date, entry, minuteMs, record, sources, zone } from './writing.mjs'

export function readingOf(day) {
  const random = randomOf(90_000 + day)
  const high = 134 - 8 * (1 - Math.exp(-day / 300)) + normal(random) * 5
  return {
    high: Math.round(high),
    low: Math.round(high * 0.63 + normal(random) * 3),
    minute: 440 + Math.floor(random() * 20),
  }
}

/** Every second morning. The cuff's app writes a correlation; its records are repeated at top level with a defect only. */
export function pressures({ day, at, defects: faults }) {
  if (day % 2 !== 0 || !faults.has('repeated-pressure')) return ''
  return pressureRecords(day, at, '')
}

export function pressureRecords(day, at, indent) {
  const { high, low, minute } = readingOf(day)
  const ms = at + minute * minuteMs
  return (
    record(indent, 'BloodPressureSystolic', sources.cuff, 'mmHg', ms, 0, String(high)) +
    record(indent, 'BloodPressureDiastolic', sources.cuff, 'mmHg', ms, 0, String(low))
  )
}

export function pressureCorrelations({ day, at }) {
  if (day % 2 !== 0) return ''
  const ms = date(at + readingOf(day).minute * minuteMs)
  return ` <Correlation type="HKCorrelationTypeIdentifierBloodPressure" ${sources.cuff} creationDate="${ms}" startDate="${ms}" endDate="${ms}">\n${pressureRecords(day, at, ' ')} </Correlation>\n`
}

export function isWorkoutDay(day) {
  return day % 7 === 1 || day % 7 === 3 || day % 7 === 6
}

export function workouts({ day, at, random }) {
  if (!isWorkoutDay(day)) return ''
  const kind = day % 7 === 6 ? 'Cycling' : 'Running'
  const from = at + 1060 * minuteMs
  const minutes = 32 + random() * 20
  const times = `startDate="${date(from)}" endDate="${date(from + minutes * minuteMs)}"`
  const type = kind === 'Running' ? 'DistanceWalkingRunning' : 'DistanceCycling'
  const kilometres = minutes / (kind === 'Running' ? 5.6 : 2.4)
  const statistics = (name, values, unit) =>
    `  <WorkoutStatistics type="HKQuantityTypeIdentifier${name}" ${times} ${values} unit="${unit}"/>\n`
  return (
    ` <Workout workoutActivityType="HKWorkoutActivityType${kind}" duration="${minutes}" durationUnit="min" ${sources.watch} creationDate="${date(from + 60 * minuteMs)}" ${times}>\n` +
    entry('HKIndoorWorkout', '0') +
    entry('HKTimeZone', zone) +
    entry('HKWeatherTemperature', `${Math.round(50 + random() * 20)} degF`) +
    `  <WorkoutEvent type="HKWorkoutEventTypeSegment" date="${date(from)}" duration="${minutes / 2}" durationUnit="min"/>\n` +
    statistics(type, `sum="${kilometres.toFixed(4)}"`, 'km') +
    statistics('ActiveEnergyBurned', `sum="${(minutes * 10.5).toFixed(2)}"`, 'kcal') +
    statistics(
      'HeartRate',
      `average="${(128 + normal(random) * 3).toFixed(3)}" minimum="92" maximum="161"`,
      'count/min',
    ) +
    ' </Workout>\n'
  )
}

export function summaries({ day, at, random }) {
  const local = new Date(at).toISOString().slice(0, 10)
  return ` <ActivitySummary dateComponents="${local}" activeEnergyBurned="${(420 + random() * 200).toFixed(3)}" activeEnergyBurnedGoal="500" activeEnergyBurnedUnit="kcal" appleMoveTime="0" appleMoveTimeGoal="0" appleExerciseTime="${isWorkoutDay(day) ? 48 : 12}" appleExerciseTimeGoal="30" appleStandHours="12" appleStandHoursGoal="12"/>\n`
}
