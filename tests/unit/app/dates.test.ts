import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseWhen } from '../../../src/app/dates.ts'
import { parsePeriod, startOfDay } from '../../../src/app/periods.ts'
import { instantOfLocal, offsetOf, systemZone } from '../../../src/app/zone.ts'
import {
  dayMs,
  formatDay,
  formatInstant,
  formatOffset,
  localDay,
  minuteMs,
} from '../../../src/foundation/index.ts'

/** A Sunday afternoon in Berlin, before the change of clocks of 29 March. */
const now = Date.parse('2026-03-15T14:20:00+01:00')
const berlin = 'Europe/Berlin'
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'UTC',
  'America/St_Johns',
  'Pacific/Apia',
]

async function when(text: string, zone = berlin, nowMs = now): Promise<string> {
  const { ms, offsetMin, precision } = await parseWhen(text, nowMs, zone)
  return precision === 'day' ? `day ${formatDay(localDay(ms, offsetMin))}` : formatInstant(ms, offsetMin)
}

describe('parseWhen', () => {
  it.each([
    ['now', '2026-03-15T14:20:00+01:00'],
    ['2026-03-01', 'day 2026-03-01'],
    ['2026-03-01T07:30', '2026-03-01T07:30:00+01:00'],
    ['2026-03-01 07:30', '2026-03-01T07:30:00+01:00'],
    ['2026-07-01T07:30:15', '2026-07-01T07:30:15+02:00'],
    ['2026-03-01T07:30:15.250Z', '2026-03-01T07:30:15.250+00:00'],
    ['2026-03-01T07:30-05:00', '2026-03-01T07:30:00-05:00'],
    ['2026-03-01T07:30 +0530', '2026-03-01T07:30:00+05:30'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59+00:00'],
    ['today', 'day 2026-03-15'],
    ['yesterday', 'day 2026-03-14'],
    ['today 7:30', '2026-03-15T07:30:00+01:00'],
    ['Today at 7:30', '2026-03-15T07:30:00+01:00'],
    ['today 7', '2026-03-15T07:00:00+01:00'],
    ['yesterday 22:00', '2026-03-14T22:00:00+01:00'],
    ['yesterday, 10pm', '2026-03-14T22:00:00+01:00'],
    ['7:30', '2026-03-15T07:30:00+01:00'],
    ['12am', '2026-03-15T00:00:00+01:00'],
    ['12:15 pm', '2026-03-15T12:15:00+01:00'],
    ['3 days ago', '2026-03-12T14:20:00+01:00'],
    ['a week ago', '2026-03-08T14:20:00+01:00'],
    ['an hour ago', '2026-03-15T13:20:00+01:00'],
    ['90 minutes ago', '2026-03-15T12:50:00+01:00'],
    ['last monday', 'day 2026-03-09'],
    ['last friday at 8pm', '2026-03-13T20:00:00+01:00'],
    ['May 5th 2025', 'day 2025-05-05'],
    ['5 May 2025 18:05', '2025-05-05T18:05:00+02:00'],
    ['2 hours and 10 minutes ago', '2026-03-15T12:10:00+01:00'],
  ])('reads %j', async (text, expected) => expect(await when(text)).toBe(expected))

  it.each([
    '',
    '7',
    'soon-ish',
    '2026-02-30',
    '2026-13-01',
    '2026-03-01T24:00',
    '2026-03-01T07:61',
    '2026-03-01T07:30+25:00',
    'today 25:00',
    '13pm',
    'may 5th and june 6th',
    'monday to friday',
    'I felt bad yesterday',
  ])('refuses %j and shows a form that works', async (text) => {
    await expect(when(text)).rejects.toMatchObject({
      code: 'DATE',
      hint: expect.stringMatching(/2026-03-01|3 days ago/),
    })
  })
  it('refuses what could be two dates, with both', async () => {
    await expect(when('03/04/2026')).rejects.toMatchObject({
      code: 'DATE',
      hint: 'Write year-month-day: 2026-03-04 or 2026-04-03.',
    })
    await expect(when('3.4.26')).rejects.toMatchObject({ code: 'DATE' })
  })
  it('says what it made of a time that the clocks skipped', async () => {
    const skipped = await parseWhen('2026-03-29T02:30', now, berlin)
    expect(formatInstant(skipped.ms, skipped.offsetMin)).toBe('2026-03-29T03:30:00+02:00')
    expect(skipped.note).toMatch(/does not exist.*2026-03-29T03:30:00\+02:00/)
  })
  it('says which of two it took when the clocks went back', async () => {
    const doubled = await parseWhen('2026-10-25T02:30', now, berlin)
    expect(formatInstant(doubled.ms, doubled.offsetMin)).toBe('2026-10-25T02:30:00+02:00')
    expect(doubled.note).toMatch(/occurs twice/)
    expect((await parseWhen('2026-10-25T02:30+01:00', now, berlin)).note).toBeNull()
  })
  it('keeps the wall clock over days and the elapsed time over hours', async () => {
    const monday = Date.parse('2026-03-30T14:20:00+02:00')
    expect(await when('2 days ago', berlin, monday)).toBe('2026-03-28T14:20:00+01:00')
    expect(await when('48 hours ago', berlin, monday)).toBe('2026-03-28T13:20:00+01:00')
  })
  it('refuses a zone that does not exist', async () => {
    await expect(when('today', 'Mars/Olympus')).rejects.toMatchObject({ code: 'DATE' })
  })
  it('reads back every instant that it could print, in every zone', async () => {
    const instants = fc.integer({ min: Date.parse('1975-01-01'), max: Date.parse('2060-01-01') })
    await fc.assert(
      fc.asyncProperty(instants, fc.constantFrom(...zones), async (ms, zone) => {
        const text = formatInstant(ms, offsetOf(zone, ms))
        const read = await parseWhen(text, now, zone)
        return read.ms === ms && read.offsetMin === offsetOf(zone, ms)
      }),
    )
  })
  it('reads a local time as an instant that shows that time, or says why not', async () => {
    const walls = fc.integer({
      min: Date.parse('1975-01-01') / minuteMs,
      max: Date.parse('2060-01-01') / minuteMs,
    })
    await fc.assert(
      fc.asyncProperty(walls, fc.constantFrom(...zones), async (minutes, zone) => {
        const text = new Date(minutes * minuteMs).toISOString().slice(0, 16)
        const { ms, offsetMin, note } = await parseWhen(text, now, zone)
        if (offsetMin !== offsetOf(zone, ms)) return false
        return ms + offsetMin * minuteMs === minutes * minuteMs || note?.includes('does not exist') === true
      }),
      { numRuns: 500 },
    )
  })
})

describe('zones', () => {
  it('knows the same offsets of this computer’s zone as the rest of the world does', () => {
    const zone = systemZone()
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.parse('2060-01-01') }), (ms) => {
        const text = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value
        return (
          text === `GMT${formatOffset(offsetOf(zone, ms))}` || (text === 'GMT' && offsetOf(zone, ms) === 0)
        )
      }),
    )
  })
  it('knows offsets of a quarter and a half hour', () => {
    expect(offsetOf('Asia/Kolkata', now)).toBe(330)
    expect(offsetOf('Asia/Kathmandu', now)).toBe(345)
    expect(offsetOf('America/St_Johns', now)).toBe(-150)
    expect(offsetOf('UTC', now)).toBe(0)
    expect(offsetOf(systemZone(), now)).toBe(0 - new Date(now).getTimezoneOffset())
  })
  it('takes the first of two, and moves on by the gap, whatever its size', () => {
    const lordHowe = instantOfLocal('Australia/Lord_Howe', Date.UTC(2026, 9, 4, 2, 10))
    expect([formatInstant(lordHowe.ms, lordHowe.offsetMin), lordHowe.change]).toEqual([
      '2026-10-04T02:40:00+11:00',
      'gap',
    ])
    const apia = instantOfLocal('Pacific/Apia', Date.UTC(2011, 11, 30, 12, 0))
    expect([formatInstant(apia.ms, apia.offsetMin), apia.change]).toEqual([
      '2011-12-31T12:00:00+14:00',
      'gap',
    ])
  })
})

describe('parsePeriod', () => {
  const place = { nowMs: now, zone: berlin, dayStartMin: 0 }
  async function period(options: Parameters<typeof parsePeriod>[0], at = place): Promise<string> {
    const { fromMs, toMs } = await parsePeriod(options, at)
    const shown = (ms: number | undefined): string =>
      ms === undefined ? '' : formatInstant(ms, offsetOf(at.zone, ms)).slice(0, 16)
    return `${shown(fromMs)} ${shown(toMs)}`
  }

  it.each([
    [{}, ' '],
    [{ on: '2026-03-01' }, '2026-03-01T00:00 2026-03-02T00:00'],
    [{ on: 'yesterday' }, '2026-03-14T00:00 2026-03-15T00:00'],
    [{ from: '2026-01-01' }, '2026-01-01T00:00 '],
    [{ from: '2026-01-01', to: '2026-01-31' }, '2026-01-01T00:00 2026-02-01T00:00'],
    [{ to: '2026-01-31T12:00' }, ' 2026-01-31T12:00'],
    [{ last: '1d' }, '2026-03-15T00:00 2026-03-16T00:00'],
    [{ last: '30d' }, '2026-02-14T00:00 2026-03-16T00:00'],
    [{ last: '2w' }, '2026-03-02T00:00 2026-03-16T00:00'],
    [{ last: '6mo' }, '2025-09-16T00:00 2026-03-16T00:00'],
    [{ last: '2y' }, '2024-03-16T00:00 2026-03-16T00:00'],
  ])('%j is %s', async (options, expected) => expect(await period(options)).toBe(expected))

  it('counts months to their last day', async () => {
    const endOfMay = { ...place, nowMs: Date.parse('2026-05-31T12:00:00+02:00') }
    expect(await period({ last: '3mo' }, endOfMay)).toBe('2026-03-01T00:00 2026-06-01T00:00')
  })
  it('begins days where the person begins them', async () => {
    const owl = { ...place, dayStartMin: 240, nowMs: Date.parse('2026-03-15T03:00:00+01:00') }
    expect(await period({ last: '1d' }, owl)).toBe('2026-03-14T04:00 2026-03-15T04:00')
    expect(await period({ on: '2026-03-01' }, owl)).toBe('2026-03-01T04:00 2026-03-02T04:00')
  })
  it('keeps days of 23 and 25 hours whole', async () => {
    const hours = async (on: string): Promise<number> => {
      const { fromMs = 0, toMs = 0 } = await parsePeriod({ on }, place)
      return (toMs - fromMs) / 3_600_000
    }
    expect([await hours('2026-03-29'), await hours('2026-10-25')]).toEqual([23, 25])
  })
  it('passes on what a change of clocks did to a time', async () => {
    expect((await parsePeriod({ from: '2026-03-29T02:30' }, { ...place, nowMs: now })).notes).toHaveLength(1)
  })
  it.each([
    [{ on: 'today', last: '3d' }, 'USAGE'],
    [{ last: '3d', from: 'today' }, 'USAGE'],
    [{ on: '7:30' }, 'DATE'],
    [{ from: '2026-02-01', to: '2026-01-01' }, 'DATE'],
    [{ last: '3m' }, 'DATE'],
    [{ last: '0d' }, 'DATE'],
    [{ last: 'week' }, 'DATE'],
    [{ from: 'whenever' }, 'DATE'],
  ])('refuses %j', async (options, code) =>
    expect(parsePeriod(options, place)).rejects.toMatchObject({ code }),
  )

  it('covers each day once: the end of one is the start of the next', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4000, max: 30_000 }),
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 720 }),
        (day, zone, dayStartMin) => {
          const length = startOfDay(day + 1, { zone, dayStartMin }) - startOfDay(day, { zone, dayStartMin })
          return length > 0 && length <= 2 * dayMs
        },
      ),
    )
  })
})
