/** Which result an Observation is, and which version of it: what a later import of it replaces. */
import { type Element, elementOf, statusOf, textOf } from '../../fhir/index.ts'
import { minuteMs } from '../../foundation/index.ts'
import { type Revision, revisionFacts, versionText } from '../../records/index.ts'
import type { Place } from './place.ts'
import { readClinicalTime } from './time.ts'

/** The facts that say so (`Extra.meta`); none for a result that nothing names. */
export function revisionMeta(resource: Element, place: Place): Readonly<Record<string, string>> {
  const revision = revisionOfResource(resource, place)
  return revision === undefined ? {} : revisionFacts(place.result?.kind ?? 'resource', revision)
}

/** `version` is empty where the source tells none. */
export function revisionOfResource(resource: Element, place: Place): Revision | undefined {
  const id = textOf(resource['id'])
  const result = place.result?.name ?? (id === undefined ? undefined : `Observation/${id}`)
  if (result === undefined) return undefined
  const meta = elementOf(resource['meta'])
  const updatedMs = instantOf(textOf(meta['lastUpdated'])) ?? place.versionMs
  const status = statusOf(resource['status']) ?? 'final'
  return { result, version: versionText(updatedMs, textOf(meta['versionId']), status) ?? '' }
}

/** The instant of a dateTime, ms; of a date its UTC midnight; null where there is none. */
export function instantOf(text: string | undefined): number | null {
  const time = text === undefined ? undefined : readClinicalTime(text)
  return time === undefined ? null : time.wallMs - (time.offsetMin ?? 0) * minuteMs
}
