import { describe, expect, it } from 'vitest'
import {
  readCarePlan,
  readCoverage,
  readDevice,
  readEncounter,
  readFamilyHistory,
  readGoal,
  readSocialHistory,
} from '../../../src/fhir/index.ts'

const snomed = 'http://snomed.info/sct'
const coded = (system: string, code: string, display?: string) => ({
  coding: [{ system, code, ...(display === undefined ? {} : { display }) }],
})
const father = coded('http://terminology.hl7.org/CodeSystem/v3-RoleCode', 'FTH', 'father')

describe('family history', () => {
  it('is a fact for each condition of the relative, with its age at onset', () => {
    const facts = readFamilyHistory({
      status: 'completed',
      relationship: father,
      deceasedAge: { value: 60, code: 'a' },
      condition: [
        { code: coded(snomed, '22298006', 'Heart attack'), onsetAge: { value: '52', unit: 'years' } },
        { code: coded(snomed, '73211009', 'Diabetes'), onsetAge: { value: 20, code: 'mo' } },
      ],
    })
    expect(facts).toMatchObject([
      { fields: { relationship: 'father', condition: 'Heart attack', onsetAge: 52, deceased: 'at 60' } },
      { fields: { relationship: 'father', condition: 'Diabetes' } },
    ])
    expect(JSON.stringify(facts)).not.toContain('"onsetAge":20')
  })

  it('is none when entered in error, without a relative, or without anything said', () => {
    expect(readFamilyHistory({ status: 'entered-in-error', relationship: father })).toMatchObject({
      type: null,
    })
    expect(readFamilyHistory({ condition: [] })).toMatchObject({ why: 'nameless' })
    expect(readFamilyHistory({ relationship: father })).toMatchObject({ why: 'no condition' })
    const none = { code: coded(snomed, '160245001', 'No current problems') }
    expect(readFamilyHistory({ relationship: father, condition: [none] })).toMatchObject({
      why: 'no condition',
    })
    expect(readFamilyHistory({ relationship: father, deceasedBoolean: true })).toMatchObject([
      { fields: { deceased: true } },
    ])
  })
})

describe('smoking status', () => {
  const status = (value: object) =>
    readSocialHistory({ status: 'final', code: coded('http://loinc.org', '72166-2', 'Smoking'), ...value })

  it.each([
    [coded(snomed, '266919005'), 'never'],
    [coded(snomed, '8517006'), 'former'],
    [coded(snomed, '428041000124106', 'Some day smoker'), 'current'],
    [coded('http://loinc.org', 'LA18978-9', 'Never smoker'), 'never'],
    [{ text: 'Ex-smoker' }, 'former'],
    [{ text: 'Lifetime non-smoker' }, 'never'],
    [coded(snomed, '266927001', 'Unknown if ever smoked'), undefined],
  ])('of %j is %s', (valueCodeableConcept, expected) => {
    const fact = status({ valueCodeableConcept, effectiveDateTime: '2026-01-05' })
    expect(fact).toMatchObject({ type: 'social_history', start: '2026-01-05' })
    expect((fact as { fields: { smoking?: string } }).fields.smoking).toBe(expected)
  })

  it('is no fact without an answer or in error, and other Observations are none of this kind', () => {
    expect(status({})).toMatchObject({ why: 'no value' })
    expect(status({ status: 'entered-in-error', valueString: 'x' })).toMatchObject({
      why: 'entered-in-error',
    })
    expect(readSocialHistory({ code: coded('http://loinc.org', '2823-3', 'Potassium') })).toBeUndefined()
  })
})

describe('visits, plans, goals, devices and insurance', () => {
  it('say what, when, with whom and where', () => {
    expect(
      readEncounter({
        status: 'finished',
        class: { code: 'EMER' },
        type: [coded(snomed, '261665006', 'Unknown')],
        period: { start: '2026-01-05T10:00:00+01:00', end: '2026-01-05T12:00:00+01:00' },
        participant: [{ individual: { display: 'Dr. Heart' } }],
        serviceProvider: { display: 'Clinic' },
      }),
    ).toMatchObject({
      fields: { name: 'emergency', kind: 'emergency', with: 'Dr. Heart', place: 'Clinic' },
      start: '2026-01-05T10:00:00+01:00',
    })
    expect(
      readCarePlan({
        status: 'active',
        category: [coded('x', 'assess-plan'), coded(snomed, '698360004', 'Diabetes care')],
        period: { start: '2026' },
        activity: [{ detail: { code: { text: 'Diet' } } }, { detail: { code: { text: 'Diet' } } }],
      }),
    ).toMatchObject({ fields: { name: 'Diabetes care', kind: 'plan', activities: ['Diet'], start: '2026' } })
    expect(
      readGoal({
        lifecycleStatus: 'active',
        description: { text: 'HbA1c below 7 %' },
        target: [
          { measure: { text: 'HbA1c' }, detailQuantity: { value: 7, unit: '%' }, dueDate: '2026-06-01' },
        ],
      }),
    ).toMatchObject({ type: 'care_plan', fields: { kind: 'goal', due: '2026-06-01', target: 'HbA1c: 7 %' } })
    expect(
      readDevice({ patient: {}, type: { text: 'Pacemaker' }, udiCarrier: [{ carrierHRF: '(01)1' }] }),
    ).toMatchObject({ fields: { name: 'Pacemaker', udi: '(01)1' } })
    expect(
      readCoverage({ status: 'active', payor: [{ display: 'Insurer' }], subscriberId: '7' }),
    ).toMatchObject({
      fields: { name: 'Insurer', member: '7' },
    })
  })

  it('are no facts when withdrawn or nameless; a device of nobody is a source', () => {
    for (const read of [readEncounter, readCarePlan, readGoal, readCoverage]) {
      expect(read({ status: 'entered-in-error' })).toMatchObject({ type: null })
      expect(read({})).toMatchObject({ why: 'nameless' })
    }
    expect(readDevice({ type: { text: 'Scale' } })).toBeUndefined()
    expect(readDevice({ patient: {} })).toMatchObject({ why: 'nameless' })
  })
})
