/**
 * Rebuild: drops everything derived and folds the log again, in one transaction. The digest is the same, or the
 * derived state was wrong.
 */
import { decodeColumns } from '../segment/codec.ts'
import { readClock, writeClock } from './clock-state.ts'
import type { Engine } from './engine.ts'
import { entityView } from './fold.ts'
import { type FoldedLog, foldLog } from './folded-log.ts'
import { observeTime } from './hlc.ts'
import { readImportStates } from './import-states.ts'
import { writePending } from './inbox.ts'
import { logItems } from './log-reader.ts'
import { ObservationTransaction } from './observation-store.ts'
import type { RollupStore } from './rollup-store.ts'
import { writeUndoStack } from './undo-stack.ts'

export interface RebuildReport {
  readonly observations: number
  readonly entities: number
}

/** Rows merged before segments are written, which bounds memory. */
const rowsPerFlush = 1_000_000

/** Fails with DAMAGED at the first batch that does not verify; then nothing is changed. */
export function rebuild(engine: Engine, rollups: RollupStore): RebuildReport {
  const { store } = engine
  return store.write(() => {
    const folded = foldLog(store, (_what, failure) => {
      throw failure
    })
    store.step('rebuild:folded')
    engine.directories.clear()
    engine.segments.clear()
    engine.overlays.clear()
    engine.entities.clear()
    rollups.clear()
    store.dropCaches()
    for (const state of folded.entities.values()) engine.entities.put(state)
    store.step('rebuild:entities')
    const observations = rebuildObservations(engine, folded)
    restoreStacks(engine, folded)
    const now = store.deps.clock.nowMs()
    writeClock(engine, observeTime(readClock(engine), folded.lastTime, now))
    store.step('rebuild:done')
    return { observations, entities: folded.entities.size }
  })
}

function rebuildObservations(engine: Engine, folded: FoldedLog): number {
  const imports = readImportStates(engine.entities)
  const observations = new ObservationTransaction(engine, imports)
  for (const { collection, series, registers } of folded.edits.values()) {
    observations.putRegisters(collection, series, registers)
  }
  observations.flush()
  let pending = 0
  let total = 0
  for (const { collection, items } of logItems(engine.store)) {
    for (const item of items) {
      if (item.kind !== 'block') continue
      const columns = decodeColumns(item.encoded)
      total += observations.insert(collection, item.series, columns).added
      pending += columns.length
      if (pending < rowsPerFlush) continue
      observations.flush()
      pending = 0
    }
  }
  observations.flush()
  return total
}

/** The undo stack and what of the inbox still waits, from the change records. */
function restoreStacks(engine: Engine, folded: FoldedLog): void {
  const changes = [...folded.entities.values()]
    .filter(({ type }) => type === 'change')
    .sort((a, b) => (a.created < b.created ? -1 : 1))
    .flatMap((state) => entityView(state) ?? [])
  const isOpen = changes.filter(({ fields }) => fields['undone'] === undefined)
  const undoable = isOpen.filter(({ fields }) => fields['undoable'] === true)
  writeUndoStack(
    engine.store,
    undoable.map(({ id }) => id),
  )
  writePending(
    engine,
    isOpen.filter(({ fields }) => fields['pending'] === true).map(({ id }) => id),
  )
}
