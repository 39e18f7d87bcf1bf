/** Timing: interleaved runs, so that a slow moment of the machine meets both sides, and medians. */
import { performance } from 'node:perf_hooks'

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle]
  if (upper === undefined) throw new Error('a median of nothing')
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

export interface Interleaved {
  /** Median, ms. */
  readonly value: number
  readonly baseline: number
  /** Median of the ratios of neighbouring runs. */
  readonly ratio: number
}

/** Runs both sides `rounds` times in turn (each side first every other time); each returns its own milliseconds. */
export async function interleaved(
  rounds: number,
  value: () => Promise<number>,
  baseline: () => Promise<number>,
): Promise<Interleaved> {
  const values: number[] = []
  const baselines: number[] = []
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) values.push(await value())
    baselines.push(await baseline())
    if (round % 2 === 1) values.push(await value())
  }
  const ratios = values.map((one, round) => one / (baselines[round] as number))
  return { value: median(values), baseline: median(baselines), ratio: median(ratios) }
}

/** Welch's t of two samples. */
export function welch(a: readonly number[], b: readonly number[]): number {
  const first = moments(a)
  const second = moments(b)
  const error = Math.sqrt(first.variance / a.length + second.variance / b.length)
  return error === 0 ? 0 : (first.mean - second.mean) / error
}

function moments(values: readonly number[]): { mean: number; variance: number } {
  let mean = 0
  for (const value of values) mean += value / values.length
  let variance = 0
  for (const value of values) variance += (value - mean) ** 2 / (values.length - 1)
  return { mean, variance }
}
