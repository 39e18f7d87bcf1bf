/**
 * Recognises a fixed set of names in a byte buffer without making strings.
 *
 * Names are found by a 32-bit FNV-1a hash that the caller computes while it walks the bytes, and then compared byte
 * by byte, so that a colliding foreign name is never mistaken for a known one.
 */

/** Start value of the hash (FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/). */
export const hashSeed = 0x811c9dc5 | 0
export const hashPrime = 0x01000193

const slotCount = 256

export class NameTable {
  readonly #names: readonly Uint8Array[]
  /** Slot → 1-based name ids with that low hash byte. */
  readonly #slots: readonly (readonly number[])[]

  /** The id of `names[i]` is `i + 1`; 0 means an unknown name. */
  constructor(names: readonly string[]) {
    this.#names = names.map((name) => Buffer.from(name, 'utf8'))
    const slots: number[][] = Array.from({ length: slotCount }, () => [])
    for (const [index, bytes] of this.#names.entries()) {
      slots[hashBytes(bytes, 0, bytes.length) & (slotCount - 1)]?.push(index + 1)
    }
    this.#slots = slots
  }

  /** The id of the name in bytes[start, end), whose hash is `hash`; 0 when it is none of the table. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const slot = this.#slots[hash & (slotCount - 1)] as readonly number[]
    for (let i = 0; i < slot.length; i++) {
      const id = slot[i] as number
      if (sameBytes(this.#names[id - 1] as Uint8Array, bytes, start, end)) return id
    }
    return 0
  }
}

export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = hashSeed
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), hashPrime)
  return hash
}

/** Whether `expected` equals bytes[start, end). */
export function sameBytes(expected: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start
  if (expected.length !== length) return false
  for (let i = 0; i < length; i++) if (expected[i] !== bytes[start + i]) return false
  return true
}
