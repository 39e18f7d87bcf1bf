/**
 * Additive season of a series, shrunk by how surely it is there.
 *
 * Mean deviation per phase from a centred moving average (the classical decomposition), times max(0, 1 - 1/F) with F of
 * the analysis of variance over phases: the positive-part estimate of Stein for means of equal precision (Efron &
 * Morris 1973, J Am Stat Assoc 68:117–130). No season gives F near 1 and is taken to be none.
 */
import { decompose } from './classical-decomposition.ts'

/** One value per phase, summing to 0; all 0 without a period or below two whole seasons. */
export function shrunkenSeason(data: Float64Array, period: number): Float64Array {
  if (period < 2 || data.length < 2 * period) return new Float64Array(Math.max(1, period))
  const { trend, figure } = decompose(data, period, 'additive')
  let between = 0
  let within = 0
  let count = 0
  for (let i = 0; i < data.length; i++) {
    const level = trend[i] as number
    if (Number.isNaN(level)) continue
    const effect = figure[i % period] as number
    between += effect * effect
    within += ((data[i] as number) - level - effect) ** 2
    count++
  }
  if (!(between > 0) || count <= period) return new Float64Array(period)
  const f = between / (period - 1) / (within / (count - period))
  const kept = Math.max(0, 1 - 1 / f)
  return figure.map((value) => value * kept)
}
