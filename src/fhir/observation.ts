/**
 * A measurement as a FHIR R4 Observation: https://hl7.org/fhir/R4/observation.html.
 *
 * Codes: the catalogue's LOINC code where it is certain, and always our own metric id, so that nothing hangs on a
 * guess. Values: the canonical UCUM unit; what was typed or imported in another unit stays in an extension. A number
 * that is none (not finite) becomes a data-absent-reason.
 */
import type { Component, Metric } from '../metrics/index.ts'
import { type FhirContext, identifier, tagCodings } from './context.ts'
import {
  bloodPressureComponents,
  categoryFor,
  extensionUrls,
  systems,
  type VitalSignsProfile,
  vitalSigns,
  vitalSignsProfiles,
} from './systems.ts'
import { fhirCode, fhirInstant, fhirString, jsonString } from './text.ts'
import type {
  CodeableConcept,
  Coding,
  Extension,
  ObservationInput,
  Quantity,
  Reference,
  Resource,
} from './types.ts'

/** `amended`: edited after it was recorded. `preliminary`: of unauthenticated origin, not accepted yet. */
export type ObservationStatus = 'final' | 'amended' | 'preliminary'

export interface ObservationDetails {
  /** `context.id('Observation', observation.id)`, where the caller has it already: it is a hash. */
  readonly resourceId?: string
  /** Catalogue row; undefined for a metric that this program does not know. */
  readonly metric: Metric | undefined
  readonly status: ObservationStatus
  /** Typed by the person, who is then the performer. */
  readonly enteredByPerson: boolean
  readonly device?: Reference
}

/** The Observation of a measurement. Total: every record has one. */
export function observationToFhir(
  observation: ObservationInput,
  details: ObservationDetails,
  context: FhirContext,
): Resource {
  const { metric } = details
  const profile = vitalSignsProfileOf(metric, observation)
  const elements: Record<string, unknown> = {
    resourceType: 'Observation',
    id: details.resourceId ?? context.id('Observation', observation.id),
  }
  const meta = metaOf(observation, profile)
  if (meta !== undefined) elements['meta'] = meta
  const extensions = extensionsOf(observation, details)
  if (extensions.length > 0) elements['extension'] = extensions
  elements['identifier'] = identifier('observation', observation.id)
  elements['status'] = details.status
  const category = profile === undefined ? metric && categoryFor(metric) : vitalSigns
  if (category !== undefined) {
    elements['category'] = [
      { coding: [{ system: systems.observationCategory, ...category }], text: category.display },
    ]
  }
  elements['code'] = codeOf(observation.metric, metric, profile)
  elements['subject'] = context.patient
  setEffective(elements, observation)
  if (details.enteredByPerson) elements['performer'] = [context.patient]
  setValue(elements, observation, metric)
  const note = fhirString(observation.extra.note)
  if (note !== undefined) elements['note'] = [{ text: note }]
  if (details.device !== undefined) elements['device'] = details.device
  return elements as Resource
}

/** The US Core profile whose every mandatory element this observation has. */
function vitalSignsProfileOf(
  metric: Metric | undefined,
  observation: ObservationInput,
): VitalSignsProfile | undefined {
  const profile = metric?.loinc == null ? undefined : vitalSignsProfiles.get(metric.loinc)
  if (profile === undefined || !profile.units.includes(observation.unit)) return undefined
  const codes = metric?.components.map((component) => component.loinc ?? '') ?? []
  const complete =
    codes.length === 0
      ? observation.values.length === 1
      : codes.length === bloodPressureComponents.size &&
        codes.every((code) => bloodPressureComponents.has(code))
  return complete ? profile : undefined
}

function metaOf(observation: ObservationInput, profile: VitalSignsProfile | undefined): object | undefined {
  const tag = tagCodings(observation.extra.tags)
  if (profile === undefined && tag.length === 0) return undefined
  return {
    ...(profile === undefined ? {} : { profile: [profile.url] }),
    ...(tag.length === 0 ? {} : { tag }),
  }
}

/** Beside context and zone what a reader needs to find the same observation again (`identity`, `application`). */
function extensionsOf(observation: ObservationInput, details: ObservationDetails): readonly Extension[] {
  const extensions: Extension[] = []
  const context = fhirString(observation.extra.context)
  if (context !== undefined) extensions.push({ url: extensionUrls.context, valueString: context })
  const zone = fhirString(observation.extra.zone)
  if (zone !== undefined) extensions.push({ url: extensionUrls.zone, valueString: zone })
  const application = unsaidApplication(observation, details)
  if (application !== undefined) extensions.push({ url: extensionUrls.application, valueString: application })
  const identity = identityText(observation.extra)
  if (identity !== undefined) extensions.push({ url: extensionUrls.identity, valueString: identity })
  return extensions
}

/** The application where neither the device that the Observation names nor the performer says it. */
function unsaidApplication(
  { source }: ObservationInput,
  { enteredByPerson }: ObservationDetails,
): string | undefined {
  const isSaid = fhirString(source.device) === undefined && (source.app !== 'manual' || enteredByPerson)
  return isSaid ? undefined : fhirString(source.app)
}

/**
 * What reading the observation back needs beyond its elements, as JSON: the identity of an entered or edited one, what
 * its source told beside the number, and texts that FHIR cannot say letter for letter. Undefined for most.
 */
function identityText(extra: ObservationInput['extra']): string | undefined {
  const { key, original, originalOffsetMin, originalTime, meta, note, context, zone, tags } = extra
  const unsaid = {
    key,
    original,
    originalOffsetMin,
    originalTime,
    meta,
    note: isSayable(note) ? undefined : note,
    context: isSayable(context) ? undefined : context,
    zone: isSayable(zone) ? undefined : zone,
    tags: tags?.every((tag) => fhirCode(tag) === tag) === false ? tags : undefined,
  }
  return Object.values(unsaid).every((part) => part === undefined) ? undefined : jsonString(unsaid)
}

/** Readers trim texts and cut them at 10,000 characters. */
function isSayable(text: string | undefined): boolean {
  return text === undefined || (fhirString(text) === text && text.trim() === text && text.length <= 10_000)
}

function codeOf(
  id: string,
  metric: Metric | undefined,
  profile: VitalSignsProfile | undefined,
): CodeableConcept {
  const coding: Coding[] = (profile?.codes ?? []).map((code) => ({ system: systems.loinc, ...code }))
  if (metric?.loinc != null && profile === undefined)
    coding.push({ system: systems.loinc, code: metric.loinc })
  const name = fhirString(metric?.name) ?? id
  coding.push({ system: systems.metric, code: fhirCode(id) ?? 'unknown', display: name })
  return { coding, text: name }
}

function setEffective(elements: Record<string, unknown>, observation: ObservationInput): void {
  const start = fhirInstant(observation.startMs, observation.offsetMin)
  if (observation.endMs <= observation.startMs) {
    elements['effectiveDateTime'] = start
    return
  }
  elements['effectivePeriod'] = { start, end: fhirInstant(observation.endMs, observation.offsetMin) }
}

function setValue(
  elements: Record<string, unknown>,
  observation: ObservationInput,
  metric: Metric | undefined,
): void {
  const components = metric?.components ?? []
  if (components.length === 0 && observation.values.length === 1) {
    Object.assign(elements, valueElements(observation, 0, metric))
    return
  }
  elements['component'] = observation.values.map((_, index) => ({
    code: componentCode(observation.metric, components[index], index),
    ...valueElements(observation, index, metric),
  }))
}

function componentCode(metricId: string, component: Component | undefined, index: number): CodeableConcept {
  const coding: Coding[] = []
  if (component?.loinc != null) coding.push({ system: systems.loinc, code: component.loinc })
  const code = fhirCode(`${metricId}.${component?.id ?? index + 1}`) ?? 'unknown'
  const name = fhirString(component?.name) ?? code
  coding.push({ system: systems.metric, code, display: name })
  return { coding, text: name }
}

function valueElements(observation: ObservationInput, index: number, metric: Metric | undefined): object {
  const value = observation.values[index] ?? Number.NaN
  if (!Number.isFinite(value)) return { dataAbsentReason: absentNumber(value) }
  const word = wordOf(metric, value)
  if (word !== undefined) return { valueCodeableConcept: word }
  const { original } = observation
  const originalValue = original?.values[index]
  const valueQuantity = quantity(value, observation.unit, metric)
  if (original === null || originalValue === undefined || !Number.isFinite(originalValue))
    return { valueQuantity }
  const extension: Extension = {
    url: extensionUrls.original,
    valueQuantity: quantity(originalValue, original.unit, metric),
  }
  return { valueQuantity: { extension: [extension], ...valueQuantity } }
}

/** A grade (negative, positive…) is a word; its stored number stays the code. A score is a number, whatever it is called. */
function wordOf(metric: Metric | undefined, value: number): CodeableConcept | undefined {
  if (metric?.values === undefined || metric.unit !== '{grade}') return undefined
  const word = Object.entries(metric.values).find(([, stored]) => stored === value)?.[0]
  if (word === undefined) return undefined
  return {
    coding: [{ system: `${systems.metric}:${metric.id}`, code: String(value), display: word }],
    text: word,
  }
}

/** A number in a UCUM unit, labelled as the catalogue labels it. */
export function quantity(value: number, unit: string, metric: Metric | undefined): Quantity {
  const label = metric?.units.find((accepted) => accepted.ucum === unit)?.label
  return { value, unit: fhirString(label) ?? unit, system: systems.ucum, code: unit }
}

/** Only numbers that are none come here: imports refuse them, but nothing that is stored may vanish. */
function absentNumber(value: number): CodeableConcept {
  const [code, display] = Number.isNaN(value)
    ? ['not-a-number', 'Not a Number (NaN)']
    : value > 0
      ? ['positive-infinity', 'Positive Infinity (PINF)']
      : ['negative-infinity', 'Negative Infinity (NINF)']
  return { coding: [{ system: systems.dataAbsentReason, code, display }] }
}
