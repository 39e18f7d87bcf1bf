import { Readable } from 'node:stream'
import { describe, expect, it, vi } from 'vitest'
import { runProgram } from '../../../src/cli/run.ts'
import { captured } from './captured-output.ts'

/** Runs `analyze` with words and standard input, in a home without a vault. */
async function analyze(words: readonly string[], input?: string) {
  const { streams, stdout, stderr } = captured({}, { stdin: input === undefined })
  const stdin = vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([input ?? '']) as never)
  try {
    const code = await runProgram({
      words: ['analyze', ...words],
      streams,
      environment: { HEALTHMATE_VAULT: '/nowhere/vault.hmv' },
      signal: new AbortController().signal,
    })
    return { code, stdout: stdout(), stderr: stderr() }
  } finally {
    stdin.mockRestore()
  }
}

async function result(words: readonly string[], input: unknown) {
  const { code, stdout } = await analyze(words, JSON.stringify(input))
  expect(code).toBe(0)
  return JSON.parse(stdout)
}

const falling = [81.2, 81.0, null, 80.7]

describe('analyze', () => {
  it('runs a method on its input, on a series by itself and on bare values', async () => {
    const input = { x: [0, 1, 3], y: [81.2, 81.0, 80.7] }
    const whole = await result(['theil_sen'], { input, options: { level: 0.9 } })
    expect(whole).toMatchObject({ n: 3, slope: expect.closeTo(-1 / 6, 12) })
    expect(await result(['theil_sen'], { values: falling, options: { level: 0.9 } })).toEqual(whole)
    expect(await result(['theil_sen', '--options', '{"level":0.9}'], falling)).toEqual(whole)
    const wrapped = { input: { values: falling }, options: { level: 0.9 } }
    expect(await result(['theil_sen'], wrapped)).toEqual(whole)
  })

  it('takes options of the command line before those of the document', async () => {
    const document = { values: [1, 2, 4, 3, 5], options: { max_lag: 3 } }
    expect((await result(['acf', '--options', '{"max_lag":1}'], document)).acf).toHaveLength(2)
  })

  it('reads times: days for x, gaps for steps that are missing', async () => {
    const times = ['2026-03-27', '2026-03-28', '2026-03-30'].map((day) => `${day}T07:00:00+01:00`)
    const line = await result(['ols'], { values: [1, 2, 4], times })
    expect(line).toMatchObject({ slope: expect.closeTo(1, 12), intercept: expect.closeTo(1, 12) })
    const filled = await result(['gap_filling'], { values: [1, 4], times: [times[0], times[2]] })
    expect(filled.values).toEqual([1, 4])
    const held = await result(['ewma', '--options', '{"alpha":0.5}'], { values: [1, 2, 4], times })
    expect(held.values).toHaveLength(4)
    const hours = [0, 1, 3].map((hour) => Date.UTC(2026, 2, 27, hour, 5 * hour))
    expect(
      (await result(['acf', '--options', '{"max_lag":3}'], { values: [1, 2, 4], times: hours })).acf,
    ).toHaveLength(4)
    const evening = ['2026-03-27T07:00:00Z', '2026-03-28T21:30:00Z', '2026-03-30T06:10:00Z']
    expect(
      (await result(['ewma', '--options', '{"alpha":0.5}'], { values: [1, 2, 4], times: evening })).values,
    ).toEqual(held.values)
  })

  it('refuses times that no step fits', async () => {
    const { code, stderr } = await analyze(
      ['acf'],
      JSON.stringify({ values: [1, 2, 3], times: [0, 5e6, 6.5e6] }),
    )
    expect(code).toBe(2)
    expect(stderr).toContain('not equally spaced')
    const twice = await analyze(['acf'], JSON.stringify({ values: [1, 2, 3], times: [0, 1e3, 1e3] }))
    expect(twice.code).toBe(2)
  })

  it('answers a status where there is not enough data', async () => {
    expect(await result(['cosinor'], { t: [0, 6], y: [1, 2] })).toEqual({ status: 'insufficient_data', n: 2 })
  })

  it('prints one line for each line of a batch, in order, and goes on after a refusal', async () => {
    const lines = [
      '{"method":"descriptive","input":{"values":[1,2,3]}}',
      'no json',
      '',
      '{"method":"nothing","input":{}}',
      '{"method":"ols","input":{"x":[1,2],"y":["a",2]}}',
      '{"method":"circular","values":[23,1]}',
    ]
    const { code, stdout } = await analyze(['--batch'], lines.join('\n'))
    expect(code).toBe(3)
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(answers.map((answer) => answer.error?.code ?? answer.n)).toEqual([3, 'VALUE', 'USAGE', 'VALUE', 2])
    expect(answers[1].error.hint).toContain('Each line is one request')
    const clean = await analyze(['descriptive', '--batch'], '[1,2]\n[3]\n')
    expect(clean).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\{"n":2.*\n\{"n":1.*\n$/) })
  })

  it('names the methods, and the nearest of a mistyped one', async () => {
    const list = await analyze(['--list', '--json'])
    const { methods, count } = JSON.parse(list.stdout)
    expect(methods).toEqual(expect.arrayContaining(['acf', 'forecast', 'stl', 'trend']))
    expect(count).toBe(methods.length)
    expect((await analyze(['--list'])).stdout.split('\n')).toEqual(expect.arrayContaining(['cgm', 'hrv']))
    const mistyped = await analyze(['teil_sen'], '[1]')
    expect(mistyped).toMatchObject({ code: 2, stderr: expect.stringContaining('theil_sen') })
  })

  it('says what to do without input, method or usable JSON', async () => {
    expect(await analyze(['acf'])).toMatchObject({ code: 2, stderr: expect.stringContaining('echo') })
    expect(await analyze([], '{"values":[1]}')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--list'),
    })
    expect((await analyze(['acf', '--options', '[1]'], '[1]')).code).toBe(2)
    expect((await analyze(['acf', '--options', '{'], '[1]')).code).toBe(2)
    const refused = await analyze(['acf', '--json'], 'x')
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'VALUE', hint: expect.any(String) } })
  })
})

describe('analyze trend', () => {
  const values = Array.from(
    { length: 90 },
    (_, i) => 80 + 0.05 * i + 2 * Math.sin(i * 7) + (i % 7 === 2 ? 6 : 0),
  )

  it('is the verdict of trend, with dates where there are times', async () => {
    const times = values.map((_, i) => new Date(Date.UTC(2026, 0, 5 + i, 12)).toISOString())
    const dated = await result(['trend', '--options', '{"unit":"kg"}'], { values, times })
    expect(dated).toMatchObject({ unit: 'kg', n: 90, from: '2026-01-05', direction: 'rising' })
    expect(dated.text).toContain('Wednesdays')
    expect(dated).not.toHaveProperty('metric')
  })

  it('names no date and no weekday where there are none', async () => {
    const bare = await result(['trend'], { values })
    expect(bare).toMatchObject({ from: null, to: null, latest: { at: null, index: 90 }, direction: 'rising' })
    expect(bare.text).toContain('every seventh day from day 3')
    expect(bare.text).not.toMatch(/\d{4}-\d{2}|days\b.*Mondays/)
    const step = await result(['trend'], { values: values.map((_, i) => Math.sin(i * 7) + (i < 45 ? 0 : 5)) })
    expect(step.changePoints).toMatchObject([{ at: null, index: 46 }])
    expect(step.text).toContain('around day 46')
  })

  it('refuses a method and a unit that are none', async () => {
    for (const options of ['{"method":"best"}', '{"unit":5}'])
      expect((await analyze(['trend', '--options', options], '[1]')).code).toBe(2)
  })
})
