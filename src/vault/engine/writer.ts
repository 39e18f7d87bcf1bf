/**
 * A write: one transaction that stamps, applies and logs a change, then anchors the new heads.
 *
 * Order inside the transaction does not matter to a crash: all of it is committed or none. The head anchor follows
 * the commit; a crash between the two leaves an anchor that lags, which the next open accepts.
 */
import { type CollectionName, conversion, metricById } from '../../metrics/index.ts'
import {
  assertionField,
  type BlockOutcome,
  type Change,
  canonicaliseTables,
  type EntityOperation,
  type JsonValue,
  maxBlockBytes,
  type ObservationBlock,
  type ObservationColumns,
  type ObservationOperation,
  type Operation,
  retractionOf,
  type SetOperation,
  sliceColumns,
} from '../../records/index.ts'
import { assertionOutcome, isAssertion, isKnown } from './assertions.ts'
import { columnsFor, isImported } from './block-origin.ts'
import { ChainWriter } from './chain.ts'
import { type ChangeOrigin, changeOperations, type InverseStep } from './change-record.ts'
import { readClock, writeClock } from './clock-state.ts'
import { collectionOfSeries, type Engine } from './engine.ts'
import { collectionOfEntity } from './entity-store.ts'
import {
  entityView,
  isDeleted,
  joinEntityOperation,
  registerField,
  registerOf,
  replacedBy,
  seriesText,
} from './fold.ts'
import { formatHlc, type Hlc, type HlcTime, nextTime } from './hlc.ts'
import { importStateFields, readImportStates } from './import-states.ts'
import { inverseEdit } from './inverse-edit.ts'
import { importedBlocks } from './log-reader.ts'
import { newId } from './new-id.ts'
import { identityOf, ObservationTransaction, type StampedEdit } from './observation-store.ts'
import { rowIdentity } from './overlay-store.ts'
import { headStamps, winner } from './register.ts'
import { RevisedTimes, readRetractions, revisionEdits, rowsOfParts } from './revisions.ts'
import { encodeOnce } from './series-writer.ts'
import { pushUndo } from './undo-stack.ts'

export interface WriteOptions {
  readonly origin: ChangeOrigin
  /** Given for imports: one change record for all chunks. */
  readonly importId?: string
  /** The import that an inbox entry belongs to. */
  readonly sealedBy?: string
  /** Whether `undoLast` may choose this change. */
  readonly undoable: boolean
}

export interface WriteResult {
  readonly changeId: string
  readonly outcomes: readonly BlockOutcome[]
}

/** Applies a change. Fails with VALUE on what cannot be kept, IO on a full disk; then nothing is written. */
export function writeChange(engine: Engine, change: Change, options: WriteOptions): WriteResult {
  return engine.store.write(() => {
    const writing = new Writing(engine)
    const result = writing.run(change, options)
    writing.finish()
    return result
  })
}

/** Sets fields of the engine's own entities, without a record of a change. */
export function writeMarks(engine: Engine, operations: readonly EntityOperation[]): void {
  engine.store.write(() => {
    const writing = new Writing(engine)
    writing.apply(operations)
    writing.finish()
  })
}

/** One transaction's writing. */
export class Writing {
  readonly #engine: Engine
  readonly #chain: ChainWriter
  #observations: ObservationTransaction
  #time: HlcTime
  readonly #inverse: InverseStep[] = []
  /** Where a version of a result came or went in this change. */
  readonly #revised = new RevisedTimes()
  /** Withdrawn imports when assertions began to be written. */
  #withdrawn: ReadonlySet<string> | undefined

  constructor(engine: Engine) {
    this.#engine = engine
    this.#chain = new ChainWriter(engine.store)
    this.#observations = this.#newObservations()
    this.#time = readClock(engine)
  }

  run(change: Change, options: WriteOptions): WriteResult {
    const { store } = this.#engine
    const entityOutcomes = this.#applyOperations(change.operations, options)
    store.step('write:operations')
    const blockOutcomes = change.blocks.map((block) => this.#applyBlock(block, options))
    this.#settleRevisions()
    store.step('write:blocks')
    const assertedBy = options.importId ?? options.sealedBy
    this.#addRaw(change, assertedBy ?? '')
    this.#addAttachments(change, assertedBy)
    if (options.sealedBy !== undefined) this.#inverse.push({ kind: 'import', importId: options.sealedBy })
    this.#observations.flush()
    store.step('write:derived')
    const changeId = this.#record(change.label, options)
    return { changeId, outcomes: [...blockOutcomes, ...entityOutcomes] }
  }

  /** Operations without a record of the change: marks that the engine itself sets. */
  apply(operations: readonly EntityOperation[]): void {
    for (const operation of operations) this.#applyEntity(operation)
  }

  /** Writes pending batches and the clock. */
  finish(): void {
    const heads = this.#chain.finish()
    this.#engine.store.step('write:logged')
    if (heads.length === 0) return
    writeClock(this.#engine, this.#time)
    this.#engine.store.noteHeads(heads)
  }

  #newObservations(): ObservationTransaction {
    return new ObservationTransaction(this.#engine, readImportStates(this.#engine.entities))
  }

  #stamp(): Hlc {
    this.#time = nextTime(this.#time, this.#engine.store.deps.clock.nowMs())
    return formatHlc(this.#time, this.#engine.store.device)
  }

  /** Returns the outcomes of assertions of entities. */
  #applyOperations(operations: readonly Operation[], options: WriteOptions): BlockOutcome[] {
    const outcomes: BlockOutcome[] = []
    const importIds = new Set<string>()
    let edits: ObservationOperation[] = []
    for (const operation of operations) {
      if (operation.kind === 'observation') {
        if (edits[0] !== undefined && seriesText(edits[0].ref.series) !== seriesText(operation.ref.series)) {
          this.#applyEdits(edits)
          edits = []
        }
        edits.push(operation)
        continue
      }
      if (isAssertion(operation)) {
        outcomes.push(...this.#applyAssertion(operation))
        continue
      }
      const isOwnImport = operation.type === 'import' && options.importId !== undefined
      const step = this.#applyEntity(operation)
      if (!isOwnImport) this.#inverse.push(step)
      if (operation.type === 'import' && importStateFields.has(operation.field)) importIds.add(operation.id)
    }
    this.#applyEdits(edits)
    if (importIds.size > 0) this.#applyImportFields(importIds)
    return outcomes
  }

  /** One register of an assertion; undone by withdrawing its import. */
  #applyAssertion(operation: EntityOperation): BlockOutcome[] {
    const before = this.#engine.entities.get(operation.type, operation.id)
    this.#withdrawn ??= readImportStates(this.#engine.entities).withdrawn
    const outcome = assertionOutcome(before, operation, this.#withdrawn)
    if (!isKnown(before, operation)) this.#applyEntity(operation)
    if (operation.type === 'retraction') this.#noteRetraction(operation.id)
    return outcome === undefined ? [] : [outcome]
  }

  #noteRetraction(id: string): void {
    const state = this.#engine.entities.get('retraction', id)
    const retraction = state && retractionOf(entityView(state)?.fields ?? {})
    if (retraction) this.#revised.add(retraction.metric, retraction.startMs)
  }

  /** Shows of each result that this change is about its latest version. */
  #settleRevisions(): void {
    const revised = this.#revised.take()
    if (revised.length === 0) return
    const retractions = readRetractions(this.#engine.entities)
    for (const [metric, starts] of revised) {
      const collection = collectionOfSeries({ metric })
      const retracted = [...retractions.values()].filter((one) => one.metric === metric)
      const always = new Set(retracted.map(({ startMs }) => startMs))
      const rows = rowsOfParts(this.#observations.partsAt(collection, metric, starts), always)
      const bySeries = new Map<string, StampedEdit[]>()
      for (const operation of revisionEdits(rows, retractions)) {
        const { register } = this.#observations.lookUp(collection, operation)
        const edit: StampedEdit = { operation, hlc: this.#stamp(), replaces: headStamps(register) }
        this.#chain.add(collection, { kind: 'operation', ...edit })
        const text = seriesText(operation.ref.series)
        bySeries.set(text, [...(bySeries.get(text) ?? []), edit])
      }
      for (const edits of bySeries.values()) this.#observations.edit(collection, edits)
    }
  }

  /** Applies and logs; returns how to undo it. */
  #applyEntity(operation: EntityOperation | SetOperation): InverseStep {
    const { entities } = this.#engine
    const before = entities.get(operation.type, operation.id)
    const replaces = replacedBy(before, operation)
    const hlc = this.#stamp()
    entities.put(joinEntityOperation(before, operation, { hlc, replaces }))
    this.#chain.add(collectionOfEntity(operation.type), { kind: 'operation', operation, hlc, replaces })
    // What did not exist is deleted again, once, by its first field.
    if (before === undefined) {
      const { type, id } = operation
      return { kind: 'operation', operation: { kind: 'entity', type, id, field: 'deleted', value: true } }
    }
    const register = registerOf(before.registers, registerField(operation))
    if (operation.kind === 'set') {
      const present = register?.heads.some(([, value]) => value === true) ?? false
      return { kind: 'operation', operation: { ...operation, present } }
    }
    const value = (register === undefined ? undefined : winner(register)) ?? nothing(operation.field)
    return { kind: 'operation', operation: { ...operation, value } }
  }

  /** Edits of one series; applied together, unless one writes what another just wrote. */
  #applyEdits(operations: readonly ObservationOperation[]): void {
    const first = operations[0]
    if (first === undefined) return
    const collection = collectionOfSeries(first.ref.series)
    const written = new Set<string>()
    const edits: StampedEdit[] = []
    const flush = (): void => {
      this.#observations.edit(collection, edits.splice(0))
      written.clear()
    }
    for (const operation of operations) {
      const register = `${operation.field}/${identityOf(operation)}`
      if (written.has(register)) flush()
      written.add(register)
      edits.push(this.#stampEdit(collection, operation))
    }
    flush()
  }

  #stampEdit(collection: CollectionName, operation: ObservationOperation): StampedEdit {
    const { register, row } = this.#observations.lookUp(collection, operation)
    const inverse = inverseEdit(operation, register && winner(register), row)
    this.#inverse.push({ kind: 'operation', operation: inverse })
    const edit: StampedEdit = { operation, hlc: this.#stamp(), replaces: headStamps(register) }
    this.#chain.add(collection, { kind: 'operation', ...edit })
    return edit
  }

  /** Withdrawn and accepted imports: sweeps what is there; what came back is merged anew from the log. */
  #applyImportFields(importIds: ReadonlySet<string>): void {
    this.#observations.flush()
    this.#observations = this.#newObservations()
    this.#observations.applyImportStates(importIds)
    this.#observations.supersededTimes((metric, startMs) => this.#revised.add(metric, startMs))
    for (const { id } of this.#engine.entities.ofType('retraction')) this.#noteRetraction(id)
    const { withdrawn } = readImportStates(this.#engine.entities)
    const back = new Set([...importIds].filter((id) => !withdrawn.has(id)))
    if (back.size === 0) return
    this.#observations.flush()
    for (const block of importedBlocks(this.#engine, back)) {
      this.#observations.insert(block.collection, block.series, block.columns)
      this.#revised.addRows(block.series.metric, block.columns)
    }
  }

  #applyBlock(block: ObservationBlock, options: WriteOptions): BlockOutcome {
    const { series } = block
    const collection = collectionOfSeries(series)
    // A unit that cannot be converted would make the whole series unreadable.
    if (metricById(series.metric) !== undefined) conversion(series.metric, series.unit)
    const columns = columnsFor(block, options.importId, options.origin === 'inbox')
    const isOwn = options.importId === undefined && !isImported(columns)
    const known = isOwn ? this.#observations.known(collection, series, columns) : undefined
    const { changed, ...outcome } = this.#observations.insert(collection, series, columns)
    this.#revised.addRows(series.metric, columns)
    if (known !== undefined) {
      const added: string[] = []
      for (let row = 0; row < columns.length; row++) {
        const identity = rowIdentity(columns, row)
        if (!known.has(identity)) added.push(identity)
      }
      if (added.length > 0) this.#inverse.push({ kind: 'remove', series, identities: [...new Set(added)] })
    } else if (options.importId === undefined) {
      const ids = new Set(columns.assertionTable.flat())
      for (const importId of ids) this.#inverse.push({ kind: 'import', importId })
    }
    if (changed) this.#logBlock(collection, block, columns)
    return { metric: series.metric, ...outcome }
  }

  #logBlock(collection: CollectionName, block: ObservationBlock, columns: ObservationColumns): void {
    const encoded = encodeOnce(columns)
    if (encoded.length > maxBlockBytes && columns.length > 1) {
      const middle = columns.length >> 1
      // A slice shares its tables with the whole: without what it uses alone it would never become smaller.
      this.#logBlock(collection, block, canonicaliseTables(sliceColumns(columns, 0, middle)))
      this.#logBlock(collection, block, canonicaliseTables(sliceColumns(columns, middle, columns.length)))
      return
    }
    this.#chain.add(collection, { kind: 'block', hlc: this.#stamp(), series: block.series, encoded })
  }

  #addRaw(change: Change, importId: string): void {
    if (change.raw.length === 0) return
    for (const pack of this.#engine.raw.add(change.raw, importId)) {
      this.#chain.add('documents', { kind: 'raw', hlc: this.#stamp(), importId, ...pack })
    }
  }

  /** What an import brings goes with it, and stays away where the person removed it. */
  #addAttachments(change: Change, assertedBy: string | undefined): void {
    const { entities, blobs } = this.#engine
    for (const attachment of change.attachments) {
      const entity = { kind: 'entity', type: 'attachment', id: attachment.id } as const
      const state = entities.get('attachment', attachment.id)
      if (assertedBy !== undefined) {
        this.#applyAssertion({
          ...entity,
          field: assertionField(assertedBy, 'attachment'),
          value: [null, null, 0],
        })
        if (state !== undefined && isDeleted(state)) continue
      }
      if (blobs.isStored(state, attachment.bytes)) continue
      for (const operation of blobs.add(attachment)) this.#applyEntity(operation)
      if (state !== undefined || assertedBy !== undefined) continue
      this.#inverse.push({ kind: 'operation', operation: { ...entity, field: 'deleted', value: true } })
    }
  }

  #record(label: string, options: WriteOptions): string {
    const { importId, origin } = options
    const id = importId === undefined ? newId(this.#engine) : `import-${importId}`
    const inverse = this.#inverse.splice(0)
    if (importId !== undefined) {
      this.#recordImport(id, importId, inverse)
      return id
    }
    const pending = origin === 'inbox'
    this.apply(changeOperations(id, { label, origin, inverse, pending, undoable: options.undoable }))
    if (options.undoable) pushUndo(this.#engine.store, id)
    return id
  }

  /** All chunks of an import are one change; what its operations did to entities is added to its inverse. */
  #recordImport(id: string, importId: string, inverse: readonly InverseStep[]): void {
    const known = this.#engine.entities.get('change', id)
    if (known === undefined) {
      const steps: InverseStep[] = [{ kind: 'import', importId }, ...inverse]
      this.apply(
        changeOperations(id, {
          label: 'import',
          origin: 'import',
          inverse: steps,
          pending: false,
          undoable: true,
        }),
      )
      pushUndo(this.#engine.store, id)
      return
    }
    if (inverse.length === 0) return
    const parts = Number(entityView(known)?.fields['parts'] ?? 0)
    const added = changeOperations(id, {
      label: 'import',
      origin: 'import',
      inverse,
      pending: false,
      undoable: true,
    })
    const more = added.filter(({ field }) => field.startsWith('inverse/'))
    this.apply(more.map((operation, index) => ({ ...operation, field: `inverse/${parts + index}` })))
    this.apply([{ kind: 'entity', type: 'change', id, field: 'parts', value: parts + more.length }])
  }
}

/** What clearing a field means: an entity that was never deleted is not deleted. */
function nothing(field: string): JsonValue {
  return field === 'deleted' ? false : null
}
