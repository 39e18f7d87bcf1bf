/** Local offsets of an IANA zone, cached by day: a zone's offset changes a few times a year, records come in millions. */
import { Failure } from './failure.ts'
import { dayMs, minuteMs } from './instant.ts'
import { nearestZones } from './zone-name.ts'

const hourMs = 60 * minuteMs
/** 1890 to 2210, wider than the times that a record can have. */
const firstDay = Math.floor(Date.UTC(1890, 0, 1) / dayMs)
const lastDay = Math.floor(Date.UTC(2210, 0, 1) / dayMs)
const quarterMs = 900_000

export class ZoneOffsets {
  readonly #format: Intl.DateTimeFormat
  /** UTC day → offset (min), or NaN for a day on which the offset changes. */
  readonly #byDay = new Map<number, number>()
  readonly #byQuarter = new Map<number, number>()
  /** Local day → offset (min) that its times have, or NaN near a change. */
  readonly #byLocalDay = new Map<number, number>()
  #lastDay = Number.NaN
  #lastOffset = 0

  /** Fails with USAGE for a name that is no zone. */
  constructor(zone: string) {
    try {
      this.#format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    } catch (cause) {
      throw new Failure('USAGE', `"${zone.slice(0, 60)}" is no time zone`, {
        hint: `Write a zone as --tz ${nearestZones(zone)[0] ?? 'Europe/Paris'}.`,
        cause,
      })
    }
  }

  /** Minutes east of UTC at an instant. */
  at(ms: number): number {
    const day = Math.floor(ms / dayMs)
    // Such a time is refused anyhow; it must not make the tables grow.
    if (!(day >= firstDay && day < lastDay)) return 0
    if (day === this.#lastDay) return this.#lastOffset
    let offset = this.#byDay.get(day)
    if (offset === undefined) {
      const first = this.#ask(day * dayMs)
      offset = first === this.#ask((day + 1) * dayMs) ? first : Number.NaN
      this.#byDay.set(day, offset)
    }
    if (Number.isNaN(offset)) return this.#atQuarter(Math.floor(ms / quarterMs))
    this.#lastDay = day
    this.#lastOffset = offset
    return offset
  }

  /**
   * The instant (ms) of a local time; its offset is then `at` that instant. `wallMs` is the local time read as if it
   * were UTC. Of a time that occurs twice the first is meant; one that the clocks skip is moved forward by the gap
   * (RFC 5545 3.3.5).
   */
  instantOf(wallMs: number): number {
    const day = Math.floor(wallMs / dayMs)
    if (!(day >= firstDay && day < lastDay)) return wallMs
    let offset = this.#byLocalDay.get(day)
    if (offset === undefined) {
      const first = this.at((day - 1) * dayMs)
      const isSteady = first === this.at(day * dayMs) && first === this.at((day + 2) * dayMs)
      offset = isSteady ? first : Number.NaN
      this.#byLocalDay.set(day, offset)
    }
    return Number.isNaN(offset) ? this.#nearChange(wallMs) : wallMs - offset * minuteMs
  }

  #nearChange(wallMs: number): number {
    const before = this.at(wallMs - 26 * hourMs)
    const after = this.at(wallMs + 26 * hourMs)
    // The larger offset gives the earlier instant.
    for (const offset of [Math.max(before, after), Math.min(before, after)]) {
      const ms = wallMs - offset * minuteMs
      if (this.at(ms) === offset) return ms
    }
    return wallMs - before * minuteMs
  }

  /** Zones change at whole quarters of an hour. */
  #atQuarter(quarter: number): number {
    const known = this.#byQuarter.get(quarter)
    if (known !== undefined) return known
    const offset = this.#ask(quarter * quarterMs)
    this.#byQuarter.set(quarter, offset)
    return offset
  }

  #ask(ms: number): number {
    const name = this.#format.formatToParts(ms).find((part) => part.type === 'timeZoneName')?.value ?? ''
    const match = /GMT([+-])(\d{1,2}):?(\d{2})?/.exec(name)
    if (!match) return 0
    const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0)
    return match[1] === '-' ? -minutes : minutes
  }
}
