/**
 * Classical decomposition: a centred moving average over one season, and the mean deviation (or ratio) per phase.
 * Kendall & Stuart 1983, The Advanced Theory of Statistics 3:410–414; the numbers of R's `decompose`.
 */

export type SeasonType = 'additive' | 'multiplicative'

export interface ClassicalDecomposition {
  /** NaN for half a season at both ends. */
  readonly trend: Float64Array
  /** One value per phase, from the first value on; they sum to 0, or average 1. */
  readonly figure: Float64Array
}

/** Decomposes at least two whole periods without gaps. */
export function decompose(values: Float64Array, period: number, type: SeasonType): ClassicalDecomposition {
  const trend = centredMean(values, period)
  const figure = new Float64Array(period)
  for (let phase = 0; phase < period; phase++) {
    let sum = 0
    let count = 0
    for (let i = phase; i < values.length; i += period) {
      const level = trend[i] as number
      if (Number.isNaN(level)) continue
      sum += type === 'additive' ? (values[i] as number) - level : (values[i] as number) / level
      count++
    }
    figure[phase] = sum / count
  }
  const mean = figure.reduce((sum, value) => sum + value, 0) / period
  return { trend, figure: figure.map((value) => (type === 'additive' ? value - mean : value / mean)) }
}

/** Even periods take the two outermost values by half. */
function centredMean(values: Float64Array, period: number): Float64Array {
  const half = Math.floor(period / 2)
  const trend = new Float64Array(values.length).fill(Number.NaN)
  for (let i = half; i < values.length - half; i++) {
    let sum = 0
    for (let j = i - half; j <= i + half; j++) sum += values[j] as number
    if (period % 2 === 0) sum -= ((values[i - half] as number) + (values[i + half] as number)) / 2
    trend[i] = sum / period
  }
  return trend
}

/** Least-squares line through values at 1, 2, 3…: what it is at 0 and how much it rises. */
export function lineThrough(values: ArrayLike<number>): { intercept: number; slope: number } {
  const n = values.length
  const centre = (n + 1) / 2
  let sum = 0
  let product = 0
  for (let i = 0; i < n; i++) {
    sum += values[i] as number
    product += (i + 1 - centre) * (values[i] as number)
  }
  const slope = n < 2 ? 0 : product / ((n * (n * n - 1)) / 12)
  return { intercept: sum / n - slope * centre, slope }
}
