import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { validateR4 } from '../fhir/validation.ts'
import { endAgents, recentExport, type VaultHome, vaultHome } from './vault-home.ts'

let home: VaultHome
let path: string
beforeAll(async () => {
  home = await vaultHome()
  path = join(home.folder, 'export.xml')
  writeFileSync(path, recentExport(20))
})
afterAll(endAgents)

const sum = (view: Record<string, unknown>): number =>
  ['imported', 'merged', 'duplicates', 'skipped', 'refused', 'pending']
    .map((key) => Number(view[key] ?? 0))
    .concat(Object.values(view['unmapped'] as Record<string, number>))
    .reduce((total, one) => total + one, 0)

/** A signal that is aborted from the nth time on that somebody looks: an interruption in the middle, without a clock. */
function abortedAtLook(nth: number): AbortSignal {
  const { signal } = new AbortController()
  let looks = 0
  return new Proxy(signal, {
    get(target, name) {
      if (name === 'aborted') return ++looks >= nth
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

describe('import', () => {
  it('rehearses, imports, and adds only what is new', async () => {
    const dry = await home.json(['import', 'apple-health', path, '--dry-run'])
    expect(dry.read).toBe(sum(dry))
    expect((await home.json(['list'])).count).toBe(0)
    const first = await home.json(['import', 'auto', path])
    expect([first.read, first.imported]).toEqual([sum(first), dry.imported])
    const again = await home.json(['import', 'apple-health', path])
    expect(again).toMatchObject({ imported: 0, duplicates: first.imported, profile: first.profile })
    await home.run(['profile', 'set', 'sex', 'male'])
    const human = await home.run(['import', 'apple-health', path, '--since', 'yesterday'])
    expect(human.stdout).toMatch(/records read in .* already there, .* skipped/)
    expect(human.stderr).toContain('healthmate profile set birth-date')
    expect(human.stderr).not.toContain('profile set sex')
  })
  it('lists what was imported, and withdraws it record by record', async () => {
    const { imports } = await home.json(['import', 'history'])
    expect(imports).toHaveLength(3)
    expect((await home.run(['import', 'history'], { columns: 120 })).stdout).toContain('export.xml')
    expect(
      (await home.run(['import', 'history', '--ndjson', '--limit', '1'])).stdout.split('\n'),
    ).toHaveLength(2)
    const [first, second, third] = imports.map((one: { id: string }) => one.id)
    const kept = await home.json(['import', 'undo', first, '--yes'])
    expect(kept.removed).toBe(0)
    await home.run(['import', 'undo', third, '--yes'])
    const dry = await home.run(['import', 'undo', second.slice(0, 6), '--dry-run'])
    expect(dry.stdout).toMatch(/^Would withdraw the import of export\.xml: [\d,]{5,} measurements/)
    const unasked = await home.run(['import', 'undo', second])
    expect(unasked).toMatchObject({ code: 8 })
    expect(unasked.stderr).toMatch(/Withdraw the import of export\.xml \([\d,]{5,} measurements\)\?/)
    expect(await home.run(['import', 'undo', 'nothing'])).toMatchObject({ code: 5 })
    expect((await home.json(['import', 'undo', second, '--yes'])).removed).toBeGreaterThan(1000)
    expect((await home.json(['list', '--limit', '1'])).count).toBe(0)
    expect(await home.run(['import', 'undo', second, '--yes'])).toMatchObject({ code: 2 })
    expect(await home.run(['import', 'undo', 'nothing', '--yes'])).toMatchObject({ code: 5 })
    await home.run(['undo'])
    expect((await home.json(['list', '--limit', '1'])).count).toBe(1)
  })
  it('goes on where it was interrupted, counting nothing twice', async () => {
    const other = await vaultHome()
    const whole = await home.json(['import', 'apple-health', path, '--dry-run'])
    const first = await other.run(['import', 'apple-health', path], { signal: abortedAtLook(3) })
    expect(first.code).toBe(130)
    expect((await other.json(['import', 'history'])).imports[0].state).toBe('interrupted')
    const second = await other.run(['import', 'apple-health', path])
    expect(second.stderr).toContain('Went on where the interrupted import stopped.')
    const [{ state, report }] = (await other.json(['import', 'history'])).imports
    expect(state).toBe('done')
    expect(report).toMatchObject({ read: whole.read, duplicates: 0 })
    expect(report.read).toBe(sum(report))
  })
  it('seals into a locked vault and completes its report at the next unlock', async () => {
    const other = await vaultHome()
    const done = await other.locked(['import', 'apple-health', path, '--json'])
    const view = JSON.parse(done.stdout)
    expect(view.pending).toBeGreaterThan(1000)
    expect(view.read).toBe(sum(view))
    expect((await other.locked(['import', 'apple-health', path])).stdout).toContain(
      'they merge at the next unlock',
    )
    const [report] = (await other.json(['import', 'history'])).imports
    expect(report.report.imported).toBe(view.pending)
  })
  it('refuses what it cannot read, with what to do', async () => {
    expect(await home.run(['import', 'apple-health'])).toMatchObject({ code: 2 })
    expect(await home.run(['import', 'nothing', path])).toMatchObject({ code: 2 })
    expect(await home.run(['import', 'apple-health', join(home.folder, 'none')])).toMatchObject({ code: 5 })
    expect(await home.run(['import', 'auto', home.file('x.txt', 'x')])).toMatchObject({ code: 3 })
    expect(await home.run(['import', 'apple-health', path, '--tz', 'Foo/Bar'])).toMatchObject({ code: 2 })
    expect((await home.run(['import', 'formats'])).stdout).toContain('apple-health')
    expect((await home.json(['import', 'formats'])).count).toBeGreaterThan(0)
    expect((await home.run(['import', 'formats', '--ndjson'])).stdout).toContain('"apple-health"')
  })
  it('lists refusals with their place and ends with 3', async () => {
    const broken = home.file(
      'bad.xml',
      '<HealthData><Record type="HKQuantityTypeIdentifierBodyMass" unit="kg" value="9999" sourceName="s" startDate="2026-01-01 08:00:00 +0100" endDate="2026-01-01 08:00:00 +0100"/></HealthData>',
    )
    const done = await home.run(['import', 'apple-health', broken, '--tz', 'Europe/Berlin'])
    expect(done.code).toBe(3)
    expect(done.stderr).toContain('bad.xml:1')
  })
  it('merges through a running agent at once', async () => {
    const other = await vaultHome({ agent: true })
    const view = await other.json(['import', 'apple-health', path])
    expect(view.imported).toBeGreaterThan(1000)
    expect(view.read).toBe(sum(view))
  })
})

describe('export', () => {
  const out = (name: string): string => join(home.folder, name)
  it('writes a table that a parser reads', async () => {
    const done = await home.run(['export', 'csv', '--out', out('r.csv')])
    expect(done).toMatchObject({ code: 0, stdout: '' })
    expect(done.stderr).toContain('not encrypted')
    const rows = parse(readFileSync(out('r.csv')), { columns: true })
    expect(rows.length).toBeGreaterThan(1000)
    expect(statSync(out('r.csv')).mode & 0o777).toBe(0o600)
  })
  it('writes FHIR that validates', async () => {
    await home.run(['log', 'bp', '128/82'])
    await home.run(['export', 'fhir', '--out', out('r.json'), '--only', 'blood_pressure'])
    const bundle = JSON.parse(readFileSync(out('r.json'), 'utf8'))
    expect(bundle).toMatchObject({ resourceType: 'Bundle' })
    for (const { resource } of bundle.entry) validateR4(resource)
  })
  it('writes NDJSON to standard output and an archive to a folder or a zip', async () => {
    expect((await home.run(['export', 'ndjson', '--out', '-', '--only', 'weight'])).code).toBe(0)
    expect((await home.run(['export', 'gdpr', '--out', out('gdpr')])).code).toBe(0)
    expect((await home.run(['export', 'gdpr', '--out', out('gdpr'), '--force'])).code).toBe(0)
    expect((await home.run(['export', 'gdpr', '--out', out('g.zip')])).code).toBe(0)
    expect(readFileSync(out('g.zip')).subarray(0, 2).toString()).toBe('PK')
    expect((await home.json(['export', 'csv', '--out', out('d.csv'), '--dry-run'])).dryRun).toBe(true)
    expect((await home.run(['export', 'csv', '--out', out('d.csv'), '--dry-run'])).stderr).toMatch(
      /^Would write/,
    )
  })
  it('refuses what would lose or leak', async () => {
    expect(await home.run(['export', 'csv'])).toMatchObject({ code: 2 })
    expect(await home.run(['export', 'xml', '--out', out('x')])).toMatchObject({ code: 2 })
    expect(await home.run(['export', 'csv', '--out', out('r.csv')])).toMatchObject({ code: 2 })
    expect(await home.run(['export', 'csv', '--out', home.folder])).toMatchObject({ code: 2 })
    expect(await home.run(['export', 'gdpr', '--out', '-'])).toMatchObject({ code: 2 })
    expect(await home.run(['export', 'csv', '--out', '-', '--json'])).toMatchObject({ code: 2 })
    expect(await home.locked(['export', 'csv', '--out', out('l.csv')])).toMatchObject({ code: 4 })
  })
  it('needs the passphrase itself beside a running agent, and says so', async () => {
    const other = await vaultHome({ agent: true })
    const done = await other.run(['export', 'csv', '--out', join(other.folder, 'x.csv')])
    expect(done).toMatchObject({ code: 4, stderr: expect.stringContaining('not the unlock agent') })
    const words = ['export', 'csv', '--out', join(other.folder, 'x.csv')]
    expect(await other.run([...words, '--passphrase-file', other.passphraseFile])).toMatchObject({ code: 0 })
  })
})
