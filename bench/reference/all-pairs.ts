/** Theil-Sen and Mann-Kendall by their definitions: every pair of a series is looked at. */

export interface AllPairs {
  /** Rising less falling pairs. */
  readonly score: number
  /** Slopes below each of the given slopes, and those not above it; x is the position. */
  readonly below: readonly number[]
  readonly notAbove: readonly number[]
}

/** Visits the n(n - 1)/2 pairs of equally spaced values. */
export function allPairs(y: Float64Array, slopes: readonly [number, number, number]): AllPairs {
  const [a, b, c] = slopes
  const counts = { score: 0, a: 0, b: 0, c: 0, upToA: 0, upToB: 0, upToC: 0 }
  for (let i = 0; i < y.length; i++) {
    const yi = y[i] as number
    for (let j = i + 1; j < y.length; j++) {
      const rise = (y[j] as number) - yi
      const slope = rise / (j - i)
      if (rise > 0) counts.score++
      else if (rise < 0) counts.score--
      if (slope < a) counts.a++
      if (slope <= a) counts.upToA++
      if (slope < b) counts.b++
      if (slope <= b) counts.upToB++
      if (slope < c) counts.c++
      if (slope <= c) counts.upToC++
    }
  }
  return {
    score: counts.score,
    below: [counts.a, counts.b, counts.c],
    notAbove: [counts.upToA, counts.upToB, counts.upToC],
  }
}
