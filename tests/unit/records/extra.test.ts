import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Extra, extraToText, isEmptyExtra, rowExtra, textToExtra } from '../../../src/records/index.ts'
import { anyExtra, buildColumns } from '../../reference/arbitrary-columns.ts'

describe('extras as text', () => {
  it('come back equal', () => {
    fc.assert(
      fc.property(anyExtra, (extra) => {
        expect(extraToText(textToExtra(extraToText(extra)))).toBe(extraToText(extra))
        expect(textToExtra(extraToText(extra))).toEqual(extra)
      }),
    )
  })

  it('are one text for equal extras, whatever the order of their fields', () => {
    const text = '{"key":"k","meta":{"a":"1","b":"2"},"note":"n"}'
    expect(extraToText({ note: 'n', key: 'k', meta: { b: '2', a: '1' } })).toBe(text)
  })

  it('keep every bit of original numbers and times', () => {
    const extra: Extra = {
      original: [-0, 0.1 + 0.2, Number.NaN, Number.NEGATIVE_INFINITY],
      originalTime: [-5, 60_000],
      originalOffsetMin: -300,
    }
    expect(textToExtra(extraToText(extra))).toStrictEqual(extra)
  })

  it('leave out fields that are undefined', () => {
    const extra = { note: undefined } as unknown as Extra
    expect(isEmptyExtra(extra)).toBe(true)
    expect(extraToText(extra)).toBe('{}')
  })

  it('cannot reach a prototype', () => {
    const extra = textToExtra('{"__proto__":{"note":"x"},"meta":{"__proto__":"polluted"},"constructor":"x"}')
    expect(Object.keys(extra)).toStrictEqual(['meta'])
    expect(Object.getPrototypeOf(extra)).toBe(Object.prototype)
    expect(({} as { polluted?: string }).polluted).toBeUndefined()
    expect(Object.entries(extra.meta ?? {})).toStrictEqual([['__proto__', 'polluted']])
  })

  it.each([
    'no json',
    '[]',
    'null',
    '{"note":1}',
    '{"tags":"a"}',
    '{"tags":[1]}',
    '{"original":["x"]}',
    '{"originalTime":[1]}',
    '{"meta":[]}',
    '{"meta":{"a":1}}',
  ])('refuse %s as damaged', (text) => {
    expect(() => textToExtra(text)).toThrow('the extra of an observation is malformed')
  })

  it('are refused when a row points outside the table', () => {
    const columns = buildColumns(1, [
      { startMs: 0, durationMs: 0, offsetMin: 0, values: [1], flags: 0, imports: [] },
    ])
    columns.extraIndex[0] = 7
    expect(() => rowExtra(columns, 0)).toThrow('malformed')
  })
})
