/** Analysis methods by name, on series that are given rather than recorded: needs no vault. */
import type { MethodArguments, MethodResult } from '../analytics/index.ts'

export interface AnalysisRequest {
  readonly method: string
  /** As the method reads it, or a series by itself. */
  readonly input: MethodArguments
  readonly isBareSeries: boolean
  readonly options: MethodArguments
}

export interface Analysis {
  /** Every method, in order of name. */
  readonly methods: readonly string[]
  /** Fails with USAGE on an unknown method, with VALUE on input that it cannot take. */
  run(request: AnalysisRequest): MethodResult
}

export async function loadAnalysis(): Promise<Analysis> {
  const { bareSeriesInput, isSeriesForPairs, methods, runMethod } = await import('../analytics/index.ts')
  const { seriesTrend } = await import('./series-trend.ts')
  return {
    methods: [...Object.keys(methods), 'trend'].sort(),
    run({ method, input, isBareSeries, options }) {
      const isSeries = isBareSeries || isSeriesForPairs(method, input)
      const read = isSeries ? bareSeriesInput(method, input, options) : input
      return method === 'trend' ? seriesTrend(read, options) : runMethod(method, read, options)
    },
  }
}
