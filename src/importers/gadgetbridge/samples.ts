/**
 * Which columns of which tables are readings. Tables are named by maker (`HUAMI_SPO2_SAMPLE`), their columns are alike
 * over makers (GBDaoGenerator.java). 0, −1 and 255 stand for "not measured". Codes of sleep stages
 * differ between makers (sleep-stages.ts), kinds of activity in tables by minute too: these are not kept.
 */

import { stageMetrics } from './sleep-stages.ts'

export interface SampleColumn {
  readonly column: string
  readonly metric: string
  /** UCUM. */
  readonly unit: string
  /** Values that a device gives; others mean that it did not measure. */
  readonly range: readonly [number, number]
}

export interface SamplePlan {
  readonly columns: readonly SampleColumn[]
  /** Rows without a reading say nothing (every minute has one), instead of being kept. */
  readonly isDense: boolean
}

const heartRate = (metric: string): SampleColumn => ({
  column: 'HEART_RATE',
  metric,
  unit: '/min',
  range: [10, 250],
})

const activity: SamplePlan = {
  columns: [
    heartRate('heart_rate'),
    { column: 'STEPS', metric: 'steps', unit: '{steps}', range: [1, 100_000] },
    { column: 'SPO2', metric: 'oxygen_saturation', unit: '%', range: [1, 100] },
    { column: 'STRESS', metric: 'stress_score', unit: '{score}', range: [1, 100] },
  ],
  isDense: true,
}

/** By the end of the table's name, the longest first. */
const plans: readonly (readonly [RegExp, SamplePlan])[] = [
  [/_ACTIVITY_SAMPLE$/, activity],
  [/_HEART_RATE_RESTING_SAMPLE$/, sparse(heartRate('resting_heart_rate'))],
  [/_HEART_RATE_MAX_SAMPLE$/, sparse(heartRate('max_heart_rate'))],
  [/_HEART_RATE(?:_MANUAL)?_SAMPLE$/, sparse(heartRate('heart_rate'))],
  [/_SPO2_SAMPLE$/, sparse({ column: 'SPO2', metric: 'oxygen_saturation', unit: '%', range: [1, 100] })],
  [/_STRESS_SAMPLE$/, sparse({ column: 'STRESS', metric: 'stress_score', unit: '{score}', range: [0, 100] })],
  [
    /_BODY_ENERGY_SAMPLE$/,
    sparse({ column: 'ENERGY', metric: 'body_battery', unit: '{score}', range: [0, 100] }),
  ],
  [/_HRV_VALUE_SAMPLE$/, sparse({ column: 'VALUE', metric: 'hrv_rmssd', unit: 'ms', range: [1, 500] })],
  [
    /_RESPIRATORY_RATE_SAMPLE$/,
    sparse(
      { column: 'RATE', metric: 'respiratory_rate', unit: '/min', range: [3, 80] },
      { column: 'RESPIRATORY_RATE', metric: 'respiratory_rate', unit: '/min', range: [3, 80] },
    ),
  ],
  [/_WEIGHT_SAMPLE$/, sparse({ column: 'WEIGHT_KG', metric: 'weight', unit: 'kg', range: [1, 700] })],
]

function sparse(...columns: readonly SampleColumn[]): SamplePlan {
  return { columns, isDense: false }
}

const nothing: SamplePlan = { columns: [], isDense: false }

/** The plan of a table; undefined for tables that hold no samples. */
export function planOfTable(table: string): SamplePlan | undefined {
  if (!/_SAMPLE$/.test(table)) return undefined
  return plans.find(([pattern]) => pattern.test(table))?.[1] ?? nothing
}

/** Makers whose activity table has a row for each minute: steps are those of the minute. */
export function isByMinute(table: string): boolean {
  return /^(?:MI_BAND|HUAMI_EXTENDED|XIAOMI|PEBBLE_HEALTH|BANGLE_JS|HYBRID_HR)_ACTIVITY_SAMPLE$/.test(table)
}

/** Kinds of activity that all versions write alike (ActivityKind.java). */
export const activityKinds: Readonly<Record<number, string>> = {
  16: 'running',
  32: 'walking',
  64: 'swimming',
  128: 'cycling',
  256: 'treadmill',
  512: 'exercise',
  1024: 'open_water_swimming',
  2048: 'indoor_cycling',
  4096: 'elliptical',
  8192: 'jump_rope',
  16384: 'yoga',
  32768: 'soccer',
  65536: 'rowing',
}

export const metricsOfSamples: readonly string[] = [
  ...new Set([
    ...plans.flatMap(([, { columns }]) => columns.map(({ metric }) => metric)),
    ...stageMetrics,
    'sleep_total',
    'workout',
  ]),
].sort()
