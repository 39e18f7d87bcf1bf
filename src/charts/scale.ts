/**
 * Axes: round tick values and calendar ticks.
 *
 * Round steps after Heckbert 1990, Nice numbers for graph labels (Graphics Gems I): 1, 2 or 5 times a power of ten.
 */
import { dayMs, formatDay } from '../foundation/index.ts'

export interface ValueScale {
  readonly low: number
  readonly high: number
  readonly ticks: readonly number[]
  /** Digits that tell the ticks apart. */
  readonly decimals: number
}

const largestScale = 1e300
/** Below, the span of an axis would lose its digits. */
const leastScale = 1e-280

/** A scale with about `wanted` ticks that encloses the values. Constant values get room above and below. */
export function valueScale(values: readonly number[], wanted: number, fromZero: boolean): ValueScale {
  let low = values.reduce((least, value) => Math.min(least, value), fromZero ? 0 : Number.POSITIVE_INFINITY)
  let high = values.reduce((most, value) => Math.max(most, value), fromZero ? 0 : Number.NEGATIVE_INFINITY)
  if (!Number.isFinite(low) || !Number.isFinite(high)) [low, high] = [0, 1]
  // Beyond, rounding outwards to a tick would overflow; such values are drawn at the edge.
  low = Math.max(low, -largestScale)
  high = Math.min(high, largestScale)
  // Halves keep a span of huge values from overflowing.
  const span = high / 2 - low / 2
  if (!(span > Math.max(Math.abs(low), Math.abs(high)) * 1e-12 && span > leastScale)) {
    const room = Math.abs(low) < leastScale ? 1 : Math.abs(low) * 0.05
    low = fromZero ? Math.min(0, low) : low - room
    high += room
  }
  const step = niceStep(high / Math.max(wanted, 1) - low / Math.max(wanted, 1))
  if (!(step > 0) || !Number.isFinite(step)) return { low, high, ticks: [low, high], decimals: 0 }
  const first = Math.floor(low / step + 1e-9)
  const last = Math.ceil(high / step - 1e-9)
  const ticks: number[] = []
  for (let i = first; i <= last && ticks.length < 50; i++) ticks.push(i * step)
  const decimals = Math.min(20, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)))
  const lowest = Math.min(low, ticks[0] ?? low)
  const highest = Math.max(high, ticks.at(-1) ?? high)
  return { low: lowest, high: highest, ticks, decimals }
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor = rough / power
  return (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10) * power
}

export interface DayTick {
  readonly day: number
  readonly label: string
}

/** Calendar ticks, at most `most`: days, Mondays, firsts of months or of years, whatever is fine enough. */
export function dayTicks(from: number, to: number, most: number): DayTick[] {
  const span = to - from
  const limit = Math.max(1, Math.floor(most))
  for (const days of [1, 2, 7, 14]) {
    if (span / days + 1 > limit) continue
    // Day 4 of the epoch was a Monday.
    const start = days < 7 ? from : from + ((((4 - from) % 7) + 7) % 7)
    const ticks = steppedDays(start, to, days)
    if (ticks.length > 0) return ticks.map((day) => ({ day, label: shortDay(day, from, to) }))
  }
  for (const months of [1, 2, 3, 6, 12, 24, 60, 120, 240, 1200]) {
    const ticks = monthStarts(from, to, months)
    if (ticks.length <= limit && ticks.length > 0) {
      return ticks.map((day) => ({
        day,
        label: months >= 12 ? formatDay(day).slice(0, 4) : formatDay(day).slice(0, 7),
      }))
    }
  }
  return [{ day: from, label: formatDay(from) }]
}

function steppedDays(start: number, to: number, step: number): number[] {
  const out: number[] = []
  for (let day = start; day <= to; day += step) out.push(day)
  return out
}

/** `03-14` within a year, else the whole date. */
function shortDay(day: number, from: number, to: number): string {
  const sameYear = formatDay(from).slice(0, 4) === formatDay(to).slice(0, 4)
  return sameYear ? formatDay(day).slice(5) : formatDay(day)
}

function monthStarts(from: number, to: number, step: number): number[] {
  const start = new Date(from * dayMs)
  const out: number[] = []
  let month = start.getUTCFullYear() * 12 + start.getUTCMonth()
  month = Math.ceil(month / step) * step
  for (; out.length < 1000; month += step) {
    const day = Date.UTC(Math.floor(month / 12), month % 12, 1) / dayMs
    if (day > to) break
    if (day >= from) out.push(day)
  }
  return out
}
