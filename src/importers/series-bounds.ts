/** The catalogue's bounds in the unit of a series. */
import type { Metric } from '../metrics/index.ts'

type Bounds = readonly [low: number, high: number]

/** Bounds by component; `factor` and `offset` convert the unit to the canonical one. */
export function boundsInUnit(
  metric: Metric,
  factor: number,
  offset: number,
): { readonly hard: readonly Bounds[]; readonly plausible: readonly Bounds[] } {
  const inUnit = ([low, high]: Bounds): Bounds => {
    const ends = [(low - offset) / factor, (high - offset) / factor] as const
    return ends[0] <= ends[1] ? ends : [ends[1], ends[0]]
  }
  const parts = metric.components.length > 0 ? metric.components : [metric]
  return {
    hard: parts.map(({ hard }) => widened(inUnit(hard))),
    plausible: parts.map(({ plausible }) => inUnit(plausible)),
  }
}

/** Bounds moved outwards by the rounding of a unit conversion, so that a value on the bound stays inside. */
function widened([low, high]: Bounds): Bounds {
  return [low - Math.abs(low) * 1e-12, high + Math.abs(high) * 1e-12]
}
