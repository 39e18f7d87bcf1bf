import { describe, expect, it } from 'vitest'
import {
  backtest,
  forecastDaily,
  forecastLevels,
  forecastModels,
  forecastScale,
  isInsufficient,
  levelIndex,
  scoreForecast,
} from '../../../src/analytics/index.ts'
import { seededNormal } from '../../seeded-noise.ts'

const weekly = (n: number, seed = 1): Float64Array => {
  const random = seededNormal(seed)
  return Float64Array.from({ length: n }, (_, i) => 80 + (i % 7 === 5 ? 3 : 0) + random())
}

const options = { horizon: 14, folds: 4 } as const

describe('a backtest', () => {
  it('forecasts each fold from the days before it, so later days change nothing', () => {
    const values = weekly(120)
    const folds = backtest(values, forecastModels, options)
    expect(folds.map(({ origin }) => origin)).toEqual([64, 78, 92, 106])
    const changed = values.slice()
    changed.fill(500, 106)
    const again = backtest(changed, forecastModels, options)
    expect(again.slice(0, 3)).toEqual(folds.slice(0, 3))
    expect(again[3]?.scores.mean?.mase).toBeGreaterThan(100)
  })

  it('scores a model as forecasting at the origin by hand does', () => {
    const values = weekly(120)
    const before = values.slice(0, 106)
    const byHand = forecastDaily(before, 'theta', { horizon: 14 })
    if (isInsufficient(byHand)) throw new Error('it has enough')
    const scale = forecastScale(before) as number
    expect(backtest(values, ['theta'], options)[3]?.scores.theta).toEqual(
      scoreForecast(values.slice(106), byHand, scale),
    )
  })

  it('leaves out folds that tell nothing: hardly a value in them, too little or nothing but one value before', () => {
    const values = weekly(120)
    const gappy = values.slice().fill(Number.NaN, 92, 105)
    expect(backtest(gappy, ['mean'], options).map(({ origin }) => origin)).toEqual([64, 78, 106])
    expect(backtest(weekly(30), ['mean'], options)).toEqual([])
    expect(backtest(new Float64Array(120).fill(80), ['mean'], options)).toEqual([])
  })
})

describe('a score', () => {
  it('is that of its definition', () => {
    const row = forecastLevels.map((level) => 10 * level)
    const forecast = { mean: [5, 5, 5], quantiles: [row, row, row] }
    const actual = Float64Array.of(5, 9.9, Number.NaN)
    const scores = scoreForecast(actual, forecast, 2)
    expect(scores).toMatchObject({ n: 2, mase: 4.9 / 2 / 2, coverage80: 0.5, coverage95: 0.5 })
    const loss = (y: number) => {
      const inner = forecastLevels.slice(1, -1)
      const sum = inner.reduce((all, p) => all + Math.max(p * (y - 10 * p), (p - 1) * (y - 10 * p)), 0)
      return sum / inner.length
    }
    expect(scores?.scaledCrps).toBeCloseTo((loss(5) + loss(9.9)) / 2, 12)
    expect(scoreForecast(Float64Array.of(Number.NaN), { mean: [1], quantiles: [row] }, 2)).toBeNull()
  })
})

describe.each(forecastModels)('the model %s', (model) => {
  it('states rising quantiles for every day ahead, within the bounds', () => {
    const values = weekly(100)
    values.fill(Number.NaN, 40, 44)
    values.fill(Number.NaN, 97)
    const forecast = forecastDaily(values, model, { horizon: 20, bounds: [79, 82] })
    if (isInsufficient(forecast)) throw new Error('it has enough')
    expect(forecast.mean).toHaveLength(20)
    expect(forecast.quantiles).toHaveLength(20)
    for (const row of forecast.quantiles) {
      expect(row).toHaveLength(forecastLevels.length)
      expect([...row].sort((a, b) => a - b)).toEqual(row)
      expect(row[0]).toBeGreaterThanOrEqual(79)
      expect(row.at(-1)).toBeLessThanOrEqual(82)
    }
    expect(forecast.quantiles[0]?.[levelIndex(0.5)]).toBeGreaterThan(79)
  })

  it('knows the weekday after days without a value', () => {
    if (model === 'naive' || model === 'mean') return
    const values = weekly(98)
    values.fill(Number.NaN, 95)
    const forecast = forecastDaily(values, model, { horizon: 7 })
    if (isInsufficient(forecast)) throw new Error('it has enough')
    expect(forecast.mean.indexOf(Math.max(...forecast.mean))).toBe(5)
  })

  it('refuses fewer than three weeks of values', () => {
    expect(forecastDaily(weekly(20), model, { horizon: 7 })).toEqual({
      insufficient: 'insufficient_data',
      n: 20,
    })
  })
})
