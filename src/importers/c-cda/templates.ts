/**
 * Which element states what, by `templateId`: C-CDA R1.1, R2.0 and R2.1 share the roots
 * (https://www.hl7.org/ccdasearch/), CCD 1.0 and C32 have those of their own.
 */
import { attributeOf, childrenOf, type XmlNode } from '../xml/tree-reader.ts'

export type Statement =
  | 'allergy'
  | 'problem'
  | 'medication'
  | 'immunization'
  | 'procedure'
  | 'result'
  | 'vital'
  | 'panel'
  | 'social'
  | 'smoking'
  | 'family'
  | 'encounter'
  | 'goal'
  | 'device'
  | 'coverage'

const ccda = '2.16.840.1.113883.10.20.22.4'
const ccd = '2.16.840.1.113883.10.20.1'

const statementByRoot: ReadonlyMap<string, Statement> = new Map([
  [`${ccda}.7`, 'allergy'],
  [`${ccd}.18`, 'allergy'],
  [`${ccda}.4`, 'problem'],
  [`${ccd}.28`, 'problem'],
  [`${ccda}.52`, 'immunization'],
  [`${ccda}.16`, 'medication'],
  [`${ccd}.24`, 'medication'],
  [`${ccda}.14`, 'procedure'],
  [`${ccda}.13`, 'procedure'],
  [`${ccda}.12`, 'procedure'],
  [`${ccd}.29`, 'procedure'],
  [`${ccda}.27`, 'vital'],
  [`${ccda}.2`, 'result'],
  [`${ccd}.31`, 'result'],
  [`${ccda}.1`, 'panel'],
  [`${ccd}.32`, 'panel'],
  [`${ccda}.78`, 'smoking'],
  [`${ccda}.85`, 'smoking'],
  [`${ccda}.38`, 'social'],
  [`${ccda}.46`, 'family'],
  [`${ccda}.49`, 'encounter'],
  [`${ccda}.121`, 'goal'],
  [`${ccda}.37`, 'device'],
  [`${ccda}.61`, 'coverage'],
])

export const template = {
  severity: `${ccda}.8`,
  reaction: `${ccda}.9`,
  criticality: `${ccda}.145`,
  allergyStatus: `${ccda}.28`,
  problemStatus: `${ccda}.6`,
  indication: `${ccda}.19`,
  comment: `${ccda}.64`,
  sig: `${ccda}.147`,
  tobaccoUse: `${ccda}.85`,
  ageAtOnset: `${ccda}.31`,
  causeOfDeath: `${ccda}.47`,
} as const

export function hasTemplate(node: XmlNode, root: string): boolean {
  return childrenOf(node, 'templateId').some((one) => attributeOf(one, 'root') === root)
}

/** What an element states; undefined for what only groups others or says more about them. */
export function statementOf(node: XmlNode): Statement | undefined {
  for (const one of childrenOf(node, 'templateId')) {
    const found = statementByRoot.get(attributeOf(one, 'root') ?? '')
    // Immunizations of CCD 1.0 bear the template of medications, in a section of their own.
    if (found === 'medication' && isInImmunizations(node)) return 'immunization'
    if (found !== undefined) return found
  }
  return undefined
}

function isInImmunizations(node: XmlNode): boolean {
  for (let at = node.parent; at !== null; at = at.parent) {
    if (at.name === 'section') {
      return childrenOf(at, 'code').some((code) => attributeOf(code, 'code') === '11369-6')
    }
  }
  return false
}

/** Statements of an entry at any depth, outermost first, each with the nearest statement or act around it. */
export function statementsIn(
  entry: XmlNode,
): readonly { readonly node: XmlNode; readonly kind: Statement }[] {
  const found: { node: XmlNode; kind: Statement }[] = []
  const visit = (node: XmlNode): void => {
    const kind = statementOf(node)
    if (kind !== undefined) found.push({ node, kind })
    for (const one of node.children) visit(one)
  }
  visit(entry)
  return found
}
