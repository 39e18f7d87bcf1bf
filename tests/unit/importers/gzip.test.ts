/** gzip as input: files, members of folders and zips, standard input. */
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { ungzipped } from '../../../src/importers/gzip-member.ts'
import { openInput, runImport } from '../../../src/importers/index.ts'
import { laws as fhirLaws } from './fhir/fixture.ts'
import { healthData, memberOf, RememberingSink, record, settled } from './harness.ts'
import { laws as withings } from './withings/fixture.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'healthmate-gzip-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const count = 2000
const document = Buffer.from(
  healthData(
    Array.from({ length: count }, (_, index) =>
      record('StepCount', String(1 + ((index * 7919) % 9973)), 'count'),
    ).join(''),
  ),
)

async function imported(path: string, stdin?: Iterable<Uint8Array>) {
  const input = await openInput([path], stdin ? { stdin: chunksOf(stdin) } : {})
  const report = await runImport({
    input,
    importer: 'auto',
    sink: new RememberingSink(),
    options: { importId: 'i', zone: 'UTC' },
  })
  await input.close()
  expect(settled(report)).toBe(report.read)
  return report
}

async function* chunksOf(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces
}

describe('gzip', () => {
  it('is read as what is inside: a file, standard input, several one behind the other', async () => {
    const path = join(folder, 'export.xml.gz')
    const packed = gzipSync(document)
    writeFileSync(path, packed)
    expect(await imported(path)).toMatchObject({ read: count, refusals: [], bytes: document.length })
    expect(await imported('-', [packed.subarray(0, 10), packed.subarray(10)])).toMatchObject({ read: count })
    const half = document.length >> 1
    const parts = [document.subarray(0, half), document.subarray(half)].map((part) => gzipSync(part))
    writeFileSync(path, Buffer.concat(parts))
    expect(await imported(path)).toMatchObject({ read: count, refusals: [] })
  })

  it('in a folder or a zip is recognised by what is inside and told by the name without .gz', async () => {
    const root = join(folder, 'many')
    mkdirSync(root)
    const files = { ...fhirLaws.files(0, 3), ...withings.files(0, 3), 'notes.txt': 'nothing' }
    const zip = new ZipFile()
    for (const [name, content] of Object.entries(files)) {
      const packed = gzipSync(content)
      writeFileSync(join(root, `${name}.gz`), packed)
      zip.addBuffer(packed, `${name}.gz`)
    }
    zip.end()
    await pipeline(zip.outputStream, createWriteStream(join(folder, 'many.zip')))
    for (const path of [root, join(folder, 'many.zip')]) {
      const report = await imported(path)
      expect(Object.keys(report.formats).sort()).toEqual(['fhir', 'withings'])
      expect(report).toMatchObject({ refusals: [], unrecognised: [{ where: 'notes.txt' }] })
    }
  })

  it('that is cut at any length or changed anywhere is refused, with what came before taken', async () => {
    const packed = gzipSync(document)
    const path = join(folder, 'cut.xml.gz')
    for (let length = 200; length < packed.length; length += Math.ceil(packed.length / 40)) {
      writeFileSync(path, packed.subarray(0, length))
      const { refusals, read } = await imported(path)
      expect(refusals.map(({ reason }) => reason).join()).toContain('cut.xml.gz is damaged: it is cut off')
      expect(read).toBeLessThanOrEqual(count)
    }
    const changed = Buffer.from(packed)
    changed[packed.length - 6] = (changed[packed.length - 6] ?? 0) ^ 1
    writeFileSync(path, changed)
    const report = await imported(path)
    expect(report.refusals[0]?.reason).toBe('cut.xml.gz is damaged: its compressed data is damaged')
    expect(report.read).toBeGreaterThan(0)
  })

  it('that grows beyond the limit is refused there, having been read in pieces', async () => {
    const limit = 2 ** 22
    const member = await ungzipped(memberOf('x.json.gz', [gzipSync(Buffer.alloc(2 ** 24))]), false, limit)
    let length = 0
    const all = async () => {
      for await (const chunk of member.stream()) length += chunk.length
    }
    await expect(all()).rejects.toMatchObject({
      code: 'REFUSED_INPUT',
      message: expect.stringContaining('GiB'),
    })
    expect(length).toBe(limit)
    expect(await member.head()).toHaveLength(64 * 1024)
  })

  it('by name alone, or under another name, is what it is', async () => {
    const plain = memberOf('x.csv.gz', [Buffer.from('a,b')])
    expect(await ungzipped(plain, false)).toBe(plain)
    const hidden = memberOf('x.csv', [gzipSync('a,b')])
    expect(await ungzipped(hidden, false)).toBe(hidden)
    expect((await ungzipped(hidden, true)).size).toBeNull()
  })
})
