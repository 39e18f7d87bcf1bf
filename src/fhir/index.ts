/** FHIR R4 resources from a health record: pure mappings, no reading, no writing. */
export * from './bundle.ts'
export { createFhirContext, type FhirContext, type FhirContextOptions } from './context.ts'
export * from './device.ts'
export * from './entity.ts'
export { type ReferenceStyle, resourceId } from './identity.ts'
export { type ObservationDetails, type ObservationStatus, observationToFhir } from './observation.ts'
export { emptyPatient, type MappedEntity } from './patient.ts'
export { fhirInstant } from './text.ts'
export type {
  AttachmentInput,
  EntityInput,
  ObservationInput,
  Reference,
  Resource,
  SourceInput,
} from './types.ts'
