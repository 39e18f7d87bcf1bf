/** Where a JSON value stands and how it reads. */
import type { Place } from '../measurements.ts'

export function jsonPlace(value: unknown, where: string): Place {
  return { where: () => where, raw: () => JSON.stringify(value) ?? 'undefined' }
}
