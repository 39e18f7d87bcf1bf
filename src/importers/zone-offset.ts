/** Local offsets of an IANA zone, cached by day: a zone's offset changes a few times a year, records come in millions. */
import { dayMs, Failure } from '../foundation/index.ts'

const quarterMs = 900_000

export class ZoneOffsets {
  readonly #format: Intl.DateTimeFormat
  /** UTC day → offset (min), or NaN for a day on which the offset changes. */
  readonly #byDay = new Map<number, number>()
  readonly #byQuarter = new Map<number, number>()
  #lastDay = Number.NaN
  #lastOffset = 0

  /** Fails with USAGE for a name that is no zone. */
  constructor(zone: string) {
    try {
      this.#format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    } catch (cause) {
      throw new Failure('USAGE', `"${zone.slice(0, 60)}" is no time zone`, {
        hint: 'Write a zone as --tz Europe/Paris.',
        cause,
      })
    }
  }

  /** Minutes east of UTC at an instant. */
  at(ms: number): number {
    const day = Math.floor(ms / dayMs)
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
