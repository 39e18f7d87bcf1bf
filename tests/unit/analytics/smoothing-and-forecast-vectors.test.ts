import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { sharedStatsPath } from '../../shared-stats.ts'
import { expectCase, type VectorCase, type VectorFile } from './vector-case.ts'

const names = ['baselines', 'holt', 'holt_winters', 'loess', 'lowess', 'stl']

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
  for (const vector of cases) expectCase(method, withoutWeights.has(vector.name) ? noWeights(vector) : vector)
}

function noWeights(vector: VectorCase): VectorCase {
  const { weights: _, ...expected } = vector.expected
  return { ...vector, expected }
}
