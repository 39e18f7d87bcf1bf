/**
 * What an import is made of: opened input, adapters, and the report.
 *
 * The pipeline: open (guards) → detect → adapter (reads, maps and converts candidates, each with its place) →
 * intake (validates, filters, combines into blocks) → sink. Input is pulled chunk by chunk and every stage behind it
 * is synchronous, so nothing is read before what came earlier has been taken.
 */
import type { JsonValue, Refusal } from '../records/index.ts'
import type { Intake } from './intake.ts'
import type { DateOrder } from './wall-time.ts'

/** One file of the input, wherever it lies. */
export interface InputMember {
  /** Path inside the zip or folder, with `/`; the file's own name for a single file. */
  readonly name: string
  /** Uncompressed bytes; null for standard input. */
  readonly size: number | null
  /** The path on the command line that it comes from; several members share it where that is a zip or a folder. */
  readonly root?: string
  /** The first bytes (at most 64 KiB), to look at; does not use up the stream. */
  head(): Promise<Uint8Array>
  /** The content, once. Fails with REFUSED_INPUT where the container lies about it, with IO where it cannot be read. */
  stream(): AsyncIterable<Uint8Array>
}

/** Everything that was named on the command line, opened and guarded. */
export interface OpenedInput {
  /** Number of paths (or 1 for standard input). */
  readonly files: number
  readonly members: readonly InputMember[]
  /** Members that were not taken, with the reason. */
  readonly refusals: readonly Refusal[]
  /** Uncompressed bytes of all members; null when unknown. */
  readonly totalBytes: number | null
  close(): Promise<void>
}

/** Facts about the person that an export states, offered to the profile; never written by the import itself. */
export interface ProfileOffer {
  readonly field: 'dateOfBirth' | 'sex' | 'bloodType' | 'skinType' | 'smoking'
  /** ISO date; `female`, `male`, `other`; `A+`…`O-`; `I`…`VI` (Fitzpatrick); `never`, `former`, `current`. */
  readonly value: string
  readonly where: string
}

/** What an adapter was tested with: real exports, files made to the maker's definition, or generated ones. */
export interface TestedWith {
  readonly kind: 'real' | 'specification' | 'generated'
  /** A few words: `3 exports of iOS 14 to 17, 9,412 records`. */
  readonly what: string
}

/** Adapter of one export format. */
export interface Importer {
  /** `apple-health`: the name on the command line. */
  readonly name: string
  readonly title: string
  /** What has to be handed over. */
  readonly needs: string
  /** Where a person gets the export. */
  readonly whereToGet: string
  /** Ids of the metrics and types of the entities that it can make of an export, in order. */
  readonly maps: readonly string[]
  readonly testedWith: readonly TestedWith[]
  /** Recognises files of no particular program (a table, any FHIR resource): asked after all others. */
  readonly isGeneric?: boolean
  /** Whether a member, by its content, belongs to the format. `head` is asked for only where the name leaves it open. */
  recognises(name: string, head: () => Promise<Uint8Array>): Promise<boolean>
  /** Whether a workbook, by its sheets, belongs to the format. Asked of workbooks of which no member is recognised. */
  recognisesWorkbook?(members: readonly InputMember[]): Promise<boolean>
  /**
   * Whether a member is part of an export whose recognised members have the names `beside`: `own` when it is whatever
   * others say about it (the routes beside `export.xml`), `leftover` when no other adapter recognises it.
   */
  accompanies?(name: string, beside: readonly string[]): 'own' | 'leftover' | undefined
  /** Reads all members in a fixed order into the intake. */
  read(input: OpenedInput, intake: Intake): Promise<void>
}

export interface ImportOptions {
  /** Id of this import, which every observation records as its assertion. */
  readonly importId: string
  /** Records that start earlier are counted as skipped. ms. */
  readonly sinceMs?: number
  /** IANA zone for local offsets where the export does not state a record's own; what the person says wins. */
  readonly zone?: string
  /** IANA zone of the person, taken (with a note) where neither `zone` nor the export states one. */
  readonly defaultZone?: string
  /** Whether `defaultZone` is what the person set; else it is that of this computer. */
  readonly defaultZoneIsSet?: boolean
  /** Units (UCUM) by metric id that the person states for numbers which come without one. */
  readonly units?: Readonly<Record<string, string>>
  /** Which number of `05-12-2019` is the day, where a file does not show it (`--date-order`). */
  readonly dateOrder?: DateOrder
  /** Whose records to take where a file holds several people: a name, number or id that the file has (`--whose`). */
  readonly whose?: string
  /** The mapping of columns that the person named (`--map`), as saved. */
  readonly mapping?: JsonValue
  /** Count what has no metric, but do not keep it. */
  readonly skipUnmapped?: boolean
  /** `consumed` of the last chunk an interrupted run wrote: reading continues behind it. */
  readonly alreadyConsumed?: number
  /** Stops at the next chunk boundary; what was read until then is written. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ImportProgress) => void
  /** Monotonic clock, ms; for `seconds` only. */
  readonly now?: () => number
  /** Observations buffered before a chunk is written. */
  readonly chunkRows?: number
}

export interface ImportProgress {
  readonly bytes: number
  readonly totalBytes: number | null
  readonly read: number
}

/** What became of the source records of one format. */
export interface FormatCounts {
  readonly read: number
  readonly imported: number
  readonly pending: number
  readonly merged: number
  readonly duplicates: number
  readonly skipped: number
  readonly refused: number
  readonly byMetric: Readonly<Record<string, number>>
  readonly entities: Readonly<Record<string, number>>
  readonly unmapped: Readonly<Record<string, number>>
}

/** A member that no adapter recognises, and what it looks like. */
export interface Unrecognised {
  readonly where: string
  /** `JSON, an array of objects with date, value`. */
  readonly looksLike: string
}

/**
 * `import --json` (docs: command-line contract), and what the caller needs beside it. Of a continued import it tells the
 * second run alone: both runs together tell each record once.
 */
export interface ImportReport {
  /** Name of the adapter; of several, joined by `+`. */
  readonly format: string
  /** The same account for each adapter. */
  readonly formats: Readonly<Record<string, FormatCounts>>
  readonly files: number
  /** Source records: equals imported + pending + merged + duplicates + skipped + refused + Σ unmapped. */
  readonly read: number
  readonly imported: number
  readonly merged: number
  readonly duplicates: number
  readonly skipped: number
  readonly refused: number
  /** Observations imported, by metric. */
  readonly byMetric: Readonly<Record<string, number>>
  /** Entities imported (conditions, medications…), by type; counted in `imported` with the records they were read from. */
  readonly entities: Readonly<Record<string, number>>
  /** Source records without a metric, by type; kept raw unless told otherwise. */
  readonly unmapped: Readonly<Record<string, number>>
  readonly refusals: readonly Refusal[]
  /** Members that no adapter recognises (`import auto`); at most 1000 are listed, a note counts the rest. */
  readonly unrecognised: readonly Unrecognised[]
  /** First start and last end of the observations, ISO 8601; null when there are none. */
  readonly from: string | null
  readonly to: string | null
  /** IANA zones that gave times without an offset, and local days, theirs. */
  readonly zones: readonly string[]
  readonly seconds: number
  readonly bytes: number
  /** Observations handed to a sink that cannot tell their fate yet (a locked vault's inbox). */
  readonly pending: number
  /** Parts of the export that are no records and were kept verbatim, by kind: `workout-route`, `ClinicalRecord`. */
  readonly kept: Readonly<Record<string, number>>
  readonly profile: readonly ProfileOffer[]
  readonly notes: readonly string[]
  /** Stopped by the signal; a second run with `alreadyConsumed: consumed` continues. */
  readonly interrupted: boolean
  readonly consumed: number
}
