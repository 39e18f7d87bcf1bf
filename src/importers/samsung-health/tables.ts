/**
 * Tables of the Samsung Health export whose columns are measurements by themselves: data type → columns, units as the
 * Samsung Health SDK defines them (developer.samsung.com/health, HealthConstants). Columns without their prefix.
 */

export interface ValueColumn {
  readonly column: string
  readonly metric: string
  readonly unit: string
  /** Zero is a measurement; elsewhere it says that there is none. −1 never is one. */
  readonly hasZero?: true
}

export interface TableSpec {
  /** `day`: a row for each local day (`day_time`); `start`: an instant; `span`: from start to end where there is one. */
  readonly time: 'day' | 'start' | 'span'
  /**
   * `reading`: of the row's device. `total`: a day's, of all devices. `counter`: adds up by interval, of the row's device.
   */
  readonly from: 'reading' | 'total' | 'counter'
  readonly values: readonly ValueColumn[]
  /** The column that names a file with the same measurements one by one: where it is there, the row's are left to it. */
  readonly detail?: string
  /** Other columns say more: the row is kept beside its values. */
  readonly isKept?: true
}

const value = (column: string, metric: string, unit: string): ValueColumn => ({ column, metric, unit })
const valueOrZero = (column: string, metric: string, unit: string): ValueColumn => ({
  column,
  metric,
  unit,
  hasZero: true,
})

const heartRate: TableSpec = {
  time: 'span',
  from: 'reading',
  values: [value('heart_rate', 'heart_rate', '/min')],
  detail: 'binning_data',
}
const saturation: TableSpec = {
  time: 'span',
  from: 'reading',
  values: [value('spo2', 'oxygen_saturation', '%')],
  detail: 'binning',
}
const stepCount: TableSpec = {
  time: 'span',
  from: 'counter',
  values: [value('count', 'steps', '{steps}'), value('distance', 'distance_walking_running', 'm')],
}

export const tables: Readonly<Record<string, TableSpec>> = {
  'com.samsung.shealth.tracker.heart_rate': heartRate,
  'com.samsung.health.heart_rate': heartRate,
  'com.samsung.shealth.tracker.oxygen_saturation': saturation,
  'com.samsung.health.oxygen_saturation': saturation,
  'com.samsung.health.respiratory_rate': {
    time: 'span',
    from: 'reading',
    values: [value('average', 'respiratory_rate', '/min')],
    detail: 'binning_data',
  },
  'com.samsung.shealth.stress': {
    time: 'span',
    from: 'reading',
    values: [valueOrZero('score', 'stress_score', '{score}')],
    detail: 'binning_data',
  },
  'com.samsung.health.hrv': { time: 'span', from: 'reading', values: [], detail: 'binning_data' },
  'com.samsung.health.skin_temperature': {
    time: 'span',
    from: 'reading',
    values: [value('temperature', 'wrist_temperature', 'Cel')],
    isKept: true,
  },
  'com.samsung.health.body_temperature': {
    time: 'start',
    from: 'reading',
    values: [value('temperature', 'body_temperature', 'Cel')],
  },
  'com.samsung.health.weight': {
    time: 'start',
    from: 'reading',
    values: [
      value('weight', 'weight', 'kg'),
      value('body_fat', 'body_fat', '%'),
      value('body_fat_mass', 'fat_mass', 'kg'),
      value('fat_free_mass', 'lean_mass', 'kg'),
      value('muscle_mass', 'muscle_mass', 'kg'),
      value('total_body_water', 'body_water_mass', 'kg'),
      value('basal_metabolic_rate', 'basal_metabolic_rate', 'kcal/d'),
      value('vfa_level', 'visceral_fat_rating', '{score}'),
    ],
    isKept: true,
  },
  'com.samsung.health.height': { time: 'start', from: 'reading', values: [value('height', 'height', 'cm')] },
  'com.samsung.health.hba1c': { time: 'start', from: 'reading', values: [value('hba1c', 'hba1c', '%')] },
  'com.samsung.shealth.vitality_score': {
    time: 'day',
    from: 'reading',
    values: [
      valueOrZero('total_score', 'readiness_score', '{score}'),
      value('shr_value', 'sleep_heart_rate', '/min'),
    ],
    isKept: true,
  },
  'com.samsung.health.water_intake': {
    time: 'start',
    from: 'reading',
    values: [value('amount', 'water', 'mL')],
  },
  'com.samsung.health.caffeine_intake': {
    time: 'start',
    from: 'reading',
    values: [value('amount', 'caffeine', 'mg')],
  },
  // Calcium, iron and vitamins are percentages of a daily value, which no unit fits.
  'com.samsung.health.nutrition': {
    time: 'start',
    from: 'reading',
    values: [
      value('calorie', 'energy_intake', 'kcal'),
      value('protein', 'protein', 'g'),
      value('carbohydrate', 'carbohydrates', 'g'),
      value('dietary_fiber', 'fibre', 'g'),
      value('sugar', 'sugar_intake', 'g'),
      value('total_fat', 'fat_total', 'g'),
      value('saturated_fat', 'fat_saturated', 'g'),
      value('monosaturated_fat', 'fat_monounsaturated', 'g'),
      value('polysaturated_fat', 'fat_polyunsaturated', 'g'),
      value('cholesterol', 'cholesterol_intake', 'mg'),
      value('sodium', 'sodium_intake', 'mg'),
      value('potassium', 'potassium_intake', 'mg'),
    ],
    isKept: true,
  },
  'com.samsung.shealth.tracker.pedometer_step_count': stepCount,
  'com.samsung.health.step_count': stepCount,
  'com.samsung.health.floors_climbed': {
    time: 'span',
    from: 'counter',
    values: [value('floor', 'flights_climbed', '{floors}')],
  },
  'com.samsung.shealth.tracker.floors_day_summary': {
    time: 'day',
    from: 'total',
    values: [valueOrZero('floor_count', 'flights_climbed', '{floors}')],
  },
  // Its steps are those of phones alone.
  'com.samsung.shealth.activity.day_summary': {
    time: 'day',
    from: 'total',
    values: [
      valueOrZero('active_time', 'move_time', 'ms'),
      valueOrZero('exercise_time', 'exercise_time', 'ms'),
    ],
    isKept: true,
  },
  'com.samsung.shealth.calories_burned.details': {
    time: 'day',
    from: 'total',
    values: [
      valueOrZero('active_calorie', 'active_energy', 'kcal'),
      value('rest_calorie', 'basal_energy', 'kcal'),
    ],
    isKept: true,
  },
}

/** Days of steps: the row of all devices, else those of each. */
export const dailySteps: Readonly<Record<string, readonly ValueColumn[]>> = {
  'com.samsung.shealth.tracker.pedometer_day_summary': [
    valueOrZero('step_count', 'steps', '{steps}'),
    valueOrZero('distance', 'distance_walking_running', 'm'),
  ],
  'com.samsung.shealth.step_daily_trend': [
    valueOrZero('count', 'steps', '{steps}'),
    valueOrZero('distance', 'distance_walking_running', 'm'),
  ],
}

/** Files that a column names: data type and column → fields of their elements. */
export interface DetailSpec {
  readonly values: readonly ValueColumn[]
  /** Elements follow one another from midnight instead of telling their time. */
  readonly isBins?: true
}

export const details: Readonly<Record<string, DetailSpec>> = {
  'com.samsung.shealth.tracker.heart_rate/binning_data': { values: heartRate.values },
  'com.samsung.health.heart_rate/binning_data': { values: heartRate.values },
  'com.samsung.shealth.tracker.oxygen_saturation/binning': { values: saturation.values },
  'com.samsung.health.oxygen_saturation/binning': { values: saturation.values },
  'com.samsung.health.respiratory_rate/binning_data': {
    values: [value('respiratory_rate', 'respiratory_rate', '/min')],
  },
  'com.samsung.shealth.stress/binning_data': {
    values: [valueOrZero('score', 'stress_score', '{score}')],
  },
  'com.samsung.health.hrv/binning_data': {
    values: [value('sdnn', 'hrv_sdnn', 'ms'), value('rmssd', 'hrv_rmssd', 'ms')],
  },
  'com.samsung.shealth.tracker.pedometer_day_summary/binning_data': {
    values: [value('mStepCount', 'steps', '{steps}'), value('mDistance', 'distance_walking_running', 'm')],
    isBins: true,
  },
  'com.samsung.shealth.step_daily_trend/binning_data': {
    values: [value('count', 'steps', '{steps}'), value('distance', 'distance_walking_running', 'm')],
    isBins: true,
  },
}

/** Every metric of tables and details. */
export const tableMetrics: readonly string[] = [
  ...Object.values(tables).flatMap(({ values }) => values),
  ...Object.values(dailySteps).flat(),
  ...Object.values(details).flatMap(({ values }) => values),
].map(({ metric }) => metric)
