import { describe, expect, it } from 'vitest'
import { fitbit } from '../../../../src/importers/fitbit/index.ts'
import { holdsAgainstDamage } from '../adapter-run.ts'
import { memberOf } from '../harness.ts'
import { importFile, importMembers } from '../rows-of.ts'
import { written } from './fixture.ts'

const physical = 'Takeout/Google Health/Physical Activity_GoogleData'
const read = (name: string, lines: readonly string[], options = {}) =>
  importFile('auto', name, `${lines.join('\n')}\n`, options)
const member = (name: string, lines: readonly string[]) =>
  memberOf(name, [Buffer.from(`${lines.join('\n')}\n`)])

describe("Google's time series", () => {
  it('are in UTC, and readings of a tracker are those of the JSON files', async () => {
    const { report, rows, sink } = await read('heart_rate_2026-01-05.csv', [
      'timestamp,beats per minute,data source',
      '2026-01-05T07:00:05Z,61.0,Pixel Watch 2',
      '2026-01-05T07:00:10Z,62.0,Strava Health Connect',
      'yesterday,63,Pixel Watch 2',
      '2026-01-05T07:00:15Z,,Pixel Watch 2',
    ])
    expect(rows).toEqual([
      'heart_rate 61 /min @ 2026-01-05T08:00:05 +0 Fitbit',
      'heart_rate 62 /min @ 2026-01-05T08:00:10 +0 Strava Health Connect',
    ])
    expect(sink.chunks[0]?.blocks[0]?.columns.extraTable).toEqual([
      '{"meta":{"data source":"Pixel Watch 2"}}',
    ])
    expect(report.unmapped).toEqual({ 'fitbit heart_rate': 1 })
    expect(report.refusals).toMatchObject([{ where: 'heart_rate_2026-01-05.csv:4', code: 'DATE' }])
    const json = JSON.stringify([{ dateTime: '01/05/26 07:00:05', value: { bpm: 61, confidence: 3 } }])
    const again = await importMembers(
      'fitbit',
      [memberOf('heart_rate-2026-01-05.json', [Buffer.from(json)])],
      {},
      sink,
    )
    expect(again.report).toMatchObject({ imported: 0, duplicates: 1 })
  })

  it('count for each device, the phone last, and nothing lasts that began within a minute', async () => {
    const { rows } = await read('steps_2026-01-01.csv', [
      'timestamp,steps,data source',
      '2026-01-05T07:00:00Z,84,Charge 5',
      '2026-01-05T07:01:00Z,50,MobileTrack',
      '2026-01-05T07:02:03.552356Z,51,Phone Health Kit',
    ])
    expect(rows).toEqual([
      'steps 50 {steps} @ 2026-01-05T08:01:00 +60 Fitbit/phone',
      'steps 51 {steps} @ 2026-01-05T08:02:03 +0 Phone Health Kit',
      'steps 84 {steps} @ 2026-01-05T08:00:00 +60 Fitbit/minutes of tracker',
    ])
  })

  it('have the units of their titles and readme files', async () => {
    const one = async (name: string, title: string, value: string) =>
      (
        await read(`${physical}/${name}`, [
          `timestamp,${title},data source`,
          `2026-01-05T07:00:00Z,${value},Charge 5`,
        ])
      ).rows
    const at = '@ 2026-01-05T08:00:00'
    const day = '@ 2026-01-05T00:00:00 +86400 Fitbit'
    expect([
      ...(await one('Weight/weight.csv', 'weight grams', '70500')),
      ...(await one('height.csv', 'height millimeters', '1801')),
      ...(await one('body_fat_2026-01-01.csv', 'body fat percentage', '24.5')),
      ...(await one('altitude_2026-01-01.csv', 'gain', '3048')),
      ...(await one('distance_2026-01-01.csv', 'distance', '41.1')),
      ...(await one('calories_2026-01-01.csv', 'calories', '1.15')),
      ...(await one('floors_2026-01-01.csv', 'floors', '1')),
      ...(await one('body_temperature_2026-01-05.csv', 'temperature celsius', '33.5')),
      ...(await one('core_body_temperature_2026-01-05.csv', 'temperature celsius', '36.6')),
      ...(await one('oxygen_saturation_2026-01-01.csv', 'oxygen saturation percentage', '96.5')),
      ...(await one('active_minutes_2026-01-01.csv', 'light,moderate,very', '1,0,0')),
      ...(await one('active_zone_minutes_2026-01-01.csv', 'heart rate zone,total minutes', 'PEAK,2')),
      ...(await one('daily_respiratory_rate.csv', 'breaths per minute', '14.2')),
      ...(await one('resting_heart_rate_2026-01-05.csv', 'beats per minute', '58')),
      ...(await one('daily_readiness.csv', 'score,type,sleep readiness', '71,HIGH,HIGH')),
      ...(await one('run_vo2max.csv', 'run VO2 max', '44.5')),
    ]).toEqual([
      `weight 70500 g ${at} +0 Fitbit`,
      `height 1801 mm ${at} +0 Fitbit`,
      `body_fat 24.5 % ${at} +0 Fitbit`,
      `elevation_gain 3.048 m ${at} +60 Fitbit/minutes of tracker`,
      `distance_walking_running 41.1 m ${at} +60 Fitbit/minutes of tracker`,
      `total_energy 1.15 kcal ${at} +60 Fitbit/minutes of tracker`,
      `flights_climbed 1 {floors} ${at} +60 Fitbit/minutes of tracker`,
      `wrist_temperature 33.5 Cel ${at} +0 Fitbit`,
      `body_temperature 36.6 Cel ${at} +0 Fitbit`,
      `oxygen_saturation 96.5 % ${at} +0 Fitbit`,
      `light_activity_time 1 min ${at} +60 Fitbit/minutes of tracker`,
      `moderate_activity_time 0 min ${at} +60 Fitbit/minutes of tracker`,
      `vigorous_activity_time 0 min ${at} +60 Fitbit/minutes of tracker`,
      `active_zone_minutes 2 {score} ${at} +60 Fitbit/minutes of tracker`,
      `respiratory_rate 14.2 /min ${day}`,
      `resting_heart_rate 58 /min ${day}`,
      `readiness_score 71 {score} ${day}`,
      `vo2_max 44.5 mL/kg/min ${at} +0 Fitbit`,
    ])
  })

  it('name a day by a midnight, and lie on the local day of any other time', async () => {
    const { rows } = await read('daily_resting_heart_rate.csv', [
      'timestamp,beats per minute,data source',
      '2026-05-27T00:00:00Z,60,Google Health App',
      '2026-05-27T22:01:13Z,61,Google Health App',
      '2026-05-29,62,Google Health App',
    ])
    expect(rows).toEqual([
      'resting_heart_rate 60 /min @ 2026-05-27T00:00:00 +86400 Fitbit',
      'resting_heart_rate 61 /min @ 2026-05-28T00:00:00 +86400 Fitbit',
      'resting_heart_rate 62 /min @ 2026-05-29T00:00:00 +86400 Fitbit',
    ])
  })

  it('that nobody can tell apart from other tables are left to their folder', async () => {
    const bare = ['timestamp,steps', '2026-01-05T07:00:00Z,84']
    const { rows } = await read(`${physical}/Steps/steps_2026-01-01.csv`, bare)
    expect(rows).toEqual(['steps 84 {steps} @ 2026-01-05T08:00:00 +60 Fitbit/minutes'])
    await expect(importFile('fitbit', 'mine.csv', bare.join('\n'))).rejects.toMatchObject({
      code: 'REFUSED_INPUT',
    })
  })
})

describe("Fitbit's own tables", () => {
  it('are in local time', async () => {
    const details = await read('Heart Rate Variability Details - 2026-01-05.csv', [
      'timestamp,rmssd,coverage,low_frequency,high_frequency',
      '2026-01-05T03:05:00,45.2,0.95,180.3,320.5',
    ])
    expect(details.rows).toEqual(['hrv_rmssd 45.2 ms @ 2026-01-05T03:05:00 +300 Fitbit'])
    const zones = await read('Active Zone Minutes - 2026-01-01.csv', [
      'date_time,heart_zone_id,total_minutes',
      '2026-01-05T09:30,FAT_BURN,1',
    ])
    expect(zones.rows).toEqual(['active_zone_minutes 1 {score} @ 2026-01-05T09:30:00 +60 Fitbit/minutes'])
    // The wake time of the log, to which the export adds a Z.
    const score = await read('sleep_score.csv', [
      'sleep_log_entry_id,timestamp,overall_score,composition_score,revitalization_score,duration_score,deep_sleep_in_minutes,resting_heart_rate,restlessness',
      '53621952045,2026-01-05T06:58:30Z,82,,83,,93,73,0.14',
      '53621952046,2026-01-06T06:58:30Z,,,83,,93,73,0.14',
    ])
    expect(score.rows).toEqual(['sleep_score 82 {score} @ 2026-01-05T06:58:30 +0 Fitbit'])
    expect(score.report.unmapped).toEqual({ 'fitbit sleep_score': 1 })
  })

  it('give saturations in UTC, without the floor of 50 that stands for none', async () => {
    const { report, rows } = await read('Minute SpO2 - 2026-01-05.csv', [
      'timestamp,value',
      '2026-01-05T02:01:00Z,95.3',
      '2026-01-05T02:02:00Z,50.0',
    ])
    expect(rows).toEqual(['oxygen_saturation 95.3 % @ 2026-01-05T03:01:00 +0 Fitbit'])
    expect(report.unmapped).toEqual({ 'fitbit minute_spo2': 1 })
  })

  it('give averages of a day only where the readings are not there', async () => {
    const summary = member('Daily Heart Rate Variability Summary - 2026-01-(05).csv', [
      'timestamp,rmssd,nremhr,entropy',
      '2026-01-05T00:00:00,44.1,57.2,2.9',
    ])
    const header = 'timestamp,rmssd,coverage,low_frequency,high_frequency'
    const name = 'Heart Rate Variability Details - 2026-01-05.csv'
    const alone = await importMembers('fitbit', [summary, member(name, [header])])
    expect(alone.rows).toEqual(['hrv_rmssd 44.1 ms @ 2026-01-05T00:00:00 +86400 Fitbit'])
    const both = await importMembers('fitbit', [
      summary,
      member(name, [header, '2026-01-05T03:05:00,45,0.9,1,2']),
    ])
    expect(both.rows).toEqual(['hrv_rmssd 45 ms @ 2026-01-05T03:05:00 +300 Fitbit'])
    expect(both.report.unmapped).toEqual({
      'fitbit daily_heart_rate_variability_summary beside its readings': 1,
    })
  })

  it('give skin temperature over the night', async () => {
    const { rows } = await read('Computed Temperature - 2026-01-01.csv', [
      'type,sleep_start,sleep_end,temperature_samples,nightly_temperature,baseline_relative_sample_sum,baseline_relative_sample_sum_of_squares,baseline_relative_nightly_standard_deviation,baseline_relative_sample_standard_deviation',
      'SKIN,2026-01-04T23:00,2026-01-05T07:00,400,34.07,-200,419.6,0.279,0.956',
      'SKIN,2026-01-05T23:00,2026-01-06T07:00,400,34.1,NaN,NaN,NaN,NaN',
    ])
    expect(rows).toEqual([
      'temperature_deviation -0.5 Cel @ 2026-01-04T23:00:00 +28800 Fitbit',
      'wrist_temperature 34.07 Cel @ 2026-01-04T23:00:00 +28800 Fitbit',
      'wrist_temperature 34.1 Cel @ 2026-01-05T23:00:00 +28800 Fitbit',
    ])
  })

  it('end in a report or a refusal for any bytes', async () => {
    const table = 'timestamp,beats per minute,data source\n2026-01-05T07:00:05Z,61.0,Pixel Watch 2\n'
    await holdsAgainstDamage(fitbit, Buffer.from(table.repeat(3)), 'heart_rate_2026-01-05.csv')
  })
})

describe("Google's tables of sleep", () => {
  const sleeps = member('UserSleeps_2026-01-01.csv', [
    'sleep_id,sleep_type,minutes_in_sleep_period,minutes_after_wake_up,minutes_to_fall_asleep,minutes_asleep,minutes_awake,start_utc_offset,sleep_start,end_utc_offset,sleep_end,data_source',
    '111,STAGES,450,0,5,410,40,+05:30,2026-01-04T17:30:00Z,+05:30,2026-01-05T01:00:00Z,X',
    '112,CLASSIC,60,0,0,55,5,-08:00,2026-01-06 20:00:00+0000,-08:00,2026-01-06 21:00:00+0000,X',
  ])
  const stages = member('UserSleepStages_2026-01-01.csv', [
    'sleep_id,sleep_stage_id,sleep_stage_type,start_utc_offset,sleep_stage_start,end_utc_offset,sleep_stage_end',
    '111,1,LIGHT,+05:30,2026-01-04T17:30:00Z,+05:30,2026-01-04T18:00:00Z',
    '111,2,AWAKE,+05:30,2026-01-04T18:00:00Z,+05:30,2026-01-04T18:01:00Z',
    '111,3,DREAM,+05:30,2026-01-04T18:00:00Z,+05:30,2026-01-04T18:01:00Z',
  ])

  it('give nights at the offset that they state', async () => {
    const { report, rows } = await importMembers('fitbit', [stages, sleeps], { zone: undefined })
    expect(rows).toEqual([
      'sleep_awake 60 s @ 2026-01-04T23:30:00 +60 Fitbit',
      'sleep_core 1800 s @ 2026-01-04T23:00:00 +1800 Fitbit',
      'sleep_in_bed 450 min @ 2026-01-04T23:00:00 +27000 Fitbit',
      'sleep_in_bed 60 min @ 2026-01-06T12:00:00 +3600 Fitbit',
      'sleep_total 55 min @ 2026-01-06T12:00:00 +3600 Fitbit',
    ])
    expect(report.unmapped).toEqual({ 'fitbit UserSleepStages': 1 })
  })

  it('tell sleep logs where the person was, and are not counted beside them', async () => {
    const log = {
      logId: 1,
      dateOfSleep: '2026-01-05',
      startTime: '2026-01-04T23:00:00.000',
      endTime: '2026-01-05T06:30:00.000',
      duration: 27_000_000,
      timeInBed: 450,
      levels: { data: [{ dateTime: '2026-01-04T23:00:00.000', level: 'deep', seconds: 60 }] },
    }
    const logs = memberOf('sleep-2026-01-01.json', [Buffer.from(written([log]))])
    const { report, rows, sink } = await importMembers('fitbit', [logs, stages, sleeps], { zone: undefined })
    expect(rows).toEqual([
      'sleep_deep 60 s @ 2026-01-04T23:00:00 +60 Fitbit',
      'sleep_in_bed 450 min @ 2026-01-04T23:00:00 +27000 Fitbit',
    ])
    expect(sink.chunks.flatMap(({ blocks }) => blocks)[0]?.columns.offsetMin[0]).toBe(330)
    expect(report.unmapped).toMatchObject({ 'fitbit UserSleeps beside its sleep log': 2 })
  })
})
