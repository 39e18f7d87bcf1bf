/** The wall clock and randomness as arguments, so that nothing below the composition root reads them itself. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  nowMs(): number
}

export interface Random {
  /** `count` cryptographically secure random bytes. */
  bytes(count: number): Uint8Array
}
