/** What `insights` costs over thirty metrics and ten years, its pairs against a simple form, and STL likewise. */
import { isInsufficient, stl } from '../../src/analytics/index.ts'
import { useCases } from '../../src/app/index.ts'
import { associations, type Movement, movementOf } from '../../src/insight/index.ts'
import { metricById } from '../../src/metrics/index.ts'
import type { ObservationBlock } from '../../src/records/index.ts'
import { asked } from '../asked-vault.ts'
import type { Bench, RowGroup } from '../bench.ts'
import { days, firstDay } from '../data/decade.ts'
import { SeededRandom } from '../data/random.ts'
import { importId, offsetMin, toBlock } from '../data/rows.ts'
import { interleaved, median, timed } from '../measure.ts'
import { simpleRankCorrelation } from '../reference/association.ts'
import { simpleStl } from '../reference/stl.ts'
import { type Measurement, ratioTarget, valueTarget } from '../result.ts'
import { importBlocks, newVault, type TestVault } from '../test-vault.ts'

const rounds = 5
const dayMs = 86_400_000
const maxLag = 3

export const insightRows: readonly RowGroup[] = [
  {
    names: ['insights', 'forecast-command'],
    run: async (bench) => {
      bench.note('making a vault of thirty metrics over ten years')
      const at = await manyMetrics(bench)
      return [await insightsRow(at), await forecastCommandRow(at)]
    },
  },
  { names: ['associations'], run: async () => [await associationsRow()] },
  { names: ['stl'], run: async () => [await stlRow()] },
]

async function insightsRow(at: TestVault): Promise<Measurement> {
  const insights = await useCases.insights.load()
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    times.push(
      await asked(at, async (context) => {
        const { looked } = await insights.run(context, { toDay: firstDay + days - 1 })
        if (looked < metricIds.length) throw new Error(`insights looked at ${looked} series`)
      }),
    )
  }
  return {
    name: 'insights',
    value: median(times),
    unit: 'ms',
    baseline: null,
    ratio: null,
    target: valueTarget('<=', 2000),
    about: 'insights over thirty metrics and ten years of days, vault just opened',
  }
}

/** The first forecast of a metric, with its trials, each round of another metric; it is kept in the vault. */
async function forecastCommandRow(at: TestVault): Promise<Measurement> {
  const forecast = await useCases.forecast.load()
  const times: number[] = []
  for (const metric of metricIds.slice(0, rounds)) {
    times.push(
      await asked(at, async (context) => {
        const clock = { nowMs: () => (firstDay + days) * dayMs + dayMs / 2 }
        const { forecasts, kept } = await forecast.run({ ...context, clock }, { metric })
        if (!kept || forecasts[0]?.trials?.folds !== 6) throw new Error(`no trials of ${metric}`)
      }),
    )
  }
  return {
    name: 'forecast-command',
    value: median(times),
    unit: 'ms',
    baseline: null,
    ratio: null,
    target: valueTarget('<=', 1000),
    about: 'the first forecast of ten years of days: six trials of six models, vault just opened',
  }
}

/** Metrics of many categories with one value a day. */
const metricIds = [
  'weight',
  'body_fat',
  'lean_mass',
  'bmi',
  'waist',
  'resting_heart_rate',
  'heart_rate',
  'hrv_sdnn',
  'hrv_rmssd',
  'walking_heart_rate',
  'oxygen_saturation',
  'respiratory_rate',
  'body_temperature',
  'steps',
  'distance_walking_running',
  'flights_climbed',
  'active_energy',
  'basal_energy',
  'exercise_time',
  'stand_time',
  'vo2_max',
  'glucose',
  'cgm_glucose',
  'water',
  'underwater_depth',
  'energy_intake',
  'body_water',
  'basal_body_temperature',
  'mindful_minutes',
  'time_in_daylight',
] as const

async function manyMetrics(bench: Bench): Promise<TestVault> {
  const { at, vault } = await newVault(bench.scratch, 'insights')
  importBlocks(vault.importSink(importId), blocks())
  vault.settle()
  vault.close()
  return at
}

function* blocks(): Generator<ObservationBlock> {
  for (const [index, id] of metricIds.entries()) {
    const metric = metricById(id)
    if (metric === undefined) throw new Error(`there is no metric ${id}`)
    const [low, high] = metric.plausible
    const random = new SeededRandom(500 + index)
    const source = { device: 'Watch', app: 'Health', deviceClass: 'watch' } as const
    const rows = Array.from({ length: days }, (_, day) => ({
      startMs: (firstDay + day) * dayMs + (8 * 60 - offsetMin) * 60_000,
      durationMs: 0,
      value: low + (high - low) * (0.4 + 0.02 * random.normal()),
    }))
    yield toBlock({ metric: id, source, unit: metric.unit }, rows)
  }
}

async function associationsRow(): Promise<Measurement> {
  const movements = Array.from({ length: 12 }, (_, i) => movement(i))
  const pairs = movements.flatMap((first, i) =>
    movements.slice(i + 1).map((second) => [first, second] as const),
  )
  for (const [first, second] of pairs) {
    for (const one of associations(first, second, maxLag)) {
      const simple = simpleRankCorrelation(first, second, one.lag)
      if (Math.abs(simple.rho - one.rho) > 1e-12 || simple.n !== one.n)
        throw new Error(`correlation ${one.rho} for ${simple.rho} at lag ${one.lag}`)
    }
  }
  const { value, baseline, ratio } = await interleaved(
    rounds,
    () =>
      timed(() => {
        for (const [first, second] of pairs) associations(first, second, maxLag)
      }),
    () =>
      timed(() => {
        for (const [first, second] of pairs)
          for (let lag = -maxLag; lag <= maxLag; lag++) simpleRankCorrelation(first, second, lag)
      }),
  )
  const about = '66 pairs of a year of days at seven lags, against pair by pair; equal to 1e-12'
  return { name: 'associations', value, unit: 'ms', baseline, ratio, target: ratioTarget('<=', 1), about }
}

function movement(seed: number): Movement {
  const random = new SeededRandom(900 + seed)
  const value = Float64Array.from({ length: 365 }, () => random.normal())
  const found = movementOf({ day: Int32Array.from(value, (_, i) => firstDay + i), value })
  if (found === null) throw new Error('noise has no movement')
  return found
}

async function stlRow(): Promise<Measurement> {
  const random = new SeededRandom(77)
  const values = Array.from(
    { length: days },
    (_, i) => 80 + i / 900 + 2 * Math.sin((2 * Math.PI * i) / 7) + random.normal(),
  )
  const windows = { period: 7, seasonal: 35, trend: 15, lowPass: 7 }
  const every = {
    seasonalJump: 1,
    trendJump: 1,
    lowPassJump: 1,
    seasonalDegree: 0,
    trendDegree: 1,
    lowPassDegree: 1,
  } as const
  const options = { period: 7, seasonalWindow: 35, trendWindow: 15, lowPassWindow: 7 }
  const simple = simpleStl(values, windows)
  const ours = stl(values, { ...options, ...every })
  if (isInsufficient(ours)) throw new Error('STL refused ten years of days')
  const furthest = Math.max(
    ...values.map((_, i) => Math.abs((ours.seasonal[i] as number) - (simple.seasonal[i] as number))),
    ...values.map((_, i) => Math.abs((ours.trend[i] as number) - (simple.trend[i] as number))),
  )
  if (!(furthest < 1e-9)) throw new Error(`STL differs from its description by ${furthest}`)
  const { value, baseline, ratio } = await interleaved(
    rounds,
    () => timed(() => stl(values, options)),
    () => timed(() => simpleStl(values, windows)),
  )
  const about =
    'ten years of days, against STL by its description at every point; equal to 1e-9 without jumps'
  return { name: 'stl', value, unit: 'ms', baseline, ratio, target: valueTarget('<=', 50), about }
}
