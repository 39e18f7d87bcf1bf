/** Databases with the tables of Android's own source (HealthFitness, recordhelpers); all values are made up. */
import { databaseOf } from '../database.ts'
import type { LawFixture } from '../law-fixture.ts'
import type { RevisionFixture } from '../revision-fixture.ts'

const common =
  'row_id INTEGER PRIMARY KEY AUTOINCREMENT, uuid BLOB UNIQUE NOT NULL, last_modified_time INTEGER, ' +
  'client_record_id TEXT, client_record_version TEXT, device_info_id INTEGER, app_info_id INTEGER, ' +
  'recording_method INTEGER, dedupe_hash BLOB UNIQUE'
const keys =
  'FOREIGN KEY (device_info_id) REFERENCES device_info_table(row_id) ON DELETE CASCADE, ' +
  'FOREIGN KEY (app_info_id) REFERENCES application_info_table(row_id) ON DELETE CASCADE'

/** A table of instants. */
export function instants(name: string, columns: string): string {
  return (
    `CREATE TABLE ${name} (${common}, time INTEGER, zone_offset INTEGER, local_date INTEGER, ${columns}` +
    `${columns === '' ? '' : ', '}local_date_time INTEGER AS (time + 1000 * zone_offset), ${keys})`
  )
}

/** A table of intervals. */
export function intervals(name: string, columns: string): string {
  return (
    `CREATE TABLE ${name} (${common}, start_time INTEGER, start_zone_offset INTEGER, end_time INTEGER, ` +
    `end_zone_offset INTEGER, local_date INTEGER, ${columns}${columns === '' ? '' : ', '}` +
    `local_date_time_start_time INTEGER AS (start_time + 1000 * start_zone_offset), ` +
    `local_date_time_end_time INTEGER AS (end_time + 1000 * end_zone_offset), ${keys})`
  )
}

/** 2026-01-05 08:00 UTC. */
export const at = Date.UTC(2026, 0, 5, 8)
export const minute = 60_000
const hourEast = 3600

type Values = Readonly<Record<string, number | string | null>>

let rows = 0

function insert(table: string, values: Values): string {
  const given = Object.entries(values)
  const list = given.map(([, value]) => (typeof value === 'string' ? `'${value}'` : String(value)))
  return `INSERT INTO ${table} (${given.map(([name]) => name).join(', ')}) VALUES (${list.join(', ')})`
}

/** A row of a record table: app 1 and device 1 unless told otherwise. */
function record(table: string, values: Values): string {
  const row = { device_info_id: 1, app_info_id: 1, recording_method: 2, ...values }
  return insert(table, row)
    .replace('(', '(uuid, ')
    .replace('VALUES (', `VALUES (x'${(++rows).toString(16).padStart(32, '0')}', `)
}

export function instant(table: string, startMs: number, values: Values): string {
  return record(table, { time: startMs, zone_offset: hourEast, ...values })
}

export function interval(table: string, startMs: number, minutes: number, values: Values): string {
  const endMs = startMs + minutes * minute
  return record(table, {
    start_time: startMs,
    start_zone_offset: hourEast,
    end_time: endMs,
    end_zone_offset: hourEast,
    ...values,
  })
}

/** A row of a table that is no record: a sample, a stage, a part. */
export const child = insert

export const people = [
  'CREATE TABLE android_metadata (locale TEXT)',
  'CREATE TABLE application_info_table (row_id INTEGER PRIMARY KEY AUTOINCREMENT, package_name TEXT NOT NULL UNIQUE, app_name TEXT, app_icon BLOB, record_types_used TEXT)',
  'CREATE TABLE device_info_table (row_id INTEGER PRIMARY KEY AUTOINCREMENT, manufacturer TEXT, model TEXT, device_type INTEGER)',
  "INSERT INTO application_info_table VALUES (1, 'com.fitbit.FitbitMobile', 'Fitbit App', NULL, NULL), (2, 'com.example.scale', 'Scale', NULL, NULL), (3, 'com.google.android.apps.fitness', 'Fit', NULL, NULL)",
  "INSERT INTO device_info_table VALUES (1, 'Google', 'Pixel Watch', 1), (2, NULL, NULL, 0), (3, 'Google', 'Google Pixel 9', 2)",
  'CREATE TABLE health_data_category_priority_table (row_id INTEGER PRIMARY KEY AUTOINCREMENT, health_data_category INTEGER, app_id_priority_order TEXT)',
]

/** Record tables that are in every export, filled or not. */
export const recordTables = [
  intervals('steps_record_table', 'count INTEGER'),
  intervals('distance_record_table', 'distance REAL'),
  intervals('elevation_gained_record_table', 'elevation REAL'),
  intervals('floors_climbed_record_table', 'floors REAL'),
  intervals('wheelchair_pushes_record_table', 'count INTEGER'),
  intervals('active_calories_burned_record_table', 'energy REAL'),
  intervals('total_calories_burned_record_table', 'energy REAL'),
  instants('basal_metabolic_rate_record_table', 'basal_metabolic_rate REAL'),
  instants('weight_record_table', 'weight REAL'),
  instants('height_record_table', 'height REAL'),
  instants('body_fat_record_table', 'percentage REAL'),
  instants('lean_body_mass_record_table', 'mass REAL'),
  instants('bone_mass_record_table', 'mass REAL'),
  instants('body_water_mass_record_table', 'body_water_mass REAL NOT NULL'),
  instants('resting_heart_rate_record_table', 'beats_per_minute INTEGER'),
  instants('heart_rate_variability_rmssd_record_table', 'heart_rate_variability_millis REAL'),
  instants('respiratory_rate_record_table', 'rate REAL'),
  instants('oxygen_saturation_record_table', 'percentage REAL'),
  instants('vo2_max_record_table', 'measurement_method INTEGER, vo2_milliliters_per_minute_kilogram REAL'),
  instants(
    'blood_pressure_record_table',
    'measurement_location TEXT NOT NULL, diastolic REAL, body_position TEXT NOT NULL, systolic REAL',
  ),
  instants('body_temperature_record_table', 'measurement_location INTEGER, temperature REAL'),
  instants('basal_body_temperature_record_table', 'measurement_location INTEGER, temperature REAL'),
  instants(
    'blood_glucose_record_table',
    'specimen_source TEXT NOT NULL, level REAL, relation_to_meal TEXT NOT NULL, meal_type TEXT NOT NULL',
  ),
  intervals('hydration_record_table', 'volume REAL'),
  intervals(
    'nutrition_record_table',
    'meal_type INTEGER, meal_name TEXT, energy REAL, protein REAL, sodium REAL, vitamin_b12 REAL, trans_fat REAL, iron REAL',
  ),
  instants('menstruation_flow_record_table', 'flow INTEGER'),
  intervals('menstruation_period_record_table', ''),
  instants('intermenstrual_bleeding_record_table', ''),
  instants('ovulation_test_record_table', 'result INTEGER'),
  instants('cervical_mucus_record_table', 'sensation INTEGER, appearance INTEGER'),
  instants('sexual_activity_record_table', 'protection_used INTEGER'),
  intervals('activity_intensity_record_table', 'type INTEGER'),
  intervals('mindfulness_session_record_table', 'type INTEGER, title TEXT, notes TEXT'),
  intervals(
    'nicotine_intake_record_table',
    'nicotine_intake_type INTEGER, quantity INTEGER, nicotine_intake REAL',
  ),
  intervals(
    'symptom_record_table',
    'symptom_type INTEGER, notes TEXT, severity INTEGER, count INTEGER, temporal_type INTEGER',
  ),
  intervals(
    'planned_exercise_session_record_table',
    'notes TEXT, exercise_type INTEGER, title TEXT, has_explicit_time INTEGER, completed_session_id BLOB',
  ),
]

export const seriesTables = [
  intervals('heart_rate_record_table', ''),
  'CREATE TABLE heart_rate_record_series_table (parent_key INTEGER, beats_per_minute INTEGER, epoch_millis INTEGER, FOREIGN KEY (parent_key) REFERENCES heart_rate_record_table(row_id) ON DELETE CASCADE)',
  intervals('SpeedRecordTable', ''),
  'CREATE TABLE speed_record_table (parent_key INTEGER, speed REAL, epoch_millis INTEGER)',
  intervals('PowerRecordTable', ''),
  'CREATE TABLE power_record_table (parent_key INTEGER, power REAL, epoch_millis INTEGER)',
  intervals('CyclingPedalingCadenceRecordTable', ''),
  'CREATE TABLE cycling_pedaling_cadence_record_table (parent_key INTEGER, revolutions_per_minute REAL, epoch_millis INTEGER)',
  intervals('StepsCadenceRecordTable', ''),
  'CREATE TABLE steps_cadence_record_table (parent_key INTEGER, rate REAL, epoch_millis INTEGER)',
  intervals('skin_temperature_record_table', 'measurement_location INTEGER NOT NULL, baseline REAL'),
  'CREATE TABLE skin_temperature_delta_table (parent_key INTEGER, delta REAL NOT NULL, epoch_millis INTEGER NOT NULL)',
]

export const sessionTables = [
  intervals('sleep_session_record_table', 'notes TEXT, title TEXT'),
  'CREATE TABLE sleep_stages_table (parent_key INTEGER NOT NULL, stage_start_time INTEGER NOT NULL, stage_end_time INTEGER NOT NULL, stage_type INTEGER NOT NULL)',
  intervals(
    'exercise_session_record_table',
    'notes TEXT, exercise_type INTEGER, title TEXT, has_route INTEGER, session_rate_of_perceived_exertion REAL',
  ),
  'CREATE TABLE exercise_laps_table (parent_key INTEGER NOT NULL, lap_start_time INTEGER NOT NULL, lap_end_time INTEGER NOT NULL, lap_length REAL NOT NULL)',
  'CREATE TABLE exercise_segments_table (parent_key INTEGER NOT NULL, segment_start_time INTEGER NOT NULL, segment_end_time INTEGER NOT NULL, segment_type INTEGER NOT NULL, repetitions_count INTEGER NOT NULL)',
  'CREATE TABLE exercise_route_table (parent_key INTEGER NOT NULL, timestamp_millis INTEGER NOT NULL, longitude REAL NOT NULL, latitude REAL NOT NULL, horizontal_accuracy REAL NOT NULL, vertical_accuracy REAL NOT NULL, altitude REAL NOT NULL)',
]

export const medicalTables = [
  'CREATE TABLE medical_data_source_table (medical_data_source_row_id INTEGER PRIMARY KEY AUTOINCREMENT, display_name TEXT NOT NULL)',
  'CREATE TABLE medical_resource_table (medical_resource_row_id INTEGER PRIMARY KEY AUTOINCREMENT, fhir_resource_type INTEGER NOT NULL, fhir_resource_id TEXT NOT NULL, fhir_data TEXT NOT NULL, data_source_id INTEGER NOT NULL, last_modified_time INTEGER NOT NULL)',
]

export const allTables = [...people, ...recordTables, ...seriesTables, ...sessionTables, ...medicalTables]

/** An export with these rows. */
export function exportOf(...statements: readonly string[]): Uint8Array {
  return databaseOf([...allTables, ...statements])
}

/** One of everything that the laws are held to: days of their own, so that each stands without the others. */
function day(number: number): string[] {
  const start = at + number * 1440 * minute
  const id = number + 1
  // A record has the same uuid in every export.
  rows = id * 1000
  return [
    interval('steps_record_table', start, 10, { row_id: id, count: 100 + number }),
    instant('weight_record_table', start, {
      row_id: id,
      weight: 80_000 + number * 100,
      app_info_id: 2,
      recording_method: 3,
    }),
    interval('sleep_session_record_table', start - 480 * minute, 420, { row_id: id, title: 'Night' }),
    child('sleep_stages_table', {
      parent_key: id,
      stage_start_time: start - 480 * minute,
      stage_end_time: start - 400 * minute,
      stage_type: 4 + (number % 3),
    }),
    interval('heart_rate_record_table', start, 1, { row_id: id }),
    child('heart_rate_record_series_table', {
      parent_key: id,
      beats_per_minute: 60 + number,
      epoch_millis: start,
    }),
    interval('symptom_record_table', start, 0, {
      row_id: id,
      symptom_type: 26,
      severity: number % 4,
      count: 1,
    }),
  ]
}

function daysOf(from: number, to: number): Uint8Array {
  return exportOf(...Array.from({ length: to - from }, (_, index) => day(from + index)).flat())
}

export const laws: LawFixture = {
  importer: 'health-connect',
  size: 5,
  files: (from, to) => ({ 'health_connect_export.db': daysOf(from, to) }),
}

/** A weight, a count of steps and a night whose app wrote them again. */
function rewritten(
  grams: number,
  count: number,
  minutes: number,
  last_modified_time: number,
): RevisionFixture['earlier'] {
  rows = 9000
  const facts = { row_id: 1, last_modified_time }
  const bytes = exportOf(
    instant('weight_record_table', at, { ...facts, weight: grams }),
    interval('steps_record_table', at, minutes, { ...facts, count }),
    interval('sleep_session_record_table', at - 480 * minute, 420 + minutes, facts),
    child('sleep_stages_table', {
      parent_key: 1,
      stage_start_time: at - 480 * minute,
      stage_end_time: at + (minutes - 60) * minute,
      stage_type: 4,
    }),
  )
  return { 'health_connect_export.db': bytes }
}

export const revisions: readonly RevisionFixture[] = [
  {
    title: 'edited records, and an interval that grew',
    importer: 'health-connect',
    earlier: rewritten(80_500, 4000, 10, at + minute),
    later: rewritten(80_000, 9000, 40, at + 600 * minute),
    seen: {
      weight: { earlier: [80.5], later: [80] },
      steps: { earlier: [4000], later: [9000] },
      sleep_in_bed: { earlier: [430], later: [460] },
      sleep_core: { earlier: [430], later: [460] },
    },
  },
]
