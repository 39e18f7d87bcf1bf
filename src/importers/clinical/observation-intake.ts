/**
 * Observations (of FHIR, or rewritten to it) into the intake: the metric by LOINC code, the unit by UCUM, the time with
 * its offset. What no metric fits is kept raw; a number that cannot be understood is refused with the reason.
 */
import {
  type Concept,
  circumstances,
  conceptName,
  conceptOf,
  type Element,
  elementsOf,
  isElement,
  notesOf,
  ownObservation,
  type StatedFact,
  statedContext,
  statedFacts,
  statedTime,
  withdrawnStatus,
} from '../../fhir/index.ts'
import { minuteMs } from '../../foundation/index.ts'
import { findByLoinc, type Metric, metricById } from '../../metrics/index.ts'
import {
  type Extra,
  emptyExtra,
  extraToText,
  isEmptyExtra,
  retractionEntity,
  type Source,
} from '../../records/index.ts'
import { BloodPressure, type Component } from '../blood-pressure.ts'
import type { Intake, SeriesHandle } from '../intake.ts'
import { identityOf } from './own-export.ts'
import { type Place, textToKeep } from './place.ts'
import { instantOf, revisionMeta, revisionOfResource } from './revision.ts'
import { type ClinicalTime, readClinicalTime } from './time.ts'
import { clinicalUnit, isUnitless } from './unit.ts'

const loinc = 'http://loinc.org'
const ownMetric = 'urn:healthmate:metric'

/** A fact with the metric (and component) that its code names. */
interface MappedFact {
  readonly fact: StatedFact
  readonly metric: Metric
  readonly component: number | null
}

interface When {
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
}

/** A number in one of the metric's units, or why there is none. */
type Reading =
  | { readonly value: number; readonly unit: Metric['units'][number] }
  | { readonly keep: string }
  | { readonly refuse: string; readonly code: 'UNIT' | 'VALUE' }

export class ObservationIntake {
  readonly pressure: BloodPressure
  readonly #intake: Intake
  readonly #sourceOf: (resource: Element) => Source

  constructor(intake: Intake, sourceOf: (resource: Element) => Source) {
    this.#intake = intake
    this.#sourceOf = sourceOf
    this.pressure = new BloodPressure(intake)
  }

  /** Takes an Observation; it counts as one record, or as one for each metric that its components measure. */
  async take(resource: Element, place: Place): Promise<void> {
    const mapped = statedFacts(resource).flatMap((fact) => mappedFact(fact) ?? [])
    const groups = groupsOf(mapped)
    const isNew = this.#intake.begin(Math.max(1, groups.length))
    const label = `Observation ${labelOf(resource)}`
    const withdrawn = withdrawnStatus(resource)
    if (withdrawn !== undefined || groups.length === 0) {
      if (!isNew) return
      this.#keepAll(groups.length, `${label}${withdrawn ? ` (${withdrawn})` : ''}`, resource, place)
      if (withdrawn !== undefined) this.#retract(resource, withdrawn, place)
      return
    }
    const when = this.#when(resource)
    const extra = this.#extraOf(resource, mapped, place)
    let kept = 0
    for (const group of groups)
      kept += await this.#group(group, { resource, place, when, extra, isNew, label })
    // Kept verbatim beside what was mapped, once; what was kept raw as a whole is there already.
    if (isNew && kept === 0 && place.keepsSource) {
      this.#intake.keep(
        'Observation',
        place.where,
        typeof when === 'string' ? null : when.startMs,
        place.text,
      )
    }
  }

  /** All facts of one metric. Returns 1 when the source was kept raw for it. */
  async #group(
    group: readonly MappedFact[],
    entry: {
      readonly resource: Element
      readonly place: Place
      readonly when: When | string
      readonly extra: Extra
      readonly isNew: boolean
      readonly label: string
    },
  ): Promise<number> {
    const { place, when, isNew } = entry
    const [first] = group as [MappedFact, ...MappedFact[]]
    const { metric } = first
    const refuse = (reason: string, code: 'DATE' | 'UNIT' | 'VALUE') => {
      if (isNew) this.#intake.refuse(place.where, `${metric.id}: ${reason}`, place.text(), code)
      return 0
    }
    if (typeof when === 'string') return refuse(when, 'DATE')
    const isEdited = entry.extra.original !== undefined
    const readings = await Promise.all(group.map((one) => this.#reading(one, isEdited)))
    for (const reading of readings) {
      if ('refuse' in reading) return refuse(reading.refuse, reading.code)
      if ('keep' in reading) {
        if (!isNew) return 0
        this.#intake.note(reading.keep)
        this.#intake.unmapped(`${entry.label} (${metric.id})`, place.where, when.startMs, textToKeep(place))
        return 1
      }
    }
    const numbers = readings as readonly Extract<Reading, { value: number }>[]
    const unit = (numbers[0] as (typeof numbers)[number]).unit
    if (numbers.some((one) => one.unit.ucum !== unit.ucum))
      return refuse('its components differ in unit', 'UNIT')
    const handle = this.#handle(metric, unit, this.#sourceOf(entry.resource))
    const extra = isEmptyExtra(entry.extra) ? '' : extraToText(entry.extra)
    const values = componentValues(
      group,
      numbers.map((one) => one.value),
      metric,
    )
    if (values === undefined) {
      const component = first.component === 0 ? 'systolic' : 'diastolic'
      this.#single(component, handle, numbers[0]?.value as number, { ...entry, when }, extra)
      return 0
    }
    if (!isNew) return 0
    const { startMs, durationMs, offsetMin } = when
    const [value, second] = values
    const reason = this.#intake.add(handle, startMs, durationMs, offsetMin, value, second, extra)
    return reason === '' ? 0 : refuse(reason, 'VALUE')
  }

  /** A systolic or diastolic pressure of its own: it waits for its partner of the same time. */
  #single(
    component: Component,
    handle: SeriesHandle,
    value: number,
    entry: { readonly place: Place; readonly when: When; readonly isNew: boolean; readonly label: string },
    extra: string,
  ): void {
    const { place, when, isNew, label } = entry
    const { source } = handle.series
    const { where } = place
    this.pressure.single(
      { component, type: label, source, handle, value, ...when, extra, where, raw: place.text() },
      isNew,
    )
  }

  async #reading({ fact, metric }: MappedFact, isEdited: boolean): Promise<Reading> {
    const { value } = fact
    if (value.kind === 'censored') {
      return { keep: 'a result below or above a limit (such as <5) was kept raw: it is no number' }
    }
    if (value.kind === 'concept') return wordReading(metric, value.concept)
    if (value.kind !== 'quantity') return { keep: 'a result that is no number was kept raw' }
    if (Number.isNaN(value.value)) return { refuse: 'the value is no number', code: 'VALUE' }
    const stated = this.#intake.unit(metric.id)
    const fallback = stated ?? (isUnitless(metric) ? metric.unit : undefined)
    const units = value.units.length > 0 ? value.units : fallback === undefined ? [] : [fallback]
    if (units.length === 0) {
      return { refuse: `it has no unit; say which with --unit ${metric.id}=UNIT`, code: 'UNIT' }
    }
    const unit = await clinicalUnit(metric, units)
    if (unit && value.original) return this.#original(metric, value, isEdited)
    if (unit) return { value: value.value, unit }
    return { refuse: `its unit "${(units[0] as string).slice(0, 40)}" is no unit of it`, code: 'UNIT' }
  }

  /**
   * A number of our own export in the unit it came in. After an edit the original is what the number was before, so
   * the present one is converted back.
   */
  async #original(
    metric: Metric,
    value: Extract<StatedFact['value'], { kind: 'quantity' }>,
    isEdited: boolean,
  ): Promise<Reading> {
    const unit = value.original && (await clinicalUnit(metric, value.original.units))
    if (!unit) return { refuse: 'the unit of its original value is no unit of it', code: 'UNIT' }
    const present = (value.value - unit.offset) / unit.factor
    return { value: isEdited ? present : (value.original?.value ?? present), unit }
  }

  /** The time, or why there is none. */
  #when(resource: Element): When | string {
    const stated = statedTime(resource)
    if (stated.start === undefined) return 'it has no time'
    const start = readClinicalTime(stated.start)
    const end = stated.end === undefined ? undefined : readClinicalTime(stated.end)
    if (!start || (stated.end !== undefined && !end)) return 'its time cannot be read'
    if (start.precision === 'year' || start.precision === 'month') {
      return 'its day is not known, only its month or year'
    }
    const from = this.#instant(start)
    const durationMs = end ? Math.max(0, this.#instant(end).ms - from.ms) : 0
    return { startMs: from.ms, durationMs, offsetMin: from.offsetMin }
  }

  /**
   * A stated offset stays, but UTC, in which servers write whatever the place was, gives way to a zone that the person
   * named. A day alone begins at its local midnight.
   */
  #instant(time: ClinicalTime): { readonly ms: number; readonly offsetMin: number } {
    const { wallMs, offsetMin } = time
    if (offsetMin === null) {
      const zone = this.#intake.zone()
      const ms = zone.instantOf(wallMs)
      return { ms, offsetMin: zone.at(ms) }
    }
    const ms = wallMs - offsetMin * minuteMs
    const isServerTime = offsetMin === 0 && this.#intake.options.zone !== undefined
    return { ms, offsetMin: isServerTime ? this.#intake.zone().at(ms) : offsetMin }
  }

  #extraOf(resource: Element, mapped: readonly MappedFact[], place: Place): Extra {
    const own = ownObservation(resource)
    const note = notesOf(resource)
    const noteField = note === undefined ? emptyExtra : { note }
    if (own) {
      return {
        ...noteField,
        ...(own.context === undefined ? {} : { context: own.context }),
        ...(own.zone === undefined ? {} : { zone: own.zone }),
        ...(own.tags.length === 0 ? {} : { tags: own.tags }),
        ...identityOf(own.identity),
      }
    }
    const context = mapped.map(({ fact }) => statedContext(fact.code)).find((one) => one !== undefined)
    const meta = circumstances(resource)
    const stated = statedTime(resource).start ?? ''
    const day = readClinicalTime(stated)?.precision === 'day' ? { time: 'day only' } : {}
    const revision = revisionMeta(resource, place)
    // Told by the version, which a later one replaces; a fact of its own would outlive it.
    const { status: _, ...lasting } = meta
    const facts = { ...(Object.keys(revision).length === 0 ? meta : lasting), ...day, ...revision }
    return {
      ...noteField,
      ...(context === undefined ? {} : { context }),
      ...(Object.keys(facts).length === 0 ? {} : { meta: facts }),
    }
  }

  #handle(metric: Metric, unit: Metric['units'][number], source: Source): SeriesHandle {
    const key = { metric: metric.id, source, unit: unit.ucum }
    return this.#intake.series(metric, key, unit.factor, unit.offset)
  }

  /** A result entered in error or cancelled: versions of it that other imports brought go. */
  #retract(resource: Element, status: string, place: Place): void {
    const revision = revisionOfResource(resource, place)
    const when = this.#when(resource)
    if (revision === undefined || typeof when === 'string') return
    const { startMs } = when
    for (const metric of metricsNamedBy(resource)) {
      const { id, fields } = retractionEntity({ ...revision, metric, startMs, status })
      this.#intake.entity('retraction', id, fields, 0)
    }
  }

  #keepAll(groups: number, label: string, resource: Element, place: Place): void {
    const startMs = instantOf(statedTime(resource).start)
    for (let i = 0; i < Math.max(1, groups); i++) {
      this.#intake.unmapped(label, place.where, startMs, textToKeep(place))
    }
  }
}

/** Whether a code of the Observation or of a component names a metric. */
export function namesMetric(resource: Element): boolean {
  return metricsNamedBy(resource).size > 0
}

/** Ids of the metrics that its codes name, whether or not it has a value. */
function metricsNamedBy(resource: Element): ReadonlySet<string> {
  const named = [resource, ...elementsOf(resource['component'])].flatMap((part) => {
    const code = conceptOf(part['code'])
    return (code && mappedFact({ code, value: { kind: 'other' } })?.metric.id) ?? []
  })
  return new Set(named)
}

/** The metric that a fact's codes name; our own export's code first. */
function mappedFact(fact: StatedFact): MappedFact | undefined {
  const own = fact.code.codings.find(({ system }) => system === ownMetric)?.code
  if (own !== undefined) {
    const [id, part] = own.split('.') as [string, string?]
    const metric = metricById(id)
    if (!metric) return undefined
    const component = metric.components.findIndex((one) => one.id === part)
    return { fact, metric, component: component < 0 ? null : component }
  }
  for (const { system, code } of fact.code.codings) {
    if (system !== loinc || code === undefined) continue
    const found = findByLoinc(code)
    if (found) return { fact, metric: found.metric, component: found.component }
  }
  return undefined
}

/** Facts by metric: the components of one metric together, others alone. */
function groupsOf(mapped: readonly MappedFact[]): readonly (readonly MappedFact[])[] {
  const groups: MappedFact[][] = []
  const byMetric = new Map<string, MappedFact[]>()
  for (const one of mapped) {
    const open = one.component === null ? undefined : byMetric.get(one.metric.id)
    if (open && !open.some((other) => other.component === one.component)) open.push(one)
    else {
      const group = [one]
      groups.push(group)
      if (one.component !== null) byMetric.set(one.metric.id, group)
    }
  }
  return groups
}

/** Numbers in the metric's order of components; undefined when a component is missing. */
function componentValues(
  group: readonly MappedFact[],
  numbers: readonly number[],
  metric: Metric,
): readonly [number, number] | undefined {
  if (metric.components.length === 0) return [numbers[0] as number, 0]
  const values = metric.components.map((_, component) => {
    const index = group.findIndex((one) => one.component === component)
    return index < 0 ? undefined : numbers[index]
  })
  const [first, second] = values
  return first === undefined || second === undefined ? undefined : [first, second]
}

/** A grade by its word, or by the code that our own export gives it. */
function wordReading(metric: Metric, concept: Concept): Reading {
  const [unit] = metric.units
  const keep: Reading = { keep: 'a result that is no number was kept raw' }
  if (!metric.values || unit === undefined) return keep
  const own = concept.codings.find(({ system }) => system === `${ownMetric}:${metric.id}`)?.code
  if (own !== undefined && /^-?\d+(\.\d+)?$/.test(own)) return { value: Number(own), unit }
  for (const words of [concept.text, ...concept.codings.map(({ display }) => display)]) {
    const key = (words ?? '').trim().toLowerCase()
    if (Object.hasOwn(metric.values, key)) return { value: metric.values[key] as number, unit }
  }
  return keep
}

/** How an Observation without a metric is told in the counts: its code, else its words. */
function labelOf(resource: Element): string {
  const codings = isElement(resource['code']) ? resource['code']['coding'] : undefined
  const list: readonly unknown[] = Array.isArray(codings) ? codings : [codings]
  const codes = list.filter(isElement)
  const chosen = codes.find((one) => one['system'] === loinc) ?? codes[0]
  const code = chosen?.['code'] ?? conceptName({ codings: [], text: textIn(resource['code']) })
  return typeof code === 'string' ? code.slice(0, 60) : 'without a code'
}

function textIn(code: unknown): string | undefined {
  return isElement(code) && typeof code['text'] === 'string' ? code['text'] : undefined
}
