/** Format numbers of the wire. An unknown one is refused before any cryptography (security.md 4.2). */

export const protocolVersion = 1
/** XChaCha20-Poly1305, HKDF-SHA256, SHA-256, strict Ed25519, X25519-HPKE. */
export const protocolSuite = 1
/** Context byte of a batch in the envelope header. */
export const batchContext = 2
