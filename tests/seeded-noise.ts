/** Noise for simulations, the same in every run. */

/** Standard normal numbers by Mulberry32 and Box-Muller. */
export function seededNormal(seed: number): () => number {
  let state = seed >>> 0
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** First-order autoregressive noise of unit variance. */
export function autoregressiveNoise(n: number, phi: number, normal: () => number): Float64Array {
  const out = new Float64Array(n)
  let value = normal()
  for (let i = 0; i < n; i++) {
    out[i] = value
    value = phi * value + Math.sqrt(1 - phi * phi) * normal()
  }
  return out
}
