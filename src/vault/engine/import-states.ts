/** What the fields of import entities say about the rows that imports assert. */
import type { EntityStore } from './entity-store.ts'
import { type EntityState, isDeleted, registerOf } from './fold.ts'
import { winner } from './register.ts'

/** Ids of imports that are withdrawn (undone), and of inbox imports that the person accepted. */
export interface ImportStates {
  readonly withdrawn: ReadonlySet<string>
  readonly accepted: ReadonlySet<string>
}

/** Fields of an import entity that decide over its rows. */
export const importStateFields: ReadonlySet<string> = new Set(['withdrawn', 'accepted', 'deleted'])

export function importStatesOf(states: Iterable<EntityState>): ImportStates {
  const withdrawn = new Set<string>()
  const accepted = new Set<string>()
  for (const state of states) {
    if (isDeleted(state) || isTrue(state, 'withdrawn')) withdrawn.add(state.id)
    if (isTrue(state, 'accepted')) accepted.add(state.id)
  }
  return { withdrawn, accepted }
}

export function readImportStates(entities: EntityStore): ImportStates {
  return importStatesOf(entities.ofType('import'))
}

function isTrue(state: EntityState, field: string): boolean {
  const register = registerOf(state.registers, field)
  return register !== undefined && winner(register) === true
}
