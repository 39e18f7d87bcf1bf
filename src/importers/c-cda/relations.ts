/** What a statement says about itself beside its code and value, and what stands related to it. */
import type { Element } from '../../fhir/index.ts'
import { attributeOf, child, childrenOf, descendant, type XmlNode } from '../xml/tree-reader.ts'
import { type Narrative, textOfNode, timeOf } from './data-types.ts'
import { hasTemplate, template } from './templates.ts'

/** The resource, or why the statement is no fact. */
export type Rewritten = Element | string

export function isNegated(node: XmlNode): boolean {
  return attributeOf(node, 'negationInd') === 'true'
}

export function statusCodeOf(node: XmlNode | undefined): string | undefined {
  return attributeOf(child(node, 'statusCode'), 'code')?.toLowerCase()
}

/** What stands in an entryRelationship of the statement and has the template. */
export function related(node: XmlNode, root: string): readonly XmlNode[] {
  return childrenOf(node, 'entryRelationship').flatMap((relationship) =>
    relationship.children.filter((one) => hasTemplate(one, root)),
  )
}

export function commentsOf(node: XmlNode, narrative: Narrative): readonly Element[] {
  return related(node, template.comment).flatMap((comment) => {
    const text = textOfNode(child(comment, 'text'), narrative)
    return text === undefined ? [] : [{ text }]
  })
}

/** When the author of the statement, or of what is around it, wrote it down. */
export function authoredOf(...nodes: readonly (XmlNode | undefined)[]): string | undefined {
  for (const node of nodes) {
    const time = timeOf(descendant(node, 'author', 'time'))
    if (time !== undefined) return time
  }
  return undefined
}
