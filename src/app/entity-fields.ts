/** Writing and removing entities by their fields. */
import { Failure } from '../foundation/index.ts'
import {
  type Entity,
  type EntityType,
  emptyChange,
  type JsonValue,
  type Operation,
} from '../records/index.ts'
import type { AppContext } from './context.ts'

/** Sets fields of an entity in one change; an entity that was removed is there again. */
export function writeFields(
  context: AppContext,
  type: EntityType,
  id: string,
  label: string,
  fields: Readonly<Record<string, JsonValue>>,
): void {
  const operations = Object.entries(fields).map(
    ([field, value]): Operation => ({ kind: 'entity', type, id, field, value }),
  )
  const revived: Operation[] = context.vault().entity(type, id)
    ? []
    : [{ kind: 'entity', type, id, field: 'deleted', value: false }]
  context.vault().write({ ...emptyChange, label, operations: [...operations, ...revived] })
}

/** Removes an entity. Fails with NOT_FOUND and `hint` when there is none. */
export function removeEntity(context: AppContext, type: EntityType, id: string, hint: string): void {
  const found = entityBeginning(context, type, id)
  if (!found) throw new Failure('NOT_FOUND', `there is no ${type} "${id.slice(0, 60)}"`, { hint })
  const operation: Operation = { kind: 'entity', type, id: found.id, field: 'deleted', value: true }
  context.vault().write({ ...emptyChange, label: `rm ${type}`, operations: [operation] })
}

/** At least so many characters of an id name its entity, when only one begins with them. */
const leastIdPrefix = 4

/** The entity with this id, or the only one whose id begins so. */
export function entityBeginning(context: AppContext, type: EntityType, id: string): Entity | undefined {
  const all = context.vault().entities(type)
  const beginning = id.length >= leastIdPrefix ? all.filter((entity) => entity.id.startsWith(id)) : []
  return all.find((entity) => entity.id === id) ?? (beginning.length === 1 ? beginning[0] : undefined)
}
