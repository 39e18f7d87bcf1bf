/**
 * Order statistics of all pairwise slopes (y_j - y_i)/(x_j - x_i) without laying them out.
 *
 * Up to `layOutUpTo` slopes they are laid out and selected from. Beyond, randomised interval contraction in O(n log n)
 * (Matoušek 1991, Inf Process Lett 39:183–187; Dillencourt, Mount & Netanyahu 1992, Int J Comput Geom Appl 2:1–27):
 * the points ordered by y - t·x have one inversion against their order by x for each slope below t, so a merge sort
 * counts them; slopes drawn from the inversions between two such orders narrow the bracket around the wanted rank until
 * the rest can be laid out. The slope answered is one of the pairs', bit for bit. 100,000 points (5·10⁹ slopes): about
 * 0.2 s and some 30 MB a rank.
 *
 * Two limits of floating point: where more than `clusterUpTo` slopes agree to about 13 digits the answer is one of
 * these, and pairs that lie closer in x than a billionth of its range may be counted on the wrong side of a slope that
 * differs from theirs by rounding only.
 */
import { pseudoRandom } from '../statistics/pseudo-random.ts'
import { selectInPlace, tieSizes } from '../statistics/quantile.ts'

/** Points whose pairs count, or several groups of which only pairs within a group count. */
export interface SlopePoints {
  readonly x: Float64Array
  readonly y: Float64Array
}

const layOutUpTo = 1 << 21
const clusterUpTo = 1 << 23
const sampleSize = 1 << 16

/** How many pairs have different x (slopes that exist). */
export function countSlopes(x: Float64Array): number {
  const pairs = (n: number) => (n * (n - 1)) / 2
  return tieSizes(x).reduce((count, size) => count - pairs(size), pairs(x.length))
}

/**
 * The slopes at the given 0-based ranks, which ascend, of the slopes of all groups in ascending order. The ranks are
 * below the number of slopes. `layOut`: how many slopes are laid out at most.
 */
export function slopesAtRanks(
  groups: readonly SlopePoints[],
  ranks: readonly number[],
  layOut = layOutUpTo,
): number[] {
  const total = groups.reduce((sum, { x }) => sum + countSlopes(x), 0)
  const search = new SlopeSearch(groups, total, layOut)
  return ranks.map((rank) => search.at(rank))
}

/** A slope, the order of the points by y - slope·x, and how many slopes are below it. */
interface Cut {
  readonly slope: number
  readonly order: Int32Array
  readonly below: number
}

/** Called for each inversion: `point` lies behind the points order[from] … order[to - 1] and belongs before them. */
type InversionVisitor = (order: Int32Array, from: number, to: number, point: number) => void

class SlopeSearch {
  readonly #points: SlopePoints
  /** Less their means, so that y - slope·x loses few digits. */
  readonly #centred: SlopePoints
  readonly #ends: readonly number[]
  readonly #layOut: number
  /** Ascending; what one rank has cost serves the next. */
  readonly #cuts: Cut[]
  readonly #resolution: (slope: number) => number
  /** The slopes laid out last, and how many are below them. */
  #inside = new Float64Array(0)
  #below = 0

  constructor(groups: readonly SlopePoints[], total: number, layOut: number) {
    const sortedGroups = groups.map(byPosition)
    const centredGroups = sortedGroups.map(centred)
    this.#points = joined(sortedGroups)
    this.#centred = joined(centredGroups)
    let end = 0
    this.#ends = groups.map(({ x }) => (end += x.length))
    this.#layOut = layOut
    const order = Int32Array.from(this.#points.x, (_, i) => i)
    this.#cuts = [
      { slope: Number.NEGATIVE_INFINITY, order, below: 0 },
      { slope: Number.POSITIVE_INFINITY, order, below: total },
    ]
    const reach = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    const reachX = reach(this.#centred.x)
    const reachY = reach(this.#centred.y)
    this.#resolution = (slope) => 8 * Number.EPSILON * (Math.abs(slope) + reachY / reachX)
  }

  at(rank: number): number {
    const position = rank - this.#below
    if (position >= 0 && position < this.#inside.length) return selectInPlace(this.#inside, position)
    for (let seed = 1; ; seed++) {
      let [low, high] = this.#around(rank)
      const between = high.below - low.below
      if (between <= this.#layOut) return this.#select(low, high, rank)
      const sample = this.#sample(low, high, between, seed)
      const centre = ((rank - low.below + 0.5) / between) * sample.length
      // Four standard deviations of a sample quantile to each side.
      const reach = 2 * Math.sqrt(sample.length)
      const middle = sample[Math.min(Math.floor(centre), sample.length - 1)] as number
      const slack = this.#resolution(middle)
      const lower = sample[Math.floor(centre - reach)] ?? Number.NEGATIVE_INFINITY
      const upper = sample[Math.ceil(centre + reach)] ?? Number.POSITIVE_INFINITY
      this.#cutAt(low, high, [lower - slack, upper + slack])
      if (this.#around(rank)[0] === low && this.#around(rank)[1] === high)
        this.#cutAt(low, high, [middle - slack, middle + slack])
      ;[low, high] = this.#around(rank)
      const left = high.below - low.below
      if (left > this.#layOut && high.slope - low.slope <= 8 * slack)
        return left <= clusterUpTo ? this.#select(low, high, rank) : middle
    }
  }

  /** The closest cuts on both sides of a rank. */
  #around(rank: number): [Cut, Cut] {
    const above = this.#cuts.findIndex(({ below }) => below > rank)
    return [this.#cuts[above - 1] as Cut, this.#cuts[above] as Cut]
  }

  /** Adds cuts at the slopes that lie between two others. */
  #cutAt(low: Cut, high: Cut, slopes: readonly number[]): void {
    for (const slope of slopes) {
      if (slope <= low.slope || slope >= high.slope) continue
      const order = low.order.slice()
      const below = low.below + sortByKey(this.#keys(slope), order, this.#ends)
      this.#cuts.push({ slope, order, below })
    }
    this.#cuts.sort((a, b) => a.slope - b.slope)
  }

  #keys(slope: number): Float64Array {
    const { x, y } = this.#centred
    if (slope === Number.POSITIVE_INFINITY) return x.map((value) => -value)
    return y.map((value, i) => value - slope * (x[i] as number))
  }

  /** Lays out the slopes between two cuts and selects among them. */
  #select(low: Cut, high: Cut, rank: number): number {
    const inside = new Float64Array(high.below - low.below)
    let count = 0
    sortByKey(this.#keys(high.slope), low.order.slice(), this.#ends, (order, from, to, point) => {
      for (let i = from; i < to; i++) inside[count++] = this.#slope(order[i] as number, point)
    })
    this.#inside = inside
    this.#below = low.below
    return selectInPlace(inside, rank - low.below)
  }

  /** Slopes drawn evenly at random, with repetition, from those between two cuts; ascending. */
  #sample(low: Cut, high: Cut, between: number, seed: number): Float64Array {
    const random = pseudoRandom(seed)
    const wanted = Float64Array.from(
      { length: Math.min(sampleSize, between) },
      () => random() * between,
    ).sort()
    const sample = new Float64Array(wanted.length)
    let passed = 0
    let next = 0
    sortByKey(this.#keys(high.slope), low.order.slice(), this.#ends, (order, from, to, point) => {
      const end = passed + to - from
      while (next < wanted.length && (wanted[next] as number) < end) {
        const place = from + Math.floor((wanted[next] as number) - passed)
        sample[next++] = this.#slope(order[place] as number, point)
      }
      passed = end
    })
    return sample.sort()
  }

  #slope(i: number, j: number): number {
    const { x, y } = this.#points
    return ((y[j] as number) - (y[i] as number)) / ((x[j] as number) - (x[i] as number))
  }
}

/** Blocks of this length are sorted by insertion before any are merged. */
const insertionLength = 16

/**
 * Sorts each group of `order` by the points' keys, stably, in place. Answers the number of inversions, and tells them
 * to `visit` if given.
 */
function sortByKey(
  keyOfPoint: Float64Array,
  order: Int32Array,
  ends: readonly number[],
  visit?: InversionVisitor,
): number {
  const keys = Float64Array.from(order, (point) => keyOfPoint[point] as number)
  const spare = { keys: new Float64Array(keys.length), order: new Int32Array(keys.length) }
  let inversions = 0
  let start = 0
  for (const end of ends) {
    for (let from = start; from < end; from += insertionLength)
      inversions += insertionSort(keys, order, from, Math.min(from + insertionLength, end), visit)
    for (let width = insertionLength; width < end - start; width *= 2) {
      for (let from = start; from + width < end; from += 2 * width)
        inversions += merge(keys, order, spare, from, from + width, Math.min(from + 2 * width, end), visit)
    }
    start = end
  }
  return inversions
}

function insertionSort(
  keys: Float64Array,
  order: Int32Array,
  from: number,
  to: number,
  visit: InversionVisitor | undefined,
): number {
  let inversions = 0
  for (let i = from + 1; i < to; i++) {
    const key = keys[i] as number
    const point = order[i] as number
    let place = i
    while (place > from && (keys[place - 1] as number) > key) place--
    if (place === i) continue
    inversions += i - place
    visit?.(order, place, i, point)
    for (let k = i; k > place; k--) {
      keys[k] = keys[k - 1] as number
      order[k] = order[k - 1] as number
    }
    keys[place] = key
    order[place] = point
  }
  return inversions
}

/** Merges two sorted neighbours; the left one is moved out of the way first. */
function merge(
  keys: Float64Array,
  order: Int32Array,
  spare: { readonly keys: Float64Array; readonly order: Int32Array },
  from: number,
  middle: number,
  to: number,
  visit: InversionVisitor | undefined,
): number {
  if ((keys[middle - 1] as number) <= (keys[middle] as number)) return 0
  const { keys: leftKeys, order: leftOrder } = spare
  const length = middle - from
  for (let i = 0; i < length; i++) {
    leftKeys[i] = keys[from + i] as number
    leftOrder[i] = order[from + i] as number
  }
  let left = 0
  let right = middle
  let inversions = 0
  for (let k = from; left < length; k++) {
    if (right < to && (keys[right] as number) < (leftKeys[left] as number)) {
      inversions += length - left
      visit?.(leftOrder, left, length, order[right] as number)
      keys[k] = keys[right] as number
      order[k] = order[right++] as number
    } else {
      keys[k] = leftKeys[left] as number
      order[k] = leftOrder[left++] as number
    }
  }
  return inversions
}

/** By x, equal x by y: points of equal x then never change places. */
function byPosition({ x, y }: SlopePoints): SlopePoints {
  let isSorted = true
  for (let i = 1; i < x.length; i++) if (!((x[i - 1] as number) < (x[i] as number))) isSorted = false
  if (isSorted) return { x, y }
  const order = Uint32Array.from(x, (_, i) => i).sort(
    (a, b) => (x[a] as number) - (x[b] as number) || (y[a] as number) - (y[b] as number),
  )
  return {
    x: Float64Array.from(order, (i) => x[i] as number),
    y: Float64Array.from(order, (i) => y[i] as number),
  }
}

function centred({ x, y }: SlopePoints): SlopePoints {
  const mean = (values: Float64Array) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1)
  const [meanX, meanY] = [mean(x), mean(y)]
  return { x: x.map((value) => value - meanX), y: y.map((value) => value - meanY) }
}

function joined(groups: readonly SlopePoints[]): SlopePoints {
  const length = groups.reduce((sum, { x }) => sum + x.length, 0)
  const [x, y] = [new Float64Array(length), new Float64Array(length)]
  let at = 0
  for (const group of groups) {
    x.set(group.x, at)
    y.set(group.y, at)
    at += group.x.length
  }
  return { x, y }
}
