/** T31: too little memory for the passphrase's key ends in clear words, not in a crash or a weaker key. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { launcher } from '../acceptance/program.ts'
import { type VaultHome, vaultHome } from './cli-home.ts'

const keyMiB = 512
const megabyte = 1024 * 1024
const hasLimits = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0
const reason = hasLimits ? 'prlimit sets the limit' : 'there is no prlimit'

function underLimit(home: VaultHome, megabytes: number, words: readonly string[]) {
  const command = [`--as=${megabytes * megabyte}`, process.execPath, launcher, ...words, '--json']
  return spawnSync('prlimit', command, { encoding: 'utf8', env: home.environment })
}

it.skipIf(!hasLimits)(
  `little memory is told, and nothing weaker takes its place (T31; ${reason})`,
  async () => {
    const home = await vaultHome({ memoryKiB: keyMiB * 1024, passes: 3, lanes: 1 })
    // What the runtime itself needs differs by version: the smallest limit under which it works at all.
    const least = [900, 1100, 1300, 1500].find((size) => underLimit(home, size, ['metrics']).status === 0)
    expect(least).toBeDefined()
    const before = readFileSync(home.vaultPath)
    for (const words of [['list'], ['vault', 'check'], ['log', 'weight', '81kg'], ['unlock']]) {
      const { status, signal, stdout } = underLimit(home, least as number, words)
      expect([status, signal], words.join(' ')).toEqual([1, null])
      const { error } = JSON.parse(stdout)
      expect(error.code).toBe('IO')
      expect(error.message).toContain(`${keyMiB} MiB of memory`)
      expect(error.hint).toMatch(/memory/)
    }
    expect(readFileSync(home.vaultPath).equals(before), 'the vault is as it was').toBe(true)
    // It was no wrong passphrase: the next attempt does not wait, and opens.
    const after = home.run(['list', '--json'])
    expect([after.status, after.stdout]).toEqual([0, expect.stringContaining('records')])
  },
)
