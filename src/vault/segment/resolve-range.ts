/**
 * Resolved days over a range. Days that one source has to itself are its rollup; only contested days read rows.
 *
 * For `duration` metrics an interval belongs to the day it ends on but takes time of the day before, so there a day is
 * contested also by another source's day before or after.
 */
import { dayMs, minuteMs } from '../../foundation/index.ts'
import type { Affine } from '../../metrics/index.ts'
import { maxOffsetMin, type ObservationColumns, type SeriesKey } from '../../records/index.ts'
import { type DayStatistics, daysToRollup, findDay, rollupDay, type SeriesRollup } from './day-table.ts'
import { type OverlapRule, resolveDay } from './resolve.ts'

/** One series over the range. */
export interface RangePart {
  readonly series: SeriesKey
  readonly conversion: Affine
  /** Its rollups, one per component, canonical, under the same day start. */
  readonly rollups: readonly SeriesRollup[]
  /** Its rows with a start in [fromMs, toMs), in order. Called for contested days only. */
  readonly read: (fromMs: number, toMs: number) => ObservationColumns
}

/** Rollups after the overlap rule, one per component, for the days [fromDay, toDay]. */
export function resolveRange(
  parts: readonly RangePart[],
  fromDay: number,
  toDay: number,
  rule: OverlapRule,
): SeriesRollup[] {
  const days = daysOf(parts, fromDay, toDay)
  const components = Array.from({ length: rule.components }, (): DayStatistics[] => [])
  for (const day of days) {
    const holders = parts.filter((part) => isTouching(part, day, rule))
    const [only] = holders
    const rollups =
      holders.length === 1 && only !== undefined ? only.rollups : resolveContested(holders, day, rule)
    components.forEach((rows, component) => {
      const rollup = rollups[component]
      const row = rollup === undefined ? -1 : findDay(rollup, day)
      if (rollup !== undefined && row >= 0) rows.push(rollupDay(rollup, row))
    })
  }
  return components.map(daysToRollup)
}

/** The instants that rows touching a local day may start at, wherever the person was. */
export function readingWindow(day: number, dayStartMin: number): readonly [number, number] {
  const reachMs = maxOffsetMin * minuteMs
  const startMs = day * dayMs + dayStartMin * minuteMs
  // A day more on each side: intervals that began the day before, and those that cover into this one from the next.
  return [startMs - reachMs - dayMs, startMs + reachMs + 2 * dayMs]
}

function resolveContested(
  holders: readonly RangePart[],
  day: number,
  rule: OverlapRule,
): readonly SeriesRollup[] {
  const [fromMs, toMs] = readingWindow(day, rule.dayStartMin)
  const parts = holders.map(({ series, conversion, read }) => ({
    series,
    conversion,
    columns: read(fromMs, toMs),
  }))
  return resolveDay(parts, day, rule).components
}

function isTouching(part: RangePart, day: number, rule: OverlapRule): boolean {
  const rollup = part.rollups[0]
  if (rollup === undefined) return false
  if (findDay(rollup, day) >= 0) return true
  return rule.combine === 'duration' && (findDay(rollup, day - 1) >= 0 || findDay(rollup, day + 1) >= 0)
}

function daysOf(parts: readonly RangePart[], fromDay: number, toDay: number): number[] {
  const days = new Set<number>()
  for (const { rollups } of parts) {
    for (const day of rollups[0]?.day ?? []) if (day >= fromDay && day <= toDay) days.add(day)
  }
  return [...days].sort((a, b) => a - b)
}
