/** Inputs from text and a sink that remembers: what the importer tests share. */
import {
  type ImportOptions,
  type ImportReport,
  type InputMember,
  type OpenedInput,
  runImport,
} from '../../../src/importers/index.ts'
import {
  assertedIn,
  assertionDetails,
  type BlockOutcome,
  contentField,
  type EntityType,
  type ImportChunk,
  type ImportSink,
  type JsonValue,
} from '../../../src/records/index.ts'

/** One member whose bytes come in the given pieces. */
export function memberOf(name: string, pieces: readonly Uint8Array[]): InputMember {
  const whole = Buffer.concat(pieces)
  return {
    name,
    size: whole.length,
    head: async () => whole.subarray(0, 64 * 1024),
    stream: async function* () {
      yield* pieces
    },
  }
}

export function inputOf(...members: readonly InputMember[]): OpenedInput {
  const totalBytes = members.reduce((sum, member) => sum + (member.size ?? 0), 0)
  return { files: 1, members, refusals: [], totalBytes, close: async () => {} }
}

export function textInput(text: string, name = 'export.xml'): OpenedInput {
  return inputOf(memberOf(name, [Buffer.from(text)]))
}

/** Cuts bytes into pieces of the given lengths, the last as long as it takes. */
export function cut(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = []
  let at = 0
  for (const length of lengths) {
    if (at >= bytes.length) break
    pieces.push(bytes.subarray(at, at + length))
    at += length
  }
  if (at < bytes.length) pieces.push(bytes.subarray(at))
  return pieces
}

/** Remembers every observation by its natural key, as the vault does: a second time is a duplicate. */
export class RememberingSink implements ImportSink {
  readonly rows = new Map<string, string>()
  readonly chunks: ImportChunk[] = []
  /** What is asserted: `type/id/hash` → fields. */
  readonly asserted = new Map<string, JsonValue>()

  write(chunk: ImportChunk): readonly BlockOutcome[] {
    this.chunks.push(chunk)
    return [...this.#blocks(chunk), ...this.#assertions(chunk)]
  }

  #assertions(chunk: ImportChunk): BlockOutcome[] {
    const contents = new Map<string, JsonValue>()
    return chunk.operations.flatMap((operation) => {
      if (operation.kind !== 'entity') return []
      const { type, id, field, value } = operation
      contents.set(`${type}/${id}/${field}`, value)
      const asserted = assertedIn(field)
      if (!asserted) return []
      const key = `${type}/${id}/${asserted.hash}`
      const isKnown = this.asserted.has(key)
      this.asserted.set(key, contents.get(`${type}/${id}/${contentField(asserted.hash)}`) ?? null)
      const { isRecord } = assertionDetails(value)
      const counts = { added: isKnown ? 0 : 1, duplicates: isKnown ? 1 : 0, suppressed: 0, conflicting: 0 }
      return [{ metric: '', entity: type, isRecord, ...counts }]
    })
  }

  /** Fields of the entities of a type that were asserted. */
  entitiesOf(type: EntityType): JsonValue[] {
    return [...this.asserted].filter(([key]) => key.startsWith(`${type}/`)).map(([, fields]) => fields)
  }

  #blocks(chunk: ImportChunk): BlockOutcome[] {
    return chunk.blocks.map(({ series, columns }) => {
      let added = 0
      for (let i = 0; i < columns.length; i++) {
        const values = columns.values.map((column) => column[i])
        const { metric, unit, source } = series
        const key = [
          metric,
          unit,
          source.app,
          source.device,
          columns.startMs[i],
          columns.durationMs[i],
          values,
        ].join('|')
        if (this.rows.has(key)) continue
        const index = columns.extraIndex[i] as number
        this.rows.set(key, `${columns.offsetMin[i]} ${index === 0 ? '' : columns.extraTable[index - 1]}`)
        added++
      }
      const duplicates = columns.length - added
      return { metric: series.metric, added, duplicates, suppressed: 0, conflicting: 0 }
    })
  }

  get raw(): string[] {
    return this.chunks.flatMap((chunk) =>
      chunk.raw.map((record) => `${record.type}@${record.where}: ${record.text}`),
    )
  }
}

export async function importText(
  text: string,
  options: Partial<ImportOptions> = {},
  sink: ImportSink = new RememberingSink(),
): Promise<ImportReport> {
  return runImport({
    input: textInput(text),
    importer: 'auto',
    sink,
    options: { importId: 'import1', ...options },
  })
}

/** The right side of the account. */
export function settled(report: ImportReport): number {
  const unmapped = Object.values(report.unmapped).reduce((sum, count) => sum + count, 0)
  const { imported, pending, merged, duplicates, skipped, refused } = report
  return imported + pending + merged + duplicates + skipped + refused + unmapped
}

/** A document around items. */
export function healthData(items: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<HealthData locale="en_US">\n <ExportDate value="2026-03-01 10:00:00 +0100"/>\n${items}</HealthData>\n`
}

/** One record line. */
export function record(type: string, value: string, unit: string, more = ''): string {
  return ` <Record type="HKQuantityTypeIdentifier${type}" sourceName="Test" unit="${unit}" creationDate="2026-02-01 08:00:00 +0100" startDate="2026-02-01 08:00:00 +0100" endDate="2026-02-01 08:00:00 +0100" value="${value}"${more}/>\n`
}
