/** What becomes of an entity that an import asserts: new, already there, or removed by the person. */
import {
  assertedIn,
  assertionDetails,
  type BlockOutcome,
  contentField,
  type EntityOperation,
  type Operation,
  type SetOperation,
} from '../../records/index.ts'
import { type EntityState, isDeleted, liveAssertions, registerOf } from './fold.ts'

/** Whether an operation belongs to an assertion; it is then taken back with its import, not by an inverse. */
export function isAssertion(operation: Operation): operation is EntityOperation {
  if (operation.kind !== 'entity') return false
  return assertedIn(operation.field) !== undefined || operation.field.startsWith(contentField(''))
}

/** Whether the state holds what the operation writes already, so that nothing need be written. */
export function isKnown(state: EntityState | undefined, operation: EntityOperation | SetOperation): boolean {
  if (operation.kind !== 'entity' || state === undefined) return false
  const heads = registerOf(state.registers, operation.field)?.heads ?? []
  return heads.length === 1 && JSON.stringify(heads[0]?.[1]) === JSON.stringify(operation.value)
}

/**
 * The outcome of an `import/…` operation on an entity as it was before: `added` where it was not there or said
 * something else, `duplicates` where a live import says the same, `suppressed` where the person removed it. Undefined
 * for other operations.
 */
export function assertionOutcome(
  before: EntityState | undefined,
  operation: EntityOperation,
  withdrawn: ReadonlySet<string>,
): BlockOutcome | undefined {
  const asserted = assertedIn(operation.field)
  if (asserted === undefined) return undefined
  const { isRecord } = assertionDetails(operation.value)
  const counts = { added: 0, duplicates: 0, suppressed: 0, conflicting: 0 }
  const outcome = { metric: '', entity: operation.type, isRecord, ...counts }
  if (before !== undefined && isDeleted(before)) return { ...outcome, suppressed: 1 }
  const live = before === undefined ? [] : (liveAssertions(before, withdrawn) ?? [])
  return live.some(({ hash }) => hash === asserted.hash)
    ? { ...outcome, duplicates: 1 }
    : { ...outcome, added: 1 }
}
