/**
 * Attachments as STREAM (security.md 4.3): chunks of 1 MiB under a random key of their own, with chunk number and
 * last-flag in the associated data, so that nothing can be cut off, swapped or reordered unnoticed. The key lies in
 * the attachment's entity.
 */
import { openEnvelope, sealEnvelope, sha256 } from '../../crypto/index.ts'
import { ByteWriter, bytesEqual, bytesToHex, concatBytes, hexToBytes } from '../../foundation/index.ts'
import type { CollectionName } from '../../metrics/index.ts'
import type { Attachment, Entity, EntityOperation, JsonValue } from '../../records/index.ts'
import { type EntityState, entityView, registerOf } from './fold.ts'
import { emptyRegister, winner } from './register.ts'
import { damaged, type Store } from './store.ts'

const blobCollection: CollectionName = 'documents'
const chunkLength = 1024 * 1024

/** What an attachment's entity says about its bytes. */
interface BlobFacts {
  readonly blob: string
  readonly key: string
  readonly sha256: string
  readonly size: number
  readonly epoch: number
}

export class BlobStore {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** Whether an attachment's entity has this content already. */
  isStored(state: EntityState | undefined, bytes: Uint8Array): boolean {
    const entity = state === undefined ? undefined : entityView(state)
    if (entity?.fields['content'] === undefined) return false
    return factsOf(entity, `the attachment ${entity.id}`).sha256 === bytesToHex(sha256(bytes))
  }

  /** Writes an attachment's chunks; returns the operations that make its entity. */
  add(attachment: Attachment): EntityOperation[] {
    const { id, name, mediaType, bytes } = attachment
    const blobId = this.#store.deps.random.bytes(16)
    const key = this.#store.deps.random.bytes(32)
    const { epoch } = this.#store.keyring.collection(blobCollection)
    const chunks = Math.max(1, Math.ceil(bytes.length / chunkLength))
    const insert = this.#store.sql('INSERT INTO blob_chunk (blob_id, chunk, bytes) VALUES (?, ?, ?)')
    for (let chunk = 0; chunk < chunks; chunk++) {
      const part = bytes.subarray(chunk * chunkLength, (chunk + 1) * chunkLength)
      const header = this.#header(blobId, chunk, chunk === chunks - 1, epoch)
      insert.run(blobId, chunk, sealEnvelope(key, header, part))
    }
    const facts: BlobFacts = {
      blob: bytesToHex(blobId),
      key: bytesToHex(key),
      sha256: bytesToHex(sha256(bytes)),
      size: bytes.length,
      epoch,
    }
    const set = (field: string, value: JsonValue): EntityOperation => ({
      kind: 'entity',
      type: 'attachment',
      id,
      field,
      value,
    })
    return [
      set('name', name),
      set('mediaType', mediaType),
      set('content', { ...facts }),
      set('deleted', false),
    ]
  }

  /** Bytes of an attachment. Fails with DAMAGED naming it. */
  read(entity: Entity): Attachment {
    const what = `the attachment ${entity.id}`
    const { blob, key, epoch, sha256: hash } = factsOf(entity, what)
    const blobId = hexToBytes(blob)
    const rows = this.#store
      .sql('SELECT bytes FROM blob_chunk WHERE blob_id = ? ORDER BY chunk')
      .pluck()
      .all(blobId) as Uint8Array[]
    if (rows.length === 0) throw damaged(`${what} is missing`)
    const parts = rows.map((row, chunk) => {
      const header = this.#header(blobId, chunk, chunk === rows.length - 1, epoch)
      return openEnvelope(hexToBytes(key), header, row, `chunk ${chunk} of ${what}`)
    })
    const bytes = concatBytes(...parts)
    if (!bytesEqual(sha256(bytes), hexToBytes(hash))) throw damaged(`${what} does not have its hash`)
    const { name, mediaType } = entity.fields
    return { id: entity.id, name: String(name), mediaType: String(mediaType), bytes }
  }

  /** Removes chunks that none of these attachments names; returns how many blobs went. */
  removeOthers(kept: readonly EntityState[]): number {
    const named = new Set(
      kept.flatMap(({ registers }) => {
        const content = winner(registerOf(registers, 'content') ?? emptyRegister)
        return content === undefined || content === null ? [] : [(content as unknown as BlobFacts).blob]
      }),
    )
    const ids = this.#store.sql('SELECT DISTINCT blob_id FROM blob_chunk').pluck().all() as Uint8Array[]
    const gone = ids.filter((id) => !named.has(bytesToHex(id)))
    for (const id of gone) this.#store.sql('DELETE FROM blob_chunk WHERE blob_id = ?').run(id)
    return gone.length
  }

  #header(blobId: Uint8Array, chunk: number, isLast: boolean, epoch: number) {
    const { id } = this.#store.keyring.collection(blobCollection)
    const fields = new ByteWriter(21)
      .bytes(blobId)
      .u32(chunk)
      .u8(isLast ? 1 : 0)
      .finish()
    return {
      context: 'blob-chunk' as const,
      vaultId: this.#store.keyring.vaultId,
      collectionId: id,
      epoch,
      fields,
    }
  }
}

function factsOf(entity: Entity, what: string): BlobFacts {
  const content = entity.fields['content']
  if (typeof content !== 'object' || content === null || !('blob' in content)) {
    throw damaged(`${what} has no content`)
  }
  return content as unknown as BlobFacts
}
