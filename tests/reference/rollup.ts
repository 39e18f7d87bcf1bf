/** A slow daily rollup: one day at a time over objects, written from the rules (rollup.ts, day-table.ts) alone. */
import type { ObservationColumns } from '../../src/records/index.ts'
import { columnsToRows } from './merge.ts'

export interface ReferenceDay {
  day: number
  count: number
  sum: number
  min: number
  max: number
  first: number
  last: number
  timeWeightedMean: number
  sumOfSquares: number
}

interface Piece {
  startMs: number
  value: number
  count: number
  lengthMs: number
  endOfDayMs: number
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

export function referenceRollup(
  columns: ObservationColumns,
  combine: string,
  conversion: { factor: number; offset: number },
  dayStartMin: number,
): ReferenceDay[] {
  const piecesByDay = new Map<number, Piece[]>()
  for (const row of columnsToRows(columns)) {
    const shiftMs = (row.offsetMin - dayStartMin) * 60_000
    const value = conversion.factor * (row.values[0] as number) + conversion.offset
    const dayOf = (ms: number): number => Math.floor((ms + shiftMs) / dayMs)
    const endMs = row.startMs + row.durationMs
    const localMs = row.startMs + row.offsetMin * 60_000
    if (row.durationMs >= 23 * hourMs && row.durationMs <= 25 * hourMs && localMs % dayMs === 0) {
      const whole = { startMs: row.startMs, value, count: 1, lengthMs: row.durationMs, endOfDayMs: endMs }
      piecesByDay.set(localMs / dayMs, [...(piecesByDay.get(localMs / dayMs) ?? []), whole])
      continue
    }
    const firstDay = dayOf(row.startMs)
    const lastDay = row.durationMs > 0 ? dayOf(endMs - 1) : firstDay
    for (let day = firstDay; day <= lastDay; day++) {
      const endOfDayMs = (day + 1) * dayMs - shiftMs
      const fromMs = combine === 'sum' ? Math.max(row.startMs, endOfDayMs - dayMs) : row.startMs
      const toMs = combine === 'sum' ? Math.min(endMs, endOfDayMs) : endMs
      const share = row.durationMs > 0 ? (toMs - fromMs) / row.durationMs : 1
      const isCounted = combine === 'duration' ? day === lastDay : day === firstDay
      if (!isCounted && combine !== 'sum') continue
      const piece = {
        startMs: fromMs,
        value: value * share,
        count: isCounted ? 1 : 0,
        lengthMs: toMs - fromMs,
        endOfDayMs,
      }
      piecesByDay.set(day, [...(piecesByDay.get(day) ?? []), piece])
    }
  }
  return [...piecesByDay].sort(([a], [b]) => a - b).map(([day, pieces]) => statistics(day, pieces))
}

function statistics(day: number, unsorted: readonly Piece[]): ReferenceDay {
  const pieces = [...unsorted].sort((a, b) => a.startMs - b.startMs)
  const values = pieces.map((piece) => piece.value)
  const weights = pieces.map((piece, position) => {
    if (piece.lengthMs > 0) return piece.lengthMs
    const until = pieces[position + 1]?.startMs ?? piece.endOfDayMs
    return Math.min(hourMs, until - piece.startMs, piece.endOfDayMs - piece.startMs)
  })
  const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0)
  const last = values.at(-1) as number
  const weight = total(weights)
  return {
    day,
    count: total(pieces.map((piece) => piece.count)),
    sum: total(values),
    min: Math.min(...values),
    max: Math.max(...values),
    first: values[0] as number,
    last,
    timeWeightedMean:
      weight > 0 ? total(values.map((value, i) => value * (weights[i] as number))) / weight : last,
    sumOfSquares: total(values.map((value) => value * value)),
  }
}
