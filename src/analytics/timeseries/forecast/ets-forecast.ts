/**
 * Forecast means and variances of exponential smoothing models.
 *
 * Hyndman et al. 2008 (see `ets-form.ts`), chapter 6: class 1 (all additive) and class 2 (multiplicative error only)
 * exactly, class 3 (multiplicative season) by the approximation of section 6.4, in which season and rest of the
 * states do not depend on each other.
 */
import type { EtsForm, EtsParameters, EtsState } from './ets-form.ts'

export interface EtsAhead {
  readonly mean: number[]
  readonly variance: number[]
}

/** Steps 1 to `horizon` from a final state; `sigma2` is the variance of the residuals. */
export function forecastEts(
  form: EtsForm,
  parameters: EtsParameters,
  state: EtsState,
  sigma2: number,
  horizon: number,
): EtsAhead {
  const { period, season } = form
  const { alpha, beta, gamma, phi } = parameters
  const trend: number[] = []
  const weights: number[] = []
  let damping = 0
  let power = 1
  for (let h = 1; h <= horizon; h++) {
    power *= phi
    damping += power
    trend.push(state.level + damping * state.slope)
    const seasonal = season === 'A' && h % period === 0 ? gamma : 0
    weights.push(alpha + beta * damping + seasonal)
  }
  const share = (h: number) => state.season[(h - 1) % period] as number
  const mean = trend.map((value, i) =>
    season === 'N' ? value : season === 'A' ? value + share(i + 1) : value * share(i + 1),
  )
  if (form.error === 'A' && season !== 'M') return { mean, variance: additiveVariance(weights, sigma2) }
  if (season !== 'M') return { mean, variance: relativeVariance(mean, weights, sigma2) }
  const second = secondMoments(trend, weights, sigma2)
  const variance = second.map((theta, i) => {
    const seasons = Math.floor(i / period)
    const growth = (1 + sigma2) * (1 + gamma * gamma * sigma2) ** seasons
    return share(i + 1) ** 2 * (theta * growth - (trend[i] as number) ** 2)
  })
  return { mean, variance }
}

/** σ² (1 + Σ_{j<h} c_j²), table 6.2. */
function additiveVariance(weights: readonly number[], sigma2: number): number[] {
  let sum = 1
  return weights.map((_, i) => {
    if (i > 0) sum += (weights[i - 1] as number) ** 2
    return sigma2 * sum
  })
}

/** v_h = (1 + σ²) θ_h - μ_h², equation 6.4. */
function relativeVariance(mean: readonly number[], weights: readonly number[], sigma2: number): number[] {
  return secondMoments(mean, weights, sigma2).map(
    (theta, i) => (1 + sigma2) * theta - (mean[i] as number) ** 2,
  )
}

/** θ_h = μ_h² + σ² Σ_{j<h} c_j² θ_{h-j}. */
function secondMoments(mean: readonly number[], weights: readonly number[], sigma2: number): number[] {
  const theta: number[] = []
  mean.forEach((value, i) => {
    let sum = 0
    for (let j = 1; j <= i; j++) sum += (weights[j - 1] as number) ** 2 * (theta[i - j] as number)
    theta.push(value * value + sigma2 * sum)
  })
  return theta
}
