/**
 * The methods by name, as `analyze` and the reference vectors call them: `input` and `options` in, result out, keys
 * and statuses in their spelling. Adding a method is adding a row to its shelf in `methods/`; the functions behind
 * know nothing of this table.
 */
import { Failure } from '../foundation/index.ts'
import type { Method, MethodArguments, MethodResult } from './methods/arguments.ts'
import { averageMethods } from './methods/averages.ts'
import { comparisonMethods } from './methods/comparison.ts'
import { dayMethods } from './methods/days.ts'
import { forecastMethods } from './methods/forecast.ts'
import { forecastAccuracyMethods } from './methods/forecast-accuracy.ts'
import { physiologyMethods } from './methods/physiology.ts'
import { rhythmMethods } from './methods/rhythm.ts'
import { smoothingMethods } from './methods/smoothing.ts'
import { statisticsMethods } from './methods/statistics.ts'
import { timeseriesMethods } from './methods/timeseries.ts'

export type { MethodArguments, MethodResult } from './methods/arguments.ts'

export const methods: Readonly<Record<string, Method>> = {
  ...statisticsMethods,
  ...comparisonMethods,
  ...rhythmMethods,
  ...timeseriesMethods,
  ...averageMethods,
  ...dayMethods,
  ...smoothingMethods,
  ...forecastMethods,
  ...forecastAccuracyMethods,
  ...physiologyMethods,
}

/** Runs a method by name. Fails with USAGE on an unknown name, with VALUE on input that is no series of numbers. */
export function runMethod(name: string, input: MethodArguments, options: MethodArguments): MethodResult {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  if (method === undefined) {
    throw new Failure('USAGE', `there is no analysis method "${name.slice(0, 40)}"`, {
      hint: 'healthmate analyze --list',
    })
  }
  return method(input, options)
}
