/**
 * The fold: operations in, entity and overlay states out. Pure; any order, duplication and split of the same
 * operations gives the same state, because everything is made of registers (register.ts).
 *
 * Entities: one register per field; a set has one register per element, holding whether it is present, and an
 * element is present while any head says so (add wins). `deleted` is a field like others: it hides the entity
 * until written again, and a concurrent edit does not bring it back. Observations: one register per edited field,
 * kept per series under the observation's identity text.
 */
import {
  assertedIn,
  assertionDetails,
  contentField,
  type Entity,
  type EntityOperation,
  type EntityType,
  isAssertionField,
  type JsonValue,
  multiValueFields,
  type ObservationOperation,
  type Operation,
  type SeriesKey,
  type SetOperation,
  sourceRecordField,
} from '../../records/index.ts'
import { type Hlc, hlcMs } from './hlc.ts'
import {
  concurrentValues,
  emptyRegister,
  headStamps,
  joinRegisters,
  joinWrite,
  type Register,
  winner,
} from './register.ts'

/** An operation with its stamp and the stamps of what it replaces. */
export interface StampedOperation {
  readonly operation: Operation
  readonly hlc: Hlc
  readonly replaces: readonly Hlc[]
}

export type Registers = Readonly<Record<string, Register>>

/** The folded state of an entity, deleted or not. */
export interface EntityState {
  readonly type: EntityType
  readonly id: string
  /** First and last stamp of any of its operations. */
  readonly created: Hlc
  readonly updated: Hlc
  /** By field, or `field\0element` for elements of sets. */
  readonly registers: Registers
}

/** The register of a field, if there is one. Names come from outside: `constructor` is a name like others. */
export function registerOf(registers: Registers | undefined, field: string): Register | undefined {
  return registers !== undefined && Object.hasOwn(registers, field) ? registers[field] : undefined
}

/** Whether the entity's tombstone is set. */
export function isDeleted(state: EntityState): boolean {
  const register = registerOf(state.registers, 'deleted')
  return register !== undefined && winner(register) === true
}

/** What `field` and `element` of a set operation are kept under. */
export function elementField(field: string, element: string): string {
  return `${field}\u0000${element}`
}

/** Register that an operation writes to. */
export function registerField(operation: EntityOperation | SetOperation): string {
  return operation.kind === 'set' ? elementField(operation.field, operation.element) : operation.field
}

/** Value that an operation writes. */
export function registerValue(operation: Operation): JsonValue {
  return operation.kind === 'set' ? operation.present : operation.value
}

/** The entity after an operation. */
export function joinEntityOperation(
  state: EntityState | undefined,
  operation: EntityOperation | SetOperation,
  stamp: Pick<StampedOperation, 'hlc' | 'replaces'>,
): EntityState {
  const field = registerField(operation)
  const before = registerOf(state?.registers, field) ?? emptyRegister
  const register = joinWrite(before, { ...stamp, value: registerValue(operation) })
  const { hlc } = stamp
  return {
    type: operation.type,
    id: operation.id,
    created: state !== undefined && state.created < hlc ? state.created : hlc,
    updated: state !== undefined && state.updated > hlc ? state.updated : hlc,
    registers: { ...state?.registers, [field]: register },
  }
}

/** The join of two states of one entity. */
export function joinEntities(a: EntityState | undefined, b: EntityState): EntityState {
  if (a === undefined) return b
  return {
    type: b.type,
    id: b.id,
    created: [a.created, b.created].sort()[0] as Hlc,
    updated: [a.updated, b.updated].sort()[1] as Hlc,
    registers: joinRegisterSets(a.registers, b.registers),
  }
}

export function joinRegisterSets(a: Registers, b: Registers): Registers {
  const joined: Record<string, Register> = { ...a }
  for (const [field, register] of Object.entries(b)) {
    const known = registerOf(joined, field)
    joined[field] = known === undefined ? register : joinRegisters(known, register)
  }
  return joined
}

/** Stamps that an operation upon this state replaces. */
export function replacedBy(
  state: EntityState | undefined,
  operation: EntityOperation | SetOperation,
): readonly Hlc[] {
  return headStamps(registerOf(state?.registers, registerField(operation)))
}

/** An assertion of an import that is not withdrawn. */
export interface LiveAssertion {
  readonly importId: string
  readonly hash: string
  readonly version: number
  readonly sourceRecord: string | null
  readonly hlc: Hlc
}

/** What live imports assert of an entity, the one that wins last; undefined when no import ever did. */
export function liveAssertions(
  state: EntityState,
  withdrawn: ReadonlySet<string>,
): readonly LiveAssertion[] | undefined {
  let isImported = false
  const live: LiveAssertion[] = []
  for (const [field, register] of Object.entries(state.registers)) {
    const asserted = assertedIn(field)
    const head = register.heads.at(-1)
    if (asserted === undefined || head === undefined) continue
    isImported = true
    if (!withdrawn.has(asserted.importId))
      live.push({ ...asserted, hlc: head[0], ...assertionDetails(head[1]) })
  }
  if (!isImported) return undefined
  return live.sort((a, b) => a.version - b.version || (a.hlc < b.hlc ? -1 : 1))
}

/** The fields that imports give an entity; undefined when all of them are withdrawn. */
function assertedFields(
  state: EntityState,
  withdrawn: ReadonlySet<string>,
): Map<string, JsonValue> | undefined {
  const live = liveAssertions(state, withdrawn)
  const fields = new Map<string, JsonValue>()
  if (live === undefined) return fields
  if (live.length === 0) return state.type === 'profile' && hasOwnFields(state) ? fields : undefined
  for (const { hash, sourceRecord } of state.type === 'profile' ? live : live.slice(-1)) {
    const content = winner(registerOf(state.registers, contentField(hash)) ?? emptyRegister)
    if (typeof content === 'object' && content !== null) {
      for (const [name, value] of Object.entries(content)) fields.set(name, value)
    }
    if (sourceRecord !== null) fields.set(sourceRecordField, sourceRecord)
  }
  return fields
}

/** Whether the person set a field, not an import. */
function hasOwnFields(state: EntityState): boolean {
  return Object.keys(state.registers).some((field) => field !== 'deleted' && !isAssertionField(field))
}

const noImports: ReadonlySet<string> = new Set()

/**
 * The entity as readers see it; undefined when it is deleted, or when all imports that brought it are `withdrawn`.
 * Cleared fields (`null`) are left out.
 */
export function entityView(
  state: EntityState,
  withdrawn: ReadonlySet<string> = noImports,
): Entity | undefined {
  const { registers } = state
  const fields = isDeleted(state) ? undefined : assertedFields(state, withdrawn)
  if (fields === undefined) return undefined
  const concurrent = new Map<string, readonly JsonValue[]>()
  const sets = new Map<string, string[]>()
  for (const [name, register] of Object.entries(registers)) {
    const separator = name.indexOf('\u0000')
    if (separator >= 0) {
      const field = name.slice(0, separator)
      if (!register.heads.some(([, present]) => present === true)) continue
      const elements = sets.get(field)
      if (elements === undefined) sets.set(field, [name.slice(separator + 1)])
      else elements.push(name.slice(separator + 1))
      continue
    }
    const value = winner(register)
    if (name === 'deleted' || value === undefined || isAssertionField(name)) continue
    if (value === null) {
      fields.delete(name)
      continue
    }
    fields.set(name, value)
    if (!multiValueFields.has(`${state.type}.${name}`)) continue
    const values = concurrentValues(register)
    if (values.length > 1) concurrent.set(name, values)
  }
  for (const [field, elements] of sets) fields.set(field, elements.sort())
  const sorted = [...fields].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    type: state.type,
    id: state.id,
    fields: Object.fromEntries(sorted),
    ...(concurrent.size > 0 ? { concurrent: Object.fromEntries(concurrent) } : {}),
    createdMs: hlcMs(state.created),
    updatedMs: hlcMs(state.updated),
  }
}

/** Edits of a series' observations: identity text → registers by field. */
export type OverlayRegisters = ReadonlyMap<string, Registers>

/** The registers of one observation after an operation. */
export function joinObservationOperation(
  registers: Registers | undefined,
  operation: ObservationOperation,
  stamp: Pick<StampedOperation, 'hlc' | 'replaces'>,
): Registers {
  const before = registerOf(registers, operation.field) ?? emptyRegister
  const register = joinWrite(before, { ...stamp, value: operation.value })
  return { ...registers, [operation.field]: register }
}

/**
 * What makes a series one: metric, device, app, unit. The device class is derived from names and may be judged
 * anew by a later version, so it is no part of it.
 */
export function seriesText(series: SeriesKey): string {
  return JSON.stringify([series.metric, series.source.device, series.source.app, series.unit])
}
