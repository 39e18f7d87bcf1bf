/** Immunizations and medications from resources that others wrote (R4, STU3, DSTU2). */
import {
  type Concept,
  conceptNames,
  conceptOf,
  type Element,
  elementOf,
  elementsOf,
  isTrue,
  notesOf,
  quantityText,
  statusOf,
  textOf,
} from './element.ts'
import {
  codeFields,
  conceptKey,
  dateOf,
  type EntityFact,
  fieldsOf,
  type NoFact,
  named,
  noFact,
  type Resolve,
  saysNone,
} from './fact.ts'
import { performersOf } from './read-condition.ts'

/** CVX 998: no vaccine was given. */
const noVaccine = '998'

/** https://hl7.org/fhir/R4/immunization.html; DSTU2 `wasNotGiven`, STU3 `notGiven`, both `date`. */
export function readImmunization(resource: Element): EntityFact | NoFact {
  const status = statusOf(resource['status'])
  if (status === 'entered-in-error' || status === 'not-done') return noFact(status)
  if (isTrue(resource['wasNotGiven']) || isTrue(resource['notGiven'])) return noFact('not-done')
  const vaccine = named(resource['vaccineCode'])
  if (!vaccine) return noFact('nameless')
  const isNone = vaccine.concept.codings.some(({ code }) => code === noVaccine)
  if (isNone || saysNone(vaccine.concept)) return noFact('none given')
  const date = dateOf(resource['occurrenceDateTime'], resource['date'], resource['occurrenceString'])
  const dose = elementOf(resource['protocolApplied'] ?? resource['vaccinationProtocol'])
  return {
    type: 'immunization',
    key: [conceptKey(vaccine.concept), date ?? ''],
    start: date,
    fields: fieldsOf({
      vaccine: vaccine.name,
      ...codeFields(vaccine.concept),
      status: status ?? 'completed',
      date,
      lot: textOf(resource['lotNumber']),
      expiration: dateOf(resource['expirationDate']),
      manufacturer: textOf(elementOf(resource['manufacturer'])['display']),
      site: conceptNames(resource['site']),
      route: conceptNames(resource['route']),
      doseQuantity: quantityText(resource['doseQuantity']),
      doseNumber: textOf(dose['doseNumberPositiveInt'] ?? dose['doseNumberString'] ?? dose['doseSequence']),
      performer: performersOf(resource['performer']),
      note: notesOf(resource),
    }),
  }
}

const notTaken: ReadonlySet<string> = new Set([
  'entered-in-error',
  'not-taken',
  'not-done',
  'cancelled',
  'draft',
  'declined',
])

/**
 * MedicationStatement, MedicationRequest (DSTU2: MedicationOrder) and MedicationDispense: what the person takes or was
 * prescribed. MedicationAdministration: one dose that was given.
 */
export function readMedication(resource: Element, resolve: Resolve): EntityFact | NoFact {
  const kind = textOf(resource['resourceType']) ?? ''
  const status = statusOf(resource['status'])
  if (status !== undefined && notTaken.has(status)) return noFact(status)
  if (isTrue(resource['wasNotTaken']) || isTrue(resource['doNotPerform'])) return noFact('not-taken')
  if (isTrue(resource['wasNotGiven']) || isTrue(resource['notGiven'])) return noFact('not-done')
  if (statusOf(resource['taken']) === 'n') return noFact('not-taken')
  const concept = medicationConcept(resource, resolve)
  const medication = concept && named({ coding: concept.codings, text: concept.text })
  if (!medication) return noFact('nameless')
  if (saysNone(medication.concept)) return noFact('none known')
  const facts = { resource, status, name: medication.name, concept: medication.concept }
  return kind === 'MedicationAdministration' ? administration(facts) : statement(facts, kind)
}

interface MedicationFacts {
  readonly resource: Element
  readonly status: string | undefined
  readonly name: string
  readonly concept: Concept
}

function statement({ resource, status, name, concept }: MedicationFacts, kind: string): EntityFact {
  const dosage = elementOf(resource['dosage'] ?? resource['dosageInstruction'])
  const period = elementOf(resource['effectivePeriod'])
  const validity = elementOf(elementOf(resource['dispenseRequest'])['validityPeriod'])
  const bounds = elementOf(elementOf(elementOf(dosage['timing'])['repeat'])['boundsPeriod'])
  const authored = dateOf(
    resource['authoredOn'],
    resource['dateWritten'],
    resource['whenHandedOver'],
    resource['whenPrepared'],
    resource['dateAsserted'],
  )
  const start = dateOf(resource['effectiveDateTime'], period['start'], bounds['start'])
  const dose = elementOf(dosage['doseAndRate'])
  return {
    type: 'medication',
    key: [conceptKey(concept), start ?? authored ?? ''],
    start: start ?? authored,
    fields: fieldsOf({
      name,
      ...codeFields(concept),
      kind: kind.replace(/^Medication/, '').toLowerCase(),
      status,
      intent: statusOf(resource['intent']),
      start: start ?? dateOf(validity['start']) ?? authored,
      end: dateOf(period['end'], bounds['end'], validity['end']),
      authored,
      dose: quantityText(dose['doseQuantity'] ?? dosage['doseQuantity'] ?? dosage['quantityQuantity']),
      route: conceptNames(dosage['route']),
      frequency: frequencyOf(dosage),
      dosage: textOf(dosage['text']) ?? textOf(dosage['patientInstruction']),
      reason: conceptNames(
        resource['reasonCode'] ??
          resource['reasonCodeableConcept'] ??
          resource['reasonForUseCodeableConcept'],
      ),
      prescriber: textOf(elementOf(resource['requester'] ?? resource['prescriber'])['display']),
      note: notesOf(resource),
    }),
  }
}

function administration({ resource, status, name, concept }: MedicationFacts): EntityFact {
  const period = elementOf(resource['effectivePeriod'] ?? resource['effectiveTimePeriod'])
  const at = dateOf(resource['effectiveDateTime'], resource['effectiveTimeDateTime'], period['start'])
  const dosage = elementOf(resource['dosage'])
  return {
    type: 'dose_event',
    key: [conceptKey(concept), at ?? ''],
    start: at,
    fields: fieldsOf({
      name,
      ...codeFields(concept),
      status,
      at,
      end: dateOf(period['end']),
      dose: quantityText(dosage['dose'] ?? dosage['quantity']),
      route: conceptNames(dosage['route']),
      dosage: textOf(dosage['text']),
      note: notesOf(resource),
    }),
  }
}

/** The medication as a concept, from the resource itself or the Medication that it points at. */
function medicationConcept(resource: Element, resolve: Resolve): Concept | undefined {
  const own = conceptOf(resource['medicationCodeableConcept'])
  if (own !== undefined) return own
  const reference = elementOf(resource['medicationReference'])
  const found = conceptOf(resolve(reference)?.['code'])
  const display = textOf(reference['display'])
  return found ?? (display === undefined ? undefined : { codings: [], text: display })
}

/** `2 per 1 d`, from a timing's repeat or its words. */
function frequencyOf(dosage: Element): string | undefined {
  const timing = elementOf(dosage['timing'])
  const words = conceptNames(timing['code'])
  const repeat = elementOf(timing['repeat'])
  const [period, unit] = [textOf(repeat['period']), textOf(repeat['periodUnit'] ?? repeat['periodUnits'])]
  const times = textOf(repeat['frequency']) ?? '1'
  const asNeeded =
    isTrue(dosage['asNeededBoolean']) || elementsOf(dosage['asNeededCodeableConcept']).length > 0
  const regular = words ?? (period === undefined ? undefined : `${times} per ${period} ${unit ?? ''}`.trim())
  return asNeeded ? [regular, 'as needed'].filter((part) => part !== undefined).join(', ') : regular
}
