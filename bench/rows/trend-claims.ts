/**
 * How often `trend` claims a direction or a shift of level where there is only noise, and where there is one
 * (bench/trend-power.mjs; its table at 1,000 runs is in docs/analytics.md).
 */
import { join } from 'node:path'
import type { RowGroup } from '../bench.ts'
import { outputOfNode } from '../process.ts'
import { type Measurement, valueTarget } from '../result.ts'

/** Runs of each setting of length and autocorrelation. */
const runs = 40
/** A trend that ought to be seen: two standard deviations of the noise over at least 60 days. */
const clearChange = 2
const clearDays = 60
const clearStep = 3

interface Setting {
  readonly kind: 'trend' | 'step'
  readonly n: number
  readonly change: number
  readonly rising: number
  readonly falling: number
  readonly shifted: number
}

export const trendClaimRows: RowGroup = {
  names: ['trend-false-positives', 'trend-power', 'shift-false-positives', 'shift-power'],
  async run({ root, note }) {
    note(`${runs} runs of each setting`)
    const text = outputOfNode([join(root, 'bench', 'trend-power.mjs'), String(runs)])
    const settings = text
      .trim()
      .split('\n')
      .map((line): Setting => JSON.parse(line))
    const trends = settings.filter(({ kind }) => kind === 'trend')
    const noise = trends.filter(({ change }) => change === 0)
    const clear = trends.filter(({ change, n }) => change === clearChange && n >= clearDays)
    const steps = settings.filter(
      ({ kind, change, n }) => kind === 'step' && change === clearStep && n >= clearDays,
    )
    const claims = mean(noise.map(({ rising, falling }) => rising + falling))
    const on = 'autocorrelated noise of 5 to 400 days'
    return [
      row('trend-false-positives', claims, `claims of a trend on ${on}`, 0.05),
      row(
        'trend-power',
        mean(clear.map(({ rising }) => rising)),
        'right claims on a change of 2 SD in 60 to 400 days',
      ),
      row(
        'shift-false-positives',
        mean(noise.map(({ shifted }) => shifted)),
        `claims of a shift on ${on}`,
        0.05,
      ),
      row(
        'shift-power',
        mean(steps.map(({ shifted }) => shifted)),
        'claims on a step of 3 SD within 60 to 400 days',
      ),
    ]
  },
}

function row(name: string, value: number, about: string, limit?: number): Measurement {
  const target = limit === undefined ? null : valueTarget('<=', limit)
  return { name, value, unit: 'share', baseline: null, ratio: null, target, about }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
