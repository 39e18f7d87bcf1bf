import { describe, expect, it } from 'vitest'
import { compare, dailyValues, type SummaryMetric, summarise } from '../../../src/insight/index.ts'
import type { DailyRollup } from '../../../src/records/index.ts'
import { autoregressiveNoise, seededNormal } from '../../seeded-noise.ts'

/** A rollup of days with the given records each. */
function rollup(firstDay: number, days: readonly (readonly number[])[]): DailyRollup {
  const column = (of: (values: readonly number[]) => number) => Float64Array.from(days, of)
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
  return {
    length: days.length,
    day: Int32Array.from(days, (_, i) => firstDay + i),
    count: column((values) => values.length),
    sum: column(sum),
    min: column((values) => Math.min(...values)),
    max: column((values) => Math.max(...values)),
    first: column((values) => values[0] as number),
    last: column((values) => values.at(-1) as number),
    timeWeightedMean: column((values) => sum(values) / values.length),
    sumOfSquares: column((values) => sum(values.map((v) => v * v))),
  }
}

const heartRate: SummaryMetric = {
  metric: 'heart_rate',
  component: null,
  name: 'Heart rate',
  category: 'heart',
  unit: '/min',
  combine: 'mean',
  current: rollup(100, [[60, 70], [64]]),
  previous: null,
}
const steps: SummaryMetric = {
  ...heartRate,
  metric: 'steps',
  name: 'Steps',
  category: 'activity',
  unit: '1',
  combine: 'sum',
  current: rollup(100, [[1000, 500], [4000]]),
}
const period = { fromDay: 100, toDay: 106 }

describe('summary', () => {
  it('counts, combines and groups by category', () => {
    const groups = summarise(
      [heartRate, steps, { ...steps, metric: 'floors', current: rollup(100, []) }],
      period,
    )
    expect(groups.map(({ category }) => category)).toEqual(['heart', 'activity'])
    expect(groups[0]?.metrics[0]).toMatchObject({
      n: 3,
      daysWithData: 2,
      days: 7,
      perDay: 64.5,
      total: null,
      min: 60,
      max: 70,
      latest: { day: 101, value: 64 },
      comparison: null,
    })
    expect(groups[1]?.metrics).toHaveLength(1)
    expect(groups[1]?.metrics[0]).toMatchObject({
      n: 3,
      perDay: 2750,
      total: 5500,
      min: 1500,
      max: 4000,
      latest: { day: 101, value: 4000 },
    })
  })

  it('shows a metric that has data only in the period before', () => {
    const [group] = summarise(
      [{ ...heartRate, current: rollup(100, []), previous: rollup(93, [[60]]) }],
      period,
    )
    expect(group?.metrics[0]).toMatchObject({
      n: 0,
      perDay: null,
      min: null,
      latest: null,
      comparison: { verdict: 'not-enough-data', daysBefore: 1 },
    })
  })

  it('takes the plain mean where a day has no time-weighted one', () => {
    const odd = { ...heartRate.current, timeWeightedMean: Float64Array.from([Number.NaN, 64]) }
    expect([...dailyValues(odd, 'mean').value]).toEqual([65, 64])
    expect([...dailyValues(odd, 'max').value]).toEqual([70, 64])
  })
})

describe('comparison with the period before', () => {
  const sample = (n: number, shift: number, seed: number, phi = 0) =>
    autoregressiveNoise(n, phi, seededNormal(seed)).map((v) => v + shift)

  it('tells a real difference with its interval, and none in noise', () => {
    const higher = compare(sample(30, 2, 1), sample(30, 0, 2))
    expect(higher.verdict).toBe('higher')
    if ('ci95' in higher) expect(higher.ci95[0]).toBeGreaterThan(0)
    expect(compare(sample(30, -2, 1), sample(30, 0, 2)).verdict).toBe('lower')
    expect(compare(sample(30, 0, 1), sample(30, 0, 2)).verdict).toBe('no-clear-difference')
  })

  it('abstains on few days and on values that follow each other too closely', () => {
    expect(compare(sample(6, 0, 1), sample(30, 0, 2))).toMatchObject({
      missing: 'at least 7 days with data in this period',
    })
    expect(compare(sample(30, 0, 1), sample(5, 0, 2))).toMatchObject({
      missing: 'at least 7 days with data in the period before',
    })
    const climb = Float64Array.from({ length: 10 }, (_, i) => i)
    expect(compare(climb, climb)).toMatchObject({ verdict: 'not-enough-data' })
  })

  it.each([0, 0.5, 0.7])('finds a difference in at most 5 %% of noise with phi %f', (phi) => {
    const normal = seededNormal(phi * 10 + 3)
    for (const n of [7, 30, 90]) {
      const found = Array.from({ length: 600 }, () => {
        const both = autoregressiveNoise(2 * n, phi, normal)
        return compare(both.subarray(n), both.subarray(0, n)).verdict
      }).filter((verdict) => verdict === 'higher' || verdict === 'lower').length
      expect(found / 600, `n ${n}`).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / 600))
    }
  })
})
