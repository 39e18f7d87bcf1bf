/** Google Fit as a Takeout has it, to the documented data types and the layout of its files; all values are made up. */
import { fileLaws } from '../law-fixture.ts'
import type { RevisionFixture } from '../revision-fixture.ts'

export interface Field {
  readonly intVal?: number
  readonly fpVal?: number
  readonly stringVal?: string
  readonly mapVal?: readonly { readonly key: string; readonly value: { readonly fpVal: number } }[]
}

/** A point of `All Data`; times in ms. Nanoseconds are written as the digits that they are. */
export function point(
  type: string,
  fromMs: number,
  toMs: number,
  fields: readonly Field[],
  origin = '',
): string {
  const values = fields.map((field) => JSON.stringify({ value: field })).join(',')
  return `{"fitValue":[${values}],"originDataSourceId":"${origin}","endTimeNanos":${toMs}000000,"dataTypeName":"com.google.${type}","startTimeNanos":${fromMs}000000,"modifiedTimeMillis":${toMs},"rawTimestampNanos":0}`
}

export function stream(source: string, points: readonly string[]): string {
  return `{\n  "Data Source": "${source}",\n  "Data Points": [${points.join(',\n')}]\n}\n`
}

export const merged = (type: string, name: string) =>
  `derived:com.google.${type}:com.google.android.gms:${name}`

const minute = 60_000
const day = (number: number) => Date.UTC(2024, 4, number)

/** One day in all kinds of files. */
function dayFiles(number: number): readonly (readonly [string, string])[] {
  const noon = day(number) + 12 * 60 * minute
  const date = `2024-05-0${number}`
  const steps = [
    point('step_count.delta', noon, noon + 5 * minute, [{ intVal: 400 + number }]),
    point('step_count.delta', noon + 5 * minute, noon + 6 * minute, [{ intVal: 80 }]),
  ]
  const beats = [0, 1, 2].map((i) =>
    point('heart_rate.bpm', noon + i * minute, noon + i * minute, [{ fpVal: 60 + number + i }]),
  )
  return [
    [
      `Fit/Daily activity metrics/${date}.csv`,
      `Start time,End time,Calories (kcal),Step count,Low latitude (deg)\n12:00:00.000+02:00,12:15:00.000+02:00,17.5,${480 + number},52.1\n`,
    ],
    [
      `Fit/All Data/derived_steps_${number}.json`,
      stream(merged('step_count.delta', 'merge_step_deltas'), steps),
    ],
    [
      `Fit/All Data/raw_heart_rate_${number}.json`,
      stream('raw:com.google.heart_rate.bpm:com.example:Acme:Watch:1a2b:', beats),
    ],
    [
      `Fit/All Sessions/${date}T12_00_00+02_00_WALKING.json`,
      JSON.stringify({
        fitnessActivity: 'walking',
        startTime: `${date}T10:00:00Z`,
        endTime: `${date}T10:20:00Z`,
        duration: '1102.5s',
        segment: [],
        aggregate: [{ metricName: 'com.google.step_count.delta', intValue: 2000 + number }],
      }),
    ],
  ]
}

export const laws = fileLaws('google-fit', Object.fromEntries([1, 2, 3].flatMap(dayFiles)))

const daysTable = (steps: number) => ({
  'Fit/Daily activity metrics.csv': `Date,Step count,Heart Points\n2024-05-01,${steps},3\n`,
})

const weights = (fpVal: number, modified: number) => {
  const written = point('weight', day(1), day(1), [{ fpVal }]).replace(
    /"modifiedTimeMillis":\d+/,
    `"modifiedTimeMillis":${modified}`,
  )
  return { 'Fit/All Data/raw_weight.json': stream('raw:com.google.weight:com.example:', [written]) }
}

export const revisions: readonly RevisionFixture[] = [
  {
    title: 'an edited weight',
    importer: 'google-fit',
    earlier: weights(81, day(1) + 1000),
    later: weights(80, day(2)),
    seen: { weight: { earlier: [81], later: [80] } },
  },
  {
    title: 'a day in progress',
    importer: 'google-fit',
    earlier: daysTable(4000),
    later: daysTable(9000),
    seen: { steps: { earlier: [4000], later: [9000] } },
  },
]
