/** Data points as the Open mHealth schemas define them; all values are made up. */
import { arrayLaws } from '../law-fixture.ts'
export function dataPoint(name: string, body: object, namespace = 'omh', source = 'Meter') {
  return {
    header: {
      id: `id-${name}`,
      creation_date_time: '2026-02-05T07:25:00Z',
      schema_id: { namespace, name, version: '1.0' },
      acquisition_provenance: { source_name: source, modality: 'sensed' },
    },
    body,
  }
}

const at = (date_time: string) => ({ effective_time_frame: { date_time } })

export const openMHealthFixture = [
  dataPoint('blood-glucose', {
    blood_glucose: { unit: 'mg/dL', value: 95 },
    temporal_relationship_to_meal: 'fasting',
    ...at('2026-02-05T07:25:00Z'),
  }),
  dataPoint('blood-glucose', {
    blood_glucose: { unit: 'mmol/L', value: 5.5 },
    specimen_source: 'interstitial fluid',
    ...at('2026-02-05T07:25:00Z'),
  }),
  dataPoint('blood-pressure', {
    systolic_blood_pressure: { value: 125, unit: 'mmHg' },
    diastolic_blood_pressure: { value: 60, unit: 'mmHg' },
    body_posture: 'sitting',
    ...at('2026-02-05T07:25:00-08:00'),
  }),
  { body_temperature: { value: 97, unit: 'F' }, ...at('2026-02-05T07:25:00+01:00') },
  {
    step_count: 7939,
    effective_time_frame: {
      time_interval: { start_date_time: '2026-02-05T06:25:00Z', end_date_time: '2026-02-05T07:25:00Z' },
    },
  },
  {
    activity_name: 'walking',
    distance: { value: 3.1, unit: 'mi' },
    effective_time_frame: {
      time_interval: { end_date_time: '2026-02-06T07:25:00Z', duration: { value: 1, unit: 'h' } },
    },
  },
  {
    effective_time_frame: {
      time_interval: { start_date_time: '2026-02-05T21:35:00Z', duration: { value: 9, unit: 'h' } },
    },
    latency_to_sleep_onset: { value: 17.5, unit: 'min' },
    total_sleep_time: { value: 8.5, unit: 'h' },
    number_of_awakenings: 1,
    is_main_sleep: true,
  },
]

export const laws = arrayLaws('open-mhealth', 'points.json', openMHealthFixture)
