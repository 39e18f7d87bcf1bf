/** Samsung Health as "Download personal data" writes it, to the SDK's definitions; all values are made up. */
import { tableLaws } from '../law-fixture.ts'
import type { RevisionFixture } from '../revision-fixture.ts'

/** A table: byte order mark, the line of its type, titles, rows with an empty cell at their end. */
export function table(
  dataType: string,
  titles: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [
    `${dataType},6320001,${titles.length}`,
    titles.join(','),
    ...rows.map((row) => [...row, ''].join(',')),
  ]
  return `\uFEFF${lines.join('\n')}\n`
}

/** Where the app puts the file that a cell names. */
export function detailPath(dataType: string, name: string): string {
  return `samsunghealth_person_20240502/jsons/${dataType}/${name[0]}/${name}`
}

export const uuid = (digit: number) => `${String(digit).repeat(8)}-1111-4222-8333-444455556666`

const prefix = 'com.samsung.health.blood_pressure.'

export const laws = tableLaws('samsung-health', 'com.samsung.shealth.blood_pressure.20240502101010.csv', {
  head: [
    'com.samsung.shealth.blood_pressure,6320001,6',
    `source,${prefix}start_time,${prefix}time_offset,${prefix}systolic,${prefix}diastolic,${prefix}pulse,${prefix}datauuid`,
  ],
  rows: [1, 2, 3, 4].map(
    (day) => `,2024-05-0${day} 06:00:00.000,UTC+0200,12${day}.0,8${day}.0,6${day},${uuid(day)},`,
  ),
})

const trend = 'com.samsung.shealth.step_daily_trend'
const daysTable = (steps: number) => ({
  [`${trend}.20240502101010.csv`]: table(
    trend,
    ['count', 'distance', 'day_time', 'source_type', 'deviceuuid', 'datauuid'],
    [[`${steps}`, `${steps / 2}`, `${Date.UTC(2024, 4, 1)}`, '-2', uuid(7), uuid(1)]],
  ),
})

const pressures = (systolic: number, updated: string) => ({
  'com.samsung.shealth.blood_pressure.20240502101010.csv': table(
    'com.samsung.shealth.blood_pressure',
    ['start_time', 'time_offset', 'systolic', 'diastolic', 'pulse', 'datauuid', 'update_time'].map(
      (column) => prefix + column,
    ),
    [['2024-05-01 06:00:00.000', 'UTC+0200', `${systolic}.0`, '80.0', '60', uuid(3), updated]],
  ),
})

export const revisions: readonly RevisionFixture[] = [
  {
    title: 'an edited pressure',
    importer: 'samsung-health',
    earlier: pressures(140, '2024-05-01 06:00:10.000'),
    later: pressures(120, '2024-05-01 19:00:00.000'),
    seen: { blood_pressure: { earlier: [140], later: [120] } },
  },
  {
    title: 'a day in progress',
    importer: 'samsung-health',
    earlier: daysTable(4000),
    later: daysTable(9000),
    seen: {
      steps: { earlier: [4000], later: [9000] },
      distance_walking_running: { earlier: [2], later: [4.5] },
    },
  },
]
