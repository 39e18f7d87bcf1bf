/**
 * The FIT container (FIT protocol: file header, record headers, definition and data messages, CRC), read before the
 * SDK sees it, because the SDK stops at the first thing that it does not expect:
 *
 * - several FIT files in one are told apart by the sizes in their headers;
 * - compressed timestamp headers (a 5-bit offset to the last full timestamp) become plain messages with a timestamp;
 * - messages that the profile does not know, and base types that do not exist, do not reach it;
 * - what stands before the place where a file is cut off or damaged is kept.
 */
import { type ByteSource, uint16At, uint32At } from './bytes.ts'

const headerSizes: ReadonlySet<number> = new Set([12, 14])
const smallestHeader = 12
const crcSize = 2
const compressedHeader = 0x80
const definitionHeader = 0x40
const developerHeader = 0x20
const localMask = 0x0f
const timestampField = 253
const timestampSize = 4
const uint32Type = 0x86
const byteType = 0x0d
const baseTypeMask = 0x1f
const highestBaseType = 0x10
const maxFields = 255
/** developer_data_id and field_description: they explain developer fields of all messages that follow. */
const developerMessages: ReadonlySet<number> = new Set([206, 207])
const maxDeveloperBytes = 256 * 1024

/** One FIT file inside the input. */
export interface FitSection {
  readonly dataStart: number
  readonly dataEnd: number
  /** Fewer bytes are there than the header promises, or the recording was never closed. */
  readonly isCutShort: boolean
  /** The checksum's place; null when not all of it is there. */
  readonly crcAt: number | null
  readonly start: number
}

/** A piece of a section that the SDK can decode by itself (data only, no header). */
export interface FitSlice {
  readonly bytes: Uint8Array
  /** Where its data messages stand in `bytes`: [start, end) of number i at 2i and 2i + 1. */
  readonly spans: readonly number[]
}

/** Slices joined where they stay small, so that the SDK sees what belongs together at once. */
export function joinSlices(slices: readonly FitSlice[], maxBytes: number): FitSlice[] {
  const joined: FitSlice[] = []
  for (const slice of slices) {
    const before = joined.at(-1)
    if (!before || before.bytes.length + slice.bytes.length > maxBytes) {
      joined.push(slice)
      continue
    }
    const shift = before.bytes.length - crcSize
    const bytes = Buffer.concat([before.bytes.subarray(0, shift), slice.bytes])
    const spans = [...before.spans, ...slice.spans.map((at) => at + shift)]
    joined[joined.length - 1] = { bytes, spans }
  }
  return joined
}

/** Whether these bytes begin a FIT file. */
export function isFit(head: Uint8Array): boolean {
  return (
    head.length >= smallestHeader &&
    headerSizes.has(head[0] as number) &&
    head[8] === 0x2e &&
    head[9] === 0x46 &&
    head[10] === 0x49 &&
    head[11] === 0x54
  )
}

/** The FIT files that stand one behind the other; what follows the last and is none is left out. */
export function fitSections(bytes: ByteSource): FitSection[] {
  const sections: FitSection[] = []
  let start = 0
  while (start < bytes.length && isFit(bytes.slice(start, start + smallestHeader))) {
    const dataStart = start + (bytes.at(start) as number)
    const size = uint32At(bytes, start + 4, true)
    // A recording that was never closed has no size yet.
    const isOpen = size === 0 && bytes.length > dataStart + crcSize
    const promisedEnd = isOpen ? bytes.length : dataStart + size
    const dataEnd = Math.max(dataStart, Math.min(promisedEnd, bytes.length))
    const hasCrc = !isOpen && promisedEnd + crcSize <= bytes.length
    sections.push({
      start,
      dataStart: Math.min(dataStart, bytes.length),
      dataEnd,
      isCutShort: isOpen || promisedEnd > bytes.length,
      crcAt: hasCrc ? promisedEnd : null,
    })
    start = promisedEnd + crcSize
  }
  return sections
}

interface Definition {
  readonly isKnown: boolean
  readonly global: number
  readonly isLittleEndian: boolean
  readonly fieldBytes: number
  readonly developerBytes: number
  /** Where the full timestamp stands in the data, -1 where there is none. */
  readonly timestampAt: number
  /** The definition as a message, and the same with a timestamp field for what had it in its header. */
  readonly plain: Uint8Array
  /** Null where there is no room for one more field. */
  readonly stamped: Uint8Array | null
}

/** Walks the messages of a section and gives slices for the SDK. `fault` tells afterwards why it stopped early. */
export class SectionReader {
  fault = ''
  readonly #bytes: ByteSource
  readonly #section: FitSection
  readonly #isKnown: (message: number) => boolean
  readonly #sliceBytes: number
  readonly #definitions: (Definition | undefined)[] = new Array(16).fill(undefined)
  /** Which form of each definition the current slice has. */
  readonly #written: (Uint8Array | undefined)[] = new Array(16).fill(undefined)
  readonly #developer: Uint8Array[] = []
  #developerBytes = 0
  #developerCount = 0
  #lastTimestamp = 0
  #pieces: Uint8Array[] = []
  #spans: number[] = []
  #length = 0
  #repeated = 0

  constructor(
    bytes: ByteSource,
    section: FitSection,
    isKnown: (message: number) => boolean,
    sliceBytes = 256 * 1024,
  ) {
    this.#bytes = bytes
    this.#section = section
    this.#isKnown = isKnown
    this.#sliceBytes = sliceBytes
  }

  *slices(): Generator<FitSlice> {
    let at = this.#section.dataStart
    while (at < this.#section.dataEnd) {
      const header = this.#bytes.at(at) as number
      const isDefinition = (header & compressedHeader) === 0 && (header & definitionHeader) !== 0
      const next = isDefinition ? this.#define(at, header) : this.#data(at, header)
      if (next < 0) break
      at = next
      if (this.#length >= this.#sliceBytes) yield this.#cut()
    }
    if (this.#spans.length > 2 * this.#repeated) yield this.#cut()
  }

  #define(at: number, header: number): number {
    const bytes = this.#bytes
    const end = this.#section.dataEnd
    const fields = bytes.at(at + 5) ?? 0
    const developerAt = at + 6 + fields * 3
    const hasDeveloper = (header & developerHeader) !== 0
    const developerFields = hasDeveloper ? (bytes.at(developerAt) ?? 0) : 0
    const next = developerAt + (hasDeveloper ? 1 + developerFields * 3 : 0)
    if (at + 6 > end || next > end) return this.#stop(at, 'it ends inside a definition')
    const isLittleEndian = bytes.at(at + 2) === 0
    const global = uint16At(bytes, at + 3, isLittleEndian)
    let fieldBytes = 0
    let timestampAt = -1
    const plain = Uint8Array.from(bytes.slice(at, next))
    for (let field = 0; field < fields; field++) {
      const fieldAt = 6 + field * 3
      const size = plain[fieldAt + 1] as number
      if (plain[fieldAt] === timestampField && size === timestampSize) timestampAt = fieldBytes
      if (((plain[fieldAt + 2] as number) & baseTypeMask) > highestBaseType) plain[fieldAt + 2] = byteType
      fieldBytes += size
    }
    let developerBytes = 0
    for (let field = 0; field < developerFields; field++)
      developerBytes += bytes.at(developerAt + 2 + field * 3) as number
    const local = header & localMask
    this.#definitions[local] = {
      isKnown: this.#isKnown(global),
      global,
      isLittleEndian,
      fieldBytes,
      developerBytes,
      timestampAt,
      plain,
      stamped: fields < maxFields ? withTimestampField(plain, fields) : null,
    }
    this.#written[local] = undefined
    return next
  }

  #data(at: number, header: number): number {
    const isCompressed = (header & compressedHeader) !== 0
    const local = isCompressed ? (header >> 5) & 3 : header & localMask
    const definition = this.#definitions[local]
    if (!definition) return this.#stop(at, 'a message comes before its definition')
    const from = at + 1
    const developerAt = from + definition.fieldBytes
    const next = developerAt + definition.developerBytes
    if (next > this.#section.dataEnd) return this.#stop(at, 'it ends inside a message')
    if (isCompressed) this.#advance(header & 0x1f)
    else if (definition.timestampAt >= 0) this.#remember(from + definition.timestampAt, definition)
    const form = isCompressed ? definition.stamped : definition.plain
    if (!definition.isKnown || form === null) return next
    if (this.#written[local] !== form) {
      this.#push(form)
      this.#written[local] = form
    }
    const start = this.#length
    if (isCompressed) {
      this.#push(Uint8Array.of(local))
      this.#push(this.#bytes.slice(from, developerAt))
      this.#push(this.#timestampBytes(definition.isLittleEndian))
      this.#push(this.#bytes.slice(developerAt, next))
    } else this.#push(this.#bytes.slice(at, next))
    this.#spans.push(start, this.#length)
    if (developerMessages.has(definition.global)) this.#rememberDeveloper(form, at, next, isCompressed)
    return next
  }

  /** The 5 bits count on from the last full timestamp and roll over at 32 s. */
  #advance(offset: number): void {
    const low = this.#lastTimestamp & 0x1f
    this.#lastTimestamp += offset >= low ? offset - low : offset - low + 32
  }

  #remember(at: number, definition: Definition): void {
    const timestamp = uint32At(this.#bytes, at, definition.isLittleEndian)
    if (timestamp !== 0xffffffff) this.#lastTimestamp = timestamp
  }

  #rememberDeveloper(form: Uint8Array, at: number, next: number, isCompressed: boolean): void {
    if (isCompressed || this.#developerBytes > maxDeveloperBytes) return
    this.#developer.push(form, this.#bytes.slice(at, next))
    this.#developerBytes += form.length + next - at
    this.#developerCount++
  }

  #timestampBytes(isLittleEndian: boolean): Uint8Array {
    const bytes = new Uint8Array(timestampSize)
    new DataView(bytes.buffer).setUint32(0, this.#lastTimestamp >>> 0, isLittleEndian)
    return bytes
  }

  #push(piece: Uint8Array): void {
    this.#pieces.push(piece)
    this.#length += piece.length
  }

  /** Ends a slice; the next one begins with what its messages need to be understood. */
  #cut(): FitSlice {
    // The SDK expects two bytes of checksum behind the data and does not look at them.
    const bytes = Buffer.concat([...this.#pieces, new Uint8Array(crcSize)])
    const slice = { bytes, spans: this.#spans }
    this.#pieces = []
    this.#spans = []
    this.#length = 0
    this.#written.fill(undefined)
    for (const [index, piece] of this.#developer.entries()) {
      const start = this.#length
      this.#push(piece)
      if (index % 2 === 1) this.#spans.push(start, this.#length)
    }
    this.#repeated = this.#developerCount
    return slice
  }

  #stop(at: number, reason: string): number {
    this.fault = `${reason} (byte ${at})`
    return -1
  }
}

/** The same definition with one field more at the end: a timestamp. */
function withTimestampField(plain: Uint8Array, fields: number): Uint8Array {
  const fieldsEnd = 6 + fields * 3
  const stamped = new Uint8Array(plain.length + 3)
  stamped.set(plain.subarray(0, fieldsEnd))
  stamped.set([timestampField, timestampSize, uint32Type], fieldsEnd)
  stamped.set(plain.subarray(fieldsEnd), fieldsEnd + 3)
  stamped[5] = fields + 1
  return stamped
}
