/**
 * Null distributions of the rank statistics for small samples without ties, by counting.
 *
 * Signed ranks: Wilcoxon 1945, Biometrics Bull 1:80–83. Rank sums: Mann & Whitney 1947, Ann Math Stat 18:50–60, by their
 * recursion. Probabilities are lower tails, P(statistic ≤ q).
 */

/** Cumulative probabilities of V = 0 … n(n+1)/2, the sum of the ranks with a positive sign. */
export function signedRankCumulative(n: number): Float64Array {
  const probability = new Float64Array((n * (n + 1)) / 2 + 1)
  probability[0] = 1
  for (let rank = 1; rank <= n; rank++) {
    for (let sum = (rank * (rank + 1)) / 2; sum >= 0; sum--) {
      const without = probability[sum] as number
      probability[sum] = (without + (sum >= rank ? (probability[sum - rank] as number) : 0)) / 2
    }
  }
  return cumulative(probability)
}

/** Cumulative probabilities of U = 0 … m·n, the pairs in which the first sample's value is the larger. */
export function rankSumCumulative(m: number, n: number): Float64Array {
  // byFirst[i] counts the arrangements of i values of the first sample among those of the second taken so far.
  const byFirst = Array.from({ length: m + 1 }, () => {
    const counts = new Float64Array(m * n + 1)
    counts[0] = 1
    return counts
  })
  for (let j = 1; j <= n; j++) {
    for (let i = 1; i <= m; i++) {
      const counts = byFirst[i] as Float64Array
      const fewer = byFirst[i - 1] as Float64Array
      for (let u = m * n; u >= j; u--) counts[u] = (counts[u] as number) + (fewer[u - j] as number)
    }
  }
  const counts = byFirst[m] as Float64Array
  const total = counts.reduce((sum, count) => sum + count, 0)
  return cumulative(counts.map((count) => count / total))
}

/** Two-sided p: twice the smaller tail, at most 1. `statistic` is a whole number. */
export function twoSidedExactP(cumulativeProbability: Float64Array, statistic: number): number {
  const largest = cumulativeProbability.length - 1
  // Both null distributions are symmetric, so the upper tail is the lower one mirrored.
  const tail = Math.min(statistic, largest - statistic)
  return Math.min(1, 2 * (cumulativeProbability[tail] as number))
}

function cumulative(probability: Float64Array): Float64Array {
  let sum = 0
  return probability.map((value) => {
    sum += value
    return Math.min(1, sum)
  })
}
