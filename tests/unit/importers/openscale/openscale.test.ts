import { describe, expect, it } from 'vitest'
import { openScale } from '../../../../src/importers/openscale/index.ts'
import { holdsAgainstDamage, rowsOf, runText } from '../adapter-run.ts'
import { openScaleEarly, openScaleLate } from './fixture.ts'

describe('an openScale export', () => {
  it('of versions 1 and 2 is in kilograms, centimetres and percent, without what is 0', async () => {
    const { report, sink } = await runText(openScale, openScaleEarly)
    expect(report).toMatchObject({ read: 7, imported: 7 })
    expect(rowsOf(sink).map(({ metric, values, unit, at }) => [metric, values[0], unit, at])).toEqual([
      ['body_fat', 18.2, '%', '2026-03-04T08:15:00+0'],
      ['body_water', 55.1, '%', '2026-03-04T08:15:00+0'],
      ['bone_mass', 3.1, 'kg', '2026-03-04T08:15:00+0'],
      ['visceral_fat_rating', 7, '{score}', '2026-03-04T08:15:00+0'],
      ['waist', 88, 'cm', '2026-03-04T08:15:00+0'],
      ['weight', 81.4, 'kg', '2026-03-04T08:15:00+0'],
      ['weight', 81.1, 'kg', '2026-03-05T08:20:00+0'],
    ])
    expect(rowsOf(sink)[0]?.extra).toEqual({ note: 'morning, fasting', meta: { muscle: '42.0' } })
  })

  it('of version 3 asks for the units that its user chose', async () => {
    const asked = await runText(openScale, openScaleLate)
    expect(asked.report).toMatchObject({ read: 6, imported: 2, refused: 4 })
    expect(asked.report.refusals.map(({ reason }) => reason).join()).toContain('--unit weight=kg')
    const told = await runText(openScale, openScaleLate, {
      units: { weight: '[lb_av]', bone_mass: 'kg', muscle_mass: 'kg', fat_mass: 'kg', body_water: '%' },
    })
    expect(rowsOf(told.sink).map(({ metric, values, unit }) => [metric, values[0], unit])).toEqual([
      ['bmi', 24.5, 'kg/m2'],
      ['body_water', 55.1, '%'],
      ['bone_mass', 3.1, 'kg'],
      ['fat_mass', 18.2, 'kg'],
      ['muscle_mass', 42, 'kg'],
      ['visceral_fat_rating', 7, '{score}'],
      ['weight', 81.4, '[lb_av]'],
    ])
  })

  it('ends in a report or a failure whatever the bytes are', async () => {
    await holdsAgainstDamage(openScale, Buffer.from(openScaleEarly), 'export.csv')
  })
})
