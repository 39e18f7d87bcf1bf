/** A Withings weight.csv, newest first; all values are made up. */
import { tableLaws } from '../law-fixture.ts'
import { jsonRevision } from '../revision-fixture.ts'

export const laws = tableLaws('withings', 'weight.csv', {
  head: ['Date,Weight (kg),Fat mass (kg),Bone mass (kg),Muscle mass (kg),Hydration (kg),Comments'],
  rows: [
    '2026-02-20 07:44:46,81.00,18.2,3.1,59.0,,',
    '2026-02-19 07:44:46,81.20,,,,,after the gym',
    '2026-02-18 07:40:00,81.30,18.4,3.1,58.9,,',
    '2026-02-17 07:41:00,81.10,18.3,3.1,58.8,,',
  ],
})

const answer = (steps: number, soft: number) => ({
  status: 0,
  body: { activities: [{ date: '2026-01-05', timezone: 'Europe/Berlin', steps, soft }] },
})
const group = (grams: number, modified: number) => ({
  status: 0,
  body: {
    measuregrps: [
      {
        grpid: 7,
        category: 1,
        date: 1_767_600_000,
        modified,
        measures: [{ type: 1, value: grams, unit: -3 }],
      },
    ],
  },
})
const table = (steps: number) => ({ 'aggregates_steps.csv': `date,value\n2026-01-05,${steps}\n` })
const steps = { steps: { earlier: [4000], later: [9000] } }

export const revisions = [
  jsonRevision(
    'a day in progress, from the API',
    'withings',
    'answer.json',
    { earlier: answer(4000, 600), later: answer(9000, 1800) },
    { ...steps, light_activity_time: { earlier: [10], later: [30] } },
  ),
  jsonRevision(
    'an edited weight',
    'withings',
    'answer.json',
    { earlier: group(81_000, 1_767_600_100), later: group(80_000, 1_767_700_000) },
    { weight: { earlier: [81], later: [80] } },
  ),
  {
    title: 'a day in progress, from the archive',
    importer: 'withings',
    earlier: table(4000),
    later: table(9000),
    seen: steps,
  },
]
