/**
 * Statements of a C-CDA entry as FHIR resources, after HL7's "C-CDA on FHIR" mapping
 * (https://hl7.org/fhir/us/ccda/STU1/CF-index.html). One reader then maps what either format says.
 */
import type { Element } from '../../fhir/index.ts'
import { attributeOf, child, childrenOf, descendant, type XmlNode } from '../xml/tree-reader.ts'
import { allergyResource, problemResource } from './concerns.ts'
import {
  conceptOfCode,
  elementWith,
  intervalOf,
  type Narrative,
  quantityOfNode,
  referenceRanges,
  textOfNode,
  valueElements,
} from './data-types.ts'
import { commentsOf, isNegated, type Rewritten, related, statusCodeOf } from './relations.ts'
import {
  asSocialHistory,
  coverageResource,
  deviceResource,
  encounterResource,
  familyResource,
  goalResource,
} from './surroundings.ts'
import { type Statement, template } from './templates.ts'

const observationStatus: Readonly<Record<string, string>> = {
  completed: 'final',
  active: 'preliminary',
  aborted: 'cancelled',
  cancelled: 'cancelled',
  nullified: 'entered-in-error',
}

/** What only was planned, proposed or asked for. */
const plannedMoods: ReadonlySet<string> = new Set(['INT', 'RQO', 'PRP', 'PRMS', 'ARQ', 'APT', 'GOL'])

/** The resource that a statement means, or why it is no fact. */
export function rewritten(node: XmlNode, kind: Statement, narrative: Narrative): Rewritten {
  switch (kind) {
    case 'allergy':
      return allergyResource(node, narrative)
    case 'problem':
      return problemResource(node, narrative)
    case 'medication':
      return medicationResource(node, narrative)
    case 'immunization':
      return immunizationResource(node, narrative)
    case 'procedure':
      return procedureResource(node, narrative)
    case 'panel':
      return panelResource(node, narrative)
    case 'result':
    case 'vital':
      return observationResource(node, narrative)
    case 'social':
    case 'smoking': {
      const observation = observationResource(node, narrative)
      return typeof observation === 'string' ? observation : asSocialHistory(observation, node, kind)
    }
    case 'family':
      return familyResource(node, narrative)
    case 'encounter':
      return encounterResource(node, narrative)
    case 'goal':
      return goalResource(node, narrative)
    case 'device':
      return deviceResource(node, narrative)
    case 'coverage':
      return coverageResource(node, narrative)
  }
}

function observationResource(node: XmlNode, narrative: Narrative): Rewritten {
  if (isNegated(node)) return 'negated'
  if (plannedMoods.has(attributeOf(node, 'moodCode') ?? '')) return 'planned'
  const { at, low, high } = intervalOf(child(node, 'effectiveTime'))
  const around = intervalOf(child(organizerOf(node), 'effectiveTime'))
  const start = at ?? low ?? high ?? around.at ?? around.low
  const isInterval = at === undefined && low !== undefined && high !== undefined && low !== high
  return elementWith({
    resourceType: 'Observation',
    status: observationStatus[statusCodeOf(node) ?? 'completed'] ?? 'unknown',
    code: conceptOfCode(child(node, 'code'), narrative),
    effectiveDateTime: isInterval ? undefined : start,
    effectivePeriod: isInterval ? { start: low, end: high } : undefined,
    ...valueElements(child(node, 'value'), narrative),
    interpretation: childrenOf(node, 'interpretationCode').flatMap(
      (one) => conceptOfCode(one, narrative) ?? [],
    ),
    referenceRange: referenceRanges(node, narrative),
    method: conceptOfCode(child(node, 'methodCode'), narrative),
    bodySite: conceptOfCode(child(node, 'targetSiteCode'), narrative),
    performer: performersOf(node),
    note: commentsOf(node, narrative),
  })
}

function organizerOf(node: XmlNode): XmlNode | undefined {
  for (let at = node.parent; at !== null && at.name !== 'entry'; at = at.parent) {
    if (at.name === 'organizer') return at
  }
  return undefined
}

/** A result organizer: the report that its results belong to. */
function panelResource(node: XmlNode, narrative: Narrative): Rewritten {
  const { at, low, high } = intervalOf(child(node, 'effectiveTime'))
  const results = childrenOf(node, 'component').flatMap((component) => {
    const observation = child(component, 'observation')
    return observation ? [observation] : []
  })
  const first = intervalOf(child(results[0], 'effectiveTime'))
  const status = observationStatus[statusCodeOf(node) ?? 'completed'] ?? 'unknown'
  return elementWith({
    resourceType: 'DiagnosticReport',
    status,
    code: conceptOfCode(child(node, 'code'), narrative),
    effectiveDateTime: at ?? high ?? low ?? first.at ?? first.low,
    performer: performersOf(node),
    result: results.flatMap((one) => {
      const name = displayOf(conceptOfCode(child(one, 'code'), narrative))
      return name === undefined ? [] : [{ display: name }]
    }),
  })
}

function displayOf(concept: Element | undefined): string | undefined {
  const codings = concept?.['coding'] as readonly Element[] | undefined
  const text = concept?.['text'] ?? codings?.[0]?.['display']
  return typeof text === 'string' ? text : undefined
}

const statementStatus: Readonly<Record<string, string>> = {
  completed: 'completed',
  active: 'active',
  aborted: 'stopped',
  suspended: 'on-hold',
  held: 'on-hold',
  nullified: 'entered-in-error',
  cancelled: 'cancelled',
}

function medicationResource(node: XmlNode, narrative: Narrative): Rewritten {
  if (isNegated(node)) return 'not-taken'
  const times = childrenOf(node, 'effectiveTime')
  const interval = intervalOf(times.find((one) => !isFrequency(one)))
  const period = elementWith({ start: interval.low, end: interval.high })
  const isPlanned = plannedMoods.has(attributeOf(node, 'moodCode') ?? '')
  return elementWith({
    resourceType: isPlanned ? 'MedicationRequest' : 'MedicationStatement',
    status: statementStatus[statusCodeOf(node) ?? ''],
    medicationCodeableConcept: materialOf(node, narrative),
    effectiveDateTime: interval.at,
    effectivePeriod: Object.keys(period).length === 0 ? undefined : period,
    dosage: [
      elementWith({
        text: sigOf(node, narrative),
        route: conceptOfCode(child(node, 'routeCode'), narrative),
        doseQuantity: quantityOfNode(child(node, 'doseQuantity')),
        timing: timingOf(times.find(isFrequency)),
        asNeededBoolean: child(node, 'precondition') === undefined ? undefined : true,
      }),
    ],
    reasonCode: related(node, template.indication).flatMap(
      (one) => conceptOfCode(child(one, 'value'), narrative) ?? [],
    ),
    note: commentsOf(node, narrative),
  })
}

function isFrequency(node: XmlNode): boolean {
  return /PIVL_TS|EIVL_TS/.test(attributeOf(node, 'type') ?? '')
}

/** PIVL_TS `period`: once every so many units; EIVL_TS `event` (before meals) as it is coded. */
function timingOf(node: XmlNode | undefined): Element | undefined {
  const period = child(node, 'period')
  const event = attributeOf(child(node, 'event'), 'code')
  if (event !== undefined) return { code: { text: event } }
  const value = attributeOf(period, 'value') ?? attributeOf(child(period, 'low'), 'value')
  const unit = attributeOf(period, 'unit') ?? attributeOf(child(period, 'low'), 'unit')
  return value === undefined ? undefined : { repeat: { frequency: '1', period: value, periodUnit: unit } }
}

function sigOf(node: XmlNode, narrative: Narrative): string | undefined {
  const [sig] = related(node, template.sig)
  return textOfNode(child(sig, 'text'), narrative) ?? textOfNode(child(node, 'text'), narrative)
}

function immunizationResource(node: XmlNode, narrative: Narrative): Rewritten {
  if (isNegated(node)) return 'not-done'
  if (plannedMoods.has(attributeOf(node, 'moodCode') ?? '')) return 'planned'
  const { at, low } = intervalOf(child(node, 'effectiveTime'))
  const product = descendant(node, 'consumable', 'manufacturedProduct')
  const maker = descendant(product, 'manufacturerOrganization', 'name')?.text.trim()
  const status = statusCodeOf(node)
  return elementWith({
    resourceType: 'Immunization',
    status:
      status === 'nullified'
        ? 'entered-in-error'
        : status === 'aborted' || status === 'cancelled'
          ? 'not-done'
          : 'completed',
    vaccineCode: materialOf(node, narrative),
    occurrenceDateTime: at ?? low,
    lotNumber: descendant(product, 'manufacturedMaterial', 'lotNumberText')?.text.trim() || undefined,
    manufacturer: maker ? { display: maker } : undefined,
    site: conceptOfCode(child(node, 'approachSiteCode'), narrative),
    route: conceptOfCode(child(node, 'routeCode'), narrative),
    doseQuantity: quantityOfNode(child(node, 'doseQuantity')),
    note: commentsOf(node, narrative),
  })
}

function procedureResource(node: XmlNode, narrative: Narrative): Rewritten {
  if (isNegated(node)) return 'not-done'
  if (plannedMoods.has(attributeOf(node, 'moodCode') ?? '')) return 'planned'
  const { at, low, high } = intervalOf(child(node, 'effectiveTime'))
  const status = statusCodeOf(node)
  const known: Readonly<Record<string, string>> = {
    completed: 'completed',
    active: 'in-progress',
    aborted: 'stopped',
    cancelled: 'not-done',
    nullified: 'entered-in-error',
  }
  return elementWith({
    resourceType: 'Procedure',
    status: known[status ?? ''],
    code: conceptOfCode(child(node, 'code'), narrative),
    performedDateTime: at,
    performedPeriod: at === undefined ? elementWith({ start: low ?? high, end: high }) : undefined,
    bodySite: conceptOfCode(child(node, 'targetSiteCode'), narrative),
    reasonCode: related(node, template.indication).flatMap(
      (one) => conceptOfCode(child(one, 'value'), narrative) ?? [],
    ),
    performer: performersOf(node),
    note: commentsOf(node, narrative),
  })
}

/** The code of what was given; where it has none, its name or the words of the entry. */
function materialOf(node: XmlNode, narrative: Narrative): Element | undefined {
  const material = descendant(node, 'consumable', 'manufacturedProduct', 'manufacturedMaterial')
  const code = conceptOfCode(child(material, 'code'), narrative)
  const name = child(material, 'name')?.text.trim()
  return code ?? (name ? { text: name } : undefined)
}

/** Organisations, else people, who performed it. */
function performersOf(node: XmlNode): readonly Element[] {
  return childrenOf(node, 'performer').flatMap((performer) => {
    const entity = child(performer, 'assignedEntity')
    const organisation = descendant(entity, 'representedOrganization', 'name')?.text
    const person = descendant(entity, 'assignedPerson', 'name')?.text
    const name = (organisation ?? person ?? '').replace(/\s+/g, ' ').trim()
    return name === '' ? [] : [{ display: name }]
  })
}
