/**
 * The person's edits of a series, and applying them to columns.
 *
 * An edit names an observation by its identity, which is what the row was before any edit; the originals of edited
 * rows therefore stay in their extra, and `withoutEdits` puts them back.
 */
import {
  type Extra,
  extraToText,
  identityText,
  isEmptyExtra,
  type ObservationColumns,
  observationFlag,
  rowExtra,
  rowKey,
  TextTable,
} from '../../records/index.ts'

/** Folded registers of one observation (`ObservationOperation`); absent means never set. */
export interface ObservationEdit {
  readonly removed?: boolean
  readonly values?: readonly number[] | null
  /** Start and duration, ms, and local offset, minutes. */
  readonly time?: readonly [number, number, number] | null
  readonly note?: string | null
  readonly tags?: readonly string[]
  readonly context?: string | null
  readonly accepted?: boolean
  readonly superseded?: boolean
}

/** Edits by `identityText` of the observation. */
export type SeriesOverlay = ReadonlyMap<string, ObservationEdit>

export const emptyOverlay: SeriesOverlay = new Map()

/** Columns that may be written to, and the table of their extras. */
export interface MutableColumns extends ObservationColumns {
  readonly extras: TextTable
}

/** A copy that may be written to. */
export function mutableCopy(columns: ObservationColumns): MutableColumns {
  const extras = new TextTable()
  const positions = columns.extraTable.map((text) => 1 + extras.indexOf(text))
  return {
    ...columns,
    startMs: columns.startMs.slice(),
    durationMs: columns.durationMs.slice(),
    offsetMin: columns.offsetMin.slice(),
    values: columns.values.map((column) => column.slice()),
    flags: columns.flags.slice(),
    extraIndex: columns.extraIndex.map((index) => (index === 0 ? 0 : (positions[index - 1] as number))),
    extraTable: extras.texts,
    assertionIndex: columns.assertionIndex.slice(),
    extras,
  }
}

export function setRowExtra(columns: MutableColumns, row: number, extra: Extra): void {
  columns.extraIndex[row] = isEmptyExtra(extra) ? 0 : 1 + columns.extras.indexOf(extraToText(extra))
}

/** The rows as they were before any edit of values or time, and without conflict marks. */
export function withoutEdits(columns: ObservationColumns): ObservationColumns {
  const marks = observationFlag.edited | observationFlag.conflicting
  if (columns.flags.every((flags) => (flags & marks) === 0)) return columns
  const base = mutableCopy(columns)
  for (let row = 0; row < base.length; row++) {
    const flags = base.flags[row] as number
    if ((flags & observationFlag.edited) !== 0) restoreRow(base, row)
    base.flags[row] = flags & ~marks
  }
  return base
}

/** The edited rows of unedited, sorted columns, with their edits. */
export function editedRows(columns: ObservationColumns, overlay: SeriesOverlay): [number, ObservationEdit][] {
  const found: [number, ObservationEdit][] = []
  if (overlay.size === 0 || columns.length === 0) return found
  const visit = (row: number): void => {
    const edit = overlay.get(rowIdentity(columns, row))
    if (edit !== undefined) found.push([row, edit])
  }
  if (overlay.size > columns.length) {
    for (let row = 0; row < columns.length; row++) visit(row)
    return found
  }
  const starts = new Set([...overlay.keys()].map((text) => Number(text.slice(0, text.indexOf(':')))))
  for (const startMs of starts) {
    for (let row = lowerBound(columns.startMs, startMs); columns.startMs[row] === startMs; row++) visit(row)
  }
  return found
}

/** Applies edits of everything but removal. The result is in the order of the unedited rows. */
export function applyEdits(
  columns: ObservationColumns,
  edits: readonly [number, ObservationEdit][],
): ObservationColumns {
  if (edits.length === 0) return columns
  const edited = mutableCopy(columns)
  for (const [row, edit] of edits) applyEdit(edited, row, edit)
  return edited
}

/** First position whose start is not before `startMs`. */
export function lowerBound(ascendingMs: Float64Array, startMs: number): number {
  let from = 0
  let to = ascendingMs.length
  while (from < to) {
    const middle = (from + to) >> 1
    if ((ascendingMs[middle] as number) < startMs) from = middle + 1
    else to = middle
  }
  return from
}

function rowIdentity(columns: ObservationColumns, row: number): string {
  return identityText({
    startMs: columns.startMs[row] as number,
    durationMs: columns.durationMs[row] as number,
    discriminator: rowKey(columns, row) ?? columns.values.map((column) => column[row] as number),
  })
}

function restoreRow(columns: MutableColumns, row: number): void {
  const { original, originalTime, originalOffsetMin, ...extra } = rowExtra(columns, row)
  original?.forEach((value, component) => {
    setValue(columns, component, row, value)
  })
  if (originalTime !== undefined) {
    columns.startMs[row] = originalTime[0]
    columns.durationMs[row] = originalTime[1]
  }
  if (originalOffsetMin !== undefined) columns.offsetMin[row] = originalOffsetMin
  setRowExtra(columns, row, extra)
}

function applyEdit(columns: MutableColumns, row: number, edit: ObservationEdit): void {
  const extra: { -readonly [Name in keyof Extra]: Extra[Name] } = { ...rowExtra(columns, row) }
  let flags = columns.flags[row] as number
  if (edit.values !== undefined && edit.values !== null) {
    extra.original = columns.values.map((column) => column[row] as number)
    edit.values.forEach((value, component) => {
      setValue(columns, component, row, value)
    })
    flags |= observationFlag.edited
  }
  if (edit.time !== undefined && edit.time !== null) {
    extra.originalTime = [columns.startMs[row] as number, columns.durationMs[row] as number]
    extra.originalOffsetMin = columns.offsetMin[row] as number
    columns.startMs[row] = edit.time[0]
    columns.durationMs[row] = edit.time[1]
    columns.offsetMin[row] = edit.time[2]
    flags |= observationFlag.edited
  }
  if (edit.note !== undefined) replaceText(extra, 'note', edit.note)
  if (edit.context !== undefined) replaceText(extra, 'context', edit.context)
  if (edit.tags !== undefined) {
    if (edit.tags.length > 0) extra.tags = edit.tags
    else delete extra.tags
  }
  if (edit.accepted === true) flags &= ~observationFlag.unconfirmed
  columns.flags[row] = flags
  setRowExtra(columns, row, extra)
}

function replaceText(
  extra: { note?: string; context?: string },
  name: 'note' | 'context',
  text: string | null,
): void {
  if (text === null) delete extra[name]
  else extra[name] = text
}

function setValue(columns: ObservationColumns, component: number, row: number, value: number): void {
  const column = columns.values[component]
  if (column !== undefined) column[row] = value
}
