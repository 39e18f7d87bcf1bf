import { describe, expect, it } from 'vitest'
import {
  createFhirContext,
  type ObservationInput,
  type ObservationStatus,
  observationToFhir,
} from '../../../src/fhir/index.ts'
import { metricById, metrics } from '../../../src/metrics/index.ts'
import { validateR4, validateR4Profile } from './validation.ts'

const context = createFhirContext({ namespace: 'test', references: 'relative' })
const start = Date.UTC(2026, 2, 1, 12, 30)

function observation(metricId: string, values: readonly number[], more: Partial<ObservationInput> = {}) {
  const metric = metricById(metricId)
  const input: ObservationInput = {
    id: `${metricId}.mlq8r8w0.0123456789`,
    metric: metricId,
    startMs: start,
    endMs: start,
    offsetMin: -300,
    values,
    unit: metric?.unit ?? '1',
    original: null,
    source: { device: '', app: 'manual', deviceClass: 'manual' },
    extra: {},
    ...more,
  }
  return input
}

interface Written {
  readonly id: string
  readonly meta?: { readonly profile?: readonly string[]; readonly tag?: readonly object[] }
  readonly category?: readonly { readonly coding: readonly { readonly code: string }[] }[]
  readonly code: { readonly coding: readonly { readonly system: string; readonly code: string }[] }
  readonly status: string
  readonly valueQuantity?: object
  readonly component?: readonly Record<string, unknown>[]
  readonly [element: string]: unknown
}

function written(input: ObservationInput, status: ObservationStatus = 'final'): Written {
  const metric = metricById(input.metric)
  const resource = observationToFhir(input, { metric, status, enteredByPerson: false }, context)
  expect(validateR4(resource)).toEqual([])
  return resource as unknown as Written
}

const profileNames: Readonly<Record<string, string>> = {
  '85354-9': 'bp',
  '8867-4': 'heartrate',
  '9279-1': 'resprate',
  '8310-5': 'bodytemp',
  '8302-2': 'bodyheight',
  '29463-7': 'bodyweight',
  '39156-5': 'bmi',
  '9843-4': 'headcircum',
  '59408-5': 'oxygensat',
}

describe('an observation in FHIR', () => {
  it('is valid R4 for every metric of the catalogue, with our code and LOINC where there is one', () => {
    for (const metric of metrics) {
      const count = Math.max(1, metric.components.length)
      const values = Array.from({ length: count }, (_, index) => metric.plausible[1] - index)
      const resource = written(observation(metric.id, values))
      const codes = resource.code.coding.map(({ system, code }) => `${system}|${code}`)
      expect(codes).toContain(`urn:healthmate:metric|${metric.id}`)
      if (metric.loinc !== null) expect(codes).toContain(`http://loinc.org|${metric.loinc}`)
      expect(resource.category, metric.id).toHaveLength(1)
    }
  })

  it('claims a US Core profile only for vital signs that fulfil the base R4 profile too', () => {
    const claimed: string[] = []
    for (const metric of metrics) {
      const count = Math.max(1, metric.components.length)
      const resource = written(
        observation(
          metric.id,
          Array.from({ length: count }, () => 80),
        ),
      )
      if (resource.meta?.profile === undefined) continue
      const name = profileNames[metric.loinc ?? '']
      expect(name, metric.id).toBeDefined()
      // The validator recognises no component slice of `bp`, whatever stands there; a test below holds them.
      if (name !== 'bp') validateR4Profile(resource, name as string)
      validateR4Profile(resource, 'vitalsigns')
      claimed.push(metric.loinc as string)
    }
    expect(claimed.sort()).toEqual(Object.keys(profileNames).sort())
  })

  it('writes blood pressure as one panel with two coded components', () => {
    const resource = written(observation('blood_pressure', [128, 82]))
    expect(resource).toMatchObject({
      code: { coding: [{ code: '85354-9' }, { code: 'blood_pressure' }] },
      effectiveDateTime: '2026-03-01T07:30:00-05:00',
      component: [
        {
          code: { coding: [{ code: '8480-6' }, { code: 'blood_pressure.systolic' }] },
          valueQuantity: { value: 128, code: 'mm[Hg]' },
        },
        {
          code: { coding: [{ code: '8462-4' }, { code: 'blood_pressure.diastolic' }] },
          valueQuantity: { value: 82 },
        },
      ],
    })
    expect(resource.valueQuantity).toBeUndefined()
  })

  it('carries both oximetry codes that the profile asks for', () => {
    const codes = written(observation('oxygen_saturation', [97])).code.coding.map(({ code }) => code)
    expect(codes).toEqual(['59408-5', '2708-6', 'oxygen_saturation'])
  })

  it('keeps interval, note, tags, context, zone and what was typed in another unit', () => {
    const resource = written(
      observation('weight', [81.64656], {
        endMs: start + 60_000,
        original: { values: [180], unit: '[lb_av]' },
        extra: {
          note: 'after\nrun \u001b[31m',
          tags: ['gym', 'morning  walk', ' '],
          context: 'clothed',
          zone: 'America/Bogota',
        },
      }),
    )
    expect(resource).toMatchObject({
      meta: { tag: [{ system: 'urn:healthmate:tag', code: 'gym' }, { code: 'morning walk' }] },
      effectivePeriod: { start: '2026-03-01T07:30:00-05:00', end: '2026-03-01T07:31:00-05:00' },
      note: [{ text: 'after\nrun \ufffd[31m' }],
      extension: [
        { url: 'urn:healthmate:extension:context', valueString: 'clothed' },
        { url: 'urn:healthmate:extension:time-zone', valueString: 'America/Bogota' },
        { url: 'urn:healthmate:extension:application', valueString: 'manual' },
        // What FHIR cannot say letter for letter.
        {
          url: 'urn:healthmate:extension:identity',
          valueString: JSON.stringify({
            note: 'after\nrun \u001b[31m',
            tags: ['gym', 'morning  walk', ' '],
          }),
        },
      ],
      valueQuantity: {
        value: 81.64656,
        code: 'kg',
        extension: [{ valueQuantity: { value: 180, unit: 'lb', code: '[lb_av]' } }],
      },
    })
  })

  it.each([
    [Number.NaN, 'not-a-number'],
    [Number.POSITIVE_INFINITY, 'positive-infinity'],
    [Number.NEGATIVE_INFINITY, 'negative-infinity'],
  ])('says why there is no value for %s', (value, code) => {
    const resource = written(observation('weight', [value]))
    expect(resource['dataAbsentReason']).toMatchObject({ coding: [{ code }] })
    expect(resource.valueQuantity).toBeUndefined()
  })

  it('writes a grade as its word and a score as a number', () => {
    expect(written(observation('ovulation_test', [1]))['valueCodeableConcept']).toMatchObject({
      coding: [{ system: 'urn:healthmate:metric:ovulation_test', code: '1', display: 'positive' }],
      text: 'positive',
    })
    expect(written(observation('ovulation_test', [7])).valueQuantity).toMatchObject({ value: 7 })
    expect(written(observation('symptom_headache', [6])).valueQuantity).toMatchObject({ value: 6 })
  })

  it('keeps a metric that the catalogue does not know, under our code alone', () => {
    const one = written(observation('moon_phase', [0.5], { unit: '1' }))
    expect(one.code.coding).toHaveLength(1)
    expect(one.category).toBeUndefined()
    const two = written(observation('moon_phase', [1, Number.NaN]))
    expect(two.component).toMatchObject([
      { code: { text: 'moon_phase.1' }, valueQuantity: { value: 1 } },
      { code: { text: 'moon_phase.2' }, dataAbsentReason: {} },
    ])
  })

  it('never makes a status firmer than it is', () => {
    expect(written(observation('weight', [80]), 'preliminary').status).toBe('preliminary')
    expect(written(observation('weight', [80]), 'amended').status).toBe('amended')
  })

  it('names the person as performer and the device where there is one', () => {
    const resource = observationToFhir(
      observation('weight', [80]),
      {
        metric: metricById('weight'),
        status: 'final',
        enteredByPerson: true,
        device: { reference: 'Device/d' },
      },
      context,
    )
    expect(resource).toMatchObject({
      performer: [context.patient],
      subject: context.patient,
      device: { reference: 'Device/d' },
    })
    expect(validateR4(resource)).toEqual([])
  })

  it('writes an offset that FHIR forbids as the same instant in UTC', () => {
    const resource = written(observation('weight', [80], { offsetMin: 17 * 60 }))
    expect(resource['effectiveDateTime']).toBe('2026-03-01T12:30:00+00:00')
  })

  it('has an id that depends on vault and record and on nothing else', () => {
    const again = createFhirContext({ namespace: 'test', references: 'relative' })
    const other = createFhirContext({ namespace: 'other', references: 'relative' })
    expect(again.id('Observation', 'a')).toBe(context.id('Observation', 'a'))
    expect(other.id('Observation', 'a')).not.toBe(context.id('Observation', 'a'))
    expect(context.id('Observation', 'b')).not.toBe(context.id('Observation', 'a'))
    expect(context.id('Device', 'a')).not.toBe(context.id('Observation', 'a'))
    expect(context.id('Device', 'a')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
  })
})
