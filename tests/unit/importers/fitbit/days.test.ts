import { expect, it } from 'vitest'
import { memberOf } from '../harness.ts'
import { importFile, importMembers } from '../rows-of.ts'
import { written } from './fixture.ts'

it('resting heart rates belong to local days, and 0 is none', async () => {
  const { report, rows, sink } = await importFile(
    'fitbit',
    'resting_heart_rate-2018-01-01.json',
    written([
      { dateTime: '03/25/18 00:00:00', value: { date: '03/25/18', value: 59.42, error: 6.78 } },
      { dateTime: '03/26/18 00:00:00', value: { date: null, value: 0.0, error: 0.0 } },
      { dateTime: '02/30/18 00:00:00', value: { date: '02/30/18', value: 60, error: 1 } },
    ]),
  )
  // The clocks go forward on that day.
  expect(rows).toEqual(['resting_heart_rate 59.42 /min @ 2018-03-25T00:00:00 +82800 Fitbit'])
  expect(sink.chunks[0]?.blocks[0]?.columns.extraTable).toEqual(['{"meta":{"error":"6.78 /min"}}'])
  expect(report.unmapped).toEqual({ 'fitbit day without resting heart rate': 1 })
  expect(report.refusals).toMatchObject([{ code: 'DATE' }])
})

it('days without wear are no days of rest', async () => {
  const days = (family: string, values: readonly string[]) =>
    memberOf(`Global Export Data/${family}-2018-01-01.json`, [
      Buffer.from(written(values.map((value, i) => ({ dateTime: `01/0${i + 1}/18 00:00:00`, value })))),
    ])
  const { report, rows } = await importMembers('fitbit', [
    days('very_active_minutes', ['22', '0', '0']),
    days('sedentary_minutes', ['600', '1440', '728']),
  ])
  expect(rows).toEqual([
    'sedentary_time 600 min @ 2018-01-01T00:00:00 +86400 Fitbit',
    'sedentary_time 728 min @ 2018-01-03T00:00:00 +86400 Fitbit',
    'vigorous_activity_time 0 min @ 2018-01-03T00:00:00 +86400 Fitbit',
    'vigorous_activity_time 22 min @ 2018-01-01T00:00:00 +86400 Fitbit',
  ])
  expect(report.unmapped).toEqual({
    'fitbit sedentary_minutes of a day without wear': 1,
    'fitbit very_active_minutes of a day without wear': 1,
  })
})

it('VO2max is the smoothed one of the day, or that of a run', async () => {
  const { rows } = await importFile(
    'fitbit',
    'demographic_vo2_max-2018-01-01.json',
    written([
      { dateTime: '01/01/18 00:00:00', value: { demographicVO2Max: 41.2, filteredDemographicVO2Max: 40.8 } },
      { dateTime: '01/02/18 17:30:00', value: { runVO2Max: 44.5, runVO2MaxError: 2 } },
    ]),
  )
  expect(rows).toEqual([
    'vo2_max 40.8 mL/kg/min @ 2018-01-01T00:00:00 +86400 Fitbit',
    'vo2_max 44.5 mL/kg/min @ 2018-01-02T18:30:00 +0 Fitbit',
  ])
})

it('what has no metric is kept raw under its name', async () => {
  const { report, sink } = await importFile(
    'fitbit',
    'time_in_heart_rate_zones-2018-01-01.json',
    written([{ dateTime: '01/01/18 00:00:00', value: { valuesInZones: { IN_DEFAULT_ZONE_1: 12 } } }]),
  )
  expect(report.unmapped).toEqual({ 'fitbit time_in_heart_rate_zones': 1 })
  expect(sink.raw).toHaveLength(1)
})
