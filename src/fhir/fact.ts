/** What reading a clinical resource gives: an entity of the record, or the reason why it states no fact. */
import { type Concept, conceptName, conceptOf, type Element, textOf } from './element.ts'
import { fhirDateTime } from './text.ts'

export type Field = string | number | boolean | readonly Field[] | { readonly [name: string]: Field }

/** A resource that states a fact about the person. */
export interface EntityFact {
  readonly type:
    | 'condition'
    | 'allergy'
    | 'immunization'
    | 'medication'
    | 'dose_event'
    | 'procedure'
    | 'lab_report'
    | 'family_history'
    | 'social_history'
    | 'encounter'
    | 'care_plan'
    | 'device'
    | 'coverage'
  /**
   * What makes it the same fact in another export: its code and its time. Ids of resources are new for every server,
   * and in documents for every receiver, so they are no part of it.
   */
  readonly key: readonly string[]
  readonly fields: Readonly<Record<string, Field>>
  /** When it began or happened (FHIR dateTime of any precision). */
  readonly start: string | undefined
}

/** It is kept, but it states nothing: refuted, not done, entered in error, "none known", nameless. */
export interface NoFact {
  readonly type: null
  readonly why: string
}

export function noFact(why: string): NoFact {
  return { type: null, why }
}

/** Finds the resource that a reference means, where it is at hand. */
export type Resolve = (reference: Element) => Element | undefined

/** The fields that are there. */
export function fieldsOf(
  fields: Readonly<Record<string, Field | undefined>>,
): Readonly<Record<string, Field>> {
  const kept: [string, Field][] = []
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0))
      kept.push([name, value])
  }
  return Object.fromEntries(kept)
}

/** `code` (the preferred coding) and `codings` (the others), as entities hold them. */
export function codeFields(concept: Concept | undefined): Readonly<Record<string, Field | undefined>> {
  const codings = (concept?.codings ?? []).filter((coding) => coding.code !== undefined)
  const [code, ...others] = codings.map((coding) => ({ ...coding }) as Readonly<Record<string, string>>)
  return { code, codings: others }
}

/** What tells one concept from another: system and code, or the words without case. */
export function conceptKey(concept: Concept | undefined): string {
  const coding = concept?.codings.find(({ code }) => code !== undefined)
  if (coding) return `${coding.system ?? ''}|${coding.code ?? ''}`
  return (conceptName(concept) ?? '').toLowerCase().replace(/\s+/g, ' ')
}

/** The first text that is a FHIR dateTime; a time without a zone gives its date. */
export function dateOf(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const text = textOf(value)
    if (text === undefined) continue
    const date = fhirDateTime(text) ?? fhirDateTime(text.slice(0, 10))
    if (date !== undefined) return date
  }
  return undefined
}

/** Codes that say that there is nothing, or that nothing is known (IPS absent-unknown, SNOMED CT situations). */
const absentCodes: ReadonlySet<string> = new Set([
  '716186003',
  '409137002',
  '429625007',
  '428607008',
  '160244002',
  '160245001',
  '787481004',
  '787480003',
  '787482006',
  '1003774007',
  '413087004',
])
const absentSystem = /absent-unknown/
const absentWords =
  /^(no|none|not) (known|current|active|information|significant)\b|^(nkda|nka|none|none known|no allergies|no medications|no problems|no known)$/i

/** Whether a concept says "none" instead of naming something. */
export function saysNone(concept: Concept | undefined): boolean {
  if (concept === undefined) return false
  return (
    concept.codings.some(
      ({ system, code }) => absentSystem.test(system ?? '') || absentCodes.has(code ?? ''),
    ) || absentWords.test((conceptName(concept) ?? '').trim())
  )
}

/** A concept's words under `name`, with its codes; undefined where it has no words. */
export function named(value: unknown): { readonly concept: Concept; readonly name: string } | undefined {
  const concept = conceptOf(value)
  const name = conceptName(concept)
  return concept === undefined || name === undefined ? undefined : { concept, name }
}
