/** Order statistics: type-7 quantiles (Hyndman & Fan 1996, Am Stat 50:361–365), median, rank selection, ranks. */
import { assert, Failure } from '../../foundation/index.ts'

/** A sorted copy, ascending. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort()
}

/**
 * Type-7 quantile (R's default) of values that are already ascending: h = (n-1)p, linear between neighbours.
 * Fails with VALUE when p is outside [0, 1]; the array must not be empty.
 */
export function quantileOfSorted(ascending: ArrayLike<number>, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new Failure('VALUE', 'a quantile needs a probability from 0 to 1')
  assert(ascending.length > 0, 'a quantile of no values is asked of nobody')
  const h = (ascending.length - 1) * p
  const below = Math.floor(h)
  const low = ascending[below] as number
  const fraction = h - below
  return fraction === 0 ? low : low + fraction * ((ascending[below + 1] as number) - low)
}

/** Median of at least one value. */
export function median(values: ArrayLike<number>): number {
  return quantileOfSorted(sorted(values), 0.5)
}

/** Median absolute deviation from the median, without a factor (`normalMadFactor` makes it comparable to sd). */
export function rawMad(values: ArrayLike<number>): number {
  const centre = median(values)
  return median(Float64Array.from(values, (value) => Math.abs(value - centre)))
}

/** R's `mad` constant: 1/Φ⁻¹(3/4), rounded as R rounds it. */
export const normalMadFactor = 1.4826

/** Average ranks (1-based): tied values share the mean of their ranks. */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort(
    (a, b) => (values[a] as number) - (values[b] as number),
  )
  const ranks = new Float64Array(values.length)
  for (let start = 0; start < order.length; ) {
    let end = start + 1
    while (end < order.length && values[order[end] as number] === values[order[start] as number]) end++
    for (let i = start; i < end; i++) ranks[order[i] as number] = (start + end + 1) / 2
    start = end
  }
  return ranks
}

/** Sizes of the groups of equal values that have more than one member. */
export function tieSizes(values: ArrayLike<number>): number[] {
  const ascending = sorted(values)
  const sizes: number[] = []
  for (let start = 0; start < ascending.length; ) {
    let end = start + 1
    while (end < ascending.length && ascending[end] === ascending[start]) end++
    if (end - start > 1) sizes.push(end - start)
    start = end
  }
  return sizes
}

/** The nearest whole number; halves go to the even one, as in R and IEEE 754. */
export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/**
 * Reorders `values` so that `values[rank]` is what a full sort would put there (Hoare 1961, CACM 4:321). Values in
 * [from, to] only; what lies outside must already be on its side.
 */
export function selectInPlace(values: Float64Array, rank: number, from = 0, to = values.length - 1): number {
  let left = from
  let right = to
  while (left < right) {
    const pivot = medianOfThree(
      values[left] as number,
      values[(left + right) >> 1] as number,
      values[right] as number,
    )
    let i = left
    let j = right
    while (i <= j) {
      while ((values[i] as number) < pivot) i++
      while ((values[j] as number) > pivot) j--
      if (i <= j) {
        const swapped = values[i] as number
        values[i++] = values[j] as number
        values[j--] = swapped
      }
    }
    if (rank <= j) right = j
    else if (rank >= i) left = i
    else break
  }
  return values[rank] as number
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}
