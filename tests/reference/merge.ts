/** A slow merge: group rows by identity, fold each group's facts, then edit, flag and sort plain objects. */
import {
  ColumnsBuilder,
  compareRows,
  type Extra,
  identityText,
  type ObservationColumns,
  type ObservationRow,
  observationFlag,
  rowExtra,
} from '../../src/records/index.ts'
import type { SeriesOverlay } from '../../src/vault/segment/overlay.ts'

interface Group {
  readonly row: ObservationRow
  readonly copies: ObservationRow[]
}

/** Rows of unedited columns as objects. */
export function columnsToRows(columns: ObservationColumns): ObservationRow[] {
  return Array.from({ length: columns.length }, (_, row) => ({
    startMs: columns.startMs[row] as number,
    durationMs: columns.durationMs[row] as number,
    offsetMin: columns.offsetMin[row] as number,
    values: columns.values.map((column) => column[row] as number),
    flags: columns.flags[row] as number,
    extra: rowExtra(columns, row),
    imports: columns.assertionTable[columns.assertionIndex[row] as number] as readonly string[],
  }))
}

export function identityOf(row: ObservationRow): string {
  return identityText({ ...row, discriminator: row.extra?.key ?? row.values })
}

export function referenceMerge(
  components: number,
  rows: readonly ObservationRow[],
  overlay: SeriesOverlay,
): ObservationColumns {
  const groups = new Map<string, Group>()
  for (const row of rows) {
    const identity = identityOf(row)
    const group = groups.get(identity) ?? { row, copies: [] }
    group.copies.push(row)
    groups.set(identity, group)
  }
  for (const identity of groups.keys()) if (overlay.get(identity)?.removed === true) groups.delete(identity)

  const joined = [...groups].map(([identity, { copies }]) => ({ identity, base: joinCopies(copies) }))
  const result = joined.map(({ identity, base }) => {
    const isAlone = joined.every(
      (other) =>
        other.base === base ||
        other.base.startMs !== base.startMs ||
        other.base.durationMs !== base.durationMs,
    )
    const flagged = isAlone ? base : { ...base, flags: base.flags | observationFlag.conflicting }
    return { base, row: edit(flagged, overlay, identity) }
  })
  // By base first: rows that an edit made equal keep the order of their identities.
  result.sort((a, b) => compare(a.base, b.base))
  result.sort((a, b) => compare(a.row, b.row))
  return rowsToColumns(
    components,
    result.map(({ row }) => row),
  )
}

function rowsToColumns(components: number, rows: readonly ObservationRow[]): ObservationColumns {
  const builder = new ColumnsBuilder(components)
  for (const row of rows) builder.append(row)
  return builder.finish()
}

function compare(a: ObservationRow, b: ObservationRow): number {
  return compareRows(rowsToColumns(a.values.length, [a]), 0, rowsToColumns(b.values.length, [b]), 0)
}

function joinCopies(copies: readonly ObservationRow[]): ObservationRow {
  const extras = copies.map((copy) => copy.extra ?? {})
  const isAny = (flag: number): boolean => copies.some((copy) => (copy.flags & flag) !== 0)
  const isEvery = (flag: number): boolean => copies.every((copy) => (copy.flags & flag) !== 0)
  const extra: Record<string, unknown> = {}
  for (const name of ['key', 'note', 'context', 'zone'] as const) {
    const texts = extras.flatMap((one) => one[name] ?? []).sort()
    if (texts.length > 0) extra[name] = texts.at(-1)
  }
  const tagLists = extras.flatMap((one) => (one.tags === undefined ? [] : [one.tags]))
  const distinct = new Map(tagLists.map((tags) => [JSON.stringify(tags), tags]))
  if (distinct.size === 1) extra['tags'] = tagLists[0]
  else if (distinct.size > 1) extra['tags'] = [...new Set(tagLists.flat())].sort()
  const facts = extras
    .flatMap((one) => Object.entries(one.meta ?? {}))
    .sort(([, a], [, b]) => (a < b ? -1 : 1))
  if (extras.some((one) => one.meta !== undefined)) extra['meta'] = Object.fromEntries(facts)
  const offsets = copies.filter((copy) => copy.extra?.zone === extra['zone']).map((copy) => copy.offsetMin)
  const { manual, confirmed, unconfirmed } = observationFlag
  const byValues = [...copies].sort((a, b) => {
    const unkeyed = (copy: ObservationRow): ObservationRow => ({ ...copy, extra: {} })
    return compare(unkeyed(a), unkeyed(b))
  })
  return {
    ...(byValues.at(-1) as ObservationRow),
    offsetMin: Math.min(...offsets),
    flags:
      (isAny(manual) ? manual : 0) |
      (isAny(confirmed) ? confirmed : 0) |
      (isEvery(unconfirmed) ? unconfirmed : 0),
    extra: extra as Extra,
    imports: copies.flatMap((copy) => copy.imports),
  }
}

function edit(row: ObservationRow, overlay: SeriesOverlay, identity: string): ObservationRow {
  const change = overlay.get(identity)
  if (change === undefined) return row
  const extra: Record<string, unknown> = { ...row.extra }
  let edited: ObservationRow = row
  if (change.values) {
    extra['original'] = row.values
    edited = { ...edited, values: change.values, flags: edited.flags | observationFlag.edited }
  }
  if (change.time) {
    const [startMs, durationMs, offsetMin] = change.time
    extra['originalTime'] = [row.startMs, row.durationMs]
    extra['originalOffsetMin'] = row.offsetMin
    edited = { ...edited, startMs, durationMs, offsetMin, flags: edited.flags | observationFlag.edited }
  }
  if (change.note !== undefined) extra['note'] = change.note ?? undefined
  if (change.context !== undefined) extra['context'] = change.context ?? undefined
  if (change.tags !== undefined) extra['tags'] = change.tags.length > 0 ? change.tags : undefined
  if (change.accepted === true) edited = { ...edited, flags: edited.flags & ~observationFlag.unconfirmed }
  return { ...edited, extra: extra as Extra }
}
