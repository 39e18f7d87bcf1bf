import { describe, expect, it } from 'vitest'
import { fitbit } from '../../../../src/importers/fitbit/index.ts'
import { holdsAgainstDamage } from '../adapter-run.ts'
import { cut, memberOf } from '../harness.ts'
import { importFile, importMembers } from '../rows-of.ts'
import { laws, written } from './fixture.ts'

const heartRates = [
  { dateTime: '04/02/17 23:32:24', value: { bpm: 70, confidence: 0 } },
  { dateTime: '04/02/17 23:32:29', value: { bpm: 71, confidence: 1 } },
  { dateTime: '04/02/17 23:32:44', value: { bpm: 72.5, confidence: 3 } },
]
const rateRows = [
  'heart_rate 71 /min @ 2017-04-03T01:32:29 +0 Fitbit',
  'heart_rate 72.5 /min @ 2017-04-03T01:32:44 +0 Fitbit',
]

describe('heart rate files', () => {
  it('give readings in UTC, and keep those without confidence raw', async () => {
    const { report, rows, sink } = await importFile(
      'fitbit',
      'heart_rate-2017-04-02.json',
      written(heartRates),
    )
    expect(rows).toEqual(rateRows)
    expect(report.unmapped).toEqual({ 'fitbit heart rate without confidence': 1 })
    expect(sink.raw[0]).toContain('"bpm" : 70')
    expect(sink.raw[0]).toContain('heart_rate-2017-04-02.json:2:')
  })

  it('read the same however the bytes are cut', async () => {
    const bytes = Buffer.from(written(heartRates))
    for (let length = 1; length <= bytes.length; length++) {
      const pieces = cut(
        bytes,
        Array.from({ length: 200 }, () => length),
      )
      const { rows } = await importMembers('fitbit', [memberOf('heart_rate-2017-04-02.json', pieces)])
      expect(rows).toEqual(rateRows)
    }
  })

  it('are known by what they hold, whatever they are called', async () => {
    const { report } = await importFile('auto', 'x.json', JSON.stringify(heartRates))
    expect(report.format).toBe('fitbit')
    expect(report.imported).toBe(2)
  })

  it('go on behind records of another shape, and say where those stand', async () => {
    const odd = [
      heartRates[1],
      { dateTime: '13/02/17 23:32:24', value: { bpm: 70, confidence: 2 } },
      { dateTime: '04/03/17 01:00:00', value: { confidence: 2, bpm: 80 }, note: 'a "quoted" one' },
      7,
      { dateTime: '04/03/17 01:00:10', value: { bpm: 4000, confidence: 2 } },
      { dateTime: '04/03/17 01:00:15', value: { bpm: 81, confidence: 2 } },
    ]
    const text = `[${odd.map((one) => JSON.stringify(one)).join(',\n')},\n{"dateTime":"04`
    const { report, rows } = await importFile('fitbit', 'heart_rate-2017-04-02.json', text)
    expect(rows).toEqual([
      rateRows[0],
      'heart_rate 80 /min @ 2017-04-03T03:00:00 +0 Fitbit',
      'heart_rate 81 /min @ 2017-04-03T03:00:15 +0 Fitbit',
    ])
    expect(report.refusals.map(({ where, code }) => `${where} ${code}`)).toEqual([
      'heart_rate-2017-04-02.json:2 DATE',
      'heart_rate-2017-04-02.json:4 REFUSED_INPUT',
      'heart_rate-2017-04-02.json:5 VALUE',
      'heart_rate-2017-04-02.json:7 REFUSED_INPUT',
    ])
  })

  it('end in a report or a refusal for any bytes', async () => {
    const [name, text] = Object.entries(laws.files(0, laws.size))[0] as [string, string]
    await holdsAgainstDamage(fitbit, Buffer.from(text), name)
  })
})

describe('files of minutes', () => {
  it('count by their name, in UTC and the units of the export', async () => {
    const minute = [
      { dateTime: '12/31/17 23:59:00', value: '4110' },
      { dateTime: '01/01/18 00:00:00', value: '0' },
    ]
    const read = async (name: string) => (await importFile('fitbit', name, written(minute))).rows
    expect(await read('distance-2017-12-06.json')).toEqual([
      'distance_walking_running 0 cm @ 2018-01-01T01:00:00 +60 Fitbit/minutes',
      'distance_walking_running 4110 cm @ 2018-01-01T00:59:00 +60 Fitbit/minutes',
    ])
    expect(await read('steps-2017-12-06 (1).json')).toContain(
      'steps 4110 {steps} @ 2018-01-01T00:59:00 +60 Fitbit/minutes',
    )
    expect(await read('altitude-2017-12-06.json')).toContain(
      'elevation_gain 4110 [ft_i] @ 2018-01-01T00:59:00 +60 Fitbit/minutes',
    )
    expect(await read('mystery-2017-12-06.json')).toEqual([])
  })

  it('take calories as local where their file begins at midnight', async () => {
    const calories = (clock: string) =>
      importFile(
        'fitbit',
        'calories-2018-01-01.json',
        written([{ dateTime: `01/01/18 ${clock}`, value: '1.19' }]),
      )
    expect((await calories('00:00:00')).rows).toEqual([
      'total_energy 1.19 kcal @ 2018-01-01T00:00:00 +60 Fitbit/minutes',
    ])
    expect((await calories('23:00:00')).rows).toEqual([
      'total_energy 1.19 kcal @ 2018-01-02T00:00:00 +60 Fitbit/minutes',
    ])
  })
})
