/**
 * Times as files write them: ISO 8601, year first with other separators, day or month first, English month names.
 * `05-12-2019` is read only when somebody says which number is the day.
 */
import { minuteMs } from '../foundation/index.ts'

export type DateOrder = 'day-first' | 'month-first'

/** A time as written: the wall clock read as if it were UTC, and its offset where one is written. */
export interface WallTime {
  readonly wallMs: number
  /** Minutes east of UTC; null when none is written. */
  readonly offsetMin: number | null
}

const clock =
  '(?:(?:[T ]|,) *(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)? *([AaPp]\\.?[Mm]\\.?)? *(Z|UTC|GMT|[+-]\\d{2}:?\\d{2}|[+-]\\d{2})?)?'
const yearFirst = new RegExp(`^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})${clock}$`)
const numeric = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4}|\\d{2})${clock}$`)
const monthName = new RegExp(`^([A-Za-z]{3,9})\\.? (\\d{1,2}),? (\\d{4})${clock}$`)
const dayMonthName = new RegExp(`^(\\d{1,2})\\.?[ -]([A-Za-z]{3,9})\\.?[ -](\\d{4})${clock}$`)
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const longest = 60
/** Two-digit years up to this one are of this century (POSIX strptime). */
const lastShortYear = 68

/** Reads a time; undefined when it is none, or when its order of day and month is not known. */
export function readWallTime(text: string, order?: DateOrder): WallTime | undefined {
  const plain = text.trim()
  if (plain.length > longest) return undefined
  const iso = yearFirst.exec(plain)
  if (iso) return combined(Number(iso[1]), Number(iso[3]), Number(iso[4]), iso, 5)
  const plainNumeric = numeric.exec(plain)
  if (plainNumeric) {
    if (order === undefined) return undefined
    const [first, second] = [Number(plainNumeric[1]), Number(plainNumeric[3])]
    const [day, month] = order === 'day-first' ? [first, second] : [second, first]
    return combined(fullYear(plainNumeric[4] as string), month, day, plainNumeric, 5)
  }
  const named = monthName.exec(plain)
  if (named) return combined(Number(named[3]), monthOf(named[1] as string), Number(named[2]), named, 4)
  const dayFirst = dayMonthName.exec(plain)
  if (!dayFirst) return undefined
  return combined(Number(dayFirst[3]), monthOf(dayFirst[2] as string), Number(dayFirst[1]), dayFirst, 4)
}

/** What a date that begins with two short numbers says about their order; undefined for all other texts. */
export function orderShown(text: string): DateOrder | 'open' | undefined {
  const match = numeric.exec(text.trim().slice(0, longest))
  if (!match) return undefined
  const [first, second] = [Number(match[1]), Number(match[3])]
  if (first > 12) return second > 12 ? undefined : 'day-first'
  return second > 12 ? 'month-first' : 'open'
}

function fullYear(text: string): number {
  const year = Number(text)
  if (text.length === 4) return year
  return year <= lastShortYear ? 2000 + year : 1900 + year
}

function monthOf(name: string): number {
  return months.indexOf(name.slice(0, 3).toLowerCase()) + 1
}

function combined(
  year: number,
  month: number,
  day: number,
  match: RegExpExecArray,
  at: number,
): WallTime | undefined {
  const [hourText, minuteText, secondText, fraction, half, zone] = match.slice(at)
  const hour = hourOf(hourText, half)
  const minute = Number(minuteText ?? 0)
  const second = Number(secondText ?? 0)
  if (hour < 0 || hour > 24 || minute > 59 || second > 60) return undefined
  if (hour === 24 && (minute > 0 || second > 0)) return undefined
  const midnight = Date.UTC(year, month - 1, day)
  const date = new Date(midnight)
  if (month < 1 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  const ms = Number((fraction ?? '').padEnd(3, '0').slice(0, 3))
  const wallMs = midnight + ((hour * 60 + minute) * 60 + second) * 1000 + ms
  return { wallMs, offsetMin: zone === undefined ? null : offsetOf(zone) }
}

/** -1 for an hour that a twelve-hour clock does not have. */
function hourOf(text: string | undefined, half: string | undefined): number {
  const hour = Number(text ?? 0)
  if (half === undefined) return hour
  if (hour < 1 || hour > 12) return -1
  return (hour % 12) + (/^p/i.test(half) ? 12 : 0)
}

function offsetOf(zone: string): number {
  if (!/^[+-]/.test(zone)) return 0
  const digits = zone.slice(1).replace(':', '')
  const size = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0)
  return zone.startsWith('-') ? -size : size
}

/** The instant (ms) of a time with an offset of its own. */
export function instantWithOffset(wallMs: number, offsetMin: number): number {
  return wallMs - offsetMin * minuteMs
}
