/**
 * P values adjusted for how many were looked at. Each function takes p values (NaN missing, left out of the count and
 * NaN in the answer) and answers in the same order; the results equal R's `p.adjust`.
 *
 * Family-wise error: Bonferroni; Holm 1979, Scand J Stat 6:65–70; Hochberg 1988, Biometrika 75:800–802.
 * False discovery rate: Benjamini & Hochberg 1995, J R Stat Soc B 57:289–300; under any dependence Benjamini &
 * Yekutieli 2001, Ann Stat 29:1165–1188.
 */
import { Failure } from '../../foundation/index.ts'
import type { NumericColumn } from '../insufficient.ts'

export function bonferroni(p: NumericColumn): Float64Array {
  return adjusted(p, 'up', (value, _rank, n) => value * n)
}

export function holm(p: NumericColumn): Float64Array {
  return adjusted(p, 'up', (value, rank, n) => value * (n - rank + 1))
}

export function hochberg(p: NumericColumn): Float64Array {
  return adjusted(p, 'down', (value, rank, n) => value * (n - rank + 1))
}

export function benjaminiHochberg(p: NumericColumn): Float64Array {
  return adjusted(p, 'down', (value, rank, n) => (value * n) / rank)
}

export function benjaminiYekutieli(p: NumericColumn): Float64Array {
  return adjusted(p, 'down', (value, rank, n) => (value * n * harmonic(n)) / rank)
}

/**
 * Steps through the ranks (1 is the smallest p): `up` keeps the running maximum, `down` the running minimum from the
 * largest. Fails with VALUE on a number outside 0 to 1.
 */
function adjusted(
  p: NumericColumn,
  direction: 'up' | 'down',
  adjust: (value: number, rank: number, n: number) => number,
): Float64Array {
  const order = ascendingOrder(p)
  const n = order.length
  const out = new Float64Array(p.length).fill(Number.NaN)
  let running = direction === 'up' ? 0 : 1
  for (let step = 0; step < n; step++) {
    const rank = direction === 'up' ? step + 1 : n - step
    const at = order[rank - 1] as number
    const value = Math.min(1, adjust(p[at] as number, rank, n))
    running = direction === 'up' ? Math.max(running, value) : Math.min(running, value)
    out[at] = running
  }
  return out
}

/** Positions of the p values that are there, smallest first. */
function ascendingOrder(p: NumericColumn): Int32Array {
  const present: number[] = []
  for (let i = 0; i < p.length; i++) {
    const value = p[i] as number
    if (Number.isNaN(value)) continue
    if (!(value >= 0 && value <= 1))
      throw new Failure('VALUE', `a p value lies between 0 and 1, not at ${value}`)
    present.push(i)
  }
  return Int32Array.from(present).sort((a, b) => (p[a] as number) - (p[b] as number))
}

function harmonic(n: number): number {
  let sum = 0
  for (let i = 1; i <= n; i++) sum += 1 / i
  return sum
}
