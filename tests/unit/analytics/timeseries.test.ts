import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  autocorrelation,
  firstOrderAutocorrelation,
  fitLine,
  isInsufficient,
  levelShifts,
  ljungBox,
  mannKendall,
  pelt,
  quantileOfSorted,
  runMethod,
  selectInPlace,
  theilSen,
  weekdayEffect,
  withoutWeekday,
} from '../../../src/analytics/index.ts'
import { countSlopes, slopesAtRanks } from '../../../src/analytics/timeseries/pairwise-slopes.ts'
import { autoregressiveNoise, seededNormal } from '../../seeded-noise.ts'

const value = fc.integer({ min: -1000, max: 1000 })
const series = fc.array(value, { minLength: 3, maxLength: 60 })
const ordinals = (n: number) => Float64Array.from({ length: n }, (_, i) => i)
const refused = expect.objectContaining({ code: 'VALUE' })

function computed<T extends object>(result: T): Exclude<T, { insufficient: unknown }> {
  expect(isInsufficient(result)).toBe(false)
  return result as Exclude<T, { insufficient: unknown }>
}

describe('Theil-Sen', () => {
  it('follows a change of scale and an added line', () => {
    fc.assert(
      fc.property(
        series,
        fc.constantFrom(-4, 0.5, 2, 8),
        fc.integer({ min: -50, max: 50 }),
        (y, factor, extra) => {
          const x = ordinals(y.length)
          const plain = computed(theilSen(x, y))
          const changed = computed(
            theilSen(
              x,
              y.map((v, i) => factor * v + extra * i),
            ),
          )
          expect(changed.slope).toBeCloseTo(factor * plain.slope + extra, 8)
        },
      ),
    )
  })

  it('selects the same slopes by narrowing brackets as from all slopes laid out', () => {
    const kind = fc.constantFrom<(v: number, i: number) => number>(
      (v) => v,
      (v, i) => v / 7 + i * 0.1,
      (v) => Math.max(0, v - 7),
      (_, i) => i * 0.1,
    )
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 40, maxLength: 90 }),
        kind,
        (y, shape) => {
          const points = {
            x: Float64Array.from(y, (_, i) => Math.floor(i / 2)),
            y: Float64Array.from(y, shape),
          }
          const count = countSlopes(points.x)
          const ranks = [0, 3, Math.floor(count / 2), count - 1]
          expect(slopesAtRanks([points], ranks, 200)).toEqual(slopesAtRanks([points], ranks))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('selects over several groups as over their slopes together', () => {
    const noise = autoregressiveNoise(300, 0.2, seededNormal(8))
    const groups = [0, 1, 2].map((k) => ({ x: ordinals(100), y: noise.slice(100 * k, 100 * (k + 1)) }))
    const all = groups.flatMap(({ x, y }) =>
      [...y].flatMap((v, j) =>
        [...y.subarray(0, j)].map((w, i) => (v - w) / ((x[j] as number) - (x[i] as number))),
      ),
    )
    all.sort((a, b) => a - b)
    const ranks = [0, 17, 7000, 14_849]
    expect(slopesAtRanks(groups, ranks, 500)).toEqual(ranks.map((rank) => all[rank]))
  })

  it('is exact for thousands of values, whatever order they come in', () => {
    const n = 2600
    const noise = autoregressiveNoise(n, 0.2, seededNormal(3))
    const points = { x: ordinals(n), y: noise.map((v, i) => v + i * 0.01) }
    const count = countSlopes(points.x)
    const ranks = [10, count >> 1, count - 5]
    const laidOut = slopesAtRanks([points], ranks, count)
    expect(slopesAtRanks([points], ranks, 50_000)).toEqual(laidOut)
    const reversed = { x: points.x.slice().reverse(), y: points.y.slice().reverse() }
    expect(slopesAtRanks([reversed], ranks, 50_000)).toEqual(laidOut)
  })

  it('takes a hundred thousand values', () => {
    const n = 100_000
    const noise = autoregressiveNoise(n, 0.2, seededNormal(3))
    const found = computed(
      theilSen(
        ordinals(n),
        noise.map((v, i) => v + i * 0.001),
      ),
    )
    expect(found.slope).toBeCloseTo(0.001, 6)
    expect(found.ci[0]).toBeLessThan(found.slope)
    expect(found.ci[1]).toBeGreaterThan(found.slope)
  })

  it('answers with a reason instead of a number where there is none', () => {
    expect(theilSen([1], [2])).toEqual({ insufficient: 'insufficient_data', n: 1 })
    expect(theilSen([2, 2, 2], [1, 2, 3])).toEqual({ insufficient: 'degenerate_x', n: 3 })
    expect(() => theilSen([1, 2], [1, Number.POSITIVE_INFINITY])).toThrowError(refused)
    expect(() => theilSen([1, 2], [1])).toThrowError(refused)
    expect(() => theilSen([1, 2], [1, 2], { level: 1 })).toThrowError(refused)
  })
})

describe('Mann-Kendall', () => {
  it('sees only the order of the values', () => {
    fc.assert(
      fc.property(series, (y) => {
        const plain = computed(mannKendall(y))
        const warped = computed(mannKendall(y.map((v) => Math.exp(v / 500) * 7 + 3)))
        expect(warped.s).toBe(plain.s)
        expect(warped.p).toBeCloseTo(plain.p, 12)
        const backwards = computed(mannKendall([...y].reverse()))
        expect(backwards.s + plain.s).toBe(0)
      }),
    )
  })

  it('refuses a significance level that is none', () => {
    expect(() => mannKendall([1, 2, 3], { alpha: 0 })).toThrowError(refused)
  })
})

describe('autocorrelation', () => {
  it('estimates phi close to the truth and never below zero', () => {
    const noise = autoregressiveNoise(2000, 0.6, seededNormal(11))
    expect(firstOrderAutocorrelation(noise, 1)).toBeCloseTo(0.6, 1)
    expect(firstOrderAutocorrelation([1, -1, 1, -1, 1, -1], 1)).toBe(0)
    expect(firstOrderAutocorrelation([1, 2], 1)).toBe(0)
    expect(firstOrderAutocorrelation([2, 2, 2, 2, 2], 1)).toBe(0)
  })

  it('refuses impossible lags and constant series', () => {
    expect(() => autocorrelation([1, 2, 3], 3)).toThrowError(refused)
    expect(ljungBox([2, 2, 2, 2], 2)).toMatchObject({ insufficient: 'zero_variance' })
    expect(ljungBox([1, Number.NaN, 3, 2], 2)).toMatchObject({ insufficient: 'not_computable' })
    expect(ljungBox([], 0)).toMatchObject({ insufficient: 'insufficient_data' })
  })
})

describe('change points', () => {
  it('PELT finds what an exhaustive search finds', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 4, maxLength: 14 }),
        fc.integer({ min: 1, max: 3 }),
        (y, least) => {
          const options = {
            model: 'mean',
            penalty: 'Manual',
            penaltyValue: 5000,
            minSegmentLength: least,
          } as const
          const found = computed(pelt(y, options))
          expect(found.penalisedCost).toBeCloseTo(bestCost(y, least, 5000), 6)
        },
      ),
    )
  })

  it('finds a lasting shift, its place and its levels', () => {
    const noise = autoregressiveNoise(80, 0.3, seededNormal(4))
    const found = levelShifts(noise.map((v, i) => v + (i >= 50 ? 5 : 0)))
    expect(found).toHaveLength(1)
    expect(Math.abs((found[0]?.index ?? 0) - 50)).toBeLessThanOrEqual(2)
    expect((found[0]?.after ?? 0) - (found[0]?.before ?? 0)).toBeGreaterThan(4)
  })

  it('finds an exact step, and none in a line, a constant, a spike or a short series', () => {
    expect(levelShifts(Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? 1 : 2)))).toEqual([
      { index: 20, before: 1, after: 2 },
    ])
    const noise = autoregressiveNoise(60, 0, seededNormal(9))
    expect(levelShifts(noise.map((v, i) => v * 0.1 + i))).toEqual([])
    expect(levelShifts(new Float64Array(60).fill(3))).toEqual([])
    expect(levelShifts(noise.map((v, i) => (i === 30 ? 60 : v)))).toEqual([])
    expect(levelShifts(noise.subarray(0, 20))).toEqual([])
  })

  it('refuses options that mean nothing', () => {
    const base = { model: 'mean', minSegmentLength: 2 } as const
    expect(() => pelt([1, 2, 3], { ...base, penalty: 'Manual' })).toThrowError(refused)
    expect(() => pelt([1, 2, 3], { ...base, penalty: 'BIC', minSegmentLength: 0 })).toThrowError(refused)
  })
})

describe('weekday effect', () => {
  const days = ordinals(70).map((i) => i - 20)
  it('finds and removes a weekly pattern', () => {
    const noise = autoregressiveNoise(70, 0.2, seededNormal(5))
    const weekly = noise.map((v, i) => v + ((((days[i] as number) % 7) + 7) % 7 === 2 ? 6 : 0))
    const effect = weekdayEffect(days, weekly)
    expect(effect?.p).toBeLessThan(0.01)
    expect(effect?.strength).toBeGreaterThan(0.2)
    expect(weekdayEffect(days, withoutWeekday(days, weekly, effect?.effects ?? []))).toBeNull()
  })

  it('is silent on noise, on constants and on three weeks', () => {
    expect(weekdayEffect(days, autoregressiveNoise(70, 0.2, seededNormal(6)))).toBeNull()
    expect(weekdayEffect(days, new Float64Array(70))).toBeNull()
    expect(weekdayEffect(days.subarray(0, 21), new Float64Array(21))).toBeNull()
  })

  it('sees a pattern without any noise', () => {
    expect(
      weekdayEffect(
        days,
        days.map((day) => ((day % 7) + 7) % 7),
      )?.p,
    ).toBe(0)
  })
})

describe('methods by name', () => {
  it('refuse unknown names and what is no series', () => {
    expect(() => runMethod('toString', {}, {})).toThrowError(expect.objectContaining({ code: 'USAGE' }))
    expect(() => runMethod('descriptive', {}, {})).toThrowError(refused)
    expect(() => runMethod('descriptive', { values: [1, 'two'] }, {})).toThrowError(refused)
    expect(() => runMethod('acf', { values: [1, 2] }, { max_lag: 'many' })).toThrowError(refused)
    expect(() => runMethod('pelt', { values: [1, 2] }, { model: 'shape' })).toThrowError(refused)
  })

  it('have defaults for every option', () => {
    expect(runMethod('descriptive', { values: [1, 2, null] }, {})).toMatchObject({ n: 2, n_missing: 1 })
    expect(runMethod('acf', { values: [1, 2, 4, 3] }, {})).toMatchObject({ n_used: 4 })
    expect(runMethod('ols', { x: [1, 2], y: [1, 2] }, { predict_at: [3] })).toMatchObject({
      slope: 1,
      pred: { fit: [3] },
    })
  })
})

describe('least squares and order statistics', () => {
  it('refuses weights and lengths that do not fit', () => {
    expect(() => fitLine([1, 2], [1])).toThrowError(refused)
    expect(() => fitLine([1, 2], [1, 2], { weights: [0, 1] })).toThrowError(refused)
    expect(() => fitLine([1, Number.POSITIVE_INFINITY], [1, 2])).toThrowError(refused)
    expect(() => quantileOfSorted([1], 2)).toThrowError(refused)
  })

  it('selects any rank as a sort would', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 50 }), fc.nat(), (values, seed) => {
        const rank = seed % values.length
        expect(selectInPlace(Float64Array.from(values), rank)).toBe([...values].sort((a, b) => a - b)[rank])
      }),
    )
  })
})

/** Exhaustive optimum: every way to cut. */
function bestCost(y: readonly number[], least: number, penalty: number): number {
  const cost = (from: number, to: number) => {
    const part = y.slice(from, to)
    const mean = part.reduce((a, b) => a + b, 0) / part.length
    return part.reduce((sum, v) => sum + (v - mean) ** 2, 0)
  }
  const best = (from: number): number => {
    let lowest = cost(from, y.length)
    for (let cut = from + least; cut <= y.length - least; cut++) {
      lowest = Math.min(lowest, cost(from, cut) + penalty + best(cut))
    }
    return lowest
  }
  return best(0)
}
