import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endAgents, recentExport, type VaultHome, vaultHome } from './vault-home.ts'

let home: VaultHome
beforeAll(async () => {
  home = await vaultHome({ agent: true })
  const path = join(home.folder, 'export.xml')
  writeFileSync(path, recentExport(70))
  const done = await home.run(['import', 'apple-health', path])
  expect(done.code).toBe(0)
})
afterAll(endAgents)

describe('trend', () => {
  it('says in a sentence where a metric is going', async () => {
    const { code, stdout, stderr } = await home.run(['trend', 'weight', '--verbose'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Body weight .*95 % interval.*\n$/)
    expect(stderr).toContain('mann-kendall-hamed-rao: p = ')
  })
  it('has the keys of the contract', async () => {
    const view = await home.json(['trend', 'weight', '--last', '60d', '--method', 'ols'])
    expect(view).toMatchObject({
      metric: 'weight',
      unit: 'kg',
      method: 'ols',
      slope: { perDay: expect.any(Number), perWeek: expect.any(Number), ci95: expect.any(Array) },
      direction: expect.stringMatching(/^(rising|falling|steady|unclear)$/),
      changePoints: expect.any(Array),
      text: expect.any(String),
    })
    expect((await home.json(['trend', 'bp'])).components).toHaveProperty('diastolic')
  })
  it('says where the records are when the period has none', async () => {
    const empty = await home.run(['trend', 'weight', '--to', '2020-01-01'])
    expect(empty).toMatchObject({ code: 5, stderr: expect.stringMatching(/newest record is of \d{4}-/) })
    const never = await home.run(['trend', 'ldl'])
    expect(never).toMatchObject({ code: 5, stderr: expect.stringContaining('no records of ldl') })
    expect((await home.json(['trend', 'ldl'])).n).toBe(0)
  })
})

describe('chart', () => {
  it('draws within the width of the terminal', async () => {
    for (const columns of [40, 80]) {
      const { stdout } = await home.run(['chart', 'weight', 'bp', 'steps', '--last', '30d'], { columns })
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns)
      expect(stdout).toContain('Body weight (kg)')
    }
  })
  it('writes pictures, and replaces none without --force', async () => {
    const svg = join(home.folder, 'w.svg')
    const png = join(home.folder, 'w.png')
    await home.run(['goal', 'set', 'weight', '70kg'])
    const words = ['chart', 'weight', '--svg', svg, '--png', png]
    expect((await home.json(words)).files).toEqual([svg, png])
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg|^<\?xml/)
    expect(readFileSync(png).subarray(1, 4).toString()).toBe('PNG')
    expect(await home.run(words)).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') })
    expect((await home.run([...words, '--force'])).stderr).toContain('Wrote')
  })
  it('draws every kind of goal', async () => {
    for (const [direction, target] of [
      ['above', '60kg'],
      ['near', '85kg'],
    ] as const) {
      await home.run(['goal', 'set', 'weight', target, '--direction', direction])
      expect(await home.run(['chart', 'weight'])).toMatchObject({ code: 0 })
    }
  })
  it('ends with 5 where there is nothing to draw', async () => {
    const out = join(home.folder, 'none.svg')
    expect(await home.run(['chart', 'bp', '--to', '2020-01-01', '--svg', out])).toMatchObject({ code: 5 })
    expect(existsSync(out)).toBe(false)
    expect(await home.run(['chart', 'ldl'])).toMatchObject({ code: 5 })
  })
})

describe('summary', () => {
  it('fits 80 columns, alone and beside the period before', async () => {
    for (const words of [['summary'], ['summary', '--compare', '--last', '30d']]) {
      const { code, stdout } = await home.run(words, { columns: 80 })
      expect(code).toBe(0)
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
      expect(stdout).toMatch(/\nvitals\n/)
    }
    expect((await home.run(['summary', '--compare'])).stdout).toContain('no clear difference')
  })
  it('writes both ends of a range whose units differ', async () => {
    const { stdout } = await home.run(['summary', '--last', '60d'], { columns: 120 })
    expect(stdout).toMatch(/\d h \d+ min–\d h \d+ min/)
  })
  it('names the days that have records when the period has none', async () => {
    const done = await home.run(['summary', '--to', '2020-01-31', '--from', '2020-01-01'])
    expect(done.code).toBe(5)
    expect(done.stderr).toMatch(/healthmate summary --from \d{4}-\d\d-\d\d --to \d{4}/)
    const empty = await vaultHome({ agent: true })
    expect((await empty.run(['summary'])).stderr).toContain('healthmate log bp')
    expect((await empty.json(['summary'])).count).toBe(0)
    expect((await home.json(['summary', '--to', '2199-01-01'])).count).toBeGreaterThan(5)
  })
})

describe('explain', () => {
  it('says which source counted and what was left out', async () => {
    const { stdout } = await home.run(['explain', 'steps', 'yesterday'], { columns: 80 })
    expect(stdout).toMatch(/^Steps, .* steps \(added up;/)
    expect(stdout).toContain('the rest is covered by')
    expect(stdout).toMatch(/\d+ steps {2}\d+ %|no/)
    const view = await home.json(['explain', 'steps', 'yesterday'])
    expect(view.intervals[0]).toMatchObject({ verdict: expect.any(String), share: expect.any(Number) })
  })
  it('weighs spot readings of a day alike', async () => {
    await home.run(['log', 'bp', '120/80', '--at', '2026-01-01T08:00'])
    await home.run(['log', 'bp', '140/90', '--at', '2026-01-01T08:01'])
    expect((await home.run(['explain', 'bp', '2026-01-01'])).stdout).toMatch(/130\/85 mmHg \(mean/)
  })
  it('follows the order of sources that the person set', async () => {
    await home.run(['config', 'set', 'sources.priority', 'iPhone'])
    expect((await home.run(['explain', 'steps', 'yesterday'])).stdout).toContain(
      'your order of sources: iPhone',
    )
    await home.run(['config', 'set', 'sources.priority', 'default'])
    expect((await home.run(['explain', 'weight', 'yesterday'])).code).not.toBe(1)
  })
  it('ends with 5 on a day without records', async () => {
    expect(await home.run(['explain', 'steps', '2020-01-01'])).toMatchObject({ code: 5 })
  })
})
