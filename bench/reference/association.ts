/** Spearman's correlation of two daily series at a lag, pair by pair: looks every day up, sorts for every lag. */
import type { Movement } from '../../src/insight/index.ts'

export function simpleRankCorrelation(
  first: Movement,
  second: Movement,
  lag: number,
): { rho: number; n: number } {
  const byDay = new Map(Array.from(second.day, (day, i) => [day, second.value[i] as number]))
  const pairs = Array.from(
    first.day,
    (day, i) => [first.value[i] as number, byDay.get(day + lag)] as const,
  ).filter((pair): pair is readonly [number, number] => pair[1] !== undefined)
  const x = ranks(pairs.map(([value]) => value))
  const y = ranks(pairs.map(([, value]) => value))
  const mean = (pairs.length + 1) / 2
  const product = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + (value - mean) * ((b[i] as number) - mean), 0)
  return { rho: product(x, y) / Math.sqrt(product(x, x) * product(y, y)), n: pairs.length }
}

/** Average ranks. */
function ranks(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b)
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1)
}
