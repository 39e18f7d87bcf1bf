import { describe, expect, it } from 'vitest'
import { exportFhir } from '../../../src/exporters/index.ts'
import { metrics } from '../../../src/metrics/index.ts'
import { observationFlag } from '../../../src/records/index.ts'
import { validateR4 } from '../fhir/validation.ts'
import { fullRecord } from './full-record.ts'
import { entityOf, memorySink, memorySource, seriesOf, typedByHand } from './memory-source.ts'

const options = { nowIso: '2026-11-24T12:00:00+01:00', version: '0.1.0', namespace: 'vault-1' }

interface Resource {
  readonly resourceType: string
  readonly id: string
  readonly [element: string]: unknown
}

interface Bundle {
  readonly resourceType: string
  readonly type: string
  readonly entry: readonly {
    readonly fullUrl: string
    readonly resource: Resource
    readonly request?: object
  }[]
}

const weights = seriesOf({ metric: 'weight', source: typedByHand, unit: 'kg' }, [
  { startMs: 1000, values: [80], flags: observationFlag.manual, extra: { key: 'a' } },
  { startMs: 2000, values: [81], flags: observationFlag.unconfirmed, extra: { key: 'b' } },
  { startMs: 3000, values: [82], flags: observationFlag.edited, extra: { key: 'c', original: [28] } },
])

/** The validator checks a reference's type by its words; `urn:uuid:…` has none, so it is resolved first. */
function resolved(bundle: Bundle): readonly Resource[] {
  const typeByUrl = new Map(
    bundle.entry.map(({ fullUrl, resource }) => [fullUrl, `${resource.resourceType}/${resource.id}`]),
  )
  const text = JSON.stringify(bundle.entry.map(({ resource }) => resource))
  return JSON.parse(
    text.replace(/urn:uuid:[0-9a-f-]{36}/g, (url) => {
      const target = typeByUrl.get(url)
      if (target === undefined) throw new Error(`${url} leads nowhere`)
      return target
    }),
  ) as Resource[]
}

describe('export fhir', () => {
  it('writes one valid Bundle of a record with at least one of everything', async () => {
    const sink = memorySink()
    const result = await exportFhir({ source: memorySource(fullRecord()), sink, options })
    const bundle = JSON.parse(sink.text('bundle.json')) as Bundle
    expect(bundle).toMatchObject({ resourceType: 'Bundle', type: 'collection', timestamp: options.nowIso })
    const warnings = validateR4({ ...bundle, entry: bundle.entry.slice(0, 3) })
    expect(JSON.stringify(warnings)).not.toMatch(/"severity":"error"/)
    for (const resource of resolved(bundle)) expect(validateR4(resource)).toEqual([])
    const ids = bundle.entry.map(({ fullUrl, resource }) => {
      expect(fullUrl).toBe(`urn:uuid:${resource.id}`)
      return resource.id
    })
    expect(new Set(ids).size).toBe(ids.length)
    const count = (type: string): number =>
      bundle.entry.filter(({ resource }) => resource.resourceType === type).length
    // Four awkward rows more than metrics; blood type and smoking from the profile.
    expect(count('Observation')).toBe(metrics.length + 4 + 2)
    for (const type of [
      'Patient',
      'Goal',
      'Appointment',
      'Condition',
      'AllergyIntolerance',
      'Immunization',
    ]) {
      expect(count(type), type).toBe(1)
    }
    expect(count('MedicationStatement')).toBe(2)
    expect(count('DocumentReference')).toBe(3)
    expect(count('Device')).toBe(3)
    expect(count('Provenance')).toBe(3)
    expect(result.records).toMatchObject({ observations: metrics.length + 4, attachments: 2 })
    expect(result.files[0]?.records).toBe(bundle.entry.length)
  })

  it('says what it leaves out, and why', async () => {
    const { notes } = await exportFhir({ source: memorySource(fullRecord()), sink: memorySink(), options })
    const text = notes.join('\n')
    expect(text).toMatch(/1 × consent not in FHIR: /)
    expect(text).toMatch(/1 × attachment not in FHIR: its bytes are not in the vault/)
    expect(text).toMatch(/fields of profile; they are in an extension of ours: skin-type/)
    expect(text).toMatch(/2 raw records/)
    expect(text).toMatch(/Further facts/)
  })

  it('covers every measurement by exactly one Provenance', async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => ({ startMs: i, values: [60] }))
    const source = { device: 'Watch', app: 'Health', deviceClass: 'watch' as const }
    const parts = [seriesOf({ metric: 'heart_rate', source, unit: '/min' }, rows), weights]
    const sink = memorySink()
    await exportFhir({ source: memorySource({ parts }), sink, options })
    const bundle = JSON.parse(sink.text('bundle.json')) as Bundle
    const of = (type: string) => bundle.entry.filter(({ resource }) => resource.resourceType === type)
    const targets = of('Provenance').flatMap(({ resource }) => resource['target'] as { reference: string }[])
    expect(of('Provenance').map(({ resource }) => (resource['target'] as object[]).length)).toEqual([
      1000, 1000, 500, 3,
    ])
    expect(targets.map(({ reference }) => reference).sort()).toEqual(
      of('Observation')
        .map(({ fullUrl }) => fullUrl)
        .sort(),
    )
  })

  it('makes no status firmer than the record', async () => {
    const sink = memorySink()
    await exportFhir({ source: memorySource({ parts: [weights] }), sink, options })
    const bundle = JSON.parse(sink.text('bundle.json')) as Bundle
    const observations = bundle.entry
      .map(({ resource }) => resource)
      .filter(({ resourceType }) => resourceType === 'Observation')
    expect(observations.map(({ status }) => status)).toEqual(['final', 'preliminary', 'amended'])
    expect(observations.map(({ performer }) => performer !== undefined)).toEqual([true, false, false])
  })

  it('writes a transaction that a server can take twice', async () => {
    const first = memorySink()
    const second = memorySink()
    const request = {
      source: memorySource({ parts: [weights] }),
      options: { ...options, bundleType: 'transaction' as const, fileName: 'x.json' },
    }
    await exportFhir({ ...request, sink: first })
    await exportFhir({ ...request, sink: second })
    expect(first.text('x.json')).toBe(second.text('x.json'))
    const bundle = JSON.parse(first.text('x.json')) as Bundle
    expect(bundle.type).toBe('transaction')
    for (const { resource, request: sent } of bundle.entry) {
      expect(sent).toEqual({ method: 'PUT', url: `${resource.resourceType}/${resource.id}` })
    }
    expect(JSON.stringify(validateR4(bundle))).not.toMatch(/"severity":"error"/)
  })

  it('writes bulk files whose references resolve across files', async () => {
    const sink = memorySink()
    const result = await exportFhir({
      source: memorySource(fullRecord()),
      sink,
      options: { ...options, layout: 'bulk' },
    })
    const all = new Set<string>()
    const references: string[] = []
    for (const name of sink.files.keys()) {
      const lines = sink.lines(name) as unknown as Resource[]
      for (const resource of lines) {
        expect(`${resource.resourceType}.ndjson`).toBe(name)
        expect(validateR4(resource)).toEqual([])
        all.add(`${resource.resourceType}/${resource.id}`)
        for (const [, reference] of JSON.stringify(resource).matchAll(/"reference":"([^"]+)"/g))
          references.push(reference as string)
      }
    }
    expect(references.filter((reference) => !all.has(reference))).toEqual([])
    expect([...sink.files.keys()]).toContain('Provenance.ndjson')
    expect(result.records.observations).toBe(metrics.length + 4)
    expect(result.files.reduce((sum, { records }) => sum + records, 0)).toBe(all.size)
  })

  it('holds a Patient without a name for an empty vault or a chosen part', async () => {
    const empty = memorySink()
    const result = await exportFhir({ source: memorySource({ parts: [] }), sink: empty, options })
    expect(
      (JSON.parse(empty.text('bundle.json')) as Bundle).entry.map(({ resource }) => resource.resourceType),
    ).toEqual(['Patient'])
    expect(result.notes[0]).toMatch(/neither name nor birth date/)
    const part = memorySink()
    await exportFhir({
      source: memorySource(fullRecord()),
      sink: part,
      options: { ...options, only: ['labs'] },
    })
    expect(part.text('bundle.json')).not.toContain('Ada')
  })

  it('ties a file to the record it hangs on, only where that is exported', async () => {
    const observationId = /"value":"(weight\.[^"]+)"/
    const probe = memorySink()
    await exportFhir({ source: memorySource({ parts: [weights] }), sink: probe, options })
    const owner = observationId.exec(probe.text('bundle.json'))?.[1] as string
    const files = ['a1', 'a2', 'a3', 'a4']
    const owners = [owner, 'note1', 'weight.0.0000000000', 'nobody']
    const source = memorySource({
      parts: [weights],
      entities: [
        entityOf('note', 'note1', { text: 'x' }),
        ...files.map((id, index) => entityOf('attachment', id, { owner: owners[index] as string })),
      ],
      attachments: files.map((id) => ({ id, name: 'f', mediaType: 'text/plain', bytes: Buffer.from(id) })),
    })
    const related = async (only: readonly string[], period?: { fromMs: number; toMs: number }) => {
      const sink = memorySink()
      await exportFhir({ source, sink, options: { ...options, only, ...(period && { period }) } })
      const bundle = JSON.parse(sink.text('bundle.json')) as Bundle
      resolved(bundle)
      return bundle.entry.filter(({ resource }) => resource['context'] !== undefined).length
    }
    expect(await related([])).toBe(2)
    expect(await related(['documents'])).toBe(1)
    expect(await related([], { fromMs: 5000, toMs: 6000 })).toBe(1)
  })
})
