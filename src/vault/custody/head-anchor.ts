/**
 * The head anchor: what this device last committed, kept outside the vault file; security.md 5.6, architecture 4.
 *
 * One file per vault id and file identity (device and inode) in the state folder, so that restoring a folder does not
 * roll it back with the vault. A copied or restored vault file has another identity and finds no anchor. Layout:
 *
 *     "HMHA" ‖ version u8 ‖ vault id 16 ‖ device id 16 ‖ counter u64 ‖ count u16
 *     ‖ count × (collection id 16 ‖ seq u64 ‖ hash 32) ‖ HMAC-SHA256 32
 */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { constantTimeEqual, hmacSha256, idLength, sha256 } from '../../crypto/index.ts'
import {
  ByteReader,
  ByteWriter,
  bytesEqual,
  bytesToHex,
  concatBytes,
  Failure,
  utf8ToBytes,
} from '../../foundation/index.ts'
import { ensurePrivateFolder, ioFailure, isErrorCode, writeFileAtomically } from '../file-modes.ts'
import type { ChainHead, HeadAnchor } from '../ports.ts'
import type { VaultKeyring } from './keyring.ts'
import { type PlacedVaultFile, readVaultHeader } from './vault-file.ts'
import { isHeaderOf } from './vault-header.ts'

const magic = utf8ToBytes('HMHA')
const anchorVersion = 1
const macLabel = utf8ToBytes('healthmate/v1/head-anchor\0')
const macLength = 32
const hashLength = 32

interface AnchorContent {
  readonly deviceId: Uint8Array
  /** The vault header's counter. */
  readonly counter: number
  readonly heads: readonly ChainHead[]
}

/** The anchor of an open file for this keyring's device. */
export class FileHeadAnchor implements HeadAnchor {
  readonly #file: PlacedVaultFile
  readonly #keyring: VaultKeyring
  readonly #path: string

  constructor(file: PlacedVaultFile, keyring: VaultKeyring) {
    this.#file = file
    this.#keyring = keyring
    this.#path = join(file.places.statePath, 'anchors', fileIdentity(file))
  }

  /** Heads of this device, or null when there is no anchor for this file and device. Fails with DAMAGED. */
  read(): readonly ChainHead[] | null {
    const content = this.content()
    return content !== undefined && this.#isOwn(content) ? content.heads : null
  }

  /** The counter that the anchor remembers; undefined when there is no anchor for this file. */
  content(): AnchorContent | undefined {
    const bytes = this.#bytes()
    return bytes === undefined ? undefined : this.#decode(bytes)
  }

  /**
   * Remembers heads, durably. Another process may have written a later head in between: the higher seq of each
   * collection stays. Fails with VAULT_LOCKED when the root key was rotated by another process, with IO.
   */
  write(heads: readonly ChainHead[]): void {
    this.#assertCurrentRootKey()
    const before = this.content()
    const { counter } = readVaultHeader(this.#file.sqlite)
    const merged = new Map(heads.map((head) => [head.collection, head]))
    for (const head of before !== undefined && this.#isOwn(before) ? before.heads : []) {
      if (head.seq > (merged.get(head.collection)?.seq ?? 0)) merged.set(head.collection, head)
    }
    this.#replace([...merged.values()], Math.max(counter, before?.counter ?? 0))
  }

  /** Forgets what was remembered and starts with no heads at the file's counter: for a new file or device. */
  reset(): void {
    this.#replace([], readVaultHeader(this.#file.sqlite).counter)
  }

  /**
   * Takes over the header's counter after a change of slots. A file without an anchor of this device gets none: it was
   * copied or restored, and that must stay visible until a new device is minted.
   */
  refreshCounter(): void {
    const heads = this.read()
    if (heads !== null) this.write(heads)
  }

  /** After a change of the root key: the heads that the old keyring's anchor held, under the new key. */
  carryOver(heads: readonly ChainHead[]): void {
    this.#replace(heads, readVaultHeader(this.#file.sqlite).counter)
  }

  #replace(heads: readonly ChainHead[], counter: number): void {
    const { statePath } = this.#file.places
    ensurePrivateFolder(statePath)
    ensurePrivateFolder(join(statePath, 'anchors'))
    const body = this.#encode({ deviceId: this.#keyring.deviceId, counter, heads })
    writeFileAtomically(this.#path, concatBytes(body, this.#mac(body)))
  }

  #isOwn(content: AnchorContent): boolean {
    return bytesEqual(content.deviceId, this.#keyring.deviceId)
  }

  #assertCurrentRootKey(): void {
    if (!isHeaderOf(readVaultHeader(this.#file.sqlite), this.#keyring.rootKeys.head)) {
      throw new Failure(
        'VAULT_LOCKED',
        'the root key was changed by another process; what was written is saved',
        {
          hint: 'healthmate unlock',
        },
      )
    }
  }

  #bytes(): Uint8Array | undefined {
    try {
      return readFileSync(this.#path)
    } catch (cause) {
      if (isErrorCode(cause, 'ENOENT')) return undefined
      throw ioFailure(`the head anchor ${this.#path} cannot be read`, cause)
    }
  }

  #mac(body: Uint8Array): Uint8Array {
    return hmacSha256(this.#keyring.rootKeys.head, macLabel, body)
  }

  #encode({ deviceId, counter, heads }: AnchorContent): Uint8Array {
    const writer = new ByteWriter(64 + heads.length * 56)
      .bytes(magic)
      .u8(anchorVersion)
      .bytes(this.#keyring.vaultId)
      .bytes(deviceId)
      .u64(counter)
      .u16(heads.length)
    for (const head of heads) {
      writer.bytes(this.#keyring.collection(head.collection).id).u64(head.seq).bytes(head.hash)
    }
    return writer.finish()
  }

  #decode(bytes: Uint8Array): AnchorContent {
    const end = bytes.length - macLength
    if (end < 0 || !constantTimeEqual(bytes.subarray(end), this.#mac(bytes.subarray(0, end))))
      throw this.#damaged()
    const reader = new ByteReader(bytes.subarray(0, end), 'the head anchor')
    const isOurs = bytesEqual(reader.bytes(magic.length), magic) && reader.u8() === anchorVersion
    if (!isOurs || !bytesEqual(reader.bytes(idLength), this.#keyring.vaultId)) throw this.#damaged()
    const deviceId = Uint8Array.from(reader.bytes(idLength))
    const counter = reader.u64()
    const heads: ChainHead[] = []
    const count = reader.u16()
    for (let index = 0; index < count; index++) {
      const collection = this.#keyring.collectionName(reader.bytes(idLength))
      const seq = reader.u64()
      const hash = Uint8Array.from(reader.bytes(hashLength))
      // A collection that this version does not know has no chain that it could extend.
      if (collection !== undefined) heads.push({ collection, seq, hash })
    }
    reader.end()
    return { deviceId, counter, heads }
  }

  #damaged(): Failure {
    return new Failure('DAMAGED', `the head anchor ${this.#path} does not authenticate`, {
      hint: 'healthmate vault check',
    })
  }
}

/** Name of the anchor file: a hash of vault id, device and inode. */
function fileIdentity(file: PlacedVaultFile): string {
  const { dev, ino } = statSync(file.path, { bigint: true })
  return bytesToHex(sha256(file.vaultId, utf8ToBytes(`/${dev}/${ino}`)).subarray(0, 16))
}
