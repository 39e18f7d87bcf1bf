import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dexcomClarity } from '../../../../src/importers/dexcom-clarity/index.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { holdsAgainstDamage, rowsOf, runFile, runText } from '../adapter-run.ts'
import { clarityFixture, clarityHeader } from './fixture.ts'

const reading = (at: string, value: string | number, elapsed: number | string = '', id = 'T1') =>
  `9,${at},EGV,,,,R1,${value},,,,,${elapsed},${id}`
const text = (...rows: readonly string[]) => [clarityHeader(), ...rows, ''].join('\n')

describe('a Clarity export', () => {
  it('gives every kind of row its place', async () => {
    const { report, sink } = await runText(dexcomClarity, clarityFixture)
    expect(report).toMatchObject({
      read: 11,
      imported: 5,
      refused: 0,
      byMetric: { cgm_glucose: 1, glucose: 1, insulin_dose: 1, carbohydrates: 1, workout: 1 },
      unmapped: {
        'Dexcom FirstName': 1,
        'Dexcom Device': 1,
        'Dexcom Alert': 1,
        'Dexcom EGV Low': 1,
        'Dexcom EGV High': 1,
        'Dexcom Health Stress': 1,
      },
    })
    expect(rowsOf(sink)).toMatchObject([
      { metric: 'carbohydrates', unit: 'g', values: [30] },
      {
        metric: 'cgm_glucose',
        unit: 'mg/dL',
        values: [110],
        app: 'Dexcom Clarity',
        device: 'Dexcom G6 Receiver',
      },
      { metric: 'glucose', unit: 'mg/dL', values: [104], extra: { meta: { event: 'calibration' } } },
      { metric: 'insulin_dose', unit: '[IU]', values: [4.5], extra: { meta: { subtype: 'Fast-Acting' } } },
      { metric: 'workout', unit: 'min', values: [45], minutes: 45, extra: { meta: { intensity: 'Medium' } } },
    ])
    expect(sink.raw.find((raw) => raw.startsWith('Dexcom EGV Low'))).toContain(
      'export.csv:6: 5,2026-01-05T08:05:00',
    )
  })

  it('takes the unit from the header, and asks where there is none', async () => {
    const shifted = await runText(
      dexcomClarity,
      `${clarityHeader('mmol/L')}\n${reading('2026-01-05T08:00:00', '5,6')}`,
    )
    expect(shifted.report.refusals).toMatchObject([{ reason: 'it has more cells than the header' }])
    const point = await runText(
      dexcomClarity,
      `${clarityHeader('mmol/L')}\n${reading('2026-01-05T08:00:00', 5.6)}`,
    )
    expect(rowsOf(point.sink)).toMatchObject([{ unit: 'mmol/L', values: [5.6] }])
    const bare = clarityHeader().replace('Glucose Value (mg/dL)', 'Glucose Value')
    const asked = await runText(dexcomClarity, `${bare}\n${reading('2026-01-05T08:00:00', 101)}`)
    expect(asked.report.refusals[0]).toMatchObject({ where: 'export.csv:2', code: 'UNIT' })
    expect(asked.report.refusals[0]?.reason).toContain('--unit cgm_glucose=mg/dL')
    const told = await runText(dexcomClarity, `${bare}\n${reading('2026-01-05T08:00:00', 101)}`, {
      units: { cgm_glucose: 'mg/dL' },
    })
    expect(told.report.byMetric).toEqual({ cgm_glucose: 1 })
  })

  it('tells the two passes of the repeated hour apart by the transmitter', async () => {
    const { report, sink } = await runText(
      dexcomClarity,
      text(
        reading('2026-10-25T02:30:00', 100, 1000),
        reading('2026-10-25T02:30:00', 120, 4600),
        reading('2026-10-25T03:00:00', 130, 6400),
      ),
      { zone: 'Europe/Berlin' },
    )
    expect(report.imported).toBe(3)
    expect(rowsOf(sink).map(({ at, values }) => [at, values[0]])).toEqual([
      ['2026-10-25T02:30:00+120', 100],
      ['2026-10-25T02:30:00+60', 120],
      ['2026-10-25T03:00:00+60', 130],
    ])
    expect(report.notes).toEqual([])
  })

  it('keeps the own offset of a display that was set to another zone', async () => {
    const { report, sink } = await runText(
      dexcomClarity,
      text(
        reading('2026-07-11T10:00:00', 100, 1000),
        reading('2026-07-11T10:10:00', 110, 5200),
        reading('2026-07-11T10:15:01', 111, 5500),
      ),
      { zone: 'Europe/Berlin' },
    )
    expect(rowsOf(sink).map(({ at }) => at)).toEqual([
      '2026-07-11T10:00:00+120',
      '2026-07-11T10:10:00+60',
      '2026-07-11T10:15:01+60',
    ])
    expect(report.notes.join()).toContain('another zone')
  })

  it('refuses a date that is none, and a line whose quote is never closed, and reads on', async () => {
    const { report } = await runText(
      dexcomClarity,
      text(
        reading('2026-02-30T08:00:00', 1),
        `"${reading('2026-01-05T08:00:00', 100)}`,
        reading('2026-01-05T08:05:00', 101),
      ),
    )
    expect(report).toMatchObject({ read: 3, refused: 2, imported: 1 })
    expect(report.refusals.map(({ where }) => where)).toEqual(['export.csv:2', 'export.csv:3'])
  })

  it('says so where there is no such export', async () => {
    await expect(runText(dexcomClarity, 'a,b\n1,2\n')).rejects.toMatchObject({ code: 'REFUSED_INPUT' })
  })

  it('imported again adds nothing', async () => {
    const first = await runText(dexcomClarity, clarityFixture)
    const second = await runText(dexcomClarity, clarityFixture, {}, 'again.csv', first.sink)
    expect(second.report).toMatchObject({ imported: 0, duplicates: 5 })
  })

  it('ends in a report or a failure whatever the bytes are', async () => {
    await holdsAgainstDamage(dexcomClarity, Buffer.from(clarityFixture), 'export.csv')
  })
})

describe.each([
  ['Glucose360/Clarity_Export_00000_Subject_1_2023-10-16_235810.csv', 'Dexcom G6 Receiver'],
  ['dv-rs/example_export_data.csv', 'Dexcom ONE+ Mobile App'],
])('the real export %s', (file, device) => {
  const path = sharedDataPath('dexcom-clarity', ...file.split('/'))
  it.skipIf(!path)('is accounted for row by row', async () => {
    const all = JSON.parse(readFileSync(sharedDataPath('COUNTS.json') as string, 'utf8'))
    const counts = all[`dexcom-clarity/${file}`]
    const low = counts.egv_non_numeric.Low as number
    const first = await runFile(path as string, { zone: 'Europe/London' })
    const { report, sink } = first
    expect(report).toMatchObject({
      read: counts.rows,
      refused: 0,
      duplicates: 0,
      byMetric: { cgm_glucose: counts.egv - low },
    })
    expect(report.unmapped['Dexcom EGV Low']).toBe(low)
    const values = rowsOf(sink).map((row) => row.values[0] as number)
    expect([Math.min(...values), Math.max(...values)]).toEqual(counts.egv_min_max)
    expect(new Set(rowsOf(sink).map((row) => row.device))).toEqual(new Set([device]))
    const again = await runFile(path as string, { zone: 'Europe/London' }, 'dexcom-clarity', sink)
    expect(again.report.imported).toBe(0)
  })
})
