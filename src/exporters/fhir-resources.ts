/** The resources of a record, one at a time, and the account of what became none. */
import {
  basicEntityTypes,
  createFhirContext,
  emptyPatient,
  entityToFhir,
  type FhirContext,
  type ObservationStatus,
  observationToFhir,
  provenanceTargets,
  type Reference,
  type ReferenceStyle,
  type Resource,
  sourceDeviceReference,
  sourceDevices,
  sourceKey,
  sourceProvenance,
} from '../fhir/index.ts'
import { metricById } from '../metrics/index.ts'
import {
  type Entity,
  type EntityType,
  type Observation,
  observationFlag,
  type Source,
} from '../records/index.ts'
import { observationBatches } from './observation-batches.ts'
import type { ExportedRecords } from './ports.ts'
import { type Selection, selectedEntityTypes, selectedMetrics, selectedSeries } from './selection.ts'
import type { ExportSession } from './session.ts'

export interface FhirResourcesOptions {
  readonly namespace: string
  readonly references: ReferenceStyle
  readonly selection: Selection
}

/** Entity types whose resources are of the type. */
const entityTypesByResource: Readonly<Record<string, readonly EntityType[]>> = {
  Goal: ['goal'],
  Appointment: ['appointment'],
  Condition: ['condition'],
  AllergyIntolerance: ['allergy'],
  Immunization: ['immunization'],
  MedicationStatement: ['medication'],
  Procedure: ['procedure'],
  DocumentReference: ['note', 'attachment'],
  Basic: basicEntityTypes,
}

export class FhirResources {
  readonly #session: ExportSession
  readonly #selection: Selection
  readonly #context: FhirContext
  readonly #hasProfile: boolean
  /** Entities already accounted for: a bulk export reads the profile twice. */
  readonly #expressed = new Set<string>()
  readonly #unread = new Map<EntityType, Set<string>>()
  readonly #observations = new Map<string, number>()
  readonly #devicesBySource = new WeakMap<Source, Reference | undefined>()
  #attachments = 0
  #withMeta = false

  constructor(session: ExportSession, options: FhirResourcesOptions) {
    this.#session = session
    this.#selection = options.selection
    const profile = session.source.entities('profile')[0]
    this.#hasProfile = profile !== undefined && options.selection.hasEntityType('profile')
    this.#context = createFhirContext({
      namespace: options.namespace,
      references: options.references,
      ...(profile === undefined ? {} : { profileId: profile.id }),
    })
  }

  /** One more pass over the measurements will be made. */
  expectObservations(): void {
    for (const { count } of selectedMetrics(this.#session.source, this.#selection))
      this.#session.expect(count)
  }

  /** Every resource: what others point at comes first. */
  *everything(): Generator<Resource> {
    yield* this.#people()
    yield* this.#devices()
    for (const type of selectedEntityTypes(this.#selection)) {
      if (type !== 'profile') yield* this.#entities(type)
    }
    yield* this.#measurements(true, true)
  }

  /** The resources of one type. */
  *ofType(type: string): Generator<Resource> {
    if (type === 'Device') yield* this.#devices()
    else if (type === 'Provenance') yield* this.#measurements(false, true)
    else if (type === 'Patient' || type === 'Observation') {
      for (const resource of this.#people()) if (resource.resourceType === type) yield resource
      if (type === 'Observation') yield* this.#measurements(true, false)
    }
    for (const entityType of entityTypesByResource[type] ?? []) {
      if (this.#selection.hasEntityType(entityType)) yield* this.#entities(entityType)
    }
  }

  counts(): ExportedRecords {
    let observations = 0
    for (const count of this.#observations.values()) observations += count
    return { observations, entities: this.#expressed.size, raw: 0, attachments: this.#attachments }
  }

  /** Says what the record holds and FHIR was not told. */
  noteOmissions(): void {
    const { source } = this.#session
    for (const type of selectedEntityTypes(this.#selection)) this.#noteType(type, source.entities(type))
    for (const [type, fields] of this.#unread) {
      this.#session.note(
        `FHIR does not hold these fields of ${type}; they are in an extension of ours: ${[...fields].sort().join(', ')}.`,
      )
    }
    if (this.#withMeta) {
      this.#session.note(
        'Further facts that sources gave with measurements are in an extension of ours, which only HealthMate reads.',
      )
    }
    if (!this.#hasProfile) {
      this.#session.note(
        'The Patient has neither name nor birth date: the profile is empty or was not selected.',
      )
    }
    let raw = 0
    if (this.#selection.hasRawRecords) source.rawRecords(() => raw++)
    if (raw > 0)
      this.#session.note(`${raw} raw records fit no metric and are not in FHIR; "export ndjson" has them.`)
  }

  *#people(): Generator<Resource> {
    if (this.#hasProfile) yield* this.#entities('profile')
    else yield emptyPatient(this.#context)
  }

  *#devices(): Generator<Resource> {
    const seen = new Set<string>()
    for (const { series } of selectedSeries(this.#session.source, this.#selection)) {
      for (const device of sourceDevices(series.source, this.#context)) {
        if (seen.has(device.id)) continue
        seen.add(device.id)
        yield device
      }
    }
  }

  *#entities(type: EntityType): Generator<Resource> {
    for (const entity of this.#session.source.entities(type)) {
      const mapped = this.#mapped(entity)
      if (typeof mapped === 'string') continue
      const key = `${type}/${entity.id}`
      if (type === 'attachment' && !this.#expressed.has(key)) this.#attachments++
      this.#expressed.add(key)
      for (const field of mapped.unread) this.#unreadOf(type).add(field)
      yield* mapped.resources
      this.#session.advance(0, type)
    }
  }

  #mapped(entity: Entity) {
    return entityToFhir(entity, this.#context, {
      findMetric: metricById,
      attachment: (id) => {
        const blob = this.#session.source.attachment(id)
        if (blob === undefined) return undefined
        const { name, mediaType, bytes } = blob
        return { name, mediaType, size: bytes.length, base64: Buffer.from(bytes).toString('base64') }
      },
      ownerOf: (id) => this.#owner(id),
    })
  }

  /** The resource of the record that a file hangs on, where the export holds it. */
  #owner(id: string): Reference | undefined {
    if (id.includes('.')) {
      const found = this.#session.source.find(id)
      return found !== undefined && this.#isSelected(found)
        ? this.#context.reference('Observation', this.#context.id('Observation', id))
        : undefined
    }
    for (const type of ['note', 'goal', 'appointment', 'condition', 'medication'] as const) {
      const entity = this.#selection.hasEntityType(type) ? this.#session.source.entity(type, id) : undefined
      const mapped = entity === undefined ? undefined : this.#mapped(entity)
      if (mapped === undefined || typeof mapped === 'string') continue
      const [resource] = mapped.resources
      if (resource !== undefined) return this.#context.reference(resource.resourceType, resource.id)
    }
    return undefined
  }

  #isSelected(observation: Observation): boolean {
    const { period } = this.#selection
    const { startMs, metric } = observation
    const inPeriod = period === undefined || (startMs >= period.fromMs && startMs < period.toMs)
    return inPeriod && this.#selection.hasMetric(metric)
  }

  /** Observations and, as soon as a source has enough of them, Provenance for these. */
  *#measurements(withObservations: boolean, withProvenance: boolean): Generator<Resource> {
    const pending = new Map<string, { readonly source: Source; targets: Reference[] }>()
    for (const { id } of selectedMetrics(this.#session.source, this.#selection)) {
      let count = 0
      for (const batch of observationBatches(this.#session.source, id, this.#selection.period)) {
        for (const observation of batch) {
          const resourceId = this.#context.id('Observation', observation.id)
          if (withObservations) yield this.#observation(observation, resourceId)
          if (withProvenance) yield* this.#withTarget(pending, observation.source, resourceId)
        }
        count += batch.length
        this.#session.advance(batch.length, id)
      }
      if (withObservations) this.#observations.set(id, count)
    }
    for (const { source, targets } of pending.values()) yield this.#provenance(source, targets)
  }

  #observation(observation: Observation, resourceId: string): Resource {
    const device = this.#deviceOf(observation.source)
    const { flags } = observation
    if (observation.extra.meta !== undefined) this.#withMeta = true
    return observationToFhir(
      observation,
      {
        resourceId,
        metric: metricById(observation.metric),
        status: statusOf(flags),
        enteredByPerson: (flags & observationFlag.manual) !== 0,
        ...(device === undefined ? {} : { device }),
      },
      this.#context,
    )
  }

  /** Sources are few and objects of the directory; their ids are hashed once. */
  #deviceOf(source: Source): Reference | undefined {
    if (!this.#devicesBySource.has(source)) {
      this.#devicesBySource.set(source, sourceDeviceReference(source, this.#context))
    }
    return this.#devicesBySource.get(source)
  }

  *#withTarget(
    pending: Map<string, { readonly source: Source; targets: Reference[] }>,
    source: Source,
    resourceId: string,
  ): Generator<Resource> {
    const key = sourceKey(source)
    const entry = pending.get(key) ?? { source, targets: [] }
    pending.set(key, entry)
    entry.targets.push(this.#context.reference('Observation', resourceId))
    if (entry.targets.length < provenanceTargets) return
    pending.delete(key)
    yield this.#provenance(entry.source, entry.targets)
  }

  #provenance(source: Source, targets: readonly Reference[]): Resource {
    return sourceProvenance({ source, targets, recordedIso: this.#session.options.nowIso }, this.#context)
  }

  #unreadOf(type: EntityType): Set<string> {
    const fields = this.#unread.get(type) ?? new Set()
    this.#unread.set(type, fields)
    return fields
  }

  #noteType(type: EntityType, entities: readonly Entity[]): void {
    const counts = new Map<string, number>()
    for (const entity of entities) {
      if (this.#expressed.has(`${type}/${entity.id}`)) continue
      const mapped = this.#mapped(entity)
      if (typeof mapped === 'string') counts.set(mapped, (counts.get(mapped) ?? 0) + 1)
    }
    for (const [reason, count] of counts) this.#session.note(`${count} × ${type} not in FHIR: ${reason}.`)
  }
}

/** Nothing is made firmer than it is: an unaccepted entry is preliminary, an edited one amended. */
function statusOf(flags: number): ObservationStatus {
  if ((flags & observationFlag.unconfirmed) !== 0) return 'preliminary'
  return (flags & observationFlag.edited) !== 0 ? 'amended' : 'final'
}
