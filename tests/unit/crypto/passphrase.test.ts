import argon2 from 'argon2'
import { describe, expect, it } from 'vitest'
import {
  type Argon2id,
  argon2id,
  assertAcceptablePassphrase,
  assertPassphraseParameters,
  calibratePassphrase,
  derivePassphraseKey,
  type PassphraseParameters,
  passphraseCeiling,
  passphraseDefault,
  passphraseFloor,
} from '../../../src/crypto/passphrase.ts'
import { bytesToHex, Failure, Redacted, utf8ToBytes } from '../../../src/foundation/index.ts'

const salt = new Uint8Array(16).fill(2)
const redacted = (text: string) => new Redacted(utf8ToBytes(text))
const neverCalled: Argon2id = async () => {
  throw new Error('computed although the parameters are refused')
}

describe('Argon2id', () => {
  it('is the one of RFC 9106, 5.3', async () => {
    const tag = await argon2.hash(Buffer.alloc(32, 1), {
      type: argon2.argon2id,
      salt: Buffer.alloc(16, 2),
      secret: Buffer.alloc(8, 3),
      associatedData: Buffer.alloc(12, 4),
      timeCost: 3,
      memoryCost: 32,
      parallelism: 4,
      hashLength: 32,
      raw: true,
    })
    expect(tag.toString('hex')).toBe('0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659')
  })

  it('derives what the library derives from password, salt and parameters', async () => {
    const parameters = { ...passphraseFloor, lanes: 2 }
    const expected = await argon2.hash('correct horse battery', {
      type: argon2.argon2id,
      salt: Buffer.from(salt),
      timeCost: 3,
      memoryCost: 65_536,
      parallelism: 2,
      hashLength: 32,
      raw: true,
    })
    const key = await derivePassphraseKey(redacted('correct horse battery'), salt, parameters)
    expect(bytesToHex(key)).toBe(expected.toString('hex'))
  })

  it('fails plainly when memory is short, and never with less', async () => {
    const failure = await argon2id(new Uint8Array(8), salt, { ...passphraseFloor, memoryKiB: 1 }).catch(
      (error) => error,
    )
    expect(failure).toBeInstanceOf(Failure)
    expect(failure).toMatchObject({ code: 'IO' })
  })
})

describe('derivePassphraseKey', () => {
  it.each([
    ['too little memory', { memoryKiB: 65_535 }],
    ['too few passes', { passes: 2 }],
    ['no lanes', { lanes: 0 }],
    ['no whole number', { memoryKiB: 70_000.5 }],
    ['2^31 KiB of memory', { memoryKiB: 2 ** 31 }],
    ['10^9 passes', { passes: 1e9 }],
    ['255 lanes', { lanes: 255 }],
  ])('refuses %s before computing (T9)', async (_, change) => {
    const parameters = { ...passphraseFloor, ...change }
    const derived = derivePassphraseKey(redacted('correct horse battery'), salt, parameters, neverCalled)
    await expect(derived).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' })
    expect(() => assertPassphraseParameters(parameters)).toThrow(Failure)
  })

  it('refuses a salt of another length before computing (T9)', async () => {
    const derived = derivePassphraseKey(redacted('x'), salt.subarray(1), passphraseFloor, neverCalled)
    await expect(derived).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' })
  })

  it('accepts floor, default and ceiling', () => {
    for (const parameters of [passphraseFloor, passphraseDefault, passphraseCeiling])
      assertPassphraseParameters(parameters)
  })

  it('reads the same passphrase whatever form its letters were typed in (NFKC)', async () => {
    const seen: string[] = []
    const record: Argon2id = async (password) => {
      seen.push(bytesToHex(password))
      return new Uint8Array(32)
    }
    for (const text of ['café naïve ﬁn', 'cafe\u0301 nai\u0308ve fin', 'plain ascii text']) {
      await derivePassphraseKey(redacted(text), salt, passphraseFloor, record)
    }
    expect(seen[0]).toBe(seen[1])
    expect(seen[2]).toBe(bytesToHex(utf8ToBytes('plain ascii text')))
  })
})

describe('a new passphrase', () => {
  it('has at least twelve characters, counted as people count them', () => {
    for (const text of ['', 'elevenchars', 'é'.repeat(11), '👍'.repeat(11)]) {
      expect(() => assertAcceptablePassphrase(redacted(text))).toThrow('too short: at least 12')
    }
    for (const text of ['twelve chars', 'é'.repeat(12), '👍'.repeat(12)])
      assertAcceptablePassphrase(redacted(text))
  })
})

describe('calibration', () => {
  /** A machine that takes `msPerMibPass` for each MiB and pass, and more where memory falls out of its caches. */
  function machine(msPerMibPass: number, slowFromMib = Number.POSITIVE_INFINITY) {
    let now = 0
    const tried: PassphraseParameters[] = []
    const derive: Argon2id = async (_password, _salt, parameters) => {
      tried.push(parameters)
      const memoryMib = parameters.memoryKiB / 1024
      now += msPerMibPass * memoryMib * parameters.passes * (memoryMib >= slowFromMib ? 2 : 1)
      return new Uint8Array(32)
    }
    return { options: { clock: { nowMs: () => now }, derive }, tried }
  }

  const mib = 1024
  const gib = 1024 ** 3

  it.each([
    ['a fast machine: 1 GiB, then more passes', 0.1, gib, { memoryKiB: 1024 * mib, passes: 5, lanes: 1 }],
    ['the machine of the measurements: 256 MiB', 0.82, gib, { memoryKiB: 256 * mib, passes: 3, lanes: 1 }],
    ['a slow machine: the default as it is', 5, gib, passphraseDefault],
    [
      'little memory: the limit, then more passes',
      0.5,
      300 * mib * 1024,
      { memoryKiB: 256 * mib, passes: 4, lanes: 1 },
    ],
    ['hardly any memory: the floor, never less', 10, 1024, passphraseFloor],
  ])('finds for %s', async (_, msPerMibPass, memoryLimitBytes, expected) => {
    const { options, tried } = machine(msPerMibPass)
    expect(await calibratePassphrase({ ...options, memoryLimitBytes })).toEqual(expected)
    for (const parameters of tried) assertPassphraseParameters(parameters)
  })

  it('takes back a doubling that costs more than a second', async () => {
    const { options } = machine(1.2, 256)
    const found = await calibratePassphrase({ ...options, memoryLimitBytes: gib })
    expect(found).toEqual({ memoryKiB: 128 * mib, passes: 4, lanes: 1 })
  })

  it('stays below the ceiling on a machine that takes no time', async () => {
    const { options } = machine(0)
    assertPassphraseParameters(await calibratePassphrase({ ...options, memoryLimitBytes: gib }))
  })
})
