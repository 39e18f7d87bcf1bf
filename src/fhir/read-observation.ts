/**
 * What an Observation measures: its codes, values and circumstances, before any catalogue is asked.
 *
 * https://hl7.org/fhir/R4/observation.html; DSTU2 and STU3 differ in lists and in `comments`.
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
  quantityText,
  statusOf,
  textOf,
} from './element.ts'
import { performersOf } from './read-condition.ts'
import { extensionUrls, systems } from './systems.ts'

/** A value as the resource states it. */
export type StatedValue =
  | {
      readonly kind: 'quantity'
      readonly value: number
      /** What the unit is called: UCUM code first, then the words. */
      readonly units: readonly string[]
      /** Of our own export: the number as it was typed or imported, in its unit. */
      readonly original?: { readonly value: number; readonly units: readonly string[] }
    }
  /** Below or above a limit of the method: no number. */
  | { readonly kind: 'censored' }
  | { readonly kind: 'concept'; readonly concept: Concept }
  | { readonly kind: 'flag'; readonly value: boolean }
  /** A range, ratio, series, time or free text. */
  | { readonly kind: 'other' }

/** One thing that the Observation says: its own value, or a component's. */
export interface StatedFact {
  readonly code: Concept
  readonly value: StatedValue
}

export interface StatedTime {
  readonly start: string | undefined
  readonly end: string | undefined
}

/** An Observation that is no finding: entered in error, cancelled. */
export function withdrawnStatus(resource: Element): string | undefined {
  const status = statusOf(resource['status'])
  return status === 'entered-in-error' || status === 'cancelled' ? status : undefined
}

/** The Observation's own value and its components'; what has neither code nor value is left out. */
export function statedFacts(resource: Element): readonly StatedFact[] {
  return [resource, ...elementsOf(resource['component'])].flatMap((part) => {
    const code = conceptOf(part['code'])
    const value = statedValueOf(part)
    return code === undefined || value === undefined ? [] : [{ code, value }]
  })
}

function statedValueOf(part: Element): StatedValue | undefined {
  if (part['valueQuantity'] !== undefined) return quantityOf(part['valueQuantity'])
  for (const name of ['valueInteger', 'valueDecimal']) {
    if (part[name] !== undefined) return { kind: 'quantity', value: decimalOf(part[name]), units: [] }
  }
  const concept = conceptOf(part['valueCodeableConcept'] ?? part['valueCoding'])
  if (concept) return { kind: 'concept', concept }
  if (part['valueBoolean'] !== undefined) return { kind: 'flag', value: isTrue(part['valueBoolean']) }
  const text = textOf(part['valueString'])
  if (text !== undefined) return { kind: 'concept', concept: { codings: [], text } }
  return Object.keys(part).some((name) => name.startsWith('value')) ? { kind: 'other' } : undefined
}

function quantityOf(element: unknown): StatedValue | undefined {
  const quantity = elementOf(element)
  if (quantity['value'] === undefined) return undefined
  if (textOf(quantity['comparator']) !== undefined) return { kind: 'censored' }
  const original = elementsOf(quantity['extension']).find((one) => one['url'] === extensionUrls.original)
  return {
    kind: 'quantity',
    ...numberOf(quantity),
    ...(original === undefined ? {} : { original: numberOf(elementOf(original['valueQuantity'])) }),
  }
}

function numberOf(quantity: Element): { readonly value: number; readonly units: readonly string[] } {
  const [code, unit] = [textOf(quantity['code']), textOf(quantity['unit'])]
  const units = [code, unit].filter((text) => text !== undefined)
  return { value: decimalOf(quantity['value']), units }
}

/** When it was true of the person. The time of issue says something else and is not taken. */
export function statedTime(resource: Element): StatedTime {
  const period = elementOf(resource['effectivePeriod'])
  const instant =
    textOf(resource['effectiveDateTime']) ??
    textOf(resource['effectiveInstant']) ??
    textOf(elementOf(resource['effectiveTiming'])['event'])
  const end = textOf(period['end'])
  return instant === undefined
    ? { start: textOf(period['start']) ?? end, end }
    : { start: instant, end: undefined }
}

/** Laboratory codes of glucose that state fasting (LOINC). */
const fastingCodes: ReadonlySet<string> = new Set(['1558-6', '14771-0', '53094-1', '14770-2', '76629-5'])

export function statedContext(code: Concept): string | undefined {
  const isFasting = code.codings.some((coding) => fastingCodes.has(coding.code ?? ''))
  return isFasting ? 'fasting' : undefined
}

/** What surrounds the number: kept beside it, as text by name. */
export function circumstances(resource: Element): Readonly<Record<string, string>> {
  const status = statusOf(resource['status'])
  const id = textOf(resource['id'])
  const facts: Record<string, string | undefined> = {
    status: status === 'final' ? undefined : status,
    interpretation: interpretationOf(resource['interpretation']),
    referenceRange: rangeText(resource['referenceRange']),
    method: conceptNames(resource['method']),
    bodySite: conceptNames(resource['bodySite'] ?? resource['bodySiteCodeableConcept']),
    specimen: textOf(elementOf(resource['specimen'])['display']),
    performer: performersOf(resource['performer']),
    resource: id === undefined ? undefined : `Observation/${id}`,
  }
  return Object.fromEntries(Object.entries(facts).filter((entry): entry is [string, string] => !!entry[1]))
}

/** `H`, `L`, `N`: codes say more than the words that go with them. */
function interpretationOf(value: unknown): string | undefined {
  const codes = (Array.isArray(value) ? value : [value]).flatMap((one) => {
    const concept = conceptOf(one)
    return concept?.codings[0]?.code ?? conceptName(concept) ?? []
  })
  return codes.length === 0 ? undefined : codes.join('; ')
}

/** `3.5 mmol/L to 5.1 mmol/L`, or the range's own words; several, with what each applies to, behind each other. */
export function rangeText(value: unknown): string | undefined {
  const ranges = elementsOf(value).flatMap((range) => {
    const bounds = [quantityText(range['low']), quantityText(range['high'])]
    const [low, high] = bounds
    const words =
      low !== undefined && high !== undefined
        ? `${low} to ${high}`
        : low !== undefined
          ? `≥ ${low}`
          : high !== undefined
            ? `≤ ${high}`
            : undefined
    const said = textOf(range['text']) ?? words
    const what = conceptNames(range['appliesTo']) ?? conceptNames(range['type'] ?? range['meaning'])
    return said === undefined
      ? []
      : [what === undefined || what === 'Normal Range' ? said : `${said} (${what})`]
  })
  return ranges.length === 0 ? undefined : ranges.join('; ')
}

/** What an Observation of our own export adds, so that reading it back gives the observation it was. */
export interface OwnObservation {
  readonly metric: string
  readonly context: string | undefined
  readonly zone: string | undefined
  /** Application beside the device; undefined where the device is the application, or nothing recorded it. */
  readonly application: string | undefined
  /** Canonical JSON of the parts of the extra that are its identity. */
  readonly identity: string | undefined
  readonly tags: readonly string[]
  readonly enteredByPerson: boolean
}

/** Undefined for Observations that others wrote. */
export function ownObservation(resource: Element): OwnObservation | undefined {
  const metric = elementsOf(elementOf(resource['code'])['coding']).find(
    (coding) => coding['system'] === systems.metric,
  )?.['code']
  const isOwn = elementsOf(resource['identifier']).some(
    (identifier) => identifier['system'] === `${systems.own}:observation`,
  )
  if (typeof metric !== 'string' || !isOwn) return undefined
  const extension = (url: string) =>
    textOf(elementsOf(resource['extension']).find((one) => one['url'] === url)?.['valueString'])
  const tags = elementsOf(elementOf(resource['meta'])['tag']).flatMap((tag) =>
    tag['system'] === `${systems.own}:tag` ? (textOf(tag['code']) ?? []) : [],
  )
  return {
    metric,
    context: extension(extensionUrls.context),
    zone: extension(extensionUrls.zone),
    application: extension(extensionUrls.application),
    identity: extension(extensionUrls.identity),
    tags,
    enteredByPerson: resource['performer'] !== undefined,
  }
}
