/**
 * The overlap rule: what of several sources counts on a day, and why. Version 2.
 *
 * Sources rank by the person's order, then by device class (manual, medical, watch, ring, band, scale, phone, app,
 * unknown), then by label and unit.
 *
 * `sum` and `duration` metrics: an interval counts for the part of its time that no higher source covers, in
 * proportion. An instant counts unless a higher source covers it or has the same value at that instant. Intervals of one source never
 * cover each other. Other metrics pool all sources; only a copy (same time, same values, from a lower source) is left
 * out. A copy may differ by rounding in another unit, at most one part in 10⁹.
 *
 * A day that only one source has anything to say about is that source's rollup, exactly.
 */
import { dayMs, minuteMs } from '../../foundation/index.ts'
import type { Affine, Combine } from '../../metrics/index.ts'
import {
  deviceClassRank,
  maxOffsetMin,
  type ObservationColumns,
  type SeriesKey,
  type Source,
  sourceLabel,
} from '../../records/index.ts'
import { Coverage, type TimeSpan } from './coverage.ts'
import { DayTable, type DayValue, type SeriesRollup } from './day-table.ts'
import { isSameValue } from './pool.ts'
import { rowDays } from './rollup.ts'

/** Stamped on what is stored of a metric's days: a change of the rule, or of the days of a row, recomputes them. */
export const overlapRuleVersion = 2

/** The rows of one series around a day. */
export interface ResolvePart {
  readonly series: SeriesKey
  /** From the series' unit to the canonical one. */
  readonly conversion: Affine
  /** At least all rows that touch the day; rows of the days beside it are welcome, they cover but do not count. */
  readonly columns: ObservationColumns
}

export interface OverlapRule {
  readonly combine: Combine
  /** Number of components; 1 for a single-valued metric. */
  readonly components: number
  readonly dayStartMin: number
  /** The person's order: labels, devices or apps, first wins. Case does not count. */
  readonly priority: readonly string[]
}

/** `superseded`: a later version of the same result counts instead, or its source withdrew it. */
export type ResolveReason = 'kept' | 'covered' | 'partly_covered' | 'copy' | 'superseded'

/** One row of the day and what became of it. */
export interface ExplainedInterval {
  readonly series: SeriesKey
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
  /** Canonical, whole, before anything was taken off. */
  readonly values: readonly number[]
  readonly reason: ResolveReason
  /** The part of the interval that falls on the day, 0 to 1: less than 1 where a sum goes over the start of a day. */
  readonly onDay: number
  /** The part of its time on that day that counts, 0 to 1. */
  readonly share: number
  /** The highest source that covers it or has the copy. */
  readonly by: Source | null
}

export interface ResolvedDay {
  /** One per component; no row when nothing belongs to the day. */
  readonly components: readonly SeriesRollup[]
  /** In order of time, then rank. */
  readonly explained: readonly ExplainedInterval[]
}

/** Parts in order of rank, highest first. */
export function rankParts<P extends { readonly series: SeriesKey }>(
  parts: readonly P[],
  priority: readonly string[],
): P[] {
  const order = new Map(priority.map((name, rank) => [name.toLowerCase(), rank]))
  const personal = (source: Source): number => {
    const names = [sourceLabel(source), source.device, source.app]
    return Math.min(...names.map((name) => order.get(name.toLowerCase()) ?? Number.MAX_SAFE_INTEGER))
  }
  const keyed = parts.map((part) => {
    const { source, unit } = part.series
    const text = `${sourceLabel(source)}\u0000${source.app}\u0000${unit}`
    return { part, personal: personal(source), deviceClass: deviceClassRank(source.deviceClass), text }
  })
  keyed.sort(
    (a, b) =>
      a.personal - b.personal ||
      a.deviceClass - b.deviceClass ||
      (a.text < b.text ? -1 : a.text > b.text ? 1 : 0),
  )
  return keyed.map(({ part }) => part)
}

/** One local day of one metric after the overlap rule. */
export function resolveDay(parts: readonly ResolvePart[], day: number, rule: OverlapRule): ResolvedDay {
  const ranked = rankParts(parts, rule.priority)
  const isCovering = rule.combine === 'sum' || rule.combine === 'duration'
  const rows = ranked.flatMap((part, rank) => dayRows(part, rank, day, rule))
  const judge = isCovering ? coveringJudge(ranked) : copyJudge()
  // Judged by rank, so that a higher source speaks first; counted in order of time.
  const judged = rows.map((row) => ({ row, verdict: judge(row) }))
  judged.sort((a, b) => a.row.piece.startMs - b.row.piece.startMs || a.row.rank - b.row.rank)
  const components = Array.from({ length: rule.components }, (_, component) => {
    const table = new DayTable()
    for (const { row, verdict } of judged) {
      const { piece } = row
      if (verdict.share === 0) continue
      const value = (row.pieceValues[component] as number) * verdict.share
      table.addValue(day, { ...piece, value, weightMs: piece.weightMs * verdict.share })
    }
    return table.finish()
  })
  return { components, explained: judged.map(({ row, verdict }) => explain(row, verdict)) }
}

/** The instants that a local day can contain, wherever the person was: [from, to), ms. */
export function dayReach(day: number, dayStartMin: number): readonly [number, number] {
  const midnightMs = day * dayMs
  const reachMs = maxOffsetMin * minuteMs
  // From midnight: a whole civil day begins before the person's day does.
  return [midnightMs - reachMs, midnightMs + dayStartMin * minuteMs + dayMs + reachMs]
}

interface DayRow {
  readonly series: SeriesKey
  readonly rank: number
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
  /** Canonical values, whole, and of the piece that falls on the day. */
  readonly values: readonly number[]
  readonly pieceValues: readonly number[]
  readonly piece: DayValue
}

interface Verdict {
  readonly share: number
  readonly reason: ResolveReason
  readonly by: Source | null
}

const kept: Verdict = { share: 1, reason: 'kept', by: null }

function dayRows(part: ResolvePart, rank: number, day: number, rule: OverlapRule): DayRow[] {
  const { columns, series } = part
  const { factor, offset } = part.conversion
  const rows: DayRow[] = []
  const [fromMs, toMs] = dayReach(day, rule.dayStartMin)
  for (let i = 0; i < columns.length; i++) {
    const startMs = columns.startMs[i] as number
    const durationMs = columns.durationMs[i] as number
    if (startMs >= toMs || startMs + durationMs < fromMs) continue
    const offsetMin = columns.offsetMin[i] as number
    // The share of 1 tells which part of every component falls on the day.
    rowDays({ startMs, durationMs, offsetMin, value: 1 }, rule.combine, rule.dayStartMin, (onDay, piece) => {
      if (onDay !== day) return
      const values = columns.values.map((column) => factor * (column[i] as number) + offset)
      const pieceValues = piece.value === 1 ? values : values.map((value) => value * piece.value)
      rows.push({ series, rank, startMs, durationMs, offsetMin, values, pieceValues, piece })
    })
  }
  return rows
}

/** For sum and duration metrics: rows must come in order of rank. */
function coveringJudge(ranked: readonly ResolvePart[]): (row: DayRow) => Verdict {
  const isCopy = copyJudge()
  const spans = ranked.map((part) => intervals(part.columns))
  const above = new Coverage()
  const single = spans.map((own) => {
    const coverage = new Coverage()
    coverage.add(own)
    return coverage
  })
  let coveredUpTo = 0
  return (row) => {
    for (; coveredUpTo < row.rank; coveredUpTo++) above.add(spans[coveredUpTo] as readonly TimeSpan[])
    const { startMs } = row.piece
    const fromMs = row.durationMs > 0 ? startMs : row.startMs
    const toMs = fromMs + row.piece.weightMs
    const coverer = (covers: (coverage: Coverage) => boolean): Source | null =>
      ranked.find((_, rank) => rank < row.rank && covers(single[rank] as Coverage))?.series.source ?? null
    if (row.durationMs <= 0) {
      if (!above.has(fromMs)) return isCopy(row)
      return { share: 0, reason: 'covered', by: coverer((coverage) => coverage.has(fromMs)) }
    }
    const coveredMs = above.coveredMs(fromMs, toMs)
    if (coveredMs === 0) return kept
    const share = (toMs - fromMs - coveredMs) / (toMs - fromMs)
    const by = coverer((coverage) => coverage.coveredMs(fromMs, toMs) > 0)
    return { share, reason: share > 0 ? 'partly_covered' : 'covered', by }
  }
}

/** For pooled metrics: rows must come in order of rank. */
function copyJudge(): (row: DayRow) => Verdict {
  const rowsByTime = new Map<number, DayRow[]>()
  return (row) => {
    const sameStart = rowsByTime.get(row.startMs)
    if (sameStart === undefined) {
      rowsByTime.set(row.startMs, [row])
      return kept
    }
    const original = sameStart.find((other) => other.rank < row.rank && isSame(other, row))
    if (original !== undefined) return { share: 0, reason: 'copy', by: original.series.source }
    sameStart.push(row)
    return kept
  }
}

function isSame(a: DayRow, b: DayRow): boolean {
  return (
    a.durationMs === b.durationMs &&
    a.values.every((value, component) => isSameValue(value, b.values[component] as number))
  )
}

function intervals(columns: ObservationColumns): TimeSpan[] {
  const spans: TimeSpan[] = []
  for (let row = 0; row < columns.length; row++) {
    const startMs = columns.startMs[row] as number
    const durationMs = columns.durationMs[row] as number
    if (durationMs > 0) spans.push([startMs, startMs + durationMs])
  }
  return spans
}

function explain(row: DayRow, verdict: Verdict): ExplainedInterval {
  const { series, startMs, durationMs, offsetMin, values, piece } = row
  return { series, startMs, durationMs, offsetMin, values, onDay: piece.value, ...verdict }
}
