/**
 * Conditions, allergies, immunizations and medications as FHIR resources.
 *
 * Codes are written only where the record holds them with their system; otherwise the words alone. Each function
 * answers a text instead of a resource where a mandatory element is missing: the reason for leaving it out.
 */
import {
  absent,
  coded,
  concept,
  type FhirContext,
  identifier,
  present,
  resource,
  tagCodings,
} from './context.ts'
import { elementsOf, textOf } from './element.ts'
import { FieldReader } from './field-reader.ts'
import type { MappedEntity } from './patient.ts'
import { systems } from './systems.ts'
import { fhirCode, fhirDate, fhirDateTime, fhirString } from './text.ts'
import type { CodeableConcept, Coding, EntityInput } from './types.ts'

const nameless = 'it has no name'

/** https://hl7.org/fhir/R4/condition.html; abatement implies a clinical status of resolved (con-4). */
export function conditionToFhir(entity: EntityInput, context: FhirContext): MappedEntity | string {
  const fields = new FieldReader(entity.fields)
  const code = namedConcept(fields, 'name', 'condition', 'title', 'text')
  if (code === undefined) return nameless
  const ended = fields.read(fhirDateTime, 'abatement', 'end', 'ended', 'end_date', 'resolved_at')
  const status = fields.oneOf(
    ['active', 'recurrence', 'relapse', 'inactive', 'remission', 'resolved'],
    'clinical_status',
    'status',
  )
  const overStatus = status === 'inactive' || status === 'remission' ? status : 'resolved'
  const clinicalStatus = ended === undefined ? status : overStatus
  const condition = resource('Condition', context.id('Condition', entity.id), {
    meta: metaOf(fields),
    identifier: identifier('condition', entity.id),
    clinicalStatus: clinicalStatus === undefined ? undefined : coded('conditionClinical', clinicalStatus),
    verificationStatus: verificationOf(fields, 'conditionVerification'),
    category: textConcepts(fields, 'category'),
    severity: concept(fields.value('severity')),
    code,
    bodySite: textConcepts(fields, 'body_site'),
    subject: context.patient,
    onsetDateTime: fields.read(fhirDateTime, 'onset', 'start', 'started', 'start_date', 'since', 'diagnosed'),
    abatementDateTime: ended,
    recordedDate: fields.read(fhirDateTime, 'recorded'),
    note: noteOf(fields),
  })
  return { resources: [condition], unread: fields.unread() }
}

/** https://hl7.org/fhir/R4/allergyintolerance.html; a recorded allergy is active until the record says otherwise. */
export function allergyToFhir(entity: EntityInput, context: FhirContext): MappedEntity | string {
  const fields = new FieldReader(entity.fields)
  const code = namedConcept(fields, 'substance', 'name', 'allergen', 'text')
  if (code === undefined) return nameless
  const status = fields.oneOf(['active', 'inactive', 'resolved'], 'clinical_status', 'status') ?? 'active'
  const manifestation = concept(fields.value('reaction', 'manifestation'))
  const severity = fields.oneOf(['mild', 'moderate', 'severe'], 'severity')
  const allergy = resource('AllergyIntolerance', context.id('AllergyIntolerance', entity.id), {
    meta: metaOf(fields),
    identifier: identifier('allergy', entity.id),
    clinicalStatus: coded('allergyClinical', status),
    verificationStatus: verificationOf(fields, 'allergyVerification'),
    type: fields.oneOf(['allergy', 'intolerance'], 'type', 'kind'),
    category: fields.read(allergyCategories, 'category'),
    criticality: fields.oneOf(['low', 'high', 'unable-to-assess'], 'criticality'),
    code,
    patient: context.patient,
    onsetDateTime: fields.read(fhirDateTime, 'onset', 'start', 'since'),
    recordedDate: fields.read(fhirDateTime, 'recorded'),
    // A reaction must name its manifestation, so a severity alone is said with an unknown one.
    reaction:
      manifestation === undefined && severity === undefined
        ? []
        : [{ manifestation: [manifestation ?? absent()], ...(severity === undefined ? {} : { severity }) }],
    note: noteOf(fields),
  })
  return { resources: [allergy], unread: fields.unread() }
}

/** `food; medication` as codes; undefined where one of the words is none. */
function allergyCategories(value: unknown): readonly string[] | undefined {
  const words = typeof value === 'string' ? value.split('; ') : []
  const isKnown = words.every((word) => ['food', 'medication', 'environment', 'biologic'].includes(word))
  return words.length > 0 && isKnown ? words : undefined
}

/** https://hl7.org/fhir/R4/immunization.html; a day that nobody knows is marked unknown. */
export function immunizationToFhir(entity: EntityInput, context: FhirContext): MappedEntity | string {
  const fields = new FieldReader(entity.fields)
  const vaccineCode = namedConcept(fields, 'vaccine', 'name', 'text')
  if (vaccineCode === undefined) return nameless
  const occurrence = fields.read(fhirDateTime, 'date', 'at', 'given', 'given_at', 'occurrence')
  const immunization = resource('Immunization', context.id('Immunization', entity.id), {
    meta: metaOf(fields),
    identifier: identifier('immunization', entity.id),
    status: fields.oneOf(['completed', 'entered-in-error', 'not-done'], 'status') ?? 'completed',
    vaccineCode,
    patient: context.patient,
    occurrenceDateTime: occurrence,
    _occurrenceDateTime: occurrence === undefined ? absent() : undefined,
    lotNumber: fields.text('lot', 'lot_number', 'batch'),
    expirationDate: fields.read(fhirDate, 'expiration'),
    site: concept(fields.value('site')),
    route: concept(fields.value('route')),
    note: noteOf(fields),
  })
  return { resources: [immunization], unread: fields.unread() }
}

/** https://hl7.org/fhir/R4/medicationstatement.html: what the person says that they take. */
export function medicationToFhir(entity: EntityInput, context: FhirContext): MappedEntity | string {
  const fields = new FieldReader(entity.fields)
  const medication = namedConcept(fields, 'name', 'medication', 'text')
  if (medication === undefined) return nameless
  const start = fields.read(fhirDateTime, 'start', 'started', 'start_date', 'since')
  const end = fields.read(fhirDateTime, 'end', 'ended', 'end_date', 'stopped', 'stopped_at')
  const allowed = ['active', 'completed', 'intended', 'stopped', 'on-hold', 'unknown', 'not-taken'] as const
  const status = fields.oneOf(allowed, 'status') ?? 'unknown'
  const dosage = dosageText(fields)
  const reason = concept(fields.value('reason', 'indication', 'for'))
  const statement = resource('MedicationStatement', context.id('MedicationStatement', entity.id), {
    meta: metaOf(fields),
    identifier: identifier('medication', entity.id),
    status,
    medicationCodeableConcept: medication,
    subject: context.patient,
    effectivePeriod: present({ start, end }),
    dateAsserted: fields.read(fhirDateTime, 'authored'),
    reasonCode: reason === undefined ? [] : [reason],
    dosage: dosage === undefined ? [] : [{ text: dosage }],
    note: noteOf(fields),
  })
  return { resources: [statement], unread: fields.unread() }
}

const procedureStatuses = [
  'preparation',
  'in-progress',
  'on-hold',
  'stopped',
  'completed',
  'unknown',
] as const

/** https://hl7.org/fhir/R4/procedure.html; a status that nobody told is unknown. */
export function procedureToFhir(entity: EntityInput, context: FhirContext): MappedEntity | string {
  const fields = new FieldReader(entity.fields)
  const code = namedConcept(fields, 'name', 'procedure', 'title', 'text')
  if (code === undefined) return nameless
  const start = fields.read(fhirDateTime, 'performed', 'date', 'at')
  const end = fields.read(fhirDateTime, 'performed_end', 'end')
  const reason = concept(fields.value('reason'))
  const procedure = resource('Procedure', context.id('Procedure', entity.id), {
    meta: metaOf(fields),
    identifier: identifier('procedure', entity.id),
    status: fields.oneOf(procedureStatuses, 'status') ?? 'unknown',
    code,
    subject: context.patient,
    performedDateTime: end === undefined ? start : undefined,
    performedPeriod: end === undefined ? undefined : present({ start, end }),
    reasonCode: reason === undefined ? [] : [reason],
    bodySite: textConcepts(fields, 'body_site'),
    outcome: concept(fields.value('outcome')),
    note: noteOf(fields),
  })
  return { resources: [procedure], unread: fields.unread() }
}

/** Dose, unit, frequency and route as the person wrote them, in one line. */
function dosageText(fields: FieldReader): string | undefined {
  const told = fields.text('dosage', 'instructions')
  const parts = [
    fields.text('dose', 'strength', 'amount'),
    fields.text('dose_unit', 'unit'),
    fields.text('frequency'),
    fields.text('route'),
    told,
  ]
  return fhirString(parts.filter((part) => part !== undefined).join(' '))
}

/** The words under one of `names`, with a code only where the record holds code and system. */
function namedConcept(fields: FieldReader, ...names: readonly string[]): CodeableConcept | undefined {
  const text = fields.text(...names)
  return concept(text, codingOf(fields))
}

const codeFields = [
  ['snomed', 'http://snomed.info/sct'],
  ['icd10', 'http://hl7.org/fhir/sid/icd-10'],
  ['icd10cm', 'http://hl7.org/fhir/sid/icd-10-cm'],
  ['rxnorm', 'http://www.nlm.nih.gov/research/umls/rxnorm'],
  ['cvx', 'http://hl7.org/fhir/sid/cvx'],
  ['atc', 'http://www.whocc.no/atc'],
  ['loinc', systems.loinc],
] as const

/** `code` and `codings` as imports fill them, then codes under the name of their system. */
function codingOf(fields: FieldReader): readonly Coding[] {
  const imported = [...(fields.read(codingsIn, 'code') ?? []), ...(fields.read(codingsIn, 'codings') ?? [])]
  const others = codeFields.flatMap(([field, system]) => {
    const code = fields.read((value) => (typeof value === 'string' ? fhirCode(value) : undefined), field)
    return code === undefined ? [] : [{ system, code }]
  })
  return [...imported, ...others]
}

/** Codings from `{system, code, display}` or a list of them; undefined where there is none. */
function codingsIn(value: unknown): readonly Coding[] | undefined {
  const found = elementsOf(value).flatMap((element): readonly Coding[] => {
    const code = fhirCode(textOf(element['code']) ?? '')
    const system = fhirCode(textOf(element['system']) ?? '')
    const display = textOf(element['display'])
    if (code === undefined) return []
    return [
      { ...(system === undefined ? {} : { system }), code, ...(display === undefined ? {} : { display }) },
    ]
  })
  return found.length === 0 ? undefined : found
}

const verifications = ['unconfirmed', 'provisional', 'differential', 'confirmed', 'presumed'] as const

/** How sure the source was; an allergy knows fewer words than a condition. */
function verificationOf(
  fields: FieldReader,
  system: 'conditionVerification' | 'allergyVerification',
): CodeableConcept | undefined {
  const known = fields.oneOf(verifications, 'verification_status')
  const isOfBoth = known === 'unconfirmed' || known === 'confirmed'
  const isAllowed =
    isOfBoth || (system === 'allergyVerification' ? known === 'presumed' : known !== 'presumed')
  return known === undefined || !isAllowed ? undefined : coded(system, known)
}

function textConcepts(fields: FieldReader, name: string): readonly CodeableConcept[] {
  const words = concept(fields.value(name))
  return words === undefined ? [] : [words]
}

export function metaOf(fields: FieldReader): object | undefined {
  const tag = fields.read((value) => (Array.isArray(value) ? tagCodings(value) : undefined), 'tags')
  return tag === undefined || tag.length === 0 ? undefined : { tag }
}

export function noteOf(fields: FieldReader): readonly object[] {
  const text = fields.text('note', 'notes', 'comment')
  return text === undefined ? [] : [{ text }]
}
