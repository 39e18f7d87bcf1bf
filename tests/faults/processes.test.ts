/**
 * T19 and T1 through the built program: several processes on one vault, and processes that are killed at any moment.
 */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { expect, it } from 'vitest'
import { generateAppleHealth } from '../../scripts/generate-apple-health.mjs'
import { launcher } from '../acceptance/program.ts'
import { folderIn, type VaultHome, vaultHome } from './cli-home.ts'
import { isLong } from './fault-library.ts'

interface Ended {
  readonly status: number | null
  readonly killed: boolean
  readonly stdout: string
}

function start(home: VaultHome, words: readonly string[], input = '', killAfterMs?: number): Promise<Ended> {
  const child = spawn(process.execPath, [launcher, ...words], { env: home.environment })
  let stdout = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk
  })
  child.stderr.resume()
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  return new Promise((resolve) =>
    child.once('close', (status, signal) => {
      clearTimeout(timer)
      resolve({ status, killed: signal === 'SIGKILL', stdout })
    }),
  )
}

const lines = (from: number, count: number): string =>
  Array.from({ length: count }, (_, index) => {
    const at = new Date(Date.UTC(2026, 0, 1) + (from + index) * 60_000).toISOString()
    return JSON.stringify({ metric: 'weight', value: 80, unit: 'kg', at })
  }).join('\n')

/** Checkpoints as often as it can, until told to stop; a busy answer is no fault. */
async function checkpointStorm(path: string, signal: { stop: boolean }): Promise<number> {
  const sqlite = new SqliteDatabase(path)
  sqlite.pragma('busy_timeout = 0')
  let times = 0
  while (!signal.stop) {
    try {
      sqlite.pragma('wal_checkpoint(TRUNCATE)')
      times++
    } catch {
      // Busy.
    }
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  sqlite.close()
  return times
}

async function expectWhole(home: VaultHome, observations: number): Promise<void> {
  const vault = await home.open()
  expect(vault.info().observations).toBe(observations)
  expect(vault.check().damages).toEqual([])
  expect(vault.scrub().damages).toEqual([])
  const digest = vault.digest()
  vault.rebuild()
  expect(vault.digest()).toBe(digest)
  vault.close()
}

it('several processes that log, read and compact at once lose nothing and are never refused (T19)', async () => {
  const home = await vaultHome()
  const writers = isLong ? 10 : 4
  const each = isLong ? 1000 : 40
  const signal = { stop: false }
  const storm = checkpointStorm(home.vaultPath, signal)
  const work = [
    ...Array.from({ length: writers }, (_, index) =>
      start(home, ['log', '--stdin', '--json'], lines(index * each, each)),
    ),
    ...Array.from({ length: 4 }, (_, index) =>
      start(home, ['log', 'glucose', `${4 + index}mmol/L`, '--json']),
    ),
    start(home, ['vault', 'compact', '--json']),
    start(home, ['list', 'weight', '--json']),
    start(home, ['vault', 'check', '--json']),
    start(home, ['trend', 'weight', '--json']),
  ]
  const ended = await Promise.all(work)
  signal.stop = true
  expect(await storm).toBeGreaterThan(0)
  for (const { status, stdout } of ended) {
    expect(stdout).not.toMatch(/SQLITE|busy|DAMAGED|INTERNAL/)
    expect([0, 5], stdout.slice(0, 300)).toContain(status)
  }
  await expectWhole(home, writers * each + 4)
}, 600_000)

it('processes that seal into a locked vault while it is unlocked and drained lose nothing (T19)', async () => {
  const home = await vaultHome()
  const locked = { ...home, environment: { ...home.environment, HEALTHMATE_PASSPHRASE_FILE: '' } }
  const each = isLong ? 200 : 20
  const ended = await Promise.all([
    ...Array.from({ length: 4 }, (_, index) =>
      start(locked, ['log', '--stdin', '--json'], lines(index * each, each)),
    ),
    ...Array.from({ length: 4 }, () => start(home, ['list', '--json'])),
  ])
  expect(ended.map(({ status }) => status).filter((status) => status !== 0 && status !== 5)).toEqual([])
  expect(home.run(['list', '--json']).status).toBe(0)
  const vault = await home.open()
  expect(await vault.drainInbox()).toMatchObject({ entries: 0, damaged: 0 })
  vault.close()
  await expectWhole(home, 4 * each)
}, 600_000)

it('an import that is killed at any moment is continued by the same command, without a second copy (T1)', async () => {
  const home = await vaultHome()
  const path = join(folderIn(home, 'exports'), 'export.xml')
  writeFileSync(path, [...generateAppleHealth({ days: 30, records: 20_000, seed: 3 })].join(''))
  const words = ['import', 'apple-health', path, '--json']
  const began = performance.now()
  const whole = JSON.parse((await start(home, words)).stdout)
  const took = performance.now() - began
  const id = whole.importId as string
  const vault = await home.open()
  const [digest, observations] = [vault.digest(), vault.info().observations]
  vault.close()
  expect(home.run(['import', 'undo', id, '--yes']).status).toBe(0)

  const fresh = await vaultHome()
  const rounds = isLong ? 40 : 6
  let killed = 0
  for (let round = 1; round <= rounds; round++) {
    const outcome = await start(fresh, words, '', (took * round) / (rounds + 1))
    if (outcome.killed) killed++
    const opened = await fresh.open()
    expect(opened.scrub().damages).toEqual([])
    expect(opened.info().observations).toBeLessThanOrEqual(observations)
    opened.close()
  }
  expect(killed).toBeGreaterThan(0)
  expect([0, 3]).toContain((await start(fresh, words)).status)
  const after = await fresh.open()
  expect(after.info().observations).toBe(observations)
  expect(after.digest()).toBe(digest)
  after.close()
  await expectWhole(fresh, observations)
}, 600_000)
