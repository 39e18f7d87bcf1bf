/** Instants (ms since the Unix epoch), local offsets (minutes east of UTC) and local days (days since 1970-01-01). */
import { Failure } from './failure.ts'

export const minuteMs = 60_000
export const dayMs = 86_400_000

/** ISO 8601 with offset, milliseconds only where they are not zero: `2026-03-01T07:30:00-05:00`. */
export function formatInstant(ms: number, offsetMin: number): string {
  const local = new Date(ms + offsetMin * minuteMs).toISOString()
  const text = local.endsWith('.000Z') ? local.slice(0, -5) : local.slice(0, -1)
  return text + formatOffset(offsetMin)
}

/** `+02:00`, `-05:30`, `Z` never: a record always tells its offset. */
export function formatOffset(offsetMin: number): string {
  const size = Math.abs(offsetMin)
  const hours = String(Math.floor(size / 60)).padStart(2, '0')
  const minutes = String(size % 60).padStart(2, '0')
  return `${offsetMin < 0 ? '-' : '+'}${hours}:${minutes}`
}

/** The local day that an instant belongs to, with the day starting `dayStartMin` minutes after midnight. */
export function localDay(ms: number, offsetMin: number, dayStartMin = 0): number {
  return Math.floor((ms + (offsetMin - dayStartMin) * minuteMs) / dayMs)
}

/** A civil day has 23 to 25 hours where clocks change, by half hours at the least (Lord Howe). */
const shortestDayMs = 23 * 60 * minuteMs
const longestDayMs = 25 * 60 * minuteMs
const dayStepMs = 30 * minuteMs

/**
 * The civil day that an interval is exactly, from local midnight to the next, or undefined. An interval has one offset,
 * that of its start, so of a day on which clocks change only the length tells that it ends at midnight.
 */
export function civilDay(startMs: number, durationMs: number, offsetMin: number): number | undefined {
  if (durationMs < shortestDayMs || durationMs > longestDayMs || durationMs % dayStepMs !== 0)
    return undefined
  const day = (startMs + offsetMin * minuteMs) / dayMs
  return Number.isInteger(day) ? day : undefined
}

/** The local day that an interval begins on; one that is a whole civil day is of that day whatever the day start. */
export function startDay(
  startMs: number,
  durationMs: number,
  offsetMin: number,
  dayStartMin: number,
): number {
  return civilDay(startMs, durationMs, offsetMin) ?? localDay(startMs, offsetMin, dayStartMin)
}

/** `2026-03-01` of a day number. */
export function formatDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

/** Day number of `YYYY-MM-DD`. Fails with DATE on anything else, and on days that do not exist. */
export function parseDay(text: string): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  const ms = match ? Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) : Number.NaN
  if (Number.isNaN(ms) || formatDay(ms / dayMs) !== text) {
    throw new Failure('DATE', `"${text.slice(0, 40)}" is no date`, { hint: 'Write a date as 2026-03-01.' })
  }
  return ms / dayMs
}
