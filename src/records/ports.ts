/** What the rooms above the vault read through and the importers write through. */
import type { Attachment, Change, ObservationBlock, Operation, RawRecord } from './change.ts'
import type { Entity, EntityType } from './entity.ts'
import type { Observation, SeriesColumns, SeriesKey, Source } from './observation.ts'

/** What a series holds, from the directory alone (no observation is read). */
export interface SeriesInfo {
  readonly series: SeriesKey
  readonly count: number
  readonly firstMs: number
  readonly lastMs: number
}

/** A half-open period of instants, ms: from ≤ start < to. */
export interface Period {
  readonly fromMs: number
  readonly toMs: number
}

export interface ObservationQuery {
  readonly metric?: string
  readonly period?: Period
  readonly sources?: (source: Source) => boolean
}

/**
 * One row per local day, ascending, structure of arrays, in the metric's canonical unit.
 * Days without observations have no row.
 */
export interface DailyRollup {
  readonly length: number
  /** Days since 1970-01-01 of the local date. */
  readonly day: Int32Array
  readonly count: Float64Array
  readonly sum: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
  readonly first: Float64Array
  readonly last: Float64Array
  /** Mean weighted by the time until the next value (at most `maxHoldMs`) or by duration. */
  readonly timeWeightedMean: Float64Array
  readonly sumOfSquares: Float64Array
}

/** Resolved rollups of one metric: after the overlap rule, one `DailyRollup` per component. */
export interface ResolvedDays {
  readonly metric: string
  readonly unit: string
  /** One per component; one for a single-valued metric. Rows agree across components. */
  readonly components: readonly DailyRollup[]
}

/** Reading. Everything that shows, exports or analyses goes through this. */
export interface RecordSource {
  series(metric?: string): readonly SeriesInfo[]
  /** Columns per series, clipped to the period, in the series' own unit, ascending by start. */
  read(query: ObservationQuery): readonly SeriesColumns[]
  /** As `read`, block by block (bounded memory), in the order of the directory. */
  scan(query: ObservationQuery, visit: (part: SeriesColumns) => void): void
  /** Newest first, at most `limit`; all metrics when none is named. */
  latest(query: ObservationQuery, limit: number): readonly Observation[]
  /** The observation with this id (`observationId`), or undefined. */
  find(id: string): Observation | undefined
  /** Per-day values after the overlap rule; [fromDay, toDay] inclusive; whole history when omitted. */
  resolvedDays(metric: string, fromDay?: number, toDay?: number): ResolvedDays
  entities(type: EntityType): readonly Entity[]
  entity(type: EntityType, id: string): Entity | undefined
  /** Raw records, streamed. */
  rawRecords(visit: (record: RawRecord) => void): void
  attachment(id: string): Attachment | undefined
}

/** What became of the observations of a block, or of an entity that an import asserts. */
export interface BlockOutcome {
  /** '' for an entity. */
  readonly metric: string
  /** Type of the entity; absent for a block. */
  readonly entity?: EntityType
  /** False for an entity that stands for no source record of its own. */
  readonly isRecord?: boolean
  readonly added: number
  readonly duplicates: number
  /** Duplicates of observations that the person removed: they stay removed. */
  readonly suppressed: number
  readonly conflicting: number
}

/** One atomic step of an import: all of it is written, or none. */
export interface ImportChunk {
  readonly blocks: readonly ObservationBlock[]
  readonly raw: readonly RawRecord[]
  readonly attachments: readonly Attachment[]
  readonly operations: readonly Operation[]
  /** How many source records were consumed when this chunk ends: where a second run continues. */
  readonly consumed: number
}

/** Where an import writes to: the vault, its sealed inbox, or a rehearsal that is rolled back. */
export interface ImportSink {
  /**
   * One outcome per block, then one per assertion of an entity (`assertionOperations`), in order; `null` when the sink
   * cannot know yet (sealed inbox).
   */
  write(chunk: ImportChunk): readonly BlockOutcome[] | null
}

/** Writing. */
export interface RecordWriter {
  /** Applies a change in one transaction; durable when it returns. Outcomes as those of `ImportSink`. */
  write(change: Change): { readonly changeId: string; readonly outcomes: readonly BlockOutcome[] }
}
