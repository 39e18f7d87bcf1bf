/**
 * Hybrid logical clock (Kulkarni et al. 2014, as security.md 5.7 with the architecture page's amendment): 48-bit
 * milliseconds, 16-bit counter, device.
 *
 * A stamp as text is 12 + 4 + 32 hexadecimal digits, so that comparing texts compares stamps. Local writes are
 * never refused: a wall clock behind the last stamp counts on. A stamp more than a day ahead of the wall clock
 * is stored and folded as it is, but the local clock does not follow it.
 */
import { assert } from '../../foundation/index.ts'

/** ms and counter of a stamp; the device is known from elsewhere. */
export interface HlcTime {
  readonly ms: number
  readonly counter: number
}

/** `mmmmmmmmmmmmccccdddddddddddddddddddddddddddddddd`: ms, counter, device id. */
export type Hlc = string

export const maxCounter = 0xffff
const maxMs = 2 ** 48 - 1
/** Stamps further ahead than this do not drag the local clock. */
export const maxLeadMs = 24 * 3_600_000
const timeDigits = 16

export const zeroTime: HlcTime = { ms: 0, counter: 0 }

/** The stamp after `last`, at wall time `nowMs`. Never fails because of the wall clock. */
export function nextTime(last: HlcTime, nowMs: number): HlcTime {
  const wall = Math.min(maxMs, Math.max(0, Math.floor(nowMs)))
  if (wall > last.ms) return { ms: wall, counter: 0 }
  if (last.counter < maxCounter) return { ms: last.ms, counter: last.counter + 1 }
  assert(last.ms < maxMs, 'the logical clock ends in the year 10889')
  return { ms: last.ms + 1, counter: 0 }
}

/** The local clock after seeing a remote stamp: the later of both, unless the remote one is implausibly ahead. */
export function observeTime(last: HlcTime, remote: HlcTime, nowMs: number): HlcTime {
  if (remote.ms > nowMs + maxLeadMs) return last
  return compareTimes(last, remote) >= 0 ? last : remote
}

export function compareTimes(a: HlcTime, b: HlcTime): number {
  return a.ms - b.ms || a.counter - b.counter
}

export function formatHlc(time: HlcTime, deviceHex: string): Hlc {
  return time.ms.toString(16).padStart(12, '0') + time.counter.toString(16).padStart(4, '0') + deviceHex
}

/** The first 16 digits: time without device; comparable as text. */
export function hlcTimeText(hlc: Hlc): string {
  return hlc.slice(0, timeDigits)
}

export function hlcDevice(hlc: Hlc): string {
  return hlc.slice(timeDigits)
}

/** Milliseconds of a stamp. */
export function hlcMs(hlc: Hlc): number {
  return Number.parseInt(hlc.slice(0, 12), 16)
}

export function hlcTime(hlc: Hlc): HlcTime {
  return { ms: hlcMs(hlc), counter: Number.parseInt(hlc.slice(12, timeDigits), 16) }
}
