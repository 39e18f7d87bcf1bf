import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ForecastModel, forecastLevels, forecastModels } from '../../../src/analytics/index.ts'
import {
  championOf,
  compareModels,
  type DatedFold,
  decideChampion,
  firstRegistry,
  forecastMissing,
  type KeptForecast,
  leastFolds,
  pinModel,
  rollBack,
  scoreKept,
  unpinModel,
} from '../../../src/insight/index.ts'

const score = (scaledCrps: number) => ({
  n: 14,
  mase: scaledCrps,
  scaledCrps,
  coverage80: 0.8,
  coverage95: 0.95,
})

/** Folds of two weeks in which each model has the score of its function. */
function foldsOf(
  count: number,
  scores: Partial<Record<ForecastModel, (fold: number) => number>>,
  firstDay = 0,
) {
  return Array.from(
    { length: count },
    (_, fold): DatedFold => ({
      firstDay: firstDay + 14 * fold,
      scores: Object.fromEntries(
        forecastModels.map((model) => [model, score(scores[model]?.(fold) ?? 1 + fold / 100)]),
      ),
    }),
  )
}

const better = { theta: (fold: number) => 0.7 + fold / 90 }

describe('a challenger', () => {
  it('takes over when it is better in every trial', () => {
    const registry = decideChampion(firstRegistry(50), foldsOf(6, better), 100)
    expect(championOf(registry)).toMatchObject({
      version: 2,
      model: 'theta',
      sinceDay: 100,
      reason: 'backtest',
    })
    expect(registry.versions).toHaveLength(2)
  })

  it('does not for a gain too small to matter, however sure', () => {
    const slight = { theta: (fold: number) => 0.99 * (1 + fold / 100) - fold / 1e4 }
    expect(compareModels(foldsOf(6, slight), 'automatic')[0]).toMatchObject({
      model: 'theta',
      isBetter: false,
    })
    expect(championOf(decideChampion(firstRegistry(0), foldsOf(6, slight), 100)).model).toBe('automatic')
  })

  it('does not for a large gain in one trial', () => {
    const lucky = { theta: (fold: number) => (fold === 0 ? 0.1 : 1.01 + fold / 80) }
    const [first] = compareModels(foldsOf(6, lucky), 'automatic')
    expect(first).toMatchObject({ model: 'theta', isBetter: false })
    expect(first?.difference).toBeLessThan(-0.1)
  })

  it('does not on fewer trials than can tell', () => {
    const registry = decideChampion(firstRegistry(0), foldsOf(leastFolds - 1, better), 100)
    expect(championOf(registry).model).toBe('automatic')
  })

  it('has the lower error where it takes over, and so has the next one', () => {
    const row = fc.array(fc.double({ min: 0.1, max: 3, noNaN: true }), { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(fc.array(row, { minLength: 4, maxLength: 8 }), (table) => {
        const folds = table.map(
          (row, fold): DatedFold => ({
            firstDay: 14 * fold,
            scores: Object.fromEntries(forecastModels.map((model, i) => [model, score(row[i] as number)])),
          }),
        )
        const total = (one: ForecastModel) =>
          folds.reduce((sum, { scores }) => sum + (scores[one]?.scaledCrps ?? 0), 0)
        const decided = decideChampion(firstRegistry(0), folds, 100)
        const { model } = championOf(decided)
        if (model !== 'automatic') expect(total(model)).toBeLessThan(0.99 * total('automatic'))
        const again = decideChampion(decided, folds, 101)
        if (championOf(again).model !== model)
          expect(total(championOf(again).model)).toBeLessThan(total(model))
        else expect(again).toBe(decided)
      }),
    )
  })
})

describe('the person', () => {
  it('pins a model, which then stays whatever the trials say, and lets it go', () => {
    const pinned = pinModel(firstRegistry(0), 'mean', 10)
    expect(decideChampion(pinned, foldsOf(6, better), 100)).toBe(pinned)
    expect(championOf(pinned)).toMatchObject({ model: 'mean', reason: 'pinned', version: 2 })
    expect(pinModel(pinned, 'mean', 20).versions).toHaveLength(2)
    expect(championOf(decideChampion(unpinModel(pinned), foldsOf(6, better), 100)).model).toBe('theta')
  })

  it('rolls back, and only later trials bring the other model back', () => {
    const promoted = decideChampion(firstRegistry(0), foldsOf(6, better), 100)
    const back = rollBack(promoted, 101)
    expect(back && championOf(back)).toMatchObject({ model: 'automatic', version: 3, reason: 'rolled_back' })
    if (back === null) return
    expect(decideChampion(back, foldsOf(6, better), 102)).toBe(back)
    const later = decideChampion(back, foldsOf(6, better, 101), 200)
    expect(championOf(later)).toMatchObject({ model: 'theta', version: 4 })
    expect(later.evidenceFromDay).toBeNull()
    expect(championOf(rollBack(later, 201, 1) as typeof later).model).toBe('automatic')
    expect(rollBack(later, 201, 99)).toBeNull()
    expect(rollBack(firstRegistry(0), 5)).toBeNull()
  })

  it('never has more than twenty versions to look through', () => {
    let registry = firstRegistry(0)
    for (let i = 0; i < 50; i++) registry = pinModel(registry, i % 2 ? 'mean' : 'theta', i)
    expect(registry.versions).toHaveLength(20)
    expect(championOf(registry).version).toBe(51)
  })
})

describe('kept forecasts', () => {
  const row = forecastLevels.map((level) => 10 * level)
  const made = (firstDay: number, model: ForecastModel = 'theta', steps = 10): KeptForecast => ({
    model,
    version: 1,
    madeDay: firstDay,
    firstDay,
    scale: 2,
    mean: Array.from({ length: steps }, () => 5),
    quantiles: Array.from({ length: steps }, () => row),
  })
  const happened = { fromDay: 100, values: Float64Array.of(5, 5, 5, Number.NaN, 5, 5, 5, 9.9) }

  it('are scored on the days that happened and were measured, by model and by days ahead', () => {
    const [theta, mean] = scoreKept([made(100), made(102), made(104, 'mean'), made(108)], happened)
    expect(theta).toMatchObject({ model: 'theta', forecasts: 2, days: 7 + 5 })
    expect(theta?.mase).toBeCloseTo((2 * 4.9) / 2 / 12, 12)
    expect(theta?.coverage80).toBeCloseTo(10 / 12, 12)
    expect(theta?.byLead).toMatchObject([
      { fromLead: 1, toLead: 7, days: 11 },
      { fromLead: 8, toLead: 14, days: 1, coverage80: 0 },
    ])
    expect(mean).toMatchObject({ model: 'mean', forecasts: 1, days: 4 })
  })

  it('are not scored before anything happened, nor where there is no scale', () => {
    expect(scoreKept([made(108), { ...made(100), scale: null }], happened)).toEqual([])
  })
})

describe('a refusal', () => {
  it('tells what is missing', () => {
    const facts = { n: 200, fromDay: 20000, toDay: 20300, silent: 0, horizon: 30 }
    expect(forecastMissing({ ...facts, n: 0, fromDay: null, toDay: null })).toContain(
      'no values in the last two years',
    )
    expect(forecastMissing({ ...facts, silent: 40 })).toContain(
      'the newest value is of 2025-07-31, 40 days before',
    )
    expect(forecastMissing({ ...facts, n: 1 })).toContain('1 day has a value; a forecast needs 21')
    expect(forecastMissing({ ...facts, fromDay: 20270, horizon: 60, silent: 1 })).toContain('--days 30')
    expect(forecastMissing(facts)).toContain('long ago')
  })
})
