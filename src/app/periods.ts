/** Periods that a person asks for: `--from`, `--to`, `--last`, `--on`. Half-open: from ≤ instant < to. */
import { dayMs, Failure, localDay, minuteMs } from '../foundation/index.ts'
import { parseWhen } from './dates.ts'
import { instantOfLocal, offsetOf } from './zone.ts'

export interface PeriodOptions {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly last?: string | undefined
  readonly on?: string | undefined
}

export interface ParsedPeriod {
  readonly fromMs?: number
  readonly toMs?: number
  /** Notes on changes of clocks. */
  readonly notes: readonly string[]
}

export interface Place {
  readonly nowMs: number
  readonly zone: string
  /** Minutes after midnight at which a day begins. */
  readonly dayStartMin: number
}

/** Fails with USAGE where options exclude each other, with DATE where one cannot be read. */
export async function parsePeriod(options: PeriodOptions, place: Place): Promise<ParsedPeriod> {
  const { from, to, last, on } = options
  const alone = on !== undefined ? 'on' : last !== undefined ? 'last' : undefined
  const given = (['on', 'last', 'from', 'to'] as const).filter((name) => options[name] !== undefined)
  if (alone !== undefined && given.length > 1) {
    throw new Failure('USAGE', `--${alone} and --${given.find((name) => name !== alone)} exclude each other`)
  }
  if (on !== undefined) return onePeriod(await bound(on, place, 'on'))
  if (last !== undefined) return lastPeriod(last, place)
  const start = from === undefined ? undefined : await bound(from, place, 'from')
  const end = to === undefined ? undefined : await bound(to, place, 'to')
  if (start && end && start.startMs >= end.endMs) {
    throw new Failure('DATE', 'the period ends before it begins', { hint: 'Exchange --from and --to.' })
  }
  return {
    ...(start ? { fromMs: start.startMs } : {}),
    ...(end ? { toMs: end.endMs } : {}),
    notes: [start?.note, end?.note].filter((note) => typeof note === 'string'),
  }
}

interface Bound {
  readonly startMs: number
  /** The end of the day for a date, the instant itself for a time. */
  readonly endMs: number
  readonly note: string | null
  readonly wholeDay: boolean
}

async function bound(text: string, place: Place, option: string): Promise<Bound> {
  const when = await parseWhen(text, place.nowMs, place.zone)
  if (when.precision === 'instant') {
    if (option === 'on') throw new Failure('DATE', '--on takes a day', { hint: '--on 2026-03-01' })
    return { startMs: when.ms, endMs: when.ms, note: when.note, wholeDay: false }
  }
  const day = localDay(when.ms, when.offsetMin)
  return { startMs: startOfDay(day, place), endMs: startOfDay(day + 1, place), note: null, wholeDay: true }
}

function onePeriod(day: Bound): ParsedPeriod {
  return { fromMs: day.startMs, toMs: day.endMs, notes: [] }
}

/** The instant at which a local day begins, with the person's day start. */
export function startOfDay(day: number, place: Pick<Place, 'zone' | 'dayStartMin'>): number {
  return instantOfLocal(place.zone, day * dayMs + place.dayStartMin * minuteMs).ms
}

/** `30d` is today and the 29 days before; `6mo` begins the day after this day six months ago. */
function lastPeriod(text: string, place: Place): ParsedPeriod {
  const match = /^(\d{1,5})\s?(d|w|mo|y)$/.exec(text.trim().toLowerCase())
  const count = Number(match?.[1] ?? 0)
  if (!match || count === 0) {
    throw new Failure('DATE', `"${text.slice(0, 40)}" is no span of time`, {
      hint: 'Write 30d, 12w, 6mo or 2y.',
    })
  }
  const today = localDay(place.nowMs, offsetOf(place.zone, place.nowMs), place.dayStartMin)
  const firstDay = match[2] === 'd' || match[2] === 'w' ? today - count * (match[2] === 'w' ? 7 : 1) + 1 : 0
  const first = firstDay || monthsBefore(today, match[2] === 'y' ? count * 12 : count) + 1
  return { fromMs: startOfDay(first, place), toMs: startOfDay(today + 1, place), notes: [] }
}

/** The same day of an earlier month, or that month's last day. */
function monthsBefore(day: number, months: number): number {
  const date = new Date(day * dayMs)
  const total = date.getUTCFullYear() * 12 + date.getUTCMonth() - months
  const year = Math.floor(total / 12)
  const month = total - year * 12
  const lastOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return Math.floor(Date.UTC(year, month, Math.min(date.getUTCDate(), lastOfMonth)) / dayMs)
}
