import { Chacha20Poly1305 } from '@hpke/chacha20poly1305'
import { CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { describe, expect, it } from 'vitest'
import {
  agreementPublicKey,
  generateAgreementSecret,
  openFrom,
  sealTo,
  sealToOverhead,
  sealToWithEphemeral,
} from '../../../src/crypto/key-agreement.ts'
import { bytesToHex, bytesToUtf8, hexToBytes, utf8ToBytes } from '../../../src/foundation/index.ts'

/** RFC 9180, A.2.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305, base mode, sequence number 0. */
const published = {
  info: hexToBytes('4f6465206f6e2061204772656369616e2055726e'),
  ephemeralSecret: hexToBytes('f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600'),
  encapsulated: '1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a',
  secret: hexToBytes('8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb'),
  publicKey: hexToBytes('4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a'),
  aad: hexToBytes('436f756e742d30'),
  plaintext: hexToBytes('4265617574792069732074727574682c20747275746820626561757479'),
  ciphertext: '1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28',
}

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Chacha20Poly1305(),
})

describe('HPKE base mode', () => {
  it('gives the bytes of RFC 9180, A.2.1', () => {
    const { info, aad, plaintext, publicKey, secret, ephemeralSecret } = published
    expect(bytesToHex(agreementPublicKey(secret))).toBe(bytesToHex(publicKey))
    const sealed = sealToWithEphemeral(publicKey, info, aad, plaintext, ephemeralSecret)
    expect(bytesToHex(sealed)).toBe(published.encapsulated + published.ciphertext)
    expect(bytesToHex(openFrom(secret, info, aad, sealed))).toBe(bytesToHex(plaintext))
  })

  it('is understood by @hpke/core, and understands it', async () => {
    const secret = generateAgreementSecret()
    const publicKey = agreementPublicKey(secret)
    const [info, aad] = [utf8ToBytes('info'), utf8ToBytes('aad')]
    const recipientKey = await suite.kem.importKey('raw', Uint8Array.from(secret).buffer, false)
    const recipientPublicKey = await suite.kem.importKey('raw', Uint8Array.from(publicKey).buffer, true)

    for (const text of ['', 'a', 'x'.repeat(5000)]) {
      const ours = sealTo(publicKey, info, aad, utf8ToBytes(text))
      expect(ours.length).toBe(text.length + sealToOverhead)
      const opened = await suite.open(
        { recipientKey, enc: ours.slice(0, 32).buffer, info },
        ours.slice(32).buffer,
        aad,
      )
      expect(bytesToUtf8(new Uint8Array(opened))).toBe(text)

      const theirs = await suite.seal({ recipientPublicKey, info }, utf8ToBytes(text), aad)
      const sealed = Buffer.concat([new Uint8Array(theirs.enc), new Uint8Array(theirs.ct)])
      expect(bytesToUtf8(openFrom(secret, info, aad, sealed))).toBe(text)
    }
  })

  it('refuses every changed byte, other info, other associated data, another key and short texts', () => {
    const secret = generateAgreementSecret()
    const [info, aad] = [utf8ToBytes('info'), utf8ToBytes('aad')]
    const sealed = sealTo(agreementPublicKey(secret), info, aad, utf8ToBytes('message'))
    for (let index = 0; index < sealed.length; index++) {
      const changed = Uint8Array.from(sealed)
      changed[index] = (changed[index] as number) ^ 1
      expect(() => openFrom(secret, info, aad, changed)).toThrow('does not authenticate')
    }
    expect(() => openFrom(secret, aad, aad, sealed)).toThrow('does not authenticate')
    expect(() => openFrom(secret, info, info, sealed)).toThrow('does not authenticate')
    expect(() => openFrom(generateAgreementSecret(), info, aad, sealed)).toThrow('does not authenticate')
    expect(() => openFrom(secret, info, aad, sealed.subarray(0, 47))).toThrow('does not authenticate')
  })

  it('refuses public keys of small order, whose shared secret is zero', () => {
    for (const publicKey of [
      new Uint8Array(32),
      Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0)),
    ]) {
      expect(() => sealTo(publicKey, publicKey, publicKey, publicKey)).toThrow('small order')
      const sealed = new Uint8Array(64)
      sealed.set(publicKey)
      expect(() => openFrom(generateAgreementSecret(), publicKey, publicKey, sealed)).toThrow('small order')
    }
  })
})
