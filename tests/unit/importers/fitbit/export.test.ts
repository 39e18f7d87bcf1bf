import { describe, expect, it } from 'vitest'
import { fitbit } from '../../../../src/importers/fitbit/index.ts'
import { familyOf } from '../../../../src/importers/fitbit/kinds.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { holdsAgainstDamage, runFile } from '../adapter-run.ts'
import { memberOf } from '../harness.ts'
import { importFile, importMembers } from '../rows-of.ts'
import { written } from './fixture.ts'

const file = (name: string, content: string) => memberOf(name, [Buffer.from(content)])
const takeout = (name: string, content: string) => file(`Takeout/Fitbit/${name}`, content)

describe('names of files', () => {
  it.each([
    ['a/heart_rate-2019-05-01.json', 'heart_rate'],
    ['heart_rate.json', 'heart_rate'],
    ['exercise-100.json', 'exercise'],
    ['demographic_vo2_max-2019-01-01 (1).json', 'demographic_vo2_max'],
    ['demographic_vo2max_2019-01-01.csv', 'demographic_vo2max'],
    ['Daily Heart Rate Variability Summary - 2020-11-(15).csv', 'daily_heart_rate_variability_summary'],
    ['Daily SpO2 - 2020-01-01-2020-04-10.csv', 'daily_spo2'],
    ['Minute SpO2 - 2024-02-22.csv', 'minute_spo2'],
    ['weight.csv', 'weight'],
  ])('%s is of the family %s', (name, family) => expect(familyOf(name)).toBe(family))
})

describe('an export as a whole', () => {
  const steps = takeout(
    'Global Export Data/steps-2026-01-01.json',
    written([{ dateTime: '01/05/26 12:00:00', value: '10' }]),
  )
  const profile = takeout(
    'Your Profile/Profile.csv',
    'id,full_name,date_of_birth,timezone,gender\nABC,Some Body,1981-02-03,America/Denver,FEMALE\n',
  )

  it('takes the zone of its profile, unless the person states one, and offers what it says', async () => {
    const { report, rows } = await importMembers('fitbit', [steps, profile], { zone: undefined })
    expect(rows).toEqual(['steps 10 {steps} @ 2026-01-05T05:00:00 +60 Fitbit/minutes'])
    expect(report.notes).toEqual([])
    expect(report.profile).toEqual([
      { field: 'dateOfBirth', value: '1981-02-03', where: 'Profile.csv:2' },
      { field: 'sex', value: 'female', where: 'Profile.csv:2' },
    ])
    const stated = await importMembers('fitbit', [steps, profile])
    expect(stated.rows).toEqual(['steps 10 {steps} @ 2026-01-05T13:00:00 +60 Fitbit/minutes'])
  })

  it('keeps files about health without a metric, counts the others, and passes over what is empty', async () => {
    const { report, sink } = await importMembers('auto', [
      steps,
      takeout(
        'Temperature/Device Temperature - 2026-01-05.csv',
        'recorded_time,temperature\n2026-01-05T00:00,-2.1\n',
      ),
      takeout('Stress Score/Stress Score.csv', 'DATE,UPDATED_AT,STRESS_SCORE\n2026-01-05T00:00:00,x,78\n'),
      takeout('Biometrics/Glucose 202601.csv', 'no data'),
      takeout('Menstrual Health/menstrual_health_cycles.csv', 'id,cycle_start_date\n'),
      takeout('Physical Activity_GoogleData/steps_readme.txt', 'Time Series Data Export\n'),
      takeout('Social/Badges.csv', 'a,b\n1,2\n'),
      takeout(
        'Health Fitness Data_GoogleData/UserActivityProbabilities_2026-01-01.csv',
        'timestamp,steps\n2026-01-05T07:00:00Z,84\n',
      ),
      file('Takeout/Google Photos/photo.json', '{"title":"beach.jpg"}'),
    ])
    expect(report.format).toBe('fitbit')
    expect(report.kept).toEqual({ 'fitbit device_temperature': 1, 'fitbit stress_score': 1 })
    expect(report.notes).toEqual(['a file of the export without health data was not read (3 times)'])
    expect(report.unrecognised.map(({ where }) => where)).toEqual(['Takeout/Google Photos/photo.json'])
    expect(sink.chunks.flatMap(({ attachments }) => attachments.map(({ name }) => name))).toEqual([
      'Temperature/Device Temperature - 2026-01-05.csv',
      'Stress Score/Stress Score.csv',
    ])
  })

  it('is refused where it holds nothing of Fitbit', async () => {
    await expect(importFile('fitbit', 'x.json', '{"a":1}')).rejects.toMatchObject({ code: 'REFUSED_INPUT' })
  })
})

describe('the monthly CSV of fitbit.com', () => {
  const csv = (date: string) =>
    [
      'Body',
      'Date,Weight,BMI,Fat',
      `"${date}","70.1","24.26","0"`,
      '',
      'Foods',
      'Date,Calories In',
      `"${date}","1,950"`,
      '',
      'Activities',
      'Date,Calories Burned,Steps,Distance,Floors,Minutes Sedentary,Minutes Lightly Active,Minutes Fairly Active,Minutes Very Active,Activity Calories',
      `"${date}","2,310","11,204","8.1","9","650","220","18","40","1,050"`,
      '"2026-01-06","1,500","0","0","0","1,440","0","0","0","0"',
      '',
      'Sleep',
      'Start Time,End Time,Minutes Asleep,Minutes Awake,Number of Awakenings,Time in Bed,Minutes REM Sleep,Minutes Light Sleep,Minutes Deep Sleep',
      '"2026-01-04 11:05PM","2026-01-05 6:50AM","410","55","18","465","95","240","75"',
      '"2026-01-05 11:05PM","2026-01-06 6:50AM","410","0","N/A","465","N/A","N/A","N/A"',
      '',
      'Food Log 20260105',
      'Daily Totals',
      '"","Calories","1,950"',
      '',
    ].join('\n')

  it('gives days and nights in local time', async () => {
    const { report, rows } = await importFile('auto', 'fitbit_export_20260105.csv', csv('2026-01-05'), {
      units: { distance_walking_running: 'km' },
    })
    const day = '@ 2026-01-05T00:00:00 +86400 Fitbit'
    const night = '@ 2026-01-04T23:05:00 +27900 Fitbit'
    expect(rows).toEqual([
      'bmi 24.26 kg/m2 @ 2026-01-05T00:00:00 +0 Fitbit',
      `distance_walking_running 8.1 km ${day}`,
      `energy_intake 1950 kcal ${day}`,
      `flights_climbed 9 {floors} ${day}`,
      `light_activity_time 220 min ${day}`,
      `moderate_activity_time 18 min ${day}`,
      `sedentary_time 650 min ${day}`,
      `sleep_awake 55 min ${night}`,
      'sleep_awakenings 18 {count} @ 2026-01-05T06:50:00 +0 Fitbit',
      `sleep_core 240 min ${night}`,
      `sleep_deep 75 min ${night}`,
      `sleep_in_bed 465 min ${night}`,
      'sleep_in_bed 465 min @ 2026-01-05T23:05:00 +27900 Fitbit',
      `sleep_rem 95 min ${night}`,
      'sleep_total 410 min @ 2026-01-05T23:05:00 +27900 Fitbit',
      `steps 11204 {steps} ${day}`,
      `total_energy 2310 kcal ${day}`,
      `vigorous_activity_time 40 min ${day}`,
      'weight 70.1 kg @ 2026-01-05T00:00:00 +0 Fitbit',
    ])
    expect(report.unmapped).toEqual({ 'fitbit activities': 1, 'fitbit food log': 1 })
  })

  it('asks for what it does not tell: the unit of its distance, the order of day and month', async () => {
    const { report } = await importFile('fitbit', 'export.csv', csv('2026-01-05'))
    expect(report.refusals).toMatchObject([
      {
        code: 'UNIT',
        where: 'export.csv:11',
        reason: expect.stringContaining('--unit distance_walking_running=km'),
      },
    ])
    const open = await importFile('fitbit', 'export.csv', 'Foods\nDate,Calories In\n"05-01-2026","1,950"\n')
    expect(open.report.refusals).toMatchObject([
      { code: 'DATE', reason: expect.stringContaining('--date-order') },
    ])
  })

  it('ends in a report or a refusal for any bytes', async () => {
    await holdsAgainstDamage(fitbit, Buffer.from(csv('2026-01-05')), 'export.csv')
  })
})

const sample = (name: string) => sharedDataPath('fitbit', 'mrphil007', name)

describe('files of a public test', () => {
  it.skipIf(!sample('sleep.json')).each([
    ['distance.json', { distance_walking_running: 5 }],
    ['lightly_active_minutes.json', { light_activity_time: 3 }],
    ['moderately_active_minutes.json', { moderate_activity_time: 3 }],
    ['sedentary_minutes.json', { sedentary_time: 3 }],
    ['resting_heart_rate.json', { resting_heart_rate: 2 }],
    ['exercise.json', { distance_walking_running: 1, workout: 3 }],
    // Four stages, two of the classic log, and time in bed and efficiency of both.
    [
      'sleep.json',
      {
        sleep_asleep: 1,
        sleep_awake: 2,
        sleep_core: 1,
        sleep_deep: 1,
        sleep_efficiency: 2,
        sleep_in_bed: 2,
        sleep_rem: 1,
      },
    ],
  ])('%s is taken whole', async (name, byMetric) => {
    const { report } = await runFile(sample(name) as string)
    expect(report).toMatchObject({ format: 'fitbit', byMetric, refused: 0, unmapped: {} })
  })
})
