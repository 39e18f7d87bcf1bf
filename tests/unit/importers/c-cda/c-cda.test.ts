/** Statements of C-CDA documents: what they become, what never becomes a fact, and damaged documents. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cCda } from '../../../../src/importers/c-cda/index.ts'
import type { ImportOptions } from '../../../../src/importers/importer.ts'
import { fileOf, runWith } from '../clinical-harness.ts'
import { cut, inputOf, memberOf, settled } from '../harness.ts'

const root = '2.16.840.1.113883.10.20.22.4'
const template = (id: string) => `<templateId root="${root}.${id}"/>`
const loinc = (code: string, more = '') => `<code code="${code}" codeSystem="2.16.840.1.113883.6.1" ${more}/>`

function document(entries: string, code = '30954-2', text = '<text/>'): string {
  return `<?xml version="1.0"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<effectiveTime value="20260305120000+0100"/>
<recordTarget><patientRole><patient><name><given>A</given><family>Doe</family></name>
<administrativeGenderCode code="F"/><birthTime value="19640812"/></patient></patientRole></recordTarget>
<component><structuredBody><component><section>${loinc(code)}${text}
${entries}
</section></component></structuredBody></component></ClinicalDocument>`
}

const entry = (content: string) => `<entry>${content}</entry>`

function result(code: string, value: string, more = ''): string {
  return `<observation classCode="OBS" moodCode="EVN">${template('2')}${loinc(code)}<statusCode code="completed"/><effectiveTime value="20260301080000+0100"/>${value}${more}</observation>`
}

const pq = (value: string, unit: string) => `<value xsi:type="PQ" value="${value}" unit="${unit}"/>`

async function run(text: string, options: Partial<ImportOptions> = {}) {
  const out = await runWith(cCda, fileOf('ccd.xml', text), options)
  expect(settled(out.report)).toBe(out.report.read)
  return out
}

describe('results and vital signs', () => {
  it('become measurements with range, flag, method, performer and comment', async () => {
    const more = `<interpretationCode code="H" codeSystem="2.16.840.1.113883.5.83"/><methodCode code="x" displayName="ISE"/>
<performer><assignedEntity><representedOrganization><name>Acme  Lab</name></representedOrganization></assignedEntity></performer>
<entryRelationship><act>${template('64')}<text><reference value="#c1"/></text></act></entryRelationship>
<referenceRange><observationRange><value xsi:type="IVL_PQ"><low value="3.5" unit="mmol/L"/><high value="5.1" unit="mmol/L"/></value></observationRange></referenceRange>
<referenceRange><observationRange><text>adults</text></observationRange></referenceRange>`
    const { report, sink } = await run(
      document(
        entry(result('2823-3', pq('5.4', 'mmol/L'), more)),
        '30954-2',
        '<text><paragraph ID="c1">slightly  high</paragraph></text>',
      ),
    )
    expect(sink.observations).toEqual(['potassium 2026-03-01T07:00:00.000Z 5.4 mmol/L'])
    expect(JSON.parse(sink.extras[0] ?? '')).toEqual({
      note: 'slightly high',
      meta: {
        interpretation: 'H',
        method: 'ISE',
        performer: 'Acme Lab',
        referenceRange: '3.5 mmol/L to 5.1 mmol/L; adults',
      },
    })
    expect(report.kept).toEqual({ Observation: 1, document: 1 })
    expect(report.profile).toMatchObject([{ value: '1964-08-12' }, { value: 'female' }])
    expect(sink.rawRecords[0]?.text).toContain('<value xsi:type="PQ" value="5.4" unit="mmol/L"')
  })

  it('of a panel have its time, join pressures, and name the report', async () => {
    const vital = (code: string, value: string) =>
      `<component><observation classCode="OBS" moodCode="EVN">${template('27')}${loinc(code)}<statusCode code="completed"/>${pq(value, 'mm[Hg]')}</observation></component>`
    const vitals = `<organizer>${template('26')}<effectiveTime value="20260301"/>${vital('8480-6', '128')}${vital('8462-4', '82')}</organizer>`
    const panel = `<organizer>${template('1')}${loinc('24323-8', 'displayName="Panel"')}<statusCode code="completed"/><component>${result('2951-2', pq('140', 'mmol/L'))}</component></organizer>`
    const { report, sink } = await run(document(entry(vitals) + entry(panel)), { zone: 'Europe/Berlin' })
    expect(sink.observations).toEqual([
      'blood_pressure 2026-02-28T23:00:00.000Z 128,82 mm[Hg]',
      'sodium 2026-03-01T07:00:00.000Z 140 mmol/L',
    ])
    expect(report).toMatchObject({ read: 4, merged: 1, entities: { lab_report: 1 } })
  })

  it('are no numbers when null, negated, planned, withdrawn, bounded, worded or odd', async () => {
    const bounds = (inside: string) => `<value xsi:type="IVL_PQ">${inside}</value>`
    const observations = [
      result('2823-3', '<value xsi:type="PQ" nullFlavor="UNK"/>'),
      result('2823-3', bounds('<high value="3" unit="mmol/L"/>')),
      result('2823-3', bounds('<low value="3" unit="mmol/L"/>')),
      result('2823-3', bounds('<low value="3" unit="mmol/L"/><high value="4" unit="mmol/L"/>')),
      result('2823-3', '<value xsi:type="ST">haemolysed</value>'),
      result('2823-3', '<value xsi:type="CD" code="1" displayName="none"/>'),
      result('2823-3', '<value xsi:type="BL" value="true"/>'),
      result('2823-3', '<value xsi:type="TS" value="20200101"/>'),
      result('2823-3', pq('4', 'mmol/L')).replace('moodCode="EVN"', 'moodCode="EVN" negationInd="true"'),
      result('2823-3', pq('4', 'mmol/L')).replace('moodCode="EVN"', 'moodCode="INT"'),
      result('2823-3', pq('4', 'mmol/L')).replace('"completed"', '"aborted"'),
      result('2823-3', pq('4', 'mmol/L')).replace('"completed"', '"nullified"'),
    ]
    const { report, sink } = await run(document(observations.map(entry).join('')))
    expect(sink.observations).toEqual([])
    expect(report).toMatchObject({ read: 12, refused: 0, imported: 0 })
    expect(report.unmapped).toMatchObject({
      'Observation (negated)': 1,
      'Observation (planned)': 1,
      'Observation 2823-3 (cancelled)': 1,
      'Observation 2823-3 (entered-in-error)': 1,
    })
  })

  it('find LOINC in a translation, count grades, and refuse odd units with their line', async () => {
    const translated = result('x', pq('80', 'kg')).replace(
      /<code[^>]*\/>/,
      `<code nullFlavor="UNK"><originalText><reference value="#w"/></originalText><translation code="29463-7" codeSystem="2.16.840.1.113883.6.1"/></code>`,
    )
    const { report, sink } = await run(
      document(
        entry(translated) +
          entry(result('72514-3', '<value xsi:type="INT" value="4"/>')) +
          entry(result('718-7', pq('13', 'bananas'))),
      ),
    )
    expect(sink.observations).toEqual([
      'symptom_pain 2026-03-01T07:00:00.000Z 4 {score}',
      'weight 2026-03-01T07:00:00.000Z 80 kg',
    ])
    expect(report.refusals).toMatchObject([{ where: 'ccd.xml:7', code: 'UNIT' }])
  })
})

describe('problems and allergies', () => {
  const problem = (more: string, attributes = '', concern = 'active') =>
    entry(
      `<act classCode="ACT">${template('3')}<statusCode code="${concern}"/><author><time value="20200102"/></author><entryRelationship><observation classCode="OBS" moodCode="EVN" ${attributes}>${template('4')}<code code="55607006" codeSystem="2.16.840.1.113883.6.96" displayName="Problem"/><statusCode code="completed"/>${more}</observation></entryRelationship></act>`,
    )
  const asthma =
    '<value xsi:type="CD" code="195967001" codeSystem="2.16.840.1.113883.6.96" displayName="Asthma"/>'
  const status = (code: string) =>
    `<entryRelationship><observation>${template('6')}<value xsi:type="CD" code="${code}"/></observation></entryRelationship>`

  it('say whether they are still a concern', async () => {
    const of = async (text: string) => (await run(document(text, '11450-4'))).sink.ofType('condition')[0]
    const since = '<effectiveTime><low value="201503"/></effectiveTime>'
    expect(await of(problem(since + asthma))).toMatchObject({
      name: 'Asthma',
      code: { system: 'http://snomed.info/sct', code: '195967001' },
      clinicalStatus: 'active',
      onset: '2015-03',
      recorded: '2020-01-02',
    })
    expect(await of(problem(asthma, '', 'completed'))).toMatchObject({ clinicalStatus: 'inactive' })
    expect(await of(problem(asthma + status('413322009')))).toMatchObject({ clinicalStatus: 'resolved' })
    expect(
      await of(
        problem(`<effectiveTime><low value="2015"/><high value="20160102"/></effectiveTime>${asthma}`),
      ),
    ).toMatchObject({
      clinicalStatus: 'resolved',
      abatement: '2016-01-02',
    })
    const words =
      '<value xsi:type="CD" nullFlavor="OTH"><originalText><reference value="#p"/></originalText></value>'
    const narrated = document(problem(words), '11450-4', '<text><td ID="p">sore  knee</td></text>')
    expect((await run(narrated)).sink.ofType('condition')).toMatchObject([{ name: 'sore knee' }])
  })

  it('are no facts when negated, nullified or nameless', async () => {
    const { report, sink } = await run(
      document(
        problem(asthma, 'negationInd="true"') +
          problem(asthma, '', 'nullified') +
          problem('<value xsi:type="CD" nullFlavor="UNK"/>') +
          problem(
            '<value xsi:type="CD" code="160245001" codeSystem="2.16.840.1.113883.6.96" displayName="No current problems"/>',
          ),
        '11450-4',
      ),
    )
    expect(sink.statements.size).toBe(0)
    expect(report.unmapped).toEqual({
      'Condition (entered-in-error)': 1,
      'Condition (nameless)': 1,
      'Condition (none known)': 1,
      'Condition (refuted)': 1,
    })
  })

  it('name the substance, the reaction and how bad it was', async () => {
    const observation = (inside: string, id: string) =>
      `<entryRelationship><observation>${template(id)}${inside}</observation></entryRelationship>`
    const allergy = (substance: string, reactions: string) =>
      entry(
        `<act>${template('30')}<statusCode code="active"/><entryRelationship><observation moodCode="EVN">${template('7')}<statusCode code="completed"/><effectiveTime><low value="1998"/></effectiveTime><value xsi:type="CD" code="414285001"/>${substance}${reactions}</observation></entryRelationship></act>`,
      )
    const participant = (inside: string) =>
      `<participant typeCode="CSM"><participantRole><playingEntity>${inside}</playingEntity></participantRole></participant>`
    const severe = '<value xsi:type="CD" code="24484000"/>'
    const hives = observation(
      `<value xsi:type="CD" code="247472004" displayName="Hives"/>${observation(severe, '8')}`,
      '9',
    )
    const { sink } = await run(
      document(
        allergy(
          participant('<code code="762952008" codeSystem="2.16.840.1.113883.6.96" displayName="Peanut"/>'),
          hives + observation('<value xsi:type="CD" code="CRITH"/>', '145'),
        ) + allergy(participant('<name>Latex</name>'), observation(severe, '8')),
        '48765-2',
      ),
    )
    expect(sink.ofType('allergy')).toMatchObject([
      {
        substance: 'Peanut',
        type: 'allergy',
        category: 'food',
        reaction: 'Hives',
        severity: 'severe',
        criticality: 'high',
        onset: '1998',
      },
      { substance: 'Latex', severity: 'severe' },
    ])
  })
})

describe('medications, vaccinations, procedures and the rest', () => {
  const product = (code: string, more = '') =>
    `<consumable><manufacturedProduct><manufacturedMaterial>${code}${more}</manufacturedMaterial><manufacturerOrganization><name>Maker</name></manufacturerOrganization></manufacturedProduct></consumable>`
  const metformin = product(
    '<code code="860975" codeSystem="2.16.840.1.113883.6.88" displayName="Metformin 500 MG"/>',
  )
  const drug = (inside: string, attributes = 'moodCode="EVN"', status = 'active') =>
    entry(
      `<substanceAdministration ${attributes}>${template('16')}<statusCode code="${status}"/>${inside}</substanceAdministration>`,
    )

  it('say dose, route, frequency and reason', async () => {
    const inside = `<text><reference value="#sig"/></text><effectiveTime xsi:type="IVL_TS"><low value="20200101"/><high value="20210101"/></effectiveTime><effectiveTime xsi:type="PIVL_TS"><period value="12" unit="h"/></effectiveTime><routeCode code="PO" displayName="oral"/><doseQuantity value="1" unit="{tablet}"/>${metformin}<entryRelationship><observation>${template('19')}<value xsi:type="CD" code="44054006" displayName="Diabetes"/></observation></entryRelationship><precondition/>`
    const { sink } = await run(
      document(drug(inside), '10160-0', '<text><p ID="sig">one twice a day</p></text>'),
    )
    expect(sink.ofType('medication')).toMatchObject([
      {
        name: 'Metformin 500 MG',
        code: { system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '860975' },
        kind: 'statement',
        status: 'active',
        start: '2020-01-01',
        end: '2021-01-01',
        dose: '1 {tablet}',
        route: 'oral',
        frequency: '1 per 12 h, as needed',
        dosage: 'one twice a day',
        reason: 'Diabetes',
      },
    ])
    const event = `<effectiveTime value="20260101"/><effectiveTime xsi:type="EIVL_TS"><event code="AC"/></effectiveTime>${product('<name>Home brew</name>')}`
    const planned = await run(document(drug(event, 'moodCode="INT"')))
    expect(planned.sink.ofType('medication')).toMatchObject([
      { name: 'Home brew', kind: 'request', frequency: 'AC' },
    ])
  })

  it('are no facts when refused, not given, planned or withdrawn', async () => {
    const shot = (attributes: string, status = 'completed') =>
      entry(
        `<substanceAdministration ${attributes}>${template('52')}<statusCode code="${status}"/><effectiveTime value="20200101"/>${metformin}</substanceAdministration>`,
      )
    const procedure = (attributes: string, status = 'completed', id = '14') =>
      entry(
        `<procedure ${attributes}>${template(id)}<code code="80146002" codeSystem="2.16.840.1.113883.6.96" displayName="Appendectomy"/><statusCode code="${status}"/><effectiveTime><low value="2010"/></effectiveTime><targetSiteCode code="x" displayName="Abdomen"/></procedure>`,
      )
    const { report, sink } = await run(
      document(
        drug(metformin, 'moodCode="EVN" negationInd="true"') +
          drug(metformin, 'moodCode="EVN"', 'nullified') +
          shot('moodCode="EVN" negationInd="true"') +
          shot('moodCode="INT"') +
          shot('moodCode="EVN"', 'aborted') +
          shot('moodCode="EVN"', 'nullified') +
          shot('moodCode="EVN"') +
          procedure('moodCode="EVN" negationInd="true"') +
          procedure('moodCode="RQO"') +
          procedure('moodCode="EVN"', 'cancelled', '13') +
          procedure('moodCode="EVN"', 'completed', '12') +
          entry('<act><code code="x"/></act>') +
          entry(`<observation>${template('46')}</observation>`),
      ),
    )
    expect(report.unmapped).toEqual({
      'FamilyMemberHistory (nameless)': 1,
      'Immunization (entered-in-error)': 1,
      'Immunization (not-done)': 2,
      'Immunization (planned)': 1,
      'Medication (not-taken)': 1,
      'MedicationStatement (entered-in-error)': 1,
      'Procedure (not-done)': 2,
      'Procedure (planned)': 1,
      'entry of 30954-2': 1,
    })
    expect(sink.ofType('procedure')).toMatchObject([
      { name: 'Appendectomy', performed: '2010', bodySite: 'Abdomen' },
    ])
    expect(sink.ofType('immunization')).toMatchObject([{ manufacturer: 'Maker', date: '2020-01-01' }])
  })

  it('read CCD 1.0, whose vaccinations bear the template of medications', async () => {
    const shot = entry(
      `<substanceAdministration moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.1.24"/><effectiveTime><center value="20200101"/></effectiveTime>${metformin}</substanceAdministration>`,
    )
    expect((await run(document(shot, '11369-6'))).report.entities).toEqual({ immunization: 1 })
    expect((await run(document(shot, '10160-0'))).report.entities).toEqual({ medication: 1 })
  })
})

describe('documents', () => {
  it('of another person are refused', async () => {
    const one = document(entry(result('2823-3', pq('4', 'mmol/L'))))
    const other = one.replace('19640812', '19710101')
    const { report } = await runWith(
      cCda,
      inputOf(memberOf('a.xml', [Buffer.from(one)]), memberOf('b.xml', [Buffer.from(other)])),
    )
    expect(report).toMatchObject({ imported: 1, refused: 1 })
  })

  it('without XML inside give the file that they carry', async () => {
    const body = (text: string) =>
      `<ClinicalDocument xmlns="urn:hl7-org:v3"><component><nonXMLBody>${text}</nonXMLBody></component></ClinicalDocument>`
    const pdf = await run(
      body(
        `<text mediaType="application/pdf" representation="B64">${Buffer.from('%PDF').toString('base64')}</text>`,
      ),
    )
    expect(pdf.sink.attachments.map(({ name }) => name)).toEqual(['ccd.xml.pdf', 'ccd.xml'])
    const reference = await run(body('<text><reference value="scan.pdf"/></text>'))
    expect(reference.report.refusals).toMatchObject([{ reason: 'its content is not in the file' }])
  })

  it('are recognised with prefixes, marks and as fragments, and others passed over', async () => {
    const known = (text: string) => cCda.recognises('x', async () => Buffer.from(text))
    expect(await known('\ufeff<cda:ClinicalDocument xmlns:cda="urn:hl7-org:v3">')).toBe(true)
    expect(await known(`<section>${template('2')}`)).toBe(true)
    expect(await known('<section>hello</section>')).toBe(false)
    expect(await known('{"ClinicalDocument":1}')).toBe(false)
    const prefixed = document(entry(result('2823-3', pq('4', 'mmol/L')))).replace(
      /<(\/?)(?=[a-zA-Z])/g,
      '<$1cda:',
    )
    expect((await run(prefixed)).report.imported).toBe(1)
    expect((await run('<a/>')).report.notes).toEqual(['a file that is no C-CDA document was passed over'])
    expect(cCda.maps).toContain('allergy')
  })

  it('with a damaged entry lose that entry only', async () => {
    const text = document(
      entry(result('2823-3', pq('4', 'mmol/L'))) +
        entry(result('2951-2', '<value xsi:type="PQ" value="1" unit="mmol/L></value>')) +
        entry(result('718-7', pq('13', 'g/dL'))),
    )
    const { report } = await runWith(cCda, fileOf('ccd.xml', text))
    expect(settled(report)).toBe(report.read)
    expect(report.byMetric).toMatchObject({ potassium: 1 })
    const misnested = document(entry('<act><code></act>') + entry(result('718-7', pq('13', 'g/dL'))))
    const second = await run(misnested)
    expect(second.report).toMatchObject({ refused: 1, byMetric: { haemoglobin: 1 } })
    expect(second.report.refusals[0]?.reason).toContain('damaged')
  })

  it('change nothing however they are cut, end anywhere, or have bytes changed', async () => {
    const text = document(
      entry(result('2823-3', pq('4', 'mmol/L'))) + entry(result('718-7', pq('13', 'g/dL'))),
    )
    const whole = await run(text)
    const base = Buffer.from(text)
    for (let length = 0; length < base.length; length += 7) {
      const { report } = await runWith(cCda, fileOf('ccd.xml', text.slice(0, length)))
      expect(settled(report)).toBe(report.read)
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 40 }),
        fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { minLength: 1, maxLength: 10 }),
        async (lengths, flips) => {
          const pieces = await runWith(cCda, inputOf(memberOf('ccd.xml', cut(base, lengths))))
          expect([...pieces.sink.rows]).toEqual([...whole.sink.rows])
          const bytes = Buffer.from(base)
          for (const [at, value] of flips) bytes[at] = value
          const { report } = await runWith(cCda, inputOf(memberOf('ccd.xml', [bytes])))
          expect(settled(report)).toBe(report.read)
        },
      ),
      { numRuns: 100 },
    )
  })
})
