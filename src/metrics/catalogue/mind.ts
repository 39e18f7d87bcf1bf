/** Mood, stress and what questionnaires give. */
import { boundsSources, group } from './row.ts'
import { minutes, score } from './units.ts'

const scale = (high: number) =>
  ({
    units: score,
    plausible: [0, high],
    hard: [0, high],
    boundsSource: boundsSources.definition,
    decimals: 0,
  }) as const

export const mind = group({ collection: 'mind', category: 'mind', combine: 'mean' }, () => [
  { id: 'mood', name: 'Mood (0–10)', ...scale(10) },
  { id: 'stress', name: 'Stress (0–10)', aliases: ['stress_level'], ...scale(10) },
  { id: 'stress_score', name: 'Stress score (device, 0–100)', ...scale(100) },
  { id: 'energy', name: 'Energy felt (0–10)', aliases: ['energy_level', 'vitality'], ...scale(10) },
  { id: 'body_battery', name: 'Body battery (device, 0–100)', ...scale(100) },
  { id: 'anxiety', name: 'Anxiety (0–10)', aliases: ['anxiety_level'], ...scale(10) },
  { id: 'focus', name: 'Concentration (0–10)', aliases: ['concentration'], ...scale(10) },
  {
    id: 'valence',
    name: 'State of mind, valence (−1 unpleasant to 1 pleasant)',
    aliases: ['state_of_mind'],
    units: score,
    plausible: [-1, 1],
    hard: [-1, 1],
    boundsSource: boundsSources.definition,
    decimals: 2,
  },
  {
    id: 'mindful_minutes',
    name: 'Mindful minutes',
    aliases: ['mindfulness', 'meditation', 'mindful_session'],
    units: minutes,
    combine: 'duration',
    plausible: [0, 720],
    hard: [0, 4320],
    decimals: 0,
  },
  {
    id: 'phq9_score',
    name: 'PHQ-9 total',
    aliases: ['phq9'],
    loinc: '44261-6',
    ...scale(27),
    combine: 'last',
  },
  {
    id: 'gad7_score',
    name: 'GAD-7 total',
    aliases: ['gad7'],
    loinc: '70274-6',
    ...scale(21),
    combine: 'last',
  },
  { id: 'who5_score', name: 'WHO-5 well-being index', aliases: ['who5'], ...scale(100), combine: 'last' },
])
