/**
 * FHIR resources, or what other clinical formats were rewritten to, into the intake: one record each, with exactly one
 * outcome. Facts become observations and entities; what states no fact (refuted, not done, entered in error, "no known
 * allergies") and what the record has no place for is kept raw.
 */
import {
  type Element,
  type EntityFact,
  elementOf,
  elementsOf,
  isElement,
  ownObservation,
  textOf,
} from '../../fhir/index.ts'
import { deviceClassOf, type RawRecord, type Source, stableEntityId } from '../../records/index.ts'
import type { Intake } from '../intake.ts'
import { bloodTypeOf } from './blood-type.ts'
import { documentsIn, keepDocuments, withoutBytes } from './documents.ts'
import { type Stated, statedBy } from './facts.ts'
import { ObservationIntake } from './observation-intake.ts'
import { type NamedDevice, namedDevice, type OwnEntity, ownEntity, ownSource } from './own-export.ts'
import { isOwnPatient, namesOfReference, namesOfResource, People } from './people.ts'
import { type Place, textToKeep } from './place.ts'
import { instantOf } from './revision.ts'
import { Smoking } from './smoking.ts'

/**
 * Results of every clinical format have one source: the same result in a portal's FHIR, in a C-CDA document and in the
 * document of the next visit is then one observation. Who performed it stands beside it.
 */
const clinicalApp = 'Clinical records'
const maxIndexed = 200_000
/** A source text above this is kept without the bytes of documents that are kept as files. */
const maxTextWithBytes = 100_000
const maxContained = 1000

export class ResourceIntake {
  /** Written by `export fhir` of this program. */
  isOwnExport = false
  readonly #intake: Intake
  readonly #people: People
  readonly #observations: ObservationIntake
  readonly #smoking: Smoking
  readonly #medications = new Map<string, Element>()
  readonly #devices = new Map<string, NamedDevice>()

  constructor(intake: Intake) {
    this.#intake = intake
    this.#people = new People(intake)
    this.#smoking = new Smoking(intake)
    this.#observations = new ObservationIntake(intake, (resource) => this.#sourceOf(resource))
  }

  /** Takes note of what other resources point at: patients, medications, devices. */
  learn(resource: Element, fullUrl?: string): void {
    const type = resource['resourceType']
    const names = namesOfResource(resource, fullUrl)
    if (type === 'Patient') {
      if (isOwnPatient(resource)) this.isOwnExport = true
      this.#people.learn(resource, names)
    } else if (type === 'Medication' && this.#medications.size < maxIndexed) {
      for (const name of names) this.#medications.set(name, { code: resource['code'] })
    } else if (type === 'Device' && this.#devices.size < maxIndexed) {
      const device = namedDevice(resource)
      if (device) for (const name of names) this.#devices.set(name, device)
    }
  }

  /** Takes a resource. `learn` has seen what it points at, where that is in the input. */
  async take(resource: Element, place: Place): Promise<void> {
    const type = typeName(resource)
    if (this.#people.ownsNot(resource)) {
      if (this.#intake.begin(1)) {
        this.#people.turnAway(place, 'it belongs to another person')
      }
      return
    }
    const own = this.isOwnExport ? ownEntity(resource) : undefined
    if (own !== undefined) {
      if (this.#intake.begin(1)) this.#own(resource, own, place)
      return
    }
    const stated = statedBy(resource, type, (reference) => this.#resolve(reference, resource))
    if (type === 'Observation' && stated === undefined) {
      this.#offerBloodType(resource, place)
      const isOwn = ownObservation(resource) !== undefined
      await this.#observations.take(resource, isOwn ? { ...place, keepsSource: false } : place)
      return
    }
    if (this.#intake.begin(1)) this.#settle(resource, type, stated, place)
    if (type === 'DiagnosticReport') await this.#takeContained(resource, place)
  }

  /** Takes a record that states no fact, with the reason in its label. */
  keep(label: string, place: Place): void {
    if (this.#intake.begin(1)) this.#intake.unmapped(label, place.where, null, textToKeep(place))
  }

  /** The person that a document is about, told in its head: no record of its own. */
  meet(patient: Element, name: string, where: string): void {
    this.#people.learn(patient, [name])
    if (!this.#people.isOther([name])) this.#people.offer(patient, where)
  }

  /** Nothing comes any more: blood pressures that wait for their partner are settled, and other people are told of. */
  settle(): void {
    this.#observations.pressure.settle()
    this.#people.tell()
  }

  #settle(resource: Element, type: string, stated: Stated, place: Place): void {
    if (type === 'Patient') this.#patient(resource, place)
    else if (this.isOwnExport && isOwnPart(resource, type)) {
      if (stated !== undefined && !('why' in stated))
        for (const fact of stated) this.#smoking.meet(fact, place.where)
      this.#intake.merge(1)
    } else if (stated === undefined || 'why' in stated) {
      const documents = stated === undefined ? keepDocuments(resource, this.#intake) : 0
      const label = stated === undefined ? type : `${type} (${stated.why})`
      const text = place.isInFile ? null : () => this.#text(resource, documents, place)
      this.#intake.unmapped(label, place.where, startOf(resource), text)
    } else this.#entities(resource, type, stated, place)
  }

  /**
   * An entry of our own export, as its vault held it. It never wins over what the person or another import says: the
   * vault that it was exported from may have gone on.
   */
  #own(resource: Element, { type, id, fields }: OwnEntity, place: Place): void {
    if (type === 'profile') this.#people.offer(resource, place.where)
    if (type === 'attachment') {
      const [document] = documentsIn(resource)
      const data = document?.['data']
      if (typeof data === 'string') {
        const bytes = new Uint8Array(Buffer.from(data, 'base64'))
        const name = typeof fields['name'] === 'string' ? fields['name'] : 'document'
        const mediaType = textOf(document?.['contentType']) ?? 'application/octet-stream'
        this.#intake.attach('document', { id, name, mediaType, bytes })
      }
    }
    const reason = this.#intake.entity(type, id, fields, 1, { versionMs: 0 })
    if (reason !== '') this.#intake.refuse(place.where, reason, place.text())
  }

  /** The facts of one resource: the first stands for the record, the others are derived from it. */
  #entities(resource: Element, type: string, facts: readonly EntityFact[], place: Place): void {
    const startMs = instantOf(facts[0]?.start)
    if (this.#intake.isSkipped(startMs)) {
      this.#intake.skip(1)
      return
    }
    const documents = keepDocuments(resource, this.#intake)
    const text = this.#text(resource, documents, place)
    for (const [index, fact] of facts.entries()) {
      this.#smoking.meet(fact, place.where)
      const source = { type, where: place.where, startMs, text }
      const reason = this.#entity(resource, fact, index === 0 ? 1 : 0, place, source)
      if (reason !== '' && index === 0) {
        this.#intake.refuse(place.where, reason, text)
        return
      }
    }
  }

  /** Returns why it cannot be taken, or ''. */
  #entity(resource: Element, fact: EntityFact, records: number, place: Place, source: RawRecord): string {
    const ownId = ownEntityId(resource, fact.type)
    const stated = instantOf(textOf(elementOf(resource['meta'])['lastUpdated'])) ?? place.versionMs
    // FHIR holds less than the vault does: our own export read back never wins over what it was made from.
    const versionMs = ownId === undefined ? stated : 0
    return this.#intake.entity(
      fact.type,
      ownId ?? stableEntityId('clinical', fact.type, ...fact.key),
      fact.fields,
      records,
      {
        ...(place.keepsSource && ownId === undefined ? { source } : {}),
        ...(versionMs === undefined || versionMs === null ? {} : { versionMs }),
      },
    )
  }

  #patient(patient: Element, place: Place): void {
    if (this.#people.isOtherPatient(patient)) {
      this.#people.turnAway(place, 'it is another person')
      return
    }
    this.#people.offer(patient, place.where)
    if (this.isOwnExport) this.#intake.merge(1)
    else this.#intake.unmapped('Patient', place.where, null, textToKeep(place))
  }

  /** Results inside their report: servers of the DSTU2 age wrote them so. */
  async #takeContained(report: Element, place: Place): Promise<void> {
    for (const resource of elementsOf(report['contained']).slice(0, maxContained)) {
      if (resource['resourceType'] !== 'Observation') continue
      const performed = resource['effectiveDateTime'] ?? resource['effectivePeriod']
      const time = performed === undefined ? { effectiveDateTime: report['effectiveDateTime'] } : {}
      await this.take({ ...resource, ...time }, { ...place, keepsSource: false })
    }
  }

  #offerBloodType(resource: Element, place: Place): void {
    const value = bloodTypeOf(resource)
    if (value !== undefined) this.#intake.offer({ field: 'bloodType', value, where: place.where })
  }

  #text(resource: Element, documents: number, place: Place): string {
    const text = place.text()
    const isFile = documents > 0 && documentsIn(resource).length > 0
    return isFile && text.length > maxTextWithBytes ? withoutBytes(resource) : text
  }

  #sourceOf(resource: Element): Source {
    const reference = elementOf(resource['device'])
    const device = this.#device(reference, resource)
    const own = ownObservation(resource)
    if (own) return ownSource(device, own.application, own.enteredByPerson)
    const name = device?.name ?? textOf(reference['display']) ?? ''
    return { device: name, app: clinicalApp, deviceClass: deviceClassOf(name, clinicalApp) }
  }

  #device(reference: Element, resource: Element): NamedDevice | undefined {
    const text = textOf(reference['reference'])
    if (text === undefined) return undefined
    const contained = containedIn(resource, text)
    if (contained) return namedDevice(contained)
    return firstOf(this.#devices, namesOfReference(text))
  }

  #resolve(reference: Element, resource: Element): Element | undefined {
    const text = textOf(reference['reference'])
    if (text === undefined) return undefined
    return containedIn(resource, text) ?? firstOf(this.#medications, namesOfReference(text))
  }
}

function containedIn(resource: Element, reference: string): Element | undefined {
  if (!reference.startsWith('#')) return undefined
  return elementsOf(resource['contained']).find(({ id }) => id === reference.slice(1) || id === reference)
}

function firstOf<T>(index: ReadonlyMap<string, T>, names: readonly string[]): T | undefined {
  for (const name of names) {
    const found = index.get(name)
    if (found !== undefined) return found
  }
  return undefined
}

/** What our own export writes beside the records: their sources, and what the profile says as Observations. */
function isOwnPart(resource: Element, type: string): boolean {
  return (
    type === 'Provenance' ||
    (['Device', 'Observation'].includes(type) && resource['identifier'] === undefined)
  )
}

/** The id that the entity has in the vault that exported it. */
function ownEntityId(resource: Element, type: string): string | undefined {
  const identifier = elementsOf(resource['identifier']).find(
    ({ system }) => system === `urn:healthmate:${type}`,
  )
  const value = textOf(identifier?.['value'])
  return value !== undefined && /^[0-9a-zA-Z_-]{1,64}$/.test(value) ? value : undefined
}

/** The type of a resource, as it may stand in a count. */
export function typeName(resource: Element): string {
  const type = resource['resourceType']
  return typeof type === 'string' && /^[A-Za-z]{1,60}$/.test(type) ? type : 'resource without a type'
}

/** When a resource that is kept raw took place, where it says so in a usual element. */
function startOf(resource: Element): number | null {
  const period = isElement(resource['period']) ? resource['period']['start'] : undefined
  for (const value of [resource['effectiveDateTime'], resource['date'], period, resource['authoredOn']]) {
    const ms = instantOf(textOf(value))
    if (ms !== null) return ms
  }
  return null
}
