/** The answer to "do these two move together?", at one lag or at the strongest of several. */
import { benjaminiHochberg } from '../analytics/index.ts'
import { type Association, associations, minMovementDays, minPairs, movementOf } from './association.ts'
import type { DailySeries } from './trend.ts'

export type CorrelationVerdict = 'together' | 'opposite' | 'no-clear-association' | 'not-enough-data'

export interface NamedSeries {
  readonly name: string
  readonly daily: DailySeries
}

/** An association with the false discovery rate at which it stands among the lags looked at. */
export interface AssociationAtLag extends Association {
  readonly q: number
}

export interface Correlation {
  readonly verdict: CorrelationVerdict
  /** The lag asked for, or the strongest; null without enough data. Positive: the first leads. */
  readonly best: AssociationAtLag | null
  /** All lags looked at that have enough pairs, ascending. */
  readonly lags: readonly AssociationAtLag[]
  readonly text: string
}

/** Lags looked at when none is asked for, days to either side. */
export const defaultMaxLag = 7
const significance = 0.05

/** `lag` in days: positive asks whether the first's day goes with the second's days later. */
export function correlationOf(first: NamedSeries, second: NamedSeries, lag?: number): Correlation {
  const a = movementOf(first.daily)
  const b = movementOf(second.daily)
  const reach = lag === undefined ? defaultMaxLag : Math.abs(lag)
  const found = a === null || b === null ? [] : associations(a, b, reach)
  const looks = lag === undefined ? found : found.filter((one) => one.lag === lag)
  const q = benjaminiHochberg(looks.map(({ p }) => p))
  const lags = looks.map((one, i) => ({ ...one, q: q[i] as number }))
  const best = lags.reduce<AssociationAtLag | null>(
    (most, one) => (most && most.p <= one.p ? most : one),
    null,
  )
  const verdict = verdictOf(best)
  return { verdict, best, lags, text: textOf(first.name, second.name, verdict, best, lags.length) }
}

function verdictOf(best: AssociationAtLag | null): CorrelationVerdict {
  if (best === null) return 'not-enough-data'
  if (best.q > significance) return 'no-clear-association'
  return best.rho > 0 ? 'together' : 'opposite'
}

function textOf(
  first: string,
  second: string,
  verdict: CorrelationVerdict,
  best: AssociationAtLag | null,
  looks: number,
): string {
  if (best === null) {
    return (
      `Not enough data on ${first.toLowerCase()} and ${second.toLowerCase()}: each needs at least ${minMovementDays} days ` +
      `with a value, and ${minPairs} pairs of days that follow a day with a value.`
    )
  }
  const figures =
    `rank correlation of the day-to-day movements ${signed(best.rho)}, 95 % interval ${signed(best.ci95[0])} to ` +
    `${signed(best.ci95[1])}, ${best.n} pairs of days, p ${shortP(best.p)}` +
    (looks > 1 ? `, ${shortP(best.q)} allowing for the ${looks} lags looked at` : '')
  const when = timing(first, second, best.lag)
  if (verdict === 'no-clear-association') {
    const where = looks > 1 ? `; the strongest is ${when}` : best.lag === 0 ? ` ${when}` : `, ${when}`
    return `${first} and ${second.toLowerCase()} show no clear association${where} (${figures}).`
  }
  const how = verdict === 'together' ? 'move together' : 'move against each other'
  return `${first} and ${second.toLowerCase()} ${how} ${when} (${figures}). That one causes the other is not shown.`
}

function timing(first: string, second: string, lag: number): string {
  if (lag === 0) return 'on the same day'
  const [lead, follow] = lag > 0 ? [first, second] : [second, first]
  const days = Math.abs(lag)
  return `with ${follow.toLowerCase()} ${days} day${days === 1 ? '' : 's'} after ${lead.toLowerCase()}`
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`
}

function shortP(p: number): string {
  return p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`
}
