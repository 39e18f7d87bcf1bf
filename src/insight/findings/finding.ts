/** What `insights` finds and what it looks at. */
import type { Combine } from '../../metrics/index.ts'
import type { DailySeries } from '../trend.ts'
import type { TrendFormat } from '../trend-text.ts'

export type FindingKind = 'change' | 'unusual' | 'together' | 'record' | 'streak' | 'quality'

/** Something worth saying, with its evidence. */
export interface Finding {
  readonly kind: FindingKind
  /** Catalogue ids; two for `together`, none for a source that fell silent. */
  readonly metrics: readonly string[]
  /** One or two plain sentences: numbers with units, dates, counts, intervals. */
  readonly text: string
  /** The numbers of the sentence, for scripts. Units are those of the series. */
  readonly evidence: Readonly<Record<string, number | string | null | readonly number[]>>
  /** False discovery rate at which the finding still stands; null for what is counted, not inferred. */
  readonly q: number | null
  /** The command to look closer. */
  readonly look: string
}

/** One metric, or one component of it, as the detectors see it. */
export interface InsightSeries {
  /** Catalogue id. */
  readonly metric: string
  /** Component id, '' for a single-valued metric. */
  readonly component: string
  /** `Blood pressure, systolic`. */
  readonly name: string
  readonly category: string
  /** UCUM of all values here. */
  readonly unit: string
  readonly combine: Combine
  /** Whole days only: the running day of what adds up is left out. */
  readonly daily: DailySeries
  /** Smallest and largest record of each day of `daily`. */
  readonly lowest: Float64Array
  readonly highest: Float64Array
  /** Outside: implausible (the catalogue's bounds). */
  readonly plausible: readonly [number, number]
  readonly goal: Goal | null
  readonly format: TrendFormat
}

export interface Goal {
  readonly direction: 'below' | 'above' | 'near'
  readonly target: number
}

/** A device or program, over all its metrics. */
export interface SourceActivity {
  readonly name: string
  /** Metrics it delivers, by catalogue id. */
  readonly metrics: readonly string[]
  /** Local days of its first and last record. */
  readonly firstDay: number
  readonly lastDay: number
  readonly records: number
}

/** Rows of `daily` from the first with day ≥ `fromDay` up to before the first with day > `toDay`. */
export function rowsWithin({ day }: DailySeries, fromDay: number, toDay: number): readonly [number, number] {
  return [firstAtLeast(day, fromDay), firstAtLeast(day, toDay + 1)]
}

function firstAtLeast(day: Int32Array, wanted: number): number {
  let low = 0
  let high = day.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((day[middle] as number) < wanted) low = middle + 1
    else high = middle
  }
  return low
}

/** `1 day`, `5 days`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
