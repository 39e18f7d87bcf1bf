/**
 * What a continuous glucose monitor's readings say, by the international consensus. Percentages are shares of readings,
 * not of time; below and above are strict, ranges include their ends.
 *
 * Danne et al. 2017, Diabetes Care 40:1631–1640 and Battelino et al. 2019, Diabetes Care 42:1593–1603 (ranges); Bergenstal
 * et al. 2018, Diabetes Care 41:2275–2280 (GMI = 3.31 + 0.02392·mean); Nathan et al. 2008, Diabetes Care 31:1473–1478
 * (eA1c); Kovatchev et al. 2006, Diabetes Care 29:2433–2438 (LBGI, HBGI); Wójcicki 1995, Horm Metab Res 27:41–42
 * (J index); Klonoff et al. 2022, J Diabetes Sci Technol (GRI, doi:10.1177/19322968221085273).
 */
import { Failure } from '../../foundation/index.ts'
import { moments } from '../statistics/descriptive.ts'
import { median, roundHalfToEven } from '../statistics/quantile.ts'
import { type GlucoseTrace, readingInterval } from './glucose-grid.ts'

export interface GlucoseMetrics {
  readonly n: number
  /** mg/dL; null without readings, as all that follows. */
  readonly mean: number | null
  readonly median: number | null
  /** n-1; null for one reading. */
  readonly sd: number | null
  readonly cvPercent: number | null
  /** Percent HbA1c that the mean corresponds to. */
  readonly gmi: number | null
  readonly ea1c: number | null
  readonly jIndex: number | null
  readonly lowRiskIndex: number | null
  readonly highRiskIndex: number | null
  /** 0 to 100. */
  readonly riskIndex: number | null
}

/** Readings without missing values, in time order. */
export function glucoseMetrics(glucose: Float64Array): GlucoseMetrics {
  const n = glucose.length
  if (n === 0) return nothingKnown
  const { mean, variance } = moments(glucose)
  const sd = variance === null ? null : Math.sqrt(variance)
  const veryLow = percentOf(glucose, (value) => value < 54)
  const low = percentOf(glucose, (value) => value < 70) - veryLow
  const veryHigh = percentOf(glucose, (value) => value > 250)
  const high = percentOf(glucose, (value) => value > 180) - veryHigh
  return {
    n,
    mean,
    median: median(glucose),
    sd,
    cvPercent: sd === null ? null : (100 * sd) / mean,
    gmi: 3.31 + 0.02392 * mean,
    ea1c: (46.7 + mean) / 28.7,
    jIndex: sd === null ? null : 0.001 * (mean + sd) ** 2,
    lowRiskIndex: risk(glucose, -1),
    highRiskIndex: risk(glucose, 1),
    riskIndex: Math.min(100, 3 * veryLow + 2.4 * low + 1.6 * veryHigh + 0.8 * high),
  }
}

/** Percent of the readings that are `within`; of at least one reading. */
export function percentOf(glucose: Float64Array, within: (value: number) => boolean): number {
  return (100 * glucose.reduce((count, value) => (within(value) ? count + 1 : count), 0)) / glucose.length
}

/**
 * Percent of the expected readings that are there, from the first to the last, by the usual interval. Null below two
 * readings or below half a minute between them.
 */
export function activePercent(trace: GlucoseTrace): number | null {
  if (trace.minutes.length < 2) return null
  const interval = readingInterval(trace)
  if (interval === null) return null
  const steps = trace.minutes.subarray(1).map((minute, i) => minute - (trace.minutes[i] as number))
  const span = (trace.minutes[trace.minutes.length - 1] as number) - (trace.minutes[0] as number)
  const expected = roundHalfToEven(roundHalfToEven(span) / interval) + 1
  let missing = 0
  for (const step of steps) if (roundHalfToEven(step) > interval) missing += step - interval
  return (100 * (expected - roundHalfToEven(missing / interval))) / expected
}

/** 10 · 1.509², rounded as it was published. */
const riskScale = 22.77

/** Mean risk over all readings, counting those on one side of the middle (112.5 mg/dL) of the symmetrised scale. */
function risk(glucose: Float64Array, side: -1 | 1): number {
  let sum = 0
  for (const value of glucose) {
    if (!(value > 0)) throw new Failure('VALUE', 'glucose must be above 0')
    const distance = Math.log(value) ** 1.084 - 5.381
    if (distance * side > 0) sum += riskScale * distance * distance
  }
  return sum / glucose.length
}

const nothingKnown: GlucoseMetrics = {
  n: 0,
  mean: null,
  median: null,
  sd: null,
  cvPercent: null,
  gmi: null,
  ea1c: null,
  jIndex: null,
  lowRiskIndex: null,
  highRiskIndex: null,
  riskIndex: null,
}
