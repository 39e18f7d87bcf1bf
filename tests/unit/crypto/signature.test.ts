import { sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { importSecretKey } from '../../../src/crypto/raw-key.ts'
import {
  assertStrictPublicKey,
  createSigner,
  createVerifier,
  generateSigningSeed,
} from '../../../src/crypto/signature.ts'
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../../src/foundation/index.ts'

/** RFC 8032, 7.1, tests 1 to 3. */
const published = [
  {
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
  {
    seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
]

describe('Ed25519 with raw keys', () => {
  it.each(published)(
    'gives the keys and signatures of RFC 8032 ($message)',
    ({ seed, publicKey, message, signature }) => {
      expect(bytesToHex(createSigner(hexToBytes(seed)).publicKey)).toBe(publicKey)
      const raw = sign(null, hexToBytes(message), importSecretKey('ed25519', hexToBytes(seed)))
      expect(raw.toString('hex')).toBe(signature)
    },
  )

  it('signs for one domain only, over the documented bytes', () => {
    const seed = generateSigningSeed()
    const signer = createSigner(seed)
    const message = utf8ToBytes('message')
    const signature = signer.sign('batch', message)
    const direct = sign(null, utf8ToBytes('healthmate/v1/batch\0message'), importSecretKey('ed25519', seed))
    expect(bytesToHex(signature)).toBe(direct.toString('hex'))
    const verifier = createVerifier(signer.publicKey)
    expect(verifier.verify('batch', message, signature)).toBe(true)
    expect(verifier.verify('head', message, signature)).toBe(false)
    expect(verifier.verify('batch', utf8ToBytes('other'), signature)).toBe(false)
    expect(verifier.verify('batch', message, signature.subarray(1))).toBe(false)
    expect(
      createVerifier(createSigner(generateSigningSeed()).publicKey).verify('batch', message, signature),
    ).toBe(false)
  })
})

describe('assertStrictPublicKey', () => {
  /** All encodings of points of small order, canonical or not (Chalkias et al., "Taming the many EdDSAs", 2020). */
  const smallOrder = [
    `01${'00'.repeat(31)}`,
    `01${'00'.repeat(30)}80`,
    `ec${'ff'.repeat(30)}7f`,
    `ec${'ff'.repeat(30)}ff`,
    '00'.repeat(32),
    `${'00'.repeat(31)}80`,
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    `ee${'ff'.repeat(30)}7f`,
    `ee${'ff'.repeat(30)}ff`,
    `ed${'ff'.repeat(30)}7f`,
    `ed${'ff'.repeat(30)}ff`,
  ]

  it.each(smallOrder)('refuses the small-order key %s', (encoded) => {
    expect(() => assertStrictPublicKey(hexToBytes(encoded))).toThrow('a public key was refused')
    expect(() => createVerifier(hexToBytes(encoded))).toThrow('a public key was refused')
  })

  it('refuses non-canonical encodings, points off the curve and other lengths', () => {
    for (let low = 0xed; low <= 0xff; low++) {
      const encoded = hexToBytes(`${low.toString(16)}${'ff'.repeat(30)}7f`)
      expect(() => assertStrictPublicKey(encoded)).toThrow('not in canonical form')
    }
    expect(() => assertStrictPublicKey(hexToBytes(`02${'00'.repeat(31)}`))).toThrow('no point of the curve')
    expect(() => assertStrictPublicKey(new Uint8Array(31))).toThrow('it has not 32 bytes')
  })

  it('accepts the keys that are made', () => {
    for (let index = 0; index < 100; index++)
      assertStrictPublicKey(createSigner(generateSigningSeed()).publicKey)
  })
})
