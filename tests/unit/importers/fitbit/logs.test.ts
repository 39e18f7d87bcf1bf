import { describe, expect, it } from 'vitest'
import { fitbit } from '../../../../src/importers/fitbit/index.ts'
import { withShortWakes } from '../../../../src/importers/fitbit/sleep.ts'
import { holdsAgainstDamage } from '../adapter-run.ts'
import { importFile } from '../rows-of.ts'
import { written } from './fixture.ts'

const night = {
  logId: 17_386_918_523,
  dateOfSleep: '2018-02-02',
  startTime: '2018-02-01T23:30:00.000',
  endTime: '2018-02-02T00:30:00.000',
  duration: 3_600_000,
  minutesToFallAsleep: 0,
  minutesAsleep: 48,
  minutesAwake: 12,
  timeInBed: 60,
  efficiency: 93,
  type: 'stages',
  levels: {
    summary: { deep: { count: 1, minutes: 20 }, wake: { count: 2, minutes: 12 } },
    data: [
      { dateTime: '2018-02-01T23:30:00.000', level: 'wake', seconds: 600 },
      { dateTime: '2018-02-01T23:40:00.000', level: 'light', seconds: 1800 },
      { dateTime: '2018-02-02T00:10:00.000', level: 'deep', seconds: 1200 },
    ],
    shortData: [{ dateTime: '2018-02-01T23:50:00.000', level: 'wake', seconds: 120 }],
  },
  mainSleep: true,
}

describe('sleep logs', () => {
  it('give stages without the short wakes inside them, in local time', async () => {
    const { report, rows } = await importFile('fitbit', 'sleep-2018-01-06.json', written([night]))
    expect(rows).toEqual([
      'sleep_awake 120 s @ 2018-02-01T23:50:00 +120 Fitbit',
      'sleep_awake 600 s @ 2018-02-01T23:30:00 +600 Fitbit',
      'sleep_core 1080 s @ 2018-02-01T23:52:00 +1080 Fitbit',
      'sleep_core 600 s @ 2018-02-01T23:40:00 +600 Fitbit',
      'sleep_deep 1200 s @ 2018-02-02T00:10:00 +1200 Fitbit',
      'sleep_efficiency 93 % @ 2018-02-02T00:30:00 +0 Fitbit',
      'sleep_in_bed 60 min @ 2018-02-01T23:30:00 +3600 Fitbit',
    ])
    expect(report.kept).toEqual({ 'fitbit sleep': 1 })
  })

  it('give the minutes of each stage where the stages are not listed', async () => {
    const { levels, ...rest } = night
    const classic = { restless: { minutes: 9 }, awake: { minutes: 3 }, asleep: { minutes: 48 } }
    const { rows } = await importFile(
      'fitbit',
      'sleep-2018-01-06.json',
      written([
        { ...rest, type: 'classic', levels: { summary: classic }, minutesToFallAsleep: 7, mainSleep: false },
        {
          ...rest,
          startTime: '2018-03-01T23:30:00.000',
          endTime: '2018-03-02T00:30:00.000',
          timeInBed: 0,
          efficiency: 0,
        },
      ]),
    )
    expect(rows).toEqual([
      'sleep_asleep 48 min @ 2018-02-01T23:30:00 +3600 Fitbit',
      'sleep_awake 12 min @ 2018-02-01T23:30:00 +3600 Fitbit',
      'sleep_efficiency 93 % @ 2018-02-02T00:30:00 +0 Fitbit',
      'sleep_in_bed 60 min @ 2018-02-01T23:30:00 +3600 Fitbit',
      'sleep_latency 7 min @ 2018-02-02T00:30:00 +0 Fitbit',
      'sleep_total 48 min @ 2018-03-01T23:30:00 +3600 Fitbit',
    ])
  })

  it('keep their length over a change of the clocks', async () => {
    const { levels, ...rest } = night
    const data = [
      { dateTime: '2018-03-25T01:30:00.000', level: 'light', seconds: 1800 },
      { dateTime: '2018-03-25T03:00:00.000', level: 'deep', seconds: 1800 },
    ]
    const log = {
      ...rest,
      startTime: '2018-03-25T01:30:00.000',
      endTime: '2018-03-25T03:30:00.000',
      levels: { data },
    }
    const { rows } = await importFile('fitbit', 'sleep-2018-03-06.json', written([log]))
    expect(rows).toEqual([
      'sleep_core 1800 s @ 2018-03-25T01:30:00 +1800 Fitbit',
      'sleep_deep 1800 s @ 2018-03-25T03:00:00 +1800 Fitbit',
      'sleep_efficiency 93 % @ 2018-03-25T03:30:00 +0 Fitbit',
      'sleep_in_bed 60 min @ 2018-03-25T01:30:00 +3600 Fitbit',
    ])
  })

  it('are read from answers of the Web API as well', async () => {
    const { report } = await importFile(
      'auto',
      'answer.json',
      JSON.stringify({ sleep: [night, 7], summary: {} }),
    )
    expect(report).toMatchObject({ format: 'fitbit', imported: 7 })
    expect(report.refusals).toMatchObject([{ where: 'answer.json:1#/sleep/1' }])
  })

  it('end in a report or a refusal for any bytes', async () => {
    await holdsAgainstDamage(fitbit, Buffer.from(JSON.stringify([night])), 'sleep-2018-01-06.json')
  })
})

describe('answers of the Web API with a day in detail', () => {
  it('are in local time', async () => {
    const { report, rows } = await importFile(
      'auto',
      'answers.json',
      JSON.stringify([
        {
          'activities-heart': [{ dateTime: '2018-07-05', value: { restingHeartRate: 60 } }],
          'activities-heart-intraday': {
            dataset: [
              { time: '08:00:05', value: 64 },
              { time: 'noon', value: 65 },
            ],
            datasetInterval: 1,
            datasetType: 'second',
          },
        },
        {
          'activities-steps': [{ dateTime: '2018-07-05', value: '12' }],
          'activities-steps-intraday': {
            dataset: [{ time: '08:00:00', value: 12 }],
            datasetInterval: 15,
            datasetType: 'minute',
          },
        },
        { 'activities-distance': [{ dateTime: '2018-07-05', value: '1.2' }] },
      ]),
    )
    expect(rows).toEqual([
      'heart_rate 64 /min @ 2018-07-05T08:00:05 +0 Fitbit',
      'resting_heart_rate 60 /min @ 2018-07-05T00:00:00 +86400 Fitbit',
      'steps 12 {steps} @ 2018-07-05T00:00:00 +86400 Fitbit',
      'steps 12 {steps} @ 2018-07-05T08:00:00 +900 Fitbit/minutes',
    ])
    expect(report.refusals).toMatchObject([{ code: 'DATE', where: 'answers.json:1' }])
    expect(report.unmapped).toEqual({ 'fitbit activities': 1 })
  })
})

describe('stages and short wakes', () => {
  const stretch = (level: string, startMs: number, endMs: number) => ({ level, startMs, endMs })

  it('cover each moment once', () => {
    const stages = [stretch('light', 0, 100), stretch('deep', 100, 200)]
    const wakes = [stretch('wake', 90, 110), stretch('wake', 150, 160), stretch('wake', 190, 230)]
    expect(withShortWakes(stages, wakes)).toEqual([
      stretch('light', 0, 90),
      stretch('wake', 90, 110),
      stretch('deep', 110, 150),
      stretch('wake', 150, 160),
      stretch('deep', 160, 190),
      stretch('wake', 190, 230),
    ])
  })

  it('are one where they follow each other', () => {
    expect(
      withShortWakes([stretch('wake', 0, 10), stretch('light', 10, 20)], [stretch('wake', 10, 15)]),
    ).toEqual([stretch('wake', 0, 15), stretch('light', 15, 20)])
  })
})

describe('exercise logs', () => {
  const log = {
    logId: 33_445_279_392,
    activityName: 'Run',
    activityTypeId: 90_009,
    averageHeartRate: 139,
    calories: 243,
    distance: 2.087,
    distanceUnit: 'Mile',
    duration: 1_300_000,
    activeDuration: 1_168_000,
    steps: 2927,
    logType: 'tracker',
    startTime: '01/03/18 23:25:35',
  }

  it('give the workout and its distance in UTC, behind the minutes of the day', async () => {
    const { report, rows, sink } = await importFile(
      'fitbit',
      'exercise-100.json',
      written([log, { ...log, duration: 0 }, { ...log, startTime: '13/03/18 23:25:35' }]),
    )
    expect(rows).toEqual([
      'distance_walking_running 2.087 [mi_i] @ 2018-01-04T00:25:35 +1300 Fitbit/workouts',
      'workout 1168 s @ 2018-01-04T00:25:35 +1300 Fitbit/workouts',
    ])
    expect(sink.chunks[0]?.blocks[0]?.columns.extraTable).toEqual([
      '{"context":"run","meta":{"averageHeartRate":"139","calories":"243","logType":"tracker","steps":"2927"}}',
    ])
    expect(report.unmapped).toEqual({ 'fitbit exercise without a duration': 1 })
    expect(report.refusals).toMatchObject([{ code: 'DATE' }])
  })

  it('take the offset that the Web API writes', async () => {
    const { rows } = await importFile(
      'fitbit',
      'answer.json',
      JSON.stringify({
        activities: [{ ...log, activityName: 'Bike', startTime: '2018-01-03T12:25:35.000-08:00' }],
      }),
    )
    expect(rows[0]).toBe('distance_cycling 2.087 [mi_i] @ 2018-01-03T21:25:35 +1300 Fitbit/workouts')
  })
})

describe('weight logs', () => {
  const log = {
    logId: 1_499_258_640_000,
    weight: 193.9,
    bmi: 28.08,
    fat: 24.5,
    date: '07/05/17',
    time: '12:44:00',
    source: 'Aria',
  }
  const read = (value: object, options = {}) =>
    importFile('fitbit', 'weight-2017-07-01.json', written([value]), options)

  it('tell pounds from kilograms by the body mass index beside them', async () => {
    expect((await read(log)).rows).toEqual([
      'bmi 28.08 kg/m2 @ 2017-07-05T12:44:00 +0 Fitbit',
      'body_fat 24.5 % @ 2017-07-05T12:44:00 +0 Fitbit',
      'weight 193.9 [lb_av] @ 2017-07-05T12:44:00 +0 Fitbit',
    ])
    const { fat, ...kilograms } = { ...log, weight: 87.9 }
    expect((await read(kilograms)).rows).toContain('weight 87.9 kg @ 2017-07-05T12:44:00 +0 Fitbit')
  })

  it('are refused with the question where nothing tells the unit', async () => {
    const { bmi, fat, ...bare } = log
    for (const unclear of [bare, { ...bare, bmi: 0 }, { ...bare, bmi: 3 }]) {
      const { report, rows } = await read(unclear)
      expect(rows.filter((row) => row.startsWith('weight'))).toEqual([])
      expect(report.refusals).toMatchObject([
        {
          code: 'UNIT',
          where: 'weight-2017-07-01.json:2',
          reason: expect.stringContaining('--unit weight=kg'),
        },
      ])
    }
  })

  it('take the unit that the person states', async () => {
    const unclear = { ...log, bmi: 0 }
    expect((await read(unclear)).report.refusals).toMatchObject([
      {
        code: 'UNIT',
        where: 'weight-2017-07-01.json:2',
        reason: expect.stringContaining('--unit weight=kg'),
      },
    ])
    expect((await read(unclear, { units: { weight: 'kg' } })).rows).toContain(
      'weight 193.9 kg @ 2017-07-05T12:44:00 +0 Fitbit',
    )
  })
})
