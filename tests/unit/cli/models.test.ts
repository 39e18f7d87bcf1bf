import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { seededNormal } from '../../seeded-noise.ts'
import { type VaultHome, vaultHome } from './vault-home.ts'

const dayMs = 86_400_000
const start = Date.UTC(2026, 0, 5, 12)
const random = seededNormal(5)

/** The program's clock at noon of a day counted from the start; timers go on. */
function onDay(day: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: start + day * dayMs })
}

async function weigh(home: VaultHome, from: number, to: number): Promise<void> {
  const lines = Array.from({ length: to - from }, (_, i) =>
    JSON.stringify({
      metric: 'weight',
      unit: 'kg',
      value: Number((80 + 0.5 * random()).toFixed(1)),
      at: `${new Date(start + (from + i) * dayMs).toISOString().slice(0, 10)}T07:30`,
    }),
  )
  expect(await home.run(['log', '--stdin'], { input: lines.join('\n') })).toMatchObject({ code: 0 })
}

let home: VaultHome
beforeAll(async () => {
  onDay(100)
  home = await vaultHome()
  await weigh(home, 0, 100)
})
afterAll(() => vi.useRealTimers())

describe('models', () => {
  it('are none before the first forecast', async () => {
    expect((await home.run(['models', 'list'])).stderr).toContain('healthmate forecast weight')
    expect(await home.run(['models', 'show', 'weight'])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('healthmate forecast weight'),
    })
  })

  it('tell what was fitted on which days, and how it did in trials', async () => {
    expect((await home.run(['forecast', 'weight', '--days', '14'])).code).toBe(0)
    const { models } = await home.json(['models', 'show', 'weight'])
    expect(models).toMatchObject([
      {
        series: 'weight',
        model: 'automatic',
        version: 1,
        since: '2026-04-15',
        n: 100,
        from: '2026-01-05',
        to: '2026-04-14',
        pinned: false,
        forecasts: 1,
        newestForecast: '2026-04-15',
        trials: { folds: 5 },
      },
    ])
    expect(models[0].form).toMatch(/ETS|AR|theta/)
    expect((await home.run(['models', 'list'])).stdout).toMatch(/weight +automatic +2026-04-15 +5 /)
    expect((await home.run(['models', 'show', 'weight'])).stdout).toContain('from 100 days with a value')
  })

  it('are compared on the same days', async () => {
    const { comparisons } = await home.json(['models', 'compare', 'weight'])
    const [{ models }] = comparisons
    expect(models).toHaveLength(6)
    expect(models.filter((one: { isChampion: boolean }) => one.isChampion)).toMatchObject([
      { model: 'automatic' },
    ])
    const errors = models.map((one: { trial: { scaledCrps: number } }) => one.trial.scaledCrps)
    expect([...errors].sort((a, b) => a - b)).toEqual(errors)
    // On noise around a level the last value is a bad forecast.
    expect(models.at(-1)).toMatchObject({ model: 'naive', isBetter: false })
    expect((await home.run(['models', 'compare', 'weight'])).stdout).toMatch(/naive .* % worse, p = /)
  })

  it('keep one forecast a day, and nothing where nothing changed', async () => {
    expect((await home.run(['forecast', 'weight', '--days', '14'])).code).toBe(0)
    expect((await home.run(['forecast', 'weight', '--days', '7'])).code).toBe(0)
    expect((await home.json(['models', 'list'])).models).toMatchObject([{ forecasts: 1 }])
    const { scores } = await home.json(['models', 'scores'])
    expect(scores).toEqual([{ series: 'weight', forecasts: 1, waiting: 1, models: [] }])
    expect((await home.run(['models', 'scores'])).stderr).toContain(
      '1 of 1 forecast kept cannot be scored yet',
    )
  })

  it('are scored on what happened after, with nothing of it known before', async () => {
    onDay(107)
    await weigh(home, 100, 107)
    expect((await home.run(['forecast', 'weight', '--days', '14'])).code).toBe(0)
    onDay(121)
    await weigh(home, 107, 121)
    const { scores } = await home.json(['models', 'scores', 'weight'])
    const [{ models }] = scores
    expect(models).toMatchObject([{ model: 'automatic', forecasts: 2, days: 28 }])
    expect(models[0].byLead).toMatchObject([
      { fromLead: 1, toLead: 7, forecasts: 2, days: 14 },
      { fromLead: 8, toLead: 14, forecasts: 2, days: 14 },
    ])
    expect(models[0].mase).toBeGreaterThan(0.3)
    expect(models[0].mase).toBeLessThan(1.5)
    expect(models[0].coverage95).toBeGreaterThan(0.7)
    expect((await home.run(['models', 'scores'])).stdout).toMatch(/weight +automatic +8 to 14 +2 +14 /)
  })

  it('can be pinned, let go and rolled back, each of which undo takes back', async () => {
    const model = async () => (await home.json(['models', 'show', 'weight'])).models[0]
    expect((await home.run(['models', 'pin', 'weight', 'theta'])).stdout).toContain(
      'pinned: nothing replaces it',
    )
    expect((await home.json(['forecast', 'weight', '--days', '14'])).forecasts[0]).toMatchObject({
      model: 'theta',
      form: 'theta',
      pinned: true,
      reason: 'pinned',
      version: 2,
    })
    expect((await home.run(['undo'])).code).toBe(0)
    expect(await model()).toMatchObject({ model: 'automatic', version: 1, pinned: false })
    expect((await home.run(['models', 'pin', 'weight', 'seasonal-naive'])).code).toBe(0)
    expect((await home.run(['models', 'pin', 'weight', '--off'])).code).toBe(0)
    expect(await model()).toMatchObject({ model: 'seasonal_naive', pinned: false })
    const back = await home.run(['models', 'rollback', 'weight'])
    expect(back.stdout).toMatch(/automatic, version 3 [\s\S]*rolled back to/)
    expect((await home.run(['models', 'rollback', 'weight', '--to', '9'])).code).toBe(5)
    expect((await home.run(['models', 'pin', 'weight', 'oracle'])).stderr).toContain('seasonal_naive')
    expect((await home.run(['models', 'pin', 'weight', 'theta', '--off'])).code).toBe(2)
    expect((await home.run(['models', 'show', 'weight.left'])).code).toBe(2)
  })

  it('leave with the archive', async () => {
    const lines = (await home.run(['export', 'ndjson', '--out', '-', '--only', 'assistant'])).stdout
    expect(lines).toMatch(/"type":"forecast_model"/)
    expect(lines).toMatch(/"type":"forecast"/)
  })
})
