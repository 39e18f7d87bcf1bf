/** Keys and ciphers. Knows bytes and nothing of health. */
export { aeadKeyLength, sealAead } from './aead.ts'
export {
  buildEnvelopeHeader,
  type EnvelopeContext,
  type EnvelopeHeader,
  idLength,
  keyCommitment,
  noCollection,
  openEnvelope,
  openParsedEnvelope,
  type ParsedEnvelope,
  parseEnvelope,
  sealEnvelope,
} from './envelope.ts'
export { constantTimeEqual, hkdfSha256, hmacSha256, sha256 } from './hash.ts'
export {
  agreementPublicKey,
  generateAgreementSecret,
  openFrom,
  sealTo,
} from './key-agreement.ts'
export { padPadme, unpadPadme } from './padding.ts'
export {
  assertAcceptablePassphrase,
  assertPassphraseParameters,
  calibratePassphrase,
  derivePassphraseKey,
  type PassphraseParameters,
  passphraseFloor,
  passphraseSaltLength,
} from './passphrase.ts'
export { deriveRecoveryKey, formatRecoveryCode, parseRecoveryCode } from './recovery-code.ts'
export {
  createSigner,
  createVerifier,
  generateSigningSeed,
  type Signer,
  signatureLength,
  type Verifier,
} from './signature.ts'
