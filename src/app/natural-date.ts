/** Dates in plain English through chrono-node (`last monday at 8pm`, `may 5th 2025`). Loaded only when needed. */
import { en, type ParsedComponents } from 'chrono-node'
import { minuteMs } from '../foundation/index.ts'
import { unreadable, type When, whenOf } from './dates.ts'
import { instantOfLocal, offsetOf } from './zone.ts'

/** The whole text must be one date; a part of it would be a guess. Fails with DATE. */
export function parseNatural(text: string, nowMs: number, zone: string): When {
  const reference = { instant: new Date(nowMs), timezone: offsetOf(zone, nowMs) }
  const [found, another] = en.casual.parse(text, reference)
  if (!found || another || found.end || found.index !== 0 || found.text.length !== text.length)
    throw unreadable(text)
  const { start } = found
  if (start.isCertain('timezoneOffset')) {
    const ms = start.date().getTime()
    return { ms, offsetMin: offsetOf(zone, ms), precision: 'instant', note: null }
  }
  const dayOnly = !start.isCertain('hour')
  return whenOf(instantOfLocal(zone, wallTime(start, dayOnly)), text, dayOnly ? 'day' : 'instant')
}

function wallTime(parts: ParsedComponents, dayOnly: boolean): number {
  const part = (name: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'): number => parts.get(name) ?? 0
  const day = Date.UTC(part('year'), part('month') - 1, part('day'))
  return dayOnly ? day : day + (part('hour') * 60 + part('minute')) * minuteMs + part('second') * 1000
}
