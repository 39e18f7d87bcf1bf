/** Wall-clock times in a time zone: the offset at an instant, and the instant of a local time. */
import { existsSync, readlinkSync } from 'node:fs'
import { Failure, minuteMs } from '../foundation/index.ts'
import type { Config } from './config.ts'

const hourMs = 60 * minuteMs

/** A local time as an instant, and what to tell the person when the clocks were being changed just then. */
export interface LocalInstant {
  readonly ms: number
  /** Minutes east of UTC. */
  readonly offsetMin: number
  /** `gap`: the local time does not exist; `overlap`: it exists twice. */
  readonly change: 'gap' | 'overlap' | null
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Minutes east of UTC that `zone` (IANA) has at an instant; seconds of historic offsets are dropped. */
export function offsetOf(zone: string, ms: number): number {
  // The zone of this computer is what Date knows by itself: much faster than the first use of Intl.
  if (zone === knownSystemZone) return 0 - Math.trunc(new Date(ms).getTimezoneOffset())
  const text =
    formatOf(zone)
      .formatToParts(ms)
      .find((part) => part.type === 'timeZoneName')?.value ?? ''
  const match = /^GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(text)
  if (!match?.[1]) return 0
  const size = Number(match[2]) * 60 + Number(match[3])
  return match[1] === '-' ? -size : size
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    formats.set(zone, format)
    return format
  } catch (error) {
    throw new Failure('DATE', `there is no time zone "${zone.slice(0, 60)}"`, {
      hint: 'Write it like Europe/Berlin or America/New_York.',
      cause: error,
    })
  }
}

let knownSystemZone: string | undefined

/** The time zone of this computer. */
export function systemZone(): string {
  knownSystemZone ??= zoneByName() ?? new Intl.DateTimeFormat().resolvedOptions().timeZone
  return knownSystemZone
}

/** The zone of the person's days and of times without one: the setting `time-zone`, else that of this computer. */
export function personZone(config: Pick<Config, 'timeZone'>): string {
  return config.timeZone() ?? systemZone()
}

const zoneFolder = '/usr/share/zoneinfo/'

/**
 * The zone that TZ or the link /etc/localtime names, where it is one of the system's zone files. Asking Intl costs
 * 12 ms of start time, a fifth of what `log` may take.
 */
function zoneByName(): string | undefined {
  const named = process.env['TZ']
  const zone = named === undefined ? zoneOfLink() : named
  return zone !== undefined &&
    /^[A-Z][\w+-]*(\/[\w+-]+){1,2}$|^UTC$/.test(zone) &&
    existsSync(zoneFolder + zone)
    ? zone
    : undefined
}

function zoneOfLink(): string | undefined {
  try {
    return /\/zoneinfo\/(.+)$/.exec(readlinkSync('/etc/localtime'))?.[1]
  } catch {
    // No such link: a file in its place, or another system. Intl knows.
    return undefined
  }
}

/**
 * The instant of a local time. `wallMs` is the local time read as if it were UTC. A time that the clocks skip is moved
 * forward by the gap (02:30 becomes 03:30); of a time that occurs twice the first is meant (RFC 5545 3.3.5 does both).
 */
export function instantOfLocal(zone: string, wallMs: number): LocalInstant {
  // Zones change their offset at most once within this window.
  const before = offsetOf(zone, wallMs - 26 * hourMs)
  const after = offsetOf(zone, wallMs + 26 * hourMs)
  const candidates = (before === after ? [before] : [before, after])
    .map((offsetMin) => ({ ms: wallMs - offsetMin * minuteMs, offsetMin }))
    .filter(({ ms, offsetMin }) => offsetOf(zone, ms) === offsetMin)
    .sort((a, b) => a.ms - b.ms)
  const [first, second] = candidates
  if (first) return { ...first, change: second ? 'overlap' : null }
  const ms = wallMs - before * minuteMs
  return { ms, offsetMin: offsetOf(zone, ms), change: 'gap' }
}
