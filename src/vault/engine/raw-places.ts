/**
 * Where each raw record is kept, by the hash of what makes it one: an open-addressing table (linear probing) in typed
 * arrays. A place takes some 40 bytes beside the heap, where a map of texts takes 120 on it: an import of a hundred
 * thousand messages keeps a million.
 */

/** Bytes of a hash, taken as four words. */
export const hashBytes = 16
const words = hashBytes / 4
const initialSlots = 1024
/** Of all slots, how many are taken at most. */
const maxLoad = 0.7
/** Records of one row at most, so that a place is one small number. */
export const maxRowRecords = 4096

export interface RawPlace {
  readonly rowId: number
  readonly index: number
  readonly importId: string
}

export class RawPlaces {
  #hashes = new Uint32Array(initialSlots * words)
  /** Place plus one; 0: the slot is free. */
  #places = new Float64Array(initialSlots)
  #size = 0
  readonly #rows: { readonly rowId: number; readonly importId: string }[] = []

  /** Takes the records of a row, by hash in their order. Of two with one hash the later is known. */
  add(rowId: number, importId: string, hashes: readonly Uint8Array[]): void {
    const row = this.#rows.push({ rowId, importId }) - 1
    for (const [index, hash] of hashes.entries()) {
      if (this.#size >= this.#places.length * maxLoad) this.#grow()
      const key = wordsOf(hash)
      const slot = this.#slotOf(key)
      if (this.#places[slot] === 0) this.#size++
      this.#hashes.set(key, slot * words)
      this.#places[slot] = row * maxRowRecords + index + 1
    }
  }

  find(hash: Uint8Array): RawPlace | undefined {
    const place = (this.#places[this.#slotOf(wordsOf(hash))] as number) - 1
    const row = place < 0 ? undefined : this.#rows[Math.floor(place / maxRowRecords)]
    return row && { ...row, index: place % maxRowRecords }
  }

  /** The slot that holds the hash, or the free one where it belongs. The words of a hash are as good as random. */
  #slotOf(key: Uint32Array): number {
    const mask = this.#places.length - 1
    for (let slot = (key[0] as number) & mask; ; slot = (slot + 1) & mask) {
      if (this.#places[slot] === 0) return slot
      const at = slot * words
      if (key.every((word, index) => word === this.#hashes[at + index])) return slot
    }
  }

  #grow(): void {
    const [hashes, places] = [this.#hashes, this.#places]
    this.#hashes = new Uint32Array(hashes.length * 2)
    this.#places = new Float64Array(places.length * 2)
    for (let from = 0; from < places.length; from++) {
      if (places[from] === 0) continue
      const key = hashes.subarray(from * words, (from + 1) * words)
      const slot = this.#slotOf(key)
      this.#hashes.set(key, slot * words)
      this.#places[slot] = places[from] as number
    }
  }
}

function wordsOf(hash: Uint8Array): Uint32Array {
  return new Uint32Array(new Uint8Array(hash).buffer)
}
