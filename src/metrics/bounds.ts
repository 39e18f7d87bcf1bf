/** Plausible and hard bounds: they catch unit and typing errors, they do not judge health. */
import type { Metric } from './types.ts'

export interface BoundsViolation {
  readonly kind: 'implausible' | 'impossible'
  /** Component id, `null` for a single-valued metric. */
  readonly component: string | null
  /** The bounds that were left, in the canonical unit. */
  readonly low: number
  readonly high: number
}

/** Checks canonical values, in component order. The worst violation is told: impossible before implausible. */
export function checkBounds(metric: Metric, values: readonly number[]): 'ok' | BoundsViolation {
  const parts = metric.components.length > 0 ? metric.components : [{ id: null, ...boundsOf(metric) }]
  let implausible: BoundsViolation | undefined
  for (const [index, { id, plausible, hard }] of parts.entries()) {
    const value = values[index] ?? Number.NaN
    if (!isWithin(value, hard)) return { kind: 'impossible', component: id, low: hard[0], high: hard[1] }
    const next = metric.descending ? values[index + 1] : undefined
    if (next !== undefined && value <= next)
      return { kind: 'impossible', component: id, low: next, high: hard[1] }
    if (!implausible && !isWithin(value, plausible)) {
      implausible = { kind: 'implausible', component: id, low: plausible[0], high: plausible[1] }
    }
  }
  return implausible ?? 'ok'
}

function boundsOf({ plausible, hard }: Metric) {
  return { plausible, hard }
}

/** Conversions leave noise in the last digits; a value on the bound is inside. */
function isWithin(value: number, [low, high]: readonly [number, number]): boolean {
  const slack = 1e-9 * Math.max(Math.abs(low), Math.abs(high))
  return value >= low - slack && value <= high + slack
}
