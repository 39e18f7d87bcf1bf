/** How devices are called: one name for a model, whichever file of the maker it comes from. */
import { normaliseSource, type Source } from '../records/index.ts'

export interface DeviceSources {
  /** Readings at a moment, the same in all files of one recording, so that they count once. */
  readonly readings: Source
  /** Counters over a day. */
  readonly counters: Source
  /** Whole activities and what was covered in them. */
  readonly activities: Source
}

/** Product lines as they begin, in lower case without blanks and accents; longer names first. */
const lines = [
  'forerunner',
  'vivoactive',
  'vivosmart',
  'vivofit',
  'vivosport',
  'vivomove',
  'approach',
  'instinct',
  'descent',
  'oregon',
  'montana',
  'tactix',
  'enduro',
  'quatix',
  'etrex',
  'fenix',
  'index',
  'venu',
  'edge',
  'epix',
  'marq',
  'lily',
  'swim',
] as const

/**
 * `fr945` and `Forerunner 945` → `Garmin Forerunner 945`; `vivoActiveHr` and `vívoactive® HR` → `Garmin vivoactive HR`.
 */
export function garminDevice(text: string): string {
  const plain = plainName(text)
    .replace(/^garmin/, '')
    .replace(/^fr(?=\d)/, 'forerunner')
  if (plain === '') return 'Garmin'
  const line = lines.find((name) => plain.startsWith(name))
  if (!line) return `Garmin ${plain}`
  const model = plain.slice(line.length).toUpperCase()
  return `Garmin ${titleOf(line)}${model === '' ? '' : ` ${model}`}`
}

function titleOf(line: string): string {
  return /^(vivo|fenix|epix|tactix|quatix)/.test(line) ? line : `${line[0]?.toUpperCase()}${line.slice(1)}`
}

/** Whether a name is that of a Garmin device: with the maker's name, or beginning with a product line. */
export function isGarminDevice(text: string): boolean {
  const plain = plainName(text)
  return /^(garmin|fr\d)/.test(plain) || lines.some((line) => plain.startsWith(line))
}

function plainName(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase()
}

/**
 * Sources of a device. Activities are a source of their own, named after the file's format, and so rank behind daily
 * counters and behind FIT: the overlap rule then counts an exercise once, whichever of its files are there. `format` is '' where one
 * maker has one format only.
 */
export function deviceSources(app: string, device: string, format: string): DeviceSources {
  const readings = normaliseSource({ name: app, device })
  const activities = format === '' ? readings : normaliseSource({ name: `${app}/${format}`, device })
  return { readings, counters: readings, activities }
}

/** `wahooFitness` → `Wahoo Fitness`. */
export function makerTitle(maker: string): string {
  const words = maker.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll('_', ' ')
  return words === '' ? '' : `${words[0]?.toUpperCase()}${words.slice(1)}`
}
