/** Which entity becomes which FHIR resource, and why some become none. */
import {
  allergyToFhir,
  conditionToFhir,
  immunizationToFhir,
  medicationToFhir,
  procedureToFhir,
} from './clinical.ts'
import { concept, type FhirContext, identifier, resource } from './context.ts'
import { attachmentToFhir, noteToFhir } from './document.ts'
import { elementsOf } from './element.ts'
import { FieldReader } from './field-reader.ts'
import { type MappedEntity, profileToFhir } from './patient.ts'
import { appointmentToFhir, type FindMetric, goalToFhir } from './planning.ts'
import { extensionUrls, systems } from './systems.ts'
import { jsonString } from './text.ts'
import type { AttachmentInput, EntityInput, Reference, Resource } from './types.ts'

export interface EntityMappings {
  readonly findMetric: FindMetric
  /** The bytes of an attachment, or undefined where they are gone. */
  readonly attachment: (id: string) => AttachmentInput | undefined
  /** The resource of the record that a file is attached to, where it is exported too. */
  readonly ownerOf: (id: string) => Reference | undefined
}

/**
 * The resources of an entity, or the reason why there is none. The first resource also holds the entry as the record
 * has it, in an extension.
 */
export function entityToFhir(
  entity: EntityInput,
  context: FhirContext,
  mappings: EntityMappings,
): MappedEntity | string {
  const mapped = mappedEntity(entity, context, mappings)
  if (typeof mapped === 'string') return mapped
  const [first, ...others] = mapped.resources
  if (first === undefined) return mapped
  const unread = mapped.unread.filter((field) => field !== 'content')
  // Where the bytes of a file lie is a matter of its vault; what an import kept verbatim stays there too.
  const { content: _, sourceRecord: __, ...fields } = entity.fields
  const record = { url: extensionUrls.record, valueString: jsonString([entity.type, entity.id, fields]) }
  if (record.valueString.length > maxRecord) return mapped
  const extension = [...elementsOf(first['extension']), record]
  return { resources: [{ ...first, extension } as Resource, ...others], unread }
}

/** Types that have a resource of their own. */
const mappedTypes: ReadonlySet<string> = new Set([
  'profile',
  'goal',
  'appointment',
  'condition',
  'allergy',
  'immunization',
  'medication',
  'procedure',
  'note',
  'attachment',
])

/** Types whose entries leave as Basic: no mapping of ours gives them a resource of their own. */
export const basicEntityTypes = [
  'symptom_definition',
  'schedule',
  'dose_event',
  'lab_report',
  'family_history',
  'social_history',
  'encounter',
  'care_plan',
  'device',
  'coverage',
] as const
const basicTypes: ReadonlySet<string> = new Set(basicEntityTypes)

/** FHIR refuses strings above 1 MB. */
const maxRecord = 1_000_000

/** Whether entities of the type can leave as FHIR. */
export function leavesAsFhir(type: string): boolean {
  return mappedTypes.has(type) || basicTypes.has(type)
}

function mappedEntity(
  entity: EntityInput,
  context: FhirContext,
  mappings: EntityMappings,
): MappedEntity | string {
  switch (entity.type) {
    case 'profile':
      return profileToFhir(entity, context)
    case 'goal':
      return goalToFhir(entity, context, mappings.findMetric)
    case 'appointment':
      return appointmentToFhir(entity, context)
    case 'condition':
      return conditionToFhir(entity, context)
    case 'allergy':
      return allergyToFhir(entity, context)
    case 'immunization':
      return immunizationToFhir(entity, context)
    case 'medication':
      return medicationToFhir(entity, context)
    case 'procedure':
      return procedureToFhir(entity, context)
    case 'note':
      return noteToFhir(entity, context)
    case 'attachment': {
      const blob = mappings.attachment(entity.id)
      return blob === undefined
        ? 'its bytes are not in the vault'
        : attachmentToFhir(entity, blob, { context, ownerOf: mappings.ownerOf })
    }
    default:
      return basicTypes.has(entity.type)
        ? basicToFhir(entity, context)
        : (reasonByType[entity.type] ?? 'FHIR has no resource for it')
  }
}

/** Types that leave in the NDJSON and GDPR exports but not as FHIR. */
const reasonByType: Readonly<Record<string, string>> = {
  conversation: 'a conversation with the assistant is no clinical fact',
  consent: 'a setting of the program, not of care',
  share: 'a setting of the program',
  import: 'the history of imports; the sources leave as Device and Provenance',
  retraction: 'its source withdrew the result, and the result is not exported either',
  raw_record: 'kept verbatim because no metric fits it',
  setting: 'a setting of the program',
  change: 'the history of changes of the program',
}

/**
 * https://hl7.org/fhir/R4/basic.html: entries that no mapping of ours gives a resource of their own, named by their
 * type and what they are called, and whole in the extension.
 */
function basicToFhir(entity: EntityInput, context: FhirContext): MappedEntity {
  const fields = new FieldReader(entity.fields)
  const name = fields.text('name', 'title', 'condition', 'text')
  const words = entity.type.replaceAll('_', ' ')
  const basic = resource('Basic', context.id('Basic', `${entity.type}\0${entity.id}`), {
    identifier: identifier(entity.type, entity.id),
    code: concept(name === undefined ? words : `${words}: ${name}`, [
      { system: `${systems.own}:entity`, code: entity.type },
    ]),
    subject: context.patient,
  })
  return { resources: [basic], unread: [] }
}
