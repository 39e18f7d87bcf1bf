import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshHome, launcher } from './program.ts'

const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8'))

describe('the built program', () => {
  it.each(['--version', '-V'])('%s prints the version of the package', (word) => {
    expect(freshHome().run([word])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' })
  })
  it('prints help without a home, a terminal or a vault', () => {
    const { status, stdout, stderr } = freshHome().run([])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Usage: healthmate <command>/)
  })
  it('ends with 2 on bad usage, with the one document on stdout with --json', () => {
    const { status, stdout, stderr } = freshHome().run(['--json', 'lst'])
    expect([status, stderr]).toEqual([2, ''])
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'USAGE', message: expect.stringContaining('"list"'), hint: 'healthmate --help' },
    })
  })
  it('ends quietly with 0 when the reader of the pipe goes away', () => {
    const home = freshHome()
    const script = `"$0" "$1" metrics --json | head -c 10 >/dev/null; echo "\${PIPESTATUS[0]}"`
    const { stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, launcher], {
      encoding: 'utf8',
      env: home.environment,
    })
    expect([stdout, stderr]).toEqual(['0\n', ''])
  })
  it('keeps its files to the person, whatever the umask', () => {
    const home = freshHome()
    const script = 'umask 000; exec "$0" "$1" config set color never'
    const done = spawnSync('bash', ['-c', script, process.execPath, launcher], { env: home.environment })
    expect(done.status).toBe(0)
    const folder = join(home.folder, 'config/healthmate')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, 'config.json')).mode & 0o777).toBe(0o600)
  })
  it('refuses a passphrase in the environment, and never shows it', () => {
    const done = freshHome().run(['status', '--why', '--verbose'], {
      environment: { HEALTHMATE_PASSPHRASE: 'canary' },
    })
    expect(done.status).toBe(0)
    expect(done.stdout).toContain('refused')
    expect(done.stdout + done.stderr).not.toContain('canary')
  })
  it('opens no inspector on SIGUSR1, which Node does by itself', () => {
    const home = freshHome()
    const signal = "process.kill(process.pid, 'SIGUSR1')"
    const withProgram = (program: readonly string[], probe: string) =>
      spawnSync(
        process.execPath,
        ['--import', `data:text/javascript,${encodeURIComponent(probe)}`, ...program],
        {
          encoding: 'utf8',
          env: home.environment,
        },
      ).stderr
    // The probe sends the signal as soon as the program has its listener.
    const onceGuarded = `process.on('newListener', (name) => { if (name === 'SIGUSR1') setImmediate(() => ${signal}) })`
    expect(withProgram([launcher, 'metrics', '--json'], onceGuarded)).toBe('')
    expect(withProgram(['-e', 'setTimeout(() => {}, 500)'], signal)).toContain('Debugger listening')
  })
})

describe('on a terminal', () => {
  /** Runs in a pseudo-terminal of util-linux `script`. */
  function onTerminal(words: string, environment: Readonly<Record<string, string>> = {}) {
    const home = freshHome()
    return spawnSync('script', ['-qec', `${process.execPath} ${launcher} ${words}`, '/dev/null'], {
      encoding: 'utf8',
      env: { ...home.environment, TERM: 'xterm', ...environment },
      input: '',
    })
  }
  const hasScript = spawnSync('script', ['--version']).status === 0

  it.skipIf(!hasScript)('colours, unless told not to', () => {
    expect(onTerminal('config get nonsense').stdout).toContain('\u001b[31m')
    expect(onTerminal('config get nonsense', { NO_COLOR: '1' }).stdout).not.toContain('\u001b[')
    expect(onTerminal('config get nonsense --no-color').stdout).not.toContain('\u001b[')
  })
  it.skipIf(!hasScript)('says notes on the terminal', () => {
    const done = onTerminal('config set color never')
    expect([done.status, done.stdout]).toEqual([0, 'color is never\r\n'])
  })
})
