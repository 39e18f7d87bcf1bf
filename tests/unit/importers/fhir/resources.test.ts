/** What resources become, and what never becomes a fact. */
import { describe, expect, it } from 'vitest'
import { fhir } from '../../../../src/importers/fhir/index.ts'
import type { ImportOptions } from '../../../../src/importers/importer.ts'
import { runImport } from '../../../../src/importers/run.ts'
import { ClinicalSink, fileOf, runWith } from '../clinical-harness.ts'
import { healthData, inputOf, memberOf, settled } from '../harness.ts'

const loinc = 'http://loinc.org'
const snomed = 'http://snomed.info/sct'
const coded = (system: string, code: string, display?: string) => ({ coding: [{ system, code, display }] })

function observation(code: string, more: object): object {
  return {
    resourceType: 'Observation',
    status: 'final',
    code: coded(loinc, code),
    effectiveDateTime: '2026-03-01T08:00:00+01:00',
    ...more,
  }
}

const quantity = (value: number, code: string) => ({
  valueQuantity: { value, unit: code, system: 'http://unitsofmeasure.org', code },
})

async function run(resources: readonly object[], options: Partial<ImportOptions> = {}) {
  const bundle = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource) => ({ resource })),
  }
  const result = await runWith(fhir, fileOf('bundle.json', JSON.stringify(bundle, null, 1)), options)
  expect(settled(result.report)).toBe(result.report.read)
  return result
}

describe('Observations', () => {
  it('become measurements by LOINC, in the unit of the file, with what surrounds them', async () => {
    const { report, sink } = await run([
      observation('14771-0', {
        id: 'g1',
        ...quantity(5.4, 'mmol/L'),
        interpretation: [coded('x', 'N', 'Normal')],
        referenceRange: [
          { low: { value: 3.9, unit: 'mmol/L' }, high: { value: 5.6, unit: 'mmol/L' } },
          { high: { value: 7 }, appliesTo: [{ text: 'pregnant' }] },
          { low: { value: 2 } },
          { text: 'see lab' },
        ],
        method: { text: 'hexokinase' },
        performer: [{ display: 'Acme Lab' }],
        specimen: { display: 'plasma' },
        note: [{ text: 'after 12 h' }],
        status: 'corrected',
      }),
      observation('8302-2', {
        effectivePeriod: { start: '2026-03-01', end: '2026-03-02' },
        effectiveDateTime: undefined,
        ...quantity(70, '[in_us]'),
      }),
      observation('6298-4', {
        component: [
          { code: coded(loinc, '2951-2'), ...quantity(140, 'mmol/L') },
          { code: coded(loinc, '2823-3'), ...quantity(4.1, 'meq/L') },
        ],
      }),
      observation('72514-3', { valueInteger: 4 }),
    ])
    expect(report.refusals).toEqual([])
    expect(sink.observations).toEqual([
      'glucose 2026-03-01T07:00:00.000Z 5.4 mmol/L',
      'height 2026-03-01T00:00:00.000Z+86400000 70 [in_i]',
      'potassium 2026-03-01T07:00:00.000Z 4.1 meq/L',
      'sodium 2026-03-01T07:00:00.000Z 140 mmol/L',
      'symptom_pain 2026-03-01T07:00:00.000Z 4 {score}',
    ])
    const extra = JSON.parse(sink.extras.find((text) => text.includes('hexokinase')) ?? '') as object
    expect(extra).toEqual({
      context: 'fasting',
      note: 'after 12 h',
      meta: {
        interpretation: 'N',
        method: 'hexokinase',
        performer: 'Acme Lab',
        referenceRange: '3.9 mmol/L to 5.6 mmol/L; ≤ 7 (pregnant); ≥ 2; see lab',
        resource: 'Observation/g1',
        specimen: 'plasma',
        version: '000000000000000000000000 v000000000 3 corrected',
      },
    })
    expect(report.kept).toEqual({ Observation: 4 })
    expect(sink.rawRecords[0]?.text).toContain('hexokinase')
  })

  it('join pressures of their own, and take components together', async () => {
    const part = (code: string, value: number, unit = 'mm[Hg]') => ({
      code: coded(loinc, code),
      ...quantity(value, unit),
    })
    const { report, sink } = await run([
      observation('85354-9', { component: [part('8462-4', 82), part('8480-6', 128)] }),
      observation('8480-6', { effectiveDateTime: '2026-03-02T08:00:00Z', ...quantity(130, 'mm[Hg]') }),
      observation('8462-4', { effectiveDateTime: '2026-03-02T08:00:00Z', ...quantity(85, 'mm[Hg]') }),
      observation('8480-6', { effectiveDateTime: '2026-03-03T08:00:00Z', ...quantity(131, 'mm[Hg]') }),
      observation('85354-9', { component: [part('8462-4', 82), part('8480-6', 17, 'kPa')] }),
      observation('85354-9', {
        component: [{ code: coded(loinc, '8480-6'), dataAbsentReason: { text: 'unknown' } }],
      }),
    ])
    expect(sink.observations).toEqual([
      'blood_pressure 2026-03-01T07:00:00.000Z 128,82 mm[Hg]',
      'blood_pressure 2026-03-02T08:00:00.000Z 130,85 mm[Hg]',
    ])
    expect(report).toMatchObject({ merged: 1, refused: 1 })
    expect(report.unmapped).toEqual({ 'Observation 8480-6': 1, 'Observation 85354-9': 1 })
  })

  it('are never facts when withdrawn, without value, censored, or of a word that is no grade', async () => {
    const { report, sink } = await run([
      observation('2823-3', { status: 'entered-in-error', ...quantity(9, 'mmol/L') }),
      observation('2823-3', { status: 'cancelled' }),
      observation('2823-3', { dataAbsentReason: coded('x', 'unknown') }),
      observation('2823-3', { valueQuantity: { value: 3, comparator: '<', code: 'mmol/L' } }),
      observation('2823-3', { valueString: 'haemolysed' }),
      observation('2823-3', { valueRange: { low: { value: 3 } } }),
      observation('2823-3', { valueBoolean: true }),
      observation('99999-9', quantity(1, '1')),
      { resourceType: 'Observation', status: 'final', code: { text: 'Mood' }, valueString: 'fine' },
    ])
    expect(sink.observations).toEqual([])
    expect(report.refused).toBe(0)
    expect(report.unmapped).toEqual({
      'Observation 2823-3': 1,
      'Observation 2823-3 (cancelled)': 1,
      'Observation 2823-3 (entered-in-error)': 1,
      'Observation 2823-3 (potassium)': 4,
      'Observation 99999-9': 1,
      'Observation Mood': 1,
    })
    expect(report.read).toBe(9)
    expect(sink.rawRecords).toHaveLength(9)
  })

  it('are refused with their place when unit, time or value cannot be understood', async () => {
    const { report } = await run([
      observation('29463-7', { valueQuantity: { value: 80 } }),
      observation('29463-7', quantity(80, 'mm[Hg]')),
      observation('29463-7', { ...quantity(80, 'kg'), effectiveDateTime: '2026-03' }),
      observation('29463-7', { ...quantity(80, 'kg'), effectiveDateTime: undefined }),
      observation('29463-7', { ...quantity(80, 'kg'), effectiveDateTime: 'yesterday' }),
      observation('29463-7', quantity(80_000, 'kg')),
      observation('29463-7', { valueQuantity: { value: 'eighty', code: 'kg' } }),
    ])
    expect(report.refusals.map(({ code }) => code)).toEqual([
      'UNIT',
      'UNIT',
      'DATE',
      'DATE',
      'DATE',
      'VALUE',
      'VALUE',
    ])
    expect(report.refusals[0]).toMatchObject({
      where: 'bundle.json:5',
      reason: expect.stringContaining('--unit weight='),
    })
  })

  it('take the stated unit and zone; UTC of a server gives way to the zone of the person', async () => {
    const { sink } = await run(
      [
        observation('29463-7', { valueQuantity: { value: 80 }, effectiveDateTime: '2026-07-01' }),
        observation('29463-7', { ...quantity(81, 'kg'), effectiveDateTime: '2026-07-02T22:30:00Z' }),
        observation('29463-7', { ...quantity(82, 'kg'), effectiveDateTime: '2026-07-03T22:30:00-05:00' }),
      ],
      { zone: 'Europe/Berlin', units: { weight: 'kg' } },
    )
    expect(sink.observations).toEqual([
      'weight 2026-06-30T22:00:00.000Z 80 kg',
      'weight 2026-07-02T22:30:00.000Z 81 kg',
      'weight 2026-07-04T03:30:00.000Z 82 kg',
    ])
    expect([...sink.rows.values()].map((text) => text.split(' ')[0])).toEqual(['120', '120', '-300'])
  })

  it('take a word where the metric has grades', async () => {
    const { sink } = await run([
      observation('20454-5', { valueCodeableConcept: { coding: [{ display: 'Trace' }] } }),
      observation('20454-5', { effectiveDateTime: '2026-03-02T08:00:00Z', valueString: 'NEGATIVE' }),
    ])
    expect(sink.observations.map((text) => text.split(' ')[2])).toEqual(['0.5', '0'])
  })

  it('name the device that measured', async () => {
    const device = {
      resourceType: 'Device',
      id: 'd',
      deviceName: [{ name: 'Omron M7', type: 'user-friendly-name' }],
    }
    const { sink } = await run([
      observation('8867-4', {
        ...quantity(60, '/min'),
        device: { reference: 'https://x.org/fhir/Device/d/_history/2' },
      }),
      observation('8867-4', {
        ...quantity(61, '/min'),
        device: { reference: '#own' },
        contained: [{ ...device, id: 'own', deviceName: undefined, modelNumber: 'X1' }],
      }),
      device,
    ])
    const keys = [...sink.rows.keys()]
    expect(keys.some((key) => key.includes('Clinical records|Omron M7'))).toBe(true)
    expect(keys.some((key) => key.includes('Clinical records|X1'))).toBe(true)
  })

  it('offer a blood group to the profile', async () => {
    const group = (value: object, more = {}) => observation('882-1', { ...value, ...more })
    const offered = async (resource: object) =>
      (await run([resource])).report.profile.map(({ value }) => value)
    expect(await offered(group({ valueString: 'AB -' }))).toEqual(['AB-'])
    expect(await offered(group({ valueCodeableConcept: { text: 'Blood group 0 RhD positive' } }))).toEqual([
      'O+',
    ])
    expect(await offered(group({ valueString: 'unclear' }))).toEqual([])
    expect(await offered(group({ valueString: 'A+' }, { status: 'entered-in-error' }))).toEqual([])
  })
})

describe('entries of the record', () => {
  it('never come from what is refuted, not done, entered in error or "none known"', async () => {
    const none = coded('http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips', 'no-allergy-info')
    const { report, sink } = await run([
      { resourceType: 'Condition', code: { text: 'Flu' }, verificationStatus: coded('x', 'refuted') },
      { resourceType: 'Condition', code: { text: 'Flu' }, verificationStatus: 'entered-in-error' },
      { resourceType: 'Condition', code: coded(snomed, '160245001') },
      { resourceType: 'Condition' },
      { resourceType: 'AllergyIntolerance', code: none },
      { resourceType: 'AllergyIntolerance', code: { text: 'No known allergies' } },
      { resourceType: 'AllergyIntolerance', substance: { text: 'Nuts' }, status: 'refuted' },
      { resourceType: 'AllergyIntolerance' },
      { resourceType: 'Immunization', status: 'not-done', vaccineCode: { text: 'MMR' } },
      { resourceType: 'Immunization', status: 'completed', wasNotGiven: true, vaccineCode: { text: 'MMR' } },
      {
        resourceType: 'Immunization',
        status: 'completed',
        vaccineCode: coded('http://hl7.org/fhir/sid/cvx', '998'),
      },
      { resourceType: 'Immunization', status: 'completed' },
      { resourceType: 'MedicationStatement', status: 'not-taken', medicationCodeableConcept: { text: 'A' } },
      {
        resourceType: 'MedicationStatement',
        status: 'active',
        taken: 'n',
        medicationCodeableConcept: { text: 'A' },
      },
      { resourceType: 'MedicationStatement', wasNotTaken: true, medicationCodeableConcept: { text: 'A' } },
      { resourceType: 'MedicationStatement', medicationReference: { reference: 'Medication/none' } },
      { resourceType: 'MedicationStatement', medicationCodeableConcept: { text: 'No known medications' } },
      {
        resourceType: 'MedicationRequest',
        status: 'active',
        doNotPerform: true,
        medicationCodeableConcept: { text: 'A' },
      },
      {
        resourceType: 'MedicationAdministration',
        status: 'completed',
        notGiven: true,
        medicationCodeableConcept: { text: 'A' },
      },
      { resourceType: 'Procedure', status: 'not-done', code: { text: 'X' } },
      { resourceType: 'Procedure', status: 'completed', notPerformed: true, code: { text: 'X' } },
      { resourceType: 'Procedure', status: 'completed' },
      { resourceType: 'DiagnosticReport', status: 'cancelled', code: { text: 'X' } },
      { resourceType: 'DiagnosticReport', status: 'final' },
    ])
    expect(sink.statements.size).toBe(0)
    expect(report).toMatchObject({ read: 24, refused: 0, imported: 0 })
    expect(report.unmapped).toMatchObject({
      'AllergyIntolerance (no known allergy)': 2,
      'Condition (none known)': 1,
      'Immunization (not-done)': 2,
      'MedicationStatement (nameless)': 1,
      'MedicationStatement (not-taken)': 3,
    })
  })

  it('read the forms of DSTU2 and STU3', async () => {
    const { report, sink } = await run([
      {
        resourceType: 'Condition',
        patient: { reference: 'Patient/1' },
        code: coded(snomed, '44054006', 'Diabetes'),
        clinicalStatus: 'active',
        verificationStatus: 'confirmed',
        dateRecorded: '2015-02-03',
        onsetDateTime: '2014',
        notes: 'mild',
      },
      {
        resourceType: 'AllergyIntolerance',
        substance: { text: 'Peanut' },
        status: 'confirmed',
        criticality: 'CRITH',
        category: 'food',
        onset: '2001-05',
        recordedDate: '2015-02-03T10:00:00Z',
        reaction: [
          { manifestation: [{ text: 'Hives' }], severity: 'moderate' },
          { manifestation: [{ text: 'Hives' }] },
        ],
      },
      {
        resourceType: 'Immunization',
        status: 'completed',
        wasNotGiven: false,
        date: '2015-10-01',
        vaccineCode: { text: 'Flu' },
        vaccinationProtocol: [{ doseSequence: 2 }],
      },
      {
        resourceType: 'MedicationOrder',
        status: 'active',
        dateWritten: '2015-01-01',
        prescriber: { display: 'Dr. A' },
        medicationReference: { reference: '#m', display: 'pill' },
        contained: [{ resourceType: 'Medication', id: 'm', code: { text: 'Metformin' } }],
        dosageInstruction: [
          {
            text: 'one daily',
            asNeededBoolean: true,
            timing: { repeat: { frequency: 1, period: 1, periodUnits: 'd' } },
            doseQuantity: { value: 500, unit: 'mg' },
          },
        ],
      },
      {
        resourceType: 'MedicationAdministration',
        status: 'completed',
        effectiveTimeDateTime: '2016-01-01T10:00:00Z',
        medicationCodeableConcept: { text: 'Morphine' },
        dosage: { dose: { value: 2, unit: 'mg' } },
      },
      {
        resourceType: 'DiagnosticReport',
        status: 'final',
        code: coded(loinc, '24323-8', 'Panel'),
        effectiveDateTime: '2015-03-01T09:00:00Z',
        contained: [
          {
            resourceType: 'Observation',
            id: 'o',
            status: 'final',
            code: coded(loinc, '2951-2'),
            ...quantity(139, 'mmol/L'),
          },
        ],
      },
    ])
    expect(report.refusals).toEqual([])
    expect(sink.ofType('condition')).toMatchObject([
      { name: 'Diabetes', clinicalStatus: 'active', onset: '2014', recorded: '2015-02-03', note: 'mild' },
    ])
    expect(sink.ofType('allergy')).toMatchObject([
      {
        substance: 'Peanut',
        verificationStatus: 'confirmed',
        criticality: 'high',
        onset: '2001-05',
        reaction: 'Hives',
        severity: 'moderate',
      },
    ])
    expect(sink.ofType('immunization')).toMatchObject([
      { vaccine: 'Flu', date: '2015-10-01', doseNumber: '2' },
    ])
    expect(sink.ofType('medication')).toMatchObject([
      {
        name: 'Metformin',
        kind: 'order',
        dose: '500 mg',
        frequency: '1 per 1 d, as needed',
        prescriber: 'Dr. A',
        start: '2015-01-01',
      },
    ])
    expect(sink.ofType('dose_event')).toMatchObject([
      { name: 'Morphine', at: '2016-01-01T10:00:00Z', dose: '2 mg' },
    ])
    expect(sink.observations).toEqual(['sodium 2015-03-01T09:00:00.000Z 139 mmol/L'])
  })

  it('are the same entry in another export with other ids, and the newer version wins', async () => {
    const condition = (id: string, status: string) => ({
      resourceType: 'Condition',
      id,
      meta: { lastUpdated: '2026-01-01T00:00:00Z' },
      code: coded(snomed, '195967001', 'Asthma'),
      onsetDateTime: '2010-04-01',
      clinicalStatus: coded('x', status),
    })
    const { report, sink } = await run([
      condition('a', 'active'),
      condition('b', 'active'),
      condition('c', 'resolved'),
    ])
    expect(report).toMatchObject({ read: 3, duplicates: 1 })
    expect(sink.statements.size).toBe(1)
  })

  it('before --since are skipped, and too large ones refused', async () => {
    const { report } = await run(
      [
        { resourceType: 'Condition', code: { text: 'Old' }, onsetDateTime: '2001' },
        {
          resourceType: 'Condition',
          code: { text: 'New' },
          onsetDateTime: '2025',
          note: Array.from({ length: 30 }, () => ({ text: 'x'.repeat(9000) })),
        },
      ],
      { sinceMs: Date.UTC(2020, 0, 1) },
    )
    expect(report).toMatchObject({ skipped: 1, refused: 1 })
  })

  it('keep documents as files', async () => {
    const data = Buffer.from('hello').toString('base64')
    const big = Buffer.alloc(200_000, 'x').toString('base64')
    const { sink, report } = await run([
      {
        resourceType: 'DocumentReference',
        description: 'a/b: letter',
        content: [{ attachment: { contentType: 'text/plain', data } }, { attachment: { url: 'https://x' } }],
      },
      { resourceType: 'Binary', contentType: 'application/pdf', data: big },
      {
        resourceType: 'DiagnosticReport',
        status: 'final',
        code: { text: 'MRI' },
        presentedForm: [{ contentType: 'odd', title: 'scan.dcm', data }],
      },
    ])
    expect(sink.attachments.map(({ name, mediaType }) => `${name} ${mediaType}`)).toEqual([
      'a b letter.txt text/plain',
      'document.pdf application/pdf',
      'scan.dcm application/octet-stream',
    ])
    expect(report.kept).toEqual({ document: 3 })
    expect(sink.rawRecords.find(({ type }) => type === 'Binary')?.text).not.toContain('xxxx')
  })

  it('of several people are those of the first', async () => {
    const patient = (id: string, birthDate: string) => ({
      resourceType: 'Patient',
      id,
      birthDate,
      name: [{ family: 'Doe' }],
    })
    const { report } = await run([
      { resourceType: 'Condition', subject: { reference: 'Patient/b' }, code: { text: 'Flu' } },
      observation('8867-4', { subject: { reference: 'Patient/c' }, ...quantity(60, '/min') }),
      patient('a', '1980-01-01'),
      patient('b', '1990-01-01'),
      patient('c', '1980-01-01'),
    ])
    expect(report).toMatchObject({ refused: 2, imported: 1 })
    expect(report.notes).toEqual([
      "the input holds records of several people (Doe 1980-01-01; Doe 1990-01-01): those of the first Patient (Doe 1980-01-01) were taken, the others refused; --whose NAME takes another's",
    ])
  })

  it('are those of the person that --whose names: by name, id, number or birth date', async () => {
    const patient = (id: string, given: string, birthDate: string) => ({
      resourceType: 'Patient',
      id,
      birthDate,
      identifier: [{ system: 'urn:mrn', value: `mrn-${id}` }],
      name: [{ family: 'Doe', given: [given, 'M.'] }],
    })
    const resources = [
      patient('a', 'Ann', '1980-01-01'),
      patient('b', 'Bob', '1990-01-01'),
      patient('b2', 'Robert', '1990-01-01'),
      observation('8867-4', { subject: { reference: 'Patient/a' }, ...quantity(60, '/min') }),
      observation('8867-4', { subject: { reference: 'Patient/b2' }, ...quantity(70, '/min') }),
    ]
    for (const whose of ['bob doe', 'Bob M. Doe', 'b', 'Patient/b', 'mrn-b']) {
      const { report, sink } = await run(resources, { whose })
      expect(report).toMatchObject({ skipped: 2, refused: 0, imported: 1 })
      expect(sink.observations).toEqual(['heart_rate 2026-03-01T07:00:00.000Z 70 /min'])
      expect(report.profile.map(({ value }) => value)).toEqual(['1990-01-01'])
    }
    const nobody = await run(resources, { whose: 'Carl' })
    expect(nobody.report).toMatchObject({ refused: 5, imported: 0 })
    expect(nobody.report.notes.join()).toContain(
      'nobody in the input is called "Carl": it holds Ann M. Doe 1980',
    )
  })
})

describe('containers', () => {
  const weight = observation('29463-7', quantity(80, 'kg'))

  it('are bundles of every type; of a history the newest versions', async () => {
    const history = {
      resourceType: 'Bundle',
      type: 'history',
      entry: [
        { request: { method: 'DELETE', url: 'Observation/gone' } },
        { resource: { ...weight, id: 'w' } },
        { resource: { ...weight, id: 'w', ...quantity(90, 'kg') } },
        { resource: { ...weight, id: 'gone', ...quantity(70, 'kg') } },
      ],
      link: [{ relation: 'self', nested: { entry: [{ resource: weight }] } }],
    }
    const { report, sink } = await runWith(fhir, fileOf('h.json', JSON.stringify(history)))
    expect(report).toMatchObject({ read: 3, imported: 1, merged: 2 })
    expect(sink.observations).toEqual(['weight 2026-03-01T07:00:00.000Z 80 kg'])
  })

  it('are lists, single resources, several behind each other, nested bundles, and Lists that are none', async () => {
    const nested = {
      resourceType: 'Bundle',
      type: 'batch-response',
      entry: [{ resource: { resourceType: 'Bundle', entry: [{ resource: weight }, { resource: weight }] } }],
    }
    const list = { resourceType: 'List', entry: [{ item: { reference: 'X/1' } }] }
    const counts = async (text: string) => (await runWith(fhir, fileOf('x.json', text))).report
    expect(await counts(JSON.stringify([weight, { ...weight, id: 'b' }]))).toMatchObject({
      read: 2,
      imported: 1,
      duplicates: 1,
    })
    expect(await counts(JSON.stringify(weight))).toMatchObject({ read: 1, imported: 1 })
    expect(
      await counts(`${JSON.stringify(weight, null, 2)}\n${JSON.stringify(weight, null, 2)}`),
    ).toMatchObject({ read: 2 })
    expect(await counts(JSON.stringify(nested))).toMatchObject({ read: 2 })
    expect(await counts(JSON.stringify(list))).toMatchObject({ read: 1, unmapped: { List: 1 } })
    expect(await counts(JSON.stringify({ resourceType: 'Bundle', type: 'searchset' }))).toMatchObject({
      read: 0,
    })
    expect(await counts('{"a": {"resourceType": "Patient"}}')).toMatchObject({ read: 1, refused: 1 })
  })

  it('are NDJSON, of which a damaged line costs that line', async () => {
    const line = JSON.stringify(weight).replaceAll('/', '\\/')
    const { report } = await runWith(
      fhir,
      fileOf(
        '1.Observation.ndjson',
        `\ufeff${line}\n\n{"resourceType":"Obs\n[1]\n${line.replace('80', '81')}`,
      ),
    )
    expect(report).toMatchObject({ read: 4, imported: 2, refused: 2 })
    expect(report.refusals.map(({ where }) => where)).toEqual([
      '1.Observation.ndjson:3',
      '1.Observation.ndjson:4',
    ])
  })

  it('are XML', async () => {
    const xml = `<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"><type value="collection"/><timestamp value="2026-03-02T00:00:00Z"/>
      <entry><resource><Observation><status value="final"/><text><div xmlns="http://www.w3.org/1999/xhtml">x</div></text>
      <code><coding><system value="http://loinc.org"/><code value="29463-7"/></coding><coding><system value="x"/><code value="y"/></coding></code>
      <effectiveDateTime value="2026-03-01T08:00:00+01:00"/><valueQuantity><value value="80.50"/><unit value="kg"/></valueQuantity></Observation></resource></entry>
      <entry><resource><Condition><code><text value="a & b"/></code></Condition></resource></entry></Bundle>`
    const { report, sink } = await runWith(fhir, fileOf('b.xml', xml))
    expect(sink.observations).toEqual(['weight 2026-03-01T07:00:00.000Z 80.5 kg'])
    expect(report.refusals).toMatchObject([{ where: 'b.xml:5', code: 'REFUSED_INPUT' }])
    const single = '<Observation xmlns="http://hl7.org/fhir"><status value="final"/></Observation>'
    expect((await runWith(fhir, fileOf('o.xml', single))).report).toMatchObject({ read: 1 })
    const cutShort = xml.slice(0, xml.indexOf('<unit'))
    expect((await runWith(fhir, fileOf('b.xml', cutShort))).report).toMatchObject({ read: 1, refused: 1 })
  })

  it('are the clinical records beside an Apple Health export', async () => {
    const input = inputOf(
      memberOf('apple_health_export/export.xml', [Buffer.from(healthData(''))]),
      memberOf('apple_health_export/clinical-records/Observation-1.json', [
        Buffer.from(JSON.stringify(weight)),
      ]),
    )
    const sink = new ClinicalSink()
    const report = await runImport({ input, importer: 'auto', sink, options: { importId: 'i' } })
    expect(report.formats).toHaveProperty('fhir')
    expect(sink.observations).toEqual(['weight 2026-03-01T07:00:00.000Z 80 kg'])
  })

  it('that hold no FHIR are passed over', async () => {
    const { report } = await runWith(fhir, fileOf('x.json', '{"a":1}'))
    expect(report).toMatchObject({ read: 0, notes: ['a file that holds no FHIR resources was passed over'] })
  })
})
