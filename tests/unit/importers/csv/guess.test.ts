import { describe, expect, it } from 'vitest'
import { mappingFrom } from '../../../../src/importers/csv/answers.ts'
import { guessTable } from '../../../../src/importers/csv/guess.ts'
import { guessInput } from '../../../../src/importers/csv/guess-input.ts'
import { csv } from '../../../../src/importers/csv/index.ts'
import { readTableMapping } from '../../../../src/importers/csv/mapping.ts'
import type { JsonValue } from '../../../../src/records/index.ts'
import { rowsOf, runText } from '../adapter-run.ts'
import { inputOf } from '../harness.ts'
import { serial, workbookMembers } from '../xlsx/workbook-file.ts'

const table = [
  'Exported by Cuff 2',
  'Date,Time,SYS (mmHg),DIA (mmHg),Pulse,Weight (lb),Mood today,Comment,Labels,Empty',
  '2026-01-13,08:00,125,83,64,180.5,fine,after coffee,home,',
  '2026-01-14,08:10,121,80,61,,,,,',
].join('\n')

describe('guesses about a table', () => {
  const guess = guessTable(Buffer.from(table))
  if (!guess) throw new Error('no header was found')

  it('find the header, the times and what the names of columns say', () => {
    expect(guess).toMatchObject({ delimiter: ',', headerRow: 2, decimalComma: false, timeFormat: 'text' })
    expect(guess.columns.map(({ role, metric, component, unit }) => [role, metric, component, unit])).toEqual(
      [
        ['time', undefined, undefined, undefined],
        ['time', undefined, undefined, undefined],
        ['value', 'blood_pressure', 0, 'mm[Hg]'],
        ['value', 'blood_pressure', 1, 'mm[Hg]'],
        ['value', 'heart_rate', undefined, '/min'],
        ['value', 'weight', undefined, '[lb_av]'],
        ['keep', undefined, undefined, undefined],
        ['note', undefined, undefined, undefined],
        ['tags', undefined, undefined, undefined],
        ['ignore', undefined, undefined, undefined],
      ],
    )
  })

  it('become a mapping that reads the table', async () => {
    const mapping = mappingFrom(guess, {
      columns: guess.columns,
      timeFormat: 'text',
      zone: 'Europe/Berlin',
      source: 'Cuff',
    })
    expect(readTableMapping(mapping as unknown as JsonValue)).toBe(mapping)
    const { report, sink } = await runText(csv, table, {
      zone: undefined,
      mapping: mapping as unknown as JsonValue,
    })
    expect(report).toMatchObject({ imported: 5, refused: 0 })
    expect(rowsOf(sink)[0]).toMatchObject({
      app: 'Cuff',
      at: '2026-01-13T08:00:00+60',
      extra: { note: 'after coffee', tags: ['home'], meta: { 'Mood today': 'fine' } },
    })
  })

  it('leave out a pressure of which a component is missing', () => {
    const columns = guess.columns.filter(({ component }) => component !== 1)
    expect(mappingFrom(guess, { columns, timeFormat: 'text' }).values.map(({ metric }) => metric)).toEqual([
      'heart_rate',
      'weight',
    ])
  })

  it('leave the order of day and month open where no date shows it', () => {
    const open = 'Datum;Gewicht kg\n05.01.2026;81,4\n06.01.2026;81,2\n'
    expect(guessTable(Buffer.from(open))).toMatchObject({
      delimiter: ';',
      decimalComma: true,
      timeFormat: undefined,
      columns: [{ role: 'time' }, { role: 'keep' }],
    })
    expect(guessTable(Buffer.from('start,stop,kg\n1608323029380,1608323057541,5\n'))).toMatchObject({
      timeFormat: 'epoch-ms',
      columns: [{ role: 'time' }, { role: 'end' }, { role: 'value', metric: 'weight' }],
    })
    expect(guessTable(Buffer.from('at,kg\n1608323029,5\n'))?.timeFormat).toBe('epoch-s')
  })

  it('are none for what is no table', () => {
    expect(guessTable(Buffer.from('once upon a time\nthere was\n'))).toBeUndefined()
  })
})

describe('guesses about an input', () => {
  it('look into the sheets of a workbook', async () => {
    const at = { date: serial('2026-01-05T08:30:00Z') }
    const members = workbookMembers({
      About: [['text']],
      Log: [
        ['When', 'Weight (kg)'],
        [at, 81.4],
      ],
    })
    expect(await guessInput(inputOf(...members))).toMatchObject({
      sheet: 'Log',
      columns: [{ role: 'time' }, { role: 'value', metric: 'weight', unit: 'kg' }],
    })
  })
})
