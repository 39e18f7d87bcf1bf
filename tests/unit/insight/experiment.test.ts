import { describe, expect, it } from 'vitest'
import {
  blocksOf,
  type DailySeries,
  type ExperimentPlan,
  type ExperimentSubject,
  endDayOf,
  planExperiment,
  reportExperiment,
} from '../../../src/insight/index.ts'
import { autoregressiveNoise, seededNormal } from '../../seeded-noise.ts'

const start = 20_500 // 2026-02-16, a Monday
const subject: ExperimentSubject = {
  outcome: 'Resting heart rate',
  metric: 'resting_heart_rate',
  unit: '/min',
  format: { value: (v) => `${v.toFixed(1)} /min`, change: (v) => `${Math.abs(v).toFixed(1)} /min` },
  expected: 'lower',
  plannedDay: start - 1,
  stoppedDay: null,
}
const before = planExperiment(
  { design: 'before-after', startDay: start, blockDays: 28, washoutDays: 0, cycles: 0 },
  [],
)
const crossed = planExperiment(
  { design: 'alternating', startDay: start, blockDays: 7, washoutDays: 2, cycles: 4 },
  [0, 1, 1, 0],
)

/** Noise around 60 over the days of the plan, `effect` higher on days with the change. */
function lived(plan: ExperimentPlan, effect: number, seed: number, phi = 0): DailySeries {
  const blocks = blocksOf(plan)
  const first = blocks[0]?.fromDay ?? 0
  const days = endDayOf(plan) - first + 1
  const noise = autoregressiveNoise(days, phi, seededNormal(seed))
  const value = noise.map((v, i) => {
    const block = blocks.find(({ fromDay, toDay }) => first + i >= fromDay && first + i <= toDay)
    return 60 + v + (block?.arm === 'B' ? effect : 0)
  })
  return { day: Int32Array.from(value, (_, i) => first + i), value }
}

describe('the plan of an experiment', () => {
  it('lays blocks end to end, with the order drawn within each pair and washout days left out', () => {
    expect(crossed.order.join('')).toBe('ABBABAAB')
    const [first, second] = blocksOf(crossed)
    expect(first).toEqual({ arm: 'A', fromDay: start, toDay: start + 6, countsFromDay: start + 2 })
    expect(second?.fromDay).toBe(start + 7)
    expect(endDayOf(crossed)).toBe(start + 55)
    expect(blocksOf(before).map(({ fromDay, toDay }) => [fromDay - start, toDay - start])).toEqual([
      [-28, -1],
      [0, 27],
    ])
  })

  it('is refused where it could not be analysed', () => {
    const choices = {
      design: 'alternating',
      startDay: start,
      blockDays: 7,
      washoutDays: 0,
      cycles: 4,
    } as const
    for (const wrong of [
      { ...choices, cycles: 2 },
      { ...choices, cycles: 51 },
      { ...choices, washoutDays: 7 },
      { ...choices, blockDays: 91 },
      { ...choices, design: 'before-after', blockDays: 10 } as const,
      { ...choices, design: 'before-after', blockDays: 6 } as const,
    ]) {
      expect(() => planExperiment(wrong, [])).toThrow(expect.objectContaining({ code: 'USAGE' }))
    }
  })
})

describe('the report of an experiment', () => {
  it('tells the difference with interval, pairs, means of both sides and whether it was expected', () => {
    const report = reportExperiment(crossed, lived(crossed, -3, 3), subject, start + 56)
    expect(report).toMatchObject({
      state: 'finished',
      verdict: 'difference',
      expectedMet: true,
      missing: null,
    })
    expect(report.effect?.pairs).toBe(4)
    expect(report.text).toMatch(
      /^Planned on 2026-02-15: Resting heart rate, 8 blocks of 7 days in an order drawn by lot, from 2026-02-16, the first 2 of each left out\. A difference, as expected: −[23]\.\d \/min with the change \(95 % interval −\d\.\d \/min to −\d\.\d \/min, p (= 0\.0\d\d|< 0\.001), 4 cycles; 59\.\d \/min without \(20 of 20 days\), 5[67]\.\d \/min with \(20 of 20 days\)\)\.$/,
    )
  })

  it('gives no verdict before the planned end, and says why', () => {
    const report = reportExperiment(crossed, lived(crossed, -3, 3), subject, start + 45)
    expect(report.verdict).toBe('interim')
    expect(report.expectedMet).toBeNull()
    expect(report.text).toContain('Interim, before the planned end on 2026-04-12, so no verdict yet')
  })

  it('says what is missing while fewer than three cycles are whole', () => {
    const report = reportExperiment(crossed, lived(crossed, -3, 3), subject, start + 20)
    expect(report).toMatchObject({ state: 'running', verdict: 'too-early', effect: null })
    expect(report.missing).toBe('2 more whole cycles with values on at least half of the days of both blocks')
  })

  it('does not count the day that is not over, nor days after it was stopped', () => {
    const series = lived(before, 0, 5)
    expect(reportExperiment(before, series, subject, start + 10).arms[1].days).toBe(10)
    const stopped = reportExperiment(before, series, { ...subject, stoppedDay: start + 13 }, start + 20)
    expect(stopped.arms[1].days).toBe(14)
    expect(stopped.state).toBe('stopped')
    expect(stopped.text).toContain('It was stopped early')
    expect(stopped.text).not.toContain('looks back')
  })

  it('says that a plan made after the change began looks back', () => {
    const planned = { ...subject, plannedDay: start + 5 }
    const report = reportExperiment(before, lived(before, 0, 5), planned, start + 28)
    expect(report.text).toMatch(/It was planned when values with the change were there already/)
  })

  it('tells a trend that was there before the change', () => {
    const series = lived(before, 0, 7)
    const falling = { day: series.day, value: series.value.map((v, i) => v - 0.4 * i) }
    const report = reportExperiment(before, falling, subject, start + 28)
    expect(report.verdict).toBe('difference')
    expect(report.baselineTrend).toBe('falling')
    expect(report.text).toContain(
      'It was falling before the change already, and this design cannot tell the two apart.',
    )
  })

  it('takes no weekly pattern for a change', () => {
    const series = lived(before, 0, 8)
    const weekly = { day: series.day, value: series.value.map((v, i) => v + (i % 7 < 2 ? 8 : 0)) }
    const report = reportExperiment(before, weekly, subject, start + 28)
    const plain = reportExperiment(before, series, subject, start + 28)
    expect(report.effect?.difference).toBeCloseTo(plain.effect?.difference ?? 0, 9)
    expect(report.effect?.p).toBeCloseTo(plain.effect?.p ?? 0, 9)
  })

  it('leaves out a day without a value and a block that is mostly empty', () => {
    const series = lived(crossed, -3, 3)
    const holes = { day: series.day, value: series.value.map((v, i) => (i < 5 ? Number.NaN : v)) }
    expect(reportExperiment(crossed, holes, subject, start + 56).effect?.pairs).toBe(3)
    expect(
      reportExperiment(crossed, { day: new Int32Array(0), value: new Float64Array(0) }, subject, start + 56),
    ).toMatchObject({ verdict: 'too-early', effect: null, arms: [{ mean: null }, { mean: null }] })
  })

  for (const plan of [before, crossed]) {
    for (const phi of [0, 0.5, 0.7]) {
      it(`claims a difference without one in about 5 % at most: ${plan.design}, phi ${phi}`, () => {
        let claims = 0
        for (let seed = 1; seed <= 400; seed++) {
          const report = reportExperiment(plan, lived(plan, 0, seed, phi), subject, endDayOf(plan) + 1)
          if (report.verdict === 'difference') claims++
        }
        // 29 of 400 is the 97.5 % point of a rate of 5 %.
        expect(claims).toBeLessThanOrEqual(29)
      })
    }
  }

  it('finds a change of one standard deviation more often than not', () => {
    let found = 0
    for (let seed = 1; seed <= 100; seed++) {
      const report = reportExperiment(before, lived(before, 1, seed, 0.2), subject, endDayOf(before) + 1)
      if (report.verdict === 'difference') found++
    }
    expect(found).toBeGreaterThan(50)
  })
})
