/** Damaged, cut, hostile and very large input: a report whose account holds, whatever comes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EntryEvents, EntryScanner, maxPartBytes } from '../../../../src/importers/fhir/entries.ts'
import { fhir } from '../../../../src/importers/fhir/index.ts'
import { LineScanner } from '../../../../src/importers/fhir/lines.ts'
import { ClinicalSink, fileOf, runWith } from '../clinical-harness.ts'
import { cut, inputOf, memberOf, settled } from '../harness.ts'

const weight = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
  effectiveDateTime: '2026-03-01T08:00:00+01:00',
  valueQuantity: { value: 80.5, code: 'kg' },
  note: [{ text: 'a "quoted" \\ back{slash]' }],
}
const condition = { resourceType: 'Condition', code: { text: 'Flu' }, onsetDateTime: '2020' }
const bundle = JSON.stringify(
  { resourceType: 'Bundle', type: 'collection', entry: [{ resource: weight }, { resource: condition }] },
  null,
  1,
)
const lines = `${JSON.stringify(weight)}\n${JSON.stringify(condition)}\n`
const xml = `<Bundle xmlns="http://hl7.org/fhir"><entry><resource><Condition><code><text value="Flu &amp; cold"/></code></Condition></resource></entry></Bundle>`

describe('the account holds', () => {
  it.each([
    ['bundle.json', bundle],
    ['lines.ndjson', lines],
    ['bundle.xml', xml],
  ])('at every length of %s', async (name, text) => {
    for (let length = 0; length < text.length; length += 2) {
      const { report } = await runWith(fhir, fileOf(name, text.slice(0, length)))
      expect(settled(report)).toBe(report.read)
    }
  })

  it.each([
    ['bundle.json', bundle],
    ['lines.ndjson', lines],
    ['bundle.xml', xml],
  ])('for %s with bytes changed', async (name, text) => {
    const base = Buffer.from(text)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { minLength: 1, maxLength: 10 }),
        async (flips) => {
          const bytes = Buffer.from(base)
          for (const [at, value] of flips) bytes[at] = value
          const { report } = await runWith(fhir, inputOf(memberOf(name, [bytes])))
          expect(settled(report)).toBe(report.read)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('for resources of any content', async () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom(
            'coding',
            'code',
            'system',
            'text',
            'reference',
            'value',
            'start',
            'div',
            '__proto__',
            'id',
          ),
          tie('any'),
          { maxKeys: 4 },
        ),
      ),
    })).any
    const type = fc.constantFrom(
      'Observation',
      'Condition',
      'AllergyIntolerance',
      'Immunization',
      'MedicationStatement',
      'MedicationAdministration',
      'Procedure',
      'DiagnosticReport',
      'DocumentReference',
      'Binary',
      'Patient',
      'Device',
      'Medication',
      'Bundle',
      'Provenance',
    )
    const names = fc.constantFrom(
      'code',
      'status',
      'vaccineCode',
      'medicationCodeableConcept',
      'medicationReference',
      'effectiveDateTime',
      'effectivePeriod',
      'valueQuantity',
      'valueString',
      'component',
      'referenceRange',
      'interpretation',
      'reaction',
      'dosage',
      'content',
      'data',
      'contained',
      'subject',
      'name',
      'entry',
      'identifier',
      'extension',
      'meta',
      'device',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(type, fc.dictionary(names, value, { maxKeys: 8 })), { minLength: 1, maxLength: 4 }),
        async (resources) => {
          const entry = resources.map(([resourceType, more]) => ({ resource: { ...more, resourceType } }))
          const text = JSON.stringify({ resourceType: 'Bundle', entry })
          const { report } = await runWith(fhir, fileOf('x.json', text))
          expect(settled(report)).toBe(report.read)
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('pieces', () => {
  it('make no difference, wherever the file is cut', async () => {
    const whole = await runWith(fhir, fileOf('bundle.json', bundle))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 40 }), async (lengths) => {
        const { report, sink } = await runWith(
          fhir,
          inputOf(memberOf('bundle.json', cut(Buffer.from(bundle), lengths))),
        )
        expect(report.refusals).toEqual(whole.report.refusals)
        expect(sink.observations).toEqual(whole.sink.observations)
        expect(sink.rawRecords).toEqual(whole.sink.rawRecords)
      }),
      { numRuns: 50 },
    )
  })

  it('keep an entry verbatim, with all digits', async () => {
    const text =
      '{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Basic", "x": 1.00000000000000000001}}]}'
    const { sink } = await runWith(fhir, fileOf('b.json', text))
    expect(sink.rawRecords[0]?.text).toBe(
      '{"resource":{"resourceType":"Basic", "x": 1.00000000000000000001}}',
    )
  })
})

describe('size', () => {
  it('is bounded: what is larger than the limit is refused and the rest read', async () => {
    const found: string[] = []
    const events: EntryEvents = {
      bundle: () => {},
      part: ({ bytes, line }) => found.push(`${line}: ${bytes.length} bytes`),
      refused: (reason, line) => found.push(`${line}: ${reason}`),
    }
    const scanner = new EntryScanner(events)
    scanner.push(Buffer.from('{"resourceType":"Bundle","entry":[{"resource":{}},\n{"x":"'))
    for (let size = 0; size <= maxPartBytes; size += 2 ** 20) scanner.push(Buffer.alloc(2 ** 20, 'x'))
    scanner.push(Buffer.from('"},\n{"a":1}]}'))
    scanner.finish()
    expect(found).toEqual(['1: 15 bytes', '2: it is larger than 32 MB', '3: 7 bytes'])
    const rows: string[] = []
    const lineScanner = new LineScanner({
      line: (bytes, line) => rows.push(`${line}: ${bytes.length}`),
      refused: (reason, line) => rows.push(`${line}: ${reason}`),
    })
    for (let size = 0; size <= maxPartBytes; size += 2 ** 20) lineScanner.push(Buffer.alloc(2 ** 20, 'x'))
    lineScanner.push(Buffer.from('\n{}'))
    lineScanner.finish()
    expect(rows).toEqual(['1: it is larger than 32 MB', '2: 2'])
  })

  it('of a batch is bounded, and an interrupted import goes on where it stopped', async () => {
    const many = Array.from({ length: 3000 }, (_, i) =>
      JSON.stringify({ ...weight, effectiveDateTime: new Date(i * 86_400_000 + 1e12).toISOString() }),
    )
    const text = many.join('\n')
    const controller = new AbortController()
    const first = await runWith(fhir, fileOf('o.ndjson', text), {
      chunkRows: 1000,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    expect(first.report.interrupted).toBe(true)
    const sink = new ClinicalSink()
    const again = await runWith(fhir, fileOf('o.ndjson', text), { alreadyConsumed: 1500 }, sink)
    expect(again.report.read).toBe(1500)
    expect(sink.rows.size).toBe(1500)
  })

  it('of XML depth and names hurts nobody', async () => {
    const deep = `<Observation xmlns="http://hl7.org/fhir">${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</Observation>`
    const { report } = await runWith(fhir, fileOf('d.xml', deep))
    expect(report.refusals).toMatchObject([{ reason: 'it is nested too deep' }])
    const entity =
      '<!DOCTYPE a [<!ENTITY x "aaaa">]><Condition xmlns="http://hl7.org/fhir"><code><text value="&x;&x;"/></code></Condition>'
    expect(settled((await runWith(fhir, fileOf('e.xml', entity))).report)).toBeGreaterThan(0)
  })
})

describe('what is nested without end', () => {
  const levels = 100_000
  const lists = '['.repeat(levels) + ']'.repeat(levels)
  const objects = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
  const nested = JSON.stringify(weight).replace('"final"', `"final","extension":${lists}`)

  it.each([
    ['the entries', 'b.json', `{"resourceType":"Bundle","entry":${lists}}`],
    ['the entries, cut', 'b.json', `{"resourceType":"Bundle",\n"entry":${'['.repeat(levels)}`],
    [
      'an entry',
      'b.json',
      `{"resourceType":"Bundle","entry":[${objects},{"resource":${JSON.stringify(weight)}}]}`,
    ],
    ['a resource', 'o.json', nested],
    ['a resource on a line', 'o.ndjson', `${JSON.stringify(weight)}\n${nested}\n`],
    ['a list of lists', 'l.json', `[{"resourceType":"Patient"},${lists}]`],
  ])('is refused with its line: %s', async (_what, name, text) => {
    const { report } = await runWith(fhir, fileOf(name, text))
    expect(settled(report)).toBe(report.read)
    expect(report.refusals).toEqual([
      expect.objectContaining({
        where: expect.stringMatching(/^[bol]\.(nd)?json:[12]$/),
        reason: 'it is nested deeper than 200 levels',
        code: 'REFUSED_INPUT',
      }),
    ])
  })

  it('does not hide what else stands among the entries', async () => {
    const text = `{"resourceType":"Bundle","entry":[1,\n"x [", null,\n[2],{"resource":${JSON.stringify(weight)}}]}`
    const { report } = await runWith(fhir, fileOf('b.json', text))
    expect(report).toMatchObject({ read: 5, imported: 1, refused: 4 })
    expect(report.refusals.map(({ where }) => where)).toEqual([
      'b.json:1',
      'b.json:2',
      'b.json:2',
      'b.json:3',
    ])
  })
})
