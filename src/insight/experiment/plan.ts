/**
 * The plan of an n-of-1 experiment: what is compared, when, and how, written down before the first value counts.
 *
 * Two designs. `before-after`: baseline days, then days with the change. `alternating`: blocks without (A) and with
 * (B) the change, the order drawn by lot within each pair of blocks, so that neither time nor season favours one
 * (CENT 2015: Vohra et al. 2015, BMJ 350:h1738; Shamseer et al. 2015, BMJ 350:h1793).
 */
import { Failure } from '../../foundation/index.ts'

export type ExperimentDesign = 'before-after' | 'alternating'
export type ExpectedDirection = 'lower' | 'higher' | 'either'
/** A without the change, B with it. */
export type Arm = 'A' | 'B'

export interface ExperimentPlan {
  readonly design: ExperimentDesign
  /** First day with the change (`before-after`) or of the first block (`alternating`); days since 1970-01-01. */
  readonly startDay: number
  /** Days of a block; for `before-after` of either side. */
  readonly blockDays: number
  /** Days at the beginning of each block (with the change, for `before-after`) that do not count. */
  readonly washoutDays: number
  /** One arm per block, in time order; `AB` for `before-after`. */
  readonly order: readonly Arm[]
}

export interface Block {
  readonly arm: Arm
  readonly fromDay: number
  readonly toDay: number
  /** First day that counts. */
  readonly countsFromDay: number
}

export const minCycles = 3
const mostCycles = 50
const mostDays = 730

/**
 * The plan for these choices. `flips` decides the order within each pair of blocks. Fails with USAGE on what cannot
 * be analysed.
 */
export function planExperiment(
  choices: {
    readonly design: ExperimentDesign
    readonly startDay: number
    readonly blockDays: number
    readonly washoutDays: number
    readonly cycles: number
  },
  flips: ArrayLike<number>,
): ExperimentPlan {
  const { design, startDay, blockDays, washoutDays, cycles } = choices
  if (washoutDays >= blockDays)
    throw new Failure(
      'USAGE',
      `a washout of ${washoutDays} days leaves nothing of blocks of ${blockDays} days`,
    )
  if (design === 'before-after') {
    checkLength(blockDays, 7, mostDays)
    if (blockDays % 7 !== 0)
      throw new Failure(
        'USAGE',
        `each side lasts whole weeks, so that weekdays compare with weekdays, not ${blockDays} days`,
        {
          hint: `--days ${Math.max(7, Math.round(blockDays / 7) * 7)}`,
        },
      )
    return { design, startDay, blockDays, washoutDays, order: ['A', 'B'] }
  }
  checkLength(blockDays, 1, 90)
  if (cycles < minCycles || cycles > mostCycles)
    throw new Failure(
      'USAGE',
      `an alternating experiment takes ${minCycles} to ${mostCycles} cycles, not ${cycles}`,
      {
        hint: 'With fewer, chance alone makes differences that look large.',
      },
    )
  const order = Array.from({ length: cycles }, (_, i): readonly Arm[] =>
    ((flips[i] ?? 0) & 1) === 0 ? ['A', 'B'] : ['B', 'A'],
  ).flat()
  return { design, startDay, blockDays, washoutDays, order }
}

function checkLength(days: number, least: number, most: number): void {
  if (days < least || days > most)
    throw new Failure('USAGE', `blocks of this design last ${least} to ${most} days, not ${days}`)
}

/** The blocks in time order. The first of `before-after` ends on the day before the start. */
export function blocksOf({
  design,
  startDay,
  blockDays,
  washoutDays,
  order,
}: ExperimentPlan): readonly Block[] {
  const first = design === 'before-after' ? startDay - blockDays : startDay
  return order.map((arm, i) => {
    const fromDay = first + i * blockDays
    const washout = design === 'before-after' && arm === 'A' ? 0 : washoutDays
    return { arm, fromDay, toDay: fromDay + blockDays - 1, countsFromDay: fromDay + washout }
  })
}

/** The last planned day. */
export function endDayOf(plan: ExperimentPlan): number {
  return blocksOf(plan).at(-1)?.toDay ?? plan.startDay
}
