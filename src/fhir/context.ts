/** What every mapping needs: whose record it is, how ids and references are made, and what could not be expressed. */
import { type ReferenceStyle, referenceText, resourceId } from './identity.ts'
import { type SystemName, systems } from './systems.ts'
import { fhirCode, fhirString } from './text.ts'
import type { CodeableConcept, Coding, Extension, Reference, Resource } from './types.ts'

export interface FhirContext {
  readonly namespace: string
  /** The person whose record this is. */
  readonly patient: Reference
  readonly patientId: string
  /** Stable id of a record's resource. */
  id(type: string, key: string): string
  reference(type: string, id: string): Reference
}

export interface FhirContextOptions {
  /** A text that no other vault has, such as the vault id; it enters ids only as a hash. */
  readonly namespace: string
  readonly references: ReferenceStyle
  /** Id of the profile entity; `self` where the vault holds none. */
  readonly profileId?: string
}

export function createFhirContext(options: FhirContextOptions): FhirContext {
  const { namespace, references } = options
  const reference = (type: string, id: string): Reference => ({
    reference: referenceText(references, type, id),
  })
  const patientId = resourceId(namespace, 'Patient', options.profileId ?? 'self')
  return {
    namespace,
    patientId,
    patient: reference('Patient', patientId),
    id: (type, key) => resourceId(namespace, type, key),
    reference,
  }
}

/** A resource without its absent (`undefined`) and empty elements: FHIR forbids empty arrays and objects. */
export function resource(
  resourceType: string,
  id: string,
  elements: Readonly<Record<string, unknown>>,
): Resource {
  return { resourceType, id, ...present(elements) }
}

/** The elements that are there. */
export function present(elements: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(elements)) {
    if (value === undefined || value === null) continue
    if (Array.isArray(value) && value.length === 0) continue
    if (typeof value === 'object' && Object.keys(value).length === 0) continue
    kept[name] = value
  }
  return kept
}

/** The record's own id as a business identifier. */
export function identifier(kind: string, value: string): readonly object[] {
  const text = fhirString(value)
  return text === undefined ? [] : [{ system: `${systems.own}:${kind}`, value: text }]
}

/** `text` alone where no code is certain. */
export function concept(text: unknown, coding: readonly Coding[] = []): CodeableConcept | undefined {
  const words = fhirString(text)
  if (words === undefined && coding.length === 0) return undefined
  return { ...(coding.length > 0 ? { coding } : {}), ...(words === undefined ? {} : { text: words }) }
}

export function coded(system: SystemName, code: string, display?: string): CodeableConcept {
  return { coding: [{ system: systems[system], code, ...(display === undefined ? {} : { display }) }] }
}

/** Tags as `meta.tag`; an unsayable one becomes nothing. */
export function tagCodings(tags: unknown): readonly Coding[] {
  if (!Array.isArray(tags)) return []
  return tags.flatMap((tag) => {
    const code = typeof tag === 'string' ? fhirCode(tag) : undefined
    return code === undefined ? [] : [{ system: `${systems.own}:tag`, code }]
  })
}

/** The extension that says why a mandatory element has no value. */
export function absent(reason: 'unknown' | 'not-asked' = 'unknown'): {
  readonly extension: readonly Extension[]
} {
  return { extension: [{ url: systems.dataAbsentReasonExtension, valueCode: reason }] }
}
