/**
 * Where smoothing parameters may lie: inside R's bounds, and where the model forgets its start.
 *
 * Hyndman, Akram & Archibald 2008, Ann Inst Stat Math 60:407–426 (doi:10.1007/s10463-006-0109-x).
 */
import type { EtsForm, EtsParameters } from './ets-form.ts'

/** Distance of alpha, beta and gamma from 0 and 1. */
export const lowestShare = 1e-4
export const phiRange = { low: 0.8, high: 0.98 }

/** 0.0001 ≤ β ≤ α ≤ 0.9999, 0.0001 ≤ γ ≤ 1 - α, 0.8 ≤ φ ≤ 0.98, and old errors die out. */
export function isAdmissible(parameters: EtsParameters, { trend, season, period }: EtsForm): boolean {
  const { alpha, beta, gamma, phi } = parameters
  const highest = 1 - lowestShare
  if (alpha < lowestShare || alpha > highest) return false
  if (trend !== 'N' && (beta < lowestShare || beta > alpha || beta > highest)) return false
  if (trend === 'Ad' && (phi < phiRange.low || phi > phiRange.high)) return false
  if (season === 'N') return true
  if (gamma < lowestShare || gamma > 1 - alpha || gamma > highest) return false
  return forgets(parameters, period)
}

/** The roots of the seasonal model's characteristic polynomial lie in the unit disc (theorem 2 of the paper). */
function forgets({ alpha, beta, gamma, phi }: EtsParameters, period: number): boolean {
  const middle = alpha + beta - alpha * phi
  const polynomial = new Float64Array(period + 2).fill(middle)
  polynomial[0] = phi * (1 - alpha - gamma)
  polynomial[1] = middle + gamma - 1
  polynomial[period] = alpha + beta - phi
  polynomial[period + 1] = 1
  return isStable(polynomial)
}

/** Roots on the unit circle pass, up to rounding. */
const slack = 1e-9

/** Whether all roots of Σ cᵢ zⁱ lie in the unit disc (Schur-Cohn); overwrites the coefficients. */
function isStable(coefficients: Float64Array): boolean {
  for (let degree = coefficients.length - 1; degree > 0; degree--) {
    const ratio = (coefficients[0] as number) / (coefficients[degree] as number)
    if (!(Math.abs(ratio) < 1 + slack)) return false
    // The reduced polynomial has one degree less: pairs from both ends, shifted down by one.
    for (let low = 0, high = degree; low <= high; low++, high--) {
      const a = coefficients[low] as number
      const b = coefficients[high] as number
      coefficients[low] = a - ratio * b
      coefficients[high] = b - ratio * a
    }
    coefficients.copyWithin(0, 1, degree + 1)
  }
  return true
}
