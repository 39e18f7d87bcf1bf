import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { libreview } from '../../../../src/importers/libreview/index.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { holdsAgainstDamage, rowsOf, runFile, runText } from '../adapter-run.ts'
import { libreFixture, libreHeader, libreRow } from './fixture.ts'

describe('a LibreView export', () => {
  it('gives every type of record its place', async () => {
    const { report, sink } = await runText(libreview, libreFixture, { zone: 'Europe/Berlin' })
    expect(report).toMatchObject({
      read: 11,
      imported: 7,
      byMetric: { cgm_glucose: 2, glucose: 1, ketones: 1, insulin_dose: 2, carbohydrates: 1 },
      unmapped: {
        'LibreView cgm_glucose LO': 1,
        'LibreView insulin without number': 1,
        'LibreView record type 5': 1,
        'LibreView record type 6': 1,
      },
    })
    expect(rowsOf(sink)).toMatchObject([
      { metric: 'carbohydrates', values: [45] },
      {
        metric: 'cgm_glucose',
        unit: 'mmol/L',
        values: [6],
        at: '2026-06-05T13:00:00+120',
        device: 'FreeStyle Libre 3',
      },
      { metric: 'cgm_glucose', values: [6.2], extra: { meta: { record: 'scan' } } },
      { metric: 'glucose', values: [6], extra: { note: 'finger' } },
      {
        metric: 'insulin_dose',
        values: [6],
        extra: { meta: { insulin: 'rapid-acting', meal: '4', correction: '2' } },
      },
      { metric: 'insulin_dose', values: [12], extra: { meta: { insulin: 'long-acting' } } },
      { metric: 'ketones', unit: 'mmol/L', values: [0.4] },
    ])
  })

  const undecided = [libreHeader(), libreRow('05-12-2019 16:25', '0', { 4: '6.3' }), ''].join('\n')

  it('refuses dates that can be read in two ways, with the question, until somebody answers', async () => {
    const asked = await runText(libreview, undecided)
    expect(asked.report).toMatchObject({ read: 1, refused: 1 })
    expect(asked.report.refusals[0]?.reason).toContain('--date-order day-first')
    const dayFirst = await runText(libreview, undecided, { dateOrder: 'day-first' })
    expect(rowsOf(dayFirst.sink)[0]?.at).toBe('2019-12-05T16:25:00+0')
    const monthFirst = await runText(libreview, undecided, { dateOrder: 'month-first' })
    expect(rowsOf(monthFirst.sink)[0]?.at).toBe('2019-05-12T16:25:00+0')
  })

  it('learns the order from a later row, whose dates it then holds all others to', async () => {
    const { report, sink } = await runText(
      libreview,
      [
        libreHeader('mg/dL'),
        libreRow('12-05-2019 4:25 PM', '0', { 4: '110' }),
        libreRow('12-13-2019 12:05 AM', '0', { 4: '111' }),
        libreRow('13-12-2019 12:05 AM', '0', { 4: '112' }),
      ].join('\n'),
    )
    expect(report).toMatchObject({ read: 3, imported: 2, refused: 1 })
    expect(rowsOf(sink).map(({ at, unit }) => [at, unit])).toEqual([
      ['2019-12-05T16:25:00+0', 'mg/dL'],
      ['2019-12-13T00:05:00+0', 'mg/dL'],
    ])
  })

  it('reads translated headers, semicolons and decimal commas', async () => {
    const header = libreHeader()
      .replace('Device Timestamp', 'Gerätezeitstempel')
      .replace('Record Type', 'Aufzeichnungstyp')
      .replace('Historic Glucose', 'Glukosewert-Verlauf')
      .replaceAll(',', ';')
    const row = libreRow('29-06-2026 13:00', '0', { 4: '5.9' }).replaceAll(',', ';').replace('5.9', '5,9')
    const { sink } = await runText(libreview, `${header}\n${row}\n`)
    expect(rowsOf(sink)).toMatchObject([{ values: [5.9], unit: 'mmol/L' }])
  })

  it('refuses a date that is none', async () => {
    const { report } = await runText(libreview, `${libreHeader()}\n${libreRow('yesterday', '0', { 4: '5' })}`)
    expect(report.refusals).toMatchObject([{ where: 'export.csv:2', code: 'DATE' }])
  })

  it('ends in a report or a failure whatever the bytes are', async () => {
    await holdsAgainstDamage(libreview, Buffer.from(libreFixture), 'export.csv')
  })
})

describe('the real exports', () => {
  const counts = (file: string) =>
    JSON.parse(readFileSync(sharedDataPath('COUNTS.json') as string, 'utf8'))[`libreview/${file}`]
  const libre3 = sharedDataPath('libreview', 'arsennikum', 'example_glucose.csv')
  const link = sharedDataPath('libreview', 'glyco', 'tiny_sample.csv')

  it.skipIf(!libre3)('of a Libre 3 is accounted for row by row', async () => {
    const { rows, record_types } = counts('arsennikum/example_glucose.csv')
    const { report, sink } = await runFile(libre3 as string)
    expect(report).toMatchObject({ read: rows, refused: 0, duplicates: 0, byMetric: { cgm_glucose: rows } })
    expect(rowsOf(sink).filter(({ extra }) => extra.meta).length).toBe(record_types[1])
  })

  it.skipIf(!link)('of LibreLink shows no order of day and month: it is asked for', async () => {
    const { rows } = counts('glyco/tiny_sample.csv')
    expect((await runFile(link as string)).report).toMatchObject({ read: rows, refused: rows })
    const told = await runFile(link as string, { dateOrder: 'day-first' })
    expect(told.report).toMatchObject({ imported: rows, from: '2019-12-05T16:25:00+00:00' })
  })
})
