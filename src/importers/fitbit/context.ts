/** Sources, places and times of Fitbit files. */

import type { ZoneOffsets } from '../../foundation/index.ts'
import { metricById } from '../../metrics/index.ts'
import { normaliseSource, type Source } from '../../records/index.ts'
import type { Intake, SeriesHandle } from '../intake.ts'
import { type DaySpan, localDaySpan } from '../local-days.ts'
import { Measurements, type Place } from '../measurements.ts'

export interface Moment {
  readonly ms: number
  readonly offsetMin: number
}

/** Days, readings and nights of the account. */
const account = normaliseSource({ name: 'Fitbit' })
/**
 * Counts by minute rank behind the sums of whole days, which tell the same; what one device counted ranks behind the
 * minutes of the account, which Fitbit has merged; a workout tells again what its minutes hold. The order is that of the
 * names, and no name says `watch`: that word would lift its source above the days.
 */
const minutes = normaliseSource({ name: 'Fitbit/minutes' })
const tracker = normaliseSource({ name: 'Fitbit/minutes of tracker' })
const phone = normaliseSource({ name: 'Fitbit/phone' })
const workouts = normaliseSource({ name: 'Fitbit/workouts' })
const maxRelayed = 200

/** What other programs gave to Fitbit, by way of the phone's health store. */
const relayedName = /\bhealth ?(connect|kit)$/i
const phoneName = /^mobile ?track$|\b(phone|app)\b/i

export class FitbitContext {
  readonly intake: Intake
  readonly measurements: Measurements
  readonly account = account
  readonly minutes = minutes
  readonly workouts = workouts
  readonly zone: ZoneOffsets
  /** Offsets (min) that the export states for a night, by the local time that it begins at. */
  readonly nightOffsets = new Map<number, number>()
  /** Metrics of which the input holds readings, not only averages of them. */
  readonly readings = new Set<string>()
  /** Whether the input holds sleep logs; the tables of Google tell the same nights. */
  hasSleepLogs = false
  /** Midnights of days without wear, local time read as if it were UTC. */
  readonly unwornDays = new Set<number>()
  readonly #handles = new Map<Source, Map<string, SeriesHandle>>()
  readonly #scales = new Map<string, Source>()
  readonly #relayed = new Map<string, Source>()

  /** `zone` is the zone of the account's profile, where the input holds it. */
  constructor(intake: Intake, zone?: string) {
    this.intake = intake
    this.measurements = new Measurements(intake)
    this.zone = intake.zone(zone)
  }

  /** The source of a reading by the device that the file names; '' where it names none. */
  readingSource(device: string): Source {
    return this.#relayedSource(device) ?? account
  }

  /** The source of a weight: `Aria` is a scale, `API` and `Web` are none. */
  scaleSource(name: string): Source {
    if (!/\baria\b|scale/i.test(name)) return this.readingSource(name)
    const known = this.#scales.get(name)
    if (known) return known
    const source = normaliseSource({ name: 'Fitbit', device: name })
    if (this.#scales.size < maxRelayed) this.#scales.set(name, source)
    return source
  }

  /** The source of a count. */
  countSource(device: string): Source {
    if (device === '') return minutes
    return this.#relayedSource(device) ?? (phoneName.test(device) ? phone : tracker)
  }

  /** The series of a metric from a source; remembered, because a table asks for it in every row. */
  series(metricId: string, unit: string, source: Source): SeriesHandle {
    const known = this.#handles.get(source)
    const key = `${metricId} ${unit}`
    const found = known?.get(key)
    if (found) return found
    const metric = metricById(metricId)
    const accepted = metric?.units.find((one) => one.ucum === unit)
    if (!metric || !accepted) throw new TypeError(`the catalogue has no ${metricId} in ${unit}`)
    const handle = this.intake.series(
      metric,
      { metric: metricId, source, unit },
      accepted.factor,
      accepted.offset,
    )
    if (known) known.set(key, handle)
    else this.#handles.set(source, new Map([[key, handle]]))
    return handle
  }

  /** A time in UTC. */
  ofUtc(ms: number): Moment {
    return { ms, offsetMin: Number.isFinite(ms) ? this.zone.at(ms) : 0 }
  }

  /** A local time, read as if it were UTC. */
  ofWall(wallMs: number): Moment {
    return Number.isFinite(wallMs) ? this.ofUtc(this.zone.instantOf(wallMs)) : { ms: wallMs, offsetMin: 0 }
  }

  /** The local day with this midnight, read as if it were UTC. */
  dayOf(wallMs: number): DaySpan | undefined {
    if (!Number.isFinite(wallMs)) return undefined
    return localDaySpan(new Date(wallMs).toISOString().slice(0, 10), this.zone)
  }

  /** A record with values is kept whole beside them; one without counts by itself. */
  finish(kind: string, taken: number, startMs: number, place: Place): void {
    if (taken === 0) this.measurements.unmapped(kind, startMs, place)
    else if (this.intake.begin(0)) {
      this.intake.keep(kind, place.where(), Number.isFinite(startMs) ? startMs : null, place.raw)
    }
  }

  #relayedSource(device: string): Source | undefined {
    const known = this.#relayed.get(device)
    if (known) return known
    if (!relayedName.test(device)) return undefined
    const source = normaliseSource({ name: device })
    if (this.#relayed.size < maxRelayed) this.#relayed.set(device, source)
    return source
  }
}
