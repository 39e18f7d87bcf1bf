/**
 * Kendall's score S and its rank correlation tau-b, in O(n log n).
 *
 * Kendall 1938, Biometrika 30:81–93 and 1945, Biometrika 33:239–251 (ties: tau-b); algorithm of Knight 1966, J Am Stat
 * Assoc 61:436–439.
 */
import { countInversions } from './inversions.ts'
import { tieSizes } from './quantile.ts'

/** Pairs that go the same way in x and y minus those that go opposite ways; pairs tied in either count 0. */
export function kendallScore(x: Float64Array, y: Float64Array): number {
  const n = x.length
  const order = Uint32Array.from(x, (_, i) => i).sort(
    (a, b) => (x[a] as number) - (x[b] as number) || (y[a] as number) - (y[b] as number),
  )
  const tiedInX = tiedPairs(x)
  const tiedInY = tiedPairs(y)
  const tiedInBoth = tiedPairsInBoth(x, y, order)
  const opposite = countInversions(Float64Array.from(order, (i) => y[i] as number))
  return pairs(n) - tiedInX - tiedInY + tiedInBoth - 2 * opposite
}

/** tau-b; null where x or y is constant. */
export function kendallTauB(x: Float64Array, y: Float64Array): number | null {
  const all = pairs(x.length)
  const untiedX = all - tiedPairs(x)
  const untiedY = all - tiedPairs(y)
  if (untiedX === 0 || untiedY === 0) return null
  return kendallScore(x, y) / (Math.sqrt(untiedX) * Math.sqrt(untiedY))
}

/** Pairs of equal values. */
export function tiedPairs(values: ArrayLike<number>): number {
  return tieSizes(values).reduce((sum, size) => sum + pairs(size), 0)
}

function tiedPairsInBoth(x: Float64Array, y: Float64Array, order: Uint32Array): number {
  let sum = 0
  for (let start = 0; start < order.length; ) {
    const first = order[start] as number
    let end = start + 1
    while (end < order.length && x[order[end] as number] === x[first] && y[order[end] as number] === y[first])
      end++
    sum += pairs(end - start)
    start = end
  }
  return sum
}

function pairs(n: number): number {
  return (n * (n - 1)) / 2
}
