/** Byte-array conversions and a small reader and writer; all integers are big-endian. */
import { Failure } from './failure.ts'

export const emptyBytes = new Uint8Array(0)

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const out = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    out.set(part, offset)
    offset += part.length
  }
  return out
}

/** Equality of public bytes. For secrets use `timingSafeEqual` of node:crypto. */
export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}

export function bytesToHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}

export function hexToBytes(hex: string): Uint8Array {
  if (hex.length % 2 !== 0 || /[^0-9a-f]/i.test(hex)) throw new Failure('USAGE', 'not a hexadecimal text')
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

export function utf8ToBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf8'))
}

export function bytesToUtf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
}

/** Appends binary fields to a growing buffer. */
export class ByteWriter {
  #buffer: Buffer
  #length = 0

  constructor(capacity = 256) {
    this.#buffer = Buffer.allocUnsafe(capacity)
  }

  get length(): number {
    return this.#length
  }

  u8(value: number): this {
    this.#reserve(1)
    this.#length = this.#buffer.writeUInt8(value, this.#length)
    return this
  }

  u16(value: number): this {
    this.#reserve(2)
    this.#length = this.#buffer.writeUInt16BE(value, this.#length)
    return this
  }

  u32(value: number): this {
    this.#reserve(4)
    this.#length = this.#buffer.writeUInt32BE(value, this.#length)
    return this
  }

  /** An unsigned integer below 2^53 in eight bytes. */
  u64(value: number): this {
    this.#reserve(8)
    this.#length = this.#buffer.writeBigUInt64BE(BigInt(value), this.#length)
    return this
  }

  f64(value: number): this {
    this.#reserve(8)
    this.#length = this.#buffer.writeDoubleBE(value, this.#length)
    return this
  }

  /** LEB128 unsigned variable-length integer below 2^53. */
  varint(value: number): this {
    let rest = value
    this.#reserve(8)
    while (rest > 0x7f) {
      this.#buffer[this.#length++] = (rest % 128) | 0x80
      rest = Math.floor(rest / 128)
    }
    this.#buffer[this.#length++] = rest
    return this
  }

  bytes(value: Uint8Array): this {
    this.#reserve(value.length)
    this.#buffer.set(value, this.#length)
    this.#length += value.length
    return this
  }

  /** Length as varint, then the bytes. */
  lengthPrefixed(value: Uint8Array): this {
    return this.varint(value.length).bytes(value)
  }

  /** UTF-8 text, length-prefixed. */
  text(value: string): this {
    return this.lengthPrefixed(utf8ToBytes(value))
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return new Uint8Array(this.#buffer.subarray(0, this.#length))
  }

  #reserve(count: number): void {
    const needed = this.#length + count
    if (needed <= this.#buffer.length) return
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2))
    this.#buffer.copy(grown, 0, 0, this.#length)
    this.#buffer = grown
  }
}

/** Reads binary fields; every read is bounds-checked and ends in a DAMAGED failure naming `what`. */
export class ByteReader {
  readonly #buffer: Buffer
  readonly #what: string
  #offset = 0

  constructor(bytes: Uint8Array, what: string) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#what = what
  }

  get offset(): number {
    return this.#offset
  }

  get remaining(): number {
    return this.#buffer.length - this.#offset
  }

  u8(): number {
    return this.#buffer.readUInt8(this.#take(1))
  }

  u16(): number {
    return this.#buffer.readUInt16BE(this.#take(2))
  }

  u32(): number {
    return this.#buffer.readUInt32BE(this.#take(4))
  }

  u64(): number {
    const value = this.#buffer.readBigUInt64BE(this.#take(8))
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw this.#damaged('an integer above 2^53')
    return Number(value)
  }

  f64(): number {
    return this.#buffer.readDoubleBE(this.#take(8))
  }

  varint(): number {
    let value = 0
    let scale = 1
    for (let count = 0; count < 8; count++) {
      const byte = this.u8()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) throw this.#damaged('an integer above 2^53')
        return value
      }
      scale *= 128
    }
    throw this.#damaged('an endless integer')
  }

  /** A view (no copy) of the next `count` bytes. */
  bytes(count: number): Uint8Array {
    const start = this.#take(count)
    return this.#buffer.subarray(start, start + count)
  }

  lengthPrefixed(): Uint8Array {
    return this.bytes(this.varint())
  }

  text(): string {
    return bytesToUtf8(this.lengthPrefixed())
  }

  /** Fails unless everything was read. */
  end(): void {
    if (this.remaining !== 0) throw this.#damaged(`${this.remaining} bytes too many`)
  }

  #take(count: number): number {
    const start = this.#offset
    if (count > this.#buffer.length - start) throw this.#damaged('cut short')
    this.#offset = start + count
    return start
  }

  #damaged(reason: string): Failure {
    return new Failure('DAMAGED', `${this.#what} is malformed: ${reason}`, { hint: 'healthmate vault scrub' })
  }
}
