/** Real files against counts made by an independent script, and records against another reader's values. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openInput, runImport } from '../../../../src/importers/index.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { RememberingSink, settled } from '../harness.ts'

interface Counts {
  readonly records: number
  readonly withHr: number
  readonly withPower: number
  readonly sports?: readonly (readonly unknown[])[]
}

const activities = [
  'python-fitparse/2013-02-06-12-11-14.fit',
  'python-fitparse/2015-10-13-08-43-15.fit',
  'python-fitparse/20170518-191602-1740899583.fit',
  'python-fitparse/Activity.fit',
  'python-fitparse/activity-settings.fit',
  'python-fitparse/Edge810-Vector-2013-08-16-15-35-10.fit',
  'python-fitparse/activity-small-fenix2-run.fit',
  'python-fitparse/garmin-edge-500-activity.fit',
  'python-fitparse/garmin-edge-820-bike.fit',
  'python-fitparse/garmin-fenix-5-run.fit',
  'python-fitparse/garmin-fenix-5-walk.fit',
  'python-fitparse/sample-activity-indoor-trainer.fit',
  'python-fitparse/sample-activity.fit',
  'sports-lib/rides-5319808632.fit',
  'sports-lib/runs-2067489619.fit',
  'sports-lib/runs-6782987395.fit',
  'sports-lib/swim-6688025408.fit',
]

const pathOf = (file: string) => sharedDataPath('garmin-fit', ...file.split('/'))

async function importFile(file: string, sink = new RememberingSink()) {
  const input = await openInput([pathOf(file) as string])
  const report = await runImport({ input, importer: 'auto', sink, options: { importId: 'i', zone: 'UTC' } })
  await input.close()
  expect(settled(report)).toBe(report.read)
  return { report, sink }
}

/** Rows handed to the sink, duplicates included, by metric. */
function rowCounts(sink: RememberingSink): Map<string, number> {
  const counts = new Map<string, number>()
  for (const chunk of sink.chunks) {
    for (const { series, columns } of chunk.blocks)
      counts.set(series.metric, (counts.get(series.metric) ?? 0) + columns.length)
  }
  return counts
}

describe.each(activities)('the real activity %s', (file) => {
  it.skipIf(!pathOf(file))('gives every heart rate, power and session, and nothing twice', async () => {
    const all = JSON.parse(readFileSync(sharedDataPath('COUNTS.json') as string, 'utf8')) as Record<
      string,
      Counts
    >
    const counts = all[`garmin-fit/${file}`] as Counts
    const { report, sink } = await importFile(file)
    const rows = rowCounts(sink)
    expect(rows.get('heart_rate') ?? 0).toBe(counts.withHr)
    expect(rows.get('cycling_power') ?? 0).toBe(counts.withPower)
    expect(rows.get('workout')).toBe(counts.sports?.length)
    expect(report.refused).toBe(0)
    expect(report.refusals).toEqual([])
    const again = await importFile(file, sink)
    expect(again.report.imported).toBe(0)
  })
})

interface Row {
  readonly seconds: number
  readonly heartRate: number
  readonly cadence: number
  readonly speed: number
}

/** `Sun Jun 11 07:34:09 PDT 2017,61,0,0.0,…`: the order of columns is the same in all three files. */
function expectedRows(file: string): Row[] {
  const lines = readFileSync(pathOf(file) as string, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
  return lines.map((line) => {
    const [time = '', heartRate, cadence, speed] = line.split(',')
    const seconds = Date.parse(time.replace('PDT', 'GMT-0700')) / 1000
    return { seconds, heartRate: Number(heartRate), cadence: Number(cadence), speed: Number(speed) }
  })
}

describe.each([
  ['python-fitparse/garmin-edge-500-activity', 'cadence_cycling', 1, 'cycling_speed'],
  ['python-fitparse/garmin-edge-820-bike', 'cadence_cycling', 1, 'cycling_speed'],
  ['python-fitparse/garmin-fenix-5-run', 'cadence_running', 2, 'running_speed'],
])('the records of %s', (name, cadenceMetric, factor, speedMetric) => {
  it.skipIf(!pathOf(`${name}-records.csv`))('have the values that another reader finds', async () => {
    const { sink } = await importFile(`${name}.fit`)
    const found = new Map<string, number[]>()
    for (const chunk of sink.chunks) {
      for (const { series, columns } of chunk.blocks) {
        for (let i = 0; i < columns.length; i++) {
          const key = `${series.metric} ${(columns.startMs[i] as number) / 1000}`
          found.set(key, [...(found.get(key) ?? []), columns.values[0]?.[i] as number])
        }
      }
    }
    const taken = (metric: string, seconds: number) => found.get(`${metric} ${seconds}`) ?? []
    let readings = 0
    for (const row of expectedRows(`${name}-records.csv`)) {
      expect(taken('heart_rate', row.seconds)).toContain(row.heartRate)
      if (row.cadence > 0) {
        const cadences = taken(cadenceMetric, row.seconds)
        expect(cadences.some((one) => Math.floor(one / factor) === row.cadence)).toBe(true)
      }
      if (row.speed > 0) {
        const speeds = taken(speedMetric, row.seconds)
        expect(speeds.some((one) => Math.abs(one - row.speed) < 1e-9)).toBe(true)
      }
      readings++
    }
    expect(readings).toBeGreaterThan(10)
  })
})

describe('other real files', () => {
  it.skipIf(!pathOf('python-fitparse/MonitoringFile.fit'))('count the steps of a day once', async () => {
    const { report, sink } = await importFile('python-fitparse/MonitoringFile.fit')
    expect(report.read).toBe(339)
    const steps = sink.chunks.flatMap((chunk) =>
      chunk.blocks
        .filter(({ series }) => series.metric === 'steps')
        .flatMap(({ columns }) => [...(columns.values[0] as Float64Array)]),
    )
    // The file's own sums of the day: 3142 walking, 31 running.
    expect(steps.reduce((sum, value) => sum + value, 0)).toBe(3142 + 31)
  })

  it.skipIf(!pathOf('python-fitparse/WeightScaleSingleUser.fit'))(
    'read the weights of one person',
    async () => {
      const { report } = await importFile('python-fitparse/WeightScaleSingleUser.fit')
      expect(report.byMetric).toEqual({ body_fat: 2, weight: 2 })
    },
  )

  it.skipIf(!pathOf('python-fitparse/WeightScaleMultiUser.fit'))(
    'ask whose the weights of two are',
    async () => {
      const { report } = await importFile('python-fitparse/WeightScaleMultiUser.fit')
      expect(report).toMatchObject({ imported: 0, refused: 2 })
    },
  )

  it.skipIf(!pathOf('python-fitparse/DeveloperData.fit'))('refuse records without a time', async () => {
    const { report } = await importFile('python-fitparse/DeveloperData.fit')
    expect(report).toMatchObject({ imported: 0, refused: 3 })
  })
})
