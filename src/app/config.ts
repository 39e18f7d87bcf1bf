/**
 * Settings with their origin, and the names of vaults: `config.json` in the configuration folder.
 *
 * A setting comes from the environment (`HEALTHMATE_UNITS_SYSTEM`), else from the file, else it has its default.
 * A key that does not exist is refused wherever it stands, because a mistyped setting that is ignored does harm
 * silently. The file holds no record and no secret.
 */
import { join } from 'node:path'
import type { Region } from '../clinical/index.ts'
import { Failure } from '../foundation/index.ts'
import { metricById, type UnitPreferences, type UnitSystem } from '../metrics/index.ts'
import { canonicalPath, defaultVaultPath, type Paths } from './paths.ts'
import { codeOf, readWithoutLinks, writePrivateFile } from './private-file.ts'
import {
  allSettings,
  environmentName,
  listOf,
  parseDayStart,
  settingOf,
  unitsInEnvironment,
} from './settings.ts'

export type SettingOrigin = 'default' | 'env' | 'file'

export interface SettingView {
  readonly key: string
  readonly value: string
  readonly origin: SettingOrigin
  readonly help: string
}

export interface Config {
  /** The value of a setting with its origin. Fails with USAGE on an unknown key. */
  get(key: string): SettingView
  /** All settings, and the units of single metrics that are set. */
  entries(): readonly SettingView[]
  unitPreferences(): UnitPreferences
  /** Minutes after midnight at which a local day begins. */
  dayStartMin(): number
  /** IANA name of the person's zone; undefined where that of this computer holds. */
  timeZone(): string | undefined
  region(): Region
  color(): 'auto' | 'always' | 'never'
  /** Whether what came in while locked waits for `inbox accept`. */
  holdInbox(): boolean
  /** Source labels, most trusted first; empty for the default order. */
  sourcePriority(): readonly string[]
  /** Vault files by name. */
  vaults(): ReadonlyMap<string, string>
}

interface ConfigFile {
  readonly settings: Readonly<Record<string, string>>
  readonly vaults: Readonly<Record<string, string>>
}

type Environment = Readonly<Record<string, string | undefined>>

/** More is no configuration of ours. */
const maxConfigBytes = 1024 * 1024

export function configPath(paths: Paths): string {
  return join(paths.config, 'config.json')
}

/** Reads the file (none is an empty one) and the environment. Fails with USAGE on what it does not know. */
export function loadConfig(paths: Paths, environment: Environment): Config {
  const file = readConfigFile(paths)
  const keys = new Set([
    ...allSettings().map((setting) => setting.key),
    ...Object.keys(file.settings),
    ...unitsInEnvironment(environment).map((id) => `units.${id}`),
  ])
  const get = (key: string): SettingView => viewOf(key, file, environment, paths)
  const value = (key: string): string => get(key).value
  return {
    get,
    entries: () => [...keys].map(get),
    unitPreferences: () => ({
      system: value('units.system') as UnitSystem,
      overrides: unitOverrides(keys, value),
    }),
    dayStartMin: () => parseDayStart(value('day-start')),
    timeZone: () => value('time-zone') || undefined,
    region: () => value('region') as Region,
    color: () => value('color') as 'auto' | 'always' | 'never',
    holdInbox: () => value('inbox.hold') === 'true',
    sourcePriority: () => listOf(value('sources.priority')),
    vaults: () => new Map(Object.entries(file.vaults)),
  }
}

function viewOf(key: string, file: ConfigFile, environment: Environment, paths: Paths): SettingView {
  const setting = settingOf(key)
  const variable = environmentName(setting.key)
  const fromEnvironment = environment[variable]
  const { help } = setting
  if (fromEnvironment !== undefined && fromEnvironment !== '') {
    return { key: setting.key, value: checked(setting, fromEnvironment, variable), origin: 'env', help }
  }
  const fromFile = file.settings[setting.key]
  if (fromFile !== undefined) {
    return { key: setting.key, value: checked(setting, fromFile, configPath(paths)), origin: 'file', help }
  }
  return { key: setting.key, value: setting.default, origin: 'default', help }
}

function checked(setting: ReturnType<typeof settingOf>, value: string, where: string): string {
  try {
    return setting.normalise(value)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw new Failure(error.code, `${where}: ${error.message}`, { hint: error.hint ?? '', cause: error })
  }
}

function unitOverrides(keys: ReadonlySet<string>, value: (key: string) => string): Record<string, string> {
  const overrides: Record<string, string> = {}
  for (const key of keys) {
    const id = key.startsWith('units.') ? key.slice('units.'.length) : ''
    if (id !== 'system' && metricById(id) !== undefined) overrides[id] = value(key)
  }
  return overrides
}

/** Changes a setting; `default` takes it back. Gives its new value. Fails with USAGE, changing nothing. */
export function setSetting(paths: Paths, environment: Environment, key: string, value: string): SettingView {
  const setting = settingOf(key)
  const file = readConfigFile(paths)
  const { [setting.key]: _old, ...others } = file.settings
  const settings = value === 'default' ? others : { ...others, [setting.key]: setting.normalise(value) }
  writeConfigFile(paths, { ...file, settings })
  return loadConfig(paths, environment).get(setting.key)
}

/** Fails with USAGE on what is no name, with EXISTS when the name means another file. */
export function assertNameFree(paths: Paths, name: string, path: string): void {
  if (!/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,39}$/u.test(name)) {
    throw new Failure('USAGE', 'the name of a vault is 1 to 40 letters, digits, - and _', {
      hint: 'healthmate init --name kid',
    })
  }
  const present = readConfigFile(paths).vaults[name]
  if (present !== undefined && canonicalPath(present) !== canonicalPath(path)) {
    throw new Failure('EXISTS', `the name "${name}" means ${present} already`, {
      hint: 'healthmate vault list',
    })
  }
}

/** Gives a vault a name for `--vault`. Fails as `assertNameFree`. */
export function nameVault(paths: Paths, name: string, path: string): void {
  assertNameFree(paths, name, path)
  const file = readConfigFile(paths)
  writeConfigFile(paths, { ...file, vaults: { ...file.vaults, [name]: path } })
}

/** Takes a vault's name away; the file stays. */
export function unnameVault(paths: Paths, name: string): void {
  const file = readConfigFile(paths)
  const { [name]: _removed, ...vaults } = file.vaults
  writeConfigFile(paths, { ...file, vaults })
}

/** The vault that `--vault`, `HEALTHMATE_VAULT` or nothing means: a name of `vault list`, else a file. */
export function resolveVaultPath(
  paths: Paths,
  config: Config,
  environment: Environment,
  option?: string,
): string {
  const wanted = option ?? environment['HEALTHMATE_VAULT']
  if (wanted === undefined || wanted === '') return defaultVaultPath(paths)
  return config.vaults().get(wanted) ?? wanted
}

function readConfigFile(paths: Paths): ConfigFile {
  const path = configPath(paths)
  let text: string
  try {
    text = Buffer.from(readWithoutLinks(path, maxConfigBytes, () => {})).toString('utf8')
  } catch (error) {
    if (error instanceof Failure) throw error
    if (codeOf(error) === ' (ENOENT)') return { settings: {}, vaults: {} }
    throw new Failure('IO', `${path} cannot be read${codeOf(error)}`, { hint: `ls -l ${path}`, cause: error })
  }
  return parseConfigFile(text, path)
}

function parseConfigFile(text: string, path: string): ConfigFile {
  const broken = (reason: string): Failure =>
    new Failure('USAGE', `${path} is no configuration: ${reason}`, { hint: `Mend or remove ${path}.` })
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw broken('it is not JSON')
  }
  if (!isRecord(document)) throw broken('it is not an object')
  for (const key of Object.keys(document)) {
    if (key !== 'settings' && key !== 'vaults')
      throw broken(`it knows no "${key.slice(0, 40)}", only settings and vaults`)
  }
  const settings = textsOf(document['settings'], () => broken('"settings" holds texts by name'))
  for (const key of Object.keys(settings)) settingOf(key)
  return { settings, vaults: textsOf(document['vaults'], () => broken('"vaults" holds files by name')) }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textsOf(value: unknown, failure: () => Failure): Readonly<Record<string, string>> {
  if (value === undefined) return {}
  if (!isRecord(value)) throw failure()
  const texts: [string, string][] = []
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw failure()
    texts.push([key, text])
  }
  return Object.fromEntries(texts)
}

function writeConfigFile(paths: Paths, file: ConfigFile): void {
  writePrivateFile(configPath(paths), `${JSON.stringify(file, null, 2)}\n`)
}
