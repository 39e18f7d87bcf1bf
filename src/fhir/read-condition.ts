/** Conditions and allergies from resources that others wrote (R4, STU3, DSTU2). */
import {
  conceptNames,
  type Element,
  elementOf,
  elementsOf,
  isTrue,
  notesOf,
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
  saysNone,
} from './fact.ts'

/** https://hl7.org/fhir/R4/condition.html; DSTU2 `dateRecorded`, STU3 `assertedDate`. */
export function readCondition(resource: Element): EntityFact | NoFact {
  const verification = statusOf(resource['verificationStatus'])
  if (verification === 'refuted' || verification === 'entered-in-error') return noFact(verification)
  const code = named(resource['code'])
  if (!code) return noFact('nameless')
  if (saysNone(code.concept)) return noFact('none known')
  const period = elementOf(resource['onsetPeriod'])
  const onset = dateOf(resource['onsetDateTime'], period['start'])
  const recorded = dateOf(resource['recordedDate'], resource['assertedDate'], resource['dateRecorded'])
  const ended = elementOf(resource['abatementPeriod'])
  return {
    type: 'condition',
    key: [conceptKey(code.concept), onset ?? recorded ?? ''],
    start: onset ?? recorded,
    fields: fieldsOf({
      name: code.name,
      ...codeFields(code.concept),
      clinicalStatus: statusOf(resource['clinicalStatus']),
      verificationStatus: verification,
      category: conceptNames(resource['category']),
      severity: conceptNames(resource['severity']),
      bodySite: conceptNames(resource['bodySite']),
      onset: onset ?? textOf(resource['onsetString']),
      abatement: dateOf(resource['abatementDateTime'], ended['start'], ended['end']),
      recorded,
      note: notesOf(resource),
    }),
  }
}

const activeWords: Readonly<Record<string, string>> = { unconfirmed: 'unconfirmed', confirmed: 'confirmed' }
const criticalities: Readonly<Record<string, string>> = {
  critl: 'low',
  crith: 'high',
  critu: 'unable-to-assess',
}

/** https://hl7.org/fhir/R4/allergyintolerance.html; DSTU2 has `substance`, and one `status` for both of R4's. */
export function readAllergy(resource: Element): EntityFact | NoFact {
  const oldStatus = statusOf(resource['status'])
  const verification = statusOf(resource['verificationStatus']) ?? activeWords[oldStatus ?? '']
  for (const status of [verification, oldStatus]) {
    if (status === 'refuted' || status === 'entered-in-error') return noFact(status)
  }
  const reactions = elementsOf(resource['reaction'])
  const substance =
    named(resource['code']) ?? named(resource['substance']) ?? named(reactions[0]?.['substance'])
  if (!substance) return noFact('nameless')
  if (saysNone(substance.concept)) return noFact('no known allergy')
  const onset = dateOf(
    resource['onsetDateTime'],
    resource['onset'],
    elementOf(resource['onsetPeriod'])['start'],
  )
  const criticality = statusOf(resource['criticality'])
  const isOldClinical = oldStatus === 'active' || oldStatus === 'inactive' || oldStatus === 'resolved'
  const severity = reactions
    .map((reaction) => statusOf(reaction['severity']))
    .find((one) => one !== undefined)
  const manifestations = reactions.flatMap((reaction) => conceptNames(reaction['manifestation']) ?? [])
  return {
    type: 'allergy',
    key: [conceptKey(substance.concept)],
    start: onset,
    fields: fieldsOf({
      substance: substance.name,
      ...codeFields(substance.concept),
      clinicalStatus: statusOf(resource['clinicalStatus']) ?? (isOldClinical ? oldStatus : undefined),
      verificationStatus: verification,
      type: statusOf(resource['type']),
      category: conceptNames(resource['category']),
      criticality: criticalities[criticality ?? ''] ?? criticality,
      onset,
      recorded: dateOf(resource['recordedDate'], resource['assertedDate']),
      reaction: [...new Set(manifestations)].join('; '),
      severity,
      note: notesOf(resource),
    }),
  }
}

/** https://hl7.org/fhir/R4/procedure.html; DSTU2 `notPerformed`, STU3 `notDone`. */
export function readProcedure(resource: Element): EntityFact | NoFact {
  const status = statusOf(resource['status'])
  if (status === 'entered-in-error' || status === 'not-done') return noFact(status)
  if (isTrue(resource['notDone']) || isTrue(resource['notPerformed'])) return noFact('not-done')
  const code = named(resource['code'])
  if (!code) return noFact('nameless')
  if (saysNone(code.concept)) return noFact('none known')
  const period = elementOf(resource['performedPeriod'])
  const performed = dateOf(resource['performedDateTime'], period['start'], resource['performedString'])
  return {
    type: 'procedure',
    key: [conceptKey(code.concept), performed ?? ''],
    start: performed,
    fields: fieldsOf({
      name: code.name,
      ...codeFields(code.concept),
      status,
      performed,
      performedEnd: dateOf(period['end']),
      bodySite: conceptNames(resource['bodySite']),
      reason: conceptNames(resource['reasonCode'] ?? resource['reasonCodeableConcept']),
      outcome: conceptNames(resource['outcome']),
      performer: performersOf(resource['performer']),
      note: notesOf(resource),
    }),
  }
}

/** https://hl7.org/fhir/R4/diagnosticreport.html. Its results are Observations of their own. */
export function readReport(resource: Element): EntityFact | NoFact {
  const status = statusOf(resource['status'])
  if (status === 'entered-in-error' || status === 'cancelled') return noFact(status)
  const code = named(resource['code'])
  if (!code) return noFact('nameless')
  const period = elementOf(resource['effectivePeriod'])
  const effective = dateOf(resource['effectiveDateTime'], period['start'])
  const issued = dateOf(resource['issued'])
  return {
    type: 'lab_report',
    key: [conceptKey(code.concept), effective ?? issued ?? ''],
    start: effective ?? issued,
    fields: fieldsOf({
      name: code.name,
      ...codeFields(code.concept),
      status,
      category: conceptNames(resource['category']),
      effective,
      issued,
      performer: performersOf(resource['performer']),
      results: elementsOf(resource['result']).flatMap((one) => textOf(one['display']) ?? []),
      conclusion: textOf(resource['conclusion']),
      conclusionCode: conceptNames(resource['conclusionCode'] ?? resource['codedDiagnosis']),
    }),
  }
}

/** Names of performers: a reference's display, or that of its `actor`. */
export function performersOf(value: unknown): string | undefined {
  const names = elementsOf(value).flatMap(
    (one) => textOf(one['display']) ?? textOf(elementOf(one['actor'])['display']) ?? [],
  )
  return names.length === 0 ? undefined : names.join('; ')
}
