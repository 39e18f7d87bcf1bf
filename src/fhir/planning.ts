/** Goals and appointments as FHIR resources: https://hl7.org/fhir/R4/goal.html, https://hl7.org/fhir/R4/appointment.html. */
import { formatDay } from '../foundation/index.ts'
import type { Metric } from '../metrics/index.ts'
import { metaOf, noteOf } from './clinical.ts'
import { absent, type FhirContext, identifier, present, resource } from './context.ts'
import { FieldReader } from './field-reader.ts'
import { quantity } from './observation.ts'
import type { MappedEntity } from './patient.ts'
import { systems } from './systems.ts'
import { fhirDate, fhirInstant, fhirInstantText, fhirString } from './text.ts'
import type { CodeableConcept, EntityInput } from './types.ts'

/** Catalogue lookup, handed in: this room asks no catalogue by itself. */
export type FindMetric = (id: string) => Metric | undefined

export function goalToFhir(
  entity: EntityInput,
  context: FhirContext,
  findMetric: FindMetric,
): MappedEntity | string {
  const fields = new FieldReader(entity.fields)
  const metricId = fields.text('metric')
  const metric = metricId === undefined ? undefined : findMetric(metricId)
  const target = targetOf(fields, metricId, metric)
  const description =
    fields.text('title', 'text', 'description', 'name') ?? describe(metric?.name ?? metricId, target)
  if (description === undefined) return 'it says neither a metric nor a text'
  const allowed = [
    'proposed',
    'planned',
    'accepted',
    'active',
    'on-hold',
    'completed',
    'cancelled',
    'entered-in-error',
    'rejected',
  ] as const
  const goal = resource('Goal', context.id('Goal', entity.id), {
    meta: metaOf(fields),
    identifier: identifier('goal', entity.id),
    lifecycleStatus: fields.oneOf(allowed, 'lifecycle_status', 'status') ?? 'active',
    description: { text: description },
    subject: context.patient,
    startDate: fields.read(fhirDate, 'start', 'start_date', 'since'),
    target: target?.elements,
    note: noteOf(fields),
  })
  return { resources: [goal], unread: fields.unread() }
}

interface GoalTarget {
  readonly elements: readonly object[]
  readonly words: string
}

/** One target per component: a blood-pressure goal bounds both of its numbers. */
function targetOf(
  fields: FieldReader,
  metricId: string | undefined,
  metric: Metric | undefined,
): GoalTarget | undefined {
  const dueDate = fields.read(dueDateOf, 'by_day', 'due_date', 'due', 'by')
  const ranges = metricId === undefined ? [] : rangesOf(fields)
  const unit = fields.text('unit') ?? metric?.unit
  const due = dueDate === undefined ? [] : [`by ${dueDate}`]
  // A quantity without a unit says nothing, so a bound of an unknown metric is left to the words.
  if (metricId === undefined || unit === undefined || ranges.length === 0) {
    return dueDate === undefined ? undefined : { elements: [{ dueDate }], words: due.join('') }
  }
  const elements = ranges.map(({ low, high }, index) =>
    present({
      measure: measureOf(metricId, metric, index),
      detailRange: present({
        low: low === undefined ? undefined : quantity(low, unit, metric),
        high: high === undefined ? undefined : quantity(high, unit, metric),
      }),
      dueDate,
    }),
  )
  const words = [...boundWords(ranges, metric?.units[0]?.label ?? unit), ...due].join(' ')
  return { elements, words }
}

/** A day number since 1970-01-01, or a date. */
function dueDateOf(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? fhirDate(formatDay(value)) : fhirDate(value)
}

interface Bounds {
  readonly low: number | undefined
  readonly high: number | undefined
}

/** Bounds from `direction` (`below`, `above`, `near`) and `target` (canonical numbers by component). */
function rangesOf(fields: FieldReader): readonly Bounds[] {
  const direction = fields.oneOf(['below', 'above', 'near'], 'direction')
  const target = fields.read(numbersOf, 'target')
  if (direction === undefined || target === undefined) return []
  return target.map((bound) => ({
    low: direction === 'below' ? undefined : bound,
    high: direction === 'above' ? undefined : bound,
  }))
}

function numbersOf(value: unknown): readonly number[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.every((bound) => Number.isFinite(bound)) ? value : undefined
}

function boundWords(ranges: readonly Bounds[], unit: string): readonly string[] {
  const side = (word: string, bounds: readonly (number | undefined)[]): readonly string[] =>
    bounds.some((bound) => bound !== undefined) ? [`${word} ${bounds.join('/')} ${unit}`] : []
  const isPoint = ranges.every(({ low, high }) => low !== undefined && low === high)
  if (isPoint && ranges.length > 0)
    return side(
      'near',
      ranges.map(({ low }) => low),
    )
  return [
    ...side(
      'above',
      ranges.map(({ low }) => low),
    ),
    ...side(
      'below',
      ranges.map(({ high }) => high),
    ),
  ]
}

function measureOf(metricId: string, metric: Metric | undefined, index: number): CodeableConcept {
  const component = metric?.components[index]
  const loinc = component === undefined ? metric?.loinc : component.loinc
  return {
    coding: [
      ...(loinc == null ? [] : [{ system: systems.loinc, code: loinc }]),
      { system: systems.metric, code: component === undefined ? metricId : `${metricId}.${component.id}` },
    ],
    text: component?.name ?? metric?.name ?? metricId,
  }
}

function describe(name: string | undefined, target: GoalTarget | undefined): string | undefined {
  if (name === undefined) return undefined
  return fhirString(target === undefined || target.words === '' ? name : `${name}: ${target.words}`)
}

/**
 * Start and end must stand together (app-2) for a booked visit (app-3); an unknown end is marked absent. A visit
 * without a known instant is a proposal.
 */
export function appointmentToFhir(entity: EntityInput, context: FhirContext): MappedEntity | string {
  const fields = new FieldReader(entity.fields)
  const offsetMin = fields.number('offset_min') ?? 0
  const instant = (value: unknown): string | undefined => instantOf(value, offsetMin)
  const start = fields.read(instant, 'at_ms', 'at', 'start')
  const end = start === undefined ? undefined : fields.read(instant, 'end_ms', 'end')
  const description = fields.text('title', 'text', 'description', 'name', 'reason', 'what')
  const allowed = ['proposed', 'pending', 'booked', 'arrived', 'fulfilled', 'cancelled', 'noshow'] as const
  const told = fields.oneOf(allowed, 'status')
  const withoutTime = told === 'cancelled' ? 'cancelled' : 'proposed'
  const appointment = resource('Appointment', context.id('Appointment', entity.id), {
    meta: metaOf(fields),
    identifier: identifier('appointment', entity.id),
    status: start === undefined ? withoutTime : (told ?? 'booked'),
    description,
    start,
    end,
    _end: start !== undefined && end === undefined ? absent() : undefined,
    comment: fields.text('note', 'notes', 'comment'),
    participant: participantsOf(fields, context),
  })
  return { resources: [appointment], unread: fields.unread() }
}

/** Milliseconds at the record's offset, or a text that carries its own. */
function instantOf(value: unknown, offsetMin: number): string | undefined {
  const known = fhirInstantText(value)
  return typeof value === 'number' && known !== undefined ? fhirInstant(value, offsetMin) : known
}

function participantsOf(fields: FieldReader, context: FhirContext): readonly object[] {
  const others = [
    fields.text('with', 'doctor', 'practitioner', 'clinician'),
    fields.text('place', 'location', 'where'),
  ]
  return [
    { actor: context.patient, status: 'accepted' },
    ...others.flatMap((display) =>
      display === undefined ? [] : [{ actor: { display }, status: 'needs-action' }],
    ),
  ]
}
