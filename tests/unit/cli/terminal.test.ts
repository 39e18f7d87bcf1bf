import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvLine } from '../../../src/cli/present/csv.ts'
import { jsonText } from '../../../src/cli/present/json.ts'
import { clipText, manyLines, oneLine, padText, textWidth } from '../../../src/cli/present/terminal.ts'

/** Control, bidirectional override, zero-width: nothing a terminal or an eye can be tricked with (T36). */
const active = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066\u2067\u200b\u200c\u200e\u200f\u2060\ufeff]/u

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\u001b]52;c;aGk=\u0007',
      '\u001b[2J',
      '\u009b31m',
      '\u202e',
      '\u2066',
      '\u200b',
      '\r',
      '\n',
      '\t',
      'א',
      '\ud800',
      '👩\u200d👧',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
})

describe('oneLine', () => {
  it.each([
    ['\u001b[31mred', '\\x1b[31mred'],
    ['\u001b]8;;http://x\u0007link', '\\x1b]8;;http://x\\x07link'],
    ['\u009b2J', '\\x9b2J'],
    ['photo\u202egpj.exe', 'photo\\u{202e}gpj.exe'],
    ['ad\u200bmin', 'ad\\u{200b}min'],
    ['over\rwrite', 'over\\rwrite'],
    ['two\nlines', 'two\\nlines'],
    ['soft\u00adhyphen', 'soft\\xadhyphen'],
    ['\udc00', '\\u{dc00}'],
    ['plain – ünïcode ≥ 5 µg', 'plain – ünïcode ≥ 5 µg'],
  ])('shows what a terminal would act on: %j', (text, shown) => expect(oneLine(text)).toBe(shown))

  it('puts right-to-left text into an isolate of its own', () => {
    expect(oneLine('שלום')).toBe('\u2068שלום\u2069')
  })
  it('keeps emoji that are joined of several', () => {
    expect(oneLine('👩\u200d👧 ❤\ufe0f')).toBe('👩\u200d👧 ❤\ufe0f')
    expect(oneLine('a\u200db')).toBe('a\\u{200d}b')
  })
  it('lets no active character through, whatever comes', () => {
    fc.assert(
      fc.property(hostile, (text) => !active.test(oneLine(text))),
      { numRuns: 2000 },
    )
  })
  it('is its own fixed point for text without escapes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => oneLine(oneLine(text)) === oneLine(text)),
    )
  })
})

describe('manyLines', () => {
  it('keeps line ends and tabs and nothing else', () => {
    expect(manyLines('a\r\nb\tc\u001b[0m\rd')).toBe('a\nb\tc\\x1b[0m\\rd')
    fc.assert(fc.property(hostile, (text) => !active.test(manyLines(text).replace(/[\n\t]/g, ''))))
  })
})

describe('textWidth', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['\u001b[31mabc\u001b[39m', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['👩\u200d👧', 2],
    ['\u2068שלום\u2069', 4],
  ])('%j takes %i columns', (text, width) => expect(textWidth(text)).toBe(width))

  it('pads to a width and never cuts', () => {
    expect(padText('日', 4)).toBe('日  ')
    expect(padText('7', 3, 'right')).toBe('  7')
    expect(padText('long', 2)).toBe('long')
  })
  it('cuts to a width, whole characters at a time', () => {
    expect(clipText('abcdef', 4)).toBe('abc…')
    expect(clipText('日本語', 4)).toBe('日…')
    fc.assert(
      fc.property(
        hostile,
        fc.integer({ min: 2, max: 40 }),
        (text, width) => textWidth(clipText(oneLine(text), width)) <= width,
      ),
    )
  })
  it('closes the isolate that it cut', () => {
    expect(clipText(oneLine('שלום עולם'), 5)).toMatch(/…\u2069$/)
  })
})

describe('machine text', () => {
  it('JSON is one line without a character that a terminal acts on, and reads back the same', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const json = jsonText({ text })
        return !active.test(json) && (JSON.parse(json) as { text: string }).text === text
      }),
      { numRuns: 1000 },
    )
  })
  it('numbers that JSON cannot hold become null', () => {
    expect(jsonText([Number.NaN, Infinity, undefined])).toBe('[null,null,null]')
    expect(jsonText(undefined)).toBe('null')
  })
  it('CSV quotes what needs it and disarms formulas', () => {
    expect(csvLine(['a,b', 'say "hi"', 'x\r\ny', null, -5, true])).toBe(
      '"a,b","say ""hi""","x\ny",,-5,true\n',
    )
    expect(csvLine(['=1+1', '+1', '-1', '@x', '\tx'])).toBe("'=1+1,'+1,'-1,'@x,' x\n")
    expect(csvLine(['\uff1d1', ' =1', '\u0000=1', 'a\u202eb\u2028c'])).toBe("'\uff1d1,' =1,' =1,a b c\n")
  })
})
