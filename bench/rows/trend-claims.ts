/** How often `trend` claims a direction where there is only noise, and where there is one (bench/trend-power.mjs). */
import { join } from 'node:path'
import type { RowGroup } from '../bench.ts'
import { outputOfNode } from '../process.ts'
import { type Measurement, valueTarget } from '../result.ts'

/** Runs of each setting of length and autocorrelation. */
const runs = 40
/** A trend that ought to be seen: two standard deviations of the noise over at least 60 days. */
const clearChange = 2
const clearDays = 60

interface Setting {
  readonly kind: 'trend' | 'step'
  readonly n: number
  readonly change: number
  readonly rising: number
  readonly falling: number
}

export const trendClaimRows: RowGroup = {
  names: ['trend-false-positives', 'trend-power'],
  async run({ root, note }) {
    note(`${runs} runs of each setting`)
    const text = outputOfNode([join(root, 'bench', 'trend-power.mjs'), String(runs)])
    const settings = text
      .trim()
      .split('\n')
      .map((line): Setting => JSON.parse(line))
      .filter(({ kind }) => kind === 'trend')
    const noise = settings.filter(({ change }) => change === 0)
    const clear = settings.filter(({ change, n }) => change === clearChange && n >= clearDays)
    const claims = mean(noise.map(({ rising, falling }) => rising + falling))
    return [
      row('trend-false-positives', claims, 'claims on autocorrelated noise of 14 to 365 days', 0.05),
      row(
        'trend-power',
        mean(clear.map(({ rising }) => rising)),
        'right claims on a change of 2 SD in 60 to 365 days',
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
