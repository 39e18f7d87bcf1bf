/** The shelf `physiology` by name. */
import { Failure } from '../../foundation/index.ts'
import { glucoseEpisodes } from '../physiology/glucose-episodes.ts'
import { type GlucoseTrace, glucoseGrid, gridStep, readingInterval } from '../physiology/glucose-grid.ts'
import { activePercent, glucoseMetrics, percentOf } from '../physiology/glucose-metrics.ts'
import { dayToDay, deviationKinds, meanAbsoluteGlucose } from '../physiology/glucose-variation.ts'
import { meanExcursions } from '../physiology/glycemic-excursions.ts'
import { heartRateVariability, withoutEctopicBeats } from '../physiology/heart-rate-variability.ts'
import {
  type MethodArguments,
  type MethodResult,
  type MethodShelf,
  nullable,
  numbers,
  oneOf,
  optionalNumber,
} from './arguments.ts'

export const physiologyMethods: MethodShelf = {
  hrv: (input, options) => {
    const intervals = numbers(input, 'rr_ms')
    const kind = oneOf(options, 'kind', ['time_domain', 'ectopic_removal'], 'time_domain')
    if (kind === 'ectopic_removal') {
      const kept = withoutEctopicBeats(intervals, oneOf(options, 'rule', ['malik', 'kamath'], 'malik'))
      const missing = (values: Float64Array) => values.filter(Number.isNaN).length
      return { rr_ms: nullable(kept), removed: missing(kept) - missing(intervals) }
    }
    const hrv = heartRateVariability(intervals)
    return {
      n: hrv.n,
      mean_nni: hrv.meanNn,
      median_nni: hrv.medianNn,
      range_nni: hrv.rangeNn,
      sdnn: hrv.sdnn,
      rmssd: hrv.rmssd,
      sdsd_population: hrv.sdsd,
      nn50: hrv.nn50,
      pnn50: hrv.pnn50,
      nn20: hrv.nn20,
      pnn20: hrv.pnn20,
      cvsd: hrv.cvsd,
      cvnni: hrv.cvnn,
      mean_hr: hrv.meanRate,
      min_hr: hrv.minRate,
      max_hr: hrv.maxRate,
      std_hr_population: hrv.sdRate,
      sd1: hrv.sd1,
      sd2: hrv.sd2,
      ln_rmssd: hrv.lnRmssd,
    }
  },
  cgm: (input, options) => {
    oneOf(options, 'unit', ['mg/dL'], 'mg/dL')
    const trace = glucoseTrace(input)
    const metrics = glucoseMetrics(trace.glucose)
    return {
      n: metrics.n,
      mean: metrics.mean,
      median: metrics.median,
      sd: metrics.sd,
      cv_percent: metrics.cvPercent,
      gmi: metrics.gmi,
      ea1c: metrics.ea1c,
      ...ranges(trace.glucose),
      lbgi: metrics.lowRiskIndex,
      hbgi: metrics.highRiskIndex,
      j_index: metrics.jIndex,
      active_percent: activePercent(trace),
      gri: metrics.riskIndex,
      mage: mageOf(trace, options),
      ...courseOf(trace, options),
    }
  },
}

function ranges(glucose: Float64Array): MethodResult {
  const percent = (within: (value: number) => boolean) =>
    glucose.length === 0 ? null : percentOf(glucose, within)
  const below = (limit: number) => percent((value) => value < limit)
  const above = (limit: number) => percent((value) => value > limit)
  const within = (low: number, high: number) => percent((value) => value >= low && value <= high)
  return {
    tbr_below_54: below(54),
    tbr_below_70: below(70),
    tar_above_140: above(140),
    tar_above_180: above(180),
    tar_above_250: above(250),
    tir_70_180: within(70, 180),
    titr_70_140: within(70, 140),
    in_range_63_140: within(63, 140),
  }
}

function mageOf(trace: GlucoseTrace, options: MethodArguments): MethodResult {
  const given = (options['mage'] ?? {}) as MethodArguments
  oneOf(given, 'version', ['ma'], 'ma')
  if (trace.minutes.length < 2) return { plus: null, minus: null, avg: null, service: null, max: null }
  const step = optionalNumber(given, 'grid_min') ?? 5
  if (!(step > 0 && Number.isInteger(1440 / step))) throw new Failure('VALUE', '"grid_min" must divide a day')
  // The windows are stated for readings every 5 minutes.
  const readings = (key: string, usual: number) =>
    Math.round(((optionalNumber(given, key) ?? usual) * 5) / step)
  const mage = meanExcursions(glucoseGrid(trace, step, interpolated(options)).glucose, {
    shortWindow: readings('short_ma', 5),
    longWindow: readings('long_ma', 32),
    maxGap: (optionalNumber(given, 'max_gap_min') ?? 180) / step,
  })
  const { plus, minus, average, service, max } = mage
  return { plus, minus, avg: average, service, max }
}

/** What needs the grid at the monitor's own interval. */
function courseOf(trace: GlucoseTrace, options: MethodArguments): MethodResult {
  const interval = trace.minutes.length < 2 ? null : readingInterval(trace)
  if (interval === null) return { mag: null, modd: null, conga24: null, sd_measures: null, episodes: null }
  const maxGap = interpolated(options)
  if (interval > maxGap)
    throw new Failure('VALUE', `readings every ${interval} minutes are further apart than "inter_gap_min"`)
  const grid = glucoseGrid(trace, gridStep(interval), maxGap)
  const sd = deviationKinds(grid)
  return {
    mag: meanAbsoluteGlucose(grid),
    ...dayToDay(grid),
    sd_measures: {
      SDw: sd.withinDays,
      SDhhmm: sd.betweenClockTimes,
      SDwsh: sd.withinHours,
      SDdm: sd.betweenDailyMeans,
      SDb: sd.betweenDays,
      SDbdm: sd.betweenDaysCorrected,
    },
    episodes: glucoseEpisodes(grid).map(({ type, level, total, perDay, meanMinutes, meanGlucose }) => ({
      type,
      level,
      total,
      avg_per_day: perDay,
      avg_minutes: meanMinutes,
      avg_glucose: meanGlucose,
    })),
  }
}

function interpolated(options: MethodArguments): number {
  return optionalNumber(options, 'inter_gap_min') ?? 45
}

/** Readings in time order, missing ones left out; of two at one time the later in the list counts. */
function glucoseTrace(input: MethodArguments): GlucoseTrace {
  const offsets = numbers(input, 'offset_s')
  const glucose = numbers(input, 'glucose_mgdl')
  if (offsets.length !== glucose.length)
    throw new Failure('VALUE', `there are ${offsets.length} times for ${glucose.length} readings`)
  const start = startOfTrace(input, glucose.length)
  const byTime = new Map<number, number>()
  glucose.forEach((value, i) => {
    const offset = offsets[i] as number
    if (!Number.isNaN(value) && !Number.isNaN(offset)) byTime.set(offset, value)
  })
  const ordered = [...byTime].sort(([a], [b]) => a - b)
  const first = start + (ordered[0]?.[0] ?? 0) / 60
  // Minutes from the midnight before the first reading.
  const shift = start - Math.floor(first / 1440) * 1440
  return {
    minutes: Float64Array.from(ordered, ([offset]) => shift + offset / 60),
    glucose: Float64Array.from(ordered, ([, value]) => value),
  }
}

const localForm = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)$/

/** The start by the local clock, in minutes since 1970-01-01T00:00 by that clock. */
function startOfTrace(input: MethodArguments, readings: number): number {
  const text = input['start_local']
  if (readings === 0 && (text === null || text === undefined)) return 0
  const match = typeof text === 'string' ? localForm.exec(text) : null
  const ms = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}Z`)
  if (Number.isNaN(ms))
    throw new Failure('VALUE', '"start_local" must be a local time such as 2026-03-01T07:30:00')
  return ms / 60_000
}
