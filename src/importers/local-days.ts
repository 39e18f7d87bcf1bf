/** Days that an export names by their date: from local midnight to the next one, at most 24 hours. */

import { dayMs, type ZoneOffsets } from '../foundation/index.ts'

export interface DaySpan {
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
}

/**
 * The day `2026-01-31` in a zone; undefined when it is none. A time behind the date is not looked at. A record has one
 * offset, by which its day ends after 24 hours: of a day with 25 the last hour would carry part of the total over to the
 * next day, so it is left out.
 */
export function localDaySpan(text: string, zone: ZoneOffsets): DaySpan | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:$|[T ])/.exec(text.trim())
  if (!match) return undefined
  const midnight = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  if (new Date(midnight).toISOString().slice(0, 10) !== match[0].slice(0, 10)) return undefined
  const startMs = zone.instantOf(midnight)
  return {
    startMs,
    durationMs: Math.min(zone.instantOf(midnight + dayMs) - startMs, dayMs),
    offsetMin: zone.at(startMs),
  }
}
