/**
 * Order statistics of all pairwise sums a[i] + b[j] without laying them out: O((n + m) log(nm)) time, O(n + m) memory.
 *
 * Both columns ascending make the sums a matrix with sorted rows and columns (floating point addition keeps the order),
 * so how many sums are below a pivot is one walk down its staircase; the pivots narrow a range of columns in each row
 * until few sums are left (Johnson & Mizoguchi 1978, SIAM J Comput 7:147–153; Monahan 1984, ACM TOMS 10:265–270).
 * The answers are the very floating point sums that a full sort would give.
 */

import { pseudoRandom } from './pseudo-random.ts'
import { selectInPlace, sorted } from './quantile.ts'

/** Median of a[i] + b[j] over all pairs of two columns that are not empty. */
export function medianOfSums(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const columns = { a: sorted(a), b: sorted(b), triangular: false }
  return medianOf(columns, a.length * b.length)
}

/** Median of the Walsh averages (v[i] + v[j])/2, i ≤ j, of at least one value. */
export function medianOfWalshAverages(values: ArrayLike<number>): number {
  const column = sorted(values)
  const n = column.length
  return medianOf({ a: column, b: column, triangular: true }, (n * (n + 1)) / 2) / 2
}

/** The Walsh averages at 0-based ranks, ascending. */
export function walshAveragesAt(values: ArrayLike<number>, ranks: readonly number[]): number[] {
  const column = sorted(values)
  return ranks.map((rank) => sumAtRank({ a: column, b: column, triangular: true }, rank) / 2)
}

/** Sorted columns; `triangular` takes only the sums of row i from column i on. */
interface SumMatrix {
  readonly a: Float64Array
  readonly b: Float64Array
  readonly triangular: boolean
}

function medianOf(matrix: SumMatrix, count: number): number {
  const upper = sumAtRank(matrix, Math.floor(count / 2))
  return count % 2 === 1 ? upper : (sumAtRank(matrix, count / 2 - 1) + upper) / 2
}

function sumAtRank(matrix: SumMatrix, rank: number): number {
  const { a, b, triangular } = matrix
  const from = Int32Array.from(a, (_, i) => (triangular ? i : 0))
  const to = new Int32Array(a.length).fill(b.length)
  const random = pseudoRandom(rank)
  let below = 0
  for (;;) {
    let left = 0
    for (let i = 0; i < a.length; i++) left += (to[i] as number) - (from[i] as number)
    if (left <= 4 * (a.length + b.length))
      return selectInPlace(remaining(matrix, from, to, left), rank - below)
    const pivot = pivotAmong(matrix, from, to, left, random)
    const less = staircase(matrix, (sum) => sum < pivot)
    const notMore = staircase(matrix, (sum) => sum <= pivot)
    if (rank < less.count) clamp(to, from, less.end, Math.min)
    else if (rank >= notMore.count) {
      clamp(from, to, notMore.end, Math.max)
      below = notMore.count
    } else return pivot
  }
}

/** For each row the first column whose sum is not `within`, and how many sums are. */
function staircase({ a, b, triangular }: SumMatrix, within: (sum: number) => boolean) {
  const end = new Int32Array(a.length)
  let column = b.length
  let count = 0
  for (let i = 0; i < a.length; i++) {
    while (column > 0 && !within((a[i] as number) + (b[column - 1] as number))) column--
    end[i] = triangular ? Math.max(column, i) : column
    count += (end[i] as number) - (triangular ? i : 0)
  }
  return { end, count }
}

/** Moves one end of each row's range without passing the other. */
function clamp(ends: Int32Array, others: Int32Array, limits: Int32Array, tighter: typeof Math.min): void {
  const isStart = tighter === Math.max
  for (let i = 0; i < ends.length; i++) {
    const moved = tighter(ends[i] as number, limits[i] as number)
    ends[i] = isStart ? Math.min(moved, others[i] as number) : Math.max(moved, others[i] as number)
  }
}

/** The median of a few sums drawn at random from what is left. */
function pivotAmong(
  { a, b }: SumMatrix,
  from: Int32Array,
  to: Int32Array,
  left: number,
  random: () => number,
): number {
  const places = Float64Array.from({ length: 31 }, () => Math.floor(random() * left)).sort()
  const drawn = new Float64Array(places.length)
  let passed = 0
  let next = 0
  for (let i = 0; i < a.length && next < places.length; i++) {
    const length = (to[i] as number) - (from[i] as number)
    while (next < places.length && (places[next] as number) < passed + length) {
      drawn[next] = (a[i] as number) + (b[(from[i] as number) + (places[next] as number) - passed] as number)
      next++
    }
    passed += length
  }
  return selectInPlace(drawn, 15)
}

function remaining({ a, b }: SumMatrix, from: Int32Array, to: Int32Array, left: number): Float64Array {
  const out = new Float64Array(left)
  let k = 0
  for (let i = 0; i < a.length; i++)
    for (let j = from[i] as number; j < (to[i] as number); j++) out[k++] = (a[i] as number) + (b[j] as number)
  return out
}
