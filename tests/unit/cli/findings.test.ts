import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endAgents, recentExport, type VaultHome, vaultHome } from './vault-home.ts'

let home: VaultHome
beforeAll(async () => {
  home = await vaultHome({ agent: true })
  const path = join(home.folder, 'export.xml')
  writeFileSync(path, recentExport(200))
  expect((await home.run(['import', 'apple-health', path])).code).toBe(0)
})
afterAll(endAgents)

describe('insights', () => {
  it('are findings with numbers, evidence and the command to look closer', async () => {
    const view = await home.json(['insights'])
    expect(view).toMatchObject({ asOf: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), newest: null })
    expect(view.looked).toBeGreaterThan(10)
    for (const finding of view.findings) {
      expect(finding.look).toMatch(/^healthmate /)
      expect(finding.text).toMatch(/\d/)
      expect(JSON.stringify(finding)).not.toContain('NaN')
    }
    const lines = (await home.run(['insights', '--ndjson'])).stdout.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).text)).toEqual(
      view.findings.map((finding: { text: string }) => finding.text),
    )
  })

  it('name the day, value and command of an unusual reading', async () => {
    const words = ['log', 'weight', '140kg', '--at', 'yesterday 7:30', '--yes']
    expect((await home.run(words)).code).toBe(0)
    const { stdout, code } = await home.run(['insights'])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /Unusual for you\n {2}Body weight was 1\d\d\.\d kg on \d{4}-\d\d-\d\d, unusually high for you/,
    )
    expect(stdout).toContain('healthmate list weight --on ')
  })

  it('say where the data ends when nothing was measured lately, and that nothing is there at all', async () => {
    const empty = await vaultHome()
    expect(await empty.run(['insights'])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('healthmate import auto FILE'),
    })
    await empty.run(['log', 'weight', '81kg', '--at', '2020-02-02T07:00'])
    expect((await empty.run(['insights'])).stderr).toContain('healthmate insights --to 2020-02-02')
  })
})

describe('correlate', () => {
  it('answers in a sentence, and with every lag on request', async () => {
    const words = ['correlate', 'steps', 'resting_heart_rate']
    const { stdout, code } = await home.run([...words, '--verbose'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Steps and resting heart rate (show no clear association|move).*15 lags/)
    expect(stdout).toContain('lag in days')
    expect(await home.run(['correlate', 'steps', 'steps'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('steps always moves together with itself'),
    })
    const view = await home.json([...words, '--lag', '-1'])
    expect(view.results[0]).toMatchObject({ first: 'steps', second: 'resting_heart_rate', best: { lag: -1 } })
  })

  it('answers for each component, and says what is missing', async () => {
    expect(
      (await home.json(['correlate', 'bp', 'steps'])).results.map((r: { first: string }) => r.first),
    ).toEqual(['blood_pressure.systolic', 'blood_pressure.diastolic'])
    expect(await home.run(['correlate', 'steps', 'ldl'])).toMatchObject({ code: 5 })
    expect(await home.run(['correlate', 'ldl', 'steps'])).toMatchObject({ code: 5 })
    expect(await home.run(['correlate', 'steps', 'weight', '--lag', '1.5'])).toMatchObject({ code: 2 })
    expect((await home.run(['correlate', 'steps', 'weight', '--last', '10d'])).stdout).toContain(
      'Not enough data',
    )
  })
})

describe('chart --kind', () => {
  const kinds = [
    ['glucose', 'day-profile', 'target 3.9 to 10.0'],
    ['glucose', 'histogram', 'readings, mean'],
    ['steps', 'histogram', 'days, mean'],
    ['steps', 'calendar', 'days with a value'],
    ['heart_rate', 'range', 'highest: min'],
    ['bp', 'pairs', '▴ diastolic'],
  ] as const

  for (const [metric, kind, words] of kinds) {
    it(`${kind} draws ${metric} in the terminal and as a picture`, async () => {
      const { stdout, code } = await home.run(['chart', metric, '--kind', kind], { columns: 80 })
      expect(code).toBe(0)
      expect(stdout).toContain(words)
      expect(Math.max(...stdout.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(80)
      const file = join(home.folder, `${metric}-${kind}.svg`)
      await home.run(['chart', metric, '--kind', kind, '--svg', file])
      expect(readFileSync(file, 'utf8')).toContain('</svg>')
    })
  }

  it('counts every reading once, as list does', async () => {
    const { figures } = await home.json(['chart', 'weight', '--kind', 'histogram'])
    const listed = (await home.run(['list', 'weight', '--ndjson'])).stdout.trimEnd().split('\n')
    expect(figures[0].n).toBe(listed.length)
    expect(figures[0].counts.reduce((sum: number, count: number) => sum + count, 0)).toBe(listed.length)
  })

  it('refuses what a metric is not, with the way on', async () => {
    for (const [metric, kind] of [
      ['steps', 'pairs'],
      ['steps', 'range'],
      ['weight', 'nonsense'],
    ] as const) {
      const { code, stderr } = await home.run(['chart', metric, '--kind', kind])
      expect(code).toBe(2)
      expect(stderr).toContain('healthmate')
    }
    const file = join(home.folder, 'two.svg')
    expect(await home.run(['chart', 'steps', 'weight', '--kind', 'calendar', '--svg', file])).toMatchObject({
      code: 2,
    })
    expect(await home.run(['chart', 'ldl', '--kind', 'histogram'])).toMatchObject({ code: 5 })
  })
})
