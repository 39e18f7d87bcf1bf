/**
 * Resolved days over a range. Days that one source has to itself are its rollup; only contested days read rows, a
 * stretch of days at once.
 *
 * For `duration` metrics an interval belongs to the day it ends on but takes time of the day before, so there a day is
 * contested also by another source's day before or after. So it is for sums where the day starts after midnight: a
 * total of a civil day takes the hours before the day start.
 */
import { dayMs } from '../../foundation/index.ts'
import type { Affine } from '../../metrics/index.ts'
import type { ObservationColumns, SeriesKey } from '../../records/index.ts'
import { coverDays } from './cover.ts'
import { type DayStatistics, daysToRollup, findDay, rollupDay, type SeriesRollup } from './day-table.ts'
import { poolColumns } from './pool.ts'
import { dayReach, type OverlapRule, rankParts, resolveDay } from './resolve.ts'
import { rollupColumns } from './rollup.ts'

/** One series over the range. */
export interface RangePart {
  readonly series: SeriesKey
  readonly conversion: Affine
  /** Its rollups, one per component, canonical, under the same day start. */
  readonly rollups: readonly SeriesRollup[]
  /** Its rows with a start in [fromMs, toMs), in order. Called for contested days only. */
  readonly read: (fromMs: number, toMs: number) => ObservationColumns
}

/** Contested days are resolved in stretches of at most so many days, which bounds memory. */
const maxStretchDays = 32

/** The resolved rollups, one per component, that hold a day of a stretch. */
type Stretch = (day: number) => readonly SeriesRollup[]

/** Rollups after the overlap rule, one per component, for the days [fromDay, toDay]. */
export function resolveRange(
  parts: readonly RangePart[],
  fromDay: number,
  toDay: number,
  rule: OverlapRule,
): SeriesRollup[] {
  const ranked = rankParts(parts, rule.priority)
  const components = Array.from({ length: rule.components }, (): DayStatistics[] => [])
  let contested: Stretch = () => []
  let stretchTo = Number.NEGATIVE_INFINITY
  for (const day of daysOf(ranked, fromDay, toDay)) {
    const holders = ranked.filter((part) => isTouching(part, day, rule))
    const [only] = holders
    if (holders.length === 1 && only !== undefined) {
      takeDay(only.rollups, day, components)
      continue
    }
    if (day > stretchTo) {
      stretchTo = Math.min(day + maxStretchDays - 1, toDay, lastContestedDay(ranked, day, rule))
      contested = isCovering(rule)
        ? coverStretch(ranked, day, stretchTo, rule)
        : poolStretch(ranked, day, stretchTo, rule)
    }
    takeDay(contested(day), day, components)
  }
  return components.map(daysToRollup)
}

/** The instants that rows touching a local day may start at, wherever the person was: [from, to), ms. */
export function readingWindow(day: number, dayStartMin: number): readonly [number, number] {
  const [fromMs, toMs] = dayReach(day, dayStartMin)
  // A day more on each side: intervals that began the day before, and those that cover into this one from the next.
  return [fromMs - dayMs, toMs + dayMs]
}

function takeDay(rollups: readonly SeriesRollup[], day: number, into: readonly DayStatistics[][]): void {
  into.forEach((rows, component) => {
    const rollup = rollups[component]
    const row = rollup === undefined ? -1 : findDay(rollup, day)
    if (rollup !== undefined && row >= 0) rows.push(rollupDay(rollup, row))
  })
}

/** Sums and durations: what `coverDays` cannot tell is resolved day by day. */
function coverStretch(ranked: readonly RangePart[], from: number, to: number, rule: OverlapRule): Stretch {
  const [fromMs] = readingWindow(from, rule.dayStartMin)
  const [, toMs] = readingWindow(to, rule.dayStartMin)
  const parts = ranked.map(({ conversion, read }) => ({ conversion, columns: read(fromMs, toMs) }))
  const { components, isLeft } = coverDays(parts, (day) => day >= from && day <= to, rule)
  return (day) => (isLeft(day) ? resolveOneDay(ranked, day, rule) : components)
}

function resolveOneDay(
  ranked: readonly RangePart[],
  day: number,
  rule: OverlapRule,
): readonly SeriesRollup[] {
  const [fromMs, toMs] = readingWindow(day, rule.dayStartMin)
  const parts = ranked.map(({ series, conversion, read }) => ({
    series,
    conversion,
    columns: read(fromMs, toMs),
  }))
  return resolveDay(parts, day, rule).components
}

/** Metrics that pool their sources need no row of another day. */
function poolStretch(ranked: readonly RangePart[], from: number, to: number, rule: OverlapRule): Stretch {
  const [fromMs] = dayReach(from, rule.dayStartMin)
  const [, toMs] = dayReach(to, rule.dayStartMin)
  const parts = ranked.map(({ conversion, read }) => ({ conversion, columns: read(fromMs, toMs) }))
  const pooled = poolColumns(parts, rule.components)
  const { combine, dayStartMin } = rule
  const rollups = Array.from({ length: rule.components }, (_, component) =>
    rollupColumns(pooled, { component, combine, conversion: { factor: 1, offset: 0 }, dayStartMin }),
  )
  return () => rollups
}

/** The end of the stretch of days from `day` on that more than one part touches. */
function lastContestedDay(parts: readonly RangePart[], day: number, rule: OverlapRule): number {
  const isContested = (other: number): boolean =>
    parts.filter((part) => isTouching(part, other, rule)).length > 1
  let last = day
  while (last < day + maxStretchDays && isContested(last + 1)) last++
  return last
}

function isTouching(part: RangePart, day: number, rule: OverlapRule): boolean {
  const rollup = part.rollups[0]
  if (rollup === undefined) return false
  if (findDay(rollup, day) >= 0) return true
  if (!isReachingOver(rule)) return false
  return findDay(rollup, day - 1) >= 0 || findDay(rollup, day + 1) >= 0
}

/** Whether intervals of a day may take time of the days beside it. */
export function isReachingOver({
  combine,
  dayStartMin,
}: Pick<OverlapRule, 'combine' | 'dayStartMin'>): boolean {
  return combine === 'duration' || (combine === 'sum' && dayStartMin > 0)
}

function isCovering({ combine }: OverlapRule): boolean {
  return combine === 'sum' || combine === 'duration'
}

function daysOf(parts: readonly RangePart[], fromDay: number, toDay: number): number[] {
  const days = new Set<number>()
  for (const { rollups } of parts) {
    for (const day of rollups[0]?.day ?? []) if (day >= fromDay && day <= toDay) days.add(day)
  }
  return [...days].sort((a, b) => a - b)
}
