import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  csvColumns,
  csvList,
  csvText,
  exportCsv,
  listOfCsv,
  textOfCsv,
} from '../../../src/exporters/index.ts'
import { observationFlag } from '../../../src/records/index.ts'
import { fullRecord } from './full-record.ts'
import { memorySink, memorySource, seriesOf, testObservation, typedByHand } from './memory-source.ts'

const options = { nowIso: '2026-11-24T12:00:00+01:00', version: '0.1.0' }

type Row = Record<(typeof csvColumns)[number], string>

function rowsOf(text: string): Row[] {
  return parse(text, { columns: true, relax_column_count: false }) as Row[]
}

describe('export csv', () => {
  it('writes one row per number, the same double bit for bit', async () => {
    const record = fullRecord()
    const sink = memorySink()
    const result = await exportCsv({ source: memorySource(record), sink, options })
    const rows = rowsOf(sink.text('measurements.csv'))
    const expected = record.parts.flatMap((part) =>
      Array.from({ length: part.columns.length }, (_, row) => testObservation(part, row)),
    )
    expect(result.records.observations).toBe(expected.length)
    for (const observation of expected) {
      const own = rows.filter(({ id }) => id === observation.id)
      expect(own.map(({ value }) => Number(value))).toEqual(observation.values)
      expect(own[0]?.unit).toBe(observation.unit)
      if (observation.original === null) expect(own[0]?.original_value).toBe('')
      else expect(own.map((row) => Number(row.original_value))).toEqual(observation.original.values)
    }
    expect(result.files).toMatchObject([{ name: 'measurements.csv', records: rows.length }])
    expect(result.notes[0]).toMatch(/other entries/)
  })

  it('keeps every finite double', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 20 }),
        async (values) => {
          const rows = values.map((value, index) => ({ startMs: index, values: [value] }))
          const sink = memorySink()
          const part = seriesOf({ metric: 'steps', source: typedByHand, unit: '{count}' }, rows)
          await exportCsv({
            source: memorySource({ parts: [{ ...part, series: { ...part.series, metric: 'unheard' } }] }),
            sink,
            options,
          })
          expect(rowsOf(sink.text('measurements.csv')).map(({ value }) => Number(value))).toEqual(values)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('says what a row is: component, codes, local times, source, flags, imports', async () => {
    const part = seriesOf(
      {
        metric: 'blood_pressure',
        source: { device: 'Cuff', app: 'Omron', deviceClass: 'medical' },
        unit: 'mm[Hg]',
      },
      [
        {
          startMs: Date.UTC(2026, 2, 1, 12, 30),
          durationMs: 30_500,
          offsetMin: -300,
          values: [128, 82],
          flags: observationFlag.edited | observationFlag.manual,
          extra: { context: 'left_arm', zone: 'America/Bogota', tags: ['a', 'b;c'], note: 'calm' },
          imports: ['i1', 'i2'],
        },
      ],
    )
    const sink = memorySink()
    await exportCsv({
      source: memorySource({ parts: [part] }),
      sink,
      options: { ...options, fileName: 'out.csv' },
    })
    const common = {
      metric: 'blood_pressure',
      start: '2026-03-01T07:30:00-05:00',
      end: '2026-03-01T07:30:30.500-05:00',
      offset: '-300',
      unit: 'mm[Hg]',
      source_app: 'Omron',
      source_device: 'Cuff',
      note: 'calm',
      tags: 'a;b\\;c',
      context: 'left_arm',
      zone: 'America/Bogota',
      flags: 'manual;edited',
      imports: 'i1;i2',
    }
    expect(rowsOf(sink.text('out.csv'))).toMatchObject([
      { ...common, component: 'systolic', loinc: '8480-6', value: '128' },
      { ...common, component: 'diastolic', loinc: '8462-4', value: '82' },
    ])
    expect(sink.text('out.csv')).toMatch(/^id,metric,loinc,component,start,end,offset,value,unit,.*\r\n/)
    expect(sink.text('out.csv').endsWith('\r\n')).toBe(true)
  })

  it('writes a table per metric on request', async () => {
    const sink = memorySink()
    const result = await exportCsv({
      source: memorySource(fullRecord()),
      sink,
      options: { ...options, tables: 'per-metric', only: ['weight', 'blood_pressure'] },
    })
    expect([...sink.files.keys()]).toEqual(['blood_pressure.csv', 'weight.csv'])
    expect(rowsOf(sink.text('weight.csv')).every(({ metric }) => metric === 'weight')).toBe(true)
    expect(result.records.observations).toBe(4)
  })

  it('writes a header alone for an empty vault', async () => {
    const sink = memorySink()
    const result = await exportCsv({ source: memorySource({ parts: [] }), sink, options })
    expect(sink.text('measurements.csv')).toBe(`${csvColumns.join(',')}\r\n`)
    expect(result.notes).toEqual([])
  })

  it('lets no cell start as a formula and shows hidden characters', async () => {
    const sink = memorySink()
    await exportCsv({ source: memorySource(fullRecord()), sink, options })
    const text = sink.text('measurements.csv')
    for (const row of rowsOf(text)) {
      for (const [column, cell] of Object.entries(row)) {
        if (column === 'value' || column === 'original_value' || column === 'offset') continue
        expect(cell).not.toMatch(/^[\s]*[=+\-@＝＋－＠]/u)
      }
    }
    expect(text).not.toMatch(/\u202e/)
  })
})

describe('text cells', () => {
  const dangerous = [
    '=1+1',
    '+1',
    '-1',
    '@x',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '  =1',
    '\u00a0=1',
  ]

  it.each(dangerous)('guard %j', (text) => {
    expect(csvText(text).startsWith("'")).toBe(true)
    expect(textOfCsv(csvText(text))).toBe(text)
  })

  it('leave ordinary text as it is', () => {
    for (const text of ['', 'after run', 'Grüße', 'a=b', '5.6']) expect(csvText(text)).toBe(text)
  })

  it('come back as they were, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(textOfCsv(csvText(text))).toBe(text)
      }),
    )
    for (const text of ["'=1", "''", '\\', '\\u0041', '\u0000', '\ud800', 'a\\'])
      expect(textOfCsv(csvText(text))).toBe(text)
  })

  it('come back as lists, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 1 }), (texts) => {
        expect(listOfCsv(csvList(texts))).toEqual(texts)
      }),
    )
    expect(listOfCsv(csvList([]))).toEqual([])
  })
})
