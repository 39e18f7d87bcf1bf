/**
 * LOWESS: locally weighted straight lines with bisquare robustness passes.
 *
 * Cleveland 1979, J Am Stat Assoc 74:829–836 (doi:10.1080/01621459.1979.10481038); the same numbers as R's `lowess`:
 * tricube weights, `f` of the points in each window (at least two), `delta` to skip points that lie close together
 * and interpolate between. Pairs with a missing number are left out; x need not be sorted.
 */
import { Failure } from '../../foundation/index.ts'
import { type NumericColumn, presentPairs } from '../insufficient.ts'
import { bisquareWeights } from './bisquare.ts'

export interface LowessOptions {
  /** Share of the points in each window; default 2/3. */
  readonly f?: number
  /** Robustness passes after the first fit; default 3. */
  readonly iterations?: number
  /** Distance in x within which points are interpolated; default a hundredth of the range. */
  readonly delta?: number
}

export interface Smooth {
  /** Ascending. */
  readonly x: Float64Array
  readonly fitted: Float64Array
}

/** Below this share of the mean absolute residual, the median residual counts as zero. */
const exactFit = 1e-7

/**
 * Smooths y over x. No pairs give an empty result, one pair itself. Fails with VALUE on infinite numbers, unequal
 * lengths or options out of range.
 *
 * With the default `delta` about a hundred windows are fitted for each pass, so that time grows with n; `delta` 0
 * fits each point and takes time of n².
 */
export function lowess(x: NumericColumn, y: NumericColumn, options: LowessOptions = {}): Smooth {
  const f = options.f ?? 2 / 3
  const iterations = options.iterations ?? 3
  if (!(f > 0 && Number.isFinite(f))) throw new Failure('VALUE', 'the smoother span must be above 0')
  if (!Number.isInteger(iterations) || iterations < 0) {
    throw new Failure('VALUE', 'robustness passes must be a whole number, not below 0')
  }
  const points = sortedPairs(x, y)
  const n = points.x.length
  const fitted = points.y.slice()
  if (n < 2) return { x: points.x, fitted }
  const range = (points.x[n - 1] as number) - (points.x[0] as number)
  const delta = options.delta ?? 0.01 * range
  if (!(delta >= 0)) throw new Failure('VALUE', 'delta must not be below 0')
  const window = Math.max(2, Math.min(n, Math.floor(f * n + 1e-7)))
  const residuals = new Float64Array(n)
  const robustness = new Float64Array(n).fill(1)
  const pass: Pass = { ...points, range, window, delta, robustness, weights: new Float64Array(n) }
  for (let i = 0; ; i++) {
    fitAll(pass, fitted)
    if (i === iterations) break
    for (let k = 0; k < n; k++) residuals[k] = (points.y[k] as number) - (fitted[k] as number)
    if (!bisquareWeights(residuals, robustness, exactFit)) break
  }
  return { x: points.x, fitted }
}

export interface SortedPairs {
  readonly x: Float64Array
  readonly y: Float64Array
  /** Place of each pair among those without a missing number, before sorting. */
  readonly order: Uint32Array
}

/** Pairs without a missing number in the order of x; equal x keep their order. */
export function sortedPairs(x: NumericColumn, y: NumericColumn): SortedPairs {
  const kept = presentPairs(x, y)
  const order = Uint32Array.from(kept.x, (_, i) => i)
  if (isAscending(kept.x)) return { x: kept.x, y: kept.y, order }
  order.sort((a, b) => (kept.x[a] as number) - (kept.x[b] as number) || a - b)
  return {
    x: Float64Array.from(order, (i) => kept.x[i] as number),
    y: Float64Array.from(order, (i) => kept.y[i] as number),
    order,
  }
}

function isAscending(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) {
    if ((values[i] as number) < (values[i - 1] as number)) return false
  }
  return true
}

interface Pass {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly range: number
  readonly window: number
  readonly delta: number
  readonly robustness: Float64Array
  readonly weights: Float64Array
}

/** One pass: fits points at least `delta` apart, copies ties and interpolates what was skipped. */
function fitAll(pass: Pass, fitted: Float64Array): void {
  const { x, y, window, delta } = pass
  const n = x.length
  let left = 0
  let last = -1
  let i = 0
  while (last < n - 1) {
    const at = x[i] as number
    while (left + window < n && at - (x[left] as number) > (x[left + window] as number) - at) left++
    fitted[i] = fitAt(pass, at, left) ?? (y[i] as number)
    interpolate(x, fitted, last, i)
    last = i
    const cut = at + delta
    for (i = last + 1; i < n && (x[i] as number) <= cut; i++) {
      if (x[i] === x[last]) {
        fitted[i] = fitted[last] as number
        last = i
      }
    }
    i = Math.max(last + 1, i - 1)
  }
}

/** Fills `values` between `from` and `to` on the straight line over x. */
function interpolate(x: Float64Array, values: Float64Array, from: number, to: number): void {
  for (let j = from + 1; j < to; j++) {
    const span = (x[to] as number) - (x[from] as number)
    const share = ((x[j] as number) - (x[from] as number)) / span
    values[j] = share * (values[to] as number) + (1 - share) * (values[from] as number)
  }
}

/** The weighted line through the window that starts at `left`, at x = `at`; null where all weights are 0. */
function fitAt(pass: Pass, at: number, left: number): number | null {
  const { x, y, window, robustness, weights, range } = pass
  const n = x.length
  const reach = Math.max(at - (x[left] as number), (x[left + window - 1] as number) - at)
  const far = 0.999 * reach
  const near = 0.001 * reach
  let total = 0
  let centre = 0
  let end = left
  // Ties of the rightmost point belong to the window, so it ends by distance.
  for (; end < n; end++) {
    const distance = Math.abs((x[end] as number) - at)
    let weight = 0
    if (distance <= far) {
      const u = distance / reach
      const t = 1 - u * u * u
      weight = (distance <= near ? 1 : t * t * t) * (robustness[end] as number)
    } else if ((x[end] as number) > at) break
    weights[end] = weight
    total += weight
    centre += weight * (x[end] as number)
  }
  if (total <= 0) return null
  centre /= total
  let spread = 0
  let mean = 0
  let slope = 0
  for (let j = left; j < end; j++) {
    const weight = (weights[j] as number) / total
    const d = (x[j] as number) - centre
    spread += weight * d * d
    mean += weight * (y[j] as number)
    slope += weight * d * (y[j] as number)
  }
  // Points too close together carry no slope.
  return Math.sqrt(spread) > 0.001 * range ? mean + ((at - centre) * slope) / spread : mean
}
