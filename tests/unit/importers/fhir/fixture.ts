/** FHIR R4 resources of several types in one Bundle; all values are made up. */
import { arrayLaws } from '../law-fixture.ts'

const subject = { reference: 'Patient/p' }
const loinc = (code: string, display: string) => ({ coding: [{ system: 'http://loinc.org', code, display }] })
const snomed = (code: string, display: string) => ({
  coding: [{ system: 'http://snomed.info/sct', code, display }],
  text: display,
})
const ucum = 'http://unitsofmeasure.org'

export const fhirResources = [
  {
    resourceType: 'Observation',
    id: 'weight-1',
    status: 'final',
    code: loinc('29463-7', 'Body weight'),
    subject,
    effectiveDateTime: '2026-01-05T08:00:00+01:00',
    valueQuantity: { value: 81.2, unit: 'kg', system: ucum, code: 'kg' },
  },
  {
    resourceType: 'Condition',
    id: 'asthma',
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
    },
    code: snomed('195967001', 'Asthma'),
    subject,
    onsetDateTime: '1994-05-01',
  },
  {
    resourceType: 'Observation',
    id: 'pressure-1',
    status: 'final',
    code: loinc('85354-9', 'Blood pressure panel'),
    subject,
    effectiveDateTime: '2026-01-06T08:00:00+01:00',
    component: [
      {
        code: loinc('8480-6', 'Systolic'),
        valueQuantity: { value: 128, unit: 'mmHg', system: ucum, code: 'mm[Hg]' },
      },
      {
        code: loinc('8462-4', 'Diastolic'),
        valueQuantity: { value: 82, unit: 'mmHg', system: ucum, code: 'mm[Hg]' },
      },
    ],
  },
  {
    resourceType: 'AllergyIntolerance',
    id: 'nuts',
    clinicalStatus: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
      ],
    },
    code: snomed('91935009', 'Allergy to peanut'),
    patient: subject,
  },
  {
    resourceType: 'Immunization',
    id: 'flu',
    status: 'completed',
    vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '140', display: 'Influenza' }] },
    patient: subject,
    occurrenceDateTime: '2025-10-02',
  },
  {
    resourceType: 'Observation',
    id: 'weight-2',
    status: 'final',
    code: loinc('29463-7', 'Body weight'),
    subject,
    effectiveDateTime: '2026-01-07T08:00:00+01:00',
    valueQuantity: { value: 81.0, unit: 'kg', system: ucum, code: 'kg' },
  },
  { resourceType: 'Device', id: 'd1', manufacturer: 'Nobody', patient: subject },
]

export const laws = arrayLaws('fhir', 'bundle.json', fhirResources, (part) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: part.map((resource) => ({ resource })),
}))
