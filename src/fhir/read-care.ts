/**
 * What surrounds diagnoses and results: relatives, habits, visits, plans, devices and insurance, as US Core and the
 * International Patient Summary state them.
 */
import {
  type Concept,
  conceptName,
  conceptNames,
  conceptOf,
  decimalOf,
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
  type Field,
  fieldsOf,
  type NoFact,
  named,
  noFact,
  saysNone,
} from './fact.ts'
import { performersOf } from './read-condition.ts'

/**
 * https://hl7.org/fhir/R4/familymemberhistory.html: a fact for each condition of the relative, so that "father, heart
 * attack at 52" can be asked for; one for a relative of whom no condition is told.
 */
export function readFamilyHistory(resource: Element): readonly EntityFact[] | NoFact {
  const status = statusOf(resource['status'])
  if (status === 'entered-in-error' || status === 'health-unknown') return noFact(status)
  const relation = named(resource['relationship'])
  if (!relation) return noFact('nameless')
  const recorded = dateOf(resource['date'])
  const relative = fieldsOf({
    relationship: relation.name,
    relationshipCode: relation.concept.codings.find(({ code }) => code !== undefined)?.code,
    relative: textOf(resource['name']),
    sex: statusOf(resource['sex']) ?? statusOf(resource['gender']),
    born: dateOf(resource['bornDate'], elementOf(resource['bornPeriod'])['start']),
    deceased: deceasedOf(resource),
    recorded,
    note: notesOf(resource),
  })
  const key = [conceptKey(relation.concept), textOf(resource['name']) ?? '']
  const conditions = elementsOf(resource['condition']).flatMap((condition): readonly EntityFact[] => {
    const code = named(condition['code'])
    if (!code || saysNone(code.concept)) return []
    const fields = fieldsOf({
      ...relative,
      condition: code.name,
      ...codeFields(code.concept),
      onsetAge: yearsOf(condition['onsetAge']),
      onset: textOf(condition['onsetString']) ?? rangeOf(condition['onsetRange']),
      outcome: conceptNames(condition['outcome']),
      causedDeath: isTrue(condition['contributedToDeath']) ? true : undefined,
      conditionNote: notesOf(condition),
    })
    return [{ type: 'family_history', key: [...key, conceptKey(code.concept)], start: recorded, fields }]
  })
  if (conditions.length > 0) return conditions
  const isSaid = relative['deceased'] !== undefined || relative['note'] !== undefined
  return isSaid
    ? [{ type: 'family_history', key, start: recorded, fields: relative }]
    : noFact('no condition')
}

function deceasedOf(resource: Element): Field | undefined {
  const age = yearsOf(resource['deceasedAge'])
  if (age !== undefined) return `at ${age}`
  const date = dateOf(resource['deceasedDate'])
  if (date !== undefined) return date
  return resource['deceasedBoolean'] === undefined ? undefined : isTrue(resource['deceasedBoolean'])
}

/** An Age in years; undefined in another unit. */
function yearsOf(value: unknown): number | undefined {
  const age = elementOf(value)
  const unit = textOf(age['code'] ?? age['unit'])
  const years = decimalOf(age['value'])
  const isYears = unit === undefined || /^(a|yr?|years?)$/i.test(unit)
  return isYears && Number.isFinite(years) ? years : undefined
}

function rangeOf(value: unknown): string | undefined {
  const bounds = [quantityText(elementOf(value)['low']), quantityText(elementOf(value)['high'])]
  const told = bounds.filter((bound) => bound !== undefined)
  return told.length === 0 ? undefined : told.join(' to ')
}

const smokingStatus = '72166-2'
const socialCategory = 'social-history'

/**
 * An Observation of the social history that no metric measures: smoking status, alcohol, occupation. Undefined for
 * other Observations.
 */
export function readSocialHistory(resource: Element): EntityFact | NoFact | undefined {
  const code = named(resource['code'])
  if (!code) return undefined
  const isSmoking = code.concept.codings.some((coding) => coding.code === smokingStatus)
  const categories = elementsOf(resource['category']).map((one) => statusOf(one))
  if (!isSmoking && !categories.includes(socialCategory)) return undefined
  const status = statusOf(resource['status'])
  if (status === 'entered-in-error' || status === 'cancelled') return noFact(status)
  const concept = conceptOf(resource['valueCodeableConcept'])
  const value =
    conceptName(concept) ??
    quantityText(resource['valueQuantity']) ??
    textOf(resource['valueString']) ??
    textOf(resource['valueInteger'] ?? resource['valueDecimal'] ?? resource['valueBoolean'])
  if (value === undefined) return noFact('no value')
  const period = elementOf(resource['effectivePeriod'])
  const date = dateOf(resource['effectiveDateTime'], period['start'], resource['issued'])
  return {
    type: 'social_history',
    // Two answers of one day are two statements, both kept.
    key: [conceptKey(code.concept), date ?? '', value.toLowerCase()],
    start: date,
    fields: fieldsOf({
      name: code.name,
      ...codeFields(code.concept),
      value,
      valueCode: codeFields(concept)['code'],
      smoking: isSmoking ? smokingOf(concept) : undefined,
      date,
      end: dateOf(period['end']),
      note: notesOf(resource),
    }),
  }
}

/** SNOMED CT and LOINC answers of https://hl7.org/fhir/us/core/ValueSet-us-core-smoking-status-observation-codes.html. */
const smokingByCode: Readonly<Record<string, string>> = {
  '266919005': 'never',
  'LA18978-9': 'never',
  '8517006': 'former',
  'LA15920-4': 'former',
  '77176002': 'current',
  '449868002': 'current',
  '428041000124106': 'current',
  '428061000124105': 'current',
  '428071000124103': 'current',
  '230060001': 'current',
  '230063004': 'current',
  '65568007': 'current',
  'LA18976-3': 'current',
  'LA18977-1': 'current',
  'LA18979-7': 'current',
  'LA18981-3': 'current',
  'LA18982-1': 'current',
}

/** `never`, `former` or `current`; undefined where the answer says that it is not known. */
function smokingOf(concept: Concept | undefined): string | undefined {
  for (const { code } of concept?.codings ?? []) {
    if (code !== undefined && Object.hasOwn(smokingByCode, code)) return smokingByCode[code]
  }
  const words = (conceptName(concept) ?? '').toLowerCase()
  if (/unknown/.test(words)) return undefined
  if (/never|non-?smoker/.test(words)) return 'never'
  if (/former|\bex-?smoker|quit/.test(words)) return 'former'
  return /current|every ?day|some ?days?|\bsmoker/.test(words) ? 'current' : undefined
}

/** https://hl7.org/fhir/R4/encounter.html: a visit. */
export function readEncounter(resource: Element): EntityFact | NoFact {
  const status = statusOf(resource['status'])
  if (status === 'entered-in-error' || status === 'cancelled') return noFact(status)
  const kind = conceptOf(resource['class'])
  const type = [named(resource['type']), named(resource['serviceType'])].find(
    (one) => one && !one.concept.codings.some(({ code }) => code === unknownKind),
  )
  const period = elementOf(resource['period'])
  const start = dateOf(period['start'])
  const reason = conceptNames(resource['reasonCode'] ?? resource['reason'])
  const name = type?.name ?? reason ?? classNames[kind?.codings[0]?.code ?? ''] ?? conceptName(kind)
  if (name === undefined) return noFact('nameless')
  const people = elementsOf(resource['participant']).map((one) => elementOf(one['individual']))
  const places = elementsOf(resource['location']).map((one) => elementOf(one['location']))
  return {
    type: 'encounter',
    key: [type ? conceptKey(type.concept) : name.toLowerCase(), start ?? ''],
    start,
    fields: fieldsOf({
      name,
      ...codeFields(type?.concept),
      kind: classNames[kind?.codings[0]?.code ?? ''] ?? conceptName(kind),
      status,
      start,
      end: dateOf(period['end']),
      reason,
      with: performersOf(people),
      place: performersOf(places) ?? textOf(elementOf(resource['serviceProvider'])['display']),
      note: notesOf(resource),
    }),
  }
}

/** SNOMED CT "unknown". */
const unknownKind = '261665006'

/** v3-ActCode; STU3 and DSTU2 wrote the words. */
const classNames: Readonly<Record<string, string>> = {
  AMB: 'outpatient visit',
  EMER: 'emergency',
  HH: 'home visit',
  IMP: 'hospital stay',
  ACUTE: 'hospital stay',
  NONAC: 'hospital stay',
  OBSENC: 'observation',
  VR: 'virtual visit',
}

/** https://hl7.org/fhir/R4/careplan.html. */
export function readCarePlan(resource: Element): EntityFact | NoFact {
  const status = statusOf(resource['status'])
  if (status === 'entered-in-error') return noFact(status)
  const activities = elementsOf(resource['activity']).flatMap((activity) => {
    const detail = elementOf(activity['detail'])
    return (
      conceptNames(detail['code']) ??
      textOf(detail['description']) ??
      textOf(elementOf(activity['reference'])['display']) ??
      []
    )
  })
  const category = elementsOf(resource['category']).map((one) => named(one))
  const told = category.find((one) => one && !one.concept.codings.some(({ code }) => code === assessPlan))
  const description = textOf(resource['description'])
  const name = textOf(resource['title']) ?? told?.name ?? description ?? activities[0]
  if (name === undefined) return noFact('nameless')
  const period = elementOf(resource['period'])
  const start = dateOf(period['start'], resource['created'])
  return {
    type: 'care_plan',
    key: [told ? conceptKey(told.concept) : name.toLowerCase(), start ?? ''],
    start,
    fields: fieldsOf({
      name,
      ...codeFields(told?.concept),
      kind: 'plan',
      status,
      start,
      end: dateOf(period['end']),
      activities: [...new Set(activities)],
      description: description === name ? undefined : description,
      note: notesOf(resource),
    }),
  }
}

/** The category of every care plan of US Core: it says nothing of this one. */
const assessPlan = 'assess-plan'

/** https://hl7.org/fhir/R4/goal.html: what was agreed with somebody else; a target of the person is `goal`. */
export function readGoal(resource: Element): EntityFact | NoFact {
  const status = statusOf(resource['lifecycleStatus'] ?? resource['status'])
  if (status === 'entered-in-error' || status === 'rejected' || status === 'cancelled') return noFact(status)
  const description = named(resource['description'])
  if (!description) return noFact('nameless')
  const start = dateOf(resource['startDate'], resource['statusDate'])
  const targets = elementsOf(resource['target'])
  const words = targets.flatMap((target) => {
    const detail =
      quantityText(target['detailQuantity']) ??
      rangeOf(target['detailRange']) ??
      conceptNames(target['detailCodeableConcept']) ??
      textOf(target['detailString'])
    const said = [conceptNames(target['measure']), detail].filter((part) => part !== undefined)
    return said.length === 0 ? [] : [said.join(': ')]
  })
  return {
    type: 'care_plan',
    key: ['goal', conceptKey(description.concept), start ?? ''],
    start,
    fields: fieldsOf({
      name: description.name,
      ...codeFields(description.concept),
      kind: 'goal',
      status,
      achievement: conceptNames(resource['achievementStatus']),
      start,
      due: targets.map((target) => dateOf(target['dueDate'])).find((date) => date !== undefined),
      target: words.join('; '),
      note: notesOf(resource),
    }),
  }
}

/**
 * https://hl7.org/fhir/R4/device.html: an implant or a device that the person has. Undefined for devices that only
 * measured: they are sources, and name no patient.
 */
export function readDevice(resource: Element): EntityFact | NoFact | undefined {
  if (resource['patient'] === undefined) return undefined
  const status = statusOf(resource['status'])
  if (status === 'entered-in-error') return noFact(status)
  const type = named(resource['type'])
  const name =
    textOf(elementOf(resource['deviceName'])['name']) ??
    type?.name ??
    textOf(resource['modelNumber'] ?? resource['model'])
  if (name === undefined || saysNone(type?.concept))
    return noFact(name === undefined ? 'nameless' : 'none known')
  const carrier = elementOf(resource['udiCarrier'] ?? resource['udi'])
  const udi = textOf(carrier['carrierHRF']) ?? textOf(carrier['deviceIdentifier']) ?? textOf(resource['udi'])
  const serial = textOf(resource['serialNumber'])
  const made = dateOf(resource['manufactureDate'])
  return {
    type: 'device',
    key: [udi ?? '', serial ?? '', type ? conceptKey(type.concept) : name.toLowerCase()],
    start: made,
    fields: fieldsOf({
      name,
      ...codeFields(type?.concept),
      status,
      udi,
      serial,
      lot: textOf(resource['lotNumber']),
      model: textOf(resource['modelNumber'] ?? resource['model']),
      manufacturer: textOf(resource['manufacturer']),
      made,
      expiration: dateOf(resource['expirationDate']),
      note: notesOf(resource),
    }),
  }
}

/** https://hl7.org/fhir/R4/coverage.html. */
export function readCoverage(resource: Element): EntityFact | NoFact {
  const status = statusOf(resource['status'])
  if (status === 'entered-in-error' || status === 'cancelled' || status === 'draft') return noFact(status)
  const payer = performersOf(resource['payor'] ?? resource['issuer'])
  const kind = conceptNames(resource['type'])
  const name = payer ?? kind
  if (name === undefined) return noFact('nameless')
  const member = textOf(resource['subscriberId']) ?? textOf(elementOf(resource['identifier'])['value'])
  const period = elementOf(resource['period'])
  const start = dateOf(period['start'])
  return {
    type: 'coverage',
    key: [name.toLowerCase(), member ?? '', start ?? ''],
    start,
    fields: fieldsOf({
      name,
      kind,
      status,
      member,
      relationship: conceptNames(resource['relationship']),
      start,
      end: dateOf(period['end']),
    }),
  }
}
