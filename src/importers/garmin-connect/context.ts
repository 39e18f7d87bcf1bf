/** Sources, times and places of Garmin Connect JSON. */
import { type DeviceSources, deviceSources } from '../activity-sources.ts'
import type { Intake } from '../intake.ts'
import { jsonPlace } from '../json/place.ts'
import { Measurements, type Place } from '../measurements.ts'
import { readWallTime } from '../wall-time.ts'

export class ConnectContext {
  readonly intake: Intake
  readonly measurements: Measurements
  /** Sums of whole days rank before what single devices counted: `Garmin` stands before `Garmin Forerunner`. */
  readonly sources: DeviceSources = deviceSources('Garmin', '', 'JSON')
  readonly #label: string
  readonly #numbers = new Map<string, number>()

  constructor(intake: Intake, label: string) {
    this.intake = intake
    this.measurements = new Measurements(intake)
    this.#label = label
  }

  /** The place of the next element of a kind: `sleepData.json:night 3`. */
  place(kind: string, value: unknown): Place {
    const number = (this.#numbers.get(kind) ?? 0) + 1
    this.#numbers.set(kind, number)
    return jsonPlace(value, `${this.#label}:${kind} ${number}`)
  }

  /** The person's zone, else the offset that the file states, else this computer's zone. */
  offsetAt(ms: number, statedMin: number): number {
    return this.intake.options.zone === undefined && Number.isFinite(statedMin)
      ? statedMin
      : this.intake.zone().at(Number.isFinite(ms) ? ms : 0)
  }
}

/** `2018-03-08T12:23:22.0`, `2021-04-15 11:44:05` read as UTC, or epoch ms; NaN for all else. */
export function connectTime(value: unknown): number {
  if (typeof value === 'number') return value > 0 ? value : Number.NaN
  if (typeof value !== 'string') return Number.NaN
  const read = readWallTime(value)
  return read === undefined ? Number.NaN : read.wallMs - (read.offsetMin ?? 0) * 60_000
}

const quarterMin = 15
const maxOffsetMin = 18 * 60

/** Offset (min) between the same moment in local time and in UTC; NaN when it is none. */
export function offsetBetween(local: unknown, gmt: unknown): number {
  const minutes = Math.round((connectTime(local) - connectTime(gmt)) / 60_000 / quarterMin) * quarterMin
  return Math.abs(minutes) <= maxOffsetMin ? minutes : Number.NaN
}
