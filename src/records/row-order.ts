/**
 * The order of observations in columns: start, then duration, then discriminator.
 *
 * Discriminators order numbers before texts; numbers by component, with −0 before +0 and NaN last, so that two
 * rows compare equal exactly when their identity is equal. An edited row keeps its place by its *current* time
 * here; the merge puts edits aside first and so orders by the original.
 */
import { takeRows } from './columns.ts'
import { textToExtra } from './extra.ts'
import type { ObservationColumns } from './observation.ts'

/** Total order of doubles that tells −0 from +0; every NaN is one value, after +∞. */
export function compareDoubles(a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  if (a === b) {
    if (a !== 0) return 0
    return (Object.is(a, -0) ? 0 : 1) - (Object.is(b, -0) ? 0 : 1)
  }
  return (Number.isNaN(a) ? 1 : 0) - (Number.isNaN(b) ? 1 : 0)
}

/** The random key of a manual entry; undefined for imported rows. */
export function rowKey(columns: ObservationColumns, row: number): string | undefined {
  const index = columns.extraIndex[row] as number
  if (index === 0) return undefined
  const text = columns.extraTable[index - 1] as string
  return text.includes('"key":') ? textToExtra(text).key : undefined
}

/** Order of the discriminators of two unedited rows. */
export function compareDiscriminators(
  a: ObservationColumns,
  i: number,
  b: ObservationColumns,
  j: number,
): number {
  const keyA = rowKey(a, i)
  const keyB = rowKey(b, j)
  if (keyA !== undefined || keyB !== undefined) {
    if (keyA === undefined) return -1
    if (keyB === undefined) return 1
    return keyA < keyB ? -1 : keyA > keyB ? 1 : 0
  }
  for (let component = 0; component < a.values.length; component++) {
    const left = (a.values[component] as Float64Array)[i] as number
    const right = (b.values[component] as Float64Array)[j] as number
    if (left === right && left !== 0) continue
    const order = compareDoubles(left, right)
    if (order !== 0) return order
  }
  return 0
}

/** Order of two rows: start, duration, discriminator. */
export function compareRows(a: ObservationColumns, i: number, b: ObservationColumns, j: number): number {
  const startA = a.startMs[i] as number
  const startB = b.startMs[j] as number
  if (startA !== startB) return compareDoubles(startA, startB)
  const durationA = a.durationMs[i] as number
  const durationB = b.durationMs[j] as number
  if (durationA !== durationB) return compareDoubles(durationA, durationB)
  return compareDiscriminators(a, i, b, j)
}

/** Whether the rows are in order; equal rows beside each other are in order. */
export function isSorted(columns: ObservationColumns): boolean {
  const { length, startMs } = columns
  let previous = length > 0 ? (startMs[0] as number) : 0
  for (let row = 1; row < length; row++) {
    const start = startMs[row] as number
    if (!(start > previous) && compareRows(columns, row - 1, columns, row) > 0) return false
    previous = start
  }
  return true
}

/** The rows in order; the same columns when they already are. Stable, so equal rows keep their order. */
export function sortColumns(columns: ObservationColumns): ObservationColumns {
  if (isSorted(columns)) return columns
  const { startMs } = columns
  const order = Array.from({ length: columns.length }, (_, row) => row)
  order.sort((i, j) => {
    const difference = (startMs[i] as number) - (startMs[j] as number)
    return difference < 0 || difference > 0 ? difference : compareRows(columns, i, columns, j)
  })
  return takeRows(columns, order)
}
