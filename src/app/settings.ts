/** The settings that exist: name, default, what they accept. One row a setting; `units.<metric>` is a family. */
import { Failure, nearestZones, zoneName } from '../foundation/index.ts'
import { findMetric, metricById, metrics, resolveUnit } from '../metrics/index.ts'

export interface Setting {
  readonly key: string
  readonly default: string
  /** What it does, for `config list`. */
  readonly help: string
  /** The value in its normal form. Fails with USAGE, saying what is accepted. */
  normalise(value: string): string
}

const fixedSettings: readonly Setting[] = [
  choice('units.system', 'metric', ['metric', 'imperial', 'us', 'uk'], 'units in which values are shown'),
  {
    key: 'day-start',
    default: '00:00',
    help: 'local time at which a day begins',
    normalise: (value) => formatMinutes(parseDayStart(value)),
  },
  {
    key: 'time-zone',
    default: '',
    help: 'time zone (IANA) of your days and of times without one; that of this computer where not set',
    normalise: parseZone,
  },
  choice('region', 'other', ['us', 'eu', 'uk', 'other'], 'whose guidelines speak first'),
  choice('color', 'auto', ['auto', 'always', 'never'], 'colours in the terminal'),
  choice(
    'inbox.hold',
    'false',
    ['true', 'false'],
    'hold back what came in while locked until "inbox accept"',
  ),
  {
    key: 'sources.priority',
    default: '',
    help: 'sources in order of trust, separated by commas, where several measure the same',
    normalise: (value) => listOf(value).join(', '),
  },
]

function choice(key: string, otherwise: string, accepted: readonly string[], help: string): Setting {
  return {
    key,
    default: otherwise,
    help: `${help}: ${accepted.join(', ')}`,
    normalise(value) {
      const found = accepted.find((one) => one === value.trim().toLowerCase())
      if (found !== undefined) return found
      throw new Failure('USAGE', `${key} is one of ${accepted.join(', ')}, not "${value.slice(0, 40)}"`, {
        hint: `healthmate config set ${key} ${otherwise}`,
      })
    },
  }
}

const unitPrefix = 'units.'

/** The setting of this name. Fails with USAGE on an unknown one, naming the nearest. */
export function settingOf(key: string): Setting {
  const fixed = fixedSettings.find((setting) => setting.key === key)
  if (fixed) return fixed
  if (key.startsWith(unitPrefix) && key.length > unitPrefix.length)
    return unitSetting(key.slice(unitPrefix.length))
  const near = fixedSettings.filter((setting) => resembles(key, setting.key)).map((setting) => setting.key)
  const meant = near.length === 0 ? '' : `; did you mean ${near.map((one) => `"${one}"`).join(' or ')}?`
  throw new Failure('USAGE', `there is no setting "${key.slice(0, 60)}"${meant}`, {
    hint: 'healthmate config list',
  })
}

function unitSetting(name: string): Setting {
  const metric = findMetric(name)
  return {
    key: unitPrefix + metric.id,
    default: '',
    help: `unit in which ${metric.name} is shown, instead of that of units.system`,
    normalise: (value) => resolveUnit(metric, value).ucum,
  }
}

/** The same letters but for one mistake, or a part in common. */
function resembles(typed: string, key: string): boolean {
  const letters = (text: string): string => text.toLowerCase().replace(/[^a-z]/g, '')
  if (oneEditApart(letters(typed), letters(key))) return true
  const parts = typed
    .toLowerCase()
    .split(/[.\-_ ]+/)
    .filter((part) => part.length > 2)
  return parts.some((part) => key.includes(part) || key.split(/[.-]/).some((one) => oneEditApart(part, one)))
}

/** Whether a letter was left out, added or replaced, or two neighbours swapped. */
function oneEditApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const left = a.slice(start, a.length - end)
  const right = b.slice(start, b.length - end)
  return left.length + right.length <= 2 || (left.length === 2 && left === [...right].reverse().join(''))
}

export function allSettings(): readonly Setting[] {
  return fixedSettings
}

/** `HEALTHMATE_UNITS_SYSTEM` of `units.system`. */
export function environmentName(key: string): string {
  return `HEALTHMATE_${key.toUpperCase().replace(/[.-]/g, '_')}`
}

/** Metric ids whose unit the environment sets (`HEALTHMATE_UNITS_GLUCOSE`). */
export function unitsInEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const prefix = environmentName(unitPrefix)
  const ids = Object.keys(environment)
    .filter((name) => name.startsWith(prefix) && name !== environmentName('units.system'))
    .map((name) => name.slice(prefix.length).toLowerCase())
  return ids.filter((id) => metricById(id) !== undefined)
}

/** Every key that exists: for completion. */
export function settingKeys(): readonly string[] {
  return [...fixedSettings.map((setting) => setting.key), ...metrics.map((metric) => unitPrefix + metric.id)]
}

/** Minutes after midnight of `04:00` or `4`. Fails with USAGE. */
export function parseDayStart(text: string): number {
  const match = /^(\d{1,2})(?::(\d{2}))?$/.exec(text.trim())
  const hours = Number(match?.[1] ?? Number.NaN)
  const minutes = Number(match?.[2] ?? 0)
  if (!match || hours > 12 || minutes > 59 || hours * 60 + minutes > 720) {
    throw new Failure('USAGE', `day-start is a time from 00:00 to 12:00, not "${text.slice(0, 40)}"`, {
      hint: 'healthmate config set day-start 04:00',
    })
  }
  return hours * 60 + minutes
}

/** A zone by its IANA name; empty for that of this computer. Fails with USAGE, naming the nearest. */
function parseZone(text: string): string {
  if (text.trim() === '') return ''
  const zone = zoneName(text)
  if (zone !== undefined) return zone
  const near = nearestZones(text)
  const meant = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`
  throw new Failure('USAGE', `there is no time zone "${text.slice(0, 40)}"${meant}`, {
    hint: `healthmate config set time-zone ${near[0] ?? 'Europe/Berlin'}`,
  })
}

function formatMinutes(total: number): string {
  return `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`
}

export function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}
