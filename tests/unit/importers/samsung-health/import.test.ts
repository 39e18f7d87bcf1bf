import { afterEach, describe, expect, it } from 'vitest'
import { runImport } from '../../../../src/importers/index.ts'
import { samsungHealth } from '../../../../src/importers/samsung-health/index.ts'
import { newTestVault, removeTestVaults } from '../../vault/engine/test-vault.ts'
import { holdsAgainstDamage } from '../adapter-run.ts'
import { inputOf, memberOf, RememberingSink, settled } from '../harness.ts'
import { importMembers, type TestOptions } from '../rows-of.ts'
import { detailPath, table, uuid } from './fixture.ts'

const shealth = (name: string) => `com.samsung.shealth.${name}`
const health = (name: string) => `com.samsung.health.${name}`

const file = (name: string, content: string) => memberOf(name, [Buffer.from(content)])
const csv = (dataType: string, titles: readonly string[], ...rows: readonly (readonly string[])[]) =>
  file(`${dataType}.20240502101010.csv`, table(dataType, titles, rows))

const own: TestOptions = { zone: undefined, defaultZone: 'Europe/Berlin' }
const run = (members: readonly ReturnType<typeof file>[], options = own) =>
  importMembers('samsung-health', members, options)

const one = async (...args: Parameters<typeof csv>) => run([csv(...args)])
const time = ['start_time', 'end_time', 'time_offset'] as const
const at = ['2024-05-01 06:00:00.000', '2024-05-01 06:10:00.000', 'UTC+0530'] as const

describe('tables', () => {
  it('are read in UTC with the offset that they state, under titles with and without prefix', async () => {
    const dataType = shealth('tracker.heart_rate')
    const titles = [
      'source',
      'tag_id',
      ...['start_time', 'end_time', 'time_offset', 'heart_rate'].map((c) => health(`heart_rate.${c}`)),
    ]
    const { report, rows } = await one(
      dataType,
      titles,
      ['', '21316', at[0], at[0], at[2], '71.0'],
      ['', '', at[0], at[1], at[2], '0.0'],
    )
    expect(rows).toEqual(['heart_rate 71 /min @ 2024-05-01T11:30:00 +0 Samsung Health'])
    expect(report.unmapped).toEqual({ 'samsung-health tracker.heart_rate': 1 })
  })

  it('give way to the zone of the person', async () => {
    const titles = [...time, 'height']
    const { rows } = await importMembers('samsung-health', [csv(health('height'), titles, [...at, '171.5'])])
    expect(rows).toEqual(['height 171.5 cm @ 2024-05-01T08:00:00 +0 Samsung Health'])
  })

  it('read epoch milliseconds and offsets in milliseconds as older exports have them', async () => {
    const { rows } = await one(
      health('body_temperature'),
      ['start_time', 'time_offset', 'temperature'],
      ['1714543200000', '3600000', '36.6'],
    )
    expect(rows).toEqual(['body_temperature 36.6 Cel @ 2024-05-01T07:00:00 +0 Samsung Health'])
  })

  it('give the composition of the body, without zeros, and keep the row', async () => {
    const titles = [
      ...time,
      'weight',
      'body_fat',
      'muscle_mass',
      'total_body_water',
      'fat_free_mass',
      'basal_metabolic_rate',
      'skeletal_muscle',
      'vfa_level',
    ]
    const { report, rows } = await one(health('weight'), titles, [
      ...at,
      '72.4',
      '21.5',
      '0.0',
      '40.1',
      '56.8',
      '1580',
      '45.0',
      '-1',
    ])
    expect(rows.map((row) => row.split(' @')[0])).toEqual([
      'basal_metabolic_rate 1580 kcal/d',
      'body_fat 21.5 %',
      'body_water_mass 40.1 kg',
      'lean_mass 56.8 kg',
      'weight 72.4 kg',
    ])
    expect(report.kept).toEqual({ 'samsung-health weight': 1 })
  })

  it('give pressure with its pulse, and glucose with its meal', async () => {
    const { rows, sink } = await run([
      csv(
        shealth('blood_pressure'),
        [...time, 'systolic', 'diastolic', 'mean', 'pulse'].map((column) =>
          health(`blood_pressure.${column}`),
        ),
        [...at, '121.0', '79.0', '0.0', '64'],
        [...at, '0', '0', '0', '0'],
      ),
      csv(
        shealth('blood_glucose'),
        [...time, 'glucose', 'meal_type'],
        [...at, '5.4', '80001'],
        [...at, '0.0', ''],
      ),
    ])
    expect(rows.map((row) => row.split(' @')[0])).toEqual([
      'blood_pressure 121/79 mm[Hg]',
      'glucose 5.4 mmol/L',
      'heart_rate 64 /min',
    ])
    const extras = sink.chunks.flatMap(({ blocks }) => blocks.flatMap(({ columns }) => columns.extraTable))
    expect(extras).toContain('{"context":"fasting"}')
  })

  it('give drinks, food, breathing, scores and readings of the night', async () => {
    const { rows } = await run([
      csv(health('water_intake'), [...time, 'amount'], [...at, '250.0']),
      csv(health('caffeine_intake'), [...time, 'amount'], [...at, '95']),
      csv(
        health('nutrition'),
        [...time, 'calorie', 'protein', 'sodium', 'vitamin_a', 'total_fat'],
        [...at, '420', '12.5', '600', '15', '0'],
      ),
      csv(shealth('breathing'), [...time, 'cycle'], [...at, '18']),
      csv(shealth('sleep_snoring'), [...time, 'duration'], [...at, '600000']),
      csv(shealth('stress'), [...time, 'score', 'binning_data'], [...at, '0.0', '']),
      csv(health('respiratory_rate'), [...time, 'average'], [...at, '14.5']),
      csv(health('skin_temperature'), [...time, 'temperature', 'min'], [...at, '34.1', '33.0']),
      csv(shealth('tracker.oxygen_saturation'), [...time, 'spo2'], [...at, '97']),
      csv(health('ecg'), [...time, 'mean_heart_rate', 'classification'], [...at, '66', '1']),
      csv(
        shealth('vitality_score'),
        ['day_time', 'total_score', 'shr_value'],
        ['2024-05-01 00:00:00.000', '80.5', '55.0'],
      ),
    ])
    expect(rows.map((row) => row.replace(/ @.*T| Samsung Health$/g, ' '))).toEqual([
      'caffeine 95 mg 11:30:00 +0 ',
      'ecg_count 1 {count} 11:30:00 +0 ',
      'energy_intake 420 kcal 11:30:00 +0 ',
      'mindful_minutes 600 s 11:30:00 +600 ',
      'oxygen_saturation 97 % 11:30:00 +600 ',
      'protein 12.5 g 11:30:00 +0 ',
      'readiness_score 80.5 {score} 00:00:00 +86400 ',
      'respiratory_rate 14.5 /min 11:30:00 +600 ',
      'sleep_heart_rate 55 /min 00:00:00 +86400 ',
      'snoring 600 s 11:30:00 +600 ',
      'sodium_intake 600 mg 11:30:00 +0 ',
      'stress_score 0 {score} 11:30:00 +600 ',
      'water 250 mL 11:30:00 +0 ',
      'wrist_temperature 34.1 Cel 11:30:00 +600 ',
    ])
  })

  it('without a metric are kept row by row', async () => {
    const { report, sink } = await one(shealth('mood'), [...time, 'mood_type', 'notes'], [...at, '4', 'good'])
    expect(report.unmapped).toEqual({ 'samsung-health mood': 1 })
    expect(JSON.parse(sink.chunks[0]?.raw[0]?.text ?? '')).toMatchObject({ mood_type: '4', notes: 'good' })
  })

  it('offer who the person is to the profile', async () => {
    const { report } = await one(
      health('user_profile'),
      ['key', 'text_value'],
      ['birth_date', '19800131'],
      ['gender', 'F'],
    )
    expect(report.profile.map(({ field, value }) => [field, value])).toEqual([
      ['dateOfBirth', '1980-01-31'],
      ['sex', 'female'],
    ])
  })

  it('name readings after the device and the application', async () => {
    const { sink } = await run([
      csv(
        health('height'),
        [...time, 'height', 'deviceuuid', 'pkg_name'],
        [...at, '171', 'w1', 'com.example.scale'],
      ),
      csv(
        health('device_profile'),
        ['deviceuuid', 'name', 'model', 'device_group'],
        ['w1', 'Galaxy Watch6', 'SM-R940', '360003'],
      ),
    ])
    expect(sink.chunks.at(-1)?.blocks[0]?.series.source).toMatchObject({
      device: 'Galaxy Watch6',
      app: 'Samsung Health/com.example.scale',
    })
  })

  it('refuse what is damaged, with its line', async () => {
    const quoted = table(health('height'), ['start_time', 'height'], [['"2024', '171']])
    expect((await run([file('x.csv', quoted)])).report.refusals).toMatchObject([
      { where: 'x.csv:3', reason: 'a quote in it is never closed' },
    ])
    const { report } = await one(
      health('height'),
      [...time, 'height'],
      ['never', '', '', '171'],
      [...at, 'tall'],
    )
    expect(report.refusals).toMatchObject([
      { where: 'com.samsung.health.height.20240502101010.csv:3', reason: 'its date cannot be read' },
      { where: 'com.samsung.health.height.20240502101010.csv:4', reason: 'the value is no number' },
    ])
  })
})

describe('sleep', () => {
  const sleep = csv(
    shealth('sleep'),
    [
      ...['start_time', 'end_time', 'time_offset', 'datauuid'].map((c) => health(`sleep.${c}`)),
      'sleep_score',
      'efficiency',
      'sleep_latency',
    ],
    ['2024-05-01 21:00:00.000', '2024-05-02 05:00:00.000', 'UTC+0200', uuid(1), '82', '91.0', '600000'],
    ['2024-05-02 12:00:00.000', '2024-05-02 12:30:00.000', 'UTC+0200', uuid(2), '', '', ''],
  )
  const stages = csv(
    health('sleep_stage'),
    [...time, 'sleep_id', 'stage'],
    ['2024-05-01 21:00:00.000', '2024-05-01 21:20:00.000', 'UTC+0200', uuid(1), '40001'],
    ['2024-05-01 21:20:00.000', '2024-05-01 23:00:00.000', 'UTC+0200', uuid(1), '40002'],
    ['2024-05-01 23:00:00.000', '2024-05-02 00:00:00.000', 'UTC+0200', uuid(1), '40003'],
    ['2024-05-02 00:00:00.000', '2024-05-02 01:00:00.000', 'UTC+0200', uuid(1), '40004'],
    ['2024-05-02 01:00:00.000', '2024-05-02 02:00:00.000', 'UTC+0200', uuid(1), '7'],
  )

  it('is its stages, and of unknown stage only where it has none, in any order of files', async () => {
    const expected = [
      'sleep_asleep 1800 s @ 2024-05-02T14:00:00 +1800 Samsung Health',
      'sleep_awake 1200 s @ 2024-05-01T23:00:00 +1200 Samsung Health',
      'sleep_core 6000 s @ 2024-05-01T23:20:00 +6000 Samsung Health',
      'sleep_deep 3600 s @ 2024-05-02T01:00:00 +3600 Samsung Health',
      'sleep_efficiency 91 % @ 2024-05-02T07:00:00 +0 Samsung Health',
      'sleep_latency 600000 ms @ 2024-05-02T07:00:00 +0 Samsung Health',
      'sleep_rem 3600 s @ 2024-05-02T02:00:00 +3600 Samsung Health',
      'sleep_score 82 {score} @ 2024-05-02T07:00:00 +0 Samsung Health',
    ]
    expect((await run([sleep, stages])).rows).toEqual(expected)
    const { report, rows } = await run([stages, sleep])
    expect(rows).toEqual(expected)
    expect(report.unmapped).toEqual({ 'samsung-health sleep_stage': 1 })
  })

  it('merged by the app from several segments is kept, not counted again', async () => {
    const { report } = await one(shealth('sleep_combined'), [...time, 'sleep_score'], [...at, '82'])
    expect(report).toMatchObject({ imported: 0, unmapped: { 'samsung-health sleep_combined': 1 } })
  })
})

describe('files that rows name', () => {
  const dataType = shealth('tracker.heart_rate')
  const name = `${uuid(3)}.binning_data.json`
  const hourly = csv(
    dataType,
    [...time, 'heart_rate', 'binning_data'],
    [...at, '70', name],
    ['2024-05-01 07:00:00.000', '2024-05-01 07:59:59.000', 'UTC+0530', '75', 'not-there.json'],
  )
  const start = Date.UTC(2024, 4, 1, 6)
  const minutes = JSON.stringify([
    { heart_rate: 68, heart_rate_min: 60, start_time: start, end_time: start + 59_999 },
    { heart_rate: 0, start_time: start + 60_000, end_time: start + 119_999 },
    9,
  ])

  it('have the minutes of an hour, which is then not taken again', async () => {
    const { report, rows } = await run([file(detailPath(dataType, name), minutes), hourly])
    expect(rows).toEqual([
      'heart_rate 68 /min @ 2024-05-01T11:30:00 +59.999 Samsung Health',
      'heart_rate 75 /min @ 2024-05-01T12:30:00 +3599 Samsung Health',
    ])
    expect(report.unmapped).toEqual({ 'samsung-health empty sample': 1 })
    expect(report.refusals).toMatchObject([{ where: `${name}:item 3`, reason: 'it is no object' }])
  })

  it('belong to the export for "import auto", even when they are empty', async () => {
    const input = inputOf(
      hourly,
      file(detailPath(dataType, name), minutes),
      file(detailPath(shealth('badge'), 'x.json'), ''),
    )
    const options = { importId: 'i', defaultZone: 'UTC' }
    const report = await runImport({ input, importer: 'auto', sink: new RememberingSink(), options })
    expect(settled(report)).toBe(report.read)
    expect(report).toMatchObject({ format: 'samsung-health', unrecognised: [] })
  })

  it('have the samples of an exercise by its kind, and its route', async () => {
    const live = `${uuid(4)}.com.samsung.health.exercise.live_data.json`
    const route = `${uuid(4)}.com.samsung.health.exercise.location_data.json`
    const titles = [
      'start_time',
      'end_time',
      'time_offset',
      'exercise_type',
      'duration',
      'distance',
      'live_data',
      'location_data',
      'calorie',
      'vo2_max',
    ]
    const { report, rows, sink } = await run([
      csv(
        shealth('exercise'),
        titles.map((column) => (column === 'vo2_max' ? column : health(`exercise.${column}`))),
        [...at, '11007', '540000', '4200.5', live, route, '150', '38.5'],
        [...at, '99999', '', '', '', '', '', ''],
        ['2024-05-01 06:00:00.000', '', '', '1001', '', '', '', '', '', ''],
      ),
      file(
        detailPath(shealth('exercise'), live),
        JSON.stringify([
          { heart_rate: 120, start_time: start },
          { speed: 7.5, cadence: 80, start_time: start + 1000 },
        ]),
      ),
      file(detailPath(shealth('exercise'), route), '[{"latitude":1,"longitude":2}]'),
    ])
    expect(rows).toEqual([
      'cadence_cycling 80 /min @ 2024-05-01T11:30:01 +0 Samsung Health',
      'cycling_speed 7.5 m/s @ 2024-05-01T11:30:01 +0 Samsung Health',
      'distance_cycling 4200.5 m @ 2024-05-01T11:30:00 +600 Samsung Health/exercise',
      'heart_rate 120 /min @ 2024-05-01T11:30:00 +0 Samsung Health',
      'vo2_max 38.5 mL/kg/min @ 2024-05-01T11:30:00 +0 Samsung Health',
      'workout 540 s @ 2024-05-01T11:30:00 +600 Samsung Health/exercise',
      'workout 600 s @ 2024-05-01T11:30:00 +600 Samsung Health/exercise',
    ])
    expect(report.kept).toEqual({ 'samsung-health exercise': 2, 'workout-route': 1 })
    expect(report.refusals).toMatchObject([{ reason: 'it has no duration' }])
    const extras = sink.chunks.flatMap(({ blocks }) => blocks.flatMap(({ columns }) => columns.extraTable))
    expect(extras).toContain('{"context":"exercise_99999"}')
  })

  it('without a metric are kept', async () => {
    const { report } = await run([
      hourly,
      file(detailPath(health('movement'), `${uuid(5)}.binning_data.json`), '[{"activity_level":1}]'),
    ])
    expect(report.kept).toEqual({ 'samsung-health movement binning_data': 1 })
  })

  it('have the variability of the night', async () => {
    const hrv = `${uuid(6)}.binning_data.json`
    const { report, rows } = await run([
      csv(health('hrv'), [...time, 'binning_data'], [...at, hrv], [...at, '']),
      file(
        detailPath(health('hrv'), hrv),
        JSON.stringify([{ start_time: start, end_time: start + 60_000, sdnn: 48.5, rmssd: 39.25 }]),
      ),
    ])
    expect(rows.map((row) => row.split(' @')[0])).toEqual(['hrv_rmssd 39.25 ms', 'hrv_sdnn 48.5 ms'])
    expect(report.unmapped).toEqual({ 'samsung-health hrv': 1 })
  })
})

describe('steps', () => {
  afterEach(removeTestVaults)

  const devices = csv(
    health('device_profile'),
    ['deviceuuid', 'name', 'device_group'],
    ['all', 'Combined', '0'],
    ['w1', 'Galaxy Watch6', '360003'],
    ['p1', 'Galaxy S23', '360001'],
  )
  const bins = `${uuid(7)}.binning_data.json`
  const midnight = String(Date.UTC(2024, 4, 1))
  const summary = (steps: string) =>
    csv(
      shealth('tracker.pedometer_day_summary'),
      ['day_time', 'step_count', 'distance', 'deviceuuid', 'source_info', 'binning_data'],
      [midnight, '5000', '3500', 'p1', '', ''],
      [midnight, '6100', '4300', 'w1', '', ''],
      [midnight, steps, '4400.5', 'all', '', bins],
    )
  const trend = csv(
    shealth('step_daily_trend'),
    ['day_time', 'count', 'source_type', 'deviceuuid'],
    ['2024-05-01 00:00:00.000', '6200', '-2', 'all'],
    ['2024-05-01 00:00:00.000', '5000', '0', 'p1'],
  )
  const minutes = csv(
    shealth('tracker.pedometer_step_count'),
    [...time, 'count', 'deviceuuid'].map((column) => health(`step_count.${column}`)),
    ['2024-05-01 08:00:00.000', '2024-05-01 08:01:00.000', 'UTC+0200', '110', 'w1'],
    ['2024-05-01 08:00:00.000', '2024-05-01 08:01:00.000', 'UTC+0200', '100', 'p1'],
  )
  const parts = file(
    detailPath(shealth('tracker.pedometer_day_summary'), bins),
    JSON.stringify([
      { mStepCount: 0, mDistance: 0 },
      { mStepCount: 90, mDistance: 60.5 },
    ]),
  )
  const total = async (...exports: readonly (readonly ReturnType<typeof file>[])[]) => {
    const { vault } = await newTestVault()
    for (const [index, members] of exports.entries()) {
      const importId = `import${index}`
      const options = { importId, zone: 'Europe/Berlin' }
      const sink = vault.importSink(importId)
      const report = await runImport({ input: inputOf(...members), importer: 'auto', sink, options })
      expect(settled(report)).toBe(report.read)
    }
    return vault.explainDay('steps', Date.UTC(2024, 4, 1) / 86_400_000).components[0]?.sum[0]
  }

  it('of a day are those of all devices together, whichever tables are there', async () => {
    expect(await total([devices, summary('6200'), trend, minutes, parts])).toBe(6200)
    expect(await total([trend])).toBe(6200)
    // Of two devices that counted the same minute one counts.
    expect(await total([minutes, devices])).toBe(100)
  })

  it('of a day in progress give way to the larger total of a later export', async () => {
    const noon = [devices, summary('3000')]
    const evening = [devices, summary('6200')]
    expect(await total(noon, evening)).toBe(6200)
    expect(await total(evening, noon)).toBe(6200)
  })

  it('of ten minutes stand behind the day', async () => {
    const { rows } = await run([devices, summary('6200'), parts])
    expect(rows.filter((row) => row.includes('10 min'))).toEqual([
      'distance_walking_running 60.5 m @ 2024-05-01T00:10:00 +600 Samsung Health/10 min',
      'steps 90 {steps} @ 2024-05-01T00:10:00 +600 Samsung Health/10 min',
    ])
  })

  it('are joined by floors, active time and energy of the day', async () => {
    const day = '2024-05-01 00:00:00.000'
    const { rows } = await run([
      csv(shealth('tracker.floors_day_summary'), ['day_time', 'floor_count'], [midnight, '12']),
      csv(health('floors_climbed'), [...time, 'floor'], [...at, '1.0']),
      csv(
        shealth('activity.day_summary'),
        ['day_time', 'step_count', 'active_time', 'exercise_time'],
        [day, '900', '3600000', '0'],
      ),
      csv(
        shealth('calories_burned.details'),
        ['day_time', 'active_calorie', 'rest_calorie', 'tef_calorie'].map((column) =>
          shealth(`calories_burned.${column}`),
        ),
        [day, '410.5', '1600', '0'],
      ),
    ])
    expect(rows).toEqual([
      'active_energy 410.5 kcal @ 2024-05-01T00:00:00 +86400 Samsung Health',
      'basal_energy 1600 kcal @ 2024-05-01T00:00:00 +86400 Samsung Health',
      'exercise_time 0 ms @ 2024-05-01T00:00:00 +86400 Samsung Health',
      'flights_climbed 1 {floors} @ 2024-05-01T11:30:00 +600 Samsung Health/minutes',
      'flights_climbed 12 {floors} @ 2024-05-01T00:00:00 +86400 Samsung Health',
      'move_time 3600000 ms @ 2024-05-01T00:00:00 +86400 Samsung Health',
    ])
  })

  it('of a day written as local midnight belong to that day', async () => {
    const localMidnight = String(Date.UTC(2024, 4, 1) - 2 * 3_600_000)
    const { rows } = await one(
      shealth('tracker.floors_day_summary'),
      ['day_time', 'floor_count'],
      [localMidnight, '3'],
    )
    expect(rows).toEqual(['flights_climbed 3 {floors} @ 2024-05-01T00:00:00 +86400 Samsung Health'])
  })
})

describe('damage', () => {
  it('of a table ends in clear refusals', async () => {
    const text = table(
      shealth('exercise'),
      [...time, 'exercise_type', 'distance'],
      [
        [...at, '1002', '2500.5'],
        [...at, '1001', '900'],
      ],
    )
    await holdsAgainstDamage(samsungHealth, Buffer.from(text), 'com.samsung.shealth.exercise.1.csv')
  }, 60_000)

  it('of a file that rows name ends in clear refusals', async () => {
    const name = `${uuid(8)}.binning_data.json`
    const text = '[{"sdnn":48.5,"start_time":1714543200000},{"rmssd":39,"start_time":1714543260000}]'
    await holdsAgainstDamage(samsungHealth, Buffer.from(text), detailPath(health('hrv'), name))
  }, 60_000)
})
