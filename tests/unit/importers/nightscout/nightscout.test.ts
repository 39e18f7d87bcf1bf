import { describe, expect, it } from 'vitest'
import { nightscout } from '../../../../src/importers/nightscout/index.ts'
import { holdsAgainstDamage, rowsOf, runText } from '../adapter-run.ts'
import { nightscoutEntries, nightscoutTreatments } from './fixture.ts'

const run = (value: unknown, options = {}) =>
  runText(
    nightscout,
    JSON.stringify(value),
    { zone: undefined, defaultZone: 'UTC', ...options },
    'entries.json',
  )

describe('Nightscout entries', () => {
  it('give sensor and meter glucose in mg/dL; what is no number is kept raw', async () => {
    const { report, sink } = await run(nightscoutEntries)
    expect(report).toMatchObject({
      read: 5,
      imported: 2,
      unmapped: { 'Nightscout reading out of range': 1, 'Nightscout sensor error': 1, 'Nightscout cal': 1 },
    })
    expect(rowsOf(sink)).toMatchObject([
      {
        metric: 'cgm_glucose',
        unit: 'mg/dL',
        values: [115],
        at: '2026-01-05T09:00:00+60',
        device: 'xDrip-DexcomG5',
        extra: { meta: { direction: 'Flat' } },
      },
      { metric: 'glucose', values: [121], at: '2026-01-05T09:15:00+60' },
    ])
  })

  it.each([
    ['NDJSON', nightscoutEntries.map((entry) => JSON.stringify(entry)).join('\n')],
    ['the wrapper of API version 3', JSON.stringify({ status: 200, result: nightscoutEntries })],
    [
      'a dump of mongoexport',
      JSON.stringify(
        nightscoutEntries.map((entry) => ({ ...entry, date: { $numberLong: String(entry.date) } })),
      ),
    ],
  ])('come as %s, too', async (_, text) => {
    const { report, sink } = await runText(nightscout, text, { zone: undefined }, 'entries.json')
    expect(report).toMatchObject({ read: 5, imported: 2 })
    expect(rowsOf(sink)[0]?.at).toBe('2026-01-05T09:00:00+60')
  })
})

describe('Nightscout treatments', () => {
  it('give insulin, carbohydrates, meter readings and exercise; a reading without unit is asked for', async () => {
    const { report, sink } = await run(nightscoutTreatments)
    expect(report).toMatchObject({
      read: 7,
      imported: 4,
      refused: 1,
      unmapped: { 'Nightscout Site Change': 1, 'Nightscout deleted document': 1 },
    })
    expect(report.refusals[0]).toMatchObject({ where: 'entries.json:1', code: 'UNIT' })
    expect(
      rowsOf(sink).map(({ metric, values, unit, minutes }) => [metric, values[0], unit, minutes]),
    ).toEqual([
      ['carbohydrates', 55, 'g', 0],
      ['glucose', 13.5, 'mmol/L', 0],
      ['insulin_dose', 6.5, '[IU]', 0],
      ['workout', 30, 'min', 30],
    ])
    expect(rowsOf(sink)[0]?.extra).toEqual({ note: 'pasta', meta: { eventType: 'Meal Bolus' } })
    const told = await run(nightscoutTreatments, { units: { glucose: 'mg/dL' } })
    expect(told.report).toMatchObject({ imported: 5, refused: 0 })
  })

  it('refuse what has no date, is no document, or is no JSON, and go on', async () => {
    const text = `[{"sgv":100},7,{"eventType":"Note","created_at":"soon"},{"sgv":tru},${JSON.stringify(nightscoutEntries[0])}]`
    const { report } = await runText(nightscout, text, {}, 'x.json')
    expect(report).toMatchObject({ read: 5, refused: 4, imported: 1 })
  })

  it('end in a report or a failure whatever the bytes are', async () => {
    await holdsAgainstDamage(nightscout, Buffer.from(JSON.stringify(nightscoutTreatments)), 'x.json')
  })
})
