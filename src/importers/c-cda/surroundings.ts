/** Social history, relatives, visits, goals, implants and insurance, after the same mapping as other statements. */
import type { Element } from '../../fhir/index.ts'
import { attributeOf, child, childrenOf, descendant, type XmlNode } from '../xml/tree-reader.ts'
import {
  conceptOfCode,
  elementWith,
  intervalOf,
  isNull,
  type Narrative,
  quantityOfNode,
  textOfNode,
  valueElements,
} from './data-types.ts'
import { commentsOf, isNegated, type Rewritten, related, statusCodeOf } from './relations.ts'
import { template } from './templates.ts'

const loinc = 'http://loinc.org'

/** LOINC codes of what the templates say, where the statement names only its kind (`ASSERTION`, SNOMED CT). */
const smokingStatus = { system: loinc, code: '72166-2', display: 'Tobacco smoking status' }
const tobaccoUse = { system: loinc, code: '11367-0', display: 'History of tobacco use' }

/** Marks an Observation as social history; a smoking status bears its LOINC code. */
export function asSocialHistory(observation: Element, node: XmlNode, kind: 'smoking' | 'social'): Element {
  const category = [{ coding: [{ code: 'social-history' }] }]
  if (kind === 'social') return { ...observation, category }
  const isUse = childrenOf(node, 'templateId').some((one) => attributeOf(one, 'root') === template.tobaccoUse)
  const coding = isUse ? tobaccoUse : smokingStatus
  return { ...observation, category, code: { coding: [coding], text: coding.display } }
}

/** A family history observation; its relative stands in the organizer around it. */
export function familyResource(node: XmlNode, narrative: Narrative): Rewritten {
  if (isNegated(node)) return 'negated'
  const relative = relativeOf(node)
  const subject = child(relative, 'subject')
  const name = descendant(relative, 'playingEntity', 'name') ?? descendant(subject, 'name')
  const [age] = related(node, template.ageAtOnset)
  const [death] = related(node, template.causeOfDeath)
  const died = childrenOf(subject, 'deceasedInd')[0]
  const [deathAge] = death ? related(death, template.ageAtOnset) : []
  return elementWith({
    resourceType: 'FamilyMemberHistory',
    status: statusCodeOf(node) === 'nullified' ? 'entered-in-error' : 'completed',
    relationship: conceptOfCode(child(relative, 'code'), narrative),
    name: name?.text.replace(/\s+/g, ' ').trim() || undefined,
    sex: genders[attributeOf(child(subject, 'administrativeGenderCode'), 'code') ?? ''],
    bornDate: intervalOf(child(subject, 'birthTime')).at,
    deceasedAge: deathAge ? quantityOfNode(child(deathAge, 'value')) : undefined,
    deceasedBoolean: deathAge ? undefined : (attributeOf(died, 'value') ?? (death ? 'true' : undefined)),
    condition: [
      elementWith({
        code: conceptOfCode(child(node, 'value'), narrative),
        onsetAge: age ? quantityOfNode(child(age, 'value')) : undefined,
        contributedToDeath: death ? 'true' : undefined,
      }),
    ],
    note: commentsOf(node, narrative),
  })
}

const genders: Readonly<Record<string, string>> = { F: 'female', M: 'male', UN: 'other' }

function relativeOf(node: XmlNode): XmlNode | undefined {
  for (let at = node.parent; at !== null && at.name !== 'entry'; at = at.parent) {
    const relative = descendant(at, 'subject', 'relatedSubject')
    if (relative !== undefined) return relative
  }
  return undefined
}

/** An encounter activity. */
export function encounterResource(node: XmlNode, narrative: Narrative): Rewritten {
  if (isNegated(node)) return 'negated'
  if (attributeOf(node, 'moodCode') === 'INT' || attributeOf(node, 'moodCode') === 'APT') return 'planned'
  const { at, low, high } = intervalOf(child(node, 'effectiveTime'))
  const place = childrenOf(node, 'participant').find((one) => attributeOf(one, 'typeCode') === 'LOC')
  const role = child(place, 'participantRole')
  const placeName = descendant(role, 'playingEntity', 'name')?.text.trim()
  const placeKind = conceptOfCode(child(role, 'code'), narrative)
  return elementWith({
    resourceType: 'Encounter',
    status: statusCodeOf(node) === 'nullified' ? 'entered-in-error' : 'finished',
    type: conceptOfCode(child(node, 'code'), narrative),
    period: elementWith({ start: at ?? low, end: high }),
    participant: childrenOf(node, 'performer').flatMap((performer) => {
      const person = descendant(performer, 'assignedEntity', 'assignedPerson', 'name')?.text
      const display = (person ?? '').replace(/\s+/g, ' ').trim()
      return display === '' ? [] : [{ individual: { display } }]
    }),
    location: placeName ? [{ location: { display: placeName } }] : placesOf(placeKind),
    reasonCode: related(node, template.indication).flatMap(
      (one) => conceptOfCode(child(one, 'value'), narrative) ?? [],
    ),
    note: commentsOf(node, narrative),
  })
}

/** A place that is only told by its kind (`Urgent Care Center`). */
function placesOf(kind: Element | undefined): readonly Element[] {
  const codings = kind?.['coding'] as readonly Element[] | undefined
  const display = kind?.['text'] ?? codings?.[0]?.['display']
  return typeof display === 'string' ? [{ location: { display } }] : []
}

/** A goal observation: what is aimed at, as code and value. */
export function goalResource(node: XmlNode, narrative: Narrative): Rewritten {
  if (isNegated(node)) return 'negated'
  const code = conceptOfCode(child(node, 'code'), narrative)
  const { at, low, high } = intervalOf(child(node, 'effectiveTime'))
  const value = valueElements(child(node, 'value'), narrative)
  const words = textOfNode(child(node, 'text'), narrative) ?? value['valueString']
  return elementWith({
    resourceType: 'Goal',
    lifecycleStatus: statusCodeOf(node) === 'nullified' ? 'entered-in-error' : statusCodeOf(node),
    description: words === undefined ? code : { text: words },
    startDate: low ?? at,
    target: [
      elementWith({
        measure: words === undefined ? undefined : code,
        detailQuantity: value['valueQuantity'],
        detailRange: value['valueRange'],
        detailCodeableConcept: value['valueCodeableConcept'],
        dueDate: high,
      }),
    ],
    note: commentsOf(node, narrative),
  })
}

/** A product instance: the device of a procedure or supply, with its UDI as `id`. */
export function deviceResource(node: XmlNode, narrative: Narrative): Rewritten {
  const device = child(node, 'playingDevice')
  const model = child(device, 'manufacturerModelName')?.text.trim()
  const maker = descendant(node, 'scopingEntity', 'desc')?.text.trim()
  const udi = childrenOf(node, 'id').find((one) => attributeOf(one, 'root') === udiRoot)
  // Without a UDI it may as well be the instrument of the procedure.
  if (udi === undefined && isOfProcedure(node)) return 'of a procedure'
  return elementWith({
    resourceType: 'Device',
    patient: {},
    type: conceptOfCode(child(device, 'code'), narrative),
    modelNumber: model || undefined,
    manufacturer: maker || undefined,
    udiCarrier: udi && !isNull(udi) ? [{ carrierHRF: attributeOf(udi, 'extension') }] : undefined,
  })
}

function isOfProcedure(node: XmlNode): boolean {
  for (let at = node.parent; at !== null && at.name !== 'entry'; at = at.parent) {
    if (at.name === 'procedure') return true
  }
  return false
}

/** FDA's UDI. */
const udiRoot = '2.16.840.1.113883.3.3719'

/** A policy activity: who pays, for whom, since when. */
export function coverageResource(node: XmlNode, narrative: Narrative): Rewritten {
  const payer = childrenOf(node, 'performer')
    .map((one) => descendant(one, 'assignedEntity', 'representedOrganization', 'name')?.text.trim())
    .find((name) => name)
  const covered = childrenOf(node, 'participant').find((one) => attributeOf(one, 'typeCode') === 'COV')
  const role = child(covered, 'participantRole')
  const { at, low, high } = intervalOf(child(covered, 'time'))
  const member = childrenOf(role, 'id').find((one) => !isNull(one))
  return elementWith({
    resourceType: 'Coverage',
    status: statusCodeOf(node) === 'nullified' ? 'entered-in-error' : 'active',
    type: conceptOfCode(child(node, 'code'), narrative),
    payor: payer ? [{ display: payer }] : undefined,
    subscriberId: attributeOf(member, 'extension'),
    relationship: conceptOfCode(child(role, 'code'), narrative),
    period: elementWith({ start: low ?? at, end: high }),
  })
}
