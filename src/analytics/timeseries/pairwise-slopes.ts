/**
 * Order statistics of all pairwise slopes (y_j - y_i)/(x_j - x_i), exactly, in bounded memory.
 *
 * Up to `materialiseUpTo` slopes they are laid out and selected from. Beyond, three passes over the pairs: a regular
 * sample gives a bracket around each wanted rank, a counting pass checks the brackets and gathers what lies inside,
 * and the rank is selected among those; a bracket that missed is widened and tried again. Exact in every case,
 * O(n²) time (5,000 values: 12.5 million slopes, about 0.1 s), memory of a few MB.
 */
import { Failure } from '../../foundation/index.ts'
import { selectInPlace, sorted } from '../statistics/quantile.ts'

/** Longest series taken: 2·10⁸ slopes, a few seconds. Longer ones are to be thinned by the caller. */
export const maxPairwiseLength = 20_000

const materialiseUpTo = 1 << 21
const sampleSize = 200_000

/** How many pairs have different x (slopes that exist). */
export function countSlopes(x: Float64Array): number {
  const ascending = sorted(x)
  let equalPairs = 0
  for (let start = 0; start < ascending.length; ) {
    let end = start + 1
    while (end < ascending.length && ascending[end] === ascending[start]) end++
    equalPairs += ((end - start) * (end - start - 1)) / 2
    start = end
  }
  return (x.length * (x.length - 1)) / 2 - equalPairs
}

/**
 * The slopes at the given 0-based ranks, which ascend, of the slopes in ascending order. `count` is `countSlopes(x)` and above 0.
 * Fails with VALUE on more than `maxPairwiseLength` values.
 */
export function slopesAtRanks(
  x: Float64Array,
  y: Float64Array,
  count: number,
  ranks: readonly number[],
  materialise = materialiseUpTo,
): number[] {
  if (x.length > maxPairwiseLength) {
    throw new Failure(
      'VALUE',
      `a pairwise slope takes at most ${maxPairwiseLength} values, not ${x.length}`,
      {
        hint: 'Thin the series first, for example to weekly medians.',
      },
    )
  }
  if (count <= materialise) {
    const all = allSlopes(x, y, count)
    // Once a rank is in its place, all that is larger lies behind it.
    return ranks.map((rank, i) => selectInPlace(all, rank, i === 0 ? 0 : (ranks[i - 1] as number)))
  }
  const sample = sampleSlopes(x, y, Math.ceil(count / Math.min(sampleSize, materialise)))
  return ranks.map((rank) => bracketedSlope(x, y, count, rank, sample))
}

function allSlopes(x: Float64Array, y: Float64Array, count: number): Float64Array {
  const out = new Float64Array(count)
  let k = 0
  for (let i = 0; i < x.length - 1; i++) {
    const xi = x[i] as number
    const yi = y[i] as number
    for (let j = i + 1; j < x.length; j++) {
      const dx = (x[j] as number) - xi
      if (dx !== 0) out[k++] = ((y[j] as number) - yi) / dx
    }
  }
  return out
}

/** Every `stride`-th slope, sorted. The stride is made odd so that it does not beat with the row length. */
function sampleSlopes(x: Float64Array, y: Float64Array, stride: number): Float64Array {
  const step = stride | 1
  const out: number[] = []
  let countdown = 0
  for (let i = 0; i < x.length - 1; i++) {
    const rowLength = x.length - 1 - i
    let j = i + 1 + countdown
    for (; j < x.length; j += step) {
      const dx = (x[j] as number) - (x[i] as number)
      if (dx !== 0) out.push(((y[j] as number) - (y[i] as number)) / dx)
    }
    countdown = j - (i + 1 + rowLength)
  }
  return sorted(out)
}

function bracketedSlope(
  x: Float64Array,
  y: Float64Array,
  count: number,
  rank: number,
  sample: Float64Array,
): number {
  const centre = (rank / count) * sample.length
  // Three standard deviations of a sample quantile to each side; regular sampling is no worse than random here.
  let margin = 3 * Math.sqrt(sample.length) * 0.5 + 2
  for (;;) {
    const lowIndex = Math.floor(centre - margin)
    const highIndex = Math.ceil(centre + margin)
    const low = lowIndex < 0 ? Number.NEGATIVE_INFINITY : (sample[lowIndex] as number)
    const high = highIndex >= sample.length ? Number.POSITIVE_INFINITY : (sample[highIndex] as number)
    const found = selectWithin(x, y, low, high, rank)
    if (found !== undefined) return found
    margin *= 4
  }
}

/** The slope at `rank` if it lies in [low, high]; undefined when the bracket missed it. */
function selectWithin(
  x: Float64Array,
  y: Float64Array,
  low: number,
  high: number,
  rank: number,
): number | undefined {
  let below = 0
  let atLow = 0
  let atHigh = 0
  const inside: number[] = []
  for (let i = 0; i < x.length - 1; i++) {
    const xi = x[i] as number
    const yi = y[i] as number
    for (let j = i + 1; j < x.length; j++) {
      const dx = (x[j] as number) - xi
      if (dx === 0) continue
      const slope = ((y[j] as number) - yi) / dx
      // The ends are counted, not kept: in tied series millions of slopes are equal.
      if (slope < low) below++
      else if (slope === low) atLow++
      else if (slope < high) inside.push(slope)
      else if (slope === high) atHigh++
    }
  }
  const position = rank - below
  if (position < 0) return undefined
  if (position < atLow) return low
  if (position < atLow + inside.length) return selectInPlace(Float64Array.from(inside), position - atLow)
  return position < atLow + inside.length + atHigh ? high : undefined
}
