/** Fields of Oura documents (API v2 and the CSV files, which have the same names) and what they become. */

export type When = 'period' | 'wake' | 'day'

export interface Field {
  readonly field: string
  readonly metric: string
  readonly unit: string
  readonly when: When
  /** Smallest value that is a measurement. */
  readonly from: number
}

function field(name: string, metric: string, unit: string, when: When, from = 0): Field {
  return { field: name, metric, unit, when, from }
}

/** Of a sleep period. */
export const sleepFields: readonly Field[] = [
  field('deep_sleep_duration', 'sleep_deep', 's', 'period', 1),
  field('light_sleep_duration', 'sleep_core', 's', 'period', 1),
  field('rem_sleep_duration', 'sleep_rem', 's', 'period', 1),
  field('awake_time', 'sleep_awake', 's', 'period', 1),
  field('time_in_bed', 'sleep_in_bed', 's', 'period', 1),
  field('average_heart_rate', 'sleep_heart_rate', '/min', 'period', 1),
  field('average_breath', 'respiratory_rate', '/min', 'period', 1),
  field('latency', 'sleep_latency', 's', 'wake'),
  field('efficiency', 'sleep_efficiency', '%', 'wake', 1),
]

const daySums: readonly Field[] = [
  field('steps', 'steps', '{steps}', 'day'),
  field('active_calories', 'active_energy', 'kcal', 'day'),
  field('total_calories', 'total_energy', 'kcal', 'day'),
  field('high_activity_time', 'vigorous_activity_time', 's', 'day'),
  field('medium_activity_time', 'moderate_activity_time', 's', 'day'),
  field('low_activity_time', 'light_activity_time', 's', 'day'),
  field('sedentary_time', 'sedentary_time', 's', 'day'),
]

/** A kind of daily document: by its collection's name, else by a field that no other kind has. */
export interface DayKind {
  readonly name: string
  readonly names: RegExp
  readonly mark: RegExp
  readonly fields: readonly Field[]
  /** Values are totals, which a later export of the same day may state larger. */
  readonly isGrowing?: true
}

export const dayKinds: readonly DayKind[] = [
  {
    name: 'daily_activity',
    names: /daily_?activity|^activity/,
    mark: /^steps$/,
    fields: daySums,
    isGrowing: true,
  },
  {
    name: 'daily_readiness',
    names: /daily_?readiness|^readiness/,
    mark: /^(temperature_deviation|hrv_balance|recovery_index|readiness_score)$/,
    fields: [
      field('score', 'readiness_score', '{score}', 'day'),
      field('temperature_deviation', 'temperature_deviation', 'Cel', 'day', -20),
      field('temperature_trend_deviation', 'sleep_temperature_trend', 'Cel', 'day', -20),
    ],
  },
  {
    name: 'daily_sleep',
    names: /daily_?sleep/,
    mark: /^(deep_sleep|restfulness|total_sleep)$/,
    fields: [field('score', 'sleep_score', '{score}', 'day')],
  },
  {
    name: 'daily_spo2',
    names: /daily_?spo2/,
    mark: /^spo2_percentage$/,
    fields: [field('spo2_average', 'oxygen_saturation', '%', 'day', 1)],
  },
  {
    name: 'daily_cardiovascular_age',
    names: /daily_?cardiovascular_?age/,
    mark: /^vascular_age$/,
    fields: [
      field('vascular_age', 'vascular_age', 'a', 'day', 1),
      field('pulse_wave_velocity', 'pulse_wave_velocity', 'm/s', 'day', 0.1),
    ],
  },
  {
    name: 'vo2_max',
    names: /vo2_?max/,
    mark: /^vo2_max$/,
    fields: [field('vo2_max', 'vo2_max', 'mL/kg/min', 'day', 1)],
  },
]

/** Every metric that Oura documents can become. */
export const ouraMetrics: readonly string[] = [
  ...new Set([
    ...sleepFields.map(({ metric }) => metric),
    ...dayKinds.flatMap(({ fields }) => fields.map(({ metric }) => metric)),
    'heart_rate',
    'hrv_rmssd',
    'mindful_minutes',
    'workout',
  ]),
].sort()
