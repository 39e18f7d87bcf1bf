/** Finding metrics by what people type and files say. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../../src/foundation/index.ts'
import {
  collectionOf,
  findByLoinc,
  findMetric,
  loincFor,
  metricById,
  metrics,
  suggestMetrics,
  symptomMetricId,
} from '../../../src/metrics/index.ts'

function failureOf(run: () => unknown): Failure {
  try {
    run()
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('findMetric', () => {
  it.each([
    ['bp', 'blood_pressure'],
    ['Blood-Pressure', 'blood_pressure'],
    ['kg', 'weight'],
    ['HR', 'heart_rate'],
    ['8480-6', 'blood_pressure'],
    ['59261-8', 'hba1c'],
    ['2345-7', 'glucose'],
    ['Hemoglobin', 'haemoglobin'],
    ['spo2', 'oxygen_saturation'],
    ['REM sleep', 'sleep_rem'],
  ])('finds %s', (name, id) => {
    expect(findMetric(name).id).toBe(id)
  })

  it('names the nearest metrics for an unknown one', () => {
    const failure = failureOf(() => findMetric('hart_rate'))
    expect(failure).toMatchObject({ code: 'UNKNOWN_METRIC', exitCode: 2 })
    expect(failure.hint).toContain('heart_rate')
    expect(failureOf(() => findMetric('d_dimer')).hint).toMatch(/d_dimer_(feu|ddu), d_dimer_(feu|ddu)/)
  })

  it('points to the catalogue when nothing is near, and prints no control characters', () => {
    const failure = failureOf(() => findMetric('\u001b[2Jqqqqqqqqqqzzz\u202e'))
    expect(failure.hint).toBe('healthmate metrics')
    expect(['\u001b', '\u202e'].filter((character) => failure.message.includes(character))).toEqual([])
    expect(failureOf(() => findMetric('')).code).toBe('UNKNOWN_METRIC')
  })

  it('finds a metric or fails with UNKNOWN_METRIC, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          expect(metrics).toContain(findMetric(text))
        } catch (error) {
          expect(error).toMatchObject({ code: 'UNKNOWN_METRIC' })
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('suggestMetrics', () => {
  it('gives the nearest first, at most as many as asked', () => {
    const ids = suggestMetrics('cholesterol', 4).map(({ id }) => id)
    expect(ids[0]).toBe('total_cholesterol')
    expect(ids).toHaveLength(4)
    expect(suggestMetrics('wieght', 1)[0]?.id).toBe('weight')
    expect(suggestMetrics('   ', 5)).toEqual([])
  })
})

describe('collections and codes', () => {
  it('knows the collection of every metric and refuses unknown ones', () => {
    expect(collectionOf('sleep_rem')).toBe('sleep')
    expect(collectionOf('menstrual_flow')).toBe('reproductive')
    expect(collectionOf('mood')).toBe('mind')
    expect(collectionOf('insulin_dose')).toBe('medications')
    expect(failureOf(() => collectionOf('no_such')).code).toBe('UNKNOWN_METRIC')
    expect(metricById('no_such')).toBeUndefined()
  })

  it('tells the component that a LOINC code names', () => {
    expect(findByLoinc('8462-4')).toMatchObject({ component: 1 })
    expect(findByLoinc(' 29463-7 ')).toMatchObject({ component: null })
    expect(findByLoinc('0-0')).toBeUndefined()
  })

  it('chooses the LOINC code whose property fits the unit', () => {
    expect(loincFor(findMetric('total_cholesterol'), 'mg/dL')).toBe('2093-3')
    expect(loincFor(findMetric('total_cholesterol'), 'mmol/L')).toBe('14647-2')
    expect(loincFor(findMetric('glucose'), 'mg/dL')).toBe('2339-0')
    expect(loincFor(findMetric('glucose'), 'mmol/L')).toBe('15074-8')
    expect(loincFor(findMetric('weight'), '[lb_av]')).toBe('29463-7')
    expect(loincFor(findMetric('hrv_rmssd'), 'ms')).toBeNull()
  })
})

describe('symptomMetricId', () => {
  it('knows symptoms by name, also by other names', () => {
    expect(symptomMetricId('headache')).toBe('symptom_headache')
    expect(symptomMetricId('Stomach ache')).toBe('symptom_abdominal_pain')
    expect(symptomMetricId('symptom_nausea')).toBe('symptom_nausea')
    expect(findMetric('symptom_headache')).toMatchObject({ combine: 'max', collection: 'symptoms' })
  })

  it('leaves free names to the generic symptom metric', () => {
    expect(symptomMetricId('itchy left eyebrow')).toBeNull()
    expect(symptomMetricId('')).toBeNull()
    expect(findMetric('symptom').id).toBe('symptom')
  })
})
