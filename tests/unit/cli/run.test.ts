import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../../../src/cli/run.ts'
import { parseSpan } from '../../../src/cli/setup.ts'
import { freshPlaces } from '../app/places.ts'
import { captured } from './captured-output.ts'

const { folder } = freshPlaces()
const home = {
  HOME: folder,
  XDG_DATA_HOME: join(folder, 'data'),
  XDG_CONFIG_HOME: join(folder, 'config'),
  XDG_STATE_HOME: join(folder, 'state'),
  XDG_RUNTIME_DIR: join(folder, 'run'),
}

async function run(
  words: string[],
  parts: { environment?: Record<string, string>; terminal?: boolean; signal?: AbortSignal } = {},
) {
  const terminal = parts.terminal === true
  const { streams, stdout, stderr } = captured({}, { stdout: terminal, stderr: terminal, columns: 100 })
  const environment = { ...home, NO_COLOR: '1', ...parts.environment }
  const signal = parts.signal ?? new AbortController().signal
  const code = await runProgram({ words, streams, environment, signal })
  return { code, stdout: stdout(), stderr: stderr() }
}

describe('the program', () => {
  it('prints help on stdout and ends with 0', async () => {
    const { code, stdout, stderr } = await run(['--help'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Usage: healthmate/)
  })
  it('ends with 2 on bad usage: a paragraph on stderr, or a document on stdout', async () => {
    const human = await run(['lst'])
    expect(human).toMatchObject({ code: 2, stdout: '' })
    expect(human.stderr).toBe(
      'healthmate: there is no command "healthmate lst"; did you mean "list"?\nhealthmate --help\n',
    )
    const json = await run(['lst', '--json'])
    expect(json).toMatchObject({ code: 2, stderr: '' })
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'USAGE' } })
  })
  it('takes one machine format at a time', async () => {
    expect(await run(['metrics', '--json', '--csv'])).toMatchObject({ code: 2 })
  })
  it('finds nobody who shares a record', async () => {
    expect(await run(['status', '--person', 'Ada'])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('"Ada"'),
    })
  })
  it('ends with 130 when interrupted, whatever was thrown', async () => {
    expect(await run(['lst'], { signal: AbortSignal.abort() })).toMatchObject({
      code: 130,
      stderr: expect.stringContaining('interrupted'),
    })
    expect(await run(['lst', '--quiet'], { signal: AbortSignal.abort() })).toMatchObject({
      code: 130,
      stderr: '',
    })
  })
})

describe('config', () => {
  it('sets, gets and lists with origins', async () => {
    expect(await run(['config', 'set', 'units.system', 'us'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'units.system is us\n',
    })
    expect(await run(['config', 'get', 'units.system'])).toMatchObject({ code: 0, stdout: 'us\n' })
    const json = JSON.parse((await run(['config', 'get', 'units.system', '--json'])).stdout)
    expect(json).toEqual({ key: 'units.system', value: 'us', origin: 'file' })
    const list = JSON.parse((await run(['config', 'list', '--json'])).stdout)
    expect(list.count).toBe(list.settings.length)
    expect((await run(['config', 'list'])).stdout).toMatch(/units\.system +us +file/)
    expect((await run(['config', 'list', '--ndjson'])).stdout.trim().split('\n')).toHaveLength(list.count)
    expect(
      JSON.parse((await run(['config', 'set', 'units.system', 'default', '--json'])).stdout),
    ).toMatchObject({ value: 'metric' })
  })
  it('warns where the environment wins', async () => {
    const { stderr } = await run(['config', 'set', 'region', 'eu'], {
      environment: { HEALTHMATE_REGION: 'uk' },
    })
    expect(stderr).toMatch(/environment sets region/)
  })
  it('ends with 2 on an unknown setting', async () => {
    expect(await run(['config', 'get', 'regoin'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"region"'),
    })
  })
  it('prints where everything is', async () => {
    const json = JSON.parse((await run(['config', 'path', '--json', '--vault', '/v.hmv'])).stdout)
    expect(json).toMatchObject({ vault: '/v.hmv', config: join(folder, 'config/healthmate/config.json') })
    expect((await run(['config', 'path'])).stdout).toContain(join(folder, 'data/healthmate/vault.hmv'))
  })
})

describe('metrics', () => {
  it('lists the catalogue for people and for scripts', async () => {
    const json = JSON.parse((await run(['metrics', '--json'])).stdout)
    expect(json.count).toBeGreaterThanOrEqual(150)
    const pressure = json.metrics.find((metric: { id: string }) => metric.id === 'blood_pressure')
    expect(pressure).toMatchObject({ unit: 'mm[Hg]', components: [{ id: 'systolic' }, { id: 'diastolic' }] })
    expect((await run(['metrics', 'blood_pressure'])).stdout).toMatch(/blood_pressure.*mmHg/)
    expect((await run(['metrics', 'blood_pressure', '--csv'])).stdout).toMatch(/^id,name,.*\nblood_pressure,/)
    expect((await run(['metrics', 'glucose', '--ndjson'])).stdout.trim().split('\n').length).toBeGreaterThan(
      1,
    )
  })
  it('ends with 5 when nothing fits', async () => {
    expect(await run(['metrics', 'xyzzy'])).toMatchObject({ code: 5 })
  })
})

describe('completion', () => {
  it('prints the script, or a document with it', async () => {
    const { stdout } = await run(['completion', 'bash'])
    expect(stdout).toContain('complete -o filenames -F _healthmate healthmate hm')
    expect(JSON.parse((await run(['completion', 'bash', '--json'])).stdout).script).toBe(stdout)
  })
})

describe('status, lock and unlock without an agent', () => {
  it('say that there is no vault, and which source of the passphrase applies', async () => {
    const { code, stdout } = await run(['status', '--why'])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /there is none \(healthmate init\)\npassphrase: none, because standard input is no terminal/,
    )
    expect((await run(['status', '--why', '--no-input'])).stdout).toContain('because --no-input was given')
    expect((await run(['status', '--why', '--passphrase-fd', '3'])).stdout).toContain(
      'from a file descriptor',
    )
    const refused = await run(['status', '--why', '--json'], {
      environment: { HEALTHMATE_PASSPHRASE: 'canary' },
    })
    expect(JSON.parse(refused.stdout)).toMatchObject({
      state: 'missing',
      bytes: null,
      passphrase: { source: 'refused' },
    })
    expect(refused.stdout).not.toContain('canary')
  })
  it('say that a vault is locked', async () => {
    const vault = join(folder, 'locked.hmv')
    writeFileSync(vault, 'x')
    expect((await run(['status', '--vault', vault])).stdout).toMatch(/state: locked/)
    expect(JSON.parse((await run(['lock', '--json', '--vault', vault])).stdout)).toEqual({
      locked: true,
      wasUnlocked: false,
      keychainEnrolled: false,
    })
    expect(await run(['lock', '--vault', vault])).toMatchObject({
      code: 0,
      stderr: 'The vault was locked already.\n',
    })
    // What is no vault is said before a passphrase is asked for.
    expect(await run(['unlock', '--vault', vault])).toMatchObject({ code: 6 })
  })
  it('find no vault to unlock', async () => {
    expect(await run(['unlock'])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('healthmate init'),
    })
    expect(await run(['unlock', '--for', '9h'])).toMatchObject({ code: 2 })
    expect(await run(['unlock', '--passphrase-fd', 'x'])).toMatchObject({ code: 5 })
  })
})

describe('parseSpan', () => {
  it.each([
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['90 s', 90_000],
    ['10min', 600_000],
  ])('%s', (text, ms) => expect(parseSpan(text, 8 * 3_600_000)).toBe(ms))
  it.each(['', '0m', '9h', '15', 'm', '1d'])('refuses %j', (text) =>
    expect(() => parseSpan(text, 8 * 3_600_000)).toThrow(/no span/),
  )
})
