/** FHIR R4 resources from a health record: pure mappings, no reading, no writing. */
export * from './bundle.ts'
export { createFhirContext, type FhirContext } from './context.ts'
export * from './device.ts'
export * from './entity.ts'
export type { ReferenceStyle } from './identity.ts'
export { type ObservationStatus, observationToFhir } from './observation.ts'
export { emptyPatient, type MappedEntity } from './patient.ts'
export type {
  EntityInput,
  ObservationInput,
  Reference,
  Resource,
} from './types.ts'
