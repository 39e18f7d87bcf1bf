/** An Apple Health export of twelve units: records, a correlation, a workout, a summary, one without a metric, a route. */
import { healthData, record } from '../harness.ts'
import type { LawFixture } from '../law-fixture.ts'

const times = (day: number, minute = 0) => {
  const date = `2026-02-${String(day + 1).padStart(2, '0')} 08:${String(minute).padStart(2, '0')}:00 +0100`
  return `creationDate="${date}" startDate="${date}" endDate="${date}"`
}
const plain = (day: number, type: string, unit: string, value: string) =>
  ` <Record type="HKQuantityTypeIdentifier${type}" sourceName="Watch" unit="${unit}" ${times(day)} value="${value}"/>\n`

const units: readonly ((day: number) => string)[] = [
  (day) => plain(day, 'HeartRate', 'count/min', `${60 + day}`),
  (day) => plain(day, 'BodyMass', 'kg', `${80 + day / 10}`),
  (day) => plain(day, 'BodyMass', 'lb', `${180 + day / 10}`),
  (day) => plain(day, 'TelepathicField', 'count', `${day}`),
  (day) =>
    ` <Correlation type="HKCorrelationTypeIdentifierBloodPressure" sourceName="Cuff" ${times(day)}>\n${[
      ['Systolic', 128],
      ['Diastolic', 82],
    ]
      .map(([name, value]) => plain(day, `BloodPressure${name}`, 'mmHg', `${value}`))
      .join('')} </Correlation>\n`,
  (day) =>
    ` <Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="30" durationUnit="min" sourceName="Watch" ${times(day)}/>\n`,
  (day) =>
    ` <ActivitySummary dateComponents="2026-02-${String(day + 1).padStart(2, '0')}" appleStandHours="9"/>\n`,
  () => record('StepCount', '120', 'count'),
]
const size = 12

export const laws: LawFixture = {
  importer: 'apple-health',
  size,
  files(from, to) {
    let items = ''
    const routes: Record<string, string> = {}
    for (let unit = from; unit < to; unit++) {
      items += (units[unit % units.length] as (typeof units)[number])(unit)
      if (unit % 5 === 0)
        routes[`workout-routes/route_${unit}.gpx`] = `<gpx><trk><name>${unit}</name></trk></gpx>`
    }
    return { 'export.xml': healthData(items), ...routes }
  },
}
