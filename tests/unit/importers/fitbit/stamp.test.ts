import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IsoReader, StampReader } from '../../../../src/importers/fitbit/stamp.ts'
import { readWallTime } from '../../../../src/importers/wall-time.ts'

const moments = fc.date({ min: new Date('1970-01-01'), max: new Date('2068-12-31'), noInvalidDate: true })

describe('quick readers of times', () => {
  it('agree with the reader of all times', () => {
    const iso = new IsoReader()
    const stamps = new StampReader()
    fc.assert(
      fc.property(moments, (moment) => {
        const text = `${moment.toISOString().slice(0, 19)}Z`
        expect(iso.read(text)).toBe(readWallTime(text)?.wallMs)
        const [year, month, day] = text.slice(0, 10).split('-') as [string, string, string]
        expect(stamps.read(`${month}/${day}/${year.slice(2)} ${text.slice(11, 19)}`)).toBe(iso.read(text))
      }),
    )
  })

  it('take nothing that is no time', () => {
    const iso = new IsoReader()
    for (const text of [
      '2026-02-30T00:00:00Z',
      '2026-01-05T24:00:01Z',
      '2026-01-05 07:00:00',
      '2026-01-05T07:00:00+1',
      '',
    ])
      expect(iso.read(text)).toBeUndefined()
    const stamps = new StampReader()
    for (const text of [
      '02/30/26 00:00:00',
      '01/05/26 24:00:00',
      '01-05-26 07:00:00',
      '1/5/26 7:00:00',
      '01/05/2026',
      '',
    ])
      expect(stamps.read(text)).toBeNaN()
  })
})
