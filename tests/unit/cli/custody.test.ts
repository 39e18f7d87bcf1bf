import {
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { endAgents, passphrase, vaultHome } from './vault-home.ts'

afterAll(endAgents)

describe('init', () => {
  it('makes a vault once, and prints the recovery code on stdout alone', async () => {
    const home = await vaultHome()
    const made = await home.run(['init', '--vault', join(home.folder, 'kid.hmv'), '--name', 'kid'])
    expect(made.code).toBe(0)
    expect(made.stdout).toMatch(/^([0-9A-Z]{4}-){8}[0-9A-Z]{4}\n$/)
    expect(made.stderr).toContain('it is shown only now')
    expect(await home.run(['init'])).toMatchObject({ code: 2 })
    expect((await home.run(['log', 'weight', '21kg', '--vault', 'kid'])).code).toBe(0)
    expect((await home.json(['list', '--vault', 'kid'])).count).toBe(1)
    expect((await home.json(['list'])).count).toBe(0)
    expect((await home.json(['vault', 'list'])).vaults.map((one: { name: string }) => one.name)).toEqual([
      'default',
      'kid',
    ])
    expect((await home.run(['vault', 'list'])).stdout).toMatch(/\* default[\s\S]* {2}kid/)
    expect((await home.run(['vault', 'list', '--ndjson'])).stdout.split('\n')).toHaveLength(3)
  })
  it('makes nothing under a name that is taken or none', async () => {
    const home = await vaultHome()
    await home.run(['init', '--vault', join(home.folder, 'kid.hmv'), '--name', 'kid', '--no-recovery'])
    const other = join(home.folder, 'other.hmv')
    expect(await home.run(['init', '--vault', other, '--name', 'kid'])).toMatchObject({ code: 2 })
    expect(await home.run(['init', '--vault', other, '--name', 'a b'])).toMatchObject({ code: 2 })
    expect(existsSync(other)).toBe(false)
  })
})

describe('what opens the vault', () => {
  it('is said to be wrong, missing, or needed', async () => {
    const home = await vaultHome()
    const wrong = home.file('wrong', 'not this one at all\n')
    const done = await home.run(['list', '--passphrase-file', wrong])
    expect(done).toMatchObject({ code: 4, stderr: expect.stringMatching(/the passphrase is wrong/) })
    const { error } = await home.json(['passphrase', 'change', '--passphrase-file', wrong])
    expect(error.code).toBe('WRONG_PASSPHRASE')
    expect(await home.locked(['recovery', 'rotate', '--yes'])).toMatchObject({ code: 4 })
  })
  it('changes with the passphrase, the recovery code and the root key', async () => {
    const home = await vaultHome()
    const second = home.file('second', 'a second passphrase\n')
    const changed = await home.run(['passphrase', 'change', '--new-passphrase-file', second])
    expect(changed).toMatchObject({ code: 0, stderr: expect.stringContaining('is changed') })
    expect(await home.run(['list'])).toMatchObject({ code: 4 })
    const withSecond = { environment: { HEALTHMATE_PASSPHRASE_FILE: second } }
    const code = home.file('code', `${home.recoveryCode}\n`)
    const third = home.file('third', `${passphrase} again\n`)
    const words = ['recovery', 'use', '--code-file', code, '--new-passphrase-file', third]
    expect((await home.locked(words)).stderr).toContain('has a new passphrase')
    expect(await home.run(['list'], withSecond)).toMatchObject({ code: 4 })
    const withThird = { environment: { HEALTHMATE_PASSPHRASE_FILE: third } }
    expect(await home.run(['recovery', 'rotate'], withThird)).toMatchObject({ code: 8 })
    const rotated = await home.json(['recovery', 'rotate', '--yes'], withThird)
    expect(rotated.recoveryCode).not.toBe(home.recoveryCode)
    expect(await home.locked(words)).toMatchObject({ code: 4 })
    const key = await home.run(['key', 'rotate', '--yes'], withThird)
    expect(key).toMatchObject({ code: 0, stderr: expect.stringContaining('new root key') })
    await home.run(['log', 'mood', '4'], withThird)
    expect((await home.json(['list'], withThird)).count).toBe(1)
    expect(
      (await home.json(['passphrase', 'change', '--new-passphrase-file', second], withThird)).changed,
    ).toBe(true)
    expect(await home.locked(['recovery', 'use', '--new-passphrase-file', second])).toMatchObject({ code: 4 })
  }, 120_000)
})

describe('vault', () => {
  it('informs, checks, rebuilds to the same digest and compacts', async () => {
    const home = await vaultHome({ agent: true })
    await home.run(['log', 'weight', '80kg'])
    const info = await home.run(['vault', 'info'])
    expect(info.stdout).toContain('1 measurement in 1 series')
    const { digest } = await home.json(['vault', 'info'])
    expect((await home.run(['vault', 'check'])).stdout).toMatch(/^sound \d+ rows/)
    expect((await home.json(['vault', 'scrub'])).sound).toBe(true)
    expect((await home.run(['vault', 'scrub', '--repair'])).code).toBe(0)
    expect((await home.run(['vault', 'rebuild', '--dry-run'])).stdout).toContain(
      'Would rebuild 1 measurement',
    )
    expect((await home.json(['vault', 'rebuild'])).digestAfter).toBe(digest)
    expect((await home.run(['vault', 'compact'])).stdout).toContain(' MB now')
    expect((await home.json(['vault', 'compact'])).bytesAfter).toBeGreaterThan(0)
    expect((await home.json(['vault', 'info'])).digest).toBe(digest)
  })
  it('goes on under a new device id from a copy that was put back, and says so', async () => {
    const home = await vaultHome()
    await home.run(['log', 'weight', '80kg'])
    const copy = join(home.folder, 'copy.hmv')
    copyFileSync(home.vaultPath, copy)
    await home.run(['log', 'weight', '81kg'])
    for (const end of ['-wal', '-shm']) rmSync(home.vaultPath + end, { force: true })
    copyFileSync(copy, home.vaultPath)
    const done = await home.run(['list'])
    expect(done.stderr).toMatch(/older than this machine remembers|new device id/)
    expect((await home.run(['log', 'weight', '82kg'])).code).toBe(0)
    expect((await home.json(['list', 'weight'])).count).toBe(2)
  })
  it('refuses key slots older than it remembers until they are accepted', async () => {
    const home = await vaultHome()
    await home.run(['log', 'weight', '80kg'])
    const before = readFileSync(home.vaultPath)
    const second = home.file('second', 'a second passphrase\n')
    await home.run(['passphrase', 'change', '--new-passphrase-file', second])
    // In place: a new file would only be a copy to the vault.
    const file = openSync(home.vaultPath, 'r+')
    ftruncateSync(file)
    writeSync(file, before)
    closeSync(file)
    const refused = await home.run(['list'])
    expect(refused.code).toBe(6)
    expect(refused.stderr).toContain('healthmate vault check --accept-older')
    expect((await home.run(['vault', 'check', '--accept-older'])).code).toBe(0)
    expect((await home.json(['list'])).count).toBe(1)
  })
  it('is missing where there is none', async () => {
    const home = await vaultHome()
    expect(await home.run(['list', '--vault', join(home.folder, 'no')])).toMatchObject({ code: 5 })
    expect(await home.locked(['log', 'mood', '4', '--vault', 'no'])).toMatchObject({ code: 5 })
  })
})

describe('doctor', () => {
  it('names no path, no vault and no value', async () => {
    const home = await vaultHome()
    const done = await home.run(['doctor'])
    expect(done).toMatchObject({ code: 0, stderr: 'Nothing is wrong.\n' })
    expect(done.stdout).not.toContain(home.folder)
    expect((await home.json(['doctor'])).healthy).toBe(true)
  })
  it('says what is wrong and how to mend it', async () => {
    const home = await vaultHome()
    home.file('data/healthmate/vault.hmv', 'no vault at all')
    const done = await home.run(['doctor'])
    expect(done).toMatchObject({ code: 1, stdout: expect.stringContaining('does not open') })
  })
})
