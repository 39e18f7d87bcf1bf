/**
 * What becomes of a record is decided once for each combination of type, unit, source and device, not once for each
 * record: the combination is found by the hash of its bytes, then compared byte by byte.
 */
import { type AcceptedUnit, type Metric, metrics } from '../../metrics/index.ts'
import { normaliseSource, type Source } from '../../records/index.ts'
import type { Intake, SeriesHandle } from '../intake.ts'
import type { ElementTape } from '../xml/element-tape.ts'
import { hashPrime, hashSeed, sameBytes } from '../xml/name-table.ts'
import { readCategory } from './categories.ts'
import { attribute } from './names.ts'
import { diastolicType, quantityMetric, systolicType } from './quantities.ts'
import { accepted, appleUnit } from './units.ts'

/** Where the number of a category record goes. */
export interface CategoryPlan {
  readonly handle: SeriesHandle
  /** NaN: the length of the interval in minutes. */
  readonly value: number
  /** The value's text where the number does not tell all of it, else ''. */
  readonly detail: string
}

export interface RecordPlan {
  readonly kind: 'quantity' | 'fraction' | 'category' | 'pressure' | 'unmapped' | 'refused'
  readonly type: string
  readonly unit: string
  readonly source: Source
  /** Series of a quantity; for `fraction` the series of ratios. */
  readonly handle: SeriesHandle | null
  /** For `fraction`: the series of numbers written as percent. Made when first needed. */
  readonly percent: () => SeriesHandle
  /** For `category`: by value, null where it has no number. Filled as values come. */
  readonly categories: Map<string, CategoryPlan | null>
  /** For `refused`. */
  readonly reason: string
}

interface Memo {
  readonly bytes: readonly Uint8Array[]
  readonly plan: RecordPlan
}

/** More combinations than a person's devices give: the memory is started anew. */
const maxMemos = 20_000

/** Attributes that decide, in fixed order. The source's version is not among them: it is no part of a source. */
const deciding = [
  attribute.type,
  attribute.unit,
  attribute.sourceName,
  attribute.source,
  attribute.device,
] as const

const metricsById: ReadonlyMap<string, Metric> = new Map(metrics.map((metric) => [metric.id, metric]))

export class Plans {
  readonly #intake: Intake
  #memos = new Map<number, Memo[]>()
  #count = 0

  constructor(intake: Intake) {
    this.#intake = intake
  }

  /** The plan for a record whose attributes are at `slots` (by name id; -1 where absent). */
  find(tape: ElementTape, slots: Int32Array): RecordPlan {
    let hash = hashSeed
    for (const name of deciding) hash = Math.imul(hash ^ tape.hashOf(slots[name] as number), hashPrime)
    const list = this.#memos.get(hash)
    if (list) {
      for (const memo of list) if (matches(memo, tape, slots)) return memo.plan
    }
    return this.#remember(hash, tape, slots)
  }

  /** The source named by attributes. */
  source(tape: ElementTape, slots: Int32Array): Source {
    const name =
      tape.text(slots[attribute.sourceName] as number) || tape.text(slots[attribute.source] as number)
    return normaliseSource({ name, device: tape.text(slots[attribute.device] as number) })
  }

  /** The series of a metric in one of its units. Undefined when the catalogue lacks the metric. */
  series(
    metricId: string,
    source: Source,
    unitOf: (metric: Metric) => AcceptedUnit | undefined,
  ): SeriesHandle | undefined {
    const metric = metricsById.get(metricId)
    const unit = metric && unitOf(metric)
    if (!metric || !unit) return undefined
    return this.#intake.series(
      metric,
      { metric: metricId, source, unit: unit.ucum },
      unit.factor,
      unit.offset,
    )
  }

  /** The plan of one value of a category type; null when it has no number. */
  category(plan: RecordPlan, value: string): CategoryPlan | null {
    const known = plan.categories.get(value)
    if (known !== undefined) return known
    const made = this.#readCategory(plan, value)
    if (plan.categories.size < maxMemos) plan.categories.set(value, made)
    return made
  }

  #readCategory(plan: RecordPlan, value: string): CategoryPlan | null {
    const reading = readCategory(plan.type, value)
    if (!reading) return null
    const unitOf = (metric: Metric) => (reading.as === 'minutes' ? accepted(metric, 'min') : metric.units[0])
    const handle = this.series(reading.metric, plan.source, unitOf)
    if (!handle) return null
    if (reading.as === 'minutes') return { handle, value: Number.NaN, detail: '' }
    if (reading.as === 'number') return { handle, value: reading.value, detail: '' }
    if (reading.as === 'event') return { handle, value: 1, detail: reading.detail }
    const values = metricsById.get(reading.metric)?.values ?? {}
    const number = Object.hasOwn(values, reading.word) ? values[reading.word] : undefined
    return number === undefined ? null : { handle, value: number, detail: value }
  }

  #remember(hash: number, tape: ElementTape, slots: Int32Array): RecordPlan {
    if (++this.#count > maxMemos) {
      this.#memos = new Map()
      this.#count = 1
    }
    const plan = this.#make(tape, slots)
    const bytes = deciding.map((name) => Uint8Array.from(attributeBytes(tape, slots[name] as number)))
    const list = this.#memos.get(hash)
    if (list) list.push({ bytes, plan })
    else this.#memos.set(hash, [{ bytes, plan }])
    return plan
  }

  #make(tape: ElementTape, slots: Int32Array): RecordPlan {
    const type = tape.text(slots[attribute.type] as number)
    const unit = tape.text(slots[attribute.unit] as number)
    const source = this.source(tape, slots)
    const plan = (kind: RecordPlan['kind'], more: Partial<RecordPlan> = {}): RecordPlan => ({
      kind,
      type,
      unit,
      source,
      handle: null,
      percent: () => this.series(quantityMetric(type) ?? '', source, (m) => accepted(m, '%')) as SeriesHandle,
      categories: new Map(),
      reason: '',
      ...more,
    })
    if (type === systolicType || type === diastolicType) return plan('pressure')
    if (type.startsWith('HKCategoryTypeIdentifier')) return plan('category')
    const metricId = quantityMetric(type)
    const metric = metricId === undefined ? undefined : metricsById.get(metricId)
    if (!metric) return plan('unmapped')
    if (unit === '%' && accepted(metric, '%')) {
      const ratio = this.series(metric.id, source, (m) => accepted(m, '1'))
      return ratio ? plan('fraction', { handle: ratio }) : plan('refused', { reason: unknownUnit(unit) })
    }
    const handle = this.series(metric.id, source, (m) => appleUnit(m, unit))
    return handle ? plan('quantity', { handle }) : plan('refused', { reason: unknownUnit(unit) })
  }
}

function unknownUnit(unit: string): string {
  return unit === ''
    ? 'it has no unit: which one was meant?'
    : `its unit "${unit.slice(0, 40)}" is not one of this type`
}

function matches(memo: Memo, tape: ElementTape, slots: Int32Array): boolean {
  for (let i = 0; i < deciding.length; i++) {
    const at = slots[deciding[i] as number] as number
    const expected = memo.bytes[i] as Uint8Array
    if (at < 0) {
      if (expected.length !== 0) return false
    } else if (
      !sameBytes(expected, tape.bytes, tape.attributeStart[at] as number, tape.attributeEnd[at] as number)
    ) {
      return false
    }
  }
  return true
}

function attributeBytes(tape: ElementTape, at: number): Uint8Array {
  return at < 0 ? new Uint8Array(0) : tape.bytes.subarray(tape.attributeStart[at], tape.attributeEnd[at])
}
