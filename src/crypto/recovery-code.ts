/**
 * The recovery code: 160 random bits for people to write down; security.md 4.5.
 *
 * Crockford base32 (32 symbols) and 4 check symbols (20 bits of SHA-256), in groups of four. Reading takes lower
 * case, spaces, dashes and the usual slips (i and l for 1, o for 0). The code has full entropy, so its key comes
 * from HKDF, not from Argon2.
 */
import { assert, concatBytes, Failure, Redacted, utf8ToBytes } from '../foundation/index.ts'
import { hkdfSha256, sha256 } from './hash.ts'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const secretLength = 20
const symbolCount = 32
const checkCount = 4

/** The code of 20 random bytes: `A1B2-C3D4-…`, nine groups. */
export function formatRecoveryCode(secret: Uint8Array): string {
  assert(secret.length === secretLength, 'a recovery secret has 160 bits')
  const symbols = encodeBase32(secret) + checkSymbols(secret)
  return (symbols.match(/.{4}/g) ?? []).join('-')
}

/** The 20 bytes of a code as typed. Fails with WRONG_PASSPHRASE when it cannot be a code of ours. */
export function parseRecoveryCode(code: Redacted): Redacted {
  const typed = Buffer.from(code.dangerouslyExpose())
    .toString('latin1')
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0')
  if (typed.length !== symbolCount + checkCount || [...typed].some((symbol) => !alphabet.includes(symbol))) {
    throw mistyped('it has not nine groups of four letters and digits')
  }
  const secret = decodeBase32(typed.slice(0, symbolCount))
  if (checkSymbols(secret) !== typed.slice(symbolCount)) throw mistyped('its check symbols do not fit')
  return new Redacted(secret)
}

/** The slot key of a recovery secret. */
export function deriveRecoveryKey(secret: Redacted, salt: Uint8Array): Uint8Array {
  return hkdfSha256(secret.dangerouslyExpose(), salt, 'healthmate/v1/recovery')
}

function checkSymbols(secret: Uint8Array): string {
  const digest = sha256(utf8ToBytes('healthmate/v1/recovery-check\0'), secret)
  return encodeBase32(concatBytes(digest.subarray(0, 5))).slice(0, checkCount)
}

/** Whole groups of five bytes only. */
function encodeBase32(bytes: Uint8Array): string {
  let text = ''
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(buffer >>> bits) & 31]
    }
    buffer &= (1 << bits) - 1
  }
  return text
}

function decodeBase32(symbols: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((symbols.length * 5) / 8))
  let buffer = 0
  let bits = 0
  let length = 0
  for (const symbol of symbols) {
    buffer = (buffer << 5) | alphabet.indexOf(symbol)
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[length++] = buffer >>> bits
      buffer &= (1 << bits) - 1
    }
  }
  return bytes
}

function mistyped(reason: string): Failure {
  return new Failure('WRONG_PASSPHRASE', `the recovery code is mistyped: ${reason}`, {
    hint: 'Compare it with the printed code, group by group.',
  })
}
