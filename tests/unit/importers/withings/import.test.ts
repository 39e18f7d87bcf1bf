import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../../../src/foundation/index.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { memberOf } from '../harness.ts'
import { importFile, importMembers, type TestOptions } from '../rows-of.ts'

const run = (name: string, lines: readonly string[], options: TestOptions = {}) =>
  importFile('withings', name, lines.join('\n'), options)

const weightHeader =
  'Date,"Weight (kg)","Fat mass (kg)","Bone mass (kg)","Muscle mass (kg)","Hydration (kg)",Comments'

describe('tables of the archive', () => {
  it('give weight and what it consists of, at the local time, in the unit of the title', async () => {
    const { report, rows } = await run('withings/weight.csv', [
      weightHeader,
      '"2026-07-02 07:00:00",88.00,20.1,3.1,,,"after holiday"',
      '"2026-01-02 07:00:00",,,,,,',
      '"someday",80,,,,,',
      '',
    ])
    expect(rows).toEqual([
      'bone_mass 3.1 kg @ 2026-07-02T07:00:00 +0 Withings',
      'fat_mass 20.1 kg @ 2026-07-02T07:00:00 +0 Withings',
      'weight 88 kg @ 2026-07-02T07:00:00 +0 Withings',
    ])
    expect(report.unmapped).toEqual({ 'withings row without values': 1 })
    expect(report.refusals).toMatchObject([{ where: 'weight.csv:4', code: 'DATE' }])
  })

  it('take pounds as pounds and inches as inches', async () => {
    const pounds = await run('weight.csv', ['Date,Weight (lb),Fat mass (lb)', '2026-01-02 07:00:00,194.0,'])
    expect(pounds.rows).toEqual(['weight 194 [lb_av] @ 2026-01-02T07:00:00 +0 Withings'])
    const height = await run('height.csv', ['Date,Height (in),Comments', '2026-01-02 07:00:00,72,'])
    expect(height.rows).toEqual(['height 72 [in_i] @ 2026-01-02T07:00:00 +0 Withings'])
  })

  it('ask for a unit that no title states, and take the one that the person states', async () => {
    const lines = ['Date,Height,Comments', '2026-01-02 07:00:00,1.83,']
    const { report } = await run('height.csv', lines)
    expect(report.refusals).toMatchObject([
      { code: 'UNIT', reason: 'its unit is not stated: say --unit height=UNIT' },
    ])
    const told = await run('height.csv', lines, { units: { height: 'm' } })
    expect(told.rows).toEqual(['height 1.83 m @ 2026-01-02T07:00:00 +0 Withings'])
  })

  it('give blood pressure, and a pulse alone where there is only one', async () => {
    const { report, rows } = await run('bp.csv', [
      'Date,Heart rate,Systolic,Diastolic,Comments',
      '2026-01-02 07:00:00,61,128,82,seated',
      '2026-01-02 08:00:00,62,,,',
      '2026-01-02 09:00:00,,120,,',
      '2026-01-02 10:00:00,,,,',
    ])
    expect(rows).toEqual([
      'blood_pressure 128/82 mm[Hg] @ 2026-01-02T07:00:00 +0 Withings',
      'heart_rate 61 /min @ 2026-01-02T07:00:00 +0 Withings',
      'heart_rate 62 /min @ 2026-01-02T08:00:00 +0 Withings',
    ])
    expect(report.unmapped).toEqual({
      'withings pressure without its partner': 1,
      'withings row without values': 1,
    })
  })

  it('give sums of local days', async () => {
    const { rows } = await run('aggregates_steps.csv', ['date,value', '2026-03-29,7142', '2026-13-01,5'])
    // The clocks go forward on this day.
    expect(rows).toEqual(['steps 7142 {steps} @ 2026-03-29T00:00:00 +82800 Withings'])
  })

  it('give nights, with the offset that they state', async () => {
    const header =
      'from,to,light (s),deep (s),rem (s),awake (s),wake up,Duration to sleep (s),Duration to wake up (s),Snoring (s),Snoring episodes,Average heart rate,Heart rate (min),Heart rate (max),Night events'
    const night =
      '2026-01-01T23:00:00-05:00,2026-01-02T07:00:00-05:00,20820,6460,0,1440,5,120,0,0,0,59,51,71,'
    const { report, rows } = await run(
      'sleep.csv',
      [header, night, 'x,y,1,,,,,,,,,,,,', 'x,y,,,,,,,,,,,,,'],
      { zone: undefined },
    )
    expect(rows).toEqual([
      'sleep_awake 1440 s @ 2026-01-01T23:00:00 +28800 Withings',
      'sleep_awakenings 5 {count} @ 2026-01-02T07:00:00 +0 Withings',
      'sleep_core 20820 s @ 2026-01-01T23:00:00 +28800 Withings',
      'sleep_deep 6460 s @ 2026-01-01T23:00:00 +28800 Withings',
      'sleep_heart_rate 59 /min @ 2026-01-01T23:00:00 +28800 Withings',
      'sleep_latency 120 s @ 2026-01-02T07:00:00 +0 Withings',
    ])
    expect(report).toMatchObject({ refused: 1, unmapped: { 'withings row without values': 1 } })
  })

  it('give activities with the totals of their data', async () => {
    const { rows, sink } = await run('activities.csv', [
      'from,to,from (manual),to (manual),Timezone,Activity type,Data,GPS,Modified',
      '2026-01-02T10:00:00+01:00,2026-01-02T10:30:00+01:00,,,Europe/Paris,Walking,"{""calories"":120,""steps"":3000,""x"":null}",,2026',
      '2026-01-03T10:00:00+01:00,2026-01-03T10:30:00+01:00,,,Europe/Paris,,oops,,2026',
      '2026-01-04T10:00:00+01:00,2026-01-04T10:30:00+01:00,,,Europe/Paris,Yoga,7,,2026',
    ])
    expect(rows).toEqual([
      'workout 1800 s @ 2026-01-02T10:00:00 +1800 Withings',
      'workout 1800 s @ 2026-01-03T10:00:00 +1800 Withings',
      'workout 1800 s @ 2026-01-04T10:00:00 +1800 Withings',
    ])
    expect([...sink.rows.values()][0]).toContain(
      '"context":"walking","meta":{"calories":"120","steps":"3000"}',
    )
  })
})

describe('raw series', () => {
  it('follow one another in a row; sums of a device are a source of their own', async () => {
    const { report, rows } = await run('raw_tracker_steps.csv', [
      'start,duration,value',
      '2026-01-02T10:00:00+01:00,"[60,120]","[21,47]"',
      '2026-01-02T11:00:00+01:00,60,5',
      '2026-01-02T12:00:00+01:00,"[60]","[1,2]"',
      '2026-01-02T12:00:00+01:00,"[60]","[many]"',
      '2026-01-02T13:00:00+01:00,[],[]',
    ])
    expect(rows).toEqual([
      'steps 21 {steps} @ 2026-01-02T10:00:00 +60 Withings/raw',
      'steps 47 {steps} @ 2026-01-02T10:01:00 +120 Withings/raw',
      'steps 5 {steps} @ 2026-01-02T11:00:00 +60 Withings/raw',
    ])
    expect(report.refused).toBe(3)
  })

  it('give heart rates; zero is none', async () => {
    const { report, rows } = await run('raw_hr_hr.csv', [
      'start,duration,value',
      '2026-01-02T10:00:00+01:00,"[60,60]","[51,0]"',
    ])
    expect(rows).toEqual(['heart_rate 51 /min @ 2026-01-02T10:00:00 +60 Withings'])
    expect(report.unmapped).toEqual({ 'withings heart_rate without a measurement': 1 })
  })

  it('give sleep stages as time', async () => {
    const { report, rows } = await run('raw_tracker_sleep-state.csv', [
      'start,duration,value',
      '2026-01-02T23:00:00+01:00,"[120,1620,600,300,60]","[0,1,2,3,9]"',
    ])
    expect(rows).toEqual([
      'sleep_awake 120 s @ 2026-01-02T23:00:00 +120 Withings/raw',
      'sleep_core 1620 s @ 2026-01-02T23:02:00 +1620 Withings/raw',
      'sleep_deep 600 s @ 2026-01-02T23:29:00 +600 Withings/raw',
      'sleep_rem 300 s @ 2026-01-02T23:39:00 +300 Withings/raw',
    ])
    expect(report.unmapped).toEqual({ 'withings state without a metric': 1 })
  })

  it('without a metric are kept raw', async () => {
    const { report } = await run('raw_spo2_quality_score.csv', [
      'start,duration,value',
      '2026-01-02T23:00:00+01:00,[10],[-3]',
    ])
    expect(report.unmapped).toEqual({ 'withings raw_spo2_quality_score': 1 })
  })
})

describe('the archive', () => {
  it('offers what the account says of the person, and keeps electrocardiograms whole', async () => {
    const { report } = await importMembers('auto', [
      memberOf('user.csv', [Buffer.from('firstname,lastname,birthdate,gender\nA,B,601184200,female')]),
      memberOf('signal.csv', [Buffer.from('date,type,frequency,duration,signal\n2026-01-02,1,500,30,[1]')]),
    ])
    expect(report.profile.map(({ field, value }) => [field, value])).toEqual([
      ['dateOfBirth', '1989-01-19'],
      ['sex', 'female'],
    ])
    expect(report.kept).toEqual({ electrocardiogram: 1 })
  })

  it('ends in a report or a refusal for any bytes', async () => {
    const text = [weightHeader, '"2026-07-02 07:00:00",88.00,20.1,3.1,,,"after"'].join('\n')
    const ends = async (name: string, any: string | Uint8Array) => {
      try {
        await importFile('withings', name, any)
      } catch (cause) {
        expect(cause).toBeInstanceOf(Failure)
      }
    }
    for (let length = 0; length <= text.length; length++) await ends('weight.csv', text.slice(0, length))
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) =>
        ends('raw_tracker_sleep-state.csv', Buffer.concat([Buffer.from('start,duration,value\n'), bytes])),
      ),
      { numRuns: 150 },
    )
  })
})

/** Elements of the third column, counted without the program's reader. */
function elements(path: string): number {
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1)
  return lines.reduce(
    (sum, line) => sum + (/\[([^[\]]*)\]"?$/.exec(line.trim())?.[1]?.split(',').length ?? 0),
    0,
  )
}

const real = (name: string) => sharedDataPath('withings', 'jorgenlt', name)

describe('real tables', () => {
  it.skipIf(!real('raw_hr_hr.csv')).each([
    ['raw_hr_hr.csv', 'heart_rate'],
    ['raw_spo2_auto_spo2.csv', 'oxygen_saturation'],
  ])('%s gives every element', async (name, metric) => {
    const { report } = await importFile('auto', name, readFileSync(real(name) as string))
    expect(report.byMetric).toEqual({ [metric]: elements(real(name) as string) })
    expect(report.refused).toBe(0)
  })

  it.skipIf(!real('weight.csv')).each([
    ['weight.csv', { weight: 10 }],
    ['height.csv', { height: 1 }],
    ['manual_spo2.csv', { oxygen_saturation: 24 }],
    [
      'sleep.csv',
      {
        sleep_awake: 8,
        sleep_awakenings: 8,
        sleep_core: 8,
        sleep_deep: 8,
        sleep_heart_rate: 8,
        sleep_latency: 8,
      },
    ],
  ])('%s gives every row', async (name, counts) => {
    const { report } = await importFile('auto', name, readFileSync(real(name) as string))
    expect(report.byMetric).toEqual(counts)
    expect(report.refused).toBe(0)
  })
})
