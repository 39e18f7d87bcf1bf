/**
 * Draining the sealed inbox at unlock: decode, validate, apply, delete, all in one transaction per group of
 * entries. What comes from it counts at once but is flagged `unconfirmed` until accepted, since anybody who can
 * write the file can add an entry. Damaged entries stay where they are and are reported.
 */
import { bytesToUtf8, Failure, utf8ToBytes } from '../../foundation/index.ts'
import {
  assertedIn,
  type BlockOutcome,
  type Change,
  type Entity,
  type EntityType,
  emptyChange,
  type Operation,
} from '../../records/index.ts'
import { type InboxEntry, inboxEntries, removeInboxEntries } from '../custody/index.ts'
import { toDatabaseFailure } from '../database.ts'
import { decodeChange } from './change-codec.ts'
import { type InverseStep, inverseOf } from './change-record.ts'
import type { Engine } from './engine.ts'
import { entityView } from './fold.ts'
import { importStateFields } from './import-states.ts'
import { textToIdentity } from './operation-codec.ts'
import { parseJson } from './payload.ts'
import { undoChange } from './undo.ts'
import { writeChange, writeMarks } from './writer.ts'

export interface DrainedEntry {
  readonly entryId: number
  readonly changeId: string
  readonly label: string
  /** Import that the entry belongs to, or null. */
  readonly importId: string | null
  readonly outcomes: readonly BlockOutcome[]
}

export interface DrainReport {
  /** Entries merged now. */
  readonly entries: number
  readonly outcomes: readonly DrainedEntry[]
  /** Entries that cannot be read or were refused, kept aside, old and new. */
  readonly damaged: number
}

/** An entry that waits: merged and not accepted (`pending`), or kept aside. */
export interface InboxItem {
  /** Id for `acceptInbox` and `rejectInbox`: the change's, or `entry-<n>` of a damaged one. */
  readonly id: string
  readonly label: string
  readonly atMs: number | null
  readonly state: 'pending' | 'damaged'
  readonly reason: string | null
}

/** Bounds what one transaction holds; entries are at most 256 KiB. */
const entriesPerGroup = 100
const damagedState = 'inbox-damaged'
const pendingState = 'inbox-pending'

/** Merges all sealed entries. Fails with IO; damaged entries do not fail it. */
export async function drainInbox(engine: Engine): Promise<DrainReport> {
  const outcomes: DrainedEntry[] = []
  const known = readDamaged(engine)
  let after = 0
  for (;;) {
    const entries = inboxEntries(engine.store.file, after, entriesPerGroup)
    const last = entries.at(-1)
    if (last === undefined) break
    after = last.id
    const fresh = entries.filter(({ id }) => !known.has(String(id)))
    const opened: OpenedEntry[] = []
    for (const entry of fresh) opened.push(await openEntry(engine, entry))
    if (opened.length > 0) outcomes.push(...applyGroup(engine, opened))
  }
  return { entries: outcomes.length, outcomes, damaged: readDamaged(engine).size }
}

interface OpenedEntry {
  readonly id: number
  readonly change: Change | undefined
  readonly reason: string
}

async function openEntry(engine: Engine, entry: InboxEntry): Promise<OpenedEntry> {
  try {
    const change = decodeChange(await engine.store.keyring.openInbox(entry.sealed, entry.aad))
    return { id: entry.id, change, reason: '' }
  } catch (failure) {
    return { id: entry.id, change: undefined, reason: reasonOf(failure) }
  }
}

function applyGroup(engine: Engine, opened: readonly OpenedEntry[]): DrainedEntry[] {
  return engine.store.write(() => {
    const present = new Set(
      engine.store
        .sql('SELECT id FROM inbox WHERE id >= ? AND id <= ?')
        .pluck()
        .all(opened[0]?.id, opened.at(-1)?.id),
    )
    const damaged = new Map(readDamaged(engine))
    const drained: DrainedEntry[] = []
    for (const entry of opened) {
      // Another process may have drained it since it was read.
      if (!present.has(entry.id)) continue
      const result = entry.change === undefined ? entry.reason : applyEntry(engine, entry.id, entry.change)
      if (typeof result === 'string') damaged.set(String(entry.id), result)
      else drained.push(result)
    }
    removeInboxEntries(
      engine.store.file,
      drained.map(({ entryId }) => entryId),
    )
    engine.store.step('drain:removed')
    writeDamaged(engine, damaged)
    writePending(engine, [...readPending(engine), ...drained.map(({ changeId }) => changeId)])
    return drained
  })
}

/** The outcome, or why the entry is refused. */
function applyEntry(engine: Engine, entryId: number, change: Change): DrainedEntry | string {
  try {
    assertAllowed(change)
    const sealedBy = importOf(change)
    if (sealedBy !== undefined && engine.entities.get('change', `import-${sealedBy}`) !== undefined) {
      // Rejecting such an entry would take back what the person imported.
      throw new Failure('DECLINED', 'it claims to belong to an import into the open vault')
    }
    const origin = sealedBy === undefined ? {} : { sealedBy }
    const { changeId, outcomes } = writeChange(engine, change, { origin: 'inbox', undoable: true, ...origin })
    return { entryId, changeId, label: change.label, importId: sealedBy ?? null, outcomes }
  } catch (failure) {
    const known = toDatabaseFailure(failure)
    if (known instanceof Failure && (known.code === 'IO' || known !== failure)) throw known
    // Whatever else an entry provokes: it must not keep the vault from being unlocked.
    return reasonOf(failure)
  }
}

/** The import that an entry belongs to: it asserts what the entry holds, or is named by an operation. */
function importOf(change: Change): string | undefined {
  for (const { columns } of change.blocks) {
    for (const [importId] of columns.assertionTable) if (importId !== undefined) return importId
  }
  for (const operation of change.operations) {
    if (operation.kind !== 'entity') continue
    const importId = operation.type === 'import' ? operation.id : assertedIn(operation.field)?.importId
    if (importId !== undefined) return importId
  }
  return undefined
}

/** Types that only an authenticated person writes. */
const protectedTypes: ReadonlySet<EntityType> = new Set(['consent', 'share', 'setting', 'change'])

/** Fails with DECLINED on what must not come from an unauthenticated origin. */
function assertAllowed(change: Change): void {
  for (const operation of change.operations) {
    const isProtected =
      operation.kind === 'observation'
        ? operation.field === 'accepted'
        : protectedTypes.has(operation.type) ||
          (operation.type === 'import' && importStateFields.has(operation.field))
    if (isProtected) throw new Failure('DECLINED', 'it asks for what the inbox may not change')
  }
}

/** What waits for a decision. */
export function inboxItems(engine: Engine): readonly InboxItem[] {
  const pending = pendingChanges(engine).map(
    (entity): InboxItem => ({
      id: entity.id,
      label: String(entity.fields['label']),
      atMs: entity.createdMs,
      state: 'pending',
      reason: null,
    }),
  )
  const damaged = [...readDamaged(engine)].map(
    ([id, reason]): InboxItem => ({ id: `entry-${id}`, label: '', atMs: null, state: 'damaged', reason }),
  )
  return [...pending, ...damaged]
}

/** Confirms merged entries (all when `ids` is undefined). Returns how many. Fails with NOT_FOUND on an unknown id. */
export function acceptInbox(engine: Engine, ids?: readonly string[]): number {
  return engine.store.write(() => {
    const chosen = choose(pendingChanges(engine), ids)
    const operations = chosen.flatMap((entity) => inverseOf(entity).flatMap(acceptance))
    if (operations.length > 0) {
      const change = { ...emptyChange, label: 'accept inbox entries', operations }
      writeChange(engine, change, { origin: 'person', undoable: false })
    }
    settle(engine, chosen)
    return chosen.length
  })
}

/** Undoes merged entries and deletes damaged ones. Returns how many. Fails with NOT_FOUND on an unknown id. */
export function rejectInbox(engine: Engine, ids?: readonly string[]): number {
  return engine.store.write(() => {
    const damaged = new Map(readDamaged(engine))
    const damagedIds = (ids ?? [...damaged.keys()].map((id) => `entry-${id}`)).filter((id) =>
      id.startsWith('entry-'),
    )
    const pendingIds = ids?.filter((id) => !id.startsWith('entry-'))
    const chosen = choose(pendingChanges(engine), pendingIds)
    for (const entity of chosen) undoChange(engine, entity, false)
    settle(engine, chosen)
    const numbers = damagedIds.map((id) => id.slice('entry-'.length))
    for (const number of numbers) if (!damaged.delete(number)) throw unknownItem(`entry-${number}`)
    removeInboxEntries(engine.store.file, numbers.map(Number))
    writeDamaged(engine, damaged)
    return chosen.length + numbers.length
  })
}

function acceptance(step: InverseStep): Operation[] {
  if (step.kind === 'import') {
    return [{ kind: 'entity', type: 'import', id: step.importId, field: 'accepted', value: true }]
  }
  if (step.kind === 'operation') return []
  return step.identities.map((identity) => ({
    kind: 'observation',
    ref: { series: step.series, ...textToIdentity(identity) },
    field: 'accepted',
    value: true,
  }))
}

function settle(engine: Engine, changes: readonly Entity[]): void {
  writeMarks(
    engine,
    changes.map(({ id }) => ({ kind: 'entity', type: 'change', id, field: 'pending', value: false })),
  )
  const gone = new Set(changes.map(({ id }) => id))
  writePending(
    engine,
    readPending(engine).filter((id) => !gone.has(id)),
  )
}

function choose(pending: readonly Entity[], ids: readonly string[] | undefined): readonly Entity[] {
  if (ids === undefined) return pending
  return ids.map((id) => {
    const entity = pending.find((one) => one.id === id)
    if (entity === undefined) throw unknownItem(id)
    return entity
  })
}

function unknownItem(id: string): Failure {
  return new Failure('NOT_FOUND', `there is no inbox entry ${id.slice(0, 40)}`, {
    hint: 'healthmate inbox list',
  })
}

function pendingChanges(engine: Engine): Entity[] {
  return readPending(engine).flatMap((id) => {
    const state = engine.entities.get('change', id)
    const entity = state === undefined ? undefined : entityView(state)
    const isOpen = entity?.fields['pending'] === true && entity.fields['undone'] === undefined
    return isOpen ? [entity] : []
  })
}

/** Entry number → why it was kept aside. */
function readDamaged(engine: Engine): ReadonlyMap<string, string> {
  const bytes = engine.store.readState(damagedState)
  const entries = bytes === undefined ? [] : (parseJson(bytesToUtf8(bytes)) as [string, string][])
  const still = engine.store.sql('SELECT 1 FROM inbox WHERE id = ?').pluck()
  return new Map(entries.filter(([id]) => still.get(Number(id)) === 1))
}

function writeDamaged(engine: Engine, damaged: ReadonlyMap<string, string>): void {
  if (damaged.size === 0 && engine.store.readState(damagedState) === undefined) return
  engine.store.writeState(damagedState, utf8ToBytes(JSON.stringify([...damaged])))
}

function readPending(engine: Engine): readonly string[] {
  const bytes = engine.store.readState(pendingState)
  return bytes === undefined ? [] : (parseJson(bytesToUtf8(bytes)) as readonly string[])
}

/** Ids of changes from the inbox that may still wait; rebuilt by a refold. */
export function writePending(engine: Engine, ids: readonly string[]): void {
  engine.store.writeState(pendingState, utf8ToBytes(JSON.stringify(ids)))
}

function reasonOf(failure: unknown): string {
  return failure instanceof Failure ? failure.message : 'it cannot be read'
}
