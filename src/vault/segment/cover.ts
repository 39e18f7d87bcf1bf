/**
 * The overlap rule of `sum` and `duration` metrics (resolve.ts) for many days at once: the same numbers as
 * `resolveDay` gives day by day, without an object a row and without explanations.
 *
 * Days with an instant, and stretches with an interval longer than a day, are left to `resolveDay`: the first may
 * hold copies, the second may cover from beyond the rows that were read.
 */
import { dayMs, localDay } from '../../foundation/index.ts'
import type { Affine } from '../../metrics/index.ts'
import type { ObservationColumns } from '../../records/index.ts'
import { DayTable, type DayValue, type SeriesRollup } from './day-table.ts'
import type { OverlapRule } from './resolve.ts'
import { rowDays } from './rollup.ts'

export interface CoveredPart {
  /** From the series' unit to the canonical one. */
  readonly conversion: Affine
  /** Sorted; at least the rows that touch the days, and those that cover into them. */
  readonly columns: ObservationColumns
}

export interface CoveredDays {
  /** One per component; only wanted days. */
  readonly components: readonly SeriesRollup[]
  /** Whether a day is to be left to `resolveDay`. */
  readonly isLeft: (day: number) => boolean
}

/** Disjoint half-open spans of taken time, ascending: [from, to) at 2i and 2i + 1, ms. */
type Spans = Float64Array

/** Parts come in order of rank. */
export function coverDays(
  ranked: readonly CoveredPart[],
  isWanted: (day: number) => boolean,
  rule: OverlapRule,
): CoveredDays {
  if (ranked.some(({ columns }) => hasLongInterval(columns))) {
    return { components: [], isLeft: () => true }
  }
  const left = daysOfInstants(ranked, rule)
  const pass = new CoverPass(ranked, (day) => isWanted(day) && !left.has(day), rule)
  return { components: pass.run(), isLeft: (day) => left.has(day) }
}

/** A part of a row that falls on the day after: waits for its place in time. */
interface WaitingPiece {
  readonly rank: number
  readonly row: number
  readonly day: number
  readonly piece: DayValue
}

class CoverPass {
  readonly #ranked: readonly CoveredPart[]
  readonly #isWanted: (day: number) => boolean
  readonly #rule: OverlapRule
  readonly #tables: readonly DayTable[]
  /** Time that higher ranks take, by rank, and where the current row's part of it begins. */
  readonly #above: readonly Spans[]
  readonly #cursors: Uint32Array
  #waiting: WaitingPiece[] = []

  constructor(ranked: readonly CoveredPart[], isWanted: (day: number) => boolean, rule: OverlapRule) {
    this.#ranked = ranked
    this.#isWanted = isWanted
    this.#rule = rule
    this.#tables = Array.from({ length: rule.components }, () => new DayTable())
    this.#above = spansAbove(ranked)
    this.#cursors = new Uint32Array(ranked.length)
  }

  /** All rows in order of time, then rank. */
  run(): SeriesRollup[] {
    const rows = new Uint32Array(this.#ranked.length)
    for (let rank = this.#earliest(rows); rank >= 0; rank = this.#earliest(rows)) {
      const row = rows[rank] as number
      rows[rank] = row + 1
      this.#takeRow(rank, row)
    }
    this.#takeWaiting(Number.POSITIVE_INFINITY, 0)
    return this.#tables.map((table) => table.finish())
  }

  #earliest(rows: Uint32Array): number {
    let best = -1
    let bestMs = 0
    for (let rank = 0; rank < this.#ranked.length; rank++) {
      const { columns } = this.#ranked[rank] as CoveredPart
      const row = rows[rank] as number
      if (row >= columns.length) continue
      const startMs = columns.startMs[row] as number
      if (best < 0 || startMs < bestMs) {
        best = rank
        bestMs = startMs
      }
    }
    return best
  }

  #takeRow(rank: number, row: number): void {
    const { columns } = this.#ranked[rank] as CoveredPart
    const { combine, dayStartMin } = this.#rule
    const startMs = columns.startMs[row] as number
    const durationMs = columns.durationMs[row] as number
    if (durationMs === 0) return
    const offsetMin = columns.offsetMin[row] as number
    if (this.#waiting.length > 0) this.#takeWaiting(startMs, rank)
    // The share of 1 tells which part of every component falls on the day.
    rowDays({ startMs, durationMs, offsetMin, value: 1 }, combine, dayStartMin, (day, piece) => {
      if (!this.#isWanted(day)) return
      if (piece.startMs === startMs) this.#takePiece({ rank, row, day, piece })
      else this.#waiting.push({ rank, row, day, piece })
    })
  }

  /** Pieces whose turn comes before the row of `rank` that starts at `startMs`. */
  #takeWaiting(startMs: number, rank: number): void {
    const due = this.#waiting.filter(
      ({ piece, rank: own }) => piece.startMs < startMs || (piece.startMs === startMs && own <= rank),
    )
    if (due.length === 0) return
    this.#waiting = this.#waiting.filter((one) => !due.includes(one))
    due.sort((a, b) => a.piece.startMs - b.piece.startMs || a.rank - b.rank || a.row - b.row)
    for (const one of due) this.#takePiece(one)
  }

  #takePiece({ rank, row, day, piece }: WaitingPiece): void {
    const { startMs, weightMs } = piece
    const covered = rank === 0 ? 0 : this.#coveredMs(rank, startMs, startMs + weightMs)
    const share = covered === 0 ? 1 : (weightMs - covered) / weightMs
    if (share === 0) return
    const { columns, conversion } = this.#ranked[rank] as CoveredPart
    for (let component = 0; component < this.#tables.length; component++) {
      const whole =
        conversion.factor * ((columns.values[component] as Float64Array)[row] as number) + conversion.offset
      const part = piece.value === 1 ? whole : whole * piece.value
      const table = this.#tables[component] as DayTable
      table.addValue(day, { ...piece, value: part * share, weightMs: weightMs * share })
    }
  }

  /** How much of [fromMs, toMs) higher ranks take. Pieces of a rank come in order of start, so the cursor only moves on. */
  #coveredMs(rank: number, fromMs: number, toMs: number): number {
    const spans = this.#above[rank] as Spans
    let at = this.#cursors[rank] as number
    while (at < spans.length && (spans[at + 1] as number) <= fromMs) at += 2
    this.#cursors[rank] = at
    let covered = 0
    for (; at < spans.length && (spans[at] as number) < toMs; at += 2) {
      covered += Math.min(spans[at + 1] as number, toMs) - Math.max(spans[at] as number, fromMs)
    }
    return covered
  }
}

/** For each rank, the time that all higher ranks take. */
function spansAbove(ranked: readonly CoveredPart[]): Spans[] {
  let taken: Spans = new Float64Array(0)
  return ranked.map(({ columns }) => {
    const above = taken
    taken = withIntervals(taken, columns)
    return above
  })
}

/** The spans and the rows' intervals, both ascending by start, as disjoint spans. */
function withIntervals(spans: Spans, columns: ObservationColumns): Spans {
  const { length, startMs, durationMs } = columns
  const joined = new Float64Array(spans.length + 2 * length)
  let size = 0
  let at = 0
  let row = 0
  while (at < spans.length || row < length) {
    const isSpan = row >= length || (at < spans.length && (spans[at] as number) <= (startMs[row] as number))
    const from = (isSpan ? spans[at] : startMs[row]) as number
    const to = isSpan ? (spans[at + 1] as number) : from + (durationMs[row] as number)
    if (isSpan) at += 2
    else row++
    if (to <= from) continue
    if (size > 0 && from <= (joined[size - 1] as number)) {
      if (to > (joined[size - 1] as number)) joined[size - 1] = to
      continue
    }
    joined[size] = from
    joined[size + 1] = to
    size += 2
  }
  return joined.subarray(0, size)
}

function hasLongInterval({ length, durationMs }: ObservationColumns): boolean {
  for (let row = 0; row < length; row++) if ((durationMs[row] as number) > dayMs) return true
  return false
}

function daysOfInstants(parts: readonly CoveredPart[], { dayStartMin }: OverlapRule): Set<number> {
  const days = new Set<number>()
  for (const { columns } of parts) {
    for (let row = 0; row < columns.length; row++) {
      if (columns.durationMs[row] !== 0) continue
      days.add(localDay(columns.startMs[row] as number, columns.offsetMin[row] as number, dayStartMin))
    }
  }
  return days
}
