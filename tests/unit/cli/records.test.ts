import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endAgents, newestId, type VaultHome, vaultHome } from './vault-home.ts'

let home: VaultHome
beforeAll(async () => {
  home = await vaultHome({ agent: true })
})
afterAll(endAgents)

describe('log', () => {
  it('logs a blood pressure with the pulse, and says how it is classed', async () => {
    const done = await home.run(['log', 'bp', '128/82', '--pulse', '64', '--at', '2026-03-01T07:30'])
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(done.stdout).toMatch(/^Blood pressure 128\/82 mmHg, 2026-03-01 07:30 · \S.*\nHeart rate 64 \/min/)
  })
  it('shows the mean of the last days once there are two', async () => {
    await home.run(['log', 'weight', '81kg', '--at', '2026-03-01T07:30'])
    const view = await home.json(['log', 'weight', '83kg', '--at', '2026-03-02T07:30'])
    expect(view).toMatchObject({ sealed: false, logged: [{ weekMean: { value: 82, days: 2 } }] })
    const done = await home.run(['log', 'weight', '84kg', '--at', '2026-03-03T07:30'], { columns: 80 })
    expect(done.stdout).toContain('mean of the last 7 days: 82.7 kg (3 days)')
  })
  it.each([
    [['wieght', '80kg'], 'UNKNOWN_METRIC', /Did you mean weight/],
    [['weight', '80'], 'UNIT', /healthmate log weight 80kg/],
    [['glucose', '100'], 'UNIT', /healthmate log glucose 100mmol\/L/],
    [['weight', '80', 'bananas'], 'UNIT', /kg, lb/],
    [['weight', '900kg'], 'VALUE', /Check the number/],
    [['bp', '82/128'], 'VALUE', /128\/82/],
    [['weight', '80kg', '--at', '31.02.2026'], 'DATE', /2026-03-01/],
    [['weight', '80kg', '--at', '03/04/2026'], 'DATE', /2026-03-04 or 2026-04-03/],
    [['weight', '80kg', '--at', '25/12/2025'], 'DATE', /2025-12-25/],
    [['weight', '80kg', '--at', '2199-01-01'], 'DATE', /--yes/],
    [['weight', '80kg', '--at', '1850-01-01'], 'DATE', /--at/],
    [['symptom', 'headache'], 'VALUE', /--severity/],
    [['weight', '80kg', '--pulse', '60'], 'USAGE', /heart_rate/],
    [['weight'], 'USAGE', /VALUE/],
    [[], 'USAGE', /128\/82/],
    [['sleep_duration', '7h', '--at', '2026-03-02', '--until', '2026-03-01'], 'DATE', /./],
  ])('refuses %j with what to do', async (words, code, hint) => {
    const { error } = await home.json(['log', ...words])
    expect(error.code).toBe(code)
    expect(`${error.hint ?? error.message}`).toMatch(hint)
  })
  it('takes a future time with --yes', async () => {
    const done = await home.run(['log', 'weight', '80kg', '--at', '2199-01-01', '--yes', '--dry-run'])
    expect(done).toMatchObject({ code: 0, stderr: 'Nothing was written (--dry-run).\n' })
  })
  it('reads the value of "-" from standard input, one value only', async () => {
    const done = await home.run(['log', 'weight', '-'], { input: '81.5 kg\n' })
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('81.5 kg') })
    expect(await home.run(['log', 'weight', '-'], { input: '1kg\n2kg\n' })).toMatchObject({ code: 2 })
    expect(await home.run(['log', 'weight', '-'], { input: 'x'.repeat(2000) })).toMatchObject({ code: 2 })
  })
  it('names a symptom that the catalogue lacks as the person did', async () => {
    const done = await home.run(['log', 'symptom', 'itchy', 'nose', '--severity', '3'])
    expect(done.stdout).toMatch(/^Symptom: itchy nose 3/)
    const [record] = (await home.json(['search', 'itchy'])).records
    expect(record).toMatchObject({ name: 'Symptom: itchy nose', context: 'itchy nose' })
  })
  it('keeps the good lines of --stdin and lists the others in their order', async () => {
    const input = [
      '{"metric":"weight","value":81.4,"unit":"kg","at":"2026-02-01T07:30","note":"n","tags":["home"]}',
      'nope',
      '{"metric":"wieght","value":1}',
      '',
      '{"value":3}',
      '{"metric":"bp","value":{"systolic":120,"diastolic":80},"at":"2026-02-01T07:31","pulse":61}',
      '{"metric":"weight","value":80,"foo":1}',
      '[1]',
      '{"metric":"weight","value":true}',
      '{"metric":"weight","value":"80kg","tags":"x"}',
      '{"metric":"weight","value":"80kg","note":7}',
      '{"metric":"weight","value":"80kg","pulse":"7"}',
      '{"metric":"mood","value":7,"at":"2026-02-01T22:00","end":"2026-02-01T22:10","source":"app"}',
      '{"metric":"bp","value":{"systolic":120}}',
    ].join('\n')
    const human = await home.run(['log', '--stdin'], { input })
    expect(human.code).toBe(3)
    expect(human.stderr).toMatch(/line 2: .*\n.*line 3: .*\n.*line 5: .*\n.*line 7: /)
    const view = await home.json(['log', '--stdin', '--dry-run'], { input })
    expect(view.refusals.map((one: { where: string }) => one.where)).toEqual(
      [2, 3, 5, 7, 8, 9, 10, 11, 12, 14].map((line) => `line ${line}`),
    )
    expect(view.logged).toHaveLength(4)
  })
  it('seals while locked, never prompting, and merges at the next unlock', async () => {
    const other = await vaultHome()
    const done = await other.locked(['log', 'weight', '80.5kg', '--at', '2026-03-05T08:00'])
    expect(done).toMatchObject({ code: 0, stderr: 'Sealed; it merges at the next unlock.\n' })
    const read = await other.locked(['list', 'weight'])
    expect(read).toMatchObject({ code: 4, stdout: '' })
    expect(read.stderr).toContain('healthmate unlock')
    const merged = await other.run(['list', 'weight', '--on', '2026-03-05'])
    expect(merged.stdout).toContain('80.5 kg ?')
    expect(merged.stderr).toContain('came in while the vault was locked')
  })
})

describe('list, show and search', () => {
  it('shows a table at 80 columns with every id whole', async () => {
    const { stdout } = await home.run(['list', '--limit', '6'], { columns: 80 })
    const lines = stdout.trimEnd().split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
    expect(lines[0]).toMatch(/^when {14}metric/)
  })
  it('shows blocks on a very narrow terminal', async () => {
    const { stdout } = await home.run(['list', 'bp'], { columns: 30 })
    expect(stdout).toMatch(/^when {4}\d{4}/)
  })
  it('gives scripts the keys of the contract', async () => {
    const { records, count } = await home.json(['list', 'bp', '--on', '2026-03-01'])
    expect(count).toBe(1)
    expect(records[0]).toMatchObject({
      metric: 'blood_pressure',
      at: expect.stringMatching(/^2026-03-01T07:30:00[+-]\d\d:\d\d$/),
      end: null,
      value: { systolic: 128, diastolic: 82 },
      unit: 'mm[Hg]',
      source: 'manual',
      note: null,
      tags: [],
    })
  })
  it('prints NDJSON and CSV', async () => {
    const ndjson = await home.run(['list', 'weight', '--ndjson', '--limit', '2'])
    expect(
      ndjson.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).metric),
    ).toEqual(['weight', 'weight'])
    const csv = await home.run(['list', 'bp', '--csv', '--on', '2026-03-01'])
    expect(csv.stdout).toMatch(/^id,metric,at,end,component,value,unit,source,note,tags,context\n/)
    expect(csv.stdout).toMatch(/,systolic,128,.*\n.*,diastolic,82,/)
  })
  it('filters by period, tag and source, and ends with 5 on nothing', async () => {
    expect((await home.json(['list', '--tag', 'home'])).count).toBe(1)
    expect((await home.json(['list', '--source', 'APP'])).count).toBeGreaterThan(0)
    expect(await home.run(['list', '--source', 'nobody'])).toMatchObject({ code: 5 })
    expect(await home.run(['list', 'weight', '--last', '5x'])).toMatchObject({ code: 2 })
    expect((await home.json(['list', 'weight', '--from', '2026-03-02', '--to', '2026-03-03'])).count).toBe(2)
  })
  it('shows one record with all that is known', async () => {
    const id = await newestId(home, 'bp')
    const { stdout } = await home.run(['show', id])
    expect(stdout).toContain('Blood pressure')
    expect(stdout).toContain(id)
    expect(await home.run(['show', 'nothing'])).toMatchObject({ code: 5 })
    expect((await home.json(['show', id])).record.id).toBe(id)
  })
  it('finds words in notes, tags and contexts', async () => {
    await home.run(['log', 'mood', '4', '--note', 'after the run', '--tag', 'work', '--context', 'evening'])
    expect((await home.run(['search', 'after', 'run'])).stdout).toContain('Mood')
    expect((await home.run(['search', 'work', '--ndjson'])).stdout).toContain('"mood"')
    expect(await home.run(['search', 'zzz'])).toMatchObject({ code: 5 })
  })
})

describe('edit, rm, undo and tags', () => {
  it('shows what an edit would do, does it, and takes it back', async () => {
    await home.run(['log', 'waist', '90cm', '--at', '2026-01-01T08:00'])
    const id = await newestId(home, 'waist')
    const dry = await home.json(['edit', id, '--value', '91cm', '--dry-run'])
    expect(dry).toMatchObject({ before: { value: 90 }, after: { value: 91 }, dryRun: true })
    const words = ['edit', id, '--value', '91cm', '--at', '2026-01-02T08:00', '--note', 'n', '--context', 'c']
    expect((await home.run([...words, '--tag', 'b', '--tag', 'a'])).stdout).toContain('91.0 cm')
    expect((await home.json(['show', id])).record).toMatchObject({
      value: 91,
      note: 'n',
      context: 'c',
      tags: ['a', 'b'],
      flags: expect.arrayContaining(['edited']),
    })
    await home.run(['edit', id, '--note', '', '--context', ''])
    expect((await home.json(['show', id])).record).toMatchObject({ note: null, context: null })
    await home.run(['undo'])
    expect((await home.run(['undo', '--dry-run'])).stdout).toBe('Would take back: edit waist\n')
    await home.run(['undo'])
    expect((await home.json(['show', id])).record).toMatchObject({ value: 90, tags: [] })
  })
  it('refuses edits that change nothing or mean nothing', async () => {
    const id = await newestId(home, 'bp')
    expect(await home.run(['edit', id])).toMatchObject({ code: 2 })
    expect(await home.run(['edit', id, '--value', '80/120'])).toMatchObject({ code: 2 })
    expect(await home.run(['edit', id, '--value', '900/120'])).toMatchObject({ code: 2 })
    expect(await home.run(['edit', 'nothing', '--note', 'x'])).toMatchObject({ code: 5 })
  })
  it('asks before removing; what is not there is told', async () => {
    const id = await newestId(home, 'waist')
    expect(await home.run(['rm', id])).toMatchObject({ code: 8 })
    expect((await home.run(['rm', id, '--dry-run'])).stderr).toContain('Nothing was removed')
    const done = await home.run(['rm', id, 'nothing', '--yes'])
    expect(done.code).toBe(5)
    expect(done.stderr).toContain('1 removed. healthmate undo brings it back.')
    expect(done.stderr).toContain('there is no record nothing')
    expect((await home.run(['undo'])).stdout).toBe('Taken back: rm 1 record\n')
    expect((await home.json(['rm', id, '--yes'])).removed).toHaveLength(1)
    await home.run(['undo'])
  })
  it('tags several records in one change', async () => {
    const ids = [await newestId(home, 'waist'), await newestId(home, 'bp')]
    const done = await home.run(['tag', 'add', 'holiday', ...ids, 'nothing'])
    expect(done).toMatchObject({ code: 5, stderr: expect.stringContaining('no record nothing') })
    expect((await home.json(['tag', 'list'])).tags).toContainEqual({ tag: 'holiday', count: 2 })
    expect((await home.run(['tag', 'list'])).stdout).toContain('     2  holiday')
    expect((await home.run(['tag', 'list', '--ndjson'])).stdout).toContain('"holiday"')
    await home.run(['undo'])
    expect((await home.json(['tag', 'list'])).tags).not.toContainEqual({ tag: 'holiday', count: 2 })
    expect((await home.json(['tag', 'add', 'x', ids[0] ?? ''])).records[0].tags).toEqual(['x'])
    expect((await home.json(['tag', 'rm', 'x', ids[0] ?? ''])).records[0].tags).toEqual([])
    expect(await home.run(['tag', 'add', ' ', ids[0] ?? ''])).toMatchObject({ code: 2 })
    expect(await home.run(['tag', 'add', 'x', 'nothing'])).toMatchObject({ code: 5 })
  })
})

describe('attach', () => {
  it('keeps a file and gives it back whole', async () => {
    const id = await newestId(home, 'bp')
    const { id: attachment } = await home.json(['attach', id, home.file('report.pdf', 'pages')])
    expect((await home.run(['show', id])).stdout).toContain('report.pdf, 5 bytes')
    const out = join(home.folder, 'again.pdf')
    expect((await home.run(['attach', '--get', attachment, out])).code).toBe(0)
    expect(readFileSync(out, 'utf8')).toBe('pages')
    expect(await home.run(['attach', '--get', attachment, out])).toMatchObject({ code: 2 })
    expect((await home.json(['attach', '--get', attachment, out, '--force'])).bytes).toBe(5)
    expect((await home.run(['attach', id, out])).stdout).toContain('Attached again.pdf')
    expect(await home.run(['attach', '--get', 'nothing', `${out}2`])).toMatchObject({ code: 5 })
  })
  it('refuses what is no file or no record', async () => {
    const id = await newestId(home, 'bp')
    expect(await home.run(['attach', id, home.folder])).toMatchObject({ code: 2 })
    expect(await home.run(['attach', id, join(home.folder, 'none')])).toMatchObject({ code: 1 })
    expect(await home.run(['attach', 'nothing', home.file('x.txt', 'x')])).toMatchObject({ code: 5 })
  })
})
