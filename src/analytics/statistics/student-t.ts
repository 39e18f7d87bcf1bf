/**
 * Student's t and Fisher's F distributions (degrees of freedom need not be whole).
 *
 * Source: NIST DLMF 8.17 with the identities of Abramowitz & Stegun 26.5.27 and 26.6.2. Error below 1e-12.
 */
import { Failure } from '../../foundation/index.ts'
import { assertProbability } from '../insufficient.ts'
import { incompleteBeta, logGamma } from './beta.ts'
import { normalQuantile } from './normal.ts'

/** P(T ≤ t) with `df` > 0 degrees of freedom. */
export function studentTCdf(t: number, df: number): number {
  const tail = studentTTwoSidedP(t, df) / 2
  return t > 0 ? 1 - tail : tail
}

/** Two-sided p value: P(|T| ≥ |t|). */
export function studentTTwoSidedP(t: number, df: number): number {
  if (!(df > 0)) throw new Failure('VALUE', 'degrees of freedom must be above 0')
  const square = t * t
  if (square === Number.POSITIVE_INFINITY) return 0
  return incompleteBeta(df / (df + square), df / 2, 0.5, square / (df + square))
}

/** The t with P(T ≤ t) = p. Fails with VALUE unless 0 < p < 1 and df > 0. */
export function studentTQuantile(p: number, df: number): number {
  assertProbability(p, 'a probability')
  if (p === 0.5) return 0
  if (p > 0.5) return -studentTQuantile(1 - p, df)
  if (!(df > 0)) throw new Failure('VALUE', 'degrees of freedom must be above 0')
  // Bracket below the normal quantile (t tails are heavier), then Newton kept inside the bracket.
  let high = normalQuantile(p)
  let low = high
  while (studentTCdf(low, df) > p) low *= 2
  let t = low === high ? low : (low + high) / 2
  for (let step = 0; step < 200; step++) {
    const error = studentTCdf(t, df) - p
    if (error > 0) high = t
    else low = t
    const next = t - error / studentTDensity(t, df)
    const moved = next > low && next < high ? next : (low + high) / 2
    if (Math.abs(moved - t) <= 1e-15 * Math.abs(t)) return moved
    t = moved
  }
  return t
}

/** P(F ≥ f): the upper tail of Fisher's F. */
export function fisherFUpperP(f: number, df1: number, df2: number): number {
  if (!(df1 > 0 && df2 > 0)) throw new Failure('VALUE', 'degrees of freedom must be above 0')
  if (f <= 0) return 1
  const scale = df2 + df1 * f
  return incompleteBeta(df2 / scale, df2 / 2, df1 / 2, (df1 * f) / scale)
}

function studentTDensity(t: number, df: number): number {
  const logNorm = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI)
  return Math.exp(logNorm - ((df + 1) / 2) * Math.log1p((t * t) / df))
}
