/**
 * What moves together: each pair of metrics at lags of up to three days, by the association of day-to-day movements.
 * Metrics of one category are not paired: steps and distance, or the stages of one night, move together by construction.
 */
import { type Association, associations, type Movement, movementOf } from '../association.ts'
import { verbFor } from '../grammar.ts'
import { countOf, type Finding, type InsightSeries, rowsWithin } from './finding.ts'
import type { Candidate } from './select.ts'

export const maxLagDays = 3
/** What was so half a decade ago may not be so now, and a year has every season once. */
const lookDays = 365
/** Weaker associations explain less than a twentieth of the variation of ranks. */
const leastRho = 0.25
/** With fewer pairs of days, one odd fortnight is an association. */
const leastPairs = 60

/** Every pair at every lag is a look; each pair's strongest lag may be said. */
export function movesTogether(all: readonly InsightSeries[], today: number): readonly Candidate[] {
  const movements = all.map((series) => recentMovement(series, today))
  return all.flatMap((first, i) =>
    all.slice(i + 1).flatMap((second, offset) => {
      const a = movements[i] ?? null
      const b = movements[i + 1 + offset] ?? null
      if (a === null || b === null || first.category === second.category) return []
      return pairCandidates(first, second, associations(a, b, maxLagDays))
    }),
  )
}

function recentMovement(series: InsightSeries, today: number): Movement | null {
  const [from, to] = rowsWithin(series.daily, today - lookDays + 1, today)
  return movementOf({
    day: series.daily.day.subarray(from, to),
    value: series.daily.value.subarray(from, to),
  })
}

function pairCandidates(
  first: InsightSeries,
  second: InsightSeries,
  found: readonly Association[],
): readonly Candidate[] {
  const enough = found.filter(({ n }) => n >= leastPairs)
  const strongest = enough.reduce<Association | null>(
    (best, one) => (best && best.p <= one.p ? best : one),
    null,
  )
  return enough.map((one) => ({
    p: one.p,
    worthSaying: one === strongest && Math.abs(one.rho) >= leastRho,
    finding: (q) => describePair(first, second, one, q),
  }))
}

function describePair(first: InsightSeries, second: InsightSeries, one: Association, q: number): Finding {
  const [lead, follow] = one.lag < 0 ? [second, first] : [first, second]
  const days = Math.abs(one.lag)
  const when = days === 0 ? 'on the same day' : days === 1 ? 'on the next day' : `${days} days later`
  const [low, high] = one.ci95
  return {
    kind: 'together',
    metrics: [lead.metric, follow.metric],
    text:
      `When ${lower(lead.name)} ${verbFor(lead.name, 'is')} higher than usual, ${lower(follow.name)} ${verbFor(follow.name, 'tends')} to be ${one.rho > 0 ? 'higher' : 'lower'} ${when} ` +
      `(rank correlation ${signed(one.rho)}, 95 % interval ${signed(low)} to ${signed(high)}, ${countOf(one.n, 'pair')} of days; ` +
      'trend and weekdays allowed for). That one causes the other is not shown.',
    evidence: { lag: days, rho: one.rho, ci95: one.ci95, n: one.n, p: one.p },
    q,
    look: `healthmate correlate ${lead.metric} ${follow.metric}${days === 0 ? '' : ` --lag ${days}`}`,
  }
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`
}

/** `Resting heart rate` → `resting heart rate`, but `HDL cholesterol` stays. */
function lower(name: string): string {
  return /^[A-Z][a-z]+(\s|,|$)/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name
}
