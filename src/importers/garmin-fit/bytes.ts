/** The bytes of a FIT file, in memory or in a file of any size that is read window by window. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

export interface ByteSource {
  readonly length: number
  /** The byte at a place; undefined behind the end. */
  at(place: number): number | undefined
  /** The bytes [start, end), as far as they are there; they stay as they are while others are read. */
  slice(start: number, end: number): Uint8Array
}

export function memoryBytes(bytes: Uint8Array): ByteSource {
  return {
    length: bytes.length,
    at: (place) => bytes[place],
    slice: (start, end) => bytes.subarray(start, end),
  }
}

const windowBytes = 1024 * 1024

/** A file opened for reading; `close` it. */
export class FileBytes implements ByteSource {
  readonly length: number
  readonly #file: number
  readonly #window = new Uint8Array(windowBytes)
  #from = 0
  #to = 0

  constructor(path: string) {
    this.#file = openSync(path, 'r')
    this.length = fstatSync(this.#file).size
  }

  close(): void {
    closeSync(this.#file)
  }

  at(place: number): number | undefined {
    if (place < this.#from || place >= this.#to) this.#load(place)
    return place < this.#to ? this.#window[place - this.#from] : undefined
  }

  slice(start: number, end: number): Uint8Array {
    if (start >= this.#from && end <= this.#to)
      return this.#window.slice(start - this.#from, end - this.#from)
    const bytes = new Uint8Array(Math.max(0, Math.min(end, this.length) - start))
    return bytes.subarray(0, readSync(this.#file, bytes, 0, bytes.length, start))
  }

  #load(place: number): void {
    this.#from = place
    this.#to = place + readSync(this.#file, this.#window, 0, windowBytes, place)
  }
}

/** The two-byte number at a place. */
export function uint16At(bytes: ByteSource, at: number, isLittleEndian: boolean): number {
  return viewOf(bytes.slice(at, at + 2)).getUint16(0, isLittleEndian)
}

/** The four-byte number at a place. */
export function uint32At(bytes: ByteSource, at: number, isLittleEndian: boolean): number {
  return viewOf(bytes.slice(at, at + 4)).getUint32(0, isLittleEndian)
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
