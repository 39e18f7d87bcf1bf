import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endAgents, newestId, type VaultHome, vaultHome } from './vault-home.ts'

let home: VaultHome
beforeAll(async () => {
  home = await vaultHome({ agent: true })
})
afterAll(endAgents)

describe('goal', () => {
  it('sets, lists by name and removes targets', async () => {
    expect((await home.run(['goal', 'list'])).stderr).toContain('No goals yet')
    expect(await home.run(['goal', 'set', 'weight', '78kg'])).toMatchObject({ code: 2 })
    await home.run(['log', 'weight', '80kg'])
    await home.run(['log', 'steps', '9000'])
    await home.run(['goal', 'set', 'weight', '78kg', '--by', '2027-09-01', '--note', 'summer'])
    await home.run(['goal', 'set', 'steps', '8000', '--direction', 'above'])
    const view = await home.json(['goal', 'set', 'bp', '130/80', '--direction', 'below'])
    expect(view.goals.map((goal: { text: string }) => goal.text)).toEqual([
      'below 130/80 mmHg',
      'below 78.0 kg by 2027-09-01',
      'above 8000 steps',
    ])
    expect(view.goals[2].latest.reached).toBe(true)
    expect((await home.run(['goal', 'list'])).stdout).toMatch(/no value yet[\s\S]*not yet[\s\S]*reached/)
    expect((await home.run(['goal', 'list', '--ndjson'])).stdout.split('\n')).toHaveLength(4)
    expect(await home.run(['goal', 'rm', 'bp'])).toMatchObject({ code: 8 })
    expect((await home.json(['goal', 'rm', 'bp', '--yes'])).count).toBe(2)
    expect(await home.run(['goal', 'rm', 'bp', '--yes'])).toMatchObject({ code: 5 })
    await home.run(['undo'])
    expect((await home.json(['goal', 'list'])).count).toBe(3)
  })
  it('never guesses a unit', async () => {
    const { error } = await home.json(['goal', 'set', 'glucose', '100', '--direction', 'below'])
    expect(error.hint).toContain('healthmate goal set glucose 100mmol/L')
  })
  it('is near within two per cent', async () => {
    await home.run(['goal', 'set', 'weight', '81kg', '--direction', 'near'])
    const { goals } = await home.json(['goal', 'list'])
    const weight = goals.find((one: { metric: string }) => one.metric === 'weight')
    expect(weight.latest.reached).toBe(true)
  })
})

describe('appointment', () => {
  it('needs a time', async () => {
    expect(await home.run(['appointment', 'add', 'Blood test'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--at'),
    })
  })
  it('is added, listed in order and removed by the beginning of its id', async () => {
    expect((await home.run(['appointment', 'list'])).stderr).toContain('No appointments')
    await home.run(['appointment', 'add', 'Eye test', '--at', '2027-05-02T09:00'])
    const words = ['appointment', 'add', 'Blood test', '--at', '2027-04-02T09:00', '--with', 'Dr X']
    const { appointments } = await home.json([...words, '--where', 'Lab', '--note', 'fasting'])
    expect(appointments[0]).toMatchObject({
      title: 'Blood test',
      with: 'Dr X',
      where: 'Lab',
      note: 'fasting',
    })
    expect((await home.run(['appointment', 'list'])).stdout).toMatch(/Blood test[\s\S]*Eye test/)
    expect((await home.run(['appointment', 'list', '--ndjson'])).stdout).toContain('"Eye test"')
    expect((await home.run(['search', 'blood', 'test'])).stdout).toContain('appointment')
    expect((await home.run(['show', appointments[0].id])).stdout).toContain('Blood test')
    const beginning = appointments[0].id.slice(0, 6)
    expect(await home.run(['appointment', 'rm', beginning])).toMatchObject({ code: 8 })
    expect((await home.json(['appointment', 'rm', beginning, '--yes'])).count).toBe(1)
    expect(await home.run(['appointment', 'rm', 'nothing', '--yes'])).toMatchObject({ code: 5 })
  })
})

describe('profile', () => {
  it('keeps facts that can be, and says what belongs elsewhere', async () => {
    expect((await home.run(['profile', 'show'])).stderr).toContain('The profile is empty')
    await home.run(['profile', 'set', 'birth-date', '1980-05-17'])
    await home.run(['profile', 'set', 'name', 'Ada'])
    expect((await home.json(['profile', 'set', 'sex', 'FEMALE'])).facts).toEqual({
      'birth-date': '1980-05-17',
      name: 'Ada',
      sex: 'female',
    })
    await home.run(['profile', 'set', 'name', ''])
    expect((await home.run(['profile', 'show'])).stdout).not.toContain('Ada')
    for (const [field, value, hint] of [
      ['height', '180cm', 'healthmate log height'],
      ['nonsense', '1', 'It has:'],
      ['sex', 'maybe', 'female, male'],
      ['birth-date', '2199-01-01', 'Check the year'],
      ['birth-date', '1890-01-01', 'Check the year'],
      ['birth-date', '1980-02-30', '1980-05-17'],
      ['birth-date', 'soon', '1980-05-17'],
    ] as const) {
      const done = await home.run(['profile', 'set', field, value])
      expect([done.code, done.stderr]).toEqual([2, expect.stringContaining(hint)])
    }
  })
})

describe('the sealed inbox', () => {
  it('marks what came in while locked until it is accepted; rejecting removes it', async () => {
    const other = await vaultHome()
    expect((await other.run(['inbox', 'list'])).stderr).toContain('Nothing waits')
    await other.locked(['log', 'weight', '81kg'])
    await other.locked(['log', 'mood', '4'])
    await other.run(['config', 'set', 'inbox.hold', 'true'])
    const held = await other.run(['inbox', 'list'])
    expect(held.stderr).toContain('2 sealed entries held back')
    expect((await other.json(['list'])).count).toBe(0)
    expect(await other.run(['inbox', 'accept'])).toMatchObject({ code: 2 })
    await other.run(['config', 'set', 'inbox.hold', 'default'])
    const { entries } = await other.json(['inbox', 'list'])
    expect(entries).toHaveLength(2)
    const mood = entries.find((one: { label: string }) => one.label === 'log mood')
    expect((await other.run(['inbox', 'list'])).stdout).toContain('log weight')
    expect(await other.run(['inbox', 'reject', mood.id])).toMatchObject({ code: 8 })
    expect((await other.json(['inbox', 'reject', mood.id, '--yes'])).decided).toBe(1)
    expect((await other.run(['inbox', 'accept', '--all'])).stderr).toContain('1 entry accepted')
    const { records } = await other.json(['list'])
    expect(records).toMatchObject([{ metric: 'weight', flags: ['manual'] }])
    expect((await other.run(['inbox', 'list', '--ndjson'])).stdout).toBe('')
  })
})

describe('display units', () => {
  it('follow the person everywhere and change nothing that is stored', async () => {
    const other = await vaultHome({ agent: true })
    await other.run(['log', 'weight', '80kg', '--at', '2026-03-01'])
    await other.run(['log', 'temp', '37Cel', '--at', '2026-03-01'])
    await other.run(['log', 'glucose', '5.5mmol/L', '--at', '2026-03-01'])
    const { digest } = await other.json(['vault', 'info'])
    const us = { environment: { HEALTHMATE_UNITS_SYSTEM: 'us' } }
    const { stdout } = await other.run(['list'], us)
    expect(stdout).toMatch(/99 mg\/dL/)
    expect(stdout).toMatch(/98\.6 °F/)
    expect(stdout).toMatch(/176\.4 lb/)
    await other.run(['config', 'set', 'units.weight', 'st'])
    expect((await other.run(['list', 'weight'])).stdout).toContain('12 st 8.4 lb')
    expect((await other.run(['explain', 'weight', '2026-03-01'])).stdout).toContain('12 st 8.4 lb')
    expect((await other.run(['goal', 'set', 'weight', '12st'])).stdout).toContain('below 12 st')
    await other.run(['undo'])
    expect((await other.json(['vault', 'info'])).digest).toBe(digest)
    const id = await newestId(other, 'weight')
    await other.run(['edit', id, '--value', '12st'])
    expect((await other.json(['show', id])).record.original).toMatchObject({ value: 80, unit: 'kg' })
  })
})
