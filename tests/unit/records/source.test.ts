import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deviceClassOf, normaliseSource, sourceLabel } from '../../../src/records/index.ts'

const appleDevice = (address: string, software: string, hardware = 'Watch6,7'): string =>
  `<<HKDevice: 0x${address}>, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:${hardware}, software:${software}, creation date:2025-08-14 23:49:07 +0000>`

describe('sources', () => {
  it('are one device whatever its memory address, software and hardware', () => {
    const sources = Array.from({ length: 70 }, (_, at) =>
      normaliseSource({
        name: 'Apple Watch',
        version: `10.${at}`,
        device: appleDevice(
          (0x2820000 + at).toString(16),
          `10.${at}`,
          at % 2 === 0 ? 'Watch6,7' : 'Watch7,2',
        ),
      }),
    )
    expect(new Set(sources.map((source) => JSON.stringify(source))).size).toBe(1)
    expect(sources[0]).toStrictEqual({ device: 'Apple Watch', app: 'Apple Watch', deviceClass: 'watch' })
  })

  it('take the model or the maker of a device without a name', () => {
    const device = '<<HKDevice: 0x281>, name:(null), manufacturer:Withings, model:BPM Connect, hardware:3>'
    expect(normaliseSource({ name: 'Health Mate', device }).device).toBe('BPM Connect')
    expect(normaliseSource({ name: 'x', device: '<<HKDevice: 0x281>, manufacturer:Oura>' }).device).toBe(
      'Oura',
    )
    expect(normaliseSource({ name: 'x', device: '<<HKDevice: 0x281>>' }).device).toBe('')
  })

  it('drop a bare memory address from other device strings', () => {
    expect(normaliseSource({ name: 'x', device: 'Sensor 0x28ab91c0 left' }).device).toBe('Sensor left')
  })

  it('see through blanks, apostrophes, quotes, composition and invisible characters', () => {
    const plain = normaliseSource({ name: "Simon's iPhone" })
    for (const name of [
      'Simon’s iPhone',
      'Simon\u02bcs\u00a0iPhone',
      '  Simon\u2018s\u202f iPhone\u200b ',
      "Simon's\u200e iPhone",
    ]) {
      expect(normaliseSource({ name })).toStrictEqual(plain)
    }
    expect(normaliseSource({ name: 'Jose\u0301' }).app).toBe('Jos\u00e9')
    expect(normaliseSource({ name: '\u201cW\u201d' }).app).toBe('"W"')
  })

  it('stay as they are when normalised again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, device) => {
        const once = normaliseSource({ name, device })
        expect(normaliseSource({ name: once.app, device: once.device })).toStrictEqual(once)
      }),
      { numRuns: 200 },
    )
  })

  it('are called by device and app', () => {
    expect(sourceLabel(normaliseSource({ name: 'Health', device: 'iPhone' }))).toBe('iPhone (Health)')
    expect(sourceLabel(normaliseSource({ name: 'Oura', device: 'Oura' }))).toBe('Oura')
    expect(sourceLabel(normaliseSource({ name: 'manual' }))).toBe('manual')
    expect(sourceLabel(normaliseSource({ name: '', device: 'iPhone' }))).toBe('iPhone')
    expect(sourceLabel(normaliseSource({ name: '' }))).toBe('unknown')
  })
})

describe('device classes', () => {
  it.each([
    ['', 'manual', 'manual'],
    ['Apple Watch', 'Health', 'watch'],
    ['', "Alexandre's Apple Watch", 'watch'],
    ['Oura Ring', 'Oura', 'ring'],
    ['iPhone', 'Oura', 'ring'],
    ['iPhone', 'Simon’s iPhone', 'phone'],
    ['iPhone', 'MyFitnessPal', 'phone'],
    ['Charge 5', 'Fitbit', 'band'],
    ['Body+', 'Health Mate', 'scale'],
    ['', 'OMRON connect', 'medical'],
    ['', 'Dexcom G7', 'medical'],
    ['', 'MyFitnessPal', 'app'],
    ['', '', 'unknown'],
  ] as const)('of "%s" through "%s" is %s', (device, app, expected) => {
    expect(deviceClassOf(device, app)).toBe(expected)
  })
})
