/** What a row of the bench says, and whether it reaches its target. */

/** What a target is compared with: the measured value or its ratio to the baseline. */
export interface Target {
  readonly of: 'value' | 'ratio'
  readonly is: '<=' | '>='
  readonly limit: number
}

/** A measured row; `baseline` and `value` in `unit`, medians unless the row's name says otherwise. */
export interface Measurement {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What the same run measured as the baseline; null where the row has none. */
  readonly baseline: number | null
  /** value / baseline; null without a baseline. */
  readonly ratio: number | null
  readonly target: Target | null
  /** One line for people: what the baseline is and what was checked. */
  readonly about: string
}

/** A row of `--json`. `target` reads `ratio <= 1.6`; `holds` is null where there is no target. */
export interface ResultRow {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly baseline: number | null
  readonly ratio: number | null
  readonly target: string | null
  readonly holds: boolean | null
}

export function ratioTarget(is: Target['is'], limit: number): Target {
  return { of: 'ratio', is, limit }
}

export function valueTarget(is: Target['is'], limit: number): Target {
  return { of: 'value', is, limit }
}

export function toRow(measurement: Measurement): ResultRow {
  const { name, value, unit, baseline, ratio, target } = measurement
  const rounded = {
    name,
    value: significant(value),
    unit,
    baseline: baseline === null ? null : significant(baseline),
    ratio: ratio === null ? null : significant(ratio),
  }
  if (target === null) return { ...rounded, target: null, holds: null }
  const measured = target.of === 'value' ? value : ratio
  const holds =
    measured !== null && (target.is === '<=' ? measured <= target.limit : measured >= target.limit)
  return { ...rounded, target: `${target.of} ${target.is} ${target.limit}`, holds }
}

/** Four significant digits: more is noise. */
function significant(value: number): number {
  return Number(value.toPrecision(4))
}
