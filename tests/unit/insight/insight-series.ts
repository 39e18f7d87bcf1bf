import type { InsightSeries } from '../../../src/insight/index.ts'

/** A daily series as `insights` takes it: one value a day up to `lastDay`, NaN for none. */
export function insightSeries(
  metric: string,
  values: ArrayLike<number>,
  lastDay: number,
  more: Partial<InsightSeries> = {},
): InsightSeries {
  const all = Array.from(values)
  const rows = all.flatMap((value, i) => (Number.isNaN(value) ? [] : [i]))
  const value = Float64Array.from(rows, (i) => all[i] as number)
  return {
    metric,
    component: '',
    name: metric.charAt(0).toUpperCase() + metric.slice(1),
    category: metric,
    unit: 'kg',
    combine: 'mean',
    daily: { day: Int32Array.from(rows, (i) => lastDay - all.length + 1 + i), value },
    lowest: value,
    highest: value,
    plausible: [-1e9, 1e9],
    goal: null,
    format: { value: (v) => `${v.toFixed(1)} kg`, change: (v) => `${Math.abs(v).toFixed(1)} kg` },
    ...more,
  }
}
