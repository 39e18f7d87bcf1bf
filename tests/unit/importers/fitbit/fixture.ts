/** Heart rates of a day as the account export has them; all values are made up. */
import { arrayLaws } from '../law-fixture.ts'
import { jsonRevision } from '../revision-fixture.ts'

export const laws = arrayLaws(
  'fitbit',
  'heart_rate-2026-01-05.json',
  [0, 1, 2, 3, 4, 5].map((number) => ({
    dateTime: `01/05/26 07:0${number}:05`,
    value: { bpm: 60 + number, confidence: number % 4 },
  })),
)

/** The export writes JSON with blanks before colons, one key a line. */
export function written(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('": ', '" : ')
}

const minutes = (value: string) => [{ dateTime: '01/05/26 00:00:00', value }]
const month = (steps: string, eaten: string) => ({
  'fitbit_export.csv': `Foods
Date,Calories In
"2026-01-05","${eaten}"

Activities
Date,Calories Burned,Steps,Distance,Floors,Minutes Sedentary,Minutes Lightly Active,Minutes Fairly Active,Minutes Very Active,Activity Calories
"2026-01-05","1,900","${steps}","0","2","700","100","0","0","500"
`,
})

const exercise = (activeDuration: number, lastModified: string) => [
  {
    logId: 5,
    activityName: 'Run',
    startTime: '01/05/26 10:00:00',
    duration: 3_600_000,
    activeDuration,
    lastModified,
  },
]

export const revisions = [
  jsonRevision(
    'an edited workout',
    'fitbit',
    'exercise-0.json',
    { earlier: exercise(3_000_000, '01/05/26 11:00:00'), later: exercise(1_800_000, '01/06/26 08:00:00') },
    { workout: { earlier: [50], later: [30] } },
  ),
  jsonRevision(
    'a day in progress',
    'fitbit',
    'lightly_active_minutes-2026-01-01.json',
    { earlier: minutes('80'), later: minutes('190') },
    { light_activity_time: { earlier: [80], later: [190] } },
  ),
  {
    title: 'a day in progress, from the monthly table',
    importer: 'fitbit',
    earlier: month('4,000', '600'),
    later: month('9,000', '2,100'),
    seen: {
      steps: { earlier: [4000], later: [9000] },
      energy_intake: { earlier: [600], later: [2100] },
    },
  },
]
