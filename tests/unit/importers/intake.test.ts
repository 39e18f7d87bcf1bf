/** What the intake does for adapters: entities, zones, units, the account. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instantOfLocal, offsetOf } from '../../../src/app/zone.ts'
import { ZoneOffsets } from '../../../src/foundation/index.ts'
import { maxEntityLength } from '../../../src/importers/entity-queue.ts'
import type { FormatCounts, ImportOptions } from '../../../src/importers/importer.ts'
import { Intake } from '../../../src/importers/intake.ts'
import { type ImportSink, rawRecordId, stableEntityId } from '../../../src/records/index.ts'
import { RememberingSink, settled } from './harness.ts'

const intakeOf = (sink: ImportSink = new RememberingSink(), options: Partial<ImportOptions> = {}) =>
  new Intake(sink, { importId: 'i', ...options })
const id = stableEntityId('system', '1')
const asthma = { code: 'asthma', status: 'active', note: null }

describe('an entity', () => {
  it('counts once, its further records as merged, the same again as a duplicate', () => {
    const sink = new RememberingSink()
    const intake = intakeOf(sink)
    intake.begin(3)
    expect(intake.entity('condition', id, asthma, 3)).toBe('')
    intake.begin(1)
    intake.entity('condition', id, { status: 'active', code: 'asthma' })
    expect(intake.entity('medication', stableEntityId('m'), { name: 'x' }, 0)).toBe('')
    const report = intake.report({}, 1, 0)
    expect(report).toMatchObject({ read: 4, imported: 1, merged: 2, duplicates: 1 })
    expect(report.entities).toEqual({ condition: 1, medication: 1 })
    expect(sink.entitiesOf('condition')).toEqual([{ code: 'asthma', status: 'active' }])
  })

  it('keeps its source beside it, named by its id, unless nothing is to be kept', () => {
    const source = { type: 'Condition', where: 'a.json:1', startMs: null, text: '{"a":1}' }
    for (const skipUnmapped of [false, true]) {
      const sink = new RememberingSink()
      const intake = intakeOf(sink, { skipUnmapped })
      intake.begin(1)
      intake.entity('condition', id, asthma, 1, { source, versionMs: 7 })
      intake.report({}, 1, 0)
      const [, assertion] = sink.chunks[0]?.operations ?? []
      const expected = skipUnmapped ? null : rawRecordId(source)
      expect(assertion).toMatchObject({ type: 'condition', id, value: [7, expected, 1] })
      expect(sink.raw).toEqual(skipUnmapped ? [] : ['Condition@a.json:1: {"a":1}'])
    }
  })

  it('that is too large for one operation is not taken, and many fill a chunk', () => {
    const intake = intakeOf()
    expect(intake.entity('note', id, { text: 'x'.repeat(maxEntityLength) })).toMatch('too large')
    for (let i = 0; !intake.full; i++) {
      intake.begin(1)
      intake.entity('note', stableEntityId(`${i}`), { text: 'x'.repeat(100_000) })
      expect(i).toBeLessThan(1000)
    }
    expect(settled(intake.report({}, 1, 0))).toBeGreaterThan(50)
  })

  it('waits where the sink cannot tell, and a sink that tells too little is a mistake', () => {
    const sealed = intakeOf({ write: () => null })
    sealed.begin(2)
    sealed.entity('note', id, { text: 'x' }, 2)
    expect(sealed.report({}, 1, 0)).toMatchObject({ pending: 1, merged: 1, entities: {} })
    const short = intakeOf({ write: () => [] })
    short.begin(1)
    short.entity('note', id, { text: 'x' })
    expect(() => short.flush()).toThrow('did not tell every outcome')
  })

  it('has an id and a content that follow from what is said alone', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (a, b) => {
        expect(stableEntityId(...a) === stableEntityId(...b)).toBe(JSON.stringify(a) === JSON.stringify(b))
        expect(stableEntityId(...a)).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/)
      }),
    )
  })
})

describe('a zone', () => {
  const noted = (options: Partial<ImportOptions>, ofExport?: string) => {
    const intake = intakeOf(new RememberingSink(), options)
    const offset = intake.zone(ofExport).at(Date.UTC(2026, 6, 1))
    expect(intake.zone(ofExport)).toBe(intake.zone(ofExport))
    return [offset, intake.report({}, 1, 0).notes]
  }

  it('is what the person says, else what the export says, else what is set or that of the computer, with a note', () => {
    expect(noted({ zone: 'Europe/Berlin', defaultZone: 'Asia/Tokyo' }, 'America/New_York')).toEqual([120, []])
    expect(noted({ defaultZone: 'Asia/Tokyo' }, 'America/New_York')).toEqual([-240, []])
    expect(noted({ defaultZone: 'Asia/Tokyo' })).toEqual([
      540,
      [
        'no local zone was stated: local times and days are those of Asia/Tokyo, the zone of this computer; --tz ZONE takes another, healthmate config set time-zone ZONE one for all',
      ],
    ])
    expect(noted({ defaultZone: 'Europe/Berlin', defaultZoneIsSet: true })).toEqual([
      120,
      [
        'no local zone was stated: local times and days are those of Europe/Berlin, your time-zone setting; --tz ZONE takes another, healthmate config set time-zone ZONE changes it',
      ],
    ])
    expect(noted({})).toEqual([
      0,
      [
        'no local zone was stated: local times and days are those of UTC; --tz ZONE takes another, healthmate config set time-zone ZONE one for all',
      ],
    ])
    expect(() => intakeOf().zone('Mars/Olympus')).toThrow('is no time zone')
  })

  it('gives a local time the instant that calendars give it, also where the clocks change', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'UTC',
    )
    const minutes = fc.integer({ min: Date.UTC(2000, 0, 1) / 60_000, max: Date.UTC(2030, 0, 1) / 60_000 })
    fc.assert(
      fc.property(zones, minutes, (zone, minute) => {
        const offsets = new ZoneOffsets(zone)
        const ms = offsets.instantOf(minute * 60_000)
        expect(ms).toBe(instantOfLocal(zone, minute * 60_000).ms)
        expect(offsets.at(ms)).toBe(offsetOf(zone, ms))
      }),
      { numRuns: 300 },
    )
    const berlin = new ZoneOffsets('Europe/Berlin')
    for (let minute = 0; minute < 48 * 60; minute++) {
      for (const day of [Date.UTC(2026, 2, 28), Date.UTC(2026, 9, 24)]) {
        const wall = day + minute * 60_000
        expect(berlin.instantOf(wall)).toBe(instantOfLocal('Europe/Berlin', wall).ms)
      }
    }
  })

  it('does not look up times that no record has', () => {
    const berlin = new ZoneOffsets('Europe/Berlin')
    for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, -1e15, 1e15]) {
      expect(berlin.at(ms)).toBe(0)
      expect(berlin.instantOf(ms)).toBe(ms)
    }
  })
})

describe('the account', () => {
  it('of an adapter that gives up counts what it left open as refused', () => {
    const intake = intakeOf()
    intake.begin(5)
    intake.skip(2)
    intake.abandon()
    expect(intake.report({ x: {} as FormatCounts }, 1, 0)).toMatchObject({ format: 'x', read: 5, refused: 3 })
  })

  it('knows the unit that the person states, and no other', () => {
    const intake = intakeOf(new RememberingSink(), { units: { weight: 'kg' } })
    expect([intake.unit('weight'), intake.unit('height'), intake.unit('constructor')]).toEqual([
      'kg',
      undefined,
      undefined,
    ])
  })

  it('keeps the last fact offered of a field', () => {
    const intake = intakeOf()
    intake.offer({ field: 'sex', value: 'male', where: 'a' })
    intake.offer({ field: 'sex', value: 'female', where: 'b' })
    expect(intake.report({}, 1, 0).profile).toEqual([{ field: 'sex', value: 'female', where: 'b' }])
  })
})
