import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonSplitter, jsonLimits } from '../../../../src/importers/json/splitter.ts'
import { cut } from '../harness.ts'

function split(text: string | Uint8Array, lengths: readonly number[] = []) {
  const values: [string, number][] = []
  const refused: [number, string][] = []
  const splitter = new JsonSplitter({
    value: (value, line) => values.push([value, line]),
    refused: (line, reason) => refused.push([line, reason]),
  })
  for (const piece of cut(Buffer.from(text), lengths)) splitter.push(piece)
  splitter.finish()
  return { values, refused }
}

describe('JSON values', () => {
  it('of an array come one by one with their lines', () => {
    const { values } = split('[\n {"a":"]}\\""},\n 7 , "x,y"\n, [1,[2]], null]\n')
    expect(values).toEqual([
      ['{"a":"]}\\""}', 2],
      ['7', 3],
      ['"x,y"', 3],
      ['[1,[2]]', 4],
      ['null', 4],
    ])
  })

  it('one after the other come so, too', () => {
    expect(split('{"a":1}\n{"b":\n2}\n7').values).toEqual([
      ['{"a":1}', 1],
      ['{"b":\n2}', 2],
      ['7', 4],
    ])
  })

  it('are the same however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.json(), { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }),
        fc.boolean(),
        (texts, lengths, isArray) => {
          const text = isArray ? `[${texts.join(',')}]` : texts.map((value) => `{"v":${value}}`).join('\n')
          const { values, refused } = split(text, lengths)
          expect(refused).toEqual([])
          expect(values.map(([value]) => JSON.parse(value))).toEqual(
            texts.map((value) => (isArray ? JSON.parse(value) : { v: JSON.parse(value) })),
          )
        },
      ),
    )
  })

  it('that are never closed are refused; lines behind them are read', () => {
    const { values, refused } = split('{"a":1}\n{"b":\n{"c":3}\n')
    expect(values.map(([value]) => value)).toEqual(['{"a":1}', '{"c":3}'])
    expect(refused).toEqual([[2, 'the text ends inside it']])
    expect(split('[{"a":1},{"b":').refused).toEqual([[1, 'the text ends inside it']])
  })

  it('that are nested too deep are refused alone', () => {
    const deep = '['.repeat(jsonLimits.depth + 5) + ']'.repeat(jsonLimits.depth + 5)
    const { values, refused } = split(`[1,${deep},2]`)
    expect(values.map(([value]) => value)).toEqual(['1', '2'])
    expect(refused).toEqual([[1, 'it is nested too deep']])
  })
})
