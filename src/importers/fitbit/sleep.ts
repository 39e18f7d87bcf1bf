/**
 * Sleep logs (`sleep-*.json`, and the answers of the Web API 1.2). `stages` logs have deep, light, REM and wake;
 * `classic` ones asleep, restless and awake, of which Fitbit counts the last two as minutes awake. `shortData` are
 * wakes of at most three minutes inside the stages of `data`; Fitbit's own sums take them off, and so do the intervals
 * made here.
 *
 * Source: dev.fitbit.com, Web API reference, Get Sleep Log by Date.
 */
import { isObject, type JsonObject, listAt, numberAt, own, textAt } from '../json/member-values.ts'
import type { Measurement, Place } from '../measurements.ts'
import { readWallTime } from '../wall-time.ts'
import type { FitbitContext, Moment } from './context.ts'

const metricByLevel: Readonly<Record<string, string>> = {
  deep: 'sleep_deep',
  light: 'sleep_core',
  rem: 'sleep_rem',
  wake: 'sleep_awake',
  asleep: 'sleep_asleep',
  restless: 'sleep_awake',
  awake: 'sleep_awake',
}

/** Metrics that a sleep log can become. */
export const sleepMetrics: readonly string[] = [
  ...Object.values(metricByLevel),
  'sleep_efficiency',
  'sleep_in_bed',
  'sleep_latency',
  'sleep_total',
]

/** The time of a level: [startMs, endMs) in the clock of the log. */
export interface Stretch {
  readonly level: string
  readonly startMs: number
  readonly endMs: number
}

interface Night {
  readonly start: Moment
  readonly durationMs: number
  /** The moment of a local time of the log. */
  at(wallMs: number): Moment
}

export function takeSleep(context: FitbitContext, value: JsonObject, place: Place): void {
  const night = nightOf(context, value)
  if (!night) {
    context.measurements.refuse('its start or end cannot be read', place, 'DATE')
    return
  }
  const { start, durationMs } = night
  const source = context.account
  const period = { source, startMs: start.ms, offsetMin: start.offsetMin, durationMs }
  let taken = takeStretches(context, value, night, place)
  if (taken === 0) taken = takeSummary(context, value, period, place)
  const bed = numberAt(value, 'timeInBed')
  if (bed > 0) {
    taken++
    // `mainSleep` in exports, `isMainSleep` in answers of the Web API.
    const isNap = [own(value, 'mainSleep'), own(value, 'isMainSleep')].includes(false)
    const extra = isNap ? { extra: { context: 'nap' } } : {}
    context.measurements.take({ metric: 'sleep_in_bed', unit: 'min', ...period, value: bed, ...extra }, place)
  }
  const end = night.at(wallOf(value, 'startTime') + durationMs)
  const wake = { source, startMs: start.ms + durationMs, offsetMin: end.offsetMin }
  const efficiency = numberAt(value, 'efficiency')
  // Logs that the tracker made state 0 where nothing was measured.
  const latency = numberAt(value, 'minutesToFallAsleep')
  for (const [metric, unit, amount] of [
    ['sleep_efficiency', '%', efficiency],
    ['sleep_latency', 'min', latency],
  ] as const) {
    if (!(amount > 0)) continue
    taken++
    context.measurements.take({ metric, unit, ...wake, value: amount }, place)
  }
  context.finish('fitbit sleep', taken, start.ms, place)
}

/** The local times of a log run on over a change of the clocks where its length is their difference. */
function nightOf(context: FitbitContext, value: JsonObject): Night | undefined {
  const startWall = wallOf(value, 'startTime')
  const endWall = wallOf(value, 'endTime')
  const stated = numberAt(value, 'duration')
  const durationMs = stated > 0 ? stated : endWall - startWall
  if (!(durationMs > 0)) return undefined
  const offset = context.intake.options.zone === undefined ? context.nightOffsets.get(startWall) : undefined
  const start =
    offset === undefined ? context.ofWall(startWall) : { ms: startWall - offset * 60_000, offsetMin: offset }
  if (!Number.isFinite(start.ms)) return undefined
  const isSteady = offset !== undefined || Number.isNaN(endWall) || endWall - startWall === durationMs
  const at = (wallMs: number): Moment => {
    if (!isSteady) return context.ofWall(wallMs)
    const ms = start.ms + wallMs - startWall
    return { ms, offsetMin: offset ?? context.ofUtc(ms).offsetMin }
  }
  return { start, durationMs, at }
}

/** Takes the stages of a log one by one; how many there are. */
function takeStretches(context: FitbitContext, value: JsonObject, night: Night, place: Place): number {
  const levels = own(value, 'levels')
  const stretches = withShortWakes(
    stretchesIn(listAt(levels, 'data')),
    stretchesIn(listAt(levels, 'shortData')),
  )
  for (const { level, startMs: wallMs, endMs } of stretches) {
    const { ms: startMs, offsetMin } = night.at(wallMs)
    const durationMs = endMs - wallMs
    const base = { metric: metricByLevel[level] as string, unit: 's', source: context.account }
    context.measurements.take({ startMs, offsetMin, durationMs, value: durationMs / 1000, ...base }, place)
  }
  return stretches.length
}

/** Takes the minutes of each stage, or of all sleep, where a log has no stages one by one. */
function takeSummary(
  context: FitbitContext,
  value: JsonObject,
  period: Omit<Measurement, 'metric' | 'unit' | 'value'>,
  place: Place,
): number {
  const summary = own(own(value, 'levels'), 'summary')
  const sums = new Map<string, number>()
  for (const [level, metric] of Object.entries(metricByLevel)) {
    const minutes = numberAt(own(summary, level), 'minutes')
    if (minutes > 0) sums.set(metric, (sums.get(metric) ?? 0) + minutes)
  }
  const asleep = numberAt(value, 'minutesAsleep')
  if (sums.size === 0 && asleep > 0) sums.set('sleep_total', asleep)
  for (const [metric, amount] of sums) {
    context.measurements.take({ metric, unit: 'min', ...period, value: amount }, place)
  }
  return sums.size
}

function stretchesIn(list: readonly unknown[]): Stretch[] {
  return list.flatMap((one) => {
    const level = textAt(one, 'level')
    const startMs = wallOf(one, 'dateTime')
    const seconds = numberAt(one, 'seconds')
    if (!Object.hasOwn(metricByLevel, level) || !(startMs + seconds > startMs)) return []
    return [{ level, startMs, endMs: startMs + seconds * 1000 }]
  })
}

/** Stages without the short wakes inside them, and those wakes, in order of time; neighbours of one level are one. */
export function withShortWakes(stages: readonly Stretch[], wakes: readonly Stretch[]): Stretch[] {
  const byStart = (a: Stretch, b: Stretch) => a.startMs - b.startMs
  const short = [...wakes].sort(byStart)
  const pieces: Stretch[] = [...short]
  let first = 0
  for (const stage of [...stages].sort(byStart)) {
    let startMs = stage.startMs
    while (first < short.length && (short[first] as Stretch).endMs <= startMs) first++
    for (let i = first; i < short.length; i++) {
      const wake = short[i] as Stretch
      if (wake.startMs >= stage.endMs) break
      if (wake.startMs > startMs) pieces.push({ ...stage, startMs, endMs: wake.startMs })
      startMs = Math.max(startMs, wake.endMs)
    }
    if (startMs < stage.endMs) pieces.push({ ...stage, startMs })
  }
  const merged: Stretch[] = []
  for (const piece of pieces.sort(byStart)) {
    const last = merged.at(-1)
    if (last?.level === piece.level && last.endMs === piece.startMs)
      merged[merged.length - 1] = { ...last, endMs: piece.endMs }
    else merged.push(piece)
  }
  return merged
}

function wallOf(value: unknown, key: string): number {
  return isObject(value) ? (readWallTime(textAt(value, key))?.wallMs ?? Number.NaN) : Number.NaN
}
