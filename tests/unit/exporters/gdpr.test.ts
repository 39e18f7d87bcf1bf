import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { text as streamText } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Entry, open, type ZipFile } from 'yauzl'
import { safeFileName, UniqueNames } from '../../../src/exporters/file-name.ts'
import { exportGdpr, exportNdjson, zipSink } from '../../../src/exporters/index.ts'
import { metrics } from '../../../src/metrics/index.ts'
import { entityTypes } from '../../../src/records/index.ts'
import { attachments, fullRecord, rawRecords } from './full-record.ts'
import { entityOf, memorySink, memorySource, seriesOf, typedByHand } from './memory-source.ts'

const options = { nowIso: '2026-11-24T12:00:00+01:00', version: '0.1.0', namespace: 'vault-1' }

interface Manifest {
  readonly records: object
  readonly files: readonly {
    name: string
    sha256: string
    bytes: number
    description: string
    originalName?: string
  }[]
  readonly notes: readonly string[]
  readonly only: readonly string[] | null
  readonly period: object | null
}

async function* auditLines(): AsyncGenerator<string> {
  yield '{"event":"export"}'
}

describe('export gdpr', () => {
  it('describes every file with its length and checksum', async () => {
    const sink = memorySink()
    const result = await exportGdpr({
      source: memorySource(fullRecord()),
      sink,
      options: { ...options, settings: { 'units.system': 'us' }, audit: auditLines() },
    })
    const manifest = JSON.parse(sink.text('manifest.json')) as Manifest
    const described = manifest.files.map(({ name }) => name)
    expect([...described, 'manifest.json'].sort()).toEqual([...sink.files.keys()].sort())
    for (const { name, sha256, bytes, description } of manifest.files) {
      const content = sink.files.get(name) as Buffer
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256)
      expect(content.length).toBe(bytes)
      expect(description).toMatch(/\.$/)
      if (name !== 'SHA256SUMS') expect(sink.text('SHA256SUMS')).toContain(`${sha256}  ${name}\n`)
    }
    expect(manifest).toMatchObject({
      format: 'healthmate-gdpr',
      formatVersion: 1,
      created: options.nowIso,
      period: null,
      only: null,
    })
    expect(manifest.records).toEqual(result.records)
    // One entity of every type, and the three more of full-record.ts.
    const entities = entityTypes.length + 3
    expect(result.records).toEqual({ observations: metrics.length + 4, entities, raw: 2, attachments: 2 })
    expect(result.files.map(({ name }) => name)).toEqual([...sink.files.keys()])
  })

  it('holds measurements, entities, raw records, files, settings, audit and FHIR', async () => {
    const sink = memorySink()
    await exportGdpr({
      source: memorySource(fullRecord()),
      sink,
      options: { ...options, settings: { 'units.system': 'us' }, audit: ['{"event":"init"}'] },
    })
    for (const { id } of metrics) {
      expect(
        sink.files.has(`observations/${id}.csv`) && sink.files.has(`observations/${id}.ndjson`),
        id,
      ).toBe(true)
    }
    expect(JSON.parse(sink.text('entities/medication.json'))).toMatchObject({
      entities: [{ id: 'medication1' }, { fields: { name: 'Insulin' }, concurrent: { dose: [4, 6] } }],
    })
    expect(sink.files.has('entities/setting.json')).toBe(false)
    expect(JSON.parse(sink.text('settings.json'))).toMatchObject({
      settings: [{ fields: { units: 'us' } }],
      configuration: { 'units.system': 'us' },
    })
    expect(sink.lines('raw/raw-records.ndjson').map(({ text }) => text)).toEqual(
      rawRecords.map(({ text }) => text),
    )
    expect(sink.text('attachments/attachment1-passwd')).toBe('root')
    expect(sink.text('audit/audit.ndjson')).toBe('{"event":"init"}\n')
    expect(JSON.parse(sink.text('fhir/bundle.json'))).toMatchObject({ resourceType: 'Bundle' })
    expect(JSON.parse(sink.text('metrics.json'))).toHaveLength(metrics.length)
    expect(JSON.parse(sink.text('schema/lines.schema.json'))).toHaveProperty('$defs.observation')
    const manifest = JSON.parse(sink.text('manifest.json')) as Manifest
    expect(manifest.files.flatMap(({ originalName }) => originalName ?? [])).toEqual(
      attachments.map(({ name }) => name),
    )
  })

  it('explains itself to a person, as text and as a page without script', async () => {
    const entity = entityOf('note', 'n', { text: '<script>' })
    const source = memorySource({ parts: [], entities: [entity, entityOf('attachment', 'a&b<i>', {})] })
    const sink = memorySink()
    await exportGdpr({ source, sink, options })
    expect(sink.text('README.txt')).toMatch(/Article[\s\S]*entities\/note\.json/)
    const page = sink.text('README.html')
    expect(page).toContain('<a href="entities/note.json">')
    expect(page).toContain('a&#38;b&#60;i&#62;')
    expect(page).not.toMatch(/<script/)
  })

  it('says when it is only a part', async () => {
    const part = seriesOf({ metric: 'steps', source: typedByHand, unit: '{count}' }, [
      { startMs: 5, values: [1] },
    ])
    const source = memorySource({
      parts: [part],
      entities: [entityOf('note', 'n', { text: 'x' })],
      raw: rawRecords,
    })
    const sink = memorySink()
    await exportGdpr({
      source,
      sink,
      options: { ...options, only: ['activity'], period: { fromMs: 0, toMs: 10 } },
    })
    const manifest = JSON.parse(sink.text('manifest.json')) as Manifest
    expect(manifest).toMatchObject({
      only: ['activity'],
      period: { from: '1970-01-01T00:00:00+00:00', to: '1970-01-01T00:00:00.010+00:00' },
      records: { observations: 1, entities: 0, raw: 0, attachments: 0 },
    })
    expect(manifest.notes.join()).toMatch(/a part of the record/)
  })

  it('takes a period with open ends', async () => {
    const part = seriesOf({ metric: 'steps', source: typedByHand, unit: '{count}' }, [
      { startMs: 5, values: [1] },
      { startMs: 9, values: [2] },
    ])
    const manifestOf = async (fromMs: number, toMs: number): Promise<Manifest> => {
      const sink = memorySink()
      const period = { fromMs, toMs }
      await exportGdpr({ source: memorySource({ parts: [part] }), sink, options: { ...options, period } })
      return JSON.parse(sink.text('manifest.json')) as Manifest
    }
    expect(await manifestOf(Number.NEGATIVE_INFINITY, 9)).toMatchObject({
      period: { from: null, to: '1970-01-01T00:00:00.009+00:00' },
      records: { observations: 1 },
    })
    expect(await manifestOf(9, Number.POSITIVE_INFINITY)).toMatchObject({
      period: { from: '1970-01-01T00:00:00.009+00:00', to: null },
      records: { observations: 1 },
    })
  })
})

describe('a zip sink', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'healthmate-zip-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('streams the archive so that another program reads the same bytes', async () => {
    const path = join(folder, 'archive.zip')
    const sink = zipSink(createWriteStream(path), Date.UTC(2026, 10, 24))
    const kept = memorySink()
    await exportGdpr({ source: memorySource(fullRecord()), sink, options })
    await sink.finish()
    await exportGdpr({ source: memorySource(fullRecord()), sink: kept, options })
    const members = await unzip(path)
    expect([...members.keys()].sort()).toEqual([...kept.files.keys()].sort())
    for (const [name, text] of members) expect(text, name).toBe(kept.text(name))
  })

  it('holds the exporter back when the output is slow, and reports an output that fails', async () => {
    const part = seriesOf(
      { metric: 'steps', source: typedByHand, unit: '{count}' },
      Array.from({ length: 20_000 }, (_, i) => ({ startMs: i, values: [i] })),
    )
    let written = 0
    const output = new Writable({
      highWaterMark: 1024,
      write(chunk: Buffer, _, done) {
        written += chunk.length
        if (written > 50_000) done(new Error('no space left'))
        else setImmediate(done)
      },
    })
    const sink = zipSink(output, 0)
    const run = async () => {
      await exportNdjson({ source: memorySource({ parts: [part] }), sink, options })
      await sink.finish()
    }
    await expect(run()).rejects.toMatchObject({ code: 'IO' })
    sink.abort()
    expect(output.destroyed).toBe(true)
  })
})

describe('file names from the record', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\evil.exe', 'evil.exe'],
    ['CON', '_CON'],
    ['lpt1.txt', '_lpt1.txt'],
    ['.hidden', 'hidden'],
    ['..', 'file'],
    ['', 'file'],
    ['a:b*c?.pdf', 'a_b_c_.pdf'],
    ['Befund März.pdf', 'Befund März.pdf'],
    ['x\u0000\u202egpj.exe', 'x__gpj.exe'],
    ['-rf', 'rf'],
    ['trailing. ', 'trailing'],
  ])('are safe: %j', (name, safe) => {
    expect(safeFileName(name)).toBe(safe)
  })

  it('are short, with their ending kept', () => {
    expect(safeFileName(`${'é'.repeat(300)}.pdf`)).toBe(`${'é'.repeat(96)}.pdf`)
    expect(Array.from(safeFileName('x'.repeat(300)))).toHaveLength(100)
  })

  it('are unique where case does not count', () => {
    const names = new UniqueNames()
    expect(['a/B.txt', 'a/b.txt', 'a/b.txt', 'c'].map((name) => names.take(name))).toEqual([
      'a/B.txt',
      'a/b-2.txt',
      'a/b-3.txt',
      'c',
    ])
  })
})

function unzip(path: string): Promise<Map<string, string>> {
  return new Promise((resolve, reject) => {
    const members = new Map<string, string>()
    open(path, { lazyEntries: true }, (failure, zip?: ZipFile) => {
      if (failure || zip === undefined) return reject(failure)
      zip.on('entry', (entry: Entry) => {
        zip.openReadStream(entry, (problem, stream) => {
          if (problem || stream === undefined) return reject(problem)
          streamText(stream).then((content) => {
            members.set(entry.fileName, content)
            zip.readEntry()
          }, reject)
        })
      })
      zip.on('end', () => resolve(members))
      zip.on('error', reject)
      zip.readEntry()
    })
  })
}
