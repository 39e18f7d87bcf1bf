import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  columnsToObservations,
  identityText,
  normaliseSource,
  type ObservationRef,
  observationFlag,
  observationId,
  parseObservationId,
  refOf,
  type SeriesKey,
} from '../../../src/records/index.ts'
import { buildColumns } from '../../reference/arbitrary-columns.ts'

const series: SeriesKey = { metric: 'heart_rate', source: normaliseSource({ name: 'Health' }), unit: '/min' }
const ref: ObservationRef = { series, startMs: 1_772_368_200_000, durationMs: 0, discriminator: [62] }

describe('ids of observations', () => {
  it('are frozen', () => {
    expect(observationId(ref)).toBe('heart_rate.mm7q9jk0.yt44hj1nz2')
    expect(observationId({ ...ref, startMs: -1, discriminator: 'k3y' })).toBe('heart_rate.-1.89wxwyf0d2')
  })

  it('say metric and start', () => {
    expect(parseObservationId(observationId(ref))).toMatchObject({
      metric: 'heart_rate',
      startMs: ref.startMs,
    })
    const early = parseObservationId(observationId({ ...ref, startMs: -2_208_988_800_000 }))
    expect(early.startMs).toBe(-2_208_988_800_000)
  })

  it.each([
    '',
    'heart_rate',
    'heart_rate.zz.short',
    'Heart.a.0123456789',
    'a.b.0123456789.x',
    'a.b.01234i6789',
  ])('refuse "%s"', (text) => {
    expect(() => parseObservationId(text)).toThrow('no id')
  })

  it('differ when any part of the identity differs', () => {
    const others: ObservationRef[] = [
      { ...ref, discriminator: [63] },
      { ...ref, discriminator: [62, 0] },
      { ...ref, discriminator: '62' },
      { ...ref, durationMs: 1 },
      { ...ref, series: { ...series, unit: 'Hz' } },
      { ...ref, series: { ...series, source: { ...series.source, app: 'Other' } } },
      { ...ref, series: { ...series, source: { ...series.source, device: 'Watch' } } },
      { ...ref, discriminator: [0] },
      { ...ref, discriminator: [-0] },
    ]
    const ids = [ref, ...others].map(observationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('do not depend on the guessed class of the device', () => {
    const reclassed: SeriesKey = { ...series, source: { ...series.source, deviceClass: 'watch' } }
    expect(observationId({ ...ref, series: reclassed })).toBe(observationId(ref))
  })

  it('collide no more often than 50 bits do', () => {
    const ids = new Set<string>()
    for (let value = 0; value < 30_000; value++)
      ids.add(observationId({ ...ref, discriminator: [value / 10] }))
    for (let key = 0; key < 30_000; key++) ids.add(observationId({ ...ref, discriminator: `key${key}` }))
    expect(ids.size).toBe(60_000)
  })
})

describe('identity as text', () => {
  it('is equal exactly for equal keys', () => {
    const discriminators = fc.oneof(fc.array(fc.double(), { maxLength: 2 }), fc.string({ maxLength: 3 }))
    fc.assert(
      fc.property(discriminators, discriminators, (a, b) => {
        const isSame =
          typeof a === typeof b &&
          a.length === b.length &&
          [...a].every((part, position) => Object.is(part, [...b][position]))
        const text = (discriminator: readonly number[] | string): string =>
          identityText({ startMs: 1, durationMs: 2, discriminator })
        expect(text(a) === text(b)).toBe(isSame)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('observations of columns', () => {
  const row = {
    startMs: ref.startMs,
    durationMs: 0,
    offsetMin: 60,
    values: [62],
    flags: 0,
    imports: ['import-a'],
  }
  const canonical = { unit: '/min', conversion: { factor: 1, offset: 0 } }

  it('show what was stored, without an original where nothing differs', () => {
    const columns = buildColumns(1, [{ ...row, durationMs: 1000, extra: { note: 'n' } }])
    expect(columnsToObservations({ series, columns }, canonical)).toStrictEqual([
      {
        id: observationId({ ...ref, durationMs: 1000 }),
        metric: 'heart_rate',
        startMs: ref.startMs,
        endMs: ref.startMs + 1000,
        offsetMin: 60,
        values: [62],
        unit: '/min',
        original: null,
        source: series.source,
        flags: 0,
        extra: { note: 'n' },
        imports: ['import-a'],
      },
    ])
  })

  it('convert to the canonical unit and keep the original beside it', () => {
    const weight: SeriesKey = { ...series, metric: 'weight', unit: '[lb_av]' }
    const part = { series: weight, columns: buildColumns(1, [{ ...row, values: [180] }]) }
    const [one] = columnsToObservations(part, { unit: 'kg', conversion: { factor: 0.45359237, offset: 0 } })
    expect(one?.values[0]).toBeCloseTo(81.6466266, 9)
    expect(one?.original).toStrictEqual({ values: [180], unit: '[lb_av]' })
  })

  it('keep the id of an edited row and show its original', () => {
    const columns = buildColumns(1, [
      {
        ...row,
        startMs: 5,
        values: [70],
        flags: observationFlag.edited,
        extra: { original: [62], originalTime: [ref.startMs, 0] },
      },
    ])
    const [one] = columnsToObservations({ series, columns }, canonical)
    expect(one?.id).toBe(observationId(ref))
    expect(one?.startMs).toBe(5)
    expect(one?.original).toStrictEqual({ values: [62], unit: '/min' })
  })

  it('are named by their key when a person typed them', () => {
    const columns = buildColumns(1, [{ ...row, extra: { key: 'abc' } }])
    expect(refOf({ series, columns }, 0).discriminator).toBe('abc')
  })
})
