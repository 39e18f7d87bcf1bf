/**
 * `export fhir`: the record as FHIR R4, a Bundle in one file or bulk NDJSON in a folder (docs/formats/fhir.md).
 *
 * Resources are made and written one at a time. What FHIR cannot say is left out and named in the notes.
 */
import { type BundleType, bundleEntry, bundleHead, bundleTail, type Resource } from '../fhir/index.ts'
import { FhirResources } from './fhir-resources.ts'
import type { ExportOptions, ExportRequest, ExportResult } from './ports.ts'
import { selectionOf } from './selection.ts'
import { ExportSession, type FileWriter } from './session.ts'

export interface FhirOptions extends ExportOptions {
  /** A text that no other vault has (the vault id): it keeps ids of different people apart, and enters them hashed. */
  readonly namespace: string
  /** `bundle`: one JSON file; `bulk`: one NDJSON file per resource type. */
  readonly layout?: 'bundle' | 'bulk'
  readonly bundleType?: BundleType
  /** Name of the Bundle's file; `bundle.json` when absent. */
  readonly fileName?: string
}

export const fhirJsonMediaType = 'application/fhir+json'
export const fhirNdjsonMediaType = 'application/fhir+ndjson'

export async function exportFhir(request: ExportRequest<FhirOptions>): Promise<ExportResult> {
  const session = new ExportSession(request)
  const bulk = request.options.layout === 'bulk'
  const resources = new FhirResources(session, {
    namespace: request.options.namespace,
    references: bulk ? 'relative' : 'urn',
    selection: selectionOf(request.options),
  })
  if (bulk) await writeBulk(session, resources)
  else await writeBundle(session, resources, request.options)
  resources.noteOmissions()
  return { files: session.files, records: resources.counts(), notes: session.notes }
}

/** One Bundle of everything, streamed. */
export async function writeBundle(
  session: ExportSession,
  resources: FhirResources,
  options: Pick<FhirOptions, 'namespace' | 'bundleType' | 'fileName' | 'nowIso'>,
): Promise<void> {
  const type = options.bundleType ?? 'collection'
  resources.expectObservations()
  await session.file(options.fileName ?? 'bundle.json', fhirJsonMediaType, async (writer) => {
    writer.push(bundleHead(type, options.namespace, options.nowIso))
    let count = 0
    for (const resource of resources.everything()) {
      writer.push(bundleEntry(type, resource, count++ === 0))
      if (writer.full) await writer.flush()
    }
    await writer.write(bundleTail)
    return count
  })
}

/** Resource types in the order of their files. Provenance needs a pass of its own over the measurements. */
const bulkTypes = [
  'Patient',
  'Device',
  'Goal',
  'Appointment',
  'Condition',
  'AllergyIntolerance',
  'Immunization',
  'MedicationStatement',
  'Procedure',
  'DocumentReference',
  'Basic',
  'Observation',
  'Provenance',
] as const

async function writeBulk(session: ExportSession, resources: FhirResources): Promise<void> {
  resources.expectObservations()
  resources.expectObservations()
  for (const type of bulkTypes) {
    const iterator = resources.ofType(type)[Symbol.iterator]()
    const first = iterator.next()
    if (first.done) continue
    await session.file(`${type}.ndjson`, fhirNdjsonMediaType, async (writer) => {
      await writeLine(writer, first.value)
      let count = 1
      for (let next = iterator.next(); !next.done; next = iterator.next()) {
        await writeLine(writer, next.value)
        count++
      }
      return count
    })
  }
}

async function writeLine(writer: FileWriter, resource: Resource): Promise<void> {
  writer.push(`${JSON.stringify(resource)}\n`)
  if (writer.full) await writer.flush()
}
