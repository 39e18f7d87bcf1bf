import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endAgents, recentExport, type VaultHome, vaultHome } from './vault-home.ts'

let home: VaultHome
beforeAll(async () => {
  home = await vaultHome({ agent: true })
  const path = join(home.folder, 'export.xml')
  writeFileSync(path, recentExport(70))
  expect((await home.run(['import', 'apple-health', path])).code).toBe(0)
})
afterAll(endAgents)

describe('experiment', () => {
  it('is planned, reported, stopped, listed and removed', async () => {
    const name = 'No coffee'
    const words = ['--outcome', 'resting_heart_rate', '--expect', 'lower', '--from', '30 days ago']
    const started = await home.run(['experiment', 'start', name, ...words, '--note', 'decaf only'])
    expect(started).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('experiment report "No coffee"'),
    })
    expect(started.stdout).toMatch(
      /No coffee: the outcome is resting_heart_rate, until .*\n {2}.*without the change\n {2}.*with the change/,
    )
    const report = await home.run(['experiment', 'report', 'no coffee'])
    expect(report.stdout).toMatch(
      /^No coffee\n {2}Planned on .*: Resting heart rate, 28 days before .* against 28 days from then on\..*\n {2}decaf only\n$/,
    )
    expect((await home.json(['experiment', 'report'])).experiments[0]).toMatchObject({
      outcome: 'resting_heart_rate',
      unit: '/min',
      report: { state: 'finished', verdict: expect.stringMatching(/difference/) },
    })
    expect((await home.run(['experiment', 'list'])).stdout).toContain('before-after')
    const again = await home.run(['experiment', 'start', name, ...words])
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('a plan is not changed') })
    expect((await home.run(['experiment', 'rm', name, '--yes'])).code).toBe(0)
    expect((await home.run(['experiment', 'list'])).stderr).toContain('No experiments yet')
    expect((await home.run(['experiment', 'report'])).stderr).toContain('No experiments yet')
  })

  it('alternating is drawn by lot and can be stopped', async () => {
    const words = [
      '--outcome',
      'bp.systolic',
      '--design',
      'alternating',
      '--days',
      '5',
      '--cycles',
      '6',
      '--washout',
      '1',
    ]
    expect(await home.run(['experiment', 'start', 'walks', ...words, '--from', '3 days ago'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot begin in the past'),
    })
    const { experiments } = await home.json(['experiment', 'start', 'walks', ...words])
    const arms = experiments[0].blocks.map((block: { arm: string }) => block.arm)
    expect(arms).toHaveLength(12)
    for (let i = 0; i < 12; i += 2) expect(new Set(arms.slice(i, i + 2)).size).toBe(2)
    expect((await home.run(['experiment', 'stop', 'walks'])).stdout).toContain('Too early to say')
    expect((await home.json(['experiment', 'stop', 'walks'])).experiments[0].report.state).toBe('stopped')
    expect((await home.run(['experiment', 'list', '--ndjson'])).stdout).toContain('"blood_pressure.systolic"')
  })

  it('is refused with the way on where the outcome is missing, unclear or unknown', async () => {
    for (const [words, hint] of [
      [['start', 'x'], '--outcome resting_heart_rate'],
      [['start', 'x', '--outcome', 'bp'], '--outcome blood_pressure.systolic or blood_pressure.diastolic'],
      [['start', 'x', '--outcome', 'weight.left'], '--outcome weight'],
      [['start', '!!!', '--outcome', 'weight'], 'healthmate experiment start'],
      [['start', 'x', '--outcome', 'weight', '--days', '9'], '--days 7'],
    ] as const) {
      expect(await home.run(['experiment', ...words])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(hint),
      })
    }
    expect(await home.run(['experiment', 'report', 'nothing'])).toMatchObject({ code: 5 })
    expect(await home.run(['experiment', 'stop', 'nothing'])).toMatchObject({ code: 5 })
  })
})
