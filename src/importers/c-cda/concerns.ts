/** Problems and allergies: an observation inside the act that says whether it is still a concern. */
import type { Element } from '../../fhir/index.ts'
import { attributeOf, child, childrenOf, descendant, type XmlNode } from '../xml/tree-reader.ts'
import { conceptOfCode, elementWith, intervalOf, type Narrative } from './data-types.ts'
import { authoredOf, commentsOf, isNegated, type Rewritten, related, statusCodeOf } from './relations.ts'
import { template } from './templates.ts'

/** SNOMED CT codes of the status observations. */
const clinicalStatus: Readonly<Record<string, string>> = {
  '55561003': 'active',
  '73425007': 'inactive',
  '413322009': 'resolved',
  '277022003': 'remission',
  '255227004': 'recurrence',
}

const severities: Readonly<Record<string, string>> = {
  '255604002': 'mild',
  '6736007': 'moderate',
  '24484000': 'severe',
  '399166001': 'severe',
}

/** Kinds of allergy that name a category, or say allergy or intolerance (SNOMED CT). */
const categories: Readonly<Record<string, string>> = {
  '416098002': 'medication',
  '59037007': 'medication',
  '419511003': 'medication',
  '414285001': 'food',
  '235719002': 'food',
  '418471000': 'food',
  '426232007': 'environment',
}
const allergies: ReadonlySet<string> = new Set(['419199007', '416098002', '414285001', '426232007'])
const intolerances: ReadonlySet<string> = new Set(['59037007', '235719002'])

function concernOf(node: XmlNode): XmlNode | undefined {
  const act = node.parent?.parent
  return act?.name === 'act' ? act : undefined
}

/** The status that its own observation states, else what the concern says. */
function statusOf(node: XmlNode, root: string): string | undefined {
  const stated = related(node, root).flatMap((one) => attributeOf(child(one, 'value'), 'code') ?? [])[0]
  if (stated !== undefined && clinicalStatus[stated] !== undefined) return clinicalStatus[stated]
  const concern = statusCodeOf(concernOf(node))
  if (concern === 'active') return 'active'
  return concern === undefined ? undefined : 'inactive'
}

function withdrawn(node: XmlNode): string | undefined {
  const isNullified = statusCodeOf(node) === 'nullified' || statusCodeOf(concernOf(node)) === 'nullified'
  return isNullified ? 'entered-in-error' : undefined
}

export function problemResource(node: XmlNode, narrative: Narrative): Rewritten {
  if (isNegated(node)) return 'refuted'
  const { low, high, at } = intervalOf(child(node, 'effectiveTime'))
  const status = statusOf(node, template.problemStatus)
  return elementWith({
    resourceType: 'Condition',
    verificationStatus: withdrawn(node),
    clinicalStatus: high === undefined ? status : status === 'remission' ? status : 'resolved',
    category: conceptOfCode(child(node, 'code'), narrative),
    code: conceptOfCode(child(node, 'value'), narrative),
    severity: related(node, template.severity).flatMap(
      (one) => conceptOfCode(child(one, 'value'), narrative) ?? [],
    )[0],
    bodySite: conceptOfCode(child(node, 'targetSiteCode'), narrative),
    onsetDateTime: low ?? at,
    abatementDateTime: high,
    recordedDate: authoredOf(node, concernOf(node)),
    note: commentsOf(node, narrative),
  })
}

export function allergyResource(node: XmlNode, narrative: Narrative): Rewritten {
  if (isNegated(node)) return 'no known allergy'
  const { low, at } = intervalOf(child(node, 'effectiveTime'))
  const kind = attributeOf(child(node, 'value'), 'code') ?? ''
  const criticality = related(node, template.criticality)[0]
  return elementWith({
    resourceType: 'AllergyIntolerance',
    verificationStatus: withdrawn(node),
    clinicalStatus: statusOf(node, template.allergyStatus),
    type: allergies.has(kind) ? 'allergy' : intolerances.has(kind) ? 'intolerance' : undefined,
    category: categories[kind],
    criticality: attributeOf(child(criticality, 'value'), 'code'),
    code: substanceOf(node, narrative),
    onsetDateTime: low ?? at,
    recordedDate: authoredOf(node, concernOf(node)),
    reaction: reactionsOf(node, narrative),
    note: commentsOf(node, narrative),
  })
}

/** The participant that is consumed: its code, else its name. */
function substanceOf(node: XmlNode, narrative: Narrative): Element | undefined {
  const consumed = childrenOf(node, 'participant').find((one) => attributeOf(one, 'typeCode') === 'CSM')
  const entity = descendant(consumed, 'participantRole', 'playingEntity')
  const code = conceptOfCode(child(entity, 'code'), narrative)
  const name = child(entity, 'name')?.text.trim()
  return code ?? (name ? { text: name } : undefined)
}

function reactionsOf(node: XmlNode, narrative: Narrative): readonly Element[] {
  const ownSeverity = severityOf(node)
  const reactions = related(node, template.reaction).flatMap((reaction) => {
    const manifestation = conceptOfCode(child(reaction, 'value'), narrative)
    const severity = severityOf(reaction) ?? ownSeverity
    return manifestation || severity ? [elementWith({ manifestation, severity })] : []
  })
  return reactions.length > 0 || ownSeverity === undefined ? reactions : [{ severity: ownSeverity }]
}

function severityOf(node: XmlNode): string | undefined {
  const codes = related(node, template.severity).map((one) => attributeOf(child(one, 'value'), 'code') ?? '')
  return codes.map((code) => severities[code]).find((one) => one !== undefined)
}
