/** T19: two processes of one device write one vault at once. */
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { emptyVaultFile, entryOf, openTestVault, removeTestVaults, rowsOf } from './test-vault.ts'

const root = join(import.meta.dirname, '../../../..')
const output = join(root, 'node_modules/.healthmate-tests', `interleave-${process.pid}`)
const writes = process.env['HEALTHMATE_TEST_LONG'] === '1' ? 5000 : 150

beforeAll(async () => {
  mkdirSync(output, { recursive: true })
  const input = join(import.meta.dirname, 'interleave-child.ts')
  const bundle = await rolldown({ input, platform: 'node', external: [/^[^./]/], logLevel: 'silent' })
  await bundle.write({
    dir: output,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
  })
})

afterAll(() => {
  rmSync(output, { recursive: true, force: true })
  removeTestVaults()
})

function writer(path: string, name: string): Promise<number | null> {
  const args = [join(output, 'interleave-child.mjs'), path, name, String(writes)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  return new Promise((resolve) => child.once('exit', resolve))
}

it('gives every write its own number and loses none', async () => {
  const path = await emptyVaultFile()
  expect(await Promise.all([writer(path, 'one'), writer(path, 'two')])).toEqual([0, 0])
  const { vault, sqlite } = openTestVault(path)
  expect(rowsOf(vault)).toHaveLength(2 * writes)
  expect(vault.resolvedDays('weight').components[0]?.count[0]).toBe(Math.min(2 * writes, 2 * 1440))
  expect(vault.check().damages).toEqual([])
  expect(vault.scrub().damages).toEqual([])
  const gaps = 'SELECT count(*) - max(seq) FROM batch GROUP BY collection_id, device_id'
  expect(new Set(sqlite.prepare(gaps).pluck().all())).toEqual(new Set([0]))
  const digest = vault.digest()
  vault.rebuild()
  expect(vault.digest()).toBe(digest)
  vault.close()
})

it('sees at once what another connection wrote', async () => {
  const path = await emptyVaultFile()
  const one = openTestVault(path)
  const two = openTestVault(path)
  one.vault.write(entryOf('weight', 1e12, 80))
  expect(two.vault.latest({}, 5)).toHaveLength(1)
  two.vault.write(entryOf('weight', 1e12 + 1, 81))
  one.vault.write(entryOf('weight', 1e12 + 2, 82))
  expect(one.vault.resolvedDays('weight').components[0]?.count[0]).toBe(3)
  expect(two.vault.resolvedDays('weight').components[0]?.count[0]).toBe(3)
  expect(two.vault.undoLast().label).toBe('log weight')
  expect(rowsOf(one.vault).map(({ values }) => values[0])).toEqual([81, 80])
  one.vault.close()
  two.vault.close()
})
