/**
 * Sleep stages by maker, as the app's own charts read them (…SampleProvider.java of each maker). Some tables tell how
 * long a stage lasts, some when it begins, some when it ends.
 */
import { minuteMs } from '../../foundation/index.ts'
import type { ExportDatabase, Row } from '../sqlite-copy.ts'

type Stages = Readonly<Record<number, string>>

/** Longer than any stage: then the table does not say where it begins or ends. */
const longestMs = 6 * 60 * minuteMs

interface StagePlan {
  readonly stages: Stages
  /** How the other end of a stage is told: by its length in DURATION, by the stage behind it, by the one before it. */
  readonly by: 'minutes' | 'seconds' | 'next' | 'previous'
  /** Where a night begins (for `previous`) or ends (for `next`). */
  readonly limits?: (database: ExportDatabase) => Iterable<readonly [device: unknown, ms: number]>
}

const plans: Readonly<Record<string, StagePlan>> = {
  COLMI_SLEEP_STAGE_SAMPLE: {
    stages: { 2: 'sleep_core', 3: 'sleep_deep', 4: 'sleep_rem', 5: 'sleep_awake' },
    by: 'minutes',
  },
  CMF_SLEEP_STAGE_SAMPLE: {
    stages: { 1: 'sleep_deep', 2: 'sleep_core', 3: 'sleep_rem' },
    by: 'seconds',
  },
  XIAOMI_SLEEP_STAGE_SAMPLE: {
    stages: { 2: 'sleep_deep', 3: 'sleep_core', 4: 'sleep_rem', 5: 'sleep_awake' },
    by: 'next',
    limits: (database) => wakeUps(database),
  },
  // The codes are those of FIT's sleep_level.
  GARMIN_SLEEP_STAGE_SAMPLE: {
    stages: { 1: 'sleep_awake', 2: 'sleep_core', 3: 'sleep_deep', 4: 'sleep_rem' },
    by: 'previous',
    limits: (database) => sleepStarts(database),
  },
}

export const stageMetrics: readonly string[] = [
  ...new Set(Object.values(plans).flatMap(({ stages }) => Object.values(stages))),
]

/** A row with the stage it tells; '' where it does not tell which stage or how long. */
export interface Stage {
  readonly row: Row
  readonly metric: string
  readonly startMs: number
  readonly durationMs: number
}

/** Whether the stages of a table are understood. */
export function hasStages(table: string): boolean {
  return Object.hasOwn(plans, table)
}

/** The stages of a table, by device and time. */
export function* stagesOf(table: string, database: ExportDatabase): Generator<Stage> {
  const { stages, by, limits } = plans[table] as StagePlan
  const nightEdges = new Map<unknown, number[]>()
  for (const [device, ms] of limits?.(database) ?? []) {
    const known = nightEdges.get(device)
    if (known) known.push(ms)
    else nightEdges.set(device, [ms])
  }
  for (const edges of nightEdges.values()) edges.sort((a, b) => a - b)
  for (const { before, row, behind } of withNeighbours(database.rows(table, ['DEVICE_ID', 'TIMESTAMP']))) {
    const at = numberIn(row, 'TIMESTAMP')
    const edges = nightEdges.get(row['DEVICE_ID']) ?? []
    const start = by === 'previous' ? later(timeOf(before, row), lastBefore(edges, at)) : at
    const end = by === 'previous' ? at : endOf(row, by, timeOf(behind, row), edges)
    const isTold = end > start && end - start <= longestMs
    const metric = stages[numberIn(row, 'STAGE')] ?? ''
    if (isTold) yield { row, metric, startMs: start, durationMs: end - start }
    else yield { row, metric: '', startMs: at, durationMs: 0 }
  }
}

function endOf(row: Row, by: StagePlan['by'], nextMs: number, edges: readonly number[]): number {
  const at = numberIn(row, 'TIMESTAMP')
  return by === 'next' ? earlier(nextMs, firstFrom(edges, at)) : at + lengthOf(row, by)
}

function* withNeighbours(
  rows: Iterable<Row>,
): Generator<{ readonly before: Row | undefined; readonly row: Row; readonly behind: Row | undefined }> {
  let before: Row | undefined
  let row: Row | undefined
  for (const behind of rows) {
    if (row) yield { before, row, behind }
    before = row
    row = behind
  }
  if (row) yield { before, row, behind: undefined }
}

function lengthOf(row: Row, by: StagePlan['by']): number {
  return numberIn(row, 'DURATION') * (by === 'seconds' ? 1000 : minuteMs)
}

function numberIn(row: Row, column: string): number {
  const value = row[column]
  return typeof value === 'number' ? value : Number.NaN
}

/** The time of a neighbour, where it is of the same device. */
function timeOf(neighbour: Row | undefined, row: Row): number {
  return neighbour?.['DEVICE_ID'] === row['DEVICE_ID'] ? numberIn(neighbour as Row, 'TIMESTAMP') : Number.NaN
}

/** The later of two times, either of which may be unknown. */
function later(a: number, b: number): number {
  if (Number.isNaN(a)) return b
  return Number.isNaN(b) ? a : Math.max(a, b)
}

function earlier(a: number, b: number): number {
  if (Number.isNaN(a)) return b
  return Number.isNaN(b) ? a : Math.min(a, b)
}

function lastBefore(sorted: readonly number[], ms: number): number {
  return sorted[countBefore(sorted, ms) - 1] ?? Number.NaN
}

function firstFrom(sorted: readonly number[], ms: number): number {
  return sorted[countBefore(sorted, ms)] ?? Number.NaN
}

/** How many are earlier. */
function countBefore(sorted: readonly number[], ms: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as number) < ms) low = middle + 1
    else high = middle
  }
  return low
}

function* wakeUps(database: ExportDatabase): Generator<readonly [unknown, number]> {
  if (!database.tables.includes('XIAOMI_SLEEP_TIME_SAMPLE')) return
  for (const row of database.rows('XIAOMI_SLEEP_TIME_SAMPLE'))
    yield [row['DEVICE_ID'], numberIn(row, 'WAKEUP_TIME')]
}

/** Event 74 of the device is sleep; type 0 is its start. */
function* sleepStarts(database: ExportDatabase): Generator<readonly [unknown, number]> {
  if (!database.tables.includes('GARMIN_EVENT_SAMPLE')) return
  for (const row of database.rows('GARMIN_EVENT_SAMPLE')) {
    if (row['EVENT'] === 74 && row['EVENT_TYPE'] === 0) yield [row['DEVICE_ID'], numberIn(row, 'TIMESTAMP')]
  }
}
