/**
 * CDA data types as the elements of FHIR that mean the same: codes, times, quantities, text.
 *
 * https://hl7.org/fhir/us/ccda/STU1/mappingGuidance.html. A `nullFlavor` is the absence of a value, never a value.
 */
import { type Element, systemUri } from '../../fhir/index.ts'
import { dateTimeOfTimestamp } from '../clinical/time.ts'
import { attributeOf, child, childrenOf, type XmlNode } from '../xml/tree-reader.ts'

/** Texts of the narrative by id, for `reference value="#id"`. */
export type Narrative = ReadonlyMap<string, string>

/** Present elements only. */
export function elementWith(members: Readonly<Record<string, unknown>>): Element {
  return Object.fromEntries(
    Object.entries(members).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  )
}

export function isNull(node: XmlNode | undefined): boolean {
  return node === undefined || node.attributes.has('nullFlavor')
}

/** CD, CE, CV: the code, its translations and its original words. Undefined when it says nothing. */
export function conceptOfCode(node: XmlNode | undefined, narrative: Narrative): Element | undefined {
  if (node === undefined) return undefined
  const coding = [node, ...childrenOf(node, 'translation')].flatMap(codingOfCode)
  const text = textOfNode(child(node, 'originalText'), narrative)
  if (coding.length === 0 && text === undefined) return undefined
  return elementWith({ coding, text })
}

function codingOfCode(node: XmlNode): readonly Element[] {
  const code = attributeOf(node, 'code')
  const display = attributeOf(node, 'displayName')?.trim() || undefined
  if (code === undefined || code.trim() === '') return []
  const system = attributeOf(node, 'codeSystem')
  return [
    elementWith({ system: system === undefined ? undefined : systemUri(system), code: code.trim(), display }),
  ]
}

/** ED, ST: the text inside, or what it points at in the narrative. */
export function textOfNode(node: XmlNode | undefined, narrative: Narrative): string | undefined {
  if (node === undefined) return undefined
  const reference = attributeOf(child(node, 'reference'), 'value')
  const pointed = reference?.startsWith('#') ? narrative.get(reference.slice(1)) : undefined
  const text = (pointed ?? node.text).replace(/\s+/g, ' ').trim()
  return text === '' ? undefined : text
}

/** TS: `value`. */
export function timeOf(node: XmlNode | undefined): string | undefined {
  const value = attributeOf(node, 'value')
  return value === undefined ? undefined : dateTimeOfTimestamp(value)
}

export interface Interval {
  readonly low: string | undefined
  readonly high: string | undefined
  /** A moment instead of an interval. */
  readonly at: string | undefined
}

/** IVL_TS: a value, or low and high. */
export function intervalOf(node: XmlNode | undefined): Interval {
  return {
    at: timeOf(node) ?? timeOf(child(node, 'center')),
    low: timeOf(child(node, 'low')),
    high: timeOf(child(node, 'high')),
  }
}

/** PQ; undefined without a number. */
export function quantityOfNode(node: XmlNode | undefined): Element | undefined {
  const value = attributeOf(node, 'value')
  if (value === undefined || isNull(node)) return undefined
  return elementWith({ value, unit: attributeOf(node, 'unit') })
}

/** The `value` of an observation as one of FHIR's `value[x]`, by its `xsi:type`. */
export function valueElements(node: XmlNode | undefined, narrative: Narrative): Element {
  if (node === undefined) return {}
  const type = (attributeOf(node, 'type') ?? '').replace(/^.*:/, '')
  switch (type) {
    case 'PQ':
      return elementWith({ valueQuantity: quantityOfNode(node) })
    case 'IVL_PQ':
      return intervalValue(node)
    case 'CD':
    case 'CE':
    case 'CV':
    case 'CO':
      return elementWith({ valueCodeableConcept: conceptOfCode(node, narrative) })
    case 'INT':
    case 'REAL':
      return elementWith({ valueDecimal: isNull(node) ? undefined : attributeOf(node, 'value') })
    case 'BL':
      return elementWith({ valueBoolean: attributeOf(node, 'value') })
    case 'ST':
    case 'ED':
      return elementWith({ valueString: textOfNode(node, narrative) })
    default:
      return isNull(node) ? {} : { valueOther: type }
  }
}

/** Only one bound is a comparator (`<5`), both are a range. */
function intervalValue(node: XmlNode): Element {
  const low = quantityOfNode(child(node, 'low'))
  const high = quantityOfNode(child(node, 'high'))
  if (low && high) return { valueRange: { low, high } }
  if (low) return { valueQuantity: { ...low, comparator: '>' } }
  return high ? { valueQuantity: { ...high, comparator: '<' } } : {}
}

/** `referenceRange/observationRange`: its interval, else its words. */
export function referenceRanges(node: XmlNode, narrative: Narrative): readonly Element[] {
  return childrenOf(node, 'referenceRange').map((range) => {
    const inside = child(range, 'observationRange')
    const value = child(inside, 'value')
    const low = quantityOfNode(child(value, 'low'))
    const high = quantityOfNode(child(value, 'high'))
    const text = low || high ? undefined : textOfNode(child(inside, 'text'), narrative)
    return elementWith({ low, high, text })
  })
}

/** Ids of the narrative of a section, with the words of their elements. */
export function narrativeOf(section: XmlNode | null): Narrative {
  const found = new Map<string, string>()
  const visit = (node: XmlNode): void => {
    const id = attributeOf(node, 'ID') ?? attributeOf(node, 'id')
    if (id !== undefined && !found.has(id)) found.set(id, node.text.slice(0, 10_000))
    for (const one of node.children) visit(one)
  }
  const text = child(section ?? undefined, 'text')
  if (text) visit(text)
  return found
}
