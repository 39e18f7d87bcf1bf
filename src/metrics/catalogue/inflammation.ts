/** Inflammation and immunity. CRP and high-sensitivity CRP answer different questions and stay two metrics. */
import { unit } from '../unit-names.ts'
import { group } from './row.ts'
import { ngPerMl } from './units.ts'

const immunoglobulin = {
  units: [unit('mg/dL'), unit('g/L', 100)],
  needsUnit: true,
  displayUnits: { metric: 'g/L' },
  decimals: 0,
} as const

export const inflammation = group({ collection: 'labs', category: 'inflammation', combine: 'last' }, () => [
  {
    id: 'crp',
    name: 'C-reactive protein',
    aliases: ['c_reactive_protein'],
    loinc: '1988-5',
    units: [unit('mg/L'), unit('mg/dL', 10)],
    needsUnit: true,
    plausible: [0, 600],
    hard: [0, 2000],
    decimals: 1,
  },
  {
    id: 'hs_crp',
    name: 'C-reactive protein, high sensitivity',
    aliases: ['crp_hs', 'cardiac_crp'],
    loinc: '30522-7',
    units: [unit('mg/L'), unit('mg/dL', 10)],
    needsUnit: true,
    plausible: [0, 20],
    hard: [0, 500],
    decimals: 2,
  },
  {
    id: 'esr',
    name: 'Erythrocyte sedimentation rate',
    aliases: ['sed_rate', 'bsg'],
    loinc: '30341-2',
    loincAlternatives: [{ code: '4537-7', unit: null }],
    units: [unit('mm/h')],
    plausible: [0, 150],
    hard: [0, 300],
    decimals: 0,
  },
  {
    id: 'procalcitonin',
    name: 'Procalcitonin',
    aliases: ['pct'],
    loinc: '33959-8',
    units: ngPerMl,
    plausible: [0, 1000],
    decimals: 2,
  },
  {
    id: 'rheumatoid_factor',
    name: 'Rheumatoid factor',
    loinc: '11572-5',
    units: [unit('[IU]/mL'), unit('k[IU]/L')],
    plausible: [0, 5000],
    decimals: 0,
  },
  {
    id: 'immunoglobulin_e',
    name: 'Immunoglobulin E, total',
    aliases: ['ige'],
    loinc: '19113-0',
    units: [unit('[IU]/mL'), unit('k[IU]/L')],
    plausible: [0, 50_000],
    decimals: 0,
  },
  {
    id: 'immunoglobulin_g',
    name: 'Immunoglobulin G',
    aliases: ['igg'],
    loinc: '2465-3',
    ...immunoglobulin,
    plausible: [10, 10_000],
  },
  {
    id: 'immunoglobulin_a',
    name: 'Immunoglobulin A',
    aliases: ['iga'],
    loinc: '2458-8',
    ...immunoglobulin,
    plausible: [1, 5000],
  },
  {
    id: 'immunoglobulin_m',
    name: 'Immunoglobulin M',
    aliases: ['igm'],
    loinc: '2472-9',
    ...immunoglobulin,
    plausible: [1, 5000],
  },
])
