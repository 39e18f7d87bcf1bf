import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { sharedStatsPath } from '../../shared-stats.ts'
import { expectCase, type VectorFile } from './vector-case.ts'

const names = [
  'acf',
  'bland_altman',
  'cgm',
  'circular',
  'correlation',
  'cosinor',
  'cross_correlation',
  'daily_aggregation',
  'descriptive',
  'ewma',
  'forecast_accuracy',
  'gap_filling',
  'hackers_diet',
  'hrv',
  'mann_kendall',
  'mann_kendall_hamed_rao',
  'mann_kendall_seasonal',
  'multiple_testing',
  'ols',
  'paired',
  'pelt',
  'theil_sen',
  'two_sample',
]

describe('reference vectors from R, scipy, statsmodels and publications', () => {
  for (const name of names) {
    const path = new URL(`../../vectors/stats/${name}.json.gz`, import.meta.url)
    const file = JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as VectorFile
    it(`${name}: all ${file.cases.length} kept cases`, () => {
      for (const vector of file.cases) expectCase(file.method, vector)
      expect(file.cases.length).toBeGreaterThan(10)
    })

    const full = sharedStatsPath('vectors', `${name}.json`)
    it.skipIf(full === undefined)(`${name}: the full set, with data sets that may not be copied`, () => {
      const whole = JSON.parse(readFileSync(full ?? '', 'utf8')) as VectorFile
      for (const vector of whole.cases) expectCase(whole.method, vector)
    })
  }
})
