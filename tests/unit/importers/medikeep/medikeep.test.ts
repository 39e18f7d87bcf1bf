import { describe, expect, it } from 'vitest'
import { mediKeep } from '../../../../src/importers/medikeep/index.ts'
import { entitiesOf, holdsAgainstDamage, rowsOf, runText } from '../adapter-run.ts'
import { mediKeepFixture, mediKeepTables } from './fixture.ts'

const run = (value: unknown, options = {}) =>
  runText(mediKeep, JSON.stringify(value), { zone: 'America/New_York', ...options }, 'export.json')

describe('a MediKeep export', () => {
  it('as JSON gives vitals in their units, tests by name, and entities', async () => {
    const { report, sink } = await run(mediKeepFixture)
    expect(report.byMetric).toEqual({
      blood_pressure: 1,
      bmi: 2,
      body_temperature: 1,
      hdl_cholesterol: 1,
      heart_rate: 2,
      oxygen_saturation: 2,
      weight: 2,
    })
    expect(report.entities).toEqual({
      allergy: 1,
      condition: 1,
      immunization: 1,
      medication: 1,
      procedure: 1,
    })
    expect(report.unmapped).toEqual({
      'MediKeep blood pressure component': 1,
      'MediKeep encounters': 1,
      'MediKeep lab_results': 1,
      'MediKeep test component': 2,
    })
    expect(report.refusals.map(({ reason }) => reason.slice(0, 30))).toEqual([
      'it has no name',
      'it has no unit: mg/dL or mmol/',
      'temperature has no unit that i',
      'its date cannot be read',
    ])
    expect(report.profile.map(({ field, value }) => [field, value])).toEqual([
      ['dateOfBirth', '1970-05-01'],
      ['bloodType', 'A+'],
      ['sex', 'female'],
    ])
    expect(rowsOf(sink).find(({ metric }) => metric === 'weight')).toMatchObject({
      values: [179.5],
      unit: '[lb_av]',
      at: '2026-01-01T08:00:00-300',
      device: 'Omron',
      extra: { note: 'rested', meta: { location: 'home' } },
    })
    expect(entitiesOf(sink)).toContainEqual({
      type: 'allergy',
      fields: {
        substance: 'Penicillin',
        reaction: 'rash',
        severity: 'moderate',
        onset: '1999-01-01',
        clinicalStatus: 'active',
      },
    })
  })

  it('takes glucose in the unit that the person states', async () => {
    const { report } = await run(mediKeepFixture, { units: { glucose: 'mg/dL' } })
    expect(report.byMetric['glucose']).toBe(1)
  })

  it('as CSV gives the same by days', async () => {
    const { report, sink } = await runText(mediKeep, mediKeepTables)
    expect(report).toMatchObject({ read: 5, imported: 5, entities: { allergy: 1 } })
    expect(rowsOf(sink).map(({ metric, at }) => [metric, at])).toEqual([
      ['blood_pressure', '2026-01-05T00:00:00+0'],
      ['hdl_cholesterol', '2026-01-06T00:00:00+0'],
      ['heart_rate', '2026-01-05T00:00:00+0'],
      ['weight', '2026-01-05T00:00:00+0'],
    ])
  })

  it('leaves out what is older than asked, and refuses what is no record', async () => {
    const { report } = await run({ ...mediKeepFixture, vitals: [3] }, { sinceMs: Date.UTC(2027, 0) })
    expect(report.skipped).toBeGreaterThan(4)
    expect(report.refusals.map(({ reason }) => reason)).toContain('it is no record')
  })

  it('ends in a report or a failure whatever the bytes are', async () => {
    await holdsAgainstDamage(mediKeep, Buffer.from(mediKeepTables), 'x.csv')
    await holdsAgainstDamage(mediKeep, Buffer.from(JSON.stringify(mediKeepFixture)), 'x.json')
  })
})
