/** Hearing, light and other exposures. Sound pressure levels combine by energy; the mean of levels is an approximation. */
import { unit } from '../unit-names.ts'
import { group } from './row.ts'
import { count } from './units.ts'

const sound = { units: [unit('dB[SPL]')], plausible: [0, 140], hard: [-20, 200], decimals: 0 } as const
const event = { units: count, combine: 'sum', plausible: [0, 50], decimals: 0 } as const

export const senses = group({ collection: 'activity', category: 'senses', combine: 'mean' }, () => [
  { id: 'headphone_audio_exposure', name: 'Headphone audio level', aliases: ['headphone_audio'], ...sound },
  {
    id: 'environmental_audio_exposure',
    name: 'Environmental sound level',
    aliases: ['noise', 'environmental_audio'],
    ...sound,
  },
  {
    id: 'environmental_sound_reduction',
    name: 'Environmental sound reduction',
    ...sound,
    plausible: [0, 60],
  },
  { id: 'headphone_audio_exposure_event', name: 'Headphone audio notification', ...event },
  {
    id: 'environmental_audio_exposure_event',
    name: 'Loud environment notification',
    aliases: ['audio_exposure_event'],
    ...event,
  },
  {
    id: 'hearing_threshold',
    name: 'Hearing threshold',
    aliases: ['audiogram'],
    units: [unit('dB{HL}')],
    combine: 'last',
    plausible: [-10, 120],
    hard: [-50, 200],
    decimals: 0,
  },
  {
    id: 'uv_exposure',
    name: 'UV index',
    aliases: ['uv_index', 'uv'],
    units: [unit('{index}'), unit('1')],
    combine: 'max',
    plausible: [0, 20],
    hard: [0, 60],
    decimals: 0,
  },
  {
    id: 'water_temperature',
    name: 'Water temperature',
    units: [unit('Cel'), unit('[degF]', 5 / 9, -160 / 9)],
    needsUnit: true,
    displayUnits: { us: '[degF]' },
    plausible: [-3, 50],
    hard: [-10, 100],
    decimals: 1,
  },
  {
    id: 'underwater_depth',
    name: 'Underwater depth',
    units: [unit('m'), unit('[ft_i]', 0.3048)],
    needsUnit: true,
    displayUnits: { us: '[ft_i]' },
    combine: 'max',
    plausible: [0, 130],
    hard: [0, 400],
    decimals: 1,
  },
])
