import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exportNdjson } from '../../../src/exporters/index.ts'
import { metricById } from '../../../src/metrics/index.ts'
import {
  type DeviceClass,
  type Entity,
  type Extra,
  type Observation,
  observationFlag,
  textToExtra,
} from '../../../src/records/index.ts'
import { attachments, fullRecord, rawRecords } from './full-record.ts'
import {
  entityOf,
  memorySink,
  memorySource,
  seriesOf,
  testObservation,
  typedByHand,
} from './memory-source.ts'

const options = { nowIso: '2026-11-24T12:00:00+01:00', version: '0.1.0' }

type Line = Record<string, unknown>
type JsonNumber = number | string

/** Reads a line back by what docs/formats/ndjson.md says, and nothing else. */
function observationOfLine(line: Line): Observation {
  const numbers = (value: unknown): readonly number[] =>
    (typeof value === 'object' && value !== null ? Object.values(value) : [value]).map((number: JsonNumber) =>
      Number(number),
    )
  const source = line['source'] as { app: string; device: string; class: DeviceClass }
  const original = line['original'] as { value: unknown; unit: string } | null
  const startMs = Date.parse(line['at'] as string)
  const flags = line['flags'] as (keyof typeof observationFlag)[]
  return {
    id: line['id'] as string,
    metric: line['metric'] as string,
    startMs,
    endMs: line['end'] === null ? startMs : Date.parse(line['end'] as string),
    offsetMin: line['offset'] as number,
    values: numbers(line['value']),
    unit: line['unit'] as string,
    original: original === null ? null : { values: numbers(original.value), unit: original.unit },
    source: { app: source.app, device: source.device, deviceClass: source.class },
    flags: flags.reduce((bits, name) => bits | observationFlag[name], 0),
    extra: textToExtra(JSON.stringify(line['extra'])) as Extra,
    imports: line['imports'] as string[],
  }
}

describe('export ndjson', () => {
  it('loses nothing of any measurement', async () => {
    const record = fullRecord()
    const sink = memorySink()
    await exportNdjson({ source: memorySource(record), sink, options })
    const read = sink
      .lines('healthmate.ndjson')
      .filter(({ kind }) => kind === 'observation')
      .map(observationOfLine)
    const written = record.parts.flatMap((part) =>
      Array.from({ length: part.columns.length }, (_, row) => testObservation(part, row)),
    )
    const byId = (a: Observation, b: Observation): number => (a.id < b.id ? -1 : 1)
    expect(read.sort(byId)).toEqual(written.sort(byId))
  })

  it('names blood-pressure numbers by component', async () => {
    const sink = memorySink()
    await exportNdjson({
      source: memorySource(fullRecord()),
      sink,
      options: { ...options, only: ['blood_pressure'] },
    })
    const [, line] = sink.lines('healthmate.ndjson')
    expect(Object.keys(line?.['value'] as object)).toEqual(
      metricById('blood_pressure')?.components.map(({ id }) => id),
    )
  })

  it('keeps doubles that JSON cannot write', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double(), fc.double(), async (first, second) => {
        const part = seriesOf({ metric: 'unheard', source: typedByHand, unit: '1' }, [
          { startMs: 1, values: [first, second] },
        ])
        const sink = memorySink()
        await exportNdjson({ source: memorySource({ parts: [part] }), sink, options })
        const line = sink.lines('healthmate.ndjson')[1] as Line
        expect(observationOfLine(line).values).toEqual([first, second])
      }),
      { numRuns: 50 },
    )
  })

  it('holds entities of every type, raw records and files with checksums, framed by header and end', async () => {
    const record = fullRecord()
    const sink = memorySink()
    const result = await exportNdjson({
      source: memorySource(record),
      sink,
      options: { ...options, fileName: 'all.ndjson' },
    })
    const lines = sink.lines('all.ndjson')
    expect(lines[0]).toEqual({
      kind: 'header',
      format: 'healthmate-ndjson',
      formatVersion: 1,
      version: '0.1.0',
      created: options.nowIso,
    })
    expect(lines.at(-1)).toEqual({ kind: 'end', ...result.records })
    const entities = lines.filter(({ kind }) => kind === 'entity').map(({ kind: _, ...entity }) => entity)
    expect(entities).toHaveLength(record.entities?.length ?? 0)
    for (const entity of record.entities ?? []) expect(entities).toContainEqual(entity)
    expect(lines.filter(({ kind }) => kind === 'raw').map(({ kind: _, ...raw }) => raw)).toEqual(rawRecords)
    const files = lines.filter(({ kind }) => kind === 'attachment')
    expect(files.map(({ base64 }) => Buffer.from(base64 as string, 'base64').toString())).toEqual([
      'root',
      '',
    ])
    expect(files[0]).toMatchObject({
      name: attachments[0]?.name,
      size: 4,
      sha256: '4813494d137e1631bba301d5acab6e7bb7aa74ce1185d456565ef51d737677b2',
    })
    expect(result.notes).toEqual(['The bytes of attachment lost are not in the vault.'])
    expect(result.files[0]?.records).toBe(lines.length - 2)
  })

  it('takes what only and period say', async () => {
    const part = seriesOf({ metric: 'steps', source: typedByHand, unit: '{count}' }, [
      { startMs: 1000, durationMs: 5000, values: [1] },
      { startMs: 2000, values: [2] },
      { startMs: 3000, values: [3] },
    ])
    const entities: Entity[] = [entityOf('goal', 'g', {}), entityOf('note', 'n', {})]
    const raw = [
      { type: 'X', where: 'a', startMs: 1000, text: '' },
      { type: 'X', where: 'b', startMs: 2500, text: '' },
    ]
    const source = memorySource({ parts: [part], entities, raw })
    const kept = async (only: readonly string[], period?: { fromMs: number; toMs: number }) => {
      const sink = memorySink()
      await exportNdjson({
        source,
        sink,
        options: { ...options, only, ...(period === undefined ? {} : { period }) },
      })
      return sink
        .lines('healthmate.ndjson')
        .slice(1, -1)
        .map((line) => line['value'] ?? line['id'] ?? line['where'])
    }
    expect(await kept([], { fromMs: 2000, toMs: 3000 })).toEqual([2, 'g', 'n', 'b'])
    expect(await kept(['activity'])).toEqual([1, 2, 3])
    expect(await kept(['goal', 'documents'])).toEqual(['g', 'n', 'a', 'b'])
    await expect(kept(['nonsense'])).rejects.toMatchObject({ code: 'USAGE' })
  })
})
