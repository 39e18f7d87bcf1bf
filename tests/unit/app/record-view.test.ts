import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordView } from '../../../src/app/record-view.ts'
import {
  conversion,
  metricById,
  metrics,
  resolveUnit,
  shownNumber,
  toCanonical,
} from '../../../src/metrics/index.ts'
import { type Observation, observationAt } from '../../../src/records/index.ts'
import { buildColumns } from '../../reference/arbitrary-columns.ts'

const metricOf = (id: string) => metricById(id) as NonNullable<ReturnType<typeof metricById>>

function observed(metric: string, unit: string, value: number): Observation {
  const source = { device: 'Lab', app: 'Lab', deviceClass: 'medical' } as const
  const row = { startMs: 0, durationMs: 0, offsetMin: 0, values: [value], flags: 0, imports: [] }
  const canonical = { unit: metricOf(metric).unit, conversion: conversion(metric, unit) }
  return observationAt({ series: { metric, source, unit }, columns: buildColumns(1, [row]) }, 0, canonical)
}

const shownIn = (metric: string, unit: string, value: number, shown: string) =>
  recordView(observed(metric, unit, value), { system: 'metric', overrides: { [metric]: shown } })

describe('a record in a unit that the person chose', () => {
  it('has the number of its source beside the converted one, whichever of the two is canonical', () => {
    expect(shownIn('ldl_cholesterol', 'mg/dL', 130, 'mmol/L')).toMatchObject({
      unit: 'mmol/L',
      original: { value: 130, unit: 'mg/dL' },
    })
    expect(shownIn('ldl_cholesterol', 'mmol/L', 3.4, 'mg/dL').original).toEqual({
      value: 3.4,
      unit: 'mmol/L',
    })
    expect(shownIn('ldl_cholesterol', 'mmol/L', 3.4, 'mmol/L').value).toBe(3.4)
    expect(shownIn('ldl_cholesterol', 'mg/dL', 130, 'mg/dL')).toMatchObject({ value: 130, unit: 'mg/dL' })
    expect(shownIn('weight', 'kg', 81.4, 'kg').original).toBeNull()
  })

  it('has no noise of conversion', () => {
    expect(shownIn('walking_speed', 'm/s', 2.8, 'km/h')).toMatchObject({
      value: 10.08,
      original: { value: 2.8, unit: 'm/s' },
    })
    expect(shownIn('weight', '[lb_av]', 180, 'kg').value).toBe(81.6466266)
    expect(shownIn('weight', 'kg', 81.4, '[lb_av]').value).toBe(179.4563)
  })
})

describe('a converted number', () => {
  const units = metrics.flatMap((metric) => metric.units.map((unit) => ({ metric, unit })))

  it('has at most twelve digits, and rounds less than a hundredth of what people see', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...units),
        fc.integer({ min: -99_999, max: 999_999 }),
        ({ metric, unit }, n) => {
          const typed = n / 100
          const shown = shownNumber(metric, unit, toCanonical(metric, unit, typed))
          expect(shown.toExponential().replace(/e.*|[-.]/g, '').length).toBeLessThanOrEqual(12)
          expect(Math.abs(shown - typed)).toBeLessThanOrEqual(Math.abs(typed) * 1e-5)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('is the typed one again where that has the digits that the metric is measured with', () => {
    const { units: of } = metricOf('weight')
    const pounds = of.find(({ ucum }) => ucum === '[lb_av]') ?? resolveUnit(metricOf('weight'), 'lb')
    for (const typed of [150, 179.9, 180.25, 99.95]) {
      expect(shownNumber(metricOf('weight'), pounds, toCanonical(metricOf('weight'), pounds, typed))).toBe(
        typed,
      )
    }
  })
})
