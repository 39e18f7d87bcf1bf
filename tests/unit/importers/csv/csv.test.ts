import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { csv } from '../../../../src/importers/csv/index.ts'
import { readTableMapping, type TableMapping } from '../../../../src/importers/csv/mapping.ts'
import type { JsonValue } from '../../../../src/records/index.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { holdsAgainstDamage, rowsOf, runAdapter, runFile, runText } from '../adapter-run.ts'
import { memberOf } from '../harness.ts'
import { serial, workbookMembers } from '../xlsx/workbook-file.ts'
import { cuffMapping, cuffTable, ownHeader, ownPressure, ownRows } from './fixture.ts'

const json = (mapping: TableMapping) => mapping as unknown as JsonValue
const mapped = (text: string, mapping: TableMapping, options = {}) =>
  runText(csv, text, { zone: undefined, defaultZone: 'UTC', mapping: json(mapping), ...options }, 'cuff.csv')

describe('a table with a mapping', () => {
  it('gives values, notes, tags and contexts at the zone of the mapping', async () => {
    const { report, sink } = await mapped(cuffTable, cuffMapping)
    expect(report).toMatchObject({ read: 4, imported: 4, refused: 0 })
    expect(report.notes).toEqual(["cuff.csv: lines before the table's header were passed over"])
    expect(rowsOf(sink)).toMatchObject([
      {
        metric: 'blood_pressure',
        values: [125, 83],
        at: '2026-01-13T08:00:00+60',
        app: 'Cuff',
        extra: { note: 'after; coffee', tags: ['home', 'left'], context: 'sitting' },
      },
      { metric: 'blood_pressure', values: [119, 79], at: '2026-02-02T20:15:00+60' },
      { metric: 'heart_rate', values: [64], unit: '/min' },
      { metric: 'weight', values: [81.4], unit: 'kg' },
    ])
  })

  it('whose dates can be read in two ways asks, in the mapping or on the command line', async () => {
    const open = cuffTable.replace('13.01.2026', '03.01.2026')
    expect((await mapped(open, cuffMapping)).report).toMatchObject({ imported: 0, refused: 2 })
    const inMapping = await mapped(open, {
      ...cuffMapping,
      time: { ...cuffMapping.time, format: 'day-first' },
    })
    expect(rowsOf(inMapping.sink)[0]?.at).toBe('2026-01-03T08:00:00+60')
    const onLine = await mapped(open, cuffMapping, { dateOrder: 'month-first' })
    expect(rowsOf(onLine.sink).map(({ at }) => at.slice(0, 10))).toContain('2026-03-01')
  })

  it('refuses rows that are not as the mapping says, with their line', async () => {
    const rows = [
      '13.01.2026;08:00;125;;64;;;;',
      '13.01.2026;08:01;a lot;80;;;;;',
      'soon;08:02;125;80;;;;;',
      '13.01.2026;08:03;125;80;64;81.4;;;',
      '13.01.2026;08:04;125;80;64;80,1;;;;9',
    ]
    const { report } = await mapped([cuffTable.split('\r\n')[2], ...rows].join('\n'), cuffMapping)
    expect(report.refusals.map(({ where, reason }) => [where, reason])).toEqual([
      ['cuff.csv:2', 'one of the numbers of blood_pressure is missing'],
      ['cuff.csv:3', 'the value of blood_pressure is no number'],
      ['cuff.csv:4', 'its date cannot be read'],
      ['cuff.csv:5', 'the value of weight is no number'],
      ['cuff.csv:6', 'it has more cells than the header'],
    ])
  })

  it('keeps censored values and rows without values raw', async () => {
    const mapping: TableMapping = {
      version: 1,
      time: { columns: ['at'] },
      values: [{ metric: 'glucose', columns: ['v'], unit: 'mg/dL' }],
      none: ['-'],
    }
    const { report } = await mapped(
      'at,v\n2026-01-01 08:00,<40\n2026-01-01 09:00,-\n2026-01-01 10:00,101\n',
      mapping,
    )
    expect(report).toMatchObject({ read: 3, imported: 1, unmapped: { 'glucose <40': 1, 'CSV row': 1 } })
  })

  it('in long form takes metric and unit from each row', async () => {
    const mapping: TableMapping = {
      version: 1,
      time: { columns: ['t'], format: 'epoch-s' },
      values: [{ metricColumn: 'what', columns: ['value'], unitColumn: 'unit' }],
      deviceColumn: 'dev',
      keep: ['lab'],
    }
    const rows = [
      't\twhat\tvalue\tunit\tdev\tlab',
      '1767600000\tWeight\t180\tlb\tScale\tA',
      '1767600000\tpulse\t61\t\t\t',
      '1767600000\tchi\t5\t\t\t',
      '1767600000\tweight\t80\t\t\t',
      '1767600000\tweight\t80\tfurlong\t\t',
    ]
    const { report, sink } = await mapped(rows.join('\n'), mapping)
    expect(report).toMatchObject({ read: 5, imported: 2, refused: 2, unmapped: { 'CSV row': 1 } })
    expect(rowsOf(sink)).toMatchObject([
      { metric: 'heart_rate', values: [61] },
      { metric: 'weight', unit: '[lb_av]', device: 'Scale', extra: { meta: { lab: 'A' } } },
    ])
  })

  it('of a workbook is read by sheet', async () => {
    const at = { date: serial('2026-01-05T08:30:00Z') }
    const members = workbookMembers({
      Other: [['x'], ['y']],
      Log: [
        ['When', 'kg'],
        [at, 81.4],
      ],
    })
    const mapping: TableMapping = {
      version: 1,
      sheet: 'Log',
      time: { columns: ['When'] },
      values: [{ metric: 'weight', columns: ['kg'], unit: 'kg' }],
    }
    const { sink } = await runAdapter(csv, members, { mapping: json(mapping) })
    expect(rowsOf(sink)).toMatchObject([{ metric: 'weight', values: [81.4], at: '2026-01-05T08:30:00+0' }])
    const { sheet: _, ...anySheet } = mapping
    const any = await runAdapter(csv, members, { mapping: json(anySheet) })
    expect(any.report).toMatchObject({ imported: 1, refusals: [{ where: 'Other' }] })
    await expect(
      runAdapter(csv, members, { mapping: json({ ...mapping, sheet: 'None' }) }),
    ).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('of a workbook takes numbers as they are and texts with the decimal comma', async () => {
    const members = workbookMembers({
      Log: [
        ['When', 'kg', 'min'],
        ['2026-01-05 08:00', 127.5, '1,5'],
        ['2026-01-06 08:00', '126,5', 1.5],
        ['2026-01-07 08:00', '126.5', '2'],
        ['2026-01-08 08:00', 126, 1e-2],
      ],
    })
    const mapping: TableMapping = {
      version: 1,
      decimalComma: true,
      time: { columns: ['When'], duration: { column: 'min', unit: 'min' } },
      values: [{ metric: 'weight', columns: ['kg'], unit: 'kg' }],
    }
    const { report, sink } = await runAdapter(csv, members, { mapping: json(mapping) })
    expect(report.refusals).toMatchObject([{ where: 'Log!4', code: 'VALUE' }])
    expect(rowsOf(sink).map(({ values, minutes }) => [values[0], minutes])).toEqual([
      [127.5, 1.5],
      [126.5, 1.5],
      [126, 0.01],
    ])
  })

  it('without the columns of the mapping stops the import only when no other has them', async () => {
    await expect(mapped('a,b\n1,2\n', cuffMapping)).rejects.toMatchObject({ code: 'REFUSED_INPUT' })
    const both = [memberOf('a.csv', [Buffer.from('a,b\n')]), memberOf('cuff.csv', [Buffer.from(cuffTable)])]
    const { report } = await runAdapter(csv, both, { mapping: json(cuffMapping) })
    expect(report).toMatchObject({ imported: 4, refusals: [{ where: 'a.csv' }] })
    await expect(mapped('a,b\n', { ...cuffMapping, headerRow: 1 })).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('in other encodings is read all the same', async () => {
    const text = cuffTable.replace('after; coffee', 'nach Käse')
    for (const bytes of [
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      Buffer.from(text, 'latin1'),
      Buffer.from(`\ufeff${text}`),
    ]) {
      const { sink } = await runAdapter(csv, [memberOf('x.csv', [bytes])], { mapping: json(cuffMapping) })
      expect(rowsOf(sink)[0]?.extra.note).toBe('nach Käse')
    }
  })

  it('ends in a report or a failure whatever the bytes are', async () => {
    await holdsAgainstDamage(csv, Buffer.from(cuffTable), 'x.csv', { mapping: json(cuffMapping) })
  })
})

describe('a mapping', () => {
  it.each([
    ['"version" must be 1', { version: 2 }],
    ['"time" is no object', { time: 3 }],
    ['names no column', { time: { columns: [] } }],
    ['"time.format" is one of', { time: { columns: ['Date'], format: 'dmy' } }],
    ['"time.duration.unit"', { time: { columns: ['Date'], duration: { column: 'x', unit: 'y' } } }],
    ['"delimiter" is one of', { delimiter: ':' }],
    ['"note" is no list', { note: 'Comment' }],
    ['"source" is no text', { source: 3 }],
    ['at least one value', { values: [] }],
    ['one of metric and metricColumn', { values: [{ columns: ['x'] }] }],
    ['one of columns and interval', { values: [{ metric: 'weight' }] }],
    ['a column each for systolic and diastolic', { values: [{ metric: 'bp', columns: ['x'] }] }],
    ['has no unit', { values: [{ metric: 'weight', columns: ['x'] }] }],
    ['there is no metric', { values: [{ metric: 'wieght-of-soul', columns: ['x'] }] }],
    ['is no unit of weight', { values: [{ metric: 'weight', columns: ['x'], unit: 'm' }] }],
  ])('is refused with the place: %s', (reason, change) => {
    expect(() => readTableMapping({ ...(json(cuffMapping) as object), ...change } as JsonValue)).toThrow(
      reason,
    )
  })

  it('has to be there for a table of no known program', async () => {
    await expect(runText(csv, cuffTable)).rejects.toMatchObject({ code: 'USAGE' })
  })
})

describe('an own CSV export', () => {
  it('gives the same observations of the same sources in their own units', async () => {
    const { report, sink } = await runText(csv, [ownHeader, ...ownRows, ...ownPressure, ''].join('\r\n'))
    expect(report).toMatchObject({ read: 6, imported: 5, merged: 1 })
    expect(rowsOf(sink)).toMatchObject([
      { metric: 'blood_pressure', values: [128, 82], app: 'HealthMate CSV' },
      { metric: 'heart_rate', values: [61], extra: { context: 'resting', zone: 'Europe/Berlin' } },
      { metric: 'heart_rate', values: [62] },
      {
        metric: 'weight',
        values: [179.5],
        unit: '[lb_av]',
        device: 'Body+',
        extra: { note: '=1+1 \\ x', tags: ['a', 'b;c'] },
      },
      { metric: 'workout', values: [30], minutes: 30 },
    ])
  })

  it('refuses what it did not write', async () => {
    const bad = [
      ownPressure[0],
      ownRows[1]?.replace('heart_rate,8867', 'soul,8867'),
      ownRows[1]?.replace('/min', 'kg'),
      ownRows[1]?.replace('2026-03-02T08', 'x'),
    ]
    const { report } = await runText(csv, [ownHeader, ...bad].join('\n'))
    expect(report).toMatchObject({ read: 4, refused: 3, unmapped: { 'blood_pressure component': 1 } })
  })
})

describe('real tables', () => {
  const plees = sharedDataPath('generic-csv', 'plees-tracker', 'plees-tracker.csv')
  it.skipIf(!plees)('with epoch milliseconds (PleesTracker)', async () => {
    const mapping: TableMapping = {
      version: 1,
      time: { columns: ['start'], end: ['stop'], format: 'epoch-ms' },
      values: [{ metric: 'sleep_asleep', interval: true }],
      keep: ['rating'],
      source: 'PleesTracker',
    }
    const { report, sink } = await runFile(plees as string, { mapping: json(mapping) }, 'csv')
    expect(report).toMatchObject({ read: 3, imported: 3 })
    const rows = readFileSync(plees as string, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
    const minutes = rows.map((row) => (Number(row.split(',')[2]) - Number(row.split(',')[1])) / 60_000)
    expect(rowsOf(sink).map(({ values }) => values[0])).toEqual(minutes)
  })

  const sleepmeter = sharedDataPath('generic-csv', 'sleepmeter', 'sleep_history_2020-11-25.8.csv')
  it.skipIf(!sleepmeter)('behind other tables, with offsets of their own (Sleepmeter)', async () => {
    const mapping: TableMapping = {
      version: 1,
      time: { columns: ['sleep'], end: ['wake'] },
      values: [{ metric: 'sleep_asleep', interval: true }],
      note: ['notes'],
      keep: ['type', 'holes', 'quality'],
      source: 'Sleepmeter',
    }
    const { report } = await runFile(sleepmeter as string, { mapping: json(mapping) }, 'csv')
    // One night has no length; the same night stands there twice with other notes.
    expect(report).toMatchObject({ read: 10, refused: 0, imported: 9, duplicates: 1 })
  })
})
