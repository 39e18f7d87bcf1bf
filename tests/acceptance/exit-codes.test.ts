import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { freshHome, type Home } from './program.ts'

let home: Home
let atHand: Record<string, string>
beforeAll(() => {
  home = freshHome()
  const file = join(home.folder, 'passphrase')
  writeFileSync(file, 'correct horse battery staple\n', { mode: 0o600 })
  atHand = { HEALTHMATE_PASSPHRASE_FILE: file }
  expect(home.run(['init'], { environment: atHand }).status).toBe(0)
})

describe('exit codes of docs/exit-codes.md', () => {
  it.each([
    [0, ['log', 'bp', '128/82', '--pulse', '64'], ''],
    [0, ['list'], ''],
    [2, ['log', 'weight', '80'], ''],
    [2, ['list', 'wieght'], ''],
    [2, ['list', '--last', '5x'], ''],
    [2, ['init'], ''],
    [3, ['log', '--stdin'], '{"metric":"mood","value":4}\nnope\n'],
    [5, ['list', 'ldl'], ''],
    [5, ['show', 'nothing'], ''],
    [5, ['list', '--vault', 'nowhere.hmv'], ''],
    [8, ['rm', 'nothing'], ''],
  ])('%i of %j', (status, words, input) => {
    const human = home.run(words, { input, environment: atHand })
    expect([human.status, human.stderr === '' || human.stderr.length < 2000]).toEqual([status, true])
    const json = home.run([...words, '--json'], { input, environment: atHand })
    expect(json.status).toBe(status === 5 && words[1] === 'ldl' ? 0 : status)
    expect(() => JSON.parse(json.stdout)).not.toThrow()
    expect(json.stdout.trimEnd().split('\n')).toHaveLength(1)
  })
  it('4 of a vault that stays locked, and of a wrong passphrase', () => {
    expect(home.run(['list', '--no-input'])).toMatchObject({ status: 4, stdout: '' })
    const wrong = join(home.folder, 'wrong')
    writeFileSync(wrong, 'something else entirely\n', { mode: 0o600 })
    const done = home.run(['list', '--passphrase-file', wrong, '--json'])
    expect(done.status).toBe(4)
    expect(JSON.parse(done.stdout).error.code).toBe('WRONG_PASSPHRASE')
  })
})

describe('with the unlock agent', () => {
  it('reads without a passphrase until it is locked; answers are those without it', () => {
    const alone = home.run(['list', '--json'], { environment: atHand }).stdout
    const unlocked = home.run(['unlock', '--for', '5m'], { environment: atHand })
    expect([unlocked.status, unlocked.stderr]).toEqual([0, expect.stringMatching(/Locks at \d\d:\d\d/)])
    try {
      expect(home.run(['list', '--json']).stdout).toBe(alone)
      expect(home.run(['status', '--why']).stdout).toMatch(/unlocked, until \d\d:\d\d unless used/)
      expect(home.run(['list', '--json'], { environment: { HEALTHMATE_UNITS_SYSTEM: 'us' } }).status).toBe(0)
      expect(home.run(['export', 'csv', '--out', '-'])).toMatchObject({
        status: 4,
        stderr: expect.stringContaining('not the unlock agent'),
      })
    } finally {
      expect(home.run(['lock']).status).toBe(0)
    }
    expect(home.run(['list']).status).toBe(4)
  })
})
