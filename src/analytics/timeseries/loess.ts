/**
 * LOESS: local regression of degree 0 to 2 with tricube weights, by least squares or with robustness passes.
 *
 * Cleveland & Devlin 1988, J Am Stat Assoc 83:596–610 (doi:10.1080/01621459.1988.10478639); the same numbers as R's
 * `loess(surface = "direct", statistics = "exact")`. Pairs with a missing number are left out.
 */
import { Failure } from '../../foundation/index.ts'
import { type Insufficient, insufficient, type NumericColumn } from '../insufficient.ts'
import { bisquareWeights } from './bisquare.ts'
import { localPolynomial, type PolynomialDegree } from './local-polynomial.ts'
import { type ErrorStatistics, operatorStatistics } from './loess-statistics.ts'
import { sortedPairs } from './lowess.ts'

export interface LoessOptions {
  /** Share of the points in each window; above 1 all points, with wider weights. Default 0.75. */
  readonly span?: number
  /** Default 2. */
  readonly degree?: PolynomialDegree
  /** Fits in all: 1 is least squares, more re-weight by bisquare. Default 1. */
  readonly iterations?: number
  /** Where to predict; outside the range of x there is no prediction. */
  readonly predictAt?: readonly number[]
}

export interface Loess {
  /** In the order of the pairs given, without those that miss a number. */
  readonly fitted: Float64Array
  /** null outside the range of x, as R's `predict`. */
  readonly predicted: readonly (number | null)[]
  /** Only for least squares, at most `maxExactStatistics` points, and residual degrees of freedom above 0. */
  readonly statistics: ErrorStatistics | null
  /** Standard errors of the predictions; null without `statistics` or without a prediction. */
  readonly predictionErrors: readonly (number | null)[]
  /** False where n was so large that the fit is interpolated between vertices. */
  readonly direct: boolean
}

/**
 * Beyond this many weights in all windows and passes, the curve is fitted at vertices and joined by cubics with the local
 * slopes (what R's `surface = "interpolate"` does): a direct fit is of order n².
 */
const maxDirectWeights = 5e6
/** (I - L)(I - L)ᵀ and its square are of order n³. */
const maxExactStatistics = 600

/**
 * Smooths y over x. `insufficient_data` for fewer points than a local polynomial has coefficients, `degenerate_x`
 * where a window has no width. Fails with VALUE on infinite numbers, unequal lengths or options out of range.
 */
export function loess(x: NumericColumn, y: NumericColumn, options: LoessOptions = {}): Loess | Insufficient {
  const { span, degree, iterations } = checked(options)
  const points = sortedPairs(x, y)
  const n = points.x.length
  if (n < 3 || n <= degree) return insufficient('insufficient_data', n)
  const window = span < 1 ? Math.floor(n * span + 1e-5) : n
  if (window <= degree) return insufficient('insufficient_data', n)
  const surface: Surface = { ...points, span, degree, window, robustness: new Float64Array(n).fill(1) }
  const vertices = verticesOf(surface, iterations)
  const fitted = new Float64Array(n)
  const residuals = new Float64Array(n)
  let curve: Curve | null = null
  for (let pass = 0; pass < iterations; pass++) {
    curve = fitVertices(surface, vertices)
    if (curve === null) return insufficient('degenerate_x', n)
    for (let i = 0; i < n; i++) {
      fitted[i] = valueAt(curve, points.x[i] as number)
      residuals[i] = (points.y[i] as number) - (fitted[i] as number)
    }
    if (pass + 1 < iterations && !bisquareWeights(residuals, surface.robustness, 1e-7)) break
  }
  const direct = vertices.length === distinct(points.x).length
  const statistics =
    iterations === 1 && n <= maxExactStatistics && direct
      ? operatorStatistics(n, residuals, (i) => operatorRow(surface, points.x[i] as number))
      : null
  const predictAt = options.predictAt ?? []
  return {
    fitted: inGivenOrder(fitted, points.order),
    predicted: predictAt.map((at) => predict(surface, curve as Curve, direct, at)),
    statistics,
    predictionErrors: predictAt.map((at) =>
      statistics !== null && inRange(points.x, at) ? statistics.sigma * rowLength(surface, at) : null,
    ),
    direct,
  }
}

interface Surface {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly span: number
  readonly degree: PolynomialDegree
  readonly window: number
  readonly robustness: Float64Array
}

/** A curve through vertices, ascending, with value and slope at each. */
interface Curve {
  readonly at: Float64Array
  readonly value: Float64Array
  readonly slope: Float64Array
}

function checked(options: LoessOptions): { span: number; degree: PolynomialDegree; iterations: number } {
  const { span = 0.75, degree = 2, iterations = 1 } = options
  if (!(span > 0 && Number.isFinite(span))) throw new Failure('VALUE', 'the span must be above 0')
  if (![0, 1, 2].includes(degree)) throw new Failure('VALUE', 'the degree must be 0, 1 or 2')
  if (!Number.isInteger(iterations) || iterations < 1) {
    throw new Failure('VALUE', 'fits must be a whole number of at least 1')
  }
  return { span, degree, iterations }
}

function inGivenOrder(sorted: Float64Array, order: Uint32Array): Float64Array {
  const given = new Float64Array(sorted.length)
  for (let i = 0; i < sorted.length; i++) given[order[i] as number] = sorted[i] as number
  return given
}

function distinct(ascending: Float64Array): Float64Array {
  return ascending.filter((value, i) => i === 0 || value !== ascending[i - 1])
}

/** All distinct x, or so many of them (ends included) as the budget of weights allows. */
function verticesOf({ x, window }: Surface, iterations: number): Float64Array {
  const all = distinct(x)
  const affordable = Math.max(20, Math.floor(maxDirectWeights / (window * iterations)))
  if (all.length <= affordable) return all
  const step = (all.length - 1) / (affordable - 1)
  return Float64Array.from({ length: affordable }, (_, i) => all[Math.round(i * step)] as number)
}

function fitVertices(surface: Surface, at: Float64Array): Curve | null {
  const value = new Float64Array(at.length)
  const slope = new Float64Array(at.length)
  for (let i = 0; i < at.length; i++) {
    const local = localFit(surface, at[i] as number)
    if (local === null) return null
    value[i] = local.value
    slope[i] = local.slope
  }
  return { at, value, slope }
}

function valueAt({ at, value, slope }: Curve, x: number): number {
  let low = 0
  let high = at.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((at[middle] as number) <= x) low = middle
    else high = middle
  }
  if (x === at[low]) return value[low] as number
  if (x === at[high]) return value[high] as number
  const width = (at[high] as number) - (at[low] as number)
  const t = (x - (at[low] as number)) / width
  const s = 1 - t
  return (
    s * s * (1 + 2 * t) * (value[low] as number) +
    t * t * (3 - 2 * t) * (value[high] as number) +
    t * s * width * (s * (slope[low] as number) - t * (slope[high] as number))
  )
}

function inRange(x: Float64Array, at: number): boolean {
  return at >= (x[0] as number) && at <= (x[x.length - 1] as number)
}

function predict(surface: Surface, curve: Curve, direct: boolean, at: number): number | null {
  if (!inRange(surface.x, at)) return null
  if (!direct) return valueAt(curve, at)
  return localFit(surface, at)?.value ?? null
}

function localFit(surface: Surface, at: number): { value: number; slope: number } | null {
  const row = operatorRow(surface, at)
  if (row.shares.length === 0) return null
  let value = 0
  let slope = 0
  for (let i = 0; i < row.shares.length; i++) {
    const y = surface.y[row.start + i] as number
    value += (row.shares[i] as number) * y
    slope += (row.slopes[i] as number) * y
  }
  return { value, slope }
}

/** √Σ l²: how much the noise of single values is left in a prediction. */
function rowLength(surface: Surface, at: number): number {
  return Math.sqrt(operatorRow(surface, at).shares.reduce((sum, share) => sum + share * share, 0))
}

/** Shares of the y from `start` on in value and slope at a point; empty where the window has no width or weight. */
export interface OperatorRow {
  readonly start: number
  readonly shares: Float64Array
  readonly slopes: Float64Array
}

function operatorRow(surface: Surface, at: number): OperatorRow {
  const { x, window, span, degree, robustness } = surface
  const start = nearestWindow(x, at, window)
  const furthest = Math.max(Math.abs(at - (x[start] as number)), (x[start + window - 1] as number) - at)
  // The FORTRAN widens squared distances by the span, hence the root.
  const reach = furthest * Math.sqrt(Math.max(1, span))
  const offsets = new Float64Array(window)
  const weights = new Float64Array(window)
  let total = 0
  for (let i = 0; i < window; i++) {
    const offset = (x[start + i] as number) - at
    offsets[i] = offset
    const u = Math.abs(offset) / reach
    const t = 1 - u * u * u
    weights[i] = t > 0 ? t * t * t * (robustness[start + i] as number) : 0
    total += weights[i] as number
  }
  if (!(total > 0)) return { start, shares: new Float64Array(0), slopes: new Float64Array(0) }
  const shares = new Float64Array(window)
  const slopes = new Float64Array(window)
  localPolynomial(offsets, weights, degree, shares, slopes)
  return { start, shares, slopes }
}

/** Start of the `window` neighbours of `at` among ascending x. */
function nearestWindow(x: Float64Array, at: number, window: number): number {
  let low = 0
  let high = x.length - window
  while (low < high) {
    const middle = (low + high) >> 1
    if (at - (x[middle] as number) > (x[middle + window] as number) - at) low = middle + 1
    else high = middle
  }
  return low
}
