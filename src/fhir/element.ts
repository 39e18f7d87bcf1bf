/**
 * Reading elements of resources that others wrote: R4, and what DSTU2 and STU3 wrote otherwise (a code where there is
 * a CodeableConcept now, one where there is a list now), from JSON or from XML (numbers as texts, one-element lists as
 * the element itself). Nothing here fails: what is not of its type is not there.
 */
import { systemRank, systemUri } from './code-systems.ts'
import { fhirString } from './text.ts'
import type { Coding } from './types.ts'

export type Element = Readonly<Record<string, unknown>>

export interface Concept {
  /** The preferred coding first. */
  readonly codings: readonly Coding[]
  readonly text: string | undefined
}

const maxText = 10_000
const decimalPattern = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/

export function isElement(value: unknown): value is Element {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The element, the first of a list of them, or an empty one. */
export function elementOf(value: unknown): Element {
  const first = Array.isArray(value) ? value[0] : value
  return isElement(first) ? first : {}
}

/** All elements of a list; of a single element a list of one. */
export function elementsOf(value: unknown): readonly Element[] {
  return (Array.isArray(value) ? value : [value]).filter(isElement)
}

/** A primitive as trimmed text; of a list the first. */
export function textOf(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value
  return fhirString(typeof first === 'boolean' ? String(first) : first)
    ?.trim()
    .slice(0, maxText)
}

export function isTrue(value: unknown): boolean {
  return value === true || value === 'true'
}

/** A decimal, NaN where there is none. */
export function decimalOf(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && decimalPattern.test(value.trim()) ? Number(value) : Number.NaN
}

/** A CodeableConcept, Coding, code or text, or the first of a list. Undefined when it says nothing. */
export function conceptOf(value: unknown): Concept | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value
  if (typeof first === 'string') {
    const text = textOf(first)
    return text === undefined ? undefined : { codings: [], text }
  }
  if (!isElement(first)) return undefined
  const codings = (first['coding'] === undefined ? elementsOf(first) : elementsOf(first['coding']))
    .flatMap(codingOf)
    .sort((a, b) => systemRank(a.system ?? '') - systemRank(b.system ?? ''))
  const text = textOf(first['text'])
  return codings.length === 0 && text === undefined ? undefined : { codings, text }
}

function codingOf(element: Element): readonly Coding[] {
  const code = textOf(element['code'])
  const display = textOf(element['display'])
  const system = textOf(element['system'])
  if (code === undefined && display === undefined) return []
  return [
    {
      ...(system === undefined ? {} : { system: systemUri(system) }),
      ...(code === undefined ? {} : { code }),
      ...(display === undefined ? {} : { display }),
    },
  ]
}

/** How people call it: its text, a display, or the code. */
export function conceptName(concept: Concept | undefined): string | undefined {
  if (concept === undefined) return undefined
  const display = concept.codings.find((coding) => coding.display !== undefined)?.display
  return concept.text ?? display ?? concept.codings[0]?.code
}

/** The words of all concepts of a list. */
export function conceptNames(value: unknown): string | undefined {
  const names = (Array.isArray(value) ? value : [value]).flatMap((one) => conceptName(conceptOf(one)) ?? [])
  return names.length === 0 ? undefined : names.join('; ')
}

/** The code of a status, written as a code (or `coding[0].code`): lower case. */
export function statusOf(value: unknown): string | undefined {
  const concept = conceptOf(value)
  return (concept?.codings[0]?.code ?? concept?.text)?.toLowerCase()
}

/** The words of annotations: `note[].text`, and what DSTU2 and STU3 had for it. */
export function notesOf(resource: Element): string | undefined {
  const parts = ['note', 'notes', 'comment', 'comments'].flatMap((name) => {
    const value = resource[name]
    const texts = (Array.isArray(value) ? value : [value]).map((one) =>
      isElement(one) ? textOf(one['text']) : textOf(one),
    )
    return texts.filter((text) => text !== undefined)
  })
  return parts.length === 0 ? undefined : parts.join('\n')
}

/** What a Quantity says, for people: `500 mg`. */
export function quantityText(value: unknown): string | undefined {
  const quantity = elementOf(value)
  const number = textOf(quantity['value'])
  if (number === undefined) return undefined
  const parts = [textOf(quantity['comparator']), number, textOf(quantity['unit'] ?? quantity['code'])]
  return parts.filter((part) => part !== undefined).join(' ')
}
