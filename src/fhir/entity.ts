/** Which entity becomes which FHIR resource, and why some become none. */
import {
  allergyToFhir,
  conditionToFhir,
  immunizationToFhir,
  medicationToFhir,
  procedureToFhir,
} from './clinical.ts'
import type { FhirContext } from './context.ts'
import { attachmentToFhir, noteToFhir } from './document.ts'
import { type MappedEntity, profileToFhir } from './patient.ts'
import { appointmentToFhir, type FindMetric, goalToFhir } from './planning.ts'
import type { AttachmentInput, EntityInput, Reference } from './types.ts'

export interface EntityMappings {
  readonly findMetric: FindMetric
  /** The bytes of an attachment, or undefined where they are gone. */
  readonly attachment: (id: string) => AttachmentInput | undefined
  /** The resource of the record that a file is attached to, where it is exported too. */
  readonly ownerOf: (id: string) => Reference | undefined
}

/** The resources of an entity, or the reason why there is none. */
export function entityToFhir(
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
      return reasonByType[entity.type] ?? 'FHIR has no resource for it'
  }
}

/** Types that leave in the NDJSON and GDPR exports but not as FHIR. */
const reasonByType: Readonly<Record<string, string>> = {
  symptom_definition: 'a definition of the program, not a fact of the record',
  schedule: 'a reminder plan without a prescription is no FHIR resource',
  dose_event: 'the medication that it belongs to has no coded dose yet',
  lab_report: 'its results leave as Observations; the report itself has no mapping yet',
  conversation: 'a conversation with the assistant is no clinical fact',
  consent: 'a setting of the program, not of care',
  share: 'a setting of the program',
  import: 'the history of imports; the sources leave as Device and Provenance',
  retraction: 'its source withdrew the result, and the result is not exported either',
  raw_record: 'kept verbatim because no metric fits it',
  setting: 'a setting of the program',
  change: 'the history of changes of the program',
}
