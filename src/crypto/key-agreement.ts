/**
 * HPKE base mode (RFC 9180): DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305, one message per
 * encapsulation; security.md 4.3 rules 7 and 8.
 *
 * Written on node:crypto, because a locked vault's `log` has some 60 ms for everything and loading `@hpke/core`
 * costs 25 of them (measured, Node 20). The tests hold it to the vectors of RFC 9180 A.2.1 and to `@hpke/core`.
 * Base mode does not authenticate the sender: whoever needs that signs what was sealed.
 */
import { createCipheriv, createDecipheriv, diffieHellman, type KeyObject, randomFillSync } from 'node:crypto'
import { assert, ByteWriter, concatBytes, emptyBytes, Failure, utf8ToBytes } from '../foundation/index.ts'
import { hmacSha256 } from './hash.ts'
import { exportPublicKey, importPublicKey, importSecretKey, rawKeyLength } from './raw-key.ts'

/** Encapsulated key (32) and tag (16): how much longer the sealed bytes are than the plaintext. */
export const sealToOverhead = 48

const tagLength = 16
/** "KEM" ‖ 0x0020 and "HPKE" ‖ kem ‖ kdf ‖ aead (RFC 9180, 4.1 and 5.1). */
const kemSuite = concatBytes(utf8ToBytes('KEM'), Uint8Array.of(0, 0x20))
const hpkeSuite = concatBytes(utf8ToBytes('HPKE'), Uint8Array.of(0, 0x20, 0, 1, 0, 3))

/** A fresh X25519 secret, 32 bytes. */
export function generateAgreementSecret(): Uint8Array {
  return randomFillSync(new Uint8Array(rawKeyLength))
}

/** The public half of an X25519 secret. */
export function agreementPublicKey(secret: Uint8Array): Uint8Array {
  return exportPublicKey(importSecretKey('x25519', secret))
}

/** Seals to a public key: encapsulated key (32) ‖ ciphertext ‖ tag. Fails with DAMAGED on a key of small order. */
export function sealTo(
  publicKey: Uint8Array,
  info: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  return sealToWithEphemeral(publicKey, info, aad, plaintext, generateAgreementSecret())
}

/** As `sealTo` with a given ephemeral secret: for test vectors only, hence not exported through the door. */
export function sealToWithEphemeral(
  publicKey: Uint8Array,
  info: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
  ephemeralSecret: Uint8Array,
): Uint8Array {
  const ephemeral = importSecretKey('x25519', ephemeralSecret)
  const encapsulated = exportPublicKey(ephemeral)
  const shared = sharedSecret(ephemeral, publicKey, concatBytes(encapsulated, publicKey))
  const { key, nonce } = keySchedule(shared, info)
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: tagLength })
  cipher.setAAD(aad, { plaintextLength: plaintext.length })
  const ciphertext = cipher.update(plaintext)
  cipher.final()
  return concatBytes(encapsulated, ciphertext, cipher.getAuthTag())
}

/** Opens what `sealTo` made with the secret of the public key. Fails with DAMAGED. */
export function openFrom(
  secret: Uint8Array,
  info: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Uint8Array {
  if (sealed.length < sealToOverhead) throw notAuthentic()
  const own = importSecretKey('x25519', secret)
  const encapsulated = sealed.subarray(0, rawKeyLength)
  const shared = sharedSecret(own, encapsulated, concatBytes(encapsulated, exportPublicKey(own)))
  const { key, nonce } = keySchedule(shared, info)
  const end = sealed.length - tagLength
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: tagLength })
  decipher.setAAD(aad, { plaintextLength: end - rawKeyLength })
  decipher.setAuthTag(sealed.subarray(end))
  const plaintext = decipher.update(sealed.subarray(rawKeyLength, end))
  try {
    decipher.final()
  } catch {
    plaintext.fill(0)
    throw notAuthentic()
  }
  return plaintext
}

/** ExtractAndExpand of the Diffie-Hellman result (RFC 9180, 4.1). */
function sharedSecret(own: KeyObject, peer: Uint8Array, kemContext: Uint8Array): Uint8Array {
  const dh = agree(own, peer)
  const extracted = labeledExtract(kemSuite, emptyBytes, 'eae_prk', dh)
  dh.fill(0)
  return labeledExpand(kemSuite, extracted, 'shared_secret', kemContext, 32)
}

/** X25519. An all-zero result (a peer's key of small order) is refused, as RFC 9180, 7.1.4 demands. */
function agree(own: KeyObject, peer: Uint8Array): Uint8Array {
  let dh: Uint8Array
  try {
    dh = diffieHellman({ privateKey: own, publicKey: importPublicKey('x25519', peer) })
  } catch (cause) {
    throw new Failure('DAMAGED', 'a key agreement was refused: the public key is of small order', { cause })
  }
  assert(!dh.every((byte) => byte === 0), 'OpenSSL refuses an all-zero shared secret')
  return dh
}

/** Key and nonce of the first message in base mode (RFC 9180, 5.1). */
function keySchedule(shared: Uint8Array, info: Uint8Array): { key: Uint8Array; nonce: Uint8Array } {
  const context = concatBytes(
    Uint8Array.of(0),
    labeledExtract(hpkeSuite, emptyBytes, 'psk_id_hash', emptyBytes),
    labeledExtract(hpkeSuite, emptyBytes, 'info_hash', info),
  )
  const secret = labeledExtract(hpkeSuite, shared, 'secret', emptyBytes)
  return {
    key: labeledExpand(hpkeSuite, secret, 'key', context, 32),
    nonce: labeledExpand(hpkeSuite, secret, 'base_nonce', context, 12),
  }
}

function labeledExtract(suite: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array {
  return hmacSha256(salt, utf8ToBytes('HPKE-v1'), suite, utf8ToBytes(label), ikm)
}

/** One block of HKDF-Expand: no output here is longer than SHA-256's 32 bytes. */
function labeledExpand(
  suite: Uint8Array,
  key: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const labeledInfo = new ByteWriter()
    .u16(length)
    .bytes(utf8ToBytes('HPKE-v1'))
    .bytes(suite)
    .bytes(utf8ToBytes(label))
    .bytes(info)
    .u8(1)
    .finish()
  return hmacSha256(key, labeledInfo).subarray(0, length)
}

function notAuthentic(): Failure {
  return new Failure(
    'DAMAGED',
    'a sealed message does not authenticate: it was changed or belongs elsewhere',
    {
      hint: 'healthmate vault scrub',
    },
  )
}
