/**
 * What is derived from the root key and from collection keys, and the sealing of custody's own secrets;
 * security.md 4.1.
 *
 * `wrap` and `head` hang on the root key and change with it. Tokens that stored rows are found by (index, audit and
 * whatever `Keyring.mac` is asked for) hang on a random token root that the root key only wraps: rotating the root key
 * then rewrites a few hundred bytes and no row (docs/decisions/token-root.md).
 */
import {
  type EnvelopeHeader,
  hkdfSha256,
  noCollection,
  openEnvelope,
  sealEnvelope,
} from '../../crypto/index.ts'
import { ByteWriter, utf8ToBytes } from '../../foundation/index.ts'
import type { KeyContext } from '../ports.ts'

export interface RootKeys {
  /** Wraps collection keys, names and secret keys. */
  readonly wrap: Uint8Array
  /** MACs of vault header and head anchor. */
  readonly head: Uint8Array
}

export function deriveRootKeys(rootKey: Uint8Array, vaultId: Uint8Array): RootKeys {
  return {
    wrap: hkdfSha256(rootKey, vaultId, 'healthmate/v1/wrap'),
    head: hkdfSha256(rootKey, vaultId, 'healthmate/v1/head'),
  }
}

/** MAC key for a purpose of the rooms above. */
export function deriveTokenKey(tokenRoot: Uint8Array, vaultId: Uint8Array, purpose: string): Uint8Array {
  return hkdfSha256(tokenRoot, vaultId, `healthmate/v1/token/${purpose}`)
}

/** Key of a context under a collection's epoch. */
export function deriveCollectionKey(
  collectionKey: Uint8Array,
  collectionId: Uint8Array,
  epoch: number,
  context: KeyContext,
): Uint8Array {
  const salt = new ByteWriter(20).bytes(collectionId).u32(epoch).finish()
  return hkdfSha256(collectionKey, salt, `healthmate/v1/${context}`)
}

/** Seals one of custody's secrets; `name` says which and is part of what is authenticated. */
export function sealSecret(
  wrap: Uint8Array,
  vaultId: Uint8Array,
  name: string,
  secret: Uint8Array,
): Uint8Array {
  return sealEnvelope(wrap, secretHeader(vaultId, name), secret)
}

/** Fails with DAMAGED. */
export function openSecret(
  wrap: Uint8Array,
  vaultId: Uint8Array,
  name: string,
  sealed: Uint8Array,
): Uint8Array {
  return openEnvelope(wrap, secretHeader(vaultId, name), sealed, `the vault's ${name}`)
}

export function wrapCollectionKey(
  wrap: Uint8Array,
  place: { vaultId: Uint8Array; collectionId: Uint8Array; epoch: number },
  collectionKey: Uint8Array,
): Uint8Array {
  return sealEnvelope(wrap, collectionKeyHeader(place), collectionKey)
}

/** Fails with DAMAGED. */
export function unwrapCollectionKey(
  wrap: Uint8Array,
  place: { vaultId: Uint8Array; collectionId: Uint8Array; epoch: number },
  wrapped: Uint8Array,
): Uint8Array {
  return openEnvelope(wrap, collectionKeyHeader(place), wrapped, 'a collection key')
}

function secretHeader(vaultId: Uint8Array, name: string): EnvelopeHeader {
  return { context: 'custody', vaultId, collectionId: noCollection, epoch: 0, fields: utf8ToBytes(name) }
}

function collectionKeyHeader(place: {
  vaultId: Uint8Array
  collectionId: Uint8Array
  epoch: number
}): EnvelopeHeader {
  return { context: 'collection-key', ...place, fields: new Uint8Array(0) }
}
