/**
 * `export gdpr`: a self-describing archive of everything the vault holds (docs/formats/gdpr.md), as files through the
 * sink: a folder or, with `zipSink`, one zip.
 */
import { formatInstant } from '../foundation/index.ts'
import type { Metric } from '../metrics/index.ts'
import type { EntityType, JsonValue } from '../records/index.ts'
import {
  type ArchiveFile,
  type ArchiveSummary,
  lineSchemas,
  readmeHtml,
  readmeText,
} from './archive-texts.ts'
import { writeMetricCsv } from './csv.ts'
import { writeBundle } from './fhir.ts'
import { FhirResources } from './fhir-resources.ts'
import { safeFileName, UniqueNames } from './file-name.ts'
import { writeObservationLines, writeRawLines } from './ndjson.ts'
import { ndjsonMediaType } from './ndjson-lines.ts'
import { jsonText } from './number-text.ts'
import type { ExportedRecords, ExportOptions, ExportRequest, ExportResult } from './ports.ts'
import { anyTime, type Selection, selectedEntityTypes, selectedMetrics, selectionOf } from './selection.ts'
import { ExportSession } from './session.ts'

export interface GdprOptions extends ExportOptions {
  /** As for `export fhir`. */
  readonly namespace: string
  /** Configuration of the program that lies outside the vault; no secrets. */
  readonly settings?: JsonValue
  /** Lines of the audit log, JSON each, oldest first. */
  readonly audit?: Iterable<string> | AsyncIterable<string>
}

export const gdprFormatVersion = 1
const jsonMediaType = 'application/json'

export async function exportGdpr(request: ExportRequest<GdprOptions>): Promise<ExportResult> {
  const archive = new Archive(request)
  await archive.write()
  return { files: archive.files, records: archive.records, notes: archive.notes }
}

class Archive {
  readonly #session: ExportSession<GdprOptions>
  readonly #selection: Selection
  readonly #names = new UniqueNames()
  readonly #files: ArchiveFile[] = []
  readonly #records = { observations: 0, entities: 0, raw: 0, attachments: 0 }

  constructor(request: ExportRequest<GdprOptions>) {
    this.#session = new ExportSession(request)
    this.#selection = selectionOf(request.options)
  }

  get files() {
    return this.#session.files
  }

  get notes() {
    return this.#session.notes
  }

  get records(): ExportedRecords {
    return this.#records
  }

  async write(): Promise<void> {
    await this.#measurements()
    await this.#entities()
    await this.#raw()
    await this.#attachments()
    await this.#fhir()
    await this.#settings()
    await this.#audit()
    await this.#json('schema/lines.schema.json', 'JSON Schema of the .ndjson files.', lineSchemas)
    if (!this.#selection.whole)
      this.#session.note('This archive holds a part of the record: a period or a category was chosen.')
    await this.#descriptions()
  }

  async #measurements(): Promise<void> {
    const chosen = selectedMetrics(this.#session.source, this.#selection)
    // Tables, lines and FHIR read the measurements once each; FHIR announces its own pass.
    for (const { count } of chosen) this.#session.expect(2 * count)
    for (const { id, metric } of chosen) {
      const stem = this.#names.take(`observations/${safeFileName(id)}`)
      const name = metric?.name ?? id
      await writeMetricCsv(this.#session, `${stem}.csv`, [id])
      this.#describe(`${name}, as a table.`)
      let count = 0
      await this.#session.file(`${stem}.ndjson`, ndjsonMediaType, async (writer) => {
        count = await writeObservationLines(this.#session, writer, id)
        return count
      })
      this.#describe(`${name}, complete and exact.`)
      this.#records.observations += count
    }
    const meanings = chosen.flatMap(({ metric }) => (metric === undefined ? [] : [meaningOf(metric)]))
    await this.#json('metrics.json', 'What each metric means: name, code, unit.', meanings, meanings.length)
  }

  async #entities(): Promise<void> {
    for (const type of selectedEntityTypes(this.#selection)) {
      // Settings have a file of their own.
      if (type === 'setting') continue
      const entities = this.#session.source.entities(type)
      if (entities.length === 0) continue
      await this.#session.file(`entities/${type}.json`, jsonMediaType, async (writer) => {
        writer.push(`{"type":"${type}","entities":[\n`)
        for (const [index, { id, fields, concurrent, createdMs, updatedMs }] of entities.entries()) {
          const entity = { id, fields, concurrent, createdMs, updatedMs }
          await writer.write(`${index === 0 ? '' : ',\n'}${jsonText(entity)}`)
        }
        await writer.write('\n]}\n')
        return entities.length
      })
      this.#describe(entityDescriptions[type] ?? `Entries of type ${type}.`)
      this.#records.entities += entities.length
      this.#session.advance(0, type)
    }
  }

  async #raw(): Promise<void> {
    let present = false
    if (this.#selection.hasRawRecords) {
      this.#session.source.rawRecords(() => {
        present = true
      })
    }
    if (!present) return
    await this.#session.file('raw/raw-records.ndjson', ndjsonMediaType, async (writer) => {
      this.#records.raw = await writeRawLines(this.#session, writer)
      return this.#records.raw
    })
    this.#describe('What imports read but no metric fits, word for word.')
  }

  async #attachments(): Promise<void> {
    if (!this.#selection.hasEntityType('attachment')) return
    for (const { id } of this.#session.source.entities('attachment')) {
      const attachment = this.#session.source.attachment(id)
      if (attachment === undefined) {
        this.#session.note(`The bytes of attachment ${id} are not in the vault.`)
        continue
      }
      const safeName = safeFileName(`${safeFileName(id).slice(0, 40)}-${safeFileName(attachment.name)}`)
      await this.#session.file(
        this.#names.take(`attachments/${safeName}`),
        attachment.mediaType,
        async (writer) => {
          await writer.bytes(attachment.bytes)
          return 1
        },
      )
      this.#describe('A file that you attached or an import kept.', attachment.name)
      this.#records.attachments++
      this.#session.advance(0, 'attachments')
    }
  }

  async #fhir(): Promise<void> {
    const { namespace, nowIso } = this.#session.options
    const resources = new FhirResources(this.#session, {
      namespace,
      references: 'urn',
      selection: this.#selection,
    })
    await writeBundle(this.#session, resources, { namespace, nowIso, fileName: 'fhir/bundle.json' })
    resources.noteOmissions()
    this.#describe('The record as a FHIR R4 Bundle, for health software.')
  }

  async #settings(): Promise<void> {
    const entities = this.#selection.hasEntityType('setting') ? this.#session.source.entities('setting') : []
    this.#records.entities += entities.length
    const settings = entities.map(({ id, fields, createdMs, updatedMs }) => ({
      id,
      fields,
      createdMs,
      updatedMs,
    }))
    const configuration = this.#session.options.settings ?? null
    await this.#json(
      'settings.json',
      'How the program is set up.',
      { settings, configuration },
      entities.length,
    )
  }

  async #audit(): Promise<void> {
    const { audit } = this.#session.options
    if (audit === undefined) return
    await this.#session.file('audit/audit.ndjson', ndjsonMediaType, async (writer) => {
      let count = 0
      for await (const line of audit) {
        await writer.write(`${line}\n`)
        count++
      }
      return count
    })
    this.#describe('Who read and changed what, and when.')
  }

  /** The files that describe the others come last, when everything is known. */
  async #descriptions(): Promise<void> {
    const { nowIso, version } = this.#session.options
    const summary: ArchiveSummary = {
      nowIso,
      version,
      records: this.#records,
      files: [...this.#files],
      notes: this.#session.notes,
    }
    await this.#text('README.txt', 'text/plain; charset=utf-8', readmeText(summary))
    this.#describe('This description as plain text.')
    await this.#text('README.html', 'text/html; charset=utf-8', readmeHtml(summary))
    this.#describe('This description as a page.')
    const sums = this.#files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('')
    await this.#text('SHA256SUMS', 'text/plain; charset=utf-8', sums)
    this.#describe('Checksums of all other files.')
    await this.#json('manifest.json', 'The list of files with checksums, for programs.', {
      format: 'healthmate-gdpr',
      formatVersion: gdprFormatVersion,
      program: { name: 'healthmate', version },
      created: nowIso,
      period: periodOf(this.#selection),
      only: this.#session.options.only ?? null,
      records: this.#records,
      files: this.#files,
      notes: this.#session.notes,
    })
  }

  async #json(name: string, description: string, value: unknown, records = 1): Promise<void> {
    await this.#session.file(name, jsonMediaType, async (writer) => {
      await writer.write(`${jsonText(value)}\n`)
      return records
    })
    this.#describe(description)
  }

  async #text(name: string, mediaType: string, text: string): Promise<void> {
    await this.#session.file(name, mediaType, async (writer) => {
      await writer.write(text)
      return 1
    })
  }

  /** Describes the file written last. */
  #describe(description: string, originalName?: string): void {
    const file = this.#session.files.at(-1)
    if (file === undefined) return
    this.#files.push({ ...file, description, ...(originalName === undefined ? {} : { originalName }) })
  }
}

function meaningOf(metric: Metric): object {
  const { id, name, loinc, unit, collection, category, combine, values } = metric
  const components = metric.components.map((component) => ({
    id: component.id,
    name: component.name,
    loinc: component.loinc,
  }))
  return { id, name, loinc, unit, collection, category, combine, components, values }
}

/** Open ends are `null`. */
function periodOf({ period }: Selection): object | null {
  if (period === undefined) return null
  const { fromMs, toMs } = period
  return {
    from: fromMs === anyTime.fromMs ? null : formatInstant(fromMs, 0),
    to: toMs === anyTime.toMs ? null : formatInstant(toMs, 0),
  }
}

const entityDescriptions: Partial<Record<EntityType, string>> = {
  profile: 'Facts about you.',
  goal: 'Your goals.',
  appointment: 'Your appointments.',
  note: 'Your notes.',
  import: 'Which files were imported, and when.',
  attachment: 'What the attached files belong to.',
  change: 'The history of your changes.',
  conversation: 'Your conversations with the assistant.',
  consent: 'What you agreed to, and when.',
  share: 'With whom you share what.',
  experiment: 'Your experiments: what was planned before the first value counted.',
  forecast_model: 'Which model forecasts each series, its trials on your past, and which models came before.',
  forecast: 'Forecasts that were made, to be held against what happened.',
}
