import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defectNames, generateAppleHealth } from '../../../../scripts/generate-apple-health.mjs'
import { runImport } from '../../../../src/importers/index.ts'
import { cut, importText, inputOf, memberOf, RememberingSink, settled, textInput } from '../harness.ts'

const generated = (options: object) => [...generateAppleHealth(options)].join('')
const elements = (text: string) => [...text.matchAll(/<(Record|Workout|ActivitySummary)\s/g)].length

describe('a generated export', () => {
  const text = generated({ days: 12, seed: 5, defects: defectNames })

  it('with every defect settles every record', async () => {
    const report = await importText(text)
    expect(report.read).toBe(elements(text))
    expect(settled(report)).toBe(report.read)
    expect(report.duplicates).toBe(4)
    expect(report.unmapped).toMatchObject({
      HKQuantityTypeIdentifierTelepathicField: 4,
      HKQuantityTypeIdentifierBloodPressureSystolic: 4,
      ActivitySummary: 12,
    })
    const reasons = new Set(report.refusals.map((refusal) => refusal.reason))
    expect(reasons).toEqual(
      new Set([
        'a blank is missing between attributes',
        'its date cannot be read',
        'the value is impossible',
        'its unit "slug" is not one of this type',
      ]),
    )
    expect(report.refused).toBe(16)
    expect(report.notes.join()).toContain('a control character')
    expect(report.byMetric['blood_pressure']).toBe(6)
  })

  it('settles whatever defects, seed and options it is given', async () => {
    const options = fc.record({
      seed: fc.nat(1000),
      days: fc.integer({ min: 1, max: 4 }),
      defects: fc.subarray([...defectNames]),
      skip: fc.boolean(),
      sinceDay: fc.integer({ min: -1, max: 5 }),
      chunkRows: fc.constantFrom(1, 50, 5000),
    })
    await fc.assert(
      fc.asyncProperty(options, async ({ seed, days, defects, skip, sinceDay, chunkRows }) => {
        const small = generated({ seed, days, defects })
        const sinceMs = Date.UTC(2026, 2, 1) - days * 86_400_000 + sinceDay * 86_400_000
        const sink = new RememberingSink()
        const report = await importText(small, { skipUnmapped: skip, sinceMs, chunkRows }, sink)
        expect(report.read).toBe(elements(small))
        expect(settled(report)).toBe(report.read)
        expect(sink.rows.size).toBe(report.imported)
        if (skip) expect(sink.raw).toEqual([])
      }),
      { numRuns: 12 },
    )
  })

  it('gives the same however its bytes are cut', async () => {
    const small = Buffer.from(generated({ days: 1, defects: defectNames }))
    const whole = new RememberingSink()
    const expected = await runImport({
      input: textInput(small.toString()),
      importer: 'auto',
      sink: whole,
      options: { importId: 'i' },
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 20, maxLength: 400 }),
        async (lengths) => {
          const sink = new RememberingSink()
          const input = inputOf(memberOf('export.xml', cut(small, lengths)))
          const report = await runImport({
            input,
            importer: 'apple-health',
            sink,
            options: { importId: 'i' },
          })
          expect({ ...report, seconds: 0 }).toEqual({ ...expected, seconds: 0 })
          expect(sink.rows).toEqual(whole.rows)
          expect(sink.raw).toEqual(whole.raw)
        },
      ),
      { numRuns: 15 },
    )
  })

  it('imported twice adds nothing', async () => {
    const sink = new RememberingSink()
    const first = await importText(text, {}, sink)
    const second = await importText(text, {}, sink)
    expect(second.imported).toBe(0)
    expect(second.duplicates).toBe(first.imported + first.duplicates)
  })

  it('interrupted and continued at any chunk equals one run', async () => {
    const whole = new RememberingSink()
    const expected = await importText(text, {}, whole)
    const bytes = Buffer.from(text)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (stopAfter) => {
        const sink = new RememberingSink()
        const controller = new AbortController()
        let pieces = 0
        const onProgress = () => {
          if (++pieces >= stopAfter) controller.abort()
        }
        const input = () =>
          inputOf(
            memberOf(
              'export.xml',
              cut(
                bytes,
                Array.from({ length: 80 }, () => Math.ceil(bytes.length / 70)),
              ),
            ),
          )
        const first = await runImport({
          input: input(),
          importer: 'auto',
          sink,
          options: { importId: 'i', signal: controller.signal, onProgress, chunkRows: 700 },
        })
        expect(first.interrupted).toBe(true)
        const alreadyConsumed = sink.chunks.at(-1)?.consumed ?? 0
        expect(alreadyConsumed).toBe(first.consumed)
        const second = await runImport({
          input: input(),
          importer: 'auto',
          sink,
          options: { importId: 'i', alreadyConsumed },
        })
        expect(settled(first)).toBe(first.read)
        expect(settled(second)).toBe(second.read)
        expect(first.read + second.read).toBe(expected.read)
        expect(first.imported + second.imported).toBe(expected.imported)
        expect(first.merged + second.merged).toBe(expected.merged)
        expect(sink.rows).toEqual(whole.rows)
        expect(sink.raw.sort()).toEqual(whole.raw.sort())
      }),
      { numRuns: 12 },
    )
  })

  it('into a sink that cannot know yet is pending', async () => {
    const report = await importText(generated({ days: 2 }), {}, { write: () => null })
    expect(report.imported).toBe(0)
    expect(report.pending).toBeGreaterThan(1000)
    expect(settled(report)).toBe(report.read)
  })

  it('gives sorted blocks of bounded length whose chunks count up', async () => {
    const sink = new RememberingSink()
    await importText(generated({ days: 60, records: 100_000 }), { chunkRows: 40_000 }, sink)
    const consumed = sink.chunks.map((chunk) => chunk.consumed)
    expect(consumed).toEqual([...consumed].sort((a, b) => a - b))
    for (const block of sink.chunks.flatMap((chunk) => chunk.blocks)) {
      expect(block.columns.length).toBeLessThanOrEqual(16_384)
      expect([...block.columns.startMs]).toEqual([...block.columns.startMs].sort((a, b) => a - b))
    }
  })

  it('is the same for the same seed and has about as many records as asked', () => {
    expect(generated({ days: 3, seed: 9 })).toBe(generated({ days: 3, seed: 9 }))
    expect(generated({ days: 3, seed: 9 })).not.toBe(generated({ days: 3, seed: 10 }))
    const count = elements(generated({ days: 40, records: 60_000 }))
    expect(count).toBeGreaterThan(50_000)
    expect(count).toBeLessThan(70_000)
  })
})
