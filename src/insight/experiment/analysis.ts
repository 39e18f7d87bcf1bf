/**
 * The analysis that the plan of an experiment fixed.
 *
 * `alternating`: one difference per cycle (mean of the B days minus mean of the A days), Student's paired t with its
 * interval; Wilcoxon's signed ranks beside it. `before-after`: one difference per weekday and week (same weekday, same
 * week of its side), their mean with the count of pairs reduced for autocorrelation; a trend that was there before the
 * change is told, because this design cannot separate the two.
 */
import {
  comparePaired,
  effectiveCount,
  firstOrderAutocorrelation,
  isInsufficient,
  moments,
  studentTQuantile,
  studentTTwoSidedP,
} from '../../analytics/index.ts'
import type { DailySeries } from '../trend.ts'
import { type Arm, type Block, blocksOf, type ExperimentPlan, minCycles } from './plan.ts'

export interface ArmSummary {
  readonly arm: Arm
  /** Days that count and are over, and those of them with a value. */
  readonly days: number
  readonly daysWithValue: number
  readonly mean: number | null
}

export interface Effect {
  /** B minus A, in the unit of the series. */
  readonly difference: number
  readonly ci95: readonly [number, number]
  readonly p: number
  /** Wilcoxon's signed-rank p; null where the design has no independent pairs. */
  readonly rankP: number | null
  /** Pairs: cycles, or weekdays of weeks. */
  readonly pairs: number
}

export interface ExperimentAnalysis {
  readonly arms: readonly [ArmSummary, ArmSummary]
  /** Null where there is too little to say. */
  readonly effect: Effect | null
  /** What is missing before anything can be said. */
  readonly missing: string | null
}

const minPairs = 7
/** Of independent pairs that the pairs are worth: below, a variance means nothing. */
const minEffective = 4

/** Analyses the days up to `lastDay` (inclusive). NaN or an absent day is no value. */
export function analyseExperiment(
  plan: ExperimentPlan,
  series: DailySeries,
  lastDay: number,
): ExperimentAnalysis {
  const blocks = blocksOf(plan)
  const byDay = new Map(Array.from(series.day, (day, i) => [day, series.value[i] as number]))
  const valuesOf = (block: Block): number[] =>
    daysOf(block, lastDay).flatMap((day) => {
      const value = byDay.get(day)
      return value === undefined || !Number.isFinite(value) ? [] : [value]
    })
  const arms = [
    armSummary('A', blocks, lastDay, valuesOf),
    armSummary('B', blocks, lastDay, valuesOf),
  ] as const
  const found =
    plan.design === 'alternating'
      ? alternating(blocks, lastDay, valuesOf)
      : beforeAfter(blocks, lastDay, byDay)
  return typeof found === 'string'
    ? { arms, effect: null, missing: found }
    : { arms, effect: found, missing: null }
}

/** Days of the block that count and are over. */
function daysOf(block: Block, lastDay: number): number[] {
  const last = Math.min(block.toDay, lastDay)
  return Array.from(
    { length: Math.max(last - block.countsFromDay + 1, 0) },
    (_, i) => block.countsFromDay + i,
  )
}

function armSummary(
  arm: Arm,
  blocks: readonly Block[],
  lastDay: number,
  valuesOf: (block: Block) => number[],
): ArmSummary {
  const own = blocks.filter((block) => block.arm === arm)
  const values = own.flatMap(valuesOf)
  return {
    arm,
    days: own.reduce((sum, block) => sum + daysOf(block, lastDay).length, 0),
    daysWithValue: values.length,
    mean: values.length === 0 ? null : moments(values).mean,
  }
}

/** A cycle counts when both blocks are over and half of the days of each have a value. */
function alternating(
  blocks: readonly Block[],
  lastDay: number,
  valuesOf: (block: Block) => number[],
): Effect | string {
  const without: number[] = []
  const withChange: number[] = []
  for (let i = 0; i + 1 < blocks.length; i += 2) {
    const pair = [blocks[i] as Block, blocks[i + 1] as Block]
    const isWhole = pair.every((block) => {
      const values = valuesOf(block)
      return block.toDay <= lastDay && values.length * 2 >= block.toDay - block.countsFromDay + 1
    })
    if (!isWhole) continue
    for (const block of pair) (block.arm === 'A' ? without : withChange).push(moments(valuesOf(block)).mean)
  }
  const cycles = without.length
  if (cycles < minCycles) {
    const more = minCycles - cycles
    return `${more} more whole ${more === 1 ? 'cycle' : 'cycles'} with values on at least half of the days of both blocks`
  }
  const compared = comparePaired(without, withChange)
  if (isInsufficient(compared) || compared.t.p === null) return 'differences between cycles that vary'
  const { t, meanDifference, wilcoxon } = compared
  return { difference: meanDifference, ci95: t.ci, p: compared.t.p, rankP: wilcoxon.p, pairs: cycles }
}

/** Pairs each day with the same weekday of the same week of the other side: whole weeks lie between. */
function beforeAfter(
  blocks: readonly Block[],
  lastDay: number,
  byDay: ReadonlyMap<number, number>,
): Effect | string {
  const [before, after] = blocks
  if (before === undefined || after === undefined) return 'two sides to compare'
  const differences: number[] = []
  const offset = after.fromDay - before.fromDay
  for (const day of daysOf(after, lastDay)) {
    const now = byDay.get(day)
    const then = byDay.get(day - offset)
    if (
      now !== undefined &&
      then !== undefined &&
      day - offset <= before.toDay &&
      Number.isFinite(now - then)
    )
      differences.push(now - then)
  }
  const pairs = differences.length
  if (pairs < minPairs)
    return `${minPairs - pairs} more days with a value whose weekday has one before the change`
  const phi = firstOrderAutocorrelation(differences, 1)
  const effective = effectiveCount(pairs, phi)
  if (effective < minEffective) return 'more days, because the values follow each other too closely'
  const { mean, variance } = moments(differences)
  const se = Math.sqrt((variance ?? 0) / effective)
  if (!(se > 0)) return 'values that vary'
  const df = effective - 1
  const reach = studentTQuantile(0.975, df) * se
  return {
    difference: mean,
    ci95: [mean - reach, mean + reach],
    p: studentTTwoSidedP(mean / se, df),
    rankP: null,
    pairs,
  }
}
