/**
 * Times of clinical documents: FHIR `dateTime` (https://hl7.org/fhir/R4/datatypes.html#dateTime) of any precision, and
 * the same with the offset left out, as CDA and HL7 v2 allow. HL7 `TS` (`20130814153000.5-0500`) is rewritten to it.
 */
import { dayMs, minuteMs } from '../../foundation/index.ts'

export type Precision = 'year' | 'month' | 'day' | 'time'

export interface ClinicalTime {
  /** The local time read as if it were UTC, ms. */
  readonly wallMs: number
  /** Minutes east of UTC; null when it is not stated. */
  readonly offsetMin: number | null
  readonly precision: Precision
}

const pattern =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9})\d*)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/
const maxOffsetMin = 18 * 60

/** Reads a dateTime; undefined when it is none or names a day that does not exist. */
export function readClinicalTime(text: string): ClinicalTime | undefined {
  const match = pattern.exec(text.trim())
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  const midnight = midnightOf(Number(year), Number(month ?? 1), Number(day ?? 1))
  if (Number.isNaN(midnight)) return undefined
  if (day === undefined || hour === undefined) {
    const precision = day === undefined ? (month === undefined ? 'year' : 'month') : 'day'
    return { wallMs: midnight, offsetMin: null, precision }
  }
  // 24:00 is not FHIR, but the midnight that it names is clear; second 60 is a leap second.
  const [hours, minutes, seconds] = [Number(hour), Number(minute), Number(second ?? 0)]
  if (hours > 24 || minutes > 59 || seconds > 60 || (hours === 24 && minutes + seconds > 0)) return undefined
  const offsetMin = offsetOf(zone)
  if (offsetMin !== null && Math.abs(offsetMin) > maxOffsetMin) return undefined
  const ms = Math.trunc(Number(`0.${fraction ?? 0}`) * 1000)
  return {
    wallMs: midnight + hours * 3_600_000 + minutes * minuteMs + seconds * 1000 + ms,
    offsetMin,
    precision: 'time',
  }
}

function offsetOf(zone: string | undefined): number | null {
  if (zone === undefined) return null
  if (zone === 'Z') return 0
  const size = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))
  return zone.startsWith('-') ? -size : size
}

/** UTC midnight of a day, ms; NaN when there is no such day. */
function midnightOf(year: number, month: number, day: number): number {
  const ms = new Date(0).setUTCFullYear(year, month - 1, day)
  const date = new Date(ms)
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month >= 1
  return exists ? Math.floor(ms / dayMs) * dayMs : Number.NaN
}

const timestampPattern =
  /^(\d{4})(\d{2})?(\d{2})?(?:(\d{2})(\d{2})?(\d{2})?(?:\.(\d{1,9}))?)?\s*([+-])?(\d{2})?:?(\d{2})?$/

/**
 * An HL7 `TS`/`DTM` as a FHIR dateTime (without offset where it states none); undefined when it is none. An hour
 * without minutes means its beginning. An offset behind a mere date says nothing and is left out.
 */
export function dateTimeOfTimestamp(text: string): string | undefined {
  const match = timestampPattern.exec(text.trim())
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, fraction, sign, zoneHour, zoneMinute] = match
  const date = [year, month, day].filter((part) => part !== undefined).join('-')
  if (day === undefined || hour === undefined) return date
  const time = `${hour}:${minute ?? '00'}:${second ?? '00'}${fraction === undefined ? '' : `.${fraction}`}`
  const zone = sign === undefined ? '' : `${sign}${zoneHour ?? '00'}:${zoneMinute ?? '00'}`
  return `${date}T${time}${zone}`
}
