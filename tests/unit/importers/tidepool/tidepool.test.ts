import { describe, expect, it } from 'vitest'
import { tidepool } from '../../../../src/importers/tidepool/index.ts'
import { holdsAgainstDamage, rowsOf, runAdapter, runText } from '../adapter-run.ts'
import { serial, workbookMembers } from '../xlsx/workbook-file.ts'
import { tidepoolFixture } from './fixture.ts'

const own = { zone: undefined, defaultZone: 'UTC' }

describe('a Tidepool export', () => {
  it('as JSON gives every datum its place', async () => {
    const { report, sink } = await runText(tidepool, JSON.stringify(tidepoolFixture), own, 'export.json')
    expect(report).toMatchObject({
      read: 13,
      imported: 9,
      refused: 1,
      unmapped: { 'Tidepool basal': 1, 'Tidepool cgm_glucose out of range low': 1, 'Tidepool upload': 1 },
    })
    expect(
      rowsOf(sink).map(({ metric, values, unit, at, minutes }) => [metric, values[0], unit, at, minutes]),
    ).toEqual([
      ['carbohydrates', 30, 'g', '2026-01-05T01:00:00-480', 0],
      ['carbohydrates', 14, 'g', '2026-01-05T02:00:00-480', 0],
      ['cgm_glucose', 5.55, 'mmol/L', '2026-01-05T00:00:00-480', 0],
      ['glucose', 101, 'mg/dL', '2026-01-05T00:10:00-480', 0],
      ['insulin_dose', 2, '[IU]', '2026-01-05T01:00:00-480', 0],
      ['insulin_dose', 1.5, '[IU]', '2026-01-05T01:00:00-480', 60],
      ['insulin_dose', 12, '[IU]', '2026-01-05T01:05:00-480', 0],
      ['ketones', 0.4, 'mmol/L', '2026-01-05T00:12:00-480', 0],
      ['workout', 30, 'min', '2026-01-05T03:00:00-480', 30],
    ])
    expect(report.refusals[0]?.reason).toContain('--unit glucose=mg/dL')
  })

  const header = [
    'Zulu Time',
    'Local Time',
    'Tidepool Data Type',
    'Value',
    'Units',
    'Timezone Offset',
    'Device Id',
    'Annotations',
  ]
  const when = { date: serial('2026-01-05T08:00:00Z') }
  const sheets = {
    CGM: [
      header,
      [when, when, 'cbg', 5.5, 'mmol/L', -480, 'DexG6_1', ''],
      [when, when, 'cbg', 2.2, 'mmol/L', -480, 'DexG6_1', '[{"code":"bg/out-of-range","value":"low"}]'],
    ],
    SMBG: [header, [when, when, 'smbg', 101, 'mg/dL', -480, 'Meter', '[not json']],
    Bolus: [
      ['Zulu Time', 'Tidepool Data Type', 'Duration (mins)', 'Extended', 'Normal', 'Timezone Offset'],
      [when, 'bolus', 30, 1.5, '', -480],
    ],
  }

  it('as a workbook gives the same', async () => {
    const { report, sink } = await runAdapter(tidepool, workbookMembers(sheets), own)
    expect(report).toMatchObject({ read: 4, imported: 3 })
    expect(rowsOf(sink)).toMatchObject([
      { metric: 'cgm_glucose', values: [5.5], at: '2026-01-05T00:00:00-480', device: 'DexG6_1' },
      { metric: 'glucose', values: [101], unit: 'mg/dL' },
      { metric: 'insulin_dose', values: [1.5], minutes: 30 },
    ])
    expect(sink.raw[0]).toContain('CGM!3')
  })

  it('as a sheet saved to CSV gives the same', async () => {
    const text = [
      header.join(','),
      '2026-01-05 08:00:00,2026-01-05 00:00:00,cbg,5.5,mmol/L,-480,DexG6_1,',
    ].join('\n')
    const { sink } = await runText(tidepool, text, own)
    expect(rowsOf(sink)).toMatchObject([
      { metric: 'cgm_glucose', values: [5.5], at: '2026-01-05T00:00:00-480' },
    ])
  })

  it('is recognised by its content, a workbook with all its parts', async () => {
    const head = (text: string) => async () => Buffer.from(text)
    expect(await tidepool.recognises('x.json', head(JSON.stringify(tidepoolFixture)))).toBe(true)
    expect(await tidepool.recognises('x.json', head('{"type":"bolus"}'))).toBe(false)
    expect(tidepool.accompanies?.('xl/styles.xml', ['xl/workbook.xml'])).toBe('own')
    expect(tidepool.accompanies?.('notes.txt', ['xl/workbook.xml'])).toBeUndefined()
  })

  it('refuses what has no time or is no datum', async () => {
    const { report } = await runText(
      tidepool,
      JSON.stringify([...tidepoolFixture.slice(0, 1), { type: 'cbg', value: 5 }, 7]),
      own,
      'x.json',
    )
    expect(report).toMatchObject({ read: 3, imported: 1, refused: 2 })
  })

  it('ends in a report or a failure whatever the bytes are', async () => {
    await holdsAgainstDamage(tidepool, Buffer.from(JSON.stringify(tidepoolFixture)), 'x.json')
  })
})
