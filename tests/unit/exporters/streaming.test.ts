import { describe, expect, it } from 'vitest'
import { exportCsv, exportNdjson } from '../../../src/exporters/index.ts'
import { batchSize, observationBatches } from '../../../src/exporters/observation-batches.ts'
import { rawBatches } from '../../../src/exporters/raw-batches.ts'
import { memorySink, memorySource, seriesOf, typedByHand } from './memory-source.ts'

const options = { nowIso: '2026-11-24T12:00:00+01:00', version: '0.1.0' }
const series = { metric: 'heart_rate', source: typedByHand, unit: '/min' }
const watch = { ...series, source: { device: 'Watch', app: 'x', deviceClass: 'watch' as const } }

describe('batches of measurements', () => {
  it('hold every measurement once, ascending, each batch bounded, however uneven the times', () => {
    // Half of all in one hour, half over thirty years: equal windows would be far from equal.
    const dense = Array.from({ length: 3 * batchSize }, (_, i) => ({
      startMs: 1e12 + i,
      durationMs: 60_000,
      values: [i],
    }))
    const sparse = Array.from({ length: 1000 }, (_, i) => ({ startMs: i * 1e9, values: [i] }))
    const source = memorySource({ parts: [seriesOf(series, dense), seriesOf(watch, sparse)] })
    let count = 0
    let last = Number.NEGATIVE_INFINITY
    const ids = new Set<string>()
    for (const batch of observationBatches(source, 'heart_rate')) {
      expect(batch.length).toBeLessThanOrEqual(2 * batchSize)
      for (const { startMs, id } of batch) {
        if (startMs < last) throw new Error('not ascending')
        last = startMs
        ids.add(id)
      }
      count += batch.length
    }
    expect(count).toBe(dense.length + sparse.length)
    expect(ids.size).toBe(count)
  })

  it('keep more than a batch that starts in one millisecond together', () => {
    const rows = Array.from({ length: 2 * batchSize + 1 }, (_, i) => ({ startMs: 5, values: [i] }))
    const batches = [...observationBatches(memorySource({ parts: [seriesOf(series, rows)] }), 'heart_rate')]
    expect(batches.map((batch) => batch.length)).toEqual([rows.length])
  })

  it('read a small metric in one pass', () => {
    const source = memorySource({ parts: [seriesOf(series, [{ startMs: 5, values: [60] }])] })
    expect([...observationBatches(source, 'heart_rate')]).toHaveLength(1)
    expect(source.scans()).toBe(1)
    expect([...observationBatches(source, 'heart_rate', { fromMs: 6, toMs: 7 })]).toEqual([])
  })

  it('keep numbers whose unit leads nowhere in their own unit', () => {
    const source = memorySource({
      parts: [seriesOf({ ...series, unit: 'kg' }, [{ startMs: 5, values: [60] }])],
    })
    const [batch] = [...observationBatches(source, 'heart_rate')]
    expect(batch).toMatchObject([{ values: [60], unit: 'kg', original: null }])
  })
})

describe('batches of raw records', () => {
  it('hold every record once, each batch bounded', () => {
    const raw = Array.from({ length: 100 }, (_, i) => ({
      type: 'X',
      where: String(i),
      startMs: i,
      text: 'x'.repeat(10),
    }))
    const batches = [...rawBatches(memorySource({ parts: [], raw }), undefined, 95)]
    expect(batches.every((batch) => batch.length <= 10)).toBe(true)
    expect(batches.flat()).toEqual(raw)
    const some = [...rawBatches(memorySource({ parts: [], raw }), { fromMs: 50, toMs: 52 }, 95)]
    expect(some.flat().map(({ where }) => where)).toEqual(['50', '51'])
  })
})

describe('a running export', () => {
  const parts = [
    seriesOf(
      series,
      Array.from({ length: 40_000 }, (_, i) => ({ startMs: i * 1000, values: [60] })),
    ),
  ]

  it('tells its progress up to the whole', async () => {
    const seen: (readonly [number, number])[] = []
    await exportCsv({
      source: memorySource({ parts }),
      sink: memorySink(),
      options,
      onProgress: (done, total) => seen.push([done, total]),
    })
    expect(seen.length).toBeGreaterThan(1)
    expect(seen.at(-1)).toEqual([40_000, 40_000])
  })

  it('stops when interrupted and leaves no file', async () => {
    const controller = new AbortController()
    const sink = memorySink()
    const request = { source: memorySource({ parts }), sink, options, signal: controller.signal }
    await expect(exportNdjson({ ...request, onProgress: () => controller.abort() })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    })
    expect(sink.aborted).toEqual(['healthmate.ndjson'])
    expect(sink.files.size).toBe(0)
  })

  it('gives way to a failing sink', async () => {
    const sink = {
      open: () => ({
        write: () => Promise.reject(new Error('disk full')),
        close: () => undefined,
      }),
    }
    await expect(exportCsv({ source: memorySource({ parts }), sink, options })).rejects.toThrow('disk full')
  })
})
