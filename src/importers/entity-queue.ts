/** Entities that an import asserts, waiting for the next chunk, with the records each was read from. */
import {
  assertionOperations,
  type BlockOutcome,
  type EntityAssertion,
  type EntityOperation,
  type EntityType,
  type JsonValue,
  type RawRecord,
} from '../records/index.ts'

/** JSON of an entity's fields at most: with its envelope it has to fit one operation of the log (240 KiB). */
export const maxEntityLength = 200_000

/** What is known about an entity beside its fields. */
export interface EntityOrigin {
  /** The source text, kept verbatim beside the entity: its type (`Condition`), place and start. */
  readonly source?: RawRecord
  /** When the source last changed it, ms: an older export imported later does not win. */
  readonly versionMs?: number
}

/** What became of the records behind entities. */
export interface EntityCounts {
  readonly imported: number
  readonly duplicates: number
  readonly pending: number
  /** Entities that are new or new in content, by type. */
  readonly byType: ReadonlyMap<EntityType, number>
}

export class EntityQueue {
  #operations: EntityOperation[] = []
  #waiting: { readonly type: EntityType; readonly isRecord: boolean }[] = []

  get length(): number {
    return this.#waiting.length
  }

  /** Returns the length of the JSON, or −1 when it is too long to be kept. */
  add(assertion: EntityAssertion): number {
    const [content, asserted] = assertionOperations(assertion)
    const text = JSON.stringify(content.value)
    if (text.length > maxEntityLength) return -1
    // Texts of its own: a piece cut from a file's text would keep the whole of that as long as the vault keeps the entity.
    this.#operations.push({ ...content, value: JSON.parse(text) as JsonValue }, asserted)
    this.#waiting.push({ type: assertion.type, isRecord: assertion.isRecord !== false })
    return text.length
  }

  /** The operations that wait, for a chunk; `settle` ends their waiting. */
  get operations(): readonly EntityOperation[] {
    return this.#operations
  }

  /** Takes the outcomes of the chunk (`null`: unknown yet), one per entity in order. */
  settle(outcomes: readonly BlockOutcome[] | null): EntityCounts {
    const byType = new Map<EntityType, number>()
    let imported = 0
    let duplicates = 0
    let pending = 0
    for (const [index, { type, isRecord }] of this.#waiting.entries()) {
      const outcome = outcomes?.[index]
      const records = isRecord ? 1 : 0
      if (outcome === undefined) pending += records
      else if (outcome.added > 0) {
        imported += records
        byType.set(type, (byType.get(type) ?? 0) + 1)
      } else duplicates += records
    }
    this.#operations = []
    this.#waiting = []
    return { imported, duplicates, pending, byType }
  }
}
