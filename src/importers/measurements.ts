/**
 * From a value with its unit and source to a row in the intake: what adapters of formats with many values a record
 * share. Every value is a source record of its own in the account: a heart rate and a cadence of one moment are two.
 */
import { type Metric, metricById } from '../metrics/index.ts'
import { type Extra, extraToText, isEmptyExtra, type Source } from '../records/index.ts'
import type { Intake, SeriesHandle } from './intake.ts'

/**
 * A value at its time, as the file states it. Written with what it spreads at the end (`{ value, ...base }`): a literal
 * that begins with a spread takes V8 microseconds, for every value.
 */
export interface Measurement {
  readonly metric: string
  /** UCUM, among the metric's accepted units; the number stays as it is. */
  readonly unit: string
  readonly source: Source
  readonly startMs: number
  /** Omitted for an instant. */
  readonly durationMs?: number
  readonly offsetMin: number
  readonly value: number
  /** Second component (diastolic). */
  readonly second?: number
  readonly extra?: Extra
}

/** Where a value stands and how it reads there; asked only when it is refused or kept raw. */
export interface Place {
  readonly where: () => string
  readonly raw: () => string
}

export class Measurements {
  readonly #intake: Intake
  readonly #handles = new Map<Source, Map<string, Map<string, SeriesHandle>>>()

  constructor(intake: Intake) {
    this.#intake = intake
  }

  /** Announces one value and gives it its outcome. */
  take(measurement: Measurement, place: Place): void {
    if (!this.#intake.begin(1)) return
    const { metric, unit, source, startMs, offsetMin, value } = measurement
    if (!Number.isFinite(startMs)) {
      this.#intake.refuse(place.where(), 'its date cannot be read', place.raw(), 'DATE')
      return
    }
    const { durationMs = 0, second = 0, extra } = measurement
    const handle = this.#series(metric, unit, source)
    const text = extra === undefined || isEmptyExtra(extra) ? '' : extraToText(extra)
    const reason = this.#intake.add(
      handle,
      Math.round(startMs),
      Math.round(durationMs),
      offsetMin,
      value,
      second,
      text,
    )
    if (reason !== '') this.#intake.refuse(place.where(), reason, place.raw())
  }

  /** Announces a record that is no measurement of the catalogue, and keeps it raw. */
  unmapped(type: string, startMs: number | null, place: Place): void {
    if (this.#intake.begin(1)) this.#intake.unmapped(type, place.where(), finite(startMs), place.raw)
  }

  /** The same for a record inside a file that is attached whole. */
  unmappedInFile(type: string, startMs: number | null): void {
    if (this.#intake.begin(1)) this.#intake.unmapped(type, '', finite(startMs), null)
  }

  /** Announces a record that cannot be taken. */
  refuse(reason: string, place: Place, code: 'DATE' | 'UNIT' | 'VALUE' | 'REFUSED_INPUT' = 'VALUE'): void {
    if (this.#intake.begin(1)) this.#intake.refuse(place.where(), reason, place.raw(), code)
  }

  /** Announces a value of somebody else. */
  turnAway(reason: string, place: Place): void {
    if (this.#intake.begin(1)) this.#intake.others.turnAway(place.where(), reason, place.raw)
  }

  /** Announces a value that another record holds already. */
  merge(): void {
    if (this.#intake.begin(1)) this.#intake.merge(1)
  }

  /** Looked up without joining the names: it is done for every value. */
  #series(metricId: string, unit: string, source: Source): SeriesHandle {
    const ofMetric = inside(inside(this.#handles, source), metricId)
    let handle = ofMetric.get(unit)
    if (!handle) {
      const metric = knownMetric(metricId)
      const accepted = metric.units.find((one) => one.ucum === unit)
      if (!accepted) throw new TypeError(`${metricId} has no unit ${unit}`)
      handle = this.#intake.series(
        metric,
        { metric: metricId, source, unit },
        accepted.factor,
        accepted.offset,
      )
      ofMetric.set(unit, handle)
    }
    return handle
  }
}

/** The map under a key, made where there is none. */
function inside<Key, InnerKey, Value>(outer: Map<Key, Map<InnerKey, Value>>, key: Key): Map<InnerKey, Value> {
  let inner = outer.get(key)
  if (!inner) {
    inner = new Map()
    outer.set(key, inner)
  }
  return inner
}

function knownMetric(id: string): Metric {
  const metric = metricById(id)
  if (!metric) throw new TypeError(`the catalogue has no metric ${id}`)
  return metric
}

function finite(ms: number | null): number | null {
  return ms !== null && Number.isFinite(ms) ? ms : null
}
