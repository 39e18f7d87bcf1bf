import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededNormal } from '../../seeded-noise.ts'
import { endAgents, type VaultHome, vaultHome } from './vault-home.ts'

const dayMs = 86_400_000
const days = 200

/** A reading every morning, the last one yesterday; oldest first. */
function readings(metric: string, unit: string, value: (day: number) => unknown, count = days): string {
  const lines = Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      metric,
      unit,
      value: value(i),
      at: `${new Date(Date.now() - (count - i) * dayMs).toISOString().slice(0, 10)}T07:30`,
    }),
  )
  return lines.join('\n')
}

let home: VaultHome
beforeAll(async () => {
  home = await vaultHome({ agent: true })
  const random = seededNormal(11)
  const kilograms = (i: number) => Number((82 - i / 100 + 0.4 * random()).toFixed(1))
  expect((await home.run(['log', '--stdin'], { input: readings('weight', 'kg', kilograms) })).code).toBe(0)
  const pressure = () => ({
    systolic: Math.round(128 + 5 * random()),
    diastolic: Math.round(80 + 3 * random()),
  })
  const input = readings('blood_pressure', 'mm[Hg]', pressure, 60)
  expect((await home.run(['log', '--stdin'], { input })).code).toBe(0)
})
afterAll(endAgents)

describe('forecast', () => {
  it('says what is expected when, how far off it may be, and draws it', async () => {
    const { code, stdout, stderr } = await home.run(['forecast', 'weight'])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^Body weight, if things go on as they did: about 8\d\.\d kg on \d{4}-\d\d-\d\d \(80 % interval .* to .* kg, 95 % interval .*\), and about .*\. It rests on 200 days with a value from .*\. Tried 6 times on your own past, .*\.\n/,
    )
    expect(stdout).toMatch(/[▒░]/)
    expect(stderr).toContain('healthmate models scores weight')
  })

  it('gives every number to scripts: dates, intervals within each other, the model and its trials', async () => {
    const view = await home.json(['forecast', 'weight', '--days', '10'])
    expect(view).toMatchObject({ metric: 'weight', unit: 'kg', days: 10, kept: true })
    const [one] = view.forecasts
    expect(one).toMatchObject({ series: 'weight', model: 'automatic', n: 200, trials: { folds: 6 } })
    expect(one.dates).toHaveLength(10)
    expect(one.dates[0]).toBe(new Date().toISOString().slice(0, 10))
    for (let h = 0; h < 10; h++) {
      const row = [one.lower95[h], one.lower80[h], one.mean[h], one.upper80[h], one.upper95[h]]
      expect([...row].sort((a, b) => a - b)).toEqual(row)
    }
    expect(one.quantiles.values[0]).toHaveLength(one.quantiles.levels.length)
  })

  it('speaks the units of the person', async () => {
    expect((await home.run(['config', 'set', 'units.weight', '[lb_av]'])).code).toBe(0)
    const view = await home.json(['forecast', 'weight', '--days', '10'])
    expect(view.unit).toBe('[lb_av]')
    expect(view.forecasts[0].mean[0]).toBeGreaterThan(170)
    expect(view.forecasts[0].text).toMatch(/17\d\.?\d* lb/)
    expect((await home.run(['config', 'set', 'units.weight', 'kg'])).code).toBe(0)
  })

  it('forecasts each component, and writes pictures', async () => {
    const svg = join(home.folder, 'bp.svg')
    const { stderr, stdout } = await home.run(['forecast', 'bp', '--days', '14', '--svg', svg])
    expect(stderr).toContain('Wrote')
    expect(stdout).toMatch(/^Blood pressure, systolic, .*\nBlood pressure, diastolic, /)
    expect(readFileSync(svg, 'utf8')).toMatch(/forecast 1\d\d mmHg on .* \(95 % interval/)
    expect((await home.run(['forecast', 'bp', '--svg', svg])).code).toBe(2)
    expect(existsSync(join(home.folder, 'bp.png'))).toBe(false)
    const png = join(home.folder, 'bp.png')
    expect((await home.json(['forecast', 'bp', '--png', png])).files).toEqual([png])
  })

  it('refuses thin, old and missing data, and tells what is missing', async () => {
    const few = readings('heart_rate_resting', '/min', () => 60, 18).replaceAll(
      'heart_rate_resting',
      'resting_heart_rate',
    )
    expect((await home.run(['log', '--stdin'], { input: few })).code).toBe(0)
    const thin = await home.run(['forecast', 'resting_heart_rate'])
    expect(thin).toMatchObject({ code: 5, stderr: expect.stringContaining('18 days have a value') })
    expect(thin.stderr).toContain('3 more')
    const long = await home.run(['forecast', 'bp', '--days', '90'])
    expect(long).toMatchObject({ code: 5, stderr: expect.stringContaining('--days 60') })
    expect((await home.run(['forecast', 'bp', '--days', '60'])).code).toBe(0)
    expect(await home.run(['forecast', 'height'])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('no records of height'),
    })
    expect(await home.run(['forecast', 'weight', '--days', '900'])).toMatchObject({ code: 2 })
    const then = new Date(Date.now() - 1000 * dayMs).toISOString().slice(0, 10)
    expect((await home.run(['log', 'waist', '90cm', '--at', `${then}T08:00`])).code).toBe(0)
    expect(await home.run(['forecast', 'waist'])).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(
        new RegExp(`no values in the last two years\\.\\s+healthmate forecast waist --to ${then}`),
      ),
    })
  })

  it('as of an earlier day looks at nothing later and keeps nothing', async () => {
    const before = await home.json(['models', 'scores', 'weight'])
    const view = await home.json(['forecast', 'weight', '--to', '60 days ago'])
    expect(view).toMatchObject({ kept: false, forecasts: [{ n: 141, version: 1 }] })
    expect(view.forecasts[0].to).toBe(view.asOf)
    expect(await home.json(['models', 'scores', 'weight'])).toEqual(before)
  })

  it('is no change that undo would take back', async () => {
    expect((await home.run(['log', 'height', '180cm'])).code).toBe(0)
    expect((await home.run(['forecast', 'weight', '--days', '20'])).code).toBe(0)
    expect((await home.run(['undo'])).code).toBe(0)
    expect((await home.run(['list', 'height'])).code).toBe(5)
    expect((await home.run(['models', 'show', 'weight'])).code).toBe(0)
  })
})
