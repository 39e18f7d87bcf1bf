/**
 * Which version of a result is seen: of the rows that name one result, metric and time, those of the highest version;
 * none where the source withdrew a version at least as high. The answer is kept in the register `superseded` of the
 * rows that are not seen, and found anew whenever a version comes or goes: the order of imports does not matter.
 */
import {
  type Extra,
  identityText,
  type ObservationColumns,
  type ObservationOperation,
  type ObservationRef,
  type Retraction,
  refOf,
  retractionKey,
  retractionOf,
  revisionsOf,
  rowExtra,
  type SeriesKey,
  textToExtra,
} from '../../records/index.ts'
import type { EntityStore } from './entity-store.ts'
import { entityView } from './fold.ts'
import { readImportStates } from './import-states.ts'
import type { PartAt } from './observation-store.ts'

/** A row at a time that is looked at, seen or not. */
export interface RowAt {
  readonly ref: ObservationRef
  readonly extra: Extra
  readonly isSuperseded: boolean
}

/**
 * Rows at times where two or more stand, or where `always` says so: alone, a row is the only version there is, unless
 * it was superseded or retracted.
 */
export function rowsOfParts(parts: readonly PartAt[], always: ReadonlySet<number>): readonly RowAt[] {
  const counts = new Map<number, number>()
  for (const { seen, shelf } of parts) {
    for (const startMs of [...(seen?.startMs ?? []), ...shelf.startMs])
      counts.set(startMs, (counts.get(startMs) ?? 0) + 1)
  }
  const isWanted = (startMs: number) => (counts.get(startMs) ?? 0) > 1 || always.has(startMs)
  return parts.flatMap(({ series, seen, shelf, edits }) => [
    // What has edits stands on the shelf, and may be seen beside.
    ...rowsIn(series, seen, isWanted).filter(({ ref }) => !edits.has(identityText(ref))),
    ...rowsIn(series, shelf, (startMs) => isWanted(startMs) || edits.size > 0).map((row) => ({
      ...row,
      isSuperseded: edits.get(identityText(row.ref))?.superseded === true,
    })),
  ])
}

function rowsIn(
  series: SeriesKey,
  columns: ObservationColumns | undefined,
  isWanted: (startMs: number) => boolean,
): readonly RowAt[] {
  const rows: RowAt[] = []
  for (let row = 0; columns !== undefined && row < columns.length; row++) {
    if (!isWanted(columns.startMs[row] as number)) continue
    rows.push({
      ref: refOf({ series, columns }, row),
      extra: rowExtra(columns, row),
      isSuperseded: false,
    })
  }
  return rows
}

/** Metrics and times (ms) at which a version came or went. */
export class RevisedTimes {
  readonly #startsByMetric = new Map<string, Set<number>>()

  add(metric: string, startMs: number): void {
    const starts = this.#startsByMetric.get(metric)
    if (starts === undefined) this.#startsByMetric.set(metric, new Set([startMs]))
    else starts.add(startMs)
  }

  /** The rows of a block that are versions of results. */
  addRows(metric: string, columns: ObservationColumns): void {
    const versioned = columns.extraTable.map((text) => revisionsOf(textToExtra(text)).length > 0)
    if (!versioned.includes(true)) return
    for (let row = 0; row < columns.length; row++) {
      const index = columns.extraIndex[row] as number
      if (index > 0 && versioned[index - 1] === true) this.add(metric, columns.startMs[row] as number)
    }
  }

  /** What was added, once. */
  take(): [metric: string, starts: ReadonlySet<number>][] {
    const taken = [...this.#startsByMetric]
    this.#startsByMetric.clear()
    return taken
  }
}

/** Retractions by `retractionKey`; of several the highest version. */
export type Retractions = ReadonlyMap<string, Retraction>

export function readRetractions(entities: EntityStore): Retractions {
  const found = new Map<string, Retraction>()
  const states = entities.ofType('retraction')
  if (states.length === 0) return found
  const { withdrawn } = readImportStates(entities)
  for (const state of states) {
    const view = entityView(state, withdrawn)
    const retraction = view && retractionOf(view.fields)
    if (retraction === undefined) continue
    const known = found.get(retractionKey(retraction))
    if (known === undefined || known.version < retraction.version)
      found.set(retractionKey(retraction), retraction)
  }
  return found
}

/** The edits that make seen what should be: nothing for rows of which that is so already. */
export function revisionEdits(
  rows: readonly RowAt[],
  retractions: Retractions,
): readonly ObservationOperation[] {
  const highest = new Map<string, string>()
  const keyed = rows.map((row) => {
    const { series, startMs } = row.ref
    const revisions = revisionsOf(row.extra).map(({ result, version }) => ({
      key: retractionKey({ result, metric: series.metric, startMs }),
      version,
    }))
    for (const { key, version } of revisions) {
      if (version >= (highest.get(key) ?? '')) highest.set(key, version)
    }
    return { row, revisions }
  })
  const isOver = (key: string, version: string) => {
    const last = highest.get(key) ?? ''
    const retracted = retractions.get(key)
    return version < last || (retracted !== undefined && retracted.version >= last)
  }
  return keyed.flatMap(({ row, revisions }): readonly ObservationOperation[] => {
    const value = revisions.some(({ key, version }) => isOver(key, version))
    if (value === row.isSuperseded) return []
    return [{ kind: 'observation', ref: row.ref, field: 'superseded', value }]
  })
}
