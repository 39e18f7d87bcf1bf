/**
 * How many parameters a local regression is worth, and its residual scale: exact traces of the operator L that takes
 * y to the fit. Cleveland & Devlin 1988, J Am Stat Assoc 83:596–610, section 4.
 */
import type { OperatorRow } from './loess.ts'

export interface ErrorStatistics {
  /** Residual standard error: residual sum of squares over δ₁. */
  readonly sigma: number
  /** Equivalent number of parameters, tr L. */
  readonly trace: number
  /** Degrees of freedom of its t distribution: δ₁²/δ₂ with δₖ = tr ((I-L)(I-L)ᵀ)ᵏ. */
  readonly df: number
}

/** null where nothing is left for the residuals. */
export function operatorStatistics(
  n: number,
  residuals: Float64Array,
  row: (i: number) => OperatorRow,
): ErrorStatistics | null {
  const rest: Float64Array[] = []
  let trace = 0
  for (let i = 0; i < n; i++) {
    const { start, shares } = row(i)
    const difference = new Float64Array(n)
    for (let j = 0; j < shares.length; j++) difference[start + j] = -(shares[j] as number)
    trace -= difference[i] as number
    difference[i] = 1 + (difference[i] as number)
    rest.push(difference)
  }
  let delta1 = 0
  let delta2 = 0
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const product = dot(rest[i] as Float64Array, rest[j] as Float64Array)
      if (i === j) delta1 += product
      delta2 += (i === j ? 1 : 2) * product * product
    }
  }
  const squares = dot(residuals, residuals)
  if (!(delta1 > 1e-9 * n)) return null
  return { sigma: Math.sqrt(squares / delta1), trace, df: (delta1 * delta1) / delta2 }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}
