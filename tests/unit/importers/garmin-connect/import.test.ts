import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../../../src/foundation/index.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { importFile } from '../rows-of.ts'

const run = (value: unknown, name = 'x.json', options = {}) =>
  importFile('garmin-connect', name, JSON.stringify(value, null, 1), options)

const archived = {
  activityId: 111,
  name: 'Morning Run',
  activityType: 'running',
  beginTimestamp: Date.UTC(2026, 0, 2, 7),
  startTimeGmt: Date.UTC(2026, 0, 2, 7),
  startTimeLocal: Date.UTC(2026, 0, 2, 16),
  duration: 1_800_000.5,
  distance: 502_000,
  avgHr: 140,
}

describe('the account archive', () => {
  it('gives activities in milliseconds and centimetres, with the offset that they state', async () => {
    const parent = { ...archived, activityId: 1, parent: true }
    const list = [
      { summarizedActivitiesExport: [archived, parent, { activityId: 2 }, 7, { ...archived, duration: 0 }] },
    ]
    const { report, rows } = await run(list, 'a_summarizedActivities.json', { zone: undefined })
    expect(rows).toEqual([
      'distance_walking_running 5020 m @ 2026-01-02T16:00:00 +1800.001 Garmin/JSON',
      'workout 1800.001 s @ 2026-01-02T16:00:00 +1800.001 Garmin/JSON',
    ])
    expect(report.unmapped).toEqual({ 'garmin element': 1, 'garmin multisport activity': 1 })
    expect(report.refusals.map(({ reason }) => reason)).toEqual(['it is no object', 'it has no duration'])
    expect(report.kept).toEqual({ 'garmin activity': 1 })
  })

  it('gives days: sums over the local day', async () => {
    const day = {
      userProfilePK: 1,
      calendarDate: '2026-01-02',
      totalSteps: 7142,
      totalDistanceMeters: 4799,
      activeKilocalories: 211,
      floorsAscendedInMeters: 13.2,
      restingHeartRate: 67,
      currentDayRestingHeartRate: 64,
      allDayStress: {
        aggregatorList: [
          { type: 'AWAKE', averageStressLevel: 50 },
          { type: 'TOTAL', averageStressLevel: 39 },
        ],
      },
    }
    const { report, rows } = await run([day, { calendarDate: 'soon', totalSteps: 1 }], 'UDSFile_1.json')
    const at = '@ 2026-01-02T00:00:00 +86400 Garmin'
    expect(rows).toEqual([
      `active_energy 211 kcal ${at}`,
      `distance_walking_running 4799 m ${at}`,
      `elevation_gain 13.2 m ${at}`,
      `resting_heart_rate 64 /min ${at}`,
      `steps 7142 {steps} ${at}`,
      `stress_score 39 {score} ${at}`,
    ])
    expect(report.refusals).toMatchObject([{ where: 'UDSFile_1.json:day 2', code: 'DATE' }])
    expect(report.kept).toEqual({ 'garmin day': 1 })
  })

  it('takes the bounds of a day that the file states, with its offset', async () => {
    const day = {
      calendarDate: { date: '2026-01-02' },
      totalSteps: 10,
      allDayStress: { aggregatorList: [{ type: 'TOTAL', averageStressLevel: -2 }] },
      wellnessStartTimeGmt: '2026-01-02T05:00:00.0',
      wellnessEndTimeGmt: '2026-01-03T05:00:00.0',
      wellnessStartTimeLocal: '2026-01-02T00:00:00.0',
    }
    const { rows } = await run([day], 'UDSFile_1.json', { zone: undefined, defaultZone: 'Asia/Tokyo' })
    expect(rows).toEqual(['steps 10 {steps} @ 2026-01-02T00:00:00 +86400 Garmin'])
  })

  it('gives nights: stages over the night, scores at waking', async () => {
    const night = {
      sleepStartTimestampGMT: '2026-01-01T22:21:00.0',
      sleepEndTimestampGMT: '2026-01-02T06:21:00.0',
      calendarDate: '2026-01-02',
      deepSleepSeconds: 3720,
      lightSleepSeconds: 23_820,
      remSleepSeconds: 0,
      awakeSleepSeconds: 1260,
      averageRespiration: 14,
      awakeCount: 2,
      sleepScores: { overallScore: 81 },
      spo2SleepSummary: { averageSPO2: 95 },
    }
    const { report, rows } = await run([night, { sleepStartTimestampGMT: null, calendarDate: '2026-01-03' }])
    const at = '@ 2026-01-01T23:21:00 +28800 Garmin'
    expect(rows).toEqual([
      `oxygen_saturation 95 % ${at}`,
      `respiratory_rate 14 /min ${at}`,
      `sleep_awake 1260 s ${at}`,
      'sleep_awakenings 2 {count} @ 2026-01-02T07:21:00 +0 Garmin',
      `sleep_core 23820 s ${at}`,
      `sleep_deep 3720 s ${at}`,
      'sleep_score 81 {score} @ 2026-01-02T07:21:00 +0 Garmin',
    ])
    expect(report.unmapped).toEqual({ 'garmin night without times': 1 })
  })

  it('gives variability, fitness and heart rate notifications', async () => {
    const values = [
      {
        calendarDate: '2026-01-02',
        metrics: [
          { type: 'HR', value: 50 },
          { type: 'HRV', value: 61 },
        ],
      },
      { calendarDate: '2026-01-03', metrics: [] },
      { calendarDate: '2026-01-02', vo2MaxValue: 47.5, updateTimestamp: '2026-01-02T06:00:00.0' },
      { calendarDate: '2026-01-02', vo2MaxValue: 48 },
      { asOfDateGmt: '2026-01-02T05:00:00.0', biometricVo2Max: 46 },
      { asOfDateGmt: '2026-01-02T05:00:00.0', biometricVo2Max: 0 },
      { abnormalHrEventGMT: '2026-01-02T09:00:00.0', abnormalHrValue: 128 },
    ]
    const { report, rows } = await run(values, '1_healthStatusData.json')
    expect(rows).toEqual([
      'high_heart_rate_event 1 {count} @ 2026-01-02T10:00:00 +0 Garmin',
      'hrv_rmssd 61 ms @ 2026-01-02T00:00:00 +86400 Garmin',
      'vo2_max 46 mL/kg/min @ 2026-01-02T06:00:00 +0 Garmin',
      'vo2_max 47.5 mL/kg/min @ 2026-01-02T07:00:00 +0 Garmin',
      'vo2_max 48 mL/kg/min @ 2026-01-02T00:00:00 +0 Garmin',
    ])
    expect(report.unmapped).toEqual({ 'garmin fitness': 1, 'garmin status': 1 })
  })
})

describe('JSON of the web site', () => {
  it('gives activities in seconds and metres, in the zone that they name', async () => {
    const activity = {
      activityId: 5,
      activityTypeDTO: { typeKey: 'cross_country_skiing' },
      timeZoneUnitDTO: { timeZone: 'America/New_York' },
      summaryDTO: { startTimeGMT: '2026-01-02T11:23:22.0', duration: 2627.3798828125, distance: 8225.53 },
    }
    const nowhere = { ...activity, timeZoneUnitDTO: { timeZone: 'Nowhere/Land' } }
    const { rows } = await run([activity, nowhere], 'x.json', { zone: undefined, defaultZone: 'UTC' })
    expect(rows.filter((row) => row.startsWith('workout'))).toEqual([
      'workout 2627.38 s @ 2026-01-02T06:23:22 +2627.38 Garmin/JSON',
      'workout 2627.38 s @ 2026-01-02T11:23:22 +2627.38 Garmin/JSON',
    ])
  })

  it('ends in a report or a refusal for any bytes', async () => {
    const bytes = Buffer.from(JSON.stringify([{ summarizedActivitiesExport: [archived] }]))
    const ends = async (any: Uint8Array) => {
      try {
        await importFile('garmin-connect', 'a_sleepData.json', any)
      } catch (cause) {
        expect(cause).toBeInstanceOf(Failure)
      }
    }
    for (let length = 0; length <= bytes.length; length += 3) await ends(bytes.subarray(0, length))
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) =>
        ends(Buffer.from(JSON.stringify([value, { calendarDate: value, totalSteps: value }]))),
      ),
      { numRuns: 150 },
    )
  })
})

const real = (name: string) => sharedDataPath('garmin-connect-json', 'pe-st', name)

describe('real JSON of the web site', () => {
  it.skipIf(!real('activities-list.json'))(
    'gives each activity once, and a triathlon by its parts',
    async () => {
      const { report } = await importFile(
        'auto',
        'activities-list.json',
        readFileSync(real('activities-list.json') as string),
      )
      expect(report.byMetric).toEqual({ distance_walking_running: 2, workout: 2 })
      expect(report.unmapped).toEqual({ 'garmin multisport activity': 1 })
    },
  )

  it.skipIf(!real('activity_2541953812_samples.json'))('gives every heart rate of the samples', async () => {
    const text = readFileSync(real('activity_2541953812_samples.json') as string)
    const { report } = await importFile('auto', 'samples.json', text)
    expect(report).toMatchObject({ read: 244, byMetric: { heart_rate: 244 } })
  })

  it.skipIf(!real('activity_2541953812.json'))(
    'gives the same workout from the activity and its overview',
    async () => {
      const files = ['activity_2541953812.json', 'activity_2541953812_overview.json']
      const rows = await Promise.all(
        files.map(async (name) => (await importFile('auto', name, readFileSync(real(name) as string))).rows),
      )
      expect(rows[0]).toEqual(rows[1])
    },
  )
})
