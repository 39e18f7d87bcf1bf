/** FHIR R4 resources from a health record and back: pure mappings, no reading, no writing of files. */
export * from './bundle.ts'
export { systemUri } from './code-systems.ts'
export { createFhirContext, type FhirContext } from './context.ts'
export * from './device.ts'
export * from './element.ts'
export * from './entity.ts'
export type { EntityFact, NoFact } from './fact.ts'
export type { ReferenceStyle } from './identity.ts'
export { type ObservationStatus, observationToFhir } from './observation.ts'
export { emptyPatient, type MappedEntity } from './patient.ts'
export {
  readCarePlan,
  readCoverage,
  readDevice,
  readEncounter,
  readFamilyHistory,
  readGoal,
  readSocialHistory,
} from './read-care.ts'
export { readAllergy, readCondition, readProcedure, readReport } from './read-condition.ts'
export { readImmunization, readMedication } from './read-medication.ts'
export * from './read-observation.ts'
export { extensionUrls } from './systems.ts'
export type {
  EntityInput,
  ObservationInput,
  Reference,
  Resource,
} from './types.ts'
