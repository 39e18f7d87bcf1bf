/**
 * What an observation must satisfy to enter a vault, whatever its metric: times that a calendar can show, offsets
 * that exist, numbers that are numbers. Plausibility by metric is the catalogue's affair.
 */
import { Failure } from '../foundation/index.ts'

/** 1900-01-01T00:00:00Z. */
export const minInstantMs = Date.UTC(1900, 0, 1)
/** 2200-01-01T00:00:00Z, exclusive. */
export const maxInstantMs = Date.UTC(2200, 0, 1)
/** ISO 8601 and XML Schema allow ±14 h; ±18 h is the widest that `java.time` and historic zone data use. */
export const maxOffsetMin = 18 * 60

export interface ObservationFault {
  readonly code: 'DATE' | 'VALUE'
  readonly reason: string
}

export interface CheckedRow {
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
  readonly values: readonly number[]
}

/** Why this row cannot be kept, or null. Holds no value of the row. */
export function observationFault(row: CheckedRow): ObservationFault | null {
  if (!Number.isInteger(row.startMs)) return dateFault('the start is no whole number of milliseconds')
  if (row.startMs < minInstantMs || row.startMs >= maxInstantMs) {
    return dateFault('the start is outside the years 1900 to 2199')
  }
  if (!Number.isInteger(row.durationMs)) return dateFault('the duration is no whole number of milliseconds')
  if (row.durationMs < 0) return dateFault('it ends before it starts')
  if (row.startMs + row.durationMs >= maxInstantMs)
    return dateFault('the end is outside the years 1900 to 2199')
  if (!Number.isInteger(row.offsetMin) || Math.abs(row.offsetMin) > maxOffsetMin) {
    return dateFault('the offset from UTC is not within 18 hours')
  }
  if (row.values.length === 0 || !row.values.every(Number.isFinite)) {
    return { code: 'VALUE', reason: 'the value is no finite number' }
  }
  return null
}

/** Fails with DATE or VALUE when the row cannot be kept. */
export function checkObservation(row: CheckedRow): void {
  const fault = observationFault(row)
  if (fault !== null) throw new Failure(fault.code, fault.reason)
}

function dateFault(reason: string): ObservationFault {
  return { code: 'DATE', reason }
}
