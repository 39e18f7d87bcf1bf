/**
 * Sums of products of a series with its own past, Σ v[i]·v[i + k], for k = 0 … maxLag.
 *
 * A few lags are summed directly; many at once by the fast Fourier transform of the padded series (Wiener-Khinchin;
 * Cooley & Tukey 1965, Math Comput 19:297–301), in O(n log n) with an error of about 1e-15 of the sum at lag 0.
 */

/** Products that are summed directly at most: about 50 ms. */
const directUpTo = 20_000_000

/** `values` holds no NaN; maxLag is below its length. `directLimit` chooses the way, for tests. */
export function laggedProducts(values: Float64Array, maxLag: number, directLimit = directUpTo): Float64Array {
  return values.length * (maxLag + 1) <= directLimit ? summed(values, maxLag) : transformed(values, maxLag)
}

function summed(values: Float64Array, maxLag: number): Float64Array {
  const out = new Float64Array(maxLag + 1)
  for (let lag = 0; lag <= maxLag; lag++) {
    let sum = 0
    for (let i = 0; i + lag < values.length; i++) sum += (values[i] as number) * (values[i + lag] as number)
    out[lag] = sum
  }
  return out
}

function transformed(values: Float64Array, maxLag: number): Float64Array {
  // Padding by maxLag zeros keeps the ends from meeting.
  const size = 2 ** Math.ceil(Math.log2(values.length + maxLag))
  const real = new Float64Array(size)
  const imaginary = new Float64Array(size)
  real.set(values)
  fourierTransform(real, imaginary)
  for (let i = 0; i < size; i++) {
    real[i] = (real[i] as number) ** 2 + (imaginary[i] as number) ** 2
    imaginary[i] = 0
  }
  // The power spectrum is even, so its transform is its inverse transform times the size.
  fourierTransform(real, imaginary)
  return real.subarray(0, maxLag + 1).map((sum) => sum / size)
}

/** In place; the length is a power of two. */
function fourierTransform(real: Float64Array, imaginary: Float64Array): void {
  const n = real.length
  reverseBits(real)
  reverseBits(imaginary)
  const cosines = Float64Array.from({ length: n / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / n))
  const sines = Float64Array.from({ length: n / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / n))
  for (let half = 1; half < n; half *= 2) {
    const stride = n / (2 * half)
    for (let start = 0; start < n; start += 2 * half) {
      for (let k = 0; k < half; k++) {
        const upper = start + k
        const lower = upper + half
        const cos = cosines[k * stride] as number
        const sin = sines[k * stride] as number
        const re = (real[lower] as number) * cos - (imaginary[lower] as number) * sin
        const im = (real[lower] as number) * sin + (imaginary[lower] as number) * cos
        real[lower] = (real[upper] as number) - re
        imaginary[lower] = (imaginary[upper] as number) - im
        real[upper] = (real[upper] as number) + re
        imaginary[upper] = (imaginary[upper] as number) + im
      }
    }
  }
}

function reverseBits(values: Float64Array): void {
  const n = values.length
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1
    for (; j & bit; bit >>= 1) j ^= bit
    j ^= bit
    if (i < j) {
      const swapped = values[i] as number
      values[i] = values[j] as number
      values[j] = swapped
    }
  }
}
