/**
 * What a write is: operations on entities and observations, and blocks of new observations.
 *
 * A `Change` is what the person or an import wants; the vault stamps it (device, HLC, sequence), seals it into
 * batches, appends them and folds them into the derived state, all in one transaction. The same encoding of a
 * change travels through the sealed inbox of a locked vault.
 */
import type { EntityType, JsonValue } from './entity.ts'
import type { ObservationColumns, SeriesKey } from './observation.ts'

/** Sets one register of an entity. `null` clears it. `deleted: true` removes the entity (a tombstone). */
export interface EntityOperation {
  readonly kind: 'entity'
  readonly type: EntityType
  readonly id: string
  readonly field: string
  readonly value: JsonValue
}

/** Adds to or removes from an observed-remove set of an entity. */
export interface SetOperation {
  readonly kind: 'set'
  readonly type: EntityType
  readonly id: string
  readonly field: string
  readonly element: string
  readonly present: boolean
}

/** The natural key of an existing observation (identity is fixed at creation; see observation.ts). */
export interface ObservationRef {
  readonly series: SeriesKey
  readonly startMs: number
  readonly durationMs: number
  /** Original numbers by component for imports, the random key for manual entries. */
  readonly discriminator: readonly number[] | string
}

/** Sets one register of an existing observation. */
export type ObservationOperation = {
  readonly kind: 'observation'
  readonly ref: ObservationRef
} & (
  | { readonly field: 'removed'; readonly value: boolean }
  /** New numbers by component in the series' unit; `null` restores the original. */
  | { readonly field: 'values'; readonly value: readonly number[] | null }
  /** New start and duration (ms) and offset (min); `null` restores. */
  | { readonly field: 'time'; readonly value: readonly [number, number, number] | null }
  | { readonly field: 'note'; readonly value: string | null }
  | { readonly field: 'tags'; readonly value: readonly string[] }
  | { readonly field: 'context'; readonly value: string | null }
  | { readonly field: 'accepted'; readonly value: boolean }
  /** A later version of the same result counts instead, or its source withdrew it (revision.ts). */
  | { readonly field: 'superseded'; readonly value: boolean }
)

export type Operation = EntityOperation | SetOperation | ObservationOperation

/** New observations of one series (at most `maxBlockLength`), in any order. */
export interface ObservationBlock {
  readonly series: SeriesKey
  readonly columns: ObservationColumns
}

/** 16,384 observations or 128 kB encoded, whichever comes first. */
export const maxBlockLength = 16_384
export const maxBlockBytes = 128 * 1024

/** What an import read but no metric fits, kept verbatim. */
export interface RawRecord {
  /** `HKQuantityTypeIdentifierX`, `ActivitySummary`, `clinical-record`. */
  readonly type: string
  /** File and place: `export.xml:1042`. */
  readonly where: string
  readonly startMs: number | null
  /** The source text. */
  readonly text: string
}

/** A blob: a file attached by the person, or a member of an import kept verbatim. */
export interface Attachment {
  readonly id: string
  readonly name: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

export interface Change {
  /** For `undo` and the audit: `log weight`, `import apple-health`. Holds no values. */
  readonly label: string
  readonly operations: readonly Operation[]
  readonly blocks: readonly ObservationBlock[]
  readonly raw: readonly RawRecord[]
  readonly attachments: readonly Attachment[]
}

export const emptyChange: Omit<Change, 'label'> = { operations: [], blocks: [], raw: [], attachments: [] }
