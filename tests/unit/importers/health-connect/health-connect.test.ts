import { describe, expect, it } from 'vitest'
import { healthConnect } from '../../../../src/importers/health-connect/index.ts'
import { entitiesOf, holdsAgainstDamage, rowsOf, runAdapter, type TestOptions } from '../adapter-run.ts'
import { databaseOf } from '../database.ts'
import { memberOf } from '../harness.ts'
import { allTables, at, child, exportOf, instant, interval, laws, minute } from './fixture.ts'

/** Reads an export with these rows in the zone that they state. */
async function read(statements: readonly string[], options: TestOptions = { zone: undefined }) {
  const bytes = exportOf(...statements)
  return runAdapter(healthConnect, [memberOf('health_connect_export.db', [bytes])], options)
}

const brief = async (...statements: string[]) => {
  const { sink } = await read(statements)
  return rowsOf(sink).map(({ metric, unit, values }) => [metric, unit, ...values])
}

describe('records of a Health Connect export', () => {
  it('have the units of the database: grams, metres, calories, watts, litres', async () => {
    expect(
      await brief(
        instant('weight_record_table', at, { weight: 81_400 }),
        instant('height_record_table', at, { height: 1.78 }),
        interval('total_calories_burned_record_table', at, 60, { energy: 749_366.5 }),
        interval('active_calories_burned_record_table', at, 60, { energy: 120_000 }),
        instant('basal_metabolic_rate_record_table', at, { basal_metabolic_rate: 70.5 }),
        interval('hydration_record_table', at, 1, { volume: 0.25 }),
        interval('elevation_gained_record_table', at, 10, { elevation: 12 }),
        interval('floors_climbed_record_table', at, 10, { floors: 3 }),
        instant('lean_body_mass_record_table', at, { mass: 60_000 }),
        instant('bone_mass_record_table', at, { mass: 3000 }),
        instant('body_water_mass_record_table', at, { body_water_mass: 45_000 }),
        instant('body_fat_record_table', at, { percentage: 20.8 }),
        interval('wheelchair_pushes_record_table', at, 10, { count: 40 }),
      ),
    ).toEqual([
      ['active_energy', 'kcal', 120],
      ['basal_metabolic_rate', 'W', 70.5],
      ['body_fat', '%', 20.8],
      ['body_water_mass', 'g', 45_000],
      ['bone_mass', 'g', 3000],
      ['elevation_gain', 'm', 12],
      ['flights_climbed', '{floors}', 3],
      ['height', 'm', 1.78],
      ['lean_mass', 'g', 60_000],
      ['total_energy', 'kcal', 749.3665],
      ['water', 'L', 0.25],
      ['weight', 'g', 81_400],
      ['wheelchair_pushes', '{pushes}', 40],
    ])
  })

  it('have their own offset, their app and device, and say what was typed', async () => {
    const { sink, report } = await read([
      interval('steps_record_table', at, 10, { count: 120, start_zone_offset: -18_000 }),
      instant('weight_record_table', at, {
        weight: 80_000,
        app_info_id: 2,
        device_info_id: 2,
        recording_method: 3,
      }),
      interval('steps_record_table', at, 10, {
        count: 90,
        app_info_id: 3,
        device_info_id: 3,
        start_zone_offset: null,
      }),
    ])
    expect(report).toMatchObject({ read: 3, imported: 3 })
    expect(rowsOf(sink).map(({ app, device, at: when, extra }) => [app, device, when, extra])).toEqual([
      ['Fitbit', 'Google Pixel Watch', '2026-01-05T03:00:00-300', {}],
      ['Google Fit', 'Google Pixel 9', '2026-01-05T08:00:00+0', {}],
      ['com.example.scale', '', '2026-01-05T09:00:00+60', { meta: { recording_method: 'manual_entry' } }],
    ])
    const classes = sink.chunks.flatMap(({ blocks }) => blocks.map(({ series }) => series.source.deviceClass))
    expect(classes.sort()).toEqual(['phone', 'scale', 'watch'])
    expect(report.notes.join()).toContain('local times and days are those of UTC')
  })

  it('take the zone that the person gives', async () => {
    const { sink } = await read([interval('steps_record_table', at, 10, { count: 1 })], {
      zone: 'Asia/Tokyo',
    })
    expect(rowsOf(sink)[0]?.at).toBe('2026-01-05T17:00:00+540')
  })

  it('of vital signs tell where and when they were measured', async () => {
    const { sink } = await read([
      instant('blood_pressure_record_table', at, {
        systolic: 128,
        diastolic: 82,
        body_position: '2',
        measurement_location: '3',
      }),
      instant('blood_glucose_record_table', at, {
        level: 5.6,
        relation_to_meal: '2',
        meal_type: '1',
        specimen_source: '2',
      }),
      instant('blood_glucose_record_table', at, {
        level: 6.1,
        relation_to_meal: '0',
        meal_type: '0',
        specimen_source: '1',
      }),
      instant('body_temperature_record_table', at, { temperature: 36.8, measurement_location: 8 }),
      instant('oxygen_saturation_record_table', at, { percentage: 97 }),
      instant('respiratory_rate_record_table', at, { rate: 14.6 }),
      instant('resting_heart_rate_record_table', at, { beats_per_minute: 55 }),
      instant('heart_rate_variability_rmssd_record_table', at, { heart_rate_variability_millis: 40.9 }),
      instant('vo2_max_record_table', at, { vo2_milliliters_per_minute_kilogram: 44, measurement_method: 2 }),
    ])
    expect(rowsOf(sink).map(({ metric, values, extra }) => [metric, values, extra])).toEqual([
      ['blood_pressure', [128, 82], { context: 'sitting', meta: { measurement_location: 'left_upper_arm' } }],
      ['body_temperature', [36.8], { context: 'ear' }],
      ['cgm_glucose', [6.1], { context: 'interstitial_fluid' }],
      [
        'glucose',
        [5.6],
        { context: 'fasting', meta: { meal_type: 'breakfast', specimen_source: 'capillary_blood' } },
      ],
      ['hrv_rmssd', [40.9], {}],
      ['oxygen_saturation', [97], {}],
      ['respiratory_rate', [14.6], {}],
      ['resting_heart_rate', [55], {}],
      ['vo2_max', [44], { context: 'heart_rate_ratio' }],
    ])
  })

  it('of a meal are a record for each nutrient given; what has no metric is kept with its row', async () => {
    const notGiven = 4.9e-324
    const { sink, report } = await read([
      interval('nutrition_record_table', at, 15, {
        meal_type: 3,
        meal_name: 'Soup',
        energy: 350_000,
        protein: 12.5,
        sodium: 0.8,
        iron: notGiven,
        vitamin_b12: null,
        trans_fat: 0.1,
      }),
      interval('nutrition_record_table', at, 15, { meal_type: 0, energy: notGiven }),
    ])
    expect(rowsOf(sink).map(({ metric, unit, values }) => [metric, unit, values[0]])).toEqual([
      ['energy_intake', 'kcal', 350],
      ['protein', 'g', 12.5],
      ['sodium_intake', 'g', 0.8],
    ])
    expect(rowsOf(sink)[0]?.extra).toEqual({ context: 'dinner', note: 'Soup' })
    expect(report).toMatchObject({ read: 4, unmapped: { 'Health Connect nutrition_record_table': 1 } })
    expect(report.kept).toEqual({ 'Health Connect nutrition_record_table': 1 })
  })

  it('of the cycle have the grades of the catalogue, and are kept raw where it has none', async () => {
    const { sink, report } = await read([
      instant('menstruation_flow_record_table', at, { flow: 3 }),
      instant('menstruation_flow_record_table', at, { flow: 0 }),
      interval('menstruation_period_record_table', at, 5 * 1440, {}),
      instant('intermenstrual_bleeding_record_table', at, {}),
      instant('ovulation_test_record_table', at, { result: 3 }),
      instant('ovulation_test_record_table', at, { result: 1 }),
      instant('cervical_mucus_record_table', at, { appearance: 5, sensation: 2 }),
      instant('cervical_mucus_record_table', at, { appearance: 6, sensation: 0 }),
      instant('basal_body_temperature_record_table', at, { temperature: 36.5, measurement_location: 4 }),
      instant('sexual_activity_record_table', at, { protection_used: 2 }),
    ])
    expect(
      rowsOf(sink).map(({ metric, values, minutes, extra }) => [metric, values[0], minutes, extra.context]),
    ).toEqual([
      ['basal_body_temperature', 36.5, 0, 'mouth'],
      ['cervical_mucus', 5, 0, 'medium'],
      ['intermenstrual_bleeding', 1, 0, undefined],
      ['menstrual_flow', 4, 0, undefined],
      ['menstrual_flow', 1, 0, undefined],
      ['menstrual_flow', 1, 7200, 'period'],
      ['ovulation_test', 0, 0, undefined],
      ['ovulation_test', 1, 0, undefined],
      ['sexual_activity', 1, 0, 'unprotected'],
    ])
    expect(report.unmapped).toEqual({ 'Health Connect cervical_mucus_record_table': 1 })
  })

  it('of mind, intensity, symptoms and smoking', async () => {
    const { sink, report } = await read([
      interval('mindfulness_session_record_table', at, 12, { type: 3, title: 'Box', notes: 'calm' }),
      interval('activity_intensity_record_table', at, 20, { type: 0 }),
      interval('activity_intensity_record_table', at, 8, { type: 1 }),
      interval('symptom_record_table', at, 0, { symptom_type: 26, severity: 2, notes: 'left', count: 1 }),
      interval('symptom_record_table', at, 0, { symptom_type: 49, severity: 1, count: 1 }),
      interval('symptom_record_table', at, 0, { symptom_type: 26, severity: 0, count: 1 }),
      interval('nicotine_intake_record_table', at, 5, { nicotine_intake_type: 1, quantity: 2 }),
      interval('nicotine_intake_record_table', at, 5, { nicotine_intake_type: 0, quantity: 9 }),
      interval('planned_exercise_session_record_table', at, 60, { exercise_type: 33 }),
    ])
    expect(
      rowsOf(sink).map(({ metric, values, minutes, extra }) => [metric, values[0], minutes, extra]),
    ).toEqual([
      ['cigarettes', 2, 5, {}],
      ['mindful_minutes', 12, 12, { context: 'breathing', note: 'Box: calm' }],
      ['moderate_activity_time', 20, 20, {}],
      ['symptom', 3, 0, { context: 'sneezing' }],
      ['symptom_headache', 6, 0, { note: 'left' }],
      ['vigorous_activity_time', 8, 8, {}],
    ])
    expect(report.unmapped).toEqual({
      'Health Connect nicotine_intake_record_table': 1,
      'Health Connect planned_exercise_session_record_table': 1,
      'Health Connect symptom_record_table': 1,
    })
  })
})

describe('series, nights and sessions of a Health Connect export', () => {
  it('give samples with the app, device and offset of their parent', async () => {
    const { sink, report } = await read([
      interval('heart_rate_record_table', at, 2, { row_id: 7, start_zone_offset: 7200 }),
      child('heart_rate_record_series_table', { parent_key: 7, beats_per_minute: 61, epoch_millis: at }),
      child('heart_rate_record_series_table', {
        parent_key: 7,
        beats_per_minute: 64,
        epoch_millis: at + minute,
      }),
      child('heart_rate_record_series_table', {
        parent_key: 99,
        beats_per_minute: 70,
        epoch_millis: at + 2 * minute,
      }),
      interval('skin_temperature_record_table', at, 400, {
        row_id: 1,
        measurement_location: 3,
        baseline: 33.5,
      }),
      child('skin_temperature_delta_table', { parent_key: 1, delta: -0.4, epoch_millis: at }),
    ])
    expect(report).toMatchObject({ read: 4, imported: 4 })
    expect(
      rowsOf(sink).map(({ metric, values, at: when, app, extra }) => [metric, values[0], when, app, extra]),
    ).toEqual([
      // Its parent is missing: the reading is one all the same.
      ['heart_rate', 70, '2026-01-05T08:02:00+0', 'Health Connect', {}],
      ['heart_rate', 61, '2026-01-05T10:00:00+120', 'Fitbit', {}],
      ['heart_rate', 64, '2026-01-05T10:01:00+120', 'Fitbit', {}],
      [
        'temperature_deviation',
        -0.4,
        '2026-01-05T09:00:00+60',
        'Fitbit',
        { context: 'wrist', meta: { baseline: '33.5' } },
      ],
    ])
  })

  it('tell sleep by its stages; a session without stages is sleep as a whole', async () => {
    const stage = (type: number, from: number, to: number) =>
      child('sleep_stages_table', {
        parent_key: 1,
        stage_start_time: at + from * minute,
        stage_end_time: at + to * minute,
        stage_type: type,
      })
    const { sink, report } = await read([
      interval('sleep_session_record_table', at, 100, { row_id: 1 }),
      ...[
        stage(4, 0, 20),
        stage(5, 20, 40),
        stage(6, 40, 60),
        stage(1, 60, 65),
        stage(3, 65, 70),
        stage(2, 70, 90),
        stage(0, 90, 100),
      ],
      interval('sleep_session_record_table', at + 900 * minute, 30, { row_id: 2, title: 'Nap' }),
    ])
    expect(rowsOf(sink).map(({ metric, values, minutes }) => [metric, values[0], minutes])).toEqual([
      ['sleep_asleep', 20, 20],
      ['sleep_asleep', 30, 30],
      ['sleep_awake', 5, 5],
      ['sleep_core', 20, 20],
      ['sleep_deep', 20, 20],
      ['sleep_in_bed', 100, 100],
      ['sleep_rem', 20, 20],
    ])
    expect(report).toMatchObject({ read: 9, unmapped: { 'Health Connect sleep_stages_table': 2 } })
  })

  it('give a distance, speed and power to what was exercised then', async () => {
    const during = { app_info_id: 1 }
    const { sink, report } = await read([
      interval('exercise_session_record_table', at, 60, {
        row_id: 1,
        exercise_type: 4,
        title: 'To work',
        has_route: 1,
      }),
      interval('exercise_session_record_table', at + 120 * minute, 60, { row_id: 2, exercise_type: 33 }),
      interval('exercise_session_record_table', at + 240 * minute, 60, { row_id: 3, exercise_type: 35 }),
      interval('distance_record_table', at, 60, { distance: 15_000, ...during }),
      interval('distance_record_table', at + 120 * minute, 60, { distance: 9000, app_info_id: 3 }),
      interval('distance_record_table', at + 200 * minute, 10, { distance: 300 }),
      interval('distance_record_table', at + 240 * minute, 60, { distance: 8000 }),
      interval('SpeedRecordTable', at, 1, { row_id: 1 }),
      child('speed_record_table', { parent_key: 1, speed: 4.2, epoch_millis: at + minute }),
      child('speed_record_table', { parent_key: 1, speed: 1.1, epoch_millis: at + 200 * minute }),
      interval('PowerRecordTable', at, 1, { row_id: 1 }),
      child('power_record_table', { parent_key: 1, power: 180, epoch_millis: at + minute }),
      interval('CyclingPedalingCadenceRecordTable', at, 1, { row_id: 1 }),
      child('cycling_pedaling_cadence_record_table', {
        parent_key: 1,
        revolutions_per_minute: 82,
        epoch_millis: at,
      }),
      interval('StepsCadenceRecordTable', at, 1, { row_id: 1 }),
      child('steps_cadence_record_table', { parent_key: 1, rate: 168, epoch_millis: at + 121 * minute }),
      child('exercise_laps_table', {
        parent_key: 1,
        lap_start_time: at,
        lap_end_time: at + minute,
        lap_length: 400,
      }),
      ...[0, 1].map((n) =>
        child('exercise_route_table', {
          parent_key: 1,
          timestamp_millis: at + n * 1000,
          longitude: 13.4,
          latitude: 52.5,
          horizontal_accuracy: 3,
          vertical_accuracy: 3,
          altitude: 40,
        }),
      ),
    ])
    expect(rowsOf(sink).map(({ metric, values }) => [metric, values[0]])).toEqual([
      ['cadence_cycling', 82],
      ['cadence_running', 168],
      ['cycling_power', 180],
      ['cycling_speed', 4.2],
      ['distance_cycling', 15_000],
      ['distance_walking_running', 9000],
      ['distance_walking_running', 300],
      ['workout', 60],
      ['workout', 60],
      ['workout', 60],
    ])
    expect(rowsOf(sink).at(7)?.extra).toEqual({ context: 'biking', note: 'To work' })
    expect(report.unmapped).toEqual({
      'Health Connect distance_record_table': 1,
      'Health Connect speed_record_table': 1,
    })
    expect(report.kept).toEqual({
      'Health Connect exercise_laps_table': 1,
      'Health Connect exercise_route_table': 1,
    })
  })
})

describe('a Health Connect export', () => {
  it('keeps the rows of tables that it does not know, and passes over its own administration', async () => {
    const { report, sink } = await read([
      'CREATE TABLE stress_level_record_table (row_id INTEGER PRIMARY KEY, start_time INTEGER, end_time INTEGER, level INTEGER, raw BLOB)',
      `INSERT INTO stress_level_record_table VALUES (1, ${at}, ${at}, 3, x'01ff')`,
      'CREATE TABLE change_logs_table (row_id INTEGER PRIMARY KEY, uuids BLOB)',
      "INSERT INTO change_logs_table VALUES (1, x'00')",
    ])
    expect(report).toMatchObject({ read: 1, unmapped: { 'Health Connect stress_level_record_table': 1 } })
    expect(sink.raw[0]).toContain('"raw":"Af8="')
  })

  it('takes medical records as FHIR', async () => {
    const condition = JSON.stringify({
      resourceType: 'Condition',
      id: 'c1',
      code: { coding: [{ system: 'http://snomed.info/sct', code: '195967001', display: 'Asthma' }] },
    })
    const row = (data: string) =>
      child('medical_resource_table', {
        fhir_resource_type: 1,
        fhir_resource_id: 'c1',
        fhir_data: data,
        data_source_id: 1,
        last_modified_time: at,
      })
    const { report, sink } = await read([row(condition), row('{')])
    expect(entitiesOf(sink).map(({ type }) => type)).toEqual(['condition'])
    expect(report).toMatchObject({ read: 2, refused: 1 })
    expect(report.refusals[0]).toMatchObject({
      where: 'medical_resource_table#2',
      reason: 'it is no FHIR resource',
    })
  })

  it('refuses a reading that no body has, with its place, and goes on', async () => {
    const { report } = await read([
      instant('weight_record_table', at, { weight: -5 }),
      instant('weight_record_table', at, { weight: 80_000, time: null }),
      instant('weight_record_table', at, { weight: 80_000 }),
    ])
    expect(report).toMatchObject({ read: 3, imported: 1, refused: 2 })
    expect(report.refusals.map(({ where }) => where)).toEqual([
      'weight_record_table#1',
      'weight_record_table#2',
    ])
  })

  it('tells the order of apps that the person chose', async () => {
    const { report } = await read([
      "INSERT INTO health_data_category_priority_table VALUES (1, 1, '3,1'), (2, 2, '1,2')",
      interval('steps_record_table', at, 1, { count: 1 }),
    ])
    expect(report.notes).toEqual([
      'Health Connect ranks the apps for activity: Google Fit, Fitbit (healthmate config set sources.priority "Google Fit, Fitbit")',
    ])
  })

  it('is recognised by its tables; other databases are not', async () => {
    const head = (content: Uint8Array) => async () => content.subarray(0, 65_536)
    expect(await healthConnect.recognises('x', head(databaseOf(allTables)))).toBe(true)
    expect(await healthConnect.recognises('x.db', head(databaseOf(['CREATE TABLE record_table (a)'])))).toBe(
      false,
    )
    expect(await healthConnect.recognises('health_connect_export.db', head(Buffer.from('text')))).toBe(false)
  })

  it('without record tables is refused', async () => {
    const bytes = databaseOf(['CREATE TABLE application_info_table (a)', 'CREATE TABLE my_record_table (a)'])
    const { report } = await runAdapter(healthConnect, [memberOf('x.db', [bytes])])
    expect(report.refusals.map(({ reason }) => reason)).toEqual(['it has no record tables of Health Connect'])
  })

  it('cut short or with flipped bytes ends in a report', async () => {
    const [bytes] = Object.values(laws.files(0, 4)) as Uint8Array[]
    await holdsAgainstDamage(healthConnect, bytes as Uint8Array, 'health_connect_export.db')
  }, 120_000)
})
