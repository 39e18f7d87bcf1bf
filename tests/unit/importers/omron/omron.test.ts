import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { omron } from '../../../../src/importers/omron/index.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { holdsAgainstDamage, rowsOf, runFile, runText } from '../adapter-run.ts'
import { omronFixture, omronUsFixture, omronWeightFixture } from './fixture.ts'

describe('an OMRON connect export', () => {
  it('gives pressure and pulse at the zone of the row', async () => {
    const { report, sink } = await runText(omron, omronFixture, { zone: undefined })
    expect(report).toMatchObject({ read: 4, imported: 4, byMetric: { blood_pressure: 2, heart_rate: 2 } })
    expect(rowsOf(sink)).toMatchObject([
      {
        values: [125, 83],
        unit: 'mm[Hg]',
        at: '2026-01-05T11:40:00+420',
        app: 'OMRON connect',
        device: 'HEM-7141T1',
      },
      {
        values: [118, 79],
        at: '2026-07-05T11:40:00+120',
        extra: { meta: { 'Irregular heartbeat detected': 'Detected' } },
      },
      { metric: 'heart_rate', values: [73] },
      { metric: 'heart_rate', values: [64] },
    ])
    expect(report.notes.join()).not.toContain('no local zone was stated')
  })

  it('takes what the person says before what the row says', async () => {
    const { sink } = await runText(omron, omronFixture, { zone: 'UTC' })
    expect(rowsOf(sink)[0]?.at).toBe('2026-01-05T11:40:00+0')
  })

  it('refuses a row whose zone is none', async () => {
    const { report } = await runText(omron, omronFixture.replace('Asia/Bangkok', 'Nowhere/Land'), {
      zone: undefined,
    })
    expect(report.refusals).toMatchObject([{ where: 'export.csv:2', reason: 'its zone is none' }])
  })

  it('reads body composition in the units of its header', async () => {
    const { sink } = await runText(omron, omronWeightFixture)
    expect(rowsOf(sink).map(({ metric, values, unit }) => [metric, values[0], unit])).toEqual([
      ['basal_metabolic_rate', 1610, 'kcal/d'],
      ['bmi', 24.1, 'kg/m2'],
      ['body_fat', 21.4, '%'],
      ['metabolic_age', 38, 'a'],
      ['visceral_fat_rating', 7, '{score}'],
      ['weight', 162.4, '[lb_av]'],
    ])
    expect(rowsOf(sink)[0]?.extra).toEqual({ meta: { 'Skeletal Muscle(%)': '31.0' } })
  })

  it('asks for the unit of a weight whose header names none', async () => {
    const { report } = await runText(omron, omronWeightFixture.replace('Weight(lb)', 'Weight'))
    expect(report).toMatchObject({ read: 6, imported: 5, refused: 1 })
    expect(report.refusals[0]?.reason).toContain('--unit weight=kg')
  })

  it('reads the layout of the United States and keeps its further tables raw', async () => {
    const { report, sink } = await runText(omron, omronUsFixture, { zone: 'America/New_York' })
    expect(report).toMatchObject({ read: 5, imported: 4, unmapped: { 'OMRON row': 1 } })
    expect(rowsOf(sink)[0]).toMatchObject({ at: '2026-01-12T08:12:00-300', extra: { note: 'after coffee' } })
    expect(rowsOf(sink)[1]?.extra).toEqual({ meta: { Symptoms: 'Headache' } })
  })

  it('ends in a report or a failure whatever the bytes are', async () => {
    await holdsAgainstDamage(omron, Buffer.from(omronUsFixture), 'export.csv')
  })
})

const path = sharedDataPath('omron', 'vpnry', 'example.csv')
describe('the real export', () => {
  it.skipIf(!path)('is accounted for value by value', async () => {
    const rows: string[][] = parse(readFileSync(path as string))
    const { report, sink } = await runFile(path as string, { zone: undefined })
    const count = rows.length - 1
    expect(report).toMatchObject({
      read: 2 * count,
      refused: 0,
      byMetric: { blood_pressure: count, heart_rate: count },
    })
    const sum = rows.slice(1).reduce((total, row) => total + Number(row[2]), 0)
    const pressures = rowsOf(sink).filter(({ metric }) => metric === 'blood_pressure')
    expect(pressures.reduce((total, { values }) => total + (values[0] as number), 0)).toBe(sum)
    expect(report.from).toBe('2024-11-21T11:40:00+07:00')
    expect((await runFile(path as string, { zone: undefined }, 'omron', sink)).report.imported).toBe(0)
  })
})
