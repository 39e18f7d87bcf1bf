/**
 * What imports say about entities, so that an entity behaves as an observation does: importing it again changes
 * nothing, undoing one of two imports keeps what the other asserts, and what the person wrote or removed stays.
 *
 * An assertion is two registers of the entity, hence operations like others:
 *
 *     content/<hash>             the fields, as the source gave them; written once however many imports say the same
 *     import/<importId>/<hash>   [version (ms) or null, id of the raw record or null, 1 when it stands for a source
 *                                record or 0 when it was derived from others]: this import says so
 *
 * An entity that an import brought lives while one of its imports is not withdrawn. Its fields are those of the live
 * assertion with the highest version (then the latest stamp), below the registers that the person set. Of a profile,
 * which several sources state in parts, fields of all live assertions are joined.
 */
import { sha256 } from '../crypto/index.ts'
import { utf8ToBytes } from '../foundation/index.ts'
import type { EntityOperation, RawRecord } from './change.ts'
import type { EntityType, JsonValue } from './entity.ts'

const contentPrefix = 'content/'
const importPrefix = 'import/'
const base32 = '0123456789abcdefghjkmnpqrstvwxyz'
const idLength = 26

export type EntityFields = Readonly<Record<string, JsonValue>>

export interface EntityAssertion {
  readonly type: EntityType
  /** From the source's own identifiers (`stableEntityId`), so that a later export means the same entity. */
  readonly id: string
  readonly fields: EntityFields
  readonly importId: string
  /** When the source last changed it, ms: an older export imported later does not win. */
  readonly versionMs?: number
  /** False for what was derived from records that are counted elsewhere. */
  readonly isRecord?: boolean
  /** `rawRecordId` of the source text that is kept beside it. */
  readonly sourceRecord?: string
}

/** Field under which readers find the id of the raw record that an entity was read from. */
export const sourceRecordField = 'sourceRecord'

/** The registers of an assertion. Fields that are null are left out. */
export function assertionOperations(assertion: EntityAssertion): readonly [EntityOperation, EntityOperation] {
  const { type, id, importId } = assertion
  const fields = Object.fromEntries(Object.entries(assertion.fields).filter(([, value]) => value !== null))
  const hash = textId(canonicalJson(fields))
  const entity = { kind: 'entity', type, id } as const
  return [
    { ...entity, field: contentPrefix + hash, value: fields },
    {
      ...entity,
      field: assertionField(importId, hash),
      value: [
        assertion.versionMs ?? null,
        assertion.sourceRecord ?? null,
        assertion.isRecord === false ? 0 : 1,
      ],
    },
  ]
}

/** The register in which an import asserts the content with this hash. */
export function assertionField(importId: string, hash: string): string {
  return `${importPrefix}${importId}/${hash}`
}

/** Whether a register holds content or an import's assertion: no field that readers see. */
export function isAssertionField(field: string): boolean {
  return field.startsWith(contentPrefix) || field.startsWith(importPrefix)
}

/** The import and the content hash that a register asserts; undefined for other registers. */
export function assertedIn(field: string): { readonly importId: string; readonly hash: string } | undefined {
  if (!field.startsWith(importPrefix)) return undefined
  const [importId = '', hash = ''] = field.slice(importPrefix.length).split('/')
  return { importId, hash }
}

/** The register that holds the fields with this hash. */
export function contentField(hash: string): string {
  return contentPrefix + hash
}

export interface AssertionDetails {
  readonly version: number
  readonly sourceRecord: string | null
  readonly isRecord: boolean
}

/** What an assertion's value says, whoever wrote it. */
export function assertionDetails(value: JsonValue): AssertionDetails {
  const [version, raw, counted] = Array.isArray(value) ? (value as readonly JsonValue[]) : []
  return {
    version: typeof version === 'number' ? version : Number.NEGATIVE_INFINITY,
    sourceRecord: typeof raw === 'string' ? raw : null,
    isRecord: counted !== 0,
  }
}

/** An entity's id from what identifies it at its source: system and identifier, or file and row. 26 characters. */
export function stableEntityId(...identifiers: readonly string[]): string {
  return textId(JSON.stringify(identifiers))
}

/** The id of a raw record: its place in the file is no part of it. 26 characters. */
export function rawRecordId({ type, startMs, text }: Pick<RawRecord, 'type' | 'startMs' | 'text'>): string {
  return textId(JSON.stringify([type, startMs, text]))
}

/** JSON with the keys of objects in order, so that equal values have equal texts. */
export function canonicalJson(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
}

function textId(text: string): string {
  const hash = sha256(utf8ToBytes(text))
  let id = ''
  for (let i = 0; i < idLength; i++) id += base32[(hash[i] as number) & 31]
  return id
}
