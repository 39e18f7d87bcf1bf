/** The unlocked keys in memory (`Keyring` of ports.ts), and how they are read from and written to an open file. */
import type { Database } from 'better-sqlite3'
import {
  createSigner,
  createVerifier,
  hmacSha256,
  openFrom,
  type Signer,
  unpadPadme,
  type Verifier,
} from '../../crypto/index.ts'
import { bytesToHex, bytesToUtf8, Failure, type Redacted, utf8ToBytes } from '../../foundation/index.ts'
import { type CollectionName, collectionNames } from '../../metrics/index.ts'
import { withDatabaseFailures } from '../database.ts'
import type { KeyContext, Keyring } from '../ports.ts'
import { signingSeed, verifyCertificate } from './identity.ts'
import {
  deriveCollectionKey,
  deriveRootKeys,
  deriveTokenKey,
  openSecret,
  type RootKeys,
  unwrapCollectionKey,
} from './key-derivation.ts'
import { readMeta } from './vault-file.ts'

/** HPKE info of sealed inbox entries. */
export const inboxInfo = utf8ToBytes('healthmate/v1/inbox')

interface CollectionKeys {
  readonly id: Uint8Array
  /** Current epoch: the highest. */
  readonly epoch: number
  readonly keyByEpoch: ReadonlyMap<number, Uint8Array>
}

interface KeyringParts {
  readonly vaultId: Uint8Array
  readonly rootKey: Redacted
  readonly tokenRoot: Uint8Array
  readonly inboxSecret: Uint8Array
  readonly deviceId: Uint8Array
  readonly signer: Signer
  readonly collections: ReadonlyMap<CollectionName, CollectionKeys>
  readonly verifiers: ReadonlyMap<string, Verifier>
  readonly damaged: readonly Failure[]
}

export class VaultKeyring implements Keyring {
  readonly #parts: KeyringParts
  readonly #nameById: ReadonlyMap<string, CollectionName>
  readonly #contextKeys = new Map<string, Uint8Array>()
  readonly #tokenKeys = new Map<string, Uint8Array>()
  readonly #rootKeys: RootKeys

  constructor(parts: KeyringParts) {
    this.#parts = parts
    this.#rootKeys = deriveRootKeys(parts.rootKey.dangerouslyExpose(), parts.vaultId)
    this.#nameById = new Map([...parts.collections].map(([name, { id }]) => [bytesToHex(id), name]))
  }

  get vaultId(): Uint8Array {
    return this.#parts.vaultId
  }

  get deviceId(): Uint8Array {
    return this.#parts.deviceId
  }

  /** Collection keys and certificates that do not authenticate; what hangs on them cannot be read. */
  get damaged(): readonly Failure[] {
    return this.#parts.damaged
  }

  /** For custody alone: wraps and MACs. */
  get rootKeys(): RootKeys {
    return this.#rootKeys
  }

  /** For custody alone: what key slots wrap. */
  get rootKey(): Redacted {
    return this.#parts.rootKey
  }

  collection(name: CollectionName): { readonly id: Uint8Array; readonly epoch: number } {
    return this.#collection(name)
  }

  collectionName(id: Uint8Array): CollectionName | undefined {
    return this.#nameById.get(bytesToHex(id))
  }

  key(name: CollectionName, epoch: number, context: KeyContext): Uint8Array {
    const cacheKey = `${name}/${epoch}/${context}`
    const cached = this.#contextKeys.get(cacheKey)
    if (cached !== undefined) return cached
    const { id, keyByEpoch } = this.#collection(name)
    const collectionKey = keyByEpoch.get(epoch)
    if (collectionKey === undefined) {
      throw new Failure('DAMAGED', `there is no key for epoch ${epoch} of the collection ${name}`, {
        hint: 'healthmate vault scrub',
      })
    }
    const key = deriveCollectionKey(collectionKey, id, epoch, context)
    this.#contextKeys.set(cacheKey, key)
    return key
  }

  sign(domain: string, message: Uint8Array): Uint8Array {
    return this.#parts.signer.sign(domain, message)
  }

  verify(deviceId: Uint8Array, domain: string, message: Uint8Array, signature: Uint8Array): boolean {
    return this.#parts.verifiers.get(bytesToHex(deviceId))?.verify(domain, message, signature) ?? false
  }

  mac(purpose: string, message: Uint8Array): Uint8Array {
    let key = this.#tokenKeys.get(purpose)
    if (key === undefined) {
      key = deriveTokenKey(this.#parts.tokenRoot, this.vaultId, purpose)
      this.#tokenKeys.set(purpose, key)
    }
    return hmacSha256(key, message)
  }

  async openInbox(sealed: Uint8Array, aad: Uint8Array): Promise<Uint8Array> {
    return unpadPadme(openFrom(this.#parts.inboxSecret, inboxInfo, aad, sealed))
  }

  wipe(): void {
    const { rootKey, tokenRoot, inboxSecret, collections } = this.#parts
    rootKey.wipe()
    for (const { keyByEpoch } of collections.values()) for (const key of keyByEpoch.values()) key.fill(0)
    const derived = [...this.#contextKeys.values(), ...this.#tokenKeys.values()]
    for (const key of [tokenRoot, inboxSecret, this.#rootKeys.wrap, this.#rootKeys.head, ...derived])
      key.fill(0)
    this.#contextKeys.clear()
    this.#tokenKeys.clear()
  }

  #collection(name: CollectionName): CollectionKeys {
    const keys = this.#parts.collections.get(name)
    if (keys === undefined) throw missing(`the key of the collection ${name}`)
    return keys
  }
}

/**
 * Reads every key of an open file with its root key. Fails with DAMAGED when the identity, this device or a root of
 * tokens is broken; a broken collection key is listed in `damaged`.
 */
export function loadKeyring(sqlite: Database, vaultId: Uint8Array, rootKey: Redacted): VaultKeyring {
  const { wrap } = deriveRootKeys(rootKey.dangerouslyExpose(), vaultId)
  const secret = (name: 'identity' | 'device' | 'token-root' | 'inbox-secret') =>
    Uint8Array.from(openSecret(wrap, vaultId, name, readMeta(sqlite, name)))
  const identitySecrets = secret('identity')
  const identity = createVerifier(createSigner(signingSeed(identitySecrets)).publicKey)
  identitySecrets.fill(0)
  const deviceId = secret('device')
  const deviceSecrets = readDeviceSecrets(sqlite, wrap, vaultId, deviceId)
  const damaged: Failure[] = []
  const keyring = new VaultKeyring({
    vaultId,
    rootKey,
    tokenRoot: secret('token-root'),
    inboxSecret: secret('inbox-secret'),
    deviceId,
    signer: createSigner(signingSeed(deviceSecrets)),
    collections: loadCollections(sqlite, wrap, vaultId, damaged),
    verifiers: loadVerifiers(sqlite, identity, vaultId, damaged),
    damaged,
  })
  deviceSecrets.fill(0)
  return keyring
}

/** Name under which a device's secrets are sealed. */
export function deviceSecretName(deviceId: Uint8Array): string {
  return `device keys ${bytesToHex(deviceId)}`
}

function readDeviceSecrets(
  sqlite: Database,
  wrap: Uint8Array,
  vaultId: Uint8Array,
  deviceId: Uint8Array,
): Uint8Array {
  const sealed = withDatabaseFailures(() =>
    sqlite.prepare('SELECT sealed FROM device WHERE id = ?').pluck().get(deviceId),
  )
  if (!(sealed instanceof Uint8Array)) throw missing('the keys of this device')
  return openSecret(wrap, vaultId, deviceSecretName(deviceId), sealed)
}

function loadCollections(
  sqlite: Database,
  wrap: Uint8Array,
  vaultId: Uint8Array,
  damaged: Failure[],
): ReadonlyMap<CollectionName, CollectionKeys> {
  const rows = withDatabaseFailures(() => sqlite.prepare<[], CollectionRow>(collectionKeysSql).all())
  const loaded = new Map<CollectionName, MutableCollectionKeys>()
  for (const row of rows) {
    const name = tolerant(damaged, () => openCollectionName(wrap, vaultId, row))
    // A collection of a newer version is kept and not touched.
    if (name === undefined) continue
    const keys = loaded.get(name) ?? { id: row.id, epoch: row.epoch, keyByEpoch: new Map() }
    loaded.set(name, keys)
    keys.epoch = row.epoch
    const place = { vaultId, collectionId: row.id, epoch: row.epoch }
    const collectionKey = tolerant(damaged, () => unwrapCollectionKey(wrap, place, row.wrapped))
    if (collectionKey !== undefined) keys.keyByEpoch.set(row.epoch, collectionKey)
  }
  return loaded
}

interface MutableCollectionKeys {
  readonly id: Uint8Array
  epoch: number
  readonly keyByEpoch: Map<number, Uint8Array>
}

function openCollectionName(
  wrap: Uint8Array,
  vaultId: Uint8Array,
  row: CollectionRow,
): CollectionName | undefined {
  const padded = bytesToUtf8(openSecret(wrap, vaultId, collectionSecretName(row.id), row.sealed))
  return collectionNames.find((known) => known === padded.replace(/\0+$/, ''))
}

/** A damaged row must not lock the others away: it is noted, and undefined. */
function tolerant<T>(damaged: Failure[], open: () => T): T | undefined {
  try {
    return open()
  } catch (failure) {
    if (!(failure instanceof Failure) || failure.code !== 'DAMAGED') throw failure
    damaged.push(failure)
    return undefined
  }
}

interface CollectionRow {
  readonly id: Uint8Array
  readonly sealed: Uint8Array
  readonly epoch: number
  readonly wrapped: Uint8Array
}

const collectionKeysSql = `
  SELECT c.id, c.sealed, k.epoch, k.wrapped FROM collection c JOIN collection_key k ON k.collection_id = c.id
  ORDER BY c.id, k.epoch`

/** Name under which a collection's name is sealed. */
export function collectionSecretName(collectionId: Uint8Array): string {
  return `collection ${bytesToHex(collectionId)}`
}

function loadVerifiers(
  sqlite: Database,
  identity: Verifier,
  vaultId: Uint8Array,
  damaged: Failure[],
): ReadonlyMap<string, Verifier> {
  const rows = withDatabaseFailures(() =>
    sqlite
      .prepare<[], { id: Uint8Array; certificate: Uint8Array }>('SELECT id, certificate FROM device')
      .all(),
  )
  const verifiers = new Map<string, Verifier>()
  for (const { id, certificate } of rows) {
    const verifier = tolerant(damaged, () => verifyCertificate(identity, vaultId, id, certificate))
    if (verifier !== undefined) verifiers.set(bytesToHex(id), verifier)
  }
  return verifiers
}

function missing(what: string): Failure {
  return new Failure('DAMAGED', `${what} is missing from the vault`, { hint: 'healthmate backup restore' })
}
