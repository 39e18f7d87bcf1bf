/** Runs of one adapter into a sink that remembers: what the tests of clinical formats share. */
import type { Importer, ImportOptions, ImportReport, OpenedInput } from '../../../src/importers/importer.ts'
import { Intake } from '../../../src/importers/intake.ts'
import type { EntityFields, EntityType } from '../../../src/records/index.ts'
import { inputOf, memberOf, RememberingSink } from './harness.ts'

export class ClinicalSink extends RememberingSink {
  /** `type/id` of every entity, and its fields as they were asserted last. */
  get statements(): ReadonlyMap<string, EntityFields> {
    const found = new Map<string, EntityFields>()
    for (const operation of this.chunks.flatMap(({ operations }) => [...operations])) {
      if (operation.kind !== 'entity' || !operation.field.startsWith('content/')) continue
      found.set(`${operation.type}/${operation.id}`, operation.value as EntityFields)
    }
    return found
  }

  ofType(type: EntityType): EntityFields[] {
    return [...this.statements].filter(([key]) => key.startsWith(`${type}/`)).map(([, fields]) => fields)
  }

  get rawRecords() {
    return this.chunks.flatMap(({ raw }) => [...raw])
  }

  get attachments() {
    return this.chunks.flatMap(({ attachments }) => [...attachments])
  }

  /** `metric start value[,value] unit` of every observation, in order. */
  get observations(): string[] {
    return [...this.rows.keys()]
      .map((key) => {
        const [metric, unit, , , start, duration, values] = key.split('|')
        const length = duration === '0' ? '' : `+${duration}`
        return `${metric} ${new Date(Number(start)).toISOString()}${length} ${values} ${unit}`
      })
      .sort()
  }

  /** Extras of all observations, in order of arrival; '' for none. */
  get extras(): string[] {
    return [...this.rows.values()].map((text) => text.slice(text.indexOf(' ') + 1))
  }
}

export async function runWith(
  importer: Importer,
  input: OpenedInput,
  options: Partial<ImportOptions> = {},
  sink = new ClinicalSink(),
): Promise<{ report: ImportReport; sink: ClinicalSink }> {
  const intake = new Intake(sink, { importId: 'import1', ...options })
  for (const refusal of input.refusals) intake.complain(refusal)
  await importer.read(input, intake)
  return { report: intake.report({}, input.files, 0), sink }
}

export function fileOf(name: string, text: string): OpenedInput {
  return inputOf(memberOf(name, [Buffer.from(text)]))
}
