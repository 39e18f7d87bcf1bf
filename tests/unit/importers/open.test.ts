import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { ZoneOffsets } from '../../../src/foundation/index.ts'
import { asUtf8, decoderFor } from '../../../src/importers/encoding.ts'
import { importerByName, openInput, runImport } from '../../../src/importers/index.ts'
import { cut, healthData, inputOf, memberOf, RememberingSink, record, textInput } from './harness.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'healthmate-open-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const document = healthData(record('StepCount', '120', 'count'))

async function* pieces(list: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* list
}

async function importPaths(paths: readonly string[], stdin?: AsyncIterable<Uint8Array>) {
  const input = await openInput(paths, stdin ? { stdin } : {})
  return runImport({ input, importer: 'auto', sink: new RememberingSink(), options: { importId: 'i' } })
}

describe('input', () => {
  it('is a file, with its bytes and time told', async () => {
    const path = join(folder, 'Export.xml')
    writeFileSync(path, document)
    const seen: number[] = []
    const input = await openInput([path])
    let clock = 0
    const report = await runImport({
      input,
      importer: 'apple-health',
      sink: new RememberingSink(),
      options: {
        importId: 'i',
        now: () => {
          clock += 500
          return clock
        },
        onProgress: (progress) => seen.push(progress.bytes, progress.totalBytes ?? -1),
      },
    })
    expect(report).toMatchObject({ files: 1, imported: 1, bytes: document.length, seconds: 0.5 })
    expect(seen).toEqual([document.length, document.length])
  })

  it('is a folder, without following links', async () => {
    const root = join(folder, 'apple_health_export')
    mkdirSync(join(root, 'workout-routes'), { recursive: true })
    writeFileSync(join(root, 'export.xml'), document)
    writeFileSync(join(root, '.DS_Store'), 'x')
    writeFileSync(join(root, 'workout-routes', 'a.gpx'), '<gpx/>')
    symlinkSync('/etc/passwd', join(root, 'link.gpx'))
    const report = await importPaths([root])
    expect(report).toMatchObject({ imported: 1, kept: { 'workout-route': 1 } })
    expect(report.refusals).toEqual([
      { where: 'link.gpx', reason: 'it is a link or no regular file', raw: '', code: 'REFUSED_INPUT' },
    ])
  })

  it('gives the parts of each workbook in it with their own paths', async () => {
    const root = join(folder, 'books')
    mkdirSync(root)
    for (const name of ['a.xlsx', 'b.xlsx']) {
      const zip = new ZipFile()
      zip.addBuffer(Buffer.from('<Types/>'), '[Content_Types].xml')
      zip.addBuffer(Buffer.from('<workbook/>'), 'xl/workbook.xml')
      zip.end()
      await pipeline(zip.outputStream, createWriteStream(join(root, name)))
    }
    writeFileSync(join(root, 'c.xlsx'), 'no workbook')
    const input = await openInput([root])
    const found = input.members.map(({ name, root: of }) => `${name} of ${basename(of ?? '')}`)
    expect(found).toEqual([
      '[Content_Types].xml of a.xlsx',
      'xl/workbook.xml of a.xlsx',
      '[Content_Types].xml of b.xlsx',
      'xl/workbook.xml of b.xlsx',
      'c.xlsx of books',
    ])
    await input.close()
  })

  it('nested without end is refused', async () => {
    const deep = join(folder, 'deep', ...Array.from({ length: 20 }, () => 'x'))
    mkdirSync(deep, { recursive: true })
    await expect(openInput([join(folder, 'deep')])).rejects.toMatchObject({ code: 'REFUSED_INPUT' })
  })

  it('is standard input in any pieces', async () => {
    const report = await importPaths(['-'], pieces(cut(Buffer.from(document), [1, 2, 30])))
    expect(report).toMatchObject({ imported: 1 })
    expect(report.refusals).toEqual([])
    const long = healthData(record('StepCount', '120', 'count').repeat(1000))
    const many = await importPaths(
      ['-'],
      pieces(
        cut(
          Buffer.from(long),
          Array.from({ length: 40 }, () => 5000),
        ),
      ),
    )
    expect(many.read).toBe(1000)
  })

  it('is never a zip on standard input', async () => {
    await expect(openInput(['-'], { stdin: pieces([Buffer.from('PK\x03\x04xxxx')]) })).rejects.toMatchObject({
      code: 'REFUSED_INPUT',
    })
    await expect(openInput(['-'])).rejects.toMatchObject({ code: 'USAGE' })
  })

  it.skipIf(process.platform === 'win32')('is a named pipe, read once and in order', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const path = join(folder, 'behind-pipe.xml')
    writeFileSync(path, healthData(record('StepCount', '120', 'count').repeat(1000)))
    const writer = spawn('sh', ['-c', 'cat "$1" > "$2"', 'sh', path, pipe])
    expect(await importPaths([pipe])).toMatchObject({ read: 1000, refusals: [] })
    if (writer.exitCode === null) await new Promise((resolve) => writer.once('exit', resolve))
    expect(writer.exitCode).toBe(0)
  })

  it('that is damaged does not stop the other paths, but is refused alone', async () => {
    const good = join(folder, 'good.xml')
    const cutZip = join(folder, 'cut.zip')
    writeFileSync(good, document)
    writeFileSync(cutZip, 'PK\x03\x04 and no more')
    const report = await importPaths([good, cutZip])
    expect(report).toMatchObject({ files: 2, imported: 1 })
    expect(report.refusals).toMatchObject([{ where: 'cut.zip' }])
    await expect(importPaths([cutZip])).rejects.toMatchObject({ code: 'REFUSED_INPUT' })
  })

  it.skipIf(process.getuid?.() === 0)(
    'that may not be read is refused, the rest of its folder is taken',
    async () => {
      const root = join(folder, 'closed')
      mkdirSync(join(root, 'shut'), { recursive: true })
      writeFileSync(join(root, 'a.xml'), document)
      writeFileSync(join(root, 'b.xml'), document, { mode: 0o000 })
      chmodSync(join(root, 'shut'), 0o000)
      const report = await importPaths([root])
      chmodSync(join(root, 'shut'), 0o700)
      expect(report).toMatchObject({ imported: 1 })
      expect(report.refusals.map(({ where, reason }) => `${where} ${reason}`)).toEqual([
        'b.xml it cannot be read: check its permissions',
        'shut it cannot be read: check its permissions',
      ])
    },
  )

  it('of which nothing can be taken fails with the reason of each file', async () => {
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    await expect(importPaths([empty])).rejects.toMatchObject({ message: 'there is no file in the input' })
    symlinkSync('/etc/passwd', join(empty, 'link.csv'))
    await expect(importPaths([empty])).rejects.toMatchObject({
      message:
        'nothing in the input is of a known format: link.csv (refused: it is a link or no regular file)',
    })
    writeFileSync(join(empty, 'a.csv'), 'shoe size,colour\n44,red\n')
    await expect(importPaths([empty])).rejects.toMatchObject({
      hint: expect.stringContaining('healthmate import csv FILE --interactive'),
    })
  })

  it('that does not exist, or is of no known format, fails with what to do', async () => {
    await expect(openInput([join(folder, 'none.xml')])).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const sink = new RememberingSink()
    const unknown = { input: inputOf(memberOf('x.bin', [Buffer.of(1, 2, 3)])), importer: 'auto', sink }
    await expect(runImport({ ...unknown, options: { importId: 'i' } })).rejects.toMatchObject({
      code: 'REFUSED_INPUT',
      message: 'nothing in the input is of a known format: x.bin (binary data of an unknown kind)',
    })
    const failureOf = (name: string) => {
      try {
        return importerByName(name).name
      } catch (cause) {
        return cause
      }
    }
    expect(failureOf('myspace')).toMatchObject({
      message: '"myspace" is no import format',
      hint: 'healthmate import formats',
    })
    expect(failureOf('fitbti')).toMatchObject({
      hint: 'Did you mean fitbit? healthmate import formats lists all.',
    })
    await expect(
      runImport({ input: textInput('<gpx/>'), importer: 'apple-health', sink, options: { importId: 'i' } }),
    ).rejects.toMatchObject({ code: 'REFUSED_INPUT' })
  })

  it('that ends too early keeps what came before, with one refusal', async () => {
    const path = join(folder, 'cut.xml')
    const lines = record('StepCount', '1', 'count') + record('StepCount', '2', 'count')
    writeFileSync(path, healthData(lines).slice(0, -60))
    const report = await importPaths([path])
    expect(report).toMatchObject({ read: 2, imported: 1, refused: 1 })
    expect(report.refusals.map((refusal) => refusal.where)).toEqual(['cut.xml:5'])
    writeFileSync(path, healthData(lines).replace('</HealthData>', ''))
    const between = await importPaths([path])
    expect(between).toMatchObject({ read: 2, imported: 2, refused: 0 })
    expect(between.refusals).toHaveLength(1)
  })
})

describe('the intake', () => {
  it('lists a thousand refusals and counts the rest', async () => {
    const path = join(folder, 'bad.xml')
    writeFileSync(path, healthData(record('BodyMass', '-4', 'kg').repeat(1200)))
    const report = await importPaths([path])
    expect(report).toMatchObject({ read: 1200, refused: 1200 })
    expect(report.refusals).toHaveLength(1000)
    expect(report.notes).toEqual(['further refusals are counted but not listed (200 times)'])
    expect(report.refusals[0]?.raw).toHaveLength(200)
  })

  it('refuses what ends before it starts and what lies outside 1900 to 2200', async () => {
    const path = join(folder, 'times.xml')
    const line = record('StepCount', '4', 'count')
    const backwards = line.replace('endDate="2026', 'endDate="2025')
    writeFileSync(
      path,
      healthData(backwards + line.replaceAll('2026', '1850') + line.replaceAll('2026', '2300')),
    )
    const report = await importPaths([path])
    expect(report).toMatchObject({ read: 3, refused: 3 })
    expect(report.refusals[0]?.reason).toBe('it ends before it starts')
    expect(report.refusals[2]?.reason).toBe('its time is not between 1900 and 2200')
  })

  it('leaves out what starts before the day that was asked for, raw records too', async () => {
    const path = join(folder, 'since.xml')
    writeFileSync(path, healthData(record('StepCount', '4', 'count') + record('Unknown', '4', 'count')))
    const sink = new RememberingSink()
    const options = { importId: 'i', sinceMs: Date.UTC(2026, 5, 1) }
    const report = await runImport({ input: await openInput([path]), importer: 'auto', sink, options })
    expect(report).toMatchObject({ read: 2, skipped: 2, imported: 0, unmapped: {} })
    expect(sink.raw).toEqual([])
  })

  it('writes chunks of attachments and raw records before they fill memory', async () => {
    const root = join(folder, 'large')
    mkdirSync(join(root, 'workout-routes'), { recursive: true })
    writeFileSync(join(root, 'export.xml'), document)
    for (const name of ['a', 'b', 'c'])
      writeFileSync(join(root, 'workout-routes', `${name}.gpx`), Buffer.alloc(5 * 1024 * 1024, name))
    const sink = new RememberingSink()
    const report = await runImport({
      input: await openInput([root]),
      importer: 'auto',
      sink,
      options: { importId: 'i' },
    })
    expect(report.kept).toEqual({ 'workout-route': 3 })
    expect(sink.chunks.map((chunk) => chunk.attachments.length)).toEqual([2, 1])
  })

  it('fails when the sink tells less than it was given', async () => {
    const sink = { write: () => [] }
    await expect(
      runImport({ input: textInput(document), importer: 'auto', sink, options: { importId: 'i' } }),
    ).rejects.toMatchObject({ code: 'INTERNAL' })
  })
})

describe('encodings', () => {
  const read = async (bytes: Uint8Array, lengths: readonly number[] = []) => {
    let text = ''
    for await (const chunk of asUtf8(pieces(cut(bytes, lengths))))
      text += Buffer.from(chunk).toString('latin1')
    return Buffer.from(text, 'latin1').toString('utf8')
  }
  const text = `<?xml version="1.0"?><HealthData a="é·€">${' '.repeat(600)}</HealthData>`
  const bigEndian = (value: string) => Buffer.from(value, 'utf16le').swap16()

  it('of two bytes a character are read, with or without a byte order mark, however cut', async () => {
    for (const lengths of [[], [1, 1, 3, 255, 1], [300, 301]]) {
      expect(await read(Buffer.from(`\ufeff${text}`, 'utf16le'), lengths)).toBe(text)
      expect(await read(Buffer.from(text, 'utf16le'), lengths)).toBe(text)
      expect(await read(bigEndian(text), lengths)).toBe(text)
      expect(await read(Buffer.from(text), lengths)).toBe(text)
    }
    expect(await read(Buffer.from('<a/>', 'utf16le'))).toBe('<a/>')
  })

  it('of an export are found out by detection too', async () => {
    const path = join(folder, 'utf16.xml')
    writeFileSync(path, Buffer.from(`\ufeff${document}`, 'utf16le'))
    expect(await importPaths([path])).toMatchObject({ imported: 1 })
    writeFileSync(path, `\ufeff${document}`)
    expect(await importPaths([path])).toMatchObject({ imported: 1 })
  })

  it('that are declared are followed; UTF-7 and unknown ones are refused', async () => {
    const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a b="\xe9"/>', 'latin1')
    expect(await read(latin)).toContain('b="é"')
    expect(decoderFor(Buffer.from('<?xml version="1.0" encoding="UTF-8"?>'))).toBeNull()
    expect(() => decoderFor(Buffer.from('<?xml version="1.0" encoding="UTF-7"?>'))).toThrow(
      '"utf-7" is not read',
    )
    expect(() => decoderFor(Buffer.from('<?xml version="1.0" encoding="constructor"?>'))).toThrow(
      'is not read',
    )
  })
})

describe('zone offsets', () => {
  it('follow the zone, also on the days of a change', () => {
    const paris = new ZoneOffsets('Europe/Paris')
    const at = (text: string) => paris.at(Date.parse(text))
    expect(at('2026-01-15T12:00:00Z')).toBe(60)
    expect(at('2026-07-15T12:00:00Z')).toBe(120)
    expect(at('2026-03-29T00:59:59Z')).toBe(60)
    expect(at('2026-03-29T01:00:00Z')).toBe(120)
    expect(at('2026-03-29T01:10:00Z')).toBe(120)
    expect(at('2026-07-15T13:00:00Z')).toBe(120)
    expect(new ZoneOffsets('UTC').at(0)).toBe(0)
    expect(new ZoneOffsets('Asia/Kathmandu').at(Date.parse('2026-01-01T00:00:00Z'))).toBe(345)
    expect(new ZoneOffsets('America/St_Johns').at(Date.parse('2026-01-01T00:00:00Z'))).toBe(-210)
  })

  it('of no zone fail', () => {
    expect(() => new ZoneOffsets('Mars/Olympus')).toThrow('is no time zone')
  })
})
