import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CsvReader, rowText } from '../../../../src/importers/delimited/csv-rows.ts'
import { delimiterOf } from '../../../../src/importers/delimited/delimiter.ts'
import { cellNumber, eitherNumber } from '../../../../src/importers/delimited/number.ts'
import { encodingOf } from '../../../../src/importers/delimited/text.ts'
import { cut } from '../harness.ts'

async function read(text: string | Uint8Array, lengths: readonly number[] = []) {
  const rows: [number, readonly string[]][] = []
  const refused: [number, string][] = []
  const reader = new CsvReader(',', {
    row: (cells, line) => rows.push([line, cells]),
    refused: (line, reason) => refused.push([line, reason]),
  })
  for (const piece of cut(Buffer.from(text), lengths)) await reader.push(piece)
  await reader.finish()
  return { rows, refused, reader }
}

describe('rows of delimited text', () => {
  it('have the line that they begin in, whatever ends the lines', async () => {
    const { rows } = await read('a,b\r\n1,"x\ny"\n\n3,4" inch\r5,6')
    expect(rows).toEqual([
      [1, ['a', 'b']],
      [2, ['1', 'x\ny']],
      [4, ['']],
      [5, ['3', '4" inch']],
      [6, ['5', '6']],
    ])
  })

  it('are what was written, however the bytes are cut', async () => {
    const cell = fc.string({ maxLength: 8 }).map((text) => text.replaceAll('\r', ' '))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 40 }),
        async (table, lengths) => {
          const { rows, refused } = await read(stringify(table, { quoted: true }), lengths)
          expect(refused).toEqual([])
          expect(rows.map(([, cells]) => cells)).toEqual(table)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('are those of csv-parse, for any text and however the bytes are cut', async () => {
    const piece = fc.constantFrom('a', 'é', '€', '1', ' ', '"', '""', ',', ',', '\n', '\r\n', '\r', '"b,c"')
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 40 }),
        async (text, lengths) => {
          const { rows, refused } = await read(text, lengths)
          fc.pre(refused.length === 0)
          expect(rows.map(([, cells]) => cells)).toEqual(
            parse(text, {
              record_delimiter: ['\r\n', '\n', '\r'],
              relax_quotes: true,
              relax_column_count: true,
            }),
          )
          const starts = rows.map(([line]) => line)
          expect(starts).toEqual(starts.toSorted((a, b) => a - b))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('have their line behind cells of several lines, and behind the first row that is no row of the standard', async () => {
    const text = 'a,"1\r\n2\r\n3"\r\nb\r\n"x" y\r\nc\r\n'
    for (const lengths of [[], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]]) {
      const { rows } = await read(text, lengths)
      expect(rows.map(([line, cells]) => [line, cells.length])).toEqual([
        [1, 2],
        [4, 1],
        [5, 1],
        [6, 1],
      ])
    }
  })

  it('keep damaged bytes as csv-parse does', async () => {
    const bytes = Buffer.from([0x61, 0xff, 0x2c, 0xc3, 0x0a, 0x62, 0x0a])
    const { rows } = await read(bytes, [3, 1])
    expect(rows).toEqual([
      [1, ['a\ufffd', '\ufffd']],
      [2, ['b']],
    ])
  })

  it('whose quote is never closed are refused alone', async () => {
    const one = await read('a,b\n1,"open\n2,3\n5,6\n', [5, 5, 5])
    expect(one.rows.map(([line, cells]) => [line, cells.join()])).toEqual([
      [1, 'a,b'],
      [3, '2,3'],
      [4, '5,6'],
    ])
    expect(one.refused).toEqual([[2, 'a quote in it is never closed']])
    expect((await read('a\n"x')).refused).toEqual([[2, 'a quote in it is never closed']])
  })

  it('without end are refused in bounded memory, and the next line is read', async () => {
    const long = 'x'.repeat(1_000_000)
    const { rows, refused } = await read(
      `a,b\n${long},1\n2,3\n`,
      Array.from({ length: 20 }, () => 60_000),
    )
    expect(rows).toEqual([
      [1, ['a', 'b']],
      [3, ['2', '3']],
    ])
    expect(refused).toEqual([[2, 'the row has no end']])
    expect((await read(`${long}${long}`)).refused).toHaveLength(1)
  })

  it('give up behind too many damaged lines', async () => {
    const { refused, reader } = await read(`${`"${'y'.repeat(300_000)}\n`.repeat(120)}`, [500_000, 500_000])
    expect(reader.isOver).toBe(true)
    expect(refused.at(-1)?.[1]).toContain('too many lines are damaged')
    expect(refused.length).toBeLessThanOrEqual(101)
  })

  it('are text again with quotes where they are needed', () => {
    expect(rowText(['a', 'b,c', 'd"e', 'f;g'], ',')).toBe('a,"b,c","d""e",f;g')
  })
})

describe('looking at text', () => {
  it('finds the delimiter that stands in most lines', () => {
    expect(delimiterOf('a;b;c\n1,5;2,5;3\n')).toBe(';')
    expect(delimiterOf('title, with comma\na\tb\n1\t2\n3\t4')).toBe('\t')
    expect(delimiterOf('"a;b;c",d\n')).toBe(',')
    expect(delimiterOf('one')).toBe(',')
  })

  it('tells encodings apart', () => {
    expect(encodingOf(Buffer.from('a,ä'))).toBe('utf-8')
    expect(encodingOf(Buffer.from(`${'a'.repeat(65_535)}ä`).subarray(0, 65_536))).toBe('utf-8')
    expect(encodingOf(Buffer.from('a,ä', 'latin1'))).toBe('windows-1252')
    expect(encodingOf(Buffer.from('abcd', 'utf16le'))).toBe('utf-16le')
    expect(encodingOf(Buffer.from([0, 0x61, 0, 0x62]))).toBe('utf-16be')
    expect(encodingOf(Buffer.from([0xfe, 0xff, 0, 0x62]))).toBe('utf-16be')
  })

  it('reads numbers without guessing', () => {
    expect([cellNumber('-1.5e3'), cellNumber(' 7 '), cellNumber('.5'), cellNumber('−3')]).toEqual([
      -1500, 7, 0.5, -3,
    ])
    expect(['1,838', '1 838', '0x10', '', 'NaN', '9'.repeat(50)].map((text) => cellNumber(text))).toEqual(
      Array.from({ length: 6 }, () => Number.NaN),
    )
    expect([cellNumber('81,4', true), cellNumber('81.4', true), eitherNumber('5,6')]).toEqual([
      81.4,
      Number.NaN,
      5.6,
    ])
  })
})
