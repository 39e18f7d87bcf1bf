/**
 * The person's identity key, device keys it certifies, the inbox key it signs, and the pin of its fingerprint in the
 * configuration folder; security.md 4.1, architecture section 4.
 *
 * Secrets are an Ed25519 seed ‖ an X25519 secret (64 bytes).
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  agreementPublicKey,
  createSigner,
  createVerifier,
  generateAgreementSecret,
  generateSigningSeed,
  idLength,
  sha256,
  signatureLength,
  type Verifier,
} from '../../crypto/index.ts'
import {
  ByteReader,
  bytesEqual,
  bytesToHex,
  concatBytes,
  Failure,
  utf8ToBytes,
} from '../../foundation/index.ts'
import { ensurePrivateFolder, ioFailure, isErrorCode, writeFileAtomically } from '../file-modes.ts'

const keyLength = 32
const certificateVersion = 1

/** A fresh pair of secrets, for a person or a device. */
export function generateSecrets(): Uint8Array {
  return concatBytes(generateSigningSeed(), generateAgreementSecret())
}

export const signingSeed = (secrets: Uint8Array): Uint8Array => secrets.subarray(0, keyLength)
const agreementSecret = (secrets: Uint8Array): Uint8Array => secrets.subarray(keyLength)

/** Certificate of a device: version ‖ vault id ‖ device id ‖ Ed25519 key ‖ X25519 key ‖ the identity's signature. */
export function certifyDevice(
  identitySecrets: Uint8Array,
  vaultId: Uint8Array,
  deviceId: Uint8Array,
  deviceSecrets: Uint8Array,
): Uint8Array {
  const body = concatBytes(
    Uint8Array.of(certificateVersion),
    vaultId,
    deviceId,
    createSigner(signingSeed(deviceSecrets)).publicKey,
    agreementPublicKey(agreementSecret(deviceSecrets)),
  )
  return concatBytes(body, createSigner(signingSeed(identitySecrets)).sign('device-certificate', body))
}

/** The verifier of a certified device. Fails with DAMAGED. */
export function verifyCertificate(
  identity: Verifier,
  vaultId: Uint8Array,
  deviceId: Uint8Array,
  certificate: Uint8Array,
): Verifier {
  const reader = new ByteReader(certificate, 'a device certificate')
  const version = reader.u8()
  const belongs = bytesEqual(reader.bytes(idLength), vaultId) && bytesEqual(reader.bytes(idLength), deviceId)
  const publicKey = reader.bytes(keyLength)
  reader.bytes(keyLength)
  const body = certificate.subarray(0, reader.offset)
  const signature = reader.bytes(signatureLength)
  reader.end()
  const valid = version === certificateVersion && belongs
  if (!valid || !identity.verify('device-certificate', body, signature)) {
    throw new Failure('DAMAGED', 'a device certificate does not verify', { hint: 'healthmate vault scrub' })
  }
  return createVerifier(publicKey)
}

/** The inbox record: inbox key ‖ identity key ‖ the identity's signature over vault id and inbox key. */
export function buildInboxRecord(
  identitySecrets: Uint8Array,
  vaultId: Uint8Array,
  inboxSecret: Uint8Array,
): Uint8Array {
  const signer = createSigner(signingSeed(identitySecrets))
  const inboxKey = agreementPublicKey(inboxSecret)
  const signature = signer.sign('inbox-key', concatBytes(vaultId, inboxKey))
  return concatBytes(inboxKey, signer.publicKey, signature)
}

/** The inbox key, when the pinned identity vouches for it. Fails with DAMAGED on a mismatch. */
export function verifyInboxRecord(record: Uint8Array, vaultId: Uint8Array, pin: Uint8Array): Uint8Array {
  const reader = new ByteReader(record, 'the inbox key')
  const inboxKey = reader.bytes(keyLength)
  const identityKey = reader.bytes(keyLength)
  const signature = reader.bytes(signatureLength)
  reader.end()
  const pinned = bytesEqual(fingerprint(identityKey), pin)
  if (
    !pinned ||
    !createVerifier(identityKey).verify('inbox-key', concatBytes(vaultId, inboxKey), signature)
  ) {
    throw new Failure(
      'DAMAGED',
      'the inbox key is not the one this vault was made with; nothing was sealed to it',
      {
        hint: 'healthmate vault check',
      },
    )
  }
  return inboxKey
}

/** SHA-256 of an identity key. */
export function fingerprint(identityKey: Uint8Array): Uint8Array {
  return sha256(utf8ToBytes('healthmate/v1/identity\0'), identityKey)
}

/** The pinned fingerprint, or undefined when this configuration folder has none for the vault. */
export function readPin(configPath: string, vaultId: Uint8Array): Uint8Array | undefined {
  const path = pinPath(configPath, vaultId)
  let text: string
  try {
    text = readFileSync(path, 'utf8').trim()
  } catch (cause) {
    if (isErrorCode(cause, 'ENOENT')) return undefined
    throw ioFailure(`${path} cannot be read`, cause)
  }
  if (/^[0-9a-f]{64}$/.test(text)) return new Uint8Array(Buffer.from(text, 'hex'))
  throw new Failure('DAMAGED', `${path} holds no fingerprint`, { hint: 'healthmate vault check' })
}

export function writePin(configPath: string, vaultId: Uint8Array, identityKey: Uint8Array): void {
  ensurePrivateFolder(configPath)
  ensurePrivateFolder(join(configPath, 'pins'))
  writeFileAtomically(pinPath(configPath, vaultId), utf8ToBytes(`${bytesToHex(fingerprint(identityKey))}\n`))
}

function pinPath(configPath: string, vaultId: Uint8Array): string {
  return join(configPath, 'pins', bytesToHex(vaultId))
}
