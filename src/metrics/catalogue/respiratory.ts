/** Lung function and breathing aids. */
import { unit } from '../unit-names.ts'
import { group } from './row.ts'
import { count, percent } from './units.ts'

const litres = [unit('L'), unit('mL', 0.001)]

export const respiratory = group({ collection: 'vitals', category: 'respiratory', combine: 'max' }, () => [
  {
    id: 'peak_flow',
    name: 'Peak expiratory flow',
    aliases: ['pef', 'peak_expiratory_flow', 'peak_expiratory_flow_rate'],
    loinc: '19935-6',
    loincAlternatives: [{ code: '33452-4', unit: null }],
    units: [unit('L/min'), unit('L/s', 60)],
    plausible: [30, 1000],
    hard: [0, 1500],
    decimals: 0,
  },
  {
    id: 'fev1',
    name: 'Forced expiratory volume in one second',
    aliases: ['forced_expiratory_volume1'],
    loinc: '20150-9',
    units: litres,
    plausible: [0.2, 8],
    hard: [0, 15],
    decimals: 2,
  },
  {
    id: 'fvc',
    name: 'Forced vital capacity',
    aliases: ['forced_vital_capacity'],
    units: litres,
    plausible: [0.2, 10],
    hard: [0, 15],
    decimals: 2,
  },
  {
    id: 'fev1_fvc_ratio',
    name: 'FEV1/FVC',
    aliases: ['tiffeneau'],
    loinc: '19926-5',
    units: percent,
    plausible: [10, 100],
    hard: [0, 100],
    decimals: 0,
  },
  {
    id: 'oxygen_flow',
    name: 'Oxygen therapy flow',
    aliases: ['oxygen_flow_rate'],
    units: [unit('L/min')],
    combine: 'mean',
    plausible: [0, 60],
    hard: [0, 150],
    decimals: 1,
  },
  {
    id: 'inhaler_use',
    name: 'Inhaler use',
    aliases: ['inhaler', 'inhaler_usage', 'puffs'],
    collection: 'medications',
    units: [unit('{puffs}'), unit('1')],
    combine: 'sum',
    plausible: [0, 30],
    hard: [0, 200],
    decimals: 0,
  },
  {
    id: 'cough_count',
    name: 'Coughs',
    units: count,
    combine: 'sum',
    plausible: [0, 5000],
    decimals: 0,
  },
])
