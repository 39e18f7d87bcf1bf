/** Which reader reads which resource. */
import {
  type Element,
  type EntityFact,
  type NoFact,
  readAllergy,
  readCarePlan,
  readCondition,
  readCoverage,
  readDevice,
  readEncounter,
  readFamilyHistory,
  readGoal,
  readImmunization,
  readMedication,
  readProcedure,
  readReport,
  readSocialHistory,
} from '../../fhir/index.ts'
import { namesMetric } from './observation-intake.ts'

/** What a resource states: facts, none with the reason, or `undefined` for what the record has no place for. */
export type Stated = readonly EntityFact[] | NoFact | undefined

/** `resolve` finds the resource that a reference means. */
export function statedBy(
  resource: Element,
  type: string,
  resolve: (reference: Element) => Element | undefined,
): Stated {
  const fact = factOf(resource, type, resolve)
  return fact !== undefined && 'key' in fact ? [fact] : fact
}

function factOf(
  resource: Element,
  type: string,
  resolve: (reference: Element) => Element | undefined,
): EntityFact | Stated {
  switch (type) {
    case 'Condition':
      return readCondition(resource)
    case 'AllergyIntolerance':
      return readAllergy(resource)
    case 'Immunization':
      return readImmunization(resource)
    case 'MedicationStatement':
    case 'MedicationRequest':
    case 'MedicationOrder':
    case 'MedicationPrescription':
    case 'MedicationDispense':
    case 'MedicationAdministration':
      return readMedication(resource, resolve)
    case 'Procedure':
      return readProcedure(resource)
    case 'DiagnosticReport':
      return readReport(resource)
    case 'Observation':
      return namesMetric(resource) ? undefined : readSocialHistory(resource)
    default:
      return surroundings(resource, type)
  }
}

/** Relatives, visits, plans, devices, insurance. */
function surroundings(resource: Element, type: string): EntityFact | Stated {
  switch (type) {
    case 'FamilyMemberHistory':
      return readFamilyHistory(resource)
    case 'Encounter':
      return readEncounter(resource)
    case 'CarePlan':
      return readCarePlan(resource)
    case 'Goal':
      return readGoal(resource)
    case 'Device':
      return readDevice(resource)
    case 'Coverage':
      return readCoverage(resource)
    default:
      return undefined
  }
}
