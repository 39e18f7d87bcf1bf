/**
 * Blood pressure: one observation with two components from two records.
 *
 * A `Correlation` holds both. Exports may repeat its records at top level (the document type says so, not every
 * export does it), before or behind it: such copies are merged, never counted as readings of their own. Single
 * records wait until the end of the file for a correlation; then two singles of one source and time are joined, and
 * what stays alone is kept raw. A waiting record is not yet read in the account (`Intake.postpone`), so that an
 * interrupted run and its continuation together tell each record once.
 */
import type { Source } from '../records/index.ts'
import type { Intake, SeriesHandle } from './intake.ts'

export type Component = 'systolic' | 'diastolic'

/** One reading of one component with its place. */
export interface PressureRecord {
  readonly component: Component
  readonly type: string
  readonly source: Source
  readonly handle: SeriesHandle
  readonly value: number
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
  readonly extra: string
  readonly where: string
  /** Source text. */
  readonly raw: string
}

/** Singles that wait at most; a home has thousands. */
const maxWaiting = 100_000

export class BloodPressure {
  readonly #intake: Intake
  /** Components inside correlations. */
  #correlated = new Set<string>()
  #waiting = new Map<string, PressureRecord[]>()
  #waitingCount = 0

  constructor(intake: Intake) {
    this.#intake = intake
  }

  /** Both records of a correlation. `isNew` is false for what an earlier run has consumed. */
  correlation(systolic: PressureRecord, diastolic: PressureRecord, isNew: boolean): void {
    for (const record of [systolic, diastolic]) {
      this.#correlated.add(keyOf(record))
      const copies = this.#takeWaiting(record)
      if (isNew) {
        this.#intake.resume(copies)
        this.#intake.merge(copies)
      }
    }
    if (this.#correlated.size > 2 * maxWaiting) this.#correlated = new Set()
    if (isNew) this.#join(systolic, diastolic)
  }

  /** A record at top level, announced with `begin`. */
  single(record: PressureRecord, isNew: boolean): void {
    if (this.#correlated.has(keyOf(record))) {
      if (isNew) this.#intake.merge(1)
      return
    }
    if (isNew) this.#intake.postpone(1)
    const slot = slotOf(record)
    const list = this.#waiting.get(slot)
    if (list) list.push(record)
    else this.#waiting.set(slot, [record])
    this.#waitingCount++
    if (this.#waitingCount > maxWaiting) this.settle()
  }

  /** No correlation can come any more: joins singles of one source and time, keeps the rest raw. */
  settle(): void {
    for (const list of this.#waiting.values()) {
      const systolic = list.filter((record) => record.component === 'systolic')
      const diastolic = list.filter((record) => record.component === 'diastolic')
      const pairs = Math.min(systolic.length, diastolic.length)
      this.#intake.resume(list.length)
      for (let i = 0; i < pairs; i++)
        this.#join(systolic[i] as PressureRecord, diastolic[i] as PressureRecord)
      for (const record of [...systolic.slice(pairs), ...diastolic.slice(pairs)]) this.alone(record)
    }
    this.#waiting = new Map()
    this.#waitingCount = 0
  }

  /** A component without its partner. */
  alone(record: PressureRecord): void {
    this.#intake.note('a blood pressure component without its partner was kept raw')
    this.#intake.unmapped(record.type, record.where, record.startMs, () => record.raw)
  }

  #join(systolic: PressureRecord, diastolic: PressureRecord): void {
    const { handle, startMs, durationMs, offsetMin, extra } = systolic
    const reason = this.#intake.add(
      handle,
      startMs,
      durationMs,
      offsetMin,
      systolic.value,
      diastolic.value,
      extra,
    )
    if (reason === '') {
      this.#intake.merge(1)
      return
    }
    for (const record of [systolic, diastolic]) this.#intake.refuse(record.where, reason, record.raw)
  }

  /** Removes the waiting copies of a record; how many there were. */
  #takeWaiting(record: PressureRecord): number {
    const slot = slotOf(record)
    const list = this.#waiting.get(slot)
    if (!list) return 0
    const key = keyOf(record)
    const others = list.filter((waiting) => keyOf(waiting) !== key)
    if (others.length === 0) this.#waiting.delete(slot)
    else this.#waiting.set(slot, others)
    this.#waitingCount -= list.length - others.length
    return list.length - others.length
  }
}

/** Source, unit and time: where partners meet. */
function slotOf({ source, handle, startMs, durationMs }: PressureRecord): string {
  return `${source.device}\0${source.app}\0${handle.series.unit}\0${startMs}\0${durationMs}`
}

function keyOf(record: PressureRecord): string {
  return `${slotOf(record)}\0${record.component}\0${record.value}`
}
