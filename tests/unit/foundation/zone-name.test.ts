import { describe, expect, it } from 'vitest'
import { nearestZones, zoneName } from '../../../src/foundation/index.ts'

describe('the name of a zone', () => {
  it.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    [' america/new_york ', 'America/New_York'],
    ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['UTC', 'UTC'],
    ['US/Eastern', 'US/Eastern'],
  ])('%j is %s', (typed, name) => expect(zoneName(typed)).toBe(name))

  it.each(['+02:00', 'Europe/Berln', '', 'Mars/Olympus', '../../etc/passwd', 'x'.repeat(70)])(
    '%j is none',
    (typed) => expect(zoneName(typed)).toBeUndefined(),
  )

  it.each([
    ['Europe/Berln', 'Europe/Berlin'],
    ['Berlin', 'Europe/Berlin'],
    ['Europe/New York', 'America/New_York'],
    ['new york', 'America/New_York'],
    ['Tokio', 'Asia/Tokyo'],
  ])('%j is near to %s', (typed, name) => expect(nearestZones(typed)[0]).toBe(name))

  it('has nothing near where nothing resembles it', () => expect(nearestZones('qqqqqqqqqq')).toEqual([]))
})
