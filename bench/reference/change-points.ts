/** Optimal partitioning (Jackson et al. 2005, IEEE Signal Process Lett 12:105–108): every start for every end. */

/** Least cost of cutting `y` into levels, squared distances from the mean plus `penalty` a cut; segments of two or more. */
export function optimalPartitionCost(y: Float64Array, penalty: number): number {
  const n = y.length
  const sum = new Float64Array(n + 1)
  const square = new Float64Array(n + 1)
  for (let i = 0; i < n; i++) {
    sum[i + 1] = (sum[i] as number) + (y[i] as number)
    square[i + 1] = (square[i] as number) + (y[i] as number) ** 2
  }
  const best = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY)
  best[0] = -penalty
  for (let end = 2; end <= n; end++) {
    let lowest = Number.POSITIVE_INFINITY
    for (let from = 0; from <= end - 2; from++) {
      const s = (sum[end] as number) - (sum[from] as number)
      const cost = (square[end] as number) - (square[from] as number) - (s * s) / (end - from)
      lowest = Math.min(lowest, (best[from] as number) + cost)
    }
    best[end] = lowest + penalty
  }
  return best[n] as number
}
