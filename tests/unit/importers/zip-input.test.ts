import {
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ZipFile } from 'yazl'
import { ArchiveShelf, fileArchive } from '../../../src/importers/archive.ts'
import { openInput, runImport } from '../../../src/importers/index.ts'
import { isPackagingNoise, unsafeNameReason } from '../../../src/importers/member-name.ts'
import { workbooksIn } from '../../../src/importers/xlsx/workbooks-in.ts'
import { readDirectory } from '../../../src/importers/zip-input.ts'
import { healthData, RememberingSink, record } from './harness.ts'
import { workbookParts } from './xlsx/workbook-file.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'healthmate-zip-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const document = healthData(record('StepCount', '120', 'count'))
type Members = Readonly<Record<string, string | Buffer>>

async function zipOf(name: string, members: Members, compress = true): Promise<string> {
  const zip = new ZipFile()
  for (const [member, content] of Object.entries(members))
    zip.addBuffer(Buffer.from(content), member, { compress })
  zip.end()
  const path = join(folder, name)
  await pipeline(zip.outputStream, createWriteStream(path))
  return path
}

/** Replaces bytes of equal length everywhere in a file. */
function patch(path: string, from: string | Buffer, to: string | Buffer): void {
  const bytes = readFileSync(path)
  const wanted = Buffer.from(from)
  let at = bytes.indexOf(wanted)
  expect(at).toBeGreaterThanOrEqual(0)
  while (at >= 0) {
    Buffer.from(to).copy(bytes, at)
    at = bytes.indexOf(wanted, at + wanted.length)
  }
  writeFileSync(path, bytes)
}

/** Central directory headers, by position. */
function centralHeaders(bytes: Buffer): number[] {
  const found: number[] = []
  let at = bytes.indexOf('PK\x01\x02', 0, 'latin1')
  while (at >= 0) {
    found.push(at)
    at = bytes.indexOf('PK\x01\x02', at + 4, 'latin1')
  }
  return found
}

async function importZip(path: string) {
  const input = await openInput([path])
  try {
    const sink = new RememberingSink()
    return { sink, report: await runImport({ input, importer: 'auto', sink, options: { importId: 'i' } }) }
  } finally {
    await input.close()
  }
}

/** Bytes that do not compress and begin nothing known. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = 1
  for (let at = 0; at + 4 <= length; at += 4) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9
    bytes.writeInt32LE(state | 0, at)
  }
  return bytes
}

const main = 'apple_health_export/export.xml'

describe('an export.zip', () => {
  it('is read in place, whatever the main file is called, with what lies beside it', async () => {
    const path = await zipOf('full.zip', {
      'apple_health_export/workout-routes/route_1.gpx': '<gpx/>',
      'apple_health_export/electrocardiograms/ecg_1.csv': 'Name,x',
      'apple_health_export/clinical-records/Lab-1.json': '{}',
      'apple_health_export/export_cda.xml': '<ClinicalDocument/>',
      '__MACOSX/apple_health_export/._导出.xml': '\0\0',
      'apple_health_export/.DS_Store': 'x',
      'apple_health_export/导出.xml': document,
    })
    const { report, sink } = await importZip(path)
    expect(report).toMatchObject({ read: 1, imported: 1, refusals: [] })
    expect(report.kept).toEqual({ 'clinical-record': 1, electrocardiogram: 1, 'workout-route': 1 })
    expect(report.notes).toEqual([
      'apple_health_export/export_cda.xml is not read: it holds no records of its own',
    ])
    expect(sink.chunks[0]?.attachments.map((attachment) => attachment.name)).toContain(
      'workout-routes/route_1.gpx',
    )
    expect(sink.chunks[0]?.attachments[0]?.id).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/)
  })

  it('is read when its members are stored without compression', async () => {
    expect((await importZip(await zipOf('stored.zip', { [main]: document }, false))).report.imported).toBe(1)
  })

  it.each([
    ['aa/evil.xml', '../evil.xml', 'its name leads out of the folder'],
    ['xetc/passwd.xml', '/etc/passwd.xml', 'its name is an absolute path'],
    ['c_/evil.xml', 'c:/evil.xml', 'its name begins with a drive letter'],
    ['a_b.xml', 'a\\b.xml', 'its name holds a backslash'],
    ['com_.xml', 'com1.xml', 'its name is that of a device'],
    ['a_c.xml', 'a\u0001c.xml', 'its name holds control characters'],
  ])('with a member renamed from %s to %j refuses that member alone', async (harmless, harmful, reason) => {
    const path = await zipOf(`name-${harmless.replaceAll('/', '-')}.zip`, {
      [main]: document,
      [harmless]: '<x/>',
    })
    patch(path, harmless, harmful)
    const { report } = await importZip(path)
    expect(report.imported).toBe(1)
    expect(report.refusals.map((refusal) => refusal.reason)).toEqual([reason])
  })

  it('with a symbolic link, an encrypted member or an unknown method refuses these alone', async () => {
    const path = await zipOf('odd.zip', {
      [main]: document,
      'link.gpx': 'x',
      'secret.gpx': 'x',
      'method.gpx': 'x',
    })
    const bytes = readFileSync(path)
    const [, link, secret, method] = centralHeaders(bytes) as [number, number, number, number]
    bytes.writeUInt16LE(0x0314, link + 4)
    bytes.writeUInt32LE((0xa1ff << 16) >>> 0, link + 38)
    bytes.writeUInt16LE(bytes.readUInt16LE(secret + 8) | 1, secret + 8)
    bytes.writeUInt16LE(12, method + 10)
    writeFileSync(path, bytes)
    const { report } = await importZip(path)
    expect(report.imported).toBe(1)
    expect(report.refusals.map((refusal) => refusal.reason)).toEqual([
      'it is a symbolic link',
      'it is encrypted',
      'its compression method 12 is not read',
    ])
  })

  it('whose members share their bytes refuses them', async () => {
    const path = await zipOf('overlap.zip', {
      'a.gpx': 'x'.repeat(500),
      'b.gpx': 'y'.repeat(500),
      [main]: document,
    })
    const bytes = readFileSync(path)
    const [first, second] = centralHeaders(bytes) as [number, number]
    bytes.writeUInt32LE(bytes.readUInt32LE(first + 42), second + 42)
    writeFileSync(path, bytes)
    const { report } = await importZip(path)
    expect(report.imported).toBe(1)
    expect(report.refusals.map((refusal) => refusal.reason)).toEqual([
      'it overlaps another member',
      'it overlaps another member',
    ])
  })

  it('that claims to grow more than deflate can refuses the member', async () => {
    const path = await zipOf('ratio.zip', { 'a.gpx': 'x'.repeat(5000), [main]: document })
    const bytes = readFileSync(path)
    bytes.writeUInt32LE(900_000_000, (centralHeaders(bytes)[0] as number) + 24)
    writeFileSync(path, bytes)
    expect((await importZip(path)).report.refusals[0]?.reason).toBe('it claims to grow more than 1100-fold')
  })

  it.each([
    ['smaller than it is', -100, 'it is larger than it claims'],
    ['larger than it is', 100, 'it is shorter than it claims'],
  ])(
    'whose main document claims to be %s is refused there, and what was read stays',
    async (_, by, reason) => {
      const path = await zipOf(`lie${by}.zip`, { [main]: document.repeat(3) })
      const bytes = readFileSync(path)
      const header = centralHeaders(bytes)[0] as number
      bytes.writeUInt32LE(bytes.readUInt32LE(header + 24) + by, header + 24)
      writeFileSync(path, bytes)
      const { report } = await importZip(path)
      expect(report.refusals[0]?.reason).toContain(reason)
    },
  )

  it('with a wrong checksum is told, and what was read stays', async () => {
    const path = await zipOf('crc.zip', {
      [main]: document,
      'apple_health_export/workout-routes/a.gpx': 'xyz',
    })
    const bytes = readFileSync(path)
    for (const header of centralHeaders(bytes)) bytes.writeUInt32LE(1, header + 16)
    writeFileSync(path, bytes)
    const { report } = await importZip(path)
    expect(report).toMatchObject({ imported: 1, kept: {} })
    expect(report.refusals.map((refusal) => refusal.reason)).toEqual([
      expect.stringContaining('its checksum is wrong'),
      expect.stringContaining('its checksum is wrong'),
    ])
  })

  it('with damaged compressed data is told', async () => {
    const path = await zipOf('damaged.zip', { [main]: document.repeat(5) })
    const bytes = readFileSync(path)
    bytes.fill(0xff, 60, 120)
    writeFileSync(path, bytes)
    await expect(importZip(path)).rejects.toMatchObject({ code: 'REFUSED_INPUT' })
  })

  it('cut short, or no zip at all behind its first bytes, is refused as a whole', async () => {
    const whole = readFileSync(await zipOf('whole.zip', { [main]: document }))
    const path = join(folder, 'cut.zip')
    writeFileSync(path, whole.subarray(0, whole.length - 30))
    await expect(openInput([path])).rejects.toMatchObject({ code: 'REFUSED_INPUT' })
  })

  it('that announces more than a million members is refused as a whole', async () => {
    // A zip64 end record (APPNOTE.TXT 4.3.14 to 4.3.16) behind the first bytes of a zip.
    const bytes = Buffer.alloc(4 + 56 + 20 + 22)
    bytes.write('PK\x03\x04', 0, 'latin1')
    bytes.writeUInt32LE(0x06064b50, 4)
    bytes.writeBigUInt64LE(44n, 8)
    bytes.writeBigUInt64LE(2_000_000n, 28)
    bytes.writeBigUInt64LE(2_000_000n, 36)
    bytes.writeBigUInt64LE(4n, 52)
    bytes.writeUInt32LE(0x07064b50, 60)
    bytes.writeBigUInt64LE(4n, 68)
    bytes.writeUInt32LE(1, 76)
    bytes.writeUInt32LE(0x06054b50, 80)
    bytes.fill(0xff, 88, 100)
    const path = join(folder, 'many.zip')
    writeFileSync(path, bytes)
    await expect(openInput([path])).rejects.toThrow('it has 2000000 members, more than 1000000')
  })

  it('with a bomb of zeros inside reads no more than it is asked for', async () => {
    const path = await zipOf('bomb.zip', { 'bomb.xml': Buffer.alloc(60_000_000), [main]: document })
    const { report } = await importZip(path)
    expect(report.imported).toBe(1)
    const shelf = new ArchiveShelf()
    const zip = await readDirectory(fileArchive(path, 'bomb.zip'), shelf)
    expect(await zip.members[0]?.head()).toHaveLength(64 * 1024)
    await shelf.close()
  })

  it('inside a zip is opened, one level deep, and one that is damaged stops no other', async () => {
    const inner = readFileSync(await zipOf('inner.zip', { [main]: document }))
    const deeper = readFileSync(await zipOf('deeper.zip', { 'inner.zip': inner }))
    const path = await zipOf('outer.zip', {
      'a/broken.zip': inner.subarray(0, inner.length - 30),
      'a/deeper.zip': deeper,
      'a/inner.zip': inner,
      'a/no.zip': 'not a zip',
      'a/again.zip': inner,
    })
    const { report } = await importZip(path)
    expect(report).toMatchObject({ read: 2, imported: 1, duplicates: 1 })
    expect(report.refusals).toEqual([
      {
        where: 'a/broken.zip',
        reason: 'a/broken.zip was refused: it cannot be read as a zip',
        raw: '',
        code: 'REFUSED_INPUT',
      },
    ])
    expect(report.unrecognised).toEqual([
      { where: 'a/deeper.zip/inner.zip', looksLike: 'a zip' },
      { where: 'a/no.zip', looksLike: 'text' },
    ])
  })

  it('larger than what is held in memory is read from a file that has no name any more', async () => {
    const inner = readFileSync(
      await zipOf('large-inner.zip', { [main]: document, 'noise.bin': noise(65 * 1024 * 1024) }, false),
    )
    const path = await zipOf('large-outer.zip', { 'inner.zip': inner }, false)
    const places = join(folder, 'temporary')
    mkdirSync(places)
    vi.stubEnv('TMPDIR', places)
    const input = await openInput([path])
    expect(input.members.map(({ name }) => name)).toEqual([`inner.zip/${main}`, 'inner.zip/noise.bin'])
    expect(readdirSync(places)).toEqual([])
    vi.unstubAllEnvs()
    const sink = new RememberingSink()
    const report = await runImport({ input, importer: 'auto', sink, options: { importId: 'i' } })
    expect(report.imported).toBe(1)
    await input.close()
  })

  it('in a folder is opened, however many there are, and so are workbooks', async () => {
    const root = join(folder, 'many')
    mkdirSync(root)
    const one = readFileSync(await zipOf('one.zip', { [main]: document }))
    for (let i = 0; i < 40; i++) writeFileSync(join(root, `${i}.zip`), one)
    const sheet = readFileSync(
      await zipOf('sheet.zip', { '[Content_Types].xml': '<Types/>', 'xl/workbook.xml': '' }),
    )
    writeFileSync(join(root, 'sheet.xlsx'), sheet)
    writeFileSync(join(root, 'damaged.zip'), one.subarray(0, 60))
    const { report } = await importZip(root)
    expect(report).toMatchObject({ read: 40, imported: 1, duplicates: 39, files: 1 })
    expect(report.refusals.map(({ where }) => where)).toEqual(['damaged.zip'])
    expect(report.unrecognised).toEqual([{ where: 'sheet.xlsx', looksLike: 'an Excel workbook' }])
  })
})

describe('a workbook', () => {
  it('that is named itself is looked into', async () => {
    const input = await openInput([await zipOf('named.xlsx', workbookParts({ Cuff: [['Date', 'SYS']] }))])
    expect(
      workbooksIn(input)
        .flat()
        .map(({ name }) => name),
    ).toContain('xl/worksheets/sheet1.xml')
    await input.close()
  })
})

describe('member names', () => {
  it('that are empty or endless are refused', () => {
    expect(unsafeNameReason('')).not.toBe('')
    expect(unsafeNameReason('a'.repeat(2000))).not.toBe('')
    expect(unsafeNameReason('apple_health_export/Exportación.xml')).toBe('')
  })

  it('that a packer adds are noise', () => {
    expect(['__MACOSX/a', 'a/.DS_Store', 'a/._b', 'Thumbs.db'].every(isPackagingNoise)).toBe(true)
    expect(isPackagingNoise('a/export.xml')).toBe(false)
  })
})
