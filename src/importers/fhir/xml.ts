/** FHIR XML as the JSON that means the same (https://hl7.org/fhir/R4/json.html#xml), for readers that take either. */
import type { Element } from '../../fhir/index.ts'
import type { XmlNode } from '../xml/tree-reader.ts'

/** Elements whose one child is a resource and bears its type. */
const holders: ReadonlySet<string> = new Set(['resource', 'contained', 'outcome'])

/** The resource of an element that bears its type. */
export function resourceOfXml(node: XmlNode): Element {
  return { resourceType: node.name, ...membersOf(node) }
}

/** Children by name: a list where there are several. Numbers stay texts; readers take both. */
export function membersOf(node: XmlNode): Record<string, unknown> {
  const members = new Map<string, unknown>()
  for (const name of ['id', 'url']) {
    const value = node.attributes.get(name)
    if (value !== undefined) members.set(name, value)
  }
  for (const child of node.children) {
    const value = elementValue(child)
    const known = members.get(child.name)
    if (known === undefined) members.set(child.name, value)
    else members.set(child.name, Array.isArray(known) ? [...(known as unknown[]), value] : [known, value])
  }
  return Object.fromEntries(members)
}

function elementValue(node: XmlNode): unknown {
  const [first] = node.children
  if (holders.has(node.name) && first) return resourceOfXml(first)
  // Narrative is XHTML, not elements.
  if (node.name === 'div') return node.text
  const primitive = node.attributes.get('value')
  return primitive ?? membersOf(node)
}
