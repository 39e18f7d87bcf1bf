/** The edit that takes another back: what the field held before, or what the row itself says. */
import {
  type JsonValue,
  type ObservationColumns,
  type ObservationOperation,
  rowExtra,
} from '../../records/index.ts'

/** `before` is the value of the register, `row` the one row as it is now. */
export function inverseEdit(
  operation: ObservationOperation,
  before: JsonValue | undefined,
  row: ObservationColumns | undefined,
): ObservationOperation {
  const base = { kind: 'observation', ref: operation.ref } as const
  if (before !== undefined) return { ...base, field: operation.field, value: before } as ObservationOperation
  const extra = row === undefined ? {} : rowExtra(row, 0)
  switch (operation.field) {
    case 'removed':
    case 'accepted':
    case 'superseded':
      return { ...base, field: operation.field, value: false }
    case 'values':
    case 'time':
      return { ...base, field: operation.field, value: null }
    case 'note':
    case 'context':
      return { ...base, field: operation.field, value: extra[operation.field] ?? null }
    case 'tags':
      return { ...base, field: 'tags', value: extra.tags ?? [] }
  }
}
