import { describe, expect, it } from 'vitest'
import { generateAppleHealth } from '../../../../scripts/generate-apple-health.mjs'
import { categoryMetrics } from '../../../../src/importers/apple-health/categories.ts'
import { quantityMetrics } from '../../../../src/importers/apple-health/quantities.ts'
import { metrics } from '../../../../src/metrics/index.ts'
import { textToExtra } from '../../../../src/records/index.ts'
import { healthData, importText, RememberingSink, record } from '../harness.ts'

const generated = (options: object) => [...generateAppleHealth(options)].join('')
const elements = (text: string) => [...text.matchAll(/<(Record|Workout|ActivitySummary)\s/g)].length
const pressure = (systolic: string, diastolic: string) =>
  record('BloodPressureSystolic', systolic, 'mmHg') + record('BloodPressureDiastolic', diastolic, 'mmHg')
const correlation = (inside: string) =>
  ` <Correlation type="HKCorrelationTypeIdentifierBloodPressure" sourceName="Test" startDate="2026-02-01 08:00:00 +0100" endDate="2026-02-01 08:00:00 +0100">\n${inside} </Correlation>\n`
const firstBlock = (sink: RememberingSink) => {
  const block = sink.chunks[0]?.blocks[0]
  if (!block) throw new Error('no block was written')
  return block
}
const extraOf = (sink: RememberingSink) => textToExtra(firstBlock(sink).columns.extraTable[0] ?? '{}')

describe('the map', () => {
  it('names only metrics of the catalogue', () => {
    const known = new Set(metrics.map((metric) => metric.id))
    expect([...quantityMetrics, ...categoryMetrics].filter((id) => !known.has(id))).toEqual([])
  })

  it.each([
    ['StepCount', '120', 'count', 'steps', '{steps}'],
    ['HeartRate', '61', 'count/min', 'heart_rate', '/min'],
    ['BodyMass', '180.4', 'lb', 'weight', '[lb_av]'],
    ['BodyMass', '81.4', 'kg', 'weight', 'kg'],
    ['Height', '5.84', 'ft', 'height', '[ft_i]'],
    ['BodyMassIndex', '24.1', 'count', 'bmi', 'kg/m2'],
    ['ActiveEnergyBurned', '12.5', 'kJ', 'active_energy', 'kJ'],
    ['ActiveEnergyBurned', '12.5', 'Cal', 'active_energy', 'kcal'],
    ['DistanceCycling', '3.2', 'mi', 'distance_cycling', '[mi_i]'],
    ['BodyTemperature', '98.6', 'degF', 'body_temperature', '[degF]'],
    ['VO2Max', '41.5', 'mL/min·kg', 'vo2_max', 'mL/kg/min'],
    ['VO2Max', '41.5', 'mL/min&#183;kg', 'vo2_max', 'mL/kg/min'],
    ['BloodGlucose', '5.6', 'mmol&lt;180.1558800000541&gt;/L', 'glucose', 'mmol/L'],
    ['BloodGlucose', '5.6', 'mmol<180.1558800000541>/L', 'glucose', 'mmol/L'],
    ['BloodGlucose', '101', 'mg/dL', 'glucose', 'mg/dL'],
    ['HeadphoneAudioExposure', '71', 'dBASPL', 'headphone_audio_exposure', 'dB[SPL]'],
    ['OxygenSaturation', '0.97', '%', 'oxygen_saturation', '1'],
    ['OxygenSaturation', '97', '%', 'oxygen_saturation', '%'],
    ['OxygenSaturation', '1', '%', 'oxygen_saturation', '1'],
    ['InsulinDelivery', '4', 'IU', 'insulin_dose', '[IU]'],
    ['DietaryWater', '8', 'fl_oz_us', 'water', '[foz_us]'],
    ['PhysicalEffort', '2.1', 'kcal/hr·kg', 'physical_effort', 'kcal/h/kg'],
  ])('takes %s %s %s as %s in %s, number untouched', async (type, value, unit, metric, ucum) => {
    const sink = new RememberingSink()
    const report = await importText(healthData(record(type, value, unit)), {}, sink)
    expect(report.byMetric).toEqual({ [metric]: 1 })
    const block = firstBlock(sink)
    expect(block.series.unit).toBe(ucum)
    expect(block.columns.values[0]?.[0]).toBe(Number(value))
    expect(block.columns.assertionTable).toEqual([['import1']])
  })

  it.each([
    ['BodyMass', '81', 'slug', 'its unit "slug" is not one of this type'],
    ['BodyMass', '81', '', 'it has no unit: which one was meant?'],
    ['DietaryEnergyConsumed', '81', 'cal', 'its unit "cal" is not one of this type'],
    ['OxygenSaturation', '140', '%', 'the value is impossible'],
    ['HeartRate', '-5', 'count/min', 'the value is impossible'],
    ['HeartRate', '0x41', 'count/min', 'the value is no number'],
    ['HeartRate', '', 'count/min', 'the value is no number'],
    ['HeartRate', '61,5', 'count/min', 'the value is no number'],
  ])('refuses %s %s "%s" with its line', async (type, value, unit, reason) => {
    const report = await importText(healthData(record(type, value, unit)))
    expect(report).toMatchObject({ read: 1, imported: 0, refused: 1 })
    expect(report.refusals[0]).toMatchObject({ where: 'export.xml:4', reason })
  })

  it('keeps a value outside the plausible range and says so', async () => {
    const report = await importText(healthData(record('HeartRate', '320', 'count/min')))
    expect(report.imported).toBe(1)
    expect(report.notes).toEqual(['heart_rate: a value outside the plausible range was kept'])
  })
})

describe('category records', () => {
  const category = (type: string, value: string, minutes = 10) =>
    ` <Record type="HKCategoryTypeIdentifier${type}" sourceName="Test" startDate="2026-02-01 08:00:00 +0100" endDate="2026-02-01 08:${minutes}:00 +0100"${value === '' ? '' : ` value="HKCategoryValue${value}"`}/>\n`

  it.each([
    ['SleepAnalysis', 'SleepAnalysisInBed', 'sleep_in_bed', 10],
    ['SleepAnalysis', 'SleepAnalysisAsleep', 'sleep_asleep', 10],
    ['SleepAnalysis', 'SleepAnalysisAsleepUnspecified', 'sleep_asleep', 10],
    ['SleepAnalysis', 'SleepAnalysisAsleepREM', 'sleep_rem', 10],
    ['MindfulSession', 'NotApplicable', 'mindful_minutes', 10],
    ['AppleStandHour', 'AppleStandHourStood', 'stand_hours', 1],
    ['AppleStandHour', 'AppleStandHourIdle', 'stand_hours', 0],
    ['LowHeartRateEvent', '', 'low_heart_rate_event', 1],
    ['Contraceptive', 'ContraceptiveOral', 'contraceptive_use', 1],
    ['MenstrualFlow', 'VaginalBleedingHeavy', 'menstrual_flow', 4],
    ['CervicalMucusQuality', 'CervicalMucusQualityEggWhite', 'cervical_mucus', 5],
    ['OvulationTestResult', 'OvulationTestResultLuteinizingHormoneSurge', 'ovulation_test', 1],
    ['PregnancyTestResult', 'PregnancyTestResultNegative', 'pregnancy_test', 0],
    ['Headache', 'SeverityModerate', 'symptom_headache', 6],
    ['Headache', 'SeverityNotPresent', 'symptom_headache', 0],
  ])('%s %s is %s', async (type, value, metric, number) => {
    const sink = new RememberingSink()
    const report = await importText(healthData(category(type, value)), {}, sink)
    expect(report.byMetric).toEqual({ [metric]: 1 })
    expect(firstBlock(sink).columns.values[0]?.[0]).toBe(number)
  })

  it('keeps what has no number raw, verbatim', async () => {
    const sink = new RememberingSink()
    const line = category('Headache', 'SeverityUnspecified')
    const report = await importText(healthData(line + category('FutureThing', 'NotApplicable')), {}, sink)
    expect(report.unmapped).toEqual({
      HKCategoryTypeIdentifierHeadache: 1,
      HKCategoryTypeIdentifierFutureThing: 1,
    })
    expect(sink.raw[0]).toBe(`HKCategoryTypeIdentifierHeadache@export.xml:4: ${line.trim()}`)
  })
})

describe('blood pressure', () => {
  it('of a correlation is one observation with two components', async () => {
    const sink = new RememberingSink()
    const report = await importText(healthData(correlation(pressure('128', '82'))), {}, sink)
    expect(report).toMatchObject({ read: 2, imported: 1, merged: 1, byMetric: { blood_pressure: 1 } })
    expect(firstBlock(sink).columns.values.map((column) => column[0])).toEqual([128, 82])
  })

  it.each([
    ['before', pressure('128', '82') + correlation(pressure('128', '82'))],
    ['behind', correlation(pressure('128', '82')) + pressure('128', '82')],
    ['on both sides', pressure('128', '82') + correlation(pressure('128', '82')) + pressure('128', '82')],
  ])('repeated at top level %s it is merged, not doubled', async (_, items) => {
    const report = await importText(healthData(items))
    const read = elements(items)
    expect(report).toMatchObject({ read, imported: 1, merged: read - 1 })
  })

  it('of two single records is joined', async () => {
    const report = await importText(healthData(pressure('128', '82')))
    expect(report).toMatchObject({ read: 2, imported: 1, merged: 1 })
  })

  it('without partner is kept raw and told', async () => {
    const sink = new RememberingSink()
    const report = await importText(healthData(record('BloodPressureSystolic', '128', 'mmHg')), {}, sink)
    expect(report.unmapped).toEqual({ HKQuantityTypeIdentifierBloodPressureSystolic: 1 })
    expect(report.notes).toEqual(['a blood pressure component without its partner was kept raw'])
    expect(sink.raw[0]).toContain(
      'export.xml:4: <Record type="HKQuantityTypeIdentifierBloodPressureSystolic"',
    )
  })

  it('that is impossible is refused with both places', async () => {
    const report = await importText(healthData(correlation(pressure('900', '82'))))
    expect(report).toMatchObject({ read: 2, refused: 2, imported: 0 })
    expect(report.refusals.map((refusal) => refusal.where)).toEqual(['export.xml:5', 'export.xml:6'])
  })

  it('with a pulse inside the correlation keeps the pulse', async () => {
    const report = await importText(
      healthData(correlation(pressure('128', '82') + record('HeartRate', '61', 'count/min'))),
    )
    expect(report).toMatchObject({ read: 3, imported: 2, merged: 1 })
  })

  it.each(['date', 'unit', 'value'])('with a bad %s in one record keeps the other raw', async (what) => {
    const bad = record(
      'BloodPressureSystolic',
      what === 'value' ? 'x' : '128',
      what === 'unit' ? 'bar' : 'mmHg',
    )
    const text = what === 'date' ? bad.replaceAll('2026-02', '2026-13') : bad
    const report = await importText(
      healthData(correlation(text + record('BloodPressureDiastolic', '82', 'mmHg'))),
    )
    expect(report).toMatchObject({
      read: 2,
      refused: 1,
      unmapped: { HKQuantityTypeIdentifierBloodPressureDiastolic: 1 },
    })
  })
})

describe('what stands beside the value', () => {
  const withChildren = (children: string, type = 'HeartRate', unit = 'count/min') =>
    healthData(record(type, '61', unit).replace('/>', `>\n${children}\n </Record>`))

  it('goes to the extra, without identifiers that only serve synchronisation', async () => {
    const sink = new RememberingSink()
    await importText(
      withChildren(
        '<MetadataEntry key="HKMetadataKeyHeartRateMotionContext" value="1"/><MetadataEntry key="HKMetadataKeySyncIdentifier" value="5101"/>',
      ),
      {},
      sink,
    )
    expect(extraOf(sink)).toEqual({ meta: { HKMetadataKeyHeartRateMotionContext: '1' } })
  })

  it('keeps the beats of a variability reading compactly', async () => {
    const sink = new RememberingSink()
    const list =
      '<HeartRateVariabilityMetadataList><InstantaneousBeatsPerMinute bpm="61" time="7:47:41,86"/><InstantaneousBeatsPerMinute bpm="62" time="7:47:42.84"/><InstantaneousBeatsPerMinute bpm="63" time="7:47:43.80 PM"/><InstantaneousBeatsPerMinute bpm="64" time="later on"/></HeartRateVariabilityMetadataList>'
    await importText(withChildren(list, 'HeartRateVariabilitySDNN', 'ms'), {}, sink)
    expect(extraOf(sink).meta).toEqual({ beats: '61@28061.86 62+0.98 63+43200.96 64@later_on' })
  })

  it('gives the true local offset by the zone of the record, else by the option, else as written', async () => {
    const zone = '<MetadataEntry key="HKTimeZone" value="America/New_York"/>'
    const offset = async (text: string, options = {}) => {
      const sink = new RememberingSink()
      await importText(text, options, sink)
      return firstBlock(sink).columns.offsetMin[0]
    }
    expect(await offset(withChildren(zone))).toBe(-300)
    expect(await offset(withChildren(zone), { zone: 'Asia/Tokyo' })).toBe(-300)
    expect(await offset(healthData(record('HeartRate', '61', 'count/min')), { zone: 'Asia/Tokyo' })).toBe(540)
    expect(await offset(healthData(record('HeartRate', '61', 'count/min')))).toBe(60)
    expect(await offset(withChildren('<MetadataEntry key="HKTimeZone" value="Mars/Olympus"/>'))).toBe(60)
  })

  it('of a workout is its activity, totals, statistics, parts and route', async () => {
    const sink = new RememberingSink()
    const workout = ` <Workout workoutActivityType="HKWorkoutActivityTypeTraditionalStrengthTraining" duration="30.5" durationUnit="min" totalDistance="2.1" totalDistanceUnit="km" sourceName="Test" startDate="2026-02-01 08:00:00 +0100" endDate="2026-02-01 08:31:00 +0100">
  <MetadataEntry key="HKIndoorWorkout" value="1"/>
  <WorkoutEvent type="HKWorkoutEventTypeSegment" date="2026-02-01 08:00:00 +0100"/>
  <WorkoutActivity uuid="1" startDate="2026-02-01 08:00:00 +0100" duration="10" durationUnit="min">
   <WorkoutStatistics type="HKQuantityTypeIdentifierHeartRate" average="120" unit="count/min"/>
  </WorkoutActivity>
  <WorkoutStatistics type="HKQuantityTypeIdentifierActiveEnergyBurned" sum="210" unit="kcal"/>
  <WorkoutRoute sourceName="Test"><FileReference path="/workout-routes/a.gpx"/><FileReference path="/workout-routes/a.gpx"/><FileReference path="/b.gpx"/><Location date="x"/></WorkoutRoute>
 </Workout>\n`
    const report = await importText(healthData(workout), {}, sink)
    expect(report).toMatchObject({ read: 1, imported: 1, byMetric: { workout: 1 } })
    expect(firstBlock(sink).columns.values[0]?.[0]).toBe(30.5)
    expect(extraOf(sink)).toEqual({
      context: 'traditional_strength_training',
      meta: {
        HKIndoorWorkout: '1',
        totalDistance: '2.1',
        totalDistanceUnit: 'km',
        events: '1',
        'activity.1.start': '2026-02-01 08:00:00 +0100',
        'activity.1.duration': '10 min',
        'activity.1.HKQuantityTypeIdentifierHeartRate.average': '120 count/min',
        'HKQuantityTypeIdentifierActiveEnergyBurned.sum': '210 kcal',
        route: '/workout-routes/a.gpx /b.gpx',
        'route.locations': '1',
      },
    })
  })

  it('of a workout without duration is its interval; with an odd unit it is refused', async () => {
    const workout = (more: string) =>
      healthData(
        ` <Workout workoutActivityType="HKWorkoutActivityTypeRunning" ${more} sourceName="Test" startDate="2026-02-01 08:00:00 +0100" endDate="2026-02-01 08:31:00 +0100"/>\n`,
      )
    const sink = new RememberingSink()
    await importText(workout(''), {}, sink)
    expect(firstBlock(sink).columns.values[0]?.[0]).toBe(31)
    expect((await importText(workout('duration="3" durationUnit="moons"'))).refused).toBe(1)
    expect((await importText(workout('').replaceAll('2026-02', '2026-14'))).refused).toBe(1)
  })

  it('makes one device of strings that differ in memory address and software', async () => {
    const at = (address: string, software: string, minute: number) =>
      record(
        'HeartRate',
        '61',
        'count/min',
        ` device="&lt;&lt;HKDevice: ${address}&gt;, name:Apple Watch, manufacturer:Apple, model:Watch, hardware:Watch2,4, software:${software}&gt;"`,
      ).replaceAll('08:00:00', `08:0${minute}:00`)
    const sink = new RememberingSink()
    await importText(healthData(at('0x1a', '4.1', 1) + at('0x2b', '4.2', 2) + at('0x3c', '5.0', 3)), {}, sink)
    expect(sink.chunks[0]?.blocks).toHaveLength(1)
    expect(firstBlock(sink).series.source).toMatchObject({ device: 'Apple Watch', deviceClass: 'watch' })
  })

  it('offers the facts of Me to the profile', async () => {
    const report = await importText(generated({ days: 1 }))
    expect(report.profile.map(({ field, value }) => [field, value])).toEqual([
      ['dateOfBirth', '1978-04-12'],
      ['sex', 'male'],
      ['bloodType', 'A+'],
      ['skinType', 'II'],
    ])
  })

  it('with an entity that XML does not define keep it as it is written, and say so', async () => {
    const sink = new RememberingSink()
    const odd = record('StepCount', '1', 'count').replace(
      /sourceName="[^"]*"/,
      'sourceName="A&nbsp;B &amp; C"',
    )
    const { notes } = await importText(healthData(odd), {}, sink)
    expect(notes).toContain(
      'a reference to an entity that XML does not define (&nbsp;) was kept as it is written',
    )
    expect([...sink.rows.keys()].join()).toContain('A&nbsp;B & C')
  })

  it('keeps clinical records and unknown elements beside the account', async () => {
    const sink = new RememberingSink()
    const report = await importText(
      healthData(
        ' <ClinicalRecord type="x" identifier="1"/>\n <Audiogram type="y"><SensitivityPoint/></Audiogram>\n <StateOfMind a="1"/>\n',
      ),
      {},
      sink,
    )
    expect(report).toMatchObject({ read: 0, kept: { Audiogram: 1, ClinicalRecord: 1, StateOfMind: 1 } })
    expect(sink.raw).toHaveLength(3)
  })

  it('reads first-generation exports', async () => {
    const sink = new RememberingSink()
    const line =
      ' <Record type="HKQuantityTypeIdentifierStepCount" source="iPhone" unit="count" startDate="20140104084300-0800" endDate="20140104094300-0800" value="40" recordCount="3"/>\n'
    const report = await importText(healthData(line), {}, sink)
    expect(report).toMatchObject({
      imported: 1,
      from: '2014-01-04T08:43:00-08:00',
      to: '2014-01-04T09:43:00-08:00',
    })
    expect(firstBlock(sink).series.source.app).toBe('iPhone')
  })
})
