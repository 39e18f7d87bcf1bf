/**
 * Tables with a night or a stretch of it in a row: skin temperature (local times), and Google's tables of sleep, whose
 * times are UTC beside the offset of the place. Where the input holds sleep logs the latter tell the same nights again:
 * then only their offsets are taken, which the logs lack.
 */
import { minuteMs } from '../../foundation/index.ts'
import { cellNumber } from '../delimited/number.ts'
import type { Place } from '../measurements.ts'
import { readWallTime } from '../wall-time.ts'
import type { FitbitContext } from './context.ts'
import { cellMoment, type TakeRow } from './table-rows.ts'

const stageMetrics: Readonly<Record<string, string>> = {
  DEEP: 'sleep_deep',
  LIGHT: 'sleep_core',
  REM: 'sleep_rem',
  WAKE: 'sleep_awake',
  AWAKE: 'sleep_awake',
  ASLEEP: 'sleep_asleep',
  RESTLESS: 'sleep_awake',
}

/** Metrics that these tables can become. */
export const nightMetrics: readonly string[] = [
  ...Object.values(stageMetrics),
  'sleep_in_bed',
  'sleep_total',
  'temperature_deviation',
  'wrist_temperature',
]

const maxNights = 100_000

type Kind = 'computed temperature' | 'sleeps' | 'sleep stages'

const headers: readonly (readonly [Kind, readonly string[]])[] = [
  ['computed temperature', ['sleep_start', 'sleep_end', 'nightly_temperature']],
  ['sleep stages', ['sleep_stage_type', 'start_utc_offset', 'sleep_stage_start', 'sleep_stage_end']],
  ['sleeps', ['sleep_id', 'start_utc_offset', 'sleep_start', 'sleep_end']],
]

/** The kind of a table of nights by its titles (lower case). */
export function nightKind(titles: readonly string[]): Kind | undefined {
  return headers.find(([, needed]) => needed.every((title) => titles.includes(title)))?.[0]
}

export function nightRows(context: FitbitContext, kind: Kind, titles: readonly string[]): TakeRow {
  const take = { 'computed temperature': takeTemperature, sleeps: takeSleep, 'sleep stages': takeStage }[kind]
  return (cells, place) => {
    take(context, (title) => cells[titles.indexOf(title)]?.trim() ?? '', place)
  }
}

type Cell = (title: string) => string

interface Span {
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
}

/** The mean deviation is the sum of the samples' deviations from the person's baseline by their number. */
function takeTemperature(context: FitbitContext, cell: Cell, place: Place): void {
  const start = cellMoment(context, 'local', cell('sleep_start'))
  const end = cellMoment(context, 'local', cell('sleep_end'))
  const span = { startMs: start.ms, durationMs: end.ms - start.ms, offsetMin: start.offsetMin }
  const deviation = cellNumber(cell('baseline_relative_sample_sum')) / cellNumber(cell('temperature_samples'))
  let taken = 0
  for (const [metric, value] of [
    ['wrist_temperature', cellNumber(cell('nightly_temperature'))],
    ['temperature_deviation', deviation],
  ] as const) {
    if (!Number.isFinite(value)) continue
    taken++
    const base = { metric, unit: 'Cel', source: context.account, ...span }
    context.measurements.take({ value, ...base }, place)
  }
  context.finish('fitbit computed_temperature', taken, start.ms, place)
}

function takeSleep(context: FitbitContext, cell: Cell, place: Place): void {
  const span = spanOf(context, cell, 'sleep_start', 'sleep_end')
  learnOffset(context, cell, span.startMs)
  if (context.hasSleepLogs) {
    context.measurements.unmapped('fitbit UserSleeps beside its sleep log', span.startMs, place)
    return
  }
  const isStaged = cell('sleep_type').toUpperCase() === 'STAGES'
  let taken = 0
  for (const [metric, title] of [
    ['sleep_in_bed', 'minutes_in_sleep_period'],
    ['sleep_total', 'minutes_asleep'],
  ] as const) {
    const value = cellNumber(cell(title))
    if (!(value > 0) || (isStaged && metric === 'sleep_total')) continue
    taken++
    context.measurements.take({ metric, unit: 'min', source: context.account, ...span, value }, place)
  }
  context.finish('fitbit UserSleeps', taken, span.startMs, place)
}

function takeStage(context: FitbitContext, cell: Cell, place: Place): void {
  const span = spanOf(context, cell, 'sleep_stage_start', 'sleep_stage_end')
  const stage = cell('sleep_stage_type').toUpperCase()
  const metric = Object.hasOwn(stageMetrics, stage) ? stageMetrics[stage] : undefined
  if (context.hasSleepLogs) {
    context.measurements.unmapped('fitbit UserSleepStages beside its sleep log', span.startMs, place)
  } else if (metric === undefined)
    context.measurements.unmapped('fitbit UserSleepStages', span.startMs, place)
  else {
    const value = span.durationMs / 1000
    context.measurements.take({ metric, unit: 's', source: context.account, ...span, value }, place)
  }
}

/** Remembers the offset of a night under the local time that its log begins at. */
function learnOffset(context: FitbitContext, cell: Cell, startMs: number): void {
  const offset = offsetOf(cell('start_utc_offset'))
  const wallMs = startMs + offset * minuteMs
  if (Number.isFinite(wallMs) && context.nightOffsets.size < maxNights)
    context.nightOffsets.set(wallMs, offset)
}

/** The interval of a row, with the offset that it states unless the person gives a zone. */
function spanOf(context: FitbitContext, cell: Cell, from: string, to: string): Span {
  const start = cellMoment(context, 'utc', cell(from))
  const end = cellMoment(context, 'utc', cell(to))
  const stated = offsetOf(cell('start_utc_offset'))
  const isStated = context.intake.options.zone === undefined && Number.isFinite(stated)
  const offsetMin = isStated ? stated : start.offsetMin
  return { startMs: start.ms, durationMs: end.ms - start.ms, offsetMin }
}

/** Minutes of `+05:30`; NaN for all else. */
function offsetOf(text: string): number {
  if (!/^[+-]\d{2}:\d{2}$/.test(text)) return Number.NaN
  return readWallTime(`2000-01-01 00:00:00${text}`)?.offsetMin ?? Number.NaN
}
