/**
 * Dates of Apple Health exports, read from bytes.
 *
 * `2021-11-09 02:25:29 +0200`, and `20140104084300-0800` in first-generation exports (iOS 8). The instant is right;
 * the offset is the one in force when the export was made, for all dates alike.
 */
import { dayMs, minuteMs } from '../../foundation/index.ts'

const modernLength = 25
const firstGenerationLength = 19
const plus = 0x2b
const minus = 0x2d
const noDigit = -1

const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

export class DateReader {
  /** Instant of the last date read, ms. */
  ms = 0
  /** Offset written in the last date read, minutes east of UTC. */
  offsetMin = 0

  #lastDate = -1
  #lastDayMs = 0

  /** Reads the date in bytes[start, end) into `ms` and `offsetMin`; false when it is none. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start
    if (length === modernLength) return this.#modern(bytes, start)
    return length === firstGenerationLength && this.#firstGeneration(bytes, start)
  }

  #modern(b: Uint8Array, s: number): boolean {
    if (b[s + 4] !== minus || b[s + 7] !== minus || b[s + 10] !== 0x20 || b[s + 13] !== 0x3a) return false
    if (b[s + 16] !== 0x3a || b[s + 19] !== 0x20) return false
    const date = digits(b, s, 4) * 10_000 + digits(b, s + 5, 2) * 100 + digits(b, s + 8, 2)
    return this.#combine(date, digits(b, s + 11, 2), digits(b, s + 14, 2), digits(b, s + 17, 2), b, s + 20)
  }

  #firstGeneration(b: Uint8Array, s: number): boolean {
    return this.#combine(
      digits(b, s, 8),
      digits(b, s + 8, 2),
      digits(b, s + 10, 2),
      digits(b, s + 12, 2),
      b,
      s + 14,
    )
  }

  #combine(date: number, hour: number, minute: number, second: number, b: Uint8Array, sign: number): boolean {
    const zone = digits(b, sign + 1, 4)
    if (hour < 0 || minute < 0 || second < 0 || zone < 0) return false
    if (hour > 23 || minute > 59 || second > 60) return false
    if (b[sign] !== plus && b[sign] !== minus) return false
    const size = Math.floor(zone / 100) * 60 + (zone % 100)
    if (zone % 100 > 59 || size > 18 * 60) return false
    if (date !== this.#lastDate) {
      const midnight = midnightOf(date)
      if (Number.isNaN(midnight)) return false
      this.#lastDate = date
      this.#lastDayMs = midnight
    }
    this.offsetMin = b[sign] === minus ? -size : size
    this.ms =
      this.#lastDayMs + hour * 3_600_000 + minute * minuteMs + second * 1000 - this.offsetMin * minuteMs
    return true
  }
}

/** UTC midnight (ms) of a date written as yyyymmdd; NaN when there is no such day. */
function midnightOf(date: number): number {
  const year = Math.floor(date / 10_000)
  const month = Math.floor(date / 100) % 100
  const day = date % 100
  if (date < 0 || year < 1 || month < 1 || month > 12 || day < 1) return Number.NaN
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  if (day > (daysInMonth[month - 1] as number) + (month === 2 && isLeap ? 1 : 0)) return Number.NaN
  const ms = new Date(0).setUTCFullYear(year, month - 1, day)
  return Math.floor(ms / dayMs) * dayMs
}

/** `count` decimal digits at `start` as a number; a large negative number when one is no digit. */
function digits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0
  for (let i = start; i < start + count; i++) {
    const digit = (bytes[i] as number) - 0x30
    if (!(digit >= 0 && digit <= 9)) return noDigit * 1e9
    value = value * 10 + digit
  }
  return value
}
