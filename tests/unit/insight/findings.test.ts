import { describe, expect, it } from 'vitest'
import { type Finding, findingsOf, type InsightSeries } from '../../../src/insight/index.ts'
import { autoregressiveNoise, seededNormal } from '../../seeded-noise.ts'
import { insightSeries } from './insight-series.ts'

const today = 20_500 // 2026-02-16

function find(series: readonly InsightSeries[], kind: Finding['kind']): readonly Finding[] {
  return findingsOf({ series, sources: [], today }).filter((finding) => finding.kind === kind)
}

function noise(seed: number, n = 400, phi = 0): Float64Array {
  return autoregressiveNoise(n, phi, seededNormal(seed)).map((v) => 80 + v)
}

describe('insights on noise', () => {
  for (const phi of [0, 0.4, 0.7, 0.9]) {
    it(`say nothing of any kind in at least 95 % of vaults of twelve unrelated metrics, phi ${phi}`, () => {
      const vaults = 60
      const loud = { unusual: 0, change: 0, together: 0 }
      for (let vault = 0; vault < vaults; vault++) {
        const series = Array.from({ length: 12 }, (_, i) =>
          insightSeries(`m${i}`, noise(1000 * vault + i + 7, 400, phi), today),
        )
        const kinds = new Set(findingsOf({ series, sources: [], today }).map(({ kind }) => kind))
        for (const kind of ['unusual', 'change', 'together'] as const) if (kinds.has(kind)) loud[kind]++
      }
      // Seven of 60 is the 97.5 % point of a rate of 5 %.
      expect(Math.max(...Object.values(loud)), JSON.stringify(loud)).toBeLessThanOrEqual(7)
    })
  }
})

describe('what changed lately', () => {
  it('tells a step of one standard deviation four weeks ago, with numbers, interval, days and the command', () => {
    const values = noise(5).map((v, i) => (i >= 372 ? v + 1.2 : v))
    const [finding, ...others] = find([insightSeries('weight', values, today)], 'change')
    expect(others).toEqual([])
    expect(finding?.text).toMatch(
      /^Weight was 1\.\d kg higher in the last 28 days: 81\.\d kg on average over 28 days, after 8\d\.\d kg over 84 days in the 12 weeks before \(95 % interval of the difference \+0\.\d kg to \+\d\.\d kg\)\.$/,
    )
    expect(finding?.look).toBe('healthmate trend weight --last 16w')
    expect(finding?.evidence).toMatchObject({ from: '2026-01-20', to: '2026-02-16', n: 28, nBefore: 84 })
    expect(finding?.q).toBeLessThanOrEqual(0.05)
  })

  it('keeps to itself a difference that is certain but smaller than half of the daily variation', () => {
    const weekly = Float64Array.from({ length: 400 }, (_, i) => 80 + (i % 2 ? 1 : -1) + (i >= 372 ? 0.3 : 0))
    expect(find([insightSeries('weight', weekly, today)], 'change')).toEqual([])
  })

  it('does not compare what was hardly measured', () => {
    const sparse = noise(6).map((v, i) => (i >= 372 && i % 4 ? Number.NaN : i >= 372 ? v + 5 : v))
    expect(find([insightSeries('weight', sparse, today)], 'change')).toEqual([])
  })
})

describe('unusual for this person', () => {
  it('names the day, the value and what the half year before was', () => {
    const values = noise(11)
    values[397] = 88
    const [finding] = find([insightSeries('weight', values, today)], 'unusual')
    expect(finding?.text).toMatch(
      /^Weight was 88\.0 kg on 2026-02-14, unusually high for you: on the 182 days before it lay between 7\d\.\d kg and 8\d\.\d kg, in the middle (79|80)\.\d kg\.$/,
    )
    expect(finding?.look).toBe('healthmate list weight --on 2026-02-14')
  })

  it('is not what was seen before, however far out', () => {
    const values = noise(11)
    values[397] = 88
    values[300] = 71
    expect(find([insightSeries('weight', values, today)], 'unusual')).toEqual([])
  })

  it('is unknown before sixty days', () => {
    const values = noise(11, 50)
    values[48] = 99
    expect(find([insightSeries('weight', values, today)], 'unusual')).toEqual([])
  })
})

describe('what moves together', () => {
  const steps = noise(21)
  const followed = noise(22).map((v, i) => v + 0.9 * ((i > 0 ? steps[i - 1] : undefined) ?? 80))

  it('finds the lag and says which leads, and that cause is not shown', () => {
    const [finding, ...others] = find(
      [insightSeries('sleep', followed, today), insightSeries('steps', steps, today)],
      'together',
    )
    expect(others).toEqual([])
    expect(finding?.metrics).toEqual(['steps', 'sleep'])
    expect(finding?.text).toContain(
      'When steps are higher than usual, sleep tends to be higher on the next day',
    )
    expect(finding?.text).toContain('That one causes the other is not shown.')
    expect(finding?.evidence['lag']).toBe(1)
    expect(finding?.look).toBe('healthmate correlate steps sleep --lag 1')
  })

  it('does not pair metrics of one category', () => {
    const inOne = { category: 'activity' }
    const series = [
      insightSeries('sleep', followed, today, inOne),
      insightSeries('steps', steps, today, inOne),
    ]
    expect(find(series, 'together')).toEqual([])
  })

  it('does not take two trends or two weekly patterns for an association', () => {
    const shaped = (seed: number) => noise(seed).map((v, i) => v + 0.02 * i + (i % 7 === 0 ? 3 : 0))
    expect(
      find([insightSeries('a', shaped(31), today), insightSeries('b', shaped(32), today)], 'together'),
    ).toEqual([])
  })
})

describe('records and streaks', () => {
  const sums = { combine: 'sum' as const }

  it('tell a new most of what adds up, and what it was before', () => {
    const values = noise(41)
    values[398] = 95
    values[100] = 92
    const [finding] = find([insightSeries('steps', values, today, sums)], 'record')
    expect(finding?.text).toBe(
      'Steps: 95.0 kg on 2026-02-15 is the most of 400 days on record; before it was 92.0 kg on 2025-04-23.',
    )
  })

  it('tell days in a row that met the goal, ended by a day without a value', () => {
    const values = noise(42).map((v, i) => (i < 391 ? v - 20 : v + 20))
    const goal = { direction: 'above' as const, target: 90 }
    const [finding] = find([insightSeries('steps', values, today, { ...sums, goal })], 'streak')
    expect(finding?.text).toContain(
      'Steps have met the goal (above 90.0 kg) on 9 days in a row, since 2026-02-08',
    )
    values[396] = Number.NaN
    expect(find([insightSeries('steps', values, today, { ...sums, goal })], 'streak')).toEqual([])
  })
})

describe('the data itself', () => {
  it('misses a regular source that fell silent, unless another delivers the same', () => {
    const ring = {
      name: 'Ring',
      metrics: ['hrv', 'sleep'],
      firstDay: today - 200,
      lastDay: today - 10,
      records: 400,
    }
    const watch = { ...ring, name: 'Watch', metrics: ['sleep'], lastDay: today }
    const [finding] = findingsOf({ series: [], sources: [ring, watch], today })
    expect(finding?.text).toContain('Nothing from Ring for 10 days: its last record is of 2026-02-06.')
    expect(finding?.metrics).toEqual(['hrv'])
    expect(findingsOf({ series: [], sources: [{ ...ring, metrics: ['sleep'] }, watch], today })).toEqual([])
    expect(findingsOf({ series: [], sources: [{ ...ring, lastDay: today - 400 }], today })).toEqual([])
  })

  it('tells a gap in what is otherwise there every day', () => {
    const values = noise(51).map((v, i) => (i >= 350 && i < 355 ? Number.NaN : v))
    const [finding] = find([insightSeries('hrv', values, today)], 'quality')
    expect(finding?.text).toContain('Hrv is missing for 5 days, 2025-12-29 to 2026-01-02')
  })

  it('does not call a weekly habit a gap', () => {
    const weekly = noise(52).map((v, i) => (i % 7 ? Number.NaN : v))
    expect(find([insightSeries('weight', weekly, today)], 'quality')).toEqual([])
  })

  it('tells values outside the plausible bounds of the catalogue', () => {
    const values = noise(53)
    values[390] = 812
    const [finding] = find([insightSeries('weight', values, today, { plausible: [20, 300] })], 'quality')
    expect(finding?.text).toContain(
      'on 1 day of the last year, the latest 812.0 kg on 2026-02-07; plausible is 20.0 kg to 300.0 kg',
    )
  })
})
