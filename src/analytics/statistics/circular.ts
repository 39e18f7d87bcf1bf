/**
 * Means of what goes round, such as clock times: 23:30 and 00:30 meet at midnight.
 *
 * Mardia & Jupp 2000, Directional Statistics, 2.2–2.3: mean direction and length R of the mean vector, variance 1 - R,
 * deviation √(-2 ln R) in the unit of the period.
 */
import { Failure } from '../../foundation/index.ts'
import { type NumericColumn, presentValues } from '../insufficient.ts'

export interface CircularSummary {
  readonly n: number
  /** 0 to the period; null without values, or where they cancel out. */
  readonly mean: number | null
  /** 0 (all round the clock) to 1 (all the same). */
  readonly resultantLength: number | null
  readonly variance: number | null
  /** In the unit of the period; null where the values cancel out. */
  readonly sd: number | null
}

/** Below this the direction of the mean vector is rounding error. */
const vanishing = 1e-12

/** Summary of values on a circle of `period` (24 for hours). NaN is missing. Fails with VALUE on a period not above 0. */
export function circularSummary(values: NumericColumn, period = 24): CircularSummary {
  if (!(period > 0)) throw new Failure('VALUE', 'a period must be above 0')
  const present = presentValues(values)
  const n = present.length
  if (n === 0) return { n, mean: null, resultantLength: null, variance: null, sd: null }
  let sine = 0
  let cosine = 0
  for (const value of present) {
    const angle = (value * 2 * Math.PI) / period
    sine += Math.sin(angle)
    cosine += Math.cos(angle)
  }
  const length = Math.min(1, Math.sqrt((sine / n) ** 2 + (cosine / n) ** 2))
  const variance = 1 - length
  if (length < vanishing) return { n, mean: null, resultantLength: length, variance, sd: null }
  const direction = Math.atan2(sine, cosine)
  const turn = direction < 0 ? direction + 2 * Math.PI : direction
  const sd = (period / (2 * Math.PI)) * Math.sqrt(-2 * Math.log(length))
  return { n, mean: (turn * period) / (2 * Math.PI), resultantLength: length, variance, sd }
}
