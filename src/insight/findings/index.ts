/**
 * `insights`: what is worth saying about all metrics together, and silence when there is nothing.
 *
 * What is inferred (changes, unusual days, associations) is held to a false discovery rate of 5 % over all looks of its kind; what
 * is merely counted (records, streaks, gaps) is told as it is. Nothing here is a diagnosis.
 */
import type { Finding, FindingKind, InsightSeries, SourceActivity } from './finding.ts'
import { implausibleValues, missingDays, silentSources } from './quality.ts'
import { recentChange } from './recent-change.ts'
import { goalStreak, newRecord } from './records.ts'
import { selectFindings } from './select.ts'
import { movesTogether } from './together.ts'
import { unusualDay } from './unusual.ts'

export interface InsightInput {
  readonly series: readonly InsightSeries[]
  readonly sources: readonly SourceActivity[]
  /** The last day looked at: local, days since 1970-01-01. */
  readonly today: number
}

/** All that is worth saying, by kind in the order in which a person would want to hear it. */
export function findingsOf({ series, sources, today }: InsightInput): readonly Finding[] {
  const each = (look: (one: InsightSeries, day: number) => Finding | null): readonly Finding[] =>
    series.flatMap((one) => look(one, today) ?? [])
  const byKind: Readonly<Record<FindingKind, readonly Finding[]>> = {
    unusual: selectFindings(series.flatMap((one) => unusualDay(one, today) ?? [])),
    change: selectFindings(series.flatMap((one) => recentChange(one, today) ?? [])),
    together: selectFindings(movesTogether(series, today)),
    record: each(newRecord),
    streak: each(goalStreak),
    quality: [...silentSources(sources, today), ...each(missingDays), ...each(implausibleValues)],
  }
  return Object.values(byKind).flat()
}

export type { Finding, FindingKind, Goal, InsightSeries, SourceActivity } from './finding.ts'
