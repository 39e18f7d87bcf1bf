/** Runs one adapter over text, bytes or files, and looks at what came out: shared by the tests of adapters. */
import fc from 'fast-check'
import { Failure } from '../../../src/foundation/index.ts'
import type { Importer } from '../../../src/importers/importer.ts'
import {
  type ImportOptions,
  type ImportReport,
  type InputMember,
  openInput,
  runImport,
} from '../../../src/importers/index.ts'
import { Intake } from '../../../src/importers/intake.ts'
import { textToExtra } from '../../../src/records/index.ts'
import { inputOf, memberOf, RememberingSink, settled } from './harness.ts'

export interface AdapterRun {
  readonly report: ImportReport
  readonly sink: RememberingSink
}

/** `zone: undefined` leaves the zone to the export. */
export type TestOptions = Omit<Partial<ImportOptions>, 'zone'> & { readonly zone?: string | undefined }

const defaults = { importId: 'i', zone: 'UTC' }

function optionsOf(options: TestOptions): ImportOptions {
  const { zone, ...rest } = { ...defaults, ...options }
  return zone === undefined ? rest : { ...rest, zone }
}

/** Runs an adapter over members. The account is checked here, once for all tests. */
export async function runAdapter(
  importer: Importer,
  members: readonly InputMember[],
  options: TestOptions = {},
  sink = new RememberingSink(),
): Promise<AdapterRun> {
  const intake = new Intake(sink, optionsOf(options))
  await importer.read(inputOf(...members), intake)
  const report = intake.report({}, 1, 0)
  if (settled(report) !== report.read) throw new Error(`${settled(report)} of ${report.read} are settled`)
  return { report, sink }
}

export async function runText(
  importer: Importer,
  text: string,
  options: TestOptions = {},
  name = 'export.csv',
  sink = new RememberingSink(),
): Promise<AdapterRun> {
  return runAdapter(importer, [memberOf(name, [Buffer.from(text)])], options, sink)
}

/** A real file, recognised by its content. */
export async function runFile(
  path: string,
  options: TestOptions = {},
  importer = 'auto',
  sink = new RememberingSink(),
): Promise<AdapterRun> {
  const input = await openInput([path])
  const report = await runImport({ input, importer, sink, options: optionsOf(options) })
  await input.close()
  if (settled(report) !== report.read) throw new Error(`${settled(report)} of ${report.read} are settled`)
  return { report, sink }
}

export interface FlatRow {
  readonly metric: string
  readonly unit: string
  readonly app: string
  readonly device: string
  /** ISO 8601 with offset. */
  readonly at: string
  readonly minutes: number
  readonly values: readonly number[]
  readonly extra: ReturnType<typeof textToExtra>
}

/** All rows that a sink was given, in order of metric and start. */
export function rowsOf(sink: RememberingSink): FlatRow[] {
  const rows: FlatRow[] = []
  for (const { series, columns } of sink.chunks.flatMap(({ blocks }) => blocks)) {
    for (let i = 0; i < columns.length; i++) {
      const offset = columns.offsetMin[i] as number
      const index = columns.extraIndex[i] as number
      rows.push({
        metric: series.metric,
        unit: series.unit,
        app: series.source.app,
        device: series.source.device,
        at: `${new Date((columns.startMs[i] as number) + offset * 60_000).toISOString().slice(0, 19)}${offset >= 0 ? '+' : ''}${offset}`,
        minutes: (columns.durationMs[i] as number) / 60_000,
        values: columns.values.map((column) => column[i] as number),
        extra: index === 0 ? {} : textToExtra(columns.extraTable[index - 1] ?? '{}'),
      })
    }
  }
  return rows.sort((a, b) => (a.metric < b.metric ? -1 : a.metric > b.metric ? 1 : a.at < b.at ? -1 : 1))
}

/** Entities that a sink was given: type and fields. */
export function entitiesOf(sink: RememberingSink): { type: string; fields: unknown }[] {
  return sink.chunks
    .flatMap(({ operations }) => operations)
    .flatMap((operation) =>
      operation.kind === 'entity' && operation.field.startsWith('content/')
        ? [{ type: operation.type, fields: operation.value }]
        : [],
    )
}

/**
 * No bytes make the adapter crash or lose a record: random ones, the fixture cut at every length (in steps where it is
 * long), and with bytes flipped.
 */
export async function holdsAgainstDamage(
  importer: Importer,
  fixture: Uint8Array,
  name: string,
  options: TestOptions = {},
): Promise<void> {
  const attempt = async (bytes: Uint8Array) => {
    try {
      await runAdapter(importer, [memberOf(name, [bytes])], options)
    } catch (error) {
      if (!(error instanceof Failure) || error.code === 'INTERNAL') throw error
    }
  }
  const step = Math.max(1, Math.floor(fixture.length / 120))
  for (let length = 0; length <= fixture.length; length += step) await attempt(fixture.subarray(0, length))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(fixture.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      async (flips) => {
        const bytes = Uint8Array.from(fixture)
        for (const [at, value] of flips) bytes[at] = value
        await attempt(bytes)
      },
    ),
    { numRuns: 60 },
  )
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (random) => {
      await attempt(random)
      await attempt(Buffer.concat([fixture.subarray(0, fixture.length >> 1), random]))
    }),
    { numRuns: 40 },
  )
}
