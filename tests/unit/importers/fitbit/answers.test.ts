/** Answers of the Web API about days, weights and nights. */
import { describe, expect, it } from 'vitest'
import { fitbit } from '../../../../src/importers/fitbit/index.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { holdsAgainstDamage, runFile } from '../adapter-run.ts'
import { importFile } from '../rows-of.ts'

const answer = (value: unknown) => importFile('auto', 'answer.json', JSON.stringify(value))
const unmapped = 'fitbit day without its date'

const run = {
  activityId: 90_009,
  activityParentName: 'Run',
  calories: 150,
  distance: 6.43738,
  duration: 1_440_000,
  hasStartTime: true,
  lastModified: '2018-07-05T21:41:37.000Z',
  logId: 253,
  name: 'Run',
  startDate: '2018-07-05',
  startTime: '11:55',
  steps: 6761,
}
const summary = {
  caloriesOut: 1892,
  caloriesBMR: 1240,
  activityCalories: 799,
  distances: [{ activity: 'total', distance: 8.56 }],
  steps: 12_517,
  floors: 9,
  restingHeartRate: 61,
  sedentaryMinutes: 1260,
  lightlyActiveMinutes: 112,
  fairlyActiveMinutes: 26,
  veryActiveMinutes: 42,
}

describe('time series', () => {
  it('are totals of days; what has no unit or includes other energy is kept', async () => {
    const { report, rows } = await answer({
      'activities-steps': [
        { dateTime: '2018-07-05', value: '7012' },
        { dateTime: '2018-07-06', value: '0' },
        { dateTime: 'someday', value: '1' },
      ],
      'activities-minutesSedentary': [
        { dateTime: '2018-07-05', value: '900' },
        { dateTime: '2018-07-06', value: '1440' },
      ],
      'activities-minutesVeryActive': [
        { dateTime: '2018-07-05', value: '30' },
        { dateTime: '2018-07-06', value: '0' },
      ],
      'activities-distance': [{ dateTime: '2018-07-05', value: '4.2' }],
    })
    expect(rows).toEqual([
      'sedentary_time 900 min @ 2018-07-05T00:00:00 +86400 Fitbit',
      'steps 0 {steps} @ 2018-07-06T00:00:00 +86400 Fitbit',
      'steps 7012 {steps} @ 2018-07-05T00:00:00 +86400 Fitbit',
      'vigorous_activity_time 30 min @ 2018-07-05T00:00:00 +86400 Fitbit',
    ])
    expect(report.refusals).toMatchObject([{ where: 'answer.json:1#/activities-steps/2', code: 'DATE' }])
    expect(report.unmapped).toEqual({
      'fitbit sedentary_minutes of a day without wear': 1,
      'fitbit very_active_minutes of a day without wear': 1,
    })
    expect(report.kept).toEqual({ 'fitbit activities': 1 })
    expect(
      (await answer({ 'activities-distance': [{ dateTime: '2018-07-05', value: '4.2' }] })).report,
    ).toMatchObject({
      read: 1,
      unmapped: { 'fitbit activities': 1 },
    })
  })
})

describe('the summary of a day', () => {
  it('has the date of the activities in it, which are workouts', async () => {
    const { report, rows } = await answer({ activities: [run], goals: { steps: 1 }, summary })
    expect(rows).toEqual([
      'basal_energy 1240 kcal @ 2018-07-05T00:00:00 +86400 Fitbit',
      'flights_climbed 9 {floors} @ 2018-07-05T00:00:00 +86400 Fitbit',
      'light_activity_time 112 min @ 2018-07-05T00:00:00 +86400 Fitbit',
      'moderate_activity_time 26 min @ 2018-07-05T00:00:00 +86400 Fitbit',
      'resting_heart_rate 61 /min @ 2018-07-05T00:00:00 +86400 Fitbit',
      'sedentary_time 1260 min @ 2018-07-05T00:00:00 +86400 Fitbit',
      'steps 12517 {steps} @ 2018-07-05T00:00:00 +86400 Fitbit',
      'total_energy 1892 kcal @ 2018-07-05T00:00:00 +86400 Fitbit',
      'vigorous_activity_time 42 min @ 2018-07-05T00:00:00 +86400 Fitbit',
      'workout 1440 s @ 2018-07-05T11:55:00 +1440 Fitbit/workouts',
    ])
    expect(report).toMatchObject({ format: 'fitbit', refusals: [], unmapped: {} })
  })

  it('without activities, or with those of two days, has no date and is kept', async () => {
    expect((await answer({ activities: [], summary })).report).toMatchObject({
      read: 1,
      unmapped: { [unmapped]: 1 },
    })
    const two = await answer({ activities: [run, { ...run, startDate: '2018-07-06' }], summary })
    expect(two.report).toMatchObject({ byMetric: { workout: 2 }, unmapped: { [unmapped]: 1 } })
  })

  it('keeps an activity without a length or a start, and refuses one without a date', async () => {
    const { duration: _, ...endless } = run
    const { report } = await answer({
      activities: [endless, { ...run, hasStartTime: false }, { ...run, startDate: 'x' }, 7],
      summary,
    })
    expect(report).toMatchObject({ imported: 0, refused: 2 })
    expect(report.unmapped).toEqual({
      [unmapped]: 1,
      'fitbit exercise without a duration': 1,
      'fitbit exercise without a start time': 1,
    })
  })

  it('ends in a report or a refusal for any bytes', async () => {
    await holdsAgainstDamage(fitbit, Buffer.from(JSON.stringify({ activities: [run], summary })), 'day.json')
  })
})

describe('logs of weight and fat, and nights', () => {
  it('are read; naps are told from nights', async () => {
    const log = { bmi: 21.48, date: '2018-05-13', logId: 1, time: '18:28:59', weight: 56.7 }
    const fat = { date: '2018-05-13', fat: 21.5, logId: 2, time: '18:28:59', source: 'Aria' }
    expect((await answer({ weight: [log], fat: [fat] })).rows).toEqual([
      'bmi 21.48 kg/m2 @ 2018-05-13T18:28:59 +0 Fitbit',
      'body_fat 21.5 % @ 2018-05-13T18:28:59 +0 Fitbit',
      'weight 56.7 kg @ 2018-05-13T18:28:59 +0 Fitbit',
    ])
    const nothing = await answer({ sleep: [], summary: { totalMinutesAsleep: 0, totalSleepRecords: 0 } })
    expect(nothing.report).toMatchObject({ format: 'fitbit', read: 0, refusals: [] })
    const nap = {
      dateOfSleep: '2018-05-13',
      isMainSleep: false,
      startTime: '2018-05-13T14:00:00.000',
      endTime: '2018-05-13T15:00:00.000',
      duration: 3_600_000,
      timeInBed: 60,
    }
    const { sink } = await answer({ sleep: [nap] })
    expect(JSON.stringify(sink.chunks.map(({ blocks }) => blocks[0]?.columns.extraTable))).toContain('nap')
  })
})

const folder = sharedDataPath('api-samples', 'fitbit', 'mapper')

describe.skipIf(!folder)('recorded answers', () => {
  const real = async (name: string) =>
    (await runFile(sharedDataPath('api-samples', 'fitbit', 'mapper', `fitbit-${name}.json`) as string)).report

  it.each([
    ['activities-date-multiple-in-activities-list', 10, { workout: 1, steps: 1, total_energy: 1 }],
    ['activities-date-single-in-activities-list', 8, { workout: 1, steps: 1, basal_energy: 1 }],
    ['activities-date-empty-activities-list', 1, {}],
    ['activities-heart-1d-1m-intraday', 5, { heart_rate: 5 }],
    ['activities-steps-1d-1m-intraday', 4, { steps: 4 }],
    ['activities-steps-timeseries', 3, { steps: 3 }],
    ['body-log-weight', 8, { weight: 4, bmi: 4 }],
    ['sleep-date', 12, { sleep_asleep: 5, sleep_awake: 3, sleep_in_bed: 2 }],
    ['sleep-date-range', 12, { sleep_asleep: 5, sleep_awake: 3, sleep_in_bed: 2 }],
    ['sleep-date-empty-sleep-list', 0, {}],
  ])('are read whole: %s', async (name, read, byMetric) => {
    expect(await real(name)).toMatchObject({ read, byMetric, refusals: [] })
  })
})
