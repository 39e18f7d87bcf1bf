/**
 * What a chart is drawn from: one panel per metric, one or more lines in it, values already in the unit that the
 * person reads. Charts know no metrics, no vault and no clock.
 */

/** One line (or row of bars): a value per local day, ascending. NaN is no value. */
export interface ChartLine {
  /** `systolic`; '' where the panel has one line. Outside text: charts escape it. */
  readonly label: string
  /** Days since 1970-01-01 of the local date. */
  readonly day: ArrayLike<number>
  readonly value: ArrayLike<number>
}

export interface ChartSeries {
  /** Name of the metric, outside text. */
  readonly title: string
  /** As shown: `mmHg`; '' for none. */
  readonly unit: string
  /**
   * Bars from zero for what adds up over a day (steps, minutes), lines for what is read; `ranges` joins all lines'
   * values of a day by a bar: lowest to highest, systolic to diastolic.
   */
  readonly kind: 'line' | 'bars' | 'ranges'
  readonly lines: readonly ChartLine[]
  /** Digits after the decimal point. */
  readonly decimals: number
  /** The person's goal or a reference range; an open side is null. */
  readonly target?: { readonly low: number | null; readonly high: number | null; readonly label: string }
  /** Trend of the first line (`TrendResult.line` and slope, in the shown unit). */
  readonly trend?: ChartTrend
  /** Where the first line is likely to go on. */
  readonly fan?: ChartFan
}

/** A forecast: one column per day ahead, each band within the one before. */
export interface ChartFan {
  readonly day: readonly number[]
  readonly middle: readonly number[]
  readonly bands: readonly {
    /** Probability in percent. */
    readonly level: number
    readonly low: readonly number[]
    readonly high: readonly number[]
  }[]
}

export interface ChartTrend {
  /** The line runs through `value` on `day`. */
  readonly day: number
  readonly value: number
  readonly slopePerDay: number
  readonly ci95: readonly [number, number]
  /** Half-width of the 95 % interval of the level on `day`. */
  readonly halfWidth: number
  /** One sentence for the description. */
  readonly text: string
}

export interface DayValue {
  readonly day: number
  readonly value: number
}

/** Points that exist: finite values only. */
export function pointsOf(line: ChartLine): DayValue[] {
  const out: DayValue[] = []
  for (let i = 0; i < Math.min(line.day.length, line.value.length); i++) {
    const point = { day: line.day[i] as number, value: line.value[i] as number }
    if (Number.isFinite(point.value) && Number.isFinite(point.day)) out.push(point)
  }
  return out
}

/** Days without a value after which a line is not carried on: a week, or three of the usual steps if longer. */
export function gapLimit(points: readonly DayValue[]): number {
  const steps = points.slice(1).map((point, i) => point.day - (points[i] as DayValue).day)
  steps.sort((a, b) => a - b)
  const usual = steps[Math.floor(steps.length / 2)] ?? 1
  return Math.max(7, 3 * usual)
}

/** Runs of points between gaps. */
export function unbrokenRuns(points: readonly DayValue[]): DayValue[][] {
  const limit = gapLimit(points)
  const runs: DayValue[][] = []
  for (const point of points) {
    const run = runs.at(-1)
    const previous = run?.at(-1)
    if (run === undefined || previous === undefined || point.day - previous.day > limit) runs.push([point])
    else run.push(point)
  }
  return runs
}

/** First and last day with a value in any series; null without data. */
export function dayRange(series: readonly ChartSeries[]): { from: number; to: number } | null {
  const days = series.flatMap(({ lines, fan }) => [
    ...lines.flatMap((line) => pointsOf(line).map(({ day }) => day)),
    ...(fan?.day ?? []),
  ])
  if (days.length === 0) return null
  return days.reduce((range, day) => ({ from: Math.min(range.from, day), to: Math.max(range.to, day) }), {
    from: Number.POSITIVE_INFINITY,
    to: Number.NEGATIVE_INFINITY,
  })
}

/** Per day with a value: the lowest and the highest of all lines. */
export function spansOf(
  lines: readonly (readonly DayValue[])[],
): { day: number; low: number; high: number }[] {
  const byDay = new Map<number, { day: number; low: number; high: number }>()
  for (const { day, value } of lines.flat()) {
    const span = byDay.get(day)
    byDay.set(day, {
      day,
      low: Math.min(span?.low ?? value, value),
      high: Math.max(span?.high ?? value, value),
    })
  }
  return [...byDay.values()].sort((a, b) => a.day - b.day)
}

/** All that a fan reaches to, for the axis. */
export function fanValues({ fan }: ChartSeries): readonly number[] {
  return fan === undefined ? [] : fan.bands.flatMap(({ low, high }) => [...low, ...high])
}

/** The legend of a fan: `forecast, 95 % and 80 %`. */
export function fanLabel(fan: ChartFan): string {
  return `forecast, ${fan.bands.map(({ level }) => `${level} %`).join(' and ')}`
}

/** A number for people, exponent only where digits would not help. */
export function numberText(value: number, decimals: number): string {
  const size = Math.abs(value)
  if (size >= 1e9 || (size > 0 && size < 10 ** -Math.max(decimals, 4))) return value.toPrecision(3)
  const text = value.toFixed(Math.min(Math.max(decimals, 0), 20))
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text
}
