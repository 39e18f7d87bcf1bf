import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  configPath,
  loadConfig,
  nameVault,
  resolveVaultPath,
  setSetting,
  unnameVault,
} from '../../../src/app/config.ts'
import type { Paths } from '../../../src/app/paths.ts'
import { settingKeys } from '../../../src/app/settings.ts'
import { personZone, systemZone } from '../../../src/app/zone.ts'
import { freshPlaces } from './places.ts'

function written(text: string): Paths {
  const { paths } = freshPlaces()
  mkdirSync(dirname(configPath(paths)), { recursive: true })
  writeFileSync(configPath(paths), text)
  return paths
}

describe('settings', () => {
  it('have defaults without a file', () => {
    const config = loadConfig(freshPlaces().paths, {})
    expect(config.get('units.system')).toMatchObject({ value: 'metric', origin: 'default' })
    expect(config.unitPreferences()).toEqual({ system: 'metric', overrides: {} })
    expect([config.dayStartMin(), config.region(), config.color(), config.holdInbox()]).toEqual([
      0,
      'other',
      'auto',
      false,
    ])
    expect(config.sourcePriority()).toEqual([])
  })
  it('say whether they come from the environment, the file or nowhere', () => {
    const { paths } = freshPlaces()
    setSetting(paths, {}, 'units.system', 'us')
    setSetting(paths, {}, 'day-start', '4')
    const config = loadConfig(paths, {
      HEALTHMATE_UNITS_SYSTEM: 'UK',
      HEALTHMATE_UNITS_GLUCOSE: 'mg/dL',
      HEALTHMATE_REGION: '',
    })
    expect(config.get('units.system')).toMatchObject({ value: 'uk', origin: 'env' })
    expect(config.get('day-start')).toMatchObject({ value: '04:00', origin: 'file' })
    expect(config.get('region')).toMatchObject({ value: 'other', origin: 'default' })
    expect(config.dayStartMin()).toBe(240)
    expect(config.unitPreferences()).toEqual({ system: 'uk', overrides: { glucose: 'mg/dL' } })
    expect(config.entries().map(({ key }) => key)).toContain('units.glucose')
  })
  it('take metrics by alias and units by spelling, and keep id and UCUM code', () => {
    const { paths } = freshPlaces()
    expect(setSetting(paths, {}, 'units.kg', 'lbs')).toMatchObject({ key: 'units.weight', value: '[lb_av]' })
    expect(loadConfig(paths, {}).unitPreferences().overrides).toEqual({ weight: '[lb_av]' })
  })
  it('go back to their default', () => {
    const { paths } = freshPlaces()
    setSetting(paths, {}, 'inbox.hold', 'true')
    expect(loadConfig(paths, {}).holdInbox()).toBe(true)
    expect(setSetting(paths, {}, 'inbox.hold', 'default')).toMatchObject({
      value: 'false',
      origin: 'default',
    })
  })
  it('take a time zone by its name in any case, and that of the computer where none is set', () => {
    const { paths } = freshPlaces()
    expect(loadConfig(paths, {}).timeZone()).toBeUndefined()
    expect(personZone(loadConfig(paths, {}))).toBe(systemZone())
    setSetting(paths, {}, 'time-zone', 'europe/berlin')
    expect(personZone(loadConfig(paths, {}))).toBe('Europe/Berlin')
    expect(loadConfig(paths, { HEALTHMATE_TIME_ZONE: 'Asia/Tokyo' }).timeZone()).toBe('Asia/Tokyo')
    setSetting(paths, {}, 'time-zone', 'default')
    expect(loadConfig(paths, {}).timeZone()).toBeUndefined()
  })
  it('keep the order of trusted sources', () => {
    const { paths } = freshPlaces()
    setSetting(paths, {}, 'sources.priority', ' Watch ,, Phone')
    expect(loadConfig(paths, {}).sourcePriority()).toEqual(['Watch', 'Phone'])
  })
  it.each([
    ['units.sytem', 'us', /no setting "units.sytem"; did you mean "units.system"\?|unknown|no metric/i],
    ['daystart', '4', /no setting "daystart".*"day-start"/],
    ['regoin', 'us', /no setting "regoin"; did you mean "region"/],
    ['units.system', 'imperail', /one of metric, imperial, us, uk/],
    ['day-start', '25:00', /from 00:00 to 12:00/],
    ['day-start', 'noon', /from 00:00 to 12:00/],
    ['time-zone', 'Europe/Berln', /no time zone "Europe\/Berln"; did you mean Europe\/Berlin/],
    ['time-zone', '+02:00', /no time zone "\+02:00"/],
    ['timezone', 'UTC', /no setting "timezone".*"time-zone"/],
    ['units.weight', 'mmol/L', /.*/],
    ['units.wieght', 'kg', /.*/],
    ['xyz', '1', /no setting "xyz"$/],
  ])('refuse %s = %s and change nothing', (key, value, message) => {
    const { paths } = freshPlaces()
    expect(() => setSetting(paths, {}, key, value)).toThrow(message)
    expect(loadConfig(paths, {}).get('units.system').origin).toBe('default')
  })
  it('name the place of a wrong value', () => {
    expect(() => loadConfig(freshPlaces().paths, { HEALTHMATE_REGION: 'mars' }).region()).toThrow(
      /^HEALTHMATE_REGION: /,
    )
    const paths = written('{"settings":{"color":"blue"}}')
    expect(() => loadConfig(paths, {}).color()).toThrow(/config\.json: color is one of/)
  })
  it('are all known to completion', () => expect(settingKeys()).toContain('units.blood_pressure'))
})

describe('config.json', () => {
  it('is written whole, mode 0600, with nothing left beside it', () => {
    const { paths } = freshPlaces()
    setSetting(paths, {}, 'color', 'never')
    expect(statSync(configPath(paths)).mode & 0o777).toBe(0o600)
    expect(readdirSync(paths.config)).toEqual(['config.json'])
    expect(JSON.parse(readFileSync(configPath(paths), 'utf8'))).toEqual({
      settings: { color: 'never' },
      vaults: {},
    })
  })
  it.each([
    ['{', /not JSON/],
    ['[]', /not an object/],
    ['{"setings":{}}', /knows no "setings"/],
    ['{"settings":{"color":1}}', /holds texts by name/],
    ['{"settings":[]}', /holds texts by name/],
    ['{"vaults":{"a":1}}', /holds files by name/],
    ['{"settings":{"colour":"never"}}', /no setting "colour"/],
  ])('is refused with the reason: %s', (text, message) => {
    expect(() => loadConfig(written(text), {})).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(message) }),
    )
  })
  it('is not read through a link', () => {
    const { folder, paths } = freshPlaces()
    mkdirSync(paths.config, { recursive: true })
    writeFileSync(join(folder, 'elsewhere.json'), '{}')
    symlinkSync(join(folder, 'elsewhere.json'), configPath(paths))
    expect(() => loadConfig(paths, {})).toThrow(expect.objectContaining({ code: 'IO' }))
  })
  it('says so when it cannot be written', () => {
    const { folder, paths } = freshPlaces()
    writeFileSync(join(folder, 'config'), 'a file where the folder should be')
    expect(() => setSetting(paths, {}, 'color', 'never')).toThrow(expect.objectContaining({ code: 'IO' }))
  })
})

describe('names of vaults', () => {
  it('mean their file for --vault and HEALTHMATE_VAULT', () => {
    const { paths } = freshPlaces()
    nameVault(paths, 'kid', '/vaults/kid.hmv')
    const config = loadConfig(paths, {})
    expect(resolveVaultPath(paths, config, {}, 'kid')).toBe('/vaults/kid.hmv')
    expect(resolveVaultPath(paths, config, { HEALTHMATE_VAULT: 'kid' })).toBe('/vaults/kid.hmv')
    expect(resolveVaultPath(paths, config, { HEALTHMATE_VAULT: 'kid' }, './other.hmv')).toBe('./other.hmv')
    expect(resolveVaultPath(paths, config, {})).toBe(join(paths.data, 'vault.hmv'))
    unnameVault(paths, 'kid')
    expect(loadConfig(paths, {}).vaults().size).toBe(0)
  })
  it('mean one file only, and are plain words', () => {
    const { paths } = freshPlaces()
    nameVault(paths, 'kid', '/a')
    nameVault(paths, 'kid', '/a')
    expect(() => nameVault(paths, 'kid', '/b')).toThrow(expect.objectContaining({ code: 'EXISTS' }))
    for (const name of ['', '../x', 'a b', '-x', 'x'.repeat(41)]) {
      expect(() => nameVault(paths, name, '/a')).toThrow(expect.objectContaining({ code: 'USAGE' }))
    }
  })
})
