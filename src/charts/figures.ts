/**
 * What charts without a time axis are drawn from, already in the unit that the person reads: a histogram, a calendar,
 * a profile of the day.
 */

interface FigureHead {
  /** Name of the metric, outside text. */
  readonly title: string
  /** As shown: `mmHg`; '' for none. */
  readonly unit: string
  /** Digits after the decimal point. */
  readonly decimals: number
}

/** How often values of a size occur. */
export interface HistogramFigure extends FigureHead {
  readonly kind: 'histogram'
  /** What is counted. */
  readonly of: 'readings' | 'days'
  /** Bin i holds edges[i] ≤ value < edges[i + 1]; the last bin its upper edge too. One more than `counts`. */
  readonly edges: readonly number[]
  readonly counts: readonly number[]
  readonly n: number
  readonly mean: number | null
}

/** One shade a day. */
export interface CalendarFigure extends FigureHead {
  readonly kind: 'calendar'
  /** Days since 1970-01-01, ascending. */
  readonly day: readonly number[]
  readonly value: readonly number[]
}

/**
 * The usual day: percentiles of readings by time of day (ambulatory glucose profile: Bergenstal et al. 2013, J
 * Diabetes Sci Technol 7:562–578; Johnson et al. 2019, Diabetes Technol Ther 21:S2-17). Not smoothed.
 */
export interface DayProfileFigure extends FigureHead {
  readonly kind: 'day-profile'
  /** Width of a bin, minutes; bins begin at midnight. */
  readonly binMin: number
  /** One array per percentile of `profilePercentiles`, one value per bin; NaN where a bin has too few readings. */
  readonly percentiles: readonly (readonly number[])[]
  readonly readings: number
  readonly days: number
  readonly target: { readonly low: number; readonly high: number } | null
}

export const profilePercentiles = [5, 25, 50, 75, 95] as const

export type Figure = HistogramFigure | CalendarFigure | DayProfileFigure

/** Shades of a calendar: as many days in each as the values allow. */
export const shadeCount = 5

/** Upper bounds of all shades but the last (quintiles, type 7), rising; fewer where values are tied. */
export function shadeBounds(values: readonly number[]): readonly number[] {
  const sorted = [...values].sort((a, b) => a - b)
  const bounds = Array.from({ length: shadeCount - 1 }, (_, i) => {
    const at = ((sorted.length - 1) * (i + 1)) / shadeCount
    const low = sorted[Math.floor(at)] ?? 0
    return low + ((sorted[Math.ceil(at)] ?? low) - low) * (at % 1)
  })
  return bounds.filter((bound, i) => i === 0 || bound > (bounds[i - 1] as number))
}

/** Digits that tell the bounds of the shades apart, no fewer than the values are shown with. */
export function shadeDigits(bounds: readonly number[], decimals: number): number {
  const isTold = (digits: number) =>
    new Set(bounds.map((bound) => bound.toFixed(digits))).size === bounds.length
  let digits = decimals
  while (digits < 6 && !isTold(digits)) digits++
  return digits
}

/** 0 for the lowest shade. */
export function shadeOf(value: number, bounds: readonly number[]): number {
  const shade = bounds.findIndex((bound) => value <= bound)
  return shade < 0 ? bounds.length : shade
}

/** Monday is 0. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7
}

/** Weeks counted from the Monday of the epoch's first week. */
export function weekOf(day: number): number {
  return Math.floor((day + 3) / 7)
}

export const weekdayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const
