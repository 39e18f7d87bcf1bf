import { describe, expect, it } from 'vitest'
import { DateOrderGate } from '../../../src/importers/date-order.ts'
import { orderShown, readWallTime } from '../../../src/importers/wall-time.ts'

const iso = (text: string, order?: 'day-first' | 'month-first') => {
  const time = readWallTime(text, order)
  return time && `${new Date(time.wallMs).toISOString().slice(0, 23)} ${time.offsetMin}`
}

describe('times as files write them', () => {
  it.each([
    ['2026-01-05', '2026-01-05T00:00:00.000 null'],
    ['2026-01-05T08:30', '2026-01-05T08:30:00.000 null'],
    ['2026-01-05 08:30:15.1234567', '2026-01-05T08:30:15.123 null'],
    ['2026/1/5 8:30', '2026-01-05T08:30:00.000 null'],
    ['2026-01-05T08:30:00Z', '2026-01-05T08:30:00.000 0'],
    ['2026-01-05 08:30:00+0530', '2026-01-05T08:30:00.000 330'],
    ['2026-01-05T08:30:00-08', '2026-01-05T08:30:00.000 -480'],
    ['Jan 5 2026, 08:30', '2026-01-05T08:30:00.000 null'],
    ['5 January 2026 8:30 pm', '2026-01-05T20:30:00.000 null'],
    ['5-Jan-2026', '2026-01-05T00:00:00.000 null'],
    ['2026-01-05 12:00 AM', '2026-01-05T00:00:00.000 null'],
    ['2026-01-05 24:00', '2026-01-06T00:00:00.000 null'],
  ])('%s', (text, expected) => expect(iso(text)).toBe(expected))

  it('need to be told which number is the day', () => {
    expect(iso('05-12-2019 16:25')).toBeUndefined()
    expect(iso('05-12-2019 16:25', 'day-first')).toBe('2019-12-05T16:25:00.000 null')
    expect(iso('05/12/68', 'month-first')).toBe('2068-05-12T00:00:00.000 null')
    expect(iso('05.12.69', 'day-first')).toBe('1969-12-05T00:00:00.000 null')
    expect(['05-12-2019', '29-06-2025', '06/29/2025', '31/31/2025', '2025-06-29'].map(orderShown)).toEqual([
      'open',
      'day-first',
      'month-first',
      undefined,
      undefined,
    ])
  })

  it.each([
    '2026-02-30',
    '2026-13-01',
    '2026-01-05 25:00',
    '2026-01-05 24:01',
    '2026-01-05 13:00 PM',
    '2026-01-05 08:61',
    'Foo 5 2026',
    'yesterday',
    '',
    '2'.repeat(99),
  ])('%s is none', (text) => expect(readWallTime(text, 'day-first')).toBeUndefined())
})

describe('rows that wait for the order of day and month', () => {
  const gate = (stated?: 'day-first') => {
    const taken: string[] = []
    const refused: string[] = []
    const made = new DateOrderGate<string>(stated, {
      dateOf: (row) => row,
      take: (row, order) => taken.push(`${row} ${order}`),
      refuse: (row) => refused.push(row),
    })
    return { made, taken, refused }
  }

  it('keep their order, and learn from what stands outside them', () => {
    const { made, taken } = gate()
    made.push('01-02-2026')
    made.push('2026-01-01')
    expect(taken).toEqual([])
    made.learn('no date')
    made.learn('30-01-2026')
    made.push('03-02-2026')
    expect(taken).toEqual(['01-02-2026 day-first', '2026-01-01 day-first', '03-02-2026 day-first'])
  })

  it('are refused at the end, or when too many wait; others pass', () => {
    const { made, taken, refused } = gate()
    for (let i = 0; i < 100_001; i++) made.push('01-02-2026')
    expect(refused).toHaveLength(100_001)
    made.push('2026-01-01')
    made.end()
    expect(taken).toEqual(['2026-01-01 undefined'])
  })

  it('do not wait when somebody said it', () => {
    const { made, taken } = gate('day-first')
    made.push('01-02-2026')
    made.learn('02/30/2026')
    expect(taken).toEqual(['01-02-2026 day-first'])
  })
})
