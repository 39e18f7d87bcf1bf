/**
 * What the columns of one table mean, decided once from its header: times, values of metrics, texts beside them. Adapters
 * of tables make such a plan from headers they know, `import csv` from a mapping that a person wrote.
 */

import type { ZoneOffsets } from '../../foundation/index.ts'
import type { AcceptedUnit, Metric } from '../../metrics/index.ts'
import type { DateOrder } from '../wall-time.ts'

/** How times are written. `text`: by their own look, with the order of day and month if it has to be said. */
export type TimeFormat = 'text' | DateOrder | 'epoch-s' | 'epoch-ms'

export interface TimePlan {
  /** Cells joined by a blank: date, or date and time. */
  readonly start: readonly number[]
  readonly end?: readonly number[]
  /** A column with the length, and milliseconds of its unit. */
  readonly duration?: { readonly column: number; readonly unitMs: number }
  readonly format: TimeFormat
  /** Of a time without an offset; asked for only where a row needs it, for it may be a guess that is noted. */
  readonly zone: () => ZoneOffsets
  /** A column with the IANA zone of the row. */
  readonly zoneColumn?: number
}

/** A unit that each row names, or that is the same for all. */
export type UnitPlan =
  | { readonly unit: AcceptedUnit }
  | { readonly column: number }
  /** Nobody said it: the question. */
  | { readonly question: string }

export interface ValuePlan {
  /** One metric for the column, or a column that names it. */
  readonly metric: { readonly metric: Metric } | { readonly column: number }
  /** Cells by component (one for a single-valued metric); `interval` is the length of the row. */
  readonly cells: readonly number[] | 'interval'
  readonly unit: UnitPlan
  /** The maker writes 0 where nothing was measured. */
  readonly zeroIsNone?: boolean
}

export interface TablePlan {
  readonly time: TimePlan
  readonly values: readonly ValuePlan[]
  readonly decimalComma: boolean
  /** Cells that mean nothing: `-`, `N/A`. */
  readonly none: ReadonlySet<string>
  readonly note: readonly number[]
  readonly tags: readonly number[]
  readonly context: readonly number[]
  /** Kept beside every value of the row: name and column. */
  readonly meta: readonly (readonly [string, number])[]
  readonly app: string
  /** A column that names the device; -1 for none. */
  readonly device: number
  /** Cells of the header. */
  readonly width: number
  /** Type under which rows without any value are kept. */
  readonly type: string
}

/** The column with this header, without case and blanks around; -1 when there is none. */
export function columnAt(header: readonly string[], name: string | RegExp): number {
  if (typeof name !== 'string') return header.findIndex((cell) => name.test(cell.trim()))
  const wanted = name.trim().toLowerCase()
  return header.findIndex((cell) => cell.trim().toLowerCase() === wanted)
}

/** The columns that values are read from. */
export function columnsOf(values: readonly ValuePlan[]): readonly number[] {
  return values.flatMap(({ cells }) => (cells === 'interval' ? [] : cells))
}
