/**
 * Loess over equally spaced values, the smoother inside STL: degree 0 or 1, tricube weights, every `jump`-th value
 * fitted and straight lines between. Cleveland et al. 1990, J Off Stat 6:3–73, section 2.1.
 */

export interface EvenLoess {
  /** Values in the window, odd; may exceed the series, which widens the weights. */
  readonly window: number
  readonly degree: 0 | 1
  readonly jump: number
}

/** Smooths `values` into `out` (same length, at least one value). `weights` are multiplied in where given. */
export function evenLoess(
  values: Float64Array,
  smoother: EvenLoess,
  weights: Float64Array | null,
  out: Float64Array,
): void {
  const n = out.length
  if (n < 2) {
    out.set(values.subarray(0, n))
    return
  }
  const jump = Math.min(smoother.jump, n - 1)
  const fitHere = (i: number) => {
    const left = windowStart(i, n, smoother.window)
    const right = Math.min(n, left + smoother.window) - 1
    out[i] = evenLoessAt(values, smoother, weights, i, left, right) ?? (values[i] as number)
  }
  for (let i = 0; i < n; i += jump) fitHere(i)
  if (jump === 1) return
  const lastFitted = Math.floor((n - 1) / jump) * jump
  for (let i = 0; i < lastFitted; i += jump) line(out, i, i + jump)
  if (lastFitted === n - 1) return
  // The window of the last value is the one of the last fitted value.
  const left = windowStart(lastFitted, n, smoother.window)
  const right = Math.min(n, left + smoother.window) - 1
  out[n - 1] = evenLoessAt(values, smoother, weights, n - 1, left, right) ?? (values[n - 1] as number)
  line(out, lastFitted, n - 1)
}

function windowStart(i: number, n: number, window: number): number {
  if (window >= n) return 0
  return Math.max(0, Math.min(i - (window - 1) / 2, n - window))
}

function line(values: Float64Array, from: number, to: number): void {
  const step = ((values[to] as number) - (values[from] as number)) / (to - from)
  for (let j = from + 1; j < to; j++) values[j] = (values[from] as number) + step * (j - from)
}

/** The local fit at position `at`, which may lie outside, from values `left` to `right`; null without weight. */
export function evenLoessAt(
  values: Float64Array,
  { window, degree }: EvenLoess,
  weights: Float64Array | null,
  at: number,
  left: number,
  right: number,
): number | null {
  const n = values.length
  let reach = Math.max(at - left, right - at)
  if (window > n) reach += Math.floor((window - n) / 2)
  const far = 0.999 * reach
  const near = 0.001 * reach
  let total = 0
  let first = 0
  let second = 0
  let sum = 0
  let product = 0
  for (let j = left; j <= right; j++) {
    const d = j - at
    const distance = Math.abs(d)
    if (distance > far) continue
    let weight = weights === null ? 1 : (weights[j] as number)
    if (distance > near) {
      const u = distance / reach
      const t = 1 - u * u * u
      weight *= t * t * t
    }
    const y = values[j] as number
    total += weight
    first += weight * d
    second += weight * d * d
    sum += weight * y
    product += weight * d * y
  }
  if (total <= 0) return null
  const mean = sum / total
  if (degree === 0 || reach <= 0) return mean
  const centre = first / total
  const spread = second / total - centre * centre
  // Too narrow to carry a slope.
  if (!(spread > 0) || Math.sqrt(spread) <= 0.001 * (n - 1)) return mean
  return mean - (centre * (product / total - centre * mean)) / spread
}
