import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../../../src/foundation/index.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { importFile, type TestOptions } from '../rows-of.ts'

const run = (value: unknown, name = 'x.json', options: TestOptions = {}) =>
  importFile('oura', name, typeof value === 'string' ? value : JSON.stringify(value, null, 1), options)

const night = {
  id: 'a',
  day: '2026-01-02',
  bedtime_start: '2026-01-01T23:00:00-05:00',
  bedtime_end: '2026-01-02T07:00:00-05:00',
  type: 'long_sleep',
  deep_sleep_duration: 5400,
  light_sleep_duration: 15_000,
  rem_sleep_duration: 6000,
  awake_time: 2400,
  time_in_bed: 28_800,
  latency: 600,
  efficiency: 90,
  average_heart_rate: 54.5,
  average_breath: 14.1,
  average_hrv: 48,
  heart_rate: { interval: 300, items: [null, 52, 53], timestamp: '2026-01-01T23:00:00-05:00' },
  hrv: { interval: 300, items: [null, null], timestamp: '2026-01-01T23:00:00-05:00' },
}

describe('documents of the API', () => {
  it('give sleep periods with the offset that they state', async () => {
    const deleted = { ...night, type: 'deleted' }
    const { report, rows } = await run({ data: [night, deleted, 7], next_token: null }, 'sleep.json', {
      zone: undefined,
    })
    const at = '@ 2026-01-01T23:00:00 +28800 Oura'
    expect(rows).toEqual([
      'heart_rate 52 /min @ 2026-01-01T23:05:00 +0 Oura',
      'heart_rate 53 /min @ 2026-01-01T23:10:00 +0 Oura',
      `hrv_rmssd 48 ms ${at}`,
      `respiratory_rate 14.1 /min ${at}`,
      `sleep_awake 2400 s ${at}`,
      `sleep_core 15000 s ${at}`,
      `sleep_deep 5400 s ${at}`,
      'sleep_efficiency 90 % @ 2026-01-02T07:00:00 +0 Oura',
      `sleep_heart_rate 54.5 /min ${at}`,
      `sleep_in_bed 28800 s ${at}`,
      'sleep_latency 600 s @ 2026-01-02T07:00:00 +0 Oura',
      `sleep_rem 6000 s ${at}`,
    ])
    expect(report.unmapped).toEqual({ 'oura deleted sleep': 1 })
    expect(report.refusals).toMatchObject([{ where: 'sleep.json:sleep 3', reason: 'it is no object' }])
    expect(report.kept).toEqual({ 'oura sleep': 1 })
  })

  it('give the samples of variability instead of their average', async () => {
    const hrv = { interval: 300, items: [40, null, 44], timestamp: '2026-01-01T23:00:00-05:00' }
    const { rows } = await run({ data: [{ ...night, hrv }] })
    expect(rows.filter((row) => row.startsWith('hrv'))).toEqual([
      'hrv_rmssd 40 ms @ 2026-01-02T05:00:00 +0 Oura',
      'hrv_rmssd 44 ms @ 2026-01-02T05:10:00 +0 Oura',
    ])
  })

  it('tell daily documents apart by what they hold', async () => {
    const { report, rows } = await run([
      { day: '2026-01-02', score: 87, contributors: { deep_sleep: 92, total_sleep: 86 } },
      { day: '2026-01-02', score: 78, contributors: { hrv_balance: 80 }, temperature_deviation: -0.2 },
      { day: '2026-01-02', spo2_percentage: { average: 97.1 } },
      { day: '2026-01-02', vascular_age: 38, pulse_wave_velocity: 6.5 },
      { day: '2026-01-02', vo2_max: 44 },
      { day: '2026-01-02', contributors: {}, stress_high: 100 },
      { day: '2026-02-30', vo2_max: 44 },
      { day: '2026-01-02', steps: null, active_calories: null },
    ])
    const at = '@ 2026-01-02T00:00:00 +86400 Oura'
    expect(rows).toEqual([
      `oxygen_saturation 97.1 % ${at}`,
      `pulse_wave_velocity 6.5 m/s ${at}`,
      `readiness_score 78 {score} ${at}`,
      `sleep_score 87 {score} ${at}`,
      `temperature_deviation -0.2 Cel ${at}`,
      `vascular_age 38 a ${at}`,
      `vo2_max 44 mL/kg/min ${at}`,
    ])
    expect(report.unmapped).toEqual({ 'oura daily_activity': 1, 'oura document': 1 })
    expect(report.refusals).toMatchObject([{ code: 'DATE' }])
  })

  it('give heart rates, workouts and sessions', async () => {
    const { report, rows } = await run([
      { timestamp: '2026-01-02T10:00:00+00:00', bpm: 61, source: 'awake' },
      { timestamp: '2026-07-02T10:00:00Z', bpm: 62, source: 'rest' },
      {
        activity: 'trailRunning',
        start_datetime: '2026-01-02T10:00:00+01:00',
        end_datetime: '2026-01-02T10:30:00+01:00',
        calories: 300,
        source: 'manual',
        label: null,
      },
      {
        type: 'meditation',
        start_datetime: '2026-01-02T12:00:00+01:00',
        end_datetime: '2026-01-02T12:10:00+01:00',
      },
      { type: 'nap', start_datetime: '2026-01-02T13:00:00+01:00', end_datetime: '2026-01-02T13:10:00+01:00' },
      { biological_sex: 'female', age: 30 },
    ])
    expect(rows).toEqual([
      'heart_rate 61 /min @ 2026-01-02T11:00:00 +0 Oura',
      'heart_rate 62 /min @ 2026-07-02T12:00:00 +0 Oura',
      'mindful_minutes 600 s @ 2026-01-02T12:00:00 +600 Oura',
      'workout 1800 s @ 2026-01-02T10:00:00 +1800 Oura',
    ])
    expect(report.unmapped).toEqual({ 'oura session': 1 })
    expect(report.profile).toMatchObject([{ field: 'sex', value: 'female' }])
  })
})

describe('files of the account', () => {
  it('hold a list for each collection', async () => {
    const { report } = await run({
      sleep: [night],
      daily_readiness: { data: [{ day: '2026-01-02', score: 78 }] },
      heart_rate: [{ timestamp: '2026-01-02T10:00:00+00:00', bpm: 61, source: 'awake' }],
      tag: [{ id: 't', day: '2026-01-02', text: 'coffee' }],
      email: 'somebody@example.org',
    })
    expect(report.byMetric).toMatchObject({ readiness_score: 1, heart_rate: 3, sleep_deep: 1 })
    expect(report.unmapped).toEqual({ 'oura tag': 1 })
  })

  it('may be CSV, with objects in cells', async () => {
    const csv = [
      'id;contributors;day;score;timestamp',
      'a;"{""deep_sleep"":92,""total_sleep"":86}";2026-01-02;87;2026-01-02T00:00:00.000+00:00',
      '',
    ].join('\n')
    const { rows } = await run(csv, 'dailysleep.csv')
    expect(rows).toEqual(['sleep_score 87 {score} @ 2026-01-02T00:00:00 +86400 Oura'])
    const rates = await run(
      'timestamp;bpm;source\n2026-01-02T10:00:00.000Z;61;awake\nnever;62;awake',
      'heartrate.csv',
    )
    expect(rates.rows).toEqual(['heart_rate 61 /min @ 2026-01-02T11:00:00 +0 Oura'])
    expect(rates.report.refusals).toMatchObject([{ where: 'heartrate.csv:3', code: 'DATE' }])
    const cells = await run(
      'day,spo2_percentage\n2026-01-02,"{""average"":97}"\n2026-01-03,oops',
      'dailyspo2.csv',
    )
    expect(cells.report).toMatchObject({
      byMetric: { oxygen_saturation: 1 },
      unmapped: { 'oura daily_spo2': 1 },
    })
  })

  it('may be the old trend file with a day a row', async () => {
    const csv = [
      'date,Sleep Score,Bedtime Start,Bedtime End,Deep Sleep Duration,Average HRV,Readiness Score,Steps,Unknown',
      '2026-01-02,81,2026-01-01T23:00:00+01:00,2026-01-02T07:00:00+01:00,5400,50,77,9000,1',
      '2026-01-03,,,,,,,4000,',
    ].join('\n')
    const { rows } = await run(csv, 'oura_2026_trends.csv')
    expect(rows).toEqual([
      'hrv_rmssd 50 ms @ 2026-01-01T23:00:00 +28800 Oura',
      'readiness_score 77 {score} @ 2026-01-02T00:00:00 +86400 Oura',
      'sleep_deep 5400 s @ 2026-01-01T23:00:00 +28800 Oura',
      'sleep_score 81 {score} @ 2026-01-02T00:00:00 +86400 Oura',
      'steps 4000 {steps} @ 2026-01-03T00:00:00 +86400 Oura',
      'steps 9000 {steps} @ 2026-01-02T00:00:00 +86400 Oura',
    ])
  })

  it('end in a report or a refusal for any bytes', async () => {
    const bytes = Buffer.from(JSON.stringify({ data: [night] }))
    const ends = async (any: Uint8Array, name = 'sleep.json') => {
      try {
        await importFile('oura', name, any)
      } catch (cause) {
        expect(cause).toBeInstanceOf(Failure)
      }
    }
    for (let length = 0; length <= bytes.length; length += 7) await ends(bytes.subarray(0, length))
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const text = JSON.stringify({
          contributors: 1,
          data: value,
          sleep: [value, { ...night, heart_rate: value, hrv: { items: value } }],
        })
        await ends(Buffer.from(text))
      }),
      { numRuns: 150 },
    )
  })
})

const real = (name: string) => sharedDataPath('oura', 'api-evangelist', name)

describe('documents of the API documentation', () => {
  it.skipIf(!real('oura-daily-activity-example.json'))('give the day and its sleep score', async () => {
    const activity = await importFile(
      'auto',
      'activity.json',
      readFileSync(real('oura-daily-activity-example.json') as string),
    )
    expect(activity.rows).toContain('steps 9421 {steps} @ 2026-05-24T00:00:00 +86400 Oura')
    expect(activity.report.imported).toBe(7)
    const sleep = await importFile(
      'auto',
      'sleep.json',
      readFileSync(real('oura-daily-sleep-example.json') as string),
    )
    expect(sleep.rows).toEqual(['sleep_score 87 {score} @ 2026-05-24T00:00:00 +86400 Oura'])
  })
})
