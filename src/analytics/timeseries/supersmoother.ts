/**
 * Friedman's super smoother over equally spaced values: running lines whose width follows the curve.
 *
 * Friedman 1984, A Variable Span Smoother, Technical Report 5, Laboratory for Computational Statistics, Stanford; the
 * numbers of R's `supsmu` with its defaults (spans 0.05, 0.2 and 0.5, no bass, equal weights).
 */

const tweeter = 0.05
const midrange = 0.2
const woofer = 0.5

/** Smooths values without gaps, in time that grows with n. */
export function superSmooth(values: Float64Array): Float64Array {
  const n = values.length
  if (n < 2) return values.slice()
  const slopeFloor = leastSpread(n)
  const curves: Float64Array[] = []
  const errors: Float64Array[] = []
  for (const span of [tweeter, midrange, woofer]) {
    const { smooth, residuals } = runningLines(values, span, slopeFloor)
    curves.push(smooth)
    errors.push(runningLines(residuals, midrange, slopeFloor).smooth)
  }
  const bestSpan = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const [narrow, middle, wide] = errors.map((curve) => curve[i] as number) as [number, number, number]
    const least = Math.min(narrow, middle, wide)
    bestSpan[i] = least === narrow ? tweeter : least === middle ? midrange : woofer
  }
  const spans = runningLines(bestSpan, midrange, slopeFloor).smooth
  const [narrow, middle, wide] = curves as [Float64Array, Float64Array, Float64Array]
  const blended = spans.map((span, i) => {
    const within = Math.max(tweeter, Math.min(woofer, span))
    const share = (within - midrange) / (within < midrange ? tweeter - midrange : woofer - midrange)
    const other = within < midrange ? narrow : wide
    return (1 - share) * (middle[i] as number) + share * (other[i] as number)
  })
  return runningLines(blended, tweeter, slopeFloor).smooth
}

/** A thousandth of the interquartile range of the positions, squared: below it a window carries no slope. */
function leastSpread(n: number): number {
  return (1e-3 * Math.max(1, 2 * Math.floor(n / 4))) ** 2
}

/** Running least-squares lines and their leave-one-out absolute residuals. */
function runningLines(
  values: Float64Array,
  span: number,
  slopeFloor: number,
): { smooth: Float64Array; residuals: Float64Array } {
  const n = values.length
  const half = Math.max(2, Math.floor(0.5 * span * n + 0.5))
  const window = new Window()
  for (let i = 0; i < Math.min(n, 2 * half + 1); i++) window.add(i, values[i] as number)
  const smooth = new Float64Array(n)
  const residuals = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const leaving = i - half - 1
    const entering = i + half
    if (leaving >= 0 && entering < n) {
      window.remove(leaving, values[leaving] as number)
      window.add(entering, values[entering] as number)
    }
    const steep = window.spread > slopeFloor
    const offset = i - window.meanX
    smooth[i] = (steep ? (window.product / window.spread) * offset : 0) + window.meanY
    const own = 1 - 1 / window.count - (steep ? (offset * offset) / window.spread : 0)
    if (own > 0) residuals[i] = Math.abs((values[i] as number) - (smooth[i] as number)) / own
    else if (i > 0) residuals[i] = residuals[i - 1] as number
  }
  return { smooth, residuals }
}

/** Means and sums of squares of a moving set of points, updated by one point at a time. */
class Window {
  count = 0
  meanX = 0
  meanY = 0
  spread = 0
  product = 0

  add(x: number, y: number): void {
    const before = this.count++
    this.meanX = (before * this.meanX + x) / this.count
    this.meanY = (before * this.meanY + y) / this.count
    if (before === 0) return
    const factor = (this.count / before) * (x - this.meanX)
    this.spread += factor * (x - this.meanX)
    this.product += factor * (y - this.meanY)
  }

  remove(x: number, y: number): void {
    const before = this.count--
    const factor = this.count === 0 ? 0 : (before / this.count) * (x - this.meanX)
    this.spread -= factor * (x - this.meanX)
    this.product -= factor * (y - this.meanY)
    if (this.count === 0) return
    this.meanX = (before * this.meanX - x) / this.count
    this.meanY = (before * this.meanY - y) / this.count
  }
}
