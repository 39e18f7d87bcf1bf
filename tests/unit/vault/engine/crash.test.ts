/** T1 and T28: a process killed at every step leaves the state before or after, and a rerun completes it. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepare, scenarios } from './scenarios.ts'
import { emptyVaultFile, openTestVault, removeTestVaults } from './test-vault.ts'

const root = join(import.meta.dirname, '../../../..')
// Beneath node_modules so that the child finds native packages.
const output = join(root, 'node_modules/.healthmate-tests', `crash-${process.pid}`)
const child = join(output, 'crash-child.mjs')
let base = ''

beforeAll(async () => {
  mkdirSync(output, { recursive: true })
  const bundle = await rolldown({
    input: join(import.meta.dirname, 'crash-child.ts'),
    platform: 'node',
    external: [/^[^./]/],
    logLevel: 'silent',
  })
  await bundle.write({
    dir: output,
    format: 'esm',
    entryFileNames: 'crash-child.mjs',
    chunkFileNames: '[name]-[hash].mjs',
  })
  base = await emptyVaultFile()
  const { vault, sqlite } = openTestVault(base)
  prepare(vault, sqlite)
  sqlite.pragma('wal_checkpoint(TRUNCATE)')
  vault.close()
})

afterAll(() => {
  rmSync(output, { recursive: true, force: true })
  removeTestVaults()
})

/** A copy of a vault file with its write-ahead log. */
async function copyOf(path: string): Promise<string> {
  const copy = await emptyVaultFile()
  copyFileSync(path, copy)
  for (const suffix of ['-wal', '-shm']) {
    rmSync(copy + suffix, { force: true })
    if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix)
  }
  return copy
}

function runChild(path: string, scenario: string, step: string, occurrence = 1) {
  const result = spawnSync(process.execPath, [child, path, scenario, step, String(occurrence)], {
    encoding: 'utf8',
  })
  if (result.status !== 0 && result.signal === null) throw new Error(result.stderr)
  return result
}

function digestOf(path: string): string {
  const { vault } = openTestVault(path)
  const digest = vault.digest()
  expect(vault.check().damages).toEqual([])
  expect(vault.scrub().damages).toEqual([])
  vault.close()
  return digest
}

describe('a process killed at any step', () => {
  it.each(Object.keys(scenarios))(
    'of %s leaves the state before or after, and a rerun completes it',
    async (scenario) => {
      const finished = await copyOf(base)
      const steps = JSON.parse(runChild(finished, scenario, '-').stdout) as string[]
      const before = digestOf(await copyOf(base))
      const after = digestOf(finished)
      expect(steps.length).toBeGreaterThan(2)
      // The last occurrence of each step: the first ones of a compaction are of collections without a word.
      for (const step of new Set(steps)) {
        const occurrence = steps.filter((name) => name === step).length
        const path = await copyOf(base)
        expect(runChild(path, scenario, step, occurrence).signal).toBe('SIGKILL')
        const between = digestOf(path)
        expect([before, after], `${scenario} at ${step}`).toContain(between)
        if (step === 'write:after-commit' || step === 'write:after-anchor') {
          if (scenario !== 'drain' && scenario !== 'compact') expect(between).toBe(after)
        }
        runChild(path, scenario, '-')
        expect(digestOf(path), `${scenario} again after ${step}`).toBe(after)
      }
    },
  )
})
