import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDecimal } from '../../../../src/importers/apple-health/decimal.ts'
import { DateReader } from '../../../../src/importers/apple-health/time.ts'

const decimal = (text: string) => {
  const bytes = Buffer.from(`"${text}"`)
  return readDecimal(bytes, 1, bytes.length - 1)
}

const date = (text: string) => {
  const reader = new DateReader()
  const bytes = Buffer.from(`"${text}"`)
  return reader.read(bytes, 1, bytes.length - 1) ? [reader.ms, reader.offsetMin] : null
}

describe('a decimal number', () => {
  it('is the same double that the language reads, for any double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        // The text of minus zero is that of zero.
        expect(decimal(String(x))).toBe(x + 0)
      }),
    )
  })

  it('is the same double for any digits and decimals', () => {
    const digits = fc.stringMatching(/^-?\d{1,12}(\.\d{1,12})?$/)
    fc.assert(
      fc.property(digits, (text) => {
        expect(decimal(text)).toBe(Number(text))
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    '',
    '-',
    '.',
    'abc',
    '0x10',
    '1e',
    'Infinity',
    'NaN',
    '1,5',
    '1 ',
    ' 1',
    '1.2.3',
    '--1',
    '1e9999999',
  ])('is not "%s"', (text) => expect(decimal(text)).toBeNaN())

  it.each([
    ['5.', 5],
    ['.5', 0.5],
    ['+2', 2],
    ['1E3', 1000],
    ['-0', -0],
  ])('reads "%s"', (text, value) => expect(decimal(text)).toBe(value))
})

describe('a date', () => {
  it('is the instant and the offset, for any second and offset', () => {
    const seconds = fc.integer({ min: Date.UTC(1900, 0, 2) / 1000, max: Date.UTC(2199, 11, 30) / 1000 })
    fc.assert(
      fc.property(seconds, fc.integer({ min: -14 * 60, max: 14 * 60 }), (second, offset) => {
        const local = new Date((second + offset * 60) * 1000).toISOString()
        const size = Math.abs(offset)
        const zone = `${offset < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}${String(size % 60).padStart(2, '0')}`
        const day = local.slice(0, 10)
        const time = local.slice(11, 19)
        expect(date(`${day} ${time} ${zone}`)).toEqual([
          second * 1000,
          offset === 0 ? expect.closeTo(0) : offset,
        ])
        expect(date(`${day}${time}${zone}`.replaceAll(/(?<=^.{0,9})-|:/g, ''))?.[0]).toBe(second * 1000)
      }),
    )
  })

  it.each([
    '2026-02-29 08:00:00 +0100',
    '2026-13-01 08:00:00 +0100',
    '2026-00-01 08:00:00 +0100',
    '2026-01-00 08:00:00 +0100',
    '0000-01-01 08:00:00 +0100',
    '2026-01-01 24:00:00 +0100',
    '2026-01-01 08:60:00 +0100',
    '2026-01-01 08:00:61 +0100',
    '2026-01-01 08:00:00 +1900',
    '2026-01-01 08:00:00 +0160',
    '2026-01-01 08:00:00 x0100',
    '2026-01-01T08:00:00 +0100',
    '2026/01/01 08:00:00 +0100',
    '2026-01-01 08.00.00 +0100',
    '2026-01-0x 08:00:00 +0100',
    '2026-01-01',
    '',
  ])('is not "%s"', (text) => expect(date(text)).toBeNull())

  it('may be a leap day', () => {
    expect(date('2024-02-29 00:00:00 +0000')).toEqual([Date.UTC(2024, 1, 29), 0])
    expect(date('2000-02-29 00:00:00 +0000')).not.toBeNull()
    expect(date('1900-02-29 00:00:00 +0000')).toBeNull()
  })
})
