/**
 * FHIR R4 primitive types from the text and times of a record: https://hl7.org/fhir/R4/datatypes.html#primitive.
 *
 * Every function answers `undefined` where the type cannot hold what was given: an element is left out or carries a
 * data-absent-reason, never an invented value.
 */
import { formatInstant } from '../foundation/index.ts'

/** FHIR refuses strings above 1 MB (1,048,576 characters). */
const maxStringLength = 1_048_576

/** Control characters but tab and line ends, noncharacters, unpaired surrogates. */
const forbiddenCharacters = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]|\p{Cs}/gu

/** A `string`: at least one visible character, control characters and lone surrogates shown as U+FFFD. */
export function fhirString(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = String(value).replace(forbiddenCharacters, '\ufffd')
  if (text.trim() === '') return undefined
  return text.length > maxStringLength ? text.slice(0, maxStringLength) : text
}

/** A `code`: words separated by single blanks, nothing else. */
export function fhirCode(value: string): string | undefined {
  const text = fhirString(value)?.replace(/\s+/gu, ' ').trim()
  return text === undefined || text === '' ? undefined : text
}

/** FHIR allows offsets up to ±14:00; a wilder one is written in UTC, which names the same instant. */
const maxOffsetMin = 14 * 60

/** A `dateTime` or `instant` with seconds and offset. `ms` since the epoch, `offsetMin` east of UTC. */
export function fhirInstant(ms: number, offsetMin: number): string {
  return formatInstant(ms, Math.abs(offsetMin) > maxOffsetMin ? 0 : offsetMin)
}

const datePattern = /^(\d{4})(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/
const instantPattern =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)$/

/** A `date`: `1980`, `1980-05` or `1980-05-17`; the day of a longer ISO 8601 text. */
export function fhirDate(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  const day = /^\d{4}-\d{2}-\d{2}T/.test(text) ? text.slice(0, 10) : text
  return datePattern.test(day) && existingDay(day) ? day : undefined
}

/** A `dateTime`: a date, an ISO 8601 time with offset, or ms since the epoch. */
export function fhirDateTime(value: unknown): string | undefined {
  if (typeof value === 'string' && datePattern.test(value.trim())) return fhirDate(value)
  return fhirInstantText(value) ?? fhirDate(value)
}

/** An `instant`: an ISO 8601 time with offset, or ms since the epoch. A bare date names no instant. */
export function fhirInstantText(value: unknown): string | undefined {
  if (typeof value === 'number')
    return Math.abs(value) <= 8.64e15 ? plausibleYear(fhirInstant(value, 0)) : undefined
  if (typeof value !== 'string') return undefined
  const match = instantPattern.exec(value.trim())
  if (!match || !existingDay(match[0].slice(0, 10))) return undefined
  // Seconds are mandatory in FHIR; a time typed to the minute is taken at second 0.
  return match[4] === undefined ? `${match[0].slice(0, 16)}:00${match[0].slice(16)}` : match[0]
}

function existingDay(day: string): boolean {
  if (day.length < 10) return true
  const ms = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day)
}

/** FHIR years have four digits; others of ISO 8601 start with a sign. */
function plausibleYear(text: string): string | undefined {
  return /^\d{4}-/.test(text) ? text : undefined
}

/** JSON in which every character is one that a FHIR `string` may have. */
export function jsonString(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
