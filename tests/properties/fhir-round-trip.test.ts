/** `export fhir` of a vault, imported into an empty one: the live state is equal, entry by entry and row by row. */
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { exportFhir } from '../../src/exporters/index.ts'
import { leavesAsFhir } from '../../src/fhir/index.ts'
import { runImport } from '../../src/importers/index.ts'
import { metrics } from '../../src/metrics/index.ts'
import {
  type EntityOperation,
  emptyChange,
  entityTypes,
  type JsonValue,
  type ObservationBlock,
  observationFlag,
} from '../../src/records/index.ts'
import { memorySink } from '../unit/exporters/memory-source.ts'
import { fileOf } from '../unit/importers/clinical-harness.ts'
import { inputOf, memberOf, settled } from '../unit/importers/harness.ts'
import {
  blockOf,
  newTestVault,
  removeTestVaults,
  rowOf,
  seriesOf,
  type TestVault,
} from '../unit/vault/engine/test-vault.ts'

const runs = process.env['HEALTHMATE_TEST_LONG'] === '1' ? 40 : 4

afterEach(removeTestVaults)

const at = Date.UTC(2026, 2, 1, 8)
const leaving = entityTypes.filter((type) => leavesAsFhir(type) && type !== 'attachment')
/** What each type cannot be without: a name that FHIR demands. */
const named: Readonly<Record<string, Readonly<Record<string, JsonValue>>>> = {
  goal: { metric: 'weight', direction: 'below', target: [78] },
  allergy: { substance: 'Nuts' },
}

/** One row of every metric, typed by the person or imported with facts of its source. */
function everyMetric(seed: number): readonly ObservationBlock[] {
  return metrics.map((metric, index) => {
    const count = Math.max(1, metric.components.length)
    const [low, high] = metric.plausible
    const values = Array.from(
      { length: count },
      (_, part) => high - ((high - low) * (part + (seed % 7))) / 10,
    )
    const isTyped = (index + seed) % 2 === 0
    const row = rowOf(at + index * 1000, values, {
      durationMs: index % 3 === 0 ? 60_000 : 0,
      offsetMin: 345,
      flags: isTyped ? observationFlag.manual : 0,
      imports: isTyped ? [] : ['import0'],
      extra: isTyped
        ? {
            key: `key${index}`,
            note: `n\u0085${seed}`,
            tags: ['a b'],
            context: 'fasting',
            zone: 'Asia/Kathmandu',
          }
        : { meta: { device: 'x', 'odd key': '\u0001"' } },
    })
    const series = seriesOf(metric.id, isTyped ? 'manual' : 'Clinical records', metric.unit)
    const source = { ...series.source, deviceClass: isTyped ? 'manual' : 'medical' } as const
    return blockOf({ ...series, source }, [row])
  })
}

function entities(fields: Readonly<Record<string, JsonValue>>): readonly EntityOperation[] {
  return leaving.flatMap((type) => {
    const all = { name: type, text: 'words', ...named[type], ...fields }
    const id = type === 'profile' ? 'self' : `${type}-1`
    return Object.entries(all).map(([field, value]) => ({ kind: 'entity', type, id, field, value }) as const)
  })
}

/** Entries with all their fields, rows with everything but who asserts them and whether somebody typed them here. */
function stateOf({ vault }: TestVault): unknown {
  return {
    entities: entityTypes
      .filter((type) => leavesAsFhir(type))
      .flatMap((type) =>
        vault.entities(type).map(({ id, fields: { content: _, ...fields } }) => [type, id, fields]),
      ),
    attachments: vault.entities('attachment').map(({ id }) => vault.attachment(id)),
    rows: vault.latest({}, 10_000).map(({ imports: _, flags: __, ...row }) => row),
  }
}

async function goesRound(vault: TestVault, layout: 'bundle' | 'bulk'): Promise<void> {
  const sink = memorySink()
  const options = { nowIso: '2026-11-24T12:00:00+01:00', version: '0.1.0', namespace: 'vault-1', layout }
  const { files } = await exportFhir({ source: vault.vault, sink, options })
  const members = files.map(({ name }) => memberOf(name, [Buffer.from(sink.text(name))]))
  const empty = await newTestVault()
  const [only] = files
  const input = layout === 'bundle' && only ? fileOf(only.name, sink.text(only.name)) : inputOf(...members)
  const report = await runImport({
    input,
    importer: 'fhir',
    sink: empty.vault.importSink('back'),
    options: { importId: 'back' },
  })
  expect(report.refusals).toEqual([])
  expect(settled(report)).toBe(report.read)
  expect(report.unmapped).toEqual({})
  expect(stateOf(empty)).toEqual(stateOf(vault))
}

describe('our own FHIR export in an empty vault', () => {
  it('is the same record: every kind of entry, every metric, files', async () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
      fc.boolean(),
      fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 }),
    )
    const fields = fc.dictionary(fc.stringMatching(/^[a-z][a-zA-Z-]{2,12}x$/), value, { maxKeys: 4 })
    await fc.assert(
      fc.asyncProperty(
        fields,
        fc.nat({ max: 100 }),
        fc.constantFrom('bundle', 'bulk'),
        async (more, seed, layout) => {
          const vault = await newTestVault()
          const bytes = new TextEncoder().encode(`letter ${seed}`)
          const file = { id: 'letter-1', name: 'letter.txt', mediaType: 'text/plain', bytes }
          vault.vault.write({
            ...emptyChange,
            label: 'all',
            operations: entities(more),
            blocks: everyMetric(seed),
            attachments: [file],
          })
          await goesRound(vault, layout as 'bundle' | 'bulk')
        },
      ),
      { numRuns: runs },
    )
  })
})
