import { describe, expect, it } from 'vitest'
import {
  automaticEts,
  automaticForecast,
  baselineForecast,
  fewestObservations,
  hampel,
  holtWinters,
  isInsufficient,
  loess,
  lowess,
  robustZ,
  runMethod,
  stl,
  theta,
} from '../../../src/analytics/index.ts'
import { leastSquares } from '../../../src/analytics/statistics/least-squares.ts'
import { nelderMead } from '../../../src/analytics/timeseries/forecast/nelder-mead.ts'
import { autoregressiveNoise, seededNormal } from '../../seeded-noise.ts'

const refused = expect.objectContaining({ code: 'VALUE' })
const gap = Number.NaN

function computed<T extends object>(result: T): Exclude<T, { insufficient: unknown }> {
  expect(isInsufficient(result)).toBe(false)
  return result as Exclude<T, { insufficient: unknown }>
}

/** 80 to 100, a weekly pattern, a little noise. */
function weekly(n: number, seed: number): Float64Array {
  const noise = autoregressiveNoise(n, 0.4, seededNormal(seed))
  return noise.map((v, i) => 90 + 2 * v + (i % 7 === 5 ? 4 : 0))
}

describe('the automatic forecast', () => {
  it('refuses thin data and horizons longer than the history', () => {
    const thin = { insufficient: 'insufficient_data', n: 20 }
    expect(automaticForecast(weekly(20, 1), { horizon: 7 })).toEqual(thin)
    expect(isInsufficient(automaticForecast(weekly(21, 1), { horizon: 7 }))).toBe(false)
    expect(automaticForecast(weekly(25, 1), { horizon: 26 })).toMatchObject({ n: 25 })
    expect(automaticForecast([], { horizon: 7 })).toMatchObject({ n: 0 })
    expect(fewestObservations(30)).toBe(90)
    const longAgo = [...weekly(60, 1), ...new Array(200).fill(gap), 90]
    expect(automaticForecast(longAgo, { horizon: 7 })).toMatchObject({ insufficient: 'insufficient_data' })
    expect(() => automaticForecast(weekly(60, 1), { horizon: 0 })).toThrowError(refused)
    expect(() => automaticForecast(weekly(60, 1), { horizon: 7, period: 0.5 })).toThrowError(refused)
    expect(() => automaticForecast([...weekly(60, 1), Infinity], { horizon: 7 })).toThrowError(refused)
  })

  it('sees the week, and counts days without a value at the end', () => {
    const days = weekly(140, 2)
    const { mean } = computed(automaticForecast(days, { horizon: 14 }))
    expect(mean.indexOf(Math.max(...mean.slice(0, 7)))).toBe(5)
    const silent = computed(automaticForecast([...days, gap, gap], { horizon: 12 }))
    expect(silent.mean.indexOf(Math.max(...silent.mean.slice(0, 7)))).toBe(3)
  })

  it('is sure of what never varied, and follows a line', () => {
    const constant = computed(automaticForecast(new Float64Array(40).fill(5), { horizon: 3 }))
    expect(constant.mean).toEqual([5, 5, 5])
    expect(constant.intervals[1]).toEqual({ level: 95, lower: [5, 5, 5], upper: [5, 5, 5] })
    const line = computed(
      automaticForecast(
        Float64Array.from({ length: 60 }, (_, i) => 3 * i),
        { horizon: 3 },
      ),
    )
    expect(line.mean[2]).toBeCloseTo(186, 3)
    expect(line.model).toMatch(/^ETS AAN 100 %/)
  })

  it('looks back two years and no further', () => {
    const recent = weekly(730, 3)
    const long = [...new Float64Array(500).fill(7), ...recent]
    expect(automaticForecast(long, { horizon: 5 })).toEqual(automaticForecast(recent, { horizon: 5 }))
  })

  it('covers about as many days as its intervals say', () => {
    let inside80 = 0
    let inside95 = 0
    let days = 0
    for (let seed = 1; seed <= 40; seed++) {
      const all = weekly(134, seed)
      const { intervals } = computed(automaticForecast(all.subarray(0, 120), { horizon: 14 }))
      const [narrow, wide] = intervals
      for (let h = 0; h < 14; h++) {
        const value = all[120 + h] as number
        if (value >= (narrow?.lower[h] ?? 0) && value <= (narrow?.upper[h] ?? 0)) inside80++
        if (value >= (wide?.lower[h] ?? 0) && value <= (wide?.upper[h] ?? 0)) inside95++
        days++
      }
    }
    expect(Math.abs(inside80 / days - 0.8)).toBeLessThan(0.06)
    expect(Math.abs(inside95 / days - 0.95)).toBeLessThan(0.04)
  })
})

describe('the method forecast', () => {
  it('takes values, or values with times in any order, as days', () => {
    const values = [...weekly(40, 4)]
    const iso = values.map((_, i) => new Date(Date.UTC(2026, 0, 1 + i)).toISOString())
    const plain = runMethod('forecast', { values }, { h: 5 })
    expect(plain).toMatchObject({ model: expect.stringContaining('theta') })
    expect(Object.keys(plain).sort()).toEqual(
      ['lower80', 'lower95', 'mean', 'model', 'quantiles', 'upper80', 'upper95'].sort(),
    )
    expect(runMethod('forecast', { values, times: iso }, { h: 5 })).toEqual(plain)
    const backwards = { values: [...values].reverse(), times: [...iso].reverse().map((t) => Date.parse(t)) }
    expect(runMethod('forecast', backwards, { h: 5 })).toEqual(plain)
    const written = iso.map((time) => `${time.slice(0, 10)}T23:30:00-05:00`)
    expect(runMethod('forecast', { values, times: written }, { h: 5 })).toEqual(plain)
    const twice = { values: values.flatMap((v) => [v, v]), times: iso.flatMap((t) => [t, t]) }
    expect(runMethod('forecast', twice, { h: 5 })).toEqual(plain)
    expect(runMethod('forecast', { values: [1, 2] }, {})).toEqual({ status: 'insufficient_data', n: 2 })
  })

  it('refuses times that are none', () => {
    expect(() => runMethod('forecast', { values: [1], times: ['yesterday'] }, {})).toThrowError(refused)
    expect(() => runMethod('forecast', { values: [1, 2], times: [0] }, {})).toThrowError(refused)
    expect(() => runMethod('forecast', { values: [1, 2], times: [0, 1e15] }, {})).toThrowError(refused)
  })
})

describe('forecasting methods', () => {
  it('count a gap as time that has passed', () => {
    const naive = computed(baselineForecast([1, 3, gap], { kind: 'naive', horizon: 2 }))
    expect(naive.mean).toEqual([3, 3])
    const whole = computed(baselineForecast([1, 3], { kind: 'naive', horizon: 3 }))
    expect(naive.intervals[0]?.upper[0]).toBeCloseTo(whole.intervals[0]?.upper[1] ?? 0, 12)
    const drift = computed(baselineForecast([1, gap, 5], { kind: 'drift', horizon: 1 }))
    expect(drift.mean).toEqual([7])
    const seasonal = { kind: 'seasonal_naive', horizon: 2, period: 2 } as const
    expect(computed(baselineForecast([1, 2, 3, gap], seasonal)).mean).toEqual([3, 2])
    expect(baselineForecast([gap, 2], seasonal)).toMatchObject({ insufficient: 'insufficient_data' })
    expect(baselineForecast([4], { kind: 'drift', horizon: 1 })).toMatchObject({ n: 1 })
  })

  it('say what they cannot do', () => {
    const options = { horizon: 2, levels: [95] }
    const week = { gamma: 0.1, period: 2, type: 'multiplicative' } as const
    expect(holtWinters([1, gap, 3, 4], { alpha: 0.3 }, options)).toMatchObject({
      insufficient: 'not_computable',
    })
    expect(holtWinters([1, 0, 3, 4, 5], { alpha: 0.3, season: week }, options)).toMatchObject({
      insufficient: 'not_computable',
    })
    expect(() => holtWinters([1, 2, 3], { alpha: 2 }, options)).toThrowError(refused)
    expect(theta([1, gap, 3, 4], { horizon: 2, period: 1 })).toMatchObject({ insufficient: 'not_computable' })
    expect(theta([1, 2, 3], { horizon: 2, period: 1 })).toMatchObject({ insufficient: 'insufficient_data' })
    expect(theta([4, 4], { horizon: 1, period: 1 })).toMatchObject({ mean: [4] })
    expect(automaticEts([1, gap, 3, 4, 5], { horizon: 1, period: 1 })).toMatchObject({
      insufficient: 'not_computable',
    })
    expect(computed(automaticEts([gap, 1, 2, gap], { horizon: 1, period: 7 })).mean).toHaveLength(1)
    for (const [model, period] of [
      ['AXN', 1],
      ['ANA', 1],
    ] as const) {
      expect(() =>
        runMethod('ets_fixed', { values: [1, 2] }, { model, period, alpha: 0.1, l0: 1 }),
      ).toThrowError(refused)
    }
    expect(() => runMethod('ets_fixed', { values: [1] }, { model: 'ANN', l0: 1 })).toThrowError(refused)
    expect(() => runMethod('ets_fixed', { values: [1] }, { model: 3 })).toThrowError(refused)
    const trend = { allow_multiplicative_trend: true }
    expect(() => runMethod('ets_auto', { values: [1, 2, 3] }, trend)).toThrowError(refused)
  })

  it('choose by any criterion, also without restriction', () => {
    const values = [...weekly(60, 5)]
    for (const ic of ['aicc', 'aic', 'bic']) {
      const result = runMethod('ets_auto', { values }, { period: 7, h: 3, ic, restrict: false })
      expect(result['forecast_mean']).toHaveLength(3)
    }
  })
})

describe('smoothing', () => {
  it('answers with a reason, or refuses', () => {
    expect(loess([2, 2, 2, 2], [1, 2, 3, 4])).toMatchObject({ insufficient: 'degenerate_x' })
    expect(loess([1, 2, 3, 4], [1, 2, 3, 4], { span: 0.3 })).toMatchObject({
      insufficient: 'insufficient_data',
    })
    expect(stl([1, gap, 3, 4, 5], { period: 2, seasonalWindow: 7 })).toMatchObject({
      insufficient: 'not_computable',
    })
    expect(() => loess([1, 2, 3], [1, 2, 3], { span: 0 })).toThrowError(refused)
    expect(() => loess([1, 2, 3], [1, 2, 3], { iterations: 0 })).toThrowError(refused)
    expect(() => runMethod('loess', { x: [1, 2, 3], y: [1, 2, 3] }, { degree: 3 })).toThrowError(refused)
    expect(() => lowess([1, 2], [1, 2], { f: -1 })).toThrowError(refused)
    expect(() => lowess([1, 2], [1, 2], { iterations: 0.5 })).toThrowError(refused)
    expect(() => lowess([1, 2], [1, 2], { delta: -1 })).toThrowError(refused)
    expect(() => stl([1, 2, 3, 4, 5], { period: 1, seasonalWindow: 7 })).toThrowError(refused)
    expect(() => robustZ([1], -1)).toThrowError(refused)
    expect(() => hampel([1], 0, 3)).toThrowError(refused)
    const type8 = { kind: 'iqr_fences', quantile_type: 8 }
    expect(() => runMethod('anomalies', { values: [1] }, type8)).toThrowError(refused)
    expect(runMethod('anomalies', { values: [] }, { kind: 'forecast_tsoutliers' })).toMatchObject({
      status: 'insufficient_data',
    })
  })

  it('predicts only inside the range, with errors for least squares', () => {
    const x = Float64Array.from({ length: 30 }, (_, i) => i)
    const y = x.map((t) => t + (t % 3))
    const fit = computed(loess(x, y, { predictAt: [-1, 10.5] }))
    expect(fit.predicted[0]).toBeNull()
    expect(fit.predictionErrors[0]).toBeNull()
    expect(fit.predictionErrors[1]).toBeGreaterThan(0)
    const robust = computed(loess(x, y, { iterations: 4, predictAt: [10.5] }))
    expect(robust.statistics).toBeNull()
    expect(robust.predictionErrors).toEqual([null])
  })
})

describe('numerical tools', () => {
  it('least squares leaves out a column that depends on others', () => {
    const t = Float64Array.from([1, 2, 3, 4])
    const one = new Float64Array(4).fill(1)
    const [a, b, c] = leastSquares([one, t, t.map((v) => 2 * v)], Float64Array.from([3, 5, 7, 9]))
    expect([a, b]).toEqual([expect.closeTo(1, 12), expect.closeTo(2, 12)])
    expect(c).toBe(0)
  })

  it('the simplex search finds a valley and keeps out of forbidden places', () => {
    const rosenbrock = (at: Float64Array) =>
      (1 - (at[0] as number)) ** 2 + 100 * ((at[1] as number) - (at[0] as number) ** 2) ** 2
    const found = nelderMead(rosenbrock, Float64Array.from([-1.2, 1]), 1e-12, 2000)
    expect(found.at[0]).toBeCloseTo(1, 3)
    const walled = (at: Float64Array) => ((at[0] as number) < 2 ? Number.NaN : (at[0] as number) ** 2)
    expect(nelderMead(walled, Float64Array.from([5]), 1e-10, 500).at[0]).toBeCloseTo(2, 3)
    expect(nelderMead(() => 1, Float64Array.from([0, 0]), 1e-9, 100).value).toBe(1)
  })
})
