/** Secret bytes that do not print, stringify or inspect as anything but `[redacted]`. */
export class Redacted {
  readonly #bytes: Uint8Array

  /** Takes ownership of `bytes`: `wipe` overwrites them. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** The secret itself. The name is ugly on purpose: every use is a place to look at. */
  dangerouslyExpose(): Uint8Array {
    return this.#bytes
  }

  /** Overwrites the bytes with zeros. A garbage-collected runtime cannot promise that no copy exists. */
  wipe(): void {
    this.#bytes.fill(0)
  }

  toString(): string {
    return '[redacted]'
  }

  toJSON(): string {
    return '[redacted]'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[redacted]'
  }
}
