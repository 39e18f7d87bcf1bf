/**
 * Passphrase to key: Argon2id (RFC 9106, version 0x13) with a compiled floor and ceiling; security.md 4.4.
 *
 * Parameters come from the vault file, which an attacker may have changed: below the floor is a downgrade, above
 * the ceiling a denial of service. Both are refused before anything is computed. One lane, because a browser
 * gains nothing from more and an attacker does. The native library is loaded at first use.
 */
import { type Clock, Failure, type Redacted } from '../foundation/index.ts'

export interface PassphraseParameters {
  readonly memoryKiB: number
  readonly passes: number
  readonly lanes: number
}

const kibPerMib = 1024
export const passphraseFloor: PassphraseParameters = { memoryKiB: 64 * kibPerMib, passes: 3, lanes: 1 }
export const passphraseDefault: PassphraseParameters = { memoryKiB: 128 * kibPerMib, passes: 3, lanes: 1 }
export const passphraseCeiling: PassphraseParameters = { memoryKiB: 2048 * kibPerMib, passes: 20, lanes: 4 }
export const passphraseSaltLength = 16
/** Characters (code points) below which a new passphrase is refused; 15 are recommended (NIST SP 800-63B-4). */
export const passphraseMinimumLength = 12

const keyLength = 32

/** Argon2id over password and salt, 32 bytes out. */
export type Argon2id = (
  password: Uint8Array,
  salt: Uint8Array,
  parameters: PassphraseParameters,
) => Promise<Uint8Array>

/** The native implementation. Fails with IO when there is not enough memory: never falls back to less. */
export const argon2id: Argon2id = async (password, salt, parameters) => {
  const argon2 = await import('argon2')
  try {
    const key = await argon2.hash(Buffer.from(password), {
      type: argon2.argon2id,
      version: 0x13,
      salt: Buffer.from(salt),
      memoryCost: parameters.memoryKiB,
      timeCost: parameters.passes,
      parallelism: parameters.lanes,
      hashLength: keyLength,
      raw: true,
    })
    return new Uint8Array(key)
  } catch (cause) {
    const mib = Math.round(parameters.memoryKiB / kibPerMib)
    throw new Failure('IO', `the passphrase's key needs ${mib} MiB of memory, and they could not be had`, {
      hint: 'Close other programs or raise the memory limit, then try again.',
      cause,
    })
  }
}

/** Fails with UNSUPPORTED_FORMAT unless floor ≤ parameters ≤ ceiling. Computes nothing. */
export function assertPassphraseParameters(parameters: PassphraseParameters): void {
  const { memoryKiB, passes, lanes } = parameters
  const { memoryKiB: m, passes: t, lanes: p } = passphraseFloor
  if (![memoryKiB, passes, lanes].every(Number.isInteger) || memoryKiB < m || passes < t || lanes < p) {
    throw new Failure(
      'UNSUPPORTED_FORMAT',
      'a key slot asks for less work than the floor: a possible downgrade',
      {
        hint: 'Restore the vault from a backup, or unlock with the recovery code: healthmate recovery use',
      },
    )
  }
  const limit = passphraseCeiling
  if (memoryKiB > limit.memoryKiB || passes > limit.passes || lanes > limit.lanes) {
    throw new Failure('UNSUPPORTED_FORMAT', 'a key slot asks for more work than any HealthMate would set', {
      hint: 'Restore the vault from a backup, or unlock with the recovery code: healthmate recovery use',
    })
  }
}

/** The slot key of a passphrase. Fails with UNSUPPORTED_FORMAT before computing, IO without memory. */
export async function derivePassphraseKey(
  passphrase: Redacted,
  salt: Uint8Array,
  parameters: PassphraseParameters,
  derive: Argon2id = argon2id,
): Promise<Uint8Array> {
  assertPassphraseParameters(parameters)
  if (salt.length !== passphraseSaltLength) {
    throw new Failure('UNSUPPORTED_FORMAT', 'a key slot has a salt of another length than 16 bytes', {
      hint: 'healthmate vault check',
    })
  }
  const normalised = normalisePassphrase(passphrase)
  try {
    return await derive(normalised, salt, parameters)
  } finally {
    normalised.fill(0)
  }
}

/** Fails with USAGE when a new passphrase is shorter than the minimum. */
export function assertAcceptablePassphrase(passphrase: Redacted): void {
  const normalised = normalisePassphrase(passphrase)
  // Bytes that do not continue a UTF-8 sequence: code points, counted without making a string.
  const length = normalised.reduce((count, byte) => count + ((byte & 0xc0) === 0x80 ? 0 : 1), 0)
  normalised.fill(0)
  if (length < passphraseMinimumLength) {
    throw new Failure(
      'USAGE',
      `the passphrase is too short: at least ${passphraseMinimumLength} characters`,
      {
        hint: 'Use several words; 15 characters or more are recommended.',
      },
    )
  }
}

/** A copy in NFKC. ASCII is its own normal form, so only other text passes through an (unwipeable) string. */
function normalisePassphrase(passphrase: Redacted): Uint8Array {
  const bytes = passphrase.dangerouslyExpose()
  if (bytes.every((byte) => byte < 0x80)) return Uint8Array.from(bytes)
  return new Uint8Array(Buffer.from(Buffer.from(bytes).toString('utf8').normalize('NFKC'), 'utf8'))
}

export interface CalibrationOptions {
  readonly clock: Clock
  /** Memory that Argon2 may take, bytes: a quarter of what is free. At least the floor is used. */
  readonly memoryLimitBytes: number
  readonly derive?: Argon2id
}

const calibrationTargetMs = 500
const calibrationLimitMs = 1000
const calibrationMemoryKiB = 1024 * kibPerMib

/**
 * Parameters that cost this machine 0.5 to 1.0 s: memory doubles from the default up to 1 GiB or the limit, then
 * passes rise (RFC 9106, 4). At creation and change of a passphrase only.
 */
export async function calibratePassphrase(options: CalibrationOptions): Promise<PassphraseParameters> {
  const limitKiB = Math.min(calibrationMemoryKiB, Math.floor(options.memoryLimitBytes / 1024))
  let best = passphraseDefault.memoryKiB <= limitKiB ? passphraseDefault : passphraseFloor
  let elapsedMs = await measure(best, options)
  while (elapsedMs < calibrationTargetMs && best.memoryKiB * 2 <= limitKiB) {
    const next = { ...best, memoryKiB: best.memoryKiB * 2 }
    const nextMs = await measure(next, options)
    if (nextMs > calibrationLimitMs) break
    best = next
    elapsedMs = nextMs
  }
  if (elapsedMs >= calibrationTargetMs) return best
  const passes = Math.ceil((best.passes * calibrationTargetMs) / Math.max(elapsedMs, 1))
  return { ...best, passes: Math.min(passes, passphraseCeiling.passes) }
}

async function measure(parameters: PassphraseParameters, options: CalibrationOptions): Promise<number> {
  const derive = options.derive ?? argon2id
  const start = options.clock.nowMs()
  await derive(new Uint8Array(passphraseMinimumLength), new Uint8Array(passphraseSaltLength), parameters)
  return options.clock.nowMs() - start
}
