/**
 * The trend verdict of one metric: direction, slope with interval, test, lasting shifts, weekly pattern, one sentence.
 *
 * The result is the JSON of `trend --json` (cli.md). What is claimed is corrected for autocorrelation and for what has
 * to be estimated from few values, so that at most 5 % of trendless series of white or first-order autoregressive
 * noise (phi ≤ 0.7) get a direction (measured in the tests). Below 8 values or 14 days nothing is claimed.
 */
import {
  describe,
  isInsufficient,
  levelShifts,
  median,
  theilSen,
  weekdayEffect,
  withoutWeekday,
} from '../analytics/index.ts'
import { Failure, formatDay } from '../foundation/index.ts'
import { withoutWeeklySeason } from './deseasonalised.ts'
import { type Drift, driftByLine, driftBySen } from './drift.ts'
import { type TrendFormat, trendText } from './trend-text.ts'

export type TrendMethod = 'auto' | 'theil-sen' | 'ols' | 'stl'
export type TrendDirection = 'rising' | 'falling' | 'steady' | 'unclear'

/** One value per local day, ascending; NaN or an absent day is no value. In the metric's canonical unit. */
export interface DailySeries {
  /** Days since 1970-01-01 of the local date. */
  readonly day: Int32Array
  readonly value: Float64Array
}

export interface TrendOptions {
  /** Catalogue id, and the name for people. */
  readonly metric: string
  readonly name: string
  /** UCUM code of the values. */
  readonly unit: string
  readonly format: TrendFormat
  /** `auto` is `theil-sen`; `stl` takes the weekly season off by STL first, then `theil-sen`. */
  readonly method?: TrendMethod
  /**
   * A change over the whole period that matters to nobody, in the canonical unit; `steady` needs the interval to lie
   * within it. Default: half of the usual day-to-day variation (Norman, Sloan & Wyrwich 2003, Med Care 41:582–592).
   */
  readonly irrelevantChange?: number
  /** The newest record, where the caller knows its instant; else the last day. */
  readonly latest?: { readonly at: string; readonly value: number }
}

/** The weekly pattern that was allowed for. */
export interface WeeklyPattern {
  readonly period: 7
  /** 0 none to 1 all of the variation around the trend. */
  readonly strength: number
  /** Mean departure from the week's own mean, in the unit of the values, Monday first. */
  readonly weekdays: readonly number[]
}

export interface TrendResult {
  readonly metric: string
  readonly unit: string
  /** Days with a value. */
  readonly n: number
  /** First and last day, null without data. */
  readonly from: string | null
  readonly to: string | null
  /** How slope and interval were found; `ols` also where coarse values make every rank slope 0. */
  readonly method: 'theil-sen' | 'ols' | 'stl'
  /** Null on thin data. A month is 30.4375 days; ci95 is per day. */
  readonly slope: {
    readonly perDay: number
    readonly perWeek: number
    readonly perMonth: number
    readonly ci95: readonly [number, number]
  } | null
  readonly test: {
    readonly name: 'mann-kendall-hamed-rao' | 'ols-t-autocorrelated'
    /** Null for ols. */
    readonly tau: number | null
    readonly z: number
    /** Two-sided, of Student's t with `df` degrees of freedom, because the autocorrelation is estimated. */
    readonly p: number
    readonly df: number
  } | null
  readonly direction: TrendDirection
  /** `at` is the first day on the new level. */
  readonly changePoints: readonly { readonly at: string; readonly before: number; readonly after: number }[]
  readonly seasonality: WeeklyPattern | null
  readonly latest: { readonly at: string; readonly value: number } | null
  readonly text: string
  /** What is missing before anything can be claimed. */
  readonly missing: string | null
  /** First-order autocorrelation of the values around the trend (0 to 0.95). */
  readonly autocorrelation: number | null
  /** The margin of practical irrelevance that `steady` was held against: change over the period. */
  readonly margin: number | null
  /** For drawing: the trend runs through `value` on `day` (fractional); half-width of the level's 95 % interval. */
  readonly line: { readonly day: number; readonly value: number; readonly halfWidth: number } | null
  /** Weekly medians stand in for days when a history is longer than this many days with a value. */
  readonly thinnedToWeeks: boolean
}

export const minTrendValues = 8
export const minTrendDays = 14
const daysPerMonth = 365.25 / 12
/**
 * More days than this (almost three years) are judged by weekly medians: pairwise slopes of ten years of days take a second, and
 * a week blurs nothing at that scale. The weekly pattern is gone then, so none is reported.
 */
const maxDailyValues = 1000

/** Judges the trend of a daily series. Fails with VALUE on infinite values, or days that do not ascend. */
export function trendOf(daily: DailySeries, options: TrendOptions): TrendResult {
  const whole = presentDays(daily)
  const thinnedToWeeks = whole.day.length > maxDailyValues
  const n = whole.day.length
  const first = whole.day[0]
  const last = whole.day[n - 1]
  const base = {
    metric: options.metric,
    unit: options.unit,
    n,
    from: first === undefined ? null : formatDay(first),
    to: last === undefined ? null : formatDay(last),
    latest:
      options.latest ??
      (last === undefined ? null : { at: formatDay(last), value: whole.value[n - 1] as number }),
    thinnedToWeeks,
  }
  const span = first === undefined || last === undefined ? 0 : last - first + 1
  if (n < minTrendValues || span < minTrendDays)
    return withText({ ...base, ...thin(n, span, options.method) }, span, options)
  const { adjusted, seasonality } = deseasoned(whole, options.method, thinnedToWeeks)
  if (adjusted === null)
    return withText({ ...base, ...thin(n, span, options.method, stlNeeds) }, span, options)
  const drift = options.method === 'ols' ? driftByLine(adjusted) : driftBySen(adjusted)
  const margin = options.irrelevantChange ?? 0.5 * drift.residualSd
  const judgement = judged(adjusted, drift, seasonality, margin, span)
  const method = options.method === 'stl' && drift.method === 'theil-sen' ? ('stl' as const) : drift.method
  return withText({ ...base, ...judgement, method }, span, options)
}

const stlNeeds = 'at least 21 days, half of them with a value, for STL'

/** The series to judge, without its weekly pattern where one is certain (`stl`: as STL finds it); null: STL cannot. */
function deseasoned(
  whole: DailySeries,
  method: TrendMethod | undefined,
  thinnedToWeeks: boolean,
): { readonly adjusted: DailySeries | null; readonly seasonality: TrendResult['seasonality'] } {
  if (method === 'stl') {
    const found = withoutWeeklySeason(whole)
    if (found === null) return { adjusted: null, seasonality: null }
    const adjusted = thinnedToWeeks ? weeklyMedians(found.series) : found.series
    const { strength, weekdays } = found
    return { adjusted, seasonality: strength === null ? null : { period: 7, strength, weekdays } }
  }
  if (thinnedToWeeks) return { adjusted: weeklyMedians(whole), seasonality: null }
  const season = weekdayEffect(whole.day, residualsAroundSen(whole))
  if (season === null) return { adjusted: whole, seasonality: null }
  const value = withoutWeekday(whole.day, whole.value, season.effects)
  // Effects begin on Thursday, the first day of the epoch.
  const weekdays = Array.from({ length: 7 }, (_, i) => season.effects[(i + 4) % 7] as number)
  return { adjusted: { ...whole, value }, seasonality: { period: 7, strength: season.strength, weekdays } }
}

type Judgement = Omit<
  TrendResult,
  'metric' | 'unit' | 'n' | 'from' | 'to' | 'latest' | 'text' | 'thinnedToWeeks'
>

function judged(
  series: DailySeries,
  drift: Drift,
  seasonality: TrendResult['seasonality'],
  margin: number,
  span: number,
): Judgement {
  const { slope, ci } = drift
  return {
    method: drift.method,
    slope: { perDay: slope, perWeek: slope * 7, perMonth: slope * daysPerMonth, ci95: ci },
    test: drift.test,
    direction: directionOf(drift, margin / span),
    changePoints: levelShifts(series.value).map(({ index, before, after }) => ({
      at: formatDay(series.day[index] as number),
      before,
      after,
    })),
    seasonality,
    missing: null,
    autocorrelation: drift.phi,
    margin,
    line: drift.line,
  }
}

/**
 * A direction needs the test and the interval to agree; ties may put one end of the interval on 0 exactly, and then
 * the test decides. `steady` needs the whole interval within the margin.
 */
function directionOf({ slope, ci: [low, high], test }: Drift, marginPerDay: number): TrendDirection {
  const significant = test.p < 0.05
  if (low >= -marginPerDay && high <= marginPerDay && !(significant && slope === 0)) return 'steady'
  if (significant && slope > 0 && low >= 0) return 'rising'
  if (significant && slope < 0 && high <= 0) return 'falling'
  return 'unclear'
}

function thin(n: number, span: number, method: TrendMethod = 'auto', more = ''): Judgement {
  const needs: string[] = more === '' ? [] : [more]
  if (n < minTrendValues)
    needs.push(`${minTrendValues - n} more ${n === minTrendValues - 1 ? 'day' : 'days'} with a value`)
  if (span < minTrendDays) needs.push(`a period of at least ${minTrendDays} days`)
  return {
    method: method === 'auto' ? 'theil-sen' : method,
    slope: null,
    test: null,
    direction: 'unclear',
    changePoints: [],
    seasonality: null,
    missing: needs.join(' and '),
    autocorrelation: null,
    margin: null,
    line: null,
  }
}

function withText(result: Omit<TrendResult, 'text'>, span: number, options: TrendOptions): TrendResult {
  return { ...result, text: trendText(result, span, options.name, options.format) }
}

function presentDays({ day, value }: DailySeries): DailySeries {
  if (day.length !== value.length) throw new Failure('VALUE', 'days and values differ in number')
  const kept: number[] = []
  for (let i = 0; i < day.length; i++) {
    const v = value[i] as number
    if (i > 0 && (day[i] as number) <= (day[i - 1] as number)) throw new Failure('VALUE', 'days must ascend')
    if (Number.isNaN(v)) continue
    if (!Number.isFinite(v)) throw new Failure('VALUE', 'a series holds an infinite number')
    kept.push(i)
  }
  return {
    day: Int32Array.from(kept, (i) => day[i] as number),
    value: Float64Array.from(kept, (i) => value[i] as number),
  }
}

function weeklyMedians({ day, value }: DailySeries): DailySeries {
  const days: number[] = []
  const medians: number[] = []
  for (let from = 0; from < day.length; ) {
    const week = Math.floor((day[from] as number) / 7)
    let to = from
    while (to < day.length && Math.floor((day[to] as number) / 7) === week) to++
    days.push(week * 7 + 3)
    medians.push(median(value.subarray(from, to)))
    from = to
  }
  return { day: Int32Array.from(days), value: Float64Array.from(medians) }
}

function residualsAroundSen({ day, value }: DailySeries): Float64Array {
  const sen = theilSen(day, value)
  if (isInsufficient(sen)) return Float64Array.from(value, (v) => v - (describe(value).median ?? 0))
  return value.map((v, i) => v - sen.jointIntercept - sen.slope * (day[i] as number))
}
