/**
 * Autoregression around the mean: what wanders off comes back.
 *
 * Burg 1975 (maximum entropy spectral analysis, Stanford thesis) by the recursion in Percival & Walden 1993, Spectral
 * Analysis for Physical Applications, section 9.5: always stationary, good for short series. The order is the one with
 * the least AICc (Hurvich & Tsai 1989, Biometrika 76:297–307).
 */

/**
 * Weights of the deviations 1, 2, … steps back: orders 0 to `maxOrder` are fitted to values without gaps (at least two)
 * and the best is returned.
 */
export function fitAutoregression(data: Float64Array, maxOrder: number): readonly number[] {
  const n = data.length
  const mean = data.reduce((sum, value) => sum + value, 0) / n
  let forward = data.map((value) => value - mean)
  let backward = forward.slice()
  let variance = forward.reduce((sum, value) => sum + value * value, 0) / n
  let coefficients: number[] = []
  let best = { coefficients, criterion: aicc(n, variance, 0) }
  for (let order = 1; order <= maxOrder && variance > 0; order++) {
    const reflection = reflectionOf(forward, backward, order)
    const last = coefficients
    coefficients = last.map((value, i) => value - reflection * (last[order - 2 - i] as number))
    coefficients.push(reflection)
    const nextForward = forward.slice()
    const nextBackward = backward.slice()
    for (let t = order; t < n; t++) {
      nextForward[t] = (forward[t] as number) - reflection * (backward[t - 1] as number)
      nextBackward[t] = (backward[t - 1] as number) - reflection * (forward[t] as number)
    }
    forward = nextForward
    backward = nextBackward
    variance *= 1 - reflection * reflection
    const criterion = aicc(n, variance, order)
    if (criterion < best.criterion) best = { coefficients, criterion }
  }
  return best.coefficients
}

/** The coefficient that makes forward and backward errors least together; in size at most 1. */
function reflectionOf(forward: Float64Array, backward: Float64Array, order: number): number {
  let product = 0
  let squares = 0
  for (let t = order; t < forward.length; t++) {
    const f = forward[t] as number
    const b = backward[t - 1] as number
    product += f * b
    squares += f * f + b * b
  }
  return squares > 0 ? (2 * product) / squares : 0
}

function aicc(n: number, variance: number, order: number): number {
  const k = order + 2
  if (n - k - 1 <= 0) return Number.POSITIVE_INFINITY
  return n * Math.log(variance) + 2 * k + (2 * k * (k + 1)) / (n - k - 1)
}

/** Steps 1 to `horizon` after the first `known` values of `data`, back to `mean`. */
export function continueAutoregression(
  coefficients: readonly number[],
  mean: number,
  data: Float64Array,
  known: number,
  horizon: number,
): Float64Array {
  const ahead = new Float64Array(horizon)
  for (let h = 0; h < horizon; h++) {
    let sum = 0
    for (let i = 0; i < coefficients.length; i++) {
      const back = h - 1 - i
      const deviation = back >= 0 ? (ahead[back] as number) : (data[known + back] ?? mean) - mean
      sum += (coefficients[i] as number) * deviation
    }
    ahead[h] = sum
  }
  return ahead.map((deviation) => mean + deviation)
}
