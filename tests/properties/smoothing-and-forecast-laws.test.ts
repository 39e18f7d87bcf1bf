import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  automaticForecast,
  baselineForecast,
  hampel,
  holtWinters,
  interpolateSeasonally,
  isInsufficient,
  loess,
  lowess,
  modifiedZ,
  robustZ,
  smoothOutliers,
  stl,
  theta,
  tukeyFences,
} from '../../src/analytics/index.ts'

const value = fc.integer({ min: -1000, max: 1000 })
const series = (minLength: number, maxLength: number) => fc.array(value, { minLength, maxLength })
const gapped = (minLength: number, maxLength: number) =>
  fc.array(fc.oneof({ weight: 5, arbitrary: value }, fc.constant(Number.NaN)), { minLength, maxLength })
const factor = fc.constantFrom(0.25, 2, 8)
const shift = fc.integer({ min: -500, max: 500 })
const ordinals = (n: number) => Float64Array.from({ length: n }, (_, i) => i)

function computed<T extends object>(result: T): Exclude<T, { insufficient: unknown }> {
  expect(isInsufficient(result)).toBe(false)
  return result as Exclude<T, { insufficient: unknown }>
}

function expectClose(got: ArrayLike<number | null>, want: ArrayLike<number | null>, scale = 1000): void {
  expect(got.length).toBe(want.length)
  for (let i = 0; i < got.length; i++) {
    expect(Math.abs((got[i] ?? 0) - (want[i] ?? 0))).toBeLessThanOrEqual(1e-6 * scale)
  }
}

describe('smoothers', () => {
  it('follow a change of unit and of zero', () => {
    fc.assert(
      fc.property(series(12, 60), factor, shift, (y, a, b) => {
        const x = ordinals(y.length)
        const changed = y.map((v) => a * v + b)
        const moved = (curve: Float64Array) => curve.map((v) => a * v + b)
        expectClose(lowess(x, changed).fitted, moved(lowess(x, y).fitted), 1e4)
        const plain = computed(loess(x, y, { span: 0.6 }))
        expectClose(computed(loess(x, changed, { span: 0.6 })).fitted, moved(plain.fitted), 1e4)
      }),
    )
  })

  it('read the same backwards', () => {
    fc.assert(
      fc.property(series(12, 60), (y) => {
        const x = ordinals(y.length)
        const reversed = [...y].reverse()
        const options = { delta: 0, iterations: 0 }
        expectClose(lowess(x, reversed, options).fitted.reverse(), lowess(x, y, options).fitted)
        const plain = computed(loess(x, y, { degree: 1 }))
        expectClose(computed(loess(x, reversed, { degree: 1 })).fitted.reverse(), plain.fitted)
      }),
    )
  })

  it('do not care for the order of the pairs', () => {
    fc.assert(
      fc.property(fc.uniqueArray(value, { minLength: 12, maxLength: 40 }), (x) => {
        const y = x.map((v) => (v * 7919) % 101)
        const order = x.map((_, i) => i).sort((a, b) => (x[a] as number) - (x[b] as number))
        const sorted = computed(
          loess(
            order.map((i) => x[i] as number),
            order.map((i) => y[i] as number),
          ),
        )
        const given = computed(loess(x, y))
        expectClose(
          order.map((i) => given.fitted[i] as number),
          sorted.fitted,
        )
      }),
    )
  })

  it('return what a local polynomial can say exactly', () => {
    fc.assert(
      fc.property(value, value, fc.integer({ min: 12, max: 50 }), (a, b, n) => {
        const x = ordinals(n)
        const line = x.map((t) => a + b * t)
        expectClose(lowess(x, line).fitted, line, 1e5)
        const parabola = x.map((t) => a + b * t + t * t)
        expectClose(computed(loess(x, parabola)).fitted, parabola, 1e5)
      }),
    )
  })

  it('interpolated between vertices, are close to the direct fit', () => {
    const x = ordinals(4000)
    const y = x.map((t) => Math.sin(t / 300) + ((t * 7919) % 100) / 500)
    const large = computed(loess(x, y, { span: 0.5 }))
    expect(large.direct).toBe(false)
    const middle = computed(loess(x, y, { span: 0.5, predictAt: [2000] }))
    const near = computed(loess(x, y, { span: 0.05, predictAt: [2000] }))
    expect(near.direct).toBe(true)
    expect(Math.abs((middle.fitted[2000] as number) - (middle.predicted[0] as number))).toBeLessThan(1e-4)
  })
})

describe('STL', () => {
  it('adds up to the series, whatever the options', () => {
    fc.assert(
      fc.property(
        series(22, 80),
        fc.constantFrom<number | 'periodic'>('periodic', 7, 11),
        fc.boolean(),
        fc.constantFrom<0 | 1>(0, 1),
        (y, seasonalWindow, robust, seasonalDegree) => {
          const fit = computed(stl(y, { period: 7, seasonalWindow, robust, seasonalDegree }))
          expectClose(
            fit.seasonal.map((s, i) => s + (fit.trend[i] as number) + (fit.remainder[i] as number)),
            y,
          )
          expect(fit.weights.every((w) => w >= 0 && w <= 1)).toBe(true)
        },
      ),
    )
  })

  it('moves a constant into the trend and keeps the season', () => {
    fc.assert(
      fc.property(series(22, 60), shift, (y, b) => {
        const plain = computed(stl(y, { period: 7, seasonalWindow: 'periodic' }))
        const shifted = computed(
          stl(
            y.map((v) => v + b),
            { period: 7, seasonalWindow: 'periodic' },
          ),
        )
        expectClose(shifted.seasonal, plain.seasonal)
        expectClose(
          shifted.trend,
          plain.trend.map((t) => t + b),
        )
      }),
    )
  })
})

describe('outlier rules', () => {
  it('see neither unit nor zero', () => {
    fc.assert(
      fc.property(gapped(5, 60), factor, shift, (y, a, b) => {
        const changed = y.map((v) => a * v + b)
        expect(robustZ(changed, 3).indices).toEqual(robustZ(y, 3).indices)
        expect(modifiedZ(changed, 3.5).indices).toEqual(modifiedZ(y, 3.5).indices)
        expect(tukeyFences(changed).indices).toEqual(tukeyFences(y).indices)
        expect(hampel(changed, 3, 3).indices).toEqual(hampel(y, 3, 3).indices)
      }),
    )
  })

  it('never flag a missing value, and only Hampel cares for the order', () => {
    fc.assert(
      fc.property(gapped(5, 60), (y) => {
        const missing = (indices: readonly number[]) => indices.some((i) => Number.isNaN(y[i - 1]))
        expect(missing(robustZ(y, 1).indices) || missing(hampel(y, 2, 0.5).indices)).toBe(false)
        expect(robustZ([...y].reverse(), 2).indices.length).toBe(robustZ(y, 2).indices.length)
        const smooth = smoothOutliers(y, 7, 2)
        if (!isInsufficient(smooth)) expect(missing(smooth.indices)).toBe(false)
      }),
    )
  })

  it('find one wild value in a calm series', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 59 }), fc.constantFrom(1, 7), (at, period) => {
        const y = Float64Array.from(
          { length: 60 },
          (_, i) => 50 + ((i * 7919) % 11) / 5 + (i === at ? 100 : 0),
        )
        expect(computed(smoothOutliers(y, period, 2)).indices).toContain(at + 1)
      }),
      { numRuns: 30 },
    )
  })
})

describe('filling gaps', () => {
  it('keeps what was measured and leaves no gap', () => {
    fc.assert(
      fc.property(gapped(1, 60), fc.constantFrom(1, 7), (y, period) => {
        fc.pre(y.some((v) => !Number.isNaN(v)))
        const filled = interpolateSeasonally(Float64Array.from(y), period)
        expect(filled.some(Number.isNaN)).toBe(false)
        y.forEach((v, i) => {
          if (!Number.isNaN(v)) expect(filled[i]).toBe(v)
        })
      }),
    )
  })
})

describe('forecasts', () => {
  it('of baselines and smoothing follow a change of unit and of zero', () => {
    fc.assert(
      fc.property(series(16, 60), factor, shift, (y, a, b) => {
        const changed = y.map((v) => a * v + b)
        const moved = (mean: readonly number[]) => mean.map((v) => a * v + b)
        for (const kind of ['naive', 'drift', 'mean', 'seasonal_naive'] as const) {
          const options = { kind, horizon: 9, period: 7 }
          const plain = computed(baselineForecast(y, options))
          expectClose(computed(baselineForecast(changed, options)).mean, moved(plain.mean), 1e4)
        }
        const season = { gamma: 0.1, period: 7, type: 'additive' } as const
        const parameters = { alpha: 0.3, beta: 0.1, season }
        const options = { horizon: 9, levels: [80] }
        const plain = computed(holtWinters(y, parameters, options))
        expectClose(computed(holtWinters(changed, parameters, options)).mean, moved(plain.mean), 1e4)
      }),
    )
  })

  it('of a line go on with half its slope by theta', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 20, max: 60 }), (slope, n) => {
        fc.pre(slope !== 0)
        const y = ordinals(n).map((t) => 5000 + slope * t)
        expect(computed(theta(y, { horizon: 3, period: 1 })).drift).toBeCloseTo(slope / 2, 6)
      }),
    )
  })

  it('are ordered, finite, repeatable and never negative without cause', () => {
    fc.assert(
      fc.property(
        gapped(21, 90).map((y) => y.map(Math.abs)),
        fc.integer({ min: 1, max: 20 }),
        (y, horizon) => {
          const result = automaticForecast(y, { horizon })
          expect(automaticForecast(y, { horizon })).toEqual(result)
          if (isInsufficient(result)) return
          expect(result.mean).toHaveLength(horizon)
          expect(result.mean.every((v) => Number.isFinite(v) && v >= 0)).toBe(true)
          for (const row of result.quantiles.values) {
            expect(row).toHaveLength(19)
            expect(row.every((v, i) => Number.isFinite(v) && v >= (row[i - 1] ?? 0))).toBe(true)
          }
          const [narrow, wide] = result.intervals
          narrow?.lower.forEach((low, h) => {
            expect(low as number).toBeLessThanOrEqual(narrow.upper[h] as number)
            expect(wide?.lower[h] as number).toBeLessThanOrEqual(wide?.upper[h] as number)
          })
          expect(result.parts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9)
        },
      ),
      { numRuns: 40 },
    )
  })
})
