import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openMHealth } from '../../../../src/importers/open-mhealth/index.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { holdsAgainstDamage, rowsOf, runFile, runText } from '../adapter-run.ts'
import { dataPoint, openMHealthFixture } from './fixture.ts'

const run = (value: unknown, options = {}) =>
  runText(openMHealth, JSON.stringify(value), options, 'points.json')

describe('Open mHealth data points', () => {
  it('give measures in their own units at their own offsets', async () => {
    const { report, sink } = await run(openMHealthFixture)
    expect(report).toMatchObject({ read: 9, imported: 9 })
    expect(
      rowsOf(sink).map(({ metric, values, unit, at, minutes }) => [metric, ...values, unit, at, minutes]),
    ).toEqual([
      ['blood_pressure', 125, 60, 'mm[Hg]', '2026-02-05T07:25:00-480', 0],
      ['body_temperature', 97, '[degF]', '2026-02-05T07:25:00+60', 0],
      ['cgm_glucose', 5.5, 'mmol/L', '2026-02-05T07:25:00+0', 0],
      ['glucose', 95, 'mg/dL', '2026-02-05T07:25:00+0', 0],
      ['sleep_awakenings', 1, '{count}', '2026-02-05T21:35:00+0', 540],
      ['sleep_latency', 17.5, 'min', '2026-02-05T21:35:00+0', 540],
      ['sleep_total', 8.5, 'h', '2026-02-05T21:35:00+0', 540],
      ['steps', 7939, '{steps}', '2026-02-05T06:25:00+0', 60],
      ['workout', 60, 'min', '2026-02-06T06:25:00+0', 60],
    ])
    expect(rowsOf(sink)[0]?.extra).toEqual({ meta: { body_posture: 'sitting' } })
    expect(rowsOf(sink)[3]).toMatchObject({ app: 'Meter', extra: { context: 'fasting' } })
  })

  it('with a statistic, a part of a day or no metric are kept raw; without time they are refused', async () => {
    const time = { date_time: '2026-02-05T07:25:00Z' }
    const { report } = await run([
      {
        heart_rate: { value: 50, unit: 'beats/min' },
        effective_time_frame: time,
        descriptive_statistic: 'minimum',
      },
      {
        body_weight: { value: 50, unit: 'kg' },
        effective_time_frame: { time_interval: { date: '2026-02-05', part_of_day: 'morning' } },
      },
      { ambient_temperature: { value: 50, unit: 'F' }, effective_time_frame: time },
      { systolic_blood_pressure: { value: 120, unit: 'mmHg' }, effective_time_frame: time },
      { body_weight: { value: 50, unit: 'kg' } },
      { body_weight: { value: 50, unit: 'slug' }, effective_time_frame: time },
      { body_weight: { value: 'heavy', unit: 'kg' }, effective_time_frame: time },
      {
        systolic_blood_pressure: { value: 120, unit: 'mmHg' },
        diastolic_blood_pressure: { value: 8, unit: 'kPa' },
        effective_time_frame: time,
      },
      3,
    ])
    expect(report).toMatchObject({ read: 9, imported: 0, refused: 5 })
    expect(Object.values(report.unmapped)).toEqual([1, 1, 1, 1])
    expect(report.refusals.map(({ reason }) => reason)).toEqual([
      'it has no time',
      '"slug" is no unit of body_weight',
      'the value is no number',
      'its unit is no unit of pressure',
      'it is no data point',
    ])
  })

  it('of IEEE 1752.1 are read by their header, and wrapped ones from inside', async () => {
    const point = dataPoint(
      'heart-rate',
      {
        heart_rate: { value: 61, unit: 'beats/min' },
        effective_time_frame: { date_time: '2026-02-05T07:25:00' },
      },
      'ieee',
    )
    const { report, sink } = await run({ shim: 'x', body: [point] }, { zone: 'Europe/Berlin' })
    expect(report.imported).toBe(1)
    expect(rowsOf(sink)[0]?.at).toBe('2026-02-05T07:25:00+60')
  })

  it('end in a report or a failure whatever the bytes are', async () => {
    await holdsAgainstDamage(openMHealth, Buffer.from(JSON.stringify(openMHealthFixture)), 'points.json')
  })
})

function jsonFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? jsonFiles(path) : path.endsWith('.json') ? [path] : []
  })
}

const folder = sharedDataPath('open-mhealth', 'omh')
describe("the schemas' own examples", () => {
  it.skipIf(!folder)('are read, or say why not, file by file', async () => {
    let readings = 0
    for (const path of jsonFiles(folder as string)) {
      const example = JSON.parse(readFileSync(path, 'utf8'))
      const measures = Object.keys(example).filter((name) => example[name]?.unit !== undefined)
      let run: Awaited<ReturnType<typeof runFile>>
      try {
        run = await runFile(path)
      } catch (error) {
        // A bare quantity, a posture and a header alone name no measure.
        expect(path).toMatch(/(systolic|diastolic)-blood-pressure\/|body-posture|geoposition/)
        expect(error).toMatchObject({ code: 'REFUSED_INPUT' })
        continue
      }
      const { report } = run
      expect([
        path,
        report.refusals.filter(({ reason }) => !/no time|before it starts/.test(reason)),
      ]).toEqual([path, []])
      if (example.descriptive_statistic) expect([path, report.imported]).toEqual([path, 0])
      else if (report.imported > 0) readings += Math.min(measures.length, report.imported)
    }
    expect(readings).toBeGreaterThan(20)
  })
})
