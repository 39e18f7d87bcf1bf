/**
 * Dates and periods that a person types. ISO 8601 and the common short forms are read here; anything else goes to
 * chrono-node, which is loaded only then. What could mean two dates (03/04/2026) is refused with the question.
 */
import { dayMs, Failure, formatInstant, localDay, minuteMs, parseDay } from '../foundation/index.ts'
import { instantOfLocal, type LocalInstant, offsetOf } from './zone.ts'

export interface When {
  readonly ms: number
  /** Minutes east of UTC at that time and place. */
  readonly offsetMin: number
  /** `day`: only a date was given, `ms` is the start of that day. */
  readonly precision: 'instant' | 'day'
  /** What the person should know: a local time that the change of clocks skipped or doubled. */
  readonly note: string | null
}

/** The time that `text` means for somebody in `zone` at `nowMs`. Fails with DATE, showing a form that works. */
export async function parseWhen(text: string, nowMs: number, zone: string): Promise<When> {
  const words = text.trim().replace(/\s+/g, ' ')
  const quick = parseIso(words, zone) ?? parseShort(words.toLowerCase(), nowMs, zone)
  if (quick) return quick
  refuseAmbiguous(words)
  const { parseNatural } = await import('./natural-date.ts')
  return parseNatural(words, nowMs, zone)
}

const isoForm =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/i

function parseIso(text: string, zone: string): When | undefined {
  const match = isoForm.exec(text)
  if (!match) return undefined
  const [, date = '', hour, minute, second = '0', fraction = '', offset] = match
  const dayStart = parseDay(date) * dayMs
  if (hour === undefined) return whenOf(instantOfLocal(zone, dayStart), text, 'day')
  const timeMs =
    clockTime(text, Number(hour), Number(minute), Number(second)) + Number(`0.${fraction || '0'}`) * 1000
  const wallMs = dayStart + Math.floor(timeMs)
  if (offset === undefined) return whenOf(instantOfLocal(zone, wallMs), text, 'instant')
  const offsetMin = offsetMinutes(offset, text)
  return { ms: wallMs - offsetMin * minuteMs, offsetMin, precision: 'instant', note: null }
}

function offsetMinutes(text: string, whole: string): number {
  if (/^z$/i.test(text)) return 0
  const hours = Number(text.slice(1, 3))
  const minutes = Number(text.slice(-2))
  if (hours > 15 || minutes > 59) throw unreadable(whole)
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

/** Milliseconds after midnight. `60` seconds (a leap second) counts as 59.999…: the record keeps its minute. */
function clockTime(text: string, hour: number, minute: number, second: number): number {
  if (hour > 23 || minute > 59 || second > 60) throw unreadable(text)
  return (hour * 60 + minute) * minuteMs + Math.min(second, 59) * 1000
}

const agoForm = /^(\d{1,4}|an?|one) (minute|min|hour|hr|h|day|week)s? ago$/
const dayForm = /^(?:(today|yesterday)(?:,? (?:at )?(.+))?|(?:at )?(\d{1,2}(?::\d{2})? ?(?:am|pm)?))$/
const clockForm = /^(\d{1,2})(?:[:.](\d{2}))?(?: ?(am|pm))?$/

/** `now`, `today 7:30`, `yesterday 22:00`, `7:30`, `3 days ago`: the forms people type most. */
function parseShort(text: string, nowMs: number, zone: string): When | undefined {
  if (text === 'now') return { ms: nowMs, offsetMin: offsetOf(zone, nowMs), precision: 'instant', note: null }
  const ago = agoForm.exec(text)
  if (ago) return agoWhen(Number(ago[1]) || 1, ago[2] ?? '', nowMs, zone, text)
  const match = dayForm.exec(text)
  if (!match) return undefined
  const today = localDay(nowMs, offsetOf(zone, nowMs))
  const day = match[1] === 'yesterday' ? today - 1 : today
  const clock = match[2] ?? match[3]
  if (clock === undefined) return whenOf(instantOfLocal(zone, day * dayMs), text, 'day')
  const time = parseClock(clock, text)
  return time === undefined ? undefined : whenOf(instantOfLocal(zone, day * dayMs + time), text, 'instant')
}

/** A bare number is no time of day (`7`), except after a named day (`today 7`). */
function parseClock(clock: string, text: string): number | undefined {
  const match = clockForm.exec(clock)
  if (!match || (/^\d+$/.test(clock) && clock === text)) return undefined
  const hour = Number(match[1])
  const half = match[3]
  if (half === undefined) return clockTime(text, hour, Number(match[2] ?? 0), 0)
  if (hour < 1 || hour > 12) throw unreadable(text)
  return clockTime(text, (hour % 12) + (half === 'pm' ? 12 : 0), Number(match[2] ?? 0), 0)
}

/** Minutes and hours are elapsed time; days and weeks keep the wall clock across a change of clocks. */
function agoWhen(count: number, unit: string, nowMs: number, zone: string, text: string): When {
  const elapsed = {
    minute: minuteMs,
    min: minuteMs,
    hour: 60 * minuteMs,
    hr: 60 * minuteMs,
    h: 60 * minuteMs,
  }[unit]
  if (elapsed !== undefined) {
    const ms = nowMs - count * elapsed
    return { ms, offsetMin: offsetOf(zone, ms), precision: 'instant', note: null }
  }
  const wallMs = nowMs + offsetOf(zone, nowMs) * minuteMs - count * (unit === 'week' ? 7 : 1) * dayMs
  return whenOf(instantOfLocal(zone, wallMs), text, 'instant')
}

/** 3/4/26 is the third of April to some and the fourth of March to others. */
function refuseAmbiguous(text: string): void {
  const match = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})\b/.exec(text)
  if (!match) return
  const [, first = '', second = '', year = ''] = match
  const century = year.length === 2 ? `20${year}` : year
  const two = (part: string): string => part.padStart(2, '0')
  const orders = [`${two(first)}-${two(second)}`, `${two(second)}-${two(first)}`]
  const forms = orders.map((order) => `${century}-${order}`).filter(isDay)
  if (forms.length === 0) throw unreadable(text)
  if (forms.length === 1) {
    throw new Failure('DATE', `"${text.slice(0, 40)}" is written in an order that differs by country`, {
      hint: `Write year-month-day: ${forms[0]}.`,
    })
  }
  throw new Failure('DATE', `"${text.slice(0, 40)}" can be read in more than one way`, {
    hint: `Write year-month-day: ${forms.join(' or ')}.`,
  })
}

function isDay(text: string): boolean {
  const ms = Date.parse(text)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)
}

export function whenOf(local: LocalInstant, text: string, precision: When['precision']): When {
  const { ms, offsetMin, change } = local
  return { ms, offsetMin, precision, note: changeNote(change, text, ms, offsetMin) }
}

function changeNote(
  change: LocalInstant['change'],
  text: string,
  ms: number,
  offsetMin: number,
): string | null {
  if (change === null) return null
  const taken = formatInstant(ms, offsetMin)
  return change === 'gap'
    ? `"${text}" does not exist: the clocks went forward; taken as ${taken}`
    : `"${text}" occurs twice: the clocks went back; taken as the first, ${taken}`
}

export function unreadable(text: string): Failure {
  return new Failure('DATE', `"${text.slice(0, 40)}" is no date or time that can be read`, {
    hint: 'Write 2026-03-01, 2026-03-01T07:30, "today 7:30", "yesterday 22:00" or "3 days ago".',
  })
}
