/**
 * Undoing changes and imports. An undo is a change like others (it is logged, and travels), but `undoLast` does not
 * choose it: a second undo undoes the change before.
 */
import { Failure } from '../../foundation/index.ts'
import { type Change, type Entity, type EntityOperation, emptyChange } from '../../records/index.ts'
import { inverseOf, inverseOperations } from './change-record.ts'
import type { Engine } from './engine.ts'
import { entityView } from './fold.ts'
import { dropUndo, readUndoStack } from './undo-stack.ts'
import { type WriteOptions, writeChange, writeMarks } from './writer.ts'

export interface Undone {
  readonly changeId: string
  /** Label of what was undone. */
  readonly label: string
  /** Number of operations that it took. */
  readonly undone: number
}

/** Undoes the last change that is not undone yet. Fails with NOT_FOUND when there is none. */
export function undoLast(engine: Engine): Undone {
  return engine.store.write(() => {
    const id = readUndoStack(engine.store).at(-1)
    const entity = id === undefined ? undefined : readChange(engine, id)
    if (id === undefined || entity === undefined) {
      throw new Failure('NOT_FOUND', 'there is nothing to undo', { hint: 'healthmate list' })
    }
    return undoChange(engine, entity, false)
  })
}

/** Undoes one change; `undoable`: whether this undo can itself be undone by `undoLast`. */
export function undoChange(engine: Engine, entity: Entity, undoable: boolean): Undone {
  return engine.store.write(() => {
    const label = String(entity.fields['label'])
    const operations = inverseOperations(inverseOf(entity))
    const change: Change = { ...emptyChange, label: `undo ${label}`, operations }
    const { changeId } = writeChange(engine, change, { origin: 'undo', undoable })
    markChange(engine, entity.id, 'undone', changeId)
    dropUndo(engine.store, entity.id)
    return { changeId: entity.id, label, undone: operations.length }
  })
}

/**
 * Withdraws an import: its assertions, its raw records and what its operations did to entities. Fails with NOT_FOUND
 * when there is no such import, USAGE when it is withdrawn already.
 */
export function withdrawImport(engine: Engine, importId: string): Undone {
  return engine.store.write(() => {
    const state = engine.entities.get('import', importId)
    const entity = state === undefined ? undefined : entityView(state)
    const change = readChange(engine, `import-${importId}`)
    if (entity === undefined && change === undefined) throw noImport(importId)
    if (entity?.fields['withdrawn'] === true) {
      throw new Failure('USAGE', 'this import is undone already', {
        hint: 'Import the file again to bring it back.',
      })
    }
    if (change !== undefined) return undoChange(engine, change, true)
    const operations = [importField(importId, true)]
    const written = writeChange(engine, { ...emptyChange, label: 'undo import', operations }, personal)
    return { changeId: written.changeId, label: 'import', undone: 1 }
  })
}

/** Asserts a withdrawn import again, from the log. Fails with NOT_FOUND. */
export function reassertImport(engine: Engine, importId: string): Undone {
  return engine.store.write(() => {
    const change = readChange(engine, `import-${importId}`)
    const undoneBy = change === undefined ? undefined : readChange(engine, String(change.fields['undone']))
    if (engine.entities.get('import', importId) === undefined) throw noImport(importId)
    const steps = undoneBy === undefined ? [] : inverseOperations(inverseOf(undoneBy))
    const operations = [...steps, importField(importId, false)]
    const written = writeChange(engine, { ...emptyChange, label: 'import again', operations }, personal)
    if (change !== undefined) markChange(engine, change.id, 'undone', null)
    return { changeId: written.changeId, label: 'import', undone: operations.length }
  })
}

const personal: WriteOptions = { origin: 'person', undoable: true }

/** Sets a mark of a change record; no change of its own. */
export function markChange(engine: Engine, id: string, field: string, value: string | boolean | null): void {
  const operation: EntityOperation = { kind: 'entity', type: 'change', id, field, value }
  writeMarks(engine, [operation])
}

export function readChange(engine: Engine, id: string): Entity | undefined {
  const state = engine.entities.get('change', id)
  return state === undefined ? undefined : entityView(state)
}

function importField(id: string, value: boolean): EntityOperation {
  return { kind: 'entity', type: 'import', id, field: 'withdrawn', value }
}

function noImport(importId: string): Failure {
  return new Failure('NOT_FOUND', `there is no import ${importId.slice(0, 40)}`, {
    hint: 'healthmate import history',
  })
}
