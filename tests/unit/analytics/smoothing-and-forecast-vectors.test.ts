import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { runMethod } from '../../../src/analytics/index.ts'
import { sharedStatsPath } from '../../shared-stats.ts'
import { expectCase, type VectorCase, type VectorFile } from './vector-case.ts'

const names = [
  'anomalies',
  'baselines',
  'ets_auto',
  'ets_fixed',
  'holt',
  'holt_winters',
  'loess',
  'lowess',
  'stl',
  'theta',
]

/** R's robustness median is wrong here, and the weights show it: an exact median, in any program, gives 1.6e-6 more. */
const withoutWeights = new Set(['syn_weight_gaps_200_interpolated_periodic_robust'])

describe('reference vectors of smoothing and forecasting', () => {
  for (const name of names) {
    const path = new URL(`../../vectors/stats/${name}.json.gz`, import.meta.url)
    const file = JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as VectorFile
    it(`${name}: all ${file.cases.length} kept cases`, () => {
      expect(file.cases.length).toBeGreaterThan(5)
      expectAll(file)
    })

    const full = sharedStatsPath('vectors', `${name}.json`)
    it.skipIf(full === undefined)(`${name}: the full set, with data sets that may not be copied`, () => {
      expectAll(JSON.parse(readFileSync(full ?? '', 'utf8')) as VectorFile)
    })
  }
})

function expectAll({ method, cases }: VectorFile): void {
  for (const vector of cases) {
    if (isRuled(vector)) expectAsGoodModel(method, vector)
    else expectCase(method, withoutWeights.has(vector.name) ? noWeights(vector) : vector)
  }
}

/** Automatic models: the same form about as likely and about the same forecast, or another form that is no worse. */
interface RuledCase extends VectorCase {
  readonly expected: { readonly loglik: number; readonly aicc: number; readonly forecast_mean: number[] }
  readonly reference: { readonly model: string }
  readonly tolerance: VectorCase['tolerance'] & { readonly rule: string; readonly in_sample_sd: number }
}

function isRuled(vector: VectorCase): vector is RuledCase {
  return 'rule' in vector.tolerance
}

function expectAsGoodModel(method: string, vector: RuledCase): void {
  const { expected, reference, tolerance } = vector
  const result = runMethod(method, vector.input, vector.options)
  if (result['model'] !== reference.model) {
    expect(result['aicc'], vector.name).toBeLessThanOrEqual(expected.aicc + 0.5)
    return
  }
  expect(result['loglik'], vector.name).toBeGreaterThanOrEqual(expected.loglik - 0.5)
  const mean = result['forecast_mean'] as number[]
  expect(mean, vector.name).toHaveLength(expected.forecast_mean.length)
  expected.forecast_mean.forEach((want, h) => {
    expect(Math.abs((mean[h] as number) - want), vector.name).toBeLessThanOrEqual(
      0.35 * tolerance.in_sample_sd,
    )
  })
}

function noWeights(vector: VectorCase): VectorCase {
  const { weights: _, ...expected } = vector.expected
  return { ...vector, expected }
}
