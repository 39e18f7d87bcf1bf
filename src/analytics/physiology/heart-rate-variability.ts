/**
 * Heart rate variability in the time domain, from the intervals between beats in milliseconds.
 *
 * Task Force of the ESC and NASPE 1996, Circulation 93:1043–1065 (SDNN, RMSSD, pNN50); Brennan, Palaniswami & Kamen 2001,
 * IEEE Trans Biomed Eng 48:1342–1347 (SD1, SD2 from the variances). Ectopic beats: Malik et al. 1989, Eur Heart J
 * 10:1060–1074 (20 % of the interval before); Kamath & Fallen 1995, Heart Rate Variability, 75–83 (longer by 32.5 % or
 * shorter by 24.5 %).
 */
import { type NumericColumn, presentValues } from '../insufficient.ts'
import { moments } from '../statistics/descriptive.ts'
import { median } from '../statistics/quantile.ts'

/** Milliseconds but for counts, shares and rates. Null is what too few intervals, or none that vary, cannot tell. */
export interface HeartRateVariability {
  readonly n: number
  readonly meanNn: number | null
  readonly medianNn: number | null
  readonly rangeNn: number | null
  /** n-1. */
  readonly sdnn: number | null
  readonly rmssd: number | null
  /** Natural logarithm of RMSSD; null where that is 0. */
  readonly lnRmssd: number | null
  /** Deviation of the differences, divisor n. */
  readonly sdsd: number | null
  /** Differences above 50 ms, and as percent of the differences. */
  readonly nn50: number | null
  readonly pnn50: number | null
  readonly nn20: number | null
  readonly pnn20: number | null
  /** RMSSD and SDNN over the mean interval. */
  readonly cvsd: number | null
  readonly cvnn: number | null
  /** Beats a minute: 60000 over each interval. */
  readonly meanRate: number | null
  readonly minRate: number | null
  readonly maxRate: number | null
  /** Divisor n. */
  readonly sdRate: number | null
  /** Width and length of the Poincaré plot; SD2 is null where the intervals alternate more than they vary. */
  readonly sd1: number | null
  readonly sd2: number | null
}

/**
 * Describes intervals in their order. NaN (a beat taken out) is left out, and no difference is taken across it. Fails
 * with VALUE on infinite numbers.
 */
export function heartRateVariability(intervals: NumericColumn): HeartRateVariability {
  const present = presentValues(intervals)
  const n = present.length
  if (n === 0) return nothingKnown
  const nn = moments(present)
  const sdnn = nn.variance === null ? null : Math.sqrt(nn.variance)
  const rates = present.map((interval) => 60_000 / interval)
  const [shortest, longest] = extremes(present)
  return {
    n,
    meanNn: nn.mean,
    medianNn: median(present),
    rangeNn: longest - shortest,
    sdnn,
    cvnn: sdnn === null ? null : sdnn / nn.mean,
    meanRate: moments(rates).mean,
    minRate: 60_000 / longest,
    maxRate: 60_000 / shortest,
    sdRate: populationSd(rates),
    ...beatToBeat(successiveDifferences(intervals), nn),
  }
}

/** What the differences of neighbours tell. */
function beatToBeat(
  differences: Float64Array,
  nn: { readonly mean: number; readonly variance: number | null },
) {
  const count = differences.length
  if (count === 0) return noDifferences
  const meanSquare = differences.reduce((sum, difference) => sum + difference * difference, 0) / count
  const rmssd = Math.sqrt(meanSquare)
  const above = (limit: number) => differences.filter((difference) => Math.abs(difference) > limit).length
  const [nn50, nn20] = [above(50), above(20)]
  const { variance } = moments(differences)
  const along = variance === null || nn.variance === null ? null : 2 * nn.variance - variance / 2
  return {
    rmssd,
    lnRmssd: rmssd > 0 ? Math.log(rmssd) : null,
    sdsd: populationSd(differences),
    nn50,
    pnn50: (100 * nn50) / count,
    nn20,
    pnn20: (100 * nn20) / count,
    cvsd: rmssd / nn.mean,
    sd1: variance === null ? null : Math.sqrt(variance / 2),
    sd2: along === null || along < 0 ? null : Math.sqrt(along),
  }
}

export type EctopicRule = 'malik' | 'kamath'

/**
 * The intervals with those taken for ectopic as NaN: each is compared with the one before, and the one after a removed
 * interval is kept whatever it is.
 */
export function withoutEctopicBeats(intervals: NumericColumn, rule: EctopicRule): Float64Array {
  const out = Float64Array.from(intervals)
  const isRegular = rule === 'malik' ? withinMalik : withinKamath
  for (let i = 1; i < out.length; i++) {
    const isAfterRemoved = Number.isNaN(out[i - 1] as number)
    if (!isAfterRemoved && !isRegular(intervals[i - 1] as number, intervals[i] as number)) out[i] = Number.NaN
  }
  return out
}

function withinMalik(before: number, interval: number): boolean {
  return Math.abs(before - interval) <= 0.2 * before
}

function withinKamath(before: number, interval: number): boolean {
  const change = interval - before
  return change >= 0 ? change <= 0.325 * before : -change <= 0.245 * before
}

function successiveDifferences(intervals: NumericColumn): Float64Array {
  const out: number[] = []
  for (let i = 1; i < intervals.length; i++) {
    const difference = (intervals[i] as number) - (intervals[i - 1] as number)
    if (!Number.isNaN(difference)) out.push(difference)
  }
  return Float64Array.from(out)
}

function populationSd(values: Float64Array): number {
  const { variance } = moments(values)
  return variance === null ? 0 : Math.sqrt((variance * (values.length - 1)) / values.length)
}

function extremes(values: Float64Array): readonly [number, number] {
  return [
    values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
    values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
  ]
}

const noDifferences = {
  rmssd: null,
  lnRmssd: null,
  sdsd: null,
  nn50: null,
  pnn50: null,
  nn20: null,
  pnn20: null,
  cvsd: null,
  sd1: null,
  sd2: null,
}

const nothingKnown: HeartRateVariability = {
  n: 0,
  meanNn: null,
  medianNn: null,
  rangeNn: null,
  sdnn: null,
  cvnn: null,
  meanRate: null,
  minRate: null,
  maxRate: null,
  sdRate: null,
  ...noDifferences,
}
