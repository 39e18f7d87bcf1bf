/** Answers of the Oura API v2: days of activity; all values are made up. */
import { arrayLaws } from '../law-fixture.ts'
import { jsonRevision } from '../revision-fixture.ts'

export const laws = arrayLaws(
  'oura',
  'daily_activity.json',
  [1, 2, 3, 4, 5].map((day) => ({
    id: `day-${day}`,
    day: `2026-01-0${day}`,
    score: 70 + day,
    active_calories: 500 + day,
    total_calories: 2800,
    steps: 9000 + day,
    equivalent_walking_distance: 7150,
    high_activity_time: 1140,
    medium_activity_time: 3300,
    low_activity_time: 17_820,
    timestamp: `2026-01-0${day}T23:59:59+00:00`,
  })),
  (part) => ({ data: part, next_token: null }),
)

const day = (steps: number, kcal: number) => [
  { id: 'a', day: '2026-01-05', steps, active_calories: kcal, low_activity_time: steps, contributors: {} },
]

export const revisions = [
  jsonRevision(
    'a day in progress',
    'oura',
    'daily_activity.json',
    { earlier: day(4000, 200), later: day(9000, 520) },
    {
      steps: { earlier: [4000], later: [9000] },
      active_energy: { earlier: [200], later: [520] },
    },
  ),
]
