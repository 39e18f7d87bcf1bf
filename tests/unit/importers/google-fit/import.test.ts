import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { googleFit } from '../../../../src/importers/google-fit/index.ts'
import { runImport } from '../../../../src/importers/index.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { newTestVault, removeTestVaults } from '../../vault/engine/test-vault.ts'
import { holdsAgainstDamage, runFile } from '../adapter-run.ts'
import { inputOf, memberOf, settled } from '../harness.ts'
import { importFile, importMembers, type TestOptions } from '../rows-of.ts'
import { merged, point, stream } from './fixture.ts'

const minute = 60_000
const hour = 60 * minute
const noon = Date.UTC(2024, 4, 1, 10)

const run = (name: string, content: string, options: TestOptions = {}) =>
  importFile('google-fit', name, content, options)

const member = (name: string, content: string) => memberOf(name, [Buffer.from(content)])

const points = (type: string, ...rest: readonly string[]) =>
  run(
    `raw_com.google.${type}.json`,
    stream(`raw:com.google.${type}:com.google.android.apps.fitness:user_input`, rest),
  )

describe('the table of days', () => {
  const table = `Date,Average weight (kg),Calories (kcal),Heart Points,Heart Minutes,Low latitude (deg),Average heart rate (bpm),Step count,Distance (m),Move Minutes count,Walking duration (ms)
2024-03-31,72.5,2000.5,12.0,10,52.1,,5000,3500.25,60,3600000
2024-04-01,,,,,,,,,,
not a day,,,,,,,100,,,
`
  it('gives sums and averages of local days, whole over the change of clocks', async () => {
    const { report, rows } = await run('Daily activity metrics.csv', table)
    const at = '@ 2024-03-31T00:00:00 +82800 Google Fit'
    expect(rows).toEqual([
      `distance_walking_running 3500.25 m ${at}`,
      `heart_points 12 {score} ${at}`,
      `move_time 60 min ${at}`,
      `steps 5000 {steps} ${at}`,
      `total_energy 2000.5 kcal ${at}`,
      `weight 72.5 kg ${at}`,
    ])
    expect(report.unmapped).toEqual({ 'google-fit day': 1 })
    expect(report.refusals).toMatchObject([
      { where: 'Daily activity metrics.csv:4', reason: 'its time cannot be read' },
    ])
  })

  it('is kept beside them without the places where the person was', async () => {
    const { sink } = await run('Daily activity metrics.csv', table)
    const texts = sink.chunks.flatMap(({ raw }) => raw.map(({ text }) => text))
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({
      'Heart Minutes': '10',
      'Walking duration (ms)': '3600000',
    })
    expect(texts.join()).not.toContain('52.1')
  })

  it('is read in German', async () => {
    const { rows } = await run(
      'Tägliche Aktivitätswerte.csv',
      'Datum,Kalorien (kcal),Distanz (m),Kardiopunkte,Schrittzahl\n2024-05-01,1800,1200,3,2500\n',
    )
    expect(rows.map((row) => row.split(' @')[0])).toEqual([
      'distance_walking_running 1200 m',
      'heart_points 3 {score}',
      'steps 2500 {steps}',
      'total_energy 1800 kcal',
    ])
  })

  it('is no table of another program with the same words', async () => {
    const text = 'Date,Distance (m),Calories (kcal)\n2024-05-01,1200,300\n'
    expect(await googleFit.recognises('runs.csv', async () => Buffer.from(text))).toBe(false)
  })

  it('keeps rows raw whose titles it cannot read, and says so', async () => {
    const { report } = await run(
      'x.csv',
      'Dátum,Energia (kcal),Távolság (m),Sebesség (m/s)\n2024-05-01,1800,1200,1.1\n',
    )
    expect(report.unmapped).toEqual({ 'google-fit day': 1 })
    expect(report.notes.join()).toContain('a language that is not read')
  })
})

describe('the table of a day', () => {
  const table = `Start time,End time,Move Minutes count,Step count,Average heart rate (bpm),High longitude (deg)
23:30:00.000+05:30,23:45:00.000+05:30,3,250,,77.2
23:45:00.000+05:30,00:00:00.000+05:30,,100,71.5,
later,,,1,,
`
  it('gives quarters of an hour with the offset that they state', async () => {
    const { report, rows, sink } = await run('2024-05-01.csv', table, { zone: undefined })
    expect(rows).toEqual([
      'heart_rate 71.5 /min @ 2024-05-01T23:45:00 +900 Google Fit/15 min',
      'move_time 3 min @ 2024-05-01T23:30:00 +900 Google Fit/15 min',
      'steps 100 {steps} @ 2024-05-01T23:45:00 +900 Google Fit/15 min',
      'steps 250 {steps} @ 2024-05-01T23:30:00 +900 Google Fit/15 min',
    ])
    expect(report.refused).toBe(1)
    expect(report.kept).toEqual({ 'google-fit day': 1 })
    const [kept] = sink.chunks.flatMap(({ raw }) => raw)
    expect(kept?.text.split('\n')).toHaveLength(3)
    expect(kept?.text).not.toContain('77.2')
  })

  it('is refused row by row under a name that tells no day', async () => {
    const { report } = await run('steps.csv', table)
    expect(report).toMatchObject({ imported: 0, refused: 3 })
  })
})

describe('data streams', () => {
  it('give every documented type in its unit', async () => {
    const at = (type: string, ...fields: Parameters<typeof point>[3]) => point(type, noon, noon, fields)
    const one = async (type: string, text: string) =>
      (await points(type, text)).rows.map((row) => row.split(' @')[0])
    expect(await one('weight', at('weight', { fpVal: 72.4000015258789 }))).toEqual(['weight 72.4 kg'])
    expect(await one('height', at('height', { fpVal: 1.75 }))).toEqual(['height 1.75 m'])
    expect(await one('x', at('body.fat.percentage', { fpVal: 21.5 }))).toEqual(['body_fat 21.5 %'])
    expect(await one('x', at('body.temperature', { fpVal: 36.6 }, { intVal: 1 }))).toEqual([
      'body_temperature 36.6 Cel',
    ])
    expect(await one('x', at('oxygen_saturation', { fpVal: 97 }, { fpVal: 0 }))).toEqual([
      'oxygen_saturation 97 %',
    ])
    expect(await one('x', at('blood_pressure', { fpVal: 121 }, { fpVal: 79 }))).toEqual([
      'blood_pressure 121/79 mm[Hg]',
    ])
    expect(await one('x', at('hydration', { fpVal: 0.25 }))).toEqual(['water 0.25 L'])
    expect(await one('x', at('calories.bmr', { fpVal: 1650 }))).toEqual(['basal_metabolic_rate 1650 kcal/d'])
    expect(await one('x', at('cycling.pedaling.cadence', { fpVal: 88 }))).toEqual(['cadence_cycling 88 /min'])
    expect(await one('x', at('menstruation', { intVal: 4 }))).toEqual(['menstrual_flow 4 {grade}'])
    expect(await one('x', at('menstruation', { intVal: 1 }))).toEqual(['intermenstrual_bleeding 1 {count}'])
    expect(await one('x', at('ovulation_test', { intVal: 2 }))).toEqual(['ovulation_test 1 {grade}'])
    expect(await one('x', at('cervical_mucus', { intVal: 5 }))).toEqual(['cervical_mucus 5 {grade}'])
  })

  it('keep what a glucose reading says about a meal', async () => {
    const text = point('blood_glucose', noon, noon, [{ fpVal: 5.5 }, { intVal: 2 }])
    const { rows, sink } = await points('blood_glucose', text)
    expect(rows).toEqual(['glucose 5.5 mmol/L @ 2024-05-01T12:00:00 +0 Google Fit'])
    expect(sink.chunks[0]?.blocks[0]?.columns.extraTable).toMatchObject([
      expect.stringContaining('"context":"fasting"'),
    ])
  })

  it('give the nutrients of a meal and keep the meal', async () => {
    const nutrients = { calories: 250, 'fat.total': 8, sodium: 400, vitamin_a: 900 }
    const mapVal = Object.entries(nutrients).map(([key, fpVal]) => ({ key, value: { fpVal } }))
    const text = point('nutrition', noon, noon + hour, [{ mapVal }, { intVal: 3 }, { stringVal: 'soup' }])
    const { report, rows } = await points('nutrition', text)
    expect(rows.map((row) => row.split(' @')[0])).toEqual([
      'energy_intake 250 kcal',
      'fat_total 8 g',
      'sodium_intake 400 mg',
    ])
    expect(report.kept).toEqual({ 'google-fit nutrition': 1 })
  })

  it('give the stages of sleep, and keep what is none', async () => {
    const texts = [1, 2, 3, 4, 5, 6].map((stage) =>
      point('sleep.segment', noon + stage * hour, noon + (stage + 1) * hour, [{ intVal: stage }]),
    )
    const { report, rows } = await points('sleep.segment', ...texts)
    expect(rows.map((row) => row.split(' @')[0])).toEqual([
      'sleep_asleep 3600 s',
      'sleep_awake 3600 s',
      'sleep_core 3600 s',
      'sleep_deep 3600 s',
      'sleep_rem 3600 s',
    ])
    expect(report.unmapped).toEqual({ 'google-fit sleep.segment': 1 })
  })

  it('read move minutes as minutes, as milliseconds where minutes are too many', async () => {
    const { report, rows } = await points(
      'active_minutes',
      point('active_minutes', noon, noon + minute, [{ intVal: 1 }]),
      point('active_minutes', noon + minute, noon + 2 * minute, [{ intVal: 60_000 }]),
      point('active_minutes', noon + hour, noon + hour + minute, [{ intVal: 90_000 }]),
    )
    expect(rows.map((row) => row.split(' @')[0])).toEqual(['move_time 1 min', 'move_time 60000 ms'])
    expect(report.refusals).toMatchObject([
      { where: 'raw_com.google.active_minutes.json:point 3', reason: 'it is longer than its interval' },
    ])
  })

  it('take no zero for a heart rate, and keep types without a metric', async () => {
    const { report } = await points(
      'mixed',
      point('heart_rate.bpm', noon, noon, [{ fpVal: 0 }]),
      point('location.sample', noon, noon, [{ fpVal: 52 }, { fpVal: 13 }]),
      point('speed', noon, noon, [{ fpVal: 1.2 }]),
      '7',
    )
    expect(report).toMatchObject({
      imported: 0,
      refused: 1,
      unmapped: { 'google-fit heart_rate.bpm': 1, 'google-fit location.sample': 1, 'google-fit speed': 1 },
    })
  })

  it('count a sample once that is in the stream of a device and in a merged one', async () => {
    const origin = 'raw:com.google.heart_rate.bpm:com.example.band:Acme:Acme Band:1a2b:live'
    const beat = (from: string) => point('heart_rate.bpm', noon, noon, [{ fpVal: 71 }], from)
    const { report, rows } = await importMembers('google-fit', [
      member('a.json', stream(origin, [beat('')])),
      member('b.json', stream(merged('heart_rate.bpm', 'merge_heart_rate_bpm'), [beat(origin)])),
    ])
    expect(rows).toEqual(
      expect.arrayContaining(['heart_rate 71 /min @ 2024-05-01T12:00:00 +0 Google Fit/com.example.band']),
    )
    expect(report).toMatchObject({ read: 2, imported: 1, duplicates: 1 })
  })

  it('are read from answers of the REST API', async () => {
    const answer = {
      dataSourceId: merged('step_count.delta', 'estimated_steps'),
      point: [
        {
          startTimeNanos: '1714557600000000000',
          endTimeNanos: '1714557660000000000',
          dataTypeName: 'com.google.step_count.delta',
          value: [{ intVal: 97, mapVal: [] }],
        },
      ],
    }
    const { rows } = await run('dataset.json', JSON.stringify(answer, null, 2))
    expect(rows).toEqual(['steps 97 {steps} @ 2024-05-01T12:00:00 +60 Google Fit/stream estimated_steps'])
  })
})

describe('sessions', () => {
  const session = (fields: object) =>
    JSON.stringify({ startTime: '2024-05-01T20:00:00.5Z', endTime: '2024-05-01T20:30:00.5Z', ...fields })

  it('become workouts with their active time, under the offset of their name', async () => {
    const text = session({
      fitnessActivity: 'running.treadmill',
      duration: '1700.25s',
      aggregate: [{ metricName: 'com.google.distance.delta', floatValue: 5000.5 }],
    })
    const { rows, sink } = await run('2024-05-02T01_30_00+05_30_RUNNING.json', text, { zone: undefined })
    expect(rows).toEqual(['workout 1700.25 s @ 2024-05-02T01:30:00 +1800 Google Fit/sessions'])
    expect(sink.chunks[0]?.blocks[0]?.columns.extraTable).toEqual([
      '{"context":"running_treadmill","meta":{"distance.delta":"5000.5"}}',
    ])
  })

  it('become sleep: by stages, else as a whole, else as the stream of segments has it', async () => {
    const stage = (fitnessActivity: string, from: string, to: string) => ({
      fitnessActivity,
      startTime: `2024-05-01T${from}:00Z`,
      endTime: `2024-05-01T${to}:00Z`,
    })
    const staged = session({
      fitnessActivity: 'sleep',
      segment: [stage('sleep.light', '20:00', '20:20'), stage('sleep.deep', '20:20', '20:30')],
    })
    const plain = session({ fitnessActivity: 'sleep' })
    const values = (rows: readonly string[]) => rows.map((row) => row.split(' @')[0])
    expect(values((await run('a.json', staged)).rows)).toEqual(['sleep_core 1200 s', 'sleep_deep 600 s'])
    expect(values((await run('b.json', plain)).rows)).toEqual(['sleep_asleep 1800 s'])
    const segment = point('sleep.segment', Date.UTC(2024, 4, 1, 20), Date.UTC(2024, 4, 1, 20, 30), [
      { intVal: 6 },
    ])
    const both = await importMembers('google-fit', [
      member('b.json', plain),
      member('c.json', stream('raw:com.google.sleep.segment:com.example:x', [segment])),
    ])
    expect(values(both.rows)).toEqual(['sleep_rem 1800 s'])
    expect(both.report.unmapped).toEqual({ 'google-fit sleep': 1 })
  })

  it('keep what no person did as exercise', async () => {
    const { report } = await run('x.json', session({ fitnessActivity: 'in_vehicle' }))
    expect(report.unmapped).toEqual({ 'google-fit in_vehicle': 1 })
  })
})

describe('a whole Takeout', () => {
  afterEach(removeTestVaults)

  const span = (from: number, minutes: number, steps: number) =>
    point('step_count.delta', noon + from * minute, noon + (from + minutes) * minute, [{ intVal: steps }])
  const phone = 'raw:com.google.step_count.delta:com.google.android.gms:Acme:Phone:1:phone'
  const watch = 'raw:com.google.step_count.delta:com.example.watch:Acme:Smart Watch:2:watch'
  const streams = [
    member('a.json', stream(phone, [span(0, 10, 900)])),
    member('b.json', stream(watch, [span(0, 10, 950), span(20, 5, 300)])),
    member(
      'c.json',
      stream(merged('step_count.delta', 'merge_step_deltas'), [span(0, 10, 950), span(20, 5, 300)]),
    ),
    member(
      'd.json',
      stream(merged('step_count.delta', 'estimated_steps'), [span(0, 10, 960), span(20, 5, 310)]),
    ),
  ]
  const quarters = member(
    'Fit/2024-05-01.csv',
    'Start time,End time,Step count,Distance (m)\n12:00:00.000+02:00,12:15:00.000+02:00,950,\n12:15:00.000+02:00,12:30:00.000+02:00,300,\n',
  )
  const days = member('Fit/Daily activity metrics.csv', 'Date,Step count,Heart Points\n2024-05-01,1250,3\n')

  const total = async (members: readonly ReturnType<typeof member>[]) => {
    const { vault } = await newTestVault()
    const options = { importId: 'i', zone: 'Europe/Berlin' }
    const report = await runImport({
      input: inputOf(...members),
      importer: 'auto',
      sink: vault.importSink('i'),
      options,
    })
    expect(settled(report)).toBe(report.read)
    expect(report.format).toBe('google-fit')
    const day = Math.floor(noon / 86_400_000)
    return vault.explainDay('steps', day).components[0]?.sum[0]
  }

  it('counts steps once, whichever of its files are there', async () => {
    expect(await total(streams)).toBe(1250)
    expect(await total([...streams].reverse())).toBe(1250)
    expect(await total([...streams, quarters])).toBe(1250)
    expect(await total([...streams, quarters, days])).toBe(1250)
    expect(await total(streams.slice(0, 3))).toBe(1250)
  })

  it('counts the larger of two totals of a day that was in progress, whichever comes first', async () => {
    const atNoon = member('a.csv', 'Date,Step count,Heart Points\n2024-05-01,600,1\n')
    for (const exports of [
      [atNoon, days],
      [days, atNoon],
    ]) {
      const { vault } = await newTestVault()
      for (const [index, one] of exports.entries()) {
        const importId = `import${index}`
        const options = { importId, zone: 'Europe/Berlin' }
        const sink = vault.importSink(importId)
        await runImport({ input: inputOf(one), importer: 'google-fit', sink, options })
      }
      const { components } = vault.explainDay('steps', Math.floor(noon / 86_400_000))
      expect(components[0]?.sum[0]).toBe(1250)
    }
  })

  it('takes averages of the finest files that have them', async () => {
    const averages = 'Average heart rate (bpm),Step count,Heart Points'
    const files = [
      member('Daily activity metrics.csv', `Date,${averages}\n2024-05-01,70,,\n2024-05-02,75,,\n`),
      member('2024-05-01.csv', `Start time,End time,${averages}\n12:00:00.000Z,12:15:00.000Z,71,,\n`),
    ]
    const rates = async (members: typeof files) =>
      (await importMembers('google-fit', members)).rows
        .filter((row) => row.startsWith('heart_rate'))
        .map((row) => row.split(' ')[1])
    expect(await rates(files)).toEqual(['71', '75'])
    const beat = point('heart_rate.bpm', noon, noon, [{ fpVal: 72 }])
    const beats = member('x.json', stream('raw:com.google.heart_rate.bpm:com.example:x', [beat]))
    expect(await rates([...files, beats])).toEqual(['72'])
  })
})

describe('damage', () => {
  it('of a stream, a session or a table ends in clear refusals', async () => {
    const beat = point('heart_rate.bpm', noon, noon, [{ fpVal: 72 }])
    const text = stream('raw:com.google.heart_rate.bpm:com.example:x', [beat, beat.replace('72', '73')])
    await holdsAgainstDamage(googleFit, Buffer.from(text), 'x.json')
    const table = 'Start time,End time,Step count,Distance (m)\n12:00:00.000Z,12:15:00.000Z,950,700\n'
    await holdsAgainstDamage(googleFit, Buffer.from(table), '2024-05-01.csv')
    const night = JSON.stringify({
      fitnessActivity: 'sleep',
      startTime: '2024-05-01T20:00:00Z',
      endTime: '2024-05-02T04:00:00Z',
      segment: [
        { fitnessActivity: 'sleep.rem', startTime: '2024-05-01T20:00:00Z', endTime: '2024-05-01T21:00:00Z' },
      ],
    })
    await holdsAgainstDamage(googleFit, Buffer.from(night), 'night.json')
  }, 60_000)
})

describe('a real table of days', () => {
  const path = sharedDataPath('google-fit', 'kaustubhgupta', 'Daily activity metrics.csv')

  it.skipIf(!path)('is counted cell by cell', async () => {
    const { report } = await runFile(path as string, { zone: 'Asia/Kolkata' })
    const counts = JSON.parse(readFileSync(sharedDataPath('COUNTS.json') as string, 'utf8')) as Record<
      string,
      { readonly filled: Readonly<Record<string, number>> }
    >
    const filled = counts['google-fit/kaustubhgupta/Daily activity metrics.csv']?.filled ?? {}
    expect(report.format).toBe('google-fit')
    expect(report.byMetric).toEqual({
      distance_walking_running: filled['Distance (m)'],
      heart_points: filled['Heart Points'],
      heart_rate: filled['Average heart rate (bpm)'],
      move_time: filled['Move Minutes count'],
      steps: filled['Step count'],
      total_energy: filled['Calories (kcal)'],
      weight: filled['Average weight (kg)'],
    })
    expect(report.refused).toBe(0)
  })
})
