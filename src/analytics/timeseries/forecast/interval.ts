/** Forecasts with prediction intervals, as the methods of this folder give them. */
import { normalQuantile } from '../../statistics/normal.ts'

export interface Interval {
  /** Probability in percent. */
  readonly level: number
  readonly lower: readonly (number | null)[]
  readonly upper: readonly (number | null)[]
}

export interface Forecast {
  readonly mean: readonly number[]
  readonly intervals: readonly Interval[]
}

/** The levels that R's forecast package shows. */
export const usualLevels: readonly number[] = [80, 95]

/** Two-sided quantile of the standard normal distribution for a level in percent. */
export function normalHalfWidth(level: number): number {
  return normalQuantile(0.5 + level / 200)
}

/** Intervals around `mean` of `deviation[h]` (null: unknown) times `width(level)`. */
export function intervalsAround(
  mean: readonly number[],
  deviation: readonly (number | null)[],
  levels: readonly number[],
  width: (level: number) => number = normalHalfWidth,
): Interval[] {
  return levels.map((level) => {
    const factor = width(level)
    const at = (sign: number) =>
      mean.map((centre, h) => {
        const spread = deviation[h] as number | null
        return spread === null ? null : centre + sign * factor * spread
      })
    return { level, lower: at(-1), upper: at(1) }
  })
}
