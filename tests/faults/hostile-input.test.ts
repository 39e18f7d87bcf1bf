/** T32, T33 and T36: hostile exports through `import`, and hostile text on its way to a terminal. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { launcher } from '../acceptance/program.ts'
import { everythingUnder, folderIn, type VaultHome, vaultHome } from './cli-home.ts'
import { isLong } from './fault-library.ts'
import { type ZipEntry, zipOf } from './zip-file.ts'

const record = (value = '70', source = 'Scale') =>
  `<Record type="HKQuantityTypeIdentifierBodyMass" sourceName="${source}" unit="kg" startDate="2026-03-01 07:30:00 +0100" endDate="2026-03-01 07:30:00 +0100" value="${value}"/>`
const exportOf = (body: string, head = '') =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${head}<HealthData locale="en">${body}</HealthData>`

/** Runs an import with a small heap, so that memory that grows with the attack ends it. */
function importFile(home: VaultHome, path: string, ...options: string[]) {
  const words = ['--max-old-space-size=96', launcher, 'import', 'apple-health', path, '--json', ...options]
  const done = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    env: home.environment,
    timeout: 50_000,
    maxBuffer: 64 * 1024 * 1024,
  })
  expect(done.signal, 'it ended by itself').toBe(null)
  expect([0, 1, 2, 3], `its exit code\n${done.stderr}${done.stdout.slice(0, 500)}`).toContain(done.status)
  const answer = JSON.parse(done.stdout)
  if (done.status === 1) expect(answer.error.code).not.toBe('INTERNAL')
  return { status: done.status, answer, text: done.stdout + done.stderr }
}

function recordsOf(home: VaultHome) {
  return JSON.parse(home.run(['list', '--json', '--limit', '1000']).stdout).records ?? []
}

describe('a hostile XML export', () => {
  let home: VaultHome
  let folder: string
  beforeAll(async () => {
    home = await vaultHome()
    folder = folderIn(home, 'exports')
    writeFileSync(join(folder, 'secret.txt'), 'canary of another file')
  })

  const laughs = Array.from({ length: 10 }, (_, index) =>
    index === 0 ? '<!ENTITY lol0 "lol">' : `<!ENTITY lol${index} "${`&lol${index - 1};`.repeat(10)}">`,
  ).join('')
  const big = isLong ? 1_000_000 : 200_000
  const files: Readonly<Record<string, () => string | Buffer>> = {
    'with a billion laughs': () =>
      exportOf(record() + record('71', '&lol9;'), `<!DOCTYPE HealthData [${laughs}]>`),
    'with a quadratic blow-up': () =>
      exportOf(
        record('70', '&a;'.repeat(20_000)),
        `<!DOCTYPE HealthData [<!ENTITY a "${'a'.repeat(20_000)}">]>`,
      ),
    'with external entities': () =>
      exportOf(
        record('70', '&x;') + record('71', '&y;'),
        `<!DOCTYPE HealthData SYSTEM "file://${folder}/secret.txt" [<!ENTITY x SYSTEM "file://${folder}/secret.txt"><!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p; <!ENTITY y SYSTEM "/etc/passwd">]>`,
      ),
    'with very many attributes': () =>
      exportOf(`<Record ${Array.from({ length: big }, (_, i) => `a${i}="1"`).join(' ')}/>${record()}`),
    'with one endless attribute': () => exportOf(record('70', 'x'.repeat(30 * big)) + record()),
    'nested very deeply': () => exportOf('<a>'.repeat(big / 2) + record() + '</a>'.repeat(big / 2)),
    'that claims UTF-7': () => exportOf('+ADw-Record/+AD4-').replace('encoding="UTF-8"', 'encoding="UTF-7"'),
    'in UTF-16 that claims UTF-8': () => Buffer.from(`\ufeff${exportOf(record())}`, 'utf16le'),
    'of invalid bytes': () =>
      Buffer.concat([Buffer.from(exportOf(record())).subarray(0, -20), Buffer.alloc(5000, 0xff)]),
    'of nothing but zeros': () => Buffer.alloc(100_000),
    'cut in the middle of a tag': () => exportOf(record() + record()).slice(0, -60),
    'with numbers that are none': () =>
      exportOf(['1e999', 'NaN', '0x10', '', '--1', '٣', '1'.repeat(400)].map((v) => record(v)).join('')),
  }

  it.each(Object.keys(files))('%s is read as data or refused, in bounded memory (T32)', (name) => {
    const path = join(folder, 'export.xml')
    writeFileSync(path, (files[name] as () => string | Buffer)())
    const { text, answer } = importFile(home, path)
    expect(text).not.toMatch(/canary of another file|root:x:0|lollol|aaaaaaaaaaaaaaaaaaaaaaaa{1000}/)
    if (answer.read !== undefined) {
      const { imported, merged, duplicates, skipped, refused } = answer
      const unmapped = Object.values(answer.unmapped as Record<string, number>).reduce((a, b) => a + b, 0)
      expect(answer.read).toBe(imported + merged + duplicates + skipped + refused + unmapped)
      for (const refusal of answer.refusals) expect(refusal.where).toMatch(/export\.xml/)
    }
    for (const { source, value } of recordsOf(home)) {
      expect(source).not.toMatch(/canary of another file|root:x:0|lollol/)
      expect(Number.isFinite(value)).toBe(true)
    }
    expect(JSON.parse(home.run(['vault', 'scrub', '--json']).stdout).damages).toEqual([])
  })
})

describe('a hostile zip', () => {
  let home: VaultHome
  let folder: string
  const good: ZipEntry = { name: 'apple_health_export/export.xml', data: Buffer.from(exportOf(record())) }
  beforeAll(async () => {
    home = await vaultHome()
    folder = folderIn(home, 'exports')
  })

  const evilNames = [
    '../../../evil/export.xml',
    '/tmp/hm-evil/export.xml',
    'C:\\evil\\export.xml',
    '..\\..\\evil\\export.xml',
    'apple_health_export/../../evil.xml',
    'apple_health_export/CON',
    'apple_health_export/\u0000evil',
  ]
  const zips: Readonly<Record<string, () => readonly ZipEntry[]>> = {
    'with names that lead outside': () => [
      good,
      ...evilNames.map((name) => ({ name, data: Buffer.from(exportOf(record('666'))) })),
    ],
    'with a symbolic link': () => [
      good,
      {
        name: 'apple_health_export/link.xml',
        data: Buffer.from('/etc/passwd'),
        stored: true,
        mode: 0o120777,
      },
    ],
    'with a bomb of zeros': () => [
      good,
      {
        name: 'apple_health_export/workout-routes/bomb.gpx',
        data: Buffer.alloc((isLong ? 600 : 150) * 1024 * 1024),
      },
    ],
    'whose export is a bomb': () => [
      { ...good, data: Buffer.alloc((isLong ? 600 : 150) * 1024 * 1024, 0x20) },
    ],
    'that claims a smaller size than it has': () => [{ ...good, claimedSize: 10 }],
    'that claims a larger size than it has': () => [{ ...good, claimedSize: 4_000_000_000 }],
    'whose entries overlap': () => [
      good,
      ...Array.from({ length: 50 }, (_, index) => ({ ...good, name: `copy${index}.xml`, sameBytesAs: 0 })),
    ],
    'with very many entries': () => [
      good,
      ...Array.from({ length: isLong ? 60_000 : 20_000 }, (_, index) => ({
        name: `apple_health_export/e/${index}.txt`,
        data: Buffer.alloc(0),
        stored: true,
      })),
    ],
    'inside which is another': () => [{ name: 'export.zip', data: zipOf([good]) }],
    'with two exports': () => [good, { ...good, data: Buffer.from(exportOf(record('666'))) }],
  }

  it.each(Object.keys(zips))('%s touches nothing but the vault, in bounded memory (T33)', (name) => {
    const path = join(folder, 'export.zip')
    writeFileSync(path, zipOf((zips[name] as () => readonly ZipEntry[])()))
    const before = everythingUnder(home.folder)
    const { text } = importFile(home, path)
    expect(text).not.toContain('root:x:0')
    const added = everythingUnder(home.folder).filter((file) => !before.includes(file))
    expect(added.filter((file) => !/healthmate\/(vault\.hmv|anchors)/.test(file))).toEqual([])
    expect(JSON.parse(home.run(['vault', 'scrub', '--json']).stdout).damages).toEqual([])
  })
})

describe('hostile text', () => {
  const osc = '\u001b]0;pwned\u0007\u001b]8;;http://evil\u0007\u001b]52;c;cHduZWQ=\u0007'
  const evil = `a\u001b[2J${osc}\u001bPq\u001b\\\u009b31m\u0090x\u009c\u202eb\u2066c\u200bd\r\u0008e\u0085\ufeff\u2028f`
  /** Control characters, bidirectional overrides and zero-width ones; line ends and own colours are left out before. */
  const active = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\ufeff]/u
  const ownColour = new RegExp(`${String.fromCodePoint(27)}\\[[0-9;]*m`, 'g')
  const expectHarmless = (text: string, what: string) => {
    const own = text.replace(ownColour, '').replace(/[\n\t]/g, '')
    expect(active.exec(own)?.[0].codePointAt(0), what).toBe(undefined)
    expect(own, what).not.toContain('\u009b')
  }

  it('from any source shows nothing that a terminal acts on, and JSON gives it back (T36)', async () => {
    const home = await vaultHome()
    const folder = folderIn(home, 'x')
    const odd = join(folder, `n\u001b[31m\u202e\u0007.xml`)
    const xmlEvil = evil.replace(/\p{Cc}/gu, (c) => `&#${c.codePointAt(0)};`)
    writeFileSync(
      odd,
      exportOf(
        record('70', xmlEvil) +
          record(xmlEvil) +
          record('70').replace('2026-03-01 07', `${xmlEvil} 07`) +
          record('70').replace('kg', xmlEvil) +
          record('70').replace('BodyMass', xmlEvil),
      ),
    )
    const attached = join(folder, `f\u001b[31m\u202e.txt`)
    writeFileSync(attached, 'x')
    const logged = home.run([
      'log',
      'weight',
      '81kg',
      '--note',
      evil,
      '--tag',
      evil,
      '--source',
      evil,
      '--json',
    ])
    expect([logged.status, logged.stderr]).toEqual([0, ''])
    const id = JSON.parse(logged.stdout).logged[0].id
    mkdirSync(join(folder, 'empty'))
    // Through the agent: no Argon2 for each command.
    expect(home.run(['unlock']).status).toBe(0)

    const commands: readonly (readonly string[])[] = [
      ['import', 'apple-health', odd],
      ['import', 'history'],
      ['list'],
      ['list', '--csv'],
      ['list', '--ndjson'],
      ['list', '--tag', evil],
      ['list', '--source', evil],
      ['search', 'a'],
      ['search', evil],
      ['show', id],
      ['attach', id, attached],
      ['show', id],
      ['explain', 'weight', '2026-03-01'],
      ['tag', 'list'],
      ['goal', 'set', 'weight', evil],
      ['log', 'weight', evil],
      ['log', evil, '5'],
      ['log', 'weight', '81', '--at', evil],
      ['log', 'symptom', evil, '--severity', '4'],
      ['list', evil],
      ['list', 'weight', '--from', evil],
      ['show', evil],
      ['rm', evil, '--yes'],
      [evil],
      ['--person', evil, 'list'],
      ['--vault', join(folder, evil.replaceAll('/', '')), 'list'],
      ['--vault', join(folder, evil.replaceAll('/', '')), 'doctor'],
      ['--vault', join(folder, evil.replaceAll('/', '')), 'status', '--why'],
      ['import', evil, odd],
      ['import', 'apple-health', join(folder, evil.replaceAll('/', ''))],
      ['import', 'apple-health', join(folder, 'empty')],
      ['config', 'set', evil, 'x'],
      ['config', 'set', 'sources.priority', evil],
      ['config', 'list'],
      ['export', evil, '--out', 'x'],
      ['export', 'csv', '--out', join(folder, 'nowhere', '\u001b[31mx')],
      ['chart', 'weight'],
      ['summary'],
      ['inbox', 'accept', evil],
      ['completion', evil],
      ['metrics', evil],
    ]
    for (const words of commands) {
      for (const extra of [[], ['--verbose'], ['--json']]) {
        if (extra[0] === '--json' && words.some((word) => /^--(csv|ndjson)$/.test(word))) continue
        if (extra[0] === '--verbose' && !isLong && words.length > 2) continue
        const done = home.run([...words, ...extra], { environment: { FORCE_COLOR: '1' } })
        const what = JSON.stringify([...words, ...extra]).slice(0, 120)
        expect(done.status, what).not.toBe(null)
        expectHarmless(done.stdout, `${what} stdout`)
        expectHarmless(done.stderr, `${what} stderr`)
        if (extra[0] === '--json') JSON.parse(done.stdout)
        expect(done.stdout + done.stderr, what).not.toMatch(/INTERNAL|unexpected/)
      }
    }
    const { records } = JSON.parse(home.run(['list', 'weight', '--json']).stdout)
    expect(records.some(({ note }: { note: string | null }) => note === evil)).toBe(true)
    const svg = join(folder, 'a.svg')
    home.run(['chart', 'weight', '--svg', svg])
    expectHarmless(readFileSync(svg, 'utf8'), 'the picture')
    home.run(['lock'])
  }, 180_000)
})
