/** Cycle, fertility and pregnancy. */
import { unit } from '../unit-names.ts'
import { boundsSources, group } from './row.ts'
import { count, grade, score, temperature } from './units.ts'

const { definition } = boundsSources
const result = (values: Readonly<Record<string, number>>, high: number) =>
  ({
    units: grade,
    plausible: [0, high],
    hard: [0, high],
    boundsSource: definition,
    decimals: 0,
    values,
  }) as const
const event = { units: count, combine: 'sum', plausible: [0, 20], decimals: 0 } as const
const test = result({ negative: 0, neg: 0, positive: 1, pos: 1, indeterminate: 2 }, 2)

export const reproductive = group(
  { collection: 'reproductive', category: 'reproductive', combine: 'max' },
  () => [
    {
      id: 'menstrual_flow',
      name: 'Menstrual flow',
      aliases: ['period', 'menstruation', 'flow'],
      ...result({ none: 0, unspecified: 1, light: 2, medium: 3, moderate: 3, heavy: 4 }, 4),
    },
    {
      id: 'intermenstrual_bleeding',
      name: 'Spotting between periods',
      aliases: ['spotting'],
      ...event,
    },
    { id: 'bleeding_during_pregnancy', name: 'Bleeding during pregnancy', ...event },
    { id: 'bleeding_after_pregnancy', name: 'Bleeding after pregnancy', ...event },
    {
      id: 'ovulation_test',
      name: 'Ovulation test',
      aliases: ['ovulation', 'ovulation_test_result', 'lh_test'],
      ...result(
        { negative: 0, neg: 0, positive: 1, pos: 1, 'lh surge': 1, indeterminate: 2, 'estrogen surge': 3 },
        3,
      ),
    },
    { id: 'pregnancy_test', name: 'Pregnancy test', aliases: ['pregnancy_test_result'], ...test },
    { id: 'progesterone_test', name: 'Progesterone test', aliases: ['progesterone_test_result'], ...test },
    {
      id: 'cervical_mucus',
      name: 'Cervical mucus quality',
      aliases: ['cervical_mucus_quality'],
      ...result({ dry: 1, sticky: 2, creamy: 3, watery: 4, 'egg white': 5 }, 5),
    },
    {
      id: 'basal_body_temperature',
      name: 'Basal body temperature',
      aliases: ['bbt'],
      units: temperature,
      needsUnit: true,
      displayUnits: { us: '[degF]' },
      combine: 'last',
      plausible: [34, 40],
      hard: [10, 50],
      decimals: 2,
    },
    {
      id: 'sexual_activity',
      name: 'Sexual activity',
      ...event,
    },
    {
      id: 'libido',
      name: 'Sexual desire (0–10)',
      aliases: ['sex_drive'],
      units: score,
      combine: 'mean',
      plausible: [0, 10],
      hard: [0, 10],
      boundsSource: definition,
      decimals: 0,
    },
    {
      id: 'contraceptive_use',
      name: 'Contraceptive in use',
      aliases: ['contraceptive'],
      ...event,
    },
    { id: 'pregnancy', name: 'Pregnancy (interval)', ...event },
    { id: 'lactation', name: 'Breastfeeding or lactation', aliases: ['breastfeeding'], ...event },
    { id: 'cycle_deviation_event', name: 'Cycle deviation notification', ...event },
    {
      id: 'cycle_length',
      name: 'Cycle length',
      units: [unit('d'), unit('wk', 7)],
      combine: 'last',
      plausible: [15, 120],
      hard: [1, 400],
      decimals: 0,
    },
    {
      id: 'fetal_movements',
      name: 'Fetal movements',
      aliases: ['kicks', 'kick_count'],
      units: count,
      combine: 'sum',
      plausible: [0, 300],
      decimals: 0,
    },
    {
      id: 'contractions',
      name: 'Contractions',
      units: count,
      combine: 'sum',
      plausible: [0, 300],
      decimals: 0,
    },
  ],
)
