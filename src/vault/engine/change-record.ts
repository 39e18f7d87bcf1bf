/**
 * What is kept of each change, as a `change` entity: its label and how to undo it.
 *
 * Fields: `label`, `origin` (person, import, inbox, undo), `parts` (number of inverse parts), `inverse/0`…
 * (`InverseStep` lists, at most 64 KiB of JSON each), `undoable` (`undo` may choose it), `undone` (id of the change
 * that undid it), `pending` (from the inbox, not accepted yet). Labels hold no values.
 */
import type { Entity, EntityOperation, JsonValue, Operation, SeriesKey } from '../../records/index.ts'
import {
  listToSeries,
  operationToText,
  type SeriesList,
  seriesToList,
  textToIdentity,
  textToOperation,
} from './operation-codec.ts'

export type ChangeOrigin = 'person' | 'import' | 'inbox' | 'undo'

/** One thing to do to undo a change; steps are done in reverse order. */
export type InverseStep =
  | { readonly kind: 'operation'; readonly operation: Operation }
  /** Remove the observations that the change added. */
  | { readonly kind: 'remove'; readonly series: SeriesKey; readonly identities: readonly string[] }
  /** Withdraw an import. */
  | { readonly kind: 'import'; readonly importId: string }

/** JSON of one inverse part at most, so that each fits an operation. */
const maxPartLength = 64 * 1024
const identitiesPerStep = 500

/** Operations that write the entity of a change. */
export function changeOperations(
  id: string,
  record: {
    readonly label: string
    readonly origin: ChangeOrigin
    readonly inverse: readonly InverseStep[]
    readonly pending: boolean
    /** Whether `undoLast` may choose it. */
    readonly undoable: boolean
  },
): EntityOperation[] {
  const parts = inverseParts(record.inverse)
  const set = (field: string, value: JsonValue): EntityOperation => ({
    kind: 'entity',
    type: 'change',
    id,
    field,
    value,
  })
  return [
    set('label', record.label),
    set('origin', record.origin),
    set('parts', parts.length),
    ...(record.pending ? [set('pending', true)] : []),
    ...(record.undoable ? [set('undoable', true)] : []),
    ...parts.map((part, index) => set(`inverse/${index}`, part)),
  ]
}

function inverseParts(steps: readonly InverseStep[]): JsonValue[][] {
  const parts: JsonValue[][] = []
  let part: JsonValue[] = []
  let length = 0
  for (const step of steps.flatMap(stepToJson)) {
    const size = JSON.stringify(step).length
    if (length + size > maxPartLength && part.length > 0) {
      parts.push(part)
      part = []
      length = 0
    }
    part.push(step)
    length += size
  }
  if (part.length > 0) parts.push(part)
  return parts
}

function stepToJson(step: InverseStep): JsonValue[] {
  switch (step.kind) {
    case 'operation':
      return [['o', operationToText(step.operation)]]
    case 'import':
      return [['i', step.importId]]
    case 'remove': {
      const lists: JsonValue[] = []
      for (let from = 0; from < step.identities.length; from += identitiesPerStep) {
        const some = step.identities.slice(from, from + identitiesPerStep)
        lists.push(['r', seriesToList(step.series), some])
      }
      return lists
    }
  }
}

/** The inverse of a change, from its entity. */
export function inverseOf(entity: Entity): InverseStep[] {
  const steps: InverseStep[] = []
  const parts = Number(entity.fields['parts'] ?? 0)
  for (let part = 0; part < parts; part++) {
    for (const step of entity.fields[`inverse/${part}`] as readonly JsonStep[]) steps.push(stepOf(step))
  }
  return steps
}

type JsonStep =
  | readonly ['o', string]
  | readonly ['i', string]
  | readonly ['r', SeriesList, readonly string[]]

function stepOf(step: JsonStep): InverseStep {
  if (step[0] === 'i') return { kind: 'import', importId: step[1] }
  if (step[0] === 'r') return { kind: 'remove', series: listToSeries(step[1]), identities: step[2] }
  const operation = textToOperation(step[1])
  // Written by this or an older version, which knew no more kinds.
  if (operation === undefined) throw new TypeError('an inverse operation is of an unknown kind')
  return { kind: 'operation', operation }
}

/** The operations that carry out an inverse. */
export function inverseOperations(steps: readonly InverseStep[]): Operation[] {
  return steps.toReversed().flatMap((step): Operation[] => {
    if (step.kind === 'operation') return [step.operation]
    if (step.kind === 'import') {
      return [{ kind: 'entity', type: 'import', id: step.importId, field: 'withdrawn', value: true }]
    }
    return step.identities.map((identity) => ({
      kind: 'observation',
      ref: { series: step.series, ...textToIdentity(identity) },
      field: 'removed',
      value: true,
    }))
  })
}
