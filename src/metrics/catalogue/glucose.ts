/**
 * Glucose and diabetes. Fasting or after a meal is the context of a reading, not a metric of its own.
 *
 * Glucose: molar mass 180.156 g/mol, so 1 mmol/L = 18.0156 mg/dL (18.016, 18.018 and 18.0182 are also in use; they
 * differ by 0.01 %). HbA1c: NGSP % = 0.09148 · IFCC mmol/mol + 2.152 (IFCC–NGSP master equation).
 */
import { unit } from '../unit-names.ts'
import { boundsSources, group } from './row.ts'
import { percent } from './units.ts'

const glucoseUnits = [unit('mmol/L'), unit('mg/dL', 1 / 18.0156)]
const usGlucose = { us: 'mg/dL' } as const

const share = {
  units: percent,
  plausible: [0, 100],
  hard: [0, 100],
  boundsSource: boundsSources.definition,
  decimals: 0,
} as const

export const glucose = group({ collection: 'vitals', category: 'glucose', combine: 'mean' }, () => [
  {
    id: 'glucose',
    name: 'Blood glucose',
    aliases: ['bg', 'blood_glucose', 'blood_sugar', 'sugar', 'fasting_glucose'],
    loinc: '15074-8',
    loincAlternatives: [
      { code: '2339-0', unit: 'mg/dL' },
      { code: '2345-7', unit: 'mg/dL' },
      { code: '1558-6', unit: 'mg/dL' },
      { code: '41653-7', unit: 'mg/dL' },
      { code: '14749-6', unit: null },
      { code: '14771-0', unit: null },
    ],
    units: glucoseUnits,
    needsUnit: true,
    displayUnits: usGlucose,
    plausible: [0.28, 111],
    hard: [0, 300],
    boundsSource: boundsSources.calculator,
    decimals: 1,
  },
  {
    id: 'cgm_glucose',
    name: 'Glucose, continuous monitor (interstitial)',
    aliases: ['cgm', 'sensor_glucose', 'glucose_cgm', 'interstitial_glucose'],
    // The pair of codes that the HL7 CGM implementation guide uses.
    loinc: '105272-9',
    loincAlternatives: [{ code: '99504-3', unit: 'mg/dL' }],
    units: glucoseUnits,
    needsUnit: true,
    displayUnits: usGlucose,
    plausible: [1.1, 33.4],
    hard: [0, 60],
    decimals: 1,
  },
  {
    id: 'hba1c',
    name: 'HbA1c (NGSP)',
    aliases: ['a1c', 'hemoglobin_a1c', 'haemoglobin_a1c', 'glycated_hemoglobin', 'hba1c_ngsp'],
    collection: 'labs',
    combine: 'last',
    loinc: '4548-4',
    loincAlternatives: [
      { code: '17856-6', unit: null },
      { code: '59261-8', unit: 'mmol/mol' },
    ],
    units: [unit('%'), unit('mmol/mol', 0.09148, 2.152)],
    needsUnit: true,
    displayUnits: { uk: 'mmol/mol' },
    plausible: [3, 20],
    hard: [2.152, 30],
    decimals: 1,
  },
  {
    id: 'cgm_time_in_range',
    name: 'CGM time in range 3.9–10.0 mmol/L (70–180 mg/dL)',
    aliases: ['tir', 'time_in_range'],
    combine: 'last',
    loinc: '97510-2',
    ...share,
  },
  { id: 'cgm_time_below_range', name: 'CGM time below range', aliases: ['tbr'], combine: 'last', ...share },
  { id: 'cgm_time_above_range', name: 'CGM time above range', aliases: ['tar'], combine: 'last', ...share },
  {
    id: 'gmi',
    name: 'Glucose management indicator',
    aliases: ['glucose_management_indicator'],
    loinc: '97506-0',
    units: [unit('%')],
    combine: 'last',
    plausible: [3, 20],
    hard: [0, 30],
    decimals: 1,
  },
  {
    id: 'insulin_dose',
    name: 'Insulin given',
    aliases: ['insulin_delivery', 'insulin_units', 'bolus'],
    collection: 'medications',
    units: [unit('[IU]')],
    combine: 'sum',
    plausible: [0, 200],
    hard: [0, 1000],
    decimals: 1,
  },
  {
    id: 'insulin_fasting',
    name: 'Insulin in blood, fasting',
    aliases: ['fasting_insulin', 'serum_insulin'],
    collection: 'labs',
    combine: 'last',
    loinc: '20448-7',
    loincAlternatives: [{ code: '14796-7', unit: 'pmol/L' }],
    // The current WHO standard: 1 µIU/mL = 6.00 pmol/L; older assays used 6.945.
    units: [unit('u[IU]/mL'), unit('pmol/L', 1 / 6), unit('m[IU]/L')],
    needsUnit: true,
    displayUnits: { metric: 'pmol/L' },
    plausible: [0.2, 1000],
    decimals: 1,
  },
  {
    id: 'c_peptide',
    name: 'C-peptide',
    collection: 'labs',
    combine: 'last',
    loinc: '1986-9',
    units: [unit('ng/mL'), unit('nmol/L', 3.02), unit('pmol/L', 0.00302), unit('ug/L')],
    needsUnit: true,
    displayUnits: { metric: 'nmol/L' },
    plausible: [0.05, 50],
    decimals: 2,
  },
  {
    id: 'ketones',
    name: 'Ketones in blood (β-hydroxybutyrate)',
    aliases: ['ketone', 'blood_ketones', 'beta_hydroxybutyrate', 'bhb'],
    loinc: '6873-4',
    units: [unit('mmol/L'), unit('mg/dL', 1 / 10.4105)],
    combine: 'max',
    plausible: [0, 30],
    hard: [0, 60],
    decimals: 1,
  },
  {
    id: 'fructosamine',
    name: 'Fructosamine',
    collection: 'labs',
    combine: 'last',
    units: [unit('umol/L'), unit('mmol/L', 1000)],
    plausible: [50, 1500],
    decimals: 0,
  },
])
