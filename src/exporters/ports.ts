/**
 * What an export reads from, writes to and answers.
 *
 * Exporters know no file system: they write named files into an `ExportSink` that the caller makes (a folder with
 * temporary files that are synced and renamed, one file, a zip). At most one file is open at a time, so a sink may be
 * a single stream.
 */
import type { Period, RecordSource } from '../records/index.ts'

export interface ExportFile {
  /** Takes the bytes; a promise holds the exporter back until there is room. */
  write(bytes: Uint8Array): Promise<void> | void
  /** The file is whole: makes it durable. */
  close(): Promise<void> | void
  /** The export failed or was interrupted: nothing of this file may stay. */
  abort?(): Promise<void> | void
}

export interface ExportSink {
  /** Starts a file; `name` is a relative path with `/`, without `..`, safe on every platform. */
  open(name: string): Promise<ExportFile> | ExportFile
}

export interface ExportOptions {
  /** Measurements that start in it; everything when absent. */
  readonly period?: Period
  /** Collections, catalogue categories, metrics or entity types; everything when absent. */
  readonly only?: readonly string[]
  /** Time of the export, ISO 8601 with offset. */
  readonly nowIso: string
  /** Version of the program. */
  readonly version: string
}

export interface ExportRequest<Options extends ExportOptions = ExportOptions> {
  readonly source: RecordSource
  readonly sink: ExportSink
  readonly options: Options
  /** Aborted: the export stops with INTERRUPTED and aborts the open file. */
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number, what: string) => void
}

export interface ExportedFile {
  readonly name: string
  readonly mediaType: string
  readonly bytes: number
  /** Hexadecimal. */
  readonly sha256: string
  /** Records in the file: rows, lines or resources. */
  readonly records: number
}

export interface ExportedRecords {
  readonly observations: number
  readonly entities: number
  readonly raw: number
  readonly attachments: number
}

export interface ExportResult {
  readonly files: readonly ExportedFile[]
  readonly records: ExportedRecords
  /** What the person should know: what is not in the export, and why. */
  readonly notes: readonly string[]
}
