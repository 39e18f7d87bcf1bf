/** Ids of the last changes that can be undone, newest last: a small sealed state of its own, rebuilt by a refold. */
import { bytesToUtf8, utf8ToBytes } from '../../foundation/index.ts'
import { parseJson } from './payload.ts'
import type { Store } from './store.ts'

const undoState = 'undo'
/** Older changes stay in the log and in the audit, but `undo` goes back no further. */
export const maxUndoDepth = 1000

export function readUndoStack(store: Store): readonly string[] {
  const bytes = store.readState(undoState)
  // Authenticated and written by this program.
  return bytes === undefined ? [] : (parseJson(bytesToUtf8(bytes)) as readonly string[])
}

export function writeUndoStack(store: Store, ids: readonly string[]): void {
  store.writeState(undoState, utf8ToBytes(JSON.stringify(ids.slice(-maxUndoDepth))))
}

export function pushUndo(store: Store, id: string): void {
  writeUndoStack(store, [...readUndoStack(store), id])
}

export function dropUndo(store: Store, id: string): void {
  writeUndoStack(
    store,
    readUndoStack(store).filter((other) => other !== id),
  )
}
