/**
 * The person as a FHIR Patient, complete for US Core 6.1 (identifier, name, gender): what the profile does not say is
 * marked unknown with a data-absent-reason, never filled in.
 */
import { absent, concept, type FhirContext, identifier, resource } from './context.ts'
import { FieldReader } from './field-reader.ts'
import { systems, usCorePatient } from './systems.ts'
import { fhirDate, fhirDateTime } from './text.ts'
import type { CodeableConcept, Coding, EntityInput, Resource } from './types.ts'

export interface MappedEntity {
  readonly resources: readonly Resource[]
  /** Fields that FHIR was not told. */
  readonly unread: readonly string[]
}

/** The Patient of a vault without a profile: nobody's name, nobody's age. */
export function emptyPatient(context: FhirContext): Resource {
  return patientResource(new FieldReader({}), 'self', context)
}

/** Patient, and what the profile says of blood group and smoking as Observations that the person reported. */
export function profileToFhir(entity: EntityInput, context: FhirContext): MappedEntity {
  const fields = new FieldReader(entity.fields)
  const resources = [
    patientResource(fields, entity.id, context),
    ...bloodType(fields, entity.id, context),
    ...smokingStatus(fields, entity.id, context),
  ]
  return { resources, unread: fields.unread() }
}

function patientResource(fields: FieldReader, id: string, context: FhirContext): Resource {
  const doctor = fields.text('doctor', 'general_practitioner')
  return resource('Patient', context.patientId, {
    meta: { profile: [usCorePatient] },
    extension: genderIdentity(fields),
    identifier: identifier('person', id),
    name: [nameOf(fields) ?? absent()],
    telecom: telecomOf(fields),
    gender: genderOf(fields),
    birthDate: fields.read(fhirDate, 'birth_date', 'date_of_birth'),
    deceasedDateTime: fields.read(fhirDateTime, 'date_of_death'),
    address: addressOf(fields),
    contact: emergencyContact(fields),
    communication: languageOf(fields),
    generalPractitioner: doctor === undefined ? [] : [{ display: doctor }],
  })
}

/** The standard R4 extension; identity is not the administrative gender. */
function genderIdentity(fields: FieldReader): readonly object[] {
  const text = fields.text('gender_identity')
  if (text === undefined) return []
  return [
    { url: 'http://hl7.org/fhir/StructureDefinition/patient-genderIdentity', valueCodeableConcept: { text } },
  ]
}

function emergencyContact(fields: FieldReader): readonly object[] {
  const text = fields.text('emergency_contact')
  if (text === undefined) return []
  const relationship = {
    coding: [
      { system: 'http://terminology.hl7.org/CodeSystem/v2-0131', code: 'C', display: 'Emergency Contact' },
    ],
  }
  return [{ relationship: [relationship], name: { text } }]
}

function nameOf(fields: FieldReader): object | undefined {
  const text = fields.text('name', 'full_name', 'display_name')
  const family = fields.text('family_name', 'last_name', 'surname')
  const given = fields.text('given_name', 'first_name')
  if (text === undefined && family === undefined && given === undefined) return undefined
  // US Core wants a family or given name; a name told as one text is not taken apart, so it stays a text.
  return {
    ...(text === undefined ? {} : { text }),
    ...(family === undefined ? {} : { family }),
    ...(given === undefined ? {} : { given: [given] }),
    ...(family === undefined && given === undefined ? { _family: absent() } : {}),
  }
}

/** FHIR's administrative gender; most sources tell a sex, which is what records show there. */
function genderOf(fields: FieldReader): string {
  const allowed = ['male', 'female', 'other', 'unknown'] as const
  const read = (value: unknown): string | undefined => {
    const word = typeof value === 'string' ? value.trim().toLowerCase() : ''
    if (word === 'm') return 'male'
    if (word === 'f') return 'female'
    if (word === 'intersex') return 'other'
    return allowed.find((candidate) => candidate === word)
  }
  return fields.read(read, 'gender', 'sex') ?? 'unknown'
}

function telecomOf(fields: FieldReader): readonly object[] {
  const phone = fields.text('phone', 'telephone')
  const email = fields.text('email')
  return [
    ...(phone === undefined ? [] : [{ system: 'phone', value: phone }]),
    ...(email === undefined ? [] : [{ system: 'email', value: email }]),
  ]
}

function addressOf(fields: FieldReader): readonly object[] {
  const text = fields.text('address')
  const country = fields.text('country')
  if (text === undefined && country === undefined) return []
  return [{ ...(text === undefined ? {} : { text }), ...(country === undefined ? {} : { country }) }]
}

function languageOf(fields: FieldReader): readonly object[] {
  const language = fields.text('language')
  return language === undefined ? [] : [{ language: { text: language } }]
}

function bloodType(fields: FieldReader, profileId: string, context: FhirContext): readonly Resource[] {
  const text = fields.text('blood_type')
  if (text === undefined) return []
  const code = { system: systems.loinc, code: '882-1', display: 'ABO and Rh group [Type] in Blood' }
  return [reported({ profileId, fact: 'blood_type', code, value: concept(text) }, context)]
}

/** SNOMED CT concepts of US Core's smoking status value set. */
const smokingCodes: Readonly<Record<string, { code: string; display: string }>> = {
  never: { code: '266919005', display: 'Never smoked tobacco' },
  former: { code: '8517006', display: 'Ex-smoker' },
  current: { code: '77176002', display: 'Smoker' },
}

function smokingStatus(fields: FieldReader, profileId: string, context: FhirContext): readonly Resource[] {
  const text = fields.text('smoking')
  if (text === undefined) return []
  const known = smokingCodes[text]
  const coding = known === undefined ? [] : [{ system: 'http://snomed.info/sct', ...known }]
  const code = { system: systems.loinc, code: '72166-2', display: 'Tobacco smoking status' }
  const category = { code: 'social-history', display: 'Social History' }
  return [reported({ profileId, fact: 'smoking', code, value: concept(text, coding), category }, context)]
}

/** A fact of the profile: the person said so, at a time that the profile does not tell. */
function reported(
  fact: {
    readonly profileId: string
    readonly fact: string
    readonly code: Coding
    readonly value: CodeableConcept | undefined
    readonly category?: { readonly code: string; readonly display: string }
  },
  context: FhirContext,
): Resource {
  return resource('Observation', context.id('Observation', `profile\0${fact.profileId}\0${fact.fact}`), {
    status: 'final',
    category:
      fact.category === undefined
        ? []
        : [{ coding: [{ system: systems.observationCategory, ...fact.category }] }],
    code: { coding: [fact.code, { system: systems.metric, code: fact.fact }] },
    subject: context.patient,
    performer: [context.patient],
    valueCodeableConcept: fact.value,
  })
}
