/**
 * Which columns of which tables are values, and in which units (AOSP, packages/modules/HealthFitness,
 * service/…/fitness/recordhelpers and framework/…/datatypes/units): masses are grams, lengths metres, energies
 * calories, volumes litres, powers watts, temperatures °C, glucose mmol/L.
 */
import type { SportMetrics } from '../activity-sports.ts'
import * as codes from './codes.ts'

/** What was exercised while something was measured; undefined outside of exercise sessions. */
export type Sport = SportMetrics | undefined

export interface ValuePlan {
  readonly column: string
  /** Second component (diastolic). */
  readonly second?: string
  /** By what was exercised, where the metric depends on it; undefined: no metric, the row is kept raw. */
  readonly metric: string | ((sport: Sport) => string | undefined)
  /** UCUM. */
  readonly unit: string
  /** From the column's unit to `unit`. */
  readonly factor?: number
  /** Of a column of codes: the value of each. */
  readonly grades?: Readonly<Record<number, number>>
}

/** A column of codes that says something about the value. */
export interface FactPlan {
  readonly column: string
  readonly words: codes.Words
}

export interface RecordPlan {
  readonly values: readonly ValuePlan[]
  /** The first known fact is the context, the others follow as further facts. */
  readonly facts: readonly FactPlan[]
  /** Columns of text for the note. */
  readonly notes: readonly string[]
  /** How a row that its app has written again is known: `by id` unless stated. Readings of sensors are not. */
  readonly rewritten?: 'by id' | 'by start' | 'never'
  /** Columns without a metric: a row that fills one is kept whole beside its values. */
  readonly unmapped: readonly string[]
}

/** A parent's measurements over time: `parent_key`, `epoch_millis` and the value. */
export interface SeriesPlan {
  readonly parent: string
  readonly value: ValuePlan
  readonly facts: readonly FactPlan[]
  /** Columns of the parent that are told with each value. */
  readonly meta: readonly string[]
}

const caloriesToKcal = 0.001

function value(column: string, metric: ValuePlan['metric'], unit: string, factor?: number): ValuePlan {
  return factor === undefined ? { column, metric, unit } : { column, metric, unit, factor }
}

function graded(column: string, metric: string, grades: Readonly<Record<number, number>>): ValuePlan {
  return { column, metric, unit: '{grade}', grades }
}

function plan(values: readonly ValuePlan[], rest: Partial<RecordPlan> = {}): RecordPlan {
  return { values, facts: [], notes: [], unmapped: [], ...rest }
}

function counter(one: ValuePlan): RecordPlan {
  return plan([one], { rewritten: 'by start' })
}

const sensed = { rewritten: 'never' } as const

function fact(column: string, words: codes.Words): FactPlan {
  return { column, words }
}

/** Column of nutrition_record_table → metric, in grams. */
const nutrients: readonly (readonly [string, string])[] = [
  ['protein', 'protein'],
  ['total_carbohydrate', 'carbohydrates'],
  ['dietary_fiber', 'fibre'],
  ['sugar', 'sugar_intake'],
  ['total_fat', 'fat_total'],
  ['saturated_fat', 'fat_saturated'],
  ['monounsaturated_fat', 'fat_monounsaturated'],
  ['polyunsaturated_fat', 'fat_polyunsaturated'],
  ['cholesterol', 'cholesterol_intake'],
  ['sodium', 'sodium_intake'],
  ['potassium', 'potassium_intake'],
  ['calcium', 'calcium_intake'],
  ['chloride', 'chloride_intake'],
  ['iron', 'iron_intake'],
  ['magnesium', 'magnesium_intake'],
  ['phosphorus', 'phosphorus_intake'],
  ['zinc', 'zinc_intake'],
  ['copper', 'copper_intake'],
  ['manganese', 'manganese_intake'],
  ['iodine', 'iodine_intake'],
  ['selenium', 'selenium_intake'],
  ['chromium', 'chromium_intake'],
  ['molybdenum', 'molybdenum_intake'],
  ['vitamin_a', 'vitamin_a_intake'],
  ['thiamin', 'thiamin_intake'],
  ['riboflavin', 'riboflavin_intake'],
  ['niacin', 'niacin_intake'],
  ['pantothenic_acid', 'pantothenic_acid_intake'],
  ['vitamin_b6', 'vitamin_b6_intake'],
  ['biotin', 'biotin_intake'],
  ['folate', 'folate_intake'],
  ['vitamin_b12', 'vitamin_b12_intake'],
  ['vitamin_c', 'vitamin_c_intake'],
  ['vitamin_d', 'vitamin_d_intake'],
  ['vitamin_e', 'vitamin_e_intake'],
  ['vitamin_k', 'vitamin_k_intake'],
  ['caffeine', 'caffeine'],
]

/** Distance outside of sessions is that of the day's walking. */
const distance = (sport: Sport) => (sport === undefined ? 'distance_walking_running' : sport.distance)

/** A row is one record with its own time. */
export const recordPlans: Readonly<Record<string, RecordPlan>> = {
  steps_record_table: counter(value('count', 'steps', '{steps}')),
  distance_record_table: counter(value('distance', distance, 'm')),
  elevation_gained_record_table: counter(value('elevation', 'elevation_gain', 'm')),
  floors_climbed_record_table: counter(value('floors', 'flights_climbed', '{floors}')),
  wheelchair_pushes_record_table: counter(value('count', 'wheelchair_pushes', '{pushes}')),
  active_calories_burned_record_table: counter(value('energy', 'active_energy', 'kcal', caloriesToKcal)),
  total_calories_burned_record_table: counter(value('energy', 'total_energy', 'kcal', caloriesToKcal)),
  basal_metabolic_rate_record_table: plan([value('basal_metabolic_rate', 'basal_metabolic_rate', 'W')]),
  weight_record_table: plan([value('weight', 'weight', 'g')]),
  height_record_table: plan([value('height', 'height', 'm')]),
  body_fat_record_table: plan([value('percentage', 'body_fat', '%')]),
  lean_body_mass_record_table: plan([value('mass', 'lean_mass', 'g')]),
  bone_mass_record_table: plan([value('mass', 'bone_mass', 'g')]),
  body_water_mass_record_table: plan([value('body_water_mass', 'body_water_mass', 'g')]),
  resting_heart_rate_record_table: plan([value('beats_per_minute', 'resting_heart_rate', '/min')]),
  heart_rate_variability_rmssd_record_table: plan(
    [value('heart_rate_variability_millis', 'hrv_rmssd', 'ms')],
    sensed,
  ),
  respiratory_rate_record_table: plan([value('rate', 'respiratory_rate', '/min')], sensed),
  oxygen_saturation_record_table: plan([value('percentage', 'oxygen_saturation', '%')], sensed),
  vo2_max_record_table: plan([value('vo2_milliliters_per_minute_kilogram', 'vo2_max', 'mL/kg/min')], {
    facts: [fact('measurement_method', codes.vo2Methods)],
  }),
  blood_pressure_record_table: plan(
    [{ column: 'systolic', second: 'diastolic', metric: 'blood_pressure', unit: 'mm[Hg]' }],
    {
      facts: [fact('body_position', codes.bodyPositions), fact('measurement_location', codes.cuffLocations)],
    },
  ),
  body_temperature_record_table: plan([value('temperature', 'body_temperature', 'Cel')], {
    facts: [fact('measurement_location', codes.thermometerLocations)],
  }),
  basal_body_temperature_record_table: plan([value('temperature', 'basal_body_temperature', 'Cel')], {
    facts: [fact('measurement_location', codes.thermometerLocations)],
  }),
  blood_glucose_record_table: plan([value('level', 'glucose', 'mmol/L')], {
    facts: [
      fact('relation_to_meal', codes.mealRelations),
      fact('meal_type', codes.mealTypes),
      fact('specimen_source', codes.specimens),
    ],
  }),
  hydration_record_table: plan([value('volume', 'water', 'L')]),
  nutrition_record_table: plan(
    [
      value('energy', 'energy_intake', 'kcal', caloriesToKcal),
      ...nutrients.map(([column, metric]) => value(column, metric, 'g')),
    ],
    {
      facts: [fact('meal_type', codes.mealTypes)],
      notes: ['meal_name'],
      unmapped: ['energy_from_fat', 'folic_acid', 'trans_fat', 'unsaturated_fat'],
    },
  ),
  menstruation_flow_record_table: plan([graded('flow', 'menstrual_flow', codes.flows)]),
  ovulation_test_record_table: plan([graded('result', 'ovulation_test', codes.ovulationResults)]),
  cervical_mucus_record_table: plan([graded('appearance', 'cervical_mucus', codes.appearances)], {
    facts: [fact('sensation', codes.sensations)],
  }),
}

/** By the table of the samples. */
export const seriesPlans: Readonly<Record<string, SeriesPlan>> = {
  heart_rate_record_series_table: {
    parent: 'heart_rate_record_table',
    value: value('beats_per_minute', 'heart_rate', '/min'),
    facts: [],
    meta: [],
  },
  speed_record_table: {
    parent: 'SpeedRecordTable',
    value: value('speed', (sport) => sport?.speed, 'm/s'),
    facts: [],
    meta: [],
  },
  power_record_table: {
    parent: 'PowerRecordTable',
    value: value('power', (sport) => sport?.power, 'W'),
    facts: [],
    meta: [],
  },
  cycling_pedaling_cadence_record_table: {
    parent: 'CyclingPedalingCadenceRecordTable',
    value: value('revolutions_per_minute', 'cadence_cycling', '/min'),
    facts: [],
    meta: [],
  },
  steps_cadence_record_table: {
    parent: 'StepsCadenceRecordTable',
    value: value(
      'rate',
      (sport) => (sport?.cadence === 'cadence_running' ? sport.cadence : undefined),
      '/min',
    ),
    facts: [],
    meta: [],
  },
  skin_temperature_delta_table: {
    parent: 'skin_temperature_record_table',
    value: value('delta', 'temperature_deviation', 'Cel'),
    facts: [fact('measurement_location', codes.skinLocations)],
    meta: ['baseline'],
  },
}

/** Tables that the reader takes by hand. */
export const sleepTable = 'sleep_session_record_table'
export const stageTable = 'sleep_stages_table'
export const exerciseTable = 'exercise_session_record_table'
export const medicalTable = 'medical_resource_table'

/** Parts of an exercise session, kept with it. */
export const sessionParts = [
  'exercise_laps_table',
  'exercise_segments_table',
  'exercise_route_table',
] as const

/** Tables of the app's own administration: nothing that was measured. */
export const administration: ReadonlySet<string> = new Set([
  'access_logs_table',
  'activity_date_table',
  'android_metadata',
  'app_op_logs_table',
  'application_info_table',
  'backup_change_token_table',
  'change_log_request_table',
  'change_logs_table',
  'device_data_provider_metadata_table',
  'device_data_sources_table',
  'device_info_table',
  'health_data_category_priority_table',
  'medical_data_source_table',
  'medical_resource_indices_table',
  'migration_entity_table',
  'preference_table',
  'read_access_logs_table',
  'sqlite_sequence',
  'sqlite_stat1',
])

/** Every metric that Health Connect records can become. */
export function metricsOfTables(sportMetricIds: readonly string[]): readonly string[] {
  const named = [...Object.values(recordPlans).flatMap(({ values }) => values), ...seriesValues()].flatMap(
    ({ metric }) => (typeof metric === 'string' ? [metric] : []),
  )
  const byHand = [
    ...Object.values(codes.sleepStages),
    'cgm_glucose',
    'cigarettes',
    'intermenstrual_bleeding',
    'mindful_minutes',
    'moderate_activity_time',
    'sexual_activity',
    'sleep_in_bed',
    'symptom',
    'vigorous_activity_time',
    'workout',
  ]
  return [...new Set([...named, ...sportMetricIds, ...byHand])].sort()
}

function seriesValues(): readonly ValuePlan[] {
  return Object.values(seriesPlans).map((one) => one.value)
}
