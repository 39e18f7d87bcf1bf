/** Which zone the local times of an import have, and what the report says of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { libreFixture } from '../importers/libreview/fixture.ts'
import { endAgents, type VaultHome, vaultHome } from './vault-home.ts'

afterAll(endAgents)

describe('local times without a zone', () => {
  let home: VaultHome
  let file: string
  beforeAll(async () => {
    home = await vaultHome()
    file = home.file('libre.csv', libreFixture)
  })
  const imported = (...words: string[]) => home.json(['import', 'libreview', file, '--dry-run', ...words])

  it('are those of the setting time-zone, of --tz where that is given, and the note says which', async () => {
    expect((await home.run(['config', 'set', 'time-zone', 'asia/tokyo'])).stderr).toContain('Asia/Tokyo')
    const bySetting = await imported()
    expect(bySetting.from).toBe('2026-06-05T13:00:00+09:00')
    expect(bySetting.notes).toContainEqual(expect.stringContaining('Asia/Tokyo, your time-zone setting'))
    const byOption = await imported('--tz', 'Europe/Berlin')
    expect(byOption.from).toBe('2026-06-05T13:00:00+02:00')
    expect(byOption.notes).not.toContainEqual(expect.stringContaining('no local zone was stated'))
  })

  it('are those of the setting also where the vault is locked', async () => {
    const sealed = await home.locked(['import', 'libreview', file, '--json'])
    expect(JSON.parse(sealed.stdout).from).toBe('2026-06-05T13:00:00+09:00')
  })

  it('mean the same for what is logged', async () => {
    await home.run(['log', 'weight', '80kg', '--at', '2026-06-05 07:30'])
    const { records } = await home.json(['list', 'weight', '--on', '2026-06-05'])
    expect(records).toMatchObject([{ at: '2026-06-05T07:30:00+09:00' }])
  })

  it('are asked for in the settings, where the profile sends those who look there', async () => {
    const sent = await home.run(['profile', 'set', 'time_zone', 'Europe/Berlin'])
    expect(sent.code).not.toBe(0)
    expect(sent.stderr).toContain('healthmate config set time-zone Europe/Berlin')
    const mistyped = await home.run(['import', 'libreview', file, '--tz', 'Europe/Berln'])
    expect(mistyped).toMatchObject({ code: 2 })
    expect(mistyped.stderr).toContain('--tz Europe/Berlin')
  })
})

describe('one file imported with the local times of two zones', () => {
  let home: VaultHome
  let file: string
  beforeAll(async () => {
    home = await vaultHome()
    file = home.file('libre.csv', libreFixture)
  })
  const imported = (path: string, ...words: string[]) => home.json(['import', 'auto', path, ...words])
  const twice = expect.stringContaining('with both, its records are there twice')

  it('is told, with the import to undo, in a rehearsal too and under another name', async () => {
    const first = await home.json(['import', 'libreview', file, '--tz', 'Europe/Berlin'])
    expect(first).toMatchObject({ zones: ['Europe/Berlin'], duplicates: 0 })
    expect((await imported(file, '--tz', 'Europe/Berlin')).notes).not.toContainEqual(twice)
    const copy = home.file('copy.csv', libreFixture)
    for (const words of [['--dry-run'], []]) {
      const { notes } = await imported(copy, '--tz', 'Asia/Tokyo', ...words)
      expect(notes).toContainEqual(twice)
      expect(notes).toContainEqual(
        expect.stringMatching(new RegExp(`Europe/Berlin, now of Asia/Tokyo.*import undo ${first.importId} `)),
      )
    }
  })

  it('is no more told once the earlier imports are undone', async () => {
    const { imports } = await home.json(['import', 'history'])
    for (const { id } of imports) await home.run(['import', 'undo', id, '--yes'])
    expect((await imported(file, '--tz', 'America/New_York')).notes).not.toContainEqual(twice)
  })
})
