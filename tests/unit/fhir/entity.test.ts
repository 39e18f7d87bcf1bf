import { describe, expect, it } from 'vitest'
import {
  createFhirContext,
  type EntityInput,
  type EntityMappings,
  emptyPatient,
  entityToFhir,
  type MappedEntity,
  type Resource,
  sourceDeviceReference,
  sourceDevices,
  sourceProvenance,
} from '../../../src/fhir/index.ts'
import { metricById } from '../../../src/metrics/index.ts'
import { validateR4 } from './validation.ts'

const context = createFhirContext({ namespace: 'test', references: 'relative' })
const createdMs = Date.UTC(2026, 0, 2, 3, 4, 5)

const mappings: EntityMappings = {
  findMetric: metricById,
  attachment: (id) =>
    id === 'gone'
      ? undefined
      : {
          name: 'scan.pdf',
          mediaType: id === 'odd' ? 'not a type' : 'application/pdf',
          size: 3,
          base64: id === 'empty' ? '' : 'AQID',
        },
  ownerOf: (id) => (id === 'note1' ? { reference: 'Goal/x' } : undefined),
}

function entity(type: string, fields: Readonly<Record<string, unknown>>, id = `${type}1`): EntityInput {
  return { type, id, fields, createdMs, updatedMs: createdMs }
}

function mapped(type: string, fields: Readonly<Record<string, unknown>>, id?: string): MappedEntity {
  const result = entityToFhir(entity(type, fields, id), context, mappings)
  if (typeof result === 'string') throw new Error(result)
  for (const resource of result.resources) expect(validateR4(resource)).toEqual([])
  return result
}

function first(type: string, fields: Readonly<Record<string, unknown>>, id?: string): Resource {
  return mapped(type, fields, id).resources[0] as Resource
}

const absent = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
}

describe('the Patient', () => {
  it('says that everything is unknown where the profile is empty', () => {
    const patient = emptyPatient(context)
    expect(validateR4(patient)).toEqual([])
    expect(patient).toMatchObject({ gender: 'unknown', name: [absent], id: context.patientId })
    expect(patient['birthDate']).toBeUndefined()
  })

  it('holds the profile, with blood type and smoking as Observations that the person reported', () => {
    const { resources, unread } = mapped('profile', {
      name: 'Ada Lovelace',
      'birth-date': '1980-05-17',
      sex: 'female',
      'gender-identity': 'woman',
      'blood-type': 'A+',
      smoking: 'former',
      'emergency-contact': 'Bob, +1 555 0100',
      doctor: 'Dr. Who',
      email: 'ada@example.org',
      phone: '+1 555 0101',
      address: '1 Main St',
      country: 'GB',
      language: 'en',
      'skin-type': 'II',
      deleted: false,
      wheelchair: null,
    })
    expect(resources).toHaveLength(3)
    expect(resources[0]).toMatchObject({
      name: [{ text: 'Ada Lovelace', _family: absent }],
      gender: 'female',
      birthDate: '1980-05-17',
      telecom: [{ system: 'phone' }, { system: 'email' }],
      contact: [{ name: { text: 'Bob, +1 555 0100' } }],
      generalPractitioner: [{ display: 'Dr. Who' }],
    })
    expect(resources[1]).toMatchObject({
      code: { coding: [{ code: '882-1' }, {}] },
      valueCodeableConcept: { text: 'A+' },
    })
    expect(resources[2]).toMatchObject({
      valueCodeableConcept: { coding: [{ code: '8517006' }], text: 'former' },
    })
    expect(unread).toEqual(['skin-type'])
  })

  it.each([
    ['M', 'male'],
    ['F', 'female'],
    ['intersex', 'other'],
    ['robot', 'unknown'],
    [5, 'unknown'],
  ])('reads sex %s as administrative gender %s', (sex, gender) => {
    expect(first('profile', { sex, given_name: 'A', family_name: 'B', birthDate: 'long ago' })).toMatchObject(
      {
        gender,
        name: [{ family: 'B', given: ['A'] }],
      },
    )
  })

  it('keeps a smoking status that is no known one as words', () => {
    expect(mapped('profile', { smoking: 'on Sundays' }).resources[1]).toMatchObject({
      valueCodeableConcept: { text: 'on Sundays' },
    })
  })
})

describe('a goal', () => {
  it('bounds each component of its metric', () => {
    const goal = first('goal', {
      metric: 'blood_pressure',
      direction: 'below',
      target: [130, 80],
      byDay: 20_600,
    })
    expect(goal).toMatchObject({
      lifecycleStatus: 'active',
      description: { text: 'Blood pressure: below 130/80 mmHg by 2026-05-27' },
      target: [
        {
          measure: { coding: [{ code: '8480-6' }, {}] },
          detailRange: { high: { value: 130 } },
          dueDate: '2026-05-27',
        },
        { measure: { coding: [{ code: '8462-4' }, {}] }, detailRange: { high: { value: 80 } } },
      ],
    })
  })

  it('has a lower bound, both bounds, or only a date', () => {
    expect(first('goal', { metric: 'steps', direction: 'above', target: [8000] })).toMatchObject({
      target: [{ detailRange: { low: { value: 8000 } } }],
    })
    expect(first('goal', { metric: 'weight', direction: 'near', target: [72] })).toMatchObject({
      description: { text: 'Body weight: near 72 kg' },
      target: [{ detailRange: { low: { value: 72 }, high: { value: 72 } } }],
    })
    expect(first('goal', { title: 'Run a marathon', due: '2027-01-01' })).toMatchObject({
      target: [{ dueDate: '2027-01-01' }],
    })
  })

  it('survives a metric without unit and bounds that are none', () => {
    expect(first('goal', { metric: 'moon', direction: 'below', target: [1] })['target']).toBeUndefined()
    const { resources, unread } = mapped('goal', {
      metric: 'weight',
      direction: 'below',
      target: 'x',
      status: 'done',
    })
    expect(resources[0]).toMatchObject({ description: { text: 'Body weight' }, lifecycleStatus: 'active' })
    expect(unread).toEqual(['status', 'target'])
    expect(entityToFhir(entity('goal', {}), context, mappings)).toBe('it says neither a metric nor a text')
  })
})

describe('an appointment', () => {
  it('is booked, at its local time, with an end that is marked unknown', () => {
    const appointment = first('appointment', {
      title: 'Cardiology',
      atMs: Date.UTC(2026, 11, 1, 9, 30),
      offsetMin: 60,
      with: 'Dr. Heart',
      where: 'Clinic',
      note: 'bring the list',
    })
    expect(appointment).toMatchObject({
      status: 'booked',
      start: '2026-12-01T10:30:00+01:00',
      _end: absent,
      comment: 'bring the list',
      participant: [
        { actor: context.patient },
        { actor: { display: 'Dr. Heart' } },
        { actor: { display: 'Clinic' } },
      ],
    })
  })

  it('is a proposal without a time, and keeps the end and status that it has', () => {
    expect(first('appointment', { title: 'Some day', at: 'spring' })).toMatchObject({ status: 'proposed' })
    expect(first('appointment', { title: 'No', status: 'cancelled' })).toMatchObject({ status: 'cancelled' })
    expect(
      first('appointment', {
        at: '2026-12-01T10:30+01:00',
        end: '2026-12-01T11:00:00.5Z',
        status: 'fulfilled',
      }),
    ).toMatchObject({
      start: '2026-12-01T10:30:00+01:00',
      end: '2026-12-01T11:00:00.5Z',
      status: 'fulfilled',
    })
  })
})

describe('clinical entries', () => {
  it('write a condition, and call it resolved when it ended', () => {
    expect(
      first('condition', {
        name: 'Asthma',
        status: 'active',
        start: '1990',
        note: 'mild',
        snomed: '195967001',
        tags: ['lung'],
      }),
    ).toMatchObject({
      clinicalStatus: { coding: [{ code: 'active' }] },
      code: { coding: [{ system: 'http://snomed.info/sct', code: '195967001' }], text: 'Asthma' },
      onsetDateTime: '1990',
      meta: { tag: [{ code: 'lung' }] },
    })
    expect(first('condition', { name: 'Flu', status: 'active', end: '2026-02-03' })).toMatchObject({
      clinicalStatus: { coding: [{ code: 'resolved' }] },
      abatementDateTime: '2026-02-03',
    })
    expect(first('condition', { name: 'X', status: 'remission', end: '2026-02' })).toMatchObject({
      clinicalStatus: { coding: [{ code: 'remission' }] },
    })
    expect(first('condition', { name: 'Y' })['clinicalStatus']).toBeUndefined()
  })

  it('write an allergy with its reaction', () => {
    expect(
      first('allergy', {
        substance: 'Penicillin',
        reaction: 'hives',
        severity: 'Severe',
        criticality: 'unable_to_assess',
        type: 'allergy',
      }),
    ).toMatchObject({
      clinicalStatus: { coding: [{ code: 'active' }] },
      criticality: 'unable-to-assess',
      reaction: [{ manifestation: [{ text: 'hives' }], severity: 'severe' }],
    })
    expect(first('allergy', { name: 'Nuts', severity: 'mild' })).toMatchObject({
      reaction: [{ manifestation: [absent] }],
    })
    expect(first('allergy', { name: 'Dust' })['reaction']).toBeUndefined()
  })

  it('write an immunization, also without a date', () => {
    expect(first('immunization', { vaccine: 'MMR', date: '2001-01-01', lot: 'A1', cvx: '03' })).toMatchObject(
      {
        status: 'completed',
        occurrenceDateTime: '2001-01-01',
        lotNumber: 'A1',
      },
    )
    expect(first('immunization', { name: 'BCG' })).toMatchObject({ _occurrenceDateTime: absent })
  })

  it('write a medication as a statement of the person', () => {
    expect(
      first('medication', {
        name: 'Metformin',
        dose: 500,
        dose_unit: 'mg',
        frequency: 'twice a day',
        start: '2024-01',
        reason: 'diabetes',
        status: 'active',
      }),
    ).toMatchObject({
      status: 'active',
      medicationCodeableConcept: { text: 'Metformin' },
      effectivePeriod: { start: '2024-01' },
      dosage: [{ text: '500 mg twice a day' }],
      reasonCode: [{ text: 'diabetes' }],
    })
    expect(first('medication', { name: 'Aspirin' })).toMatchObject({ status: 'unknown' })
  })

  it('write the codes, certainty and dates that an import brought', () => {
    const code = { system: 'http://snomed.info/sct', code: '195967001', display: 'Asthma' }
    const imported = {
      name: 'Asthma',
      code,
      codings: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'J45' }, { display: 'no code' }],
      clinicalStatus: 'active',
      verificationStatus: 'provisional',
      category: 'Problem',
      severity: 'mild',
      bodySite: 'Lung',
      recorded: '2020-01-02',
      sourceRecord: 'raw1',
    }
    const mapped = entityToFhir(entity('condition', imported), context, mappings)
    expect(mapped).toMatchObject({
      unread: [],
      resources: [
        {
          code: { coding: [code, { system: 'http://hl7.org/fhir/sid/icd-10', code: 'J45' }], text: 'Asthma' },
          verificationStatus: { coding: [{ code: 'provisional' }] },
          category: [{ text: 'Problem' }],
          recordedDate: '2020-01-02',
        },
      ],
    })
    const allergy = first('allergy', { substance: 'Nuts', verificationStatus: 'provisional' })
    expect(allergy).not.toHaveProperty('verificationStatus')
    expect(first('allergy', { substance: 'Nuts', verificationStatus: 'confirmed' })).toMatchObject({
      verificationStatus: { coding: [{ code: 'confirmed' }] },
    })
    const several = { substance: 'Nuts', category: 'food; environment' }
    expect(first('allergy', several)).toMatchObject({ category: ['food', 'environment'] })
    expect(first('allergy', { ...several, category: 'odd' })).not.toHaveProperty('category')
    for (const resource of [mapped, allergy, first('allergy', several)]) {
      const [one] =
        typeof resource === 'object' && 'resources' in resource
          ? (resource.resources as object[])
          : [resource]
      expect(validateR4(one as never)).toEqual([])
    }
  })

  it('write a procedure at a time or over a period', () => {
    const procedure = {
      name: 'Appendectomy',
      status: 'completed',
      performed: '2010-05',
      reason: 'Pain',
      outcome: 'well',
    }
    expect(first('procedure', procedure)).toMatchObject({
      resourceType: 'Procedure',
      status: 'completed',
      performedDateTime: '2010-05',
      reasonCode: [{ text: 'Pain' }],
    })
    expect(first('procedure', { ...procedure, status: 'done', performedEnd: '2010-06' })).toMatchObject({
      status: 'unknown',
      performedPeriod: { start: '2010-05', end: '2010-06' },
    })
  })

  it.each(['condition', 'allergy', 'immunization', 'medication', 'procedure'])(
    'leave out a nameless %s',
    (type) => {
      expect(entityToFhir(entity(type, { note: 'x' }), context, mappings)).toBe('it has no name')
    },
  )
})

describe('documents', () => {
  it('hold a note as text', () => {
    expect(first('note', { text: 'Grüße', title: 'Hello', at: Date.UTC(2026, 1, 1) })).toMatchObject({
      date: '2026-02-01T00:00:00+00:00',
      description: 'Hello',
      content: [{ attachment: { data: Buffer.from('Grüße').toString('base64'), size: 7 } }],
    })
    expect(entityToFhir(entity('note', { text: '  ' }), context, mappings)).toBe('it is empty')
  })

  it('hold a file with its bytes and what it belongs to', () => {
    expect(
      first('attachment', { owner: 'note1', name: 'scan.pdf', mediaType: 'application/pdf', size: 3 }),
    ).toMatchObject({
      date: '2026-01-02T03:04:05+00:00',
      content: [{ attachment: { contentType: 'application/pdf', data: 'AQID', title: 'scan.pdf' } }],
      context: { related: [{ reference: 'Goal/x' }] },
    })
    expect(first('attachment', { owner: 'nobody' }, 'odd')).toMatchObject({
      content: [{ attachment: { contentType: 'application/octet-stream' } }],
    })
    const empty = first('attachment', {}, 'empty') as { content?: { attachment: object }[] }
    expect(empty.content?.[0]?.attachment).not.toHaveProperty('data')
    expect(entityToFhir(entity('attachment', {}, 'gone'), context, mappings)).toBe(
      'its bytes are not in the vault',
    )
  })
})

describe('what FHIR has no resource for', () => {
  it.each(['conversation', 'consent', 'share', 'import', 'raw_record', 'setting', 'change', 'unheard'])(
    'is left out with a reason: %s',
    (type) => {
      expect(entityToFhir(entity(type, { name: 'x' }), context, mappings)).toMatch(/\w{3}/)
    },
  )
})

describe('sources', () => {
  const watch = { device: 'Watch', app: 'com.apple.health', deviceClass: 'watch' }
  const typed = { device: '', app: 'manual', deviceClass: 'manual' }
  const unknown = { device: '', app: '', deviceClass: 'unknown' }

  it('are a Device for the hardware and one for the application', () => {
    const devices = sourceDevices(watch, context)
    expect(devices.map((device) => device['deviceName'])).toMatchObject([
      [{ name: 'Watch' }],
      [{ name: 'com.apple.health' }],
    ])
    for (const device of devices) expect(validateR4(device)).toEqual([])
    expect(sourceDeviceReference(watch, context)).toEqual({ reference: `Device/${devices[0]?.id}` })
    expect(sourceDeviceReference({ ...watch, device: '' }, context)).toEqual({
      reference: `Device/${devices[1]?.id}`,
    })
  })

  it('are no Device where the person typed or nobody knows', () => {
    expect(sourceDevices(typed, context)).toEqual([])
    expect(sourceDevices(unknown, context)).toEqual([])
    expect(sourceDeviceReference(typed, context)).toBeUndefined()
    expect(sourceDevices({ ...unknown, device: 'Thing' }, context)[0]).not.toHaveProperty('type')
  })

  it('are told in Provenance', () => {
    const targets = [{ reference: 'Observation/1' }]
    const recordedIso = '2026-11-24T12:00:00+01:00'
    for (const source of [watch, typed, unknown]) {
      const provenance = sourceProvenance({ source, targets, recordedIso }, context)
      expect(validateR4(provenance)).toEqual([])
      expect(provenance).toMatchObject({ recorded: recordedIso, target: targets })
    }
    const undated = sourceProvenance({ source: typed, targets, recordedIso: 'now' }, context)
    expect(undated).toMatchObject({ _recorded: absent, agent: [{ who: context.patient }] })
    expect(validateR4(undated)).toEqual([])
  })

  it('leaves whole as Basic where the entry is a fact, named by what it is', () => {
    const mapped = entityToFhir(entity('encounter', { name: 'Check-up', start: '2026' }), context, mappings)
    expect(mapped).toMatchObject({
      resources: [
        {
          resourceType: 'Basic',
          code: {
            coding: [{ system: 'urn:healthmate:entity', code: 'encounter' }],
            text: 'encounter: Check-up',
          },
        },
      ],
    })
    expect(JSON.stringify(mapped)).toContain('\\"start\\":\\"2026\\"')
  })
})
