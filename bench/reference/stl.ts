/**
 * STL by its description (Cleveland et al. 1990), one loess fit a point and nothing saved: slow, and short enough to
 * check by reading. Jumps of 1, no robustness passes, two inner passes.
 */

interface Windows {
  readonly period: number
  readonly seasonal: number
  readonly trend: number
  readonly lowPass: number
}

/** Season and trend of values without gaps. Windows are odd. */
export function simpleStl(y: readonly number[], { period, seasonal, trend, lowPass }: Windows) {
  const n = y.length
  let t = new Array<number>(n).fill(0)
  let s = new Array<number>(n).fill(0)
  for (let pass = 0; pass < 2; pass++) {
    const detrended = y.map((value, i) => value - (t[i] as number))
    const cycle = new Array<number>(n + 2 * period).fill(0)
    for (let phase = 0; phase < period; phase++) {
      const own = detrended.filter((_, i) => i % period === phase)
      // One value before the first and one after the last.
      for (let k = 0; k <= own.length + 1; k++) {
        cycle[phase + k * period] = loessAt(own, seasonal, 0, k, k === 0 || k > own.length)
      }
    }
    const filtered = movingAverage(movingAverage(movingAverage(cycle, period), period), 3)
    const low = filtered.map((_, i) => loessAt(filtered, lowPass, 1, i + 1))
    s = y.map((_, i) => (cycle[i + period] as number) - (low[i] as number))
    const deseasonalised = y.map((value, i) => value - (s[i] as number))
    t = deseasonalised.map((_, i) => loessAt(deseasonalised, trend, 1, i + 1))
  }
  return { seasonal: s, trend: t }
}

function movingAverage(values: readonly number[], length: number): number[] {
  return Array.from({ length: values.length - length + 1 }, (_, i) => {
    let sum = 0
    for (let j = i; j < i + length; j++) sum += values[j] as number
    return sum / length
  })
}

/** Loess of the values at 1, 2, … n, at position x; outside of them where `isOutside`. */
function loessAt(
  values: readonly number[],
  window: number,
  degree: 0 | 1,
  x: number,
  isOutside = false,
): number {
  const n = values.length
  const q = Math.min(window, n)
  let left = Math.min(Math.max(x - Math.floor((q - 1) / 2), 1), n - q + 1)
  if (isOutside) left = x < 1 ? 1 : n - q + 1
  const right = left + q - 1
  const reach = Math.max(x - left, right - x) + (window > n ? Math.floor((window - n) / 2) : 0)
  const weights = Array.from({ length: q }, (_, i) => tricube(Math.abs(left + i - x), reach))
  const total = weights.reduce((sum, w) => sum + w, 0)
  const w = weights.map((weight) => weight / total)
  const positions = w.map((_, i) => left + i)
  const centre = w.reduce((sum, weight, i) => sum + weight * (positions[i] as number), 0)
  const spread = w.reduce((sum, weight, i) => sum + weight * ((positions[i] as number) - centre) ** 2, 0)
  const tilt = degree === 1 && Math.sqrt(spread) > 0.001 * (n - 1) ? (x - centre) / spread : 0
  return w.reduce(
    (sum, weight, i) =>
      sum +
      weight *
        (1 + tilt * ((positions[i] as number) - centre)) *
        (values[(positions[i] as number) - 1] as number),
    0,
  )
}

function tricube(distance: number, reach: number): number {
  if (distance > 0.999 * reach) return 0
  return distance <= 0.001 * reach ? 1 : (1 - (distance / reach) ** 3) ** 3
}
