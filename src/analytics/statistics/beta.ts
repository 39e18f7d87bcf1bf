/**
 * The regularised incomplete beta function, on which Student's t and F rest.
 *
 * Sources: NIST DLMF 8.17.22 (continued fraction, by the modified Lentz algorithm: Thompson & Barnett 1986, J Comput
 * Phys 64:490–509); Lanczos 1964, SIAM J Numer Anal 1:86–96, with Godfrey's coefficients for g = 7 (log-gamma).
 */
import { assert } from '../../foundation/index.ts'

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const shifted = x - 1
  let sum: number = lanczos[0]
  for (let i = 1; i < lanczos.length; i++) sum += (lanczos[i] as number) / (shifted + i)
  const t = shifted + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum)
}

/** I_x(a, b) for a, b > 0 and 0 ≤ x ≤ 1. `complement` is 1 - x, given apart so that it keeps its digits near 0. */
export function incompleteBeta(x: number, a: number, b: number, complement = 1 - x): number {
  assert(a > 0 && b > 0 && x >= 0 && x <= 1, 'incomplete beta within its domain')
  if (x === 0) return 0
  if (complement === 0) return 1
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(complement),
  )
  // The fraction converges fast only on this side of the mode; the other side is its mirror.
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a
  return 1 - (front * betaFraction(complement, b, a)) / b
}

function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  const guard = (value: number) => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1))
  let result = d
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / guard(1 + even * d)
    c = guard(1 + even / c)
    result *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / guard(1 + odd * d)
    c = guard(1 + odd / c)
    const change = d * c
    result *= change
    if (Math.abs(change - 1) < 1e-16) break
  }
  return result
}
