/** From an item on the tape to candidates in the intake: the map stage of the adapter. */
import { minuteMs } from '../../foundation/index.ts'
import { BloodPressure, type PressureRecord } from '../blood-pressure.ts'
import type { Intake, SeriesHandle } from '../intake.ts'
import type { ElementTape } from '../xml/element-tape.ts'
import { hashBytes } from '../xml/name-table.ts'
import { readDecimal } from './decimal.ts'
import { Extras, isInside, type RecordExtra, readMetadata } from './extras.ts'
import { attribute, element } from './names.ts'
import { Plans, type RecordPlan } from './plans.ts'
import { readProfile } from './profile.ts'
import { diastolicType, systolicType } from './quantities.ts'
import { DateReader } from './time.ts'
import { accepted, appleUnit } from './units.ts'
import { activityName, readWorkoutMeta } from './workout.ts'

const pressureCorrelation = 'HKCorrelationTypeIdentifierBloodPressure'
/** One more than the highest attribute id. */
const slotCount = 32
const systolicHash = hashBytes(Buffer.from(systolicType), 0, systolicType.length)
const diastolicHash = hashBytes(Buffer.from(diastolicType), 0, diastolicType.length)
const invalidDate = 'its date cannot be read'

export class ItemReader {
  readonly pressure: BloodPressure
  readonly #intake: Intake
  readonly #plans: Plans
  readonly #extras: Extras
  readonly #dates = new DateReader()
  readonly #slots = new Int32Array(slotCount)
  readonly #place: (tape: ElementTape, node: number) => string
  #startMs = 0
  #durationMs = 0
  #offsetMin = 0

  /** `place` tells where a node stands: `export.xml:1042`. */
  constructor(intake: Intake, place: (tape: ElementTape, node: number) => string) {
    this.#intake = intake
    this.#plans = new Plans(intake)
    this.#extras = new Extras(intake)
    this.pressure = new BloodPressure(intake)
    this.#place = place
  }

  /** Takes the item on the tape. */
  item(tape: ElementTape): void {
    const name = tape.nodeName[0]
    if (name === element.record) this.#topRecord(tape)
    else if (name === element.correlation) this.#correlation(tape)
    else if (name === element.workout) {
      if (this.#intake.begin(1)) this.#workout(tape)
    } else if (name === element.activitySummary) {
      if (this.#intake.begin(1)) this.#summary(tape)
    } else if (name === element.me) {
      for (const offer of readProfile(tape, this.#place(tape, 0))) this.#intake.offer(offer)
    } else if (name !== element.exportDate && (name === 0 || (name as number) < element.metadataEntry)) {
      this.#other(tape)
    }
  }

  #topRecord(tape: ElementTape): void {
    const isNew = this.#intake.begin(1)
    this.#locate(tape, 0)
    const plan = isNew || this.#isPressure(tape) ? this.#plans.find(tape, this.#slots) : null
    if (plan === null) return
    if (plan.kind === 'pressure') {
      const record = this.#pressureRecord(tape, 0, plan, isNew)
      if (record) this.pressure.single(record, isNew)
    } else if (isNew) this.#record(tape, 0, plan)
  }

  #correlation(tape: ElementTape): void {
    const nodes: number[] = []
    for (let n = 1; n < tape.nodes; n++) if (tape.nodeName[n] === element.record) nodes.push(n)
    const isNew = this.#intake.begin(nodes.length)
    const isPressure = tape.text(tape.find(0, attribute.type)) === pressureCorrelation
    const components: PressureRecord[] = []
    for (const node of nodes) {
      this.#locate(tape, node)
      if (!isNew && !this.#isPressure(tape)) continue
      const plan = this.#plans.find(tape, this.#slots)
      if (plan.kind !== 'pressure' || !isPressure) {
        if (isNew) this.#nested(tape, node, plan)
        continue
      }
      const record = this.#pressureRecord(tape, node, plan, isNew)
      if (record) components.push(record)
    }
    this.#pair(components, isNew)
  }

  /** A record inside a correlation that is no blood pressure (food, or what a cuff adds). */
  #nested(tape: ElementTape, node: number, plan: RecordPlan): void {
    if (plan.kind !== 'pressure') {
      this.#record(tape, node, plan)
      return
    }
    const record = this.#pressureRecord(tape, node, plan, true)
    if (record) this.pressure.alone(record)
  }

  #pair(components: readonly PressureRecord[], isNew: boolean): void {
    const systolic = components.filter((record) => record.component === 'systolic')
    const diastolic = components.filter((record) => record.component === 'diastolic')
    const pairs = Math.min(systolic.length, diastolic.length)
    for (let i = 0; i < pairs; i++) {
      this.pressure.correlation(systolic[i] as PressureRecord, diastolic[i] as PressureRecord, isNew)
    }
    if (!isNew) return
    for (const record of [...systolic.slice(pairs), ...diastolic.slice(pairs)]) this.pressure.alone(record)
  }

  /** Puts the attributes of a node into `#slots`, by name id. */
  #locate(tape: ElementTape, node: number): void {
    const slots = this.#slots
    slots.fill(-1)
    const last = tape.nodeLastAttribute[node] as number
    for (let a = tape.nodeFirstAttribute[node] as number; a < last; a++)
      slots[tape.attributeName[a] as number] = a
  }

  /** Whether the located node is (by the hash of its type) a component of a blood pressure. */
  #isPressure(tape: ElementTape): boolean {
    const hash = tape.hashOf(this.#slots[attribute.type] as number)
    return hash === systolicHash || hash === diastolicHash
  }

  #record(tape: ElementTape, node: number, plan: RecordPlan): void {
    if (plan.kind === 'unmapped') {
      this.#unmapped(tape, node, plan.type)
      return
    }
    if (plan.kind === 'refused') {
      this.#refuse(tape, node, plan.reason, 'UNIT')
      return
    }
    const extra = tape.nodes === node + 1 ? this.#extras.none : this.#extras.read(tape, node)
    if (!this.#time(tape, extra)) {
      this.#refuse(tape, node, invalidDate, 'DATE')
      return
    }
    const at = this.#slots[attribute.value] as number
    if (plan.kind === 'category') {
      this.#category(tape, node, plan, extra)
      return
    }
    const value =
      at < 0
        ? Number.NaN
        : readDecimal(tape.bytes, tape.attributeStart[at] as number, tape.attributeEnd[at] as number)
    let handle = plan.handle as SeriesHandle
    if (plan.kind === 'fraction' && value > 1 && value <= 100) {
      // A ratio cannot be above one: a hand-made or third-party record that says 98 for 98 %.
      handle = plan.percent()
      this.#intake.note(`${plan.type}: a percentage was written as a number above 1 and taken as percent`)
    }
    this.#add(tape, node, handle, value, extra)
  }

  #category(tape: ElementTape, node: number, plan: RecordPlan, extra: RecordExtra): void {
    const category = this.#plans.category(plan, tape.text(this.#slots[attribute.value] as number))
    if (!category) {
      this.#unmapped(tape, node, plan.type)
      return
    }
    const value = Number.isNaN(category.value) ? this.#durationMs / minuteMs : category.value
    this.#add(tape, node, category.handle, value, this.#detailed(tape, node, category.detail) ?? extra)
  }

  /** The extra with the text of a category value under `value`; undefined where there is none to add. */
  #detailed(tape: ElementTape, node: number, detail: string): RecordExtra | undefined {
    return detail === '' ? undefined : this.#extras.from(readMetadata(tape, node).set('value', detail))
  }

  #workout(tape: ElementTape): void {
    this.#locate(tape, 0)
    const slots = this.#slots
    const context = activityName(tape.text(slots[attribute.workoutActivityType] as number))
    const extra = this.#extras.from(readWorkoutMeta(tape), context === '' ? {} : { context })
    if (!this.#time(tape, extra)) {
      this.#refuse(tape, 0, invalidDate, 'DATE')
      return
    }
    const duration = slots[attribute.duration] as number
    const unitText = duration < 0 ? 'min' : tape.text(slots[attribute.durationUnit] as number) || 'min'
    const handle = this.#plans.series('workout', this.#plans.source(tape, slots), (m) =>
      appleUnit(m, unitText),
    )
    if (!handle) {
      this.#refuse(tape, 0, `its unit "${unitText.slice(0, 40)}" is no unit of time`, 'UNIT')
      return
    }
    const value =
      duration < 0
        ? this.#durationMs / minuteMs
        : readDecimal(
            tape.bytes,
            tape.attributeStart[duration] as number,
            tape.attributeEnd[duration] as number,
          )
    this.#add(tape, 0, handle, value, extra)
  }

  /** The rings of a day: their values are sums of records that are here, so the summary itself is kept raw. */
  #summary(tape: ElementTape): void {
    const day = /^\d{4}-\d{2}-\d{2}$/.exec(tape.text(tape.find(0, attribute.dateComponents)))?.[0]
    const startMs = day === undefined ? Number.NaN : Date.parse(`${day}T00:00:00Z`)
    this.#intake.unmapped(
      'ActivitySummary',
      this.#place(tape, 0),
      Number.isNaN(startMs) ? null : startMs,
      () => tape.source(0),
    )
  }

  /** Clinical records, audiograms, prescriptions and elements of later versions: kept as they are. */
  #other(tape: ElementTape): void {
    if (this.#intake.begin(0)) {
      const kind = tape.elementName(0).slice(0, 100)
      this.#intake.keep(kind, this.#place(tape, 0), null, () => tape.source(0))
    }
  }

  #pressureRecord(tape: ElementTape, node: number, plan: RecordPlan, isNew: boolean): PressureRecord | null {
    const extra = isInside(tape, node + 1, node) ? this.#extras.read(tape, node) : this.#extras.none
    const refuse = (reason: string, code: 'DATE' | 'UNIT' | 'VALUE') => {
      if (isNew) this.#refuse(tape, node, reason, code)
      return null
    }
    if (!this.#time(tape, extra)) return refuse(invalidDate, 'DATE')
    const handle = this.#plans.series('blood_pressure', plan.source, (metric) =>
      plan.unit === 'mmHg' ? accepted(metric, 'mm[Hg]') : appleUnit(metric, plan.unit),
    )
    if (!handle) return refuse(`its unit "${plan.unit.slice(0, 40)}" is no unit of pressure`, 'UNIT')
    const at = this.#slots[attribute.value] as number
    const value =
      at < 0
        ? Number.NaN
        : readDecimal(tape.bytes, tape.attributeStart[at] as number, tape.attributeEnd[at] as number)
    if (Number.isNaN(value)) return refuse('the value is no number', 'VALUE')
    return {
      component: plan.type === systolicType ? 'systolic' : 'diastolic',
      type: plan.type,
      source: plan.source,
      handle,
      value,
      startMs: this.#startMs,
      durationMs: this.#durationMs,
      offsetMin: this.#offsetMin,
      extra: extra.text,
      where: this.#place(tape, node),
      raw: tape.source(node),
    }
  }

  /** Reads start and end of the located node; false when one of them is no date. */
  #time(tape: ElementTape, extra: RecordExtra): boolean {
    const dates = this.#dates
    const start = this.#slots[attribute.startDate] as number
    const end = this.#slots[attribute.endDate] as number
    if (start < 0) return false
    if (!dates.read(tape.bytes, tape.attributeStart[start] as number, tape.attributeEnd[start] as number))
      return false
    this.#startMs = dates.ms
    this.#offsetMin = extra.offsets === null ? dates.offsetMin : extra.offsets.at(dates.ms)
    this.#durationMs = 0
    if (end < 0) return true
    if (!dates.read(tape.bytes, tape.attributeStart[end] as number, tape.attributeEnd[end] as number))
      return false
    this.#durationMs = dates.ms - this.#startMs
    return true
  }

  #add(tape: ElementTape, node: number, handle: SeriesHandle, value: number, extra: RecordExtra): void {
    const reason = this.#intake.add(
      handle,
      this.#startMs,
      this.#durationMs,
      this.#offsetMin,
      value,
      0,
      extra.text,
    )
    if (reason !== '') this.#refuse(tape, node, reason, 'VALUE')
  }

  #unmapped(tape: ElementTape, node: number, type: string): void {
    const startMs = this.#time(tape, this.#extras.none) ? this.#startMs : null
    this.#intake.unmapped(type || 'Record', this.#place(tape, node), startMs, () => tape.source(node))
  }

  #refuse(tape: ElementTape, node: number, reason: string, code: 'DATE' | 'UNIT' | 'VALUE'): void {
    this.#intake.refuse(this.#place(tape, node), reason, tape.source(node), code)
  }
}
