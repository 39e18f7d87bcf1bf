/** `effective_time_frame`: an instant, or an interval given by two of start, end and duration. */

import { minuteMs, type ZoneOffsets } from '../../foundation/index.ts'
import { type JsonObject, numberAt, own, textAt } from '../json/member-values.ts'
import { readWallTime } from '../wall-time.ts'

export interface TimeFrame {
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
}

const msByUnit: Readonly<Record<string, number>> = {
  ms: 1,
  sec: 1000,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  d: 86_400_000,
  wk: 604_800_000,
}

/** The frame of a body; `none` where it has no time, `vague` where it has only a day or a part of it. */
export function timeFrameOf(body: JsonObject, zone: () => ZoneOffsets): TimeFrame | 'none' | 'vague' {
  const frame = own(body, 'effective_time_frame')
  const instant = textAt(frame, 'date_time')
  if (instant !== '') return instantOf(instant, zone) ?? 'none'
  const interval = own(frame, 'time_interval')
  const start = instantOf(textAt(interval, 'start_date_time'), zone)
  const end = instantOf(textAt(interval, 'end_date_time'), zone)
  const durationMs = durationOf(own(interval, 'duration'))
  if (start && end) return { ...start, durationMs: end.startMs - start.startMs }
  if (start && durationMs !== undefined) return { ...start, durationMs }
  if (end && durationMs !== undefined) return { ...end, startMs: end.startMs - durationMs, durationMs }
  if (start) return start
  return textAt(interval, 'date') === '' ? 'none' : 'vague'
}

/** Milliseconds of `{value, unit}`; undefined for months and years, which have no fixed length. */
export function durationOf(value: unknown): number | undefined {
  const unitMs = msByUnit[textAt(value, 'unit')]
  const number = numberAt(value, 'value')
  return unitMs === undefined || Number.isNaN(number) ? undefined : Math.round(number * unitMs)
}

function instantOf(text: string, zone: () => ZoneOffsets): TimeFrame | undefined {
  const time = text === '' ? undefined : readWallTime(text)
  if (!time) return undefined
  if (time.offsetMin === null) {
    const startMs = zone().instantOf(time.wallMs)
    return { startMs, durationMs: 0, offsetMin: zone().at(startMs) }
  }
  return {
    startMs: time.wallMs - time.offsetMin * minuteMs,
    durationMs: 0,
    offsetMin: time.offsetMin,
  }
}
