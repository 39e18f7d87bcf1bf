/** An export as MediKeep's export service writes it; all values are made up. */
import { arrayLaws } from '../law-fixture.ts'

const vital = (id: number, more: object = {}) => ({
  id,
  recorded_date: `2026-01-0${id}T08:00:00`,
  systolic_bp: 128,
  diastolic_bp: 82 - id,
  heart_rate: 61,
  temperature: 98.2,
  temperature_unit: '°F',
  weight: 179.5,
  weight_unit: 'lbs',
  height: null,
  height_unit: 'inches',
  oxygen_saturation: 97,
  respiratory_rate: null,
  blood_glucose: null,
  bmi: 24.1,
  pain_scale: null,
  location: 'home',
  device_used: 'Omron',
  recorded_by: null,
  notes: 'rested',
  ...more,
})

const metadata = {
  generated_at: '2026-02-01T00:00:00',
  format: 'json',
  scope: 'all',
  unit_system: 'imperial',
}
export const vitals = [vital(1), vital(2), vital(3), vital(4)]

export const mediKeepFixture = {
  export_metadata: metadata,
  patient_info: { first_name: 'Ada', birth_date: '1970-05-01', blood_type: 'A+', gender: 'F' },
  medications: [
    {
      id: 1,
      medication_name: 'Ramipril',
      dosage: '5 mg',
      frequency: 'daily',
      route: 'oral',
      indication: 'pressure',
      start_date: '2025-01-01',
      end_date: null,
      status: 'active',
      prescribed_by: 'Dr B',
    },
    { id: 2, medication_name: '' },
  ],
  lab_results: [
    {
      id: 1,
      test_name: 'Lipid panel',
      facility: 'Lab',
      ordered_date: '2026-01-05',
      completed_date: '2026-01-06',
      test_components: [
        { test_name: 'HDL Cholesterol', value: 52, unit: 'mg/dL', ref_range_min: 40, status: 'normal' },
        { test_name: 'Mystery factor', value: 5, unit: 'x' },
        { test_name: 'HDL Cholesterol', value: 52, unit: 'furlong' },
      ],
    },
    { id: 2, test_name: 'Culture', labs_result: 'negative', ordered_date: '2026-01-05' },
  ],
  allergies: [
    {
      id: 1,
      allergen: 'Penicillin',
      reaction: 'rash',
      severity: 'moderate',
      onset_date: '1999-01-01',
      status: 'active',
      notes: null,
    },
  ],
  conditions: [
    {
      id: 1,
      condition_name: 'BP',
      diagnosis: 'Hypertension',
      status: 'active',
      onset_date: '2020-01-01',
      diagnosed_by: 'Dr B',
    },
  ],
  immunizations: [
    { id: 1, vaccine_name: 'Tetanus', date_administered: '2021-06-01', dose_number: 3, lot_number: 'L1' },
  ],
  procedures: [
    { id: 1, procedure_name: 'Appendectomy', date: '1990-01-01', status: 'completed', description: 'open' },
  ],
  encounters: [{ id: 1, date: '2026-01-05', reason: 'check' }],
  vitals: [
    vital(1),
    vital(2, { blood_glucose: 101, diastolic_bp: null, temperature_unit: 'K' }),
    vital(3, { recorded_date: 'soon' }),
  ],
}

export const mediKeepTables = [
  '# PATIENT INFORMATION',
  '# Name: Ada L',
  '',
  '# VITALS',
  'diastolic_bp,heart_rate,id,notes,recorded_date,systolic_bp,weight,weight_unit',
  '82,61,1,"rested, at home",2026-01-05,128,179.5,lbs',
  '',
  '# LAB RESULTS',
  'completed_date,id,test_components,test_name',
  '2026-01-06,1,"[{""test_name"": ""HDL Cholesterol"", ""value"": 52, ""unit"": ""mg/dL""}]",Lipid panel',
  '',
  '# ALLERGIES',
  'allergen,id,status',
  'Penicillin,1,active',
  '',
].join('\r\n')

export const laws = arrayLaws('medikeep', 'medikeep.json', vitals, (part) => ({
  export_metadata: metadata,
  allergies: mediKeepFixture.allergies,
  encounters: mediKeepFixture.encounters,
  vitals: part,
}))
