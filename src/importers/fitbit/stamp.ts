/** Times as Fitbit writes them: `04/02/17 23:32:24`, month first whatever the account's language. */
import { dayMs } from '../../foundation/index.ts'
import { readWallTime } from '../wall-time.ts'

const zero = 0x30
const slash = 0x2f
const colon = 0x3a
const blank = 0x20
const lastShortYear = 68
export const stampLength = 17
const dateLength = 8

/** Reads times of which one after the other falls on the same day. */
export class StampReader {
  #day = -1
  #midnight = Number.NaN

  /** `MM/DD/YY HH:MM:SS` or `MM/DD/YY`, read as if it were UTC (ms); NaN for all else. */
  read(text: string): number {
    if (text.length === stampLength) return this.readBytes(Buffer.from(text), 0)
    return text.length === dateLength ? this.#midnightAt(Buffer.from(text), 0) : Number.NaN
  }

  /** The same for the 17 bytes from `at` on. */
  readBytes(bytes: Uint8Array, at: number): number {
    const midnight = this.#midnightAt(bytes, at)
    const hour = twoDigits(bytes, at + 9)
    const minute = twoDigits(bytes, at + 12)
    const second = twoDigits(bytes, at + 15)
    const isClock = bytes[at + 8] === blank && bytes[at + 11] === colon && bytes[at + 14] === colon
    // Negated, so that NaN is none.
    if (!isClock || !(hour < 24 && minute < 60 && second <= 60)) return Number.NaN
    return midnight + ((hour * 60 + minute) * 60 + second) * 1000
  }

  #midnightAt(bytes: Uint8Array, at: number): number {
    if (bytes[at + 2] !== slash || bytes[at + 5] !== slash) return Number.NaN
    const month = twoDigits(bytes, at)
    const date = twoDigits(bytes, at + 3)
    const year = twoDigits(bytes, at + 6)
    const day = (year * 100 + month) * 100 + date
    if (day !== this.#day) {
      this.#day = day
      this.#midnight = midnightOf(year, month, date)
    }
    return this.#midnight
  }
}

/** Whether a local time, read as if it were UTC, is a midnight. */
export function isMidnight(wallMs: number): boolean {
  return wallMs % dayMs === 0
}

function midnightOf(year: number, month: number, date: number): number {
  const ms = Date.UTC(year <= lastShortYear ? 2000 + year : 1900 + year, month - 1, date)
  const read = new Date(ms)
  return read.getUTCMonth() === month - 1 && read.getUTCDate() === date ? ms : Number.NaN
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - zero
  const ones = (bytes[at + 1] as number) - zero
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

const isoLength = 19
const isoZ = 0x5a

/** Reads `2026-01-05T07:00:05Z`, of which one after the other falls on the same day; undefined for all other forms. */
export class IsoReader {
  #day = ''
  #midnight = Number.NaN

  /** The time as written, read as if it were UTC. */
  read(text: string): number | undefined {
    const isPlain =
      text.length === isoLength || (text.length === isoLength + 1 && text.charCodeAt(isoLength) === isoZ)
    if (!isPlain || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':') return undefined
    const hour = twoDigitsOf(text, 11)
    const minute = twoDigitsOf(text, 14)
    const second = twoDigitsOf(text, 17)
    if (!(hour < 24 && minute < 60 && second < 60)) return undefined
    const day = text.slice(0, 10)
    if (day !== this.#day) {
      this.#day = day
      this.#midnight = readWallTime(day)?.wallMs ?? Number.NaN
    }
    return Number.isNaN(this.#midnight)
      ? undefined
      : this.#midnight + ((hour * 60 + minute) * 60 + second) * 1000
  }
}

function twoDigitsOf(text: string, at: number): number {
  const tens = text.charCodeAt(at) - zero
  const ones = text.charCodeAt(at + 1) - zero
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}
