/**
 * What a measurement is, alone (`Observation`) and in columns (`ObservationColumns`).
 *
 * A *series* is all observations of one metric, from one source, in one original unit. Columns of a series hold
 * the numbers exactly as the source gave them, in the series' unit; the canonical value is that number through
 * the catalogue's conversion, computed when read. So the original is never lost and never stored twice.
 *
 * Identity (natural key) of an observation: series, start, duration, discriminator. For imports the
 * discriminator is the original value itself (all components, bit for bit); for manual entries it is a random
 * text kept in the extra under `key`. Equal keys are one observation; equal (series, start, duration) with
 * different discriminators are both kept and flagged `conflicting`.
 */
import type { Failure } from '../foundation/index.ts'

/** Where an observation came from, with names normalised by `normaliseSource`. */
export interface Source {
  /** Device model or name, '' when unknown: `Apple Watch`. */
  readonly device: string
  /** Application or account that recorded it: `manual`, `com.apple.health`, `Withings`. */
  readonly app: string
  /** Used by the overlap rule when the person gave no order of priority. */
  readonly deviceClass: DeviceClass
}

export const deviceClasses = [
  'manual',
  'medical',
  'watch',
  'ring',
  'band',
  'scale',
  'phone',
  'app',
  'unknown',
] as const
export type DeviceClass = (typeof deviceClasses)[number]

export interface SeriesKey {
  readonly metric: string
  readonly source: Source
  /** UCUM code of the numbers in the columns. */
  readonly unit: string
}

/** Bits of the `flags` column. */
export const observationFlag = {
  /** Typed by a person (not imported). */
  manual: 1,
  /** Arrived through the sealed inbox and not accepted yet: of unauthenticated origin. */
  unconfirmed: 2,
  /** An edit changed it; the original stays in the extra under `original`. */
  edited: 4,
  /** Another observation has the same series, start and duration but another value. */
  conflicting: 8,
  /** The person confirmed a value outside the plausible bounds. */
  confirmed: 16,
} as const

/** What few observations have. Serialised as JSON with sorted keys; equal texts share one dictionary entry. */
export interface Extra {
  /** Random discriminator of a manual entry (base32, 16 characters). */
  readonly key?: string
  readonly note?: string
  readonly tags?: readonly string[]
  /** `fasting`, `after_meal`, `left_arm`, activity type of a workout… */
  readonly context?: string
  /** IANA time zone where known. */
  readonly zone?: string
  /** Numbers before an edit, one per component, in the series' unit. Part of the identity. */
  readonly original?: readonly number[]
  /** Start and duration (ms) before an edit moved it. Part of the identity. */
  readonly originalTime?: readonly [number, number]
  /** Local offset (minutes) before an edit moved it. Not part of the identity. */
  readonly originalOffsetMin?: number
  /** Further facts from the source, text by name (`HKMetadataKey…`, workout statistics). */
  readonly meta?: Readonly<Record<string, string>>
}

/** Columns of observations of one series, structure of arrays; all arrays have `length` elements. */
export interface ObservationColumns {
  readonly length: number
  /** Start, ms since the Unix epoch. */
  readonly startMs: Float64Array
  /** End minus start, ms; 0 for an instant. */
  readonly durationMs: Float64Array
  /** Local offset, minutes east of UTC. */
  readonly offsetMin: Int16Array
  /** One array per component, in the series' unit; one array for a single-valued metric. */
  readonly values: readonly Float64Array[]
  readonly flags: Uint8Array
  /** 0 = none, otherwise 1 + index into `extraTable`. */
  readonly extraIndex: Uint32Array
  /** Extras as canonical JSON (`extraToText`). */
  readonly extraTable: readonly string[]
  /** Index into `assertionTable`. */
  readonly assertionIndex: Uint32Array
  /**
   * Sets of ids of the imports that assert an observation, each sorted; `[]` is the person's own entry. An
   * observation lives while it is a person's own or one of its imports is not withdrawn.
   */
  readonly assertionTable: readonly (readonly string[])[]
}

/** A series' columns with what they belong to. */
export interface SeriesColumns {
  readonly series: SeriesKey
  readonly columns: ObservationColumns
}

/** One observation as people and scripts see it: values in the metric's canonical unit. */
export interface Observation {
  /** `metric.time.hash`, fixed at creation (`observationId`). */
  readonly id: string
  readonly metric: string
  readonly startMs: number
  /** Equal to `startMs` for an instant. */
  readonly endMs: number
  readonly offsetMin: number
  /** In component order; one number for a single-valued metric. */
  readonly values: readonly number[]
  /** Canonical UCUM unit of `values`. */
  readonly unit: string
  /** As typed or imported, when that differs from `values` and `unit`. */
  readonly original: { readonly values: readonly number[]; readonly unit: string } | null
  readonly source: Source
  readonly flags: number
  readonly extra: Extra
  readonly imports: readonly string[]
}

/** A row of input that was not taken, with its place. */
export interface Refusal {
  /** `export.xml:1042` or `line 3`. */
  readonly where: string
  readonly reason: string
  /** The input, cut to 200 characters. */
  readonly raw: string
  readonly code: Failure['code']
}
